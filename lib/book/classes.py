"""More than two classes: what one network says of the claims C1 to C6, each defined in `claims_classes.yaml`."""

import math
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float, Int
from scipy.stats import spearmanr
from torch import Tensor

from lib.dynamics import (
    FixedPoints,
    LinearSystem,
    drift_tolerance,
    find_fixed_points,
    n_components,
    participation_ratio,
    principal_axes,
    time_constants,
)
from lib.dynamics.simplex import angles_to_readout, counted_variances, deviation_from_regular, vertices
from lib.text.bag_of_words import FREQUENT
from lib.training import Saved

N_STARTS, N_LINEARIZED, N_WORDS = 500, 50, 300
SHARE = 0.95  # of the variance that D components hold


@dataclass(frozen=True)
class Classes:
    """A network of k > 2 classes and its slow points at zero input, at q < `tolerance` or, where that is None, at q < q_D."""

    saved: Saved
    tolerance: float | None = None

    @property
    def k(self) -> int:
        return len(self.saved.config["classes"])

    @property
    def length(self) -> float:
        """Tokens of the mean test document, as the network reads it."""
        return self.saved.config["mean_length"]["cut"]

    @property
    def spectrum(self) -> Float[Tensor, " state"]:
        """The variance of the states along each principal axis."""
        return self.saved.evidence.layers[-1].spectrum

    @cached_property
    def points(self) -> FixedPoints:
        """Where the search from 500 visited states ended."""
        cell = self.saved.network.cell
        q_d = drift_tolerance(float(self.spectrum.sum()), cell.n_state, self.length)
        starts = self.saved.evidence.layers[-1].states[:N_STARTS]
        return find_fixed_points(cell, starts, tolerance=self.tolerance or q_d)

    @property
    def slow(self) -> Float[Tensor, "point state"]:
        """The slow points, in the random order of their starts."""
        return self.points.converged_states

    @cached_property
    def system(self) -> LinearSystem:
        """The linear systems at the first 50 slow points."""
        return LinearSystem.at(self.saved.network.cell, self.slow[:N_LINEARIZED])

    def logits(self, states: Float[Tensor, "point state"]) -> Float[Tensor, "point class"]:
        """The readout of full states, one logit a class."""
        network = self.saved.network
        return states @ network.readout_rows.T + network.readout.bias

    @cached_property
    def corners(self) -> Float[Tensor, "class state"]:
        """The vertex of each class among the slow points."""
        return vertices(self.slow, self.logits(self.slow))

    def dimension(self) -> dict[str, float]:
        """D and participation ratio of the states and of the slow points, and the dimension that word counts predict."""
        shares = principal_axes(self.slow)[1] if len(self.slow) > self.k else None
        return {
            "k": float(self.k),
            "converged": float(self.points.converged.double().mean()),
            "D of the states": float(n_components(self.spectrum, SHARE)),
            "PR of the states": participation_ratio(self.spectrum),
            "D of the slow points": math.nan if shares is None else float(n_components(shares, SHARE)),
            "PR of the slow points": math.nan if shares is None else participation_ratio(shares),
            "PR of the word counts": participation_ratio(counted_variances(self.frequent_counts)),
            "slow modes": self.slow_modes(),
        }

    def slow_modes(self) -> float:
        """How many modes last longer than the mean document, the median over slow points; not a number without one."""
        if not len(self.slow):
            return math.nan
        lasting = time_constants(torch.linalg.eigvals(self.system.recurrent.double())) > self.length
        return float(lasting.sum(1).double().median())

    def simplex(self) -> dict[str, float]:
        """How far the vertices are from a regular simplex whose corners the readout's rows point at (claim C2)."""
        names = (
            "vertices at which the readout chooses their class (share)",
            "largest deviation of an angle between vertices from a regular simplex (degrees)",
            "largest angle between a vertex and its readout within the plane of the readout (degrees)",
        )
        if len(self.slow) <= self.k:
            return dict.fromkeys(names, math.nan)
        network = self.saved.network
        chosen = self.logits(self.corners).argmax(1) == torch.arange(self.k)
        to_readout = angles_to_readout(self.corners, network.readout_rows, network.readout_plane)
        return dict(
            zip(
                names,
                (float(chosen.double().mean()), deviation_from_regular(self.corners), float(to_readout.max())),
                strict=True,
            )
        )

    @cached_property
    def frequent(self) -> Int[Tensor, " word"]:
        """The words that occur in at least 0.2 % of the training documents."""
        words = torch.nonzero(self.saved.evidence.words["document_frequency"] >= FREQUENT).squeeze(-1)
        return words[words > 1]

    @property
    def frequent_counts(self) -> Float[Tensor, "class word"]:
        return self.saved.evidence.words["class_counts"][:, self.frequent]

    @cached_property
    def charged(self) -> Int[Tensor, " word"]:
        """The 300 frequent words with the most evidence: coefficients of the bag of words, less their mean over classes."""
        evidence = self.evidence(self.frequent)
        return self.frequent[evidence.norm(dim=0).topk(min(N_WORDS, len(self.frequent))).indices]

    def evidence(self, words: Int[Tensor, " word"]) -> Float[Tensor, "class word"]:
        """The bag of words' coefficients of some words, less their mean over classes."""
        coefficients = self.saved.evidence.words["bag_of_words"][:, words]
        return coefficients - coefficients.mean(0)

    def valence(self, words: Int[Tensor, " word"]) -> Float[Tensor, " word"]:
        """The slope of the words' evidence over the grades, from the first class to the last."""
        return torch.linspace(-1, 1, self.k) @ self.evidence(words)

    def strength(self, words: Int[Tensor, " word"]) -> Float[Tensor, " word"]:
        """The curvature of the words' evidence: extreme grades less moderate ones, without what a slope gives."""
        curve = torch.linspace(-1, 1, self.k) ** 2
        return (curve - curve.mean()) @ self.evidence(words)

    def projections(self, words: Int[Tensor, " word"], n_axes: int = 2) -> Float[Tensor, "axis word"]:
        """How far words move the state along the first principal axes of the slow points: J_inp x, the mean over 50 of them."""
        axes = principal_axes(self.slow)[0][:n_axes]
        return axes @ self.system.inward.mean(0) @ self.saved.network.embedding.weight[words].T

    def stars(self) -> dict[str, float]:
        """Whether the first axis of the slow points is valence and the second strength (claim C5)."""
        names = (
            "|ρ| of the words' input projection on the first axis with their valence",
            "|ρ| of the words' input projection on the second axis with their strength",
            "|ρ| on the second axis, strength over valence",
        )
        if len(self.slow) <= self.k:
            return dict.fromkeys(names, math.nan)
        first, second = self.projections(self.charged)
        valence, strength = self.valence(self.charged), self.strength(self.charged)
        along, across, mixed = (_rank(*pair) for pair in ((first, valence), (second, strength), (second, valence)))
        return dict(zip(names, (along, across, across / mixed), strict=True))

    def measures(self) -> dict[str, dict[str, float]]:
        """What this network says of each claim that judges it."""
        found, dimensions = self.dimension(), self.k - 1
        if not self.saved.config["dataset"].startswith("unordered"):
            half = dimensions / 2 + 0.5
            names = {f"PR of the {what} over (k − 1) / 2 + 1 / 2": f"PR of the {what}" for what in ("states", "slow points")}
            judged = {"C4": {name: found[of] / half for name, of in names.items()}}
            return judged | ({} if self.saved.config["dataset"].startswith("ordered") else {"C5": self.stars()})
        return {
            "C1": {
                "D of the states, less k − 1, in absolute terms": abs(found["D of the states"] - dimensions),
                "PR of the slow points over k − 1": found["PR of the slow points"] / dimensions,
            },
            "C2": self.simplex(),
            "C3": {"slow modes, less k − 1, in absolute terms": abs(found["slow modes"] - dimensions)},
        }


def claim_records(saved: Saved) -> dict[str, dict[str, float | None] | list[dict]]:
    """What is kept of a network in its `claims.json`: its measures by claim, and its dimensions at q_D and at q < 1e-8."""
    at = {"q_D": Classes(saved), "1e-8": Classes(saved, 1e-8)}
    by_claim = {claim: _finite(measures) for claim, measures in at["q_D"].measures().items()}
    return by_claim | {"dimension": [{"tolerance": name} | _finite(of.dimension()) for name, of in at.items()]}


def _finite(measures: dict[str, float]) -> dict[str, float | None]:
    """The same with None for what is not a number, which JSON does not have."""
    return {name: value if math.isfinite(value) else None for name, value in measures.items()}


def _rank(a: Float[Tensor, " word"], b: Float[Tensor, " word"]) -> float:
    """|ρ|, Spearman's rank correlation."""
    return abs(float(spearmanr(a.numpy(), b.numpy()).statistic))
