"""One function per kind of figure. Each takes axes and arrays, draws, and computes nothing but positions on the page."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import chain

import matplotlib.pyplot as plt
import numpy as np
import plotly.graph_objects as go
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from matplotlib_inline.backend_inline import set_matplotlib_formats

POSITIVE, NEGATIVE, NEUTRAL, ACCENT, GREY, INK = "#009E73", "#D55E00", "#56B4E9", "#3B5BA5", "#9A9A9A", "#222222"
VALENCE = {"positive": POSITIVE, "negative": NEGATIVE, "neutral": NEUTRAL}
ALONG = "viridis"  # position along the manifold
PC = ("PC 1", "PC 2", "PC 3")


def style() -> None:
    """The look of every figure; call it once at the head of a notebook."""
    sns.set_theme(context="paper", style="ticks", font_scale=1.05)
    plt.rcParams.update(
        {
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.dpi": 130,
            "figure.facecolor": "white",
            "legend.frameon": False,
            "figure.constrained_layout.use": True,
            "axes.titlesize": "medium",
        }
    )
    set_matplotlib_formats("png")


def panels(n: int, columns: int = 3, height: float = 2.6, width: float = 7.6, **options) -> tuple[Figure, list[Axes]]:
    """A figure of n panels, lettered (a), (b), … where there are several."""
    rows = -(-n // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(width, height * rows), squeeze=False, **options)
    flat = list(axes.flat)
    for spare in flat[n:]:
        spare.remove()
    for letter, ax in zip("abcdefghijkl"[: n if n > 1 else 0], flat, strict=False):
        ax.set_title(f"({letter})", loc="left", fontweight="bold")
    return figure, flat[:n]


def legend_below(figure: Figure, *axes: Axes, columns: int = 3, **options) -> None:
    """The legend of one panel, or of some one after the other, below all of them."""
    each = [zip(*ax.get_legend_handles_labels(), strict=True) for ax in axes]
    figure.legend(*zip(*chain(*each), strict=True), loc="outside lower center", ncols=columns, **options)


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


def quantile_band(ax: Axes, x: np.ndarray, quantiles: np.ndarray, color: str, label: str) -> None:
    """Median and band of [point, 3] quantiles (lower, median, upper)."""
    ax.fill_between(x, quantiles[:, 0], quantiles[:, 2], color=color, alpha=0.2, lw=0)
    ax.plot(x, quantiles[:, 1], color=color, label=label)


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


def spectrum(ax: Axes, eigenvalues: np.ndarray, color, label: str, size: float = 9) -> None:
    """Eigenvalues in the complex plane with the unit circle, equal axes."""
    angle = np.linspace(0, 2 * np.pi, 200)
    ax.plot(np.cos(angle), np.sin(angle), color=INK, lw=0.8)
    ax.scatter(eigenvalues.real, eigenvalues.imag, s=size, color=color, alpha=0.8, lw=0, label=label)
    ax.set(xlabel="Re λ", ylabel="Im λ", xlim=(-1.15, 1.15), ylim=(-1.15, 1.15))
    ax.set_aspect("equal")


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


def plain_log(axis: Axis) -> None:
    """Plain numbers at 1, 2 and 5 of each decade on a logarithmic axis."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


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


def learning_curves(ax: Axes, history: Sequence[Mapping[str, float]], best_epoch: int) -> None:
    """Training and validation loss by epoch, the published epoch marked."""
    epochs = np.arange(1, len(history) + 1)
    ax.plot(epochs, [entry["loss"] for entry in history], "o-", ms=3, color=GREY, label="training (with dropout)")
    ax.plot(epochs, [entry["validation_loss"] for entry in history], "o-", ms=3, color=INK, label="validation")
    ax.axvline(best_epoch, color=ACCENT, lw=1, ls=":")
    ax.set(xlabel="epoch", ylabel="loss (nats)", ylim=(0, None))


def intervals(ax: Axes, labels: Sequence[str], values: np.ndarray, low: np.ndarray, high: np.ndarray, colors) -> None:
    """Values with intervals, one below the other."""
    y = np.arange(len(labels))[::-1]
    ax.hlines(y, low, high, color=colors, lw=2)
    ax.scatter(values, y, color=colors, s=24, zorder=3)
    ax.set_yticks(y, labels)
    ax.margins(y=0.1)


def seed_dots(ax: Axes, groups: Mapping[str, Mapping[str, Sequence[float]]], bars: Mapping[str, float], label: str) -> None:
    """One dot per seed: a row for each name, a colour for each group, and a reference bar a row."""
    rows = list(next(iter(groups.values())))
    for (group, values), color, offset in zip(groups.items(), (ACCENT, NEGATIVE), (0.14, -0.14), strict=True):
        at = [(value, len(rows) - 1 - i + offset) for i, row in enumerate(rows) for value in values[row]]
        ax.plot(*np.array(at).reshape(-1, 2).T, "o", ms=4, color=color, alpha=0.8, label=group)
    at = [(value, len(rows) - 1 - rows.index(row)) for row, value in bars.items()]
    ax.plot(*np.array(at).reshape(-1, 2).T, "|", ms=14, mew=1.6, color=INK, label=label)
    ax.set_yticks(range(len(rows)), rows[::-1])
    ax.grid(axis="y", lw=0.4, alpha=0.5)
    ax.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))


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


def matrix(ax: Axes, verdicts: np.ndarray, notes: np.ndarray, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Verdicts [row, column] as coloured cells with a mark, so that colour is not needed to read them, and a note."""
    for (i, j), verdict in np.ndenumerate(verdicts):
        ax.add_patch(plt.Rectangle((j, i), 0.94, 0.9, color=VERDICT_COLORS.get(verdict, "white")))
        style = {"ha": "center", "va": "center", "color": "white"}
        ax.text(j + (0.3 if notes[i, j] else 0.47), i + 0.45, MARKS.get(verdict, ""), fontsize=9, **style)
        ax.text(j + 0.66, i + 0.47, notes[i, j], fontsize=6.5, **style)
    ax.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
    ax.set_xticks(np.arange(len(columns)) + 0.47, columns, rotation=30, ha="right")
    ax.set_yticks(np.arange(len(rows)) + 0.45, rows)
    ax.tick_params(length=0)
    sns.despine(ax=ax, left=True, bottom=True)


MARKS = {"reproduced": "✓", "partly": "~", "not reproduced": "✗", "not testable here": "·"}
VERDICT_COLORS = {"reproduced": POSITIVE, "partly": "#B8860B", "not reproduced": NEGATIVE, "not testable here": GREY}
ARCHITECTURE = {"lstm": "#0072B2", "gru": "#E69F00", "ugrnn": "#CC79A7", "vanilla": INK, "linear": GREY}
CORPUS = {"imdb": ("o", "-"), "yelp": ("s", "--"), "sst": ("^", ":"), "synthetic": ("D", "-.")}  # marker, dashes


def evidence_trace(ax: Axes, logits: np.ndarray, architecture: str, corpus: str) -> None:
    """The logit of one network against the words it has read."""
    ax.axhline(0, color=GREY, lw=0.5, zorder=0)
    ax.plot(np.arange(len(logits)), logits, color=ARCHITECTURE[architecture], ls=CORPUS[corpus][1], lw=1)
    ax.set(xlabel="words read", ylabel="logit")
    ax.margins(x=0)


def distance_matrix(ax: Axes, distances: np.ndarray, labels: Sequence[str], blocks: Sequence[int]) -> None:
    """Distances between networks as a heat map, dark where they are close; white lines before each of `blocks`."""
    shown = ax.imshow(distances, cmap="viridis", vmin=0)
    for edge in blocks:
        ax.axhline(edge - 0.5, color="white", lw=1.5)
        ax.axvline(edge - 0.5, color="white", lw=1.5)
    ax.set_xticks(np.arange(len(labels)), labels, rotation=90)
    ax.set_yticks(np.arange(len(labels)), labels)
    ax.tick_params(length=0, labelsize=7)
    bar = ax.figure.colorbar(shown, ax=ax, shrink=0.8, pad=0.03)
    bar.ax.tick_params(labelsize=7)
    bar.outline.set_visible(False)


def network_map(ax: Axes, places: np.ndarray, before: np.ndarray, kinds: Sequence[tuple[str, str]]) -> None:
    """Networks as points [network, 2], coloured by architecture, marked by corpus; hollow, and tied to it, the same `before`
    training. `kinds` are (architecture, corpus). Only distances mean something, so that the axes have no numbers."""
    for place, start, (architecture, corpus) in zip(places, before, kinds, strict=True):
        look = {"color": ARCHITECTURE[architecture], "marker": CORPUS[corpus][0], "ms": 6, "ls": "none"}
        ax.plot(*np.stack([start, place]).T, color=ARCHITECTURE[architecture], lw=0.6, alpha=0.4, zorder=1)
        ax.plot(*start, mfc="white", **look)
        ax.plot(*place, mec="white", mew=0.5, **look)
    ax.set(xticks=[], yticks=[])
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.1)


def network_legend(figure: Figure, kinds: Sequence[tuple[str, str]], before: bool = True) -> None:
    """A legend below the figure: colours of architectures; markers and dashes of corpora; hollow for `before` training."""
    architectures, corpora = ({kind[i] for kind in kinds} for i in (0, 1))
    handles = [plt.Line2D([], [], color=c, label=a, lw=3) for a, c in ARCHITECTURE.items() if a in architectures]
    for corpus, (marker, dashes) in CORPUS.items():
        if corpus in corpora:
            look = {"marker": marker, "ls": "none"} if before else {"ls": dashes}
            handles.append(plt.Line2D([], [], color=INK, label=corpus, **look))
    if before:
        handles.append(plt.Line2D([], [], color=INK, marker="o", mfc="white", ls="none", label="before training"))
    figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=8)


def strips(ax: Axes, groups: Mapping[str, np.ndarray]) -> None:
    """The values of each group as dots beside each other, with a bar at their mean; one group below the other."""
    for y, values in enumerate(groups.values()):
        spread = np.linspace(-0.22, 0.22, len(values)) if len(values) > 1 else np.zeros(len(values))
        ax.scatter(values, y + spread, s=9, color=ACCENT, alpha=0.6, lw=0)
        if len(values):
            ax.plot([values.mean()] * 2, [y - 0.35, y + 0.35], color=INK, lw=2)
    ax.set_yticks(np.arange(len(groups)), list(groups))
    ax.set(ylim=(len(groups) - 0.5, -0.5), xlim=(0, None))


def modifications(ax: Axes, labels: Sequence[str], factors: Mapping[str, np.ndarray], null: np.ndarray) -> None:
    """Factors κ by valence [row, 3] (lower, middle, upper), one row below the other; grey bars [row, 2]: neutral words."""
    y = np.arange(len(labels))[::-1]
    ax.barh(y, null[:, 1] - null[:, 0], left=null[:, 0], height=0.8, color="#E4E4E4", label="after neutral words")
    for shift, (valence, (low, middle, high)) in zip((0.18, -0.18), ((k, v.T) for k, v in factors.items()), strict=True):
        ax.hlines(y + shift, low, high, color=VALENCE[valence], lw=1.5)
        ax.scatter(middle, y + shift, s=14, color=VALENCE[valence], zorder=3, label=f"{valence} words")
    ax.axvline(1, color=INK, lw=0.8)
    ax.axvline(0, color=INK, lw=0.8, ls=":")
    ax.set_yticks(y, labels)
    ax.set(xlabel="factor κ", ylim=(-0.6, len(labels) - 0.4))
    ax.tick_params(axis="y", length=0)


def named_points(ax: Axes, x: np.ndarray, y: np.ndarray, names: Mapping[int, str], color: str, label: str) -> None:
    """Points, some of them with their name beside them."""
    ax.scatter(x, y, s=12, color=color, lw=0, label=label, zorder=3)
    for i, name in names.items():
        ax.annotate(name, (x[i], y[i]), xytext=(3, 2), textcoords="offset points", fontsize=7, zorder=4)


def networks_scatter(ax: Axes, x: np.ndarray, y: np.ndarray, kinds: Sequence[tuple[str, str]]) -> None:
    """A point a network, coloured by architecture, marked by corpus; `kinds` are (architecture, corpus)."""
    for at, height, (architecture, corpus) in zip(x, y, kinds, strict=True):
        ax.plot(at, height, CORPUS[corpus][0], color=ARCHITECTURE[architecture], ms=7, mec="white", mew=0.5)
    seen = [{kind[i] for kind in kinds} for i in (0, 1)]
    handles = [plt.Line2D([], [], color=color, label=name, lw=3) for name, color in ARCHITECTURE.items() if name in seen[0]]
    marks = {name: look[0] for name, look in CORPUS.items() if name in seen[1]}
    handles += [plt.Line2D([], [], color=INK, marker=mark, ls="none", label=name) for name, mark in marks.items()]
    ax.figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=8)


def selected_and_stored(ax: Axes, stored: Mapping[str, np.ndarray], selected: Mapping[str, np.ndarray]) -> None:
    """A point a word, by valence: what arrives along the storage direction against what the mode selects, with the diagonal."""
    for valence in ("neutral", "negative", "positive"):
        ax.scatter(stored[valence], selected[valence], s=9, lw=0, alpha=0.8, color=VALENCE[valence], label=valence)
    reach = max(np.abs(np.concatenate(list(values.values()))).max() for values in (stored, selected))
    ax.plot([-reach, reach], [-reach, reach], color=INK, lw=0.8, zorder=0)
    ax.set(xlabel="rᵀ J x, arrives along r", ylabel="ℓᵀ J x, selected by ℓ")


def before_and_after(ax: Axes, labels: Sequence[str], after: np.ndarray, before: np.ndarray | None = None) -> None:
    """Values [row, 3] (lower, middle, upper), one row below the other, and hollow those before training."""
    y = np.arange(len(labels))[::-1]
    ax.hlines(y, after[:, 0], after[:, 2], color=ACCENT, lw=2)
    ax.scatter(after[:, 1], y, s=24, color=ACCENT, zorder=3, label="trained")
    if before is not None:
        ax.scatter(before, y, s=24, facecolor="white", edgecolor=GREY, zorder=2, label="before training")
    ax.set_yticks(y, labels)
    ax.set_ylim(-0.6, len(labels) - 0.4)


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


def not_yet(told: str) -> Figure:
    """In place of a figure whose networks are not there: a sentence."""
    figure, ax = plt.subplots(figsize=(7.6, 0.8))
    ax.text(0.5, 0.5, told, ha="center", va="center", color="#555555", wrap=True)
    ax.set_axis_off()
    return figure


def two_recipes(ax: Axes, rows: Sequence[str], groups: Mapping[str, tuple[Sequence[str], np.ndarray]]) -> None:
    """One dot per seed, on one of `rows`; of each recipe the rows of its dots and their values. The second is hollow."""
    looks = ({"color": ACCENT}, {"mfc": "white", "mec": "#777777"})
    for (recipe, (names, values)), look, shift in zip(groups.items(), looks, (-0.17, 0.17), strict=True):
        y = np.array([rows.index(name) for name in names]) + shift
        ax.plot(values, y, "o", ms=4.5, ls="none", label=recipe, **look)
    ax.set_yticks(np.arange(len(rows)), rows)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def effects(ax: Axes, labels: Sequence[str], found: np.ndarray, none: float) -> None:
    """Effects [row, 3] (value, lower, upper), one row a contrast; a line at `none`; those that exclude it in colour."""
    y = np.arange(len(labels))
    clear = (found[:, 1] > none) | (found[:, 2] < none)
    colors = np.where(clear, ACCENT, GREY)
    ax.axvline(none, color=INK, lw=0.8, ls=":")
    ax.hlines(y, found[:, 1], found[:, 2], color=colors, lw=2)
    ax.scatter(found[:, 0], y, s=24, color=colors, zorder=3)
    ax.set_yticks(y, labels)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)


SINK = {"marker": "o", "ls": "none", "ms": 5, "color": ACCENT}
SADDLE = SINK | {"mfc": "white", "mec": ACCENT}


def bifurcation(ax: Axes, factor: np.ndarray, position: np.ndarray, stable: np.ndarray, visited: tuple[float, float]) -> None:
    """Exact fixed points against the input: sinks filled, saddles open; a band where the states are; lines at zero and one."""
    ax.axhspan(*visited, color="#EEEEEE", lw=0, label="visited states (5–95 %)")
    for at, dashes in ((0, "-"), (1, "--")):
        ax.axvline(at, color=INK, lw=0.8, ls=dashes, zorder=1)
    ax.plot(factor[stable], position[stable], label="sink", **SINK)
    ax.plot(factor[~stable], position[~stable], label="saddle", **SADDLE)
    ax.set(xlabel="input (mean token = 1)", ylabel="logit")


def film_strip(axes: Sequence[Axes], moments: Sequence[Mapping[str, np.ndarray]]) -> None:
    """One panel per moment, all of one extent: visited `states` [state, 2], slow points at q_D (`drifting`) and at 1e-8
    (`points`), exact `sinks` and `saddles`."""
    for ax, moment in zip(axes, moments, strict=True):
        ax.scatter(*moment["states"].reshape(-1, 2).T, s=5, color="#D2D2D2", lw=0, label="visited states")
        ax.scatter(*moment["drifting"].reshape(-1, 2).T, s=6, color=NEUTRAL, lw=0, label="slow points, q < q$_D$")
        ax.scatter(*moment["points"].reshape(-1, 2).T, s=5, color=INK, lw=0, zorder=4, label="slow points, q < 10⁻⁸")
        for kind, look in (("sink", SINK), ("saddle", SADDLE)):
            ax.plot(*moment[f"{kind}s"].reshape(-1, 2).T, label=kind, **look | {"ms": 8, "mew": 1.5, "zorder": 3})
    every = np.concatenate([moment[key].reshape(-1, 2) for moment in moments for key in ("states", "drifting")])
    (left, low), (right, high) = np.quantile(every, [0.002, 0.998], axis=0)
    room = 0.08 * np.array([right - left, high - low])
    for ax in axes:
        ax.set(xlim=(left - room[0], right + room[0]), ylim=(low - room[1], high + room[1]), xlabel=PC[0])
        ax.tick_params(labelsize=7)
    axes[0].set_ylabel(PC[1])


def over_epochs(ax: Axes, epochs: np.ndarray, spread: np.ndarray, saddle: np.ndarray, best: float) -> None:
    """Spread of one network's slow points over its epochs, filled where a `saddle` was found; dashed: weights were kept."""
    ax.plot(epochs, spread, color=GREY, lw=0.8, zorder=1)
    ax.plot(epochs[saddle], spread[saddle], label="a saddle was found", **SINK)
    ax.plot(epochs[~saddle], spread[~saddle], label="none was found", **SADDLE)
    ax.axvline(best, color=INK, lw=1, ls="--", label="weights kept")
    ax.set(xlabel="epoch", yscale="log")


def against_size(ax: Axes, n_documents: np.ndarray, values: np.ndarray) -> None:
    """One dot per network against its number of training documents, a line through the means of each size."""
    sizes = np.unique(n_documents)
    ax.plot(sizes, [np.nanmean(values[n_documents == size]) for size in sizes], color=GREY, lw=1, zorder=1)
    ax.plot(n_documents, values, "o", ms=5, color=ACCENT)
    ax.set(xscale="log", xlabel="training reviews")
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
