import math

import pytest
import torch
from torch.testing import assert_close

from lib.dynamics.cells import Step
from lib.dynamics.velocity import normalized_velocity, steps_until_slow


def decay(h, x):
    """Each step takes a quarter of the state away; an input is added."""
    return 0.75 * h + x


def test_a_state_that_decays_has_the_same_normalized_velocity_at_each_step():
    found = normalized_velocity(Step(decay, n_input=3, n_state=3), torch.randn(4, 3), n_steps=5)
    assert_close(found, torch.full((6, 4), 0.25))


def test_a_start_at_zero_is_left_out_and_the_others_keep_their_order():
    states = torch.tensor([[1.0, 0.0], [0.0, 0.0], [0.0, 2.0]])
    found = normalized_velocity(Step(lambda h, x: h + torch.tensor([1.0, 0.0]), n_input=1, n_state=2), states, n_steps=1)
    assert_close(found, torch.tensor([[1.0, 0.5], [0.5, 1 / math.sqrt(5)]]))


def test_an_input_point_is_read_at_each_step():
    cell, state = Step(decay, n_input=2, n_state=2), torch.tensor([[4.0, 0.0]])
    assert_close(normalized_velocity(cell, state, 3, torch.tensor([1.0, 0.0])), torch.zeros(4, 1))


def test_a_state_that_has_vanished_stands_still():
    found = normalized_velocity(Step(lambda h, x: 0 * h, n_input=1, n_state=2), torch.ones(1, 2), n_steps=2)
    assert found[:, 0].tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    "velocity, steps",
    [
        ([0.5, 0.2, 0.04, 0.03], 2),  # below a tenth of the first
        ([0.05, 0.02, 0.009, 0.02], 2),  # below the bound
        ([0.005, 0.005], 0),
        ([0.5, 0.4, 0.3], math.inf),
    ],
)
def test_steps_until_slow_are_counted_to_the_first_slow_one(velocity, steps):
    assert steps_until_slow(torch.tensor(velocity)) == steps
