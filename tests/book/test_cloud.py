from dataclasses import replace

import pytest
import torch
from planted import ACROSS, ALONG, cloud, line_attractor, saved

from lib.book.cloud import dimension_measures, separation_measures
from lib.book.ledger import ledger

QUANTILE, ANGLE = "quantile of the initial logit", "angle between class means and readout (degrees)"


def test_the_dimension_of_a_known_spectrum():
    layer = saved(line_attractor(), cloud()).evidence.layers[0]
    spectrum = torch.tensor([6.0, 2.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    found = dimension_measures(replace(layer, spectrum=spectrum, untrained_spectrum=torch.ones(8)))
    assert found == pytest.approx(
        {
            "variance in the first 3 PCs": 0.9,
            "participation ratio over the untrained one": 100 / 42 / 8,
            "variance in the first 2 PCs": 0.8,
            "components for 90 %": 3,
            "components for 90 %, untrained": 8,
        }
    )
    assert ledger()["A1"].verdict(found) == "reproduced"


def labelled(readout, shift=0.0):
    """States along the first axis from −3 to 3 and `shift` further on, positive where they are above; axes as they stand."""
    states = cloud() + shift * ALONG
    network = saved(line_attractor(), states, readout=readout)
    layer = replace(network.evidence.layers[0], axes=torch.eye(8)[:3])
    transitions = replace(network.evidence.transitions, density_labels=(states[:, 0] > shift).long())
    return replace(network, evidence=replace(network.evidence, layers=[layer], transitions=transitions))


@pytest.mark.parametrize("sign", [1, -1])
def test_classes_that_separate_along_the_readout_make_no_angle_with_it(sign):
    found = separation_measures(labelled(sign * ALONG))
    assert found[QUANTILE] == pytest.approx(0.5, abs=0.01) and found[ANGLE] == pytest.approx(0, abs=1)
    assert ledger()["A2"].verdict(found) == "reproduced"


def test_classes_that_separate_aside_of_the_readout_make_an_angle_in_the_plane():
    diagonal = ALONG + torch.eye(8)[1] + 5 * ACROSS  # what lies outside the plane does not count
    assert separation_measures(labelled(diagonal))[ANGLE] == pytest.approx(45, abs=1)


def test_a_start_beside_the_cloud_is_not_in_the_middle():
    found = separation_measures(labelled(ALONG, shift=4.0))
    assert found[QUANTILE] < 0.01 and ledger()["A2"].verdict(found) == "partly"
