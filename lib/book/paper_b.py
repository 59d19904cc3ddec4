"""What paper B's claims about depth ask, from the measures of the layers of its stacks (`stacks.stack_layers`)."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from lib.book.ledger import REPRODUCED, Judgement, ledger
from lib.book.records import RECORDS, record

SCORES = {  # of paper B, appendix A: training, validation and test documents
    "GRU₁": {"loss": (0.1995, 0.2085, 0.2509), "accuracy": (0.9235, 0.9203, 0.9025)},
    "GRU₂": {"loss": (0.1979, 0.2038, 0.2382), "accuracy": (0.9238, 0.9216, 0.9056)},
    "GRU₃": {"loss": (0.2075, 0.2122, 0.2491), "accuracy": (0.9205, 0.9216, 0.9024)},
}
A5 = ledger()["A5"]
FEW, MANY = 5, 50  # distinct points of a layer: at most, at least
TWO, ANGLE, STEP, AWAY = (
    "variance in the first 2 PCs",
    "median angle",
    "step at charged over other words",
    "distance to the cloud",
)
COUNTED = {"": "distinct points", "b": "distinct points further on"}  # by the version of a claim


def kind(layer: Mapping[str, float]) -> str:
    """What a layer looks like to paper B: a *line* of points along its readout; *many*, *some* or *few* points further on."""
    if A5.first_verdict(layer) == REPRODUCED:
        return "line"
    points = layer["distinct points further on"]
    return "few" if points <= FEW else "many" if points >= MANY else "some"


def paper_b(layers: pd.DataFrame) -> dict[str, dict[str, float]]:
    """What paper B's claims about depth ask, from the layers of the stacks that were trained with one seed.

    Claims whose stacks are missing are left out.
    """
    of = dict(list(layers.sort_values("layer").groupby("stack")))
    one, two, three, four, small = (of.get(name) for name in ("GRU₁", "GRU₂", "GRU₃", "GRU₄", "GRU₃-d50"))
    found = {}
    if one is not None:
        found["B1"] = {"variance in the first 2 PCs of GRU₁": one[TWO].iloc[0]}
    if three is not None:
        found |= _of_three(three)
    if one is not None and three is not None:
        found |= _against_one(one.iloc[0], three)
    if two is not None:
        found["B6"] = {"layers of GRU₂ in which A5 holds": (two.kind == "line").sum()}
    if four is not None:
        for version, points in COUNTED.items():
            found[f"B7{version}"] = {
                "distinct points of layers 2 and 3 of GRU₄ (the more)": four[points].iloc[1:3].max(),
                "A5 holds in layer 4": four.kind.iloc[3] == "line",
            }
    if three is not None and small is not None:
        differ = three.kind.to_numpy() != small.kind.to_numpy()
        found["B8"] = {"layers of another kind than with 100 dimensions": differ.sum()}
    return {key: {name: float(value) for name, value in measures.items()} for key, measures in (found | _accuracy(of)).items()}


def _of_three(three: pd.DataFrame) -> dict[str, dict[str, float]]:
    """B3 and B4, about GRU₃."""
    ratios, upper = three[STEP], three.iloc[1:]
    steps = {
        "least step ratio over layers": ratios.min(),
        "least increase of the ratio from layer to layer": ratios.diff().min(),
    }
    return {"B3": steps} | {
        f"B4{version}": {
            "distinct points of layer 1": three[points].iloc[0],
            "distinct points of layers 2 and 3 (the more)": upper[points].max(),
            "distance to the cloud, layers 2 and 3 (the nearer)": upper[AWAY].min(),
        }
        for version, points in COUNTED.items()
    }


def _against_one(one: pd.Series, three: pd.DataFrame) -> dict[str, dict[str, float]]:
    """B2 and B5, about GRU₃ against GRU₁."""
    lower = three[[TWO, ANGLE]].iloc[1:].min()
    return {
        "B2": {
            "variance in 2 PCs: layer 1 of GRU₃ less GRU₁": three[TWO].iloc[0] - one[TWO],
            "variance in 2 PCs: the lower of layers 2 and 3 less GRU₁": lower[TWO] - one[TWO],
            "variance in 2 PCs: the lower of layers 2 and 3": lower[TWO],
        },
        "B5": {
            "median angle of GRU₁ (degrees)": one[ANGLE],
            "median angle: the lower of layers 2 and 3 less GRU₁": lower[ANGLE] - one[ANGLE],
        },
    }


def _accuracy(of: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, float]]:
    """B9, about all stacks whose accuracy the paper states."""
    ours = {name: layers["test accuracy"].iloc[0] for name, layers in of.items() if name in SCORES}
    apart = [abs(value - SCORES[name]["accuracy"][-1]) for name, value in ours.items() if value == value]
    if not apart:
        return {}
    return {"B9": {"largest difference of a test accuracy (points)": 100 * max(apart), "networks compared": len(apart)}}


def record_paper_b(layers: pd.DataFrame, records: Path = RECORDS) -> dict[str, dict[str, Judgement]]:
    """Judge and record the claims about depth for every seed in the table, under `stacks-seed<k>`; by that name and claim."""
    return {
        name: {claim: record(name, claim, measures, records) for claim, measures in paper_b(of_seed).items()}
        for name, of_seed in ((f"stacks-seed{seed}", of_seed) for seed, of_seed in layers.groupby("seed"))
    }
