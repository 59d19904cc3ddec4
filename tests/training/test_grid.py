import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lib.training import grid
from lib.training.catalogue import spec_of
from lib.training.grid import Local, Task, expected_seconds, tasks, trial_spec

SEARCH = {
    "recipe": {"learning_rate": 0.01, "clip": None},
    "changes": {"default": {}, "fan-in": {"start": "fan-in", "clip": 1.0}},
    "trials": {"sst": {"gru": ["default", "fan-in"]}},
}


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """A grid of two trials, one published network and one further seed, of which nothing is done."""
    for name in ("NETWORKS", "TRIALS", "WORK"):
        monkeypatch.setattr(grid, name, tmp_path / name.lower())
    monkeypatch.setattr(grid, "ROOT", tmp_path)
    monkeypatch.setattr(grid, "catalogue", lambda: {"search": SEARCH})
    monkeypatch.setattr(grid, "wanted", lambda: ["sst-gru-seed0", "sst-gru-seed1"])
    monkeypatch.setattr(grid, "measured_only", lambda: ["sst-gru-seed1"])
    monkeypatch.setattr(grid, "of_classes", list)
    monkeypatch.setattr(grid, "exists", lambda name: (tmp_path / "networks" / name / "config.json").exists())
    return tmp_path


def finish(task):
    """What the command of a task leaves behind."""
    if task.kind == "trial":
        path = grid.TRIALS / f"{task.name}.json"
    else:
        path = grid.NETWORKS / task.name / ("config.json" if task.kind == "train" else "claims.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"seconds": 7.0}))


def test_a_trial_is_the_common_recipe_with_one_change(empty):
    default, other = trial_spec("sst-gru-default"), trial_spec("sst-gru-fan-in")
    assert default.recipe == replace(spec_of("sst-gru-seed0").recipe, learning_rate=0.01, clip=None)
    assert other.recipe == replace(default.recipe, start="fan-in", clip=1.0)
    assert (other.name, other.seed) == ("sst-gru-fan-in", 0)


def test_a_trial_keeps_what_validation_says_of_its_best_epoch(empty, monkeypatch):
    history = [{"validation_loss": 0.5, "validation_accuracy": 0.8}, {"validation_loss": 0.4, "validation_accuracy": 0.7}]
    monkeypatch.setattr(grid, "read", lambda spec: None)
    monkeypatch.setattr(grid, "fit", lambda spec, material: (None, None, history))
    found = json.loads(grid.trial("sst-gru-fan-in").read_text())
    assert (found["name"], found["recipe"]["start"]) == ("sst-gru-fan-in", "fan-in")
    assert (found["best_epoch"], found["validation_accuracy"], found["validation_loss"]) == (1, 0.8, 0.5)
    assert (found["accuracies"], found["losses"]) == ([0.8, 0.7], [0.5, 0.4])
    assert Task("trial", "sst-gru-fan-in").done


@pytest.mark.parametrize("name", ["sst-gru-unheard", "sst-lstm-default", "imdb-gru-default", "nonsense"])
def test_a_trial_that_is_not_listed_is_refused(empty, name):
    with pytest.raises(ValueError, match=f'lists no trial "{name}"'):
        trial_spec(name)


def test_claims_are_measured_of_what_is_not_published(empty):
    assert [(task.kind, task.name) for task in tasks()] == [
        ("trial", "sst-gru-default"),
        ("trial", "sst-gru-fan-in"),
        ("train", "sst-gru-seed0"),
        ("train", "sst-gru-seed1"),
        ("measure", "sst-gru-seed1"),
    ]


def test_the_grid_does_what_is_missing_and_nothing_twice(empty, monkeypatch):
    finish(Task("trial", "sst-gru-default"))
    done = []

    def do(task):
        if task.kind == "measure":
            assert Task("train", task.name).done
        done.append((task.kind, task.name))
        finish(task)
        return True

    monkeypatch.setattr(grid, "do", do)
    assert grid.run(Local(2)) == []
    assert sorted(done) == sorted((t.kind, t.name) for t in tasks() if t.name != "sst-gru-default")
    done.clear()
    assert grid.run(Local(2)) == [] and done == []


def test_a_task_that_fails_is_reported_and_the_others_go_on(empty, monkeypatch):
    def do(task):
        if task == Task("train", "sst-gru-seed1"):
            return False
        finish(task)
        return True

    monkeypatch.setattr(grid, "do", do)
    assert set(grid.run(Local(1))) == {Task("train", "sst-gru-seed1"), Task("measure", "sst-gru-seed1")}
    assert all(task.done for task in tasks()[:3])


def test_a_network_waits_for_the_trial_whose_checkpoint_it_shares(empty, monkeypatch):
    monkeypatch.setattr(grid, "checkpoint", lambda spec: Path(str(spec.recipe.start)))
    trial, other, network = tasks()[:3]  # of which the second begins otherwise
    assert grid._ready([other, network], [trial]) == [other] and grid._ready([trial, other, network], []) == [trial, other]
    assert grid._ready([network], []) == [network]


def test_many_running_tasks_are_counted_not_named():
    running = [Task("train", f"sst-gru-seed{k}") for k in range(5)]
    assert grid._in_words(running) == "train sst-gru-seed0, train sst-gru-seed1, 3 more"
    assert grid._in_words(running[:2]) == "train sst-gru-seed0, train sst-gru-seed1"


def test_a_task_is_the_command_of_its_kind(empty, monkeypatch):
    ran = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(command) or subprocess.CompletedProcess(command, 3))
    assert not grid.do(Task("train", "sst-gru-seed0"))
    assert ran == [[sys.executable, "-m", "lib", "train", "sst-gru-seed0"]]


def test_a_task_is_expected_to_take_as_long_as_the_same_with_another_seed(empty):
    assert expected_seconds(Task("train", "sst-gru-seed1")) == grid.EXPECTED["train"]
    finish(Task("train", "imdb-lstm-seed0"))
    assert expected_seconds(Task("train", "sst-gru-seed1")) == 7.0
    finish(Task("train", "sst-gru-seed0"))
    (grid.NETWORKS / "sst-gru-seed0" / "config.json").write_text('{"seconds": 3.0}')
    assert expected_seconds(Task("train", "sst-gru-seed1")) == 3.0
