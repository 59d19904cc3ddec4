import math

import pytest
import torch
from scipy.optimize import brentq
from torch import nn
from torch.testing import assert_close

from lib.dynamics.cells import CELLS, GRU, LinearRNN, as_cell
from lib.dynamics.fixed_points import distinct, exact_fixed_points, find_fixed_points, speed
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.modes import eigenmodes

SINK = brentq(lambda h: math.tanh(2 * h) - h, 0.5, 1)


def planted_line(n=12, rate=0.5):
    """A linear cell with λ₁ = 1 along `right`, read by `left`; all other modes have λ = `rate`."""
    right, left = torch.zeros(n), torch.zeros(n)
    right[0], left[0], left[1] = 1.0, 1.0, 3.0
    cell = LinearRNN(2, n).requires_grad_(False)
    cell.recurrent.weight.copy_(rate * torch.eye(n) + (1 - rate) * torch.outer(right, left))
    return cell, right, left


def bistable_gru():
    """Two units that do not see each other, h' = (h + tanh 2h) / 2 each: sinks at ±SINK, a source between them."""
    cell = GRU(1, 2).requires_grad_(False)
    for parameter in cell.parameters():
        nn.init.zeros_(parameter)
    cell.inward.bias[:2] = 50.0  # reset gate open
    cell.recurrent.weight[4:] = 2 * torch.eye(2)
    return cell


def test_speed_is_a_mean_of_squares():
    cell = as_cell(lambda h, x: h + x, n_input=2, n_state=2)
    assert_close(speed(cell, torch.zeros(1, 2), torch.tensor([3.0, 4.0])), torch.tensor([12.5]))
    assert_close(speed(cell, torch.zeros(1, 2)), torch.zeros(1))


def test_planted_line_is_reached_where_the_dynamics_themselves_would_go():
    cell, right, left = planted_line()
    starts = torch.randn(100, 12)
    points = find_fixed_points(cell, starts, tolerance=1e-8)
    assert points.converged.all() and (points.speed < 1e-8).all()
    assert_close(points.states, torch.outer(starts @ left, right), atol=2e-3, rtol=5e-3)
    assert len(distinct(points.states)) > 90


def test_planted_line_attractor_has_its_left_and_right_vector():
    cell, right, left = planted_line()
    modes = eigenmodes(recurrent_jacobian(cell, torch.randn(5, 12)), k=1)
    assert_close(modes.eigenvalues, torch.ones(5, 1, dtype=torch.complex128))
    assert_close(modes.right[:, :, 0].real, right.double().expand(5, 12))
    assert_close(modes.left[:, 0].real, left.double().expand(5, 12))


def test_points_of_a_slow_line_stop_at_the_tolerance():
    cell = as_cell(lambda h, x: h - torch.stack((1e-4 * h[..., 0], 0.5 * h[..., 1]), -1), n_input=1, n_state=2)
    starts = torch.stack((torch.linspace(-1, 1, 41), torch.ones(41)), -1)
    points = find_fixed_points(cell, starts, tolerance=1e-8)
    assert points.converged.all()
    assert_close(points.states[:, 0], starts[:, 0], atol=0.02, rtol=0)


def test_a_start_that_is_slow_enough_is_not_moved():
    cell, _, _ = planted_line()
    starts = torch.eye(12)[:1]
    points = find_fixed_points(cell, starts)
    assert torch.equal(points.states, starts) and points.iterations.tolist() == [0]


def test_fixed_points_follow_the_input_point():
    cell = as_cell(lambda h, x: 0.5 * h + x, n_input=2, n_state=2)
    points = find_fixed_points(cell, torch.randn(4, 2), tolerance=1e-10, input_point=torch.tensor([1.0, -2.0]))
    assert_close(points.states, torch.tensor([2.0, -4.0]).expand(4, 2), atol=1e-4, rtol=0)


def test_starts_that_cannot_converge_are_reported():
    cell = as_cell(lambda h, x: torch.where(h > 10, 0.5 * (h + 12), h + 1 + h**2), n_input=1, n_state=1)
    points = find_fixed_points(cell, torch.tensor([[0.3], [14.0], [-0.2]]))
    assert points.converged.tolist() == [False, True, False]
    assert_close(points.speed[[0, 2]], torch.ones(2), atol=1e-3, rtol=0)
    assert_close(points.states, torch.tensor([[0.0], [12.0], [0.0]]), atol=0.03, rtol=0)


def test_exact_points_of_a_bistable_gru_are_known_with_their_stability():
    grid = torch.linspace(-1.2, 1.2, 9)
    points = exact_fixed_points(bistable_gru(), torch.cartesian_prod(grid, grid))
    places = [tuple(place) for place in (points.states / SINK).round().int().tolist()]
    found = dict(zip(places, points.n_unstable.tolist(), strict=True))
    assert found == {(i, j): (i == 0) + (j == 0) for i in (-1, 0, 1) for j in (-1, 0, 1)}
    assert_close(points.states, (points.states / SINK).round() * SINK, atol=1e-9, rtol=0)
    assert points.speed.max() < 1e-20


def test_slow_points_between_sinks_are_no_exact_points():
    cell = as_cell(lambda h, x: h + 1e-5 * (1 + h**2), n_input=1, n_state=1)
    starts = torch.linspace(-1, 1, 5)[:, None]
    assert find_fixed_points(cell, starts).converged.all()
    assert len(exact_fixed_points(cell, starts).states) == 0


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", CELLS)
def test_precision_is_preserved(name, dtype):
    cell = CELLS[name](3, 5).to(dtype)
    points = find_fixed_points(cell, 0.1 * torch.randn(4, cell.n_state, dtype=dtype), max_iterations=5)
    assert points.states.dtype == points.speed.dtype == dtype
    assert not points.states.requires_grad


def test_one_point_a_place_is_distinct():
    states = torch.tensor([[0.0, 0.0], [5e-4, 0.0], [0.0, 2e-3], [9e-4, 2e-3]])
    assert distinct(states).tolist() == [0, 2]
    assert distinct(states, side=1e-4).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("starts", "options", "message"),
    [
        (torch.zeros(2, 5), {}, r"finite states \[point, 12\]"),
        (torch.full((2, 12), torch.nan), {}, "must be finite"),
        (torch.zeros(2, 12), {"tolerance": 0.0}, "must be positive"),
    ],
)
def test_starts_that_cannot_be_used_are_refused(starts, options, message):
    with pytest.raises(ValueError, match=message):
        find_fixed_points(planted_line()[0], starts, **options)


def test_the_example_of_the_readme_works():
    gru = nn.GRU(8, 40)
    states = gru(torch.randn(30, 4, 8))[0].flatten(0, 1).detach()
    cell = as_cell(gru)
    points = find_fixed_points(cell, states, tolerance=1e-8)
    assert points.states.shape == (120, 40) and points.converged.all() and points.speed.max() < 1e-8
    modes = eigenmodes(recurrent_jacobian(cell, points.states), k=10)
    assert modes.eigenvalues.shape == modes.time_constants.shape == (120, 10)
    assert modes.right.shape == (120, 40, 10) and modes.left.shape == (120, 10, 40)
