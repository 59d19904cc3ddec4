import math

import pandas as pd
import pytest
from planted import cloud, line_attractor, saved

from lib.book.choices import input_point_table, largest_change

MEASURES = ["share of starts", "distinct points", "first-axis share", "slowest τ"]


def choices(**rows):
    return pd.DataFrame.from_dict(rows, orient="index", columns=MEASURES)


def test_the_largest_change_is_relative_to_the_reference_and_names_where():
    table = choices(reference=[1.0, 100, 0.8, 50.0], looser=[0.1, 1, 0.4, 60.0], more=[1.0, 500, 0.9, 20.0])
    assert largest_change(table) == (pytest.approx(0.6), "slowest τ", "more")


def test_what_could_not_be_measured_is_no_change():
    table = choices(reference=[1.0, 100, math.nan, 50.0], looser=[1.0, 1, math.nan, 55.0])
    assert largest_change(table) == (pytest.approx(0.1), "slowest τ", "looser")
    change, *named = largest_change(choices(reference=[1.0, 100, math.nan, math.nan], looser=[1.0, 100, 1.0, 1.0]))
    assert math.isnan(change) and named == ["no measure", "any choice"]


def test_input_points_stand_side_by_side_with_their_norm():
    network = saved(line_attractor(), cloud())
    network.network.embedding.weight[:] = 1.0
    rows = {"reference": [1.0, 9, 0.9, 5.0], "q < 1e-06": [0, 0, 0, 0], "x* = mean word": [0.5, 8, 0.8, 4.0]}
    found = input_point_table(network, choices(**rows, **{"x* = mean token": [0.4, 7, 0.7, 3.0]}))
    assert found.columns.tolist() == ["norm of x*", "share of starts", "first-axis share", "slowest τ"]
    assert found.index.tolist() == ["zero", "mean word", "mean token"]
    assert found["norm of x*"].tolist() == pytest.approx([0, 2**0.5, 2**0.5])
    assert found["slowest τ"].tolist() == [5, 4, 3]
