"""The layers of a stack, each on its own, as paper B takes them, and what is measured of one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pandas as pd
import torch
from jaxtyping import Complex, Float
from torch import Tensor, nn

from lib.book.measures import line_measures
from lib.book.searches import N_STARTS, fixed_points, fixed_points_of_sample
from lib.dynamics import (
    Cell,
    distance_to,
    distinct,
    eigenmodes,
    examples_along,
    explained,
    find_fixed_points,
    manifold_axis,
    n_components,
    participation_ratio,
    recurrent_jacobian,
    time_constants,
)
from lib.training.folder import OTHER_SAMPLES, Saved, turned
from lib.training.network import Network

TOLERANCE = 1e-6  # paper B, §2.3
FURTHER = 1e-10  # where modes decay fast, what ends at one point is still counted as many at 1e-6


def alone(saved: Saved, n: int) -> Saved:
    """Layer n, counted from 0, as a network of its own, which reads x = h of the layer below (paper B, §2.1).

    The readout of a lower layer, which has none, is the axis between the mean states of positive and of negative documents,
    with a logit of zero half-way; the principal axes are turned towards it. Raises IndexError where there is no such layer.
    """
    layer, cell = saved.evidence.layers[n], saved.network.layers[n]
    network = Network(saved.config["architecture"], 2, cell.n_input, cell.n_output)
    network.layers, network.readout = cast(Sequence[Cell], nn.ModuleList([cell])), saved.network.readout
    network.embedding = saved.network.embedding if n == 0 else network.embedding
    if n < len(saved.network.layers) - 1:
        labels = saved.evidence.transitions.density_labels
        means = [layer.density[labels == label].mean(0) @ layer.axes[:3] for label in (1, 0)]
        axis = (means[0] - means[1])[: cell.n_output]
        network.readout = nn.Linear(cell.n_output, 1)
        network.readout.weight.data = axis[None]
        network.readout.bias.data = -axis @ (layer.mean + sum(means) / 2)[: cell.n_output, None]
        layer = turned(layer, network.readout_axis)
    return replace(
        saved,
        network=network.eval().requires_grad_(False),
        evidence=replace(saved.evidence, layers=[layer]),
        checksum=f"{saved.checksum}-{n}",
    )


def example_eigenvalues(saved: Saved, places: Float[Tensor, "point state"]) -> Complex[Tensor, "example mode"]:
    """All eigenvalues of a layer on its own at up to three of its fixed points, 5, 50 and 95 % of the way along their axis."""
    few = places[examples_along(places, manifold_axis(places, saved.network.readout_axis)).unique()]
    return eigenmodes(recurrent_jacobian(saved.network.cell, few)).eigenvalues


def turning(eigenvalues: Complex[Tensor, "point mode"]) -> dict[str, float]:
    """How much the modes turn: the share of complex ones, and the median angle in degrees of those with |λ| > 0.5."""
    angles = torch.rad2deg(eigenvalues.angle().abs())[eigenvalues.abs() > 0.5]
    return {
        "share of complex modes": float((eigenvalues.imag != 0).double().mean()),
        "median angle": float(angles.median()) if len(angles) else float("nan"),
    }


def layer_measures(saved: Saved, n: int, n_starts: int = N_STARTS, tolerance: float = TOLERANCE) -> dict[str, float]:
    """What paper B's claims ask of one layer on its own, with zero as its input.

    Points that passed the tolerance run on to q < `FURTHER` for a second count. Distances to the cloud are to the nearest
    visited state, in root mean square distances of the visited states from their mean; the spectra are `example_eigenvalues`.
    The *start* is the state h = 0 before the first word, and how far out it lies is its distance to the nearest twentieth of
    the visited states, over the median of the same distance among those.
    """
    layer = alone(saved, n)
    evidence = layer.evidence.layers[0]
    states, spectrum = evidence.states, evidence.spectrum
    points = fixed_points(layer, n_starts, tolerance)
    places = points.distinct_states
    further = find_fixed_points(layer.network.cell, points.states_or_slowest, tolerance=FURTHER)
    eigenvalues = example_eigenvalues(layer, places)
    start = torch.zeros_like(evidence.mean)[None]
    away, usual = (torch.cdist(some, states).quantile(0.05, dim=1).median() for some in (start, states[:500]))
    return {
        "variance in the first 2 PCs": float(explained(spectrum)[1]),
        "components for 90 %": n_components(spectrum),
        "participation ratio": participation_ratio(spectrum),
        "untrained participation ratio": participation_ratio(evidence.untrained_spectrum),
        "share of starts that converge": float(points.converged.float().mean()),
        "distinct points": len(places) if points.converged.any() else 0,
        "distinct points further on": len(distinct(further.converged_states)),
        "distance to the cloud": distance_to(states, places, states),
        "how far out the start lies": float(away / usual),
        "unstable modes": float((eigenvalues.abs() > 1).double().sum(1).mean()),
        **turning(eigenvalues),
        "spectral radius": float(eigenvalues.abs().amax(1).median()),
        "slowest τ": float(time_constants(eigenvalues)[:, 0].median()),
        **line_measures(layer, points),
    }


def layer_table(saved: Saved, n_starts: int = N_STARTS, tolerance: float = TOLERANCE) -> pd.DataFrame:
    """`layer_measures` of every layer of a stack, a row each; the column `layer` counts from 1, the lowest."""
    n_layers = len(saved.network.layers)
    return pd.DataFrame([{"layer": n + 1} | layer_measures(saved, n, n_starts, tolerance) for n in range(n_layers)])


@torch.no_grad()
def paths(saved: Saved, words: Sequence[str]) -> list[Float[Tensor, "time state"]]:
    """The states of each layer while a text is read, from the initial state on."""
    tokens = torch.from_numpy(saved.vocabulary.encode(words))[:, None]
    return [torch.cat((torch.zeros_like(states[:1, 0]), states[:, 0])) for states in saved.network.states(tokens)]


def by_sample(saved: Saved, n_starts: int, tolerance: float = TOLERANCE) -> pd.DataFrame:
    """What each layer looks like on other samples of documents: a row a layer and sample, random test documents the first.

    `distance` is that of the sample's fixed points to the nearest one from test documents, in radii of the visited states.
    """
    rows = []
    for n in range(len(saved.network.layers)):
        layer = alone(saved, n)
        evidence = layer.evidence.layers[0]
        here = fixed_points(layer, n_starts, tolerance).states_or_slowest
        points = {name: fixed_points_of_sample(layer, name, n_starts, tolerance).states_or_slowest for name in OTHER_SAMPLES}
        spectra = [evidence.spectrum, *evidence.other_spectra]
        for (sample, places), spectrum in zip(({"test": here} | points).items(), spectra, strict=True):
            rows.append(
                {
                    "layer": n + 1,
                    "sample": sample,
                    "variance in the first 2 PCs": float(explained(spectrum)[1]),
                    "distinct points": len(distinct(places)),
                    "distance": distance_to(here, places, evidence.states),
                }
            )
    return pd.DataFrame(rows)
