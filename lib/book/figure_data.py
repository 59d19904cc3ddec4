"""The numbers that a figure shows, as a table: what was drawn, read back from matplotlib.

A row a mark: its panel, what kind of mark it is, the series that the legend names, and where it stands.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

MOST, MOST_IN_ALL = 200, 3_000  # rows of a series, and of a figure: of more, as many evenly over them
COLUMNS = ["panel", "kind", "series", "x", "y"]


def data_of(figure: Figure) -> pd.DataFrame:
    """What is drawn with lines, markers and bars in each panel, to five digits; bands, pixels and letters are left out."""
    rows = [
        pd.DataFrame({"panel": panel, "kind": kind, "series": series, "x": x, "y": y})
        for panel, ax in enumerate(figure.axes, 1)
        for kind, series, x, y in _drawn(ax)
    ]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=COLUMNS)
    table = table.iloc[_evenly(len(table), MOST_IN_ALL)].reset_index(drop=True)
    return table.map(lambda value: float(f"{value:.5g}") if isinstance(value, float) else value)


def _drawn(ax: Axes) -> Iterator[tuple[str, str, np.ndarray, np.ndarray]]:
    for line in ax.lines:
        yield "line", _name(line), *_thinned(line.get_xdata(orig=False), line.get_ydata(orig=False))
    for collection in ax.collections:
        if isinstance(collection, PathCollection):
            yield "points", _name(collection), *_thinned(*np.ma.filled(collection.get_offsets(), np.nan).T)
    bars = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    if bars:
        corners = np.array([(bar.get_x() + bar.get_width(), bar.get_y() + bar.get_height()) for bar in bars], dtype=float)
        yield "bars", "", *_thinned(*corners.T)


def _name(artist) -> str:
    label = str(artist.get_label())
    return "" if label.startswith("_") else label


def _thinned(x, y) -> tuple[np.ndarray, np.ndarray]:
    x, y = (np.asarray(values, dtype=float) for values in (x, y))
    kept = _evenly(len(x), MOST)
    return x[kept], y[kept]


def _evenly(n: int, most: int) -> np.ndarray:
    return np.linspace(0, n - 1, min(n, most)).astype(int)
