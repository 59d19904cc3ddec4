"""What the explorer shows of a network: the records of the sections, and charts as plain data."""

import json

import numpy as np
import pytest

from lib.book import charts, explored
from lib.book.records import records_of, table_of
from lib.training.folder import load


def test_numbers_keep_four_digits_and_what_is_not_finite_becomes_none():
    assert charts.rounded([1.23456, -98765.4, float("nan"), float("inf"), 0]) == [1.235, -98770.0, None, None, 0.0]


def test_a_histogram_counts_each_value_once_at_the_middle_of_its_bin():
    bars = charts.histogram("words", "#000000", np.array([0.1, 0.2, 1.5]), np.array([0.0, 1.0, 2.0]))
    assert (bars["x"], bars["y"]) == ([0.5, 1.5], [2.0, 1.0])


def test_a_spectrum_has_equal_axes_and_the_unit_circle():
    drawn = charts.spectra([np.array([0.5 + 0.5j, 0.9])], ["all"])
    circle, dots = drawn["series"]
    assert drawn["equal"] and np.allclose(np.hypot(circle["x"], circle["y"]), 1, atol=1e-3)
    assert (dots["x"], dots["y"]) == ([0.5, 0.9], [0.5, 0.0])


def test_a_direction_has_its_length_to_either_side_of_its_place():
    bar = charts.direction("ℓ₁", "#000000", np.array([1.0, 1.0]), np.array([0.0, 2.0]), 3.0)
    assert (bar["x"], bar["y"]) == ([1.0, 1.0], [-2.0, 4.0])


def test_a_row_of_a_measure_has_it_printed_and_as_a_number():
    rows = explored.plain_rows({"τ": 12345.678, "unknown": float("nan")}, " (alone)")
    assert rows == [["", "τ (alone)", "", "12,346", 12345.678, ""], ["", "unknown (alone)", "", "—", None, ""]]


@pytest.fixture(scope="module")
def network(published_folder, tmp_path_factory):
    records = tmp_path_factory.mktemp("records")
    return explored.bundle(load(published_folder), None, records=records), records


def test_all_claims_of_the_sections_go_on_record_for_a_network(network):
    found, records = network
    sections = {f"A{n}" for n in (*range(1, 13), 15, 16, 18)} | {"A5D", "A9D", "A10D"}
    assert set(records_of("synthetic-gru-seed0", records)) == sections
    [view] = found["views"]
    assert {row[0] for row in view["measures"]} == sections and all(row[5] for row in view["measures"])


def test_every_chart_of_a_network_is_whole_and_can_be_written(network):
    [view] = network[0]["views"]
    json.dumps(network[0], allow_nan=False)
    assert len({chart["title"] for chart in view["charts"]}) == len(view["charts"]) > 15
    for chart in view["charts"]:
        assert all(len(series["x"]) == len(series["y"]) for series in chart["series"]), chart["title"]


def test_a_stack_has_a_view_a_layer_and_its_tables_go_on_record(two_layers, tmp_path):
    found = explored.bundle(two_layers, None, layers=True, records=tmp_path)
    json.dumps(found, allow_nan=False)
    assert [view["label"] for view in found["views"]] == ["layer 1", "layer 2"]
    titles = [[chart["title"] for chart in view["charts"]] for view in found["views"]]
    assert "Given the layer below at rest" in titles[1] and set(titles[0]) < set(titles[1])
    assert table_of([two_layers.name], "layers", tmp_path, tmp_path).layer.tolist() == [1, 2]
    assert table_of([two_layers.name], "coupled", tmp_path, tmp_path).how.tolist() == ["alone", "coupled"] * 2
