"""What makes the line, from the measures that `lib.experiment` left: effects with intervals, the claims R1 to R4, and words.

A table has a row a run, with its levels, seed and measures (`experiment.measures`); a trail the moments of one network.
"""

import math
from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pandas as pd

from lib.book.records import RECORDS, all_records_of, records_of
from lib.book.statistics import effect
from lib.book.tables import number
from lib.training.catalogue import NETWORKS, PAPER_B, spec_of
from lib.training.experiment import SPREAD, is_line

CONTRASTS = {  # what is compared: factor, the level, and the level it is compared with
    "learned vectors against GloVe": ("vectors", ("learned", "glove")),
    "learned vectors against centred GloVe": ("vectors", ("learned", "centred")),
    "Glorot start against uniform": ("start", ("glorot", "uniform")),
    "orthogonal start against uniform": ("start", ("orthogonal", "uniform")),
    "dropout 0.5 against none": ("dropout", ("dropout", "free")),
}


def effects(table: pd.DataFrame, measure: str, ratio: bool = False) -> pd.DataFrame:
    """Every contrast on one measure: effect and interval, one row each."""
    found = {label: effect(table, *contrast, measure, ratio) for label, contrast in CONTRASTS.items()}
    return pd.DataFrame.from_dict(found, orient="index", columns=["effect", "low", "high"])


def judged(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """What the claims R1, R2 and R3 ask of the factorial, by claim."""
    vectors = effect(table, "vectors", ("learned", "glove"), "line")
    error = effect(table, "vectors", ("glove", "learned"), "one_step", ratio=True)
    start = effect(table, "start", ("glorot", "uniform"), "line")
    accuracy = effect(table, "dropout", ("dropout", "free"), "accuracy")
    dropout = effect(table, "dropout", ("dropout", "free"), "line")
    return {
        "R1": {
            "share with a line: learned less GloVe, lower end": vectors[1],
            "one-step error: GloVe over learned, lower end": error[1],
            "share with a line: learned less GloVe": vectors[0],
            "one-step error: GloVe over learned": error[0],
        },
        "R2": {
            "share with a line: Glorot less uniform, lower end": start[1],
            "share with a line: Glorot less uniform": start[0],
        },
        "R3": {
            "accuracy: dropout 0.5 less none, lower end": accuracy[1],
            "share with a line: dropout 0.5 against none, size of the difference": abs(dropout[0]),
            "accuracy: dropout 0.5 less none": accuracy[0],
        },
    }


def crossings(spreads: Sequence[float | None], bound: float = SPREAD) -> int:
    """How often the points' spread passes the bound between a dot and a line, up or down."""
    wide = [value >= bound for value in spreads if value is not None and math.isfinite(value)]
    return sum(a != b for a, b in pairwise(wide))


def judged_epochs(trails: dict[str, dict]) -> dict[str, float]:
    """What the claim R4 asks of the networks that were followed."""
    counts = {name: crossings([moment["spread"] for moment in its["moments"]]) for name, its in trails.items()}
    median = float(np.median(list(counts.values()))) if counts else math.nan
    return {
        "times that the spread along m crosses 1/3, median over the networks followed": median,
        **{f"times in {name}": float(n) for name, n in counts.items()},
    }


MEASURED = {  # of the published networks and their further seeds: the claim under which it is on record, and its name there
    "accuracy": ("A14", "test accuracy"),
    "variance_3": ("A1", "variance in the first 3 PCs"),
    "spread": ("A5", "spread of the points over that of the states, along m"),
    "alignment": ("A10", "median |r₁·m|"),
    "one_step": ("A11", "median one-step error"),
    "tau": ("A7", "median slowest τ (tokens)"),
}


def network_measures(network: Path, records: Path = RECORDS) -> dict[str, float | None]:
    """The measures `MEASURED` of one network, from this build or its `claims.json`; None where there is none."""
    found = all_records_of(network.name, network.parent, records)
    return {key: found.get(claim, {}).get(name) for key, (claim, name) in MEASURED.items()}


def both_recipes(cells: Sequence[str], folder: Path = NETWORKS, records: Path = RECORDS) -> pd.DataFrame:
    """What was measured in each seed of some cells, `<dataset>-<architecture>`, with paper A's and with paper B's recipe.

    A seed's measures are on record in this build, or in its `claims.json`.
    """
    rows = []
    for cell, (recipe, stem) in product(cells, (("A", ""), ("B", f"-{PAPER_B}"))):
        for path in sorted(folder.glob(f"{cell}{stem}-seed*")):
            values = network_measures(path, records)
            if any(value is not None for value in values.values()):
                rows.append({"cell": cell, "recipe": recipe, "seed": int(path.name.rpartition("-seed")[2])} | values)
    return pd.DataFrame(rows, columns=["cell", "recipe", "seed", *MEASURED]).astype(dict.fromkeys(MEASURED, float))


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


def counted(table: pd.DataFrame, factor: str, at_drift: bool = False) -> str:
    """In how many runs of each level there is a line; with `at_drift`, in how many the points at q_D spread like the states."""
    if table.empty:
        return NOT_YET
    held = table["drift_spread"].between(SPREAD, 3) if at_drift else table["line"].astype(bool)
    counts = held.groupby(table[factor], sort=False).agg(["sum", "count"])
    return ", ".join(f"{row['sum']} of {row['count']} with {IN_WORDS[level]}" for level, row in counts.iterrows())


def with_interval(found: tuple[float, float, float]) -> str:
    """An effect in words."""
    return f"{number(found[0])} (95 %: {number(found[1])} to {number(found[2])})"


def answer(table: pd.DataFrame) -> str:
    """Do word vectors decide whether there is a line?"""
    _, low, high = effect(table, "vectors", ("learned", "glove"), "line") if len(table) else (math.nan,) * 3
    if math.isnan(low):
        return NOT_YET
    found = "Word vectors decide it" if low > 0 else "GloVe favours the line" if high < 0 else "Word vectors do not decide it"
    error = effect(table, "vectors", ("glove", "learned"), "one_step", ratio=True)
    back = effect(table, "vectors", ("centred", "glove"), "line")[1]
    told = (
        f"{found}: with all else alike, there is a line in {counted(table, 'vectors')}. "
        f"The error of one linear step with GloVe is {number(error[0])} times that with learned vectors."
    )
    if back > 0:
        told += " What matters is not what GloVe knows but its mean and its size: without them the line is back."
    return told


def advice(table: pd.DataFrame) -> str:
    """Which vectors and start gave a line most often (of equals, the smaller error), and what GloVe does to the accuracy."""
    if table.empty:
        return NOT_YET
    each = table.astype({"line": int}).groupby(["vectors", "start"])
    found = each.agg(held=("line", "sum"), n=("line", "count"), share=("line", "mean"))
    found[["one_step", "accuracy"]] = each[["one_step", "accuracy"]].median()
    best = found.sort_values(["share", "one_step"], ascending=[False, True]).iloc[0]
    vectors, start = best.name
    gain = effect(table, "vectors", ("glove", "learned"), "accuracy")
    price = ": the better classifier is not the better subject" if gain[1] > 0 else ""
    return (
        f"To see a line attractor, train with {IN_WORDS[vectors]} and {IN_WORDS[start]}: {best['held']:.0f} of {best['n']:.0f} "
        f"such networks have a line, with a median one-step error of {number(best['one_step'])} and a median test accuracy of "
        f"{number(best['accuracy'])}. GloVe instead of learned vectors changes the accuracy by {with_interval(gain)}{price}."
    )


def lines(names: Sequence[str], records: Path = RECORDS) -> list[str]:
    """Which of some networks have a line, by the meaning of `is_line`, as far as its four measures are on record."""
    asked = {
        "converged": ("A4", "share of starts that converge"),
        "first_axis": ("A5", "first-axis share"),
        "inside": ("A5", "variance inside the first 3 PCs of the states"),
        "spread": ("A5", MEASURED["spread"][1]),
    }
    found = {name: records_of(name, records) for name in names}
    values = {name: {key: of.get(claim, {}).get(at) for key, (claim, at) in asked.items()} for name, of in found.items()}
    return [name for name, its in values.items() if None not in its.values() and is_line(**its)]


def recipes_told(found: pd.DataFrame) -> str:
    """Both recipes in the same cells, in words; every cell counts once, however many seeds it has."""
    ours, theirs = (found[found["recipe"] == recipe] for recipe in "AB")
    if ours.empty or theirs.empty:
        return NO_NETWORK
    wide = [f"{its['spread'].between(SPREAD, 3).sum()} of {its['spread'].notna().sum()}" for its in (ours, theirs)]
    asked = {
        "error of one linear step": "one_step",
        "share of the states’ variance in three components": "variance_3",
        "test accuracy": "accuracy",
        "slowest τ in tokens": "tau",
    }
    a, b = (its.groupby("cell")[list(asked.values())].median().median() for its in (ours, theirs))
    medians = (f"{label} {number(a[key])} against {number(b[key])}" for label, key in asked.items())
    return (
        f"The points spread like the states, between a third and three times as far, in {wide[0]} networks with paper A’s "
        f"recipe and in {wide[1]} with paper B’s. Medians over the cells (of each the median seed), A’s against B’s: "
        f"{'; '.join(medians)}."
    )


def epochs_told(trails: dict[str, dict]) -> str:
    """How often the line comes and goes in each network that was followed."""
    if not trails:
        return NOT_YET
    told = []
    for name, its in trails.items():
        spreads = [moment["spread"] for moment in its["moments"]]
        n, wide = crossings(spreads), sum(value is not None and value >= SPREAD for value in spreads)
        times = {0: "never", 1: "once", 2: "twice"}.get(n, f"{n} times")
        told.append(f"in {name.removesuffix('-seed0')} {times} (a third or more at {wide} of {len(spreads)} moments)")
    moments = [moment for its in trails.values() for moment in its["moments"] if moment["spread"] is not None]
    split = ([m["n_saddles"] > 0 for m in moments if (m["spread"] >= SPREAD) == wide] for wide in (True, False))
    spread, gathered = (f"{sum(saddles)} of {len(saddles)}" for saddles in split)
    return (
        f"The points’ spread crosses a third of the states’ {'; '.join(told)}. Over all moments, a saddle was found at "
        f"{spread} where the points spread that far, and at {gathered} where they did not."
    )


def cut_told(whole: str, short: str, folder: Path = NETWORKS, records: Path = RECORDS) -> str:
    """What a shorter cut of the documents changes: two networks that differ in it alone, in words."""
    long, cut = (network_measures(folder / name, records) for name in (whole, short))
    if None in (*long.values(), *cut.values()):
        return NO_NETWORK
    changes = [
        f"{label} {number(cut[key])} instead of {number(long[key])}"
        for label, key in (("test accuracy", "accuracy"), ("spread of the points", "spread"), ("slowest τ in tokens", "tau"))
    ]
    tokens = spec_of(short).recipe.n_tokens, spec_of(whole).recipe.n_tokens
    return (
        f"The length of the documents is another question: with their last {tokens[0]:,} tokens in place of up to "
        f"{tokens[1]:,}, all else alike, a GRU on IMDB has {'; '.join(changes)}."
    )


HALF_A_MILLION = 500_000  # reviews, about what paper A's Yelp has


def size_told(table: pd.DataFrame) -> str:
    """How the slowest time constant grows with the text, and what that would come to with half a million reviews."""
    if table.empty or table["n_documents"].nunique() < 2:
        return NOT_YET
    n, tau = np.log(table["n_documents"].to_numpy(float)), np.log(table["tau"].to_numpy(float))
    slope, offset = np.polyfit(n, tau, 1)
    carried = math.exp(offset + slope * math.log(HALF_A_MILLION))
    means = table.groupby("n_documents")["tau"].mean()
    return (
        f"From {means.index[0]:,} to {means.index[-1]:,} reviews the slowest mode goes from {number(means.iloc[0])} to "
        f"{number(means.iloc[-1])} tokens (means over seeds). Over all {len(table)} networks, four times the text multiplies "
        f"it by {number(4**slope)}. Carried on to half a million reviews that would be {number(carried)} tokens; this is an "
        f"extrapolation, {HALF_A_MILLION / means.index[-1]:.0f} times beyond what was trained and to another corpus."
    )
