"""Figures of one network: its states, fixed points, modes and words."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from lib.book.figures.look import (
    ACCENT,
    ALONG,
    GREY,
    INK,
    NEGATIVE,
    NEUTRAL,
    PC,
    POSITIVE,
    VALENCE,
    plain_log,
)


def unit_traces(ax: Axes, states: np.ndarray, color: str) -> None:
    """Activity of single units [time, unit] against the token read."""
    ax.plot(np.arange(len(states)), states, color=color, lw=0.5, alpha=0.25)
    ax.set(xlabel="tokens read", ylabel="unit activity")
    ax.margins(x=0)


def explained_variance(ax: Axes, trained: np.ndarray, untrained: np.ndarray, shown: int = 50) -> None:
    """Cumulative explained variance against the number of components, trained and untrained."""
    k = np.arange(1, min(shown, len(trained)) + 1)
    ax.plot(k, trained[: len(k)], "o-", ms=3, color=INK, label="trained")
    ax.plot(k, untrained[: len(k)], "o-", ms=3, color=GREY, label="untrained")
    ax.axhline(0.9, color=GREY, lw=0.8, ls=":")
    ax.set(xlabel="principal components", ylabel="variance explained", ylim=(0, 1.02))
    ax.legend(loc="lower right")


def state_density(ax: Axes, visited: np.ndarray, labels: np.ndarray, bins: int = 50) -> None:
    """Density of visited states [visit, 2], positive and negative documents in their colours."""
    low, high = np.quantile(visited, [0.001, 0.999], axis=0)
    edges = [np.linspace(low[i], high[i], bins) for i in (0, 1)]
    for value, color in ((1, POSITIVE), (0, NEGATIVE)):
        shade = LinearSegmentedColormap.from_list("", [(1, 1, 1, 0), color])
        counts, *_ = np.histogram2d(*visited[labels == value].T, bins=edges)
        ax.pcolormesh(*edges, np.sqrt(counts).T, cmap=shade, alpha=0.55, rasterized=True, linewidth=0)
    ax.set(xlabel=PC[0], ylabel=PC[1])


def trajectory(ax: Axes, path: np.ndarray, color: str, label: str) -> None:
    """The path [time, 2] of one document, its end marked."""
    ax.plot(*path.T, color="white", lw=2.6)
    ax.plot(*path.T, color=color, lw=1.3, label=label)
    ax.plot(*path[-1], "o", color=color, mec="white", ms=6)


def readout(ax: Axes, start: np.ndarray, direction: np.ndarray, boundary: tuple[np.ndarray, float], length: float) -> None:
    """The initial state, the readout vector from there, and the line where the logit is zero.

    `boundary` is (a, c): in the plane the line a · p = c.
    """
    limits = ax.axis()
    a, c = boundary
    foot, along = a * c / (a @ a), np.array([-a[1], a[0]]) / np.linalg.norm(a)
    ax.plot(*np.stack([foot - 1e3 * along, foot + 1e3 * along]).T, "--", color=INK, lw=1, label="logit = 0")
    tip = start + length * direction / np.linalg.norm(direction)
    ax.annotate("", tip, start, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.5})
    ax.plot(*start, "o", color=INK, ms=6, label="initial state")
    ax.axis(limits)


def fixed_point_cloud(
    ax: Axes, visited: np.ndarray, points: np.ndarray, theta: np.ndarray | None, stuck: np.ndarray, label: str = "fixed point"
):
    """Fixed points [point, 2] coloured by θ over the visited states, with the starts that found none as crosses."""
    ax.scatter(*visited.T, s=2, color="#DDDDDD", lw=0, rasterized=True)
    if len(stuck):
        ax.scatter(*stuck.T, s=14, marker="x", color=GREY, lw=0.8, label="no fixed point reached")
    color = INK if theta is None else theta
    shown = ax.scatter(*points.T, s=16, c=color, cmap=None if theta is None else ALONG, lw=0, label=label, zorder=3)
    ax.set(xlabel=PC[0], ylabel=PC[1])
    return shown


def highlight(ax: Axes, points: np.ndarray, colors: Sequence) -> None:
    """Numbered example points [point, 2]."""
    for i, (point, color) in enumerate(zip(points, colors, strict=True)):
        ax.plot(*point, "o", ms=9, color=color, mec="white", zorder=5)
        ax.annotate(str(i + 1), point, color="white", ha="center", va="center", fontsize=7, zorder=6)


def time_constants(ax: Axes, theta: np.ndarray, tau: np.ndarray, document_length: float) -> None:
    """Time constants [point, mode] of the slowest modes against the position along the manifold."""
    for mode, color in zip(range(tau.shape[1]), (INK, ACCENT, NEUTRAL), strict=False):
        ax.scatter(theta, tau[:, mode], s=10, lw=0, color=color, label=f"mode {mode + 1}")
    ax.axhline(document_length, color=GREY, ls=":", lw=1)
    ax.annotate(
        "mean document", (0.01, document_length), xycoords=("axes fraction", "data"), va="bottom", fontsize=7, color="#555555"
    )
    ax.set(xlabel="position along the manifold, θ", ylabel="τ (tokens)", yscale="log", xlim=(-1.05, 1.05))
    plain_log(ax.yaxis)


def all_time_constants(ax: Axes, tau: np.ndarray, color, label: str) -> None:
    """All time constants of one point, sorted."""
    ax.plot(np.arange(1, len(tau) + 1), np.sort(tau)[::-1], ".", ms=3, color=color, label=label)
    ax.set(xlabel="mode", ylabel="τ (tokens)", yscale="log", xscale="log")


def word_effects(ax: Axes, effects: Mapping[str, np.ndarray], axis: np.ndarray) -> None:
    """Effects of words [word, 2] by valence, their class means as arrows, and the left eigenvector in dark blue."""
    for valence in ("neutral", "negative", "positive"):
        ax.scatter(*effects[valence].T, s=9, color=VALENCE[valence], lw=0, alpha=0.8, label=valence)
    for valence in ("negative", "positive"):
        ax.annotate("", effects[valence].mean(0), (0, 0), arrowprops={"arrowstyle": "-|>", "color": VALENCE[valence], "lw": 2})
    reach = 0.85 * np.abs(np.concatenate(list(effects.values()))).max(0)
    tip = axis * np.min(reach / np.maximum(np.abs(axis), 1e-12))
    ax.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "-|>", "color": ACCENT, "lw": 2})
    ax.axhline(0, color=GREY, lw=0.5, zorder=0)
    ax.axvline(0, color=GREY, lw=0.5, zorder=0)
    ax.set(xlabel="Δ " + PC[0], ylabel="Δ " + PC[1])


def directions(ax: Axes, points: np.ndarray, vectors: np.ndarray, length: float, color: str = ACCENT) -> None:
    """Directions [point, 2] as double-sided bars through example points."""
    for point, vector in zip(points, vectors, strict=True):
        half = length * vector / max(np.linalg.norm(vector), 1e-12)
        ax.plot(*np.stack([point - half, point + half]).T, color=color, lw=2, zorder=4)


def linear_steps(ax: Axes, true: np.ndarray, predicted: np.ndarray) -> None:
    """A path [time + 1, 2], and from each of its states the linear prediction [time, 2] of the next, dashed."""
    ax.plot(*true.T, color=INK, lw=1, label="network")
    ax.plot(*np.stack([true[:-1], predicted], 1).transpose(2, 1, 0), "--", color=NEGATIVE, lw=0.6)
    ax.plot([], [], "--", color=NEGATIVE, lw=1, label="one linear step")
    ax.set(xlabel=PC[0], ylabel=PC[1])


def valence_histograms(ax: Axes, projections: Mapping[str, np.ndarray]) -> None:
    """Distribution over fixed points of the mean input projection of each valence."""
    values = np.concatenate(list(projections.values()))
    edges = np.linspace(values.min(), values.max(), 41) if np.ptp(values) else 10
    for valence, found in projections.items():
        ax.hist(found, edges, color=VALENCE[valence], alpha=0.8, label=valence)
    ax.set(xlabel="mean input projection ℓ₁ᵀ J x", ylabel="fixed points")


def overlap_histogram(ax: Axes, overlaps: np.ndarray, null: np.ndarray, label: str = "fixed points") -> None:
    """Distribution of |cos| against that of random directions."""
    edges = np.linspace(0, 1, 41)
    ax.hist(null, edges, weights=np.full(len(null), 1 / len(null)), color=GREY, alpha=0.6, label="random directions")
    ax.hist(overlaps, edges, weights=np.full(len(overlaps), 1 / len(overlaps)), color=ACCENT, alpha=0.8, label=label)
    ax.set(xlabel="overlap", ylabel="share", xlim=(0, 1.02))


def manifold_3d(
    visited: np.ndarray, labels: np.ndarray, points: np.ndarray, theta, paths: Mapping[str, np.ndarray]
) -> go.Figure:
    """The interactive manifold: visited states, fixed points coloured by θ, and the paths of example documents."""

    def dots(xyz, name, **marker):
        return go.Scatter3d(x=xyz[:, 0], y=xyz[:, 1], z=xyz[:, 2], mode="markers", name=name, marker=marker)

    traces = [
        dots(visited[labels == value], f"states, {name} documents", size=1.5, color=VALENCE[name], opacity=0.25)
        for value, name in ((1, "positive"), (0, "negative"))
    ]
    color = INK if theta is None else theta
    traces.append(dots(points, "fixed points", size=4, color=color, colorscale="Viridis", line={"width": 0}))
    for name, path in paths.items():
        line = {"color": VALENCE[name], "width": 5}
        traces.append(go.Scatter3d(x=path[:, 0], y=path[:, 1], z=path[:, 2], mode="lines", name=f"a {name} review", line=line))
    axes = {f"{axis}axis": {"title": pc} for axis, pc in zip("xyz", PC, strict=True)}
    layout = {"margin": dict.fromkeys("lrtb", 0), "height": 480, "legend": {"orientation": "h"}, "paper_bgcolor": "white"}
    return go.Figure(traces, {"scene": axes, "template": "plotly_white", **layout})


def coloured_words(words: Sequence[str], values: np.ndarray) -> str:
    """A text (HTML) with a background behind each word, green where its value is positive and orange where it is negative."""
    reach = np.abs(values).max() or 1.0

    def shade(value: float) -> str:
        red, green, blue = (int(255 * channel) for channel in to_rgb(POSITIVE if value > 0 else NEGATIVE))
        return f"rgba({red}, {green}, {blue}, {0.75 * abs(value) / reach:.2f})"

    spans = (
        f'<span style="background: {shade(value)}" title="{value:.2f}">{escape(word)}</span>'
        for word, value in zip(words, values, strict=True)
    )
    return f'<p class="coloured-words">{" ".join(spans)}</p>'
