"""The costly steps that several pages share, computed once and kept in `_build/cache`.

A result is kept for one network (by checksum), one state of the library (by its sources) and one set of arguments.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import joblib
import torch
from jaxtyping import Float, Int
from torch import Tensor

from lib.catalogue import ROOT
from lib.evidence import OTHER_SAMPLES, Published
from lib.fixed_points import FixedPoints, distinct, find_fixed_points
from lib.linearization import LinearSystem, Modes, eigenmodes, input_projections
from lib.manifold import alignment, principal_axes, random_alignment, share_inside
from lib.valence import valence_words

MEMORY = joblib.Memory(ROOT / "_build" / "cache", verbose=0)
N_STARTS = 500  # paper A, §4.2
TOLERANCES = (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12)
N_SWEEP = 100  # starts of the sweep over tolerances
N_LINEARIZED = 60  # distinct fixed points at which the dynamics are linearized
N_COMPARED = 60  # starts of a search that is compared with another
N_MODES = 6

_SOURCES = ("cells", "network", "evidence", "fixed_points", "linearization", "manifold", "analysis")


def sources_checksum() -> str:
    """A checksum of the modules that a cached result depends on."""
    texts = (Path(__file__).with_name(f"{name}.py").read_bytes() for name in _SOURCES)
    return hashlib.sha256(b"".join(texts)).hexdigest()[:16]


def mean_embedding(published: Published) -> Float[Tensor, " input"]:
    """The average word vector over the vocabulary, the alternative x* of paper A's footnote 2."""
    return published.network.embedding.weight[1:].mean(0)


def mean_token_embedding(published: Published) -> Float[Tensor, " input"]:
    """The average word vector over running text: what the network reads on average."""
    return published.network.embedding.weight[published.evidence.transitions.tokens].mean(0)


INPUT_POINTS = {"zero": lambda _: None, "mean word": mean_embedding, "mean token": mean_token_embedding}


def fixed_points(
    published: Published, n_starts: int = N_STARTS, tolerance: float = 1e-8, input_point: str = "zero", dimension: int = 16
) -> FixedPoints:
    """Approximate fixed points from visited states of the top layer; `input_point` names x* in `INPUT_POINTS`."""
    return _fixed_points(published, (published.checksum, sources_checksum()), n_starts, tolerance, input_point, dimension)


@MEMORY.cache(ignore=["published"])
def _fixed_points(published, key, n_starts, tolerance, input_point, dimension) -> FixedPoints:
    states = published.evidence.layers[-1].states[:n_starts]
    x = INPUT_POINTS[input_point](published)
    return find_fixed_points(published.network.cell, states, tolerance=tolerance, input_point=x, dimension=dimension)


def fixed_points_elsewhere(published: Published, sample: str, n_starts: int, tolerance: float = 1e-8) -> FixedPoints:
    """Approximate fixed points from states visited while reading another sample of documents (`OTHER_SAMPLES`)."""
    key = (published.checksum, sources_checksum())
    return _fixed_points_elsewhere(published, key, OTHER_SAMPLES.index(sample), n_starts, tolerance)


@MEMORY.cache(ignore=["published"])
def _fixed_points_elsewhere(published, key, sample, n_starts, tolerance) -> FixedPoints:
    states = published.evidence.layers[-1].elsewhere[sample, :n_starts]
    return find_fixed_points(published.network.cell, states, tolerance=tolerance)


def tolerance_sweep(
    published: Published, tolerances: tuple[float, ...] = TOLERANCES, n_starts: int = N_SWEEP
) -> dict[float, FixedPoints]:
    """The points at each of several falling tolerances, every point going on from where it stopped at the one before."""
    return _tolerance_sweep(published, (published.checksum, sources_checksum()), tolerances, n_starts)


@MEMORY.cache(ignore=["published"])
def _tolerance_sweep(published, key, tolerances, n_starts) -> dict[float, FixedPoints]:
    found, states = {}, published.evidence.layers[-1].states[:n_starts]
    for tolerance in tolerances:
        found[tolerance] = find_fixed_points(published.network.cell, states, tolerance=tolerance)
        states = found[tolerance].states[found[tolerance].converged]
    return found


def linearize(
    published: Published, points: FixedPoints, input_point: str = "zero", n_points: int = N_LINEARIZED
) -> tuple[LinearSystem, Modes]:
    """Linear systems and leading modes at up to `n_points` distinct points among those that converged.

    Where none converged, the slowest point stands in. Each r₁ is turned towards the positive end of the readout.
    """
    key = (published.checksum, sources_checksum(), joblib.hash(points.states.numpy()))
    return _linearize(published, key, points, input_point, n_points)


@MEMORY.cache(ignore=["published", "points"])
def _linearize(published, key, points, input_point, n_points) -> tuple[LinearSystem, Modes]:
    kept = points.resting[distinct(points.resting)][:n_points]
    system = LinearSystem.at(published.network.cell, kept, INPUT_POINTS[input_point](published))
    modes = eigenmodes(system.recurrent, k=min(N_MODES, kept.shape[-1]))
    towards = torch.sign((modes.right.real * published.network.readout_axis[None, :, None]).sum(1))
    sign = torch.where(towards == 0, torch.ones_like(towards), towards)
    return system, Modes(modes.eigenvalues, modes.right * sign[:, None], modes.left * sign[:, :, None])


def line_measures(published: Published, points: FixedPoints) -> dict[str, float]:
    """What claim A5 asks: are the points a line, within the components of the states and along the readout (paper A, §4.2)?"""
    layer, kept, readout = published.evidence.layers[-1], points.resting, published.network.readout_axis
    axes, shares = principal_axes(kept)
    m, plane = axes[0], layer.axes[:2]
    full = float(alignment(m, readout))
    return {
        "first-axis share": float(shares[0]),
        "variance inside the first 3 PCs of the states": share_inside(kept, layer.axes[:3]),
        "|cos(m, w)| in the plane": float(alignment(plane @ m, plane @ readout)),
        "|cos(m, w)| over the random 99.9th percentile": full / random_alignment(len(m), 0.999),
        "|cos(m, w)| in full": full,
        "spread of the points over that of the states, along m": float((kept @ m).std() / (layer.states @ m).std()),
    }


def linearized_measures(published: Published, points: FixedPoints, input_point: str = "zero", n_points: int = 10) -> dict:
    """What the claims about fixed points ask, in a row: used to compare one search with another (A4, A5, A7, A10, A16)."""
    _, modes = linearize(published, points, input_point, n_points)
    n_distinct = len(distinct(points.resting))
    line, along_m = {}, float("nan")
    if n_distinct > 2:
        line, m = line_measures(published, points), principal_axes(points.resting)[0][0]
        along_m = float((modes.right[:, :, 0] @ m.to(modes.right)).abs().median())
    return {
        "share of starts": float(points.converged.float().mean()),
        "distinct points": n_distinct,
        **{key: line.get(key, float("nan")) for key in ("first-axis share", "|cos(m, w)| in the plane")},
        "slowest τ": float(modes.time_constants[:, 0].median()),
        "|r₁·m|": along_m,
    }


def under_choices(
    published: Published, n_starts: int = N_STARTS, tolerance: float = 1e-8, n_compared: int = N_COMPARED
) -> dict[str, dict[str, float]]:
    """`linearized_measures` of a reference search from `n_compared` starts, then with one choice changed at a time."""
    found = {"reference": linearized_measures(published, fixed_points(published, n_compared, tolerance))}
    for bound, points in tolerance_sweep(published).items():
        if bound in (1e-6, 1e-7, 1e-9, 1e-10):
            found[f"q < {bound:.0e}"] = linearized_measures(published, points)
    found[f"{n_starts} starts"] = linearized_measures(published, fixed_points(published, n_starts, tolerance))
    larger = fixed_points(published, n_compared, tolerance, dimension=32)
    found["steps in 32 dimensions"] = linearized_measures(published, larger)
    for sample, label in zip(OTHER_SAMPLES, ("training documents", "the shortest documents"), strict=True):
        points = fixed_points_elsewhere(published, sample, n_compared, tolerance)
        found[label] = linearized_measures(published, points)
    for name in ("mean word", "mean token"):
        points = fixed_points(published, n_compared, tolerance, name)
        found[f"x* = {name}"] = linearized_measures(published, points, name)
    return found


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
    overlap: Float[Tensor, " point"]  # |r₁·m|

    @property
    def selection(self) -> dict[str, float]:
        """What claim A9 asks: does the left eigenvector tell the valences apart (paper A, §4.5)?"""
        positive, negative, neutral = (self.projections[key] for key in ("positive", "negative", "neutral"))
        valenced = (positive.abs() + negative.abs()) / 2
        return {
            "share of points with opposite signs": float((positive * negative < 0).double().mean()),
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
            "median |r₁·m| over the random 99.9th percentile": median / random_alignment(len(self.axis), 0.999),
            "share of points with |r₁·m| ≥ 0.8": float((self.overlap >= 0.8).double().mean()),
        }


def along(places: Float[Tensor, "point state"], axis: Float[Tensor, " state"]) -> Int[Tensor, " example"]:
    """The points at 5, 50 and 95 % of the way along an axis."""
    return (places @ axis).argsort()[torch.tensor([0.05, 0.5, 0.95]).mul(len(places) - 1).round().long()]


def mechanism(
    published: Published,
    points: FixedPoints,
    input_point: str = "zero",
    n_words: int = 100,
    n_points: int = N_LINEARIZED,
) -> Mechanism:
    """The mechanism of a network, from the fixed points that a search at `input_point` found."""
    system, modes = linearize(published, points, input_point, n_points)
    places, evidence = system.fixed_point, published.evidence.words
    m = principal_axes(places)[0][0] if len(places) > 1 else published.network.readout_axis
    examples = along(places, m)
    words = valence_words(evidence["bag_of_words"], evidence["document_frequency"], n_words)
    vectors = {valence: published.network.embedding.weight[ids] for valence, ids in words.items()}
    return Mechanism(
        places=places,
        axis=m,
        examples=examples,
        words=words,
        effects={key: torch.einsum("pni,wi->pwn", system.inward[examples], x) for key, x in vectors.items()},
        left=modes.left[examples, 0].real.float(),
        right=modes.right[examples, :, 0].real.float(),
        projections={key: input_projections(modes, system.inward, x).mean(1).float() for key, x in vectors.items()},
        overlap=(modes.right[:, :, 0] @ m.to(modes.right)).abs().float(),
    )


def example_states(published: Published, text_ids: Tensor) -> Float[Tensor, "time state"]:
    """States of the top layer while the network reads one document, the initial state first."""
    states = published.network.states(text_ids[:, None])[-1][:, 0]
    return torch.cat((torch.zeros_like(states[:1]), states))
