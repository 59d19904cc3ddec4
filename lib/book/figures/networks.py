"""Figures of many networks: training, claims, their mechanism side by side, and what makes the line."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lib.book.figures.look import (
    ACCENT,
    ARCHITECTURE,
    GREY,
    INK,
    NEUTRAL,
    OCHRE,
    PC,
    SADDLE,
    SINK,
    intervals,
    plain_log,
    spectrum,
    style,
)
from lib.book.figures.modes import valence_rows, word_effects
from lib.book.figures.sections import directions, fixed_point_cloud
from lib.book.portrait import Portrait


def learning_curves(ax: Axes, metrics: Mapping[str, Mapping], title: str) -> None:
    """Training (dotted) and validation loss by epoch of one network of each architecture; a dot where the weights were kept."""
    for architecture, of in metrics.items():
        epochs, color = np.arange(1, len(of["history"]) + 1), ARCHITECTURE[architecture]
        validation = [entry["validation_loss"] for entry in of["history"]]
        ax.plot(epochs, [entry["loss"] for entry in of["history"]], ":", lw=1, color=color)
        ax.plot(epochs, validation, lw=1.3, color=color, label=architecture)
        ax.plot(of["best_epoch"], validation[of["best_epoch"] - 1], "o", ms=6, color=color)
    ax.set(xlabel="epoch", ylabel="loss (nats)", ylim=(0, None))
    ax.set_title(title)


def two_recipes(ax: Axes, seeds: pd.DataFrame, measure: str, label: str, log: bool = False) -> None:
    """One dot per seed, one row per `cell` of the table; filled for paper A's `recipe`, hollow for paper B's."""
    looks, cells = {"A": ACCENT, "B": "white"}, list(seeds["cell"].unique())
    dots = {"dodge": True, "jitter": False, "size": 4.5, "linewidth": 1, "edgecolor": ACCENT, "palette": looks, "legend": False}
    sns.stripplot(seeds, x=measure, y="cell", hue="recipe", hue_order=list(looks), order=cells, ax=ax, **dots)
    for recipe, color in looks.items():
        ax.plot([], [], "o", ms=4.5, color=color, mec=ACCENT, label=f"paper {recipe}'s recipe")
    ax.set(xlabel=label, ylabel="", xscale="log" if log else "linear")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def references(ax: Axes, rows: Sequence[str], values: Mapping[str, float], label: str) -> None:
    """A bar on some of the rows, at the value that their dots are compared with; and the legend, beside the panel."""
    ax.plot([*values.values()], [rows.index(row) for row in values], "|", ms=14, mew=1.6, color=INK, label=label)
    ax.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))


def gains(ax: Axes, rows: pd.DataFrame, title: str) -> None:
    """Gains with their intervals (`gain`, `low`, `high`, in points), one row below the other; in colour away from zero."""
    colors = np.where(rows["low"] > 0, ACCENT, np.where(rows["high"] < 0, OCHRE, GREY))
    intervals(ax, list(rows.index), *rows[["gain", "low", "high"]].to_numpy().T, colors)
    ax.axvline(0, color=INK, lw=0.8)
    ax.set_title(title, fontsize=8)


MECHANISM = ("words, across ℓ₁", "by valence", "PC 2")


def mechanisms(portraits: Mapping[str, Portrait]) -> Figure:
    """The mechanism of several networks, a column of three panels for each (`mechanism`)."""
    style()
    drawn, grid = plt.subplots(len(MECHANISM), len(portraits), figsize=(2.1 * len(portraits), 6.0), squeeze=False)
    for axes, (name, portrait) in zip(grid.T, portraits.items(), strict=True):
        mechanism(axes, portrait)
        axes[0].set_title(name)
    for axes, label in zip(grid, MECHANISM, strict=True):
        axes[0].set_ylabel(label)
    drawn.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, title="words", markerscale=1.5)
    return drawn


def mechanism(axes: Sequence[Axes], portrait: Portrait) -> None:
    """Words in the plane of the left eigenvector, input projections, and the right eigenvector along the slow points."""
    word_effects(axes[0], portrait.effects)
    valence_rows(axes[1], portrait.projections)
    fixed_point_cloud(axes[2], portrait.visited, portrait.points)
    directions(axes[2], portrait.example[None], portrait.right[None], 0.2 * np.ptp(portrait.visited[:, 0]))
    for ax in axes:
        ax.tick_params(labelsize=8)
        ax.locator_params(nbins=4, axis="x")
        ax.set_ylabel("")


def measures_of_networks(
    axes: Sequence[Axes], values: pd.DataFrame, bounds: Mapping[str, Sequence[float]], log: str = ""
) -> None:
    """One panel per measure and one row per network: filled at the paper's tolerance, hollow at q_D; dotted: the criteria.

    `values` has the columns network, measure, `strict` and `loose`; a value that is not a number is not drawn. `log` names
    the measure whose axis is logarithmic.
    """
    rows = list(values["network"].unique())
    for ax, (measure, criteria) in zip(axes, bounds.items(), strict=True):
        found = values[values["measure"] == measure]
        y = found["network"].map(rows.index)
        ax.hlines(y, found["strict"], found["loose"], color=GREY, lw=0.8, zorder=1)
        ax.scatter(found["loose"], y, s=34, facecolors="white", edgecolors=ACCENT, label="at q$_D$")
        ax.scatter(found["strict"], y, s=16, color=INK, lw=0, label="at the paper’s tolerance", zorder=3)
        for bound in criteria:
            ax.axvline(bound, color=GREY, ls=":", lw=1)
        ax.set(xlabel=measure, ylim=(len(rows) - 0.5, -0.5))
        ax.set_yticks(np.arange(len(rows)), rows)
        ax.grid(axis="y", lw=0.4, alpha=0.5)
        if measure == log:
            ax.set_xscale("log")
            plain_log(ax.xaxis)
        else:
            ax.set_xlim(left=0)


CHOICES = {  # what is changed: marker, colour (of no valence), size, how it is called
    "tolerance": ("o", GREY, 16, "tolerance, 1e-6 to 1e-10"),
    "starts": ("s", ACCENT, 16, "starts, solver"),
    "documents": ("^", OCHRE, 18, "documents"),
    "input point": ("D", "#8E4585", 16, "input point"),
    "reference": ("|", INK, 160, "reference"),
}


def choices(ax: Axes, values: pd.DataFrame, label: str, log: bool = False) -> None:
    """The `value` of one measure in every `network`, one row each, under choices of every `kind`."""
    rows = list(values["network"].unique())
    for kind, (marker, color, size, told) in CHOICES.items():
        of = values[values["kind"] == kind]
        lw = 1.6 if kind == "reference" else 0
        ax.scatter(of["value"], of["network"].map(rows.index), size, color=color, marker=marker, lw=lw, alpha=0.8, label=told)
    ax.set(xlabel=label, xscale="log" if log else "linear", ylim=(len(rows) - 0.5, -0.5))
    ax.set_yticks(np.arange(len(rows)), rows)
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def distances_moved(ax: Axes, one_step: np.ndarray, two_steps: np.ndarray, title: str) -> None:
    """How far a state moves in one step and in two, against the steps without input."""
    for distance, color, label in ((one_step, INK, "one step"), (two_steps, ACCENT, "two steps")):
        ax.plot(np.clip(distance, 1e-5, None), color=color, label=label)
    ax.set(xlabel="steps without input", yscale="log", ylim=(1e-5, 5))
    ax.set_title(title, fontsize=8)


def whole_spectrum(ax: Axes, eigenvalues: np.ndarray) -> None:
    """Eigenvalues with the unit circle, in a square that holds those outside of it as well."""
    spectrum(ax, eigenvalues, ACCENT, "")
    reach = max(1.15, 1.08 * np.abs(eigenvalues).max())
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach))


def line_of_points(ax: Axes, points: np.ndarray, sinks: np.ndarray, saddles: np.ndarray) -> None:
    """Slow points [point, 2] over the states that were visited, and the exact fixed points among them."""
    ax.plot(*points.T, "o", color=INK, ms=3, mew=0, label="slow point")
    for exact, color, label in ((sinks, INK, "sink"), (saddles, "white", "saddle")):
        ax.plot(*exact.T, "o", mfc=color, mec="white" if color == INK else INK, mew=1.4, ms=9, ls="", label=label)
    ax.legend(loc="best", fontsize=9)


def effects(ax: Axes, found: pd.DataFrame, label: str, ratio: bool) -> None:
    """Effects (`effect`, `low`, `high`), one row a contrast; a dotted line at none; those that exclude it in colour."""
    y, none = np.arange(len(found)), float(ratio)
    colors = np.where((found["low"] > none) | (found["high"] < none), ACCENT, GREY)
    ax.axvline(none, color=INK, lw=0.8, ls=":")
    ax.hlines(y, found["low"], found["high"], color=colors, lw=2)
    ax.scatter(found["effect"], y, s=24, color=colors, zorder=3)
    ax.set_yticks(y, found.index)
    ax.set_ylim(len(found) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(f"{label}\n({'ratio' if ratio else 'difference'})", fontsize=8)
    if ratio:
        ax.set_xscale("log", base=2)
        plain_log(ax.xaxis)


def bifurcation(ax: Axes, branches: pd.DataFrame, visited: np.ndarray, title: str) -> None:
    """Exact fixed points against the input: sinks filled, saddles open; a band where the states are; lines at zero and one."""
    ax.axhspan(*visited, color="#EEEEEE", lw=0, label="visited states (5–95 %)")
    for at, dashes in ((0, "-"), (1, "--")):
        ax.axvline(at, color=INK, lw=0.8, ls=dashes, zorder=1)
    for label, look, points in (
        ("sink", SINK, branches[branches["n_unstable"] == 0]),
        ("saddle", SADDLE, branches[branches["n_unstable"] > 0]),
    ):
        ax.plot(points["factor"], points["logit"], label=label, **look)
    ax.set(xlabel="input (mean token = 1)", ylabel="logit")
    ax.set_title(title, fontsize=9)


def film_strip(axes: Sequence[Axes], moments: Sequence[Mapping[str, Sequence]]) -> None:
    """One panel per moment, all of one extent: visited `states` [state, 2], slow points at q_D (`drifting`) and at 1e-8
    (`points`), exact `sinks` and `saddles`."""
    flat = [{key: np.reshape(value, (-1, 2)) for key, value in moment.items() if key != "epoch"} for moment in moments]
    for ax, moment, at in zip(axes, flat, moments, strict=True):
        ax.scatter(*moment["states"].T, s=5, color="#D2D2D2", lw=0, label="visited states")
        ax.scatter(*moment["drifting"].T, s=6, color=NEUTRAL, lw=0, label="slow points, q < q$_D$")
        ax.scatter(*moment["points"].T, s=5, color=INK, lw=0, zorder=4, label="slow points, q < 10⁻⁸")
        for kind, look in (("sink", SINK), ("saddle", SADDLE)):
            ax.plot(*moment[f"{kind}s"].T, label=kind, **look | {"ms": 8, "mew": 1.5, "zorder": 3})
        ax.set_title(f"epoch {at['epoch']:.2f}", fontsize=9)
    every = np.concatenate([moment[key] for moment in flat for key in ("states", "drifting")])
    (left, low), (right, high) = np.quantile(every, [0.002, 0.998], axis=0)
    room = 0.08 * np.array([right - left, high - low])
    for ax in axes:
        ax.set(xlim=(left - room[0], right + room[0]), ylim=(low - room[1], high + room[1]), xlabel=PC[0])
        ax.tick_params(labelsize=7)
    axes[0].set_ylabel(PC[1])


def over_epochs(ax: Axes, moments: Sequence[Mapping], best: float, bound: float, title: str) -> None:
    """Spread of one network's slow points over its epochs, filled where a saddle was found; dashed: weights were kept."""
    trail = pd.DataFrame(moments).astype({"spread": float})
    ax.plot(trail["epoch"], trail["spread"], color=GREY, lw=0.8, zorder=1)
    for label, look, part in (
        ("a saddle was found", SINK, trail[trail["n_saddles"] > 0]),
        ("none was found", SADDLE, trail[trail["n_saddles"] == 0]),
    ):
        ax.plot(part["epoch"], part["spread"], label=label, **look)
    ax.axvline(best, color=INK, lw=1, ls="--", label="weights kept")
    ax.axhline(bound, color=GREY, lw=1, ls=":")
    ax.set(xlabel="epoch", yscale="log", ylim=(4e-3, 4))
    ax.set_title(title, fontsize=9)


def against_size(ax: Axes, table: pd.DataFrame, measure: str, label: str) -> None:
    """One dot per network against its number of training documents, a line through the means of each size."""
    means = table.groupby("n_documents")[measure].mean()
    ax.plot(means, color=GREY, lw=1, zorder=1)
    ax.plot(table["n_documents"], table[measure], "o", ms=5, color=ACCENT)
    ax.set(xscale="log", xlabel="training reviews", ylabel=label)
    ax.set_xticks(means.index, [f"{size:,}" for size in means.index])
    ax.minorticks_off()
