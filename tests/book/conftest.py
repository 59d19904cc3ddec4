"""A planted experiment, whose effects are known, and the networks that read in the browser."""

from itertools import product

import pandas as pd
import pytest

from lib.book import browser
from lib.training import NETWORKS, load


@pytest.fixture(scope="session")
def factorial():
    """Makes a table with every run of the factorial, its measures from `value(row)`."""
    factors = {
        "dataset": ["sst"],
        "architecture": ["gru", "lstm"],
        "vectors": ["learned", "glove", "centred"],
        "start": ["uniform", "glorot", "orthogonal"],
        "dropout": ["free", "dropout"],
        "seed": [0, 1, 2],
    }
    rows = [dict(zip(factors, levels, strict=True)) for levels in product(*factors.values())]
    return lambda value: pd.DataFrame([row | value(row) for row in rows])


@pytest.fixture(scope="session")
def planted(factorial):
    """Learned vectors and the Glorot start each give a line; GloVe's one-step error is four times that of learned vectors."""
    return factorial(
        lambda row: {
            "line": row["vectors"] == "learned" or row["start"] == "glorot",
            "one_step": {"learned": 0.05, "glove": 0.2, "centred": 0.1}[row["vectors"]] * (1 + row["seed"]),
            "accuracy": 0.8 + 0.01 * (row["dropout"] == "dropout") + 0.02 * row["seed"],
        }
    )


@pytest.fixture(scope="session")
def reading():
    """The networks that read in the browser."""
    return {name: load(NETWORKS / name) for name in ("imdb-gru-seed0", "imdb-vanilla-seed0", "yelp-gru-seed0")}


@pytest.fixture(scope="session")
def scripts(reading):
    return {name: browser.script(saved) for name, saved in reading.items()}
