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
from lib.book.provenance import environment, provenance, run_times
from lib.training import NETWORKS, controls, load, stacks, with_pages

# %% [markdown]
# ## Environment

# %% tags=["hide-input"]
environment().style.hide(axis="index")

# %% [markdown]
# ## Provenance of the networks
#
# How each published network was made: corpus and its content fingerprint, device, time and accuracy. `make train NETWORK=name`
# makes one again from the same corpus; with the same versions and the same kind of processor, to the same bits.

# %% tags=["hide-input", "full-width"]
listed = networks or dict.fromkeys([*with_pages(), *stacks(), *controls()])
digits = {"training (min)": "{:.0f}", "test accuracy": "{:.3f}", "folder (MB)": "{:.1f}"}
provenance([load(NETWORKS / name) for name in listed]).style.hide(axis="index").format(digits)

# %% [markdown]
# ## Run time of every page
#
# Of the last execution of each page, in seconds, start of the kernel included.

# %% tags=["hide-input"]
run_times().style.hide(axis="index").format({"seconds": "{:.0f}"})
