"""Documents as token ids: encoded, cut, padded, and put into batches of similar length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

POOL = 50  # batches that are sorted by length together: little padding, and still a random order


@dataclass(frozen=True)
class Encoded:
    """Documents as token ids [time], and their labels [document]."""

    tokens: Sequence[np.ndarray]
    labels: np.ndarray

    def take(self, chosen: np.ndarray) -> "Encoded":
        """Some of the documents, by index."""
        return Encoded([self.tokens[i] for i in chosen], self.labels[chosen])

    def cut(self, length: int) -> "Encoded":
        """The last `length` tokens of each document: what the network, read at its end, remembers best."""
        return Encoded([tokens[-length:] for tokens in self.tokens], self.labels)


def pad(documents: Sequence[np.ndarray]) -> tuple[Int[Tensor, "time batch"], Int[Tensor, " batch"]]:
    """Token ids padded at the end, and the length of each document."""
    lengths = torch.tensor([len(document) for document in documents])
    tokens = torch.zeros(max(int(lengths.max()), 1), len(documents), dtype=torch.long)
    for i, document in enumerate(documents):
        tokens[: len(document), i] = torch.from_numpy(document)
    return tokens, lengths


def batches(documents: Encoded, size: int, rng: np.random.Generator | None = None) -> Iterator[np.ndarray]:
    """Indices of the documents, batches of similar length; with `rng` in a random order, else sorted by length."""
    lengths = np.array([len(tokens) for tokens in documents.tokens])
    order = np.arange(len(lengths)) if rng is None else rng.permutation(len(lengths))
    pool = len(order) if rng is None else POOL * size
    found = []
    for start in range(0, len(order), pool):
        chunk = order[start : start + pool]
        chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
        found += [chunk[i : i + size] for i in range(0, len(chunk), size)]
    yield from found if rng is None else (found[i] for i in rng.permutation(len(found)))
