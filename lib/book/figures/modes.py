"""Figures of a network's linear systems: their modes, what words do to them, and how far off they are."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from lib.book.figures.look import (
    ACCENT,
    EXAMPLES,
    GREY,
    INK,
    NEGATIVE,
    NEUTRAL,
    OCHRE,
    PC,
    POSITIVE,
    VALENCE,
    intervals,
    plain_log,
    quantile_band,
    spectrum,
)

KINDS = {"good": POSITIVE, "bad": NEGATIVE, "filler": NEUTRAL, "not": INK, "very": OCHRE}  # words of the synthetic language


def time_constants(ax: Axes, position: np.ndarray, tau: np.ndarray, document_length: float) -> None:
    """Time constants [point, mode] of the slowest modes against the position along the line, a marker for each mode: where two
    modes are a pair, one mark lies inside the other."""
    looks = (("o", INK, 26, INK), ("D", ACCENT, 30, "none"), ("x", OCHRE, 14, OCHRE))
    for mode, (marker, color, size, face) in zip(range(tau.shape[1]), looks, strict=False):
        face = {} if marker == "x" else {"facecolors": face, "edgecolors": color}
        ax.scatter(position, tau[:, mode], s=size, marker=marker, color=color, lw=1, label=f"mode {mode + 1}", **face)
    ax.axhline(document_length, color=GREY, ls=":", lw=1, label="mean document")
    ax.set(xlabel="position along m (s.d. of the visited states)", ylabel="τ (tokens)", yscale="log")
    plain_log(ax.yaxis)
    ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))


def example_spectra(ax: Axes, eigenvalues: np.ndarray) -> None:
    """Eigenvalues [example, mode] of the example points in the complex plane."""
    for i, (values, color) in enumerate(zip(eigenvalues, EXAMPLES, strict=True), 1):
        spectrum(ax, values, color, f"point {i}")


def all_time_constants(ax: Axes, tau: np.ndarray, document_length: float) -> None:
    """All time constants [example, mode] of the example points, sorted."""
    for i, (values, color) in enumerate(zip(tau, EXAMPLES, strict=True), 1):
        ax.plot(np.arange(1, len(values) + 1), np.sort(values)[::-1], ".", ms=3, color=color, label=f"point {i}")
    ax.axhline(document_length, color=GREY, ls=":", lw=1)
    ax.set(xlabel="mode", ylabel="τ (tokens)", yscale="log", xscale="log")
    ax.legend(fontsize=8, loc="upper right")


def truncation_errors(ax: Axes, errors: pd.DataFrame) -> None:
    """Relative error of a sum over modes against their number, a curve for each number of tokens, darker for more."""
    groups = errors.groupby("tokens")
    for (tokens, curve), shade in zip(groups, np.linspace(0.25, 1, groups.ngroups), strict=True):
        ax.plot(curve["modes"], curve["error"], "o-", ms=3, color=ACCENT, alpha=shade, label=f"{tokens}")
    ax.set(xlabel="modes summed", ylabel="relative error", xscale="log", yscale="log")
    ax.legend(fontsize=8, title="tokens ago", title_fontsize=8)


def word_effects(ax: Axes, effects: Mapping[str, np.ndarray]) -> None:
    """Effects of words [word, 2] by valence in a plane whose first axis is the left eigenvector; class means as arrows."""
    for valence in ("neutral", "negative", "positive"):
        ax.scatter(*effects[valence].T, s=9, color=VALENCE[valence], lw=0, alpha=0.7, label=valence)
    for valence in ("negative", "positive"):
        ax.annotate("", effects[valence].mean(0), (0, 0), arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 2.2})
        ax.annotate(
            "", effects[valence].mean(0), (0, 0), arrowprops={"arrowstyle": "-|>", "color": VALENCE[valence], "lw": 1.2}
        )
    ax.axhline(0, color=GREY, lw=0.5, zorder=0)
    ax.axvline(0, color=GREY, lw=0.5, zorder=0)
    ax.set(xlabel="along ℓ₁ →", ylabel="across ℓ₁")


def example_effects(axes: Sequence[Axes], effects: Sequence[Mapping[str, np.ndarray]]) -> None:
    """Effects of words by valence at each example point, a panel each."""
    for i, (ax, effect) in enumerate(zip(axes, effects, strict=True), 1):
        word_effects(ax, effect)
        ax.set_title(f"point {i}")


def projections_along(ax: Axes, position: np.ndarray, projections: Mapping[str, np.ndarray]) -> None:
    """Mean input projection of each valence at every point, against the point's position along the line."""
    for valence, values in projections.items():
        ax.scatter(position, values, s=12, lw=0, color=VALENCE[valence], label=f"{valence} words")
    ax.axhline(0, color=INK, lw=0.8)
    ax.set(xlabel="position along m (s.d. of the visited states)", ylabel="mean input projection ℓ₁ᵀ J x")
    ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))


def overlaps_along(ax: Axes, position: np.ndarray, overlap: np.ndarray, tangent: np.ndarray, bound: float) -> None:
    """|r₁ · m| and |r₁ · t| at every point, against its position; a band where random directions lie."""
    ax.axhspan(0, bound, color=GREY, alpha=0.35, lw=0, label="random directions")
    ax.scatter(position, tangent, s=22, lw=1, facecolors="none", edgecolors=ACCENT, label="|r₁ · t|, the tangent")
    ax.scatter(position, overlap, s=10, lw=0, color=INK, label="|r₁ · m|, the axis")
    ax.set(xlabel="position along m (s.d. of the visited states)", ylabel="overlap", ylim=(0, 1.03))
    ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))


def valence_rows(ax: Axes, projections: Mapping[str, np.ndarray]) -> None:
    """Mean input projection of each valence at every point: one row a valence, one dot a point."""
    for row, (valence, values) in enumerate(projections.items()):
        ax.scatter(values, np.full(len(values), -row), s=10, lw=0, alpha=0.5, color=VALENCE[valence])
    ax.axvline(0, color=INK, lw=0.8)
    ax.set(ylim=(0.6 - len(projections), 0.6), yticks=[], xlabel="mean projection ℓ₁ᵀ J x")
    ax.locator_params(axis="x", nbins=4)


def linear_steps(axes: Sequence[Axes], true: np.ndarray, predicted: np.ndarray, last: int) -> None:
    """A path [time + 1, 2], and from each of its states the linear prediction [time, 2] of the next; then its `last` steps."""
    for ax, n in zip(axes, (len(predicted), last), strict=True):
        path, steps = true[-n - 1 :], predicted[-n:]
        ax.plot(*path.T, color=INK, lw=1, label="network")
        ax.plot(*np.stack([path[:-1], steps], 1).transpose(2, 1, 0), "--", color=ACCENT, lw=0.8)
        ax.plot([], [], "--", color=ACCENT, lw=1, label="one linear step")
        ax.set(xlabel=PC[0], ylabel=PC[1])
    axes[0].legend(fontsize=8)
    axes[1].set_title(f"its last {len(true[-last - 1 :]) - 1} tokens")


def error_histogram(ax: Axes, errors: np.ndarray, median: float, papers: float) -> None:
    """Distribution of relative errors on a logarithmic axis, those below 0.001 in the first bin, with the paper's error."""
    edges = np.geomspace(1e-3, max(2, errors.max()), 41)
    ax.hist(errors.clip(min=edges[0]), edges, weights=np.full(len(errors), 1 / len(errors)), color=ACCENT)
    ax.axvline(median, color=INK, ls=":", label=f"median, {median:.2g}")
    ax.axvline(papers, color=OCHRE, ls="--", label=f"the paper’s, {papers:g}")
    ax.set(xlabel="relative error of one step", ylabel="share of the steps", xscale="log")
    ax.legend(fontsize=8, loc="upper left")


def error_growth(ax: Axes, quantiles: np.ndarray | None) -> None:
    """Quantiles [step, 3] of the relative error over many linear steps, where the documents are long enough to tell."""
    if quantiles is None:
        ax.text(0.5, 0.5, "the documents\nare too short", ha="center", va="center", transform=ax.transAxes)
    else:
        quantile_band(ax, np.arange(1, len(quantiles) + 1), quantiles, ACCENT, "median, 10–90 %")
        ax.legend(fontsize=8)
    ax.set(xlabel="linear steps", ylabel="relative error", yscale="log")
    plain_log(ax.yaxis)


def accuracies(ax: Axes, table: pd.DataFrame) -> None:
    """Test accuracies with intervals (`accuracy`, `low`, `high`), that of the network in black."""
    colors = [INK if name == "network" else ACCENT for name in table.index]
    intervals(ax, list(table.index), table["accuracy"], table["low"], table["high"], colors)
    ax.set(xlabel="test accuracy")


def words_by_kind(axes: Sequence[Axes], words: pd.DataFrame, truth: str) -> None:
    """Every word of the synthetic language by its `kind`: each other column against the true one, a panel each."""
    rare_on_top = words.sort_values("kind", key=lambda kinds: kinds.map(list(KINDS).index))
    for ax, measure in zip(axes, words.columns.drop(["kind", truth]), strict=True):
        sns.scatterplot(rare_on_top, x=truth, y=measure, hue="kind", palette=KINDS, hue_order=KINDS, s=9, lw=0, ax=ax)
        ax.legend(fontsize=8) if ax is axes[0] else ax.get_legend().remove()


def modified_effects(ax: Axes, alone: np.ndarray, after: Mapping[str, np.ndarray], factors: Mapping[str, float]) -> None:
    """Effects of words after each modifier against their effect alone, with a dotted line at the true factor of each."""
    line = np.array([alone.min(), alone.max()])
    for modifier, effects in after.items():
        factor = factors[modifier]
        label = f"after “{modifier}” (true factor {factor:g})"
        ax.scatter(alone, effects, s=10, lw=0, color=KINDS[modifier], label=label)
        ax.plot(line, factor * line, ":", color=GREY)
    ax.set(xlabel="effect of the word alone (logit)", ylabel="effect after the modifier (logit)")
    ax.legend(fontsize=8)
