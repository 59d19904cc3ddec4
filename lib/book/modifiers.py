"""Modifiers: how words such as *not* and *very* change what the words around them do to a network's logit."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from scipy.stats import spearmanr
from torch import Tensor

from lib.book.probe import Probe, by_valence, central, probe
from lib.dynamics.contextual import duration, factors, read, silence
from lib.training.folder import Saved


def planted_factors(saved: Saved, answers: dict[str, float]) -> tuple[pd.DataFrame, tuple[float, float]]:
    """κ of the modifiers of the synthetic language, by construction and measured; and the range of its filler words."""
    known = probe(saved, answers, 20)
    contexts = torch.cat((known.vectors(answers), known.neutral))
    measured = known.kappa(known.after(contexts, saved.evidence.layers[-1].states[:8]))
    modifiers, fillers = measured.split([len(answers), len(known.neutral)])
    columns = {"κ, by construction": answers.values(), "κ, measured": modifiers.tolist()}
    return pd.DataFrame({"word": list(answers)} | columns), central(fillers)


def phrase_table(
    probe: Probe, modifiers: Sequence[str], words: Sequence[str], states: Float[Tensor, "state unit"]
) -> pd.DataFrame:
    """What two-word phrases change of the logit, the mean over states, beside the sum of their words read alone.

    A row a modifier; columns ("", "alone") and of each word (word, "alone" / "sum" / "phrase").
    """
    network = probe.saved.network
    first, second = (torch.cat((probe.blank, probe.vectors(names))) for names in (modifiers, words))
    pairs = torch.stack((first.repeat_interleave(len(second), 0), second.repeat(len(first), 1)))
    after = silence(network.cell, probe.n_settle).expand(-1, pairs.shape[1], -1)
    logits = (read(network.cell, states, torch.cat((pairs, after))) @ network.readout_axis).mean(1)
    change = (logits - logits[0]).unflatten(0, (len(first), len(second))).numpy()
    columns = {("", "alone"): change[1:, 0]}
    for j, word in enumerate(words, 1):
        columns[word, "alone"] = np.full(len(modifiers), change[0, j])
        columns[word, "sum"] = change[1:, 0] + change[0, j]
        columns[word, "phrase"] = change[1:, j]
    return pd.DataFrame(columns, index=modifiers)


def by_gap(
    probe: Probe,
    contexts: Float[Tensor, "context input"],
    between: Float[Tensor, "gap #draw input"],
    gaps: Iterable[int],
    states: Float[Tensor, "state unit"],
) -> Float[Tensor, "n_gaps context"]:
    """κ of each context on words that follow after the first tokens of `between`, so many as each gap says.

    Each draw of these tokens is read from its own part of the states.
    """
    cell, heads = probe.saved.network.cell, torch.cat((probe.blank, contexts))

    def at(gap: int) -> Float[Tensor, " context"]:
        parts = []
        for tokens, own in zip(between[:gap].unbind(1), states.chunk(between.shape[1]), strict=True):
            tokens = torch.cat((heads[None], tokens[:, None].expand(-1, len(heads), -1)))
            parts.append(probe.effects(read(cell, own, tokens)))
        return probe.kappa(torch.cat(parts, 1))

    return torch.stack([at(gap) for gap in gaps])


def time_to_fade(gaps: Sequence[int], kappa: Float[Tensor, "n_gaps context"]) -> list[str]:
    """Over how many tokens the change κ − 1 of each context falls to 1/e, in words."""
    lasts = duration(torch.tensor(gaps).to(kappa), kappa - 1)
    return [f"{value:.1f}" if value.isfinite() else f"more than {max(gaps)}" for value in lasts]


def since_the_start(
    probe: Probe, tokens: Float[Tensor, "time draw input"], gaps: Iterable[int], states: Float[Tensor, "state unit"]
) -> Float[Tensor, " n_gaps"]:
    """The effect of words near the start of a document, after so many tokens, over the one they have in some states."""
    cell = probe.saved.network.cell
    typical = (probe.effects(states[None]) * probe.sign).mean(1, keepdim=True)
    origin = torch.zeros(1, cell.n_state)
    openings = [probe.effects(read(cell, origin, tokens[:gap])).mean(0, keepdim=True) * probe.sign for gap in gaps]
    return torch.cat([factors(each, typical) for each in openings])


def before_and_after(
    probe: Probe, contexts: Float[Tensor, "context input"], states: Float[Tensor, "state unit"]
) -> pd.DataFrame:
    """κ of each context on the word before it (`before`) and on the one after it (`after`), a row a context.

    Five tokens of nothing stand between the word and the context, and as many after it.
    """
    quiet = list(silence(probe.saved.network.cell, 5))
    heads = torch.cat((probe.blank, contexts))
    earlier = replace(probe, n_settle=5).effects(states[None], [*quiet, heads])
    factors = {"before": probe.kappa(earlier), "after": probe.kappa(probe.after(contexts, states))}
    return pd.DataFrame({side: values.double().numpy() for side, values in factors.items()})


def beside(value: float, bounds: tuple[float, float]) -> str:
    """Where a value lies relative to a range: below it, above it or within."""
    low, high = bounds
    return "below" if value < low else "above" if value > high else "within"


def in_network(saved: Saved, modifiers: Sequence[str]) -> pd.DataFrame:
    """κ of modifiers in a network, on 20 words of each valence in six visited states: a row a modifier.

    Columns as of `by_valence`, (`both`, `factor`) with the valences together, and (`neutral`, `low` / `high`), the range of 40
    neutral words.
    """
    known = probe(saved, modifiers, 20)
    contexts = torch.cat((known.vectors(modifiers), known.neutral[:40]))
    measured = known.after(contexts, saved.evidence.layers[-1].states[:6])
    pooled, null = known.kappa(measured).split([len(modifiers), len(contexts) - len(modifiers)])
    table = by_valence(measured[: 1 + len(modifiers)], known.sign, modifiers)
    table["both", "factor"] = pooled.double().numpy()
    table["neutral", "low"], table["neutral", "high"] = central(null)
    return table


def gain(saved: Saved) -> float:
    """What a network's accuracy on the test documents gains over its bag of words, in points."""
    documents = saved.evidence.documents
    truth = documents["labels"] > 0
    correct = [((documents[key] > 0) == truth).float().mean() for key in ("logits", "bag_of_words")]
    return 100 * float(correct[0] - correct[1])


def rank_correlations(strength: pd.Series, gain: pd.Series, kinds: pd.DataFrame) -> dict[str, str]:
    """Spearman's ρ of two measures over networks: of all (`rank`), ranked within their corpus (`rank_within`), and of these
    without the vanilla ones (`rank_gated`). A dash where there are no more than three networks."""
    both = pd.DataFrame({"strength": strength, "gain": gain})
    by_corpus = both.groupby(kinds["corpus"])
    within = by_corpus.rank() - by_corpus.transform("count") / 2
    gated = within[kinds["architecture"] != "vanilla"]
    told = {"rank": both, "rank_within": within, "rank_gated": gated}
    return {key: f"{spearmanr(values).statistic:.2f}" if len(both) > 3 else "—" for key, values in told.items()}
