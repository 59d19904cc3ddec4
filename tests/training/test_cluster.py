"""The grid on a real Slurm of one node: its tasks are sent, queued again, followed by a second call, and reported."""

import json
import os
import re
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest
import yaml
from slurm import MISSING, one_node

from lib.book.cost import JOB_FILES
from lib.training.catalogue import ROOT

N_EPOCHS = 12  # each long enough that the other task has failed well before the last, on a busy machine too
NOTHING = {"corpora": [], "architectures": [], "stacks": [], "seeds": []}
SMALL = {
    "n_units": 8,
    "n_input": 6,
    "n_words": 400,
    "n_tokens": 20,
    "n_documents": 12_000,
    "n_epochs": N_EPOCHS,
    "patience": N_EPOCHS,
}
CATALOGUE = {  # a trial that learns, and a network whose corpus is not there
    "search": {"recipe": {}, "changes": {"small": {}}, "trials": {"synthetic": {"gru": ["small"]}}},
    "working_example": "sst-gru-seed0",
    **{key: [] for key in ("appendix", "controls", "stacks", "measured")},
    **{key: NOTHING for key in ("paper_a", "paper_b", "classes")},
    "recipes": {"synthetic": SMALL},
}
LOOKING_OFTEN = (
    "import sys; from lib.training import cluster; cluster.LOOK = 0.5; from lib.__main__ import main; sys.exit(main())"
)
WITHOUT_SUBMITIT = "import sys; sys.modules['submitit'] = None; from lib.__main__ import main; sys.exit(main())"


def grid(repository, program, **environment):
    """The grid of a repository, begun on the cluster."""
    environment = os.environ | {"PYTHONPATH": str(repository), "DATA_DIR": str(repository)} | environment
    command = [sys.executable, "-c", program, "grid", "--engine", "slurm", "--minutes", "20"]
    return subprocess.Popen(command, cwd=repository, env=environment, text=True, stdout=-1, stderr=subprocess.STDOUT)


def until(ready, seconds=300):
    """Wait until a function returns something, and return that."""
    end = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """The library with a grid of its own."""
    folder = tmp_path_factory.mktemp("repository")
    (folder / "lib").symlink_to(ROOT / "lib")
    (folder / "book").mkdir()
    (folder / "book" / "networks.yml").write_text(yaml.safe_dump(CATALOGUE))
    return folder


@pytest.fixture(scope="module")
def story(repository, tmp_path_factory):
    """A grid whose trial is queued again in its third epoch; its caller is killed then, and called again.

    What both callers said, the jobs in the queue before and after, and the trial's log before and after.
    """
    if MISSING or find_spec("submitit") is None:
        pytest.skip("no Slurm or no submitit: apt-get install slurmctld slurmd munge; pip install -r requirements-slurm.txt")
    log = repository / "_build" / "grid" / "trial-synthetic-gru-small.log"
    with one_node(tmp_path_factory.mktemp("slurm")) as slurm:

        def queue():
            command = ["squeue", "--noheader", "--array", "--format=%i"]
            return subprocess.run(command, env=slurm, capture_output=True, text=True, check=True).stdout.split()

        def epochs():
            return [int(n) for n in re.findall(r"epoch (\d+)/", log.read_text())] if log.exists() else []

        with grid(repository, LOOKING_OFTEN, **slurm) as first:
            until(lambda: 3 in epochs() and len(queue()) == 1)  # the other task has failed by now
            sent, before = queue(), epochs()
            subprocess.run(["scontrol", "requeue", *sent], env=slurm, check=True)
            until(lambda: epochs() and epochs()[0] > 1)
            first.kill()
            with grid(repository, LOOKING_OFTEN, **slurm) as second:
                said = [call.communicate(timeout=300)[0] for call in (first, second)]
        return {"said": said, "sent": sent, "before": before, "after": epochs(), "failed": second.returncode}


def test_a_task_that_is_queued_again_goes_on_from_its_checkpoint(repository, story):
    assert story["before"][0] == 1 and 3 <= story["after"][0] <= story["before"][-1]
    found = json.loads((repository / "networks" / "trials" / "synthetic-gru-small.json").read_text())
    assert len(found["losses"]) == N_EPOCHS and found["validation_accuracy"] > 0.6


def test_a_second_call_follows_what_is_in_the_queue(repository, story):
    submitted = sorted(path.name for path in (repository / "_build" / "grid" / "slurm").glob("*_submitted.pkl"))
    assert len(submitted) == 3  # two of the first call; of the second the one that had failed
    assert f"{story['sent'][0]}_submitted.pkl" in submitted
    assert "trial synthetic-gru-small" in story["said"][1]


def test_a_job_leaves_the_files_that_the_book_counts(repository, story):
    of_submitit = list((repository / "_build" / "grid" / "slurm").glob(f"{story['sent'][0]}_*"))
    assert len(of_submitit) + 1 == JOB_FILES  # and the log of the task


def test_a_task_that_fails_is_reported_and_the_others_go_on(repository, story):
    for said in story["said"]:
        assert "train sst-gru-seed0 failed: see _build/grid/train-sst-gru-seed0.log" in said
    assert story["failed"] == 1 and "Tasks that failed: 1." in story["said"][1]
    assert "sst/train.parquet" in (repository / "_build" / "grid" / "train-sst-gru-seed0.log").read_text()


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        (WITHOUT_SUBMITIT, "The cluster needs submitit: python -m pip install -r requirements-slurm.txt"),
        (LOOKING_OFTEN, "There is no sbatch on this machine: run the grid where Slurm's commands are, on a login node."),
    ],
)
def test_what_is_missing_for_a_cluster_is_said_in_a_sentence(repository, program, sentence):
    if program == LOOKING_OFTEN and find_spec("submitit") is None:
        pytest.skip("no submitit: pip install -r requirements-slurm.txt")
    call = grid(repository, program, PATH="")
    assert call.communicate(timeout=60)[0] == f"{sentence}\n" and call.returncode == 1
