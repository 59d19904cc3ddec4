"""Finding 64 approximate fixed points of a published GRU: all at once, one at a time, and by Adam on the joint loss."""

import torch
from timing import compare

from lib.book.searches import N_MODES
from lib.dynamics.fixed_points import find_fixed_points, speed
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.modes import eigenmodes
from lib.training.catalogue import NETWORKS
from lib.training.folder import load

TOLERANCE = 1e-8

torch.set_num_threads(1)
saved = load(NETWORKS / "imdb-gru-seed0")
cell, starts = saved.network.cell, saved.evidence.layers[0].states[:64]


def one_at_a_time() -> None:
    for start in starts:
        find_fixed_points(cell, start[None], tolerance=TOLERANCE)


def adam(n_steps: int = 2_000) -> torch.Tensor:
    states = starts.clone().requires_grad_()
    optimizer = torch.optim.Adam([states], lr=1e-2)
    for _ in range(n_steps):
        optimizer.zero_grad()
        speed(cell, states).mean().backward()
        optimizer.step()
    return states.detach()


found = find_fixed_points(cell, starts, tolerance=TOLERANCE)
share = (speed(cell, adam()) < TOLERANCE).float().mean()
print(f"Below the tolerance: {found.converged.float().mean():.0%} (ours), {share:.0%} (Adam, 2,000 steps)")
compare(
    "64 approximate fixed points, q < 1e-8",
    {
        "Levenberg–Marquardt, all at once": lambda: find_fixed_points(cell, starts, tolerance=TOLERANCE),
        "Levenberg–Marquardt, one at a time": one_at_a_time,
        "Adam on the joint loss, 2,000 steps": adam,
    },
    rounds=3,
)
jacobians = recurrent_jacobian(cell, found.states)
compare(
    "Eigenmodes of 64 Jacobians",
    {f"the {N_MODES} leading ones": lambda: eigenmodes(jacobians, k=N_MODES), "all": lambda: eigenmodes(jacobians)},
    rounds=3,
)
