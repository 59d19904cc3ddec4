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

from lib.cells import Cell

CG_STEPS = 100
PATIENCE = 8
CHUNK = 32  # points whose Jacobians are held at once


@dataclass(frozen=True)
class FixedPoints:
    """Where each start ended. Nothing is dropped: a start that failed has `converged` False and its lowest speed."""

    states: Float[Tensor, "point state"]
    speed: Float[Tensor, " point"]
    converged: Bool[Tensor, " point"]
    iterations: Int[Tensor, " point"]

    def __getitem__(self, chosen) -> "FixedPoints":
        return FixedPoints(self.states[chosen], self.speed[chosen], self.converged[chosen], self.iterations[chosen])

    def __len__(self) -> int:
        return len(self.states)

    @property
    def resting(self) -> Float[Tensor, "kept state"]:
        """The states that converged; where none did, the slowest one stands in."""
        return self.states[self.converged] if self.converged.any() else self.states[self.speed.argmin()][None]


def speed(
    cell: Cell, states: Float[Tensor, "point state"], input_point: Float[Tensor, " input"] | None = None
) -> Float[Tensor, " point"]:
    """q(h) = (1/N)·‖h − F(h, x*)‖², a mean of squares (paper A, §3.3); x* = 0 by default."""
    return (step_residual(cell, states, input_point) ** 2).mean(-1)


def step_residual(cell, states, input_point=None) -> Float[Tensor, "point state"]:
    """F(h, x*) − h."""
    x = _input_point(cell, states, input_point)
    return cell(states, x.expand(*states.shape[:-1], -1)) - states


@torch.no_grad()
def find_fixed_points(
    cell: Cell,
    states: Float[Tensor, "point state"],
    *,
    tolerance: float = 1e-8,
    input_point: Float[Tensor, " input"] | None = None,
    max_iterations: int = 200,
) -> FixedPoints:
    """Lower the speed q from each start until q < `tolerance`, and stop there (paper A, §3.3; Sussillo & Barak 2013).

    Levenberg–Marquardt on all starts at once: with r = F(h, x*) − h and A = ∂r/∂h, a point moves by the δ of
    (AᵀA + μ·1) δ = −Aᵀr where that lowers q. The system is solved by conjugate gradients, so that no Jacobian is ever
    formed; the damping μ and the few iterations keep a point from sliding along a line attractor, where A is nearly
    singular. A point leaves the batch when it is slow enough, or when it is stuck: q no longer falls by a twentieth within
    `PATIENCE` iterations, as in a local minimum of q, where the dynamics only slow down and never rest.

    `states` are the starts, states that the network visited, in float32 or float64 (as the result). x* = `input_point`
    is zero by default. Raises ValueError where a start is not finite or does not fit the cell.
    """
    if states.shape[-1] != cell.n_state or not torch.isfinite(states).all():
        raise ValueError(f"The starts must be finite states [point, {cell.n_state}] of the cell; got {tuple(states.shape)}.")
    if tolerance <= 0:
        raise ValueError(f"The tolerance on the speed q must be positive; got {tolerance}.")
    x = _input_point(cell, states, input_point)
    states, q = states.clone(), speed(cell, states, x)
    damping, earlier, iterations = torch.full_like(q, 1e-2), q.clone(), torch.zeros_like(q, dtype=torch.long)
    active = torch.nonzero(q >= tolerance).squeeze(-1)
    for iteration in range(1, max_iterations + 1):
        if not len(active):
            break
        h = states[active]
        trial = h + _levenberg_marquardt_step(cell, h, x, damping[active, None])
        trial_q = speed(cell, trial, x)
        better = trial_q < q[active]
        states[active] = torch.where(better[:, None], trial, h)
        q[active] = torch.where(better, trial_q, q[active])
        damping[active] *= torch.where(better, 0.25, 8.0)
        iterations[active] = iteration
        going = q[active] >= tolerance
        if iteration % PATIENCE == 0:
            going &= q[active] < 0.95 * earlier[active]
            earlier = q.clone()
        active = active[going]
    return FixedPoints(states, q, q < tolerance, iterations)


def _levenberg_marquardt_step(cell, h, x, damping) -> Float[Tensor, "point state"]:
    """δ of (AᵀA + μ·1) δ = −Aᵀr to a tenth of the right-hand side, A and Aᵀ applied by automatic differentiation."""
    residual, pull = vjp(lambda s: step_residual(cell, s, x), h)
    _, push = vjp(lambda v: pull(v)[0], residual)
    rest = -pull(residual)[0]
    step, direction = torch.zeros_like(h), rest
    size = start = (rest**2).sum(-1, keepdim=True)
    for _ in range(CG_STEPS):
        moved = push(direction)[0]
        curvature = (moved**2).sum(-1, keepdim=True) + damping * (direction**2).sum(-1, keepdim=True)
        length = size / curvature.clamp(min=torch.finfo(h.dtype).tiny)
        step = step + length * direction
        rest = rest - length * (pull(moved)[0] + damping * direction)
        before, size = size, (rest**2).sum(-1, keepdim=True)
        if (size <= 0.01 * start).all():
            break
        direction = rest + size / before.clamp(min=torch.finfo(h.dtype).tiny) * direction
    return step


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
    x = _input_point(cell, states, input_point)
    found = find_fixed_points(cell, states, tolerance=tolerance, input_point=x)
    exact = found[found.converged]
    exact = exact[distinct(exact.states, side)]
    if not len(exact):
        return ExactPoints(exact.states, exact.speed, exact.iterations)
    slopes = vmap(jacrev(lambda h: cell(h, x)), chunk_size=CHUNK)(exact.states)
    return ExactPoints(exact.states, exact.speed, (torch.linalg.eigvals(slopes).abs() > 1).sum(-1))


def _input_point(cell: Cell, states: Tensor, input_point: Tensor | None) -> Float[Tensor, " input"]:
    return states.new_zeros(cell.n_input) if input_point is None else input_point.to(states)
