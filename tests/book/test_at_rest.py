import pytest
import torch

from lib.book.at_rest import at_rest, discs
from lib.dynamics import eigenvalues_at_rest


def test_every_layer_is_seen_before_training_and_after(two_layers):
    found = at_rest(two_layers)
    assert [place[-9:] for place in found] == [", layer 1", ", layer 2"]
    before, trained = list(found.values())[1]
    assert torch.allclose(trained, eigenvalues_at_rest(two_layers.network.layers[1])) and not torch.allclose(before, trained)


def test_the_discs_of_a_layer_stand_in_a_row():
    turn = torch.linspace(0, 2 * torch.pi, 1001)[:-1]
    ring = 0.3 + torch.polar(torch.full_like(turn, 0.2), turn)
    table = discs({"GRU₁": (ring, ring + 0.1)})
    assert table.loc["GRU₁", ["centre, before", "centre, trained"]].tolist() == pytest.approx([0.3, 0.4], abs=1e-3)
    assert table.loc["GRU₁", "radius, before"] == pytest.approx(0.2 / 0.95**0.5, rel=1e-3)
    assert table.loc["GRU₁", "largest |λ|, trained"] == pytest.approx(0.6, rel=1e-3)
