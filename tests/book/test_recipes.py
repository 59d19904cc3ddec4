import math

import pandas as pd
import pytest

from lib.book.recipes import changes, over_seeds, reach


def seeds(*rows):
    return pd.DataFrame(rows, columns=["network", "place", "depth", "layer", "kind", "a", "b"])


COMMON = seeds(
    ("s0", "GRU₁", 1, 1, "line", 1.0, 5.0), ("s1", "GRU₁", 1, 1, "few", 2.0, 5.0), ("s2", "GRU₁", 1, 1, "line", 3.0, 5.0)
)


def test_a_change_is_counted_in_standard_deviations_of_the_seeds():
    found = changes(COMMON, seeds(("x", "GRU₁-x", 1, 1, "few", 4.0, 7.0)), ["a", "b"])
    assert found[["network", "layer", "measure", "size"]].to_numpy().tolist() == [["x", 1, "a", 2.0]]  # all seeds agree in b


def test_a_layer_is_compared_with_the_same_layer_of_a_stack_of_the_same_depth():
    other = COMMON.assign(depth=2, layer=2, a=COMMON.a + 100)
    found = changes(pd.concat([COMMON, other]), seeds(("x", "GRU₂-x, layer 2", 2, 2, "few", 102.5, 5.0)), ["a"])
    assert found["size"].tolist() == [0.5]


def test_another_seed_stays_within_reach_nine_times_in_ten():
    assert reach(3) == pytest.approx(math.sqrt(4 / 3) * 2.91999, rel=1e-4)
    assert reach(10_000) == pytest.approx(1.645, rel=1e-3)


def test_seeds_are_told_as_mean_and_standard_deviation_and_one_network_as_it_is():
    both = pd.concat([COMMON, seeds(("x", "GRU₁-x", 1, 1, "few", 4.0, 7.0))])
    found = over_seeds(both, {"a": "{:.1f}"})
    assert found.a.to_dict() == {"GRU₁ (3 seeds)": "2.0 ± 1.0", "GRU₁-x": "4.0"}
    assert found.kind.to_dict() == {"GRU₁ (3 seeds)": "line or few", "GRU₁-x": "few"}
