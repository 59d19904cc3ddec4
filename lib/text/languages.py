"""Synthetic languages of several classes with a known answer (after Aitken et al. 2020).

A document is a stream of words: fillers, which say nothing, and words of a fixed evidence between −2 and 2.

- unordered: a word is evidence for one class, and the label is the class with the most summed evidence. Adding the same to
  all sums changes nothing, so that an ideal reader of k classes keeps k − 1 numbers.
- ordered: all evidence lies on one axis, and the label is the interval into which the sum falls; the intervals are equally
  frequent. An ideal reader keeps one number, whatever k is.
"""

from dataclasses import dataclass

import numpy as np

N_STRENGTHS, N_FILLER = 20, 100
EVIDENCE_SHARE = 0.4  # of the words of a document
LENGTHS = (20, 80)
SEED = 2020
SPLITS = {"train": slice(0, 20_000), "validation": slice(20_000, 22_000), "test": slice(22_000, 26_000)}
_strengths = np.linspace(-2, 2, N_STRENGTHS).round(3)


@dataclass(frozen=True)
class Language:
    """A language of `n_classes` classes, in an order or not."""

    n_classes: int
    ordered: bool

    @property
    def evidence(self) -> dict[str, np.ndarray]:
        """Of each word, what it adds to the sums: one sum a class [class], or one in all [1] where the classes are ordered."""
        n_sums = 1 if self.ordered else self.n_classes
        words = {
            f"{'abcde'[c]}{i:02d}": strength * np.eye(n_sums)[c] for c in range(n_sums) for i, strength in enumerate(_strengths)
        }
        return words | {f"filler{i:03d}": np.zeros(n_sums) for i in range(N_FILLER)}

    def documents(self) -> tuple[list[str], np.ndarray]:
        """All documents and their labels [document]."""
        rng = np.random.default_rng(SEED)
        evidence = self.evidence
        words, values = list(evidence), np.stack(list(evidence.values()))
        n_charged = len(words) - N_FILLER
        shares = np.repeat([EVIDENCE_SHARE / n_charged, (1 - EVIDENCE_SHARE) / N_FILLER], [n_charged, N_FILLER])
        drawn = [rng.choice(len(words), rng.integers(*LENGTHS), p=shares) for _ in range(SPLITS["test"].stop)]
        sums = np.stack([values[document].sum(0) for document in drawn]).round(6)
        if self.ordered:
            bounds = np.quantile(sums[:, 0], np.arange(1, self.n_classes) / self.n_classes)
            labels = np.searchsorted(bounds, sums[:, 0], side="right")
        else:
            labels = sums.argmax(1)
        return [" ".join(words[i] for i in document) for document in drawn], labels.astype(np.int8)


LANGUAGES = {f"unordered{k}": Language(k, ordered=False) for k in (3, 4, 5)} | {
    f"ordered{k}": Language(k, ordered=True) for k in (3, 5)
}
