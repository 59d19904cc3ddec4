import json
import math
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
import torch

from lib import experiment
from lib.catalogue import Plan
from lib.cells import Step
from lib.claims import ledger
from lib.corpora import Corpus, Documents
from lib.experiment import (
    MEASURED,
    Look,
    advice,
    after_each_step,
    answer,
    both_recipes,
    counted,
    crossings,
    cut_told,
    drift_tolerance,
    effect,
    effects,
    epochs_told,
    follow,
    is_line,
    judged,
    judged_epochs,
    look,
    measures,
    missing,
    perform,
    recipes_told,
    runs,
    size_told,
    spread,
    table,
    trails,
)
from lib.network import Network
from lib.publication import Material, initial_network
from lib.training import Recipe, reproducible, train
from lib.vocabulary import Vocabulary

N_WORDS = 12
SMALL = Recipe(n_units=6, n_input=4, n_words=N_WORDS, dropout=0.2, batch_size=16, n_epochs=3)


@pytest.fixture
def material(documents):
    """The toy documents as a corpus; all of it is training, validation and test."""
    splits = dict.fromkeys(("train", "validation", "test"), documents)
    no_texts = Documents([], np.array([]))
    corpus = Corpus("toy", no_texts, no_texts, no_texts, {})
    return Material(corpus, Vocabulary([str(i) for i in range(N_WORDS)]), splits, splits)


@pytest.fixture
def toy(tmp_path, monkeypatch, material):
    """An experiment of two runs and one network to follow, on the toy corpus."""
    listed = {
        "levels": {"start": {"uniform": {"start": "uniform"}, "glorot": {"start": "glorot"}}},
        "designs": {
            "two": {"dataset": "sst", "architectures": ["gru"], "seeds": [0], "factors": {"start": ["uniform", "glorot"]}}
        },
        "followed": ["sst-gru-seed0"],
    }
    recipe = {"n_units": 6, "n_input": 4, "n_words": N_WORDS, "batch_size": 16, "n_epochs": 2}
    of = {"experiment": listed, "recipes": {"sst": recipe}, "variants": {}}
    monkeypatch.setattr(experiment, "catalogue", lambda: of)
    monkeypatch.setattr("lib.catalogue.catalogue", lambda: of)
    monkeypatch.setattr(experiment, "EXPERIMENTS", tmp_path / "experiments")
    monkeypatch.setattr("lib.publication.CHECKPOINTS", tmp_path / "checkpoints")
    monkeypatch.setattr(experiment, "_material", lambda the: material)
    return tmp_path


def factorial(value):
    """A planted table: every run of the factorial, its measures from `value(row)`."""
    factors = {
        "dataset": ["sst"],
        "architecture": ["gru", "lstm"],
        "vectors": ["learned", "glove", "centred"],
        "start": ["uniform", "glorot", "orthogonal"],
        "dropout": ["free", "dropout"],
        "seed": [0, 1, 2],
    }
    rows = [dict(zip(factors, levels, strict=True)) for levels in product(*factors.values())]
    return pd.DataFrame([row | value(row) for row in rows])


PLANTED = factorial(
    lambda row: {
        "line": row["vectors"] == "learned" or row["start"] == "glorot",
        "one_step": {"learned": 0.05, "glove": 0.2, "centred": 0.1}[row["vectors"]] * (1 + row["seed"]),
        "accuracy": 0.8 + 0.01 * (row["dropout"] == "dropout") + 0.02 * row["seed"],
    }
)


def test_the_factorial_of_the_book_crosses_every_level_with_every_other():
    found = runs("factorial")
    assert len(found) == 2 * 3 * 3 * 2 * 3
    assert len({json.dumps([one.levels, one.plan.architecture, one.plan.seed]) for one in found.values()}) == len(found)


def test_runs_differ_in_their_levels_alone():
    """All else alike: undoing what the levels change leaves one recipe per corpus."""
    for design, undone in {
        "factorial": {"word_vectors": "", "start": "", "dropout": 0.0},
        "yelp": {"start": ""},
        "size": {"n_documents": None, "n_epochs": 0, "patience": 0},
    }.items():
        assert len({replace(one.plan.recipe, **undone) for one in runs(design).values()}) == 1
    assert runs()["sst-lstm-glove-orthogonal-free-seed2"].plan.recipe.word_vectors == "glove"
    assert runs()["sst-lstm-glove-orthogonal-free-seed2"].plan.recipe.start == "orthogonal"
    assert runs()["sst-lstm-glove-orthogonal-free-seed2"].plan.recipe.dropout == 0


def test_every_size_may_take_as_many_steps():
    steps = {(one.plan.recipe.n_documents or 22_388) * one.plan.recipe.n_epochs for one in runs("size").values()}
    assert max(steps) / min(steps) < 1.001


def test_an_effect_is_the_difference_between_paired_runs():
    assert effect(PLANTED, "dropout", ("dropout", "free"), "accuracy") == pytest.approx((0.01, 0.01, 0.01))
    mean, low, high = effect(PLANTED, "vectors", ("learned", "glove"), "line")
    assert mean == pytest.approx(2 / 3)
    assert 0.4 < low < mean < high < 0.9


def test_the_ratio_of_errors_is_a_geometric_mean():
    assert effect(PLANTED, "vectors", ("glove", "learned"), "one_step", ratio=True) == pytest.approx((4, 4, 4))


def test_an_interval_covers_the_true_difference_as_often_as_it_says():
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(100):
        noisy = factorial(lambda row: {"value": 0.5 * (row["start"] == "glorot") + rng.normal()})
        _, low, high = effect(noisy, "start", ("glorot", "uniform"), "value", n_resamples=400)
        covered += low <= 0.5 <= high
    assert 85 <= covered <= 100


def test_runs_without_their_partner_are_left_out():
    half = PLANTED[(PLANTED["vectors"] == "learned") | (PLANTED["seed"] == 0)]
    assert effect(half, "vectors", ("glove", "learned"), "one_step", ratio=True) == pytest.approx((4, 4, 4))
    alone = PLANTED[PLANTED["vectors"] == "learned"]
    assert all(math.isnan(value) for value in effect(alone, "vectors", ("glove", "learned"), "one_step"))


def test_every_contrast_has_a_row():
    found = effects(PLANTED, "accuracy")
    assert found.loc["dropout 0.5 against none", "effect"] == pytest.approx(0.01)
    assert found.loc["Glorot start against uniform", "effect"] == pytest.approx(0)
    assert len(found) == 5


def test_the_claims_are_judged_by_the_measures_of_the_ledger():
    found = judged(PLANTED) | {"R4": judged_epochs({})}
    claims = ledger()
    for key, values in found.items():
        assert {criterion.measure for criterion in claims[key].criteria} <= set(values)
    verdicts = {key: claims[key].verdict(found[key]) for key in ("R1", "R2", "R3")}
    assert verdicts == {"R1": "reproduced", "R2": "reproduced", "R3": "reproduced"}


@pytest.mark.parametrize(
    ("spreads", "n"),
    [([0.1, 0.5, 0.1], 2), ([0.1, 0.2, 0.5, 0.9], 1), ([0.5] * 3, 0), ([], 0), ([0.1, None, 0.5, math.nan, 0.1], 2)],
)
def test_a_line_comes_and_goes_where_the_spread_crosses_a_third(spreads, n):
    assert crossings(spreads) == n


def test_epochs_are_judged_by_the_median_over_networks():
    planted = {str(n): {"moments": [{"spread": 0.1 if i % 2 else 0.9} for i in range(n + 1)]} for n in (1, 2, 5)}
    measure = "times that the spread along m crosses 1/3, median over the networks followed"
    assert judged_epochs(planted)[measure] == 2
    assert math.isnan(judged_epochs({})[measure])


def test_the_drift_tolerance_is_a_share_of_the_cloud_in_a_document():
    states = torch.randn(500, 16)
    radius = states.var(0, correction=0).sum().sqrt()
    speed = drift_tolerance(float(radius**2), 16, length=50.0, share=0.3)
    assert 50 * (16 * speed) ** 0.5 == pytest.approx(0.3 * float(radius))


def test_the_spread_of_points_is_relative_to_the_states():
    states = torch.randn(400, 3) * torch.tensor([5.0, 1.0, 0.1])
    assert spread(0.5 * states, states) == pytest.approx(0.5, rel=1e-3)
    assert spread(states[:1], states) == 0


def planted(step, n_state=3):
    """A network whose step is given, and a look at it from a cloud of states that reaches along the first axis."""
    network = Network("vanilla", 50, 4, n_state).requires_grad_(False)
    network.layers[0] = Step(step, 4, n_state)
    states = torch.randn(300, n_state) * torch.tensor([3.0, 1.0, 0.5])
    return network, Look.at(network.cell, states, torch.randint(50, (300,)), 20.0, states)


DECAY = torch.tensor([1.0, 0.2, 0.2])


def test_a_planted_line_is_a_line():
    found = measures(*planted(lambda h, x: h * DECAY))
    assert found["line"] is True
    assert found["converged"] == 1 and found["n_unstable"] == 0
    assert (found["first_axis"], found["inside"], found["spread"]) == pytest.approx((1, 1, 1), abs=0.01)
    assert found["one_step"] < 1e-6
    assert found["variance_3"] == pytest.approx(1)


def test_a_planted_dot_is_no_line():
    found = measures(*planted(lambda h, x: h * 0.9 * DECAY))
    assert found["line"] is False
    assert found["spread"] < 0.01
    assert found["tau"] == pytest.approx(-1 / math.log(0.9), rel=1e-3)
    assert found["tau_over_length"] == pytest.approx(found["tau"] / 20)


def test_two_sinks_have_an_unstable_point_between_them_and_are_wide():
    found = measures(*planted(lambda h, x: torch.tanh(1.5 * h * DECAY)))
    assert found["spread"] > 0.2
    assert found["n_distinct"] <= 3


def test_a_number_that_is_none_makes_no_line():
    assert not is_line(1.0, math.nan, 1.0, 1.0)
    assert is_line(0.95, 0.8, 0.9, 1 / 3)
    assert not is_line(1.0, 1.0, 1.0, 3.1)


def test_a_look_leaves_the_network_as_it_was(documents):
    network = Network("gru", N_WORDS, 4, 6)
    network.train()
    torch.manual_seed(3)
    before = torch.rand(1)
    torch.manual_seed(3)
    first, second = look(network, documents), look(network, documents)
    assert network.training
    assert torch.equal(first.states, second.states) and torch.equal(first.tokens, second.tokens)
    assert torch.equal(torch.rand(1), before)


def test_steps_are_watched_only_inside():
    weight = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    weight.grad = torch.ones(1)
    seen = []
    with after_each_step(lambda: seen.append(float(weight.detach()))):
        optimizer.step()
    optimizer.step()
    assert seen == pytest.approx([0.9])


def test_a_network_that_is_followed_trains_as_one_that_is_not(tmp_path, documents, material):
    the = Plan("toy", "sst", "gru", 1, "", 0, SMALL)
    seen = follow(the, material)
    reproducible(0)
    network = initial_network(the, material.vocabulary)
    history = train(network, SMALL, 0, documents, documents, tmp_path / "now.safetensors")
    assert seen["validation_accuracy"] == [entry["validation_accuracy"] for entry in history]
    assert [moment["epoch"] for moment in seen["moments"]] == pytest.approx([i / 4 for i in range(1, 13)], abs=0.06)
    assert len(seen["strip"]) == 6 and seen["strip"][-1]["epoch"] == 3
    assert np.shape(seen["strip"][0]["states"]) == (200, 2)
    json.dumps(seen, allow_nan=False)


def test_a_run_leaves_one_file_of_numbers_and_is_not_done_twice(toy, monkeypatch):
    assert missing() == ["sst-gru-uniform-seed0", "sst-gru-glorot-seed0", "followed-sst-gru-seed0"]
    path = perform("sst-gru-glorot-seed0")
    found = json.loads(path.read_text())
    assert found["start"] == "glorot" and found["recipe"]["start"] == "glorot"
    assert 0 <= found["accuracy"] <= 1 and isinstance(found["line"], bool)
    assert not list((toy / "checkpoints").glob("*"))
    monkeypatch.setattr(experiment, "fit", None)
    assert perform("sst-gru-glorot-seed0") == path
    assert missing() == ["sst-gru-uniform-seed0", "followed-sst-gru-seed0"]
    assert list(table("two")["name"]) == ["sst-gru-glorot-seed0"]


def test_a_network_that_is_followed_leaves_its_trail(toy):
    assert trails() == {}
    perform("followed-sst-gru-seed0")
    assert len(trails()["sst-gru-seed0"]["moments"]) == 8


@pytest.mark.parametrize("name", ["sst-gru-seed0", "followed-sst-lstm-seed0", "nonsense"])
def test_a_run_that_is_not_listed_is_refused(toy, name):
    with pytest.raises(ValueError, match=f'lists no run "{name}"'):
        perform(name)


def test_both_recipes_are_read_from_each_seed(tmp_path):
    def leave(name, accuracy):
        (tmp_path / name).mkdir()
        (tmp_path / name / "claims.json").write_text(json.dumps({"A14": {"test accuracy": accuracy}, "A7": {}}))

    leave("sst-gru-seed1", 0.8)
    leave("sst-gru-glove-seed0", 0.7)
    leave("sst-gru-glove-b16-seed0", 0.1)
    records = tmp_path / "records" / "sst-gru-seed0"
    records.mkdir(parents=True)
    (tmp_path / "sst-gru-seed0").mkdir()
    (records / "A14.json").write_text(json.dumps({"test accuracy": 0.9}))
    found = both_recipes(["sst-gru", "sst-lstm"], tmp_path, tmp_path / "records")
    assert list(found["recipe"]) == ["A", "A", "B"] and list(found["seed"]) == [0, 1, 0]
    assert list(found["accuracy"]) == [0.9, 0.8, 0.7]
    assert found["tau"].isna().all()


def test_a_shorter_cut_is_told_by_what_it_changes(tmp_path):
    for name, factor in (("imdb-gru-seed0", 1), ("imdb-gru-short-seed0", 2)):
        (tmp_path / name).mkdir()
        found = {}
        for key, (claim, measure) in MEASURED.items():
            found.setdefault(claim, {})[measure] = {"tau": 100.0, "spread": 0.5}.get(key, 0.4) * factor
        (tmp_path / name / "claims.json").write_text(json.dumps(found))
    told = cut_told("imdb-gru-seed0", "imdb-gru-short-seed0", tmp_path, tmp_path / "records")
    assert "last 400 tokens in place of up to 1,000" in told and "slowest τ in tokens 200 instead of 100" in told
    assert "spread of the points 1 instead of 0.5" in told
    assert cut_told("imdb-gru-seed0", "imdb-gru-seed7", tmp_path, tmp_path / "records") == "Not trained yet: make grid."


NONE = pd.DataFrame()
SIZES = pd.DataFrame({"n_documents": [100, 400, 1600] * 2, "tau": [10.0, 20.0, 40.0] * 2})


def test_what_is_not_trained_is_said():
    told = [answer(NONE), advice(NONE), counted(NONE, "start"), epochs_told({}), size_told(NONE)]
    assert told == ["Not trained yet: make experiment."] * 5
    assert recipes_told(both_recipes([])) == "Not trained yet: make grid."


def test_the_answer_says_whether_vectors_decide():
    decided = "Word vectors decide it: with all else alike, there is a line in 36 of 36 with learned vectors, 12 of 36"
    assert answer(PLANTED).startswith(decided)
    assert "with GloVe is 4 times that" in answer(PLANTED)
    assert answer(PLANTED.assign(line=True)).startswith("Word vectors do not decide it")
    assert answer(PLANTED.assign(line=PLANTED["vectors"] == "glove")).startswith("GloVe favours the line")
    assert answer(PLANTED[PLANTED["vectors"] == "learned"]) == "Not trained yet: make experiment."


def test_the_advice_is_the_level_with_the_most_lines():
    assert advice(PLANTED).startswith("To see a line attractor, train with learned vectors and the Glorot start: 12 of 12")
    better = PLANTED.assign(accuracy=PLANTED["accuracy"] + 0.04 * (PLANTED["vectors"] == "glove"))
    assert "by 0.04 (95 %: 0.04 to 0.04): the better" in advice(better)


def test_runs_with_a_line_are_counted_by_level():
    drift = PLANTED.assign(drift_spread=np.where(PLANTED["start"] == "glorot", 0.5, 0.1))
    told = "0 of 36 with torch’s uniform start, 36 of 36 with the Glorot start, 0 of 36 with the orthogonal start"
    assert counted(drift, "start", at_drift=True) == told


def test_epochs_are_told_network_by_network():
    moments = [{"spread": value, "n_saddles": n} for value, n in ((0.1, 0), (0.5, 2), (None, 0), (0.2, 1))]
    told = epochs_told({"sst-gru-seed0": {"moments": moments}})
    assert "crosses a third of the states’ in sst-gru twice (a third or more at 1 of 4 moments)." in told
    assert told.endswith("a saddle was found at 1 of 1 where the points spread that far, and at 1 of 2 where they did not.")


def test_a_growth_with_the_text_is_carried_on():
    told = size_told(SIZES)
    assert "From 100 to 1,600 reviews the slowest mode goes from 10 to 40 tokens" in told
    assert "multiplies it by 2." in told
    assert "would be 707 tokens" in told


def test_both_recipes_are_told_with_their_medians():
    measures = {"accuracy": 0.9, "variance_3": 0.9, "alignment": 1.0, "one_step": 0.1, "tau": 50.0}
    rows = [{"cell": "c", "recipe": recipe, "seed": 0, "spread": wide} | measures for recipe, wide in (("A", 0.9), ("B", 0.1))]
    told = recipes_told(pd.DataFrame(rows))
    assert "in 1 of 1 networks with paper A’s recipe and in 0 of 1 with paper B’s" in told
    assert "error of one linear step 0.1 against 0.1; share" in told
