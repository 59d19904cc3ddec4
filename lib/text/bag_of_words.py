"""The bag-of-words classifier, and the positive, negative and neutral words it defines (paper A, §4.5)."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from lib.text.documents import Encoded

N_WORDS = 100
FREQUENT = 0.002  # share of the training documents below which a word's coefficient means little
PENALTIES = (0.02, 0.05, 0.1, 0.2, 0.5)


@dataclass(frozen=True)
class BagOfWords:
    """Logistic regression on which words a document contains; logit = coefficients · presence + intercept.

    Two classes have one row of coefficients and one logit, more have one a class.
    """

    coefficients: Float[Tensor, "*class word"]
    document_frequency: Float[Tensor, " word"]
    intercept: float | Float[Tensor, " class"]
    penalty: float

    def logits(self, documents: Encoded) -> Float[Tensor, "document *class"]:
        presence = _presence(documents, self.coefficients.shape[-1])
        return torch.from_numpy(presence @ self.coefficients.numpy().T + np.asarray(self.intercept)).float()


def fit_bag_of_words(training: Encoded, validation: Encoded, n_words: int) -> BagOfWords:
    """Fit on whole documents (not cut as the network's); the strength of the L2 penalty is chosen on the validation split."""
    x, held_out = _presence(training, n_words), _presence(validation, n_words)
    fits = [LogisticRegression(C=c, max_iter=500).fit(x, training.labels) for c in PENALTIES]
    best = max(fits, key=lambda fit: fit.score(held_out, validation.labels))
    frequency = torch.from_numpy(x.mean(0)).float()
    coefficients = torch.from_numpy(best.coef_).float()
    if len(coefficients) == 1:
        return BagOfWords(coefficients[0], frequency, float(best.intercept_[0]), best.C)
    return BagOfWords(coefficients, frequency, torch.from_numpy(best.intercept_).float(), best.C)


def valence_words(
    coefficients: Float[Tensor, " word"], document_frequency: Float[Tensor, " word"], n: int = N_WORDS
) -> dict[str, Int[Tensor, " chosen"]]:
    """Token ids of the n most positive, negative and neutral words among those that are frequent.

    Neutral are the words whose coefficients are nearest to zero. The three sets are disjoint: where fewer than 3n words are
    frequent, each takes a third of them.
    """
    frequent = torch.nonzero(document_frequency >= FREQUENT).squeeze(-1)
    frequent = frequent[frequent > 1]
    n = min(n, len(frequent) // 3)
    order = frequent[coefficients[frequent].argsort(descending=True, stable=True)]
    last = len(order) - n
    middle = order[n:last]
    neutral = middle[coefficients[middle].abs().argsort(stable=True)[:n]]
    return {"positive": order[:n], "negative": order[last:].flip(0), "neutral": neutral}


def class_counts(documents: Encoded, n_classes: int, n_words: int) -> Float[Tensor, "class word"]:
    """How often each word occurs in the documents of each class."""
    counts = torch.zeros(n_classes, n_words, dtype=torch.double)
    for tokens, label in zip(documents.tokens, documents.labels, strict=True):
        counts[int(label)] += torch.bincount(torch.from_numpy(tokens).long(), minlength=n_words)
    return counts.float()


def _presence(documents: Encoded, n_words: int) -> csr_array:
    """1 where a document contains a word [document, word]; padding and unknown words are left out."""
    words = [np.unique(tokens[tokens > 1]) for tokens in documents.tokens]
    ends = np.cumsum([0, *map(len, words)])
    return csr_array((np.ones(ends[-1]), np.concatenate(words), ends), shape=(len(words), n_words))
