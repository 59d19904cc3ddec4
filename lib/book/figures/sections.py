"""Figures of one network: its states and its fixed points."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from lib.book.figures.look import (
    ACCENT,
    ALONG,
    EXAMPLES,
    GREY,
    INK,
    NEGATIVE,
    NEUTRAL,
    PC,
    POSITIVE,
    VALENCE,
    plain_log,
    quantile_band,
)


def unit_traces(ax: Axes, states: np.ndarray, valence: str) -> None:
    """Activity of single units [time, unit] against the token read, in a review of some valence."""
    ax.plot(np.arange(len(states)), states, color=VALENCE[valence], lw=0.5, alpha=0.25)
    ax.set(xlabel="tokens read", ylabel="unit activity", title=f"a {valence} review")
    ax.margins(x=0)
    ax.label_outer()


def explained_variance(ax: Axes, trained: np.ndarray, untrained: np.ndarray) -> None:
    """Cumulative explained variance against the number of components, trained and untrained."""
    for share, color, label in ((trained, INK, "trained"), (untrained, GREY, "untrained")):
        ax.plot(np.arange(1, len(share) + 1), share, "o-", ms=3, color=color, label=label)
    ax.axhline(0.9, color=GREY, lw=0.8, ls=":")
    ax.set(xlabel="principal components", ylabel="variance explained", ylim=(0, 1.02), xscale="log")
    plain_log(ax.xaxis)
    ax.legend(loc="lower right")


def flows(axes: Sequence[Axes], matrices: Mapping[str, np.ndarray], n_steps: int = 12, n_starts: int = 16) -> None:
    """Paths of states under h' = J h in two dimensions, from starts around the fixed point at the origin, a panel a matrix."""
    angles = np.linspace(0, 2 * np.pi, n_starts, endpoint=False) + np.pi / n_starts
    starts = np.stack((1.2 * np.cos(angles), np.sin(angles)), 1)
    for ax, (name, matrix) in zip(axes, matrices.items(), strict=True):
        paths = np.stack([starts @ np.linalg.matrix_power(matrix, t).T for t in range(n_steps + 1)])
        ax.plot(paths[..., 0], paths[..., 1], color=ACCENT, lw=1)
        ax.plot(*starts.T, "o", color="white", mec=ACCENT, ms=4)
        ax.plot(*paths[-1].T, "o", color=ACCENT, ms=4)
        ax.plot(0, 0, "+", color=INK, ms=8)
        ax.set(xlim=(-2.1, 2.1), ylim=(-1.3, 1.3), xticks=[], yticks=[], xlabel=name)


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


def state_space(
    ax: Axes, visited: np.ndarray, labels: np.ndarray, paths: Mapping[str, np.ndarray], readout: np.ndarray, logit: float
) -> None:
    """Density of visited states [visit, 2] with the paths [time, 2] of reviews by valence, from the initial state.

    `readout` is the readout vector in the plane and `logit` that of the plane's origin: where it comes to 0, a dashed line.
    """
    state_density(ax, visited, labels)
    for valence, path in paths.items():
        trajectory(ax, path, VALENCE[valence], f"a {valence} review")
    limits = ax.axis()
    length = np.linalg.norm(readout)
    foot, along = -logit * readout / length**2, np.array([-readout[1], readout[0]]) / length
    ax.plot(*np.stack([foot - 1e3 * along, foot + 1e3 * along]).T, "--", color=INK, lw=1, label="logit = 0")
    start = next(iter(paths.values()))[0]
    tip = start + 0.25 * np.ptp(visited[:, 0]) * readout / length
    ax.annotate("", tip, start, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.5})
    ax.plot(*start, "o", color=INK, ms=6, label="initial state")
    ax.axis(limits)
    ax.legend(loc="best", fontsize=8)


def variance_of_samples(ax: Axes, shares: Mapping[str, np.ndarray], shown: int = 15) -> None:
    """Cumulative explained variance of the states visited in several samples of documents."""
    for (label, share), color in zip(shares.items(), (INK, ACCENT, NEGATIVE), strict=True):
        ax.plot(np.arange(1, shown + 1), share[:shown], "o-", ms=3, color=color, label=label)
    ax.set(xlabel="principal components", ylabel="variance explained", ylim=(0, 1.02))
    ax.legend(loc="lower right", fontsize=7)


def velocity(ax: Axes, quantiles: np.ndarray, bound: float) -> None:
    """Quantiles [step, 3] of the normalized velocity without input, with a bound."""
    quantile_band(ax, np.arange(len(quantiles)), quantiles, INK, "median, 10–90 % of the starts")
    ax.axhline(bound, color=GREY, ls=":", lw=1)
    ax.set(xlabel="steps without input", ylabel="normalized velocity", yscale="log")
    ax.legend()


def tolerance_curves(axes: Sequence[Axes], sweep: pd.DataFrame, tolerance: float) -> None:
    """Each column of a sweep over tolerances (the first), looser ones on the left; the tolerance of the page is marked."""
    for ax, column in zip(axes, sweep.columns[1:], strict=True):
        ax.plot(sweep["tolerance"], sweep[column], "o-", color=INK, ms=4)
        ax.axvline(tolerance, color=GREY, ls=":", lw=1)
        ax.set(xscale="log", xlabel="tolerance on q", ylabel=column, ylim=(0, 1.05 * max(1, np.nanmax(sweep[column]))))
        ax.invert_xaxis()


def fixed_point_cloud(
    ax: Axes,
    visited: np.ndarray,
    points: np.ndarray,
    theta: np.ndarray | None = None,
    stuck: np.ndarray | None = None,
    label: str = "fixed point",
):
    """Fixed points [point, 2] coloured by θ over the visited states, with the starts that found none as crosses."""
    ax.scatter(*visited.T, s=2, color="#DDDDDD", lw=0, rasterized=True)
    if stuck is not None and len(stuck):
        ax.scatter(*stuck.T, s=14, marker="x", color=GREY, lw=0.8, label="no fixed point reached")
    color = INK if theta is None else theta
    shown = ax.scatter(*points.T, s=16, c=color, cmap=None if theta is None else ALONG, lw=0, label=label, zorder=3)
    ax.set(xlabel=PC[0], ylabel=PC[1])
    return shown


def fixed_point_clouds(axes: Sequence[Axes], visited: np.ndarray, points: Mapping[str, np.ndarray]) -> None:
    """Several sets of slow points over the visited states, a panel each, by title."""
    for ax, (title, some) in zip(axes, points.items(), strict=True):
        fixed_point_cloud(ax, visited, some)
        ax.set_title(title)
        ax.label_outer()


def manifold(
    axes: Sequence[Axes],
    visited: np.ndarray,
    points: np.ndarray,
    theta: np.ndarray | None,
    stuck: np.ndarray,
    shares: np.ndarray,
    readout: np.ndarray,
) -> None:
    """Slow points coloured by their order along the curve, if there is one, over the visited states, with the direction of the
    readout through their mean; beside them their variance along their own axes, on a logarithmic axis."""
    order = None if theta is None else np.argsort(np.argsort(theta)) / (len(theta) - 1)
    shown = fixed_point_cloud(axes[0], visited, points, order, stuck, label="slow point")
    limits = axes[0].axis()
    directions(axes[0], points.mean(0)[None], readout[None], np.ptp(visited[:, 0]), GREY, ls="--", lw=1.2, zorder=1)
    axes[0].plot([], [], "--", color=GREY, lw=1.2, label="direction of the readout")
    axes[0].axis(limits)
    if order is not None:
        bar = axes[0].figure.colorbar(shown, ax=axes[0], shrink=0.7)
        bar.set_ticks([0, 1], labels=["first", "last"])
        bar.ax.set_title("order", fontsize=8)
    axes[0].legend(loc="best", fontsize=8)
    axes[1].plot(np.arange(1, len(shares) + 1), np.clip(shares, 1e-6, None), "o", color=INK)
    axes[1].set(xlabel="axis of the slow points", ylabel="share of their variance", yscale="log", ylim=(5e-7, 1.6))


def example_points(
    ax: Axes, visited: np.ndarray, points: np.ndarray, examples: Sequence[int], vectors: np.ndarray | None = None
) -> None:
    """Fixed points [point, 2] over the visited states, the examples numbered, with directions [example, 2] through them."""
    fixed_point_cloud(ax, visited, points)
    if vectors is not None:
        directions(ax, points[examples], vectors, 0.12 * np.ptp(visited[:, 0]))
    highlight(ax, points[examples], EXAMPLES)


def highlight(ax: Axes, points: np.ndarray, colors: Sequence) -> None:
    """Numbered example points [point, 2]."""
    for i, (point, color) in enumerate(zip(points, colors, strict=True)):
        ax.plot(*point, "o", ms=9, color=color, mec="white", zorder=5)
        ax.annotate(str(i + 1), point, color="white", ha="center", va="center", fontsize=7, zorder=6)


def directions(ax: Axes, points: np.ndarray, vectors: np.ndarray, length: float, color: str = ACCENT, **look) -> None:
    """Directions [point, 2] as double-sided bars through example points."""
    for point, vector in zip(points, vectors, strict=True):
        half = length * vector / max(np.linalg.norm(vector), 1e-12)
        ax.plot(*np.stack([point - half, point + half]).T, color=color, **{"lw": 2, "zorder": 4} | look)


def compared(axes: Sequence[Axes], table: pd.DataFrame) -> None:
    """Bars of each column of a table of three rows, a panel each."""
    for ax, (label, values) in zip(axes, table.items(), strict=True):
        ax.bar(range(3), values, color=[INK, ACCENT, NEUTRAL])
        ax.set_xticks(range(3), [name.replace(" ", "\n") for name in table.index])
        ax.set_ylabel(label)


def dots(xyz: np.ndarray, name: str, **marker) -> go.Scatter3d:
    """Points [point, 3] as marks in space."""
    return go.Scatter3d(x=xyz[:, 0], y=xyz[:, 1], z=xyz[:, 2], mode="markers", name=name, marker=marker)


def manifold_3d(
    visited: np.ndarray, labels: np.ndarray, points: np.ndarray, theta, paths: Mapping[str, np.ndarray]
) -> go.Figure:
    """The interactive manifold: visited states, slow points coloured by θ, and the paths of example documents."""
    traces = [
        dots(visited[labels == value], f"states, {name} documents", size=2, color=VALENCE[name], opacity=0.25)
        for value, name in ((1, "positive"), (0, "negative"))
    ]
    color = ACCENT if theta is None else theta
    scale = [[0, "#6FA8DC"], [1, "#B03AC4"]]  # seen on light and on dark
    traces.append(dots(points, "slow points", size=6, color=color, colorscale=scale, line={"width": 0}))
    for name, path in paths.items():
        line = {"color": VALENCE[name], "width": 2}
        traces.append(go.Scatter3d(x=path[:, 0], y=path[:, 1], z=path[:, 2], mode="lines", name=f"a {name} review", line=line))
    return space(traces)


def space(traces: Sequence[go.Scatter3d], labels: Sequence[str] = PC) -> go.Figure:
    """Three axes to turn, the first to the right; the background is the page's, the letters readable on light and dark."""
    clear = "rgba(0,0,0,0)"
    look = {"backgroundcolor": clear, "gridcolor": GREY, "zerolinecolor": GREY, "color": GREY, "nticks": 5}
    axes = {f"{axis}axis": {"title": label, **look} for axis, label in zip("xyz", labels, strict=True)}
    layout = {
        "margin": dict.fromkeys("lrtb", 0),
        "height": 480,
        "legend": {"orientation": "h", "itemsizing": "constant"},
        "paper_bgcolor": clear,
        "font": {"color": "#808080", "size": 12},
    }
    camera = {"eye": {"x": 0.4, "y": -2.1, "z": 1.2}}
    return go.Figure(traces, {"scene": axes | {"camera": camera}, "template": "plotly_white", **layout})


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
