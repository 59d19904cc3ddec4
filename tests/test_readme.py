"""What the README says to type is what there is: its commands, its header of a notebook and its example of the library."""

import os
import re
import shlex
import subprocess
import sys

import jupytext
import pytest
import torch

from lib.book.declarations import Notebook
from lib.book.parameters import parameters, typed
from lib.training import ROOT, spec_of

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.S)
SHOWN = {
    "<name>-gru": "sst-gru",
    "PARTITION=<name>": "PARTITION=main",
    "<name>": "sst-gru-seed0",
    "<folder>": "/data",
    "<run>": "run",
}
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}


def commands():
    """Every command of make in the README, as someone would type it."""
    told = "\n".join(text for language, text in BLOCKS if not language) + "\n" + "\n".join(re.findall(r"`(make[^`]*)`", README))
    found = re.findall(r"^make.*?(?=\s*(?:#.*)?$)", told, re.M)
    for placeholder, value in SHOWN.items():
        found = [command.replace(placeholder, value) for command in found]
    return sorted(set(found))


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """The repository with a build of its own, of which the rules of its pages are there."""
    folder = tmp_path_factory.mktemp("repository")
    for name in ("Makefile", "_toc.yml", "_config.yml", "requirements.txt", "lib", "book", "networks"):
        (folder / name).symlink_to(ROOT / name)
    subprocess.run(
        [sys.executable, "-m", "lib.book.build"], cwd=folder, env=ENVIRONMENT | {"PYTHONPATH": str(folder)}, check=True
    )
    return folder


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_readme_is_one_that_make_knows(repository, command):
    words = shlex.split(command)
    done = subprocess.run(
        [*words, "-n", f"PY={shlex.quote(sys.executable)}"],
        cwd=repository,
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    options = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    if network := options.get("NETWORK"):
        assert spec_of(network).name == network
    if (notebook := options.get("NB")) and options["ARGS"] != "-p":
        others, given = typed(shlex.split(options["ARGS"]))
        found = parameters(jupytext.read(ROOT / "book" / f"{notebook}.py"), given)
        assert others == [] and list(found) == [name for name, _ in given]


def test_the_commands_are_found():
    assert len(commands()) > 10 and {"make build", "make test"} < set(commands())


def test_the_header_of_the_readme_is_one_of_a_notebook(tmp_path):
    (header,) = [text for _, text in BLOCKS if text.startswith("# jupyter:")]
    (tmp_path / "page.py").write_text(f"# ---\n{header}# ---\n", encoding="utf-8")
    notebook = Notebook.at(tmp_path / "page.py")
    assert notebook.reads == ("training", "fixed-points") and {"imdb-gru-seed0", "yelp-lstm-seed0"} <= notebook.folders(None)


def test_every_block_of_the_readme_is_tried():
    kinds = [language or text.split()[0] for language, text in BLOCKS]
    assert set(kinds) == {"python", "make", "#"}


def test_the_example_of_the_readme_runs_on_a_gru_of_torch():
    (example,) = [text for language, text in BLOCKS if language == "python"]
    names = {"gru": torch.nn.GRU(4, 16), "states": 0.1 * torch.randn(20, 16)}
    exec(example, names)
    assert names["points"].converged.all()
    assert names["modes"].time_constants.shape == (20, 10)
