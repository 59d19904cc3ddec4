"""The eigenvalues where each layer of a stack comes to rest from h = 0, before and after training, and the disc they fill."""

from collections.abc import Mapping

import pandas as pd
from jaxtyping import Complex
from torch import Tensor

from lib.dynamics import disc, eigenvalues_at_rest
from lib.training.catalogue import stack_label
from lib.training.folder import Saved, before_training

Spectrum = Complex[Tensor, " state"]


def at_rest(saved: Saved) -> dict[str, tuple[Spectrum, Spectrum]]:
    """Eigenvalues of each layer before training and after, by its place ("GRU₃, layer 2")."""
    pairs = zip(before_training(saved).layers, saved.network.layers, strict=True)
    return {
        stack_label(saved.name, n): (eigenvalues_at_rest(drawn), eigenvalues_at_rest(trained))
        for n, (drawn, trained) in enumerate(pairs)
    }


def discs(resting: Mapping[str, tuple[Spectrum, Spectrum]]) -> pd.DataFrame:
    """Centre and radius of the disc that the eigenvalues of each layer fill, before training and after, a row a layer."""
    rows = {}
    for place, (before, trained) in resting.items():
        (centre, radius), (trained_centre, trained_radius) = disc(before), disc(trained)
        rows[place] = {
            "centre, before": centre,
            "radius, before": radius,
            "centre, trained": trained_centre,
            "radius, trained": trained_radius,
            "largest |λ|, trained": float(trained.abs().max()),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
