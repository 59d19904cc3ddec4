"""The dynamics near a fixed point: Jacobians, eigenmodes, time constants, input projections and linear predictions."""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Complex, Float, Int
from scipy.sparse.linalg import ArpackError, eigs
from torch import Tensor, nn
from torch.func import jacrev, vmap

from lib.cells import Cell, LinearRNN
from lib.network import Network

CHUNK = 32  # Jacobians that are computed at once
SMALL = 256  # size up to which all modes cost no more than the leading ones


def recurrent_jacobian(
    cell: Cell, states: Float[Tensor, "point state"], input_point: Float[Tensor, " input"] | None = None
) -> Float[Tensor, "point state state"]:
    """J_rec = ∂F/∂h at (h, x*), the first matrix of paper A's equation 1; x* = 0 by default."""
    x = states.new_zeros(cell.n_input) if input_point is None else input_point.to(states)
    return vmap(jacrev(cell, argnums=0), in_dims=(0, None), chunk_size=CHUNK)(states, x)


def input_jacobian(
    cell: Cell, states: Float[Tensor, "point state"], input_point: Float[Tensor, " input"] | None = None
) -> Float[Tensor, "point state input"]:
    """J_inp = ∂F/∂x at (h, x*), the second matrix of paper A's equation 1; x* = 0 by default."""
    x = states.new_zeros(cell.n_input) if input_point is None else input_point.to(states)
    return vmap(jacrev(cell, argnums=1), in_dims=(0, None), chunk_size=CHUNK)(states, x)


@dataclass(frozen=True)
class Modes:
    """Eigenmodes J = R Λ L of a batch of matrices, by decreasing |λ|; L R = 1 and the columns of R have unit length."""

    eigenvalues: Complex[Tensor, "point mode"]
    right: Complex[Tensor, "point state mode"]  # r_a, the columns of R
    left: Complex[Tensor, "point mode state"]  # ℓ_aᵀ, the rows of L

    @property
    def time_constants(self) -> Float[Tensor, "point mode"]:
        """τ_a = |1 / log|λ_a||, in tokens (paper A, appendix C)."""
        return time_constants(self.eigenvalues)

    def __getitem__(self, points) -> "Modes":
        return Modes(self.eigenvalues[points], self.right[points], self.left[points])


def time_constants(eigenvalues: Complex[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    """τ = |1 / log|λ||, the number of tokens in which a mode shrinks, or grows, by a factor e."""
    return (1 / torch.log(eigenvalues.abs())).abs()


def eigenmodes(jacobians: Float[Tensor, "point state state"], k: int | None = None) -> Modes:
    """All modes of each matrix, or its `k` leading ones, in double precision.

    Of large matrices the k leading modes come from Arnoldi iterations on J and Jᵀ (ARPACK), several times faster than all; the
    left ones are made biorthonormal to the right ones. Each r_a is turned so that its largest component is positive (real
    modes then have real vectors). Raises ValueError where a matrix is not finite or has fewer than k modes.
    """
    n = jacobians.shape[-1]
    if not torch.isfinite(jacobians).all():
        raise ValueError("A Jacobian has entries that are not finite: check the states it was taken at.")
    if k is not None and not 1 <= k <= n:
        raise ValueError(f"A matrix of size {n} has 1 to {n} modes; k = {k} was asked for.")
    jacobians = jacobians.detach().double()
    if k is None or n <= SMALL:
        eigenvalues, right = torch.linalg.eig(jacobians)
        left = torch.linalg.inv(right)
    else:
        leading = [_leading(matrix.numpy(), k + 2) for matrix in jacobians]
        eigenvalues, right, left = (torch.from_numpy(np.stack(values)) for values in zip(*leading, strict=True))
    order = eigenvalues.abs().argsort(descending=True, stable=True)[:, :k]
    eigenvalues = eigenvalues.gather(1, order)
    right = right.gather(2, order[:, None].expand(-1, n, -1))
    left = left.gather(1, order[:, :, None].expand(-1, -1, n))
    largest = right.gather(1, right.abs().argmax(1, keepdim=True))
    factor = largest / largest.abs()
    return Modes(eigenvalues, right / factor, left * factor.mT)


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
    left = np.linalg.solve(left @ right, left)
    missing = k - whole
    return np.pad(values, (0, missing)), np.pad(right, ((0, 0), (0, missing))), np.pad(left, ((0, missing), (0, 0)))


def _first(matrix: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The k modes of largest |λ| out of all, where Arnoldi iterations fail (on the zero matrix, for one)."""
    values, right = np.linalg.eig(matrix.astype(complex))
    order = np.argsort(-np.abs(values), kind="stable")[:k]
    return values[order], right[:, order], np.linalg.inv(right)[order]


def input_projections(
    modes: Modes, input_jacobians: Float[Tensor, "point state input"], inputs: Float[Tensor, "word input"], mode: int = 0
) -> Float[Tensor, "point word"]:
    """ℓ_aᵀ J_inp x, how far a word moves the state along mode a (paper A, §4.5); the real part where the mode is complex."""
    rows = torch.einsum("ps,psi->pi", modes.left[:, mode].real, input_jacobians.double())
    return rows @ inputs.double().T


def nearest(points: Float[Tensor, "point state"], states: Float[Tensor, "query state"]) -> Int[Tensor, " query"]:
    """Index of the fixed point nearest to each state."""
    return torch.cdist(states, points).argmin(-1)


@dataclass(frozen=True)
class LinearSystem:
    """The affine map h' = F(h*, x*) + J_rec (h − h*) + J_inp (x − x*), paper A's equation 1; one a point of a batch.

    F(h*, x*) is kept: at an approximate fixed point it differs from h* by a little, which adds up over many steps.
    """

    fixed_point: Float[Tensor, "*batch state"]
    image: Float[Tensor, "*batch state"]
    recurrent: Float[Tensor, "*batch state state"]
    inward: Float[Tensor, "*batch state input"]
    input_point: Float[Tensor, " input"]

    @classmethod
    def at(
        cls, cell: Cell, points: Float[Tensor, "point state"], input_point: Float[Tensor, " input"] | None = None
    ) -> "LinearSystem":
        x = points.new_zeros(cell.n_input) if input_point is None else input_point.to(points)
        with torch.no_grad():
            image = cell(points, x.expand(len(points), -1))
        return cls(points, image, recurrent_jacobian(cell, points, x), input_jacobian(cell, points, x), x)

    def __getitem__(self, i) -> "LinearSystem":
        return LinearSystem(self.fixed_point[i], self.image[i], self.recurrent[i], self.inward[i], self.input_point)

    def __call__(
        self, states: Float[Tensor, "*batch state"], inputs: Float[Tensor, "*batch input"]
    ) -> Float[Tensor, "*batch state"]:
        """One linear step; each state with its own system, or all with the same."""
        recurrent = (self.recurrent @ (states - self.fixed_point).unsqueeze(-1)).squeeze(-1)
        inward = (self.inward @ (inputs - self.input_point).unsqueeze(-1)).squeeze(-1)
        return self.image + recurrent + inward


def relative_error(predicted: Float[Tensor, "*batch state"], true: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch"]:
    """‖h_F − h_lin‖ / ‖h_F‖ (paper A, §4.6)."""
    return (predicted - true).norm(dim=-1) / true.norm(dim=-1)


@torch.no_grad()
def one_step_errors(
    cell: Cell,
    systems: LinearSystem,
    states: Float[Tensor, "query state"],
    inputs: Float[Tensor, "query input"],
) -> Float[Tensor, " query"]:
    """Relative error of one linear step from each state, at the fixed point nearest to it (paper A, §4.6, Fig 5b)."""
    chosen = nearest(systems.fixed_point, states)
    parts = zip(states.split(64), inputs.split(64), chosen.split(64), strict=True)
    return torch.cat([relative_error(systems[i](h, x), cell(h, x)) for h, x, i in parts])


@torch.no_grad()
def rollout(
    cell: Cell, systems: LinearSystem, start: Float[Tensor, "query state"], inputs: Float[Tensor, "time query input"]
) -> tuple[Float[Tensor, "time query state"], Float[Tensor, "time query state"]]:
    """True and linear states over many steps; the linear system is the one at the fixed point nearest to the start, kept
    throughout (paper A, §4.6: the trajectories diverge)."""
    system = systems[nearest(systems.fixed_point, start)]
    true, linear, pairs = start, start, []
    for x in inputs:
        true, linear = cell(true, x), system(linear, x)
        pairs.append((true, linear))
    return torch.stack([pair[0] for pair in pairs]), torch.stack([pair[1] for pair in pairs])


def linearized_network(network: Network, system: LinearSystem) -> Network:
    """The network with its (single) recurrent cell replaced by one linear system throughout (paper A, §5)."""
    linear = copy.deepcopy(network)
    cell = LinearRNN(network.cell.n_input, network.cell.n_state)
    cell.n_output = network.cell.n_output
    offset = system.image - system.recurrent @ system.fixed_point - system.inward @ system.input_point
    cell.load_state_dict(
        {
            "inward.weight": system.inward,
            "inward.bias": offset,
            "recurrent.weight": system.recurrent,
            "recurrent.bias": torch.zeros_like(offset),
        }
    )
    linear.layers = nn.ModuleList([cell])
    return linear.eval().requires_grad_(False)
