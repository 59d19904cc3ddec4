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
from IPython.display import HTML

from lib.book import figures, page
from lib.book.charged_words import charged, step_ratios, step_sizes
from lib.book.layers import alone, example_eigenvalues, layer_table, paths
from lib.book.records import record_table
from lib.book.reviews import example_reviews
from lib.book.searches import fixed_points
from lib.dynamics import explained, n_components
from lib.text import tokenize
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
layers = [alone(saved, n) for n in range(len(saved.network.layers))]
visited = [layer.evidence.layers[0] for layer in layers]
given = {"positive": positive_review, "negative": negative_review}
reviews = {key: tokenize(given[key] or text) for key, text in example_reviews(saved.config["dataset"]).items()}
walks = {key: paths(saved, words) for key, words in reviews.items()}
table = layer_table(saved, n_starts, tolerance)
grid = figures.layer_grid(len(layers))
page.say(stack=network, n_layers=len(layers))

# %% [markdown]
# ## Explained variance
#
# Principal components of the states that each layer visits on 1,000 test documents, a layer at a time, against the same network
# before training.

# %% tags=["hide-input"]
with page.figure("layers_variance", **grid, height=2.3, sharey=True) as axes:
    for ax, layer in zip(axes, visited, strict=True):
        figures.explained_variance(ax, *(explained(kept).numpy() for kept in (layer.spectrum, layer.untrained_spectrum)))
    figures.title_layers(axes)
untrained = [n_components(layer.untrained_spectrum) for layer in visited]
table.set_index("layer")[["variance in the first 2 PCs", "components for 90 %"]].assign(
    **{"components for 90 %, untrained": untrained}
).style.format(precision=3)

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
with page.figure("layers_projections", **grid, height=2.7) as axes:
    for n, (ax, layer) in enumerate(zip(axes, visited, strict=True)):
        figures.state_density(ax, layer.density[:, :2].numpy(), saved.evidence.transitions.density_labels.numpy())
        for valence, walk in walks.items():
            path = layer.project(walk[n])[:, :2].numpy()
            figures.trajectory(ax, path, figures.VALENCE[valence], f"a {valence} review")
        figures.initial_state(ax, path[0])
    figures.title_layers(axes, legend=True)

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
steps, valence = step_sizes(saved), charged(saved, saved.evidence.transitions.tokens)
ratios = step_ratios(saved, n_others)
with page.figure("layers_steps", len(layers) + 1, columns=2, height=2.2, width=7.8) as axes:
    figures.step_histograms(axes[:-1], steps.numpy(), valence.numpy())
    figures.step_ratios(axes[-1], ratios)
ratio = ratios.pivot(index="layer", columns="read", values="ratio")
listed = {read: ", ".join(f"{value:.2f}" for value in ratio[read]) for read in ratio}
page.say(n_charged=int((valence != 0).sum()), n_others=n_others)
page.say(ratios=listed["as read"], same_ratios=listed["at the same states"])

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
# weak sample, and their positions are not random. So every one of the two hundred charged words, and {glue:text}`n_others` others as
# they come in running text, is also read at the same hundred visited states: there it is {glue:text}`same_ratios` times. Claim B3 is
# judged by the first.
#
# ### What a word does along the first component
#
# Each word of the two reviews, coloured by how far it moves each layer along its first component (green: towards positive), the
# strongest word in full colour. That is all that this view shows: a step along one axis, not a cause.

# %% tags=["hide-input"]
moved = {
    key: [(path.diff(dim=0) @ layer.axes[0]).numpy() for path, layer in zip(walk, visited, strict=True)]
    for key, walk in walks.items()
}
HTML(figures.coloured_layers(reviews, moved))

# %% [markdown]
# ## Fixed points
#
# From {glue:text}`n_starts` visited states of each layer we lower its speed q, with zero as its input, until it is below
# {glue:text}`layers_tolerance`; points within 10⁻³ in every dimension count as one (§2.3 of the paper).

# %% tags=["hide-input"]
points = [fixed_points(layer, n_starts, tolerance) for layer in layers]
with page.figure("layers_points", **grid, height=2.7) as axes:
    for ax, layer, found in zip(axes, visited, points, strict=True):
        starts, ended = (layer.project(states)[:, :2].numpy() for states in (layer.states[: len(found)], found.states))
        figures.searched(ax, layer.density[:2000, :2].numpy(), starts, ended, found.converged.numpy())
    figures.title_layers(axes, [f"{n} distinct" for n in table["distinct points"]], legend=True)
page.say(n_starts=n_starts, layers_tolerance=f"{tolerance:.0e}")
shown = ["share of starts that converge", "distinct points", "distinct points further on", "distance to the cloud"]
table.set_index("layer")[[*shown, "first-axis share"]].style.format(precision=3)

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
# come as close as 10⁻³. *Distinct points further on* is the count after the same points were refined to q < 10⁻¹⁰. The distance to the cloud is that of a fixed point to the nearest visited state, in root mean square distances of the visited
# states from their mean.

# %% [markdown]
# ## Spectra
#
# Eigenvalues of each layer's $\mathbf{J}^{\mathrm{rec}}$ at up to three distinct fixed points, with **equal axes**: the figures of
# the paper stretch the imaginary axis, which makes a slow real mode look like a rotation.

# %% tags=["hide-input"]
eigenvalues = [example_eigenvalues(layer, found.distinct_states) for layer, found in zip(layers, points, strict=True)]
with page.figure("layers_spectra", **grid, height=2.7) as axes:
    figures.layer_spectra(axes, [values.numpy() for values in eigenvalues])
shown = ["share of complex modes", "median angle", "spectral radius", "unstable modes", "slowest τ"]
table.set_index("layer")[shown].style.format(precision=2).format("{:.3g}", subset=["slowest τ"])

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
steps = {
    "step at charged over other words": "as read",
    "step at charged over other words, at the same states": "at the same states",
}
record_table(network, "layers", table.assign(**{measure: ratio[read].to_numpy() for measure, read in steps.items()}))
