# ---
# jupyter:
#   book:
#     networks: []
#     reads: []
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
# # How fast it is
#
# *What does our code cost, and what would you otherwise run?* Each row below is the median of three rounds in which the ways took
# turns, on one thread of one machine; the ratio is taken round by round, so that it holds where the seconds do not.

# %% tags=["hide-input"]
from lib.book import page
from lib.book.speeds import machine, shown, times

page.say(
    speed_machine=machine(),
    speed_alone=times("64 slow points", "ours, one"),
    speed_adam=times("64 slow points", "Adam"),
    speed_256=1 / times("modes of 10 Jacobians, N = 256", "ours, all"),
    speed_512=1 / times("modes of 10 Jacobians, N = 512", "ours, all"),
)

# %% [markdown]
# ```{admonition} Answer
# :class: answer
# To find 64 slow points of a GRU, one start after the other takes {glue:text}`speed_alone:.0f` times as long as our search in bulk, and
# 2,000 steps of Adam take {glue:text}`speed_adam:.0f` times as long. The three leading modes of a Jacobian take
# {glue:text}`speed_256:.2f` of the time of all modes at N = 256 and {glue:text}`speed_512:.2f` at N = 512.
# ```

# %% tags=["hide-input", "full-width"]
shown()

# %% [markdown]
# Measured on {glue:text}`speed_machine`.
#
# ## What this does not show
#
# The leading modes of a large Jacobian come from Arnoldi iterations, and those gain little here: below the first mode the eigenvalues
# of these networks lie so close together that the iterations have to run long. On a GPU the ratios are others.
#
# ```{admonition} Reproduce this
# :class: reproduce
# `make bench` measures again and writes the table that this page shows, `lib/book/speeds.csv`. The page itself measures nothing.
# ```
