"""Figures of stacks and their layers."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from lib.book.figures.look import (
    ACCENT,
    GREY,
    INK,
    NEGATIVE,
)


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


def strips(ax: Axes, groups: Mapping[str, np.ndarray]) -> None:
    """The values of each group as dots beside each other, with a bar at their mean; one group below the other."""
    for y, values in enumerate(groups.values()):
        spread = np.linspace(-0.22, 0.22, len(values)) if len(values) > 1 else np.zeros(len(values))
        ax.scatter(values, y + spread, s=9, color=ACCENT, alpha=0.6, lw=0)
        if len(values):
            ax.plot([values.mean()] * 2, [y - 0.35, y + 0.35], color=INK, lw=2)
    ax.set_yticks(np.arange(len(groups)), list(groups))
    ax.set(ylim=(len(groups) - 0.5, -0.5), xlim=(0, None))


def before_and_after(ax: Axes, labels: Sequence[str], after: np.ndarray, before: np.ndarray | None = None) -> None:
    """Values [row, 3] (lower, middle, upper), one row below the other, and hollow those before training."""
    y = np.arange(len(labels))[::-1]
    ax.hlines(y, after[:, 0], after[:, 2], color=ACCENT, lw=2)
    ax.scatter(after[:, 1], y, s=24, color=ACCENT, zorder=3, label="trained")
    if before is not None:
        ax.scatter(before, y, s=24, facecolor="white", edgecolor=GREY, zorder=2, label="before training")
    ax.set_yticks(y, labels)
    ax.set_ylim(-0.6, len(labels) - 0.4)
