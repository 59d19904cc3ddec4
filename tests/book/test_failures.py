import json

import pandas as pd
import pytest

from lib.book import failures
from lib.book.failures import dots_and_lines
from lib.training.catalogue import NETWORKS


def test_dots_are_counted_with_their_saddles():
    table = {
        "spread at 1e-8": [0.1, 0.2, 0.5, 1.0],
        "spread at q_D": [0.9, 0.1, 0.9, float("nan")],
        "saddles": [1, 0, 1, 0],
    }
    counted = dots_and_lines(pd.DataFrame(table))
    assert counted == {"n_dots": 2, "n_dots_saddle": 1, "n_dots_drift": 1, "n_lines": 2, "n_lines_saddle": 1}


@pytest.mark.parametrize("columns", [failures.RESTING, failures.BENT, failures.MEMORY, failures.ONE_STEP])
def test_every_column_is_a_measure_that_some_network_has_on_record(columns):
    claims = json.loads((NETWORKS / "sst-gru-seed1" / "claims.json").read_text())
    assert all(measure in claims[claim] for claim, measure in columns.values())
