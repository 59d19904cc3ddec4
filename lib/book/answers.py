"""Sentences that depend on numbers: what makes the line, in words. Each is true of whatever was measured."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from lib.book.accuracies import accuracy_of
from lib.book.findings import crossings, growth, network_measures, recipes_by_lines, with_a_line
from lib.book.html import number
from lib.book.records import RECORDS
from lib.book.statistics import effect
from lib.training.catalogue import NETWORKS, spec_of
from lib.training.experiment import DOT_BELOW, LINE_SPREAD

NOT_YET, NO_NETWORK = "Not trained yet: make experiment.", "Not trained yet: make grid."
IN_WORDS = {
    "learned": "learned vectors",
    "glove": "GloVe",
    "centred": "centred GloVe",
    "uniform": "torch’s uniform start",
    "glorot": "the Glorot start",
    "orthogonal": "the orthogonal start",
    "free": "no dropout",
    "dropout": "dropout 0.5",
}
HALF_A_MILLION = 500_000  # reviews, about what paper A's Yelp has


def listed(names: Iterable[str], none: str = "none") -> str:
    """Networks in a sentence, the published ones without their seed."""
    return ", ".join(name.removesuffix("-seed0") for name in names) or none


def with_interval(value: float, low: float, high: float) -> str:
    """A value with its interval, for a table: one digit after the point, no line break."""
    return "—" if math.isnan(value) else f"{value:.1f}\u00a0[{low:.1f},\u00a0{high:.1f}]"


def changes(what: Mapping[str, object]) -> str:
    """What a change of the recipe sets, in words."""
    return ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in what.items()) or "nothing"


def n_with_a_line(table: pd.DataFrame, factor: str, at_drift: bool = False) -> str:
    """In how many runs of each level there is a line; with `at_drift`, in how many the points at q_D spread like the states."""
    if table.empty:
        return NOT_YET
    counts = with_a_line(table, factor, at_drift)
    return ", ".join(f"{row['n_lines']} of {row['n']} with {IN_WORDS[str(level)]}" for level, row in counts.iterrows())


def what_decides(table: pd.DataFrame) -> str:
    """Do word vectors decide whether there is a line?"""
    _, low, high = effect(table, "vectors", ("learned", "glove"), "line")
    if math.isnan(low):
        return NOT_YET
    decided = "Word vectors decide it" if low > 0 else "GloVe favours the line" if high < 0 else "Word vectors do not decide it"
    error = effect(table, "vectors", ("glove", "learned"), "one_step", ratio=True)
    back = effect(table, "vectors", ("centred", "glove"), "line")[1]
    told = (
        f"{decided}: with all else alike, there is a line in {n_with_a_line(table, 'vectors')}. "
        f"The error of one linear step with GloVe is {number(error[0])} times that with learned vectors."
    )
    if back > 0:
        told += " What matters is not what GloVe knows but its mean and its size: without them the line is back."
    return told


def advice(table: pd.DataFrame) -> str:
    """Which vectors and start gave a line most often (of equals, the smaller error), and what GloVe does to the accuracy."""
    if table.empty:
        return NOT_YET
    best = recipes_by_lines(table).iloc[0]
    vectors, start = best.name
    gain, low, high = effect(table, "vectors", ("glove", "learned"), "accuracy")
    price = ": the better classifier is not the better subject" if low > 0 else ""
    return (
        f"To see a line attractor, train with {IN_WORDS[vectors]} and {IN_WORDS[start]}: "
        f"{best['n_lines']:.0f} of {best['n']:.0f} such networks have a line, with a median one-step error of "
        f"{number(best['one_step'])} and a median test accuracy of {number(best['accuracy'])}. GloVe instead of learned "
        f"vectors changes the accuracy by {number(gain)} (95 %: {number(low)} to {number(high)}){price}."
    )


def both_recipes(seeds: pd.DataFrame) -> str:
    """Both recipes in the same cells (`findings.both_recipes`); every cell counts once, however many seeds it has."""
    ours, theirs = (seeds[seeds["recipe"] == recipe] for recipe in "AB")
    if ours.empty or theirs.empty:
        return NO_NETWORK
    wide = [f"{of['spread'].between(*LINE_SPREAD).sum()} of {of['spread'].notna().sum()}" for of in (ours, theirs)]
    asked = {
        "error of one linear step": "one_step",
        "share of the states’ variance in three components": "variance_3",
        "test accuracy": "accuracy",
        "slowest τ in tokens": "tau",
    }
    a, b = (of.groupby("cell")[list(asked.values())].median().median() for of in (ours, theirs))
    medians = (f"{label} {number(a[key])} against {number(b[key])}" for label, key in asked.items())
    return (
        f"The points spread like the states, between a third and three times as far, in {wide[0]} networks with paper A’s "
        f"recipe and in {wide[1]} with paper B’s. Medians over the cells (of each the median seed), A’s against B’s: "
        f"{'; '.join(medians)}."
    )


def over_epochs(trails: dict[str, dict]) -> str:
    """How often the line comes and goes in each network that was followed."""
    if not trails:
        return NOT_YET
    each = []
    for name, trail in trails.items():
        spreads = [moment["spread"] for moment in trail["moments"]]
        n, wide = crossings(spreads), sum(value is not None and value >= DOT_BELOW for value in spreads)
        times = {0: "never", 1: "once", 2: "twice"}.get(n, f"{n} times")
        each.append(f"in {listed([name])} {times} (a third or more at {wide} of {len(spreads)} moments)")
    moments = [moment for trail in trails.values() for moment in trail["moments"] if moment["spread"] is not None]
    split = ([m["n_saddles"] > 0 for m in moments if (m["spread"] >= DOT_BELOW) == wide] for wide in (True, False))
    spread, gathered = (f"{sum(saddles)} of {len(saddles)}" for saddles in split)
    return (
        f"The points’ spread crosses a third of the states’ {'; '.join(each)}. Over all moments, a saddle was found at "
        f"{spread} where the points spread that far, and at {gathered} where they did not."
    )


def shorter_cut(whole: str, short: str, folder: Path = NETWORKS, records: Path = RECORDS) -> str:
    """What a shorter cut of the documents changes: two networks that differ in it alone."""
    long, cut = (network_measures(folder / name, records) for name in (whole, short))
    if None in (*long.values(), *cut.values()):
        return NO_NETWORK
    long, cut = (of | {"accuracy": accuracy_of(folder / name)} for of, name in ((long, whole), (cut, short)))
    differences = [
        f"{label} {number(cut[key])} instead of {number(long[key])}"
        for label, key in (("test accuracy", "accuracy"), ("spread of the points", "spread"), ("slowest τ in tokens", "tau"))
    ]
    tokens = spec_of(short).recipe.n_tokens, spec_of(whole).recipe.n_tokens
    return (
        f"The length of the documents is another question: with their last {tokens[0]:,} tokens in place of up to "
        f"{tokens[1]:,}, all else alike, a GRU on IMDB has {'; '.join(differences)}."
    )


def more_text(table: pd.DataFrame) -> str:
    """How the slowest time constant grows with the text, and what that would come to with half a million reviews."""
    if table.empty or table["n_documents"].nunique() < 2:
        return NOT_YET
    slope, carried = growth(table, HALF_A_MILLION)
    means = table.groupby("n_documents")["tau"].mean()
    return (
        f"From {means.index[0]:,} to {means.index[-1]:,} reviews the slowest mode goes from {number(means.iloc[0])} to "
        f"{number(means.iloc[-1])} tokens (means over seeds). Over all {len(table)} networks, four times the text multiplies "
        f"it by {number(4**slope)}. Carried on to half a million reviews that would be {number(carried)} tokens; this is an "
        f"extrapolation, {HALF_A_MILLION / means.index[-1]:.0f} times beyond what was trained and to another corpus."
    )
