"""What is run and kept of a network that is not published; the notebooks themselves are planted."""

import json
import subprocess

import pytest

from lib.book import measuring
from lib.training.catalogue import catalogue


@pytest.fixture
def ran(monkeypatch, tmp_path):
    """The notebooks and parameters of each page that was run; a page leaves one record, of A1, behind."""
    pages = []

    def run(command, check, env):
        assert check
        sources = [source.stem for source in command[3 : command.index("-o")]]
        pages.append((sources, command[command.index("-p") + 1 :]))
        name = command[-1].strip("[]")
        record = tmp_path / "work" / "claims" / name / "A1.json"
        assert env["CLAIM_RECORDS"] == str(tmp_path / "work" / "claims")
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({"accuracy": 0.5}))

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(measuring, "WORK", tmp_path / "work")
    monkeypatch.setattr(measuring, "NETWORKS", tmp_path / "networks")
    (tmp_path / "networks").mkdir()
    return pages


def kept(path):
    return json.loads(path.read_text())


def test_a_network_of_paper_a_runs_its_training_and_the_sections_and_keeps_what_they_recorded(ran):
    path = measuring.measure("yelp-gru-seed7")
    listed = catalogue()
    assert ran == [(["training"], ["networks", "[yelp-gru-seed7]"]), (listed["sections"], ["network", "yelp-gru-seed7"])]
    assert path.parent.name == "yelp-gru-seed7" and kept(path)["A1"] == {"accuracy": 0.5}


def test_a_stack_runs_the_pages_of_its_layers_and_not_those_of_paper_a(ran):
    listed = catalogue()
    stack = next(name for name in listed["paper_b"]["stacks"] if "gru3" in name)
    measuring.measure(f"{stack}-seed7")
    assert [sources for sources, _ in ran] == [["training"], listed["stack_sections"]]


def test_a_page_that_fails_leaves_nothing_behind(ran, monkeypatch, tmp_path):
    def fail(command, **_):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(subprocess.CalledProcessError):
        measuring.measure("yelp-gru-seed7")
    assert not list((tmp_path / "networks").rglob("*"))


def test_of_a_network_of_classes_its_shape_is_measured(ran, monkeypatch, tmp_path):
    monkeypatch.setattr(measuring, "load", lambda folder: folder.name)
    monkeypatch.setattr(measuring, "claim_records", lambda saved: {"C1": {"of": saved}})
    assert kept(measuring.measure("unordered3-gru-seed0")) == {"C1": {"of": "unordered3-gru-seed0"}}
    assert ran == []
