"""The layers of a stack coupled, as the network runs them, beside each on its own.

Points and eigenvalues are held `alone` and `coupled`, of each a list with one entry a layer, the lowest first.
"""

from itertools import pairwise

import pandas as pd
import torch
from jaxtyping import Complex, Float
from torch import Tensor

from lib.book.layers import TOLERANCE, alone, example_eigenvalues, turning
from lib.book.searches import N_STARTS, fixed_points
from lib.dynamics import (
    FixedPoints,
    Stack,
    diagonal_eigenvalues,
    distance_to,
    distinct,
    evenly_along,
    examples_along,
    find_fixed_points,
    manifold_axis,
    recurrent_jacobian,
    time_constants,
)
from lib.training.folder import Saved

Places = dict[str, list[Float[Tensor, "_ state"]]]  # a layer each, with as many points as it has
Spectra = dict[str, list[Complex[Tensor, "_ mode"]]]


def stack(saved: Saved) -> Stack:
    """The layers of a network as one system."""
    return Stack(saved.network.layers)


def joint_states(saved: Saved) -> Float[Tensor, "point state"]:
    """Visited states of all layers at once, [h¹; h²; …], before the tokens of `saved.evidence.transitions`."""
    return torch.cat([layer.states for layer in saved.evidence.layers], -1)


def coupled_points(saved: Saved, n_starts: int = 200, tolerance: float = TOLERANCE) -> FixedPoints:
    """Fixed points of the coupled stack, with zero as the input of its lowest layer, from joint states of the layers.

    q is the mean over all units of all layers.
    """
    return find_fixed_points(stack(saved), joint_states(saved)[:n_starts], tolerance=tolerance)


def resting_places(saved: Saved, points: FixedPoints, n_starts: int = N_STARTS, tolerance: float = TOLERANCE) -> Places:
    """The distinct fixed points of each layer alone, and each layer's part of those of the coupled stack, `points`."""
    layers = [alone(saved, n) for n in range(len(saved.network.layers))]
    return {
        "alone": [fixed_points(layer, n_starts, tolerance).distinct_states for layer in layers],
        "coupled": list(stack(saved).split(points.distinct_states)),
    }


def example_spectra(saved: Saved, places: Places) -> tuple[Spectra, float]:
    """The eigenvalues of each layer at up to three fixed points, and how far those of the coupled layers together are, at
    most, from the eigenvalues of the whole Jacobian, which they should be."""
    joint = torch.cat(places["coupled"], -1)
    few = joint[examples_along(joint, manifold_axis(joint, torch.ones(joint.shape[1]))).unique()]
    coupled = diagonal_eigenvalues(stack(saved), few)
    whole = torch.linalg.eigvals(recurrent_jacobian(stack(saved), few).double())
    mismatch = (whole[:, :, None] - torch.cat(coupled, 1)[:, None]).abs().amin(2).max()
    single = [example_eigenvalues(alone(saved, n), states) for n, states in enumerate(places["alone"])]
    return {"alone": single, "coupled": coupled}, float(mismatch)


def coupled_table(saved: Saved, points: FixedPoints, places: Places, spectra: Spectra) -> pd.DataFrame:
    """What is measured of each layer alone and coupled, a row each.

    Distances are in root mean square distances of the visited states from their mean, medians over the fixed points: to the
    nearest visited state, and from a coupled point to the nearest of the layer alone.
    """
    rows = []
    for n, layer in enumerate(saved.evidence.layers):
        for how, at in ((how, states[n]) for how, states in places.items()):
            eigenvalues = spectra[how][n]
            tau = time_constants(eigenvalues)
            row = {
                "layer": n + 1,
                "how": how,
                "distinct points": len(distinct(at)),
                "distance to the cloud": distance_to(layer.states, at, layer.states),
                "largest |λ|": float(eigenvalues.abs().max()),
                "slowest τ": float(tau.amax(1).median()),
                "modes with τ > 10": float((tau > 10).double().sum(1).mean()),
                **turning(eigenvalues),
            }
            of_the_stack = {
                "distance from alone": distance_to(places["alone"][n], at, layer.states),
                "share of starts that converge": float(points.converged.float().mean()),
                "distinct points of the stack": len(points.distinct_states),
            }
            rows.append(row | (of_the_stack if how == "coupled" else {}))
    return pd.DataFrame(rows)


def resting_given_below(saved: Saved, places: Places, tolerance: float = TOLERANCE, n_given: int = 9) -> pd.DataFrame:
    """Where each upper layer comes to rest, with a resting state of the layer below as its constant input: a row a point.

    `given`, from 1: which of `n_given` states in which the layer below rests in the coupled stack, spread over its readout; 0:
    zero instead. `below` and `rests`: where along its readout the layer below and this one rest, in standard deviations of
    the visited states.
    """
    layers = [alone(saved, n) for n in range(len(saved.network.layers))]

    def along(layer: Saved, states: Float[Tensor, "point state"]) -> list[float]:
        return (layer.network.logit(states) / layer.network.logit(layer.evidence.layers[0].states).std()).tolist()

    rows = []
    for n, (below, layer) in enumerate(pairwise(layers)):
        rows += [{"layer": n + 2, "given": 0, "rests": rests} for rests in along(layer, places["alone"][n + 1])]
        held = places["coupled"][n]
        held = held[evenly_along(held, below.network.readout_axis, n_given)]
        starts = layer.evidence.layers[0].states[:60]
        for given, (state, at) in enumerate(zip(held, along(below, held), strict=True), 1):
            x = state[: layer.network.cell.n_input]
            points = find_fixed_points(layer.network.cell, starts, tolerance=tolerance, input_point=x)
            rests = along(layer, points.distinct_states)
            rows += [{"layer": n + 2, "given": given, "below": at, "rests": value} for value in rests]
    return pd.DataFrame(rows, columns=["layer", "given", "below", "rests"])


RANGES = ["range at zero", "range at one resting state below (median)", "range over the nine"]


def ranges(resting: pd.DataFrame) -> pd.DataFrame:
    """How far the resting places of each upper layer range, from the rows of `resting_given_below`."""
    rows = []
    for layer, places in resting.groupby("layer"):
        zero, held = places[places.given == 0], places[places.given > 0]
        each = held.groupby("given").rests.agg(_range)
        rows.append((layer, _range(zero.rests), each.median(), _range(held.rests)))
    return pd.DataFrame(rows, columns=["layer", *RANGES])


def _range(values: pd.Series) -> float:
    return values.max() - values.min()
