import math

import pandas as pd
import pytest
import torch
from torch.testing import assert_close

from lib.book.coupled import (
    coupled_points,
    coupled_table,
    example_spectra,
    ranges,
    resting_given_below,
    resting_places,
    stack,
)
from lib.book.layers import alone
from lib.dynamics.fixed_points import speed


@pytest.fixture(scope="module")
def points(two_layers):
    return coupled_points(two_layers, n_starts=10)


@pytest.fixture(scope="module")
def places(two_layers, points):
    return resting_places(two_layers, points, n_starts=10)


def test_coupled_points_are_slow_in_the_whole_stack(two_layers, points):
    assert points.states.shape[1] == sum(cell.n_state for cell in two_layers.network.layers)
    assert_close(speed(stack(two_layers), points.states), points.speed)


def test_the_coupled_places_are_the_parts_of_the_joint_states(two_layers, points, places):
    assert_close(torch.cat(places["coupled"], -1), points.distinct_states)
    for n, states in enumerate(places["alone"]):
        assert (speed(alone(two_layers, n).network.cell, states) < 1e-6).all()


def test_the_blocks_have_the_eigenvalues_of_the_whole_jacobian(two_layers, places):
    spectra, mismatch = example_spectra(two_layers, places)
    assert mismatch < 1e-6
    assert [values.shape[1] for values in spectra["coupled"]] == [cell.n_state for cell in two_layers.network.layers]


def test_each_layer_has_a_row_alone_and_one_coupled(two_layers, points, places):
    few = torch.tensor([[0.9 + 0j, 0.2]], dtype=torch.complex128)
    many = torch.tensor([[0.95 + 0j, 0.5], [0.99, 0.5]], dtype=torch.complex128)
    table = coupled_table(two_layers, points, places, {"alone": [few, few], "coupled": [many, many]})
    assert list(zip(table.layer, table.how, strict=True)) == [(n, how) for n in (1, 2) for how in ("alone", "coupled")]
    assert table["modes with τ > 10"].tolist() == [0, 1, 0, 1]
    assert table["largest |λ|"].tolist() == pytest.approx([0.9, 0.99, 0.9, 0.99])
    lasting = sorted(-1 / math.log(size) for size in (0.95, 0.99))[0]  # torch takes the lower of two as their median
    assert table["slowest τ"][1] == pytest.approx(lasting)
    assert table["distance from alone"].isna().tolist() == [True, False, True, False]


def test_an_upper_layer_rests_where_it_is_held_by_the_layer_below(two_layers, places):
    found = resting_given_below(two_layers, places, n_given=2)
    assert set(found.layer) == {2} and found.below[found.given == 0].isna().all()
    assert found.given.max() == min(2, len(places["coupled"][0]))
    upper = alone(two_layers, 1)
    zero = upper.network.logit(places["alone"][1]) / upper.network.logit(upper.evidence.layers[0].states).std()
    assert sorted(found.rests[found.given == 0]) == pytest.approx(sorted(zero.tolist()))


def test_ranges_are_those_at_zero_at_one_state_below_and_over_all():
    rows = [(2, 0, 1.0), (2, 0, 4.0), (2, 1, 0.0), (2, 1, 1.0), (2, 2, 5.0), (2, 2, 5.0), (2, 3, 9.0), (2, 3, 7.0)]
    found = ranges(pd.DataFrame(rows, columns=["layer", "given", "rests"]))
    assert found.to_numpy().tolist() == [[2, 3.0, 1.0, 9.0]]
