from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from lib.book.reviews import example_reviews, read_examples, reading_of
from lib.training.folder import load


def test_a_reading_begins_at_zero_and_follows_each_layer(stack_folder):
    saved = load(stack_folder)
    words = [*saved.vocabulary.words[2:6], "unheard-of"]
    reading = reading_of(saved, words)
    assert reading.words == words and reading.tokens.tolist() == [2, 3, 4, 5, 1]
    lower, upper = saved.network.states(reading.tokens[:, None])
    for path, states in zip(reading.paths, (lower, upper), strict=True):
        assert (path[0] == 0).all()
        assert_close(path[1:], states[:, 0])
    assert reading.path is reading.paths[1]


def test_the_last_logit_of_a_reading_is_that_of_the_document(published_folder):
    saved = load(published_folder)
    reading = reading_of(saved, list(saved.vocabulary.words[5:12]))
    assert len(reading.logits) == 8
    assert_close(reading.logits[-1], saved.network(reading.tokens[:, None], torch.tensor([7]))[0])


def test_reviews_that_are_given_are_read_in_place_of_the_books_own(published_folder):
    saved = load(published_folder)
    saved = replace(saved, config=saved.config | {"dataset": "imdb"})
    found = read_examples(saved, negative="Not good.")
    assert list(found) == ["positive", "negative"]
    assert found["negative"].words == ["not", "good", "."]
    assert found["positive"].tokens.tolist() == read_examples(saved)["positive"].tokens.tolist()
    own = example_reviews("imdb")["positive"].lower()
    assert len(found["positive"].words) > 100 and all(word in own for word in found["positive"].words[:5])


@pytest.mark.parametrize("dataset", ["imdb", "yelp", "sst", "synthetic"])
def test_every_corpus_has_its_two_reviews(dataset):
    assert set(example_reviews(dataset)) == {"positive", "negative"}
