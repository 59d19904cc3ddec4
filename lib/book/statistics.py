"""Intervals: of a mean over seeds, of a difference on the same documents, of an effect over paired runs."""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd


def interval(values: Iterable[float], confidence: float = 0.95, n_resamples: int = 10_000) -> tuple[float, float, float]:
    """Mean over seeds with its percentile bootstrap interval, which stays where the values can be: shares within [0, 1].

    Of few seeds it is rather too narrow (Efron & Tibshirani 1993, §13): at 95 % that of three goes from the smallest to the
    largest, and none is wider. Values that are not finite are left out; where fewer than three remain there is no interval.
    """
    finite = np.array([value for value in values if math.isfinite(value)])
    if len(finite) < 3:
        return (float(finite.mean()) if len(finite) else math.nan), math.nan, math.nan
    means = np.random.default_rng(0).choice(finite, (n_resamples, len(finite))).mean(1)
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(finite.mean()), float(low), float(high)


def paired_gain(
    ours: np.ndarray, theirs: np.ndarray, confidence: float = 0.95, n_resamples: int = 10_000
) -> tuple[float, float, float]:
    """By how much `ours` is right more often than `theirs` on the same documents, with a percentile bootstrap interval.

    Both are booleans [document], right or wrong. A pair differs by −1, 0 or 1, so that resampling the documents is the same
    as drawing three counts from a multinomial distribution (Efron & Tibshirani 1993, §6).
    """
    difference = ours.astype(int) - theirs.astype(int)
    shares = [np.mean(difference == value) for value in (-1, 0, 1)]
    worse, _, better = np.random.default_rng(0).multinomial(len(difference), shares, n_resamples).T
    low, high = np.quantile((better - worse) / len(difference), [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(difference.mean()), float(low), float(high)


KEYS = ("dataset", "architecture", "vectors", "start", "dropout", "seed")


def effect(
    table: pd.DataFrame, factor: str, levels: tuple[str, str], measure: str, ratio: bool = False, n_resamples: int = 10_000
) -> tuple[float, float, float]:
    """How much one level of a factor changes a measure against another, with a 95 % percentile bootstrap interval.

    Runs are paired in all other factors and the seed; pairs are resampled. The mean difference of the first level less the
    second, or with `ratio` the geometric mean of the first over the second. Not a number where there is no pair, and
    in a table without runs.
    """
    if table.empty:
        return math.nan, math.nan, math.nan
    others = [key for key in KEYS if key != factor and key in table]
    wide = table.assign(value=table[measure].astype(float)).pivot(index=others, columns=factor, values="value")
    pairs = wide.reindex(columns=list(levels)).dropna().to_numpy()
    if not len(pairs):
        return math.nan, math.nan, math.nan
    pairs = np.log(pairs) if ratio else pairs
    changes = pairs[:, 0] - pairs[:, 1]
    drawn = np.random.default_rng(0).integers(len(changes), size=(n_resamples, len(changes)))
    low, high = np.quantile(changes[drawn].mean(1), [0.025, 0.975])
    mean, low, high = (float(np.exp(value) if ratio else value) for value in (changes.mean(), low, high))
    return mean, low, high
