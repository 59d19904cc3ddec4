import json
import math

import pandas as pd
import pytest

from lib.book.records import UndeclaredError, record_table, table_of


def test_a_table_comes_back_with_the_network_of_each_row(tmp_path):
    records, saved = tmp_path / "records", tmp_path / "networks"
    (saved / "imdb-gru2-seed1").mkdir(parents=True)
    earlier = {"coupled": [{"layer": 1, "how": "alone", "slowest τ": 3.0}]}
    (saved / "imdb-gru2-seed1" / "claims.json").write_text(json.dumps(earlier))
    table = pd.DataFrame({"layer": [1, 2], "how": ["alone", "coupled"], "median angle": [math.nan, 0.1 + 0.2]})
    record_table("imdb-gru2-seed0", "coupled", table, records)
    assert json.loads((records / "imdb-gru2-seed0" / "coupled.json").read_text())[0]["median angle"] is None
    found = table_of(["imdb-gru2-seed0", "imdb-gru2-seed1", "imdb-gru2-seed2"], "coupled", saved, records)
    assert found.network.tolist() == ["imdb-gru2-seed0", "imdb-gru2-seed0", "imdb-gru2-seed1"]
    assert found.layer.tolist() == [1, 2, 1] and found.how.tolist() == ["alone", "coupled", "alone"]
    assert found["median angle"].isna().tolist() == [True, False, True] and found["median angle"][1] == 0.1 + 0.2
    assert found["slowest τ"].isna().tolist() == [True, True, False]


def test_a_table_is_read_only_where_the_page_that_records_it_is_declared(tmp_path, monkeypatch):
    record_table("imdb-gru2-seed0", "alike", pd.DataFrame({"value": [1.0]}), tmp_path)
    monkeypatch.setenv("PAGE_READS", "layers stacks")
    assert len(table_of(["imdb-gru2-seed0"], "alike", tmp_path / "networks", tmp_path)) == 1
    monkeypatch.setenv("PAGE_READS", "layers")
    with pytest.raises(UndeclaredError, match="name stacks under `reads`"):
        table_of(["imdb-gru2-seed0"], "alike", tmp_path / "networks", tmp_path)
    with pytest.raises(UndeclaredError, match="name coupled under `reads`"):
        table_of(["imdb-gru2-seed0"], "coupled", tmp_path / "networks", tmp_path)
