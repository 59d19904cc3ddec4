import json
import math

import numpy as np
import pandas as pd
import pytest

from lib.book.findings import (
    SPREAD,
    both_recipes,
    crossings,
    effects,
    growth,
    judged,
    judged_epochs,
    lines,
    pitchfork,
    recipes_by_lines,
    with_a_line,
)
from lib.book.ledger import ledger
from lib.book.statistics import effect

NO_RUNS = pd.DataFrame()


def test_an_effect_is_the_difference_between_paired_runs(planted):
    assert effect(planted, "dropout", ("dropout", "free"), "accuracy") == pytest.approx((0.01, 0.01, 0.01))
    mean, low, high = effect(planted, "vectors", ("learned", "glove"), "line")
    assert mean == pytest.approx(2 / 3)
    assert 0.4 < low < mean < high < 0.9


def test_the_ratio_of_errors_is_a_geometric_mean(planted):
    assert effect(planted, "vectors", ("glove", "learned"), "one_step", ratio=True) == pytest.approx((4, 4, 4))


def test_an_interval_covers_the_true_difference_as_often_as_it_says(factorial):
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(100):
        noisy = factorial(lambda row: {"value": 0.5 * (row["start"] == "glorot") + rng.normal()})
        _, low, high = effect(noisy, "start", ("glorot", "uniform"), "value", n_resamples=400)
        covered += low <= 0.5 <= high
    assert 85 <= covered <= 100


def test_runs_without_their_partner_are_left_out(planted):
    half = planted[(planted["vectors"] == "learned") | (planted["seed"] == 0)]
    assert effect(half, "vectors", ("glove", "learned"), "one_step", ratio=True) == pytest.approx((4, 4, 4))
    alone = planted[planted["vectors"] == "learned"]
    assert all(math.isnan(value) for value in effect(alone, "vectors", ("glove", "learned"), "one_step"))


def test_every_contrast_has_a_row(planted):
    found = effects(planted, "accuracy")
    assert found.loc["dropout 0.5 against none", "effect"] == pytest.approx(0.01)
    assert found.loc["Glorot start against uniform", "effect"] == pytest.approx(0)
    assert len(found) == 5


def test_without_runs_there_is_no_effect_and_no_claim_can_be_tested():
    assert effects(NO_RUNS, "accuracy").isna().all(axis=None) and len(effects(NO_RUNS, "accuracy")) == 5
    found = judged(NO_RUNS) | {"R4": judged_epochs({})}
    assert {ledger()[key].verdict(found[key]) for key in ("R1", "R2", "R3", "R4")} == {"not testable here"}


def test_the_claims_are_judged_by_the_measures_of_the_ledger(planted):
    found = judged(planted) | {"R4": judged_epochs({})}
    claims = ledger()
    for key, values in found.items():
        assert {criterion.measure for criterion in claims[key].criteria} <= set(values)
    verdicts = {key: claims[key].verdict(found[key]) for key in ("R1", "R2", "R3")}
    assert verdicts == {"R1": "reproduced", "R2": "reproduced", "R3": "reproduced"}


def test_runs_with_a_line_are_counted_by_level(planted):
    found = with_a_line(planted, "vectors")
    assert found["n_lines"].to_dict() == {"learned": 36, "glove": 12, "centred": 12}
    assert (found["n"] == 36).all()


def test_at_the_drift_speed_a_line_is_as_long_as_the_states(planted):
    spread = {"uniform": 0.1, "glorot": 0.5, "orthogonal": 4.0}
    found = with_a_line(planted.assign(drift_spread=planted["start"].map(spread)), "start", at_drift=True)
    assert found["n_lines"].to_dict() == {"uniform": 0, "glorot": 36, "orthogonal": 0}


def test_of_recipes_with_as_many_lines_the_first_has_the_smaller_error(planted):
    found = recipes_by_lines(planted)
    assert list(found["share"]) == [1.0] * 5 + [0.0] * 4
    assert list(found.index[:3].get_level_values("vectors")) == ["learned"] * 3
    assert found.index[3] == ("centred", "glorot")


@pytest.mark.parametrize(
    ("spreads", "n"),
    [([0.1, 0.5, 0.1], 2), ([0.1, 0.2, 0.5, 0.9], 1), ([0.5] * 3, 0), ([], 0), ([0.1, None, 0.5, math.nan, 0.1], 2)],
)
def test_a_line_comes_and_goes_where_the_spread_crosses_a_third(spreads, n):
    assert crossings(spreads) == n


def test_epochs_are_judged_by_the_median_over_networks():
    trails = {str(n): {"moments": [{"spread": 0.1 if i % 2 else 0.9} for i in range(n + 1)]} for n in (1, 2, 5)}
    measure = "times that the spread along m crosses 1/3, median over the networks followed"
    assert judged_epochs(trails)[measure] == 2
    assert math.isnan(judged_epochs({})[measure])


def test_both_recipes_are_read_from_each_seed(tmp_path):
    def leave(name, accuracy, tau):
        (tmp_path / name).mkdir()
        (tmp_path / name / "metrics.json").write_text(json.dumps({"scores": {"test": {"accuracy": accuracy}}}))
        (tmp_path / name / "claims.json").write_text(json.dumps({"A7": {"median slowest τ (tokens)": tau}, "A10": {}}))

    leave("sst-gru-seed1", 0.8, 10.0)
    leave("sst-gru-glove-seed0", 0.7, None)
    leave("sst-gru-glove-b16-seed0", 0.1, 10.0)
    leave("sst-gru-seed0", 0.9, 10.0)
    records = tmp_path / "records" / "sst-gru-seed0"
    records.mkdir(parents=True)
    (records / "A7.json").write_text(json.dumps({"median slowest τ (tokens)": 20.0}))
    found = both_recipes(["sst-gru", "sst-lstm"], tmp_path, tmp_path / "records")
    assert list(found["recipe"]) == ["A", "A", "B"] and list(found["seed"]) == [0, 1, 0]
    assert list(found["accuracy"]) == [0.9, 0.8, 0.7]
    assert list(found["tau"][:2]) == [20.0, 10.0] and math.isnan(found["tau"][2])
    assert found["alignment"].isna().all()


def test_a_network_has_a_line_by_what_is_on_record(tmp_path):
    def leave(name, converged, extent):
        (tmp_path / name).mkdir()
        (tmp_path / name / "A4.json").write_text(json.dumps({"share of starts that converge": converged}))
        shape = {"first-axis share": 0.9, "variance inside the first 3 PCs of the states": 0.95}
        (tmp_path / name / "A5.json").write_text(json.dumps(shape | {SPREAD: extent}))

    leave("a-line", 1.0, 0.9)
    leave("a-dot", 1.0, 0.1)
    leave("too-long", 1.0, 3.1)
    leave("stuck", 0.5, 0.9)
    assert lines(["a-line", "a-dot", "too-long", "stuck", "nothing"], tmp_path) == ["a-line"]


def test_a_pitchfork_has_two_sinks_and_a_saddle_on_one_side_of_it():
    def points(factor, *n_unstable):
        return pd.DataFrame({"factor": factor, "n_unstable": list(n_unstable)})

    found = pitchfork(pd.concat([points(-1.0, 0), points(0.0, 0, 1, 0), points(1.0, 0, 0)]))
    assert found == {
        "at zero input": "2 sinks and 1 saddle",
        "at the mean token": "2 sinks",
        "inputs with two sinks or more": 2,
        "inputs where the points are complete": 2,
    }


def test_a_growth_with_the_text_is_a_power_law_carried_on():
    table = pd.DataFrame({"n_documents": [100, 400, 1600] * 2, "tau": [10.0, 20.0, 40.0] * 2})
    assert growth(table, 6400) == pytest.approx((0.5, 80.0))
