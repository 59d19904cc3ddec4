import pytest

from lib.book.speeds import machine, shown, speeds, times

TABLE = """task,way,seconds,times the first,machine,threads,torch,python,date
add,"ours, at once",0.5,1.0,"x, 2 cores",1,2.0,3.11,2026-11-27
add,one by one,5.0,9.8,"x, 2 cores",1,2.0,3.11,2026-11-27
"""


@pytest.fixture
def table(tmp_path):
    (tmp_path / "speeds.csv").write_text(TABLE)
    return tmp_path / "speeds.csv"


def test_a_ratio_is_found_by_how_task_and_way_begin(table):
    assert times("add", "one", table) == 9.8


def test_what_was_not_measured_is_told(table):
    with pytest.raises(KeyError, match=r"0 rows for .* run make bench"):
        times("add", "three", table)


def test_the_table_says_on_which_machine(table):
    assert machine(table) == "x, 2 cores, 1 thread, torch 2.0, Python 3.11, on 2026-11-27"
    assert "one by one" in shown(table).to_html() and "9.80" in shown(table).to_html()


def test_every_task_has_a_first_way_to_compare_with():
    for _, of in speeds().groupby("task"):
        assert of["times the first"].iloc[0] == 1 and len(of) > 1
