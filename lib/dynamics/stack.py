"""Several layers as one system: the coupled step of a stack, and the eigenvalues that belong to each layer."""

from collections.abc import Iterable, Sequence
from typing import cast

import torch
from jaxtyping import Complex, Float
from torch import Tensor, nn

from lib.dynamics.arguments import accepting
from lib.dynamics.cells import Cell, input_or_zero
from lib.dynamics.fixed_points import find_fixed_points
from lib.dynamics.jacobians import eigenvalues, jacobian
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.modes import eigenmodes


class Stack(Cell):
    """All layers as one step: the state is [h¹; h²; …], and layer n reads what layer n − 1 has just become (paper B, §2.1).

    Its Jacobian is block lower triangular, so that its eigenvalues are those of the layers, each taken at its own input.
    """

    def __init__(self, layers: Iterable[Cell]):
        nn.Module.__init__(self)
        self.layers = cast(Sequence[Cell], nn.ModuleList(layers))
        self.n_input = self.layers[0].n_input
        self.n_state = self.n_output = sum(cell.n_state for cell in self.layers)
        self.vmaps = all(cell.vmaps for cell in self.layers)

    @property
    def kinds(self):
        return next((cell.kinds for cell in self.layers if cell.kinds), ())

    def in_float64(self):
        return Stack(cell.in_float64() for cell in self.layers)

    def project(self, inputs):
        return inputs

    def split(self, state: Float[Tensor, "*batch state"]) -> tuple[Float[Tensor, "*batch own"], ...]:
        """The states of the layers, the lowest first."""
        return state.split([cell.n_state for cell in self.layers], -1)

    def advance(self, state, drive):
        signal, after = drive, []
        for cell, own in zip(self.layers, self.split(state), strict=True):
            after.append(cell(own, signal))
            signal = after[-1][..., : cell.n_output]
        return torch.cat(after, -1)


@accepting
def diagonal_eigenvalues(
    cell: Stack, states: Float[Tensor, "point state"], input_point: Float[Tensor, "*points input"] | None = None
) -> list[Complex[Tensor, "point own"]]:
    """The eigenvalues that belong to each layer: those of ∂hⁿ'/∂hⁿ, its block on the diagonal of the coupled Jacobian.

    By decreasing magnitude. Together they are all eigenvalues of the coupled system, which is block lower triangular.
    """
    x = input_or_zero(cell, states, input_point)
    found, signal = [], x.expand(len(states), -1)
    with torch.no_grad():
        for layer, own in zip(cell.layers, cell.split(states), strict=True):
            values = eigenvalues(jacobian(layer, own, signal))
            found.append(values.gather(1, values.abs().argsort(descending=True)))
            signal = layer(own, signal)[..., : layer.n_output]
    return found


@accepting
def eigenvalues_at_rest(cell: Cell, tolerance: float = 1e-10) -> Complex[Tensor, " state"]:
    """Eigenvalues where a cell comes to rest from h = 0 with zero as its input, by decreasing magnitude."""
    point = find_fixed_points(cell, torch.zeros(1, cell.n_state), tolerance=tolerance)
    return eigenmodes(recurrent_jacobian(cell, point.states)).eigenvalues[0]


# Of a GRU as it is drawn, its gates half open at h ≈ 0, x = 0, so that J ≈ ½ I + ¼ Uₙ: the entries of Uₙ are uniform within
# ±N^(−1/2), and its eigenvalues fill a disc of radius 3^(−1/2) (the circular law, Girko 1985).
INITIAL_CENTRE, INITIAL_RADIUS = 0.5, 0.25 * 3**-0.5


@accepting
def disc(eigenvalues: Complex[Tensor, " mode"], share: float = 0.95) -> tuple[float, float]:
    """Centre on the real axis and radius of a disc that these eigenvalues fill.

    The radius is r / √p where a circle of radius r around the centre holds a share p of them: that of the whole disc if they
    fill it evenly, whatever the few outside.
    """
    centre = eigenvalues.real.median()
    return float(centre), float((eigenvalues - centre).abs().quantile(share) / share**0.5)
