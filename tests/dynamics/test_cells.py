import pytest
import torch
from torch import nn
from torch.testing import assert_close

from lib.dynamics.cells import CELLS, GRU, LSTM, UGRNN, LinearRNN, as_cell

TORCH = [nn.LSTM, nn.GRU, nn.RNN]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", TORCH)
def test_each_layer_agrees_with_torch(kind, bias):
    network, inputs = kind(3, 5, num_layers=2, bias=bias), torch.randn(12, 4, 3)
    expected = network(inputs)[0]
    first, second = as_cell(network, layer=0), as_cell(network, layer=1)
    below = first.unroll(inputs)[..., : first.n_output]
    assert_close(second.unroll(below)[..., : second.n_output], expected, atol=1e-6, rtol=0)
    assert_close(second.outputs(first.outputs(inputs)), expected, atol=1e-6, rtol=0)


def test_lstm_state_is_hidden_then_memory():
    network, inputs = nn.LSTM(3, 5), torch.randn(12, 4, 3)
    _, (hidden, memory) = network(inputs)
    assert_close(as_cell(network).unroll(inputs)[-1], torch.cat((hidden, memory), -1)[0], atol=1e-6, rtol=0)


def test_ugrnn_follows_its_equations():
    cell, h, x = UGRNN(3, 5), torch.randn(4, 5), torch.randn(4, 3)
    (w_u, w_c), (b_u, b_c) = cell.inward.weight.split(5), cell.inward.bias.split(5)
    (u_u, u_c), (c_u, c_c) = cell.recurrent.weight.split(5), cell.recurrent.bias.split(5)
    u = 1 / (1 + torch.exp(-(x @ w_u.T + b_u + h @ u_u.T + c_u)))
    c = torch.tanh(x @ w_c.T + b_c + h @ u_c.T + c_c)
    assert_close(cell(h, x), u * h + (1 - u) * c)


def test_linear_cell_follows_its_equation():
    cell, h, x = LinearRNN(3, 5), torch.randn(4, 5), torch.randn(4, 3)
    nn.init.normal_(cell.recurrent.weight)
    nn.init.normal_(cell.inward.bias)
    nn.init.normal_(cell.recurrent.bias)
    expected = h @ cell.recurrent.weight.T + cell.recurrent.bias + x @ cell.inward.weight.T + cell.inward.bias
    assert_close(cell(h, x), expected)


def test_linear_cell_starts_as_an_integrator():
    cell, inputs = LinearRNN(3, 5), torch.randn(7, 2, 3)
    assert_close(cell.unroll(inputs)[-1], inputs.sum(0) @ cell.inward.weight.T)


def test_forget_gate_starts_open():
    cell = LSTM(3, 64)
    assert abs(cell.inward.bias[64:128].mean() - 1) < 0.05
    assert abs(cell.inward.bias[:64].mean()) < 0.05


@pytest.mark.parametrize("name", CELLS)
def test_step_unroll_and_outputs_agree(name):
    cell, inputs = CELLS[name](3, 5), torch.randn(6, 4, 3)
    state, states = torch.zeros(4, cell.n_state), cell.unroll(inputs)
    for x, after in zip(inputs, states, strict=True):
        state = cell(state, x)
        assert_close(after, state)
    assert_close(cell.outputs(inputs), states[..., : cell.n_output])
    assert_close(cell.unroll(inputs[3:], states[2]), states[3:])


def test_a_callable_becomes_a_cell():
    cell = as_cell(lambda h, x: 0.5 * h + x, n_input=2, n_state=2)
    assert_close(cell.unroll(torch.ones(3, 1, 2))[:, 0, 0], torch.tensor([1.0, 1.5, 1.75]))
    assert_close(cell.outputs(torch.ones(3, 1, 2)), cell.unroll(torch.ones(3, 1, 2)))


def test_a_cell_stays_itself():
    cell = GRU(3, 5)
    assert as_cell(cell) is cell


def test_a_cell_does_not_follow_later_training():
    network, inputs = nn.GRU(3, 5), torch.randn(6, 4, 3)
    cell = as_cell(network)
    before = cell.unroll(inputs)
    nn.init.zeros_(network.weight_ih_l0)
    assert_close(cell.unroll(inputs), before, atol=0, rtol=0)


def test_a_cell_keeps_the_precision_of_its_network():
    assert as_cell(nn.LSTM(3, 5).double()).unroll(torch.randn(2, 1, 3).double()).dtype == torch.float64


@pytest.mark.parametrize(
    ("network", "layer", "message"),
    [
        (nn.GRU(3, 5, bidirectional=True), 0, "Only one-directional networks without projection"),
        (nn.LSTM(3, 5, proj_size=2), 0, "Only one-directional networks without projection"),
        (nn.GRU(3, 5, num_layers=2), None, "has 2 layers: say which with layer="),
        (nn.GRU(3, 5, num_layers=2), 2, "has 2 layers, counted from 0: there is no layer 2"),
        (nn.GRU(3, 5), -1, "there is no layer -1"),
        (torch.add, 0, "pass n_input= and n_state= as well"),
        ("gru", 0, "str is no network"),
    ],
)
def test_what_has_no_single_step_is_refused_with_one_sentence(network, layer, message):
    with pytest.raises(ValueError, match=message):
        as_cell(network, layer)


N_OUT = {"lstm": [200], "gru": [100, 50], "ugrnn": [100], "vanilla": [50]}  # of each kernel of a cell of 50 units
OPEN = {"lstm": [0, 1, 0, 0], "gru": [1, 1, 0], "ugrnn": [1, 0], "vanilla": [0]}  # forget; reset and update; update


@pytest.mark.parametrize("name", N_OUT)
def test_glorots_start_stays_within_the_bound_of_each_kernel_and_reaches_it(name):
    cell = CELLS[name](30, 50)
    cell.start("glorot", "torch")
    weights = torch.cat((cell.inward.weight, cell.recurrent.weight), 1)
    for kernel, n_out in zip(weights.split(N_OUT[name]), N_OUT[name], strict=True):
        bound = (6 / (30 + 50 + n_out)) ** 0.5
        assert 0.99 * bound < kernel.abs().max() <= bound


@pytest.mark.parametrize("name", N_OUT)
def test_weights_can_start_as_wide_as_their_inputs_are_many(name):
    cell = CELLS[name](30, 50)
    cell.start("fan-in", "torch")
    assert cell.inward.weight.std().item() == pytest.approx(30**-0.5, rel=0.08)
    assert cell.recurrent.weight.std().item() == pytest.approx(50**-0.5, rel=0.08)


@pytest.mark.parametrize("name", N_OUT)
def test_recurrent_weights_can_start_orthogonal_or_as_the_identity_a_gate_each(name):
    cell = CELLS[name](3, 5)
    cell.start("orthogonal", "torch")
    for block in cell.recurrent.weight.chunk(cell.n_gates):
        assert_close(block @ block.T, torch.eye(5), atol=1e-5, rtol=0)
    inward = cell.inward.weight.clone()
    cell.start("identity", "torch")
    assert torch.equal(cell.recurrent.weight, torch.eye(5).repeat(cell.n_gates, 1))
    assert torch.equal(cell.inward.weight, inward)


@pytest.mark.parametrize("name", N_OUT)
def test_gates_that_keep_the_state_can_start_open(name):
    cell = CELLS[name](3, 5)
    weights = cell.recurrent.weight.clone()
    cell.start("uniform", "open")
    assert cell.inward.bias.view(-1, 5).tolist() == [[gate] * 5 for gate in OPEN[name]]
    assert not cell.recurrent.bias.any()
    assert torch.equal(cell.recurrent.weight, weights)


@pytest.mark.parametrize("name", CELLS)
def test_torchs_start_leaves_a_cell_as_it_was_drawn(name):
    cell = CELLS[name](3, 5)
    before = {key: value.clone() for key, value in cell.state_dict().items()}
    cell.start("uniform", "torch")
    assert all(torch.equal(value, before[key]) for key, value in cell.state_dict().items())


@pytest.mark.parametrize("start", ["uniform", "glorot", "fan-in", "orthogonal", "identity"])
def test_the_linear_network_always_starts_as_the_identity(start):
    cell = LinearRNN(3, 5)
    cell.start(start, "torch")
    assert torch.equal(cell.recurrent.weight, torch.eye(5))
    assert not cell.inward.bias.any() and not cell.recurrent.bias.any()


@pytest.mark.parametrize(("weights", "biases"), [("zero", "open"), ("glorot", "ajar")])
def test_an_unknown_start_is_refused(weights, biases):
    told = f'Weights cannot start "{weights}" with biases "{biases}": choose one of uniform, glorot, fan-in, '
    with pytest.raises(ValueError, match=f"{told}orthogonal, identity, and open or torch"):
        GRU(3, 5).start(weights, biases)
