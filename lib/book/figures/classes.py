"""More than two classes: the simplex, its dimension, and stars."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex

from lib.book.figures.look import ACCENT, ARCHITECTURE, GREY, INK, NEGATIVE, OCHRE, POSITIVE, plain_log, quantile_band
from lib.book.figures.sections import dots, space

UNORDERED = (ACCENT, OCHRE, "#8E4585", "#35A7A0", "#6B6B6B")  # none is a valence's
GRADES = LinearSegmentedColormap.from_list("grades", (NEGATIVE, "#B0A990", POSITIVE))
KINDS = {"unordered": "o", "ordered": "s", "reviews": "^"}
REACH = 1.35  # of the arrows of the readout, over the farthest vertex


def class_colors(n: int, ordered: bool) -> list[str]:
    """A colour a class: from negative to positive where they are ordered."""
    return [to_hex(GRADES(i / (n - 1))) for i in range(n)] if ordered else list(UNORDERED[:n])


def simplex(
    ax: Axes,
    visited: np.ndarray,
    points: np.ndarray,
    chosen: np.ndarray,
    corners: np.ndarray,
    rows: np.ndarray,
    names: Sequence[str],
    colors: Sequence[str],
) -> None:
    """Slow points [point, 2] coloured by the class that the readout chooses, over the visited states; the vertex of each class,
    numbered, and the readout's row of each class as an arrow from the vertices' mean."""
    ax.scatter(*visited.T, s=2, color="#DDDDDD", lw=0, rasterized=True)
    centre = corners.mean(0)
    longest = np.linalg.norm(corners - centre, axis=1).max()
    for i, (name, color) in enumerate(zip(names, colors, strict=True)):
        ax.scatter(*points[chosen == i].T, s=10, color=color, lw=0, label=name, zorder=3)
        arrow = centre + REACH * longest * rows[i] / np.linalg.norm(rows, axis=1).max()
        ax.annotate("", arrow, centre, arrowprops={"arrowstyle": "->", "color": INK, "lw": 1}, zorder=4)
    for i, (corner, color) in enumerate(zip(corners, colors, strict=True)):
        ax.plot(*corner, "o", ms=11, color=color, mec="white", mew=1.2, zorder=5)
        ax.annotate(str(i + 1), corner, color="white", ha="center", va="center", fontsize=8, zorder=6)
    ax.set_aspect("equal", "datalim")


def class_words(ax: Axes, pushes: np.ndarray, of: np.ndarray, names: Sequence[str], colors: Sequence[str]) -> None:
    """How far each word moves the state [word, 2], as a line from the origin in the colour of the class it speaks for."""
    for i, (name, color) in enumerate(zip(names, colors, strict=True)):
        own = pushes[of == i]
        ends = np.stack((np.zeros_like(own), own, np.full_like(own, np.nan)), 1).reshape(-1, 2)
        ax.plot(*ends.T, color=color, lw=0.9, alpha=0.8, label=name)
        ax.plot(*own.T, ".", color=color, ms=4)
    ax.plot(0, 0, "+", color=INK, ms=8)
    ax.set_aspect("equal", "datalim")


def class_dimensions(axes: Sequence[Axes], table: pd.DataFrame, measure: str, label: str) -> None:
    """A measure of dimension, a dot a network: of unordered classes against k − 1, of others by corpus, with k − 1 as a bar."""
    alone, others = table[table.kind == "unordered"], table[table.kind != "unordered"]
    dimensions = np.sort(alone.k.unique()) - 1
    axes[0].plot(dimensions, dimensions, color=GREY, lw=1, zorder=1, label="k − 1")
    _dots(axes[0], alone, alone.k - 1, measure)
    axes[0].set(xlabel="k − 1, unordered classes", ylabel=label, xticks=dimensions)
    corpora = list(dict.fromkeys(others.corpus))
    place = others.corpus.map(corpora.index)
    bounds = others.groupby("corpus", sort=False).k.first() - 1
    axes[1].hlines(bounds, np.arange(len(corpora)) - 0.3, np.arange(len(corpora)) + 0.3, color=GREY, lw=1, zorder=1)
    _dots(axes[1], others, place, measure)
    axes[1].set_xticks(range(len(corpora)), corpora)
    axes[1].set_xlabel("corpus of ordered classes")
    for ax in axes:
        ax.set_ylim(0, 1.1 * max(table[measure].max(), table.k.max() - 1))


def _dots(ax: Axes, table: pd.DataFrame, x: pd.Series, y: str) -> None:
    """A dot a network, architectures and seeds side by side."""
    for i, (cell, color) in enumerate((cell, ARCHITECTURE[cell]) for cell in ("gru", "lstm", "ugrnn")):
        own = table.architecture == cell
        shift = 0.16 * (i - 1) + 0.035 * (table.seed[own] - 1)
        ax.plot(x[own] + shift, table[y][own], "o", ms=4, color=color, label=cell.upper())


def slow_modes_of_classes(axes: Sequence[Axes], tau: np.ndarray, length: float, table: pd.DataFrame) -> None:
    """Time constants [point, mode] of the slowest modes of one network, median and range, with the mean document; and how many
    modes outlast it, of unordered classes against k − 1, a dot a network."""
    x = np.arange(1, tau.shape[1] + 1)
    quantile_band(axes[0], x, np.quantile(tau, (0.1, 0.5, 0.9), axis=0).T, INK, "median and 10 to 90 %")
    axes[0].plot(x, np.median(tau, axis=0), "o", color=INK, ms=4)
    axes[0].axhline(length, color=GREY, ls=":", label="a document")
    axes[0].set(xlabel="mode", ylabel="τ (tokens)", yscale="log", xticks=x)
    plain_log(axes[0].yaxis)
    axes[0].legend(fontsize=8)
    alone = table[table.kind == "unordered"]
    dimensions = np.sort(alone.k.unique()) - 1
    axes[1].plot(dimensions, dimensions, color=GREY, lw=1, label="k − 1")
    _dots(axes[1], alone, alone.k - 1, "slow modes")
    axes[1].set(xlabel="k − 1, unordered classes", ylabel="modes that outlast a document", xticks=dimensions, ylim=(0, None))
    axes[1].legend(fontsize=8)


def predicted_dimensions(ax: Axes, table: pd.DataFrame, predicted: str, measured: str) -> None:
    """The dimension that word counts predict and the one measured, a dot a network; a line where they are equal."""
    top = 1.08 * table[[predicted, measured]].max().max()
    ax.fill_between([0, top], [-1, top - 1], [1, top + 1], color=GREY, alpha=0.15, lw=0, label="within one")
    ax.plot([0, top], [0, top], color=GREY, lw=1)
    for kind, marker in KINDS.items():
        for cell in ("gru", "lstm", "ugrnn"):
            own = table[(table.kind == kind) & (table.architecture == cell)]
            ax.plot(own[predicted], own[measured], marker, ms=5, color=ARCHITECTURE[cell], alpha=0.8, mec="white", mew=0.4)
        ax.plot([], [], marker, color=INK, ms=5, label=kind if kind == "reviews" else f"{kind} language")
    for cell in ("gru", "lstm", "ugrnn"):
        ax.plot([], [], "s", color=ARCHITECTURE[cell], ms=7, label=cell.upper())
    ax.set(xlabel="predicted by word counts", ylabel="measured, slow points", xlim=(0, top), ylim=(0, top))
    ax.set_aspect("equal")
    ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.02, 0.5))


def simplex_3d(
    visited: np.ndarray,
    points: np.ndarray,
    chosen: np.ndarray,
    corners: np.ndarray,
    names: Sequence[str],
    colors: Sequence[str],
) -> go.Figure:
    """The attractor of several classes, to turn: visited states, slow points by chosen class, edges between vertices."""
    traces = [dots(visited, "states", size=1.5, color=GREY, opacity=0.3)]
    traces += [
        dots(points[chosen == i], name, size=4, color=color, line={"width": 0})
        for i, (name, color) in enumerate(zip(names, colors, strict=True))
    ]
    edges = np.concatenate([np.stack((a, b, np.full(3, np.nan))) for a, b in combinations(corners, 2)])
    line = {"color": GREY, "width": 3}
    traces.append(go.Scatter3d(x=edges[:, 0], y=edges[:, 1], z=edges[:, 2], mode="lines", name="between vertices", line=line))
    return space(traces, [f"readout {i}" for i in (1, 2, 3)])


def words_along_axes(
    axes: Sequence[Axes],
    projections: np.ndarray,
    said: Mapping[str, np.ndarray],
    words: Sequence[str],
    named: Sequence[set[int]],
) -> None:
    """Input projections [axis, word] against what the bag of words says of each word, an axis a panel, some words named."""
    for ax, i, (label, value), shown in zip(axes, range(len(axes)), said.items(), named, strict=True):
        ax.plot(value, projections[i], "o", ms=3, color=ACCENT, alpha=0.5, mew=0)
        ax.axhline(0, color=GREY, lw=0.7)
        ax.axvline(0, color=GREY, lw=0.7)
        for n, j in enumerate(shown):
            side = "right" if value[j] > 0 else "left"
            offset = (-4 if side == "right" else 4, 4 if n % 2 else -8)
            ax.annotate(words[j], (value[j], projections[i, j]), xytext=offset, textcoords="offset points", fontsize=8, ha=side)
        ax.set(xlabel=label, ylabel=f"push along axis {i + 1}")


def grades_after(
    axes: Sequence[Axes], grades: Sequence[str], shares: Mapping[str, Mapping[str, np.ndarray]], colors: Sequence[str]
) -> None:
    """The probability of each grade after a word alone and after it stands behind modifiers; a panel a word."""
    for ax, (word, by_context) in zip(axes, shares.items(), strict=True):
        labels = [f"{context} {word}".strip() for context in by_context]
        left = np.zeros(len(labels))
        for i, (grade, color) in enumerate(zip(grades, colors, strict=True)):
            values = np.array([share[i] for share in by_context.values()])
            ax.barh(labels, values, left=left, color=color, label=grade, edgecolor="white", lw=0.5)
            left = left + values
        ax.invert_yaxis()
        ax.set(xlim=(0, 1), xlabel="probability")
