import math

import pytest
import torch
from torch.testing import assert_close

from lib.dynamics.manifold import participation_ratio
from lib.dynamics.simplex import angles, angles_to_readout, counted_variances, deviation_from_regular, vertices


def regular(k, n_state=10):
    """k corners of a regular simplex somewhere in a larger space."""
    turned = torch.linalg.qr(torch.randn(n_state, n_state))[0]
    return 3.0 * turned[:k] + torch.randn(n_state)


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_a_regular_simplex_deviates_by_nothing(k):
    assert deviation_from_regular(regular(k)) == pytest.approx(0, abs=0.1)


def test_the_deviation_of_a_right_triangle_by_hand():
    corners = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 3.0]])  # from (1, 1): (−1, −1), (2, −1), (−1, 2)
    expected = max(abs(math.degrees(math.acos(-1 / math.sqrt(10))) - 120), abs(math.degrees(math.acos(-4 / 5)) - 120))
    assert deviation_from_regular(corners) == pytest.approx(expected, abs=1e-4)


def test_angles_by_hand():
    a = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    b = torch.tensor([[0.0, 2.0], [-3.0, 0.0], [1.0, 1.0]])
    assert_close(angles(a, b), torch.tensor([90.0, 180.0, 45.0]))


@pytest.mark.parametrize("k", [3, 5])
def test_the_corners_of_a_filled_simplex_are_found(k):
    corners = regular(k)
    weights = torch.distributions.Dirichlet(torch.full((k,), 0.1)).sample((2_000,))
    logits = weights * 7 + torch.randn(2_000, 1)  # what is common to all classes says nothing
    found = vertices(weights @ corners, logits)
    assert (found - corners).norm(dim=1).max() < 0.3
    assert deviation_from_regular(found) < 5


def test_a_readout_that_points_at_the_corners_is_at_no_angle_to_them():
    corners = regular(4)
    rows = corners - corners.mean(0)
    plane = torch.linalg.svd(rows, full_matrices=False).Vh[:-1]
    assert_close(angles_to_readout(corners, rows + torch.randn(10), plane), torch.zeros(4).double(), atol=0.2, rtol=0)
    turned = angles_to_readout(corners, rows[[1, 0, 2, 3]], plane)
    assert turned[0] > 100 and turned[2] < 1


@pytest.mark.parametrize("k", [3, 4, 5])
def test_words_for_one_class_each_predict_one_dimension_less_than_classes(k):
    counts = torch.full((k, 10 * k), 100.0)
    for c in range(k):
        counts[c, 10 * c : 10 * c + 10] = 400.0
    assert participation_ratio(counted_variances(counts)) == pytest.approx(k - 1, abs=1e-6)


def test_words_on_one_axis_predict_one_dimension():
    valence, grades = torch.linspace(-0.3, 0.3, 40), torch.linspace(-1, 1, 5)
    counts = 1e6 * torch.exp(grades[:, None] * valence)
    assert participation_ratio(counted_variances(counts)) == pytest.approx(1, abs=0.05)
