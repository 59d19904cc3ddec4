"""Slow and exact fixed points as tables: how many there are at which tolerance, where, and what they are."""

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy.stats import spearmanr
from torch import Tensor

from lib.book.html import number
from lib.book.ledger import ledger
from lib.book.measures import line_measures
from lib.book.searches import drift_speed
from lib.dynamics.fixed_points import ExactPoints, FixedPoints, distinct
from lib.dynamics.manifold import principal_axes
from lib.training.folder import Saved
from lib.training.network import Network


def sweep_table(sweep: dict[float, FixedPoints]) -> pd.DataFrame:
    """A row for each tolerance of a sweep: the share of its starts, which are those of the first, that converge, and so on."""
    n_starts = len(next(iter(sweep.values())))
    rows = []
    for tolerance, points in sweep.items():
        states = points.converged_states
        share = float(principal_axes(states)[1][0]) if len(states) > 1 else float("nan")
        rows.append((tolerance, len(states) / n_starts, len(distinct(states)), share))
    return pd.DataFrame(rows, columns=["tolerance", "share of starts", "distinct points", "first-axis share"])


def drift_table(saved: Saved, points: dict[float, FixedPoints]) -> pd.DataFrame:
    """A row for each share of the cloud's radius that a state may drift in one document: the points that are as slow."""
    lines = {share: line_measures(saved, slow) for share, slow in points.items()}
    return pd.DataFrame(
        {
            "share s": share,
            "q_D": f"{drift_speed(saved, share):.1e}",
            "share of starts": float(slow.converged.float().mean()),
            "slow where they stand": float((slow.iterations == 0).float().mean()),
            "first-axis share": lines[share]["first-axis share"],
            "spread": lines[share]["spread of the points over that of the states, along m"],
            "bins of 20": number(lines[share]["bins along m that hold a point, of 20"]),
            "A5 at this speed": ledger()["A5D"].verdict(lines[share]),
        }
        for share, slow in points.items()
    )


def exact_table(network: Network, points: ExactPoints) -> pd.DataFrame:
    """A row for each exact fixed point, by its logit."""
    return pd.DataFrame(
        {
            "logit": network.logit(points.states.float()).numpy(),
            "unstable directions": points.n_unstable.numpy(),
            "kind": ["sink" if n == 0 else "saddle" for n in points.n_unstable],
            "q": [f"{q:.0e}" for q in points.speed],
        }
    ).sort_values("logit")


def curve_measures(
    theta: Float[np.ndarray, " point"] | None, points: Float[Tensor, "point state"], axis: Float[Tensor, " state"]
) -> dict[str, float]:
    """What claim A6 asks: does θ match the position along the curve (paper A, §4.2)? Not a number where there is no θ."""
    rank = float("nan") if theta is None else abs(float(spearmanr(theta, (points @ axis).numpy()).statistic))
    return {"rank correlation of θ with m": rank}


def stalled_told(points: FixedPoints) -> str:
    """In words, where the starts end that do not converge."""
    stalled = points.speed[~points.converged]
    if not len(stalled):
        return "No start ends elsewhere"
    return f"The others end in local minima of q (median {number(float(stalled.median()))})"
