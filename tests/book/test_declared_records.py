"""Records are whole or not there, and a page reads only those that it declares."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.book.records import UndeclaredError, judgements, record, records_of

A13 = "networks where A5, A9 and A10 hold"


def test_a_record_is_whole_or_as_before_where_writing_it_is_interrupted(monkeypatch, tmp_path):
    record("all", "A13", {A13: 3.0}, tmp_path)

    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "replace", interrupt)
        record("all", "A13", {A13: 4.0}, tmp_path)
    assert dict(records_of("all", tmp_path)) == {"A13": {A13: 3.0}}


def test_two_pages_may_write_the_same_record_at_once(tmp_path):
    def write(value):
        for _ in range(100):
            record("all", "A13", {A13: value}, tmp_path)
            read.add(json.loads((tmp_path / "all" / "A13.json").read_text())[A13])

    read = set()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, (1.0, 2.0, 3.0, 4.0)))  # raises where one read half a file
    assert read <= {1.0, 2.0, 3.0, 4.0}
    assert [path.name for path in (tmp_path / "all").iterdir()] == ["A13.json"]


def test_what_a_page_did_not_declare_is_not_among_the_records_and_asking_for_it_says_what_to_declare(monkeypatch, tmp_path):
    (tmp_path / "a-seed0").mkdir()
    for claim in ("A14", "A18"):  # of training and of eigenmodes
        (tmp_path / "a-seed0" / f"{claim}.json").write_text('{"some measure": 1.0}')
    assert set(records_of("a-seed0", tmp_path)) == {"A14", "A18"}
    monkeypatch.setenv("PAGE_READS", "claims eigenmodes")
    found = records_of("a-seed0", tmp_path)
    assert set(found) == {"A18"} and found["A18"] == {"some measure": 1.0}
    for ask in (lambda: found["A14"], lambda: found.get("A14"), lambda: "A14" in judgements(["a-seed0"], tmp_path)["a-seed0"]):
        with pytest.raises(UndeclaredError, match="This page reads A14, which training records: name training under `reads`"):
            ask()
