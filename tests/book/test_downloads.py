"""What a reader downloads: it runs where a clone is, with the page's parameters, and reads without the book."""

import subprocess
import sys

import nbformat
import pytest
from nbformat import v4

from lib.book.downloads import downloadable, plain
from lib.training.catalogue import ROOT


def output(name, **data):
    data = {f"application/papermill.record/text/{kind}": text for kind, text in data.items()}
    return v4.new_output("display_data", data, metadata={"scrapbook": {"name": name}})


@pytest.fixture
def page():
    told = "# Title\n\n{glue:text}`share:.1f` % of {glue:text}`what`; {glue:}`verdict`."
    cells = [
        v4.new_markdown_cell(told),
        v4.new_code_cell('network = "sst-gru-seed0"  # which one\ntolerance = 1e-8', metadata={"tags": ["parameters"]}),
        v4.new_code_cell('# Parameters\nnetwork = "yelp-lstm-seed0"', metadata={"tags": ["injected-parameters"]}),
        v4.new_code_cell("import lib\n\nprint(lib.__name__, network, tolerance)"),
    ]
    cells[3].outputs = [
        output("share", plain="41.06"),
        output("what", plain="'points'"),
        output("verdict", html="A4 <b>reproduced</b>", plain="<HTML>"),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return v4.new_notebook(cells=cells, metadata=kernel)


def code(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def test_the_prose_has_the_values_of_the_page(page):
    download = downloadable(page, "title")
    nbformat.validate(download)
    assert download.cells[1].source == "# Title\n\n41.1 % of points; A4 reproduced."
    assert not any(cell.get("outputs") for cell in download.cells)


def test_the_parameters_are_those_of_the_page_and_stand_once(page):
    tagged = [cell for cell in downloadable(page, "title").cells if "parameters" in cell.metadata.get("tags", [])]
    assert [cell.source for cell in tagged] == ["network = 'yelp-lstm-seed0'  # which one\ntolerance = 1e-8"]


def test_it_runs_in_any_folder_of_a_clone(page, tmp_path):
    script = code(downloadable(page, "title"))
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT / "tests" / "book", capture_output=True, text=True)
    assert done.stdout == "lib yelp-lstm-seed0 1e-08\n", done.stderr
    away = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert away.returncode == 1 and "not in a clone of the book" in away.stderr and "Traceback" not in away.stderr


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("```{admonition} Answer\n:class: answer\nYes.\nAlways.\n```", "> **Answer.** Yes.\n> Always."),
        ("```{glue:figure} fig_x\n:name: fig-x\n:alt: A line.\n\nLook at $x$.\n```", "> *Figure.* Look at $x$."),
        ("(a-label)=\n## Head", "## Head"),
        ("$$\nx\n$$ (eq-x)", "$$\nx\n$$"),
        ("{doc}`the ledger <claims>`, {term}`states <state>`, {term}`mode`", "the ledger, states, mode"),
        ("{cite:t}`someone2019`", "[someone2019]"),
        ("````{note}\n```{math}\n:label: eq-y\ny\n```\n````", "> $$\n> y\n> $$"),
        ("a `{literal}` and ${\\bf x}$", "a `{literal}` and ${\\bf x}$"),
    ],
)
def test_prose_reads_without_the_book(text, right):
    assert plain(text, {}) == right
