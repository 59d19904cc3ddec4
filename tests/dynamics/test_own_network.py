"""What a network from outside has to be, what it is refused for, and what its states may look like."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.testing import assert_close

from lib import dynamics
from lib.dynamics import (
    Cell,
    FixedPoints,
    LinearSystem,
    Stack,
    as_cell,
    diagonal_eigenvalues,
    eigenmodes,
    exact_fixed_points,
    find_fixed_points,
    input_jacobian,
    linear_steps,
    nearest,
    normalized_velocity,
    one_step_errors,
    recurrent_jacobian,
    rollout,
    speed,
)

N = 7


def weights(n=N):
    return torch.randn(n, n, generator=torch.Generator().manual_seed(1)) / n**0.5


def slopes(step, states, inputs, place):
    """∂F/∂h (`place` 0) or ∂F/∂x (1) by central differences in double precision, all points at once."""
    point = [states.double(), inputs.double()]
    columns = []
    for e in torch.eye(point[place].shape[1]).double():
        ends = [step(*(part + sign * 1e-6 * e if i == place else part for i, part in enumerate(point))) for sign in (1, -1)]
        columns.append((ends[0] - ends[1]) / 2e-6)
    return torch.stack(columns, -1)


# torch's own


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("kind", "options"), [(nn.GRUCell, {}), (nn.LSTMCell, {}), (nn.RNNCell, {}), (nn.RNNCell, {"nonlinearity": "relu"})]
)
@pytest.mark.parametrize("n_input", [5, 3])  # five inputs to five units: nothing but torch's definition tells them apart
def test_torchs_cells_take_the_input_first_and_are_read_so(kind, options, n_input, bias):
    network, h, x = kind(n_input, 5, bias=bias, **options), torch.randn(4, 5), torch.randn(4, n_input)
    memory = (torch.randn(4, 5),) if kind is nn.LSTMCell else ()
    expected = network(x, (h, *memory)) if memory else (network(x, h),)
    for given in (network, network.forward):
        assert_close(as_cell(given)(torch.cat((h, *memory), 1), x), torch.cat(expected, 1))


def test_the_sizes_of_torchs_cells_may_be_said_again():
    network, starts = nn.GRUCell(6, 6), torch.randn(20, 6)
    found = find_fixed_points(as_cell(network, n_input=6, n_state=6), starts)
    assert_close(network(torch.zeros(20, 6), found.states), found.states, atol=1e-3, rtol=0)
    with pytest.raises(ValueError, match="n_input = 6 and n_state = 6"):
        as_cell(network, n_input=5, n_state=6)


@pytest.mark.parametrize("layer", [0, 1])
def test_networks_of_rectified_units_are_read_as_torch_defines_them(layer):
    network, inputs = nn.RNN(3, 3, num_layers=2, nonlinearity="relu"), torch.randn(9, 4, 3)
    below = inputs if layer == 0 else as_cell(network, layer=0).unroll(inputs)
    found = as_cell(network, layer=layer)
    assert_close(found.unroll(below), found.outputs(below))
    if layer:
        assert_close(found.unroll(below), network(inputs)[0])


class Halved(nn.GRU):
    def forward(self, input, hx=None):
        output, last = super().forward(input, hx)
        return output / 2, last / 2


class Renamed(nn.LSTM):
    """Nothing of its own."""


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.readout = nn.GRU(3, 5), nn.Linear(5, 1)


class Reordered(nn.Module):
    def forward(self, input, hx):
        return torch.tanh(input + hx)


def with_forward(network, forward):
    network.forward = forward
    return network


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("make", "sizes", "told"),
    [
        (lambda: nn.GRU(8, 40, 2), None, "has 2 layers: say which with layer="),
        (lambda: nn.LSTM(8, 40, 3), None, "has 3 layers"),
        (lambda: nn.GRU(8, 40, bidirectional=True), None, "one-directional"),
        (lambda: nn.GRU(8, 40).bfloat16(), None, r"single or double precision, network.float\(\)"),
        (lambda: nn.LSTMCell(8, 40).half(), None, "single or double precision"),
        (lambda: Halved(3, 5), None, "Halved has a forward of its own"),
        (lambda: with_forward(nn.GRUCell(3, 5), lambda x, h: h), None, "a forward of its own"),
        (lambda: torch.compile(nn.GRU(3, 5)), None, "compiled: pass what was compiled, which it holds as ._orig_mod"),
        (lambda: torch.compile(lambda h, x: h), 5, "compiled"),
        (lambda: torch.jit.script(nn.GRUCell(3, 5)), 5, "scripted: pass the module"),
        (lambda: nn.DataParallel(nn.GRU(3, 5)), None, "wrapped: pass what was wrapped, which it holds as .module"),
        (Model, None, "Model holds GRU .encoder: pass that"),
        (lambda: nn.Sequential(nn.LSTM(3, 5)), None, "Sequential holds LSTM .0"),
        (lambda: nn.GRU, None, "n_input= and n_state="),
        (lambda: lambda x, h: torch.tanh(x + h), 5, r"state first and then the input; this one takes \(x, h\)"),
        (Reordered, 5, r"this one takes \(input, hx\)"),
        (lambda: lambda h, x: h, 0, "whole numbers"),
    ],
)
def test_what_is_no_single_step_is_refused_in_a_sentence(make, sizes, told):
    with pytest.raises(ValueError, match=told):
        as_cell(make(), **({} if sizes is None else {"n_input": 5, "n_state": sizes}))


class Stepping(nn.GRU):
    def step(self, h, x):
        return 0.5 * h + x


def test_a_method_of_a_network_of_torch_is_a_step_of_its_own():
    h, x = torch.randn(4, 5), torch.randn(4, 5)
    assert_close(as_cell(Stepping(5, 5).step, n_input=5, n_state=5)(h, x), 0.5 * h + x)


def test_a_subclass_that_changes_nothing_is_read_as_its_parent():
    network, inputs = Renamed(3, 5), torch.randn(6, 2, 3)
    assert_close(as_cell(network).outputs(inputs), network(inputs)[0])


# a step of one's own


def silent(h, x):
    with torch.no_grad():
        return torch.tanh(h @ weights() + x)


class Counting:
    """A step that depends on how often it was called."""

    n = 0

    def __call__(self, h, x):
        self.n += 1
        return h / self.n


class InPlace(Cell):
    def __init__(self):
        nn.Module.__init__(self)
        self.n_input, self.n_state, self.n_output = N, N, N

    def project(self, inputs):
        return inputs

    def advance(self, state, drive):
        return state.mul_(0.5) + drive


NORMALISED = nn.BatchNorm1d(N)
W, HALF = weights(), weights().half()


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (torch.no_grad()(lambda h, x: torch.tanh(h @ weights() + x)), "with respect to h is not its slope"),
        (torch.inference_mode()(lambda h, x: torch.tanh(h @ weights() + x)), "with respect to h"),
        (silent, "with respect to h is not its slope"),
        (lambda h, x: torch.tanh(h.detach() @ weights() + x), "with respect to h"),
        (lambda h, x: 0.5 * h + torch.tanh(h.data @ weights() + x), "with respect to h"),
        (lambda h, x: torch.cat((h[:, :1].detach(), 0.5 * h[:, 1:]), 1) + x, "with respect to h"),
        (lambda h, x: torch.tanh(h @ weights() + x.detach()), "with respect to x is not its slope"),
        (lambda h, x: torch.from_numpy(np.tanh(h.detach().numpy() + x.detach().numpy())), "with respect to h"),
        (lambda h, x: h + 0.1 * torch.randn_like(h), "another state at each call"),
        (nn.functional.dropout, "fails on states"),
        (lambda h, x: nn.functional.dropout(h + x, 0.2), "another state at each call"),
        (Counting(), "another state at each call"),
        (lambda h, x: 0.5 * h + h.mean(0), "depend on each other"),
        (lambda h, x: NORMALISED(h), "depend on each other"),
        (lambda h, x: (h, x), "must return the next state as one tensor.* returns a tuple"),
        (lambda h, x: None, "returns a NoneType"),
        (lambda h, x: h[:, :3], r"returns \[16, 3\]"),
        (lambda h, x: h[0], r"returns \[7\]"),
        (lambda h, x: (h + x).half(), "returns .* torch.float16"),
        (lambda h, x: h @ HALF, "fails on states .* RuntimeError"),
        (lambda h, x: torch.cat((h, x)) @ weights(14), "fails on states"),
        (lambda h: h, "fails on states .* TypeError"),
    ],
)
def test_a_step_that_would_be_believed_although_it_is_wrong_is_refused_in_a_sentence(step, told):
    with pytest.raises(ValueError, match=told) as refused:
        as_cell(step, n_input=N, n_state=N)
    assert "\n" not in str(refused.value)


def test_a_cell_that_writes_into_what_it_is_handed_is_refused():
    with pytest.raises(ValueError, match="changes the h or x that it is handed"):
        as_cell(InPlace())


def test_trying_a_step_leaves_the_random_numbers_as_they_were():
    before = torch.get_rng_state()
    as_cell(lambda h, x: h + 0 * torch.randn_like(h), n_input=N, n_state=N)
    assert torch.equal(torch.get_rng_state(), before)


def halved_in_place(h, x):
    h *= 0.5
    h += 1
    x.zero_()
    return h


def halved_out(h, x):
    torch.add(0.5 * h, 1, out=h)
    return h


@pytest.mark.parametrize("step", [halved_in_place, halved_out, lambda h, x: h.mul_(0.5).add_(1)])
def test_a_step_may_write_into_its_state_and_the_callers_stays(step):
    if step is halved_out:  # torch has no derivative of out=
        with pytest.raises(ValueError, match="differentiated"):
            as_cell(step, n_input=1, n_state=2)
        return
    starts, x = torch.randn(4, 2), torch.ones(1)
    before = starts.clone()
    found = find_fixed_points(as_cell(step, n_input=1, n_state=2), starts, input_point=x)
    assert torch.equal(starts, before) and torch.equal(x, torch.ones(1))
    assert found.converged.all()
    assert_close(found.states, torch.full((4, 2), 2.0), atol=1e-3, rtol=0)


def into_zeros(h, x):
    new = torch.zeros(h.shape, dtype=h.dtype)
    new[..., :2] = torch.tanh(h[..., 2:4]) + x[..., :2]
    new[..., 2:] = 0.3 * h[..., 2:]
    return new


def by_matrix_product(h, x):
    return torch.tanh(torch.mm(h, weights().to(h)) + torch.addmm(x, x, weights().to(h)))


def with_memory(h, x):
    after, memory = h.chunk(2, dim=1)[0], h[:, 4:].unbind(1)
    return torch.cat((0.5 * after, *(torch.sin(column)[:, None] + x[:, :1] for column in memory)), 1)


class Scaled(torch.autograd.Function):
    """A derivative of one's own, which torch.func cannot take."""

    @staticmethod
    def forward(ctx, h):
        return 0.5 * h

    @staticmethod
    def backward(ctx, gradient):
        assert not bool(gradient.detach().isnan().any())
        return 0.5 * gradient


def normalised(h, x):
    return torch.tanh(copy.deepcopy(NORM).to(h)(h + x))


NORM = nn.BatchNorm1d(N).eval()
STEPS = {
    "indexed": lambda h, x: torch.tanh(h[:, :N] @ weights().to(h)),
    "masked": lambda h, x: torch.where(h > 0, h, 0.1 * h) @ weights().to(h) / 2,
    "concatenated": lambda h, x: torch.tanh(torch.cat((x, h), 1) @ torch.cat((weights(), weights())).to(h)),
    "stacked": lambda h, x: torch.stack([0.3 * h[:, i] + x[:, i] for i in range(N)], dim=1),
    "into zeros": into_zeros,
    "a noise of zero": lambda h, x: torch.tanh(h @ weights().to(h) + x) + 0.0 * torch.randn_like(h),
    "a dropout of zero": lambda h, x: nn.functional.dropout(torch.tanh(h @ weights().to(h) + x), 0.0),
    "matrix products": by_matrix_product,
    "batch normalisation": normalised,
    "chunks": with_memory,
    "a loop over points": lambda h, x: torch.stack([torch.tanh(weights().to(h) @ one) for one in h]),
    "a branch": lambda h, x: 0.5 * h if float(h.detach().sum()) > 1e9 else torch.tanh(h + x) / 2,
    "a derivative of its own": lambda h, x: Scaled.apply(h) + x,
    "constant": lambda h, x: torch.ones_like(h),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_written_for_a_batch_has_jacobians_and_exact_points(name):
    step, states, inputs = STEPS[name], torch.randn(6, N), torch.randn(6, N)
    cell = as_cell(step, n_input=N, n_state=N)
    for jacobian, place in ((recurrent_jacobian, 0), (input_jacobian, 1)):
        expected = slopes(step, states, inputs, place)
        assert_close(jacobian(cell, states, inputs).double(), expected, atol=1e-5, rtol=1e-4)
        assert_close(jacobian(cell, states.double(), inputs), expected, atol=1e-6, rtol=1e-5)
    points = exact_fixed_points(cell, states)
    assert points.states.dtype == torch.float64
    assert_close(step(points.states, torch.zeros(len(points), N).double()), points.states, atol=1e-9, rtol=0)


def test_a_step_sees_two_dimensions_whatever_the_batch():
    cell = as_cell(STEPS["indexed"], n_input=N, n_state=N)
    states, inputs = torch.randn(3, 4, N), torch.randn(4, N)
    assert_close(cell.advance(states, inputs), torch.stack([cell(part, inputs) for part in states]))
    assert_close(cell(states[0, 0], inputs[0]), cell(states[0], inputs)[0])


@pytest.mark.parametrize("network", [nn.GRU(3, 5), nn.RNN(3, 5)])
def test_torchs_networks_may_stand_inside_a_step(network):
    cell = as_cell(lambda h, x: network(x[None], h[None])[1][0], n_input=3, n_state=5)
    states = torch.randn(4, 5)
    assert_close(recurrent_jacobian(cell, states), recurrent_jacobian(as_cell(network), states))


def test_a_stack_may_hold_any_step():
    first = as_cell(STEPS["indexed"], n_input=N, n_state=N)
    second = as_cell(nn.GRU(N, 4))
    system, states = Stack([first, second]), torch.randn(3, N + 4) / 10
    parts = torch.cat(diagonal_eigenvalues(system, states), 1)
    whole = torch.linalg.eigvals(recurrent_jacobian(system, states).double())
    assert_close(parts.abs().sort(1).values, whole.abs().sort(1).values, atol=1e-5, rtol=0)
    assert exact_fixed_points(system, states).states.dtype == torch.float64


def test_a_step_of_another_precision_is_analysed_in_it():
    double = weights().double()
    cell = as_cell(lambda h, x: torch.tanh(h @ double), n_input=1, n_state=N)
    assert recurrent_jacobian(cell, torch.randn(2, N)).dtype == torch.float64
    assert find_fixed_points(cell, np.zeros((2, N), dtype=np.float32)).states.dtype == torch.float64


class Holding(nn.Module):
    """A module that cannot be copied: it holds a tensor that a graph belongs to."""

    def __init__(self):
        super().__init__()
        self.inner = nn.GRUCell(3, 5)

    def forward(self, state, token):
        self.last = self.inner(token, state)
        return self.last


def enclosed():
    network = nn.GRUCell(3, 5)
    return lambda h, x: network(x, h)


@pytest.mark.parametrize("make", [Holding, enclosed, lambda: Holding().double()])
def test_exact_points_of_any_step_are_exact_in_double_precision(make):
    step = make()
    points = exact_fixed_points(as_cell(step, n_input=3, n_state=5), torch.randn(20, 5))
    assert points.states.dtype == torch.float64 and points.speed.max() < 1e-20 and len(points) > 0
    kind = next(parameter.dtype for parameter in (step.parameters() if isinstance(step, nn.Module) else [torch.ones(1)]))
    near = step(points.states.to(kind), torch.zeros(len(points), 3, dtype=kind)).double()
    assert_close(near, points.states, atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    "step",
    [
        lambda h, x: torch.tanh(h.float() @ W + 0.125).to(h),
        lambda h, x: torch.tanh(h.to(torch.float32) @ W + 0.125).type_as(h),
        lambda h, x: into_float32_zeros(torch.tanh(h.to(dtype=torch.float32) @ W + 0.125)),
    ],
)
def test_a_step_that_goes_through_single_precision_has_exact_points(step):
    points = exact_fixed_points(as_cell(step, n_input=N, n_state=N), torch.randn(9, N))
    assert len(points) > 0 and points.states.dtype == torch.float64
    expected = torch.tanh(points.states @ W.double() + 0.125)
    assert_close(expected, points.states, atol=1e-8, rtol=0)


def into_float32_zeros(values):
    new = torch.zeros(values.shape)
    new[...] = values
    return new


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_step_that_is_bound_to_single_precision_says_so():
    scripted = torch.jit.script(nn.GRUCell(3, 5))
    cell = as_cell(lambda h, x: scripted(x, h), n_input=3, n_state=5)
    with pytest.warns(UserWarning, match="float32 alone"):
        points = exact_fixed_points(cell, torch.randn(9, 5))
    assert len(points) > 0 and points.states.dtype == torch.float32
    assert_close(scripted(torch.zeros(len(points), 3), points.states), points.states, atol=1e-5, rtol=0)


# what the functions are handed


@pytest.fixture
def gru():
    return as_cell(nn.GRU(3, 5))


FUNCTIONS = {
    "speed": speed,
    "search": lambda cell, states, x=None: find_fixed_points(cell, states, input_point=x).states,
    "exact": lambda cell, states, x=None: exact_fixed_points(cell, states, input_point=x).states,
    "recurrent": recurrent_jacobian,
    "input": input_jacobian,
    "linear": lambda cell, states, x=None: LinearSystem.at(cell, states, x).image,
    "velocity": lambda cell, states, x=None: normalized_velocity(cell, states, 3, x),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    "form",
    [
        lambda states: states.numpy(),
        lambda states: states.double(),
        lambda states: states.double().numpy(),
        lambda states: states.numpy()[::-1][::-1],
        lambda states: np.asfortranarray(states.numpy()),
        lambda states: states.numpy().tolist(),
        lambda states: states.clone().requires_grad_(),
    ],
)
def test_states_may_come_in_any_form(gru, name, form):
    states = torch.randn(4, 5)
    found, expected = FUNCTIONS[name](gru, form(states)), FUNCTIONS[name](gru, states)
    assert found.dtype == expected.dtype
    assert_close(found, expected, check_stride=False)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_one_state_is_a_batch_of_one_and_none_a_batch_of_none(gru, name):
    function = FUNCTIONS[name]
    assert_close(function(gru, torch.ones(5)), function(gru, torch.ones(1, 5)))
    none = function(gru, torch.zeros(0, 5))
    assert 0 in none.shape and none.ndim == function(gru, torch.ones(1, 5)).ndim


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_input_point_is_one_for_all_or_one_each(gru, name):
    function, states = FUNCTIONS[name], torch.full((4, 5), 0.3)
    x = torch.tensor([0.5, -1.0, 2.0])
    for form in (x[None], x.numpy(), x.double(), x[None].double().numpy(), x.expand(4, -1)):
        if name != "exact" or np.ndim(form) == 1 or len(form) == 1:
            assert_close(function(gru, states, form), function(gru, states, x))
    if name not in ("exact", "velocity"):
        each = torch.randn(4, 3)
        assert_close(function(gru, states, each), torch.cat([function(gru, states[i : i + 1], each[i]) for i in range(4)]))


def test_each_start_is_searched_at_its_own_input_and_keeps_it():
    cell = as_cell(lambda h, x: 0.5 * h + x, n_input=2, n_state=2)
    x = torch.randn(6, 2)
    found = find_fixed_points(cell, torch.zeros(6, 2), input_point=x, tolerance=1e-12)
    assert_close(found.states, 2 * x, atol=1e-5, rtol=1e-5)
    assert torch.equal(found[2:].input_point, x[2:])
    exact = exact_fixed_points(cell, torch.zeros(6, 2), input_point=x)
    assert_close(exact.states.float(), 2 * x)
    assert recurrent_jacobian(cell, exact).shape == (6, 2, 2)
    moved = as_cell(lambda h, x: h * x, n_input=2, n_state=2)
    same_place = exact_fixed_points(moved, torch.zeros(2, 2), input_point=torch.tensor([[0.5, 0.5], [2.0, 0.5]]))
    assert same_place.n_unstable.tolist() == [0, 1]


def test_an_lstms_states_may_come_as_torch_hands_them_over():
    network = nn.LSTM(3, 5)
    _, (h, c) = network(torch.randn(9, 4, 3))
    cell, together = as_cell(network), torch.cat((h[0], c[0]), 1)
    for pair in ((h, c), (h[0], c[0]), (h.detach().numpy(), c.detach().numpy())):
        assert_close(recurrent_jacobian(cell, pair), recurrent_jacobian(cell, together))
        assert_close(find_fixed_points(cell, pair).states, find_fixed_points(cell, together).states)
    assert_close(speed(cell, (h[0, 0], c[0, 0])), speed(cell, together[:1]))
    two_layers = torch.zeros(2, 4, 5)
    with pytest.raises(ValueError, match=r"of one layer; got \[2, 4, 10\]"):
        find_fixed_points(cell, (two_layers, two_layers))


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    ("states", "told"),
    [
        (torch.zeros(2, 6), r"(states|points) must be finite states \[point, 5\].* got \[2, 6\]"),
        (torch.zeros(6), r"got \[6\]"),
        (torch.zeros(()), r"got \[\]"),
        (torch.zeros(7, 2, 5), r"got \[7, 2, 5\]"),
        (torch.zeros(1, 2, 5), r"got \[1, 2, 5\]"),
        ((torch.zeros(2, 5), torch.zeros(2, 5)), r"got \[2, 10\]"),
        (torch.full((2, 5), torch.nan), "must be finite"),
        (torch.tensor([[0.0, 0.0, 0.0, 0.0, torch.inf]]), "must be finite"),
        (torch.zeros(2, 5).bfloat16(), "float32 or float64; got torch.bfloat16"),
        (np.zeros((2, 5), dtype=np.float16), "got torch.float16"),
        (torch.zeros(2, 5, dtype=torch.complex64), "got torch.complex64"),
        ("states", "(states|points) must be a tensor or an array of numbers; got str"),
        (None, "got NoneType"),
        ((), r"got \[0\]"),
        ([[0.0], [0.0, 1.0]], "must be a tensor or an array of numbers"),
    ],
)
def test_states_that_cannot_be_meant_are_refused_in_a_sentence(gru, name, states, told):
    with pytest.raises(ValueError, match=told):
        FUNCTIONS[name](gru, states)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    "x",
    [
        torch.zeros(2),
        torch.zeros(()),
        torch.zeros(4, 2),
        torch.zeros(2, 3),
        torch.zeros(1, 4, 3),
        torch.full((3,), torch.nan),
        torch.zeros(3).half(),
        "x",
    ],
)
def test_an_input_point_that_cannot_be_meant_is_refused_in_a_sentence(gru, name, x):
    with pytest.raises(ValueError, match="input_point must be"):
        FUNCTIONS[name](gru, torch.zeros(4, 5), x)


@pytest.mark.parametrize(
    "value", [float("nan"), 0, -1e-8, float("inf"), "1e-8", None, True, [1e-8], torch.tensor([1e-8, 1e-6])]
)
@pytest.mark.parametrize("search", [find_fixed_points, exact_fixed_points])
def test_a_tolerance_that_is_no_positive_number_is_refused(gru, search, value):
    with pytest.raises(ValueError, match="tolerance must be positive"):
        search(gru, torch.zeros(1, 5), tolerance=value)


@pytest.mark.parametrize("value", [1e-6, np.float32(1e-6), torch.tensor(1e-6), 1])
def test_a_tolerance_may_be_any_positive_number(gru, value):
    assert find_fixed_points(gru, torch.randn(3, 5), tolerance=value).converged.all()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_cell_in_half_precision_is_refused(gru, name):
    with pytest.raises(ValueError, match="cell must be in single or double precision"):
        FUNCTIONS[name](gru.half(), torch.zeros(1, 5))


def test_predictions_take_arrays(gru):
    states, inputs = torch.randn(6, 5), torch.randn(6, 3)
    systems = LinearSystem.at(gru, states[:2].numpy())
    arrays = (states.double().numpy(), inputs.double().numpy())
    assert_close(linear_steps(systems, *arrays), linear_steps(systems, states, inputs))
    assert_close(one_step_errors(gru, systems, *arrays), one_step_errors(gru, systems, states, inputs))
    assert_close(rollout(gru, systems, arrays[0], arrays[1][None])[0], gru(states, inputs)[None])
    assert_close(nearest(states[:2], arrays[0]), nearest(states[:2], states))
    with pytest.raises(ValueError, match=r"inputs must have 3 as its last size; got \[6, 5\]"):
        one_step_errors(gru, systems, states, states)


def test_measures_of_clouds_take_arrays():
    states = torch.randn(30, 5)
    for measure in (dynamics.radius, dynamics.have_axis, lambda cloud: dynamics.principal_axes(cloud)[1].tolist()):
        assert measure(states.numpy()) == measure(states)
    assert_close(eigenmodes(torch.eye(3).numpy()[None]).eigenvalues.real, torch.ones(1, 3).double())
    assert_close(dynamics.time_constants(np.array([0.5])), dynamics.time_constants(torch.tensor([0.5]).double()))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_network_that_is_no_cell_yet_is_refused(name):
    with pytest.raises(ValueError, match=r"cell must be a Cell, as as_cell\(network\) makes one; got GRU"):
        FUNCTIONS[name](nn.GRU(3, 5), torch.zeros(1, 5))


def test_a_point_without_a_slope_is_lost_alone():
    cell = as_cell(lambda h, x: torch.where(h < 0, -torch.sqrt(-h), 0.5 * h), n_input=1, n_state=1)
    starts = torch.tensor([[-0.5], [0.5], [-1.0]])
    exact = exact_fixed_points(cell, starts)
    assert {round(float(h), 6) for h in exact.states} <= {-1.0, 0.0} and -1.0 in exact.states.round(decimals=6)
    cell = as_cell(lambda h, x: (h**2).sqrt() * 0.5, n_input=1, n_state=1)
    jacobians = recurrent_jacobian(cell, torch.tensor([[0.0], [1.0]]))
    assert jacobians[0].isnan().all() and jacobians[1] == 0.5
    assert eigenmodes(jacobians).eigenvalues[1] == 0.5
    assert exact_fixed_points(cell, torch.zeros(1, 1)).states.shape == (0, 1)


def test_a_start_from_which_the_step_is_not_finite_is_lost_alone():
    cell = as_cell(lambda h, x: torch.log(h + 2) - torch.log(torch.tensor(2.0)), n_input=1, n_state=1)
    found = find_fixed_points(cell, torch.tensor([[-3.0], [1.0], [-2.0]]))
    assert found.converged.tolist() == [False, True, False]


# what a search gives


def searched():
    cell = as_cell(lambda h, x: torch.cat((torch.tanh(2 * h[:, :2]), 0.1 * h[:, 2:]), 1), n_input=2, n_state=4)
    starts = torch.randn(40, 4)
    return cell, starts, find_fixed_points(cell, starts), exact_fixed_points(cell, starts)


def test_results_come_back_from_a_file(tmp_path):
    cell, _, found, exact = searched()
    modes = eigenmodes(recurrent_jacobian(cell, exact))
    for result in (found, exact, modes, found[:0]):
        result.save(tmp_path / "result.safetensors")
        again = type(result).load(tmp_path / "result.safetensors")
        assert all(torch.equal(value, getattr(again, name)) for name, value in vars(result).items())
    with pytest.raises(ValueError, match="not the eigenvalues, right, left of Modes"):
        type(modes).load(tmp_path / "result.safetensors")
    (tmp_path / "text").write_text("no tensors")
    with pytest.raises(ValueError, match="is not a file that FixedPoints"):
        FixedPoints.load(tmp_path / "text")


def test_results_say_what_they_are_in_two_lines():
    cell, _, found, exact = searched()
    modes = eigenmodes(recurrent_jacobian(cell, exact), k=2)
    told = [repr(result) for result in (found, exact, modes, found[:0], modes[:0])]
    assert all(text.count("\n") == 1 for text in told)
    assert told[0].startswith("FixedPoints: 40 points of 4 units at x* = 0, ")
    n_sinks, n_saddles = int((exact.n_unstable == 0).sum()), int((exact.n_unstable == 1).sum())
    assert n_sinks == 4 and f"{n_sinks} stable" in told[1] and f"{n_saddles} with 1 unstable direction" in told[1]
    assert told[2].startswith(f"Modes: 2 of 4 at {len(exact)} points; 4 points stable")


def test_results_become_tables():
    cell, _, found, exact = searched()
    table = found.to_pandas()
    assert list(table) == ["speed", "converged", "iterations", "h0", "h1", "h2", "h3", "x0", "x1"] and len(table) == 40
    assert table["h2"].tolist() == found.states[:, 2].tolist()
    assert exact.to_pandas()["n_unstable"].tolist() == exact.n_unstable.tolist()
    modes = eigenmodes(recurrent_jacobian(cell, exact), k=2).to_pandas()
    assert modes.index.names == ["point", "mode"] and len(modes) == 2 * len(exact)
    assert modes.loc[(0, 0), "magnitude"] == abs(modes.loc[(0, 0), "eigenvalue"])


@pytest.mark.parametrize("n_state", [1, 4])
def test_results_draw_themselves(n_state):
    import matplotlib.pyplot as plt

    cell = as_cell(lambda h, x: torch.tanh(2 * h), n_input=1, n_state=n_state)
    starts = torch.randn(60, n_state)
    exact = exact_fixed_points(cell, starts)
    modes = eigenmodes(recurrent_jacobian(cell, exact), k=1)
    axes = exact.plot(starts, modes)
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["visited states", "stable", "unstable"]
    drawn = {group.get_label(): len(group.get_offsets()) for group in axes.collections}
    assert drawn == {"stable": int((exact.n_unstable == 0).sum()), "unstable": int((exact.n_unstable > 0).sum())}
    assert len(axes.lines) == 1 + len(exact)
    find_fixed_points(cell, starts).plot(starts.numpy(), axes=axes)
    assert len(modes.plot().collections) == 2
    plt.close("all")
