"""How similar networks are that read the same words: in function, geometry of states, spectra and dynamics.

What is compared is how the state depends on what was read: its deviation from the mean over documents at the same step.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Inexact, Shaped
from scipy.optimize import linear_sum_assignment
from scipy.stats import wasserstein_distance
from torch import Tensor

from lib.dynamics.arguments import accepting
from lib.dynamics.cells import Cell
from lib.dynamics.fixed_points import find_fixed_points
from lib.dynamics.jacobians import eigenvalues
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.modes import time_constants

LONGEST = 1e4  # tokens; longer time constants count as this one


def deviations(values: Float[Tensor, "time document *rest"]) -> Float[Tensor, "time document *rest"]:
    """What depends on the words that were read: the difference from the mean over documents at the same step."""
    return values - values.mean(1, keepdim=True)


def leading_components(
    states: Float[Tensor, "time document state"], k: int
) -> tuple[Float[Tensor, "time document component"], Float[Tensor, " component"]]:
    """Deviations of the states in their first k principal components, and the share of their variance in the first 1, …, k."""
    centred = deviations(states).flatten(0, 1)
    variances, axes = torch.linalg.eigh((centred.T @ centred).double())
    scores = centred @ axes.flip(1)[:, :k].to(centred)
    return scores.unflatten(0, states.shape[:2]), variances.flip(0)[:k].cumsum(0) / variances.sum()


def canonical_correlations(
    a: Float[Tensor, "time document component"], b: Float[Tensor, "time document component"]
) -> Float[np.ndarray, " component"]:
    """ρ₁ ≥ ρ₂ ≥ … between two networks that read the same words: the cosines of the principal angles between the spaces
    that their components span over all (time, document). SVCCA (Raghu et al. 2017); invariant to any invertible linear map."""
    return all_canonical_correlations([a], [b])[0, 0]


def all_canonical_correlations(
    a: Sequence[Float[Tensor, "time document component"]], b: Sequence[Float[Tensor, "time document component"]]
) -> Float[np.ndarray, "a b component"]:
    """The canonical correlations between each network of `a` and each of `b`."""
    first = [_orthonormal(scores) for scores in a]
    second = first if b is a else [_orthonormal(scores) for scores in b]
    products = torch.stack([torch.stack([one.T @ other for other in second]) for one in first])
    return torch.linalg.svdvals(products).clamp(max=1).numpy()


def _orthonormal(scores: Float[Tensor, "time document component"]) -> Float[Tensor, "sample component"]:
    return torch.linalg.qr(scores.flatten(0, 1).double())[0]


def spectral_distance(a: Float[Tensor, "point mode"], b: Float[Tensor, "other_point mode"]) -> float:
    """Wasserstein distance W₁ between two distributions of log₁₀ τ, in decades: 1 is a factor of ten, on average."""
    return float(wasserstein_distance(*(np.log10(tau.clamp(max=LONGEST).flatten().numpy()) for tau in (a, b))))


def dynamical_distances(components: Sequence[Float[Tensor, "time document component"]]) -> Float[np.ndarray, "network network"]:
    """Dynamical similarity analysis (Ostrow et al. 2023): distances between the linear maps that step the components best.

    A = argmin Σ‖z_{t+1} − A z_t‖² for each network, and W₂ between the eigenvalues of two of them: the root mean square
    distance under the best assignment. There is no delay embedding: the state is observed, and a delayed copy would hold the
    words in between. The package DSA gives the same with `n_delays=1` and `score_method="wasserstein"`.
    """
    eigenvalues = [np.linalg.eigvals(_best_step(scores.double().numpy())) for scores in components]
    return np.array([[_wasserstein(a, b) for b in eigenvalues] for a in eigenvalues])


def _best_step(z: Float[np.ndarray, "time document component"]) -> Float[np.ndarray, "component component"]:
    before, after = (part.reshape(-1, z.shape[-1]) for part in (z[:-1], z[1:]))
    return np.linalg.solve(before.T @ before, before.T @ after).T


def _wasserstein(a: Inexact[np.ndarray, " mode"], b: Inexact[np.ndarray, " mode"]) -> float:
    squares = np.abs(a[:, None] - b) ** 2
    return float(squares[linear_sum_assignment(squares)].mean() ** 0.5)


def split_half_distances(components: Sequence[Float[Tensor, "time document component"]]) -> Float[np.ndarray, " network"]:
    """Between each network on one half of the documents and itself on the other: a smaller distance than this is noise."""
    return np.array([dynamical_distances([scores[:, ::2], scores[:, 1::2]])[0, 1] for scores in components])


def randomly_rotated(states: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch state"]:
    """The same states in other coordinates: the units mixed by a random orthogonal matrix, always the same one."""
    n = states.shape[-1]
    return states @ torch.linalg.qr(torch.randn(n, n, generator=torch.Generator().manual_seed(0)))[0]


def lag_one(component: Float[Tensor, "time document"]) -> float:
    """The eigenvalue of a component stepped on its own, argmin Σ(z_{t+1} − λ z_t)²: 1 for an integrator."""
    before, after = component[:-1], component[1:]
    return float((after * before).sum() / (before**2).sum())


@accepting
def leading_time_constants(cell: Cell, starts: Float[Tensor, "start state"], k: int = 6) -> Float[Tensor, "point mode"]:
    """Time constants of the k leading modes at the slow points that a search from these starts finds."""
    jacobians = recurrent_jacobian(cell, find_fixed_points(cell, starts).distinct_states)
    magnitudes = eigenvalues(jacobians).abs()
    return time_constants(magnitudes.sort(descending=True).values[:, :k])


@dataclass(frozen=True)
class Kinship:
    """Mean distance of networks that share a label and of those that share none, and how often chance does as well."""

    same: float
    neither: float
    p: float


def kinship(
    distances: Float[np.ndarray, "a a"], labels: Shaped[np.ndarray, " a"], others: Shaped[np.ndarray, " a"], n: int = 9_999
) -> Kinship:
    """Are networks of the same label closer, among pairs that differ in the other label?

    The statistic is mean(neither) − mean(same); under the null, labels may be permuted among the networks that share the
    other label. p = (1 + #{at least as large}) / (1 + n), one-sided. Not a number where no pair shares the label, or all do.
    """
    rng = np.random.default_rng(0)
    codes, strata = (np.unique(values, return_inverse=True)[1] for values in (labels, others))
    drawn = np.tile(codes, (n + 1, 1))
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        drawn[1:, members] = rng.permuted(drawn[1:, members], axis=1)
    i, j = np.nonzero(np.triu(strata[:, None] != strata))
    same, d = drawn[:, i] == drawn[:, j], distances[i, j]
    n_same = same.sum(1)
    if not 0 < n_same[0] < len(d):
        return Kinship(float("nan"), float("nan"), float("nan"))
    with np.errstate(invalid="ignore", divide="ignore"):  # a permutation may leave no pair with the same label
        gaps = ~same @ d / (len(d) - n_same) - same @ d / n_same
    possible = gaps[1:][np.isfinite(gaps[1:])]
    p = (1 + np.sum(possible >= gaps[0] - 1e-12)) / (1 + len(possible))
    return Kinship(float(d[same[0]].mean()), float(d[~same[0]].mean()), float(p))
