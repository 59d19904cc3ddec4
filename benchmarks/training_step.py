"""One training step: padded documents read at their last token, against packed sequences and against torch's own module.

Documents of about 230 tokens, batches of 64, a GRU of 256 units, as in training on IMDB.
"""

import torch
from timing import compare
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from lib.dynamics.cells import GRU, UGRNN, Cell

torch.manual_seed(0)
torch.set_num_threads(1)
lengths = torch.randint(215, 246, (64,)).sort(descending=True).values
inputs = torch.randn(int(lengths.max()), 64, 100)
last = (lengths - 1, torch.arange(64))
fused, of_torch, plain = GRU(100, 256), nn.GRU(100, 256), UGRNN(100, 256)


def step(outputs) -> None:
    outputs.sum().backward()


compare(
    "Forward and backward through one batch",
    {
        "padded, lib.cells.GRU": lambda: step(fused.outputs(inputs)[last]),
        "padded, the same cell in a Python loop": lambda: step(Cell.unroll(fused, inputs)[last]),
        "padded, torch.nn.GRU": lambda: step(of_torch(inputs)[0][last]),
        "packed, torch.nn.GRU": lambda: step(of_torch(pack_padded_sequence(inputs, lengths))[1][0]),
        "padded, lib.cells.UGRNN (no kernel in torch)": lambda: step(plain.outputs(inputs)[last]),
    },
    rounds=3,
)
