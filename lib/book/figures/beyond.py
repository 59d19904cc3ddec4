"""Figures of the pages beyond the papers: context, non-normality, similarity."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from lib.book.figures.look import (
    ACCENT,
    ARCHITECTURE,
    CORPUS,
    GREY,
    INK,
    NEGATIVE,
    NEUTRAL,
    VALENCE,
    legend_below,
    named_points,
    plain_log,
    quantile_band,
)

MODIFIERS = (ACCENT, NEUTRAL, "#8E4585", "#CC79A7")
PAIR = (ACCENT, "#8E4585")  # of not and very

# Context


def modifications(ax: Axes, factors: pd.DataFrame, null: np.ndarray) -> None:
    """Factors κ by valence, one row below the other; grey bars: where neutral words are, [2] for all rows or [row, 2].

    The columns of `factors` are (valence, `low` / `factor` / `high`).
    """
    y = np.arange(len(factors))[::-1]
    low, high = np.broadcast_to(null, (len(factors), 2)).T
    ax.barh(y, high - low, left=low, height=0.8, color="#E4E4E4", label="after neutral words")
    for shift, valence in ((0.18, "positive"), (-0.18, "negative")):
        color, of_valence = VALENCE[valence], factors[valence]
        ax.hlines(y + shift, of_valence["low"], of_valence["high"], color=color, lw=1.5)
        ax.scatter(of_valence["factor"], y + shift, s=14, color=color, zorder=3, label=f"{valence} words")
    ax.axvline(1, color=INK, lw=0.8)
    ax.axvline(0, color=INK, lw=0.8, ls=":")
    ax.set_yticks(y, factors.index)
    ax.set(xlabel="factor κ", ylim=(-0.6, len(factors) - 0.4))
    ax.tick_params(axis="y", length=0)


def factors_by_gap(ax: Axes, gaps: Sequence[int], factors: pd.DataFrame, null: np.ndarray, between: str) -> None:
    """Factors κ of words [gap, word] against the tokens between them and the word they act on; grey: quantiles of neutral
    words [gap, 3]."""
    quantile_band(ax, gaps, null, GREY, "neutral words")
    for word, color in zip(factors, MODIFIERS, strict=False):
        ax.plot(gaps, factors[word], "o-", ms=3, color=color, label=word)
    ax.axhline(1, color=INK, lw=0.8)
    ax.set(xlabel=f"tokens between ({between})", ylabel="factor κ")


def effect_since_start(ax: Axes, gaps: Sequence[int], effects: Mapping[str, np.ndarray]) -> None:
    """The relative effect of words against the number of tokens read since the start, by what these tokens were."""
    for (kind, values), color in zip(effects.items(), (INK, ACCENT), strict=True):
        ax.plot(gaps, values, "o-", ms=3, color=color, label=kind)
    ax.axhline(1, color=INK, lw=0.8)
    ax.set(xlabel="tokens read since the start", ylabel="effect, relative")
    ax.legend(fontsize=7)


def deflected_projections(ax: Axes, plain: np.ndarray, deflected: Mapping[str, np.ndarray]) -> None:
    """What the slowest mode selects of words after modifiers against what it selects on the line, with the diagonal."""
    for (modifier, values), color in zip(deflected.items(), PAIR, strict=True):
        ax.scatter(plain, values, s=10, lw=0, color=color, label=f"after {modifier}")
    _diagonal(ax)
    ax.set(xlabel="ℓ₁ᵀ J x on the line", ylabel="ℓ₁ᵀ J x after a modifier")
    ax.legend(fontsize=7)


def predicted_and_measured(
    ax: Axes, modifiers: tuple[np.ndarray, np.ndarray], neutral: tuple[np.ndarray, np.ndarray], names: Mapping[int, str]
) -> None:
    """Factors (predicted, measured) of modifiers, some with their name, and of neutral words, with the diagonal."""
    named_points(ax, *neutral, {}, GREY, "neutral words")
    named_points(ax, *modifiers, names, ACCENT, "modifiers")
    _diagonal(ax)
    ax.set(xlabel="κ from the input Jacobian", ylabel="κ measured")
    ax.legend(fontsize=7, loc="lower right")


def share_in_directions(ax: Axes, shares: Mapping[str, np.ndarray]) -> None:
    """Cumulative share of squared length in the first directions, of modifiers and of neutral words."""
    for (kind, share), color in zip(shares.items(), (ACCENT, GREY), strict=True):
        ax.plot(np.arange(1, len(share) + 1), share, "o-", ms=3, color=color, label=kind)
    ax.set(xlabel="directions", ylabel="share of the transients", ylim=(0, 1.02))
    ax.legend(fontsize=7)


def directions_taken_away(ax: Axes, factors: Mapping[str, pd.DataFrame]) -> None:
    """Factors κ of two modifiers against the number of directions taken away [number, subspace]."""
    for (modifier, table), color in zip(factors.items(), PAIR, strict=True):
        for kind, dashes in zip(table, ("o-", "--", ":"), strict=True):
            ax.plot(table.index, table[kind], dashes, ms=3, color=color, label=f"{modifier}: {kind}")
    ax.axhline(1, color=INK, lw=0.8)
    ax.set(xlabel="directions taken away", ylabel="factor κ")
    legend_below(ax.figure, ax, columns=2, fontsize=7)


def before_against_after(ax: Axes, modifiers: pd.DataFrame, neutral: pd.DataFrame, names: Mapping[int, str]) -> None:
    """Factors κ of the word `before` a modifier against those of the word `after` it; some have their name."""
    named_points(ax, neutral["after"].to_numpy(), neutral["before"].to_numpy(), {}, GREY, "neutral words")
    named_points(ax, modifiers["after"].to_numpy(), modifiers["before"].to_numpy(), names, ACCENT, "modifiers")
    ax.axhline(1, color=INK, lw=0.8)
    ax.axvline(1, color=INK, lw=0.8)
    ax.set(xlabel="κ of the word after it", ylabel="κ of a word before it")
    ax.legend(fontsize=7)


def gain_against_strength(ax: Axes, strength: Sequence[float], gain: Sequence[float], kinds, negator: str) -> None:
    """A point per network, coloured by architecture, marked by corpus; `kinds` are (architecture, corpus)."""
    for x, y, (architecture, corpus) in zip(strength, gain, kinds, strict=True):
        ax.plot(x, y, CORPUS[corpus][0], color=ARCHITECTURE[architecture], ms=7, mec="white", mew=0.5)
    ax.axhline(0, color=GREY, lw=0.8)
    ax.set(xlabel=f"1 − κ of {negator}", ylabel="gain over the bag of words (points)")
    network_legend(ax, kinds)


def _diagonal(ax: Axes) -> None:
    limit = np.array(ax.get_xlim())
    ax.plot(limit, limit, color=INK, lw=0.8)


# Non-normality


def departure_along(ax: Axes, place: np.ndarray, departure: np.ndarray, untrained: float) -> None:
    """Henrici's number of fixed points along the readout; lines: before training, and a Gaussian matrix."""
    ax.plot(place, departure, "o", ms=4, color=ACCENT, label="trained")
    ax.axhline(untrained, color=GREY, label="before training")
    ax.axhline(0.5**0.5, color=INK, ls=":", label="Gaussian matrix")
    ax.set(xlabel="position along the readout", ylabel="Henrici number", ylim=(0, 1))
    ax.legend(fontsize=7)


def stretch(ax: Axes, steps: Sequence[int], quantiles: Mapping[str, np.ndarray]) -> None:
    """By how much k tokens can stretch a displacement: quantiles [step, 3] of the network, of a normal matrix of its spectrum,
    and of the network before training."""
    for (label, values), color in zip(quantiles.items(), (ACCENT, INK, GREY), strict=True):
        quantile_band(ax, np.array(steps), values.clip(min=1e-6), color, label)
    ax.set(xlabel="tokens k", ylabel="largest stretch", yscale="log", xscale="log")
    ax.set_ylim(bottom=1e-3)
    plain_log(ax.xaxis)
    ax.legend(fontsize=7, loc="lower left")


def lengths(ax: Axes, quantiles: Mapping[str, np.ndarray]) -> None:
    """How long effects are after k tokens over what they were: quantiles [step, 3] by valence, others in grey."""
    for key, values in quantiles.items():
        quantile_band(ax, np.arange(len(values)), values, VALENCE.get(key, GREY), key)
    ax.axhline(1, color=INK, lw=0.8)
    ax.set(xlabel="tokens k", ylabel="length over that at k = 0")
    ax.set_ylim(0, 1.4 * ax.get_ylim()[1])
    ax.legend(fontsize=7, ncols=2, loc="upper right")


def selected_and_stored(ax: Axes, stored: Mapping[str, np.ndarray], selected: Mapping[str, np.ndarray]) -> None:
    """A point per word, by valence: what arrives along the storage direction against what is selected, with the diagonal."""
    for valence in ("neutral", "negative", "positive"):
        ax.scatter(stored[valence], selected[valence], s=9, lw=0, alpha=0.8, color=VALENCE[valence], label=valence)
    reach = max(np.abs(np.concatenate(list(values.values()))).max() for values in (stored, selected))
    ax.plot([-reach, reach], [-reach, reach], color=INK, lw=0.8, zorder=0)
    ax.set(xlabel="rᵀ J x, arrives along r", ylabel="ℓᵀ J x, selected by ℓ")
    ax.legend(fontsize=7)


def nonnormality_of_networks(axes: Sequence[Axes], table: pd.DataFrame) -> None:
    """A row per network: Henrici's number and before training, the angle of the evidence mode, and the growth of words with
    that of random directions; lines mark the Gaussian matrix and no growth."""
    y = np.arange(len(table))[::-1]
    measures = {"Henrici": "Henrici", "angle": "angle, evidence mode", "growth": "growth of words"}
    for ax, (short, middle) in zip(axes, measures.items(), strict=True):
        ax.hlines(y, table[f"{short}, from"], table[f"{short}, to"], color=ACCENT, lw=2)
        ax.scatter(table[middle], y, s=24, color=ACCENT, zorder=3, label="trained" if short == "Henrici" else None)
    untrained = {"facecolor": "white", "edgecolor": GREY, "zorder": 2, "label": "before training"}
    axes[0].scatter(table["before training"], y, s=24, **untrained)
    axes[2].scatter(table["of random directions"], y, s=24, marker="x", color=GREY, label="random direction")
    axes[0].axvline(0.5**0.5, color=INK, ls=":", lw=0.8)
    axes[2].axvline(1, color=INK, lw=0.8)
    axes[0].set(xlabel="Henrici number", xlim=(-0.03, None), ylim=(-0.6, len(table) - 0.4))
    axes[0].set_yticks(y, table.index)
    axes[1].set(xlabel="angle of ℓ and r (°)", xlim=(0, 92))
    axes[2].set(xlabel="growth of words", xlim=(0, None))
    legend_below(axes[0].figure, axes[0], axes[2], fontsize=8)


# Similarity


def evidence_traces(ax: Axes, logits: np.ndarray, kinds: Sequence[tuple[str, str]]) -> None:
    """The logit of each network [network, word] against the words it has read; `kinds` are (architecture, corpus)."""
    ax.axhline(0, color=GREY, lw=0.5, zorder=0)
    for values, (architecture, corpus) in zip(logits, kinds, strict=True):
        ax.plot(np.arange(len(values)), values, color=ARCHITECTURE[architecture], ls=CORPUS[corpus][1], lw=1)
    ax.set(xlabel="words read", ylabel="logit")
    ax.label_outer()
    ax.margins(x=0)


def distance_matrix(ax: Axes, distances: np.ndarray, labels: Sequence[str], blocks: Sequence[int]) -> None:
    """Distances between networks as a heat map, dark where they are close; white lines before each of `blocks`."""
    sns.heatmap(
        distances, ax=ax, cmap="viridis", vmin=0, square=True, xticklabels=labels, yticklabels=labels, cbar_kws={"shrink": 0.8}
    )
    ax.hlines(blocks, 0, len(labels), color="white", lw=1.5)
    ax.vlines(blocks, 0, len(labels), color="white", lw=1.5)
    for drawn in (ax, ax.collections[0].colorbar.ax):
        drawn.tick_params(length=0, labelsize=7)
    ax.tick_params(axis="x", rotation=90)
    ax.tick_params(axis="y", rotation=0)


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


def network_legend(ax: Axes, kinds: Sequence[tuple[str, str]], traces: bool = False, before: bool = False) -> None:
    """A legend below the figure: colours of architectures; markers of corpora, or dashes of `traces`; hollow for `before`
    training."""
    architectures, corpora = ({kind[i] for kind in kinds} for i in (0, 1))
    handles = [plt.Line2D([], [], color=c, label=a, lw=3) for a, c in ARCHITECTURE.items() if a in architectures]
    for corpus, (marker, dashes) in CORPUS.items():
        if corpus in corpora:
            look = {"ls": dashes} if traces else {"marker": marker, "ls": "none"}
            handles.append(plt.Line2D([], [], color=INK, label=corpus, **look))
    if before:
        handles.append(plt.Line2D([], [], color=INK, marker="o", mfc="white", ls="none", label="before training"))
    ax.figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=8)


def shared_dimensions(ax: Axes, correlations: Mapping[str, np.ndarray]) -> None:
    """Canonical correlations by rank, quantiles [rank, 3] of each kind of pair."""
    _bands(ax, np.arange(1, 1 + len(next(iter(correlations.values())))), correlations)
    ax.set(xlabel="canonical dimension k", ylabel="correlation ρ", ylim=(0, 1.02))


def distances_by_count(ax: Axes, counts: Sequence[int], distances: Mapping[str, np.ndarray]) -> None:
    """Distances between dynamics by the number of components kept, quantiles [count, 3] of each kind of pair."""
    _bands(ax, np.array(counts), distances)
    ax.set(xlabel="components kept", ylabel="distance between dynamics", yscale="log")
    plain_log(ax.yaxis)


def _bands(ax: Axes, x: np.ndarray, quantiles: Mapping[str, np.ndarray]) -> None:
    colors = {"trained": ACCENT, "before training": NEGATIVE}
    for label, values in quantiles.items():
        quantile_band(ax, x, values, colors.get(label, GREY), label)
    ax.legend(fontsize=7)
