import json
import math

import pytest

from lib.book.ledger import Judgement, ledger
from lib.book.overview import (
    PARTS,
    SPREAD,
    bounds_of_parts,
    claims_by_verdict,
    departures,
    measure_table,
    overview,
    parts_of_mechanism,
    together,
    verdict_counts,
    verdict_matrix,
)
from lib.book.records import record

STEPS = "steps until slow"  # claim A3: at most 20
AUC = {"AUC of positive against negative words": 0.99, "size of neutral over valenced effects": 0.1}  # claim A8 holds


@pytest.fixture
def records(tmp_path):
    """Two networks: in `fast` the state slows down (A3), in `restless` it does not; nothing is on record of `blank`."""
    record("fast-seed0", "A3", {STEPS: 5.0}, tmp_path)
    record("restless-seed0", "A3", {STEPS: math.inf}, tmp_path)
    return tmp_path


def leave_seed(networks, name, **claims):
    (networks / name).mkdir(parents=True)
    (networks / name / "claims.json").write_text(json.dumps(claims))


def judged(key, **measures):
    return Judgement(ledger()[key], measures)


def test_a_table_of_measures_has_a_row_for_every_network(records):
    found = measure_table(["fast-seed0", "blank-seed0"], {"steps": ("A3", STEPS), "AUC": ("A8", "AUC")}, records)
    assert found.loc["fast", "steps"] == 5 and math.isnan(found.loc["blank", "steps"])
    assert found["AUC"].isna().all()


def test_the_overview_counts_the_verdicts_of_each_network(records):
    found = overview(["fast-seed0", "restless-seed0", "blank-seed0"], records)
    assert found["reproduced"].to_dict() == {"fast": 1, "restless": 0, "blank": 0}
    assert found["not"].to_dict() == {"fast": 0, "restless": 1, "blank": 0}


def test_departures_name_the_networks_in_which_a_claim_fails(records):
    found = departures(["fast-seed0", "restless-seed0"], records)
    assert list(found["id"]) == ["A3"]
    assert found.loc[0, "not reproduced"] == "restless" and found.loc[0, "partly"] == "—"


def test_verdicts_are_counted_under_their_short_names():
    found = verdict_counts([judged("A3", **{STEPS: 5.0}), judged("A3", **{STEPS: 50.0}), judged("A3")], "n_deep")
    assert found == {"n_deep_judged": 3, "n_deep_reproduced": 1, "n_deep_partly": 0, "n_deep_not": 1, "n_deep_untestable": 1}


def test_claims_are_listed_by_verdict_in_the_order_of_the_ledger():
    auc, not_slow = judged("A8", **AUC), judged("A3", **{STEPS: 50.0})
    assert claims_by_verdict([judged("A4"), auc, not_slow, judged("A2")])["untestable"] == ["A2", "A4"]
    assert claims_by_verdict([auc, not_slow])["not"] == ["A3"]


def test_the_matrix_has_the_published_verdict_and_the_share_of_seeds():
    seeds = {
        "x-seed0": {"A3": [judged("A3", **{STEPS: 5.0}), judged("A3", **{STEPS: 50.0})]},
        "y-seed0": {"A3": [judged("A3", **{STEPS: 50.0})]},
    }
    verdicts, notes = verdict_matrix(seeds, ["A3", "A8"])
    assert verdicts.loc["A3"].to_dict() == {"x": "reproduced", "y": "not reproduced"}
    assert notes.loc["A3"].to_dict() == {"x": "1/2", "y": ""}
    assert (verdicts.loc["A8"] == "").all() and (notes.loc["A8"] == "").all()


def test_claims_hold_together_in_a_seed_where_all_of_them_do(tmp_path):
    records, networks = tmp_path / "records", tmp_path / "networks"
    for name, steps in (("x-seed0", 5.0), ("y-seed0", 50.0)):
        record(name, "A3", {STEPS: steps}, records)
        record(name, "A8", AUC, records)
    leave_seed(networks, "y-seed1", A3={STEPS: 5.0}, A8=AUC)
    leave_seed(networks, "y-seed2", A3={STEPS: 5.0})  # was not asked about A8, and does not count
    record("z-seed0", "A3", {STEPS: 5.0}, records)
    found = together(["y-seed0", "x-seed0", "z-seed0"], ["A3", "A8"], networks, records)
    assert found.networks == ["x"] and found.n_judged == 2  # z was asked about one claim alone
    assert found.held.to_dict() == {("y", 0): False, ("y", 1): True, ("x", 0): True}
    assert found.by_seeds.loc["y"].to_dict() == {"A3": "1 of 2", "A8": "2 of 2", "together": "1 of 2"}
    assert list(found.by_seeds.index) == ["y", "x"]
    assert found.verdicts.loc["y", "A3"] == "not reproduced" and found.verdicts.isna().loc["z", "A8"]


def test_a_claim_over_networks_is_not_judged_from_a_part_of_them(tmp_path, monkeypatch):
    for name in ("x-seed0", "y-seed0"):
        record(name, "A3", {STEPS: 5.0}, tmp_path)
        record(name, "A8", AUC, tmp_path)
    monkeypatch.setattr("lib.book.overview.paper_a", lambda: ["x-seed0", "y-seed0"])
    both, one = (together(names, ["A3", "A8"], tmp_path, tmp_path) for names in (["x-seed0", "y-seed0"], ["x-seed0"]))
    assert both.measure() == {"networks where A3 and A8 hold": 2}
    assert math.isnan(one.measure()["networks where A3 and A8 hold"])


@pytest.mark.parametrize("key", ["A13", "A13D", "A13b"])
def test_the_measure_over_networks_is_the_one_that_the_ledger_asks(key, tmp_path):
    claim = ledger()[key]
    assert set(together([], claim.over_networks, tmp_path, tmp_path).measure()) == set(claim.measures)


def test_the_parts_of_the_mechanism_stand_at_both_tolerances(records):
    overlap = {"median |r₁·m|": 0.9, "median |r₁·t|, t the curve's tangent": 0.9}
    overlap["median |r₁·m| over the random 99.9th percentile"] = 4.0
    record("fast-seed0", "A10", overlap, records)
    record("fast-seed0", "A10D", overlap | {"median |r₁·m|": 0.7}, records)
    found = parts_of_mechanism(["fast-seed0", "blank-seed0"], records).set_index(["network", "measure"])
    assert found.loc[("fast", "|r₁·m|")].to_dict() == {"strict": 0.9, "loose": 0.7}
    assert found.loc["blank"].isna().all(axis=None) and len(found) == 2 * len(PARTS)


def test_the_bounds_of_the_parts_are_those_of_the_criteria():
    assert bounds_of_parts()["|r₁·m|"] == [0.8] and bounds_of_parts()[SPREAD] == [0.333, 3.0]
    assert set(bounds_of_parts()) == set(PARTS)
