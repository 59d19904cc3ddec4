"""What trainings cost in time and space: from what every network's folder says of its epochs, and `gpu.csv`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapreplace
from pathlib import Path

import pandas as pd
from safetensors import safe_open

from lib.book.recipes import reach
from lib.training.catalogue import NETWORKS, catalogue, paper_a

GPU_TABLE = Path(__file__).with_name("gpu.csv")
CELL = ["dataset", "architecture"]
N_COPIES, N_BYTES = 4, 4  # a checkpoint holds the weights now, the best ones and Adam's two moments, each number in 4 bytes
JOB_FILES = 5  # arguments, result and two logs of a Slurm job, and the log of its task


def trainings(folder: Path = NETWORKS) -> pd.DataFrame:
    """Every training that was recorded, a row each.

    What the network is, the `processor` that it was trained on (CPU or GPU), `seconds` of its epochs, the `tokens` that it read
    in them, and its tokens a second (`rate`), the median over epochs.
    """
    rows = []
    for path in sorted(folder.glob("*/metrics.json")):
        config = json.loads((path.parent / "config.json").read_text(encoding="utf-8"))
        history = pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))["history"])
        rows.append(
            {key: config[key] for key in ("name", *CELL, "variant", "seed", "n_layers", "device")}
            | {
                "processor": "GPU" if config["device"].startswith("cuda") else "CPU",
                "seconds": history["seconds"].sum(),
                "tokens": (history["seconds"] * history["tokens_per_second"]).sum(),
                "rate": history["tokens_per_second"].median(),
            }
        )
    return pd.DataFrame(rows)


def noted(table: Path = GPU_TABLE) -> pd.DataFrame:
    """What was written down of trainings on one GPU."""
    return pd.read_csv(table, comment="#")


def of_paper_a(trained: pd.DataFrame) -> pd.DataFrame:
    """The networks of paper A that were trained on a CPU, of all seeds."""
    return trained[trained["name"].isin([*paper_a(), *paper_a(seeds=True)]) & (trained["processor"] == "CPU")]


def of_yelp(trained: pd.DataFrame) -> pd.DataFrame:
    """The networks that read Yelp's reviews, in two classes or more, with the recipe and the cells of paper A."""
    cells = trained["architecture"].isin(catalogue()["paper_a"]["architectures"])
    return trained[cells & trained["dataset"].str.startswith("yelp") & (trained["variant"] == "")]


def alone(notes: pd.DataFrame) -> pd.Series:
    """Tokens a second of a process that had the GPU to itself, by architecture."""
    return notes[notes["processes"] == "1"].set_index("architecture")["tokens_per_second"].astype(float)


def gpu_rates(trained: pd.DataFrame, notes: pd.DataFrame) -> dict[str, float]:
    """Tokens a second of one training on a GPU, by architecture.

    The median of the networks that read Yelp's reviews there; where no network did, what was noted of one alone, on SST.
    """
    recorded = of_yelp(trained[trained["processor"] == "GPU"])
    return alone(notes).to_dict() | recorded.groupby("architecture")["rate"].median().to_dict()


def rate_table(trained: pd.DataFrame, notes: pd.DataFrame) -> pd.DataFrame:
    """Tokens a second by architecture: recorded medians on Yelp's reviews, and what was noted of the GPU."""
    recorded = of_yelp(trained).pivot_table(index="architecture", columns="processor", values="rate", aggfunc="median")
    together = notes[notes["processes"] == "several"].set_index("architecture")["tokens_per_second"]
    return pd.DataFrame(
        {
            "a CPU core": recorded["CPU"],
            "one of several on a GPU": recorded["GPU"],
            "alone on a GPU": alone(notes),
            "several on a GPU, in all": together,
        }
    ).reset_index()


def costs(trained: pd.DataFrame, notes: pd.DataFrame) -> pd.DataFrame:
    """Seconds that one network of each cell of paper A takes on a CPU core, median over seeds, and on a GPU."""
    cells = of_paper_a(trained).groupby(CELL)[["seconds", "tokens"]].median().reset_index()
    rates = cells["architecture"].map(gpu_rates(trained, notes))
    return cells.assign(CPU=cells["seconds"], GPU=cells["tokens"] / rates)[[*CELL, "CPU", "GPU"]]


def all_done(seconds: Iterable[float], workers: int) -> float:
    """When the last of some tasks is done that workers take one after the other, the longest task first."""
    busy_until = [0.0] * workers
    for task in sorted(seconds, reverse=True):
        heapreplace(busy_until, busy_until[0] + task)
    return max(busy_until)


def grid_seconds(of: pd.DataFrame, n_networks: int, processor: str, workers: int) -> float:
    """How long a number of networks takes, spread evenly over the cells, a network at a time on each core or GPU."""
    each = of[processor].tolist()
    return all_done((each * (-(-n_networks // len(each))))[:n_networks], workers)


def in_words(seconds: float) -> str:
    """A span of time: "40 minutes", "3.5 hours", "12 days"."""
    for unit, size, most in (("minutes", 60, 90), ("hours", 3600, 72)):
        if seconds / size < most:
            return f"{seconds / size:.2g} {unit}"
    return f"{seconds / 86400:,.0f} days"


def time_table(of: pd.DataFrame, numbers: Iterable[int], workers: Iterable[tuple[str, int]]) -> pd.DataFrame:
    """How long numbers of networks take, a row a processor and how many of them."""
    named = {"CPU": "cores", "GPU": "GPUs"}
    rows = []
    for processor, n in workers:
        times = {f"{k:,} networks": in_words(grid_seconds(of, k, processor, n)) for k in numbers}
        rows.append({"on": f"{n} {named[processor] if n > 1 else named[processor][:-1]}", **times})
    return pd.DataFrame(rows)


def longest_in_words(of: pd.DataFrame, n_networks: int, cores: int) -> str:
    """Whether more cores would help, and the network that takes longest."""
    last = of.loc[of["CPU"].idxmax()]
    name, alone_ = f"{last['dataset']}-{last['architecture']}", in_words(last["CPU"])
    whole = grid_seconds(of, n_networks, "CPU", cores)
    if whole > last["CPU"]:
        return (
            f"The longest training, {name}, takes {alone_} on a core, less than the {in_words(whole)} of all on {cores} cores."
        )
    return (
        f"On {cores} cores all {n_networks:,} are done when the longest of them is, a network of {name} ({alone_} on a core): "
        "more cores would not help."
    )


def gain_in_words(rates: pd.DataFrame) -> str:
    """How many times as fast as a core a training on the same corpus is on a GPU, the largest gain first."""
    gains = (rates["one of several on a GPU"] / rates["a CPU core"]).set_axis(rates["architecture"]).dropna()
    each = [f"{gain:.2g} cores for {name}" for name, gain in gains.sort_values(ascending=False).items()]
    return f"On Yelp's reviews, one of several trainings that share a GPU is as fast as {', '.join(each)}."


def within_in_words(beside: pd.DataFrame) -> str:
    """Which of the GPU's networks are within the spread of the CPU's seeds."""
    outside = beside.index[~beside["within"]].tolist()
    others = f"; not so {', '.join(outside)}" if outside else ""
    return f"Within the spread of the CPU's seeds: {len(beside) - len(outside)} of {len(beside)}{others}."


@dataclass(frozen=True)
class Space:
    """Bytes and files of one network, by what is kept of it."""

    whole: float
    whole_files: float
    measured: float
    measured_files: float
    checkpoint: float


def space(folder: Path = NETWORKS) -> Space:
    """What a network of paper A takes on disk, the mean: the folders of seed 0, the files kept of other seeds, a checkpoint."""
    whole, measured = ([folder / name for name in names] for names in (paper_a(), paper_a(seeds=True)))
    sizes = [[file.stat().st_size for one in group for file in one.glob("[!.]*")] for group in (whole, measured)]
    weights = sum(_n_weights(one / "weights.safetensors") for one in whole) / len(whole)
    return Space(
        sum(sizes[0]) / len(whole),
        len(sizes[0]) / len(whole),
        sum(sizes[1]) / len(measured),
        len(sizes[1]) / len(measured),
        N_COPIES * N_BYTES * weights,
    )


def _n_weights(path: Path) -> int:
    """How many numbers a file of weights holds."""
    with safe_open(path, "pt") as file:
        return sum(file.get_tensor(name).numel() for name in list(file.keys()))


def space_table(of: Space, n_networks: int) -> pd.DataFrame:
    """Gigabytes and files of many networks, a row for each thing that is kept."""
    rows = {
        "config, metrics and measured claims": (of.measured, of.measured_files),
        "whole folders": (of.whole, of.whole_files),
        "checkpoints, until they are deleted": (of.checkpoint, 1),
        "logs and arguments of Slurm's jobs": (None, JOB_FILES),
    }
    found = [
        {"kept": kept, "GB": bytes_ and n_networks * bytes_ / 1e9, "files": round(n_networks * n)}
        for kept, (bytes_, n) in rows.items()
    ]
    return pd.DataFrame(found)


def beside_seeds(trained_scores: pd.DataFrame, notes: pd.DataFrame) -> pd.DataFrame:
    """Validation accuracy on the GPU beside the CPU's seeds, by architecture.

    `within`: whether it is one that the next seed would have nine times in ten, by the seeds' standard deviation.
    """
    found = notes.dropna(subset="validation_accuracy").set_index("architecture")["validation_accuracy"].rename("GPU, seed 0")
    seeds = trained_scores.pivot(index="architecture", columns="seed", values="accuracy").loc[found.index]
    away = (found - seeds.mean(axis=1)).abs() / seeds.std(axis=1)
    return seeds.rename(columns="CPU, seed {}".format).assign(**{"GPU, seed 0": found, "within": away <= reach(seeds.shape[1])})


def validation_accuracies(dataset: str, folder: Path = NETWORKS) -> pd.DataFrame:
    """Validation accuracy of paper A's networks on a corpus, a row a network: `architecture`, `seed`, `accuracy`."""
    rows = []
    for name in (*paper_a(), *paper_a(seeds=True)):
        config = json.loads((folder / name / "config.json").read_text(encoding="utf-8"))
        if config["dataset"] == dataset:
            score = json.loads((folder / name / "metrics.json").read_text(encoding="utf-8"))["scores"]["validation"]
            rows.append({"architecture": config["architecture"], "seed": config["seed"], "accuracy": score["accuracy"]})
    return pd.DataFrame(rows)


def uneven(trained: pd.DataFrame) -> str:
    """How much the rates of a cell's seeds differ, which do the same work, in a sentence."""
    rates = of_paper_a(trained).groupby(CELL)["rate"]
    ratio = (rates.max() / rates.min()).max()
    return f"seeds of one cell, which do the same work per token, differ up to {ratio:.1f}-fold in speed."


def machines(trained: pd.DataFrame) -> str:
    """The processors of the GPU-trained and of paper A's networks, as their folders name them."""
    gpu = trained[trained["processor"] == "GPU"]["device"].str.rpartition(", ")[2]
    cpu = of_paper_a(trained)["device"].str.removeprefix("cpu, ")
    return f"CPU: {', '.join(sorted(set(cpu)))}; GPU: {', '.join(sorted(set(gpu))) or 'none'}"
