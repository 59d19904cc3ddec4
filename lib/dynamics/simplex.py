"""The slow points of a network of several classes: one vertex a class, and the angles between them.

In a regular simplex of k vertices any two stand at arccos(−1 / (k − 1)), seen from its centre: 180° for two, 120° for three.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor


def vertices(
    states: Float[Tensor, "point state"], logits: Float[Tensor, "point class"], share: float = 0.05, least: int = 5
) -> Float[Tensor, "class state"]:
    """The corner of each class: the mean of the points on which its logit, less the mean over classes, is largest.

    A corner takes `share` of the points, at least `least` (or all, where there are fewer).
    """
    n = min(len(states), max(least, round(share * len(states))))
    centred = logits - logits.mean(1, keepdim=True)
    return torch.stack([states[column.topk(n).indices].mean(0) for column in centred.T])


def angles(a: Float[Tensor, "*batch state"], b: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch"]:
    """Angles between directions, in degrees; not a number where one of them is zero."""
    return torch.rad2deg(((a * b).sum(-1) / (a.norm(dim=-1) * b.norm(dim=-1))).clamp(-1, 1).acos())


def deviation_from_regular(corners: Float[Tensor, "class state"]) -> float:
    """The largest deviation, in degrees, of an angle between two corners, seen from their mean, from a regular simplex's."""
    directions = (corners - corners.mean(0)).double()
    i, j = torch.triu_indices(len(corners), len(corners), offset=1)
    regular = math.degrees(math.acos(-1 / (len(corners) - 1)))
    return float((angles(directions[i], directions[j]) - regular).abs().max())


def angles_to_readout(
    corners: Float[Tensor, "class state"], rows: Float[Tensor, "class state"], plane: Float[Tensor, "axis state"]
) -> Float[Tensor, " class"]:
    """The angle, in degrees, between each corner and the readout's row of its class, both less their mean, within the plane
    of the readout."""
    seen = ((corners - corners.mean(0)).double() @ plane.double().T, (rows - rows.mean(0)).double() @ plane.double().T)
    return angles(*seen)


def counted_variances(counts: Float[Tensor, "class word"]) -> Float[Tensor, " axis"]:
    """What word counts say of each dimension of the classes: squared singular values of the words' evidence.

    The evidence of a word for a class is its log frequency there, counts plus one, less the mean over classes; each word
    weighs as it is frequent. k − 1 of the k values can differ from zero (after Aitken et al. 2020).
    """
    counts = counts.double()
    frequency = (counts + 1) / (counts + 1).sum(1, keepdim=True)
    evidence = frequency.log() - frequency.log().mean(0)
    weight = counts.sum(0) / counts.sum()
    return torch.linalg.svdvals(evidence * weight.sqrt()) ** 2
