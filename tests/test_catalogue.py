import pytest

from lib.catalogue import catalogue, depth, plan
from lib.training import Recipe


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("yelp-lstm-seed0", ("yelp", "lstm", 1, "", 0)),
        ("imdb-gru3-seed12", ("imdb", "gru", 3, "", 12)),
        ("sst-vanilla-scratch-seed1", ("sst", "vanilla", 1, "scratch", 1)),
        ("synthetic-ugrnn2-scratch-seed0", ("synthetic", "ugrnn", 2, "scratch", 0)),
    ],
)
def test_names_say_what_a_network_is(name, parts):
    found = plan(name)
    assert (found.dataset, found.architecture, found.n_layers, found.variant, found.seed) == parts


def test_a_stack_is_written_as_the_paper_does():
    assert [depth(name) for name in ("imdb-gru-seed0", "imdb-gru3-seed2", "imdb-gru3-b16-seed0")] == [
        "GRU₁",
        "GRU₃",
        "GRU₃-b16",
    ]
    assert [depth(name, 1) for name in ("imdb-gru3-seed0", "imdb-gru3-b16-seed0")] == ["GRU₃, layer 2", "GRU₃-b16, layer 2"]
    assert depth("imdb-gru-seed1", 0) == "GRU₁"


def test_later_recipes_win(monkeypatch):
    recipes = {"sst": {"n_units": 1, "n_input": 1, "clip": 1.0}, "gru": {"n_units": 2}}
    listed = {"recipes": recipes, "variants": {"small": {"n_input": 3}}}
    monkeypatch.setattr("lib.catalogue.catalogue", lambda: listed)
    assert plan("sst-gru-small-seed0").recipe == Recipe(n_units=2, n_input=3, clip=1.0)
    assert plan("imdb-lstm-seed0").recipe == Recipe()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nonsense", '"nonsense" is no network: write <dataset>-<architecture>'),
        ("imdb-gru-seed", "is no network"),
        ("imdb-gru0-seed0", "is no network"),
        ("news-gru-seed0", 'names the corpus "news": choose one of imdb, sst, synthetic, yelp'),
        (
            "imdb-transformer-seed0",
            'names the architecture "transformer": choose one of gru, linear, lstm, ugrnn, vanilla',
        ),
        ("imdb-gru-unheard-seed0", 'names the variant "unheard"'),
    ],
)
def test_a_bad_name_is_refused_with_one_sentence(name, message):
    with pytest.raises(ValueError, match=message):
        plan(name)


def test_a_setting_that_no_recipe_has_is_refused(monkeypatch):
    monkeypatch.setattr("lib.catalogue.catalogue", lambda: {"recipes": {"gru": {"n_unit": 2}}, "variants": {}})
    with pytest.raises(ValueError, match="sets n_unit for gru, which no recipe has"):
        plan("imdb-gru-seed0")


def test_every_network_of_the_book_has_a_plan():
    listed = catalogue()
    for name in [listed["working_example"], *listed["appendix"], *listed["controls"], *listed["stacks"]]:
        assert plan(name).name == name


def test_a_recipe_of_an_architecture_is_no_variant():
    with pytest.raises(ValueError, match=r"names the variant \"lstm\", which book/networks\.yml does not"):
        plan("imdb-gru-lstm-seed0")
