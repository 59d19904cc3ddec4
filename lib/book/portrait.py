"""The mechanism of one network as arrays to draw, in the plane of the first two components of its states (paper A, Fig 6)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lib.book.mechanism import Mechanism, selection_plane
from lib.training.folder import Saved

HALF_WAY = 1  # of the three example points


@dataclass(frozen=True)
class Portrait:
    """Words and ℓ₁ at the fixed point half-way along the manifold, and r₁ along it."""

    effects: dict[str, Float[np.ndarray, "word 2"]]  # J_inp x by valence, in the plane of `selection_plane`
    right: Float[np.ndarray, "2"]  # r₁
    projections: dict[str, Float[np.ndarray, " point"]]  # by valence, over all fixed points
    visited: Float[np.ndarray, "visit 2"]
    points: Float[np.ndarray, "point 2"]
    example: Float[np.ndarray, "2"]  # the fixed point half-way


def portrait(saved: Saved, mechanism: Mechanism, n_visited: int = 2000) -> Portrait:
    """The mechanism in two planes: that of the words and ℓ₁, and that of the states' first components."""
    layer = saved.evidence.layers[-1]
    plane, points = layer.axes[:2], layer.project(mechanism.places)[:, :2].numpy()
    words = selection_plane({key: effect[HALF_WAY] for key, effect in mechanism.effects.items()}, mechanism.left[HALF_WAY])
    return Portrait(
        effects={valence: effect.numpy() for valence, effect in words.items()},
        right=(plane @ mechanism.right[HALF_WAY]).numpy(),
        projections={valence: values.numpy() for valence, values in mechanism.projections.items()},
        visited=layer.density[:n_visited, :2].numpy(),
        points=points,
        example=points[mechanism.examples[HALF_WAY]],
    )
