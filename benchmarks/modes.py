"""The three leading modes of Jacobians at slow points of published networks, right and left, against all modes."""

import numpy as np

from benchmarks.timing import Rows, compare
from lib.dynamics import eigenmodes, find_fixed_points, recurrent_jacobian
from lib.training import NETWORKS, load

NETWORKS_OF_SIZE = {256: "imdb-gru-seed0", 512: "yelp-lstm-seed0"}
N_POINTS = 10


def rows() -> Rows:
    """The time that each way takes, a task a size."""
    found = []
    for size, name in NETWORKS_OF_SIZE.items():
        saved = load(NETWORKS / name)
        cell, starts = saved.network.cell, saved.evidence.layers[0].states[:N_POINTS]
        jacobians = recurrent_jacobian(cell, find_fixed_points(cell, starts).states)
        double = jacobians.double().numpy()
        found += compare(
            f"modes of {N_POINTS} Jacobians, N = {size}",
            {
                "ours, the 3 leading ones": lambda jacobians=jacobians: eigenmodes(jacobians, k=3),
                "ours, all": lambda jacobians=jacobians: eigenmodes(jacobians),
                "numpy.linalg.eig and inv": lambda double=double: np.linalg.inv(np.linalg.eig(double).eigenvectors),
            },
        )
    return found
