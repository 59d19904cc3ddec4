"""Figures of many networks: training, claims, and what makes the line."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes

from lib.book.figures.look import (
    ACCENT,
    GREY,
    INK,
    NEGATIVE,
    NEUTRAL,
    PC,
    POSITIVE,
    SADDLE,
    SINK,
)


def learning_curves(ax: Axes, history: Sequence[Mapping[str, float]], best_epoch: int) -> None:
    """Training and validation loss by epoch, the published epoch marked."""
    epochs = np.arange(1, len(history) + 1)
    ax.plot(epochs, [entry["loss"] for entry in history], "o-", ms=3, color=GREY, label="training (with dropout)")
    ax.plot(epochs, [entry["validation_loss"] for entry in history], "o-", ms=3, color=INK, label="validation")
    ax.axvline(best_epoch, color=ACCENT, lw=1, ls=":")
    ax.set(xlabel="epoch", ylabel="loss (nats)", ylim=(0, None))


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
