from itertools import pairwise

import pytest
import torch
from torch.testing import assert_close

from lib.dynamics.cells import GRU
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.stack import INITIAL_CENTRE, INITIAL_RADIUS, Stack, diagonal_eigenvalues, disc, eigenvalues_at_rest
from lib.training.network import Network


def layers(*sizes):
    return torch.nn.ModuleList(GRU(n, m).double() for n, m in pairwise(sizes)).requires_grad_(False)


def test_a_stack_does_in_one_step_what_the_network_does_layer_by_layer():
    network = Network("gru", 9, 3, 4, n_layers=3).eval().requires_grad_(False)
    tokens = torch.randint(0, 9, (5, 2))
    apart = network.states(tokens)
    together = Stack(network.layers).unroll(network.embedding(tokens))
    assert_close(together, torch.cat(apart, -1))


def test_the_eigenvalues_of_a_coupled_stack_are_those_of_its_layers_at_their_own_inputs():
    system = Stack(layers(3, 4, 5))
    states = torch.randn(6, 9, dtype=torch.float64)
    whole = torch.linalg.eigvals(recurrent_jacobian(system, states))
    parts = torch.cat(diagonal_eigenvalues(system, states), 1)
    for one, other in zip(whole, parts, strict=True):
        assert len(one) == len(other) and torch.cdist(torch.view_as_real(one), torch.view_as_real(other)).amin(1).max() < 1e-9


def test_the_jacobian_of_a_stack_is_block_lower_triangular():
    jacobian = recurrent_jacobian(Stack(layers(3, 4, 5)), torch.randn(1, 9, dtype=torch.float64))[0]
    assert (jacobian[:4, 4:] == 0).all() and (jacobian[4:, :4] != 0).any()


def test_a_gru_as_drawn_rests_in_a_disc_of_eigenvalues_around_one_half():
    torch.manual_seed(0)
    centre, radius = disc(eigenvalues_at_rest(GRU(30, 256).requires_grad_(False)))
    assert centre == pytest.approx(INITIAL_CENTRE, abs=0.01) and radius == pytest.approx(INITIAL_RADIUS, rel=0.05)


def test_a_disc_is_found_whatever_the_few_eigenvalues_outside():
    n = 2000
    turn, far = 2 * torch.pi * torch.rand(n), torch.rand(n).sqrt()
    within = 0.3 + 0.2 * torch.polar(far, turn)
    centre, radius = disc(torch.cat((torch.full((20,), 0.99 + 0j), within)))
    assert centre == pytest.approx(0.3, abs=0.02) and radius == pytest.approx(0.2, rel=0.05)
