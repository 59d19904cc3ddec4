import json
import math

import pandas as pd
import pytest

from lib.book.paper_b import SCORES
from lib.book.records import record_table
from lib.book.stacks import beside_the_paper, common_stacks, coupled_layers, metrics_of, stack_layers

ROW = {"distinct points further on": 2, "first-axis share": 0.5}


@pytest.fixture
def networks(tmp_path):
    """A trained GRU₂ and a GRU₁ of another recipe of which only the layers are on record."""
    folder = tmp_path / "networks" / "imdb-gru2-glove-seed1"
    folder.mkdir(parents=True)
    scores = {split: {"loss": 0.2, "accuracy": 0.9 + i / 100} for i, split in enumerate(("train", "validation", "test"))}
    (folder / "metrics.json").write_text(json.dumps({"scores": scores, "best_epoch": 3, "history": [{}] * 5}))
    (folder / "config.json").write_text(json.dumps({"documents": {"train": 130}, "recipe": {"batch_size": 64}}))
    layers = pd.DataFrame([{"layer": 1} | ROW, {"layer": 2} | ROW | {"distinct points further on": 99}])
    record_table("imdb-gru2-glove-seed1", "layers", layers, tmp_path / "records")
    record_table("imdb-gru-glove-b16-seed0", "layers", layers[:1], tmp_path / "records")
    return tmp_path / "networks", tmp_path / "records"


def test_the_layers_of_all_stacks_stand_in_one_table_with_what_they_are(networks):
    table = stack_layers(["imdb-gru2-glove-seed1", "imdb-gru-glove-b16-seed0", "imdb-gru3-glove-seed0"], *networks)
    assert table.place.tolist() == ["GRU₂, layer 1", "GRU₂, layer 2", "GRU₁-b16"]
    assert table["stack"].tolist() == ["GRU₂", "GRU₂", "GRU₁-b16"] and table.depth.tolist() == [2, 2, 1]
    assert table.seed.tolist() == [1, 1, 0] and table.kind.tolist() == ["few", "many", "few"]
    assert table["steps"].tolist()[:2] == [9, 9] and math.isnan(table["steps"][2])  # three epochs of three batches
    assert table["test accuracy"].tolist()[:2] == [0.92, 0.92] and math.isnan(table["test accuracy"][2])


def test_coupled_layers_are_placed_alike(networks):
    record_table("imdb-gru2-glove-seed1", "coupled", pd.DataFrame({"layer": [1, 1], "how": ["alone", "coupled"]}), networks[1])
    table = coupled_layers(["imdb-gru2-glove-seed1"], *networks)
    assert table.place.tolist() == ["GRU₂, layer 1"] * 2 and table.how.tolist() == ["alone", "coupled"]


def test_scores_stand_beside_those_of_the_paper(networks):
    table = beside_the_paper(["imdb-gru2-glove-seed1"], networks[0])
    assert table.index.tolist() == [("GRU₂", "here"), ("GRU₂", "paper")]
    assert table.loc[("GRU₂", "here"), "test accuracy"] == 0.92 and table.loc[("GRU₂", "here"), "best epoch"] == "3 of 5"
    assert table.loc[("GRU₂", "paper"), "train loss"] == SCORES["GRU₂"]["loss"][0]
    assert metrics_of("imdb-gru4-glove-seed0", networks[0]) == {}


def test_the_common_stacks_come_seed_by_seed():
    assert common_stacks([0, 2])[3:5] == ["imdb-gru4-glove-seed0", "imdb-gru-glove-seed2"]
