"""Claims over networks of more than two classes, on planted tables."""

import re

import pandas as pd
import pytest

from lib.book.classes import Classes
from lib.book.ledger import NOT, PARTLY, REPRODUCED, Judgement, ledger
from lib.book.over_classes import (
    MEASURED,
    PREDICTED,
    RANK,
    WITHIN,
    dimensions,
    judged,
    medians_told,
    near_in,
    of_claim,
    prediction,
    recovered,
    summary,
    verdict,
)
from lib.training import NETWORKS, load

MODES = "slow modes, less k − 1, in absolute terms"


def modes(*differences):
    return [Judgement(ledger()["C3"], {MODES: float(value)}) for value in differences]


@pytest.mark.parametrize(
    ("judgements", "right"),
    [(modes(0, 0, 1), REPRODUCED), (modes(0, 1, 1), PARTLY), (modes(0, 1, 1, 1), NOT), (modes(float("nan")), NOT), ([], NOT)],
)
def test_a_claim_over_networks_asks_for_two_thirds_or_one(judgements, right):
    assert verdict(judgements) == right


def test_a_prediction_is_ranked_over_corpora_and_near_in_each_network():
    table = pd.DataFrame({"corpus": list("aabbcc"), PREDICTED: [1, 1, 2, 2, 4, 4.0], MEASURED: [1, 1, 1.5, 2.5, 3.5, 2.5]})
    found = prediction(table)
    assert found[RANK] == pytest.approx(1) and found[WITHIN] == pytest.approx(5 / 6)
    assert prediction(table.assign(**{MEASURED: [3, 3, 2, 2, 1, float("nan")]}))[WITHIN] == pytest.approx(1 / 3)


def test_sentences_have_the_numbers_of_the_table():
    table = pd.DataFrame({"kind": ["unordered"] * 3, "corpus": ["a", "a", "b"], "k": [3.0] * 3})
    table = table.assign(**{PREDICTED: [2.0, 2.0, 1.0], MEASURED: [2.0, 2.2, 9.0]})
    assert near_in(table) == "2 of 3 networks"
    assert medians_told(table, ["b", "a"]) == "1.0 and 9.0 (b), 2.0 and 2.1 (a)"


def test_every_network_of_classes_is_measured_and_judged_by_the_claims_of_its_corpus():
    table, found = dimensions(), judged()
    assert len(table) == 72 and set(table.kind) == {"unordered", "ordered", "reviews"}
    assert (table.groupby("corpus").k.nunique() == 1).all()
    assert {key: len(of_claim(found, key)) for key in ("C1", "C2", "C3", "C4", "C5")} == {
        "C1": 27,
        "C2": 27,
        "C3": 27,
        "C4": 45,
        "C5": 27,
    }
    shown = summary(found, Judgement(ledger()["C6"], prediction(table)))
    assert list(shown.index) == ["C1", "C2", "C3", "C4", "C5", "C6"] and shown.verdict.isin([REPRODUCED, PARTLY, NOT]).all()


def test_the_strength_of_words_in_a_known_language_is_recovered_and_elsewhere_nothing_is_said():
    told = recovered(Classes(load(NETWORKS / "unordered3-gru-seed0")))
    assert float(re.search(r"correlation of (\d\.\d+)", told)[1]) > 0.9 and "over 60 words" in told
    assert recovered(Classes(load(NETWORKS / "yelp4-gru-seed0"))) == ""
