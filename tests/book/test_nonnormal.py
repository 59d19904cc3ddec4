import pandas as pd
import pytest
import torch
from counter import DECAY, counter
from torch.testing import assert_close

from lib.book.nonnormal import at_rest, excess_growth, extremes, peaks, quantiles, selection, share_between, summary
from lib.dynamics.linearization import LinearSystem

SHEAR = 2.0
WORDS = {"positive": torch.tensor([[1.0, 0]]), "negative": torch.tensor([[-1.0, 0]]), "neutral": torch.tensor([[0.0, 1]])}


def linear_system(jacobians):
    """h' = J h + x at the origin, a point a matrix."""
    origin = torch.zeros(len(jacobians), 2)
    return LinearSystem(origin, origin, jacobians, torch.eye(2).expand(len(jacobians), 2, 2), torch.zeros(2))


@pytest.fixture
def sheared():
    """Two points with J = [[0.9, SHEAR], [0, 0.5]]: r₁ = e₁, ℓ₁ = e₁ + SHEAR/0.4 e₂."""
    jacobian = torch.tensor([[0.9, SHEAR], [0, 0.5]]).expand(2, 2, 2)
    return linear_system(jacobian)


def chosen(system):
    return selection(system, WORDS, readout=torch.tensor([-1.0, 0]), age=3)


def test_the_mode_of_the_evidence_is_the_one_that_keeps_it_and_is_read(sheared):
    at = chosen(sheared)
    assert at.mode.tolist() == [0, 0]
    assert_close(at.right, torch.tensor([[-1.0, 0]]).expand(2, 2))  # towards the positive end of the readout
    assert_close(at.left, torch.tensor([[-1.0, -SHEAR / 0.4]]).expand(2, 2))
    assert_close(at.largest.float(), torch.full((2,), 0.9))
    assert at.selected_over_arriving(at.valenced()) == pytest.approx(1)
    assert at.selected_over_arriving(at.effects["positive"] + at.effects["neutral"]) == pytest.approx(1 + SHEAR / 0.4)


def test_a_mode_that_a_defective_jacobian_does_not_have_is_never_that_of_the_evidence():
    jacobian = torch.tensor([[0.9, 0, 0], [0, 0.5, 1], [0, 0, 0.5]])[None]
    origin = torch.zeros(1, 3)
    system = LinearSystem(origin, origin, jacobian, torch.eye(3)[None], torch.zeros(3))
    words = {name: torch.cat((x, torch.ones(1, 1)), 1) for name, x in WORDS.items()}
    at = selection(system, words, readout=torch.tensor([1.0, 1.0, 1.0]), age=3)
    assert at.modes.left.isnan().any() and at.mode.tolist() == [0]
    assert_close(at.left, torch.tensor([[1.0, 0, 0]]))


def test_powers_of_a_sheared_matrix_outgrow_its_spectrum_and_those_of_a_normal_one_do_not(sheared):
    square = torch.tensor([[0.9, SHEAR], [0, 0.5]]).matrix_power(2)
    expected = torch.linalg.matrix_norm(square, 2) / 0.9**2
    assert_close(excess_growth(chosen(sheared), [2]).float(), expected.expand(2))
    normal = linear_system(torch.diag(torch.tensor([0.9, 0.5]))[None])
    assert_close(excess_growth(chosen(normal), [1, 5]).float(), torch.ones(1))


def test_a_row_of_the_table_says_what_a_sheared_system_does(sheared):
    row = summary(chosen(sheared), torch.eye(2)[None], 4, torch.Generator().manual_seed(0))
    assert row["|λ₁|"] == pytest.approx(0.9)
    assert row["before training"] == pytest.approx(0, abs=1e-6)
    assert row["evidence mode"] == 1
    assert row["growth of words"] == pytest.approx(0.9)  # along r₁ they only decay
    assert row["of random directions"] > row["growth of words"]


def test_a_counter_rests_anywhere():
    jacobian, speed = at_rest(counter().network.cell)
    assert_close(jacobian, torch.diag(torch.tensor([1.0, DECAY]))[None])
    assert speed == 0


def test_peaks_leave_out_the_first_step():
    lengths = torch.tensor([[9.0, 9], [1, 2], [3, 1]])[:, None]  # two directions at one point
    assert peaks(lengths) == {"peak": 2.0, "peak_at": 1.0}  # torch's median of an even number is the lower


def test_quantiles_are_over_samples():
    values = torch.arange(11.0)[:, None].expand(-1, 3)
    assert_close(quantiles(values), torch.tensor([[1.0, 5, 9]], dtype=torch.float64).expand(3, 3))


def test_extremes_name_their_network():
    told = extremes("tilt", pd.Series({"a": 3.0, "b": 1.0, "c": 2.0}))
    assert told == {"tilt_low": 1.0, "tilt_low_network": "b", "tilt_high": 3.0, "tilt_high_network": "a"}


@pytest.mark.parametrize(("values", "share"), [([0.0, 0, 1, 1], 1.0), ([0.0, 1, 0, 1], 0.0)])
def test_share_of_variance_between_groups(values, share):
    assert share_between(pd.Series(values), ["a", "a", "b", "b"]) == pytest.approx(share)
