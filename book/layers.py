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
# # Layer by layer
#
# *What does each layer of a stack do?* {cite:t}`tremblay2020` stacks GRUs, layer $n$ reading what layer $n - 1$ has just become,
#
# $$
# \begin{gathered}
# \mathbf{h}^n_{t} = F^n(\mathbf{h}^n_{t-1}, \mathbf{x}^n_t), \\
# \mathbf{x}^n_t = \mathbf{h}^{n-1}_t \quad (n > 1),
# \end{gathered}
# $$ (eq-stack)
#
# and takes every layer apart on its own, with zero as its input. This page repeats each of that paper's figures for one network.

# %% tags=["parameters"]
network = "imdb-gru3-glove-seed0"
n_starts = 500
tolerance = 1e-6
n_others = 200  # other words of the running text, beside the charged ones
positive_review = ""  # empty: the book's own example
negative_review = ""

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from IPython.display import HTML
from myst_nb import glue

from lib.book import figures
from lib.book.layers import alone, charged, layer_measures, step_ratio, step_sizes, steps_at
from lib.book.records import record_measures
from lib.book.reviews import example_reviews
from lib.book.searches import fixed_points
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.manifold import examples_along, explained, n_components, principal_axes
from lib.dynamics.modes import eigenmodes
from lib.text.vocabulary import tokenize
from lib.training.catalogue import NETWORKS
from lib.training.folder import load

figures.style()
saved = load(NETWORKS / network)
layers = [alone(saved, n) for n in range(len(saved.network.layers))]
given = {"positive": positive_review, "negative": negative_review}
reviews = {key: tokenize(given[key] or text) for key, text in example_reviews(saved.config["dataset"]).items()}
ids = {key: torch.from_numpy(saved.vocabulary.encode(words)) for key, words in reviews.items()}
with torch.no_grad():
    walks = {key: [states[:, 0] for states in saved.network.states(tokens[:, None])] for key, tokens in ids.items()}
paths = {key: [torch.cat((torch.zeros_like(walk[:1]), walk)) for walk in found] for key, found in walks.items()}
columns = 3 if len(layers) == 3 else min(len(layers), 2)
glue("stack", network, display=False)
glue("n_layers", len(layers), display=False)

# %% [markdown]
# ## Explained variance
#
# Principal components of the states that each layer visits on 1,000 test documents, a layer at a time, against the same network
# before training.

# %% tags=["hide-input"]
fig, axes = figures.panels(len(layers), columns=columns, height=2.3, width=7.6 if columns > 1 else 4, sharey=True)
rows = []
for n, (ax, its) in enumerate(zip(axes, layers, strict=True), 1):
    layer = its.evidence.layers[0]
    trained, untrained = explained(layer.spectrum), explained(layer.untrained_spectrum)
    figures.explained_variance(ax, trained.numpy(), untrained.numpy())
    ax.set_title(f"layer {n}")
    rows.append((n, trained[1].item(), n_components(layer.spectrum), n_components(layer.untrained_spectrum)))
glue("fig_layers_variance", fig, display=False)
plt.close(fig)
pd.DataFrame(rows, columns=["layer", "first two components", "components for 90 %", "the same, untrained"]).style.hide(
    axis="index"
).format(precision=3)

# %% [markdown]
# ```{glue:figure} fig_layers_variance
# :name: fig-layers-variance
# :alt: Cumulative variance explained against the number of principal components, a panel a layer, trained and untrained.
#
# Variance of the visited states of each layer explained by the first principal components, trained and untrained, over up to
# 1,000 random test documents. Compare Fig. 1a, 2, 7, 11 and 15 of {cite:t}`tremblay2020`.
# ```
#
# In the paper two components explain about 80 % in GRU₁, barely 60 % in the first layer of GRU₃ and over 90 % in its second and third.

# %% [markdown]
# ## Projections
#
# The states of each layer in the plane of its own first two components, with the book's two example reviews. The components of
# different layers have nothing to do with each other; each first component is turned towards positive documents.

# %% tags=["hide-input"]
labels = saved.evidence.transitions.density_labels.numpy()
fig, axes = figures.panels(len(layers), columns=columns, height=2.7, width=7.8 if columns > 1 else 4)
for n, (ax, its) in enumerate(zip(axes, layers, strict=True)):
    layer = its.evidence.layers[0]
    figures.state_density(ax, layer.density[:, :2].numpy(), labels)
    for valence, path in paths.items():
        figures.trajectory(ax, layer.project(path[n])[:, :2].numpy(), figures.VALENCE[valence], f"a {valence} review")
    ax.plot(*layer.project(torch.zeros_like(layer.mean))[:2].numpy(), "o", color=figures.INK, ms=5, label="initial state")
    ax.set_title(f"layer {n + 1}")
figures.legend_below(fig, axes[0])
glue("fig_layers_projections", fig, display=False)
plt.close(fig)

# %% [markdown]
# ```{glue:figure} fig_layers_projections
# :name: fig-layers-projections
# :alt: Density of visited states of each layer in the plane of its first two components, green for positive and orange for negative documents, with the paths of a positive and a negative review.
#
# Visited states of each layer by the label of the document (green positive, orange negative), with the paths of the two example
# reviews from the initial state. Compare Fig. 1b, 3, 8, 12 and 16 of {cite:t}`tremblay2020`.
# ```
#
# The paper sees a path that stumbles in the first layer and goes straight above. Two components hold more of an upper layer than of the
# first ({numref}`fig-layers-variance`), so part of the stumbling is what the plane leaves out.

# %% [markdown]
# ## Charged words
#
# The paper sees the state jump at emotionally charged words, most of all in upper layers. We take the size of a step,
# $\|\mathbf{h}^n_t - \mathbf{h}^n_{t-1}\|$, at the hundred most positive and hundred most negative words (by a bag of words), over its size at
# all other words.

# %% tags=["hide-input"]
spoken, vocabulary = saved.evidence.transitions.tokens, torch.arange(len(saved.vocabulary))
steps, valence = step_sizes(saved), charged(saved, spoken)
ratio, low, high = step_ratio(steps, valence)
offered = torch.cat([vocabulary[charged(saved, vocabulary) != 0], spoken[valence == 0][:n_others]])
same, same_low, same_high = step_ratio(steps_at(saved, offered), charged(saved, offered))
fig, axes = figures.panels(len(layers) + 1, columns=2, height=2.2, width=7.8)
for n, ax in enumerate(axes[:-1]):
    bins = np.linspace(0, float(steps[n].quantile(0.995)), 21)
    for label, chosen, color in (
        ("other words", valence == 0, figures.GREY),
        ("positive", valence > 0, figures.POSITIVE),
        ("negative", valence < 0, figures.NEGATIVE),
    ):
        ax.hist(steps[n, chosen].numpy(), bins, density=True, histtype="step", color=color, lw=1.5, label=label)
    ax.set(xlabel="size of the step", ylabel="density", title=f"layer {n + 1}")
figures.legend_below(fig, axes[0])
rows = [f"layer {n + 1}{where}" for n in range(len(layers)) for where in ("", ", same states")]
both = (torch.stack(pair, 1).flatten().numpy() for pair in ((ratio, same), (low, same_low), (high, same_high)))
figures.intervals(axes[-1], rows, *both, [figures.INK, figures.ACCENT] * len(layers))
axes[-1].axvline(1, color=figures.GREY, ls=":")
axes[-1].set_xlabel("step at charged over other words")
glue("fig_layers_steps", fig, display=False)
plt.close(fig)
glue("n_charged", int((valence != 0).sum()), display=False)
glue("n_others", n_others, display=False)
for name, values in (("ratios", ratio), ("same_ratios", same)):
    glue(name, ", ".join(f"{value:.2f}" for value in values), display=False)

# %% [markdown]
# ```{glue:figure} fig_layers_steps
# :name: fig-layers-steps
# :alt: Histograms of the size of a step in each layer for positive, negative and other words; and the ratio of medians per layer with intervals, as the words were read and at the same states.
#
# Sizes of the steps of each layer over sampled transitions of the test documents, by the word read; last panel: median at charged
# words over median at the others, with 95 % bootstrap intervals (black: as they were read; blue: at the same states).
# ```
#
# At {glue:text}`n_charged` charged words the median step is {glue:text}`ratios` times as large as at other words (lowest layer first). So few are a
# weak sample, and they come where a review has something to say. So every one of the two hundred charged words, and {glue:text}`n_others` others as
# they come in running text, is also read at the same hundred visited states: there it is {glue:text}`same_ratios` times. Claim B3 is
# judged by the first.
#
# ### What a word does along the first component
#
# Each word of the two reviews, coloured by how far it moves each layer along its first component (green: towards positive), the
# strongest word in full colour. That is all that this view shows: a step along one axis, not a cause.

# %% tags=["hide-input"]
parts = []
for key, words in reviews.items():
    for n, its in enumerate(layers):
        first = its.evidence.layers[0].axes[0]
        moved = (paths[key][n][1:] - paths[key][n][:-1]) @ first
        parts.append(f"<p><em>The {key} review, layer {n + 1}</em></p>{figures.coloured_words(words, moved.numpy())}")
HTML("".join(parts))

# %% [markdown]
# ## Fixed points
#
# From {glue:text}`n_starts` visited states of each layer we lower its speed q, with zero as its input, until it is below
# {glue:text}`tolerance`; points within 10⁻³ in every dimension count as one (§2.3 of the paper).

# %% tags=["hide-input"]
found = [fixed_points(its, n_starts, tolerance) for its in layers]
measures = [layer_measures(saved, n, n_starts, tolerance) for n in range(len(layers))]
fig, axes = figures.panels(len(layers), columns=columns, height=2.7, width=7.8 if columns > 1 else 4)
for n, (ax, its, points) in enumerate(zip(axes, layers, found, strict=True)):
    layer = its.evidence.layers[0]
    ended, began = (layer.project(states)[:, :2].numpy() for states in (points.states, layer.states[: len(points)]))
    figures.fixed_point_cloud(
        ax, layer.density[:2000, :2].numpy(), ended[points.converged], None, ended[(~points.converged).numpy()]
    )
    ax.scatter(*began.T, s=5, color=figures.NEUTRAL, lw=0, alpha=0.6, label="start")
    ax.set_title(f"layer {n + 1}: {int(measures[n]['distinct points'])} distinct")
figures.legend_below(fig, axes[0], markerscale=2)
glue("fig_layers_points", fig, display=False)
plt.close(fig)
glue("n_starts", n_starts, display=False)
glue("tolerance", f"{tolerance:.0e}", display=False)
shown = (
    "share of starts that converge",
    "distinct points",
    "distinct points further on",
    "distance to the cloud",
    "first-axis share",
)
pd.DataFrame({f"layer {n + 1}": {key: row[key] for key in shown} for n, row in enumerate(measures)}).T.style.format(
    precision=3
).format("{:.0f}", subset=["distinct points", "distinct points further on"])

# %% [markdown]
# ```{glue:figure} fig_layers_points
# :name: fig-layers-points
# :alt: For each layer, the starts of the search, the fixed points reached and the places where the search got stuck, over the visited states in the plane of two components.
#
# Starts (blue), fixed points (black) and starts that found none (crosses) of each layer over its visited states (grey). Compare
# Fig. 1c, 4, 9, 13 and 17 of {cite:t}`tremblay2020`.
# ```
#
# The count at the tolerance of the paper can mislead: where every mode decays at once, points that stopped there have not yet
# come as close as 10⁻³. *Further on* is the count after the same points ran on to q < 10⁻¹⁰. The distance to the cloud is that of a fixed point to the nearest visited state, in root mean square distances of the visited
# states from their mean.

# %% [markdown]
# ## Spectra
#
# Eigenvalues of each layer's $\mathbf{J}^{\mathrm{rec}}$ at up to three distinct fixed points, with **equal axes**: the figures of
# the paper stretch the imaginary axis, which makes a slow real mode look like a rotation.

# %% tags=["hide-input"]
fig, axes = figures.panels(len(layers), columns=columns, height=2.7, width=7.6 if columns > 1 else 3.6)
for n, (ax, its, points) in enumerate(zip(axes, layers, found, strict=True)):
    places = points.distinct_states
    axis = principal_axes(places)[0][0] if len(places) > 1 else its.network.readout_axis
    few = places[examples_along(places, axis).unique()]
    eigenvalues = eigenmodes(recurrent_jacobian(its.network.cell, few)).eigenvalues.numpy()
    looks = ((figures.NEUTRAL, 30), (figures.INK, 12), (figures.NEGATIVE, 3))
    for i, (values, (color, size)) in enumerate(zip(eigenvalues, looks, strict=False), 1):
        figures.spectrum(ax, values, color, f"point {i}", size)
    reach = max(1.15, 1.08 * float(np.abs(eigenvalues).max()))
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), title=f"layer {n + 1}")
figures.legend_below(fig, axes[0], markerscale=2)
glue("fig_layers_spectra", fig, display=False)
plt.close(fig)
shown = ("share of complex modes", "median angle", "spectral radius", "unstable modes", "slowest τ")
pd.DataFrame({f"layer {n + 1}": {key: row[key] for key in shown} for n, row in enumerate(measures)}).T.style.format(
    precision=2
).format("{:.3g}", subset=["slowest τ"])

# %% [markdown]
# ```{glue:figure} fig_layers_spectra
# :name: fig-layers-spectra
# :alt: Eigenvalues of each layer at up to three fixed points in the complex plane, with the unit circle.
#
# Eigenvalues of the recurrent Jacobian of each layer at up to three of its fixed points, with the unit circle. Compare Fig. 5, 6, 10,
# 14 and 18 of {cite:t}`tremblay2020`.
# ```
#
# The median angle is that of modes with $|\lambda| > 0.5$: 0° is pure decay, 180° a change of sign at each token. *Unstable modes* have
# $|\lambda| > 1$, a mean over these points. The paper (§3.4) takes a positive real part for a mode that grows; in discrete time, where a
# step multiplies a mode by $\lambda$, it grows only outside the unit circle.

# %% tags=["hide-input"]
for n, row in enumerate(measures):
    record_measures(
        network,
        f"layer {n + 1}",
        row | {"step at charged over other words": float(ratio[n]), "the same, at the same states": float(same[n])},
    )
