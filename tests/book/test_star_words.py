"""Modifiers in a network of grades whose answer is known: a line with an axis of valence and one of strength."""

import numpy as np
import pandas as pd
import pytest

from lib.book.classes import Classes
from lib.book.over_classes import plane_told, simplex_seen, what_it_does, words_of
from lib.book.star_words import grades_after, grades_seen, known, modified, styled, told
from lib.training import NETWORKS, load


@pytest.fixture(scope="module")
def shape():
    return Classes(load(NETWORKS / "yelp4-gru-seed0"))


@pytest.mark.parametrize(
    ("kappa", "right"), [(-0.5, "turns"), (0.5, "weaker"), (1.0, "no more than a neutral"), (1.5, "stronger")]
)
def test_a_modifier_flips_shrinks_or_does_nothing(kappa, right):
    assert right in what_it_does(kappa, pd.Series({"low": 0.8, "high": 1.2}))


def test_a_blank_modifier_changes_nothing_and_not_is_no_neutral_word(shape):
    kappa, neutral = modified(shape, ["not"], n_words=5, n_states=5)
    assert 0 < kappa.at["not", "axis 1"] < neutral.at["low", "axis 1"] < 1 < neutral.at["high", "axis 1"]
    assert "“not” makes words weaker, and does not turn them around." in told(kappa, neutral)
    assert "neutral words, from" in styled(kappa, neutral).to_html()


def test_grades_are_probabilities_of_the_phrase(shape):
    shares = grades_after(shape, ["terrible", "great"], ["not"])
    assert all(share.sum() == pytest.approx(1, abs=1e-5) for by in shares.values() for share in by.values())
    assert shares["terrible"][""].argmax() == 0 and shares["great"][""].argmax() == 3
    assert grades_seen(shares, ["1", "2", "4", "5"]).startswith("The network reads “great” as 5, “not great” as ")


def test_words_out_of_the_vocabulary_are_left_out(shape):
    assert known(shape, ["great", "nosuchword"]) == ["great"]


def test_what_is_drawn_of_stars_fits_together(shape):
    found = words_of(shape)
    assert found["pushes"].shape == (2, len(found["words"])) and len(found["named"]) == 2
    first = found["pushes"][0]
    assert {int(np.argmin(first)), int(np.argmax(first))} <= set(found["named"][0])


def test_sentences_say_what_was_measured():
    table = pd.DataFrame({"kind": ["reviews", "reviews", "ordered"], "PR of the slow points": [1.0, 2.0, 9.0]})
    assert "it is 1.0 to 2.0, 1.5 in the median" in plane_told(table)
    assert simplex_seen(3, ordered=False).startswith("Slow points fill a triangle") and "bend" in simplex_seen(4, ordered=True)
