"""What make runs, and when: the whole build with a python that only notes what it is asked to execute."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
CATALOGUE = yaml.safe_load((ROOT / "book" / "networks.yml").read_text())
SECTIONS, STACK_SECTIONS = CATALOGUE["sections"], CATALOGUE["stack_sections"]
NETWORKS = [f"explored/{name}" for name in CATALOGUE["appendix"]]
STACKS = [f"explored/{name}" for name in CATALOGUE["stacks"]]
COMPARED = ["universality", "failures", "what-makes-the-line", "explorer"]  # these read what was measured of networks
LAST = ["claims", "index", "making", "book"]  # these read everything
PYTHON = f"""#!/usr/bin/env bash
all="$*"
case "$all" in
  "-m lib.book.build"*) exec {sys.executable} "$@";;
  *lib.book.ex*) out=${{all##*-o }}; out=${{out%% *}}; mkdir -p $(dirname $out); touch $out; echo $all >> ran;;
  *jupyter_book*) mkdir -p _build/new/_build/html; touch _build/new/_build/html/index.html; echo -o book >> ran;;
esac
"""


def make(folder, *arguments):
    done = subprocess.run(["make", *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pages_in(told):
    """The pages that commands make, in their order."""
    return [re.sub(r"^_build/(stage/)?|\.(ipynb|json)$", "", name) for name in re.findall(r"-o (\S+)", told)]


def build(folder, *arguments):
    """Build, and return what was made."""
    (folder / "ran").write_text("")
    told = make(folder, "build", f"PY={folder / 'python'}", *arguments)
    return pages_in((folder / "ran").read_text()), told


def later(path):
    """Change a file, so that it is newer than everything that was made."""
    path.touch()
    stamp = path.stat().st_mtime + 5
    os.utime(path, (stamp, stamp))


@pytest.fixture(scope="module")
def first_build(tmp_path_factory):
    """The Makefile, the library and the sources in a copy, with folders of networks that hold nothing, and built once."""
    folder = tmp_path_factory.mktemp("book")
    for name in ("Makefile", "_toc.yml", "_config.yml", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    for name in ("lib", "book"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    names = [*CATALOGUE["appendix"], *CATALOGUE["controls"], *CATALOGUE["stacks"]]
    for path in (folder / "networks" / name / "evidence.safetensors" for name in names):
        path.parent.mkdir(parents=True)
        path.touch()
    for name in ("trials", "experiments"):
        (folder / "networks" / name).mkdir()
    (folder / "python").write_text(PYTHON)
    (folder / "python").chmod(0o755)
    return folder, build(folder)[0]


@pytest.fixture(scope="module")
def built(first_build):
    """The book as it was built, not to be changed for good."""
    return first_build[0]


@pytest.fixture
def copy(built, tmp_path):
    """A copy of it, to be built again after a change."""
    return shutil.copytree(built, tmp_path / "book")


def reruns(folder, name):
    """The pages that make would run again after a change in a file."""
    path = folder / name
    before = path.stat()
    later(path)
    try:
        return sorted(
            pages_in(make(folder, "-n", "book", f"PY={folder / 'python'}").replace("--path-output _build/new", "-o book"))
        )
    finally:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_every_page_runs_once_after_those_whose_results_it_takes(first_build):
    _, ran = first_build
    alone = ["training", "known-answer", "contextual", "non-normality", "similarity", "stacks", "sling", "bulk"]
    alone += ["primer", "your-review", "speed", "cost", "classes", "stars", "own-network", "cite"]
    assert sorted(ran) == sorted([*SECTIONS, *STACK_SECTIONS, *NETWORKS, *STACKS, *COMPARED, *alone, *LAST])
    assert sorted(ran[-4:-2]) == ["claims", "index"] and ran[-2:] == ["making", "book"]
    for page, others in (
        ("universality", [*NETWORKS, "training"]),
        ("failures", [*NETWORKS, "training"]),
        ("stacks", STACKS),
        ("sling", [*STACKS, "stacks"]),
        ("stars", ["classes"]),
        ("similarity", NETWORKS[:12]),  # takes their fixed points from the cache
        *((section, [f"explored/{CATALOGUE['working_example']}"]) for section in SECTIONS),
    ):
        assert all(ran.index(other) < ran.index(page) for other in others), page


def test_a_second_build_runs_nothing(copy):
    assert build(copy)[0] == []


@pytest.mark.parametrize(
    ("changed", "pages"),
    [
        ("training", ["training", *COMPARED]),  # A14 is recorded there
        ("stacks", ["stacks", "sling"]),
        ("explorer", ["explorer"]),
        ("eigenmodes", ["eigenmodes"]),  # what the explorer shows of networks needs no notebook
        ("coupled", ["coupled"]),
        ("layers", ["layers"]),
        ("similarity", ["similarity"]),
    ],
)
def test_a_change_in_a_notebook_runs_its_pages_and_those_that_read_its_records(built, changed, pages):
    assert reruns(built, f"book/{changed}.py") == sorted([*pages, *LAST])


def test_a_change_in_a_written_page_builds_the_book_and_runs_nothing(built):
    assert reruns(built, "book/references.md") == ["book"]


def test_a_change_in_the_script_of_the_explorer_builds_the_book_and_runs_nothing(built):
    assert reruns(built, "book/_static/explorer.js") == ["book"]


def test_a_change_in_the_library_runs_the_pages_that_use_it(built):
    everything = {*SECTIONS, *STACK_SECTIONS, *NETWORKS, *STACKS, *COMPARED, *LAST}
    assert everything <= set(reruns(built, "lib/dynamics/cells.py"))
    assert everything - {*NETWORKS, *STACKS} <= set(reruns(built, "lib/book/execution.py"))
    assert {*NETWORKS, *STACKS, "explorer", "universality"} <= set(reruns(built, "lib/book/analysis.py"))
    used = reruns(built, "lib/dynamics/similarity.py")
    assert {"similarity", "stacks"} <= set(used) and not {*SECTIONS, *NETWORKS} & set(used)


def test_a_change_in_a_network_runs_the_pages_that_read_it(built):
    ran = reruns(built, "networks/sst-linear-seed0/evidence.safetensors")
    assert {"training", "explored/sst-gru-seed0"} <= set(ran)
    assert not {"explored/imdb-gru-seed0", *SECTIONS, *STACKS} & set(ran)


def test_another_working_example_runs_the_sections_again_and_back(copy):
    again = sorted([*SECTIONS, *LAST])
    assert sorted(build(copy, "WORKING_EXAMPLE=yelp-lstm-seed0")[0]) == again
    assert "-p network yelp-lstm-seed0" in (copy / "ran").read_text()
    assert sorted(build(copy)[0]) == again


def test_what_was_measured_of_another_seed_runs_the_pages_that_compare(copy):
    comparing = sorted(["training", *COMPARED, "stacks", "sling", "classes", "stars", "cost", *LAST])
    (copy / "networks" / "sst-gru-seed7").mkdir()
    for name in ("claims", "metrics", "config"):
        (copy / "networks" / "sst-gru-seed7" / f"{name}.json").write_text("{}")
    assert sorted(build(copy)[0]) == comparing
    for name in ("claims", "metrics", "config"):
        assert reruns(copy, f"networks/sst-gru-seed7/{name}.json") == comparing
    shutil.rmtree(copy / "networks" / "sst-gru-seed7")
    assert sorted(build(copy)[0]) == comparing


def test_a_page_or_network_that_is_not_there_is_left_out_with_a_sentence(copy):
    (copy / "book" / "contextual.py").unlink()
    shutil.rmtree(copy / "networks" / "sst-gru-seed0")
    ran, told = build(copy)
    assert "Left out: contextual, which _toc.yml lists, has no source in book/." in told
    assert "Left out: sst-gru-seed0, which book/networks.yml lists, has no folder: make train NETWORK=sst-gru-seed0" in told
    assert "universality" in ran and "contextual" not in ran and "explored/sst-gru-seed0" not in ran
    for page in ("stage/contextual.ipynb", "explored/sst-gru-seed0.json"):
        assert not (copy / "_build" / page).exists()
    for page in ("contextual", "sst-gru-seed0"):
        assert page not in (copy / "_build" / "toc.yml").read_text()


def test_make_alone_says_what_it_can_do_and_needs_no_environment():
    told = make(ROOT, "PY=/nowhere")
    for goal in ("build", "test", "train", "grid", "experiment", "notebook", "serve", "bench", "lint", "clean"):
        assert f"make {goal} " in told
    assert make(ROOT, "-n", "clean", "PY=/nowhere").startswith("rm -rf _build/html")


def test_several_notebooks_become_one_page_of_a_network(built):
    told = make(built, "-n", "notebook", "NB=layers coupled", "ARGS=-p network imdb-gru2-glove-seed0", f"PY={built / 'python'}")
    run = '-m lib.book.execution book/layers.py book/coupled.py -o "$run/layers.ipynb" -p network imdb-gru2-glove-seed0'
    assert run in told and "root: layers" in told


def test_two_notebooks_at_once_have_a_folder_each_in_a_folder_with_an_odd_name(built, tmp_path):
    folder = shutil.copytree(built, tmp_path / "a b (c) & 'd' é")
    (folder / "python").write_text(
        "#!/usr/bin/env bash\n"
        'out=; for word in "$@"; do [ "$before" = -o ] && out=$word; before=$word; done\n'
        'case "$*" in *lib.book.execution*) sleep 0.3; echo "$@" > "$out";; *jupyter_book*) sleep 0.3;; esac\n'
    )
    options = ["-p n_starts 20", "-p n_starts 30", '-p positive_review "great film # no (really)"']
    runs = [
        subprocess.Popen(
            ["make", "notebook", "NB=fixed-points", f"ARGS={text}", "PY=./python"],
            cwd=folder,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for text in options
    ]
    for run, text in zip(runs, options, strict=True):
        told, _ = run.communicate()
        assert run.returncode == 0
        page = folder / re.search("The notebook: (.*)", told)[1]
        assert page.read_text(encoding="utf-8").strip().endswith(text.replace('"', ""))
        assert f"file://{folder}/{page.parent.relative_to(folder)}/_build/html/fixed-points.html" in told
    assert not list((folder / "_build" / "notebooks").glob("running-*"))


def test_the_book_is_built_in_a_folder_with_an_odd_name(built, tmp_path):
    folder = shutil.copytree(built, tmp_path / "a b (c) & 'd' é")
    later(folder / "book" / "references.md")
    make(folder, "build", "PY=./python")
    assert (folder / "_build" / "html" / "index.html").exists() and not (folder / "_build" / "new").exists()
