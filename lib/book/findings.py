"""What makes the line, in numbers, from the measures that `lib.training.experiment` left: effects, and the claims R1 to R4.

A table has a row a run, with its levels, seed and measures (`experiment.measures`); a trail the moments of one network.
`lib.book.answers` puts these numbers into words.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from lib.book.accuracies import seed_accuracies
from lib.book.records import RECORDS, all_records_of, records_of
from lib.book.statistics import effect
from lib.dynamics.bifurcation import is_whole, kind
from lib.training.catalogue import NETWORKS
from lib.training.experiment import DOT_BELOW, LINE_SPREAD, is_line

CONTRASTS = {  # what is compared: factor, the level, and the level it is compared with
    "learned vectors against GloVe": ("vectors", ("learned", "glove")),
    "learned vectors against centred GloVe": ("vectors", ("learned", "centred")),
    "Glorot start against uniform": ("start", ("glorot", "uniform")),
    "orthogonal start against uniform": ("start", ("orthogonal", "uniform")),
    "dropout 0.5 against none": ("dropout", ("dropout", "free")),
}
SPREAD = "spread of the points over that of the states, along m"


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


def with_a_line(table: pd.DataFrame, factor: str, at_drift: bool = False) -> pd.DataFrame:
    """In how many runs of each level there is a line: columns n_lines, n.

    With `at_drift`, in how many the points at q_D spread like the states.
    """
    held = table["drift_spread"].between(*LINE_SPREAD) if at_drift else table["line"].astype(bool)
    return held.groupby(table[factor], sort=False).agg(n_lines="sum", n="count")


def recipes_by_lines(table: pd.DataFrame) -> pd.DataFrame:
    """Each combination of vectors and start: share with a line, median one-step error and accuracy.

    The first has a line most often; of equals, the smaller error.
    """
    each = table.astype({"line": int}).groupby(["vectors", "start"])
    found = each.agg(n_lines=("line", "sum"), n=("line", "count"), share=("line", "mean"))
    found[["one_step", "accuracy"]] = each[["one_step", "accuracy"]].median()
    return found.sort_values(["share", "one_step"], ascending=[False, True])


def crossings(spreads: Sequence[float | None], bound: float = DOT_BELOW) -> int:
    """How often the points' spread passes the bound between a dot and a line, up or down."""
    wide = [value >= bound for value in spreads if value is not None and math.isfinite(value)]
    return sum(a != b for a, b in pairwise(wide))


def judged_epochs(trails: dict[str, dict]) -> dict[str, float]:
    """What the claim R4 asks of the networks that were followed."""
    counts = {name: crossings([moment["spread"] for moment in trail["moments"]]) for name, trail in trails.items()}
    median = float(np.median(list(counts.values()))) if counts else math.nan
    return {
        "times that the spread along m crosses 1/3, median over the networks followed": median,
        **{f"times in {name}": float(n) for name, n in counts.items()},
    }


MEASURED = {  # of the published networks and their further seeds: the claim under which it is on record, and its name there
    "variance_3": ("A1", "variance in the first 3 PCs"),
    "spread": ("A5", SPREAD),
    "alignment": ("A10", "median |r₁·m|"),
    "one_step": ("A11", "median one-step error"),
    "tau": ("A7", "median slowest τ (tokens)"),
}


def network_measures(network: Path, records: Path = RECORDS) -> dict[str, float | None]:
    """The measures `MEASURED` of one network, from this build or its `claims.json`; None where there is none."""
    found = all_records_of(network.name, network.parent, records)
    return {key: found.get(claim, {}).get(name) for key, (claim, name) in MEASURED.items()}


def both_recipes(cells: Sequence[str], folder: Path = NETWORKS, records: Path = RECORDS) -> pd.DataFrame:
    """Accuracy (`seed_accuracies`) and what else was measured in every seed of some cells, with paper A's and B's recipe."""
    seeds = seed_accuracies(cells, folder)
    measures = [network_measures(folder / name, records) for name in seeds["network"]]
    return seeds.join(pd.DataFrame(measures, columns=list(MEASURED), index=seeds.index, dtype=float))


def lines(names: Sequence[str], records: Path = RECORDS) -> list[str]:
    """Which of some networks have a line, by the meaning of `is_line`, as far as its four measures are on record."""
    asked = {
        "converged": ("A4", "share of starts that converge"),
        "first_axis": ("A5", "first-axis share"),
        "inside": ("A5", "variance inside the first 3 PCs of the states"),
        "spread": ("A5", SPREAD),
    }
    found = {name: records_of(name, records) for name in names}
    values = {name: {key: of.get(claim, {}).get(at) for key, (claim, at) in asked.items()} for name, of in found.items()}
    return [name for name, measures in values.items() if None not in measures.values() and is_line(**measures)]


def pitchfork(branches: pd.DataFrame) -> dict[str, str | int]:
    """The fixed points of one network as its input moves (`lib.dynamics.bifurcation.branches`): what they are, and how many."""
    by_input = dict(list(branches.groupby("factor")))
    n_sinks = branches[branches["n_unstable"] == 0].groupby("factor").size()
    return {
        "at zero input": kind(by_input.get(0.0, branches[:0])),
        "at the mean token": kind(by_input.get(1.0, branches[:0])),
        "inputs with two sinks or more": int((n_sinks > 1).sum()),
        "inputs where the points are complete": sum(is_whole(points) for points in by_input.values()),
    }


def growth(table: pd.DataFrame, n_documents: int) -> tuple[float, float]:
    """How τ grows with the text, τ ∝ n^slope (least squares on logarithms): the slope, and τ carried on to `n_documents`."""
    n, tau = np.log(table["n_documents"].to_numpy(float)), np.log(table["tau"].to_numpy(float))
    slope, offset = np.polyfit(n, tau, 1)
    return float(slope), math.exp(offset + slope * math.log(n_documents))
