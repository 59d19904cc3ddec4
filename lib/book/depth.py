"""What the tables of all stacks (`lib.book.stacks`) say of depth, over seeds."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

NEEDED = "components for 90 %"
STEP = "step at charged over other words"
SAME = f"{STEP}, at the same states"


def held(layers: pd.DataFrame) -> dict[str, pd.Series]:
    """In which stacks (by their first layer), or in which upper layers, a statement about depth holds: a truth value each."""
    single, deep = layers[layers.depth == 1], layers[layers.depth > 1]
    first, upper = (deep[deep.layer == 1].set_index("network"), deep[deep.layer > 1].set_index("network"))
    second, below = upper[upper.layer == 2], first.loc[upper.index]
    measured = below[SAME].notna()
    return {
        "wider": first[NEEDED] > single[NEEDED].max(),
        "narrower": upper[NEEDED] < single[NEEDED].min(),
        "second": second[NEEDED] < first[NEEDED].loc[second.index],
        "first_lines": first.kind == "line",
        "upper_lines": upper.kind == "line",
        "jumps": upper[STEP] > below[STEP],
        "jumps_same": upper[SAME][measured] > below[SAME][measured],
    }


def falls(layers: pd.DataFrame) -> pd.Series:
    """Does each layer of a stack need fewer components than the one below? By network; GRU₁ is no stack."""
    deep = layers[layers.depth > 1].sort_values("layer").groupby("network", sort=False)[NEEDED]
    return deep.agg(lambda needed: bool((np.diff(needed) < 0).all()))


def from_layer_to_layer(layers: pd.DataFrame, shapes: Mapping[str, str]) -> pd.DataFrame:
    """Medians over seeds of some measures, each with its format, from the lowest layer of a stack to the highest: in words, a
    row a stack; and in how many seeds each layer needs fewer components than the one below."""
    rows = {}
    for stack, of_stack in layers.groupby("stack", sort=False):
        medians = of_stack.groupby("layer")[list(shapes)].median()
        fall = falls(of_stack)
        rows[stack] = {measure: " → ".join(map(shape.format, medians[measure])) for measure, shape in shapes.items()}
        rows[stack]["lower and lower"] = f"{fall.sum()} of {len(fall)}" if len(fall) else "—"
    return pd.DataFrame(rows).T


def differing_kinds(layers: pd.DataFrame) -> float:
    """In how many layers two seeds of one stack are of another kind, a mean over pairs; not a number where there is no pair."""
    kinds = layers.pivot(index="seed", columns="layer", values="kind").to_numpy()
    return float(np.mean([(one != other).sum() for one, other in combinations(kinds, 2)])) if len(kinds) > 1 else np.nan


def coupled_against_alone(coupled: pd.DataFrame) -> pd.DataFrame:
    """Of each upper layer whether its points are `nearer` to the visited states in the coupled stack than alone, whether its
    modes turn less (`calmer`) and more of them last (`slower`); and whether its slowest mode `outlasts` that of layer 1."""
    measures = ["distance to the cloud", "median angle", "modes with τ > 10", "slowest τ"]
    wide = coupled.pivot(index=["network", "layer"], columns="how", values=measures)
    upper = wide[wide.index.get_level_values("layer") > 1]
    first = wide.xs(1, level="layer").loc[upper.index.get_level_values("network")].set_index(upper.index)
    near, angle, modes, tau = (upper[measure] for measure in measures)
    return pd.DataFrame(
        {
            "nearer": near.coupled < near.alone,
            "calmer": angle.coupled < angle.alone,
            "slower": modes.coupled > modes.alone,
            "outlasts_alone": tau.alone > first["slowest τ"].alone,
            "outlasts_coupled": tau.coupled > first["slowest τ"].coupled,
        }
    )
