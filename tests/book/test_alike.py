import numpy as np
import pandas as pd
import pytest

from lib.book.alike import STATES, Alike, alike, alike_measures


def planted():
    """Two stacks of two layers and one of one; first layers are 1 apart, a first and an upper one 3, upper ones 2."""
    layers = pd.DataFrame({"stack": [0, 1, 2, 0, 1], "layer": [1, 1, 1, 2, 2], "label": list("abcde")})
    upper = layers.layer.to_numpy() > 1
    distances = np.where(upper[:, None] != upper, 3.0, np.where(upper, 2.0, 1.0)) * (1 - np.eye(5))
    evidence = np.full((5, 5), 0.9)
    evidence[0, 3] = evidence[3, 0] = 0.6  # within the first stack
    evidence[0, 1] = evidence[1, 0] = 0.5  # between two
    by = {(measure, state): distances for measure in ("geometry", "dynamics") for state in STATES}
    return Alike(layers, by, evidence)


def test_families_of_layers_and_their_evidence_are_summed_up_in_a_table():
    values = planted().table().set_index(["measure", "state", "pairs"])["value"].sort_index()
    same = [1.0] * 3 + [2.0]  # pairs of different stacks: three of first layers, one of upper ones
    assert values["dynamics", "trained", "same"] == pytest.approx(np.mean(same))
    assert values["geometry", "before training", "neither"] == 3
    assert values["evidence", "trained"].to_dict() == {"median": 0.9, "least": 0.5, "within": 0.6}


def test_what_is_recorded_of_the_families_is_in_the_words_of_the_ledger():
    assert alike_measures(planted().table()) == {
        "distance in dynamics, trained: both first or both upper layers": 1.25,
        "distance in dynamics, trained: a first and an upper layer": 3.0,
        "distance in dynamics, before training: both first or both upper layers": 1.25,
        "distance in dynamics, before training: a first and an upper layer": 3.0,
        "least correlation of evidence, layer 1 and the top layer": 0.6,
    }


def test_a_stack_is_as_near_as_can_be_to_itself(two_layers):
    documents = np.random.default_rng(0).choice(two_layers.vocabulary.words[2:50], (12, 10))
    found = alike([two_layers, two_layers], documents, n_components=3)
    assert found.layers.layer.tolist() == [1, 1, 2, 2] and found.layers["stack"].tolist() == [0, 1, 0, 1]
    for distances in found.distances.values():
        assert distances[0, 1] == pytest.approx(0, abs=1e-4) and distances[0, 2] > 1e-3
    assert found.evidence[0, 1] == pytest.approx(1)
