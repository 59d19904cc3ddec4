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
# *Why could the paper not search in bulk?* {cite:t}`tremblay2020` (§2.3) reports that the search for fixed points “cannot be done in bulk but
# rather one starting point at a time”, and that it is “unclear if running the optimization in batch create degenerate cases”. The starts do
# not know of each other: $q(\mathbf{h})$ of one does not depend on another. What can go wrong is the stopping rule.

# %% tags=["parameters"]
network = "imdb-gru-glove-seed0"
n_starts = 100
tolerance = 1e-6
learning_rate = 0.01
n_single = 25  # starts that are run one at a time

# %% tags=["hide-input"]
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from myst_nb import glue

from lib.book import figures
from lib.book.layers import alone
from lib.book.records import record
from lib.dynamics.fixed_points import distinct, find_fixed_points, speed
from lib.training.catalogue import NETWORKS
from lib.training.folder import load

figures.style()
saved = load(NETWORKS / network)
top = alone(saved, len(saved.network.layers) - 1)
cell, layer = top.network.cell, top.evidence.layers[0]
starts = layer.states[:n_starts]
for name, value in (("network", network), ("n_starts", n_starts), ("tolerance", f"{tolerance:.0e}"), ("n_single", n_single)):
    glue(f"bulk_{name}", value, display=False)

# %% [markdown]
# ## One loss, one stopping rule
#
# The obvious way in bulk is to lower the mean of $q$ over the batch by gradient descent and to stop when the mean is below the
# tolerance. We do that with Adam from {glue:text}`bulk_n_starts` visited states of {glue:text}`bulk_network`'s top layer, and beside it
# stop each point by itself.


# %% tags=["hide-input", "full-width"]
def descend(states, stop_each, max_iterations=4000):
    """Adam on the mean of q over a batch; each point stops by itself, or all when the mean is below the tolerance."""
    state = states.clone().requires_grad_()
    optimizer = torch.optim.Adam([state], lr=learning_rate)
    kept, done = states.clone(), torch.zeros(len(states), dtype=torch.bool)
    for _ in range(max_iterations):
        q = speed(cell, state)
        fresh = (q < tolerance) & ~done if stop_each else (q.mean() < tolerance).expand(len(q)) & ~done
        kept[fresh], done = state.detach()[fresh], done | fresh
        if done.all():
            break
        optimizer.zero_grad()
        q.mean().backward()
        optimizer.step()
    kept[~done] = state.detach()[~done]
    return kept


ends = {
    "Adam, one rule for the batch": descend(starts, stop_each=False),
    "Adam, each point by itself": descend(starts, stop_each=True),
    "Levenberg–Marquardt, each point by itself": find_fixed_points(cell, starts, tolerance=tolerance).states,
}
colors = dict(zip(ends, (figures.NEGATIVE, figures.NEUTRAL, figures.INK), strict=True))
fig, axes = figures.panels(2, columns=2, height=3, width=8)
rows = {}
spread = layer.states.sub(layer.states.mean(0)).pow(2).sum(1).mean().sqrt()
for label, states in ends.items():
    with torch.no_grad():
        q = speed(cell, states)
    axes[0].hist(
        np.log10(q.numpy().clip(1e-16)), np.arange(-14, 0, 0.5), histtype="step", lw=1.6, color=colors[label], label=label
    )
    slow = q < tolerance
    rows[label] = {
        "below the tolerance": float(slow.float().mean()),
        "lowest q": f"{float(q.min()):.0e}",
        "highest q": f"{float(q.max()):.0e}",
        "distinct points": len(distinct(states[slow])),
        "moved, in spreads of the states": float(((states - starts).norm(dim=1) / spread).median()),
    }
axes[0].axvline(np.log10(tolerance), color=figures.GREY, ls=":")
axes[0].set(xlabel="log₁₀ q where the point stopped", ylabel="starts")
axes[1].plot(*layer.density[:2000, :2].T.numpy(), ".", ms=1.5, color="0.85")
axes[1].set(xlabel="PC 1", ylabel="PC 2")
for label, states in ends.items():
    axes[1].scatter(*layer.project(states)[:, :2].T.numpy(), s=9, color=colors[label], lw=0, alpha=0.8, label=label)
figures.legend_below(fig, axes[1], columns=2, markerscale=2)
glue("fig_bulk", fig, display=False)
plt.close(fig)
ruled = rows["Adam, one rule for the batch"]
glue("bulk_above", 100 * (1 - ruled["below the tolerance"]), display=False)
glue("bulk_lowest", ruled["lowest q"], display=False)
pd.DataFrame(rows).T.style.format("{:.2f}", subset=["below the tolerance", "moved, in spreads of the states"])

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
some = starts[:n_single]
began = time.perf_counter()
together = find_fixed_points(cell, some, tolerance=tolerance)
middle = time.perf_counter()
single = [find_fixed_points(cell, state[None], tolerance=tolerance) for state in some]
ended = time.perf_counter()
apart = torch.stack([(one.states[0] - state).abs().max() for one, state in zip(single, together.states, strict=True)])
times = (ended - middle) / (middle - began)
glue("bulk_apart", float(apart.max()), display=False)
glue("bulk_times", times, display=False)
record(
    "stacks-" + network.rpartition("-")[2],
    "B11",
    {
        "share of starts that end elsewhere in bulk": float((apart > 1e-3).double().mean()),
        "largest difference in any dimension": float(apart.max()),
        "time one by one over time in bulk": times,
    },
)

# %% [markdown]
# The points agree to {glue:text}`bulk_apart:.0e` in every dimension, and one at a time takes {glue:text}`bulk_times:.0f` times as long on one
# core of the machine that built this page. The search can be done in bulk; what cannot is to stop it in bulk.
