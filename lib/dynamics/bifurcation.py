"""Where a network rests as its input moves along a line: sinks and saddles that appear, meet and vanish."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from lib.dynamics.arguments import accepting
from lib.dynamics.cells import Cell
from lib.dynamics.fixed_points import exact_fixed_points
from lib.dynamics.jacobians import eigenvalues
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.modes import time_constants

FACTORS = tuple(np.arange(-1, 2.01, 0.25).tolist())  # of the mean token
BETWEEN = (0.1, 0.3, 0.5, 0.7, 0.9)  # of the way from one sink to the next, where a saddle is searched


@accepting
def branches(
    cell: Cell,
    starts: Float[Tensor, "start state"],
    direction: Float[Tensor, " input"],
    axis: Float[Tensor, " state"],
    factors: Sequence[float] = FACTORS,
) -> pd.DataFrame:
    """Exact fixed points at x* = a · `direction` for each factor a, one row each: factor, position, n_unstable, tau.

    Positions are along `axis`; n_unstable is the number of modes with |λ| > 1, and tau the time constant of the slowest mode.
    The search at each factor starts from `starts`, from the points of the factor before, and from between neighbouring sinks,
    where the slow curve that ties them holds a saddle.
    """
    rows: list[pd.DataFrame] = []
    before = starts[:0]
    for factor in factors:
        x = factor * direction
        found = exact_fixed_points(cell, torch.cat((starts, before)), input_point=x)
        sinks = found.states[found.n_unstable == 0]
        sinks = sinks[(sinks @ axis.to(sinks)).argsort()]
        if len(sinks) > 1:
            between = torch.cat([torch.lerp(sinks[:-1], sinks[1:], share) for share in BETWEEN])
            found = exact_fixed_points(cell, torch.cat((found.states, between)), input_point=x)
        before = found.states.to(starts)
        values = eigenvalues(recurrent_jacobian(cell, before, x))
        slowest = values.gather(1, values.abs().argmax(1, keepdim=True))[:, 0]
        here = {
            "factor": factor,
            "position": (before @ axis).numpy(),
            "n_unstable": found.n_unstable.numpy(),
            "tau": time_constants(slowest).numpy(),
        }
        rows.append(pd.DataFrame(here))
    return pd.concat(rows, ignore_index=True)


def is_whole(at_factor: pd.DataFrame) -> bool:
    """Whether the fixed points at one factor can be all there are.

    A step that maps a ball into itself, as every gated cell does, has fixed points whose signs (−1)^n_unstable add up to one
    (Lefschetz; where no mode has a real λ < −1).
    """
    return int(((-1) ** at_factor["n_unstable"]).sum()) == 1


def kind(at_factor: pd.DataFrame) -> str:
    """What the fixed points at one factor are, in words."""
    n_sinks = int((at_factor["n_unstable"] == 0).sum())
    n_saddles = len(at_factor) - n_sinks
    if not len(at_factor):
        return "no fixed point found"
    sinks = f"{n_sinks} sink" + ("" if n_sinks == 1 else "s")
    return sinks if not n_saddles else f"{sinks} and {n_saddles} saddle" + ("" if n_saddles == 1 else "s")
