import math

import pandas as pd
import pytest
import torch
from torch.testing import assert_close

from lib.book.rest import distance_moved, evidence_kept, exact_points_along, jumping, sinks_and_saddles, unrest, without_input
from lib.dynamics.cells import Step

JUMP = Step(lambda h, x: -h, n_input=1, n_state=2)
DECAY = Step(lambda h, x: 0.5 * h + x.sum(-1, keepdim=True), n_input=1, n_state=2)
DOUBLE_WELL = Step(lambda h, x: torch.cat((torch.tanh(2 * h[..., :1]), 0.1 * h[..., 1:]), -1), n_input=1, n_state=2)
STARTS = torch.tensor([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]])


def test_without_input_the_state_follows_the_step():
    path = without_input(DECAY, STARTS, 3)
    assert path.shape == (4, 3, 2)
    assert_close(path[3], STARTS / 8)


def test_two_sinks_are_found_with_the_saddle_between_them():
    slow = torch.stack((torch.linspace(-1, 1, 21), torch.zeros(21)), 1)
    assert sinks_and_saddles(DOUBLE_WELL, slow, 21) == (2, 1)
    exact = exact_points_along(DOUBLE_WELL, slow, 3)
    assert exact.states[:, 0].sort().values.tolist() == pytest.approx([-0.9575, 0, 0.9575], abs=1e-3)


def test_a_state_that_jumps_is_back_after_two_steps():
    path = without_input(JUMP, STARTS, 5)
    assert_close(distance_moved(path, 1), torch.full((4,), 2.0))
    assert_close(distance_moved(path, 2), torch.zeros(4))


def test_the_distance_moved_is_relative_to_the_state():
    assert_close(distance_moved(without_input(DECAY, STARTS, 4), 1), torch.full((3,), 0.5))


def test_evidence_is_kept_where_the_order_of_the_logits_stays():
    logits = torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [1.0, 2.0, 9.0], [1.0, 2.0, 9.0]])
    assert evidence_kept(logits) == pytest.approx(1)
    assert evidence_kept(torch.cat((logits[:3], -3 * logits[3:]))) == pytest.approx(-1)


def test_unrest_tells_rotation_from_growth():
    eigenvalues = torch.tensor([[2.0j, -2.0j, 0.5], [0.1, 0.2, 0.5]], dtype=torch.complex128)
    found = unrest(without_input(JUMP, STARTS, 5), eigenvalues)
    assert found["unstable modes a point"] == 1
    assert found["largest |angle| of unstable modes (°)"] == pytest.approx(90)
    assert found["largest |λ|"] == 0.5  # the lower of the two medians
    assert found["median step after the run"] == 2 and found["the same over two steps"] == 0
    assert math.isnan(unrest(without_input(JUMP, STARTS, 5), eigenvalues[1:])["largest |angle| of unstable modes (°)"])


def test_a_network_jumps_where_two_steps_bring_it_back():
    steps = {"median step after the run": [1.0, 1.0], "the same over two steps": [0.01, 0.9]}
    assert jumping(pd.DataFrame(steps, index=["jumps", "wanders"])) == ["jumps"]
