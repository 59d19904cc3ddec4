"""Charts as plain data, which the explorer's script draws and hands out as CSV: series of numbers with names and colours."""

from collections.abc import Iterable, Sequence

import numpy as np

from lib.book.figures.look import EXAMPLES, GREY, INK, NEUTRAL, VALENCE

DIGITS = 4  # significant ones that a chart keeps
SHADE, PLANE = "#CCCCCC", ("PC 1", "PC 2")
Chart = dict
Series = dict


def rounded(values: Iterable) -> list[float | None]:
    """Numbers to `DIGITS` significant digits; none where one is not finite, for JSON knows no other."""
    return [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in np.asarray(values, float).tolist()]


def chart(title: str, x: str, y: str, *series: Series, **options) -> Chart:
    """A chart with the labels of its axes. Options: `equal` axes; `log`, of which axes; `limits` of y; `falling` x."""
    return {"title": title, "x": x, "y": y, "series": list(series)} | options


def series(kind: str, name: str, color: str, x: Iterable, y: Iterable, **more) -> Series:
    """Numbers to draw as `dots`, `open` dots, `crosses`, a `line`, `dashes` or `bars`; `x` may be names.

    More: `values`, by which dots are coloured along the manifold; `low` and `high` ends of intervals.
    """
    found = list(x)
    numbers = {key: rounded(values) for key, values in more.items()}
    return {
        "kind": kind,
        "name": name,
        "color": color,
        "x": found if found and isinstance(found[0], str) else rounded(found),
        "y": rounded(y),
    } | numbers


def points(kind: str, name: str, color: str, at: np.ndarray, **more) -> Series:
    """The same for points [point, 2]."""
    return series(kind, name, color, at[:, 0], at[:, 1], **more)


def histogram(name: str, color: str, values: np.ndarray, edges: np.ndarray, density: bool = False) -> Series:
    """Bars at the middle of bins: how many values are in each, or their density."""
    counts, _ = np.histogram(values, edges, density=density)
    return series("bars", name, color, (edges[:-1] + edges[1:]) / 2, counts)


def variance(trained: np.ndarray, untrained: np.ndarray, shown: int = 50) -> Chart:
    """Cumulative variance by number of components."""
    k = np.arange(1, min(shown, len(trained)) + 1)
    of = (("trained", INK, trained), ("before training", GREY, untrained))
    lines = [series("line", name, color, k, values[: len(k)]) for name, color, values in of]
    return chart("Variance explained", "principal components", "share", *lines, limits=[0, 1.02])


def states(visited: np.ndarray, labels: np.ndarray, shown: int = 700) -> list[Series]:
    """Visited states [visit, 2] by the label of their document."""
    return [
        points("dots", f"states, {name} documents", VALENCE[name], visited[:shown][labels[:shown] == value]) | {"faint": True}
        for value, name in ((1, "positive"), (0, "negative"))
    ]


def backdrop(visited: np.ndarray, shown: int = 700) -> Series:
    """Visited states [visit, 2] in grey, below something else."""
    return points("dots", "visited states", SHADE, visited[:shown])


def walks(paths: dict[str, np.ndarray]) -> list[Series]:
    """Paths [time, 2] of the example reviews, by valence."""
    return [points("line", f"a {valence} review", VALENCE[valence], path) for valence, path in paths.items()]


def spectra(eigenvalues: Sequence[np.ndarray], names: Sequence[str], colors: Sequence[str] = EXAMPLES) -> Chart:
    """Eigenvalues in the complex plane, with the unit circle and equal axes."""
    angle = np.linspace(0, 2 * np.pi, 121)
    drawn = [
        series("dots", name, color, values.real.ravel(), values.imag.ravel())
        for values, name, color in zip(eigenvalues, names, colors, strict=False)
    ]
    circle = series("line", "unit circle", INK, np.cos(angle), np.sin(angle))
    return chart("Eigenvalues", "Re λ", "Im λ", circle, *drawn, equal=True)


def quantiles(title: str, x: str, y: str, steps: np.ndarray, values: np.ndarray, bound: float | None = None) -> Chart:
    """Median and 10–90 % range [step, 3], on a logarithmic scale, with a bound."""
    ends = [series("dashes", f"{share} %", NEUTRAL, steps, values[:, i]) for i, share in ((0, 10), (2, 90))]
    middle = series("line", "median", INK, steps, values[:, 1])
    limit = [series("dashes", str(bound), GREY, steps[[0, -1]], [bound, bound])] if bound else []
    return chart(title, x, y, *ends, middle, *limit, log="y")


def by_valence(title: str, x: str, values: dict[str, np.ndarray], n_bins: int = 30) -> Chart:
    """Histograms of a number by valence."""
    edges = np.histogram_bin_edges(np.concatenate(list(values.values())), n_bins)
    bars = [histogram(valence, VALENCE[valence], of, edges) for valence, of in values.items()]
    return chart(title, x, "count", *bars)


def direction(name: str, color: str, at: np.ndarray, vector: np.ndarray, length: float) -> Series:
    """A bar [2] of some length through a place, along a direction."""
    half = length * vector / max(float(np.linalg.norm(vector)), 1e-12)
    return points("line", name, color, np.stack([at - half, at + half]))
