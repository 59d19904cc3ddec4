import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.book.accuracies import (
    above_bag_of_words,
    corpora,
    fit,
    gains,
    over_seeds,
    right_answers,
    seed_accuracies,
    trainings,
    trials,
)
from lib.training.folder import load


@pytest.fixture(scope="module")
def saved(published_folder):
    return load(published_folder)


def answered(saved, **logits):
    """The network with other logits on ten test documents, five of them positive."""
    labels = torch.tensor([1.0] * 5 + [0.0] * 5)
    documents = {"labels": labels} | {key: torch.tensor(value) for key, value in logits.items()}
    return replace(saved, evidence=replace(saved.evidence, documents=documents))


RIGHT = [1.0] * 5 + [-1.0] * 5
ONE_WRONG = [-1.0, *RIGHT[1:]]


def test_a_corpus_has_one_row_however_many_networks_read_it(saved):
    found = corpora([saved, replace(saved, name="another")])
    assert len(found) == 1
    assert found.loc[0, "train"] == 400 and found.loc[0, "test"] == 120


def test_a_training_is_told_with_its_scores_on_every_split(saved):
    row = trainings([saved]).iloc[0]
    assert row["network"] == "synthetic-gru-seed0" and row["dropout"] == "0.1"
    assert row["test acc."] == saved.metrics["scores"]["test"]["accuracy"]
    assert row["train loss"] == saved.metrics["scores"]["train"]["loss"]


def test_trials_are_named_by_cell_and_change(tmp_path):
    (tmp_path / "sst-gru-fan-in.json").write_text(json.dumps({"validation_accuracy": 0.8, "seconds": 3.0}))
    row = trials(tmp_path).iloc[0]
    assert (row["cell"], row["change"], row["accuracy"], row["seconds"]) == ("sst-gru", "fan-in", 0.8, 3.0)
    assert trials(tmp_path / "none").empty


def leave(folder, name, accuracy):
    (folder / name).mkdir()
    (folder / name / "metrics.json").write_text(json.dumps({"scores": {"test": {"accuracy": accuracy}}}))


def test_seeds_of_both_recipes_are_told_apart_from_other_variants(tmp_path):
    for name, accuracy in (
        ("sst-gru-seed10", 0.3),
        ("sst-gru-seed2", 0.2),
        ("sst-gru-seed0", 0.1),
        ("sst-gru-glove-seed0", 0.4),
        ("sst-gru-glove-b16-seed0", 0.9),
        ("sst-gru2-glove-seed0", 0.9),
    ):
        leave(tmp_path, name, accuracy)
    (tmp_path / "sst-gru-seed3").mkdir()  # nothing was left there yet
    found = seed_accuracies(["sst-gru", "sst-lstm"], tmp_path)
    assert list(found["accuracy"]) == [0.1, 0.2, 0.3, 0.4]
    assert list(found["seed"]) == [0, 2, 10, 0] and list(found["recipe"]) == ["A", "A", "A", "B"]
    assert seed_accuracies([], tmp_path).empty


def test_an_interval_over_seeds_needs_three_of_them(tmp_path):
    for k, accuracy in enumerate((0.7, 0.8, 0.9)):
        leave(tmp_path, f"sst-gru-seed{k}", accuracy)
    leave(tmp_path, "imdb-gru-seed0", 0.6)
    found = over_seeds(seed_accuracies(["sst-gru", "imdb-gru"], tmp_path))
    assert list(found.index) == ["sst-gru", "imdb-gru"]
    assert found.loc["sst-gru"].tolist() == pytest.approx([3, 0.8, 0.7, 0.9, 0.7])
    assert found.loc["imdb-gru", "mean"] == 0.6 and math.isnan(found.loc["imdb-gru", "low"])


def test_simpler_models_are_asked_about_the_same_documents(saved):
    right = right_answers(answered(saved, logits=RIGHT, bag_of_words=ONE_WRONG), linear=torch.tensor(ONE_WRONG).neg())
    assert set(right) == {"network", "bag_of_words", "linear"}
    assert {key: int(value.sum()) for key, value in right.items()} == {"network": 10, "bag_of_words": 9, "linear": 1}
    assert set(right_answers(answered(saved, logits=RIGHT))) == {"network"}


def test_a_gain_is_in_points_and_has_none_over_a_model_that_is_not_there():
    right = {"network": np.ones(10, dtype=bool), "bag_of_words": np.arange(10) > 0}
    found = gains({"a": right, "b": {"network": right["bag_of_words"], "bag_of_words": right["network"]}})
    assert found["bag_of_words"]["gain"].to_dict() == pytest.approx({"a": 10, "b": -10})
    assert found.loc["a", ("bag_of_words", "low")] == 0 and 10 < found.loc["a", ("bag_of_words", "high")] <= 40
    assert found["linear"].isna().all(axis=None)


def test_the_gain_over_the_bag_of_words_is_what_is_judged():
    found = above_bag_of_words({"network": np.ones(10, dtype=bool), "bag_of_words": np.arange(10) > 1})
    assert found["gain over the bag of words"] == pytest.approx(0.2)
    assert found["lower end of the gain over the bag of words"] <= 0.2 <= found["upper end of the gain over the bag of words"]
    assert (found["test accuracy"], found["bag of words"]) == (1.0, 0.8)


def test_the_fit_compares_training_and_test_documents(saved):
    row = fit([saved]).loc["synthetic-gru"]
    assert row["training"] == saved.metrics["scores"]["train"]["accuracy"]
    assert row["bag of words"] == saved.metrics["bag_of_words"]["accuracy"]
