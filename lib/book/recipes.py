"""What a changed recipe does to the layers of a stack, against what another seed of the common one does."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import t


def changes(layers: pd.DataFrame, changed: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """|change| of each measure of each layer under another recipe, over the standard deviation of the seeds of the common one.

    `layers` are those of the common recipe, `changed` those of others (`stacks.stack_layers`). A row a changed network, layer
    and measure, but for measures whose seeds agree exactly: `size`, in standard deviations from the mean over seeds.
    """
    place = ["depth", "layer"]
    seeds = layers.melt(place, measures, "measure").groupby([*place, "measure"])["value"].agg(["mean", "std"])
    found = changed.melt(["network", *place], measures, "measure").join(seeds, on=[*place, "measure"])
    found["size"] = (found["value"] - found["mean"]).abs() / found["std"]
    return found[found["std"] > 0].drop(columns=["value", "mean", "std"]).reset_index(drop=True)


def reach(n_seeds: int) -> float:
    """Within how many standard deviations of n seeds the next one falls nine times in ten (Student's t)."""
    return float(np.sqrt(1 + 1 / n_seeds) * t.ppf(0.95, n_seeds - 1))


def over_seeds(layers: pd.DataFrame, shapes: Mapping[str, str]) -> pd.DataFrame:
    """Some measures, each with its format, of every layer in words: mean ± standard deviation where there are several seeds."""
    rows = {}
    for place, seeds in layers.groupby("place", sort=False):
        several = len(seeds) > 1
        row = {"kind": " or ".join(dict.fromkeys(seeds.kind))}
        for measure, shape in shapes.items():
            spread = f" ± {shape.format(seeds[measure].std())}" if several else ""
            row[measure] = shape.format(seeds[measure].mean()) + spread
        rows[f"{place} ({len(seeds)} seeds)" if several else place] = row
    return pd.DataFrame(rows).T
