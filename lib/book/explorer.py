"""The page on which a reader chooses a network: the list, the tables that it has without a script, the place of the charts."""

import json
from collections.abc import Sequence

import pandas as pd

from lib.book.html import number, render, short
from lib.book.overview import overview
from lib.book.stacks import stack_layers
from lib.training.catalogue import catalogue, spec_of, stack_label

CELLS = {"lstm": "LSTM", "gru": "GRU", "ugrnn": "UGRNN", "vanilla": "vanilla RNN"}
CORPORA = {"imdb": "IMDB", "yelp": "Yelp", "sst": "SST", "synthetic": "synthetic language"}
OF_A_LAYER = (
    *("variance in the first 2 PCs", "components for 90 %", "participation ratio", "share of starts that converge"),
    *("distinct points", "distinct points further on", "first-axis share", "|cos(m, w)| in the plane", "slowest τ"),
    *("share of complex modes", "step at charged over other words"),
)


def entry(network: str) -> dict[str, str | int]:
    """What the list says of a network: its title, the one that stands beside it, and the command that runs its sections."""
    listed, its = catalogue(), spec_of(network)
    is_stack = network in listed["stacks"]
    names = listed["stack_sections"][: 1 if its.n_layers == 1 else None] if is_stack else listed["sections"]
    return {
        "name": network,
        "title": f"{stack_label(network) if is_stack else CELLS[its.architecture]}, {CORPORA.get(its.dataset, its.dataset)}",
        "beside": listed["stack_example" if is_stack else "working_example"],
        "command": f'make notebook NB="{" ".join(names)}" ARGS="-p network {network}"',
    }


def rows_of_networks(networks: Sequence[str]) -> pd.DataFrame:
    """The main measures of networks of paper A, in words; the index names what a link to each row ends in."""
    return overview(networks).map(number)


def rows_of_layers(networks: Sequence[str]) -> pd.DataFrame:
    """The same of the layers of stacks, a row each."""
    table = stack_layers(networks)
    names = [short(name) + (f"-layer-{n}" if n > 1 else "") for name, n in zip(table["network"], table["layer"], strict=True)]
    return table[list(OF_A_LAYER)].map(number).set_axis(names)


def chooser(networks: Sequence[str], stacks: Sequence[str]) -> str:
    """Where a reader chooses and the script draws, as HTML."""
    named = {"Networks of paper A": networks, "Stacks, layer by layer": stacks}
    groups = {title: [entry(name) for name in names] for title, names in named.items()}
    listed = json.dumps([one for group in groups.values() for one in group], ensure_ascii=False)
    return render("explorer.html", groups=groups, listed=listed)


def side_by_side(networks: Sequence[str], stacks: Sequence[str]) -> str:
    """The main measures of all, a row each, as HTML; a link to a network leads to its row, and the script shows it."""
    tables = {"network": rows_of_networks(networks), "layer": rows_of_layers(stacks)}
    return render("side_by_side.html", tables=tables)
