"""How far networks are from normal, and what that does to words: at fixed points spread along the readout."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import torch
from jaxtyping import Float, Int
from torch import Tensor

from lib.book.searches import fixed_points, linearize
from lib.dynamics.cells import Cell
from lib.dynamics.fixed_points import speed
from lib.dynamics.linearization import LinearSystem, recurrent_jacobian
from lib.dynamics.manifold import evenly_along
from lib.dynamics.modes import Modes, eigenmodes
from lib.dynamics.nonnormality import angles, growth, henrici, loads, power_norms
from lib.text.bag_of_words import valence_words
from lib.training.folder import Saved

QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Selection:
    """Linear systems at some points with all their modes, what words do there, and the mode that carries their evidence."""

    system: LinearSystem
    modes: Modes
    effects: dict[str, Float[Tensor, "point state word"]]  # J_inp x by valence
    mode: Int[Tensor, " point"]  # the evidence mode, by its rank
    left: Float[Tensor, "point state"]  # ℓ of that mode, its real part
    right: Float[Tensor, "point state"]  # r, turned towards the positive end of the readout

    @property
    def henrici(self) -> Float[Tensor, " point"]:
        """Henrici's number at each point."""
        return henrici(self.system.recurrent, self.modes.eigenvalues)

    @property
    def largest(self) -> Float[Tensor, " point"]:
        """|λ₁|."""
        return self.modes.eigenvalues[:, 0].abs()

    @property
    def calmed(self) -> Float[Tensor, "point state state"]:
        """The Jacobians over |λ₁| where that is above one: what still grows is no instability."""
        return self.system.recurrent / self.largest.clamp(min=1)[:, None, None].to(self.system.recurrent)

    def valenced(self, n: int | None = None) -> Float[Tensor, "point state word"]:
        """The effects of the first n positive and negative words, or of all."""
        return torch.cat([self.effects[valence][..., :n] for valence in ("positive", "negative")], 2)

    def of_evidence(self, values: Float[Tensor, "point mode"]) -> Float[Tensor, " point"]:
        """A measure of modes at the evidence mode of each point."""
        return values.gather(1, self.mode[:, None])[:, 0]

    def selected_over_arriving(self, effects: Float[Tensor, "point state word"]) -> float:
        """How much of words the evidence mode selects, |ℓᵀ J_inp x|, over what arrives along it, |rᵀ J_inp x|; medians."""
        kept, arrived = (torch.einsum("ps,psw->pw", side, effects).abs().median() for side in (self.left, self.right))
        return float(kept / arrived)


def selection(system: LinearSystem, words: dict[str, Float[Tensor, "word input"]], readout: Tensor, age: int) -> Selection:
    """The evidence mode is the one through which most of what valenced words said `age` tokens ago reaches the readout."""
    modes = eigenmodes(system.recurrent)
    valenced = torch.cat((words["positive"], words["negative"]))
    mode = loads(modes, system.inward, valenced, readout, age).nan_to_num(-1).argmax(1)
    each = torch.arange(len(mode))
    left, right = modes.left[each, mode].real.float(), modes.right[each, :, mode].real.float()
    sign = torch.where(right @ readout < 0, -1.0, 1.0)[:, None]
    effects = {valence: system.inward @ x.T for valence, x in words.items()}
    return Selection(system, modes, effects, mode, left * sign, right * sign)


def selection_along(saved: Saved, n: int, n_starts: int, tolerance: float, age: int) -> Selection:
    """The same at n fixed points of a network, evenly spread along the readout, with the words of each valence."""
    system, _ = linearize(saved, fixed_points(saved, n_starts, tolerance))
    readout, evidence = saved.network.readout_axis, saved.evidence.words
    chosen = valence_words(evidence["bag_of_words"], evidence["document_frequency"])
    words = {valence: saved.network.embedding.weight[ids] for valence, ids in chosen.items()}
    return selection(system[evenly_along(system.fixed_point, readout, n)], words, readout, age)


def at_rest(cell: Cell) -> tuple[Float[Tensor, "1 state state"], float]:
    """The Jacobian where a cell has come to after 300 tokens of nothing, and the speed that it still has there."""
    end = cell.unroll(torch.zeros(300, 1, cell.n_input))[-1]
    return recurrent_jacobian(cell, end), float(speed(cell, end))


def excess_growth(at: Selection, steps: list[int]) -> Float[Tensor, " point"]:
    """The largest ‖Jᵏ‖ over |λ₁|ᵏ, by how much displacements can outgrow those of a normal matrix of the same spectrum."""
    return (power_norms(at.system.recurrent, steps) / at.largest[:, None] ** torch.tensor(steps)).amax(1)


def peaks(lengths: Float[Tensor, "step point direction"]) -> dict[str, float]:
    """The largest length after the first step (`growth`), and at which step: medians over points and directions."""
    largest = lengths[1:].flatten(1).max(0)
    return {"peak": float(largest.values.median()), "peak_at": float(largest.indices.float().median()) + 1}


def quantiles(values: Float[Tensor, "sample step"], at: Sequence[float] = QUANTILES) -> Float[Tensor, "step quantile"]:
    """Quantiles over samples: by default 10, 50 and 90 %."""
    return values.double().quantile(torch.tensor(at, dtype=torch.float64), dim=0).T


def summary(at: Selection, untrained: Float[Tensor, "1 state state"], n_steps: int, generator: torch.Generator) -> dict:
    """One row of the table over networks: medians over points, and ranges where the name says `from` or `to`.

    Growth is that of 50 words of each valence: median, 10 and 90 %; and of as many random directions.
    """
    effects, tilts, departures = at.valenced(50), at.of_evidence(angles(at.modes)), at.henrici
    grown = growth(at.calmed, effects, n_steps)[1:].amax(0).flatten().quantile(torch.tensor(QUANTILES))
    by_chance = growth(at.calmed, torch.randn(*effects.shape, generator=generator), n_steps)[1:].amax(0).median()
    row = {
        "|λ₁|": at.largest.median(),
        "Henrici": departures.quantile(0.5),
        "before training": henrici(untrained)[0],
        "‖Jᵏ‖ over |λ₁|ᵏ": excess_growth(at, [1, 5, 20]).median(),
        "angle, ℓ₁ and r₁": angles(at.modes)[:, 0].median(),
        "evidence mode": at.mode.mode().values + 1,
        "angle, evidence mode": tilts.quantile(0.5),
        "growth of words": grown[1],
        "of random directions": by_chance,
        "selected over arriving": at.selected_over_arriving(effects),
        "Henrici, from": departures.min(),
        "Henrici, to": departures.max(),
        "angle, from": tilts.min(),
        "angle, to": tilts.max(),
        "growth, from": grown[0],
        "growth, to": grown[2],
    }
    return {key: value.item() if isinstance(value, Tensor) else value for key, value in row.items()}


def extremes(name: str, values: pd.Series) -> dict[str, float | str]:
    """The lowest and the highest of a measure over networks, and which network has it, for the page under `name`."""
    ends = {"low": str(values.idxmin()), "high": str(values.idxmax())}
    return {f"{name}_{end}": float(values[network]) for end, network in ends.items()} | {
        f"{name}_{end}_network": network for end, network in ends.items()
    }


def share_between(values: pd.Series, groups: Iterable[str]) -> float:
    """The share of the variance of a measure that lies between groups."""
    within = values - values.groupby(list(groups)).transform("mean")
    return 1 - float((within**2).sum() / ((values - values.mean()) ** 2).sum())
