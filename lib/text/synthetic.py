"""A synthetic language with a known answer: the evidence of every word is fixed beforehand.

A document is a stream of words. Valenced words carry evidence, filler carries none, a negator turns the evidence of the
next word around and an intensifier doubles it. The label is the sign of the summed evidence, so that an ideal reader is an
integrator: exactly the mechanism that the analysis should recover from a network trained on these documents.
"""

import numpy as np

N_VALENCED, N_FILLER, N_MODIFIERS = 60, 300, 2
NEGATION, INTENSIFICATION = -1.0, 2.0
LENGTHS = (20, 80)
SEED = 2019
SPLITS = {"train": slice(0, 20_000), "validation": slice(20_000, 22_000), "test": slice(22_000, 26_000)}
_magnitudes = np.linspace(0.2, 2.0, N_VALENCED).round(3)
EVIDENCE = (
    {f"good{i:02d}": float(size) for i, size in enumerate(_magnitudes)}
    | {f"bad{i:02d}": -float(size) for i, size in enumerate(_magnitudes)}
    | {f"filler{i:03d}": 0.0 for i in range(N_FILLER)}
    | {f"not{i}": 0.0 for i in range(N_MODIFIERS)}
    | {f"very{i}": 0.0 for i in range(N_MODIFIERS)}
)
_SHARES = {"good": 0.12, "bad": 0.12, "filler": 0.64, "not": 0.06, "very": 0.06}


def documents() -> tuple[list[str], np.ndarray]:
    """All documents of the language and their labels [document]: 1 where the summed evidence is positive."""
    rng = np.random.default_rng(SEED)
    words = list(EVIDENCE)
    kinds = [word.rstrip("0123456789") for word in words]
    probabilities = np.array([_SHARES[kind] / kinds.count(kind) for kind in kinds])
    texts, labels = [], []
    for _ in range(SPLITS["test"].stop):
        document = rng.choice(words, rng.integers(*LENGTHS), p=probabilities).tolist()
        texts.append(" ".join(document))
        labels.append(total_evidence(document) > 0)
    return texts, np.array(labels, dtype=np.int8)


def total_evidence(document: list[str]) -> float:
    """Summed evidence of a document, each word turned or doubled by the modifier right before it."""
    factors = {"not": NEGATION, "very": INTENSIFICATION}
    total = 0.0
    for previous, word in zip(("", *document), document, strict=False):
        total += EVIDENCE[word] * factors.get(previous.rstrip("0123456789"), 1.0)
    return total
