import pytest
import torch
from counter import KAPPA, STATES, STRENGTH, counter
from torch.testing import assert_close

from lib.book import searches
from lib.book.deflection import agreement, deflection, frequent_words, without_directions
from lib.book.probe import probe
from lib.dynamics.fixed_points import FixedPoints

MODIFIERS = ("not", "very")


@pytest.fixture
def at(monkeypatch):
    monkeypatch.setattr(searches, "_linearize", searches._linearize.func)
    n = len(STATES)
    zeros = torch.zeros(n)
    points = FixedPoints(STATES, zeros, torch.ones(n, dtype=torch.bool), zeros.long(), torch.zeros(2))
    return deflection(probe(counter(), MODIFIERS, 2), points, 3)


@pytest.fixture
def push(at):
    return at.push(at.probe.vectors(MODIFIERS))


def test_places_are_spread_along_the_readout_with_their_slow_mode(at):
    assert at.places[:, 0].tolist() == pytest.approx([-2, STATES[4, 0].item(), 2], abs=0.6)
    assert_close(at.left, torch.tensor([[1.0, 0]]).expand(3, -1))  # the count is kept and read
    assert_close(at.right, torch.tensor([[1.0, 0]]).expand(3, -1))
    assert at.real.all()
    assert_close(at[::2].places, at.places[::2])


def test_a_modifier_pushes_the_state_off_the_line(at, push):
    assert_close(push, torch.tensor([[[0.0, -1]], [[0, 1]]]).expand(-1, 3, -1))
    assert_close(at.lasting(push), torch.zeros(2, 3, 2))
    along = torch.tensor([[[5.0, 0]]]).expand(1, 3, -1)
    assert_close(at.lasting(push[:1] + along), along)


def test_factors_follow_from_the_input_jacobian_off_the_line(at, push):
    expected = torch.tensor([KAPPA["not"], KAPPA["very"]])
    assert_close(at.kappa(push), expected)
    assert_close(at.predicted(push), expected)
    assert_close(at.selected()[0, 0], at.probe.words[:, 0])
    assert_close(at.selected(push)[1, 0], (1 + STRENGTH) * at.probe.words[:, 0])


def test_a_modifier_does_nothing_once_the_directions_of_the_others_are_taken_away(at, push):
    table = without_directions(at, push, at.push(at.probe.vectors(["of"])), 0, [0, 1])
    assert table.loc[0].to_dict() == pytest.approx(dict.fromkeys(("modifiers", "neutral words", "random"), KAPPA["not"]))
    assert table.loc[1, "modifiers"] == pytest.approx(1)
    assert table.loc[1, "neutral words"] == pytest.approx(1)
    assert KAPPA["not"] < table.loc[1, "random"] < 1


def test_agreement_is_over_contexts_of_all_kinds():
    rising, falling = torch.arange(3.0), -torch.arange(3.0)
    assert agreement({"one": (rising, rising), "other": (rising + 10, rising + 10)}) == pytest.approx(1)
    assert agreement({"one": (rising, falling)}) == pytest.approx(-1)


def test_the_most_frequent_words_are_words():
    saved = counter()
    assert frequent_words(saved, 3).tolist() == [2, 3, 4]
    assert len(frequent_words(saved, 1000)) == len(saved.vocabulary) - 2
