import copy
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch.testing import assert_close

from lib.book.layers import alone, charged, coupled_points, layer_measures, stack, step_ratio, step_sizes, steps_at
from lib.book.ledger import ledger
from lib.book.paper_b import kind, paper_b
from lib.dynamics.cells import GRU
from lib.dynamics.fixed_points import speed
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.stack import INITIAL_CENTRE, INITIAL_RADIUS, Stack, diagonal_eigenvalues, disc, eigenvalues_at_rest
from lib.training.folder import load
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


@pytest.fixture(scope="module")
def two_layers(stack_folder):
    return load(stack_folder)


def test_the_steps_of_all_layers_are_those_between_sampled_states(two_layers):
    steps = step_sizes(two_layers)
    tokens, layers = two_layers.evidence.transitions.tokens, two_layers.evidence.layers
    lowest, upper = two_layers.network.layers
    below = lowest(layers[0].states, two_layers.network.embedding.weight[tokens])
    assert_close(steps[0], (below - layers[0].states).norm(dim=-1))
    assert_close(steps[1], (upper(layers[1].states, below) - layers[1].states).norm(dim=-1))


def test_a_layer_on_its_own_has_its_own_cell_states_and_readout(two_layers):
    lower, top = alone(two_layers, 0), alone(two_layers, 1)
    assert lower.network.cell is two_layers.network.layers[0] and top.network.cell is two_layers.network.layers[1]
    assert_close(top.network.readout_axis, two_layers.network.readout_axis)
    layer, labels = lower.evidence.layers[0], two_layers.evidence.transitions.density_labels
    visited = layer.mean + layer.density @ layer.axes[:3]
    found = [float(lower.network.logit(visited[labels == label]).mean()) for label in (1, 0)]
    assert found[0] > 0 > found[1] and found[0] == pytest.approx(-found[1], rel=1e-3)
    assert lower.checksum != top.checksum


def test_the_measures_of_a_layer_are_what_the_claims_about_depth_ask(two_layers):
    layers = [layer_measures(two_layers, n, n_starts=20) | {"step at charged over other words": 2.0} for n in range(2)]
    assert {kind(layer) for layer in layers} <= {"line", "many", "some", "few"}
    found = paper_b({"gru": layers[:1], "gru3": [*layers, layers[1]], "gru2": layers}, {"gru": 0.9})
    assert set(found) == {"B1", "B2", "B3", "B4", "B4b", "B5", "B6", "B9"}
    assert found["B9"]["largest difference of a test accuracy (points)"] == pytest.approx(0.25)
    for key, measures in found.items():
        assert {criterion.measure for criterion in ledger()[key].criteria} <= set(measures)


def test_a_start_far_from_all_states_lies_far_out_and_growing_modes_count_as_unstable(two_layers):
    saved = alone(two_layers, 0)
    layer = saved.evidence.layers[0]
    usual = layer_measures(saved, 0, n_starts=5)
    away = replace(layer, states=layer.states + 100 * layer.axes[0], mean=layer.mean + 100 * layer.axes[0])
    moved = replace(saved, evidence=replace(saved.evidence, layers=[away]), checksum="moved")
    assert layer_measures(moved, 0, n_starts=5)["how far out the start lies"] > 10 * usual["how far out the start lies"]
    growing = replace(saved, network=copy.deepcopy(saved.network), checksum="growing")
    growing.network.cell.recurrent.weight.data *= 20
    assert layer_measures(growing, 0, n_starts=5)["unstable modes"] > 0


def test_charged_steps_are_told_from_others():
    steps = torch.tensor([[1.0, 1.0, 3.0, 3.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0]])
    ratio, low, high = step_ratio(steps, torch.tensor([0.0, 0.0, 1.0, -1.0, 0.0]))
    assert_close(ratio, torch.tensor([3.0, 1.0]))
    assert (low <= ratio).all() and (ratio <= high).all()


def test_the_step_at_a_word_is_its_median_over_the_same_states(two_layers):
    token = two_layers.evidence.transitions.tokens[:1]
    lowest, before = two_layers.network.layers[0], two_layers.evidence.layers[0].states[:7]
    x = two_layers.network.embedding.weight[token].expand(7, -1)
    found = steps_at(two_layers, token.repeat(2), n_states=7)
    assert found.shape == (2, 2) and (found[:, 0] == found[:, 1]).all()
    assert_close(found[0, 0], (lowest(before, x) - before).norm(dim=-1).median())


def test_charged_words_are_the_most_positive_and_the_most_negative_ones(two_layers):
    found = charged(two_layers, torch.arange(len(two_layers.vocabulary)), n_words=3)
    weights = two_layers.evidence.words["bag_of_words"]
    assert (found > 0).sum() == (found < 0).sum() == 3
    assert weights[found > 0].min() > weights[found < 0].max()


def test_coupled_points_are_slow_in_the_whole_stack(two_layers):
    points = coupled_points(two_layers, n_starts=10)
    assert points.states.shape[1] == sum(cell.n_state for cell in two_layers.network.layers)
    assert_close(speed(stack(two_layers), points.states), points.speed)


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
