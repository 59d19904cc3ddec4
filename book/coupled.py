# ---
# jupyter:
#   book:
#     networks: [network]
#     reads: []
#     layers: 2
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
# # The coupled stack
#
# *Does isolating a layer describe what it does in the stack?* {cite:t}`tremblay2020` gives each layer zero as its input. In the network an upper layer
# never reads zero: it reads the state of the layer below, {eq}`eq-stack`, even when nothing is read. The true system is all layers
# together, $\mathbf{h} = [\mathbf{h}^1; \dots; \mathbf{h}^L]$, with zero as the input of the lowest alone. Its Jacobian is block lower
# triangular,
#
# $$
# \begin{gathered}
# \mathbf{J} = \begin{pmatrix} \mathbf{J}^{11} & & \\ \mathbf{J}^{21} & \mathbf{J}^{22} & \\ \vdots & & \ddots \end{pmatrix}, \\
# \mathbf{J}^{nn} = \left. \frac{\partial F^n}{\partial \mathbf{h}^n} \right|_{\mathbf{x}^n = \mathbf{h}^{n-1}_*},
# \end{gathered}
# $$ (eq-coupled)
#
# so each eigenvalue belongs to one layer. What differs from the layer on its own is where $\mathbf{J}^{nn}$ is taken.

# %% tags=["parameters"]
network = "imdb-gru3-glove-seed0"
n_starts = 500
n_coupled = 200  # starts of the search in the coupled system
tolerance = 1e-6

# %% tags=["hide-input"]
from lib.book import figures, page
from lib.book.coupled import coupled_points, coupled_table, example_spectra, ranges, resting_given_below, resting_places
from lib.book.layers import alone
from lib.book.records import record_table
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
layers = [alone(saved, n) for n in range(len(saved.network.layers))]
visited = [layer.evidence.layers[0] for layer in layers]
points = coupled_points(saved, n_coupled, tolerance)
places = resting_places(saved, points, n_starts, tolerance)
spectra, mismatch = example_spectra(saved, places)
table = coupled_table(saved, points, places, spectra)
grid = figures.layer_grid(len(layers))
page.say(n_coupled=n_coupled, coupled_share=100 * float(points.converged.float().mean()))
page.say(n_coupled_distinct=len(points.distinct_states))

# %% [markdown]
# ## Where the whole rests
#
# The same search in the coupled system, from {glue:text}`n_coupled` joint states: {glue:text}`coupled_share:.0f` % get below the tolerance,
# at {glue:text}`n_coupled_distinct` distinct points. {numref}`fig-coupled` shows them layer by layer, beside the points of each layer on
# its own.

# %% tags=["hide-input"]
with page.figure("coupled", **grid, height=2.7) as axes:
    for ax, layer, *at in zip(axes, visited, places["alone"], places["coupled"], strict=True):
        figures.coupled_places(ax, *(plane[:, :2].numpy() for plane in (layer.density[:2000], *map(layer.project, at))))
    figures.title_layers(axes, legend=True)
shown = ["distinct points", "distance from alone", "distance to the cloud"]
table.set_index(["layer", "how"])[shown].style.format(precision=3, na_rep="—")

# %% [markdown]
# ```{glue:figure} fig_coupled
# :name: fig-coupled
# :alt: For each layer, fixed points of the layer on its own and of the coupled stack over the visited states in the plane of two components.
#
# Fixed points of each layer on its own (black) and its part of the fixed points of the coupled stack (orange), over the visited states
# (grey).
# ```
#
# Distances are in root mean square distances of the visited states from their mean: of a coupled point to the nearest point of the layer
# on its own, and of either to the nearest visited state. The lowest layer reads zero in both systems, so there black and orange differ by
# where the starts ran to alone. Above it, a distance between them near one spread says that the analysis of the layer on its own
# looks at a part of its state space which the network does not use. The speed of the whole is a mean over the units of all layers: a slow
# point of the stack may have one layer that moves more than the tolerance would allow it alone.

# %% [markdown]
# ## Which eigenvalue belongs to which layer

# %% tags=["hide-input"]
with page.figure("coupled_spectra", **grid, height=2.7) as axes:
    figures.coupled_spectra(axes, *([values.numpy() for values in spectra[how]] for how in ("alone", "coupled")))
page.say(mismatch=mismatch)
shown = ["largest |λ|", "slowest τ", "modes with τ > 10", "share of complex modes", "median angle"]
table.set_index(["layer", "how"])[shown].style.format(precision=2).format("{:.3g}", subset=["slowest τ"])

# %% [markdown]
# ```{glue:figure} fig_coupled_spectra
# :name: fig-coupled-spectra
# :alt: Eigenvalues of each layer on its own and in the coupled stack in the complex plane, with the unit circle.
#
# Eigenvalues of each layer at up to three fixed points: on its own with zero as its input (grey), and its block of the coupled
# Jacobian (orange).
# ```
#
# The blocks' eigenvalues agree with those of the whole Jacobian to {glue:text}`mismatch:.0e`. Both colours are the same layer with the same
# weights; where they differ, it is the place that makes the modes slow, fast or turning, not the layer. Eigenvalues alone do not tell
# what a layer passes on: that is in the blocks below the diagonal, which shape the eigenvectors only.

# %% [markdown]
# ## What the layer below says while it rests
#
# Given not zero but a resting state of the layer below as its constant input, where does an upper layer rest? Of the states in which the
# layer below rests in the coupled stack we take nine, from one end of its readout to the other (for a lower layer the axis between the
# mean states of the two classes), hold each as the input, and look where the upper layer then comes to rest along its own readout.

# %% tags=["hide-input"]
resting = resting_given_below(saved, places, tolerance)
with page.figure("given", max(1, len(layers) - 1), height=2.6) as axes:
    figures.resting_given_below(axes, resting)
held = ranges(resting)
held.set_index("layer").style.format(precision=2)

# %% [markdown]
# ```{glue:figure} fig_given
# :name: fig-given
# :alt: For each upper layer, where it comes to rest along its readout against where the layer below rests, with the range at zero input as dotted lines.
#
# Resting places of each upper layer along its readout, given nine resting states of the layer below as a constant input, in standard
# deviations of the visited states (sd), as are the ranges of the table; dotted: the range of its fixed points at zero input.
# ```
#
# A single rising row of points is a layer that repeats what the layer below holds: its resting place follows its input. A column of
# points above one another is a layer that keeps evidence of its own, whatever the layer below says.

# %% tags=["hide-input"]
record_table(network, "coupled", table.merge(held.assign(how="alone"), on=["layer", "how"], how="left"))
