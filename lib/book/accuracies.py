"""How well networks work: how they were trained, over seeds and recipes, and against simpler models."""

import json
from collections.abc import Collection, Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float
from torch import Tensor

from lib.book.overview import short
from lib.book.statistics import interval, paired_gain
from lib.training.catalogue import NETWORKS, PAPER_B
from lib.training.folder import Saved

RECIPES = {"A": "", "B": f"-{PAPER_B}"}  # of paper A and of paper B, and what the names of their networks say
SIMPLER = {"bag_of_words": "a bag of words", "linear": "a linear network", "linearized": "one linearized system"}
SPLITS = ("test", "validation", "train")


def corpora(networks: Collection[Saved]) -> pd.DataFrame:
    """The corpora that some networks read: number of documents, their mean length before and after the cut, unknown tokens."""
    configs = {saved.config["dataset"]: saved.config for saved in networks}
    return pd.DataFrame(
        {
            "corpus": config["title"],
            **config["documents"],
            "mean tokens": config["mean_length"]["whole"],
            "after the cut": config["mean_length"]["cut"],
            "unknown tokens": config["unknown_share"],
        }
        for config in configs.values()
    )


def trainings(networks: Collection[Saved]) -> pd.DataFrame:
    """How each network was trained, and its accuracy and loss on every split."""
    scores = {saved.name: saved.metrics["scores"] for saved in networks}
    return pd.DataFrame(
        {
            "network": saved.name,
            "start": saved.config["recipe"]["start"],
            "dropout": f"{saved.config['recipe']['dropout']:g}",
            "decay": f"{saved.config['recipe']['decay']:g}",
            "best epoch": saved.metrics["best_epoch"],
            "minutes": saved.config["training_seconds"] / 60,
            **{f"{split} acc.": scores[saved.name][split]["accuracy"] for split in SPLITS},
            **{f"{split} loss": scores[saved.name][split]["loss"] for split in SPLITS},
        }
        for saved in networks
    )


def trials(folder: Path = NETWORKS / "trials") -> pd.DataFrame:
    """The trials of the search for a recipe, one row each: cell, change, validation accuracy, seconds."""
    rows = []
    for path in sorted(folder.glob("*.json")):
        dataset, architecture, change = path.stem.split("-", 2)
        trial = json.loads(path.read_text(encoding="utf-8"))
        row = {"cell": f"{dataset}-{architecture}", "change": change}
        rows.append(row | {"accuracy": trial["validation_accuracy"], "seconds": trial["seconds"]})
    return pd.DataFrame(rows, columns=["cell", "change", "accuracy", "seconds"])


def accuracy_of(network: Path) -> float:
    """Test accuracy of a network, from its folder's `metrics.json`."""
    return json.loads((network / "metrics.json").read_text(encoding="utf-8"))["scores"]["test"]["accuracy"]


def seed_accuracies(cells: Sequence[str], networks: Path = NETWORKS) -> pd.DataFrame:
    """Test accuracy of every seed of some cells, `<dataset>-<architecture>`, with paper A's and with paper B's recipe.

    One row a trained network: its name, cell, recipe, seed and accuracy.
    """
    rows = []
    for cell, (recipe, suffix) in product(cells, RECIPES.items()):
        folders = {int(path.name.rpartition("-seed")[2]): path for path in networks.glob(f"{cell}{suffix}-seed*")}
        for seed, path in sorted(folders.items()):
            if (path / "metrics.json").exists():
                row = {"network": path.name, "cell": cell, "recipe": recipe, "seed": seed}
                rows.append(row | {"accuracy": accuracy_of(path)})
    return pd.DataFrame(rows, columns=["network", "cell", "recipe", "seed", "accuracy"]).astype({"accuracy": float})


def over_seeds(accuracies: pd.DataFrame) -> pd.DataFrame:
    """Of each cell the number of seeds, their mean accuracy with a 95 % interval, and the lowest."""
    rows = {}
    for cell, values in accuracies.groupby("cell", sort=False)["accuracy"]:
        mean, low, high = interval(values)
        rows[cell] = {"seeds": len(values), "mean": mean, "low": low, "high": high, "lowest": values.min()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["seeds", "mean", "low", "high", "lowest"])


def fit(networks: Collection[Saved]) -> pd.DataFrame:
    """Of each network its accuracy on training and on test documents, that of the bag of words, and the epoch that was kept."""
    rows = {
        short(saved.name): {
            "training": saved.metrics["scores"]["train"]["accuracy"],
            "test": saved.metrics["scores"]["test"]["accuracy"],
            "bag of words": saved.metrics["bag_of_words"]["accuracy"],
            "best epoch": saved.metrics["best_epoch"],
        }
        for saved in networks
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def right_answers(saved: Saved, linear: Float[Tensor, " document"] | None = None) -> dict[str, np.ndarray]:
    """Which test documents a network classifies rightly, and which the simpler models do that are there.

    `linear` has the logits of a linear network on the same documents.
    """
    documents = saved.evidence.documents
    logits = {"network": documents["logits"], "linear": linear} | {
        key: documents.get(key) for key in ("bag_of_words", "linearized")
    }
    truth = documents["labels"] > 0
    return {key: ((found > 0) == truth).numpy() for key, found in logits.items() if found is not None}


def gains(right: Mapping[str, Mapping[str, np.ndarray]]) -> pd.DataFrame:
    """By how much each network is right more often than each simpler model: one row a network; of each model (`SIMPLER`) the
    `gain`, in points of accuracy, and the ends `low` and `high` of its 95 % interval (paired bootstrap)."""
    none = (float("nan"),) * 3
    found = {
        key: {name: paired_gain(of["network"], of[key]) if key in of else none for name, of in right.items()} for key in SIMPLER
    }
    tables = (pd.DataFrame.from_dict(rows, orient="index", columns=["gain", "low", "high"]) for rows in found.values())
    return 100 * pd.concat(dict(zip(found, tables, strict=True)), axis=1)


def above_bag_of_words(right: Mapping[str, np.ndarray]) -> dict[str, float]:
    """What claim A14 asks: is the network more often right than a bag of words?"""
    gain, low, high = paired_gain(right["network"], right["bag_of_words"])
    return {
        "lower end of the gain over the bag of words": low,
        "gain over the bag of words": gain,
        "upper end of the gain over the bag of words": high,
        "test accuracy": float(right["network"].mean()),
        "bag of words": float(right["bag_of_words"].mean()),
    }
