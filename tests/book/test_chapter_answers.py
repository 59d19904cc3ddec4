import math

import pytest

from lib.book import chapter_answers as told

NAN = float("nan")


def line(spread=1.0, share=0.99, bins=12.0, cos=0.95):
    return {told.SPREAD: spread, "first-axis share": share, told.BINS: bins, told.PLANE: cos}


def modes(first=200.0, second=20.0, over=0.8):
    return {"median slowest τ (tokens)": first, "median second τ (tokens)": second, "slowest τ over the document length": over}


def test_a_count_agrees_with_its_noun():
    assert [told.plural(n, "sink") for n in (0, 1, 2)] == ["0 sinks", "1 sink", "2 sinks"]
    assert told.plural(1000, "entry", "entries") == "1,000 entries"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.03, "below the paper’s 10 %"),
        (0.1, "about the paper’s 10 %"),
        (0.2, "2 times the paper’s 10 %"),
        (NAN, "not be measured"),
    ],
)
def test_a_value_is_put_beside_the_papers(value, words):
    assert words in told.compared_with(value, 0.1, "10 %")


def test_gains_are_counted_by_their_intervals():
    sentence = told.training({"a": (3.0, 1.0, 5.0), "b": (-2.0, -3.0, -1.0), "c": (0.5, -1.0, 2.0), "d": (NAN, NAN, NAN)})
    assert "certainly better in 1 of 3, certainly worse in 1" in sentence and "0.5 points" in sentence
    assert told.training({}) == told.training({"a": (NAN, NAN, NAN)}) == "No network is compared with a bag of words here."


@pytest.mark.parametrize(
    ("n", "word"), [(1.0, "component of 64, fewer"), (3.0, "components of 64, as few"), (9.0, "more than")]
)
def test_the_number_of_dimensions_is_judged_by_the_papers(n, word):
    sentence = told.dimensions({"components for 90 %": n, "components for 90 %, untrained": 30.0}, 64)
    assert word in sentence and "training squeezes" in sentence


def test_training_need_not_squeeze_the_states():
    same = {"components for 90 %": 30.0, "components for 90 %, untrained": 30.0}
    assert "does not squeeze" in told.dimensions(same, 64) and "does not lower" in told.variance_seen(same)
    assert "Training lowers" in told.variance_seen(same | {"components for 90 %": 2.0})


def test_reviews_end_on_their_own_sides_or_not():
    assert "each on its own" in told.ends_seen(2.0, -1.0)
    assert "at least one" in told.ends_seen(2.0, 1.0) and "at least one" in told.ends_seen(-2.0, 1.0)


@pytest.mark.parametrize("never", [math.inf, NAN])
def test_a_state_that_never_slows_down_is_said_to(never):
    assert "does not slow down" in told.slows_seen(never)
    assert told.slows_seen(1.0).endswith("after 1 step") and told.slows_seen(0.0).endswith("after 0 steps")


def test_exact_points_make_a_line_only_of_two_sinks_and_a_saddle():
    assert "can creep along a line" in told.exact_told(2, 1)
    for counts in ((1, 0), (2, 0), (0, 3)):
        assert "is not among them" in told.exact_told(*counts)
    assert told.exact_told(1, 0).startswith("1 sink and 0 saddles") and told.exact_told(0, 0).startswith("none")


@pytest.mark.parametrize(
    ("measured", "shape"),
    [
        (line(), "line"),
        (line(bins=3.0), "spots"),
        (line(spread=0.1), "dot"),
        (line(share=0.5), "bent"),
        (line(spread=9.0), "wide"),
        (line(spread=NAN), "nothing"),
        (line(share=NAN), "nothing"),
    ],
)
def test_the_shape_of_the_points_decides_the_sentence(measured, shape):
    assert told.shape(measured) == shape
    assert ("along one line" in told.points_seen(measured)) == (shape == "line")
    assert told.manifold(measured, measured, 1e-8).count("|cos|") == (shape not in ("dot", "nothing"))


def test_the_two_tolerances_are_told_apart_where_they_differ():
    assert "the picture is the same" in told.manifold(line(), line(), 1e-8)
    differing = told.manifold(line(spread=0.1), line(), 1e-8)
    assert "gather in one place" in differing and "task sets: the slow points lie along one line" in differing
    assert "nan" not in told.manifold(line(spread=NAN), line(spread=NAN), 1e-8)


def test_a_green_verdict_over_a_line_with_gaps_is_pointed_out():
    assert "where there are 3 here" in told.against_the_line(line(bins=3.0), "reproduced")
    assert told.against_the_line(line(), "reproduced") == told.against_the_line(line(bins=3.0), "partly") == ""


def test_complex_modes_are_told_where_there_are_any():
    assert told.complex_told(0.75).startswith("At 25\u00a0% of the slow points")
    assert told.complex_told(1.0) == told.complex_told(NAN) == ""


def test_growing_modes_are_told_where_there_are_any():
    assert "or grows (it grows at 25\u00a0%)" in told.memory(modes(), 250.0, 0.5, 0.25)
    assert "grows" not in told.memory(modes(), 250.0, 0.5, 0.0)


def test_a_generous_verdict_is_pointed_out():
    assert "more generous than the figure" in told.against_verdict(modes(over=0.8), "reproduced")
    assert told.against_verdict(modes(over=1.2), "reproduced") == told.against_verdict(modes(over=0.8), "partly") == ""


def test_the_slowest_mode_is_compared_with_a_document_and_with_the_second():
    assert told.slowest_seen(modes(), 100.0).endswith("is above the mean length of a document and far above the second")
    assert "is not above" in told.slowest_seen(modes(), 300.0)
    assert told.slowest_seen(modes(second=150.0), 100.0).endswith("close to the second")
    assert "could not" in told.slowest_seen(modes(first=NAN), 100.0)


def selected(own, signs=1.0):
    own_end, signs_differ = "share of points where words push to their own end", "share of points with opposite signs"
    return {own_end: own, "neutral over valenced projection": 0.1, signs_differ: signs}


def test_the_left_eigenvector_selects_only_where_words_push_to_their_own_end():
    assert told.selection(selected(1.0), {"median |r₁·m|": 0.9}).startswith("The left eigenvector selects")
    assert "of the slow points only" in told.selection(selected(0.4), {"median |r₁·m|": 0.9})


@pytest.mark.parametrize(("overlap", "words"), [(0.9, "along"), (0.6, "askew"), (0.1, "across"), (NAN, "nowhere")])
def test_the_right_eigenvector_points_along_the_points_or_not(overlap, words):
    assert told.along_told({"median |r₁·m|": overlap}).startswith(words)


def test_valences_differ_in_sign_everywhere_or_at_a_share():
    assert "at every slow point" in told.valences_seen(selected(1.0))
    assert "at 50\u00a0% of the points" in told.valences_seen(selected(1.0, signs=0.5))


def test_the_error_of_many_steps_is_told_where_documents_are_long_enough():
    assert "After fifty steps of one linear system the miss is 40 %" in told.one_step(0.2, 0.4)
    assert "fifty" not in told.one_step(0.2, NAN) and "too short" in told.growth_seen(0.2, NAN)
    assert "grows" in told.growth_seen(0.2, 0.4) and "does not grow" in told.growth_seen(0.2, 0.1)


def test_accuracies_are_compared_with_a_linear_network_where_there_is_one():
    assert told.accuracy_seen({"network": 0.9, "one": 0.8}, "one", "direct").endswith("loses accuracy (10 points)")
    assert told.accuracy_seen({"network": 0.9, "one": 0.95, "direct": 0.95}, "one", "direct").endswith(
        "does not lose accuracy; one that is trained directly gains 5"
    )


def test_no_network_is_said_to_fail_that_was_not_judged():
    assert told.universality([], [], 0, 1e-8) == "No network is judged here."


def test_the_networks_with_the_mechanism_are_named_where_there_are_any():
    assert "in 1 of 2 networks (a) at q < 10⁻⁸, and in 0 at q_D" in told.universality(["a"], [], 2, 1e-8)
    assert "in 0 of 1 network at" in told.universality([], [], 1, 1e-8)


@pytest.mark.parametrize(
    ("r", "words"), [(0.99, "Yes"), (0.8, "For the most part"), (-0.9, "No"), (NAN, "The projections do not vary")]
)
def test_the_truth_is_found_or_not(r, words):
    assert told.truth(r, -1.0, 2.0).startswith(words)


def test_what_glove_changes_has_a_direction():
    assert "2 points higher" in told.glove_told(2.0) and "2 points lower" in told.glove_told(-2.0)
    assert told.glove_told(NAN) == "The recipes cannot be compared here"
