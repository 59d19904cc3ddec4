"""Figures of the pages beyond the papers: context, non-normality, similarity."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lib.book.figures.look import (
    ARCHITECTURE,
    CORPUS,
    GREY,
    INK,
    VALENCE,
)


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
