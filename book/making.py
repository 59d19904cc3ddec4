# ---
# jupyter:
#   book:
#     networks: [with_pages, stacks, controls]
#     reads: [all, claims, index]
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How this book was made
#
# *Could you make it again?* Every figure and number was computed from the folders in `networks/` when the book was built.
# `make build` runs every notebook; nothing it needs is fetched but the packages below.

# %% tags=["parameters"]
networks = []  # empty: all that are published

# %% tags=["hide-input"]
import json
import os
import platform
from importlib.metadata import version

import pandas as pd

from lib.training.catalogue import NETWORKS, ROOT, controls, stacks, with_pages
from lib.training.folder import load

# %% [markdown]
# ## Environment

# %% tags=["hide-input"]
packages = (
    "torch",
    "numpy",
    "scipy",
    "scikit-learn",
    "matplotlib",
    "seaborn",
    "plotly",
    "papermill",
    "jupytext",
    "myst-nb",
    "jupyter-book",
)
rows = {"machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores", "Python": platform.python_version()}
rows |= {package: version(package) for package in packages}
pd.DataFrame(rows.items(), columns=["what", "version"]).style.hide(axis="index")

# %% [markdown]
# ## Provenance of the networks
#
# How each published network was made: corpus and its content fingerprint, device, time and accuracy. `make train NETWORK=name`
# makes one again from the same corpus; with the same versions and the same kind of processor, to the same bits.

# %% tags=["hide-input", "full-width"]
folders = [load(NETWORKS / name) for name in networks or dict.fromkeys([*with_pages(), *stacks(), *controls()])]
pd.DataFrame(
    {
        "network": folder.name,
        "corpus": folder.config["title"],
        "fingerprint (train)": folder.config["fingerprints"]["train"],
        "device": folder.config["device"],
        "torch": folder.config["versions"]["torch"],
        "training (min)": folder.config["training_seconds"] / 60,
        "test accuracy": folder.metrics["scores"]["test"]["accuracy"],
        "folder (MB)": sum(path.stat().st_size for path in (NETWORKS / folder.name).iterdir()) / 1e6,
    }
    for folder in folders
).style.hide(axis="index").format({"training (min)": "{:.0f}", "test accuracy": "{:.3f}", "folder (MB)": "{:.1f}"})

# %% [markdown]
# ## Run time of every page
#
# Of the last execution of each page, in seconds, start of the kernel included.

# %% tags=["hide-input"]
times = [json.loads(path.read_text()) for path in sorted((ROOT / "_build" / "times").rglob("*.json"))]
pd.DataFrame(times).sort_values("seconds", ascending=False).style.hide(axis="index").format({"seconds": "{:.0f}"})
