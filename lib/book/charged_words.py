"""How far each layer of a stack moves at charged words and at others (paper B, §3.2)."""

import pandas as pd
import torch
from jaxtyping import Float, Int
from torch import Tensor

from lib.book.coupled import joint_states, stack
from lib.text.bag_of_words import valence_words
from lib.training.folder import Saved


def charged(saved: Saved, tokens: Int[Tensor, " word"], n_words: int = 100) -> Float[Tensor, " word"]:
    """1 where a token is one of the most positive words, −1 where it is one of the most negative ones, else 0."""
    words = saved.evidence.words
    chosen = valence_words(words["bag_of_words"], words["document_frequency"], n_words)
    return torch.isin(tokens, chosen["positive"]).float() - torch.isin(tokens, chosen["negative"]).float()


@torch.no_grad()
def step_sizes(saved: Saved) -> Float[Tensor, "layer transition"]:
    """‖hⁿ_t − hⁿ_{t−1}‖ of every layer at the sampled transitions."""
    before, tokens = joint_states(saved), saved.evidence.transitions.tokens
    system = stack(saved)
    after = system(before, saved.network.embedding.weight[tokens])
    return torch.stack([step.norm(dim=-1) for step in system.split(after - before)])


@torch.no_grad()
def steps_at(saved: Saved, tokens: Int[Tensor, " word"], n_states: int = 100) -> Float[Tensor, "layer word"]:
    """Median of ‖hⁿ' − hⁿ‖ over the same visited states for every word, had it been read there, whether it was or not."""
    before, system = joint_states(saved)[:n_states], stack(saved)
    medians = []
    for x in saved.network.embedding.weight[tokens]:
        after = system(before, x.expand(len(before), -1))
        medians.append(torch.stack([step.norm(dim=-1).median() for step in system.split(after - before)]))
    return torch.stack(medians, 1)


def step_ratio(
    steps: Float[Tensor, "layer word"], valence: Float[Tensor, " word"], n_resamples: int = 1000
) -> tuple[Float[Tensor, " layer"], Float[Tensor, " layer"], Float[Tensor, " layer"]]:
    """Median step at charged words over the median at others, a layer at a time, with a 95 % bootstrap interval."""
    at, other = steps[:, valence != 0], steps[:, valence == 0]
    rng = torch.Generator().manual_seed(0)

    def median(values: Float[Tensor, "layer word"]) -> Float[Tensor, "resample layer"]:
        drawn = torch.randint(values.shape[1], (n_resamples, values.shape[1]), generator=rng)
        return torch.stack([values[:, chosen].median(1).values for chosen in drawn])

    resampled = median(at) / median(other)
    low, high = resampled.quantile(torch.tensor([0.025, 0.975]), dim=0)
    return at.median(1).values / other.median(1).values, low, high


def step_ratios(saved: Saved, n_others: int = 200) -> pd.DataFrame:
    """`step_ratio` of each layer, a row each, with its interval (`low`, `high`), and the way the words were `read`.

    *As read*: at the sampled transitions. *At the same states*: every charged word, and the first `n_others` other words of the
    transitions, each at the same hundred states.
    """
    spoken, vocabulary = saved.evidence.transitions.tokens, torch.arange(len(saved.vocabulary))
    offered = torch.cat([vocabulary[charged(saved, vocabulary) != 0], spoken[charged(saved, spoken) == 0][:n_others]])
    ways = {"as read": (step_sizes(saved), spoken), "at the same states": (steps_at(saved, offered), offered)}
    rows = []
    for read, (steps, tokens) in ways.items():
        found = torch.stack(step_ratio(steps, charged(saved, tokens)), 1).tolist()
        rows += [{"layer": n, "read": read, "ratio": r, "low": low, "high": high} for n, (r, low, high) in enumerate(found, 1)]
    return pd.DataFrame(rows).sort_values(["layer", "read"], kind="stable", ignore_index=True)
