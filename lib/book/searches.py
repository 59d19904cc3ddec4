"""The costly steps of the analysis of a network, computed once and kept in `_build/cache`.

A result is kept for one network (by checksum), one state of the library (by its sources) and one set of arguments.
"""

import hashlib
from functools import cache
from pathlib import Path

import joblib
import pandas as pd
import torch
from jaxtyping import Complex, Float
from torch import Tensor

from lib.dynamics.bifurcation import branches
from lib.dynamics.fixed_points import FixedPoints, find_fixed_points
from lib.dynamics.linearization import LinearSystem
from lib.dynamics.manifold import (
    drift_tolerance,
    evenly_along,
)
from lib.dynamics.modes import Modes, eigenmodes
from lib.imports import closure
from lib.training.catalogue import ROOT
from lib.training.folder import OTHER_SAMPLES, Saved

MEMORY = joblib.Memory(ROOT / "_build" / "cache", verbose=0)
N_STARTS = 500  # paper A, §4.2
TOLERANCES = (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12)
N_SWEEP = 100  # starts of the sweep over tolerances
N_LINEARIZED = 60  # distinct fixed points at which the dynamics are linearized
N_MODES = 6


@cache
def sources_checksum() -> str:
    """A checksum of this module and of all of the library that it imports: what a cached result depends on."""
    texts = (path.read_bytes() for path in sorted(closure(frozenset({Path(__file__)}))))
    return hashlib.sha256(b"".join(texts)).hexdigest()[:16]


def mean_embedding(saved: Saved) -> Float[Tensor, " input"]:
    """The average word vector over the vocabulary, the alternative x* of paper A's footnote 2."""
    return saved.network.embedding.weight[1:].mean(0)


def mean_token_embedding(saved: Saved) -> Float[Tensor, " input"]:
    """The average word vector over running text: what the network reads on average."""
    return saved.network.embedding.weight[saved.evidence.transitions.tokens].mean(0)


INPUT_POINTS = {"zero": lambda _: None, "mean word": mean_embedding, "mean token": mean_token_embedding}


def drift_speed(saved: Saved, share: float = 0.3) -> float:
    """q_D of a network: a state drifts `share` of the cloud's radius while a (cut) test document of mean length is read."""
    spectrum = saved.evidence.layers[-1].spectrum
    return drift_tolerance(float(spectrum.double().sum()), len(spectrum), saved.config["mean_length"]["cut"], share)


def fixed_points(
    saved: Saved, n_starts: int = N_STARTS, tolerance: float = 1e-8, input_point: str = "zero", dimension: int = 16
) -> FixedPoints:
    """Approximate fixed points from visited states of the top layer; `input_point` names x* in `INPUT_POINTS`."""
    return _fixed_points(saved, (saved.checksum, sources_checksum()), n_starts, tolerance, input_point, dimension)


@MEMORY.cache(ignore=["saved"])
def _fixed_points(saved, key, n_starts, tolerance, input_point, dimension) -> FixedPoints:
    states = saved.evidence.layers[-1].states[:n_starts]
    x = INPUT_POINTS[input_point](saved)
    return find_fixed_points(saved.network.cell, states, tolerance=tolerance, input_point=x, dimension=dimension)


def fixed_points_of_sample(saved: Saved, sample: str, n_starts: int, tolerance: float = 1e-8) -> FixedPoints:
    """Approximate fixed points from states visited while reading another sample of documents (`OTHER_SAMPLES`)."""
    key = (saved.checksum, sources_checksum())
    return _fixed_points_of_sample(saved, key, OTHER_SAMPLES.index(sample), n_starts, tolerance)


@MEMORY.cache(ignore=["saved"])
def _fixed_points_of_sample(saved, key, sample, n_starts, tolerance) -> FixedPoints:
    states = saved.evidence.layers[-1].other_states[sample, :n_starts]
    return find_fixed_points(saved.network.cell, states, tolerance=tolerance)


def tolerance_sweep(
    saved: Saved, tolerances: tuple[float, ...] = TOLERANCES, n_starts: int = N_SWEEP
) -> dict[float, FixedPoints]:
    """The points at each of several falling tolerances, every point going on from where it stopped at the one before."""
    return _tolerance_sweep(saved, (saved.checksum, sources_checksum()), tolerances, n_starts)


@MEMORY.cache(ignore=["saved"])
def _tolerance_sweep(saved, key, tolerances, n_starts) -> dict[float, FixedPoints]:
    found, states = {}, saved.evidence.layers[-1].states[:n_starts]
    for tolerance in tolerances:
        found[tolerance] = find_fixed_points(saved.network.cell, states, tolerance=tolerance)
        states = found[tolerance].converged_states
    return found


def linearize(saved: Saved, points: FixedPoints, n_points: int = N_LINEARIZED) -> tuple[LinearSystem, Modes]:
    """Linear systems and leading modes at up to `n_points` distinct points among those that converged, at their own x*.

    Where none converged, the slowest point stands in. Each r₁ is turned towards the positive end of the readout.
    """
    return _linearize(saved, _key_of(saved, points), points, n_points)


def _key_of(saved: Saved, points: FixedPoints) -> tuple[str, str, str]:
    return saved.checksum, sources_checksum(), joblib.hash((points.states.numpy(), points.input_point.numpy()))


@MEMORY.cache(ignore=["saved", "points"])
def _linearize(saved, key, points, n_points) -> tuple[LinearSystem, Modes]:
    states = points.distinct_states[:n_points]
    system = LinearSystem.at(saved.network.cell, states, points.input_point)
    modes = eigenmodes(system.recurrent, k=min(N_MODES, states.shape[-1]))
    towards = torch.sign((modes.right.real * saved.network.readout_axis[None, :, None]).sum(1))
    sign = torch.where(towards == 0, torch.ones_like(towards), towards)
    return system, Modes(modes.eigenvalues, modes.right * sign[:, None], modes.left * sign[:, :, None])


def spectra(saved: Saved, points: FixedPoints) -> Complex[Tensor, "point mode"]:
    """All eigenvalues at the points where `linearize` linearizes, by decreasing |λ|."""
    return _spectra(saved, _key_of(saved, points), points)


@MEMORY.cache(ignore=["saved", "points"])
def _spectra(saved, key, points) -> Complex[Tensor, "point mode"]:
    eigenvalues = torch.linalg.eigvals(linearize(saved, points)[0].recurrent.double())
    return eigenvalues.gather(1, eigenvalues.abs().argsort(descending=True, stable=True))


def along_the_mean_token(saved: Saved, axis: Float[Tensor, " state"], n_starts: int = 30) -> pd.DataFrame:
    """The branches of a published network as x* moves along its mean token, from visited states."""
    return _along_the_mean_token(saved, axis, (saved.checksum, sources_checksum()), n_starts)


@MEMORY.cache(ignore=["saved"])
def _along_the_mean_token(saved, axis, key, n_starts) -> pd.DataFrame:
    states = saved.evidence.layers[-1].states
    starts = states[evenly_along(states, axis, n_starts)]
    return branches(saved.network.cell, starts, mean_token_embedding(saved), axis)
