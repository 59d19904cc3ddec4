"""The network of both papers: embedding → dropout → stack of recurrent cells → dropout → linear readout."""

import copy

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

    `layers` holds one cell a layer, layer n > 1 reading x = h of layer n − 1; there is no dropout between layers
    (paper B and its released code). The embedding stays trainable.
    """

    def __init__(self, architecture: str, n_words: int, n_input: int, n_units: int, n_layers: int = 1, dropout: float = 0.5):
        super().__init__()
        self.embedding = nn.Embedding(n_words, n_input)
        self.embedding.weight.data *= EMBEDDING_SPREAD
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(CELLS[architecture](n_units if n else n_input, n_units) for n in range(n_layers))
        self.readout = nn.Linear(n_units, 1)

    @property
    def cell(self) -> Cell:
        """The top layer, the one that the readout sees."""
        return self.layers[-1]

    @property
    def readout_axis(self) -> Float[Tensor, " state"]:
        """w in the full state of the top layer: zero for the components that the readout does not see (the LSTM's c)."""
        weights = self.readout.weight.detach()[0]
        return torch.cat((weights, weights.new_zeros(self.cell.n_state - self.cell.n_output)))

    def logit(self, state: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch"]:
        """w·h + b for full states of the top layer."""
        return state @ self.readout_axis.to(state) + self.readout.bias.detach().to(state)

    def forward(self, tokens: Int[Tensor, "time batch"], lengths: Int[Tensor, " batch"]) -> Float[Tensor, " batch"]:
        """Logits of padded documents, each read at its own last token."""
        signal = self.dropout(self.embedding(tokens))
        for cell in self.layers:
            signal = cell.outputs(signal)
        last = signal[lengths - 1, torch.arange(tokens.shape[1], device=tokens.device)]
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
    linear.layers = nn.ModuleList([cell])
    return linear.eval().requires_grad_(False)
