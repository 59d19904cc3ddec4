"""How fast a state still moves once nothing is read (paper A, §4.2)."""

import torch
from jaxtyping import Float
from torch import Tensor

from lib.dynamics.arguments import accepting
from lib.dynamics.cells import Cell, input_or_zero

SMALLEST = 1e-6  # norm of a state that has all but decayed to zero: its velocity is measured against this


@accepting
@torch.no_grad()
def normalized_velocity(
    cell: Cell, states: Float[Tensor, "start state"], n_steps: int, input_point: Float[Tensor, "*points input"] | None = None
) -> Float[Tensor, "step moving"]:
    """‖h_{t+1} − h_t‖ / ‖h_t‖ at t = 0, …, `n_steps`, while x* (zero by default) is read on from each state.

    A start at zero, as every document has, has no normalized velocity and is left out.
    """
    x = input_or_zero(cell, states, input_point)
    moving = states.norm(dim=-1) > 0
    here, x = states[moving], x if x.ndim == 1 else x[moving]
    velocities = []
    for _ in range(n_steps + 1):
        there = cell(here, x.expand(len(here), -1))
        velocities.append((there - here).norm(dim=-1) / here.norm(dim=-1).clamp(min=SMALLEST))
        here = there
    return torch.stack(velocities)


@accepting
def steps_until_slow(velocity: Float[Tensor, " step"], bound: float = 0.01, share: float = 0.1) -> float:
    """The first step at which a velocity is below `bound` or below `share` of what it was; infinite where it never is."""
    slow = torch.nonzero((velocity < share * velocity[0]) | (velocity < bound))
    return float(slow[0]) if len(slow) else float("inf")
