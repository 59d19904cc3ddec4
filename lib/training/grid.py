"""Everything `book/networks.yml` lists, trained and measured: what is missing is found, and done by an engine, the processes of
this machine (`Local`) or a cluster (`lib.training.cluster`).

Three kinds of task, each resumable and each leaving files that are committed:

- a *trial* of the search for a recipe: trained on one corpus, judged by validation accuracy → `networks/trials/<name>.json`;
- a *network*: trained and gathered → `networks/<name>/`, whole for seed 0; of other seeds git keeps config and metrics;
- the *claims* of a network that is not published, a further seed or a variant: the notebooks run on it, their measurements
  kept → `networks/<name>/claims.json`.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from tqdm import tqdm

from lib.files import write_whole
from lib.training.catalogue import NETWORKS, ROOT, Spec, catalogue, exists, measured_only, of_classes, spec_of, wanted
from lib.training.loop import best_epoch
from lib.training.publication import checkpoint, fit, read

TRIALS = NETWORKS / "trials"
WORK = ROOT / "_build" / "grid"
EXPECTED = {"trial": 120.0, "train": 900.0, "measure": 60.0}  # seconds of a task, until one of its kind was done


class GridError(RuntimeError):
    """An engine cannot do the tasks; the message says why."""


def trial_spec(name: str) -> Spec:
    """What a trial's name says, `<dataset>-<architecture>-<change>`: the search's common recipe with one change.

    Raises ValueError where `book/networks.yml` does not list the trial.
    """
    search = catalogue()["search"]
    dataset, architecture, change = [*name.split("-", 2), "", "", ""][:3]
    if change not in search["trials"].get(dataset, {}).get(architecture, ()):
        raise ValueError(f'book/networks.yml lists no trial "{name}".')
    base = spec_of(f"{dataset}-{architecture}-seed0")
    return replace(base, name=name, recipe=replace(base.recipe, **search["recipe"] | search["changes"][change]))


def trial(name: str) -> Path:
    """Train one trial of the search and write what its validation split says."""
    spec = trial_spec(name)
    started = time.monotonic()
    _, _, history = fit(spec, read(spec))
    epoch = best_epoch(history, spec.recipe.keep)
    best = history[epoch - 1]
    found = {
        "name": name,
        "recipe": asdict(spec.recipe),
        "best_epoch": epoch,
        "validation_loss": best["validation_loss"],
        "validation_accuracy": best["validation_accuracy"],
        "losses": [entry["validation_loss"] for entry in history],
        "accuracies": [entry["validation_accuracy"] for entry in history],
        "seconds": time.monotonic() - started,
    }
    return write_json(TRIALS / f"{name}.json", found)


def write_json(path: Path, found: dict) -> Path:
    """Write a JSON file, which is whole or not there."""
    return write_whole(path, json.dumps(found, indent=1, ensure_ascii=False) + "\n")


@dataclass(frozen=True)
class Task:
    """One thing to do: `kind` is the command of `python -m lib` that does it."""

    kind: str
    name: str

    @property
    def done(self) -> bool:
        measured_already = (NETWORKS / self.name / "claims.json").exists()
        if self.kind == "trial":
            return (TRIALS / f"{self.name}.json").exists()
        return measured_already or (self.kind == "train" and exists(self.name))


def tasks() -> list[Task]:
    """Everything that `book/networks.yml` asks for, in the order in which it is wanted."""
    trials = catalogue()["search"]["trials"]
    found = [
        Task("trial", f"{dataset}-{architecture}-{change}")
        for dataset, of_corpus in trials.items()
        for architecture, changes in of_corpus.items()
        for change in changes
    ]
    found += [Task("train", name) for name in wanted()]
    return found + [Task("measure", name) for name in (*measured_only(), *of_classes())]


def expected_seconds(task: Task) -> float:
    """How long a task takes: as long as the same with another seed, else as others of its kind did on average."""
    if task.kind == "train":
        took = {
            path.parent.name: json.loads(path.read_text(encoding="utf-8"))["seconds"]
            for path in NETWORKS.glob("[!.]*/config.json")
        }
        stem = task.name.rpartition("-seed")[0]
        like = [seconds for name, seconds in took.items() if name.rpartition("-seed")[0] == stem] or list(took.values())
    elif task.kind == "trial":
        like = [json.loads(path.read_text(encoding="utf-8"))["seconds"] for path in TRIALS.glob("*.json")]
    else:
        like = []
    return sum(like) / len(like) if like else EXPECTED[task.kind]


Started = TypeVar("Started")  # what an engine calls a task that it has started


@runtime_checkable
class Engine(Protocol[Started]):
    """Where tasks are done, at most `slots` at a time."""

    slots: int

    def left(self) -> dict[Started, Task]:
        """What an earlier call started and left running."""
        ...

    def start(self, tasks: list[Task]) -> dict[Started, Task]:
        """Start tasks."""
        ...

    def finished(self, running: dict[Started, Task]) -> dict[Started, bool]:
        """Wait until something that runs has ended; whether it succeeded."""
        ...


class Local:
    """The processes of this machine."""

    def __init__(self, slots: int):
        self.slots = slots
        self.pool = ThreadPoolExecutor(slots)

    def left(self) -> dict[Future, Task]:
        return {}

    def start(self, tasks: list[Task]) -> dict[Future, Task]:
        return {self.pool.submit(do, task): task for task in tasks}

    def finished(self, running: dict[Future, Task]) -> dict[Future, bool]:
        return {future: future.result() for future in wait(running, return_when=FIRST_COMPLETED).done}


def run(engine: Engine) -> list[Task]:
    """Do what is missing, each task in a process of its own; return the tasks that failed.

    A task that was interrupted goes on from its last checkpoint when the grid is run again. A claim is measured as soon as
    its network is there. What a task printed is in `_build/grid/<name>.log`.
    """
    running = engine.left()
    waiting = [task for task in tasks() if not task.done and task not in running.values()]
    weight = {task: expected_seconds(task) for task in (*running.values(), *waiting)}
    failed: list[Task] = []
    with tqdm(total=round(sum(weight.values())), unit="s", desc="grid", bar_format=BAR) as bar:
        while waiting or running:
            ready = _ready(waiting, list(running.values()))[: engine.slots - len(running)]
            waiting = [task for task in waiting if task not in ready]
            if ready:
                running |= engine.start(ready)
            if not running:
                failed += waiting  # claims of networks that could not be trained
                break
            bar.set_postfix_str(_in_words(list(running.values())))
            for started, succeeded in engine.finished(running).items():
                task = running.pop(started)
                bar.update(round(weight[task]))
                if not succeeded:
                    failed.append(task)
                    tqdm.write(f"{task.kind} {task.name} failed: see {log_of(task).relative_to(ROOT)}")
    return failed


def _ready(waiting: list[Task], running: list[Task]) -> list[Task]:
    """The tasks that can be started: no claims of a network that is not there, and no two that write one checkpoint."""
    ready: list[Task] = []
    taken = {_writes(task) for task in running}
    for task in waiting:
        if _writes(task) not in taken and (task.kind != "measure" or exists(task.name)):
            taken.add(_writes(task))
            ready.append(task)
    return ready


def _writes(task: Task) -> Path:
    """The checkpoint of a task, which a trial and a network of one recipe share; the claims of a network."""
    if task.kind == "measure":
        return NETWORKS / task.name / "claims.json"
    return checkpoint(trial_spec(task.name) if task.kind == "trial" else spec_of(task.name))


def _in_words(running: list[Task], n_named: int = 2) -> str:
    """The tasks that run, the first by name: "train sst-gru-seed0, trial sst-gru-fast, 3 more"."""
    named = [f"{task.kind} {task.name}" for task in running[:n_named]]
    return ", ".join([*named, f"{len(running) - n_named} more"] if len(running) > n_named else named)


BAR = "{desc} {percentage:3.0f}% |{bar}| about {remaining} left{postfix}"


def log_of(task: Task) -> Path:
    """Where what a task prints is kept."""
    return WORK / f"{task.kind}-{task.name}.log"


def do(task: Task) -> bool:
    """Do a task in a process of its own; whether it succeeded."""
    log_of(task).parent.mkdir(parents=True, exist_ok=True)
    with log_of(task).open("w", encoding="utf-8") as log:
        environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "lib", task.kind, task.name]
        return subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=ROOT).returncode == 0
