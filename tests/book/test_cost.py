import json

import pandas as pd
import pytest

from lib.book import cost
from lib.book.cost import (
    all_done,
    beside_seeds,
    costs,
    gain_in_words,
    grid_seconds,
    in_words,
    longest_in_words,
    within_in_words,
)


def trained(architecture, seed, seconds, rate, dataset="yelp", processor="CPU"):
    """A training as a row of the table."""
    name = f"{dataset}-{architecture}-seed{seed}"
    of = {"name": name, "dataset": dataset, "architecture": architecture, "variant": "", "seed": seed, "processor": processor}
    return of | {"device": processor.lower(), "seconds": seconds, "tokens": seconds * rate, "rate": rate}


@pytest.fixture
def table():
    """GRUs and a vanilla network on a core, a GRU of more classes on a GPU."""
    rows = [trained("gru", seed, seconds, 1000.0) for seed, seconds in enumerate((100.0, 300.0, 200.0))]
    rows += [trained("vanilla", 0, 50.0, 2000.0), trained("gru", 0, 1.0, 8000.0, "yelp3", "GPU")]
    return pd.DataFrame(rows)


@pytest.fixture
def notes(tmp_path):
    lines = ("# by hand", "corpus,architecture,processes,tokens_per_second,validation_accuracy", "sst,gru,1,10,0.8")
    (tmp_path / "gpu.csv").write_text("\n".join([*lines, "sst,vanilla,1,4000,", ",gru,several,9000,"]))
    return cost.noted(tmp_path / "gpu.csv")


def test_a_cell_costs_the_median_of_its_seeds_and_on_a_gpu_its_tokens_at_the_rate_there(table, notes):
    of = costs(table, notes).set_index("architecture")
    assert of.loc["gru", "CPU"] == 200 and of.loc["gru", "GPU"] == 200 * 1000 / 8000
    assert of.loc["vanilla", "GPU"] == 50 * 2000 / 4000  # which no network of the folders was trained at


@pytest.mark.parametrize(("workers", "seconds"), [(1, 12), (2, 6), (3, 5), (9, 5)])
def test_tasks_are_done_the_longest_first_by_whoever_is_free(workers, seconds):
    assert all_done([5.0, 1.0, 3.0, 3.0], workers) == seconds


def test_a_grid_is_spread_evenly_over_the_cells(table, notes):
    of = costs(table, notes)  # 200 and 50 seconds
    assert grid_seconds(of, 4, "CPU", 1) == 500
    assert grid_seconds(of, 5, "CPU", 1) == 500 + of["CPU"].iloc[0]
    assert grid_seconds(of, 4, "CPU", 4) == 200


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30.0, "0.5 minutes"),
        (2400.0, "40 minutes"),
        (5400.0, "1.5 hours"),
        (12600.0, "3.5 hours"),
        (12 * 86400.0, "12 days"),
        (1e8, "1,157 days"),
    ],
)
def test_a_span_of_time_has_the_unit_that_reads_best(seconds, words):
    assert in_words(seconds) == words


def test_more_cores_than_networks_do_not_help(table, notes):
    of = costs(table, notes)
    assert longest_in_words(of, 4, 4).endswith("yelp-gru (3.3 minutes on a core): more cores would not help.")
    assert longest_in_words(of, 4, 1).startswith(
        "The longest training, yelp-gru, takes 3.3 minutes on a core, less than the 8.3"
    )


def test_the_gain_of_a_gpu_is_told_where_the_same_corpus_was_read(table, notes):
    assert gain_in_words(cost.rate_table(table, notes)).endswith("is as fast as 8 cores for gru.")


def test_a_gpu_is_judged_by_the_spread_of_the_seeds(notes):
    def seeds(*accuracies):
        return pd.DataFrame({"architecture": "gru", "seed": range(3), "accuracy": accuracies})

    near, far = (beside_seeds(seeds(*values), notes) for values in ((0.79, 0.81, 0.80), (0.899, 0.901, 0.900)))
    assert near["within"].all() and not far["within"].any()
    assert within_in_words(near) == "Within the spread of the CPU's seeds: 1 of 1."
    assert within_in_words(far) == "Within the spread of the CPU's seeds: 0 of 1; not so gru."


def test_a_training_is_read_from_its_folder(published_folder):
    (row,) = cost.trainings(published_folder.parent).to_dict("records")
    history = json.loads((published_folder / "metrics.json").read_text())["history"]
    assert row["seconds"] == pytest.approx(sum(entry["seconds"] for entry in history)) and row["processor"] == "CPU"
    assert row["tokens"] / row["seconds"] == pytest.approx(row["rate"], rel=0.5)


def test_the_space_of_a_network_is_that_of_its_files(published_folder, monkeypatch):
    monkeypatch.setattr(cost, "paper_a", lambda seeds=False: [published_folder.name])
    found = cost.space(published_folder.parent)
    assert found.whole == sum(file.stat().st_size for file in published_folder.iterdir()) and found.whole_files == 5
    (checkpoint,) = (published_folder.parent / "checkpoints").glob("*.safetensors")
    assert found.checkpoint == pytest.approx(checkpoint.stat().st_size, rel=0.3)
    table = cost.space_table(found, 1000)
    assert table["files"].tolist() == [5000, 5000, 1000, 1000 * cost.JOB_FILES]
