import math

import pandas as pd
import pytest

from lib.book.ledger import ledger
from lib.book.paper_b import kind, paper_b, record_paper_b

LINE = {
    "first-axis share": 0.9,
    "variance inside the first 3 PCs of the states": 0.95,
    "|cos(m, w)| in the plane": 0.99,
    "|cos(m, w)| over the random 99.9th percentile": 3.0,
}


def test_a_layer_is_a_line_by_claim_a5_and_otherwise_counted():
    assert kind(LINE | {"distinct points further on": 2}) == "line"
    bent = LINE | {"first-axis share": 0.5}
    assert [kind(bent | {"distinct points further on": n}) for n in (0, 5, 6, 49, 50)] == ["few", "few", "some", "some", "many"]
    assert kind({key: math.nan for key in LINE} | {"distinct points further on": 1}) == "few"


def stack(name, accuracy, *layers, seed=0):
    """Layers of a stack as (variance, step ratio, points, points further on, distance, angle, kind)."""
    columns = [
        "variance in the first 2 PCs",
        "step at charged over other words",
        "distinct points",
        "distinct points further on",
        "distance to the cloud",
        "median angle",
        "kind",
    ]
    rows = pd.DataFrame(layers, columns=columns)
    rows.insert(0, "layer", range(1, len(layers) + 1))
    return rows.assign(stack=name, seed=seed, **{"test accuracy": accuracy})


ONE = stack("GRU₁", 0.9, (0.8, 1.5, 400, 30, 0.3, 1.0, "line"))
TWO = stack("GRU₂", math.nan, (0.6, 1.4, 400, 60, 0.4, 2.0, "line"), (0.9, 2.0, 4, 4, 0.9, 8.0, "few"))
THREE = stack(
    "GRU₃",
    0.92,
    (0.5, 1.5, 450, 70, 0.3, 3.0, "many"),
    (0.95, 2.0, 9, 2, 0.8, 6.0, "few"),
    (0.9, 2.25, 3, 3, 1.2, 9.0, "few"),
)
FOUR = stack(
    "GRU₄",
    0.9,
    (0.5, 1.5, 450, 70, 0.3, 3.0, "many"),
    (0.9, 1.6, 5, 1, 0.8, 6.0, "few"),
    (0.9, 1.7, 8, 3, 0.8, 6.0, "few"),
    (0.9, 1.8, 400, 90, 0.8, 6.0, "line"),
)
SMALL = stack("GRU₃-d50", 0.9, *THREE.drop(columns=["layer", "stack", "seed", "test accuracy"]).to_numpy()[[1, 1, 0]])


def test_the_claims_about_depth_ask_what_the_ledger_says():
    found = paper_b(pd.concat([THREE, FOUR, ONE, TWO, SMALL]))
    assert set(found) == {"B1", "B2", "B3", "B4", "B4b", "B5", "B6", "B7", "B7b", "B8", "B9"}
    for key, measures in found.items():
        assert {criterion.measure for criterion in ledger()[key].criteria} <= set(measures)
    assert found["B1"] == {"variance in the first 2 PCs of GRU₁": 0.8}
    assert list(found["B2"].values()) == pytest.approx([-0.3, 0.1, 0.9])
    assert list(found["B3"].values()) == pytest.approx([1.5, 0.25])
    assert list(found["B4"].values()) == [450, 9, 0.8] and list(found["B4b"].values()) == [70, 3, 0.8]
    assert list(found["B5"].values()) == [1, 5]
    assert list(found["B6"].values()) == [1]
    assert list(found["B7"].values()) == [8, 1] and list(found["B7b"].values()) == [3, 1]
    assert list(found["B8"].values()) == [2]
    assert list(found["B9"].values()) == pytest.approx([1.76, 2])  # GRU₂ has no accuracy, of GRU₄ the paper states none


def test_claims_whose_stacks_are_missing_are_left_out():
    assert set(paper_b(TWO)) == {"B6"}
    assert set(paper_b(ONE)) == {"B1", "B9"}


def test_every_seed_is_recorded_under_its_own_name(tmp_path):
    judged = record_paper_b(pd.concat([ONE, TWO, ONE.assign(seed=2)]), tmp_path)
    assert {name: set(claims) for name, claims in judged.items()} == {
        "stacks-seed0": {"B1", "B6", "B9"},
        "stacks-seed2": {"B1", "B9"},
    }
    assert judged["stacks-seed2"]["B1"].verdict == "reproduced"
    assert sorted(path.name for path in (tmp_path / "stacks-seed2").iterdir()) == ["B1.json", "B9.json"]
