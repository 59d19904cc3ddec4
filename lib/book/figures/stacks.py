"""Figures of stacks and their layers.

A `table` has a row a stack, seed and layer; its column `place` is the row of the figure.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from lib.book.figures.beyond import distance_matrix
from lib.book.figures.look import (
    ACCENT,
    ARCHITECTURE,
    GREY,
    INK,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    intervals,
    legend_below,
    spectrum,
)
from lib.book.figures.sections import coloured_words, fixed_point_cloud
from lib.book.html import render

HOW = {"alone": INK, "coupled": NEGATIVE}
DEPTHS = {"a network of one layer": ARCHITECTURE["gru"], "a layer of a stack": ACCENT}


def layer_grid(n: int) -> dict:
    """A panel a layer: three beside each other, two where there are two or four, a narrow one where there is one."""
    return {"n": n, "columns": 3 if n == 3 else min(n, 2), "width": 7.8 if n > 1 else 4}


def title_layers(axes: Sequence[Axes], notes: Sequence[str] | None = None, legend: bool = False) -> None:
    """Titles that count the layers, each with a note, and the `legend` of the first panel below all."""
    for n, ax in enumerate(axes):
        ax.set_title(f"layer {n + 1}" + (f": {notes[n]}" if notes else ""))
    if legend:
        legend_below(axes[0].figure, axes[0], markerscale=1.5)


def initial_state(ax: Axes, start: np.ndarray) -> None:
    """The state [2] before the first word."""
    ax.plot(*start, "o", color=INK, ms=5, label="initial state")


def step_histograms(axes: Sequence[Axes], steps: np.ndarray, valence: np.ndarray) -> None:
    """Sizes of steps [layer, word], a panel a layer, at words of positive, negative and no valence."""
    words = (("other words", valence == 0, GREY), ("positive", valence > 0, POSITIVE), ("negative", valence < 0, NEGATIVE))
    for ax, sizes in zip(axes, steps, strict=True):
        bins = np.linspace(0, np.quantile(sizes, 0.995), 21)
        for label, chosen, color in words:
            ax.hist(sizes[chosen], bins, density=True, histtype="step", color=color, lw=1.5, label=label)
        ax.set(xlabel="size of the step", ylabel="density")
    title_layers(axes, legend=True)


def step_ratios(ax: Axes, ratios: pd.DataFrame) -> None:
    """Steps at charged words over those at others, with intervals: black as the words were read, blue at the same states."""
    as_read = ratios.read == "as read"
    labels = [f"layer {n}" + ("" if own else ", same states") for n, own in zip(ratios.layer, as_read, strict=True)]
    values = (ratios[key].to_numpy() for key in ("ratio", "low", "high"))
    intervals(ax, labels, *values, np.where(as_read, INK, ACCENT))
    ax.axvline(1, color=GREY, ls=":")
    ax.set_xlabel("step at charged over other words")


def coloured_layers(words: Mapping[str, Sequence[str]], moved: Mapping[str, Sequence[np.ndarray]]) -> str:
    """Reviews (HTML), once for each layer, coloured by how far each word moved it (`coloured_words`)."""
    shown = [
        (name, n, coloured_words(words[name], values)) for name, layers in moved.items() for n, values in enumerate(layers, 1)
    ]
    return render("coloured_layers.html", shown=shown)


def searched(ax: Axes, visited: np.ndarray, starts: np.ndarray, ended: np.ndarray, converged: np.ndarray) -> None:
    """Where the `starts` of a search ended [point, 2], over the visited states; those that found no fixed point as crosses."""
    fixed_point_cloud(ax, visited, ended[converged], None, ended[~converged])
    ax.scatter(*starts.T, s=5, color=NEUTRAL, lw=0, alpha=0.6, label="start")


def layer_spectra(axes: Sequence[Axes], eigenvalues: Sequence[np.ndarray]) -> None:
    """Eigenvalues [point, mode] of each layer at up to three points, all of a layer in one panel."""
    looks = ((NEUTRAL, 30), (INK, 12), (NEGATIVE, 3))
    for ax, points in zip(axes, eigenvalues, strict=True):
        for i, (values, (color, size)) in enumerate(zip(points, looks, strict=False), 1):
            spectrum(ax, values, color, f"point {i}", size)
        _widen(ax, points)
    title_layers(axes, legend=True)


def coupled_spectra(axes: Sequence[Axes], alone: Sequence[np.ndarray], coupled: Sequence[np.ndarray]) -> None:
    """Eigenvalues of each layer on its own (grey) and in the coupled stack."""
    for ax, own, whole in zip(axes, alone, coupled, strict=True):
        spectrum(ax, own.ravel(), GREY, "alone", size=24)
        spectrum(ax, whole.ravel(), NEGATIVE, "coupled", size=5)
        _widen(ax, np.concatenate((own.ravel(), whole.ravel())))
    title_layers(axes, legend=True)


def _widen(ax: Axes, eigenvalues: np.ndarray) -> None:
    """Room for eigenvalues outside the unit circle."""
    reach = max(1.15, 1.08 * np.abs(eigenvalues).max())
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach))


def coupled_places(ax: Axes, visited: np.ndarray, alone: np.ndarray, coupled: np.ndarray) -> None:
    """Fixed points [point, 2] of a layer alone and of its part of the coupled stack, over the visited states."""
    fixed_point_cloud(ax, visited, alone, None, np.empty((0, 2)), label="alone")
    ax.scatter(*coupled.T, s=5, color=NEGATIVE, lw=0, zorder=4, label="coupled")


def resting_given_below(axes: Sequence[Axes], resting: pd.DataFrame) -> None:
    """Where each upper layer rests against where the layer below does; dotted, the range at zero input (`given` is 0)."""
    for ax, (layer, rows) in zip(axes, resting.groupby("layer"), strict=False):
        zero, held = rows.rests[rows.given == 0], rows[rows.given > 0]
        ax.scatter(held.below, held.rests, s=14, color=ACCENT, lw=0, alpha=0.7)
        for level in (zero.min(), zero.max()):
            ax.axhline(level, color=GREY, ls=":", lw=1)
        ax.set(xlabel=f"layer {layer - 1}: where it rests (sd)", ylabel=f"layer {layer}: where it then rests (sd)")
        ax.locator_params(axis="x", nbins=5)


def layer_bars(ax: Axes, table: pd.DataFrame, measure: str, label: str, marks: str | None = None) -> None:
    """A measure of each layer as bars, and another of each as marks."""
    sns.barplot(
        table, x=measure, y="place", hue=_depth(table), palette=DEPTHS, dodge=False, saturation=1, ax=ax, legend=bool(marks)
    )
    if marks:
        ax.plot(table[marks], table.place, "|", ms=8, color=INK, label="untrained")
        ax.get_legend().remove()
    ax.set(xlabel=label, ylabel=None)


def layer_dots(ax: Axes, table: pd.DataFrame, measure: str, label: str, circles: str | None = None) -> None:
    """A measure of each layer as dots, and another of each as circles."""
    colors = _depth(table).map(DEPTHS)
    ax.scatter(table[measure], table.place, color=colors, s=24, zorder=3, clip_on=False)
    if circles:
        ax.scatter(table[circles], table.place, s=40, facecolor="none", edgecolor=colors, label="refined")
        ax.legend(fontsize=7, loc="lower right", bbox_to_anchor=(1.02, 0.98), frameon=False)
    ax.set(xlabel=label, ylim=(table.place.nunique() - 0.6, -0.6))
    ax.set_xlim(left=0)
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def _depth(table: pd.DataFrame) -> pd.Series:
    return table.depth.eq(1).map({True: "a network of one layer", False: "a layer of a stack"})


def layer_distances(axes: Sequence[Axes], distances: Mapping[tuple[str, str], np.ndarray], layers: pd.DataFrame) -> None:
    """Heat maps of distances between layers, by measure and state of training, in the order of depth (white lines)."""
    deeper = np.flatnonzero(np.diff(layers.layer)) + 1
    for ax, ((measure, state), values) in zip(axes, sorted(distances.items(), reverse=True), strict=True):
        distance_matrix(ax, values, layers.label, deeper.tolist())
        ax.set_title(f"{measure}, {state}")


def seeds_by_layer(ax: Axes, table: pd.DataFrame, measure: str, label: str, interval, log: bool = False) -> None:
    """A measure of each layer, a dot for each seed, with the `interval` (of values: lower and upper end) of their mean, on a
    logarithmic axis of their geometric mean."""
    if log:
        ax.set_xscale("log")
    look = {"x": measure, "y": "place", "ax": ax}
    sns.pointplot(table, errorbar=interval, linestyle="none", marker="", err_kws={"color": GREY, "lw": 1}, **look)
    sns.stripplot(table, jitter=False, size=4.2, color=ACCENT, alpha=0.8, clip_on=False, zorder=3, **look)
    ax.set(xlabel=label, ylabel=None)
    ax.set_xlim(left=1 if log else 0)
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def alone_and_coupled(ax: Axes, table: pd.DataFrame, measure: str, label: str, log: bool = False) -> None:
    """A measure of each layer on its own and in the coupled stack, a dot for each seed."""
    if log:
        ax.set_xscale("log")
    look = {"hue": "how", "palette": HOW, "dodge": True, "jitter": False, "size": 4.2, "alpha": 0.8}
    sns.stripplot(table, x=measure, y="place", ax=ax, **look)
    ax.get_legend().remove()
    ax.set(xlabel=label, ylabel=None)
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def discs(axes: Sequence[Axes], resting: Mapping[str, tuple[np.ndarray, np.ndarray]], circle: tuple[float, float]) -> None:
    """Eigenvalues of layers before training and trained, a panel a layer, with a `circle` of theory (centre, radius)."""
    centre, radius = circle
    turn = np.linspace(0, 2 * np.pi, 200)
    for ax, (place, (before, trained)) in zip(axes, resting.items(), strict=True):
        spectrum(ax, before, GREY, "before training", size=14)
        spectrum(ax, trained, NEGATIVE, "trained", size=4)
        ax.plot(centre + radius * np.cos(turn), radius * np.sin(turn), "--", color=ACCENT, lw=1, label="circular law")
        ax.set_title(place.replace(", layer", ","))
    legend_below(axes[0].figure, axes[0], markerscale=2)


def recipe_changes(ax: Axes, changes: pd.DataFrame, reach: Mapping[str, float], bound: float) -> None:
    """Sizes of changes, a row a recipe (`reach` lists them all), with their median; shaded: the `reach` of another seed."""
    names = list(reach)
    y = np.arange(len(names))
    ax.barh(y, list(reach.values()), height=0.7, color=NEUTRAL, alpha=0.25, lw=0, label="another seed")
    sizes = changes.assign(size=changes["size"].clip(lower=0.02))
    look = {"x": "size", "y": "stack", "order": names, "ax": ax}
    sns.stripplot(sizes, jitter=False, size=3.7, color=GREY, alpha=0.7, **look)
    ax.plot(changes.groupby("stack")["size"].median().reindex(names), y, "|", ms=16, mew=2, color=INK)
    ax.axvline(bound, color=NEGATIVE, ls=":")
    ax.set(xscale="log", xlim=(0.015, 200), ylabel=None, ylim=(len(names) - 0.4, -0.6))
    ax.set_xlabel("change over the standard deviation of the seeds")
    legend_below(ax.figure, ax)


def stopped(
    axes: Sequence[Axes],
    speeds: Mapping[str, np.ndarray],
    places: Mapping[str, np.ndarray],
    visited: np.ndarray,
    tolerance: float,
) -> None:
    """Of several searches the speeds at which the points stopped, and where they ended [point, 2] over the visited states."""
    colors = dict(zip(speeds, (NEGATIVE, NEUTRAL, INK), strict=True))
    for search, q in speeds.items():
        look = {"histtype": "step", "lw": 1.6, "color": colors[search], "label": search}
        axes[0].hist(np.log10(q.clip(1e-16)), np.arange(-14, 0, 0.5), **look)
    axes[0].axvline(np.log10(tolerance), color=GREY, ls=":")
    axes[0].set(xlabel="log₁₀ q where the point stopped", ylabel="starts")
    axes[1].plot(*visited.T, ".", ms=1.5, color="0.85")
    for search, ended in places.items():
        axes[1].scatter(*ended.T, s=9, color=colors[search], lw=0, alpha=0.8, label=search)
    axes[1].set(xlabel="PC 1", ylabel="PC 2")
    legend_below(axes[0].figure, axes[1], columns=2, markerscale=2)


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
