import numpy as np
import pytest

from lib.text import languages
from lib.text.languages import LANGUAGES


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """A thousand documents of each language."""
    monkeypatch.setattr(languages, "SPLITS", {"test": slice(0, 1_000)})


def sums(language, texts):
    evidence = language.evidence
    return np.stack([sum(evidence[word] for word in text.split()) for text in texts])


@pytest.mark.parametrize("k", [3, 4, 5])
def test_the_label_of_an_unordered_language_is_the_class_of_most_evidence(k):
    texts, labels = LANGUAGES[f"unordered{k}"].documents()
    found = sums(LANGUAGES[f"unordered{k}"], texts)
    assert found.shape == (1_000, k)
    assert found[np.arange(1_000), labels] == pytest.approx(found.max(1))


@pytest.mark.parametrize("k", [3, 5])
def test_the_labels_of_an_ordered_language_are_equally_frequent_intervals_of_one_sum(k):
    texts, labels = LANGUAGES[f"ordered{k}"].documents()
    found = sums(LANGUAGES[f"ordered{k}"], texts)[:, 0].round(6)
    order = np.argsort(found, kind="stable")
    assert (np.diff(labels[order].astype(int)) >= 0).all()
    assert np.bincount(labels).tolist() == pytest.approx([1_000 / k] * k, abs=10)


def test_a_word_is_evidence_for_one_class_of_a_strength_up_to_two():
    evidence = LANGUAGES["unordered3"].evidence
    assert evidence["b19"].tolist() == [0, 2, 0] and evidence["c00"].tolist() == [0, 0, -2]
    assert not evidence["filler007"].any()
    assert LANGUAGES["ordered5"].evidence["a00"].tolist() == [-2]


def test_every_call_writes_the_same_documents():
    for one, other in zip(LANGUAGES["ordered3"].documents(), LANGUAGES["ordered3"].documents(), strict=True):
        assert list(one) == list(other)
