"""Why modifiers act: they push the state off the line, where the slowest mode selects something else of the next word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from lib.book.probe import Probe
from lib.book.searches import linearize
from lib.dynamics.contextual import factors, inside, lasting, read, selections, subspace
from lib.dynamics.fixed_points import FixedPoints
from lib.dynamics.manifold import evenly_along
from lib.training.folder import Saved


@dataclass(frozen=True)
class Deflection:
    """What contexts do at fixed points, along the line and off it. Displacements are F(h*, v) − F(h*, 0) of a context v."""

    probe: Probe
    places: Float[Tensor, "point state"]
    left: Float[Tensor, "point state"]  # ℓ₁, its real part where the slowest mode is complex
    right: Float[Tensor, "point state"]  # r₁
    real: Bool[Tensor, " point"]  # whether the slowest mode is real

    def __getitem__(self, points) -> "Deflection":
        return Deflection(self.probe, self.places[points], self.left[points], self.right[points], self.real[points])

    @cached_property
    def rest(self) -> Float[Tensor, "1 point state"]:
        """Where the points go when nothing is read."""
        return read(self.probe.saved.network.cell, self.places, self.probe.blank[None])

    def push(self, contexts: Float[Tensor, "context input"]) -> Float[Tensor, "context point state"]:
        """The displacements that words make."""
        return read(self.probe.saved.network.cell, self.places, contexts[None]) - self.rest

    def lasting(self, displacements: Float[Tensor, "context point state"]) -> Float[Tensor, "context point state"]:
        """What the slowest mode keeps of displacements; the rest is transient."""
        return lasting(displacements, self.left, self.right)

    @cached_property
    def _plain(self) -> Float[Tensor, "1 point word"]:
        return self.probe.effects(self.rest) * self.probe.sign

    def kappa(self, displacements: Float[Tensor, "context point state"]) -> Float[Tensor, " context"]:
        """The factors measured after any displacements."""
        return factors(self.probe.effects(self.rest + displacements) * self.probe.sign, self._plain)

    def selected(
        self, displacements: Float[Tensor, "context point state"] | float = 0.0
    ) -> Float[Tensor, "context point word"]:
        """ℓ₁ᵀ J_inp x of the words, with J_inp where displacements have taken the state."""
        states = self.rest + displacements
        cell = self.probe.saved.network.cell
        return torch.cat([selections(cell, part, self.left) for part in states.split(100)]) @ self.probe.words.T

    def predicted(self, displacements: Float[Tensor, "context point state"]) -> Float[Tensor, " context"]:
        """The factors if nothing but the input Jacobian changes: by how much more of the words is selected."""
        return factors(self.selected(displacements) * self.probe.sign, self.selected() * self.probe.sign)


def deflection(probe: Probe, points: FixedPoints, n_points: int) -> Deflection:
    """What contexts do at some of the fixed points, evenly spread along the readout."""
    saved = probe.saved
    system, modes = linearize(saved, points)
    chosen = evenly_along(system.fixed_point, saved.network.readout_axis, n_points)
    slowest = modes[chosen]
    return Deflection(
        probe=probe,
        places=system.fixed_point[chosen],
        left=slowest.left[:, 0].real.float(),
        right=slowest.right[:, :, 0].real.float(),
        real=slowest.eigenvalues[:, 0].imag.abs() < 1e-9,
    )


def without_directions(
    at: Deflection,
    push: Float[Tensor, "context point state"],
    neutral: Float[Tensor, "neutral point state"],
    i: int,
    dimensions: Sequence[int],
) -> pd.DataFrame:
    """κ of the i-th modifier after the component of its displacement in a subspace is taken away.

    A row a number of dimensions; a column a subspace: of the transients of the other `modifiers`, of those of `neutral words`,
    and `random`.
    """
    most, moved = max(dimensions), push[i]
    others = torch.cat((push[:i], push[i + 1 :]))
    chance = torch.randn(push.shape[-1], most, generator=torch.Generator().manual_seed(0))
    bases = {
        "modifiers": subspace(others - at.lasting(others), most),
        "neutral words": subspace(neutral - at.lasting(neutral), most),
        "random": torch.linalg.qr(chance)[0].T,
    }
    left_over = [moved - inside(moved, basis[:k]) for basis in bases.values() for k in dimensions]
    kappa = at.kappa(torch.stack(left_over)).unflatten(0, (len(bases), -1))
    return pd.DataFrame(kappa.double().numpy().T, index=list(dimensions), columns=list(bases))


def agreement(factors: Mapping[str, tuple[Tensor, Tensor]]) -> float:
    """The correlation of factors predicted and measured, over contexts of all kinds."""
    return float(np.corrcoef(*(torch.cat(values).numpy() for values in zip(*factors.values(), strict=True)))[0, 1])


def frequent_words(saved: Saved, n: int) -> Int[Tensor, " word"]:
    """Token ids of the n words that most documents have, the most frequent first; padding and unknown words are left out."""
    frequency = saved.evidence.words["document_frequency"].clone()
    frequency[:2] = -1
    return frequency.topk(min(n, len(frequency) - 2)).indices
