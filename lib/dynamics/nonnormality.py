"""How far the modes of a matrix are from orthogonal, and what that does to its powers (Trefethen & Embree 2005).

A normal matrix has orthogonal modes, J Jᵀ = Jᵀ J: then ℓ_a = r_a and ‖J^k‖ = |λ₁|^k. In any other, modes can cancel each
other at first, and what the spectrum alone says about growth and decay holds only in the long run.
"""

import torch
from jaxtyping import Complex, Float
from torch import Tensor

from lib.dynamics.modes import Modes


def henrici(
    jacobians: Float[Tensor, "point state state"], eigenvalues: Complex[Tensor, "point state"] | None = None
) -> Float[Tensor, " point"]:
    """√(‖J‖² − Σ|λ|²) / ‖J‖ in the Frobenius norm: 0 for a normal matrix, 1 for a nilpotent one (Henrici 1962)."""
    jacobians = jacobians.double()
    eigenvalues = torch.linalg.eigvals(jacobians) if eigenvalues is None else eigenvalues
    whole = (jacobians**2).sum((1, 2))
    return ((whole - (eigenvalues.abs() ** 2).sum(-1)).clamp(min=0) / whole).sqrt()


def power_norms(jacobians: Float[Tensor, "point state state"], steps: list[int]) -> Float[Tensor, "point step"]:
    """‖J^k‖₂ for rising k: by how much k steps can stretch a displacement at most."""
    jacobians = jacobians.double()
    power, at, norms = jacobians, 1, []
    for k in steps:
        times, further = divmod(k, at)
        power, at = torch.linalg.matrix_power(power, times), k
        if further:
            power = power @ torch.linalg.matrix_power(jacobians, further)
        size = torch.linalg.matrix_norm(power).clamp(min=1e-300)
        scaled = power / size[:, None, None]
        norms.append(size * torch.linalg.eigvalsh(scaled @ scaled.mT)[:, -1].clamp(min=0).sqrt())
    return torch.stack(norms, 1)


def growth(
    jacobians: Float[Tensor, "point state state"], directions: Float[Tensor, "point state direction"], n_steps: int
) -> Float[Tensor, "step point direction"]:
    """‖J^k v‖ / ‖v‖ for k = 0, 1, …, n_steps."""
    v, sizes = directions, [directions.norm(dim=1)]
    for _ in range(n_steps):
        v = jacobians @ v
        sizes.append(v.norm(dim=1))
    return torch.stack(sizes) / sizes[0]


def condition(modes: Modes) -> Float[Tensor, "point mode"]:
    """‖ℓ_a‖ ‖r_a‖ = 1 / |cos(ℓ_a, r_a)|, the condition number of an eigenvalue (Wilkinson 1965).

    ‖J^k‖₂ / |λ₁|^k tends to that of λ₁ where no other eigenvalue is as large.
    """
    return modes.left.norm(dim=2) * modes.right.norm(dim=1)


def angles(modes: Modes) -> Float[Tensor, "point mode"]:
    """The angle between ℓ_a and r_a, what a mode selects and where it stores, in degrees."""
    return torch.rad2deg(torch.acos((1 / condition(modes)).clamp(max=1)))


def loads(
    modes: Modes,
    input_jacobians: Float[Tensor, "point state input"],
    inputs: Float[Tensor, "word input"],
    readout: Float[Tensor, " state"],
    age: int = 0,
) -> Float[Tensor, "point mode"]:
    """|w·r_a| |λ_a|^age mean |ℓ_aᵀ J_inp x|: how much of what words said `age` tokens ago reaches the readout through a mode.

    |λ_a| counts as 1 where it is above: an unstable mode does not carry more for being unstable.
    """
    kind = modes.left.dtype
    driven = (modes.left @ input_jacobians.to(kind) @ inputs.T.to(kind)).abs().mean(2)
    return (readout.to(kind) @ modes.right).abs() * driven * modes.eigenvalues.abs().clamp(max=1) ** age
