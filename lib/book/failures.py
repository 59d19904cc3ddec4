"""Which measures on record tell why a claim fails, as `lib.book.overview.measure_table` takes them; dots told from lines."""

import pandas as pd

from lib.book.overview import Columns
from lib.training.experiment import DOT_BELOW

SPREAD = "spread of the points over that of the states, along m"
RESTING: Columns = {  # a dot from a line
    "spread at 1e-8": ("A5", SPREAD),
    "spread at q_D": ("A5D", SPREAD),
    "bins at q_D": ("A5D", "bins along m that hold a point, of 20"),
    "starts below 1e-8": ("A4", "share of starts that converge"),
    "slowest τ": ("A7", "median slowest τ (tokens)"),
}
BENT: Columns = {  # a bent line from a straight one
    "|r₁·m|": ("A10", "median |r₁·m|"),
    "|r₁·t|": ("A10", "median |r₁·t|, t the curve's tangent"),
    "|r₁·m| at q_D": ("A10D", "median |r₁·m|"),
    "|r₁·t| at q_D": ("A10D", "median |r₁·t|, t the curve's tangent"),
    "real slowest mode": ("A9", "share of points with a real slowest mode"),
    "slowest τ": ("A7", "median slowest τ (tokens)"),
    "second": ("A7", "median second τ (tokens)"),
    "third": ("A7", "median third τ (tokens)"),
    "first-axis share": ("A5", "first-axis share"),
}
MEMORY: Columns = {"τ over length": ("A7", "slowest τ over the document length")}
ONE_STEP: Columns = {  # distance to the slow points from the size of the words
    "error": ("A11", "median one-step error"),
    "at the state itself": ("A11", "median one-step error, linearized at the state itself"),
    "spread at 1e-8": ("A5", SPREAD),
}


def dots_and_lines(resting: pd.DataFrame) -> dict[str, int]:
    """How many networks have a dot at 1e-8 and how many do not, in how many a saddle was found, and which dots spread at q_D.

    The table has `spread at 1e-8`, `spread at q_D` and `saddles`, one row a network.
    """
    dot, saddle = resting["spread at 1e-8"] < DOT_BELOW, resting["saddles"] > 0
    return {
        "n_dots": int(dot.sum()),
        "n_dots_saddle": int((dot & saddle).sum()),
        "n_dots_drift": int((dot & (resting["spread at q_D"] >= DOT_BELOW)).sum()),
        "n_lines": int((~dot).sum()),
        "n_lines_saddle": int((~dot & saddle).sum()),
    }
