"""The mechanism of one network as arrays to draw, in the plane of the first two components of its states (paper A, Fig 6)."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from lib.book.mechanism import Mechanism
from lib.training.folder import Saved

HALF_WAY = 1  # of the three example points


@dataclass(frozen=True)
class Portrait:
    """Words and ℓ₁ at the fixed point half-way along the manifold, and r₁ along it."""

    effects: dict[str, Float[np.ndarray, "word 2"]]  # J_inp x by valence
    left: Float[np.ndarray, "2"]  # ℓ₁
    right: Float[np.ndarray, "2"]  # r₁
    projections: dict[str, Float[np.ndarray, " point"]]  # by valence, over all fixed points
    visited: Float[np.ndarray, "visit 2"]
    points: Float[np.ndarray, "point 2"]
    example: Float[np.ndarray, "2"]  # the fixed point half-way
    overlap: Float[np.ndarray, " point"]  # |r₁·m|
    random_overlap: Float[np.ndarray, " direction"]  # of random directions with m


def portrait(saved: Saved, mechanism: Mechanism, n_visited: int = 2000, n_random: int = 2000) -> Portrait:
    """The mechanism in the plane; the random directions are always the same."""
    layer = saved.evidence.layers[-1]
    plane, points = layer.axes[:2], layer.project(mechanism.places)[:, :2].numpy()
    drawn = torch.randn(n_random, len(mechanism.axis), generator=torch.Generator().manual_seed(0))
    return Portrait(
        effects={valence: (effect[HALF_WAY] @ plane.T).numpy() for valence, effect in mechanism.effects.items()},
        left=(plane @ mechanism.left[HALF_WAY]).numpy(),
        right=(plane @ mechanism.right[HALF_WAY]).numpy(),
        projections={valence: values.numpy() for valence, values in mechanism.projections.items()},
        visited=layer.density[:n_visited, :2].numpy(),
        points=points,
        example=points[mechanism.examples[HALF_WAY]],
        overlap=mechanism.overlap.numpy(),
        random_overlap=(torch.nn.functional.normalize(drawn, dim=1) @ mechanism.axis).abs().numpy(),
    )
