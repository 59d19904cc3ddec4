"""What paper B's claims about depth ask, from the measures of the layers of its stacks."""

from itertools import pairwise

from lib.book.ledger import REPRODUCED, ledger

SCORES = {  # of paper B, appendix A: training, validation and test documents
    "gru": {"loss": (0.1995, 0.2085, 0.2509), "accuracy": (0.9235, 0.9203, 0.9025)},
    "gru2": {"loss": (0.1979, 0.2038, 0.2382), "accuracy": (0.9238, 0.9216, 0.9056)},
    "gru3": {"loss": (0.2075, 0.2122, 0.2491), "accuracy": (0.9205, 0.9216, 0.9024)},
}
A5 = ledger()["A5"]
FEW, MANY = 5, 50  # distinct points of a layer: at most, at least


def kind(layer: dict[str, float]) -> str:
    """What a layer looks like to paper B: a *line* of points along its readout; *many*, *some* or *few* points further on."""
    if A5.first_verdict(layer) == REPRODUCED:
        return "line"
    points = layer["distinct points further on"]
    return "few" if points <= FEW else "many" if points >= MANY else "some"


def paper_b(stacks: dict[str, list[dict[str, float]]], accuracy: dict[str, float]) -> dict[str, dict[str, float]]:
    """What paper B's claims about depth ask, from the measures of the layers of each stack trained with one seed.

    `stacks` are lists of `layer_measures` (with the step ratio) under the names gru, gru2, gru3, gru4 and gru3-d50, and
    `accuracy` the test accuracies under the same names. Claims whose networks are missing are left out.
    """
    found: dict[str, dict[str, float]] = {}
    two, angle = "variance in the first 2 PCs", "median angle"
    counted = {"": "distinct points", "b": "distinct points further on"}
    if one := stacks.get("gru"):
        found["B1"] = {"variance in the first 2 PCs of GRU₁": one[0][two]}
    if three := stacks.get("gru3"):
        upper, ratios = three[1:], [layer["step at charged over other words"] for layer in three]
        found["B3"] = {
            "least step ratio over layers": min(ratios),
            "least increase of the ratio from layer to layer": min(b - a for a, b in pairwise(ratios)),
        }
        for version, points in counted.items():
            found[f"B4{version}"] = {
                "distinct points of layer 1": three[0][points],
                "distinct points of layers 2 and 3 (the more)": max(layer[points] for layer in upper),
                "distance to the cloud, layers 2 and 3 (the nearer)": min(layer["distance to the cloud"] for layer in upper),
            }
    if one and three:
        found["B2"] = {
            "variance in 2 PCs: layer 1 of GRU₃ less GRU₁": three[0][two] - one[0][two],
            "variance in 2 PCs: the lower of layers 2 and 3 less GRU₁": min(layer[two] for layer in upper) - one[0][two],
            "variance in 2 PCs: the lower of layers 2 and 3": min(layer[two] for layer in upper),
        }
        found["B5"] = {
            "median angle of GRU₁ (degrees)": one[0][angle],
            "median angle: the lower of layers 2 and 3 less GRU₁": min(layer[angle] for layer in upper) - one[0][angle],
        }
    if double := stacks.get("gru2"):
        found["B6"] = {"layers of GRU₂ in which A5 holds": sum(kind(layer) == "line" for layer in double)}
    if four := stacks.get("gru4"):
        for version, points in counted.items():
            found[f"B7{version}"] = {
                "distinct points of layers 2 and 3 of GRU₄ (the more)": max(layer[points] for layer in four[1:3]),
                "A5 holds in layer 4": float(kind(four[3]) == "line"),
            }
    if three and (small := stacks.get("gru3-d50")):
        differ = [kind(a) != kind(b) for a, b in zip(three, small, strict=True)]
        found["B8"] = {"layers of another kind than with 100 dimensions": sum(differ)}
    if asked := [name for name in SCORES if name in accuracy]:
        worst = max(abs(accuracy[name] - SCORES[name]["accuracy"][-1]) for name in asked)
        found["B9"] = {"largest difference of a test accuracy (points)": 100 * worst, "networks compared": len(asked)}
    return found
