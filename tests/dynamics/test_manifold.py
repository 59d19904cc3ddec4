import math

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from torch.testing import assert_close

from lib.dynamics.manifold import (
    alignment,
    distance_to,
    drift_tolerance,
    explained,
    manifold_coordinate,
    n_components,
    n_occupied,
    participation_ratio,
    principal_axes,
    radius,
    random_alignment,
    share_inside,
    spread_ratio,
    tangents,
)


def planted_curve(n=300, dimension=40):
    """Points at random places of a half circle that drifts upwards, in a random plane of a larger space."""
    place = torch.rand(n)
    curve = torch.stack((torch.cos(math.pi * place), torch.sin(math.pi * place), 0.3 * place), -1)
    frame = torch.linalg.qr(torch.randn(dimension, 3))[0]
    return place, 5 * curve @ frame.T + 1


def test_coordinate_orders_the_points_of_a_curve():
    place, states = planted_curve()
    theta = manifold_coordinate(states)
    assert abs(spearmanr(theta, place).statistic) > 0.99
    assert (theta.min().item(), theta.max().item()) == (-1.0, 1.0)


def test_coordinate_grows_along_the_first_axis():
    states = torch.outer(torch.linspace(0, 1, 50) ** 2, torch.tensor([3.0, 4.0]))
    along = states @ principal_axes(states)[0][0]
    assert spearmanr(manifold_coordinate(states), along).statistic > 0.99


def test_repeated_points_share_their_coordinate():
    _, states = planted_curve(100)
    theta = manifold_coordinate(torch.cat((states, states[:40], states[:1].expand(30, -1))))
    assert_close(theta[100:140], theta[:40], atol=0, rtol=0)
    assert_close(theta[140:], theta[:1].expand(30), atol=0, rtol=0)


def test_two_places_are_no_curve():
    with pytest.raises(ValueError, match="at least 3 distinct points; there are 2"):
        manifold_coordinate(torch.eye(2).repeat(10, 1))


def test_tangents_follow_a_curve():
    place = torch.linspace(0, 1, 200)
    curve = torch.stack((torch.cos(math.pi * place), torch.sin(math.pi * place), 0.3 * place), -1)
    slope = torch.stack((-math.pi * torch.sin(math.pi * place), math.pi * torch.cos(math.pi * place), 0.3 + 0 * place), -1)
    frame = torch.linalg.qr(torch.randn(40, 3))[0]
    found = tangents(5 * curve @ frame.T + 1)
    assert_close(found.norm(dim=1), torch.ones(200))
    assert alignment(found, slope @ frame.T).min() > 0.99
    axis = principal_axes(curve @ frame.T)[0][0]
    assert (found @ axis >= 0).all()


def test_tangents_of_a_line_are_its_axis_in_spite_of_scatter():
    line = torch.outer(torch.linspace(-3, 3, 100), torch.eye(20)[4]) + 0.01 * torch.randn(100, 20)
    assert tangents(line)[:, 4].abs().min() > 0.95


def test_tangents_of_a_ring_go_round():
    angle = torch.linspace(0, 2 * math.pi, 201)[:-1]
    ring = torch.zeros(200, 10)
    ring[:, 3], ring[:, 7] = angle.cos(), angle.sin()
    expected = torch.zeros(200, 10)
    expected[:, 3], expected[:, 7] = -angle.sin(), angle.cos()
    overlap = alignment(tangents(ring), expected)
    assert overlap.median() > 0.99 and overlap.min() > 0.85


def test_repeated_points_share_their_tangent():
    _, states = planted_curve(100)
    found = tangents(torch.cat((states, states[:40])))
    assert_close(found[100:], found[:40], atol=0, rtol=0)
    assert_close(found[:100], tangents(states), atol=1e-4, rtol=0)


@pytest.mark.parametrize("states", [torch.eye(3)[:2].repeat(4, 1), torch.ones(1, 3), torch.ones(5, 3)])
def test_fewer_than_three_places_have_the_first_axis_for_a_tangent(states):
    found = tangents(states)
    assert_close(found, principal_axes(states)[0][0].expand_as(states))
    assert_close(found.norm(dim=1), torch.ones(len(states)))


def test_bins_that_hold_a_position_are_counted():
    assert n_occupied(torch.tensor([0.0, 0.04, 0.06, 0.99, 1.0]), 0.0, 1.0) == 3
    assert n_occupied(torch.tensor([-0.1, 1.1]), 0.0, 1.0) == 0
    assert n_occupied(torch.linspace(-5, 5, 1000), -1.0, 1.0, n_bins=7) == 7


def test_participation_ratio_counts_equal_axes():
    assert participation_ratio(torch.tensor([2.0, 2.0, 2.0, 0.0])) == pytest.approx(3)
    assert participation_ratio(torch.tensor([5.0, 0.0, 0.0])) == pytest.approx(1)


def test_components_for_a_share_of_the_variance():
    spectrum = torch.tensor([6.0, 3.0, 0.5, 0.5])
    assert_close(explained(spectrum), torch.tensor([0.6, 0.9, 0.95, 1.0]))
    assert [n_components(spectrum, share) for share in (0.5, 0.7, 0.92)] == [1, 2, 3]


def test_principal_axes_of_a_planted_cloud():
    corners = torch.tensor([[3.0, 0, 0], [-3.0, 0, 0], [0, 1.0, 0], [0, -1.0, 0]]) + 7
    axes, shares = principal_axes(corners)
    assert_close(axes[:2].abs(), torch.eye(3)[:2])
    assert_close(shares, torch.tensor([0.9, 0.1, 0.0]))


def test_share_inside_a_plane():
    corners = torch.tensor([[3.0, 0, 0], [-3.0, 0, 0], [0, 1.0, 0], [0, -1.0, 0]]) + 7
    assert share_inside(corners, torch.eye(3)[:1]) == pytest.approx(0.9)
    assert share_inside(corners, torch.eye(3)[:2]) == pytest.approx(1)
    assert share_inside(corners, torch.eye(3)[2:]) == pytest.approx(0)


def test_alignment_is_the_cosine_without_its_sign():
    a = torch.tensor([[1.0, 0.0], [1.0, 0.0], [2.0, 0.0]])
    b = torch.tensor([[-3.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    assert_close(alignment(a, b), torch.tensor([1.0, 0.0, 0.5**0.5]))


@pytest.mark.parametrize("quantile", [0.5, 0.99])
def test_random_alignment_agrees_with_random_directions(quantile):
    directions = np.random.default_rng(0).normal(size=(200_000, 20))
    cosines = np.abs(directions[:, 0]) / np.linalg.norm(directions, axis=1)
    assert random_alignment(20, quantile) == pytest.approx(np.quantile(cosines, quantile), rel=0.01)


def test_the_drift_tolerance_is_a_share_of_the_cloud_in_a_document():
    states = torch.randn(500, 16)
    radius = states.var(0, correction=0).sum().sqrt()
    speed = drift_tolerance(float(radius**2), 16, length=50.0, share=0.3)
    assert 50 * (16 * speed) ** 0.5 == pytest.approx(0.3 * float(radius))


def test_the_spread_of_points_is_relative_to_the_states():
    states = torch.randn(400, 3) * torch.tensor([5.0, 1.0, 0.1])
    axis = principal_axes(states)[0][0]
    assert spread_ratio(0.5 * states, states, axis) == pytest.approx(0.5, rel=1e-3)
    assert math.isnan(spread_ratio(states[:1], states, axis))


def test_distances_are_in_radii_of_the_cloud():
    states = torch.tensor([[2.0, 0.0], [-2.0, 0.0], [0.0, 2.0], [0.0, -2.0]]) + 5
    assert radius(states) == pytest.approx(2.0)
    points = torch.tensor([[5.0, 8.0], [9.0, 5.0], [6.0, 5.0]])  # 1, 2 and 1 from the nearest state
    assert distance_to(states, points, states) == pytest.approx(0.5)
    assert distance_to(points, points, states) == 0
