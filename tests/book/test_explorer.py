"""The page on which a reader chooses a network, as far as it needs no browser."""

import json

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from lib.book import explorer


def test_an_entry_names_what_stands_beside_the_network_and_the_command_that_runs_its_sections():
    network, stack, single = map(explorer.entry, ("yelp-ugrnn-seed0", "imdb-gru3-glove-d50-seed0", "imdb-gru-glove-seed0"))
    assert (network["title"], network["beside"]) == ("UGRNN, Yelp", "imdb-gru-seed0")
    assert network["command"].startswith('make notebook NB="low-dimensionality fixed-points ')
    assert network["command"].endswith(' robustness" ARGS="-p network yelp-ugrnn-seed0"')
    assert (stack["title"], stack["beside"]) == ("GRU₃-d50, IMDB", "imdb-gru3-glove-seed0")
    assert 'NB="layers coupled"' in stack["command"] and 'NB="layers"' in single["command"]


@pytest.fixture
def page(monkeypatch):
    layers = pd.DataFrame([{"network": "imdb-gru2-glove-seed0", "layer": n} for n in (1, 2)])
    table = layers.assign(**dict.fromkeys(explorer.OF_A_LAYER, 0.5))
    monkeypatch.setattr(explorer, "stack_layers", lambda _: table)
    monkeypatch.setattr(explorer, "overview", lambda names: pd.DataFrame({"first-axis share": 0.25}, index=["sst-gru"]))
    return BeautifulSoup(
        "".join(made(["sst-gru-seed0"], ["imdb-gru2-glove-seed0"]) for made in (explorer.chooser, explorer.side_by_side)),
        "html.parser",
    )


def test_without_a_script_the_page_has_a_sentence_and_a_row_for_every_network_and_layer(page):
    assert "The tables below have" in page.noscript.get_text()
    rows = {row["id"]: row.get_text(" ", strip=True) for row in page.find_all("tr", id=True)}
    assert list(rows) == ["sst-gru", "imdb-gru2-glove", "imdb-gru2-glove-layer-2"]
    assert rows["sst-gru"] == "sst-gru 0.25"


def test_every_control_has_a_label_and_what_is_chosen_is_announced(page):
    form = page.form
    assert [label.get_text(" ", strip=True).split()[0] for label in form.find_all("label")] == ["Network", "Layer"]
    assert all(label.find("select") for label in form.find_all("label"))
    assert page.find(class_="explorer-told")["aria-live"] == "polite"
    assert [option["value"] for option in form.find_all("option")] == ["sst-gru-seed0", "imdb-gru2-glove-seed0"]
    listed = json.loads(page.find(id="explorer-app")["data-networks"])
    assert [one["name"] for one in listed] == ["sst-gru-seed0", "imdb-gru2-glove-seed0"]
