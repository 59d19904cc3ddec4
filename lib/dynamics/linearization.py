"""The dynamics near a fixed point: Jacobians, the linear system they make, and how far off its predictions are."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lib.dynamics.arguments import accepting, states_of
from lib.dynamics.cells import Cell, input_or_zero
from lib.dynamics.fixed_points import FixedPoints
from lib.dynamics.jacobians import jacobian


@accepting
def recurrent_jacobian(
    cell: Cell, points: FixedPoints | Float[Tensor, "point state"], input_point: Float[Tensor, "*points input"] | None = None
) -> Float[Tensor, "point state state"]:
    """J_rec = ∂F/∂h at (h, x*), the first matrix of paper A's equation 1.

    `points` are states, with x* = 0 by default, or fixed points, with the x* they were found at. Raises ValueError where fixed
    points are given another x*.
    """
    return jacobian(cell, *_located(cell, points, input_point))


@accepting
def input_jacobian(
    cell: Cell, points: FixedPoints | Float[Tensor, "point state"], input_point: Float[Tensor, "*points input"] | None = None
) -> Float[Tensor, "point state input"]:
    """J_inp = ∂F/∂x at (h, x*), the second matrix of paper A's equation 1; arguments as of `recurrent_jacobian`."""
    return jacobian(cell, *_located(cell, points, input_point), of=1)


def _located(cell, points, input_point) -> tuple[Float[Tensor, "point state"], Float[Tensor, "*points input"]]:
    """States and x*; fixed points bring their own x*."""
    if not isinstance(points, FixedPoints):
        return points, input_or_zero(cell, points, input_point)
    if input_point is not None and not torch.equal(input_point.to(points.input_point), points.input_point):
        raise ValueError("These fixed points were found at another input point x*: search for some at this one.")
    states = states_of(cell, points.states, "points")
    return states, points.input_point.to(states)


@accepting
def nearest(points: Float[Tensor, "point state"], states: Float[Tensor, "query state"]) -> Int[Tensor, " query"]:
    """Index of the fixed point nearest to each state."""
    return torch.cdist(states.to(points), points).argmin(-1)


@dataclass(frozen=True)
class LinearSystem:
    """The affine map h' = F(h*, x*) + J_rec (h − h*) + J_inp (x − x*), paper A's equation 1; one a point of a batch.

    F(h*, x*) is kept: at an approximate fixed point it differs from h* by a little, which adds up over many steps.
    """

    fixed_point: Float[Tensor, "*batch state"]
    image: Float[Tensor, "*batch state"]
    recurrent: Float[Tensor, "*batch state state"]
    inward: Float[Tensor, "*batch state input"]
    input_point: Float[Tensor, "*points input"]

    @classmethod
    @accepting
    def at(
        cls,
        cell: Cell,
        points: FixedPoints | Float[Tensor, "point state"],
        input_point: Float[Tensor, "*points input"] | None = None,
    ) -> "LinearSystem":
        """The systems at some points; arguments as of `recurrent_jacobian`."""
        states, x = _located(cell, points, input_point)
        with torch.no_grad():
            image = cell(states, x.expand(len(states), -1))
        return cls(states, image, recurrent_jacobian(cell, states, x), input_jacobian(cell, states, x), x)

    def __getitem__(self, i) -> "LinearSystem":
        x = self.input_point if self.input_point.ndim == 1 else self.input_point[i]
        return LinearSystem(self.fixed_point[i], self.image[i], self.recurrent[i], self.inward[i], x)

    def __call__(
        self, states: Float[Tensor, "*batch state"], inputs: Float[Tensor, "*batch input"]
    ) -> Float[Tensor, "*batch state"]:
        """One linear step; each state with its own system, or all with the same."""
        recurrent = (self.recurrent @ (states - self.fixed_point).unsqueeze(-1)).squeeze(-1)
        inward = (self.inward @ (inputs - self.input_point).unsqueeze(-1)).squeeze(-1)
        return self.image + recurrent + inward


@accepting
def relative_error(predicted: Float[Tensor, "*batch state"], true: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch"]:
    """‖h_F − h_lin‖ / ‖h_F‖ (paper A, §4.6)."""
    return (predicted - true).norm(dim=-1) / true.norm(dim=-1)


@accepting
@torch.no_grad()
def linear_steps(
    systems: LinearSystem, states: Float[Tensor, "query state"], inputs: Float[Tensor, "query input"]
) -> Float[Tensor, "query state"]:
    """One linear step from each state, at the fixed point nearest to it."""
    states, inputs = states.to(systems.fixed_point), inputs.to(systems.fixed_point)
    parts = zip(states.split(64), inputs.split(64), nearest(systems.fixed_point, states).split(64), strict=True)
    return torch.cat([systems[i](h, x) for h, x, i in parts])


@accepting
@torch.no_grad()
def one_step_errors(
    cell: Cell,
    systems: LinearSystem,
    states: Float[Tensor, "query state"],
    inputs: Float[Tensor, "query input"],
) -> Float[Tensor, " query"]:
    """Relative error of one linear step from each state, at the fixed point nearest to it (paper A, §4.6, Fig 5b)."""
    return relative_error(linear_steps(systems, states, inputs), cell(states, inputs))


@accepting
@torch.no_grad()
def rollout(
    cell: Cell, systems: LinearSystem, start: Float[Tensor, "query state"], inputs: Float[Tensor, "time query input"]
) -> tuple[Float[Tensor, "time query state"], Float[Tensor, "time query state"]]:
    """True and linear states over many steps; the linear system is the one at the fixed point nearest to the start, kept
    throughout (paper A, §4.6: the trajectories diverge)."""
    system = systems[nearest(systems.fixed_point, start)]
    true, linear, pairs = start, start, []
    for x in inputs:
        true, linear = cell(true, x), system(linear, x)
        pairs.append((true, linear))
    return torch.stack([pair[0] for pair in pairs]), torch.stack([pair[1] for pair in pairs])
