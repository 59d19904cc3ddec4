"""What a network does when nothing is read: where it comes to rest, and how far it goes on moving."""

import pandas as pd
import torch
from jaxtyping import Complex, Float
from scipy.stats import spearmanr
from torch import Tensor

from lib.dynamics.cells import Cell
from lib.dynamics.fixed_points import ExactPoints, exact_fixed_points
from lib.dynamics.manifold import evenly_along, principal_axes

SMALLEST = 1e-6  # norm of a state that has all but decayed to zero: a distance is measured against this
AT_ZERO = 1e-3  # norm below which a state is not asked how far it moves
A17 = ("unstable modes a point", "largest |λ|", "median step after the run", "the same over two steps")  # what it records


@torch.no_grad()
def without_input(cell: Cell, states: Float[Tensor, "start state"], n_steps: int) -> Float[Tensor, "step start state"]:
    """The states that follow some states while nothing is read, these first."""
    path, x = [states], torch.zeros(len(states), cell.n_input)
    for _ in range(n_steps):
        path.append(cell(path[-1], x))
    return torch.stack(path)


def exact_points_along(cell: Cell, states: Float[Tensor, "point state"], n: int) -> ExactPoints:
    """The exact fixed points reached from `n` slow points, evenly spread along their first principal axis."""
    return exact_fixed_points(cell, states[evenly_along(states, principal_axes(states)[0][0], n)])


def sinks_and_saddles(cell: Cell, states: Float[Tensor, "point state"], n: int) -> tuple[int, int]:
    """How many of these exact fixed points are sinks, and how many saddles."""
    n_unstable = exact_points_along(cell, states, n).n_unstable
    return int((n_unstable == 0).sum()), int((n_unstable > 0).sum())


def evidence_kept(logits: Float[Tensor, "step start"]) -> float:
    """Rank correlation, over starts, of the logit at first and at the end (the mean of two steps, as a state may jump)."""
    return float(spearmanr(logits[0], logits[-2:].mean(0)).statistic)


def distance_moved(path: Float[Tensor, "step start state"], k: int) -> Float[Tensor, " moment"]:
    """How far a state moves in `k` steps (1 or 2), relative to its norm: median over starts, from every step but the last two.

    Starts at zero are left out.
    """
    before, after = path[:-2], path[k : len(path) - 2 + k]
    norm = before.norm(dim=-1).clamp(min=SMALLEST)
    return ((after - before).norm(dim=-1) / norm)[:, norm[0] > AT_ZERO].median(1).values


def unrest(path: Float[Tensor, "step start state"], eigenvalues: Complex[Tensor, "point mode"]) -> dict[str, float]:
    """What claim A17 shows of a network without input: how far it moves, and the unstable modes at its slow points."""
    unstable = eigenvalues[eigenvalues.abs() > 1]
    angle = torch.rad2deg(unstable.angle().abs()).max() if len(unstable) else float("nan")
    centre = path[0].mean(0)
    reached = (path[-1] - centre).norm(dim=1).median() / (path[0] - centre).norm(dim=1).median()
    return {
        "median step after the run": float(distance_moved(path, 1)[-1]),
        "the same over two steps": float(distance_moved(path, 2)[-1]),
        "unstable modes a point": float((eigenvalues.abs() > 1).double().sum(1).mean()),
        "largest |λ|": float(eigenvalues.abs().amax(1).median()),
        "largest |angle| of unstable modes (°)": float(angle),
        "states reached, in spreads of the visited": float(reached),
    }


def jumping(described: pd.DataFrame) -> list[str]:
    """The networks, of those that `unrest` described, that jump between two places: one step is large, and two are none."""
    return list(described.index[described["the same over two steps"] < 0.1 * described["median step after the run"]])
