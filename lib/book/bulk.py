"""The search for fixed points in bulk and one start at a time (paper B, §2.3)."""

from collections.abc import Mapping
from functools import partial

import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from lib.dynamics import Cell, distinct, find_fixed_points, radius, speed

Ends = Mapping[str, Float[Tensor, "start state"]]


def descend(
    cell: Cell,
    starts: Float[Tensor, "start state"],
    tolerance: float,
    *,
    stop_each: bool,
    learning_rate: float = 0.01,
    max_iterations: int = 4000,
) -> Float[Tensor, "start state"]:
    """Adam on the mean of q over a batch; each point stops by itself, or all when the mean is below the tolerance."""
    state = starts.clone().requires_grad_()
    optimizer = torch.optim.Adam([state], lr=learning_rate)
    stopped, done = starts.clone(), torch.zeros(len(starts), dtype=torch.bool)
    for _ in range(max_iterations):
        q = speed(cell, state)
        below = (q if stop_each else q.mean().expand(len(q))) < tolerance
        stopped[below & ~done], done = state.detach()[below & ~done], done | below
        if done.all():
            break
        optimizer.zero_grad()
        q.mean().backward()
        optimizer.step()
    stopped[~done] = state.detach()[~done]
    return stopped


def searches(cell: Cell, starts: Float[Tensor, "start state"], tolerance: float, learning_rate: float) -> Ends:
    """Where the starts end by three searches in bulk, the first with one stopping rule for the batch."""
    adam = partial(descend, cell, starts, tolerance, learning_rate=learning_rate)
    return {
        "Adam, one rule for the batch": adam(stop_each=False),
        "Adam, each point by itself": adam(stop_each=True),
        "Levenberg–Marquardt, each point by itself": find_fixed_points(cell, starts, tolerance=tolerance).states,
    }


@torch.no_grad()
def compare(
    cell: Cell, ends: Ends, starts: Float[Tensor, "start state"], visited: Float[Tensor, "visit state"], tolerance: float
) -> pd.DataFrame:
    """How slow the points are where a search left them, how many are distinct, and how far they moved, a row a search."""
    rows = {}
    for search, states in ends.items():
        q = speed(cell, states)
        rows[search] = {
            "below the tolerance": float((q < tolerance).float().mean()),
            "lowest q": float(q.min()),
            "highest q": float(q.max()),
            "distinct points": len(distinct(states[q < tolerance])),
            "moved, in spreads of the states": float((states - starts).norm(dim=1).median()) / radius(visited),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def one_by_one(cell: Cell, starts: Float[Tensor, "start state"], tolerance: float) -> dict[str, float]:
    """What claim B11 asks: do starts end elsewhere in bulk than one at a time?"""
    together = find_fixed_points(cell, starts, tolerance=tolerance).states
    single = torch.cat([find_fixed_points(cell, start[None], tolerance=tolerance).states for start in starts])
    apart = (single - together).abs().amax(1)
    return {
        "share of starts that end elsewhere in bulk": float((apart > 1e-3).double().mean()),
        "largest difference in any dimension": float(apart.max()),
    }
