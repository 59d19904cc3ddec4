# ---
# jupyter:
#   book:
#     networks: [network]
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
# # In bulk or one by one
#
# *Can fixed points be searched for many at a time?* The starts do not know of each other: $q(\mathbf{h})$ of one does not depend on
# another. What can go wrong is the stopping rule.
#
# ```{admonition} Answer
# :class: answer
# With one stopping rule for a batch of {glue:text}`bulk_n_starts` starts, {glue:text}`bulk_above:.0f` % of them stop above the tolerance. With
# a rule for each start, the points found in bulk and one at a time differ by at most {glue:text}`bulk_apart:.0e` in any dimension:
# {glue:text}`b11_verdict` (B11).
# ```
#
# ```{admonition} Paper B, §2.3
# :class: paper
# “It appears that this cannot be done in bulk but rather one starting point at a time. Unclear if running the optimization in batch create
# degenerate cases.”
# ```

# %% tags=["parameters"]
network = "imdb-gru-glove-seed0"
n_starts = 100
tolerance = 1e-6
learning_rate = 0.01
n_single = 25  # starts that are run one at a time

# %% tags=["hide-input"]
from lib.book import figures, page
from lib.book.bulk import compare, one_by_one, searches
from lib.book.layers import alone
from lib.book.ledger import ledger
from lib.book.records import record
from lib.book.speeds import times
from lib.dynamics import speed
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
top = alone(saved, len(saved.network.layers) - 1)
cell, visited = top.network.cell, top.evidence.layers[0]
starts = visited.states[:n_starts]
page.say(bulk_network=network, bulk_n_starts=n_starts, bulk_tolerance=f"{tolerance:.0e}", bulk_n_single=n_single)

# %% [markdown]
# ## One loss, one stopping rule
#
# The obvious way in bulk is to lower the mean of $q$ over the batch by gradient descent and to stop when the mean is below the
# tolerance. We do that with Adam from {glue:text}`bulk_n_starts` visited states of {glue:text}`bulk_network`'s top layer, and beside it
# stop each point by itself.


# %% tags=["hide-input", "full-width"]
ends = searches(cell, starts, tolerance, learning_rate)
table = compare(cell, ends, starts, visited.states, tolerance)
with page.figure("bulk", 2, height=3, width=8) as axes:
    speeds = {search: speed(cell, states).numpy() for search, states in ends.items()}
    planes = {search: visited.project(states)[:, :2].numpy() for search, states in ends.items()}
    figures.stopped(axes, speeds, planes, visited.density[:2000, :2].numpy(), tolerance)
ruled = table.loc["Adam, one rule for the batch"]
page.say(bulk_above=100 * (1 - ruled["below the tolerance"]), bulk_lowest=f"{ruled['lowest q']:.0e}")
table.style.format("{:.2f}").format("{:.0e}", subset=["lowest q", "highest q"]).format("{:.0f}", subset=["distinct points"])

# %% [markdown]
# ```{glue:figure} fig_bulk
# :name: fig-bulk
# :alt: Left, histogram of the speed at which points stopped under three searches, with the tolerance as a dotted line; right, where they ended in the plane of two components of the states.
#
# (a) Speed q at which each of {glue:text}`bulk_n_starts` starts stopped; dotted: the tolerance. (b) Where they ended, over the visited states
# (grey).
# ```
#
# When the mean of the batch is below the tolerance, {glue:text}`bulk_above:.0f` % of the starts are still above it and are no fixed points at all,
# while others have gone on to q = {glue:text}`bulk_lowest`, sliding along the line of slow points. The mean hangs on its slowest members; a
# stricter tolerance for the mean would let the rest slide further still. Stopped one by one, all of them end just below the tolerance.

# %% [markdown]
# ## The same points, one at a time
#
# The batched solver stops each point by itself. From {glue:text}`bulk_n_single` of the starts it is run once in bulk and once for every start
# alone:

# %% tags=["hide-input"]
measures = one_by_one(cell, starts[:n_single], tolerance)
page.say(bulk_apart=measures["largest difference in any dimension"], bulk_times=times("64 slow points", "ours, one"))
page.say(b11_verdict=ledger()["B11"].verdict(measures))
record("stacks-" + network.rpartition("-")[2], "B11", measures)

# %% [markdown]
# The points agree to {glue:text}`bulk_apart:.0e` in every dimension, and one at a time takes {glue:text}`bulk_times:.0f` times as long
# ({doc}`speed`). The search can be done in bulk; what cannot is to stop it in bulk.
#
# ## What this does not show
#
# This is one layer of one network, and paper B's own code was not run: that one rule stopped its batches is our guess at what went wrong.
#
# ```{admonition} Reproduce this
# :class: reproduce
# `make notebook NB=bulk ARGS="-p network imdb-gru-glove-seed0"`
# ```
