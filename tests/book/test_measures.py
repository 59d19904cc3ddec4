import math

import pytest
import torch
from planted import ACROSS, ALONG, N, cloud, line_attractor, linear, points_at, ring, saved
from torch.testing import assert_close

from lib.book import searches
from lib.book.ledger import ledger
from lib.book.measures import input_point_measures, line_measures, mode_measures, spreads, tolerance_measures
from lib.book.mechanism import effect_measures, mechanism, plane_pushes, selection_plane
from lib.book.searches import drift_speed, fixed_points, linearize, tolerance_sweep
from lib.dynamics.cells import Step
from lib.dynamics.fixed_points import speed
from lib.dynamics.modes import eigenmodes
from lib.training.folder import load

SPREAD = "spread of the points over that of the states, along m"
BINS = "bins along m that hold a point, of 20"
SEEN = "|cos(m, w)| in the plane, as the readout sees it"
OWN_END, OPPOSITE = "share of points where words push to their own end", "share of points with opposite signs"
REAL = "share of points with a real slowest mode"
TANGENT = "median |r₁·t|, t the curve's tangent"


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch):
    """The systems of these tests are computed anew: they have no checksum that tells them apart."""
    for name in ("_fixed_points", "_tolerance_sweep", "_linearize", "_spectra"):
        monkeypatch.setattr(searches, name, getattr(searches, name).func)


def test_points_of_a_planted_line_attractor_are_a_line_that_fills_the_cloud():
    states = cloud()
    its = saved(line_attractor(), states)
    found = line_measures(its, points_at(torch.outer(states[:, 0], ALONG)))
    assert found["first-axis share"] == pytest.approx(1)
    assert found["variance inside the first 3 PCs of the states"] == pytest.approx(1, abs=1e-3)
    assert found["|cos(m, w)| in the plane"] == pytest.approx(1, abs=1e-3) == found[SEEN]
    assert found[SPREAD] == pytest.approx(1) and found[BINS] == 20
    for key in ("A5", "A5D"):
        assert ledger()[key].verdict(found) == "reproduced"


def test_points_in_a_dot_are_no_line():
    found = line_measures(saved(line_attractor(), cloud()), points_at(0.5 + 1e-3 * torch.outer(torch.randn(50), ALONG)))
    assert found["first-axis share"] > 0.99 and found[SPREAD] < 1e-3 and found[BINS] == 1
    claim = ledger()["A5"]
    assert claim.first_verdict(found) == "reproduced" and claim.verdict(found) == "partly"


def test_points_on_a_ring_have_half_their_variance_along_the_first_axis():
    found = line_measures(saved(line_attractor(), cloud()), points_at(ring()))
    assert found["first-axis share"] == pytest.approx(0.5, abs=1e-3)


def test_two_clusters_spread_like_a_line_and_leave_its_bins_empty():
    states = torch.cat((torch.full((50,), -2.5), torch.full((50,), 2.5)))[:, None] * ALONG + 1e-3 * torch.randn(100, N)
    found = line_measures(saved(line_attractor(), cloud()), points_at(states))
    assert found["first-axis share"] > 0.99 and 1 < found[SPREAD] < 2 and found[BINS] == 2
    assert ledger()["A5"].verdict(found) == "reproduced" and ledger()["A5D"].verdict(found) == "partly"


def test_bins_outside_the_central_states_do_not_count():
    found = line_measures(saved(line_attractor(), cloud()), points_at(torch.outer(torch.tensor([-2.95, 0.1, 2.95]), ALONG)))
    assert found[BINS] == 1


@pytest.mark.parametrize("places", [torch.ones(1, N), torch.ones(5, N)])
def test_points_that_do_not_differ_have_no_line_to_measure(places):
    found = line_measures(saved(line_attractor(), cloud()), points_at(places))
    assert set(found) >= {criterion.measure for criterion in ledger()["A5D"].judging}
    assert all(math.isnan(value) for value in found.values())


def test_alignment_of_an_lstm_is_judged_in_what_the_readout_sees():
    """h follows the readout, c another direction ten times as far: in the full state the line hides in c."""
    along, aside = torch.linspace(-1, 1, 300), torch.randn(300)
    states = 0.01 * torch.randn(300, 2 * N)
    states[:, 0] += 0.3 * along + 0.3 * aside
    states[:, N], states[:, N + 1] = 3 * along, aside
    points = torch.zeros(300, 2 * N)
    points[:, 0], points[:, N] = 0.3 * along, 3 * along
    cell = Step(lambda h, x: h, n_input=2, n_state=2 * N)
    cell.n_output = N
    found = line_measures(saved(cell, states), points_at(points))
    assert found["|cos(m, w)| in full"] < 0.11 and found["|cos(m, w)| in the plane"] < 0.5
    assert found[SEEN] == pytest.approx(1, abs=1e-3)
    assert found["|cos(m, w)| over the random 99.9th percentile, as the readout sees it"] > 1
    assert found["|cos(m, w)| over the random 99.9th percentile"] < 1


def test_the_drift_speed_is_that_of_a_state_that_drifts_a_share_of_the_radius_in_a_document():
    states = cloud()
    step = 0.3 / 50 * states.var(0).sum().sqrt() * ACROSS
    its = saved(Step(lambda h, x: h + step, n_input=2, n_state=N), states, length=50.0)
    assert drift_speed(its) == pytest.approx(float(speed(its.network.cell, states[:1])), rel=1e-5)
    by_hand = (0.3 / 50) ** 2 * float(its.evidence.layers[0].spectrum.sum()) / N
    assert drift_speed(its) == pytest.approx(by_hand)
    assert drift_speed(its, 0.6) == pytest.approx(4 * by_hand)


def test_points_that_shrink_with_the_tolerance_are_told_by_their_spread():
    states = cloud()
    line = torch.outer(states[:, 0], ALONG)
    sweep = {1e-6: points_at(2 * line), 1e-7: points_at(9 * line), 1e-8: points_at(line), 1e-10: points_at(line / 2)}
    its = saved(line_attractor(), states)
    assert spreads(its, sweep) == pytest.approx({1e-6: 2, 1e-7: 9, 1e-8: 1, 1e-10: 0.5})
    found = tolerance_measures(its, sweep)
    assert found["spread along m at 1e-6, 1e-8 and 1e-10, largest over smallest"] == pytest.approx(4)
    assert found["change of the first-axis share from 1e-6 to 1e-10"] == pytest.approx(0, abs=1e-6)
    assert found["spread along m at 1e-6"] == pytest.approx(2)


def test_spreads_are_taken_along_one_axis():
    states = cloud()
    line, other = torch.outer(states[:, 0], ALONG), torch.outer(states[:, 0], ACROSS)
    sweep = {1e-6: points_at(line), 1e-8: points_at(line), 1e-10: points_at(other + line / 100)}
    found = spreads(saved(line_attractor(), states), sweep)
    assert found == pytest.approx({1e-6: 1, 1e-8: 1, 1e-10: 0.01})


def test_where_no_two_points_differ_the_nearest_tolerance_lends_its_axis():
    states = cloud()
    line = torch.outer(states[:, 0], ALONG)
    few = points_at(line, torch.arange(len(line)) == 3)
    found = spreads(saved(line_attractor(), states), {1e-6: points_at(line), 1e-8: few, 1e-10: few})
    assert found[1e-6] == pytest.approx(1) and math.isnan(found[1e-8])
    sweep = {1e-6: points_at(line), 1e-8: points_at(line), 1e-10: few}
    measures = tolerance_measures(saved(line_attractor(), states), sweep)
    assert math.isnan(measures["spread along m at 1e-6, 1e-8 and 1e-10, largest over smallest"])
    assert math.isnan(measures["change of the first-axis share from 1e-6 to 1e-10"])
    assert all(math.isnan(value) for value in spreads(saved(line_attractor(), states), {1e-8: few}).values())


def test_a_line_attractor_selects_and_stores_along_the_line():
    states = cloud()
    its = mechanism(saved(line_attractor(), states), points_at(torch.outer(states[:, 0], ALONG)))
    assert its.real.all() and its.selection[REAL] == 1
    assert its.selection[OPPOSITE] == its.selection[OWN_END] == 1
    assert its.selection["neutral over valenced projection"] == pytest.approx(0, abs=1e-6)
    assert its.storage["median |r₁·m|"] == pytest.approx(1) == its.storage[TANGENT]
    for key, measures in (("A9", its.selection), ("A9D", its.selection), ("A10", its.storage), ("A10D", its.storage)):
        assert set(measures) >= {criterion.measure for criterion in (*ledger()[key].criteria, *ledger()[key].judging)}
    assert ledger()["A9"].verdict(its.selection) == "reproduced"


def test_words_that_push_to_the_wrong_end_have_opposite_signs_all_the_same():
    states = cloud()
    its = mechanism(saved(line_attractor(), states, sign=-1.0), points_at(torch.outer(states[:, 0], ALONG)))
    assert its.selection[OPPOSITE] == 1 and its.selection[OWN_END] == 0
    assert ledger()["A9"].first_verdict(its.selection) == "reproduced"
    assert ledger()["A9"].verdict(its.selection) == "partly"


def test_the_stored_direction_follows_the_tangent_of_a_ring_and_not_its_axis():
    """Every point of the unit circle rests, and what leaves it sidewards comes back at once."""

    def step(h, x):
        circle = h[..., :2] / h[..., :2].norm(dim=-1, keepdim=True)
        return torch.cat((circle, torch.zeros_like(h[..., 2:])), -1)

    its = mechanism(saved(Step(step, n_input=2, n_state=N), 1.5 * ring()), points_at(ring()), n_points=200)
    assert its.tangent_overlap.median() > 0.99 and its.overlap.median() < 0.8


def test_one_place_has_neither_axis_nor_tangent_and_the_readout_stands_in():
    its = mechanism(saved(line_attractor(), cloud(), readout=3 * ALONG), points_at(torch.zeros(4, N)))
    assert its.overlap.tolist() == its.tangent_overlap.tolist() == pytest.approx([1.0])


def test_effects_are_told_apart_along_the_axis_of_the_class_means_and_measured_in_the_plane():
    """At each point positive words push by +1 and negative by −1 along the first axis; neutral ones by 0.2 along the second."""
    along, second = ALONG.expand(3, 10, N), torch.eye(N)[1].expand(3, 10, N)
    out_of_plane = 5 * ACROSS
    effects = {"positive": along + out_of_plane, "negative": -along + out_of_plane, "neutral": 0.2 * second + out_of_plane}
    found = effect_measures(effects, torch.eye(N)[:2])
    assert found == pytest.approx({"AUC of positive against negative words": 1, "size of neutral over valenced effects": 0.2})
    assert ledger()["A8"].verdict(found) == "reproduced"


def test_effects_that_overlap_are_told_apart_no_better_than_they_are():
    positive = torch.tensor([3.0, 1.0])[None, :, None] * ALONG
    negative = torch.tensor([2.0, -4.0])[None, :, None] * ALONG
    effects = {"positive": positive.expand(3, 2, N), "negative": negative.expand(3, 2, N), "neutral": torch.zeros(3, 2, N)}
    assert effect_measures(effects, torch.eye(N)[:2])["AUC of positive against negative words"] == 0.75


def rotation(size=0.95, angle=0.3, oblique=0.0):
    """A complex pair in a plane, by default that of the first two axes; the other modes have λ from 0.1 to 0.4."""
    matrix = torch.diag(torch.linspace(0.1, 0.4, N))
    matrix[:2, :2] = size * torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    change = torch.eye(N) + oblique * torch.randn(N, N)
    return change @ matrix @ torch.linalg.inv(change)


def test_a_rotating_slowest_mode_is_not_real_and_judged_in_its_plane():
    its = mechanism(saved(linear(rotation()), cloud()), points_at(cloud(60)))
    assert not its.real.any() and its.selection[REAL] == 0
    assert its.selection[OWN_END] == 1
    assert_close(its.pushes["positive"], torch.ones(60))
    assert_close(its.pushes["neutral"], torch.zeros(60))
    assert ledger()["A9"].verdict(its.selection) == "partly"


def test_a_push_in_a_plane_is_the_part_there_along_what_the_readout_sees_of_it():
    matrix, effect, readout = rotation(oblique=0.3), torch.randn(1, N), torch.randn(N)
    values, right = torch.linalg.eig(matrix.double())
    pair = torch.nonzero(values.imag != 0).squeeze(-1)
    assert len(pair) == 2
    inside = (right[:, pair] @ torch.linalg.inv(right)[pair]).real @ effect[0].double()
    basis = torch.linalg.qr(torch.stack((right[:, pair[0]].real, right[:, pair[0]].imag), -1))[0]
    towards = basis @ (basis.T @ readout.double())
    modes = eigenmodes(matrix[None])
    found = plane_pushes(modes, effect, readout)
    assert_close(found[0], (inside @ towards / towards.norm()).float())
    turn = torch.exp(torch.tensor(0.7j, dtype=torch.complex128))
    turned = type(modes)(modes.eigenvalues, modes.right * turn, modes.left / turn)
    assert_close(plane_pushes(turned, effect, readout), found)


def test_a_push_along_a_real_mode_is_its_input_projection():
    its = saved(line_attractor(), cloud())
    _, modes = linearize(its, points_at(cloud(5)))
    effects = torch.randn(5, N)
    expected = torch.einsum("ps,ps->p", modes.left[:, 0].real.float(), effects)
    assert_close(plane_pushes(modes, effects, its.network.readout_axis), expected, atol=1e-5, rtol=1e-4)
    assert_close(plane_pushes(modes, effects, ACROSS), torch.zeros(5))


def modes_of(*eigenvalues, length=100.0):
    values = torch.full((20,), 0.5)
    values[: len(eigenvalues)] = torch.tensor(eigenvalues)
    cell = linear(torch.diag(values))
    states = torch.randn(30, 20)
    return mode_measures(saved(cell, states, readout=torch.eye(20)[0], length=length), points_at(states))


def test_modes_that_outlast_the_documents_are_counted_growing_ones_among_them():
    found = modes_of(1.001, 0.995, 0.98)
    assert found["modes with τ above the document length"] == 2
    assert found["share of modes with τ above the document length"] == pytest.approx(0.1)
    assert found["share of modes with τ > 100"] == pytest.approx(0.1)
    assert found["share of stable modes"] == pytest.approx(0.95)
    assert found["median slowest τ (tokens)"] == pytest.approx(1 / math.log(1.001), rel=1e-3)
    assert found["slowest τ over the document length"] == pytest.approx(10, rel=1e-2)
    assert found["median third τ (tokens)"] == pytest.approx(-1 / math.log(0.98), rel=1e-3)
    assert found[REAL] == 1
    assert set(found) >= {criterion.measure for criterion in (*ledger()["A7"].criteria, *ledger()["A7"].judging)}


def test_a_mode_that_grows_at_once_outlasts_the_documents():
    found = modes_of(2.0, 0.5)
    assert found["modes with τ above the document length"] == 1 and found["slowest τ over the document length"] < 0.02


def test_modes_of_a_rotation_are_not_real():
    its = saved(linear(rotation()), cloud())
    assert mode_measures(its, points_at(cloud(60)))[REAL] == 0


def test_the_mean_word_vector_changes_nothing_where_the_network_is_linear():
    its = saved(line_attractor(), cloud())
    found = input_point_measures(its)
    mean = 10 * 0.5 / 31
    assert found["norm of the mean word vector"] == pytest.approx(mean)
    assert found["norm of the mean word vector over the median norm"] == pytest.approx(mean)
    assert found["change of the slowest |λ|"] == pytest.approx(0, abs=1e-6)
    assert found["change of |r₁·m|"] == pytest.approx(0, abs=1e-3)
    assert set(found) >= {criterion.measure for criterion in (*ledger()["A16"].criteria, *ledger()["A16"].judging)}


def test_a_trained_network_gives_every_measure_of_the_claims(published_folder):
    its = load(published_folder)
    points = fixed_points(its, 30, 1e-6)
    found = {
        "A4": tolerance_measures(its, tolerance_sweep(its, n_starts=20)) | {"share of starts that converge": 1.0},
        "A5": line_measures(its, points),
        "A5D": line_measures(its, fixed_points(its, 30, drift_speed(its))),
        "A7": mode_measures(its, points),
        "A9": mechanism(its, points).selection,
        "A10": mechanism(its, points).storage,
        "A16": input_point_measures(its, 10),
    }
    for key, measures in found.items():
        claim = ledger()[key]
        assert set(measures) >= {criterion.measure for criterion in (*claim.criteria, *claim.judging)}
        assert all(isinstance(value, float) for value in measures.values())


def test_words_are_drawn_along_the_left_eigenvector_and_across_it():
    left = torch.tensor([0.0, 2.0, 0.0])
    effects = {"positive": torch.tensor([[3.0, 1.0, 0.0]]), "negative": torch.tensor([[-3.0, -1.0, 0.0], [0.0, -2.0, 0.0]])}
    found = selection_plane(effects, left)
    assert_close(torch.cat(list(found.values()))[:, 0], torch.tensor([1.0, -1.0, -2.0]))
    assert_close(torch.cat(list(found.values()))[:, 1].abs(), torch.tensor([3.0, 3.0, 0.0]))
