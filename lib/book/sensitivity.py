"""How much the measures of a network's fixed points depend on choices of the search (`lib.book.measures.under_choices`)."""

from collections.abc import Mapping

import pandas as pd

MEASURES = ("first-axis share", "|cos(m, w)| in the plane", "slowest τ", "|r₁·m|")  # the four behind the claims
REFERENCE = "reference"
KINDS = {  # what is changed, and how the names of such choices begin
    "tolerance": ("q <",),
    "starts": ("steps",),  # and how many there are
    "documents": ("training", "the shortest"),
    "input point": ("x* =",),
    REFERENCE: (REFERENCE,),
}


def kind_of(choice: str) -> str:
    """What a choice changes, one of `KINDS`. Raises ValueError where it is none of them."""
    for kind, beginnings in KINDS.items():
        if choice.startswith(beginnings) or (kind == "starts" and choice.endswith(" starts")):
            return kind
    raise ValueError(f'"{choice}" is no choice of a search that is compared.')


def compared(searches: Mapping[str, Mapping[str, Mapping[str, float]]]) -> pd.DataFrame:
    """The four measures of every network under every choice, one row each.

    Columns network, choice, kind, measure, value and `change`, the relative change of its size from the reference.
    """
    rows = [
        {
            "network": network,
            "choice": choice,
            "kind": kind_of(choice),
            "measure": measure,
            "value": measures[measure],
            "change": abs(measures[measure] / under[REFERENCE][measure] - 1),
        }
        for network, under in searches.items()
        for choice, measures in under.items()
        for measure in MEASURES
    ]
    return pd.DataFrame(rows)


def typical_change(table: pd.DataFrame, kind: str) -> float:
    """The largest relative change that choices of one kind make in a measure of a network: median over both."""
    largest = table[table["kind"] == kind].groupby(["network", "measure"])["change"].max()
    return float(largest.median())


def ratio(table: pd.DataFrame, choice: str, measure: str) -> float:
    """A measure under one choice over that of the reference: median over networks."""
    values = table[table["measure"] == measure].pivot(index="network", columns="choice", values="value")
    return float((values[choice] / values[REFERENCE]).median())
