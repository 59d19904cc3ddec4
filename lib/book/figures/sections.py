"""Figures of one network: its states, fixed points, modes and words."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import seaborn as sns
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
    intervals,
    plain_log,
    quantile_band,
    spectrum,
)

OCHRE = "#B8860B"
EXAMPLES = (ACCENT, OCHRE, "#8E4585")  # the three example points
KINDS = {"good": POSITIVE, "bad": NEGATIVE, "filler": NEUTRAL, "not": INK, "very": OCHRE}  # words of the synthetic language


def unit_traces(ax: Axes, states: np.ndarray, valence: str) -> None:
    """Activity of single units [time, unit] against the token read, in a review of some valence."""
    ax.plot(np.arange(len(states)), states, color=VALENCE[valence], lw=0.5, alpha=0.25)
    ax.set(xlabel="tokens read", ylabel="unit activity", title=f"a {valence} review")
    ax.margins(x=0)
    ax.label_outer()


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
    """Several sets of fixed points over the visited states, a panel each, by title."""
    for ax, (title, some) in zip(axes, points.items(), strict=True):
        fixed_point_cloud(ax, visited, some)
        ax.set_title(title)


def manifold(
    axes: Sequence[Axes],
    visited: np.ndarray,
    points: np.ndarray,
    theta: np.ndarray | None,
    stuck: np.ndarray,
    shares: np.ndarray,
) -> None:
    """Fixed points coloured by θ, if there is one, over the visited states; beside them their variance along their own axes."""
    shown = fixed_point_cloud(axes[0], visited, points, theta, stuck)
    if theta is not None:
        axes[0].figure.colorbar(shown, ax=axes[0], label="θ", shrink=0.7)
    axes[0].legend(loc="best", fontsize=7)
    axes[1].bar(np.arange(1, len(shares) + 1), shares, color=INK)
    axes[1].set(xlabel="axis of the fixed points", ylabel="share of their variance", ylim=(0, 1))


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
    ax.legend(fontsize=7, loc="best")


def example_spectra(ax: Axes, eigenvalues: np.ndarray) -> None:
    """Eigenvalues [example, mode] of the example points in the complex plane."""
    for i, (values, color) in enumerate(zip(eigenvalues, EXAMPLES, strict=True), 1):
        spectrum(ax, values, color, f"point {i}")
    ax.legend(fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 0.12))


def all_time_constants(ax: Axes, tau: np.ndarray) -> None:
    """All time constants [example, mode] of the example points, sorted."""
    for i, (values, color) in enumerate(zip(tau, EXAMPLES, strict=True), 1):
        ax.plot(np.arange(1, len(values) + 1), np.sort(values)[::-1], ".", ms=3, color=color, label=f"point {i}")
    ax.set(xlabel="mode", ylabel="τ (tokens)", yscale="log", xscale="log")
    ax.legend(fontsize=7, loc="best")


def truncation_errors(ax: Axes, errors: pd.DataFrame) -> None:
    """Relative error of a sum over modes against their number, a curve for each number of tokens, darker for more."""
    groups = errors.groupby("tokens")
    for (tokens, curve), shade in zip(groups, np.linspace(0.25, 1, groups.ngroups), strict=True):
        ax.plot(curve["modes"], curve["error"], "o-", ms=3, color=ACCENT, alpha=shade, label=f"after {tokens} tokens")
    ax.set(xlabel="modes summed", ylabel="relative error", xscale="log", yscale="log")
    ax.legend(fontsize=7)


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


def example_effects(axes: Sequence[Axes], effects: Mapping[str, np.ndarray], left: np.ndarray) -> None:
    """Effects of words [example, word, 2] by valence at the example points, a panel each, with their left eigenvectors."""
    for i, ax in enumerate(axes):
        word_effects(ax, {valence: effect[i] for valence, effect in effects.items()}, left[i])
        ax.set_title(f"point {i + 1}")
    axes[0].legend(fontsize=7, loc="best")


def directions(ax: Axes, points: np.ndarray, vectors: np.ndarray, length: float, color: str = ACCENT) -> None:
    """Directions [point, 2] as double-sided bars through example points."""
    for point, vector in zip(points, vectors, strict=True):
        half = length * vector / max(np.linalg.norm(vector), 1e-12)
        ax.plot(*np.stack([point - half, point + half]).T, color=color, lw=2, zorder=4)


def linear_steps(axes: Sequence[Axes], true: np.ndarray, predicted: np.ndarray, last: int) -> None:
    """A path [time + 1, 2], and from each of its states the linear prediction [time, 2] of the next; then its `last` steps."""
    for ax, n in zip(axes, (len(predicted), last), strict=True):
        path, steps = true[-n - 1 :], predicted[-n:]
        ax.plot(*path.T, color=INK, lw=1, label="network")
        ax.plot(*np.stack([path[:-1], steps], 1).transpose(2, 1, 0), "--", color=NEGATIVE, lw=0.6)
        ax.plot([], [], "--", color=NEGATIVE, lw=1, label="one linear step")
        ax.set(xlabel=PC[0], ylabel=PC[1])
    axes[0].legend(fontsize=7)
    axes[1].set_title(f"its last {last} tokens")


def error_histogram(ax: Axes, errors: np.ndarray, median: float, largest: float = 1.5) -> None:
    """Distribution of relative errors, those above the `largest` in the last bin."""
    ax.hist(errors.clip(max=largest), np.linspace(0, largest, 50), color=ACCENT)
    ax.axvline(median, color=INK, ls=":")
    ax.set(xlabel="relative error of one step", ylabel="transitions")


def error_growth(ax: Axes, quantiles: np.ndarray | None) -> None:
    """Quantiles [step, 3] of the relative error over many linear steps, where the documents are long enough to tell."""
    if quantiles is None:
        ax.text(0.5, 0.5, "the documents\nare too short", ha="center", va="center", transform=ax.transAxes)
    else:
        quantile_band(ax, np.arange(1, len(quantiles) + 1), quantiles, ACCENT, "median, 10–90 %")
        ax.legend(fontsize=7)
    ax.set(xlabel="linear steps", ylabel="relative error", yscale="log")
    plain_log(ax.yaxis)


def accuracies(ax: Axes, table: pd.DataFrame) -> None:
    """Test accuracies with intervals (`accuracy`, `low`, `high`), that of the network in black."""
    colors = [INK if name == "network" else ACCENT for name in table.index]
    intervals(ax, list(table.index), table["accuracy"], table["low"], table["high"], colors)
    ax.set(xlabel="test accuracy")


def compared(axes: Sequence[Axes], table: pd.DataFrame) -> None:
    """Bars of each column of a table of three rows, a panel each."""
    for ax, (label, values) in zip(axes, table.items(), strict=True):
        ax.bar(range(3), values, color=[INK, ACCENT, NEUTRAL])
        ax.set_xticks(range(3), [name.replace(" ", "\n") for name in table.index])
        ax.set_ylabel(label)


def words_by_kind(axes: Sequence[Axes], words: pd.DataFrame, truth: str) -> None:
    """Every word of the synthetic language by its `kind`: each other column against the true one, a panel each."""
    rare_on_top = words.sort_values("kind", key=lambda kinds: kinds.map(list(KINDS).index))
    for ax, measure in zip(axes, words.columns.drop(["kind", truth]), strict=True):
        sns.scatterplot(rare_on_top, x=truth, y=measure, hue="kind", palette=KINDS, hue_order=KINDS, s=9, lw=0, ax=ax)
        ax.legend(fontsize=7) if ax is axes[0] else ax.get_legend().remove()


def modified_effects(ax: Axes, alone: np.ndarray, after: Mapping[str, np.ndarray], factors: Mapping[str, float]) -> None:
    """Effects of words after each modifier against their effect alone, with a dotted line at the true factor of each."""
    line = np.array([alone.min(), alone.max()])
    for modifier, effects in after.items():
        factor = factors[modifier]
        label = f"after “{modifier}” (true factor {factor:g})"
        ax.scatter(alone, effects, s=10, lw=0, color=KINDS[modifier], label=label)
        ax.plot(line, factor * line, ":", color=GREY)
    ax.set(xlabel="effect of the word alone (logit)", ylabel="effect after the modifier (logit)")
    ax.legend(fontsize=7)


def valence_histograms(ax: Axes, projections: Mapping[str, np.ndarray]) -> None:
    """Distribution over fixed points of the mean input projection of each valence."""
    values = np.concatenate(list(projections.values()))
    edges = np.linspace(values.min(), values.max(), 41) if np.ptp(values) else 10
    for valence, found in projections.items():
        ax.hist(found, edges, color=VALENCE[valence], alpha=0.8, label=valence)
    ax.set(xlabel="mean input projection ℓ₁ᵀ J x", ylabel="fixed points")


def overlap_histogram(ax: Axes, overlaps: np.ndarray, null: np.ndarray, label: str = "fixed points") -> None:
    """Distribution of |cos| between r₁ and m against that of random directions."""
    edges = np.linspace(0, 1, 41)
    ax.hist(null, edges, weights=np.full(len(null), 1 / len(null)), color=GREY, alpha=0.6, label="random directions")
    ax.hist(overlaps, edges, weights=np.full(len(overlaps), 1 / len(overlaps)), color=ACCENT, alpha=0.8, label=label)
    ax.set(xlabel="|r₁ · m|", ylabel="share", xlim=(0, 1.02))


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
