import json
from importlib import import_module

import pytest

from lib.training.catalogue import NETWORKS, PAPER_B, measured_only, paper_a, shorthand, spec_of, stack_label, wanted
from lib.training.recipe import Recipe


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("yelp-lstm-seed0", ("yelp", "lstm", 1, "", 0)),
        ("imdb-gru3-seed12", ("imdb", "gru", 3, "", 12)),
        ("sst-vanilla-glove-seed1", ("sst", "vanilla", 1, "glove", 1)),
        ("synthetic-ugrnn2-small-seed0", ("synthetic", "ugrnn", 2, "small", 0)),
        ("imdb-gru3-glove-d50-seed0", ("imdb", "gru", 3, "glove-d50", 0)),
        ("My_reviews2-gru-seed0", ("My_reviews2", "gru", 1, "", 0)),
    ],
)
def test_names_say_what_a_network_is(name, parts):
    found = spec_of(name)
    assert (found.dataset, found.architecture, found.n_layers, found.variant, found.seed) == parts


def test_a_stack_is_written_as_the_paper_does():
    stacks = ("imdb-gru-glove-seed0", "imdb-gru3-glove-seed2", "imdb-gru3-glove-b16-seed0")
    assert [stack_label(name) for name in stacks] == ["GRU₁", "GRU₃", "GRU₃-b16"]
    assert [stack_label(name, 1) for name in stacks] == ["GRU₁", "GRU₃, layer 2", "GRU₃-b16, layer 2"]
    assert [shorthand(name) for name in stacks] == ["gru", "gru3", "gru3-b16"]


def test_later_recipes_win(monkeypatch):
    recipes = {"sst": {"n_units": 1, "n_input": 1, "clip": 1.0}, "gru": {"n_units": 2}}
    listed = {"recipes": recipes, "variants": {"small": {"n_input": 3}}}
    monkeypatch.setattr(import_module("lib.training.catalogue"), "catalogue", lambda: listed)
    assert spec_of("sst-gru-small-seed0").recipe == Recipe(n_units=2, n_input=3, clip=1.0)
    assert spec_of("imdb-lstm-seed0").recipe == Recipe()


def test_variants_compose_in_the_order_of_the_name(monkeypatch):
    variants = {"wide": {"n_units": 9, "n_input": 9}, "wide-gru": {"clip": 9.0}, "narrow": {"n_input": 2}}
    monkeypatch.setattr(
        import_module("lib.training.catalogue"), "catalogue", lambda: {"recipes": {"sst": {"n_input": 5}}, "variants": variants}
    )
    assert spec_of("sst-gru-wide-narrow-seed0").recipe == Recipe(n_units=9, n_input=2, clip=9.0)
    assert spec_of("sst-gru-narrow-wide-seed0").recipe == Recipe(n_units=9, n_input=9, clip=9.0)
    assert spec_of("sst-lstm-wide-seed0").recipe == Recipe(n_units=9, n_input=9)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nonsense", '"nonsense" is no network: write <dataset>-<architecture>'),
        ("imdb-gru-seed", "is no network"),
        ("imdb-gru0-seed0", "is no network"),
        (
            "imdb-transformer-seed0",
            'names the architecture "transformer": choose one of gru, linear, lstm, ugrnn, vanilla',
        ),
        ("imdb-gru-unheard-seed0", 'names the variant "unheard"'),
        ("imdb-gru-glove-unheard-seed0", 'names the variant "unheard"'),
    ],
)
def test_a_bad_name_is_refused_with_one_sentence(name, message):
    with pytest.raises(ValueError, match=message):
        spec_of(name)


def test_a_setting_that_no_recipe_has_is_refused(monkeypatch):
    monkeypatch.setattr(
        import_module("lib.training.catalogue"), "catalogue", lambda: {"recipes": {"gru": {"n_unit": 2}}, "variants": {}}
    )
    with pytest.raises(ValueError, match="sets n_unit for gru, which no recipe has"):
        spec_of("imdb-gru-seed0")


def test_every_network_of_the_book_has_a_plan():
    assert all(spec_of(name).name == name for name in wanted())
    assert len(wanted()) == len(set(wanted()))


def test_every_folder_says_of_its_network_what_its_plan_says():
    folders = {path.parent.name: json.loads(path.read_text()) for path in NETWORKS.glob("*/config.json")}
    assert folders and folders.keys() <= set(wanted())
    for name, config in folders.items():
        spec = spec_of(name)
        told = [config[key] for key in ("name", "dataset", "architecture", "n_layers", "variant", "seed")]
        assert told == [spec.name, spec.dataset, spec.architecture, spec.n_layers, spec.variant, spec.seed]
        assert Recipe(**config["recipe"]) == spec.recipe, name


def test_the_networks_of_paper_a_are_kept_measured_with_the_recipe_of_paper_b():
    compared = [*paper_a(variant=PAPER_B), *paper_a(seeds=True, variant=PAPER_B)]
    assert len(compared) == 36 and set(compared) <= set(measured_only())
    assert [name for name in compared if not (NETWORKS / name / "claims.json").exists()] == []
    assert {spec_of(name).recipe.word_vectors for name in compared} == {"glove"}
    assert {spec_of(name).recipe.word_vectors for name in (*paper_a(), *paper_a(seeds=True))} == {"orthogonal"}


def test_a_recipe_of_an_architecture_is_no_variant():
    with pytest.raises(ValueError, match=r"names the variant \"lstm\", which book/networks\.yml does not"):
        spec_of("imdb-gru-lstm-seed0")
