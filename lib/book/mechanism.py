"""How words drive the state along the manifold of fixed points (paper A, §4.5)."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from sklearn.metrics import roc_auc_score
from torch import Tensor

from lib.book.searches import N_LINEARIZED, linearize
from lib.dynamics.fixed_points import FixedPoints
from lib.dynamics.manifold import examples_along, manifold_axis, principal_axes, random_alignment, tangents
from lib.dynamics.modes import Modes, input_projections
from lib.text.bag_of_words import valence_words
from lib.training.folder import Saved


@dataclass(frozen=True)
class Mechanism:
    """How words drive the state along the manifold of fixed points, at three of them and over all (paper A, Fig 4 and 6)."""

    places: Float[Tensor, "point state"]
    axis: Float[Tensor, " state"]  # m, the first principal axis of the points
    examples: Int[Tensor, " example"]  # the points at 5, 50 and 95 % of the way along m
    words: dict[str, Int[Tensor, " word"]]  # by valence
    effects: dict[str, Float[Tensor, "example word state"]]  # J_inp x by valence
    left: Float[Tensor, "example state"]  # ℓ₁
    right: Float[Tensor, "example state"]  # r₁
    projections: dict[str, Float[Tensor, " point"]]  # mean of ℓ₁ᵀ J_inp x over the words of a valence
    pushes: dict[str, Float[Tensor, " point"]]  # the same where r₁ is real; of a complex pair, see `plane_pushes`
    overlap: Float[Tensor, " point"]  # |r₁·m|
    tangent_overlap: Float[Tensor, " point"]  # |r₁·t|, t the tangent of the curve of points
    real: Bool[Tensor, " point"]  # whether the slowest mode is real

    @property
    def selection(self) -> dict[str, float]:
        """What claim A9 asks: does the left eigenvector tell the valences apart (paper A, §4.5)?

        Words push to their own end where positive ones move the state to the positive end of the readout and negative ones to
        the other. Of a complex pair that is judged in its plane (`plane_pushes`); the other measures take the real part of ℓ₁.
        """
        positive, negative, neutral = (self.projections[key] for key in ("positive", "negative", "neutral"))
        valenced = (positive.abs() + negative.abs()) / 2
        own_end = (self.pushes["positive"] > 0) & (self.pushes["negative"] < 0)
        return {
            "share of points with opposite signs": float((positive * negative < 0).double().mean()),
            "share of points where words push to their own end": float(own_end.double().mean()),
            "share of points with a real slowest mode": float(self.real.double().mean()),
            "neutral over valenced projection": float((neutral.abs() / valenced).median()),
            "median projection, positive words": float(positive.median()),
            "median projection, negative words": float(negative.median()),
            "median projection, neutral words": float(neutral.median()),
        }

    @property
    def storage(self) -> dict[str, float]:
        """What claim A10 asks: does the right eigenvector point along the manifold (paper A, §4.5)?"""
        median = float(self.overlap.median())
        return {
            "median |r₁·m|": median,
            "median |r₁·t|, t the curve's tangent": float(self.tangent_overlap.median()),
            "median |r₁·m| over the random 99.9th percentile": median / random_alignment(len(self.axis), 0.999),
            "share of points with |r₁·m| ≥ 0.8": float((self.overlap >= 0.8).double().mean()),
        }


def selection_plane(
    effects: dict[str, Float[Tensor, "word state"]], left: Float[Tensor, " state"]
) -> dict[str, Float[Tensor, "word 2"]]:
    """Effects of words in a plane that holds ℓ₁: along it, and along the direction in which they differ most otherwise.

    In the plane of the states' components the projection of ℓ₁ may point anywhere, for most of ℓ₁ lies outside of it.
    """
    along = torch.nn.functional.normalize(left, dim=0)
    rest = {valence: effect - torch.outer(effect @ along, along) for valence, effect in effects.items()}
    across = principal_axes(torch.cat(list(rest.values())))[0][0]
    return {valence: torch.stack((effect @ along, rest[valence] @ across), 1) for valence, effect in effects.items()}


def plane_pushes(
    modes: Modes, effects: Float[Tensor, "point state"], readout: Float[Tensor, " state"]
) -> Float[Tensor, " point"]:
    """How far an effect moves the state towards the positive end of the readout, along the slowest mode alone.

    An effect v has the part r₁ ℓ₁ᵀv in the line of a real mode, and 2 Re(r₁ ℓ₁ᵀv) in the real plane of a complex pair, which
    Re r₁ and Im r₁ span. The push is the coordinate of that part along the direction, in the line or plane, that has the
    largest component along the readout w: Q Qᵀ w, with Q an orthonormal basis. For a real mode, with r₁ turned to the
    readout, it is ℓ₁ᵀv. It does not depend on the phase of a complex r₁, and is 0 where the readout sees nothing of the mode.
    """
    right, left, v = modes.right[:, :, 0], modes.left[:, 0], effects.to(modes.left)
    pair = modes.eigenvalues[:, 0].imag != 0
    part = (right * (left * v).sum(1, keepdim=True)).real * torch.where(pair, 2.0, 1.0)[:, None]
    first, second = torch.linalg.qr(torch.stack((right.real, right.imag), -1))[0].unbind(-1)
    seen, also_seen = first @ readout.double(), (second @ readout.double()) * pair
    towards = first * seen[:, None] + second * also_seen[:, None]
    return ((part * towards).sum(1) / towards.norm(dim=1).clamp(min=1e-300)).float()


def mechanism(
    saved: Saved,
    points: FixedPoints,
    n_words: int = 100,
    n_points: int = N_LINEARIZED,
) -> Mechanism:
    """The mechanism of a network, from the fixed points of a search, at their own x*."""
    system, modes = linearize(saved, points, n_points)
    places, evidence = system.fixed_point, saved.evidence.words
    readout = saved.network.readout_axis
    m = manifold_axis(places, readout)
    t = tangents(places) if len(places) > 1 else m.expand_as(places)
    r = modes.right[:, :, 0]
    examples = examples_along(places, m)
    words = valence_words(evidence["bag_of_words"], evidence["document_frequency"], n_words)
    vectors = {valence: saved.network.embedding.weight[ids] for valence, ids in words.items()}
    return Mechanism(
        places=places,
        axis=m,
        examples=examples,
        words=words,
        effects={key: torch.einsum("pni,wi->pwn", system.inward[examples], x) for key, x in vectors.items()},
        left=modes.left[examples, 0].real.float(),
        right=r[examples].real.float(),
        projections={key: input_projections(modes, system.inward, x).mean(1).float() for key, x in vectors.items()},
        pushes={key: plane_pushes(modes, system.inward @ x.mean(0), readout) for key, x in vectors.items()},
        overlap=(r @ m.to(r)).abs().float(),
        tangent_overlap=(r * t.to(r)).sum(1).abs().float(),
        real=modes.eigenvalues[:, 0].imag == 0,
    )


def effect_measures(
    effects: dict[str, Float[Tensor, "example word state"]], plane: Float[Tensor, "axis state"]
) -> dict[str, float]:
    """What claim A8 asks: do words push apart by valence, and neutral ones hardly at all (paper A, §4.5)?

    How well the effects tell positive from negative words is measured along the axis between the two class means, their size
    within the plane of the states' first components; both are medians over the example points.
    """
    positive, negative = effects["positive"], effects["negative"]
    truth = [1] * positive.shape[1] + [0] * negative.shape[1]
    along = torch.einsum("ews,es->ew", torch.cat((positive, negative), 1), positive.mean(1) - negative.mean(1))
    size = {valence: (effect @ plane.T).norm(dim=-1).mean(1) for valence, effect in effects.items()}
    relative = size["neutral"] / ((size["positive"] + size["negative"]) / 2)
    return {
        "AUC of positive against negative words": float(np.median([roc_auc_score(truth, row) for row in along.numpy()])),
        "size of neutral over valenced effects": float(relative.median()),
    }
