"""Eigenmodes of a Jacobian: eigenvalues, right and left eigenvectors, time constants, input projections."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import torch
from jaxtyping import Complex, Float, Inexact, Int
from scipy.sparse.linalg import ArpackError, eigs
from torch import Tensor

from lib.dynamics.arguments import accepting
from lib.dynamics.jacobians import finite_or_zero
from lib.dynamics.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ILL_CONDITIONED = 1e-6 / torch.finfo(torch.double).eps  # ‖ℓ‖‖r‖ from which rounding leaves fewer than six digits of ℓ
SMALL = 256  # size up to which all modes cost no more than the leading ones


@dataclass(frozen=True, repr=False)
class Modes(Result):
    """Eigenmodes J = R Λ L of a batch of matrices, by decreasing |λ|; L R = 1 and the columns of R have unit length."""

    eigenvalues: Complex[Tensor, "point mode"]
    right: Complex[Tensor, "point state mode"]  # r_a, the columns of R
    left: Complex[Tensor, "point mode state"]  # ℓ_aᵀ, the rows of L

    @property
    def time_constants(self) -> Float[Tensor, "point mode"]:
        """τ_a = |1 / log|λ_a||, in tokens (paper A, appendix C)."""
        return time_constants(self.eigenvalues)

    @property
    def n_unstable(self) -> Int[Tensor, " point"]:
        """How many of the modes of each point have |λ| > 1."""
        return (self.eigenvalues.abs() > 1).sum(-1)

    def __getitem__(self, points) -> "Modes":
        return Modes(self.eigenvalues[points], self.right[points], self.left[points])

    def __repr__(self) -> str:
        n, k = self.eigenvalues.shape
        first = f"Modes: {k} of {self.right.shape[1]} at {n} points"
        known = ~self.eigenvalues.isnan().all(1)
        if not known.any():
            return f"{first}\n  nothing to tell of them"
        largest, unstable = self.eigenvalues[known, 0].abs(), self.n_unstable[known] > 0
        tau = float(self.time_constants[known, 0].median())
        stability = f"{int((~unstable).sum())} points stable, {int(unstable.sum())} unstable, {int((~known).sum())} not known"
        span = f"{float(largest.min()):.4g} to {float(largest.max()):.4g}"
        return f"{first}; {stability}\n  |λ₁| from {span}, median time constant {tau:.3g} tokens"

    def to_pandas(self) -> pd.DataFrame:
        """A row a point and mode: eigenvalue, magnitude, angle in degrees, and time constant."""
        index = pd.MultiIndex.from_product([range(n) for n in self.eigenvalues.shape], names=["point", "mode"])
        values = self.eigenvalues.flatten()
        columns = {"eigenvalue": values, "magnitude": values.abs(), "angle": torch.rad2deg(values.angle())}
        columns["time_constant"] = time_constants(values)
        return pd.DataFrame({name: column.numpy() for name, column in columns.items()}, index=index)

    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the eigenvalues in the complex plane, hollow outside the unit circle. Returns matplotlib's axes."""
        import matplotlib.pyplot as plt

        axes = plt.subplots(layout="constrained")[1] if axes is None else axes
        axes.add_patch(plt.Circle((0, 0), 1, fill=False, color="0.6"))
        values = self.eigenvalues[self.eigenvalues.isfinite()]
        outside = values.abs() > 1
        axes.scatter(values[~outside].real, values[~outside].imag, s=12, color="C0")
        axes.scatter(values[outside].real, values[outside].imag, s=12, facecolors="none", edgecolors="C3")
        axes.set(xlabel="Re λ", ylabel="Im λ", aspect="equal")
        return axes


@accepting
def time_constants(eigenvalues: Inexact[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    """τ = |1 / log|λ||, the number of tokens in which a mode shrinks, or grows, by a factor e, from λ or from |λ|."""
    return (1 / torch.log(eigenvalues.abs())).abs()


@accepting
def eigenmodes(jacobians: Float[Tensor, "point state state"], k: int | None = None) -> Modes:
    """All modes of each matrix, or its `k` leading ones, in double precision.

    Of large matrices the k leading modes come from Arnoldi iterations on J and Jᵀ (ARPACK), several times faster than all;
    the left ones are made biorthonormal to the right ones. Each r_a is turned so that its largest component is positive (real
    modes then have real vectors). Left modes of condition ‖ℓ_a‖‖r_a‖ ≥ `ILL_CONDITIONED`, as a defective matrix has them, are
    not a number, and all modes of a matrix that is not finite. Raises ValueError where a matrix has fewer than k modes.
    """
    n = jacobians.shape[-1]
    if k is not None and not 1 <= k <= n:
        raise ValueError(f"A matrix of size {n} has 1 to {n} modes; k = {k} was asked for.")
    finite, jacobians = finite_or_zero(jacobians.detach().double())
    if k is None or n <= SMALL or not len(jacobians):
        eigenvalues, right, left = _all(jacobians)
    else:
        leading = [_leading(matrix.numpy(), k + 2) for matrix in jacobians]
        eigenvalues, right, left = (torch.from_numpy(np.stack(values)) for values in zip(*leading, strict=True))
    order = eigenvalues.abs().argsort(descending=True, stable=True)[:, :k]
    eigenvalues = eigenvalues.gather(1, order)
    right = right.gather(2, order[:, None].expand(-1, n, -1))
    left = left.gather(1, order[:, :, None].expand(-1, -1, n))
    defined = left.norm(dim=2) * right.norm(dim=1) < ILL_CONDITIONED
    left = torch.where(defined[:, :, None], left, torch.nan)
    largest = right.gather(1, right.abs().argmax(1, keepdim=True))
    factor = largest / largest.abs()
    modes = (torch.where(finite[:, None], eigenvalues, torch.nan), right / factor, left * factor.mT)
    return Modes(modes[0], *(torch.where(finite[:, None, None], part, torch.nan) for part in modes[1:]))


def _leading(matrix: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The k modes of largest |λ|; one fewer where the k-th would be half of a complex pair, filled with zeros."""
    n = len(matrix)
    options = {"k": k, "ncv": min(n, 4 * k + 20), "v0": np.ones(n) / n**0.5, "which": "LM"}
    sides = []
    for side in (matrix, matrix.T):
        try:
            values, vectors = eigs(side, **options)
        except ArpackError:
            return _first(matrix, k)
        order = np.lexsort((values.imag, -np.abs(values).round(9)))
        sides.append((values[order], vectors[:, order]))
    (values, right), (_, left) = sides
    whole = k - 1 if abs(values[-1].imag) > 0 and abs(values[-1] - values[-2].conj()) > 1e-6 else k
    values, right, left = values[:whole], right[:, :whole], left[:, :whole].T
    try:
        left = np.linalg.solve(left @ right, left)
    except np.linalg.LinAlgError:
        return _first(matrix, k)
    missing = k - whole
    return np.pad(values, (0, missing)), np.pad(right, ((0, 0), (0, missing))), np.pad(left, ((0, missing), (0, 0)))


def _first(matrix: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The k modes of largest |λ| out of all, where Arnoldi iterations fail (on the zero matrix, or on a defective one)."""
    values, right, left = (part[0].numpy() for part in _all(torch.from_numpy(matrix)[None]))
    order = np.argsort(-np.abs(values), kind="stable")[:k]
    return values[order], right[:, order], left[order]


def _all(jacobians: Float[Tensor, "point state state"]) -> tuple[Tensor, Tensor, Tensor]:
    """Eigenvalues, right and left modes of each matrix; the left ones not a number where the right ones have no inverse."""
    eigenvalues, right = torch.linalg.eig(jacobians)
    left, singular = torch.linalg.inv_ex(right)
    return eigenvalues, right, torch.where(singular[:, None, None] > 0, torch.nan, left)


@accepting
def input_projections(
    modes: Modes, input_jacobians: Float[Tensor, "point state input"], inputs: Float[Tensor, "word input"], mode: int = 0
) -> Float[Tensor, "point word"]:
    """ℓ_aᵀ J_inp x, how far a word moves the state along mode a (paper A, §4.5); the real part where the mode is complex."""
    rows = torch.einsum("ps,psi->pi", modes.left[:, mode].real, input_jacobians.double())
    return rows @ inputs.double().T


@accepting
def median_angle(eigenvalues: Complex[Tensor, "*batch"], above: float = 0.5) -> float:
    """The median |angle| in degrees of eigenvalues with |λ| > `above`: 0 is pure decay, 180 a change of sign at each token.

    Not a number where no eigenvalue is as large: small ones turn as rounding has it.
    """
    return float(torch.rad2deg(eigenvalues[eigenvalues.abs() > above].angle().abs()).nanmedian())
