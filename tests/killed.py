"""Kill make at random moments, and look whether the next call ends as one that was left alone. By hand: a quarter of an hour.

    python tests/killed.py [build] [notebook] [grid] [--kills 25]

Each goal runs in a copy of the repository with a book of two small pages, or a grid of two trials and a network. After every
kill, what is there must be whole; a call that goes on to its end leaves the same bytes of records as an undisturbed one.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).parents[1]
NETWORK = "synthetic-gru-seed0"
HEADER = """# ---
# jupyter:
#   book:
#     networks: [network]
#     reads: {reads}
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # {title}

# %% tags=["parameters"]
network = "synthetic-gru-seed0"

# %%
{code}
"""
MEASURED = """from lib.book.records import record_table
from lib.book.searches import fixed_points
from lib.training import NETWORKS, load

points = fixed_points(load(NETWORKS / network), 50, 1e-6)
for name in ("one", "states"):
    record_table(network, name, points.to_pandas().iloc[:, :5].round(9))"""
READ = """from lib.book.records import record_table, table_of

table = table_of([network], "one")
record_table(network, "two", table.describe())"""
SMALL = {"n_units": 8, "n_input": 6, "n_words": 400, "n_tokens": 20, "n_documents": 2000, "n_epochs": 4}
NOTHING = {"corpora": [], "architectures": [], "stacks": [], "seeds": [], "variants": []}
GOALS = {"build": ["build"], "notebook": ["notebook", "NB=one"], "grid": ["grid", "ARGS=--jobs 2"]}


def repository(folder: Path, goal: str) -> Path:
    """What make needs, with a book of two pages; for the grid, with two trials and a network that are not there."""
    shutil.copytree(ROOT / "lib", folder / "lib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "_config.yml", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    for name in ("_ext", "_static", "references.bib", "references.md", "reviews.yml"):
        path = ROOT / "book" / name
        (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / "book" / name)
    for name, reads, code in (("one", [], MEASURED), ("two", ["one"], READ)):
        (folder / "book" / f"{name}.py").write_text(HEADER.format(reads=reads, title=name, code=code), encoding="utf-8")
    contents = {"format": "jb-book", "root": "one", "parts": [{"caption": "All", "chapters": [{"file": "two"}]}]}
    (folder / "_toc.yml").write_text(yaml.safe_dump(contents), encoding="utf-8")
    trials = {"synthetic": {"gru": ["small", "other"]}}
    listed = {
        **{"working_example": NETWORK, "stack_example": NETWORK, "counter_example": NETWORK},
        **{key: [] for key in ("appendix", "controls", "stacks", "measured", "sections", "stack_sections")},
        **{key: NOTHING for key in ("paper_a", "paper_b", "classes")},
        "recipes": {"synthetic": SMALL} if goal == "grid" else {},
        "search": {"recipe": {}, "changes": {"small": {}, "other": {"clip": 0.5}}, "trials": trials if goal == "grid" else {}},
    }
    (folder / "book" / "networks.yml").write_text(yaml.safe_dump(listed), encoding="utf-8")
    (folder / "networks").mkdir()
    if goal != "grid":
        shutil.copytree(ROOT / "networks" / NETWORK, folder / "networks" / NETWORK)
    return folder


def make(folder: Path, goal: str, seconds: float | None = None) -> int | None:
    """Run a goal to its end, or kill it and all its processes after some seconds; its exit status, none where it was killed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    with (folder / "log").open("w", encoding="utf-8") as log:
        command = ["make", *GOALS[goal], f"PY={sys.executable}"]
        running = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            return running.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            return None


def records(folder: Path) -> dict[str, str]:
    """What is on record, as far as it does not say how long it took; raises where something is half-written."""
    found = {}
    for path in sorted([*folder.glob("_build/**/claims/**/[!.]*.json"), *folder.glob("networks/[!.]*/*.json")]):
        content = json.loads(path.read_text(encoding="utf-8"))
        if path.name == "config.json":
            content = {key: value for key, value in content.items() if "seconds" not in key}
            content["checksums"] = {key: value for key, value in content["checksums"].items() if key.endswith(".safetensors")}
        if path.name == "metrics.json":
            content = {key: value for key, value in content.items() if key != "history"}
        content = {key: value for key, value in content.items() if key != "seconds"} if isinstance(content, dict) else content
        found[str(path.relative_to(folder))] = json.dumps(content)
    return found


def check(folder: Path) -> None:
    """Raise where something that is half-written would be taken for whole."""
    records(folder)
    for path in folder.glob("_build/stage/*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))
    for page in folder.glob("_build/notebooks/one*/one.ipynb"):
        if "running-" not in str(page):
            nbformat.read(page, as_version=4)
            assert (page.parent / "_build" / "html" / "one.html").exists(), page
    for index in folder.glob("_build/html/index.html"):
        assert (index.parent / "two.html").exists() and (index.parent / "_static" / "plotly" / "plotly.min.js").exists()
    for path in folder.glob("networks/[!.]*/evidence.safetensors"):
        loaded = "import sys; from pathlib import Path; from lib.training import load; load(Path(sys.argv[1]))"
        subprocess.run(
            [sys.executable, "-c", loaded, path.parent], cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)}, check=True
        )


def tried(goal: str, kills: int, seed: int) -> str:
    """Kill a goal so often, and say how it went."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as scratch:
        alone = repository(Path(scratch, "left alone"), goal)
        started = time.monotonic()
        if make(alone, goal) != 0:
            return f"{goal}: an undisturbed run failed:\n" + (alone / "log").read_text(encoding="utf-8")[-2000:]
        seconds, expected = time.monotonic() - started, records(alone)
        killed = finished = 0
        folder = repository(Path(scratch, "killed & begun (again)"), goal)
        while killed < kills:
            if make(folder, goal, draw.uniform(0, seconds)) is None:
                killed += 1
            else:  # it was done before its time: begin anew
                finished += 1
                assert records(folder) == expected, goal
                folder = repository(Path(scratch, f"killed & begun ({finished})"), goal)
            check(folder)
        status = make(folder, goal)
        assert status == 0, (folder / "log").read_text(encoding="utf-8")[-2000:]
        check(folder)
        assert records(folder) == expected, goal
    told = f"{goal} ({seconds:.0f} s): killed {killed} times; it came to its end {finished + 1} times"
    return f"{told}, always with the same {len(expected)} records"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("goals", nargs="*", default=[*GOALS], metavar="goal", help=f"{', '.join(GOALS)} (default: all)")
    parser.add_argument("--kills", type=int, default=25)
    arguments = parser.parse_args()
    for goal in arguments.goals:
        print(tried(goal, arguments.kills, seed=0), flush=True)


if __name__ == "__main__":
    main()
