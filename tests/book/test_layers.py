import copy
import math
from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from lib.book.layers import alone, by_sample, example_eigenvalues, layer_measures, layer_table, paths, turning
from lib.dynamics.linearization import recurrent_jacobian


def test_a_layer_on_its_own_has_its_own_cell_states_and_readout(two_layers):
    lower, top = alone(two_layers, 0), alone(two_layers, 1)
    assert lower.network.cell is two_layers.network.layers[0] and top.network.cell is two_layers.network.layers[1]
    assert_close(top.network.readout_axis, two_layers.network.readout_axis)
    layer, labels = lower.evidence.layers[0], two_layers.evidence.transitions.density_labels
    visited = layer.mean + layer.density @ layer.axes[:3]
    found = [float(lower.network.logit(visited[labels == label]).mean()) for label in (1, 0)]
    assert found[0] > 0 > found[1] and found[0] == pytest.approx(-found[1], rel=1e-3)
    assert lower.checksum != top.checksum


def test_a_start_far_from_all_states_lies_far_out_and_growing_modes_count_as_unstable(two_layers):
    saved = alone(two_layers, 0)
    layer = saved.evidence.layers[0]
    usual = layer_measures(saved, 0, n_starts=5)
    away = replace(layer, states=layer.states + 100 * layer.axes[0], mean=layer.mean + 100 * layer.axes[0])
    moved = replace(saved, evidence=replace(saved.evidence, layers=[away]), checksum="moved")
    assert layer_measures(moved, 0, n_starts=5)["how far out the start lies"] > 10 * usual["how far out the start lies"]
    growing = replace(saved, network=copy.deepcopy(saved.network), checksum="growing")
    growing.network.cell.recurrent.weight.data *= 20
    assert layer_measures(growing, 0, n_starts=5)["unstable modes"] > 0


def test_the_table_of_layers_has_the_measures_of_each_in_a_row(two_layers):
    table = layer_table(two_layers, n_starts=10)
    assert table.layer.tolist() == [1, 2]
    assert table.iloc[1].drop("layer").to_dict() == pytest.approx(layer_measures(two_layers, 1, n_starts=10), nan_ok=True)


def test_modes_turn_by_the_angle_of_those_that_last():
    slow = torch.polar(torch.tensor([0.9, 0.9, 0.8, 0.4, 0.4]), torch.deg2rad(torch.tensor([30.0, -30.0, 0.0, 90.0, -90.0])))
    slow = torch.complex(slow.real, slow.imag * (slow.imag.abs() > 1e-3))
    assert turning(slow[None]) == pytest.approx({"share of complex modes": 0.8, "median angle": 30.0})
    assert math.isnan(turning(torch.full((1, 3), 0.1 + 0j))["median angle"])


def test_the_spectra_of_a_layer_are_taken_at_three_of_its_points(two_layers):
    layer = alone(two_layers, 1)
    places = layer.evidence.layers[0].states[:50]
    order = (places @ torch.linalg.svd(places - places.mean(0))[2][0]).argsort()
    ends = {*order[[2, 47]].tolist(), order[24].item(), order[25].item()}
    every = torch.linalg.eigvals(recurrent_jacobian(layer.network.cell, places).double())
    found = example_eigenvalues(layer, places)
    assert found.shape == (3, 8)
    nearest = [(every.abs().sum(1) - values.abs().sum()).abs().argmin().item() for values in found]
    assert len(set(nearest)) == 3 and set(nearest) <= ends


def test_a_path_starts_at_zero_and_steps_as_the_layers_do(two_layers):
    words = two_layers.vocabulary.words[5:9]
    lower, upper = paths(two_layers, words)
    assert lower.shape == upper.shape == (5, 8) and not lower[0].any() and not upper[0].any()
    x = two_layers.network.embedding.weight[torch.from_numpy(two_layers.vocabulary.encode(words)).long()]
    assert_close(two_layers.network.layers[0](lower[:-1], x), lower[1:])
    assert_close(two_layers.network.layers[1](upper[:-1], lower[1:]), upper[1:])


def test_each_layer_is_looked_at_on_every_sample_of_documents(two_layers):
    found = by_sample(two_layers, n_starts=10)
    assert list(zip(found.layer, found["sample"], strict=True)) == [
        (n, sample) for n in (1, 2) for sample in ("test", "train", "shortest")
    ]
    assert (found[found["sample"] == "test"].distance < 1e-3).all()
    assert found["variance in the first 2 PCs"].between(0, 1).all() and (found["distinct points"] > 0).all()
