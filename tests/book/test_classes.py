"""Networks of more than two classes whose slow points are known: a state that stays where it is put."""

import copy
import json
from dataclasses import replace

import pytest
import torch

from lib.book.classes import Classes, claim_records
from lib.dynamics import LinearRNN
from lib.training import NETWORKS, load


@pytest.fixture(scope="module")
def planted(three_classes):
    """Three classes whose states keep two numbers for ever, spread evenly over a triangle, and forget all others."""
    saved = three_classes
    network = load_copy(saved)
    n = network.cell.n_state
    corners = torch.tensor([[1.0, 0.0], [-0.5, 3**0.5 / 2], [-0.5, -(3**0.5) / 2]])
    places = torch.distributions.Dirichlet(torch.full((3,), 0.1)).sample((600,)) @ corners
    states = torch.cat((places, torch.zeros(600, n - 2)), 1)
    rows = torch.cat((corners, torch.zeros(3, n - 2)), 1)
    keep = torch.diag(torch.tensor([1.0, 1.0, *[0.1] * (n - 2)]))
    network.layers = torch.nn.ModuleList([linear(network.cell.n_input, keep)])
    network.readout.weight.data, network.readout.bias.data = rows, torch.zeros(3)
    spectrum = torch.tensor([0.5, 0.5, *[0.0] * (n - 2)])
    layer = replace(saved.evidence.layers[0], states=states, spectrum=spectrum)
    return replace(saved, network=network, evidence=replace(saved.evidence, layers=[layer]))


def load_copy(saved):
    return copy.deepcopy(saved.network)


def linear(n_input, recurrent):
    cell = LinearRNN(n_input, len(recurrent))
    cell.recurrent.weight.data, cell.recurrent.bias.data = recurrent, torch.zeros(len(recurrent))
    cell.inward.bias.data = torch.zeros(len(recurrent))
    return cell.requires_grad_(False)


def test_a_planted_triangle_is_found(planted):
    found = Classes(planted).measures()
    assert found["C1"]["D of the states, less k − 1, in absolute terms"] == 0
    assert found["C1"]["PR of the slow points over k − 1"] == pytest.approx(1, abs=0.05)
    chosen, deviation, to_readout = found["C2"].values()
    assert chosen == 1 and deviation < 5 and to_readout < 5
    assert found["C3"]["slow modes, less k − 1, in absolute terms"] == 0


def test_a_network_without_slow_points_has_no_shape(planted):
    away = replace(planted, network=load_copy(planted))
    away.network.layers[0].recurrent.bias.data += 1.0
    found = claim_records(away)
    assert found["C2"]["largest deviation of an angle between vertices from a regular simplex (degrees)"] is None
    assert found["dimension"][0]["converged"] == 0 and found["dimension"][1]["PR of the slow points"] is None


def test_words_of_a_known_language_predict_one_dimension_less_than_classes():
    counted = {k: Classes(load(NETWORKS / f"unordered{k}-gru-seed0")).dimension()["PR of the word counts"] for k in (3, 4, 5)}
    assert counted == pytest.approx({3: 2, 4: 3, 5: 4}, abs=0.05)


def test_what_is_kept_of_a_network_is_what_is_measured_of_it():
    name = "unordered3-gru-seed0"
    kept = json.loads((NETWORKS / name / "claims.json").read_text())
    found = claim_records(load(NETWORKS / name))
    for claim in ("C1", "C2", "C3"):
        assert found[claim] == pytest.approx(kept[claim], rel=0.02, abs=0.5)


def test_the_grades_of_a_word_have_a_slope_and_a_curvature():
    of = Classes(load(NETWORKS / "yelp4-gru-seed0"))
    words = of.charged
    slope, curve = of.valence(words), of.strength(words)
    great, worst = (words.tolist().index(of.saved.vocabulary.index[word]) for word in ("amazing", "worst"))
    assert slope[great] > 0 > slope[worst] and curve[great] > 0 and curve[worst] > 0
