"""The look of all figures: colours with a meaning, panels, legends, and the plots that many pages draw."""

import string
from collections.abc import Mapping, Sequence
from itertools import chain

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import QuadMesh
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from matplotlib_inline.backend_inline import set_matplotlib_formats

POSITIVE, NEGATIVE, NEUTRAL, ACCENT, GREY, INK = "#009E73", "#D55E00", "#56B4E9", "#3B5BA5", "#9A9A9A", "#222222"
OCHRE = "#B8860B"
EXAMPLES = (ACCENT, OCHRE, "#8E4585")  # the three example points along the manifold
VALENCE = {"positive": POSITIVE, "negative": NEGATIVE, "neutral": NEUTRAL}
ALONG = LinearSegmentedColormap.from_list(
    "along", ("#9CC3E6", ACCENT, "#2D0A45")
)  # position along the line: no valence's colour
PC = ("PC 1", "PC 2", "PC 3")


def style() -> None:
    """The look of every figure; call it once at the head of a notebook."""
    sns.set_theme(context="paper", style="ticks", font_scale=1.05)
    plt.rcParams.update(
        {
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.dpi": 130,
            "figure.facecolor": "none",  # the page's, or the card's in the dark theme
            "axes.facecolor": "none",
            "savefig.facecolor": "none",
            "svg.fonttype": "path",
            "legend.frameon": False,
            "figure.constrained_layout.use": True,
            "axes.titlesize": "medium",
        }
    )
    set_matplotlib_formats("svg")


def panels(n: int, columns: int = 3, height: float = 2.6, width: float = 7.6, **options) -> tuple[Figure, list[Axes]]:
    """A figure of n panels, lettered (a), (b), … where there are several."""
    rows = -(-n // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(width, height * rows), squeeze=False, **options)
    flat = list(axes.flat)
    for spare in flat[n:]:
        spare.remove()
    for letter, ax in zip(string.ascii_lowercase[: n if n > 1 else 0], flat, strict=False):
        ax.set_title(f"({letter})", loc="left", fontweight="bold")
    return figure, flat[:n]


def rasterize_many(figure: Figure, marks: int = 2_000) -> None:
    """Let what has more marks than that be drawn as pixels within the vector graphic, at more than twice the shown size; lines
    count as many where a panel's have ten times as many points together."""
    figure.set_dpi(220)
    for ax in figure.axes:
        for many in ax.collections:
            many.set_rasterized(isinstance(many, QuadMesh) or len(np.atleast_2d(many.get_offsets())) > marks)
        if sum(len(np.atleast_1d(line.get_xdata())) for line in ax.lines) > 10 * marks:
            for line in ax.lines:
                line.set_rasterized(True)


def legend_below(figure: Figure, *axes: Axes, columns: int = 3, **options) -> None:
    """The legend of one panel, or of some one after the other, below all of them."""
    each = [zip(*ax.get_legend_handles_labels(), strict=True) for ax in axes]
    figure.legend(*zip(*chain(*each), strict=True), loc="outside lower center", ncols=columns, **options)


def quantile_band(ax: Axes, x: np.ndarray, quantiles: np.ndarray, color: str, label: str) -> None:
    """Median and band of [point, 3] quantiles (lower, median, upper)."""
    ax.fill_between(x, quantiles[:, 0], quantiles[:, 2], color=color, alpha=0.2, lw=0)
    ax.plot(x, quantiles[:, 1], color=color, label=label)


def spectrum(ax: Axes, eigenvalues: np.ndarray, color, label: str, size: float = 9) -> None:
    """Eigenvalues in the complex plane with the unit circle, equal axes that reach as far as all that was drawn there."""
    angle = np.linspace(0, 2 * np.pi, 200)
    reach = max(1.15, ax.get_xlim()[1], 1.08 * np.abs(eigenvalues).max(initial=0))
    ax.plot(np.cos(angle), np.sin(angle), color=INK, lw=0.8)
    ax.scatter(eigenvalues.real, eigenvalues.imag, s=size, color=color, alpha=0.8, lw=0, label=label)
    ax.set(xlabel="Re λ", ylabel="Im λ", xlim=(-reach, reach), ylim=(-reach, reach))
    ax.set_aspect("equal")


def plain_log(axis: Axis) -> None:
    """Plain numbers at 1, 2 and 5 of each decade on a logarithmic axis."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def intervals(ax: Axes, labels: Sequence[str], values: np.ndarray, low: np.ndarray, high: np.ndarray, colors) -> None:
    """Values with intervals, one below the other."""
    y = np.arange(len(labels))[::-1]
    ax.hlines(y, low, high, color=colors, lw=2)
    ax.scatter(values, y, color=colors, s=24, zorder=3)
    ax.set_yticks(y, labels)
    ax.margins(y=0.1)


ARCHITECTURE = {"lstm": "#0072B2", "gru": "#E69F00", "ugrnn": "#CC79A7", "vanilla": INK, "linear": GREY}
CORPUS = {"imdb": ("o", "-"), "yelp": ("s", "--"), "sst": ("^", ":"), "synthetic": ("D", "-.")}  # marker, dashes


def named_points(ax: Axes, x: np.ndarray, y: np.ndarray, names: Mapping[int, str], color: str, label: str) -> None:
    """Points, some of them with their name beside them."""
    ax.scatter(x, y, s=12, color=color, lw=0, label=label, zorder=3)
    for i, name in names.items():
        ax.annotate(name, (x[i], y[i]), xytext=(3, 2), textcoords="offset points", fontsize=7, zorder=4)


def not_yet(told: str) -> Figure:
    """In place of a figure whose networks are not there: a sentence."""
    figure, ax = plt.subplots(figsize=(7.6, 0.8))
    ax.text(0.5, 0.5, told, ha="center", va="center", color="#555555", wrap=True)
    ax.set_axis_off()
    return figure


SINK = {"marker": "o", "ls": "none", "ms": 5, "color": ACCENT}
SADDLE = SINK | {"mfc": "white", "mec": ACCENT}
