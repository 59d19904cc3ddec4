import numpy as np
import pytest
import torch
from torch.testing import assert_close

from lib.text.bag_of_words import BagOfWords, class_counts, fit_bag_of_words, valence_words
from lib.text.documents import Encoded


def test_bag_of_words_finds_the_words_that_decide(documents):
    bag = fit_bag_of_words(documents, documents, 12)
    assert (bag.coefficients[7:] > 0).all() and (bag.coefficients[2:7] < 0).all()
    assert bag.coefficients[:2].tolist() == [0, 0]
    assert ((bag.logits(documents) > 0).numpy() == documents.labels).mean() > 0.7


def test_document_frequency_counts_documents_not_words():
    tokens = [np.array(words, dtype=np.int32) for words in ([2, 2, 2], [2, 3], [3, 1], [1, 1])]
    documents = Encoded(tokens, np.array([1, 1, 0, 0], dtype=np.int8))
    assert_close(fit_bag_of_words(documents, documents, 5).document_frequency, torch.tensor([0, 0, 0.5, 0.5, 0]))


def test_logit_adds_each_word_of_a_document_once():
    bag = BagOfWords(torch.tensor([9.0, 9.0, 1.0, -0.25]), torch.ones(4), intercept=0.5, penalty=1.0)
    tokens = [np.array(words, dtype=np.int32) for words in ([2, 2, 3], [3, 1], [1])]
    assert_close(bag.logits(Encoded(tokens, np.zeros(3, dtype=np.int8))), torch.tensor([1.25, 0.25, 0.5]))


def test_valence_words_are_the_extremes_and_the_middle_of_the_frequent_words():
    coefficients = torch.tensor([9.0, 9.0, 2.0, -0.1, -3.0, 0.2, 1.0, -2.0, 5.0, -1.5, 0.9])
    frequency = torch.tensor([1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.001, 0.5, 0.5])
    found = {kind: ids.tolist() for kind, ids in valence_words(coefficients, frequency, n=2).items()}
    assert found == {"positive": [2, 6], "negative": [4, 7], "neutral": [3, 5]}


@pytest.mark.parametrize(("n_frequent", "each"), [(2, 0), (3, 1), (11, 3), (400, 100)])
def test_valence_words_never_overlap(n_frequent, each):
    found = valence_words(torch.randn(n_frequent + 2), torch.ones(n_frequent + 2))
    ids = [i for chosen in found.values() for i in chosen.tolist()]
    assert [len(chosen) for chosen in found.values()] == [each] * 3
    assert len(set(ids)) == 3 * each and not {0, 1} & set(ids)


def test_words_are_counted_by_class():
    tokens = [np.array(words, dtype=np.int32) for words in ([2, 2, 3], [3], [2, 4])]
    documents = Encoded(tokens, np.array([1, 2, 1], dtype=np.int8))
    assert class_counts(documents, 3, 5).tolist() == [[0, 0, 0, 0, 0], [0, 0, 3, 1, 1], [0, 0, 0, 1, 0]]


def test_three_classes_have_a_row_of_coefficients_each():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 300).astype(np.int8)
    documents = Encoded([np.array([2 + label, rng.integers(5, 8)], dtype=np.int32) for label in labels], labels)
    bag = fit_bag_of_words(documents, documents, 8)
    assert bag.coefficients.shape == (3, 8) and bag.coefficients[:, 2:5].argmax(0).tolist() == [0, 1, 2]
    assert (bag.logits(documents).argmax(1).numpy() == labels).all()
