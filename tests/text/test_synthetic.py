import numpy as np
import pytest
import torch

from lib.dynamics.fixed_points import find_fixed_points
from lib.dynamics.linearization import input_jacobian, recurrent_jacobian
from lib.dynamics.modes import eigenmodes, input_projections
from lib.text import synthetic
from lib.text.synthetic import EVIDENCE, documents, total_evidence
from lib.training.catalogue import NETWORKS
from lib.training.folder import load


@pytest.mark.parametrize(
    ("document", "evidence"),
    [
        ("good00 bad59", 0.2 - 2.0),
        ("not0 good59", -2.0),
        ("not1 bad59", 2.0),
        ("very0 bad59", -4.0),
        ("not0 filler000 good59", 2.0),
        ("not0 very1 good59", 4.0),
        ("good59 not0", 2.0),
        ("filler007 not0 very0", 0.0),
    ],
)
def test_evidence_by_hand(document, evidence):
    assert total_evidence(document.split()) == pytest.approx(evidence)


def test_labels_are_the_sign_of_the_evidence(monkeypatch):
    monkeypatch.setattr(synthetic, "SPLITS", {"test": slice(0, 300)})
    texts, labels = documents()
    assert labels.tolist() == [total_evidence(text.split()) > 0 for text in texts]
    assert 0.4 < labels.mean() < 0.6
    assert all(20 <= len(text.split()) < 80 for text in texts)


def test_every_seed_is_the_same_language(monkeypatch):
    monkeypatch.setattr(synthetic, "SPLITS", {"test": slice(0, 20)})
    first = documents()[0]
    np.random.seed(1)
    assert documents()[0] == first


def test_a_trained_network_reads_the_evidence_of_every_word():
    saved = load(NETWORKS / "synthetic-gru-seed0")
    cell, words = saved.network.cell, saved.evidence.words["true_evidence"]
    points = find_fixed_points(cell, saved.evidence.layers[0].states[:100])
    states = points.states[points.converged]
    assert len(states) >= 50
    modes = eigenmodes(recurrent_jacobian(cell, states), k=1)
    projections = input_projections(modes, input_jacobian(cell, states), saved.network.embedding.weight)
    read = [word in EVIDENCE and not word.startswith(("not", "very")) for word in saved.vocabulary.words]
    for projection in projections[:, torch.tensor(read)]:
        assert abs(np.corrcoef(projection, words[read])[0, 1]) >= 0.9
