"""How pages are made: several notebooks into one, one notebook with other parameters, and what make runs again."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import execute
import jupytext
import nbformat
import pytest
import toc
import yaml

ROOT = Path(__file__).parents[2]

FIRST = """
# %% [markdown]
# # First
#
# See {numref}`fig-a`, {eq}`eq-b`, {numref}`Figure %s <fig-a>`, {ref}`part`,
# {numref}`fig-elsewhere` and {doc}`training`.
#
# $$
# x
# $$ (eq-b)
#
# (part)=
# ## Part
#
# ```python
# # not a title
# ```
#
# ```{glue:figure} fig-a
# :name: fig-a
# :alt: a
# ```

# %% tags=["parameters"]
network = "default-seed0"
# how many starts
n_starts = 500  # as in the paper

# %% [markdown] tags=["section-only"]
# On its own page only.
"""

SECOND = """
# %% [markdown]
# # Second
#
# From {glue:text}`first.ipynb::key:.1f` and {glue:text}`training.ipynb::key:.1f`
# to {numref}`fig-a` and {numref}`fig-ab`.

# %% tags=["parameters"]
network = "default-seed0"
n_starts = 500
words = ["a",
         "b"]

# %% mystnb={"figure": {"name": "fig-ab", "caption": "c"}}
1
"""


def notebook(text):
    return jupytext.reads(text, fmt="py:percent")


@pytest.fixture
def merged():
    return execute.merge({"first": notebook(FIRST), "second": notebook(SECOND)}, "imdb-gru-seed0")


def text(page):
    return "\n\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")


def test_a_page_of_several_sections_has_the_networks_title_and_theirs_below(merged):
    titles = [line for line in text(merged).splitlines() if line.startswith("#")]
    assert titles == ["# imdb-gru-seed0", "## First", "### Part", "# not a title", "## Second"]


def test_labels_of_the_sections_get_the_networks_name_wherever_they_stand(merged):
    for changed in (
        "{numref}`fig-a-imdb-gru-seed0`",
        "{eq}`eq-b-imdb-gru-seed0`",
        "{numref}`Figure %s <fig-a-imdb-gru-seed0>`",
        "{ref}`part-imdb-gru-seed0`",
        "$$ (eq-b-imdb-gru-seed0)",
        "(part-imdb-gru-seed0)=",
        ":name: fig-a-imdb-gru-seed0\n",
        "to {numref}`fig-a-imdb-gru-seed0` and {numref}`fig-ab-imdb-gru-seed0`",
    ):
        assert changed in text(merged)
    assert merged.cells[-1].metadata.mystnb.figure.name == "fig-ab-imdb-gru-seed0"


def test_labels_of_other_pages_and_glue_keys_stay(merged):
    assert "{numref}`fig-elsewhere`" in text(merged)
    assert "{glue:figure} fig-a\n" in text(merged)


def test_what_a_section_takes_from_another_is_on_the_page_and_other_pages_are_up_a_folder(merged):
    assert "{glue:text}`key:.1f`" in text(merged)
    assert "{glue:text}`/training.ipynb::key:.1f`" in text(merged)
    assert "{doc}`/training`" in text(merged)


def test_parameters_come_first_and_once_with_the_network_of_the_page(merged):
    heads = [cell for cell in merged.cells if "parameters" in cell.metadata.get("tags", [])]
    assert [cell.source for cell in heads] == [
        'network = "imdb-gru-seed0"\n# how many starts\nn_starts = 500  # as in the paper\nwords = ["a",\n         "b"]'
    ]
    assert merged.cells.index(heads[0]) == 1


def test_what_is_for_the_section_only_is_left_out(merged):
    assert "own page only" not in text(merged)


def test_sections_that_disagree_on_a_parameter_are_refused():
    other = notebook(SECOND.replace("500", "200"))
    with pytest.raises(execute.PageError, match="n_starts two values: 500 and 200"):
        execute.merge({"first": notebook(FIRST), "second": other}, "imdb-gru-seed0")


def test_a_key_glued_twice_with_different_values_is_refused():
    def page(*values):
        outputs = [
            nbformat.v4.new_output("display_data", {"text/plain": value}, metadata={"scrapbook": {"name": "key"}})
            for value in values
        ]
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=outputs)])

    execute._check_glue(page("1", "1"))
    with pytest.raises(execute.PageError, match="key is glued twice"):
        execute._check_glue(page("1", "2"))


def test_the_toc_lists_the_networks_under_the_appendix_and_only_pages_that_are_there():
    contents = toc.toc(["training", "appendix", "networks/a", "networks/b"])
    assert [chapter["file"] for part in contents["parts"] for chapter in part["chapters"]] == ["training", "appendix"]
    assert contents["parts"][1]["chapters"][0]["sections"] == [{"file": "networks/a"}, {"file": "networks/b"}]


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
        [sys.executable, copy / "book" / "_ext" / "execute.py", source, "-o", output, *arguments],
        env=os.environ | {"PYTHONPATH": str(copy), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    return done, output


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
    source = copy / "book" / "broken.py"
    source.write_text((copy / "book" / "fixed-points.py").read_text().split("# %%")[0] + "# %%\nraise ValueError('why')\n")
    done, output = run_page(copy, source)
    assert done.returncode == 1
    assert "ValueError: why" in done.stderr
    assert "_build/failed/broken.ipynb" in done.stderr
    assert "ValueError" in (copy / "_build" / "failed" / "broken.ipynb").read_text()
    assert not output.exists()


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


@pytest.fixture
def dry(tmp_path):
    """The Makefile in a copy, with a python that only notes what it is asked to execute; call it to build."""
    for name in ("Makefile", "_toc.yml", "_config.yml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    for folder in ("lib", "book"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    pages = ["index.md", "references.md", "appendix.md", "training.py", "known-answer.py", "claims.py", "making.py"]
    sections = ["low-dimensionality", "fixed-points", "eigenmodes", "eigenvectors", "linearization", "robustness"]
    compared = ["universality", "failures", "what-makes-the-line", "contextual", "non-normality", "similarity"]
    layers, depths = ["layers", "coupled"], ["stacks", "sling", "bulk"]
    for page in [*pages, *(f"{name}.py" for name in [*sections, *compared, *layers, *depths])]:
        (tmp_path / "book" / page).touch()
    contents = yaml.safe_load((ROOT / "book" / "networks.yml").read_text())
    for name in [contents["working_example"], *contents["appendix"], *contents["controls"], *contents["stacks"]]:
        (tmp_path / "networks" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "networks" / name / "evidence.safetensors").write_text("")
    python = tmp_path / "python"
    python.write_text(
        "#!/usr/bin/env bash\n"
        'all="$*"; echo $all >> asked\n'
        'case "$all" in\n'
        "  *execute.py*) out=${all##*-o }; out=${out%% *}; mkdir -p $(dirname $out); touch $out; echo $out >> ran;;\n"
        "  *jupyter_book*) mkdir -p _build/html; touch _build/html/index.html; echo book >> ran;;\n"
        "esac\n"
    )
    python.chmod(0o755)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}

    def build(*arguments):
        (tmp_path / "ran").write_text("")
        command = ["make", "build", f"PY={python}", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return [line.removeprefix("_build/stage/") for line in (tmp_path / "ran").read_text().split()]

    build.root = tmp_path
    build.sections = [f"{name}.ipynb" for name in sections]
    build.networks = [f"networks/{name}.ipynb" for name in contents["appendix"]]
    build.others = ["training.ipynb", "known-answer.ipynb"]
    build.compared = [f"{name}.ipynb" for name in compared]
    build.layers = [f"{name}.ipynb" for name in layers]
    build.stacks = [f"stacks/{name}.ipynb" for name in contents["stacks"]]
    build.depths = [f"{name}.ipynb" for name in depths]
    build.summary = ["claims.ipynb", "index.ipynb", "making.ipynb"]
    paper_a = [*build.sections, *build.networks, *build.others, *build.compared]
    build.everything = [*paper_a, *build.layers, *build.stacks, *build.depths, *build.summary, "book"]
    return build


def later(path):
    """Change a file, so that it is newer than everything that was made."""
    path.touch()
    stamp = path.stat().st_mtime + 5
    os.utime(path, (stamp, stamp))


def test_a_build_runs_every_page_once_in_order_and_a_second_one_nothing(dry):
    ran = dry()
    assert sorted(ran) == sorted(dry.everything)
    assert sorted(ran[-4:-2]) == ["claims.ipynb", "index.ipynb"]
    assert ran[-2:] == ["making.ipynb", "book"]
    assert all(ran.index("networks/imdb-gru-seed0.ipynb") < ran.index(section) for section in dry.sections)
    assert all(ran.index(network) < ran.index("universality.ipynb") for network in dry.networks)
    assert all(ran.index(network) < ran.index("sling.ipynb") for network in dry.stacks)
    assert dry() == []


def test_a_change_in_one_notebook_runs_that_page_and_what_reads_its_results(dry):
    dry()
    later(dry.root / "book" / "training.py")
    assert sorted(dry()) == sorted(["training.ipynb", *dry.summary, "book"])


def test_a_change_in_a_section_runs_it_and_the_pages_of_the_networks(dry):
    dry()
    later(dry.root / "book" / "eigenmodes.py")
    assert sorted(dry()) == sorted(["eigenmodes.ipynb", *dry.networks, *dry.compared, *dry.summary, "book"])


def test_a_change_in_a_notebook_about_layers_runs_the_pages_of_the_stacks_that_have_it(dry):
    dry()
    later(dry.root / "book" / "coupled.py")
    of_many = [page for page in dry.stacks if "imdb-gru-" not in page]
    assert sorted(dry()) == sorted(["coupled.ipynb", *of_many, *dry.depths, *dry.summary, "book"])


def test_a_network_of_one_layer_is_not_coupled(dry):
    dry()
    asked = {
        line.split(" -p network ")[-1]: line for line in (dry.root / "asked").read_text().splitlines() if "stacks/" in line
    }
    assert "book/coupled.py" not in asked["imdb-gru-glove-seed0"] and "book/layers.py" in asked["imdb-gru-glove-seed0"]
    assert "book/layers.py book/coupled.py" in asked["imdb-gru3-glove-seed0"]


def test_a_change_in_a_written_page_builds_the_book_and_runs_nothing(dry):
    dry()
    later(dry.root / "book" / "appendix.md")
    assert dry() == ["book"]


def test_a_change_in_the_library_runs_everything(dry):
    dry()
    later(dry.root / "lib" / "cells.py")
    assert len(dry()) == len(dry.everything)


def test_another_working_example_runs_the_sections_again(dry):
    dry()
    assert sorted(dry("WORKING_EXAMPLE=yelp-lstm-seed0")) == sorted([*dry.sections, *dry.summary, "book"])


def test_what_was_measured_of_another_seed_runs_the_pages_that_compare(dry):
    dry()
    seed = dry.root / "networks" / "sst-gru-seed7"
    seed.mkdir()
    later_than_all = seed / "claims.json"
    later(later_than_all)
    assert sorted(dry()) == sorted(["training.ipynb", *dry.compared, *dry.depths, *dry.summary, "book"])


def test_a_page_or_network_that_is_not_there_is_left_out_with_a_sentence(dry):
    (dry.root / "book" / "training.py").unlink()
    ran = dry()
    assert "training.ipynb" not in ran
    assert "claims.ipynb" in ran


def test_make_alone_says_what_it_can_do(dry):
    done = subprocess.run(["make"], cwd=dry.root, capture_output=True, text=True, check=True)
    for goal in ("build", "test", "train", "grid", "experiment", "notebook", "serve", "bench", "lint", "clean"):
        assert f"make {goal} " in done.stdout
