import math

import pytest
import torch
from torch.testing import assert_close

from lib.dynamics.modes import eigenmodes
from lib.dynamics.nonnormality import angles, condition, growth, henrici, loads, power_norms


def orthogonal(n):
    return torch.linalg.qr(torch.randn(n, n, dtype=torch.float64))[0]


def planted(steepness, n=6):
    """λ₁ = 1 with r₁ = e₀ and ℓ₁ = e₀ + steepness · e₁, all other modes at one half, in rotated coordinates."""
    right, left = torch.eye(n, dtype=torch.float64)[0], torch.eye(n, dtype=torch.float64)[0].clone()
    left[1] = steepness
    turn = orthogonal(n)
    return (turn @ (0.5 * torch.eye(n) + 0.5 * torch.outer(right, left)) @ turn.T)[None], turn


def test_symmetric_and_orthogonal_matrices_are_normal():
    a = torch.randn(3, 8, 8, dtype=torch.float64)
    for matrices in (a + a.mT, torch.linalg.qr(a)[0]):
        assert_close(henrici(matrices), torch.zeros(3, dtype=torch.float64), atol=1e-6, rtol=0)
        assert_close(henrici(matrices), henrici(matrices, torch.linalg.eigvals(matrices)))


def test_a_nilpotent_matrix_is_as_far_from_normal_as_can_be():
    assert_close(henrici(torch.diag(torch.ones(5), 1)[None]), torch.ones(1, dtype=torch.float64))


def test_henrici_of_a_triangular_matrix_is_the_size_of_its_upper_part():
    matrix = torch.tensor([[[0.5, 3.0], [0.0, -0.2]]])
    assert_close(henrici(matrix).item(), math.sqrt(9 / (0.25 + 9 + 0.04)), atol=1e-6, rtol=0)


def test_powers_of_a_normal_matrix_follow_its_largest_eigenvalue():
    turn = orthogonal(6)
    matrix = (turn @ torch.diag(torch.tensor([0.9, -0.8, 0.5, 0.1, 0, 0], dtype=torch.float64)) @ turn.T)[None]
    steps = [1, 2, 5, 20]
    assert_close(power_norms(matrix, steps)[0], torch.tensor([0.9**k for k in steps], dtype=torch.float64))


def test_powers_agree_with_the_definition():
    matrix = torch.randn(2, 7, 7, dtype=torch.float64) / 3
    expected = [torch.linalg.matrix_norm(torch.linalg.matrix_power(matrix, k), ord=2) for k in (1, 3, 4, 10)]
    assert_close(power_norms(matrix, [1, 3, 4, 10]), torch.stack(expected, 1))


@pytest.mark.parametrize("steepness", [0.0, 1.0, 7.0])
def test_powers_tend_to_the_condition_number_of_a_planted_mode(steepness):
    matrix, _ = planted(steepness)
    modes = eigenmodes(matrix, k=1)
    expected = math.sqrt(1 + steepness**2)
    assert_close(condition(modes).item(), expected)
    assert_close(angles(modes).item(), math.degrees(math.acos(1 / expected)), atol=1e-5, rtol=0)
    assert_close(power_norms(matrix, [60]).item(), expected)


def test_growth_along_planted_directions_is_known():
    matrix, turn = planted(7.0)
    directions = (turn @ torch.eye(6, dtype=torch.float64)[:, [0, 1, 2]])[None]
    found = growth(matrix, directions, 3)[:, 0]
    assert_close(found[:, 0], torch.ones(4, dtype=torch.float64))  # stored already
    assert_close(found[:, 2], 0.5 ** torch.arange(4.0, dtype=torch.float64))  # neither selected nor stored
    decayed = 0.5 ** torch.arange(4.0, dtype=torch.float64)
    assert_close(found[:, 1], ((7 * (1 - decayed)) ** 2 + decayed**2).sqrt())  # selected, and stored elsewhere


def test_loads_find_the_mode_that_words_drive_and_the_readout_sees():
    jacobians = torch.diag(torch.tensor([0.99, 0.9, 0.8, 0.1]))[None]
    inward = torch.tensor([[0.0, 0], [2, 0], [0, 3], [1, 0]])[None]  # nothing drives the slowest mode
    readout = torch.tensor([5.0, 1, 0, 1])  # and nothing reads the third
    found = loads(eigenmodes(jacobians), inward, torch.tensor([[1.0, 1.0], [-1.0, 1.0]]), readout)
    assert_close(found, torch.tensor([[0.0, 2, 0, 1]], dtype=torch.float64))
    older = loads(eigenmodes(jacobians), inward, torch.ones(1, 2), readout, age=10)
    assert_close(older, torch.tensor([[0.0, 2 * 0.9**10, 0, 0.1**10]], dtype=torch.float64), atol=1e-6, rtol=0)
