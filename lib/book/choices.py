"""What another choice changes: the measures of `under_choices` side by side."""

import pandas as pd

from lib.book.searches import INPUT_POINTS
from lib.training.folder import Saved


def input_point_table(saved: Saved, choices: pd.DataFrame) -> pd.DataFrame:
    """A row for each input point: its norm, and the measures of the points that are fixed there, but for their number."""
    points = {name: at(saved) for name, at in INPUT_POINTS.items()}
    norms = {name: 0.0 if point is None else float(point.norm()) for name, point in points.items()}
    rows = choices.loc[["reference" if name == "zero" else f"x* = {name}" for name in norms]].set_axis(list(norms))
    return pd.concat((pd.Series(norms, name="norm of x*"), rows.drop(columns="distinct points")), axis=1)


def largest_change(choices: pd.DataFrame) -> tuple[float, str, str]:
    """The largest change against the first row, relative to it: how large, of which measure, under which choice.

    How many starts converge, and to how many points, is no property of the network and left out.
    """
    table = (choices / choices.iloc[0] - 1).drop(columns=["share of starts", "distinct points"]).iloc[1:].abs()
    changes = table.unstack().dropna()
    if not len(changes):
        return float("nan"), "no measure", "any choice"
    measure, choice = changes.idxmax()
    return float(changes.max()), measure, choice
