"""What the claims about fixed points ask, and the costly steps before it, computed once and kept in `_build/cache`.

A result is kept for one network (by checksum), one state of the library (by its sources) and one set of arguments.
"""

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import joblib
import torch
from jaxtyping import Bool, Complex, Float, Int
from torch import Tensor

from lib.catalogue import ROOT
from lib.evidence import OTHER_SAMPLES, Published
from lib.fixed_points import FixedPoints, distinct, find_fixed_points
from lib.linearization import LinearSystem, Modes, eigenmodes, input_projections, time_constants
from lib.manifold import alignment, drift_tolerance, n_occupied, principal_axes, random_alignment, share_inside, tangents
from lib.valence import valence_words

MEMORY = joblib.Memory(ROOT / "_build" / "cache", verbose=0)
N_STARTS = 500  # paper A, §4.2
TOLERANCES = (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12)
N_SWEEP = 100  # starts of the sweep over tolerances
N_LINEARIZED = 60  # distinct fixed points at which the dynamics are linearized
N_COMPARED = 60  # starts of a search that is compared with another,
N_FEW = 10  # and points at which its dynamics are linearized
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


def drift_speed(published: Published, share: float = 0.3) -> float:
    """q_D of a network: a state drifts `share` of the cloud's radius while a (cut) test document of mean length is read."""
    spectrum = published.evidence.layers[-1].spectrum
    return drift_tolerance(float(spectrum.double().sum()), len(spectrum), published.config["mean_length"]["cut"], share)


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


@MEMORY.cache(ignore=["published", "points"])
def _spectra(published, key, points) -> Complex[Tensor, "point mode"]:
    """All eigenvalues at the points where `linearize` linearizes, by decreasing |λ|."""
    eigenvalues = torch.linalg.eigvals(linearize(published, points)[0].recurrent.double())
    return eigenvalues.gather(1, eigenvalues.abs().argsort(descending=True, stable=True))


def _manifold_axis(published: Published, places: Float[Tensor, "point state"]) -> Float[Tensor, " state"]:
    """m, of unit length: the first principal axis of distinct points; a single point has none, and the readout stands in."""
    readout = published.network.readout_axis
    return principal_axes(places)[0][0] if len(places) > 1 else readout / readout.norm()


def _spread(kept: Float[Tensor, "kept state"], states: Float[Tensor, "visit state"], m: Float[Tensor, " state"]) -> float:
    """The standard deviation of points along m over that of the visited states."""
    return float((kept @ m).std() / (states @ m).std()) if len(kept) > 1 else float("nan")


def _differ(states: Float[Tensor, "point state"]) -> bool:
    """Whether a cloud has an axis at all."""
    return bool((states != states[:1]).any())


def line_measures(published: Published, points: FixedPoints) -> dict[str, float]:
    """What claim A5 asks: are the points a line, within the components of the states and along the readout (paper A, §4.2)?

    "As the readout sees it": in the components that the readout sees (of an LSTM's [h; c] only h), with the plane that of the
    visited states and m that of the points. The bins are equal, over the central 90 % of the visited states along m. Not a
    number where no two points differ: they have no axis.
    """
    layer, kept, network = published.evidence.layers[-1], points.resting, published.network
    readout, n_seen = network.readout_axis, network.cell.n_output
    axes, shares = principal_axes(kept)
    m, plane = axes[0], layer.axes[:2]
    full = float(alignment(m, readout))
    m_seen, w_seen = principal_axes(kept[:, :n_seen])[0][0], readout[:n_seen]
    plane_seen = principal_axes(layer.states[:, :n_seen])[0][:2]
    low, high = (layer.states @ m).quantile(torch.tensor([0.05, 0.95])).tolist()
    found = {
        "first-axis share": float(shares[0]),
        "variance inside the first 3 PCs of the states": share_inside(kept, layer.axes[:3]),
        "|cos(m, w)| in the plane": float(alignment(plane @ m, plane @ readout)),
        "|cos(m, w)| over the random 99.9th percentile": full / random_alignment(len(m), 0.999),
        "|cos(m, w)| in full": full,
        "|cos(m, w)| in the plane, as the readout sees it": float(alignment(plane_seen @ m_seen, plane_seen @ w_seen)),
        "|cos(m, w)| over the random 99.9th percentile, as the readout sees it": float(alignment(m_seen, w_seen))
        / random_alignment(n_seen, 0.999),
        "spread of the points over that of the states, along m": _spread(kept, layer.states, m),
        "bins along m that hold a point, of 20": float(n_occupied(kept @ m, low, high, 20)),
    }
    return found if _differ(kept) else dict.fromkeys(found, float("nan"))


def spreads(published: Published, sweep: dict[float, FixedPoints]) -> dict[float, float]:
    """How far the points of each tolerance spread along m, over how far the visited states do.

    One m for all: that of the points at q < 1e-8 or, where those are not there or do not differ, of those at the nearest
    tolerance that has an axis. Not a number where fewer than two starts converged.
    """
    layer = published.evidence.layers[-1]
    kept = {tolerance: points.states[points.converged] for tolerance, points in sweep.items()}
    with_axis = [tolerance for tolerance, states in kept.items() if _differ(states)]
    if not with_axis:
        return dict.fromkeys(kept, float("nan"))
    m = principal_axes(kept[min(with_axis, key=lambda tolerance: abs(math.log(tolerance / 1e-8)))])[0][0]
    return {tolerance: _spread(states, layer.states, m) for tolerance, states in kept.items()}


def tolerance_measures(published: Published, sweep: dict[float, FixedPoints]) -> dict[str, float]:
    """What claim A4 asks of a sweep over tolerances that holds 1e-6, 1e-8 and 1e-10: do the points keep their place?"""
    ends = {tolerance: sweep[tolerance].states[sweep[tolerance].converged] for tolerance in (1e-6, 1e-10)}
    loose, strict = (float(principal_axes(kept)[1][0]) if _differ(kept) else float("nan") for kept in ends.values())
    found = spreads(published, sweep)
    spread = torch.tensor([found[tolerance] for tolerance in (1e-6, 1e-8, 1e-10)])
    return {
        "change of the first-axis share from 1e-6 to 1e-10": abs(loose - strict),
        "spread along m at 1e-6, 1e-8 and 1e-10, largest over smallest": float(spread.max() / spread.min()),
        "spread along m at 1e-6": float(spread[0]),
        "spread along m at 1e-8": float(spread[1]),
        "spread along m at 1e-10": float(spread[2]),
    }


def mode_measures(published: Published, points: FixedPoints) -> dict[str, float]:
    """What claim A7 asks: are nearly all modes stable, with one or a few that outlast the documents (paper A, §4.3–4.4)?

    The shares of stable modes and of those with τ > 100 are over the whole spectra of three points, at 5, 50 and 95 % of the
    way along m; the rest is over all points that `linearize` takes. A mode outlasts the documents where its τ is above their
    mean length T, or where it does not decay at all: |λ| > exp(−1/T).
    """
    system, modes = linearize(published, points)
    length, n_modes = published.config["mean_length"]["cut"], len(published.network.readout_axis)
    key = (published.checksum, sources_checksum(), joblib.hash(system.fixed_point.numpy()))
    spectra = _spectra(published, key, points)
    few = spectra[along(system.fixed_point, _manifold_axis(published, system.fixed_point))]
    tau = modes.time_constants[:, :3].median(0).values
    outlast = (spectra.abs() > math.exp(-1 / length)).double().sum(1)
    return {
        "share of stable modes": float((few.abs() < 1).double().mean()),
        "share of modes with τ > 100": float((time_constants(few) > 100).double().mean()),
        "slowest τ over the document length": float(tau[0] / length),
        "modes with τ above the document length": float(outlast.median()),
        "share of modes with τ above the document length": float(outlast.mean() / n_modes),
        "share of points with a real slowest mode": float((modes.eigenvalues[:, 0].imag == 0).double().mean()),
        "median slowest τ (tokens)": float(tau[0]),
        "median second τ (tokens)": float(tau[1]),
        "median third τ (tokens)": float(tau[2]),
    }


def linearized_measures(
    published: Published, points: FixedPoints, input_point: str = "zero", n_points: int = N_FEW
) -> dict[str, float]:
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


def input_point_measures(published: Published, n_compared: int = N_COMPARED, tolerance: float = 1e-8) -> dict[str, float]:
    """What claim A16 asks: is the mean word vector small, and is the network the same there as at x* = 0 (footnote 2)?

    Of the first-axis share, τ and |r₁·m| the change is relative, of |λ| absolute: τ = |1 / log|λ|| is ill-conditioned near 1.
    """
    rows, sizes = {}, {}
    for name in ("zero", "mean word"):
        points = fixed_points(published, n_compared, tolerance, name)
        rows[name] = linearized_measures(published, points, name)
        sizes[name] = float(linearize(published, points, name, N_FEW)[1].eigenvalues[:, 0].abs().median())
    norm = float(mean_embedding(published).norm())

    def change(measure: str) -> float:
        return abs(rows["mean word"][measure] / rows["zero"][measure] - 1)

    return {
        "norm of the mean word vector over the median norm": norm
        / float(published.network.embedding.weight[2:].norm(dim=1).median()),
        "change of the first-axis share": change("first-axis share"),
        "change of |r₁·m|": change("|r₁·m|"),
        "change of the slowest |λ|": abs(sizes["mean word"] - sizes["zero"]),
        "change of the slowest τ": change("slowest τ"),
        "norm of the mean word vector": norm,
    }


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


def along(places: Float[Tensor, "point state"], axis: Float[Tensor, " state"]) -> Int[Tensor, " example"]:
    """The points at 5, 50 and 95 % of the way along an axis."""
    return (places @ axis).argsort()[torch.tensor([0.05, 0.5, 0.95]).mul(len(places) - 1).round().long()]


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
    published: Published,
    points: FixedPoints,
    input_point: str = "zero",
    n_words: int = 100,
    n_points: int = N_LINEARIZED,
) -> Mechanism:
    """The mechanism of a network, from the fixed points that a search at `input_point` found."""
    system, modes = linearize(published, points, input_point, n_points)
    places, evidence = system.fixed_point, published.evidence.words
    m, readout = _manifold_axis(published, places), published.network.readout_axis
    t = tangents(places) if len(places) > 1 else m.expand_as(places)
    r = modes.right[:, :, 0]
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
        right=r[examples].real.float(),
        projections={key: input_projections(modes, system.inward, x).mean(1).float() for key, x in vectors.items()},
        pushes={key: plane_pushes(modes, system.inward @ x.mean(0), readout) for key, x in vectors.items()},
        overlap=(r @ m.to(r)).abs().float(),
        tangent_overlap=(r * t.to(r)).sum(1).abs().float(),
        real=modes.eigenvalues[:, 0].imag == 0,
    )


def example_states(published: Published, text_ids: Tensor) -> Float[Tensor, "time state"]:
    """States of the top layer while the network reads one document, the initial state first."""
    states = published.network.states(text_ids[:, None])[-1][:, 0]
    return torch.cat((torch.zeros_like(states[:1]), states))
