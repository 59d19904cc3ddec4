"""What was read some tokens ago, as a sum over eigenmodes (paper A, equation 3), and how many of them it takes."""

from collections.abc import Sequence

import pandas as pd
import torch
from jaxtyping import Complex, Float
from torch import Tensor

from lib.dynamics.modes import Modes


def sum_over_modes(
    modes: Modes, effects: Float[Tensor, "point effect state"], n_tokens: int, n_modes: int | None = None
) -> Complex[Tensor, "point effect state"]:
    """Σ λ_a^k r_a ℓ_aᵀ v over the first `n_modes` modes (all by default) of each point, for effects v and k = `n_tokens`."""
    eigenvalues, right, left = modes.eigenvalues[:, None, :n_modes], modes.right[:, :, :n_modes], modes.left[:, :n_modes]
    return (effects.to(left) @ left.mT * eigenvalues**n_tokens) @ right.mT


def still_there(
    jacobians: Float[Tensor, "point state state"], effects: Float[Tensor, "point effect state"], n_tokens: int
) -> Float[Tensor, "point effect state"]:
    """J^k v, what is left of effects v after k = `n_tokens` tokens."""
    return effects @ torch.linalg.matrix_power(jacobians, n_tokens).mT


def truncation_errors(
    jacobians: Float[Tensor, "point state state"],
    modes: Modes,
    effects: Float[Tensor, "point effect state"],
    tokens: Sequence[int],
    counts: Sequence[int],
) -> pd.DataFrame:
    """The median relative error, over effects, of the sum over the first modes; a row for each of `tokens` and `counts`."""
    rows = []
    for k in tokens:
        true = still_there(jacobians, effects, k)
        for n in counts:
            errors = (sum_over_modes(modes, effects, k, n).real - true).norm(dim=-1) / true.norm(dim=-1)
            rows.append({"tokens": k, "modes": n, "error": float(errors.median())})
    return pd.DataFrame(rows)


def identity_error(
    jacobians: Float[Tensor, "point state state"],
    modes: Modes,
    effects: Float[Tensor, "point effect state"],
    tokens: Sequence[int],
) -> float:
    """The relative error of the sum over all modes, over all effects together, at the worst of `tokens`."""
    true = {k: still_there(jacobians, effects, k) for k in tokens}
    return max(float((sum_over_modes(modes, effects, k) - true[k]).norm() / true[k].norm()) for k in tokens)
