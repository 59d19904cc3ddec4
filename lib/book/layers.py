"""The layers of a stack, each on its own, as paper B takes them, and what its claims ask of one."""

from dataclasses import replace

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lib.book.measures import line_measures
from lib.book.searches import N_STARTS, fixed_points
from lib.dynamics.fixed_points import FixedPoints, distinct, find_fixed_points
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.manifold import examples_along, explained, manifold_axis, n_components, participation_ratio
from lib.dynamics.modes import eigenmodes
from lib.dynamics.stack import Stack
from lib.text.bag_of_words import valence_words
from lib.training.folder import Saved, turned
from lib.training.network import Network

TOLERANCE = 1e-6  # paper B, §2.3
FURTHER = 1e-10  # where modes decay fast, what ends at one point is still counted as many at 1e-6


def stack(saved: Saved) -> Stack:
    """The layers of a network as one system."""
    return Stack(saved.network.layers)


def joint_states(saved: Saved) -> Float[Tensor, "point state"]:
    """Visited states of all layers at once, [h¹; h²; …], before the tokens of `saved.evidence.transitions`."""
    return torch.cat([layer.states for layer in saved.evidence.layers], -1)


def alone(saved: Saved, n: int) -> Saved:
    """Layer n, counted from 0, as a network of its own, which reads x = h of the layer below (paper B, §2.1).

    The readout of a lower layer, which has none, is the axis between the mean states of positive and of negative documents,
    with a logit of zero half-way; the principal axes are turned towards it. Raises IndexError where there is no such layer.
    """
    layer, cell = saved.evidence.layers[n], saved.network.layers[n]
    network = Network(saved.config["architecture"], 2, cell.n_input, cell.n_output)
    network.layers, network.readout = nn.ModuleList([cell]), saved.network.readout
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


@torch.no_grad()
def step_sizes(saved: Saved) -> Float[Tensor, "layer transition"]:
    """‖hⁿ_t − hⁿ_{t−1}‖ of every layer at the sampled transitions (paper B, §3.2)."""
    before, tokens = joint_states(saved), saved.evidence.transitions.tokens
    system = stack(saved)
    after = system(before, saved.network.embedding.weight[tokens])
    return torch.stack([step.norm(dim=-1) for step in system.split(after - before)])


@torch.no_grad()
def steps_at(saved: Saved, tokens: Int[Tensor, " word"], n_states: int = 100) -> Float[Tensor, "layer word"]:
    """Median of ‖hⁿ' − hⁿ‖ over the same visited states for every word, had it been read there, whether it was or not."""
    before, system = joint_states(saved)[:n_states], stack(saved)
    found = []
    for x in saved.network.embedding.weight[tokens]:
        after = system(before, x.expand(len(before), -1))
        found.append(torch.stack([step.norm(dim=-1).median() for step in system.split(after - before)]))
    return torch.stack(found, 1)


def charged(saved: Saved, tokens: Int[Tensor, " word"], n_words: int = 100) -> Float[Tensor, " word"]:
    """1 where a token is one of the most positive words, −1 where it is one of the most negative ones, else 0."""
    words = saved.evidence.words
    chosen = valence_words(words["bag_of_words"], words["document_frequency"], n_words)
    return torch.isin(tokens, chosen["positive"]).float() - torch.isin(tokens, chosen["negative"]).float()


def step_ratio(
    steps: Float[Tensor, "layer word"], valence: Float[Tensor, " word"], n_resamples: int = 1000
) -> tuple[Float[Tensor, " layer"], Float[Tensor, " layer"], Float[Tensor, " layer"]]:
    """Median step at charged words over the median at others, a layer at a time, with a 95 % bootstrap interval."""
    at, other = steps[:, valence != 0], steps[:, valence == 0]
    rng = torch.Generator().manual_seed(0)

    def median(values: Float[Tensor, "layer word"]) -> Float[Tensor, "resample layer"]:
        drawn = torch.randint(values.shape[1], (n_resamples, values.shape[1]), generator=rng)
        return torch.stack([values[:, chosen].median(1).values for chosen in drawn])

    resampled = median(at) / median(other)
    low, high = resampled.quantile(torch.tensor([0.025, 0.975]), dim=0)
    return at.median(1).values / other.median(1).values, low, high


def layer_measures(saved: Saved, n: int, n_starts: int = N_STARTS, tolerance: float = TOLERANCE) -> dict[str, float]:
    """What paper B's claims ask of one layer on its own, with zero as its input.

    Points that passed the tolerance run on to q < `FURTHER` for a second count. Distances to the cloud are to the nearest
    visited state, in root mean square distances of the visited states from their mean; the spectra are those of up to three
    points along the first axis of the fixed points; angles count modes with |λ| > 0.5. The *start* is the state h = 0 before
    the first word, and how far out it lies is its distance to the nearest twentieth of the visited states, over the median of
    the same distance among those.
    """
    its = alone(saved, n)
    layer = its.evidence.layers[0]
    points = fixed_points(its, n_starts, tolerance)
    places = points.distinct_states
    axis = manifold_axis(places, its.network.readout_axis)
    few = places[examples_along(places, axis).unique()]
    modes = eigenmodes(recurrent_jacobian(its.network.cell, few))
    further = find_fixed_points(its.network.cell, points.states_or_slowest, tolerance=FURTHER)
    spread = (layer.states - layer.states.mean(0)).pow(2).sum(1).mean().sqrt()
    values = modes.eigenvalues
    angles = torch.rad2deg(values.angle().abs())[values.abs() > 0.5]
    line = line_measures(its, points)
    start = torch.zeros_like(layer.mean)[None]
    away, usual = (torch.cdist(some, layer.states).quantile(0.05, dim=1).median() for some in (start, layer.states[:500]))
    shares = explained(layer.spectrum)
    return {
        "variance in the first 2 PCs": float(shares[1]),
        "components for 90 %": n_components(layer.spectrum),
        "participation ratio": participation_ratio(layer.spectrum),
        "untrained participation ratio": participation_ratio(layer.untrained_spectrum),
        "share of starts that converge": float(points.converged.float().mean()),
        "distinct points": len(places) if points.converged.any() else 0,
        "distinct points further on": len(distinct(further.states[further.converged])),
        "distance to the cloud": float((torch.cdist(places, layer.states).amin(1) / spread).median()),
        "how far out the start lies": float(away / usual),
        "unstable modes": float((values.abs() > 1).double().sum(1).mean()),
        "share of complex modes": float((values.imag != 0).double().mean()),
        "median angle": float(angles.median()) if len(angles) else float("nan"),
        "spectral radius": float(values.abs().amax(1).median()),
        "slowest τ": float(modes.time_constants[:, 0].median()),
    } | line


def coupled_points(saved: Saved, n_starts: int = 200, tolerance: float = TOLERANCE) -> FixedPoints:
    """Fixed points of the coupled stack, with zero as the input of its lowest layer, from joint states of the layers.

    q is the mean over all units of all layers.
    """
    return find_fixed_points(stack(saved), joint_states(saved)[:n_starts], tolerance=tolerance)
