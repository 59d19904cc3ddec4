"""The network of both papers: embedding → dropout → stack of recurrent cells → dropout → linear readout."""

import copy
from collections.abc import Sequence
from typing import cast

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lib.dynamics.cells import CELLS, Cell, LinearRNN
from lib.dynamics.linearization import (
    LinearSystem,
)

EMBEDDING_SPREAD = 0.1  # of word vectors that are learned from scratch: small, so that an unlearned word is near x = 0


class Network(nn.Module):
    """Reads token ids, gives the logit of a positive review: logit = w·h + b at the last token.

    With more than two classes the readout has a row a class, and gives a logit a class.

    `layers` holds one cell a layer, layer n > 1 reading x = h of layer n − 1; there is no dropout between layers
    (paper B and its released code). The embedding stays trainable.
    """

    def __init__(
        self,
        architecture: str,
        n_words: int,
        n_input: int,
        n_units: int,
        n_layers: int = 1,
        dropout: float = 0.5,
        n_classes: int = 2,
    ):
        super().__init__()
        self.embedding = nn.Embedding(n_words, n_input)
        self.embedding.weight.data *= EMBEDDING_SPREAD
        self.dropout = nn.Dropout(dropout)
        cells = nn.ModuleList(CELLS[architecture](n_units if n else n_input, n_units) for n in range(n_layers))
        self.layers = cast(Sequence[Cell], cells)
        self.readout = nn.Linear(n_units, 1 if n_classes == 2 else n_classes)

    @property
    def cell(self) -> Cell:
        """The top layer, the one that the readout sees."""
        return self.layers[-1]

    @property
    def readout_axis(self) -> Float[Tensor, " state"]:
        """w in the full state of the top layer: zero for the components that the readout does not see (the LSTM's c).

        With more than two classes, the last class's row less the first's: for ordered classes, from one end to the other.
        """
        rows = self.readout_rows
        return rows[0] if len(rows) == 1 else rows[-1] - rows[0]

    @property
    def readout_rows(self) -> Float[Tensor, "row state"]:
        """The readout's rows in the full state of the top layer: one for two classes, else one a class."""
        weights = self.readout.weight.detach()
        return torch.cat((weights, weights.new_zeros(len(weights), self.cell.n_state - self.cell.n_output)), 1)

    @property
    def readout_plane(self) -> Float[Tensor, "axis state"]:
        """Orthonormal axes of what tells the classes apart, the span of the differences of the readout's rows: k − 1 axes for k
        classes, in the order of their singular values."""
        rows = self.readout_rows
        if len(rows) == 1:
            return rows / rows.norm()
        return torch.linalg.svd(rows - rows.mean(0), full_matrices=False).Vh[:-1]

    def logit(self, state: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch"]:
        """w·h + b for full states of the top layer; with more than two classes, the log-odds of the last against the first."""
        bias = self.readout.bias.detach()
        return state @ self.readout_axis.to(state) + (bias if len(bias) == 1 else bias[-1] - bias[0]).to(state)

    def forward(self, tokens: Int[Tensor, "time batch"], lengths: Int[Tensor, " batch"]) -> Float[Tensor, "batch *class"]:
        """Logits of padded documents, each read at its own last token, or at zero where it has none: one for two classes, else
        one a class."""
        signal = self.dropout(self.embedding(tokens))
        for cell in self.layers:
            signal = cell.outputs(signal)
        last = signal[lengths - 1, torch.arange(tokens.shape[1], device=tokens.device)]
        last = last.masked_fill((lengths == 0)[:, None], 0.0)
        return self.readout(self.dropout(last)).squeeze(-1)

    def states(self, tokens: Int[Tensor, "time batch"]) -> list[Float[Tensor, "time batch state"]]:
        """The full states after each token, a tensor a layer, without dropout."""
        states, signal = [], self.embedding(tokens)
        for cell in self.layers:
            states.append(cell.unroll(signal))
            signal = states[-1][..., : cell.n_output]
        return states


def linearized_network(network: Network, system: LinearSystem) -> Network:
    """The network with its (single) recurrent cell replaced by one linear system throughout (paper A, §5)."""
    linear = copy.deepcopy(network)
    cell = LinearRNN(network.cell.n_input, network.cell.n_state)
    cell.n_output = network.cell.n_output
    offset = system.image - system.recurrent @ system.fixed_point - system.inward @ system.input_point
    cell.load_state_dict(
        {
            "inward.weight": system.inward,
            "inward.bias": offset,
            "recurrent.weight": system.recurrent,
            "recurrent.bias": torch.zeros_like(offset),
        }
    )
    linear.layers = cast(Sequence[Cell], nn.ModuleList([cell]))
    return linear.eval().requires_grad_(False)
