"""The measures of all stacks as one table: a row a stack, seed and layer. What the pages about depth say is read from it.

Columns beside the measures: `network`; `stack`, as paper B writes it (GRU₃, GRU₃-b16); `depth`, its number of layers; `seed`;
`layer`, from 1; `place` (GRU₃, layer 2); `kind` of the layer (`paper_b.kind`); of the network, `test accuracy` and `steps` of
training. The table of alone and coupled layers has `network`, `stack`, `depth`, `seed`, `layer`, `place` and `how`.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from lib.book.paper_b import SCORES, kind
from lib.book.records import RECORDS, table_of
from lib.training.catalogue import NETWORKS, catalogue, spec_of, stack_label

SPLITS = ("train", "validation", "test")


def common_stacks(seeds: Iterable[int] | None = None) -> list[str]:
    """The networks of paper B's depths with the common recipe, seed by seed."""
    listed = catalogue()["paper_b"]
    return [f"{stack}-seed{seed}" for seed in (listed["seeds"] if seeds is None else seeds) for stack in listed["stacks"]]


def changed_stacks() -> list[str]:
    """The networks in which one thing of the common recipe was changed."""
    return [f"{name}-seed0" for name in catalogue()["paper_b"]["variants"]]


def metrics_of(network: str, folder: Path = NETWORKS) -> dict:
    """What a network's folder says of its training; empty where there is none."""
    path = folder / network / "metrics.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def stack_layers(networks: Iterable[str], folder: Path = NETWORKS, records: Path = RECORDS) -> pd.DataFrame:
    """What is on record of the layers of stacks, each on its own."""
    table = _placed(table_of(networks, "layers", folder, records))
    table["kind"] = [kind(row) for row in table.select_dtypes("number").astype(float).to_dict("records")]
    for network in table.network.unique():
        if metrics := metrics_of(network, folder):
            of_network = table.network == network
            table.loc[of_network, "test accuracy"] = metrics["scores"]["test"]["accuracy"]
            table.loc[of_network, "steps"] = _steps(network, metrics, folder)
    return table


def coupled_layers(networks: Iterable[str], folder: Path = NETWORKS, records: Path = RECORDS) -> pd.DataFrame:
    """What is on record of the layers of stacks, each alone and coupled."""
    return _placed(table_of(networks, "coupled", folder, records))


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    specs = [spec_of(name) for name in table.network]
    return table.assign(
        stack=[stack_label(name) for name in table.network],
        depth=[spec.n_layers for spec in specs],
        seed=[spec.seed for spec in specs],
        place=[stack_label(name, layer - 1) for name, layer in zip(table.network, table.layer, strict=True)],
    )


def _steps(network: str, metrics: dict, folder: Path) -> int:
    """Steps of Adam up to the epoch that was kept."""
    config = json.loads((folder / network / "config.json").read_text(encoding="utf-8"))
    return metrics["best_epoch"] * -(-config["documents"]["train"] // config["recipe"]["batch_size"])


def beside_the_paper(networks: Iterable[str], folder: Path = NETWORKS) -> pd.DataFrame:
    """Losses and accuracies of stacks (`here`), beside those of the paper where it has them: by stack and whose they are."""
    rows = {}
    for network in networks:
        metrics, stack = metrics_of(network, folder), stack_label(network)
        ours = {score: [metrics["scores"][split][score] for split in SPLITS] for score in ("loss", "accuracy")}
        epochs = {"best epoch": f"{metrics['best_epoch']} of {len(metrics['history'])}"}
        rows[stack, "here"] = _by_split(ours) | epochs
        if stack in SCORES:
            rows[stack, "paper"] = _by_split(SCORES[stack]) | {"best epoch": "—"}
    return pd.DataFrame(rows).T


def _by_split(scores: dict[str, Sequence[float]]) -> dict[str, float]:
    return {f"{split} {score}": x for score, of in scores.items() for split, x in zip(SPLITS, of, strict=True)}
