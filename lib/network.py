"""The network of both papers: embedding → dropout → stack of recurrent cells → dropout → linear readout."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lib.cells import CELLS, Cell

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
