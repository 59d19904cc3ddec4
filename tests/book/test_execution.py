"""How a page is executed: one notebook with other parameters, and what is said where that fails."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from lib.book import execution
from lib.book.merging import PageError

ROOT = Path(__file__).parents[2]


def test_a_key_glued_twice_with_different_values_is_refused():
    def page(*values):
        outputs = [
            nbformat.v4.new_output("display_data", {"text/plain": value}, metadata={"scrapbook": {"name": "key"}})
            for value in values
        ]
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=outputs)])

    execution._check_glue(page("1", "1"))
    with pytest.raises(PageError, match="key is glued twice"):
        execution._check_glue(page("1", "2"))


@pytest.fixture
def copy(tmp_path):
    """A copy of what a page is made of: what runs in it leaves the book's own results alone."""
    for folder in ("lib", "book"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "networks").symlink_to(ROOT / "networks")
    return tmp_path


def run_page(copy, source, *arguments):
    output = copy / "_build" / "stage" / f"{source.stem}.ipynb"
    done = subprocess.run(
        [sys.executable, "-m", "lib.book.execution", source, "-o", output, *arguments],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    return done, output


def notebook_of(copy, code):
    """A notebook of one cell."""
    source = copy / "book" / "short.py"
    source.write_text((copy / "book" / "fixed-points.py").read_text().split("# %%")[0] + f"# %%\n{code}\n")
    return source


def test_a_notebook_runs_with_other_parameters(copy):
    parameters = ("-p", "network", "synthetic-gru-seed0", "-p", "n_starts", "20", "-p", "n_exact", "5")
    done, output = run_page(copy, copy / "book" / "fixed-points.py", *parameters)
    assert done.returncode == 0, done.stderr
    page = nbformat.read(output, as_version=4)
    glued = {
        piece.metadata.scrapbook.name.split("/")[-1]: "".join(map(str, piece.data.values()))
        for cell in page.cells
        for piece in cell.get("outputs", [])
        if "scrapbook" in piece.get("metadata", {})
    }
    assert glued["n_starts"] == "20"
    assert (copy / "_build" / "claims" / "synthetic-gru-seed0" / "A4.json").exists()
    assert json.loads((copy / "_build" / "times" / "fixed-points.json").read_text())["seconds"] > 0
    assert str(copy) not in output.read_text()


def test_a_notebook_that_fails_is_left_with_its_traceback_and_makes_no_page(copy):
    done, output = run_page(copy, notebook_of(copy, "raise ValueError('why')"))
    assert done.returncode == 1
    assert "ValueError: why" in done.stderr
    assert "_build/failed/short.ipynb" in done.stderr
    assert "ValueError" in (copy / "_build" / "failed" / "short.ipynb").read_text()
    assert not output.exists()


def test_a_page_that_reads_a_record_which_it_did_not_declare_fails_with_what_to_declare(copy):
    record = copy / "_build" / "claims" / "a-seed0" / "A14.json"
    record.parent.mkdir(parents=True)
    record.write_text('{"test accuracy": 0.9}')
    source = notebook_of(copy, "from lib.book.records import records_of\nrecords_of('a-seed0')['A14']")
    done, output = run_page(copy, source, "--reads", "fixed-points")
    assert done.returncode == 1
    sentence = "This page reads A14, which training records: name training under `reads` in its header."
    assert sentence in done.stderr.splitlines()[0] and "Traceback" not in done.stderr
    assert not output.exists()
    done, output = run_page(copy, source, "--reads", "fixed-points", "training")
    assert done.returncode == 0 and output.exists(), done.stderr


def test_a_parameter_that_the_notebook_does_not_have_is_refused(copy):
    done, output = run_page(copy, copy / "book" / "fixed-points.py", "-p", "tolerence", "1e-9")
    assert done.returncode == 1
    assert "There is no parameter tolerence; the notebook has network, n_starts, tolerance" in done.stderr
    assert not output.exists()


def test_an_unknown_network_gives_one_sentence_with_the_remedy(copy):
    done, output = run_page(copy, copy / "book" / "low-dimensionality.py", "-p", "network", "imdb-gru-seed99")
    assert done.returncode == 1
    assert "There is no network imdb-gru-seed99 under networks/: " in done.stderr
    assert "make train NETWORK=imdb-gru-seed99" in done.stderr and "Traceback" not in done.stderr
    assert not output.exists()


def test_a_page_s_scripts_stand_beside_it_and_older_ones_are_gone(copy):
    static = copy / "_build" / "stage" / "_static" / "words"
    for names in (["one", "two"], ["three"]):
        scripts = dict.fromkeys(names, "globalThis.words = 3;")
        done, _ = run_page(copy, notebook_of(copy, f"from lib.book import page\npage.scripts('words', {scripts})"))
        assert done.returncode == 0, done.stderr
        assert sorted(path.stem for path in static.iterdir()) == sorted(names)
    assert (static / "three.js").read_text() == "globalThis.words = 3;"
