"""What a reader may type after -p, and what is said of the rest."""

import jupytext
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from lib.book.merging import PageError
from lib.book.parameters import defaults, parameters, typed, value
from lib.training import ROOT

CELL = """network = "imdb-gru-seed0"
tolerance = 1e-8
n_starts = 500  # as in the paper
positive_review = ""  # empty: the book's own example
whole = False
networks = []
seeds = [0, 1]
phrases = "good bad".split()
negator, intensifier = "not", "very"
"""


@pytest.fixture
def notebook():
    return new_notebook(cells=[new_code_cell(CELL, metadata={"tags": ["parameters"]})])


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("tolerance", "1e-9", 1e-9),
        ("tolerance", "1", 1.0),
        ("n_starts", "20", 20),
        ("positive_review", "great film # no really", "great film # no really"),
        ("positive_review", "Great: loved it", "Great: loved it"),
        ("positive_review", "1e-9", "1e-9"),
        ("positive_review", "yes", "yes"),
        ("positive_review", "[1, 2", "[1, 2"),
        ("positive_review", "- not for me", "- not for me"),
        ("positive_review", "", ""),
        ("whole", "true", True),
        ("whole", "False", False),
        ("network", "sst-gru-seed0", "sst-gru-seed0"),
        ("networks", "[sst-gru-seed0]", ["sst-gru-seed0"]),
        ("networks", "sst-gru-seed0, imdb-gru-seed0", ["sst-gru-seed0", "imdb-gru-seed0"]),
        ("networks", "['sst-gru-seed0']", ["sst-gru-seed0"]),
        ("networks", "[]", []),
        ("seeds", "[0, 2]", [0, 2]),
        ("phrases", 'no: really, "not good, but"', ["no: really", "not good, but"]),
        ("negator", "never", "never"),
    ],
)
def test_the_type_of_the_default_decides_what_a_text_says(notebook, name, text, expected):
    (found,) = parameters(notebook, [(name, text)]).values()
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        *(
            ("tolerance", text, "a number above 0 and up to 1, as 1e-08")
            for text in ("abc", ".nan", "nan", "inf", "0", "-1e-9", "")
        ),
        *(
            ("n_starts", text, "a whole number from 1 to 100,000, as 500")
            for text in ("0", "-5", "2.5", "1e3", "many", "10000000")
        ),
        *(("whole", text, "true or false, as False") for text in ("1", "yes", "")),
        ("seeds", "[0, one]", "a whole number from 0 to 100,000, as 0"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_what_is_allowed(notebook, name, text, allowed):
    with pytest.raises(PageError, match=rf"^The parameter {name} takes {allowed}; \".*\" is not one\.$"):
        parameters(notebook, [(name, text)])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "network",
            "imdb-gru-seed99",
            "There is no network imdb-gru-seed99 under networks/: .*make train NETWORK=imdb-gru-seed99",
        ),
        ("networks", "[imdb-gru-seed0, nonsense]", '"nonsense" is no network: write <dataset>-<architecture>'),
        ("network", "../networks/imdb-gru-seed0", "is no network"),
        ("tolerence", "1", "There is no parameter tolerence; the notebook has network, tolerance, n_starts, .*, intensifier"),
    ],
)
def test_what_is_not_there_is_refused(notebook, name, text, message):
    with pytest.raises(PageError, match=message):
        parameters(notebook, [(name, text)])


def test_a_network_of_which_only_measures_are_there_may_be_compared_and_not_taken_apart(notebook, monkeypatch):
    monkeypatch.setattr("lib.book.parameters.exists", lambda name: False)
    with pytest.raises(PageError, match="There is no network imdb-gru-seed1 under networks/"):
        parameters(notebook, [("network", "imdb-gru-seed1")])
    assert parameters(notebook, [("networks", "imdb-gru-seed1")]) == {"networks": ["imdb-gru-seed1"]}


def test_pairs_are_taken_from_a_command_line_whatever_they_begin_with():
    others, pairs = typed(["page.py", "-p", "tolerance", "-1e-9", "-o", "out", "-p", "positive_review", "-p", "-p"])
    assert others == ["page.py", "-o", "out"]
    assert pairs == [("tolerance", "-1e-9"), ("positive_review", "-p"), ("", "")]


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("*.py")), ids=lambda path: path.stem)
def test_every_default_of_the_book_is_of_its_own_kind(path):
    for name, default in defaults(jupytext.read(path)).items():
        assert value(name, str(default), default) == default
