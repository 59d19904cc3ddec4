import math

import pytest
import torch
from planted import ALONG, N, cloud, line_attractor, points_at, saved

from lib.book.ledger import ledger
from lib.book.slow_points import curve_measures, drift_table, exact_table, stalled_told, sweep_table
from lib.dynamics.fixed_points import ExactPoints


def test_a_sweep_counts_what_is_left_of_the_first_starts():
    line = torch.outer(torch.linspace(-1, 1, 10), ALONG)
    half = points_at(line, torch.arange(10) < 5)
    one = points_at(line[:5], torch.arange(5) == 2)
    none = points_at(line[:1], torch.zeros(1, dtype=torch.bool))
    found = sweep_table({1e-6: points_at(line), 1e-7: half, 1e-8: one, 1e-9: none})
    assert found["tolerance"].tolist() == [1e-6, 1e-7, 1e-8, 1e-9]
    assert found["share of starts"].tolist() == [1, 0.5, 0.1, 0]
    assert found["distinct points"].tolist() == [10, 5, 1, 0]
    assert found["first-axis share"].tolist() == pytest.approx([1, 1, math.nan, math.nan], nan_ok=True)


def test_points_at_the_speed_of_the_task_are_described_by_how_far_they_may_drift():
    states = cloud()
    line = points_at(torch.outer(states[:, 0], ALONG))
    dot = points_at(1e-3 * torch.randn(4, N) + ALONG, torch.tensor([True, True, False, False]))
    found = drift_table(saved(line_attractor(), states), {0.1: dot, 0.3: line})
    assert found["share s"].tolist() == [0.1, 0.3]
    assert found["share of starts"].tolist() == [0.5, 1]
    assert found["slow where they stand"].tolist() == [1, 1]
    assert found["spread"].tolist() == pytest.approx([0, 1], abs=0.05)
    assert found["bins of 20"].tolist() == ["1", "20"]
    assert found["A5 at this speed"].tolist() == ["partly", "reproduced"]
    slow, fast = (float(q) for q in found["q_D"])
    assert fast / slow == pytest.approx(9, rel=0.1)


def test_exact_points_are_listed_by_their_logit_with_their_kind():
    network = saved(line_attractor(), cloud()).network
    network.readout.bias.zero_()
    states = torch.outer(torch.tensor([2.0, -3.0, 0.5]), ALONG).double()
    slow, everywhere, none = torch.full((3,), 1e-21).double(), torch.ones(3, dtype=torch.bool), torch.zeros(3, dtype=torch.long)
    found = exact_table(network, ExactPoints(states, slow, everywhere, none, torch.zeros(2), torch.tensor([0, 1, 0])))
    assert found["logit"].tolist() == [-3, 0.5, 2] and found["kind"].tolist() == ["saddle", "sink", "sink"]
    assert found["unstable directions"].tolist() == [1, 0, 0] and set(found["q"]) == {"1e-21"}


@pytest.mark.parametrize("sign", [1, -1])
def test_a_coordinate_that_keeps_the_order_matches_the_position_along_the_curve(sign):
    along = torch.linspace(-1, 1, 50)
    found = curve_measures(sign * (along**3).numpy(), torch.outer(along, ALONG), ALONG)
    assert found["rank correlation of θ with m"] == pytest.approx(1)
    assert ledger()["A6"].verdict(found) == "reproduced"


def test_a_coordinate_that_folds_the_curve_does_not_match_and_none_cannot():
    along = torch.linspace(-1, 1, 50)
    folded = curve_measures(along.abs().numpy(), torch.outer(along, ALONG), ALONG)
    assert ledger()["A6"].verdict(folded) == "not reproduced"
    assert math.isnan(curve_measures(None, torch.zeros(1, N), ALONG)["rank correlation of θ with m"])


def test_starts_that_do_not_converge_are_told_with_their_speed():
    states = torch.zeros(3, N)
    assert stalled_told(points_at(states)) == "No start ends elsewhere"
    told = stalled_told(points_at(states, torch.tensor([True, False, False])))
    assert told == "The others end in local minima of q (median 1)"
