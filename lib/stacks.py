"""Networks of several layers: each layer on its own, as paper B takes them, and all of them coupled, as the network runs."""

from dataclasses import replace
from itertools import pairwise

import torch
from jaxtyping import Complex, Float, Int
from torch import Tensor, nn
from torch.func import jacrev, vmap

from lib.analysis import N_STARTS, along, fixed_points, line_measures
from lib.cells import Cell
from lib.claims import REPRODUCED, ledger
from lib.evidence import Published, turned
from lib.fixed_points import CHUNK, FixedPoints, distinct, find_fixed_points
from lib.linearization import eigenmodes, recurrent_jacobian
from lib.manifold import explained, n_components, participation_ratio, principal_axes
from lib.network import Network
from lib.valence import valence_words

TOLERANCE = 1e-6  # paper B, §2.3
FURTHER = 1e-10  # where modes decay fast, what ends at one point is still counted as many at 1e-6
SCORES = {  # of paper B, appendix A: training, validation and test documents
    "gru": {"loss": (0.1995, 0.2085, 0.2509), "accuracy": (0.9235, 0.9203, 0.9025)},
    "gru2": {"loss": (0.1979, 0.2038, 0.2382), "accuracy": (0.9238, 0.9216, 0.9056)},
    "gru3": {"loss": (0.2075, 0.2122, 0.2491), "accuracy": (0.9205, 0.9216, 0.9024)},
}
A5 = ledger()["A5"]


class Stack(Cell):
    """All layers as one step: the state is [h¹; h²; …], and layer n reads what layer n − 1 has just become (paper B, §2.1).

    Its Jacobian is block lower triangular, so that its eigenvalues are those of the layers, each taken at its own input.
    """

    def __init__(self, layers: nn.ModuleList):
        nn.Module.__init__(self)
        self.layers = layers
        self.n_input = layers[0].n_input
        self.n_state = self.n_output = sum(cell.n_state for cell in layers)

    def project(self, inputs):
        return inputs

    def split(self, state: Float[Tensor, "*batch state"]) -> tuple[Float[Tensor, "*batch own"], ...]:
        """The states of the layers, the lowest first."""
        return state.split([cell.n_state for cell in self.layers], -1)

    def advance(self, state, drive):
        signal, after = drive, []
        for cell, own in zip(self.layers, self.split(state), strict=True):
            after.append(cell(own, signal))
            signal = after[-1][..., : cell.n_output]
        return torch.cat(after, -1)


def stack(published: Published) -> Stack:
    """The layers of a network as one system."""
    return Stack(published.network.layers)


def joint_states(published: Published) -> Float[Tensor, "point state"]:
    """Visited states of all layers at once, [h¹; h²; …], before the tokens of `published.evidence.transitions`."""
    return torch.cat([layer.states for layer in published.evidence.layers], -1)


def alone(published: Published, n: int) -> Published:
    """Layer n, counted from 0, as a network of its own, which reads x = h of the layer below (paper B, §2.1).

    The readout of a lower layer, which has none, is the axis between the mean states of positive and of negative documents,
    with a logit of zero half-way; the principal axes are turned towards it. Raises IndexError where there is no such layer.
    """
    layer, cell = published.evidence.layers[n], published.network.layers[n]
    network = Network(published.config["architecture"], 2, cell.n_input, cell.n_output)
    network.layers, network.readout = nn.ModuleList([cell]), published.network.readout
    network.embedding = published.network.embedding if n == 0 else network.embedding
    if n < len(published.network.layers) - 1:
        labels = published.evidence.transitions.density_labels
        means = [layer.density[labels == label].mean(0) @ layer.axes[:3] for label in (1, 0)]
        axis = (means[0] - means[1])[: cell.n_output]
        network.readout = nn.Linear(cell.n_output, 1)
        network.readout.weight.data = axis[None]
        network.readout.bias.data = -axis @ (layer.mean + sum(means) / 2)[: cell.n_output, None]
        layer = turned(layer, network.readout_axis)
    return replace(
        published,
        network=network.eval().requires_grad_(False),
        evidence=replace(published.evidence, layers=[layer]),
        checksum=f"{published.checksum}-{n}",
    )


@torch.no_grad()
def step_sizes(published: Published) -> Float[Tensor, "layer transition"]:
    """‖hⁿ_t − hⁿ_{t−1}‖ of every layer at the sampled transitions (paper B, §3.2)."""
    before, tokens = joint_states(published), published.evidence.transitions.tokens
    system = stack(published)
    after = system(before, published.network.embedding.weight[tokens])
    return torch.stack([step.norm(dim=-1) for step in system.split(after - before)])


@torch.no_grad()
def steps_at(published: Published, tokens: Int[Tensor, " word"], n_states: int = 100) -> Float[Tensor, "layer word"]:
    """Median of ‖hⁿ' − hⁿ‖ over the same visited states for every word, had it been read there, whether it was or not."""
    before, system = joint_states(published)[:n_states], stack(published)
    found = []
    for x in published.network.embedding.weight[tokens]:
        after = system(before, x.expand(len(before), -1))
        found.append(torch.stack([step.norm(dim=-1).median() for step in system.split(after - before)]))
    return torch.stack(found, 1)


def charged(published: Published, tokens: Int[Tensor, " word"], n_words: int = 100) -> Float[Tensor, " word"]:
    """1 where a token is one of the most positive words, −1 where it is one of the most negative ones, else 0."""
    words = published.evidence.words
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


def diagonal_eigenvalues(
    system: Stack, states: Float[Tensor, "point state"], input_point: Float[Tensor, " input"] | None = None
) -> list[Complex[Tensor, "point own"]]:
    """The eigenvalues that belong to each layer: those of ∂hⁿ'/∂hⁿ, its block on the diagonal of the coupled Jacobian.

    By decreasing magnitude. Together they are all eigenvalues of the coupled system, which is block lower triangular.
    """
    x = states.new_zeros(system.n_input) if input_point is None else input_point.to(states)
    found, signal = [], x.expand(len(states), -1)
    with torch.no_grad():
        for cell, own in zip(system.layers, system.split(states), strict=True):
            blocks = vmap(jacrev(cell), chunk_size=CHUNK)(own, signal)
            values = torch.linalg.eigvals(blocks.double())
            found.append(values.gather(1, values.abs().argsort(descending=True)))
            signal = cell(own, signal)[..., : cell.n_output]
    return found


def at_rest(cell: Cell) -> Complex[Tensor, " state"]:
    """Eigenvalues where a cell comes to rest from h = 0 with zero as its input, by decreasing magnitude."""
    point = find_fixed_points(cell, torch.zeros(1, cell.n_state), tolerance=FURTHER)
    return eigenmodes(recurrent_jacobian(cell, point.states)).eigenvalues[0]


# Of a GRU as it is drawn, its gates half open at h ≈ 0, x = 0, so that J ≈ ½ I + ¼ Uₙ: the entries of Uₙ are uniform within
# ±N^(−1/2), and its eigenvalues fill a disc of radius 3^(−1/2) (the circular law, Girko 1985).
DRAWN_CENTRE, DRAWN_RADIUS = 0.5, 0.25 * 3**-0.5


def disc(eigenvalues: Complex[Tensor, " mode"], share: float = 0.95) -> tuple[float, float]:
    """Centre on the real axis and radius of a disc that these eigenvalues fill.

    The radius is r / √p where a circle of radius r around the centre holds a share p of them: that of the whole disc if they
    fill it evenly, whatever the few outside.
    """
    centre = eigenvalues.real.median()
    return float(centre), float((eigenvalues - centre).abs().quantile(share) / share**0.5)


def layer_measures(published: Published, n: int, n_starts: int = N_STARTS, tolerance: float = TOLERANCE) -> dict[str, float]:
    """What paper B's claims ask of one layer on its own, with zero as its input.

    Points that passed the tolerance run on to q < `FURTHER` for a second count. Distances to the cloud are to the nearest
    visited state, in root mean square distances of the visited states from their mean; the spectra are those of up to three
    points along the first axis of the fixed points; angles count modes with |λ| > 0.5. The *start* is the state h = 0 before
    the first word, and how far out it lies is its distance to the nearest twentieth of the visited states, over the median of
    the same distance among those.
    """
    its = alone(published, n)
    layer = its.evidence.layers[0]
    points = fixed_points(its, n_starts, tolerance)
    places = points.resting[distinct(points.resting)]
    axis = principal_axes(places)[0][0] if len(places) > 1 else its.network.readout_axis
    few = places[along(places, axis).unique()]
    modes = eigenmodes(recurrent_jacobian(its.network.cell, few))
    further = find_fixed_points(its.network.cell, points.resting, tolerance=FURTHER)
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


def coupled_points(published: Published, n_starts: int = 200, tolerance: float = TOLERANCE) -> FixedPoints:
    """Fixed points of the coupled stack, with zero as the input of its lowest layer, from joint states of the layers.

    q is the mean over all units of all layers.
    """
    return find_fixed_points(stack(published), joint_states(published)[:n_starts], tolerance=tolerance)


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
