"""The dynamics of a recurrent network, any network: one step h' = F(h, x), and all that follows from it. Imports nothing else
of lib.

Cells
- `as_cell`: a layer of torch.nn.RNN, GRU or LSTM, or any callable F(h, x), as a `Cell`.
- `VanillaRNN`, `GRU`, `LSTM`, `UGRNN`, `LinearRNN`: the cells of the book (`CELLS` by name); `Step`: a callable as a cell.
- `Stack`: the layers of a network as one cell; `diagonal_eigenvalues`: which eigenvalue belongs to which of them.

Fixed points
- `find_fixed_points`: slow points from visited states, as `FixedPoints`; `exact_fixed_points`: where the search runs on.
- `speed`: q of a state; `drift_tolerance`: the speed that a task sets; `distinct`: one point a place.
- `normalized_velocity`, `steps_until_slow`: how fast the state moves without input.
- `bifurcation`: how they appear, meet and vanish as the input moves.

Linearization
- `recurrent_jacobian`, `input_jacobian`: ∂F/∂h and ∂F/∂x; `LinearSystem`: the linear step they make.
- `eigenmodes`: eigenvalues, right and left eigenvectors, as `Modes`; `time_constants`, `median_angle`: how they last and turn.
- `input_projections`: how far a word moves a mode; `mode_sums`: how many modes carry it.
- `linear_steps`, `rollout`: what the linear system predicts; `one_step_errors`, `relative_error`: how far off it is.
- `eigenvalues_at_rest`, `disc`: the spectrum where a cell rests; `nonnormality`: what eigenvalues alone do not tell.

Shape of a cloud of states
- `principal_axes`, `explained`, `n_components`, `participation_ratio`, `share_inside`: its dimension.
- `manifold_axis`, `manifold_coordinate`, `tangents`, `evenly_along`, `examples_along`: a curve through it.
- `spread_ratio`, `n_occupied`, `alignment`, `random_alignment`, `have_axis`, `nearest`: how it compares.
- `radius`, `distance_to`: how large it is, and how far points lie from it in that unit.
- `simplex`: the corners of several classes, and the angles between them.

Networks and words
- `similarity`: how alike networks are that read the same words; `contextual`: how words change what others do.
"""

import torch

from lib.dynamics import bifurcation, contextual, mode_sums, nonnormality, similarity, simplex
from lib.dynamics.cells import CELLS, GRU, LSTM, UGRNN, Cell, LinearRNN, Step, VanillaRNN, as_cell
from lib.dynamics.fixed_points import FixedPoints, distinct, exact_fixed_points, find_fixed_points, speed
from lib.dynamics.linearization import (
    LinearSystem,
    input_jacobian,
    linear_steps,
    nearest,
    one_step_errors,
    recurrent_jacobian,
    relative_error,
    rollout,
)
from lib.dynamics.manifold import (
    alignment,
    distance_to,
    drift_tolerance,
    evenly_along,
    examples_along,
    explained,
    have_axis,
    manifold_axis,
    manifold_coordinate,
    n_components,
    n_occupied,
    participation_ratio,
    principal_axes,
    radius,
    random_alignment,
    share_inside,
    spread_ratio,
    tangents,
)
from lib.dynamics.modes import Modes, eigenmodes, input_projections, median_angle, time_constants
from lib.dynamics.stack import Stack, diagonal_eigenvalues, disc, eigenvalues_at_rest
from lib.dynamics.velocity import normalized_velocity, steps_until_slow

torch.set_flush_denormal(True)  # vanishing gradients become denormal numbers, on which a CPU is 8 to 20 times slower

__all__ = [
    "CELLS",
    "GRU",
    "LSTM",
    "UGRNN",
    "Cell",
    "FixedPoints",
    "LinearRNN",
    "LinearSystem",
    "Modes",
    "Stack",
    "Step",
    "VanillaRNN",
    "alignment",
    "as_cell",
    "bifurcation",
    "contextual",
    "diagonal_eigenvalues",
    "disc",
    "distance_to",
    "distinct",
    "drift_tolerance",
    "eigenmodes",
    "eigenvalues_at_rest",
    "evenly_along",
    "exact_fixed_points",
    "examples_along",
    "explained",
    "find_fixed_points",
    "have_axis",
    "input_jacobian",
    "input_projections",
    "linear_steps",
    "manifold_axis",
    "manifold_coordinate",
    "median_angle",
    "mode_sums",
    "n_components",
    "n_occupied",
    "nearest",
    "nonnormality",
    "normalized_velocity",
    "one_step_errors",
    "participation_ratio",
    "principal_axes",
    "radius",
    "random_alignment",
    "recurrent_jacobian",
    "relative_error",
    "rollout",
    "share_inside",
    "similarity",
    "simplex",
    "speed",
    "spread_ratio",
    "steps_until_slow",
    "tangents",
    "time_constants",
]
