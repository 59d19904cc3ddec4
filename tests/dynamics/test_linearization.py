import math
from functools import partial

import pytest
import torch
from torch.testing import assert_close

from lib.dynamics.cells import CELLS, GRU, LinearRNN, as_cell
from lib.dynamics.linearization import (
    LinearSystem,
    input_jacobian,
    linear_steps,
    nearest,
    one_step_errors,
    recurrent_jacobian,
    relative_error,
    rollout,
)
from lib.dynamics.modes import eigenmodes, input_projections, median_angle, time_constants
from lib.text.documents import pad
from lib.training.network import Network, linearized_network


def differences(function, point, step=1e-6):
    """Central differences of a function at a point [column]."""
    columns = [(function(point + step * e) - function(point - step * e)) / (2 * step) for e in torch.eye(len(point)).to(point)]
    return torch.stack(columns, -1)


@pytest.mark.parametrize("name", CELLS)
def test_jacobians_are_the_slopes_of_the_step(name):
    cell = CELLS[name](3, 5).double().requires_grad_(False)
    states, x = torch.randn(4, cell.n_state).double(), torch.randn(3).double()
    for point, recurrent, inward in zip(
        states, recurrent_jacobian(cell, states, x), input_jacobian(cell, states, x), strict=True
    ):
        assert_close(recurrent, differences(lambda h: cell(h, x), point), atol=1e-8, rtol=0)
        assert_close(inward, differences(partial(cell, point), x), atol=1e-8, rtol=0)


def test_jacobians_are_taken_without_input_unless_told():
    cell, states = GRU(3, 5), torch.randn(4, 5)
    assert_close(recurrent_jacobian(cell, states), recurrent_jacobian(cell, states, torch.zeros(3)))
    assert_close(input_jacobian(cell, states), input_jacobian(cell, states, torch.zeros(3)))


@pytest.mark.parametrize("k", [None, 1, 6, 7])
def test_modes_are_biorthonormal_and_ordered(k):
    modes = eigenmodes(torch.randn(5, 60, 60) / 60**0.5, k)
    n = k or 60
    assert_close(modes.left @ modes.right, torch.eye(n).expand(5, n, n).to(torch.complex128), atol=1e-9, rtol=0)
    assert_close(modes.right.norm(dim=1), torch.ones(5, n).double())
    assert (modes.eigenvalues.abs().diff(dim=1) < 1e-12).all()


@pytest.mark.parametrize("k", [1, 6, 7])
def test_leading_modes_are_those_of_the_full_decomposition(k):
    jacobians = torch.randn(5, 60, 60).double() / 60**0.5
    full, leading = eigenmodes(jacobians), eigenmodes(jacobians, k)
    assert_close(leading.eigenvalues.abs(), full.eigenvalues[:, :k].abs())
    assert (full.eigenvalues[:, :6].imag != 0).any()
    for point in range(5):
        same = (leading.eigenvalues[point, :, None] - full.eigenvalues[point]).abs().argmin(1)
        assert_close(leading.eigenvalues[point], full.eigenvalues[point, same])
        assert_close(leading.right[point], full.right[point][:, same], atol=1e-7, rtol=0)
        assert_close(leading.left[point], full.left[point, same], atol=1e-7, rtol=0)


def test_planted_modes_come_back():
    eigenvalues = torch.tensor([1.0, -0.7, 0.3]).double()
    right = torch.tensor([[3.0, 0.0, 1.0], [4.0, 1.0, 0.0], [0.0, 0.0, 1.0]]).double()
    right = right / right.norm(dim=0)
    left = torch.linalg.inv(right)
    modes = eigenmodes((right @ torch.diag(eigenvalues) @ left)[None])
    assert_close(modes.eigenvalues[0].real, eigenvalues)
    assert_close(modes.right[0].real, right)
    assert_close(modes.left[0].real, left)


def test_line_attractor_among_equal_modes_is_the_leading_one():
    right, left = torch.eye(60)[0], torch.eye(60)[0] + 3 * torch.eye(60)[1]
    modes = eigenmodes((0.5 * torch.eye(60) + 0.5 * torch.outer(right, left))[None], k=1)
    assert_close(modes.eigenvalues[0, 0].real, torch.tensor(1.0).double())
    assert_close(modes.right[0, :, 0].real, right.double(), atol=1e-9, rtol=0)
    assert_close(modes.left[0, 0].real, left.double(), atol=1e-9, rtol=0)


@pytest.mark.parametrize("jacobian", [torch.zeros(40, 40), torch.eye(40)])
def test_leading_modes_of_a_degenerate_matrix_are_biorthonormal(jacobian):
    modes = eigenmodes(jacobian[None], k=3)
    assert_close(modes.eigenvalues[0], jacobian.diagonal()[:3].to(torch.complex128))
    assert_close(modes.left @ modes.right, torch.eye(3)[None].to(torch.complex128), atol=1e-9, rtol=0)


@pytest.mark.parametrize("size", [3, 300])
@pytest.mark.parametrize("k", [None, 2])
def test_a_defective_matrix_has_no_left_modes_and_leaves_the_others_alone(size, k):
    shift = torch.diag(torch.ones(size - 1), 1)  # one eigenvector, e_1
    modes = eigenmodes(torch.stack([shift, torch.diag(torch.linspace(1, 0.1, size))]), k=k)
    assert modes.left[0].isnan().all()
    first = torch.eye(size)[0].to(torch.complex128)
    assert_close(modes.left[1, 0], first, atol=1e-9, rtol=0)
    assert_close(modes.right[1, :, 0], first, atol=1e-9, rtol=0)


@pytest.mark.parametrize(("k", "message"), [(0, "has 1 to 4 modes; k = 0"), (5, "has 1 to 4 modes; k = 5")])
def test_more_modes_than_there_are_is_refused(k, message):
    with pytest.raises(ValueError, match=message):
        eigenmodes(torch.eye(4)[None], k)


@pytest.mark.parametrize("size", [4, 300])
@pytest.mark.parametrize("entry", [torch.nan, torch.inf])
@pytest.mark.parametrize("k", [None, 2])
def test_a_jacobian_that_is_not_finite_has_no_modes_and_leaves_the_others_alone(size, entry, k):
    jacobians = torch.diag(torch.linspace(1, 0.1, size)).repeat(3, 1, 1)
    jacobians[1, 0, 2] = entry
    modes, alone = eigenmodes(jacobians, k), eigenmodes(jacobians[:1], k)
    assert modes.eigenvalues[1].isnan().all() and modes.right[1].isnan().all() and modes.left[1].isnan().all()
    for point in (0, 2):
        assert_close(modes[[point]].eigenvalues, alone.eigenvalues)
        assert_close(modes[[point]].left, alone.left)


def test_the_effect_of_a_past_input_is_a_sum_over_modes():
    cell = GRU(3, 20).double()
    x, states = torch.randn(3).double(), torch.randn(4, 20).double()
    recurrent, pushed = recurrent_jacobian(cell, states), input_jacobian(cell, states) @ x
    modes = eigenmodes(recurrent)
    for k in (1, 5, 20):
        expected = torch.linalg.matrix_power(recurrent, k) @ pushed[..., None]
        amplitudes = modes.eigenvalues**k * (modes.left @ pushed[..., None].to(modes.left)).squeeze(-1)
        found = modes.right @ amplitudes[..., None]
        assert ((found - expected).norm(dim=1) / expected.norm(dim=1)).max() < 1e-6


@pytest.mark.parametrize(("size", "angle"), [(0.9, 0.0), (0.99, 0.7), (1.02, 0.3)])
def test_time_constant_is_the_time_in_which_a_mode_decays(size, angle):
    turn = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]).double()
    cell = as_cell(lambda h, x: size * h @ turn.T, n_input=1, n_state=2)
    sizes = cell.unroll(torch.zeros(100, 1, 1).double(), torch.ones(1, 2).double())[:, 0].norm(dim=-1)
    measured = 99 / (sizes[-1] / sizes[0]).log().abs()
    tau = eigenmodes(recurrent_jacobian(cell, torch.zeros(1, 2).double())).time_constants
    assert_close(tau[0], measured.expand(2))


def test_time_constant_of_an_integrator_is_infinite():
    assert time_constants(torch.tensor([1.0 + 0j, math.exp(-1) + 0j])).tolist() == pytest.approx([math.inf, 1.0])


def test_input_projection_reads_the_input_with_the_left_vector():
    cell = LinearRNN(2, 2).double().requires_grad_(False)
    cell.recurrent.weight.copy_(torch.tensor([[1.0, 1.5], [0.0, 0.5]]))  # r₁ = (1, 0), ℓ₁ = (1, 3)
    cell.inward.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 2.0]]))
    points = torch.zeros(1, 2).double()
    modes = eigenmodes(recurrent_jacobian(cell, points))
    words = torch.tensor([[1.0, 0.0], [0.0, 1.0], [6.0, -1.0]]).double()
    assert_close(input_projections(modes, input_jacobian(cell, points), words)[0], torch.tensor([1.0, 6.0, 0.0]).double())


def test_linear_system_of_a_linear_network_is_exact():
    cell = LinearRNN(3, 5).double().requires_grad_(False)
    cell.recurrent.weight.normal_().mul_(0.4)
    cell.recurrent.bias.normal_()
    systems = LinearSystem.at(cell, torch.randn(4, 5).double(), torch.randn(3).double())
    states, inputs = torch.randn(7, 5).double(), torch.randn(20, 7, 3).double()
    assert_close(systems[2](states, inputs[0]), cell(states, inputs[0]))
    assert one_step_errors(cell, systems, states, inputs[0]).max() < 1e-12
    true, linear = rollout(cell, systems, states, inputs)
    assert_close(true, cell.unroll(inputs, states))
    assert relative_error(linear, true).max() < 1e-12


def test_linear_system_keeps_the_image_of_a_point_that_moves():
    cell, points = GRU(3, 5).requires_grad_(False), torch.randn(4, 5)
    assert_close(LinearSystem.at(cell, points)(points, torch.zeros(4, 3)), cell(points, torch.zeros(4, 3)))


def test_linear_error_of_a_gru_is_of_second_order():
    cell, point, away = GRU(3, 5).double().requires_grad_(False), torch.randn(1, 5).double(), torch.randn(1, 5).double()
    system, x = LinearSystem.at(cell, point), torch.zeros(1, 3).double()
    near, far = ((system(point + d * away, x) - cell(point + d * away, x)).norm() for d in (1e-3, 1e-2))
    assert 80 < far / near < 120


def test_each_state_takes_the_nearest_point():
    points = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 5.0]])
    assert nearest(points, torch.tensor([[0.9, 0.3], [-1.0, 4.0], [0.1, 0.1]])).tolist() == [1, 2, 0]


def test_each_state_takes_the_linear_step_of_the_fixed_point_nearest_to_it():
    cell, points = GRU(3, 5).requires_grad_(False), torch.stack((torch.ones(5), -torch.ones(5)))
    states, inputs = (
        0.1 * torch.randn(130, 5) + torch.where(torch.arange(130) % 3 == 0, 1.0, -1.0)[:, None],
        torch.randn(130, 3),
    )
    systems = LinearSystem.at(cell, points)
    found = linear_steps(systems, states, inputs)
    for i in (0, 1, 64, 129):
        assert_close(found[i], systems[0 if i % 3 == 0 else 1](states[i], inputs[i]))


def test_relative_error_is_a_share_of_the_true_state():
    assert_close(relative_error(torch.tensor([[3.0, 5.0]]), torch.tensor([[3.0, 4.0]])), torch.tensor([0.2]))


def test_linearized_network_of_a_linear_network_is_the_network(documents):
    network, batch = Network("linear", 12, 4, 6).eval().requires_grad_(False), pad(documents.tokens[:9])
    system = LinearSystem.at(network.cell, torch.randn(1, 6))[0]
    assert_close(linearized_network(network, system)(*batch), network(*batch), atol=1e-4, rtol=1e-4)


def test_linearized_network_steps_with_the_linear_system(documents):
    network = Network("lstm", 12, 4, 6).eval().requires_grad_(False)
    system = LinearSystem.at(network.cell, torch.randn(1, 12), torch.randn(4))[0]
    tokens, lengths = pad(documents.tokens[:1])
    state = torch.zeros(12)
    for token in tokens[:, 0]:
        state = system(state, network.embedding(token))
    assert_close(linearized_network(network, system)(tokens, lengths)[0], network.logit(state[None])[0], atol=1e-5, rtol=1e-4)


def test_the_median_angle_counts_large_eigenvalues_alone():
    turning = torch.polar(torch.tensor([0.9, 0.8, 0.7, 0.4]), torch.tensor([0.0, -0.5, math.pi, 1.0]))
    assert median_angle(turning) == pytest.approx(math.degrees(0.5), rel=1e-5)
    assert median_angle(turning[None], above=0.85) == 0
    assert math.isnan(median_angle(turning, above=0.95))
