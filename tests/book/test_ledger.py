import json
import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.book.html import power
from lib.book.ledger import Claim, Criterion, Judgement, counts, ledger, planned
from lib.book.records import judgements, judgements_over_seeds, record
from lib.book.statistics import interval, paired_gain
from lib.book.tables import as_rows, details, matrix, number, table

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


def test_the_ledger_holds_the_claims_of_both_papers_each_with_a_place_and_a_page():
    found = ledger()
    asked = [f"A{i}" for i in range(1, 19)] + [f"B{i}" for i in range(1, 13)] + [f"C{i}" for i in range(1, 7)]
    assert [key for key, claim in found.items() if not claim.afterwards and not claim.beside and key[0] != "R"] == asked
    assert all(claim.where and claim.claim and claim.page and claim.figure for claim in found.values())
    assert [key for key, claim in found.items() if not claim.criteria] == ["A17", "B12"]
    assert [key for key, claim in found.items() if not claim.judging] == ["A17", "A18", "B12"]
    assert [key for key, claim in found.items() if claim.revised is not None] == "A4 A5 A7 A9 A10 A12 A16 A18".split()


def test_a_claim_chosen_afterwards_names_the_one_it_puts_in_other_terms_and_is_not_counted():
    claims = ledger()
    later = {key: claim for key, claim in claims.items() if claim.afterwards}
    assert later and all(
        key.removesuffix("b") in claims and claim.paper == f"as {key.removesuffix('b')}" for key, claim in later.items()
    )
    assert [judgement.claim.id for judgement in planned(Judgement(claims[key], {}) for key in ("A5", "A5b"))] == ["A5"]


def test_a_claim_repeated_at_another_tolerance_stands_beside_and_is_not_counted():
    claims = ledger()
    beside = [key for key, claim in claims.items() if claim.beside]
    assert beside == ["A5D", "A9D", "A10D", "A13D"]
    for key in beside[:3]:  # nothing that the claim itself asks is left out
        assert set(claims[key.removesuffix("D")].judging) <= set(claims[key].judging)
    assert [judgement.claim.id for judgement in planned(Judgement(claims[key], {}) for key in ("A9", "A9D"))] == ["A9"]


REVISED = replace(TWO, revised=(Criterion("high", 0.5, True), Criterion("new", 1.0, True)))


def test_the_revised_criteria_decide_and_the_first_stand_beside():
    found = Judgement(REVISED, {"high": 0.6, "low": 0.3, "new": 2.0})
    assert (found.first_verdict, found.verdict) == ("not reproduced", "reproduced")
    assert REVISED.judging == REVISED.revised and TWO.judging == TWO.criteria


def test_what_was_recorded_before_the_revision_is_not_testable_by_it():
    assert Judgement(REVISED, {"high": 0.9, "low": 0.1}).verdict == "not testable here"
    assert Judgement(REVISED, {"high": 0.9, "low": 0.1}).first_verdict == "reproduced"
    assert Judgement(REVISED, {"high": 0.9, "new": 2.0}).first_verdict == "not testable here"


def test_a_claim_that_is_no_longer_judged_is_shown_and_not_counted():
    found = Judgement(ledger()["A18"], {"relative error of the sum over all modes": 1e-9})
    assert (found.first_verdict, found.verdict) == ("reproduced", "shown")
    assert sum(counts([found]).values()) == 0


def test_a_record_needs_the_measures_of_both_versions(tmp_path):
    first = {criterion.measure: 1.0 for criterion in ledger()["A12"].criteria}
    with pytest.raises(KeyError, match=r"A12 needs these measures as well: .* where one step is within"):
        record("net", "A12", first, tmp_path)


def test_a_paired_gain_is_what_resampling_the_documents_gives():
    rng = np.random.default_rng(1)
    ours, theirs = rng.random(400) < 0.8, rng.random(400) < 0.7
    gain, low, high = paired_gain(ours, theirs)
    resampled = [np.mean((ours.astype(int) - theirs)[rng.integers(400, size=400)]) for _ in range(4000)]
    assert gain == pytest.approx(np.mean(ours) - np.mean(theirs))
    assert (low, high) == pytest.approx(np.quantile(resampled, [0.025, 0.975]), abs=0.006)
    assert paired_gain(ours, ours) == (0, 0, 0)


def test_a_record_comes_back_as_it_was_judged(tmp_path):
    record("net", "A11", {"median one-step error": 0.1, "of interest": math.nan}, tmp_path)
    judgement = judgements(["net", "unmeasured"], tmp_path)["net"]["A11"]
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
    assert "<th>criterion</th>" in shown and "first" not in shown


def test_a_judgement_of_a_revised_claim_shows_both_criteria_and_both_verdicts():
    shown = Judgement(REVISED, {"high": 0.6, "low": 0.1})._repr_html_()
    assert "<th>first criterion</th><th>revised criterion</th>" in shown
    assert "<td>high</td><td>0.6</td><td>≥ 0.8</td><td>≥ 0.5</td>" in shown
    assert "<td>low</td><td>0.1</td><td>≤ 0.2</td><td>—</td>" in shown
    assert "<td>new</td><td>—</td><td>—</td><td>≥ 1</td>" in shown
    assert 'verdict-not-testable-here">not testable here</span> (by the first criterion: partly)' in shown


def seed(folder, name, claim, measures):
    (folder / name).mkdir()
    (folder / name / "claims.json").write_text(json.dumps({claim: measures}))


def test_seeds_are_judged_beside_the_published_network(tmp_path):
    records, saved = tmp_path / "records", tmp_path / "networks"
    saved.mkdir()
    record("sst-gru-seed0", "A3", {"steps until slow": 4.0}, records)
    seed(saved, "sst-gru-seed1", "A3", {"steps until slow": 30.0})
    seed(saved, "sst-gru-seed2", "A3", {"steps until slow": None})
    seed(saved, "sst-gru-scratch-seed1", "A3", {"steps until slow": 5.0})
    found = judgements_over_seeds("sst-gru-seed0", saved, records)["A3"]
    assert [judgement.verdict for judgement in found] == ["reproduced", "not reproduced", "not testable here"]
    assert counts(found) == {"reproduced": 1, "partly": 0, "not reproduced": 1, "not testable here": 1}


def test_an_interval_over_seeds_is_that_of_all_resamples():
    values = [0.1, 0.25, 0.4, 0.7, 0.95]
    means = [np.mean(one) for one in product(values, repeat=5)]
    mean, low, high = interval(values)
    assert mean == pytest.approx(0.48)
    assert (low, high) == pytest.approx(np.quantile(means, [0.025, 0.975]), abs=0.01)
    assert interval(values) == interval(values)


def test_an_interval_over_three_seeds_goes_from_the_smallest_to_the_largest():
    assert interval([1.0, 2.0, 4.0]) == pytest.approx((7 / 3, 1, 4))
    assert interval([2.0, 2.0, 2.0, math.nan]) == (2.0, 2.0, 2.0)


@given(st.lists(st.floats(0, 1, allow_subnormal=False), min_size=3, max_size=6))
def test_an_interval_of_shares_is_one_of_shares(values):
    mean, low, high = interval(values)
    assert -1e-12 <= low <= high <= 1 + 1e-12
    assert low <= mean + 1e-12 and mean <= high + 1e-12


@pytest.mark.parametrize("values", [[1.5], [1.0, 2.0], [1.5, math.nan, math.inf]])
def test_fewer_than_three_seeds_have_no_interval(values):
    mean, low, high = interval(values)
    assert mean == 1.5 and math.isnan(low) and math.isnan(high)
    assert math.isnan(interval([])[0])


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12345, "0.123"), (1234.5, "1,234"), (2.0, "2"), (1.5e-7, "1.5e-07"), (0.0, "0"), (math.nan, "—"), (150.0, "150")],
)
def test_numbers_are_printed_with_three_digits(value, text):
    assert number(value) == text


def judged(key, *values):
    claim = ledger()[key]
    asked = {criterion.measure for criterion in (*claim.criteria, *claim.judging)}
    return [Judgement(claim, dict.fromkeys(asked, value)) for value in values]


def test_the_table_sums_a_claim_up_over_networks():
    seeds = {"one": {"A11": judged("A11", 0.125, 0.9)}, "two": {"A11": judged("A11", 0.375)}, "three": {}}
    shown = table(seeds, ["one", "two", "three"])
    assert "linearization.html#fig-linearization" in shown and "≤ 0.15" in shown
    assert "0.25 [0.125, 0.375]" in shown and shown.count("<tr>") == 2
    assert "reproduced</span> 1<br>" in shown and "not reproduced</span> 1" in shown
    assert "<th>first verdicts</th><th>revised verdicts</th>" in shown and '<td rowspan="1" colspan="2">' in shown


def test_the_table_has_the_criteria_and_verdicts_of_both_versions():
    shown = table({"one": {"A12": judged("A12", 4.0)}, "two": {"A12": judged("A12", math.nan)}}, ["one", "two"])
    assert "≥ 3 <em>(first)</em>" in shown and "≥ 3 <em>(revised)</em>" in shown and "colspan" not in shown
    row = shown.split("<tr>")[2]
    first, revised = row.split('<td rowspan="2">')[-2:]
    assert first.count("</span> 1") == revised.count("</span> 1") == 2 and "not testable here</span> 1" in revised
    both = table({"one": {"A10": judged("A10", 1.0)}}, ["one"])
    assert "median |r₁·m| ≥ 0.8 <em>(both)</em>" in both and "t the curve&#39;s tangent ≥ 0.8 <em>(revised)</em>" in both


def test_the_table_takes_what_was_recorded_before_the_revision():
    old = Judgement(ledger()["A12"], {"error after 50 steps over one step": 5.0})
    shown = table({"one": {"A12": [old]}}, ["one"])
    assert "reproduced</span> 1" in shown and "not testable here</span> 1" in shown
    assert "not testable here" in details({"one": {"A12": [old]}}, ["one"], ledger()["A12"])


def test_claims_that_are_shown_have_a_row_with_what_was_recorded():
    shown = table({"one": {"A17": [Judgement(ledger()["A17"], {"n < 3": 2.0})], "A18": judged("A18", 1e-9)}}, ["one"])
    rows = shown.split("<tr>")[2:]
    assert len(rows) == 2 and "n &lt; 3" in rows[0] and "shown</span> 1" in rows[0]
    assert "≤ 1.0e-06 <em>(first)</em>" in rows[1] and "reproduced</span> 1" in rows[1] and "shown</span> 1" in rows[1]
    assert "shown</span> 1" in table({"one": {"B12": [Judgement(ledger()["B12"], {})]}}, ["one"])


def test_the_details_of_a_claim_have_a_row_a_network_with_its_seeds():
    shown = "sst-gru-seed0"  # in the explorer; the others are not
    seeds = {shown: {"A11": judged("A11", 0.1, 0.2, 0.3)}, "two": {"A11": judged("A11", 0.375)}, "three": {}}
    rows = details(seeds, [shown, "two", "three"], ledger()["A11"]).split("<tr id=")[1:]
    assert [row.partition(">")[0] for row in rows] == ['"claim-a11-sst-gru"', '"claim-a11-two"']
    assert "0.1 [0.1, 0.3]" in rows[0] and "1 of 3" in rows[0] and "explorer.html#sst-gru" in rows[0]
    assert "0.375<" in rows[1] and "0 of 1" in rows[1] and "explorer" not in rows[1]


def test_a_cell_of_the_matrix_leads_to_the_claim_in_its_network():
    shown = matrix({"one-seed0": {"A11": judged("A11", 0.1, 0.2, 0.1)}, "two-seed0": {}}, ["A11"])
    assert 'href="claims.html#claim-a11-one"' in shown and "A11 in one: reproduced, 2/3 seeds" in shown
    assert shown.count("<td></td>") == 1 and 'href="explorer.html#two"' in shown


def test_the_details_of_a_revised_claim_have_the_verdicts_of_both_versions():
    judgement = Judgement(ledger()["A12"], {"error after 50 steps over one step": 5.0})
    shown = details({"one": {"A12": [judgement]}}, ["one"], ledger()["A12"])
    assert "<th>first verdict</th><th>revised verdict</th>" in shown
    assert 'reproduced</span></td><td><span class="verdict verdict-not-testable-here' in shown and "0 of 1" in shown


@pytest.mark.parametrize(("value", "text"), [(1e-8, "10⁻⁸"), (5.2e-8, "5·10⁻⁸"), (9.7e-11, "10⁻¹⁰"), (1.0, "10⁰")])
def test_a_tolerance_is_printed_as_a_power_of_ten(value, text):
    assert power(value) == text


def test_each_claim_of_a_paper_quotes_it():
    unquoted = {claim.id for claim in ledger().values() if not claim.quote and claim.id[0] != "C"}  # in our words alone
    assert unquoted == {claim.id for claim in ledger().values() if claim.paper == "not said"}


def test_a_claim_in_other_terms_quotes_the_same_words():
    claims = ledger()
    again = [claim for claim in claims.values() if claim.paper.startswith("as ")]
    assert again
    assert all(claim.quote == claims[claim.paper.removeprefix("as ")].quote for claim in again)


def test_the_table_and_the_details_show_the_quotation():
    claim = replace(TWO, quote="its own words")
    assert "<q>its own words</q>" in details({"a": {}}, ["a"], claim)
    ours = {"A3": [Judgement(ledger()["A3"], {"steps until slow": 3.0})]}
    assert f"<q>{ledger()['A3'].quote}</q>" in table({"a": ours}, ["a"])


def test_the_ledger_as_data_has_a_row_a_measure_of_each_network_and_seed():
    seeds = {"one": {"A18": [*judged("A18", 1e-9), *judged("A18", 1.0)]}}
    rows = as_rows(seeds)
    assert rows[["claim", "network", "seed", "value"]].to_numpy().tolist() == [["A18", "one", 0, 1e-9], ["A18", "one", 1, 1.0]]
    assert rows.verdict.tolist() == [one.verdict for one in seeds["one"]["A18"]]
