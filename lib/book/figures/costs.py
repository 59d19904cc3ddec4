"""Figures of what trainings cost."""

from collections.abc import Mapping, Sequence

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from lib.book.figures.look import ACCENT, INK, OCHRE, plain_log

PROCESSOR = {"CPU": ACCENT, "GPU": OCHRE}


def training_rates(ax: Axes, trained: pd.DataFrame, alone: Mapping[str, float]) -> None:
    """Tokens a second of each training, one row per architecture; a diamond for a process that had the GPU `alone`."""
    order = list(alone)
    sns.stripplot(
        trained, x="rate", y="architecture", hue="processor", order=order, palette=PROCESSOR, ax=ax, size=4, jitter=False,
        dodge=True, alpha=0.8, legend=False,
    )  # fmt: skip
    for processor, color in PROCESSOR.items():
        ax.plot([], [], "o", ms=4, color=color, label=processor)
    ax.plot(list(alone.values()), range(len(order)), "D", ms=5, mfc="none", mec=INK, ls="none", label="GPU, alone, SST")
    ax.set(xscale="log", xlabel="tokens per second of one training", ylabel="")
    plain_log(ax.xaxis)
    ax.xaxis.set_ticks([30_000, 100_000, 300_000, 1_000_000], ["30k", "100k", "300k", "1M"])
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", lw=0.4, alpha=0.5)


def time_by_workers(ax: Axes, workers: Sequence[int], hours: Mapping[tuple[str, int], Sequence[float]]) -> None:
    """Hours until all are trained against cores or GPUs, a line for each processor and number of networks."""
    numbers = sorted({n for _, n in hours})
    for (processor, n), values in hours.items():
        dashes = "-" if n == numbers[-1] else "--"
        ax.plot(workers, values, dashes, color=PROCESSOR[processor], lw=1.4, label=f"{processor}, {n:,} networks")
    ax.set(xscale="log", yscale="log", xlabel="CPU cores, or GPUs", ylabel="hours")
    plain_log(ax.xaxis)
    ax.xaxis.set_ticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
