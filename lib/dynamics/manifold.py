"""The shape of a cloud of states: dimension, main axis, a coordinate along a curve, and alignment of directions."""

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.sparse.csgraph import connected_components
from scipy.stats import beta
from sklearn.manifold import LocallyLinearEmbedding
from sklearn.neighbors import kneighbors_graph
from torch import Tensor

from lib.dynamics.arguments import accepting
from lib.dynamics.fixed_points import distinct
from lib.dynamics.linearization import nearest


@accepting
def participation_ratio(spectrum: Float[Tensor, " state"]) -> float:
    """(Σ v)² / Σ v² of the variances v along the principal axes: 1 for a line, N for a round cloud."""
    return float(spectrum.sum() ** 2 / (spectrum**2).sum())


def drift_tolerance(variance: float, n_state: int, length: float, share: float = 0.3) -> float:
    """q_D = (share / T)² tr Cov(h) / N, at which a state drifts `share` of the cloud's radius in a document of T tokens.

    √tr Cov(h) is the root mean square distance of the states from their mean: a state that moves share · √tr Cov(h) / T at each
    token has this q.
    """
    return (share / length) ** 2 * variance / n_state


@accepting
def n_components(spectrum: Float[Tensor, " state"], share: float = 0.9) -> int:
    """How many principal axes explain `share` of the variance."""
    return int((explained(spectrum) < share).sum()) + 1


@accepting
def explained(spectrum: Float[Tensor, " state"]) -> Float[Tensor, " state"]:
    """Cumulative share of the variance explained by the first principal axes."""
    return (spectrum / spectrum.sum()).cumsum(0)


@accepting
def principal_axes(states: Float[Tensor, "point state"]) -> tuple[Float[Tensor, "axis state"], Float[Tensor, " axis"]]:
    """Principal axes of a cloud and the share of its variance along each; the first is the manifold axis m."""
    _, lengths, axes = torch.linalg.svd(states.double() - states.double().mean(0), full_matrices=False)
    return axes.to(states), (lengths**2 / (lengths**2).sum()).to(states)


@accepting
def share_inside(states: Float[Tensor, "point state"], axes: Float[Tensor, "axis state"]) -> float:
    """Share of the variance of a cloud that lies within the span of orthonormal axes."""
    centred = (states - states.mean(0)).double()
    return float(((centred @ axes.double().T) ** 2).sum() / (centred**2).sum())


@accepting
def manifold_coordinate(
    states: Float[Tensor, "point state"], towards: Float[Tensor, " state"] | None = None
) -> Float[Tensor, " point"]:
    """θ ∈ [−1, 1], the position of each point along a one-dimensional curve (paper A, §4.2; Roweis & Saul 2000).

    A one-dimensional locally linear embedding of the distinct points in the full space (a repeated point would be its own
    neighbourhood), scaled to its range and turned to grow in the direction `towards` (by default the first principal
    axis). Repeated points share θ. Each point has the fewest neighbours, from 20 on, that connect all points: separate
    pieces would collapse to a value each.
    Raises ValueError where fewer than 3 points are distinct.
    """
    kept = states[distinct(states)].double()
    if len(kept) < 3:
        raise ValueError(f"A curve needs at least 3 distinct points; there are {len(kept)}.")
    neighbors = next(
        n
        for n in (*range(20, len(kept) - 1, 5), len(kept) - 1)
        if n == len(kept) - 1 or connected_components(kneighbors_graph(kept.numpy(), n), directed=False)[0] == 1
    )
    embedding = LocallyLinearEmbedding(n_neighbors=neighbors, n_components=1, eigen_solver="dense", random_state=0)
    theta = embedding.fit_transform(kept.numpy())[:, 0]
    theta = 2 * (theta - theta.min()) / np.ptp(theta) - 1
    direction = principal_axes(kept)[0][0] if towards is None else towards.double()
    along = ((kept - kept.mean(0)) @ direction).numpy()
    theta *= np.sign(np.corrcoef(theta, along)[0, 1]) or 1.0
    return torch.from_numpy(theta).to(states)[nearest(kept, states.double())]


@accepting
def tangents(states: Float[Tensor, "point state"], n_neighbors: int = 10) -> Float[Tensor, "point state"]:
    """The direction of a curve at each of its points: unit vectors, each turned to agree with the first principal axis.

    The tangent is the first principal axis of the point and its `n_neighbors` neighbours along the curve: those nearest in
    the order of θ (`manifold_coordinate`) among the distinct points. θ takes a closed curve as a line that is walked there and
    back, so that only the 3 `n_neighbors` points nearest in space are asked. Repeated points share their tangent. Fewer than
    3 distinct points are no curve: their first principal axis stands in.
    """
    axis = principal_axes(states)[0][0]
    kept = states[distinct(states)].double()
    if len(kept) < 3:
        return axis.expand_as(states)
    order = manifold_coordinate(kept).argsort().argsort()
    near = torch.cdist(kept, kept).topk(min(3 * n_neighbors + 1, len(kept)), largest=False).indices
    steps = (order[near] - order[:, None]).abs()
    chosen = near.gather(1, steps.topk(min(n_neighbors + 1, near.shape[1]), largest=False).indices)
    along = torch.linalg.svd(kept[chosen] - kept[chosen].mean(1, keepdim=True), full_matrices=False)[2][:, 0]
    along = torch.where((along @ axis.double() < 0)[:, None], -along, along)
    return along.to(states)[nearest(kept, states.double())]


@accepting
def n_occupied(positions: Float[Tensor, " point"], low: float, high: float, n_bins: int = 20) -> int:
    """How many of `n_bins` equal bins from `low` to `high` hold a position; positions outside are left out."""
    inside = positions[(positions >= low) & (positions <= high)].double()
    return len(((inside - low) / (high - low) * n_bins).long().clamp(max=n_bins - 1).unique())


@accepting
def alignment(a: Float[Tensor, "*batch state"], b: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch"]:
    """|cos| of the angle between directions."""
    return (a * b).sum(-1).abs() / (a.norm(dim=-1) * b.norm(dim=-1))


def random_alignment(dimension: int, quantile: float) -> float:
    """Quantile of |cos| between two random directions: cos² follows Beta(1/2, (N − 1)/2)."""
    return float(beta.ppf(quantile, 0.5, (dimension - 1) / 2) ** 0.5)


@accepting
def have_axis(states: Float[Tensor, "point state"]) -> bool:
    """Whether two points of a cloud differ, so that it has an axis at all."""
    return bool((states != states[:1]).any())


@accepting
def manifold_axis(states: Float[Tensor, "point state"], otherwise: Float[Tensor, " state"]) -> Float[Tensor, " state"]:
    """m, of unit length: the first principal axis of a cloud; a single point has none, and `otherwise` stands in."""
    return principal_axes(states)[0][0] if len(states) > 1 else otherwise / otherwise.norm()


@accepting
def spread_ratio(
    points: Float[Tensor, "point state"], states: Float[Tensor, "visit state"], axis: Float[Tensor, " state"]
) -> float:
    """The standard deviation of points along an axis over that of the visited states; not a number for a single point."""
    return float((points @ axis).std() / (states @ axis).std()) if len(points) > 1 else float("nan")


@accepting
def evenly_along(states: Float[Tensor, "point state"], axis: Float[Tensor, " state"], n: int) -> Int[Tensor, " chosen"]:
    """Indices of `n` points (or all, where there are fewer), evenly spread over their order along an axis."""
    return (states @ axis).argsort()[torch.linspace(0, len(states) - 1, min(n, len(states))).round().long()]


@accepting
def examples_along(places: Float[Tensor, "point state"], axis: Float[Tensor, " state"]) -> Int[Tensor, " example"]:
    """The points at 5, 50 and 95 % of the way along an axis."""
    return (places @ axis).argsort()[torch.tensor([0.05, 0.5, 0.95]).mul(len(places) - 1).round().long()]


@accepting
def radius(states: Float[Tensor, "visit state"]) -> float:
    """√tr Cov(h), the root mean square distance of a cloud's states from their mean."""
    return float((states - states.mean(0)).pow(2).sum(1).mean().sqrt())


@accepting
def distance_to(
    others: Float[Tensor, "other state"], points: Float[Tensor, "point state"], states: Float[Tensor, "visit state"]
) -> float:
    """Median distance of points to the nearest of others, in radii of the cloud of visited states."""
    return float(torch.cdist(points, others).amin(1).median()) / radius(states)
