"""Finding 64 slow points of a published GRU: ours in bulk and one by one, and what a user would otherwise run."""

import torch

from benchmarks.timing import Rows, compare
from lib.dynamics import find_fixed_points, speed
from lib.training import NETWORKS, load

TASK = "64 slow points, q < 1e-8, of a GRU with N = 256"
ONE_BY_ONE = "ours, one start at a time"
N_ADAM = 2_000


def rows() -> Rows:
    """The time that each way takes; what share of the starts it brings below the tolerance stands in the way's name."""
    saved = load(NETWORKS / "imdb-gru-seed0")
    cell, starts = saved.network.cell, saved.evidence.layers[0].states[:64]

    def adam() -> torch.Tensor:
        states = starts.clone().requires_grad_()
        optimizer = torch.optim.Adam([states], lr=1e-2)
        for _ in range(N_ADAM):
            optimizer.zero_grad()
            speed(cell, states).mean().backward()
            optimizer.step()
        return states.detach()

    def share(states: torch.Tensor) -> str:
        return f"{float((speed(cell, states.float()) < 1e-8).double().mean()):.0%} converge"

    return compare(
        TASK,
        {
            "ours, all at once": lambda: find_fixed_points(cell, starts),
            ONE_BY_ONE: lambda: [find_fixed_points(cell, start[None]) for start in starts],
            f"Adam on the mean of q, {N_ADAM:,} steps ({share(adam())})": adam,
        },
    )
