import math

import numpy as np
import pandas as pd
import pytest
import torch

from lib.book.searches import along_the_mean_token
from lib.dynamics.bifurcation import branches, is_whole, kind
from lib.dynamics.cells import Step
from lib.training.folder import load

STARTS = torch.linspace(-2, 2, 9)[:, None]
ONE = torch.ones(1)


def cusp(gain):
    """h' = tanh(g h + x): for g > 1 three fixed points at x = 0, and one where |x| is large."""
    return Step(lambda h, x: torch.tanh(gain * h + x), 1, 1)


def test_a_planted_cusp_has_three_fixed_points_in_the_middle_and_one_outside():
    found = branches(cusp(1.5), STARTS, ONE, ONE)
    edge = math.sqrt(1 - 1 / 1.5)  # of h, where two of the fixed points meet, at x = atanh(h) − g h
    fold = abs(math.atanh(edge) - 1.5 * edge)
    for factor, here in found.groupby("factor"):
        assert kind(here) == ("2 sinks and 1 saddle" if abs(factor) < fold else "1 sink")
        assert is_whole(here)


def test_the_points_of_a_cusp_are_where_its_equation_has_them():
    found = branches(cusp(1.5), STARTS, ONE, ONE)
    for row in found.itertuples():
        assert math.tanh(1.5 * row.position + row.factor) == pytest.approx(row.position, abs=1e-6)
        slope = 1.5 * (1 - row.position**2)
        assert row.n_unstable == int(slope > 1)
        assert row.tau == pytest.approx(abs(1 / math.log(slope)), rel=1e-3)


def test_a_pitchfork_opens_with_the_gain():
    """In x = 0 the middle point turns from a sink to a saddle with a sink on each side."""
    assert kind(branches(cusp(0.9), STARTS, ONE, ONE, [0.0])) == "1 sink"
    assert kind(branches(cusp(1.1), STARTS, ONE, ONE, [0.0])) == "2 sinks and 1 saddle"


def test_a_saddle_is_found_between_sinks_that_are_found():
    outside = torch.tensor([[-1.5], [1.5]])
    assert kind(branches(cusp(1.5), outside, ONE, ONE, [0.0])) == "2 sinks and 1 saddle"


def test_a_linear_cell_has_one_sink_for_every_input():
    cell = Step(lambda h, x: 0.5 * h + x, 2, 2)
    found = branches(cell, torch.randn(5, 2), torch.tensor([1.0, 0.0]), torch.tensor([1.0, 0.0]), [-1.0, 0.0, 2.0])
    assert list(found["n_unstable"]) == [0, 0, 0]
    assert np.allclose(found["position"], [-2, 0, 4], atol=1e-5)
    assert np.allclose(found["tau"], 1 / math.log(2), rtol=1e-4)


@pytest.mark.parametrize(
    ("n_unstable", "told", "whole"),
    [
        ([0], "1 sink", True),
        ([0, 1, 0], "2 sinks and 1 saddle", True),
        ([0, 0], "2 sinks", False),
        ([0, 1, 0, 1, 0], "3 sinks and 2 saddles", True),
        ([1], "0 sinks and 1 saddle", False),
        ([], "no fixed point found", False),
    ],
)
def test_fixed_points_are_told_in_words(n_unstable, told, whole):
    here = pd.DataFrame({"n_unstable": np.array(n_unstable, dtype=int)})
    assert (kind(here), is_whole(here)) == (told, whole)


def test_a_published_network_is_followed_along_its_mean_token(published_folder):
    saved = load(published_folder)
    found = along_the_mean_token(saved, saved.network.readout_axis, 5)
    assert set(found["factor"]) == set(np.arange(-1, 2.01, 0.25))
    assert (found["tau"] >= 0).all()
