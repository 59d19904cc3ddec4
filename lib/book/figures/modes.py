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
