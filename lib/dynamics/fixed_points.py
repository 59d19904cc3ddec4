"""Approximate and exact fixed points of the dynamics without input, h* ≈ F(h*, x*).

A line attractor is a curve of slow points, of which few are exact fixed points. `find_fixed_points` therefore stops each
point as soon as it is slow enough: one that ran on would slide along the curve into the few exact sinks, and the line
would disappear from the picture. `exact_fixed_points` is the second call, which runs on and tells stability.
"""

import copy
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.func import jacrev, vjp, vmap

from lib.dynamics.cells import Cell, input_or_zero

PATIENCE = 8
CHUNK = 32  # points whose Jacobians are held at once


@dataclass(frozen=True)
class FixedPoints:
    """Where each start ended. Nothing is dropped: a start that failed has `converged` False and its lowest speed."""

    states: Float[Tensor, "point state"]
    speed: Float[Tensor, " point"]
    converged: Bool[Tensor, " point"]
    iterations: Int[Tensor, " point"]
    input_point: Float[Tensor, " input"]  # x*, at which they are fixed

    def __getitem__(self, chosen) -> "FixedPoints":
        at = (self.states[chosen], self.speed[chosen], self.converged[chosen], self.iterations[chosen])
        return FixedPoints(*at, self.input_point)

    def __len__(self) -> int:
        return len(self.states)

    @property
    def converged_states(self) -> Float[Tensor, "kept state"]:
        """The states that converged: none, where none did."""
        return self.states[self.converged]

    @property
    def states_or_slowest(self) -> Float[Tensor, "kept state"]:
        """The states that converged or, where none did, the slowest one."""
        return self.converged_states if self.converged.any() else self.states[self.speed.argmin()][None]

    @property
    def distinct_states(self) -> Float[Tensor, "kept state"]:
        """One state a place, of those that converged or, where none did, the slowest one."""
        return self.states_or_slowest[distinct(self.states_or_slowest)]


def speed(
    cell: Cell, states: Float[Tensor, "point state"], input_point: Float[Tensor, " input"] | None = None
) -> Float[Tensor, " point"]:
    """q(h) = (1/N)·‖h − F(h, x*)‖², a mean of squares (paper A, §3.3); x* = 0 by default."""
    return (step_residual(cell, states, input_point) ** 2).mean(-1)


def step_residual(cell, states, input_point=None) -> Float[Tensor, "point state"]:
    """F(h, x*) − h."""
    x = input_or_zero(cell, states, input_point)
    return cell(states, x.expand(*states.shape[:-1], -1)) - states


@torch.no_grad()
def find_fixed_points(
    cell: Cell,
    states: Float[Tensor, "point state"],
    *,
    tolerance: float = 1e-8,
    input_point: Float[Tensor, " input"] | None = None,
    max_iterations: int = 200,
    dimension: int = 16,
) -> FixedPoints:
    """Lower the speed q from each start until q < `tolerance`, and stop there (paper A, §3.3; Sussillo & Barak 2013).

    The problem: r(h) = F(h, x*) − h is to vanish; q = ‖r‖² / N. Where a mode has λ = 1 the zeros form a line, and the zero
    that the dynamics themselves would reach from a start is wanted, not another one further along the line.

    The step: Levenberg–Marquardt on all starts at once. With A = ∂r/∂h, a point moves by the δ that makes
    ‖r + A δ‖² + μ‖δ‖² least, where that lowers q; δ is sought in the first `dimension` dimensions of span{r, Ar, A²r, …}
    (Brown & Saad 1990), so no Jacobian is ever formed. Most modes of a trained network decay at once, A is the identity but
    for a few directions, and a small space suffices; where many modes are slow, more starts converge in a larger one. Such a
    step keeps ℓ·h of a mode with λ = 1, and the damping μ keeps a point from sliding along a line, where A is singular.

    Why it stops: a point leaves the batch when it is slow enough, or when it is stuck: q no longer falls by a twentieth
    within `PATIENCE` iterations, as in a local minimum of q, where the dynamics only slow down.

    `states` are the starts, states that the network visited, in float32 or float64 (as the result). x* = `input_point`
    is zero by default. Raises ValueError where a start is not finite or does not fit the cell.
    """
    if states.shape[-1] != cell.n_state or not torch.isfinite(states).all():
        raise ValueError(f"The starts must be finite states [point, {cell.n_state}] of the cell; got {tuple(states.shape)}.")
    if tolerance <= 0:
        raise ValueError(f"The tolerance on the speed q must be positive; got {tolerance}.")
    x = input_or_zero(cell, states, input_point)
    states, q = states.clone(), speed(cell, states, x)
    damping, earlier, iterations = torch.full_like(q, 1e-2), q.clone(), torch.zeros_like(q, dtype=torch.long)
    active = torch.nonzero(q >= tolerance).squeeze(-1)
    for iteration in range(1, max_iterations + 1):
        if not len(active):
            break
        h = states[active]
        trial = h + _levenberg_marquardt_step(cell, h, x, damping[active], dimension)
        trial_q = speed(cell, trial, x)
        better = trial_q < q[active]
        states[active] = torch.where(better[:, None], trial, h)
        q[active] = torch.where(better, trial_q, q[active])
        damping[active] *= torch.where(better, 0.5, 4.0)
        iterations[active] = iteration
        going = q[active] >= tolerance
        if iteration % PATIENCE == 0:
            going &= q[active] < 0.95 * earlier[active]
            earlier = q.clone()
        active = active[going]
    return FixedPoints(states, q, q < tolerance, iterations, x)


def _krylov(
    cell, h, x, dimension
) -> tuple[Float[Tensor, "point basis state"], Float[Tensor, "point basis state"], Float[Tensor, "point state"]]:
    """Vectors V that span {r, Ar, A²r, …}, the products A V, and r, a batch of points at once.

    V is near enough to orthogonal after one pass of Gram and Schmidt: what is left of angles is told by VᵀV.
    """
    residual, pull = vjp(lambda s: step_residual(cell, s, x), h)
    _, push = vjp(lambda v: pull(v)[0], residual)  # the derivative of a linear map is the map: A, from Aᵀ
    n = min(dimension, h.shape[-1])
    basis, products = h.new_zeros(len(h), n + 1, h.shape[-1]), h.new_zeros(len(h), n, h.shape[-1])
    basis[:, 0] = residual / residual.norm(dim=-1, keepdim=True)
    for j in range(n):
        grown = products[:, j] = push(basis[:, j])[0]
        least = 100 * torch.finfo(h.dtype).eps * grown.norm(dim=-1, keepdim=True)
        along = torch.bmm(basis[:, : j + 1], grown[:, :, None])
        grown = torch.baddbmm(grown[:, None], along.mT, basis[:, : j + 1], alpha=-1)[:, 0]
        left = grown.norm(dim=-1, keepdim=True)
        basis[:, j + 1] = torch.where(left > least, grown / left, 0.0)  # below, the space is complete: what is left is rounding
    return basis[:, :n], products, residual


def _levenberg_marquardt_step(cell, h, x, damping, dimension) -> Float[Tensor, "point state"]:
    """The δ = V w of a Krylov space that makes ‖r + A δ‖² + μ‖δ‖² least: (AVᵀAV + μ VᵀV) w = −AVᵀ r."""
    basis, products, residual = _krylov(cell, h, x, dimension)
    damping = damping.double()[:, None, None]
    gram = torch.bmm(basis, basis.mT).double() + 1e-10 * torch.eye(basis.shape[1], dtype=torch.double, device=h.device)
    normal = torch.bmm(products, products.mT).double() + damping * gram
    weights = torch.linalg.solve(normal, -torch.bmm(products, residual[:, :, None]).double())
    return torch.bmm(weights.mT.to(h), basis)[:, 0]


def distinct(states: Float[Tensor, "point state"], side: float = 1e-3) -> Int[Tensor, " kept"]:
    """Indices of one point a place: a point within `side` of an earlier one in every dimension is the same (paper B, §2.3)."""
    kept: list[int] = []
    for i, state in enumerate(states):
        if not kept or (states[kept] - state).abs().amax(-1).min() >= side:
            kept.append(i)
    return torch.tensor(kept, dtype=torch.long)


@dataclass(frozen=True)
class ExactPoints:
    """Exact fixed points, and how many directions of each are unstable: 0 a sink, otherwise a saddle (or a source)."""

    states: Float[Tensor, "point state"]
    speed: Float[Tensor, " point"]
    n_unstable: Int[Tensor, " point"]


def exact_fixed_points(
    cell: Cell,
    states: Float[Tensor, "point state"],
    *,
    input_point: Float[Tensor, " input"] | None = None,
    tolerance: float = 1e-20,
    side: float = 1e-3,
) -> ExactPoints:
    """Exact fixed points, q at machine precision, reached from slow ones; each once, with its stability.

    Computed in float64. Stability is the number of eigenvalues of ∂F/∂h with |λ| > 1. Starts whose descent stalls on a
    slow stretch that holds no fixed point end above `tolerance` and are left out.
    """
    cell, states = copy.deepcopy(cell).double(), states.double()
    x = input_or_zero(cell, states, input_point)
    found = find_fixed_points(cell, states, tolerance=tolerance, input_point=x)
    exact = found[found.converged]
    exact = exact[distinct(exact.states, side)]
    if not len(exact):
        return ExactPoints(exact.states, exact.speed, exact.iterations)
    slopes = vmap(jacrev(lambda h: cell(h, x)), chunk_size=CHUNK)(exact.states)
    return ExactPoints(exact.states, exact.speed, (torch.linalg.eigvals(slopes).abs() > 1).sum(-1))
