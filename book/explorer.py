# ---
# jupyter:
#   book:
#     networks: [measured]
#     reads: [training, low-dimensionality, fixed-points, eigenmodes, eigenvectors, linearization, robustness, layers, coupled]
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
# # Explorer
#
# Choose a network, and of a stack a layer: every figure and measure of it appears beside those of the book's example. The numbers
# behind each figure are a download. What the figures mean is explained in the chapters on {doc}`paper A <low-dimensionality>` and
# on {doc}`stacks`.

# %% tags=["parameters", "remove-input"]
networks = []  # empty: all that are published

# %% tags=["hide-input", "full-width"]
from IPython.display import HTML

from lib.book.explorer import chooser, side_by_side
from lib.training import stacks, with_pages

of_paper_a = [name for name in networks or with_pages() if name not in stacks()]
of_paper_b = [name for name in networks or stacks() if name in stacks()]
HTML(chooser(of_paper_a, of_paper_b))

# %% [markdown]
# ## All of them in two tables

# %% tags=["hide-input", "full-width"]
HTML(side_by_side(of_paper_a, of_paper_b))
