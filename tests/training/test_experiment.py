import json
import math
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
import torch

from lib.dynamics.cells import Step
from lib.text.corpora import Corpus, Documents
from lib.text.vocabulary import Vocabulary
from lib.training import experiment
from lib.training.catalogue import Spec
from lib.training.experiment import (
    Look,
    after_each_step,
    follow,
    is_line,
    look,
    measures,
    missing,
    perform,
    runs,
    table,
    trails,
)
from lib.training.loop import reproducible, train
from lib.training.network import Network
from lib.training.publication import Material, initial_network
from lib.training.recipe import Recipe

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
    monkeypatch.setattr(import_module("lib.training.catalogue"), "catalogue", lambda: of)
    monkeypatch.setattr(experiment, "EXPERIMENTS", tmp_path / "experiments")
    monkeypatch.setattr("lib.training.publication.CHECKPOINTS", tmp_path / "checkpoints")
    monkeypatch.setattr(experiment, "_material", lambda spec: material)
    return tmp_path


def test_the_factorial_of_the_book_crosses_every_level_with_every_other():
    found = runs("factorial")
    assert len(found) == 2 * 3 * 3 * 2 * 3
    assert len({json.dumps([one.levels, one.spec.architecture, one.spec.seed]) for one in found.values()}) == len(found)


def test_runs_differ_in_their_levels_alone():
    """All else alike: undoing what the levels change leaves one recipe per corpus."""
    for design, undone in {
        "factorial": {"word_vectors": "", "start": "", "dropout": 0.0},
        "yelp": {"start": ""},
        "size": {"n_documents": None, "n_epochs": 0, "patience": 0},
    }.items():
        assert len({replace(one.spec.recipe, **undone) for one in runs(design).values()}) == 1
    assert runs()["sst-lstm-glove-orthogonal-free-seed2"].spec.recipe.word_vectors == "glove"
    assert runs()["sst-lstm-glove-orthogonal-free-seed2"].spec.recipe.start == "orthogonal"
    assert runs()["sst-lstm-glove-orthogonal-free-seed2"].spec.recipe.dropout == 0


def test_every_size_may_take_as_many_steps():
    steps = {(one.spec.recipe.n_documents or 22_388) * one.spec.recipe.n_epochs for one in runs("size").values()}
    assert max(steps) / min(steps) < 1.001


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
    assert (found["first_axis"], found["inside"], found["spread"]) == pytest.approx((1, 1, 1), abs=0.02)
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
    spec = Spec("toy", "sst", "gru", 1, "", 0, SMALL)
    seen = follow(spec, material)
    reproducible(0)
    network = initial_network(spec, material.vocabulary)
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
