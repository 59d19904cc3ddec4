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
# # Low dimensionality
#
# *Does a trained network use the many dimensions it has?* {cite:t}`maheswaranathan2019` (§4.1) run their network over 1,000
# test documents, collect the state $\mathbf{h}_t$ after every token and look at the variance along the principal axes of that
# cloud. We do the same, with the same network before training as the comparison.

# %% tags=["parameters"]
network = "imdb-gru-seed0"
positive_review = ""  # empty: the book's own example
negative_review = ""

# %% tags=["hide-input"]
from lib.book import figures, page
from lib.book.cloud import dimension_measures, separation_measures
from lib.book.records import record
from lib.book.reviews import read_examples
from lib.dynamics import explained, n_components, participation_ratio
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
cell, layer = saved.network.cell, saved.evidence.layers[-1]
readings = read_examples(saved, positive_review, negative_review)
page.say(network=network, corpus=saved.config["title"], n_state=cell.n_state)

# %% [markdown]
# ## Single units look inscrutable
#
# {numref}`fig-units` shows the activity of every unit of {glue:text}`network` (trained on the {glue:text}`corpus`) while it reads
# the book's two example reviews. Nothing in a single trace says what the network is doing.

# %% tags=["hide-input"]
with page.figure("units", 2, height=2.3, sharey=True) as axes:
    for ax, (valence, reading) in zip(axes, readings.items(), strict=True):
        figures.unit_traces(ax, reading.path[1:, : cell.n_output].numpy(), valence)

# %% [markdown]
# ```{glue:figure} fig_units
# :name: fig-units
# :alt: Two panels of many thin overlapping traces, the activity of every hidden unit against the token read, for a positive and for a negative review; no trace stands out.
#
# Activity of every hidden unit while the network reads a positive (left) and a negative (right) review. Compare Fig. 1 of
# {cite:t}`maheswaranathan2019`.
# ```

# %% [markdown]
# ## A few components carry the variance
#
# With variances $v_1 \ge v_2 \ge \dots$ along the principal axes of all visited states, the share explained by the first $k$ is
# $\sum_{i \le k} v_i / \sum_i v_i$, and one number for the dimension of the cloud is the participation ratio
#
# $$
# \mathrm{PR} = \frac{(\sum_i v_i)^2}{\sum_i v_i^2},
# $$ (eq-participation-ratio)
#
# which is 1 for a line and $N$ for a round cloud.

# %% tags=["hide-input"]
trained, untrained = layer.spectrum, layer.untrained_spectrum
with page.figure("variance", width=4.2, height=2.8) as ax:
    figures.explained_variance(ax, explained(trained).numpy(), explained(untrained).numpy())
page.say(
    variance_2=100 * explained(trained)[1],
    variance_3=100 * explained(trained)[2],
    untrained_3=100 * explained(untrained)[2],
    n_90=n_components(trained),
    untrained_n_90=n_components(untrained),
    ratio=participation_ratio(trained),
    untrained_ratio=participation_ratio(untrained),
)

# %% [markdown]
# ```{glue:figure} fig_variance
# :name: fig-explained-variance
# :alt: Cumulative variance explained against the number of principal components. The trained network rises much faster than the untrained one.
#
# Variance of the visited states explained by the first principal components, trained and untrained, over all states of up to
# 1,000 random test documents. The dotted line is at 90 %. Compare Fig. 2a of {cite:t}`maheswaranathan2019`.
# ```
#
# Two components explain {glue:text}`variance_2:.1f` % and three {glue:text}`variance_3:.1f` % of the variance
# (untrained: three explain {glue:text}`untrained_3:.1f` %). Ninety percent takes {glue:text}`n_90` components, against
# {glue:text}`untrained_n_90` before training; the participation ratio is {glue:text}`ratio:.2f` against
# {glue:text}`untrained_ratio:.1f`, of {glue:text}`n_state` dimensions.

# %% tags=["hide-input"]
record(network, "A1", dimension_measures(layer))

# %% [markdown]
# ## In the plane of two components, evidence accumulates
#
# Projected on the first two axes, the cloud separates by label ({numref}`fig-state-space`). The state starts at
# $\mathbf{h}_0 = 0$ and moves along the readout vector $\mathbf{w}$ as words of either valence arrive; the dashed line is where
# the logit $\mathbf{w} \cdot \mathbf{h} + b$ changes sign. The logit depends on all dimensions, so that line is exact only for
# states that lie in the plane through the mean.

# %% tags=["hide-input"]
labels, logit = saved.evidence.transitions.density_labels.numpy(), saved.network.logit
w = layer.axes[:2] @ saved.network.readout_axis
walks = {valence: layer.project(reading.path)[:, :2].numpy() for valence, reading in readings.items()}
with page.figure("state_space", width=6.2, height=4.4) as ax:
    figures.state_space(ax, layer.density[:, :2].numpy(), labels, walks, w.numpy(), float(logit(layer.mean)))
separation = separation_measures(saved)
page.say(
    angle=separation["angle between class means and readout (degrees)"],
    initial_quantile=100 * separation["quantile of the initial logit"],
    length_positive=len(readings["positive"].tokens),
    length_negative=len(readings["negative"].tokens),
    logit_positive=readings["positive"].logits[-1],
    logit_negative=readings["negative"].logits[-1],
)

# %% [markdown]
# ```{glue:figure} fig_state_space
# :name: fig-state-space
# :alt: Density of visited states in the plane of two principal components, green where documents are positive and orange where they are negative, with the paths of two reviews that leave a common start in different directions.
#
# Visited states in the plane of their first two principal components, by the label of the document (green positive, orange
# negative), with the paths of the two example reviews. Dot: initial state; arrow: readout vector; dashed: logit 0. Compare
# Fig. 2b of {cite:t}`maheswaranathan2019`.
# ```
#
# The positive review ({glue:text}`length_positive` tokens) ends at a logit of {glue:text}`logit_positive:.2f`, the negative one
# ({glue:text}`length_negative` tokens) at {glue:text}`logit_negative:.2f`. The axis between the two class means makes an angle
# of {glue:text}`angle:.1f`° with the readout in this plane, and {glue:text}`initial_quantile:.0f` % of the visited states have a
# logit below the initial one.

# %% tags=["hide-input"]
record(network, "A2", separation)

# %% [markdown] tags=["section-only"]
# What this does not show: variance is not importance. A component with little variance can matter for the readout, and the
# first components can be large because the state decays quickly along all others. The next page looks at the dynamics.
