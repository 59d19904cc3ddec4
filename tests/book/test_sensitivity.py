import math

import pytest

from lib.book.sensitivity import MEASURES, compared, kind_of, ratio, typical_change


def under(**tau):
    """Every measure is 1 but the slowest τ."""
    return {choice: dict.fromkeys(MEASURES, 1.0) | {"slowest τ": value} for choice, value in tau.items()}


SEARCHES = {
    "a": under(reference=10.0, **{"q < 1e-06": 20.0, "q < 1e-10": 9.0, "x* = mean token": 30.0}),
    "b": under(reference=10.0, **{"q < 1e-06": 10.0, "q < 1e-10": math.nan, "x* = mean token": 50.0}),
}


def test_every_choice_of_a_compared_search_has_a_kind():
    choices = (
        "q < 1e-06",
        "300 starts",
        "steps in 32 dimensions",
        "training documents",
        "the shortest documents",
        "x* = mean word",
    )
    kinds = ("tolerance", "starts", "starts", "documents", "documents", "input point")
    assert tuple(map(kind_of, choices)) == kinds and kind_of("reference") == "reference"
    with pytest.raises(ValueError, match="no choice"):
        kind_of("another seed")


def test_a_change_is_relative_to_the_reference_of_the_same_network():
    table = compared(SEARCHES)
    tau = table[(table["measure"] == "slowest τ") & (table["choice"] == "q < 1e-06")].set_index("network")["change"]
    assert tau.to_dict() == {"a": 1.0, "b": 0.0}
    assert (table.loc[table["measure"] != "slowest τ", "change"] == 0).all()


def test_the_typical_change_is_the_median_of_the_largest():
    only_tau = compared(SEARCHES).query("measure == 'slowest τ'")
    assert typical_change(only_tau, "tolerance") == pytest.approx((1.0 + 0.0) / 2)
    assert typical_change(compared(SEARCHES), "tolerance") == 0


def test_a_ratio_is_the_median_over_networks():
    assert ratio(compared(SEARCHES), "x* = mean token", "slowest τ") == pytest.approx(4)
