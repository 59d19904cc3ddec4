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
# *Is a layer on its own what the network runs?* {cite:t}`tremblay2020` gives each layer zero as its input. In the network an upper layer
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
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from myst_nb import glue

from lib.book import figures
from lib.book.layers import alone, coupled_points, stack
from lib.book.records import record_measures
from lib.book.searches import fixed_points
from lib.dynamics.fixed_points import distinct, find_fixed_points
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.manifold import examples_along, principal_axes
from lib.dynamics.modes import eigenmodes, time_constants
from lib.dynamics.stack import diagonal_eigenvalues
from lib.training.catalogue import NETWORKS
from lib.training.folder import load

figures.style()
saved = load(NETWORKS / network)
system = stack(saved)
layers = [alone(saved, n) for n in range(len(saved.network.layers))]
points = coupled_points(saved, n_coupled, tolerance)
kept = points.distinct_states
parts = system.split(kept)
separate = [found.distinct_states for found in (fixed_points(its, n_starts, tolerance) for its in layers)]
columns = 3 if len(layers) == 3 else min(len(layers), 2)
glue("n_coupled", n_coupled, display=False)
glue("coupled_share", 100 * float(points.converged.float().mean()), display=False)
glue("n_coupled_distinct", len(kept), display=False)

# %% [markdown]
# ## Where the whole rests
#
# The same search in the coupled system, from {glue:text}`n_coupled` joint states: {glue:text}`coupled_share:.0f` % get below the tolerance,
# at {glue:text}`n_coupled_distinct` distinct points. {numref}`fig-coupled` shows them layer by layer, beside the points of each layer on
# its own.

# %% tags=["hide-input"]
fig, axes = figures.panels(len(layers), columns=columns, height=2.7, width=7.8 if columns > 1 else 4)
rows, apart, away = {}, [], {}
for n, (ax, its) in enumerate(zip(axes, layers, strict=True)):
    layer = its.evidence.layers[0]
    spread = (layer.states - layer.states.mean(0)).pow(2).sum(1).mean().sqrt()
    own = layer.project(separate[n])[:, :2].numpy()
    figures.fixed_point_cloud(ax, layer.density[:2000, :2].numpy(), own, None, np.empty((0, 2)), label="alone")
    ax.scatter(*layer.project(parts[n])[:, :2].T.numpy(), s=5, color=figures.NEGATIVE, lw=0, zorder=4, label="coupled")
    ax.set_title(f"layer {n + 1}")
    apart.append(float((torch.cdist(parts[n], separate[n]).amin(1) / spread).median()))
    for label, places in (("alone", separate[n]), ("coupled", parts[n])):
        away[f"layer {n + 1}, {label}: distance to the cloud"] = float(
            (torch.cdist(places, layer.states).amin(1) / spread).median()
        )
    rows[f"layer {n + 1}"] = {
        "distinct points, alone": len(separate[n]),
        "distinct places, coupled": len(distinct(parts[n])),
        "distance between them": apart[-1],
        "distance to the cloud, alone": away[f"layer {n + 1}, alone: distance to the cloud"],
        "distance to the cloud, coupled": away[f"layer {n + 1}, coupled: distance to the cloud"],
    }
figures.legend_below(fig, axes[0], markerscale=2)
glue("fig_coupled", fig, display=False)
plt.close(fig)
pd.DataFrame(rows).T.style.format(precision=3).format("{:.0f}", subset=["distinct points, alone", "distinct places, coupled"])

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
axis = principal_axes(kept)[0][0] if len(kept) > 1 else torch.ones(kept.shape[1])
few = kept[examples_along(kept, axis).unique()]
by_layer = diagonal_eigenvalues(system, few)
whole = torch.linalg.eigvals(recurrent_jacobian(system, few).double())
joined = torch.cat(by_layer, 1)
mismatch = max(float((a[:, None] - b[None]).abs().amin(1).max()) for a, b in zip(whole, joined, strict=True))
fig, axes = figures.panels(len(layers), columns=columns, height=2.7, width=7.6 if columns > 1 else 3.6)
spectra = {}
for n, (ax, its) in enumerate(zip(axes, layers, strict=True)):
    places = separate[n]
    own_axis = principal_axes(places)[0][0] if len(places) > 1 else its.network.readout_axis
    own = eigenmodes(recurrent_jacobian(its.network.cell, places[examples_along(places, own_axis).unique()])).eigenvalues
    figures.spectrum(ax, own.flatten().numpy(), figures.GREY, "alone", size=24)
    figures.spectrum(ax, by_layer[n].flatten().numpy(), figures.NEGATIVE, "coupled", size=5)
    reach = max(1.15, 1.08 * float(torch.cat((own.flatten(), by_layer[n].flatten())).abs().max()))
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), title=f"layer {n + 1}")
    for label, values in (("alone", own), ("coupled", by_layer[n])):
        strong = values[values.abs() > 0.5]
        spectra[f"layer {n + 1}, {label}"] = {
            "largest |λ|": float(values.abs().max()),
            "slowest τ": float(time_constants(values).amax(1).median()),
            "modes with τ > 10": float((time_constants(values) > 10).double().sum(1).mean()),
            "share of complex modes": float((values.imag != 0).double().mean()),
            "median angle (°)": float(torch.rad2deg(strong.angle().abs()).median()) if len(strong) else float("nan"),
        }
figures.legend_below(fig, axes[0], markerscale=2)
glue("fig_coupled_spectra", fig, display=False)
plt.close(fig)
glue("mismatch", mismatch, display=False)
pd.DataFrame(spectra).T.style.format(precision=2).format("{:.3g}", subset=["slowest τ"])

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
fig, axes = figures.panels(max(1, len(layers) - 1), columns=min(3, max(1, len(layers) - 1)), height=2.6, width=7.6)
rows = {}
for n, ax in zip(range(1, len(layers)), axes, strict=False):
    below, its = layers[n - 1], layers[n]
    places = parts[n - 1]
    order = below.network.logit(places).argsort()
    chosen = places[order[torch.linspace(0, len(order) - 1, min(9, len(order))).round().long()]]
    starts = its.evidence.layers[0].states[:60]
    seen = its.network.logit(its.evidence.layers[0].states)
    unit = seen.std()
    levels = []
    for place in chosen:
        at = find_fixed_points(its.network.cell, starts, tolerance=tolerance, input_point=place[: its.network.cell.n_input])
        resting = at.distinct_states
        x = float(below.network.logit(place) / below.network.logit(below.evidence.layers[0].states).std())
        y = (its.network.logit(resting) / unit).numpy()
        levels.append(y)
        ax.scatter(np.full(len(y), x), y, s=14, color=figures.ACCENT, lw=0, alpha=0.7)
    zero = its.network.logit(separate[n]) / unit
    for level in (float(zero.min()), float(zero.max())):
        ax.axhline(level, color=figures.GREY, ls=":", lw=1)
    ax.set(xlabel=f"layer {n}: where it rests (sd)", ylabel=f"layer {n + 1}: where it then rests (sd)")
    ax.locator_params(axis="x", nbins=5)
    everywhere = np.concatenate(levels)
    rows[f"layer {n + 1}"] = {
        "range at zero": float(zero.max() - zero.min()),
        "range at one resting state below (median)": float(np.median([np.ptp(y) if len(y) else 0 for y in levels])),
        "range over the nine": float(np.ptp(everywhere)) if len(everywhere) else 0.0,
    }
glue("fig_given", fig, display=False)
plt.close(fig)
pd.DataFrame(rows).T.style.format("{:.2f}")

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
found = {"share of starts that converge": float(points.converged.float().mean()), "distinct points": len(kept)}
found |= {f"distance from layer {n + 1} alone": value for n, value in enumerate(apart)}
found |= {
    f"{place}: {measure}": value for table in (spectra, rows) for place, row in table.items() for measure, value in row.items()
}
found |= away
record_measures(network, "coupled", found)
