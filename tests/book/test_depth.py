import math

import pandas as pd
import pytest

from lib.book.depth import NEEDED, SAME, STEP, coupled_against_alone, differing_kinds, falls, from_layer_to_layer, held


def layers(network, needed, steps, kinds, same=None):
    n = len(needed)
    table = pd.DataFrame({NEEDED: needed, STEP: steps, "kind": kinds, SAME: same or [math.nan] * n})
    return table.assign(network=network, stack=f"GRU{n}", depth=n, seed=int(network[-1]), layer=range(1, n + 1))


ONE = pd.concat([layers("one0", [10], [1.5], ["line"]), layers("one1", [12], [1.4], ["line"])])
TWO = layers("two0", [20, 4], [1.2, 2.0], ["line", "few"], [1.5, 1.4])
THREE = layers("three0", [11, 11, 3], [1.5, 1.4, 2.0], ["many", "line", "few"])


def test_what_the_paper_says_of_depth_is_counted_by_stack_and_upper_layer():
    found = {name: values.tolist() for name, values in held(pd.concat([ONE, TWO, THREE])).items()}
    assert found == {
        "wider": [True, False],
        "narrower": [True, False, True],
        "second": [True, False],
        "first_lines": [True, False],
        "upper_lines": [False, True, False],
        "jumps": [True, False, True],
        "jumps_same": [False],
    }


def test_a_stack_gets_lower_and_lower_where_every_layer_needs_fewer_components():
    assert falls(pd.concat([ONE, TWO, THREE])).to_dict() == {"two0": True, "three0": False}


def test_medians_over_seeds_stand_in_the_order_of_the_layers():
    other = layers("two1", [30, 6], [1.2, 2.0], ["line", "few"])
    found = from_layer_to_layer(pd.concat([ONE, TWO, other]), {NEEDED: "{:.0f}"})
    assert found[NEEDED].to_dict() == {"GRU1": "11", "GRU2": "25 → 5"}
    assert found["lower and lower"].to_dict() == {"GRU1": "—", "GRU2": "2 of 2"}


def test_kinds_differ_between_pairs_of_seeds():
    seeds = [
        layers(f"two{k}", [1, 1], [1, 1], kinds) for k, kinds in enumerate((["line", "few"], ["line", "many"], ["few"] * 2))
    ]
    assert differing_kinds(pd.concat(seeds)) == pytest.approx((1 + 1 + 2) / 3)
    assert math.isnan(differing_kinds(seeds[0]))


def test_an_upper_layer_is_compared_with_itself_alone_and_with_the_lowest_of_its_stack():
    columns = ["network", "layer", "how", "distance to the cloud", "median angle", "modes with τ > 10", "slowest τ"]
    rows = [
        ("a", 1, "alone", 0.1, 1.0, 9.0, 50.0),
        ("a", 1, "coupled", 0.1, 1.0, 9.0, 20.0),
        ("a", 2, "alone", 0.9, 8.0, 0.0, 5.0),
        ("a", 2, "coupled", 0.3, 2.0, 4.0, 30.0),
        ("b", 1, "alone", 0.1, 1.0, 9.0, 50.0),
        ("b", 1, "coupled", 0.1, 1.0, 9.0, 50.0),
        ("b", 2, "alone", 0.3, 2.0, 4.0, 60.0),
        ("b", 2, "coupled", 0.9, 8.0, 0.0, 5.0),
    ]
    found = coupled_against_alone(pd.DataFrame(rows, columns=columns))
    assert found.index.tolist() == [("a", 2), ("b", 2)]
    assert {name: values.tolist() for name, values in found.items()} == {
        "nearer": [True, False],
        "calmer": [True, False],
        "slower": [True, False],
        "outlasts_alone": [False, True],
        "outlasts_coupled": [True, False],
    }
