import json
import math
from itertools import product

import numpy as np
import pandas as pd
import pytest

from lib.book.findings import (
    MEASURED,
    advice,
    answer,
    both_recipes,
    counted,
    crossings,
    cut_told,
    effects,
    epochs_told,
    judged,
    judged_epochs,
    lines,
    recipes_told,
    size_told,
)
from lib.book.ledger import ledger
from lib.book.statistics import effect


def factorial(value):
    """A planted table: every run of the factorial, its measures from `value(row)`."""
    factors = {
        "dataset": ["sst"],
        "architecture": ["gru", "lstm"],
        "vectors": ["learned", "glove", "centred"],
        "start": ["uniform", "glorot", "orthogonal"],
        "dropout": ["free", "dropout"],
        "seed": [0, 1, 2],
    }
    rows = [dict(zip(factors, levels, strict=True)) for levels in product(*factors.values())]
    return pd.DataFrame([row | value(row) for row in rows])


PLANTED = factorial(
    lambda row: {
        "line": row["vectors"] == "learned" or row["start"] == "glorot",
        "one_step": {"learned": 0.05, "glove": 0.2, "centred": 0.1}[row["vectors"]] * (1 + row["seed"]),
        "accuracy": 0.8 + 0.01 * (row["dropout"] == "dropout") + 0.02 * row["seed"],
    }
)


def test_an_effect_is_the_difference_between_paired_runs():
    assert effect(PLANTED, "dropout", ("dropout", "free"), "accuracy") == pytest.approx((0.01, 0.01, 0.01))
    mean, low, high = effect(PLANTED, "vectors", ("learned", "glove"), "line")
    assert mean == pytest.approx(2 / 3)
    assert 0.4 < low < mean < high < 0.9


def test_the_ratio_of_errors_is_a_geometric_mean():
    assert effect(PLANTED, "vectors", ("glove", "learned"), "one_step", ratio=True) == pytest.approx((4, 4, 4))


def test_an_interval_covers_the_true_difference_as_often_as_it_says():
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(100):
        noisy = factorial(lambda row: {"value": 0.5 * (row["start"] == "glorot") + rng.normal()})
        _, low, high = effect(noisy, "start", ("glorot", "uniform"), "value", n_resamples=400)
        covered += low <= 0.5 <= high
    assert 85 <= covered <= 100


def test_runs_without_their_partner_are_left_out():
    half = PLANTED[(PLANTED["vectors"] == "learned") | (PLANTED["seed"] == 0)]
    assert effect(half, "vectors", ("glove", "learned"), "one_step", ratio=True) == pytest.approx((4, 4, 4))
    alone = PLANTED[PLANTED["vectors"] == "learned"]
    assert all(math.isnan(value) for value in effect(alone, "vectors", ("glove", "learned"), "one_step"))


def test_every_contrast_has_a_row():
    found = effects(PLANTED, "accuracy")
    assert found.loc["dropout 0.5 against none", "effect"] == pytest.approx(0.01)
    assert found.loc["Glorot start against uniform", "effect"] == pytest.approx(0)
    assert len(found) == 5


def test_the_claims_are_judged_by_the_measures_of_the_ledger():
    found = judged(PLANTED) | {"R4": judged_epochs({})}
    claims = ledger()
    for key, values in found.items():
        assert {criterion.measure for criterion in claims[key].criteria} <= set(values)
    verdicts = {key: claims[key].verdict(found[key]) for key in ("R1", "R2", "R3")}
    assert verdicts == {"R1": "reproduced", "R2": "reproduced", "R3": "reproduced"}


@pytest.mark.parametrize(
    ("spreads", "n"),
    [([0.1, 0.5, 0.1], 2), ([0.1, 0.2, 0.5, 0.9], 1), ([0.5] * 3, 0), ([], 0), ([0.1, None, 0.5, math.nan, 0.1], 2)],
)
def test_a_line_comes_and_goes_where_the_spread_crosses_a_third(spreads, n):
    assert crossings(spreads) == n


def test_epochs_are_judged_by_the_median_over_networks():
    planted = {str(n): {"moments": [{"spread": 0.1 if i % 2 else 0.9} for i in range(n + 1)]} for n in (1, 2, 5)}
    measure = "times that the spread along m crosses 1/3, median over the networks followed"
    assert judged_epochs(planted)[measure] == 2
    assert math.isnan(judged_epochs({})[measure])


def test_both_recipes_are_read_from_each_seed(tmp_path):
    def leave(name, accuracy):
        (tmp_path / name).mkdir()
        (tmp_path / name / "claims.json").write_text(json.dumps({"A14": {"test accuracy": accuracy}, "A7": {}}))

    leave("sst-gru-seed1", 0.8)
    leave("sst-gru-glove-seed0", 0.7)
    leave("sst-gru-glove-b16-seed0", 0.1)
    records = tmp_path / "records" / "sst-gru-seed0"
    records.mkdir(parents=True)
    (tmp_path / "sst-gru-seed0").mkdir()
    (records / "A14.json").write_text(json.dumps({"test accuracy": 0.9}))
    found = both_recipes(["sst-gru", "sst-lstm"], tmp_path, tmp_path / "records")
    assert list(found["recipe"]) == ["A", "A", "B"] and list(found["seed"]) == [0, 1, 0]
    assert list(found["accuracy"]) == [0.9, 0.8, 0.7]
    assert found["tau"].isna().all()


def test_a_shorter_cut_is_told_by_what_it_changes(tmp_path):
    for name, factor in (("imdb-gru-seed0", 1), ("imdb-gru-short-seed0", 2)):
        (tmp_path / name).mkdir()
        found = {}
        for key, (claim, measure) in MEASURED.items():
            found.setdefault(claim, {})[measure] = {"tau": 100.0, "spread": 0.5}.get(key, 0.4) * factor
        (tmp_path / name / "claims.json").write_text(json.dumps(found))
    told = cut_told("imdb-gru-seed0", "imdb-gru-short-seed0", tmp_path, tmp_path / "records")
    assert "last 400 tokens in place of up to 1,000" in told and "slowest τ in tokens 200 instead of 100" in told
    assert "spread of the points 1 instead of 0.5" in told
    assert cut_told("imdb-gru-seed0", "imdb-gru-seed7", tmp_path, tmp_path / "records") == "Not trained yet: make grid."


NONE = pd.DataFrame()
SIZES = pd.DataFrame({"n_documents": [100, 400, 1600] * 2, "tau": [10.0, 20.0, 40.0] * 2})


def test_what_is_not_trained_is_said():
    told = [answer(NONE), advice(NONE), counted(NONE, "start"), epochs_told({}), size_told(NONE)]
    assert told == ["Not trained yet: make experiment."] * 5
    assert recipes_told(both_recipes([])) == "Not trained yet: make grid."


def test_the_answer_says_whether_vectors_decide():
    decided = "Word vectors decide it: with all else alike, there is a line in 36 of 36 with learned vectors, 12 of 36"
    assert answer(PLANTED).startswith(decided)
    assert "with GloVe is 4 times that" in answer(PLANTED)
    assert answer(PLANTED.assign(line=True)).startswith("Word vectors do not decide it")
    assert answer(PLANTED.assign(line=PLANTED["vectors"] == "glove")).startswith("GloVe favours the line")
    assert answer(PLANTED[PLANTED["vectors"] == "learned"]) == "Not trained yet: make experiment."


def test_the_advice_is_the_level_with_the_most_lines():
    assert advice(PLANTED).startswith("To see a line attractor, train with learned vectors and the Glorot start: 12 of 12")
    better = PLANTED.assign(accuracy=PLANTED["accuracy"] + 0.04 * (PLANTED["vectors"] == "glove"))
    assert "by 0.04 (95 %: 0.04 to 0.04): the better" in advice(better)


def test_runs_with_a_line_are_counted_by_level():
    drift = PLANTED.assign(drift_spread=np.where(PLANTED["start"] == "glorot", 0.5, 0.1))
    told = "0 of 36 with torch’s uniform start, 36 of 36 with the Glorot start, 0 of 36 with the orthogonal start"
    assert counted(drift, "start", at_drift=True) == told


def test_epochs_are_told_network_by_network():
    moments = [{"spread": value, "n_saddles": n} for value, n in ((0.1, 0), (0.5, 2), (None, 0), (0.2, 1))]
    told = epochs_told({"sst-gru-seed0": {"moments": moments}})
    assert "crosses a third of the states’ in sst-gru twice (a third or more at 1 of 4 moments)." in told
    assert told.endswith("a saddle was found at 1 of 1 where the points spread that far, and at 1 of 2 where they did not.")


def test_a_growth_with_the_text_is_carried_on():
    told = size_told(SIZES)
    assert "From 100 to 1,600 reviews the slowest mode goes from 10 to 40 tokens" in told
    assert "multiplies it by 2." in told
    assert "would be 707 tokens" in told


def test_both_recipes_are_told_with_their_medians():
    measures = {"accuracy": 0.9, "variance_3": 0.9, "alignment": 1.0, "one_step": 0.1, "tau": 50.0}
    rows = [{"cell": "c", "recipe": recipe, "seed": 0, "spread": wide} | measures for recipe, wide in (("A", 0.9), ("B", 0.1))]
    told = recipes_told(pd.DataFrame(rows))
    assert "in 1 of 1 networks with paper A’s recipe and in 0 of 1 with paper B’s" in told
    assert "error of one linear step 0.1 against 0.1; share" in told
    more = [{"cell": "d", "recipe": "A", "seed": seed, "spread": 0.9} | measures | {"one_step": 0.3} for seed in range(3)]
    assert "error of one linear step 0.2 against 0.1; share" in recipes_told(pd.DataFrame(rows + more))


def test_a_network_has_a_line_by_what_is_on_record(tmp_path):
    def leave(name, converged, extent):
        (tmp_path / name).mkdir()
        (tmp_path / name / "A4.json").write_text(json.dumps({"share of starts that converge": converged}))
        (tmp_path / name / "A5.json").write_text(
            json.dumps(
                {
                    "first-axis share": 0.9,
                    "variance inside the first 3 PCs of the states": 0.95,
                    "spread of the points over that of the states, along m": extent,
                }
            )
        )

    leave("a-line", 1.0, 0.9)
    leave("a-dot", 1.0, 0.1)
    leave("stuck", 0.5, 0.9)
    assert lines(["a-line", "a-dot", "stuck", "nothing"], tmp_path) == ["a-line"]


def test_the_line_is_back_without_the_mean_and_the_size_of_glove():
    assert "without them the line is back" in answer(PLANTED.assign(line=PLANTED["vectors"] != "glove"))
    assert "the line is back" not in answer(PLANTED.assign(line=PLANTED["vectors"] == "learned"))
