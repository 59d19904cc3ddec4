"""The slopes of a step, a batch of points at once, and their eigenvalues."""

import torch
from jaxtyping import Complex, Float
from torch import Tensor
from torch.func import jacrev, vmap

from lib.dynamics.cells import Cell

CHUNK = 32  # points whose Jacobians are held at once


def jacobian(
    cell: Cell, states: Float[Tensor, "point state"], x: Float[Tensor, "*points input"], of: int = 0
) -> Float[Tensor, "point state with_respect_to"]:
    """∂F/∂h (`of` 0) or ∂F/∂x (1) at each state, for one x or one each.

    A step that `vmap` cannot take apart is called with all points at once, and differentiated one row of the matrix after the
    other: as points do not depend on each other, the gradient of a sum over points is the row of each.
    """
    if cell.vmaps and len(states):
        by_point = (0, None if x.ndim == 1 else 0)
        return vmap(jacrev(cell, argnums=of), in_dims=by_point, chunk_size=CHUNK)(states, x)
    at = [part.detach().clone().requires_grad_() for part in (states, x.expand(len(states), -1))]
    with torch.enable_grad():
        after = cell(*at)
        if not after.requires_grad:
            return at[of].new_zeros(*states.shape, at[of].shape[1])
        sums = after.sum(0).unbind()
    rows = [torch.autograd.grad(total, at[of], retain_graph=True, materialize_grads=True)[0] for total in sums]
    return torch.stack(rows, 1)


def eigenvalues(jacobians: Float[Tensor, "point state state"]) -> Complex[Tensor, "point state"]:
    """Eigenvalues of each matrix, in double precision; not a number where a matrix is not finite."""
    finite, filled = finite_or_zero(jacobians.detach().double())
    return torch.where(finite[:, None], torch.linalg.eigvals(filled), torch.nan)


def finite_or_zero(matrices: Float[Tensor, "point row column"]) -> tuple[Tensor, Float[Tensor, "point row column"]]:
    """Which matrices are finite, and all of them with zeros for those that are not."""
    finite = matrices.isfinite().all(2).all(1)
    return finite, torch.where(finite[:, None, None], matrices, 0.0)
