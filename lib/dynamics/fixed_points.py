"""Approximate and exact fixed points of the dynamics without input, h* ≈ F(h*, x*).

A line attractor is a curve of slow points, of which few are exact fixed points. `find_fixed_points` therefore stops each
point as soon as it is slow enough: one that ran on would slide along the curve into the few exact sinks, and the line
would disappear from the picture. `exact_fixed_points` is the second call, which runs on and tells stability.
"""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from lib.dynamics.arguments import accepting, tensor
from lib.dynamics.cells import Cell, input_or_zero
from lib.dynamics.jacobians import eigenvalues, jacobian
from lib.dynamics.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PATIENCE = 8
ROUNDING = 10 * torch.finfo(torch.float32).eps ** 2  # the speed that single precision leaves of a fixed point of size 1


@dataclass(frozen=True, repr=False)
class FixedPoints(Result):
    """Where each start ended. Nothing is dropped: a start that failed has `converged` False and its lowest speed."""

    states: Float[Tensor, "point state"]
    speed: Float[Tensor, " point"]
    converged: Bool[Tensor, " point"]
    iterations: Int[Tensor, " point"]
    input_point: Float[Tensor, "*points input"]  # x*, at which they are fixed: one for all, or one each

    def __getitem__(self, chosen) -> "FixedPoints":
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        x = values.pop("input_point")
        return type(self)(
            **{name: value[chosen] for name, value in values.items()}, input_point=x if x.ndim == 1 else x[chosen]
        )

    def __len__(self) -> int:
        return len(self.states)

    def __repr__(self) -> str:
        n, size = self.states.shape
        place = "one x* each" if self.input_point.ndim == 2 else "x* = 0" if not self.input_point.any() else "one x*"
        first = f"{type(self).__name__}: {n} points of {size} units at {place}, {int(self.converged.sum())} converged"
        if not n:
            return f"{first}\n  nothing to tell of them"
        low, high, middle = (f"{float(q):.1e}" for q in (self.speed.min(), self.speed.max(), self.speed.median()))
        return f"{first}\n  speed q from {low} to {high}, median {middle}; {self._told()}"

    def _told(self) -> str:
        return f"{float(self.iterations.double().mean()):.0f} iterations on average"

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

    def to_pandas(self) -> pd.DataFrame:
        """A row a point: its speed and all else that is known of it, its state as h0, h1, …, and its x* as x0, x1, …"""
        x = self.input_point.expand(len(self), -1)
        columns = {field.name: getattr(self, field.name) for field in fields(self)[1:] if field.name != "input_point"}
        columns |= {f"h{i}": h for i, h in enumerate(self.states.T)} | {f"x{i}": part for i, part in enumerate(x.T)}
        return pd.DataFrame({name: column.cpu().numpy() for name, column in columns.items()}).rename_axis("point")

    def plot(self, states: Any = None, modes: Any = None, axes: "Axes | None" = None) -> "Axes":
        """Draw the points over `states` that were visited, in the plane of the states' two leading principal components.

        `modes`, the `Modes` at these points, are drawn as lines along their right vectors; they, or `exact_fixed_points`, tell
        which points are unstable: those are hollow. A point that did not converge is a cross. Without `states` the plane is
        that of the points.
        """
        import matplotlib.pyplot as plt

        axes = plt.subplots(layout="constrained")[1] if axes is None else axes
        points = self.states.detach().cpu().double()
        cloud = points if states is None else tensor(states, "states").detach().cpu().double()
        centre, plane = cloud.mean(0), _plane(cloud)
        if states is not None:
            axes.plot(*((cloud - centre) @ plane).T, ".", color="0.8", markersize=2, zorder=0, label="visited states")
        at = (points - centre) @ plane
        if modes is not None:
            size = 0.1 * float((cloud - centre).norm(dim=1).max())
            for one, lines in zip(at, size * modes.right.real.mT @ plane, strict=True):
                for line in lines:
                    axes.plot(*torch.stack((one - line, one + line)).T, color="0.3", linewidth=1, zorder=1)
        n_unstable = getattr(self if modes is None else modes, "n_unstable", None)
        unstable = torch.zeros(len(self), dtype=torch.bool) if n_unstable is None else n_unstable > 0
        for name, chosen, marker, face, edge in (
            ("converged" if n_unstable is None else "stable", self.converged & ~unstable, "o", "C0", "C0"),
            ("unstable", self.converged & unstable, "o", "white", "C3"),
            ("not converged", ~self.converged, "X", "0.5", "0.5"),
        ):
            if chosen.any():
                axes.scatter(*at[chosen].T, marker=marker, facecolors=face, edgecolors=edge, label=name, zorder=2)
        axes.set(xlabel="PC 1", ylabel="PC 2", aspect="equal")
        axes.legend()
        return axes


def _plane(cloud: Float[Tensor, "point state"]) -> Float[Tensor, "state 2"]:
    """The two leading principal components; zero where there are fewer."""
    axes = torch.linalg.svd(cloud - cloud.mean(0), full_matrices=False)[2][:2]
    return torch.cat((axes, axes.new_zeros(2 - len(axes), cloud.shape[1]))).T


@accepting
def speed(
    cell: Cell, states: Float[Tensor, "point state"], input_point: Float[Tensor, "*points input"] | None = None
) -> Float[Tensor, " point"]:
    """q(h) = (1/N)·‖h − F(h, x*)‖², a mean of squares (paper A, §3.3); x* = 0 by default."""
    return _mean_square(step_residual(cell, states, input_or_zero(cell, states, input_point)))


def step_residual(cell, states, x) -> Float[Tensor, "point state"]:
    """F(h, x*) − h."""
    return cell(states, x.expand(*states.shape[:-1], -1)) - states


def _mean_square(residual: Float[Tensor, "point state"]) -> Float[Tensor, " point"]:
    return (residual**2).mean(-1)


@accepting
@torch.no_grad()
def find_fixed_points(
    cell: Cell,
    states: Float[Tensor, "point state"],
    *,
    tolerance: float = 1e-8,
    input_point: Float[Tensor, "*points input"] | None = None,
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

    `states` are the starts, states that the network visited; the result has the cell's precision. x* = `input_point` is zero
    by default, the same for all starts or one each. Raises ValueError where a start is not finite or does not fit the cell.
    """
    x = input_or_zero(cell, states, input_point)
    states, q = states.detach().clone(), _mean_square(step_residual(cell, states, x))
    damping, earlier, iterations = torch.full_like(q, 1e-2), q.clone(), torch.zeros_like(q, dtype=torch.long)
    active = torch.nonzero(q >= tolerance).squeeze(-1)
    for iteration in range(1, max_iterations + 1):
        if not len(active):
            break
        h, u = states[active], x if x.ndim == 1 else x[active]
        trial = h + _levenberg_marquardt_step(cell, h, u, damping[active], dimension)
        trial_q = _mean_square(step_residual(cell, trial, u))
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
    with torch.enable_grad():
        at = h.detach().requires_grad_()
        residual = step_residual(cell, at, x)
        dual = torch.zeros_like(residual, requires_grad=True)
        (pulled,) = torch.autograd.grad(residual, at, dual, create_graph=True)  # Aᵀ u, whose derivative by u is A
    residual = residual.detach()
    n = min(dimension, h.shape[-1])
    basis, products = h.new_zeros(len(h), n + 1, h.shape[-1]), h.new_zeros(len(h), n, h.shape[-1])
    basis[:, 0] = residual / residual.norm(dim=-1, keepdim=True)
    for j in range(n):
        grown = products[:, j] = torch.autograd.grad(pulled, dual, basis[:, j], retain_graph=True)[0]
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
    weights = torch.linalg.solve_ex(normal, -torch.bmm(products, residual[:, :, None]).double())[0]  # one may fail alone
    return torch.bmm(weights.mT.to(h), basis)[:, 0]


@accepting
def distinct(states: Float[Tensor, "point state"], side: float = 1e-3) -> Int[Tensor, " kept"]:
    """Indices of one point a place: a point within `side` of an earlier one in every dimension is the same (paper B, §2.3)."""
    kept: list[int] = []
    for i, state in enumerate(states):
        if not kept or (states[kept] - state).abs().amax(-1).min() >= side:
            kept.append(i)
    return torch.tensor(kept, dtype=torch.long)


@dataclass(frozen=True, repr=False)
class ExactPoints(FixedPoints):
    """Exact fixed points, and how many directions of each are unstable: 0 a sink, otherwise a saddle (or a source)."""

    n_unstable: Int[Tensor, " point"]

    def _told(self) -> str:
        kinds, counts = self.n_unstable.unique(return_counts=True)
        return ", ".join(
            f"{count} stable" if not kind else f"{count} with {kind} unstable direction" + "s" * (kind > 1)
            for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True)
        )


@accepting
def exact_fixed_points(
    cell: Cell,
    states: Float[Tensor, "point state"],
    *,
    input_point: Float[Tensor, "*points input"] | None = None,
    tolerance: float = 1e-20,
    side: float = 1e-3,
) -> ExactPoints:
    """Exact fixed points, q at machine precision, reached from slow ones; each once, with its stability.

    Computed in float64; a step that knows float32 alone is told by a warning, and exact to single precision. Stability is the
    number of eigenvalues of ∂F/∂h with |λ| > 1. Starts whose descent stalls on a slow stretch that holds no fixed point end
    above `tolerance` and are left out, as are points at which the step has no finite slope.
    """
    cell, states = cell.in_float64(), states.double()
    if cell.kinds and all(kind.dtype == torch.float32 for kind in cell.kinds):
        tolerance = max(tolerance, ROUNDING * max(1.0, float(states.pow(2).mean())))
    found = find_fixed_points(cell, states, tolerance=tolerance, input_point=input_point)
    found = found[found.converged]
    x = found.input_point
    found = found[distinct(found.states if x.ndim == 1 else torch.cat((found.states, x), 1), side)]
    values = eigenvalues(jacobian(cell, found.states, found.input_point))
    known = values.isfinite().all(1)
    exact = found[known]
    n_unstable = (values[known].abs() > 1).sum(-1)
    return ExactPoints(exact.states, exact.speed, exact.converged, exact.iterations, exact.input_point, n_unstable)
