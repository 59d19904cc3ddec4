import json
import math

import numpy as np
import pytest

from lib.claims import (
    Claim,
    Criterion,
    Judgement,
    counts,
    details,
    interval,
    ledger,
    number,
    over_seeds,
    paired_gain,
    planned,
    record,
    recorded,
    table,
)

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
    asked = [f"A{i}" for i in range(1, 19)] + [f"B{i}" for i in range(1, 13)]
    assert [key for key, claim in found.items() if not claim.afterwards] == asked
    assert all(claim.where and claim.claim and claim.page and claim.figure for claim in found.values())
    assert [key for key, claim in found.items() if not claim.criteria] == ["A17", "B12"]


def test_a_claim_chosen_afterwards_names_the_one_it_puts_in_other_terms_and_is_not_counted():
    claims = ledger()
    later = {key: claim for key, claim in claims.items() if claim.afterwards}
    assert later and all(
        key.removesuffix("b") in claims and claim.paper == f"as {key.removesuffix('b')}" for key, claim in later.items()
    )
    assert [judgement.claim.id for judgement in planned(Judgement(claims[key], {}) for key in ("A5", "A5b"))] == ["A5"]


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


def seed(folder, name, claim, measures):
    (folder / name).mkdir()
    (folder / name / "claims.json").write_text(json.dumps({claim: measures}))


def test_seeds_are_judged_beside_the_published_network(tmp_path):
    records, published = tmp_path / "records", tmp_path / "networks"
    published.mkdir()
    record("sst-gru-seed0", "A3", {"steps until slow": 4.0}, records)
    seed(published, "sst-gru-seed1", "A3", {"steps until slow": 30.0})
    seed(published, "sst-gru-seed2", "A3", {"steps until slow": None})
    seed(published, "sst-gru-scratch-seed1", "A3", {"steps until slow": 5.0})
    found = over_seeds("sst-gru-seed0", published, records)["A3"]
    assert [judgement.verdict for judgement in found] == ["reproduced", "not reproduced", "not testable here"]
    assert counts(found) == {"reproduced": 1, "partly": 0, "not reproduced": 1, "not testable here": 1}


def test_an_interval_over_three_seeds_is_students():
    mean, low, high = interval([1.0, 2.0, 3.0])
    assert (
        mean == 2.0 and high - mean == pytest.approx(4.302653 / 3**0.5, rel=1e-5) and mean - low == pytest.approx(high - mean)
    )
    assert interval([2.0, 2.0, math.nan]) == (2.0, 2.0, 2.0)


@pytest.mark.parametrize("values", [[1.5], [1.5, math.nan]])
def test_one_seed_has_no_interval(values):
    mean, low, high = interval(values)
    assert mean == 1.5 and math.isnan(low) and math.isnan(high)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12345, "0.123"), (1234.5, "1,234"), (2.0, "2"), (1.5e-7, "1.5e-07"), (0.0, "0"), (math.nan, "—"), (150.0, "150")],
)
def test_numbers_are_printed_with_three_digits(value, text):
    assert number(value) == text


def judged(key, *values):
    claim = ledger()[key]
    return [Judgement(claim, {criterion.measure: value for criterion in claim.criteria}) for value in values]


def test_the_table_sums_a_claim_up_over_networks():
    seeds = {"one": {"A11": judged("A11", 0.125, 0.9)}, "two": {"A11": judged("A11", 0.375)}, "three": {}}
    shown = table(seeds, ["one", "two", "three"])
    assert "linearization.html#fig-linearization" in shown and "≤ 0.15" in shown
    assert "0.25 [0.125, 0.375]" in shown and shown.count("<tr>") == 2
    assert "reproduced</span> 1<br>" in shown and "not reproduced</span> 1" in shown


def test_the_details_of_a_claim_have_a_row_a_network_with_its_seeds():
    seeds = {"one": {"A11": judged("A11", 0.1, 0.2, 0.3)}, "two": {"A11": judged("A11", 0.375)}, "three": {}}
    rows = details(seeds, ["one", "two", "three"], ledger()["A11"]).split("<tr>")[2:]
    assert len(rows) == 2
    assert "0.1 [-0.0484, 0.448]" in rows[0] and "1 of 3" in rows[0] and "networks/one.html" in rows[0]
    assert "0.375<" in rows[1] and "0 of 1" in rows[1]
