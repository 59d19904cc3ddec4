"""The page for the reader's own network finds the memories of a flip-flop, and says so."""

import re
from pathlib import Path

import jupytext
import torch

from lib.book.own_network import found

PAGE = Path(__file__).parents[2] / "book" / "own-network.py"


def test_the_cells_of_the_page_find_four_memories_in_two_bits():
    cells = [cell.source for cell in jupytext.read(PAGE).cells if cell.cell_type == "code"]
    of_the_reader = [source for source in cells if "lib.book" not in source and "page." not in source]
    space = {}
    exec("\n".join(of_the_reader), space)
    told = found(space["points"])
    assert "4 stable" in told and int((space["points"].n_unstable == 1).sum()) == 4
    memories = space["table"][space["table"].n_unstable == 0][["bit 1", "bit 2"]].round().to_numpy()
    assert {tuple(bits) for bits in memories.tolist()} == {(a, b) for a in (-1, 1) for b in (-1, 1)}
    assert re.fullmatch(r"\d exact fixed points, 4 stable, .*\.", told)
    assert torch.equal(space["points"].n_unstable[space["points"].n_unstable == 0], torch.zeros(4, dtype=torch.int64))
