"""What several networks have in common that read the same words."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from lib.training.folder import Saved
from lib.training.network import Network


def shared_words(networks: Sequence[Saved]) -> tuple[list[str], Float[np.ndarray, " word"], float]:
    """Words of the networks' evidence that all of them know, how often each occurs, and the share of running text they cover.

    Raises ValueError where there is none, as between a real corpus and the synthetic language.
    """
    frequency: Counter[str] = Counter()
    for saved in networks:
        tokens = saved.evidence.transitions.tokens.tolist()
        for token, count in Counter(tokens).items():
            frequency[saved.vocabulary.words[token]] += count / len(tokens)
    known = set.intersection(*(set(saved.vocabulary.words[2:]) for saved in networks))
    words = sorted(known & set(frequency))
    if not words:
        raise ValueError(f"{', '.join(saved.name for saved in networks)} share no words: they cannot read the same.")
    shares = np.array([frequency[word] for word in words])
    return words, shares / shares.sum(), float(shares.sum() / len(networks))


def read(
    network: Network, saved: Saved, words: Shaped[np.ndarray, "time document"]
) -> list[Float[Tensor, "time document state"]]:
    """States after each word, a tensor a layer."""
    ids = np.array([saved.vocabulary.encode(row) for row in words.tolist()])
    with torch.no_grad():
        return network.states(torch.from_numpy(ids).long())
