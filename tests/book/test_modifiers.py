import pandas as pd
import pytest
import torch
from counter import DECAY, KAPPA, STATES, STRENGTH, counter
from torch.testing import assert_close

from lib.book.modifiers import (
    before_and_after,
    beside,
    by_gap,
    gain,
    in_network,
    phrase_table,
    planted_factors,
    rank_correlations,
    since_the_start,
    time_to_fade,
)
from lib.book.probe import probe

MODIFIERS = ("not", "very")


@pytest.fixture
def known():
    return probe(counter(), MODIFIERS, 2)


def test_planted_factors_come_back():
    modifiers = {word: KAPPA[word] for word in MODIFIERS}
    table, (low, high) = planted_factors(counter(), modifiers)
    assert table["κ, measured"].tolist() == pytest.approx(table["κ, by construction"].tolist()) == list(modifiers.values())
    assert 1 <= low <= high <= KAPPA["of"] + 1e-6


def test_a_phrase_is_not_the_sum_of_its_words(known):
    row = phrase_table(known, MODIFIERS, ["good2", "bad3"], STATES).loc["not"]
    assert row["", "alone"] == pytest.approx(0, abs=1e-6)
    assert row["good2"].to_dict() == pytest.approx({"alone": 2, "sum": 2, "phrase": 2 * KAPPA["not"]})
    assert row["bad3"].to_dict() == pytest.approx({"alone": -3, "sum": -3, "phrase": -3 * KAPPA["not"]})


def test_modifiers_fade_as_the_memory_does(known):
    gaps = [0, 1, 2, 3]
    filler = torch.zeros(max(gaps), 2, 2)
    kappa = by_gap(known, known.vectors(MODIFIERS), filler, gaps, STATES)
    expected = torch.tensor([[1 + sign * STRENGTH * DECAY**gap for sign in (-1, 1)] for gap in gaps])
    assert_close(kappa, expected)
    assert time_to_fade(gaps, kappa) == ["1.5", "1.5"]  # between 1 / 2 and 1 / 4, in a straight line
    assert time_to_fade(gaps, torch.full((4, 1), 2.0)) == ["more than 3"]


def test_the_start_of_a_document_is_like_any_other_place_in_a_counter(known):
    assert_close(since_the_start(known, torch.zeros(3, 2, 2), [0, 1, 3], STATES), torch.ones(3))


def test_modifiers_act_on_what_follows_alone(known):
    table = before_and_after(known, known.vectors(MODIFIERS), STATES)
    assert table["before"].tolist() == pytest.approx([1, 1])
    assert table["after"].tolist() == pytest.approx([KAPPA[word] for word in MODIFIERS])


def test_a_networks_modifiers_stand_beside_its_neutral_words():
    table = in_network(counter(), MODIFIERS)
    for valence in ("positive", "negative", "both"):
        assert table[valence, "factor"].tolist() == pytest.approx([KAPPA[word] for word in MODIFIERS])
    assert 1 <= table["neutral", "low"].iloc[0] <= table["neutral", "high"].iloc[0] <= KAPPA["of"] + 1e-6


@pytest.mark.parametrize(("value", "where"), [(0.0, "below"), (1.0, "within"), (2.0, "within"), (3.0, "above")])
def test_beside_a_range(value, where):
    assert beside(value, (1.0, 2.0)) == where


def test_gain_is_in_points_of_accuracy():
    assert gain(counter()) == 50  # all four right against two


def test_ranks_within_corpora_leave_out_what_corpora_differ_by():
    kinds = pd.DataFrame({"corpus": ["a"] * 3 + ["b"] * 3, "architecture": ["gru", "lstm", "vanilla"] * 2})
    strength = pd.Series([1.0, 2, 3, 11, 12, 13])
    told = rank_correlations(strength, pd.Series([13.0, 12, 11, 3, 2, 1]), kinds)
    assert told["rank"] == "-1.00" and told["rank_within"] == "-1.00" and told["rank_gated"] == "-1.00"
    told = rank_correlations(strength, pd.Series([11.0, 12, 13, 1, 2, 3]), kinds)
    assert float(told["rank"]) < 0 and told["rank_within"] == "1.00"
    assert rank_correlations(strength[:3], strength[:3], kinds[:3])["rank"] == "—"
