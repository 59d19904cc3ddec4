import json
import math

import pytest

from lib.claims import Claim, Criterion, Judgement, ledger, matrix, number, record, recorded, table

TWO = Claim("X1", "§1", "a claim", "0.9", "page", "figure", (Criterion("high", 0.8, True), Criterion("low", 0.2, False)))


@pytest.mark.parametrize(
    ("high", "low", "verdict"),
    [
        (0.8, 0.2, "reproduced"),
        (0.9, 0.3, "partly"),
        (0.7, 0.1, "partly"),
        (0.7, 0.3, "not reproduced"),
        (math.nan, 0.1, "not testable here"),
    ],
)
def test_a_verdict_follows_from_the_criteria(high, low, verdict):
    assert TWO.verdict({"high": high, "low": low}) == verdict


def test_a_claim_without_criteria_is_only_shown():
    assert Claim("X2", "", "", "", "", "", ()).verdict({}) == "shown"


def test_the_ledger_holds_the_eighteen_claims_of_paper_a_each_with_a_place_and_a_page():
    found = ledger()
    assert list(found) == [f"A{i}" for i in range(1, 19)]
    assert all(claim.where and claim.claim and claim.page and claim.figure for claim in found.values())
    assert [key for key, claim in found.items() if not claim.criteria] == ["A17"]


def test_a_record_comes_back_as_it_was_judged(tmp_path):
    record("net", "A11", {"median one-step error": 0.1, "of interest": math.nan}, tmp_path)
    judgement = recorded(["net", "unmeasured"], tmp_path)["net"]["A11"]
    assert judgement.measures["median one-step error"] == 0.1 and math.isnan(judgement.measures["of interest"])
    assert judgement.verdict == "reproduced"
    assert json.loads((tmp_path / "net" / "A11.json").read_text())["of interest"] is None


def test_a_record_without_a_value_that_its_criteria_need_is_refused(tmp_path):
    with pytest.raises(KeyError, match="A11 needs these measures as well: median one-step error"):
        record("net", "A11", {"something else": 1.0}, tmp_path)
    assert not list(tmp_path.rglob("*.json"))


def test_a_judgement_shows_its_measures_with_their_bounds_and_escapes_them():
    shown = Judgement(TWO, {"high": 0.85, "low": 0.1, "q < 1": 3.0})._repr_html_()
    assert "≥ 0.8" in shown and "≤ 0.2" in shown and "q &lt; 1" in shown and "reproduced" in shown


def test_the_matrix_has_a_row_a_claim_in_the_order_of_the_ledger(tmp_path):
    record("one", "A12", {"error after 50 steps over one step": 2.0}, tmp_path)
    record("one", "A3", {"steps until slow": 4.0}, tmp_path)
    record("two", "A3", {"steps until slow": math.inf}, tmp_path)
    table = matrix(recorded(["one", "two"], tmp_path))
    assert list(table.index) == ["A3", "A12"]
    assert list(table.loc["A3"]) == ["reproduced", "not reproduced"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12345, "0.123"), (1234.5, "1,234"), (2.0, "2"), (1.5e-7, "1.5e-07"), (0.0, "0"), (math.nan, "—"), (150.0, "150")],
)
def test_numbers_are_printed_with_three_digits(value, text):
    assert number(value) == text


def test_the_table_has_a_row_a_claim_and_leaves_open_what_was_not_measured(tmp_path):
    record("one", "A11", {"median one-step error": 0.125}, tmp_path)
    shown = table(recorded(["one"], tmp_path), ["one", "two"])
    row = next(line for line in shown.split("<tr>") if ">A11</a>" in line)
    assert "linearization.html#fig-linearization" in row and "0.125" in row and "reproduced" in row and row.count("—") == 1
    assert shown.count("<tr>") == 1 + sum(bool(c.criteria) and not c.over_networks for c in ledger().values())
