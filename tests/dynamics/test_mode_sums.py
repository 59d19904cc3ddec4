import pytest
import torch
from torch.testing import assert_close

from lib.dynamics.mode_sums import identity_error, still_there, sum_over_modes, truncation_errors
from lib.dynamics.modes import eigenmodes


def random_system():
    """Two Jacobians with complex modes, and three effects at each."""
    return torch.randn(2, 6, 6).double() / 6**0.5, torch.randn(2, 3, 6).double()


def test_what_is_left_of_an_effect_is_what_the_tokens_leave():
    jacobians, effects = random_system()
    later = torch.einsum("pij,pjk,pek->pei", jacobians, jacobians, effects)
    assert_close(still_there(jacobians, effects, 2), later)
    assert_close(still_there(jacobians, effects, 0), effects)


@pytest.mark.parametrize("n_tokens", [0, 1, 7])
def test_the_sum_over_all_modes_is_what_is_left(n_tokens):
    jacobians, effects = random_system()
    found = sum_over_modes(eigenmodes(jacobians), effects, n_tokens)
    assert_close(found.real, still_there(jacobians, effects, n_tokens))
    assert found.imag.abs().max() < 1e-12
    assert identity_error(jacobians, eigenmodes(jacobians), effects, [n_tokens]) < 1e-12


def test_a_sum_that_stops_lacks_the_parts_of_the_faster_modes():
    """λ = 0.9, 0.5, 0.1 along the axes: of the effect (1, 1, 1) one mode leaves √(0.25 + 0.01) of √(0.81 + 0.25 + 0.01)."""
    jacobian, effect = torch.diag(torch.tensor([0.9, 0.5, 0.1], dtype=torch.double))[None], torch.ones(1, 1, 3).double()
    found = truncation_errors(jacobian, eigenmodes(jacobian), effect, tokens=(1, 2), counts=(1, 3))
    assert found[["tokens", "modes"]].to_numpy().tolist() == [[1, 1], [1, 3], [2, 1], [2, 3]]
    expected = [(0.26 / 1.07) ** 0.5, 0, (0.0626 / 0.7187) ** 0.5, 0]
    assert found["error"].tolist() == pytest.approx(expected, abs=1e-12)


def test_the_identity_fails_with_the_modes_of_another_matrix():
    jacobians, effects = random_system()
    assert identity_error(jacobians, eigenmodes(jacobians.flip(0)), effects, [0, 1]) > 0.1
