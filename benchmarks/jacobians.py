"""Jacobians ∂F/∂h of a published GRU at 64 states, against torch's own functions and differences."""

import torch

from benchmarks.timing import Rows, compare
from lib.dynamics import recurrent_jacobian
from lib.training import NETWORKS, load

STEP = 1e-3


def rows() -> Rows:
    """The time that each way takes."""
    saved = load(NETWORKS / "imdb-gru-seed0")
    cell, states = saved.network.cell, saved.evidence.layers[0].states[:64]
    x = states.new_zeros(cell.n_input)

    def differences() -> list[torch.Tensor]:
        steps = STEP * torch.eye(cell.n_state)
        inputs = x.expand(cell.n_state, -1)
        with torch.no_grad():
            return [(cell(state + steps, inputs) - cell(state - steps, inputs)) / (2 * STEP) for state in states]

    return compare(
        "Jacobians at 64 states, N = 256",
        {
            "ours, all at once": lambda: recurrent_jacobian(cell, states),
            "torch.autograd.functional.jacobian, one at a time": lambda: [
                torch.autograd.functional.jacobian(lambda h: cell(h, x), state) for state in states
            ],
            "central differences, one state at a time": differences,
        },
    )
