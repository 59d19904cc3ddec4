"""How alike the layers of stacks are while they read the same words: in geometry, dynamics and evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from jaxtyping import Float, Shaped
from scipy.spatial.distance import squareform

from lib.book.compared import read
from lib.book.layers import alone
from lib.dynamics.similarity import canonical_correlations, dynamical_distances, kinship, leading_components
from lib.training.catalogue import stack_label
from lib.training.folder import Saved, before_training

STATES = ("trained", "before training")


@dataclass(frozen=True)
class Alike:
    """The layers of several stacks compared, in the order of their depth."""

    layers: pd.DataFrame  # a row a layer: `stack` (its number), `layer` from 1, `label`
    distances: Mapping[tuple[str, str], Float[np.ndarray, "layer layer"]]  # by measure (geometry, dynamics) and state
    evidence: Float[np.ndarray, "layer layer"]  # correlations of the evidence after the last word, trained

    def table(self) -> pd.DataFrame:
        """A row a `value`, by `measure`, `state` and `pairs`.

        Of distances: their mean over layers of different stacks that are of the `same` family, both first or both upper ones,
        and over those of `neither`, with `p` (`similarity.kinship`). Of the evidence, correlations: over all pairs their
        `median` and the `least`, and the least between the first and the top layer of a stack (`within`).
        """
        family = np.where(self.layers.layer == 1, "first", "upper")
        rows = []
        for (measure, state), distances in self.distances.items():
            kin = kinship(distances, family, self.layers["stack"].to_numpy())
            rows += [(measure, state, pairs, getattr(kin, pairs)) for pairs in ("same", "neither", "p")]
        every = self.evidence[np.triu_indices(len(self.evidence), 1)]
        told = {"median": np.median(every), "least": every.min(), "within": self._within()}
        rows += [("evidence", "trained", pairs, float(value)) for pairs, value in told.items()]
        return pd.DataFrame(rows, columns=["measure", "state", "pairs", "value"])

    def _within(self) -> float:
        """The least correlation of evidence between the first and the top layer of one stack."""
        rows = [group.index for _, group in self.layers.groupby("stack") if len(group) > 1]
        return min((self.evidence[of_stack[0], of_stack[-1]] for of_stack in rows), default=np.nan)


def alike(stacks: Sequence[Saved], documents: Shaped[np.ndarray, "time document"], n_components: int = 10) -> Alike:
    """Compare the layers of stacks that read the same documents, trained and as their seeds drew them.

    Geometry: 1 less the mean canonical correlation of the first components; dynamics: `dynamical_distances`.
    """
    order = sorted((n, i) for i, saved in enumerate(stacks) for n in range(len(saved.network.layers)))
    labels = [f"{stack_label(stacks[i].name)}, {n + 1}" for n, i in order]
    layers = pd.DataFrame({"stack": [i for _, i in order], "layer": [n + 1 for n, _ in order], "label": labels})
    distances = {}
    for state in STATES:
        networks = [saved.network if state == "trained" else before_training(saved) for saved in stacks]
        states = [read(network, saved, documents) for network, saved in zip(networks, stacks, strict=True)]
        scores = [leading_components(states[i][n], n_components)[0] for n, i in order]
        pairs = [1 - canonical_correlations(a, b).mean() for a, b in combinations(scores, 2)]
        distances |= {("geometry", state): squareform(pairs), ("dynamics", state): dynamical_distances(scores)}
        if state == "trained":
            evidence = [alone(stacks[i], n).network.logit(states[i][n][-1]).numpy() for n, i in order]
    return Alike(layers, distances, np.corrcoef(evidence))


def alike_measures(table: pd.DataFrame) -> dict[str, float]:
    """What is recorded with claim B12, in the words of the ledger, from the table of an `Alike`."""
    values = table.set_index(["measure", "state", "pairs"])["value"]
    families = {"same": "both first or both upper layers", "neither": "a first and an upper layer"}
    return {
        f"distance in dynamics, {state}: {told}": values["dynamics", state, pairs]
        for state in STATES
        for pairs, told in families.items()
    } | {"least correlation of evidence, layer 1 and the top layer": values["evidence", "trained", "within"]}
