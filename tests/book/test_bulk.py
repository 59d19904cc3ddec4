import pytest
import torch
from torch.testing import assert_close

from lib.book.bulk import compare, descend, one_by_one
from lib.dynamics import as_cell, speed

HALF = as_cell(lambda h, x: 0.5 * h, n_state=2, n_input=1)
STARTS = torch.tensor([[0.01, 0.0], [1.0, 1.0]])


def test_each_point_stops_where_it_is_slow_enough_and_a_batch_where_its_mean_is():
    each = descend(HALF, STARTS, 1e-4, stop_each=True)
    batch = descend(HALF, STARTS, 1e-4, stop_each=False)
    assert (speed(HALF, each) < 1e-4).all() and speed(HALF, batch).mean() < 1e-4
    assert_close(each[0], STARTS[0])  # was slow enough at once, and did not go on
    assert (batch[0] != STARTS[0]).any()


def test_what_is_not_slow_at_the_end_is_given_as_it_is():
    ended = descend(HALF, STARTS[1:], 1e-12, stop_each=True, max_iterations=3)
    assert_close(ended, STARTS[1:] - 0.03, atol=1e-3, rtol=0)  # three steps of Adam, of the learning rate each


def test_searches_are_compared_by_where_they_left_the_points():
    visited = torch.tensor([[2.0, 0.0], [-2.0, 0.0]])
    ends = {"none": STARTS, "all": torch.zeros(2, 2)}
    table = compare(HALF, ends, STARTS, visited, tolerance=1e-4)
    assert table["below the tolerance"].to_dict() == {"none": 0.5, "all": 1.0}
    assert table["distinct points"].to_dict() == {"none": 1, "all": 1}
    assert table["highest q"]["none"] == pytest.approx(0.25) and table["lowest q"]["all"] == 0
    assert table["moved, in spreads of the states"].tolist() == pytest.approx([0, 0.01 / 2])  # torch's median is the lower


def test_a_start_ends_in_bulk_where_it_ends_alone():
    found = one_by_one(HALF, torch.randn(4, 2), tolerance=1e-6)
    assert found["share of starts that end elsewhere in bulk"] == 0 and found["largest difference in any dimension"] < 1e-5
