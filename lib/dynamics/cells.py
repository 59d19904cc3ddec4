"""The recurrent cells. Each defines one step h' = F(h, x); the pass over a sequence and the whole analysis follow from it.

This is the only module that knows architectures: to add one, write a `Cell` and name it in `CELLS`.
"""

import copy
import inspect
import math
import warnings
from collections.abc import Callable
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_map

from lib.dynamics import trial


class Cell(nn.Module):
    """One step of a recurrent network, h' = F(h, x).

    A cell states two things: what an input contributes (`project`) and how the state moves under that drive
    (`advance`). The step, the pass over a sequence and all of `linearization` follow from these.

    `n_input` is the size of x, `n_state` the size N of the full state h, and `n_output` how many of its first components
    the next layer or the readout sees (fewer than N in the LSTM alone).
    """

    kernels: tuple[int, ...]  # how many gates, the candidate among them, a start draws as one matrix over [x, h]
    open_gates: tuple[int, ...] = ()  # those whose bias starts at 1 where the gates start open: they keep the state
    fused_kernel: Callable | None = None
    vmaps = True  # whether torch.func.vmap can take the step apart, point by point

    def __init__(self, n_input: int, n_units: int):
        super().__init__()
        self.n_input, self.n_state, self.n_output = n_input, n_units, n_units
        self.n_gates = sum(self.kernels)
        self.inward = nn.Linear(n_input, self.n_gates * n_units)
        self.recurrent = nn.Linear(n_units, self.n_gates * n_units)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -(n_units**-0.5), n_units**-0.5)

    def start(self, weights: str, biases: str) -> None:
        """Draw the weights anew before training.

        `weights`: "uniform" leaves torch's ±1/√N; "glorot" draws each kernel over [x, h] uniformly within √(6 / (inputs +
        outputs)) (Glorot & Bengio 2010; TensorFlow's cells); "fan-in" draws W and U from normal distributions of variance
        1/inputs; "orthogonal" is "glorot" with orthogonal blocks of U (Saxe, McClelland & Ganguli 2014), "identity" leaves W
        and makes the blocks of U the identity (Le, Jaitly & Hinton 2015). `biases`: "open" sets them to zero, and to one for
        the gates that keep the state; "torch" leaves them.

        Raises ValueError for any other start.
        """
        starts = ("uniform", "glorot", "fan-in", "orthogonal", "identity")
        if weights not in starts or biases not in ("open", "torch"):
            raise ValueError(
                f'Weights cannot start "{weights}" with biases "{biases}": '
                f"choose one of {', '.join(starts)}, and open or torch."
            )
        inward, recurrent = self.inward.weight.data, self.recurrent.weight.data
        n_units = recurrent.shape[1]
        if weights in ("glorot", "orthogonal"):
            sizes = [n * n_units for n in self.kernels]
            for size, w, u in zip(sizes, inward.split(sizes), recurrent.split(sizes), strict=True):
                bound = (6 / (self.n_input + n_units + size)) ** 0.5
                w.uniform_(-bound, bound), u.uniform_(-bound, bound)
        if weights == "fan-in":
            for matrix in (inward, recurrent):
                matrix.normal_(0, matrix.shape[1] ** -0.5)
        if weights in ("orthogonal", "identity"):
            for block in recurrent.chunk(self.n_gates):
                (nn.init.orthogonal_ if weights == "orthogonal" else nn.init.eye_)(block)
        if biases == "open":
            self.inward.bias.data.zero_(), self.recurrent.bias.data.zero_()
            for gate in self.open_gates:
                self.inward.bias.data[gate * n_units : (gate + 1) * n_units] = 1.0

    def project(self, inputs: Float[Tensor, "*batch input"]) -> Float[Tensor, "*batch drive"]:
        """What the inputs contribute to the next state, W x + b."""
        return self.inward(inputs)

    def advance(
        self, state: Float[Tensor, "*batch state"], drive: Float[Tensor, "*batch drive"]
    ) -> Float[Tensor, "*batch state"]:
        """The next state under a drive."""
        raise NotImplementedError

    def forward(
        self, state: Float[Tensor, "*batch state"], inputs: Float[Tensor, "*batch input"]
    ) -> Float[Tensor, "*batch state"]:
        """One step, F(h, x)."""
        return self.advance(state, self.project(inputs))

    @property
    def kinds(self) -> tuple[Tensor, ...]:
        """Tensors of the kinds (precision, device) that the states may be of; none where any will do."""
        return tuple(self.parameters())[:1]

    def in_float64(self) -> "Cell":
        """The same step in double precision: a copy, its weights converted."""
        return copy.deepcopy(self).double()

    def unroll(
        self, inputs: Float[Tensor, "time batch input"], state: Float[Tensor, "batch state"] | None = None
    ) -> Float[Tensor, "time batch state"]:
        """The full state after each token, from `state` (zero by default).

        All inputs are projected at once: one product instead of one a step.
        """
        if state is None:
            state = inputs.new_zeros(inputs.shape[1], self.n_state)
        states = []
        for drive in self.project(inputs).unbind(0):
            state = self.advance(state, drive)
            states.append(state)
        return torch.stack(states)

    def outputs(self, inputs: Float[Tensor, "time batch input"]) -> Float[Tensor, "time batch output"]:
        """What the next layer sees after each token, from a zero state.

        Where torch has a kernel for the whole sequence (cuDNN on a GPU) it is used; it agrees with `unroll`.
        """
        if self.fused_kernel is None:
            return self.unroll(inputs)[..., : self.n_output]
        weights = [self.inward.weight, self.recurrent.weight, self.inward.bias, self.recurrent.bias]
        start = inputs.new_zeros(1, inputs.shape[1], self.n_output)
        start = start if self.n_state == self.n_output else (start, start)
        # the last six: has_biases, num_layers, dropout, training, bidirectional, batch_first
        return self.fused_kernel(inputs, start, weights, True, 1, 0.0, self.training, False, False)[0]


class VanillaRNN(Cell):
    """Vanilla recurrent network (Elman 1990), h' = tanh(W x + b + U h + c)."""

    kernels = (1,)
    fused_kernel = staticmethod(torch.rnn_tanh)

    def advance(self, state, drive):
        return torch.tanh(drive + self.recurrent(state))


class ReluRNN(VanillaRNN):
    """Vanilla recurrent network of rectified units, h' = max(0, W x + b + U h + c)."""

    fused_kernel = staticmethod(torch.rnn_relu)

    def advance(self, state, drive):
        return torch.relu(drive + self.recurrent(state))


class GRU(Cell):
    """Gated recurrent unit (Cho et al. 2014), reset gate after the recurrent product as in torch.

    r, z = σ(W x + b + U h + c),  n = tanh(W_n x + b_n + r ∘ (U_n h + c_n)),  h' = (1 − z) ∘ n + z ∘ h
    """

    kernels = (2, 1)
    open_gates = (0, 1)
    fused_kernel = staticmethod(torch.gru)

    def advance(self, state, drive):
        sizes = (2 * self.n_output, self.n_output)
        gates, candidate = drive.split(sizes, -1)
        recurrent_gates, recurrent_candidate = self.recurrent(state).split(sizes, -1)
        reset, update = torch.sigmoid(gates + recurrent_gates).chunk(2, -1)
        candidate = torch.tanh(candidate + reset * recurrent_candidate)
        return torch.lerp(candidate, state, update)


class LSTM(Cell):
    """Long short-term memory (Hochreiter & Schmidhuber 1997). The full state is [h; c], so N is twice the units.

    i, f, o = σ(W x + b + U h + c₀),  g = tanh(W_g x + b_g + U_g h + c_g),  c' = f ∘ c + i ∘ g,  h' = o ∘ tanh(c')

    The forget gate starts open, with a bias of 1 (Jozefowicz et al. 2015).
    """

    kernels = (4,)
    open_gates = (1,)
    fused_kernel = staticmethod(torch.lstm)

    def __init__(self, n_input: int, n_units: int):
        super().__init__(n_input, n_units)
        self.n_state = 2 * n_units
        with torch.no_grad():
            self.inward.bias[n_units : 2 * n_units] += 1.0

    def advance(self, state, drive):
        hidden, memory = state.chunk(2, -1)
        update, forget, candidate, output = (drive + self.recurrent(hidden)).chunk(4, -1)
        memory = torch.sigmoid(forget) * memory + torch.sigmoid(update) * torch.tanh(candidate)
        return torch.cat((torch.sigmoid(output) * torch.tanh(memory), memory), -1)


class UGRNN(Cell):
    """Update gate network (Collins, Sohl-Dickstein & Sussillo 2016).

    u = σ(W_u x + b_u + U_u h + c_u),  c = tanh(W_c x + b_c + U_c h + c_c),  h' = u ∘ h + (1 − u) ∘ c
    """

    kernels = (2,)
    open_gates = (0,)

    def advance(self, state, drive):
        update, candidate = (drive + self.recurrent(state)).chunk(2, -1)
        return torch.lerp(torch.tanh(candidate), state, torch.sigmoid(update))


class LinearRNN(Cell):
    """The linear control, h' = U h + c + W x + b, trained directly (paper A, §5). Starts as a perfect integrator, U = 1."""

    kernels = (1,)

    def __init__(self, n_input: int, n_units: int):
        super().__init__(n_input, n_units)
        self.start("identity", "open")

    def start(self, weights, biases):
        super().start("identity", "open")

    def advance(self, state, drive):
        return drive + self.recurrent(state)


class Step(Cell):
    """Any callable F(h [point, state], x [point, input]) as a cell, so that it can be analysed and unrolled.

    It is handed copies, which it may change, and whatever the batch, two dimensions.
    """

    vmaps = False
    kinds: tuple[Tensor, ...] = ()

    def __init__(self, step: Callable[[Tensor, Tensor], Tensor], n_input: int, n_state: int):
        nn.Module.__init__(self)
        self.step, self.n_input, self.n_state, self.n_output = step, n_input, n_state, n_state

    def project(self, inputs):
        return inputs

    def advance(self, state, drive):
        batch = torch.broadcast_shapes(state.shape[:-1], drive.shape[:-1])
        h, x = (part.expand(*batch, -1).reshape(math.prod(batch), part.shape[-1]).clone() for part in (state, drive))
        after = self.step(h, x)
        return after.reshape(*batch, -1) if len(batch) != 1 and isinstance(after, Tensor) else after

    def tried(self) -> "Step":
        """Itself, once `trial` has found that it is a step, and of which kinds its states may be."""
        self.kinds = trial.kinds(self.advance, self.n_input, self.n_state)
        return self

    def in_float64(self):
        """Itself if it can, or with its weights, which may be anywhere, taken as float64 wherever it uses them.

        Where neither works it stays in single precision, with a warning.
        """
        if not self.kinds or any(kind.dtype == torch.float64 for kind in self.kinds):
            return self
        try:
            promoted = Step(_Promoted(self.step), self.n_input, self.n_state).tried()
            h, x = trial.points(self.n_input, self.n_state, self.kinds[0])
            with torch.no_grad():
                torch.testing.assert_close(promoted(h.double(), x.double()), self(h, x).double(), rtol=1e-4, atol=1e-5)
            return promoted
        except (ValueError, RuntimeError, AssertionError):
            warnings.warn("This step runs in float32 alone: its fixed points are exact to single precision.", stacklevel=2)
            return self


class _Promoted:
    """A step in double precision, although it uses weights in single precision."""

    def __init__(self, step: Callable[[Tensor, Tensor], Tensor]):
        self.step = step

    def __call__(self, h: Tensor, x: Tensor) -> Tensor:
        with _InFloat64():
            return self.step(h, x)


class _InFloat64(TorchFunctionMode):
    """Lets all functions of torch take and return float64 where it was float32."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        args, kwargs = tree_map(_double, (args, kwargs or {}))
        return tree_map(_double, (Tensor.double if func is Tensor.float else func)(*args, **kwargs))


def _double(part: object) -> object:
    if part is torch.float32:
        return torch.float64
    return part.double() if isinstance(part, Tensor) and part.dtype == torch.float32 else part


def input_or_zero(cell: Cell, states: Tensor, input_point: Tensor | None) -> Float[Tensor, "*points input"]:
    """x*, which is zero by default, of the kind of the states."""
    return states.new_zeros(cell.n_input) if input_point is None else input_point.to(states)


CELLS = {"lstm": LSTM, "gru": GRU, "ugrnn": UGRNN, "vanilla": VanillaRNN, "linear": LinearRNN}
_OF_TORCH = {nn.LSTM: LSTM, nn.GRU: GRU, nn.RNN: VanillaRNN, nn.LSTMCell: LSTM, nn.GRUCell: GRU, nn.RNNCell: VanillaRNN}


def as_cell(network: object, layer: int | None = None, *, n_input: int | None = None, n_state: int | None = None) -> Cell:
    """One layer of a recurrent network as a `Cell`, cell(state, inputs) → next state.

    `network` is a torch.nn.RNN, GRU or LSTM, of which `layer` counts from 0 and is to be said where there are several; an
    RNNCell, GRUCell or LSTMCell; a cell of this module; or any callable F(h [point, state], x [point, input]), state first,
    which must also say `n_input` and `n_state`. A step is tried once on a few points (`lib.dynamics.trial`). The weights of
    torch's networks are copied: the cell does not follow later training. An LSTM's state is [h; c].

    Raises ValueError, in one sentence, where the network cannot be read as one step, or is none.
    """
    if isinstance(network, Cell):
        trial.examine(network, *trial.points(network.n_input, network.n_state, (*network.kinds, torch.empty(0))[0]))
        return network
    owner = getattr(network, "__self__", None)
    if isinstance(owner, tuple(_OF_TORCH)) and network in (owner.forward, owner.__call__):
        network = owner  # its forward stands for a network of torch
    _refuse_wrapped(network)
    for of_torch, of_lib in _OF_TORCH.items():
        if isinstance(network, of_torch):
            if type(network).forward is of_torch.forward and "forward" not in vars(network):
                return _from_torch(network, layer, of_lib, n_input, n_state)
            if n_input is None or n_state is None:
                raise ValueError(
                    f"{type(network).__name__} has a forward of its own, not {of_torch.__name__}'s: "
                    "pass its step as F(h, x), with n_input= and n_state=."
                )
    if not callable(network):
        raise ValueError(f"{type(network).__name__} is no network: pass a torch.nn.RNN, GRU or LSTM, a cell, or F(h, x).")
    if n_input is None or n_state is None:
        raise ValueError(f"{_inside(network)}A callable F(h, x) does not tell its sizes: pass n_input= and n_state= as well.")
    if not all(isinstance(n, int) and n >= least for n, least in ((n_input, 0), (n_state, 1))):
        raise ValueError(f"n_input and n_state must be whole numbers of inputs and states; got {n_input!r} and {n_state!r}.")
    _refuse_input_first(network)
    return Step(cast(Callable[[Tensor, Tensor], Tensor], network), n_input, n_state).tried()


def _refuse_wrapped(network: object) -> None:
    """Raise ValueError for what torch wraps around a module, and say how to come by the module."""
    parallel = isinstance(network, nn.DataParallel | nn.parallel.DistributedDataParallel)
    how = "wrapped" if parallel else "compiled"
    for attribute in ("module",) if parallel else ("_orig_mod", "_torchdynamo_orig_callable"):
        if hasattr(network, attribute):
            raise ValueError(f"The network is {how}: pass what was {how}, which it holds as .{attribute}.")
    if isinstance(network, torch.jit.ScriptModule):
        raise ValueError("The network is scripted: pass the module that it was made from.")


def _refuse_input_first(network: Callable) -> None:
    """Raise ValueError where the names of a callable's arguments say that the input comes before the state."""
    try:
        first, second = list(inspect.signature(getattr(network, "forward", network)).parameters)[:2]
    except (TypeError, ValueError):
        return
    if first in ("x", "input", "inputs") and second in ("h", "hx", "hidden", "state"):
        raise ValueError(f"F takes the state first and then the input; this one takes ({first}, {second}): turn them round.")


def _inside(network: object) -> str:
    """A sentence on the recurrent networks that a module holds, or nothing."""
    parts = network.named_modules() if isinstance(network, nn.Module) else ()
    held = [f"{type(part).__name__} .{name}" for name, part in parts if name and isinstance(part, (*_OF_TORCH, Cell))]
    return f"{type(network).__name__} holds {', '.join(held)}: pass that, or its step. " if held else ""


def _from_torch(network: nn.Module, layer: int | None, of_lib: type[Cell], n_input: int | None, n_state: int | None) -> Cell:
    """The cell of a layer of torch's network, or of torch's cell, with its weights."""
    n_layers = getattr(network, "num_layers", 1)
    if getattr(network, "bidirectional", False) or getattr(network, "proj_size", 0):
        raise ValueError("Only one-directional networks without projection have one step F(h, x).")
    if layer is None and n_layers > 1:
        raise ValueError(f"The network has {n_layers} layers: say which with layer=, counted from 0.")
    if not 0 <= (layer or 0) < n_layers:
        raise ValueError(f"The network has {n_layers} layers, counted from 0: there is no layer {layer}.")
    of_lib = ReluRNN if getattr(network, "nonlinearity", "tanh") == "relu" else of_lib
    suffix = f"_l{layer or 0}" if isinstance(network, nn.RNNBase) else ""
    names = {"inward": "ih", "recurrent": "hh"}
    weights = {f"{ours}.weight": getattr(network, f"weight_{theirs}{suffix}") for ours, theirs in names.items()}
    kind = weights["inward.weight"]
    if kind.dtype not in (torch.float32, torch.float64):
        raise ValueError(f"The network must be in single or double precision, network.float(); its weights are {kind.dtype}.")
    cell = of_lib(kind.shape[1], weights["recurrent.weight"].shape[1]).to(kind)
    if n_input not in (None, cell.n_input) or n_state not in (None, cell.n_state):
        raise ValueError(f"The network tells its sizes: n_input = {cell.n_input} and n_state = {cell.n_state}.")
    for ours, theirs in names.items():
        bias = getattr(network, f"bias_{theirs}{suffix}") if network.bias else torch.zeros_like(getattr(cell, ours).bias)
        weights[f"{ours}.bias"] = bias
    cell.load_state_dict({name: value.detach() for name, value in weights.items()})
    return cell.requires_grad_(False)
