"""One training step: padded documents read at their last token, against packed sequences and against torch's own module.

Documents of about 230 tokens, batches of 64, 256 units, as in training on IMDB.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from benchmarks.timing import Rows, compare
from lib.dynamics import CELLS, Cell


def rows() -> Rows:
    """The time of one step forward and backward, way by way and cell by cell."""
    torch.manual_seed(0)
    lengths = torch.randint(215, 246, (64,)).sort(descending=True).values
    inputs = torch.randn(int(lengths.max()), 64, 100)
    last = (lengths - 1, torch.arange(64))
    cells = {name: CELLS[name](100, 256) for name in ("gru", "lstm", "ugrnn", "vanilla")}
    of_torch = nn.GRU(100, 256)

    def step(outputs: Tensor) -> None:
        outputs.sum().backward()

    ways = {
        "ours": lambda: step(cells["gru"].outputs(inputs)[last]),
        "ours, in a Python loop": lambda: step(Cell.unroll(cells["gru"], inputs)[last]),
        "torch.nn.GRU, padded": lambda: step(of_torch(inputs)[0][last]),
        "torch.nn.GRU, packed": lambda: step(of_torch(pack_padded_sequence(inputs, lengths))[1][0]),
    }
    by_cell = {name: lambda cell=cell: step(cell.outputs(inputs)[last]) for name, cell in cells.items()}
    return compare("a training step of a GRU", ways) + compare("a training step, by cell", by_cell)
