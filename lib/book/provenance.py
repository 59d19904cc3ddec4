"""How the book was made: versions, where its networks come from, how long each page took."""

import json
import os
import platform
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from lib.training.catalogue import NETWORKS, ROOT
from lib.training.folder import Saved

PACKAGES = (
    *("torch", "numpy", "scipy", "scikit-learn", "matplotlib", "seaborn", "plotly"),
    *("papermill", "jupytext", "myst-nb", "jupyter-book"),
)


def environment() -> pd.DataFrame:
    """The machine, Python and the packages that matter, with their versions."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    rows = {"machine": machine, "Python": platform.python_version()} | {package: version(package) for package in PACKAGES}
    return pd.DataFrame(rows.items(), columns=["what", "version"])


def provenance(networks: Collection[Saved], folder: Path = NETWORKS) -> pd.DataFrame:
    """How each network was made: its corpus and the fingerprint of that, device, time, accuracy, and the size of its folder."""
    return pd.DataFrame(
        {
            "network": saved.name,
            "corpus": saved.config["title"],
            "fingerprint (train)": saved.config["fingerprints"]["train"],
            "device": saved.config["device"],
            "torch": saved.config["versions"]["torch"],
            "training (min)": saved.config["training_seconds"] / 60,
            "test accuracy": saved.metrics["scores"]["test"]["accuracy"],
            "folder (MB)": sum(path.stat().st_size for path in (folder / saved.name).iterdir()) / 1e6,
        }
        for saved in networks
    )


def run_times(folder: Path = ROOT / "_build" / "times") -> pd.DataFrame:
    """Seconds of the last execution of each page, the slowest first."""
    times = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.json"))]
    return pd.DataFrame(times, columns=["page", "seconds"]).sort_values("seconds", ascending=False)
