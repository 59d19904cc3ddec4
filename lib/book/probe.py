"""The words by which the effect of a context is measured in a network, and what becomes of it: factors κ by valence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from lib.dynamics.contextual import effects, factors_by_word, read, relative, silence
from lib.text.bag_of_words import valence_words
from lib.training.folder import Saved

VALENCES = ("positive", "negative")
CENTRAL = (0.025, 0.975)  # the quantiles that hold 95 %


@dataclass(frozen=True)
class Probe:
    """The words whose effect on a network is measured, whatever was read before them.

    The effect of a word is what it adds to the logit, `n_settle` tokens of nothing after it was read (`contextual.effects`).
    """

    saved: Saved
    words: Float[Tensor, "word input"]  # the positive ones first
    sign: Float[Tensor, " word"]
    neutral: Float[Tensor, "neutral input"]  # words that say nothing, to be read in the place of a modifier
    n_settle: int

    @property
    def blank(self) -> Float[Tensor, "1 input"]:
        """A token at which nothing is read."""
        return silence(self.saved.network.cell, 1)[0]

    def first(self, n: int) -> "Probe":
        """The same with the first n words of each valence, where all would take long."""
        kept = torch.cat([torch.nonzero(self.sign == sign)[:n, 0] for sign in (1, -1)])
        return replace(self, words=self.words[kept], sign=self.sign[kept])

    def vectors(self, names: Iterable[str]) -> Float[Tensor, "name input"]:
        """The vectors of words."""
        return self.saved.network.embedding.weight[[self.saved.vocabulary.index[name] for name in names]]

    def effects(
        self, states: Float[Tensor, "#context state unit"], before_settling: Iterable[Float[Tensor, "#context input"]] = ()
    ) -> Float[Tensor, "context state word"]:
        """E of the words, read in the states of each context; tokens may follow a word before the state settles."""
        network = self.saved.network
        later = [*before_settling, *silence(network.cell, self.n_settle)]
        return effects(network.cell, network.readout_axis, states, self.words, later)

    def after(
        self, contexts: Float[Tensor, "context input"], states: Float[Tensor, "state unit"]
    ) -> Float[Tensor, "context+1 state word"]:
        """E of the words after one token of context, the first of which is nothing."""
        return self.effects(read(self.saved.network.cell, states, torch.cat((self.blank, contexts))[None]))

    def kappa(self, effects: Float[Tensor, "context state word"]) -> Float[Tensor, " other"]:
        """κ of each context but the first, over both valences, each with its sign."""
        return relative(effects * self.sign)


def probe(saved: Saved, modifiers: Iterable[str], n_words: int, n_settle: int = 4) -> Probe:
    """The `n_words` most positive and most negative words of a network's bag of words; the neutral ones are no modifiers."""
    evidence, vectors = saved.evidence.words, saved.network.embedding.weight
    ids = valence_words(evidence["bag_of_words"], evidence["document_frequency"])
    positive, negative = ids["positive"][:n_words], ids["negative"][:n_words]
    known = {saved.vocabulary.index[name] for name in modifiers}
    neutral = [i for i in ids["neutral"].tolist() if i not in known]
    sign = torch.cat((torch.ones(len(positive)), -torch.ones(len(negative))))
    return Probe(saved, vectors[torch.cat((positive, negative))], sign, vectors[neutral], n_settle)


def by_valence(
    effects: Float[Tensor, "context state word"], sign: Float[Tensor, " word"], names: Sequence | None = None
) -> pd.DataFrame:
    """κ of each context but the first on positive and on negative words, and the 10 and 90 % quantiles over words.

    A row a context; columns (valence, `low` / `factor` / `high`).
    """
    parts = {}
    for valence, own in zip(VALENCES, (sign > 0, sign < 0), strict=True):
        of_valence = effects[..., own]
        low, high = factors_by_word(of_valence[1:], of_valence[:1]).quantile(torch.tensor([0.1, 0.9]), 1)
        factor = relative(of_valence)
        parts[valence] = pd.DataFrame(torch.stack((low, factor, high), 1).double().numpy(), names, ["low", "factor", "high"])
    return pd.concat(parts, axis=1)


def factors_of(table: pd.DataFrame) -> pd.DataFrame:
    """κ alone, a column a valence, of a table with its quantiles (`by_valence`)."""
    return table.xs("factor", axis=1, level=-1)


def central(values: Float[Tensor, " value"]) -> tuple[float, float]:
    """The range that holds 95 % of the values."""
    low, high = values.quantile(torch.tensor(CENTRAL, dtype=values.dtype)).tolist()
    return low, high


def compared_with_neutral(kappa: pd.DataFrame, null: pd.DataFrame) -> dict[str, list[str]]:
    """Which modifiers make words weaker than neutral words do, or stronger, on both valences; or turn either around.

    `null` holds the lower and the upper bound of neutral words, a row each; columns are valences.
    """
    weaker, stronger = (kappa < null.iloc[0]).all(axis=1), (kappa > null.iloc[1]).all(axis=1)
    groups = {"weaker": weaker, "stronger": stronger, "neither": ~(weaker | stronger), "turned": (kappa < 0).any(axis=1)}
    return {group: list(kappa.index[inside]) for group, inside in groups.items()}
