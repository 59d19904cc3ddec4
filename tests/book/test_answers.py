import json

import numpy as np
import pandas as pd

from lib.book.answers import (
    advice,
    both_recipes,
    changes,
    listed,
    more_text,
    n_with_a_line,
    over_epochs,
    shorter_cut,
    what_decides,
    with_interval,
)
from lib.book.findings import MEASURED

NONE = pd.DataFrame()
SIZES = pd.DataFrame({"n_documents": [100, 400, 1600] * 2, "tau": [10.0, 20.0, 40.0] * 2})


def test_networks_are_listed_without_the_seed_of_the_published_one():
    assert listed(["sst-gru-seed0", "sst-gru-seed1"]) == "sst-gru, sst-gru-seed1"
    assert listed([]) == "none" and listed([], none="nowhere") == "nowhere"


def test_a_value_and_its_interval_stay_on_one_line():
    assert with_interval(1.04, -0.25, 2.0) == "1.0\u00a0[-0.2,\u00a02.0]"
    assert with_interval(*[float("nan")] * 3) == "—"


def test_a_change_of_the_recipe_is_told_by_what_it_sets():
    assert changes({"learning_rate": 0.002, "decay": 0.2}) == "learning rate 0.002, decay 0.2"
    assert changes({}) == "nothing"


def test_what_is_not_trained_is_said():
    told = [what_decides(NONE), advice(NONE), n_with_a_line(NONE, "start"), over_epochs({}), more_text(NONE)]
    assert told == ["Not trained yet: make experiment."] * 5
    assert both_recipes(pd.DataFrame(columns=["recipe"])) == "Not trained yet: make grid."


def test_the_answer_says_whether_vectors_decide(planted):
    decided = "Word vectors decide it: with all else alike, there is a line in 36 of 36 with learned vectors, 12 of 36"
    assert what_decides(planted).startswith(decided)
    assert "with GloVe is 4 times that" in what_decides(planted)
    assert what_decides(planted.assign(line=True)).startswith("Word vectors do not decide it")
    assert what_decides(planted.assign(line=planted["vectors"] == "glove")).startswith("GloVe favours the line")
    assert what_decides(planted[planted["vectors"] == "learned"]) == "Not trained yet: make experiment."


def test_the_line_is_back_without_the_mean_and_the_size_of_glove(planted):
    assert "without them the line is back" in what_decides(planted.assign(line=planted["vectors"] != "glove"))
    assert "the line is back" not in what_decides(planted.assign(line=planted["vectors"] == "learned"))


def test_the_advice_is_the_level_with_the_most_lines(planted):
    assert advice(planted).startswith("To see a line attractor, train with learned vectors and the Glorot start: 12 of 12")
    better = planted.assign(accuracy=planted["accuracy"] + 0.04 * (planted["vectors"] == "glove"))
    assert "by 0.04 (95 %: 0.04 to 0.04): the better" in advice(better)


def test_runs_with_a_line_are_told_by_level(planted):
    drift = planted.assign(drift_spread=np.where(planted["start"] == "glorot", 0.5, 0.1))
    told = "0 of 36 with torch’s uniform start, 36 of 36 with the Glorot start, 0 of 36 with the orthogonal start"
    assert n_with_a_line(drift, "start", at_drift=True) == told


def test_epochs_are_told_network_by_network():
    moments = [{"spread": value, "n_saddles": n} for value, n in ((0.1, 0), (0.5, 2), (None, 0), (0.2, 1))]
    told = over_epochs({"sst-gru-seed0": {"moments": moments}})
    assert "crosses a third of the states’ in sst-gru twice (a third or more at 1 of 4 moments)." in told
    assert told.endswith("a saddle was found at 1 of 1 where the points spread that far, and at 1 of 2 where they did not.")


def test_a_growth_with_the_text_is_carried_on():
    told = more_text(SIZES)
    assert "From 100 to 1,600 reviews the slowest mode goes from 10 to 40 tokens" in told
    assert "multiplies it by 2." in told
    assert "would be 707 tokens" in told


def test_both_recipes_are_told_with_their_medians():
    measures = {"accuracy": 0.9, "variance_3": 0.9, "alignment": 1.0, "one_step": 0.1, "tau": 50.0}
    rows = [{"cell": "c", "recipe": recipe, "seed": 0, "spread": wide} | measures for recipe, wide in (("A", 0.9), ("B", 0.1))]
    told = both_recipes(pd.DataFrame(rows))
    assert "in 1 of 1 networks with paper A’s recipe and in 0 of 1 with paper B’s" in told
    assert "error of one linear step 0.1 against 0.1; share" in told
    more = [{"cell": "d", "recipe": "A", "seed": seed, "spread": 0.9} | measures | {"one_step": 0.3} for seed in range(3)]
    assert "error of one linear step 0.2 against 0.1; share" in both_recipes(pd.DataFrame(rows + more))


def test_a_shorter_cut_is_told_by_what_it_changes(tmp_path):
    for name, factor in (("imdb-gru-seed0", 1), ("imdb-gru-short-seed0", 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "metrics.json").write_text(json.dumps({"scores": {"test": {"accuracy": 0.4 * factor}}}))
        found = {}
        for key, (claim, measure) in MEASURED.items():
            found.setdefault(claim, {})[measure] = {"tau": 100.0, "spread": 0.5}.get(key, 0.4) * factor
        (tmp_path / name / "claims.json").write_text(json.dumps(found))
    told = shorter_cut("imdb-gru-seed0", "imdb-gru-short-seed0", tmp_path, tmp_path / "records")
    assert "last 400 tokens in place of up to 1,000" in told and "slowest τ in tokens 200 instead of 100" in told
    assert "test accuracy 0.8 instead of 0.4; spread of the points 1 instead of 0.5" in told
    assert shorter_cut("imdb-gru-seed0", "imdb-gru-seed7", tmp_path, tmp_path / "records") == "Not trained yet: make grid."
