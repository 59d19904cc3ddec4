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
import matplotlib.pyplot as plt
import numpy as np
import torch
from myst_nb import glue

from lib.book import figures
from lib.book.mechanism import example_states
from lib.book.records import record
from lib.book.reviews import example_reviews
from lib.dynamics.manifold import alignment, explained, n_components, participation_ratio
from lib.text.vocabulary import tokenize
from lib.training.catalogue import NETWORKS
from lib.training.folder import load

figures.style()
saved = load(NETWORKS / network)
layer, logit = saved.evidence.layers[-1], saved.network.logit
given = {"positive": positive_review, "negative": negative_review}
reviews = {key: given[key] or text for key, text in example_reviews(saved.config["dataset"]).items()}
tokens = {key: torch.from_numpy(saved.vocabulary.encode(tokenize(text))) for key, text in reviews.items()}
paths = {key: example_states(saved, ids) for key, ids in tokens.items()}
glue("network", network, display=False)
glue("corpus", saved.config["title"], display=False)
glue("n_state", saved.network.cell.n_state, display=False)

# %% [markdown]
# ## Single units look inscrutable
#
# {numref}`fig-units` shows the activity of every unit of {glue:text}`network` (trained on the {glue:text}`corpus`) while it reads
# the book's two example reviews. Nothing in a single trace says what the network is doing.

# %% tags=["hide-input"]
fig, axes = figures.panels(2, columns=2, height=2.3, sharey=True)
for ax, (valence, path) in zip(axes, paths.items(), strict=True):
    figures.unit_traces(ax, path[1:, : saved.network.cell.n_output].numpy(), figures.VALENCE[valence])
    ax.set_title(f"a {valence} review")
axes[1].set_ylabel("")
glue("fig_units", fig, display=False)
plt.close(fig)

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
trained, untrained = explained(layer.spectrum), explained(layer.untrained_spectrum)
ratio, untrained_ratio = participation_ratio(layer.spectrum), participation_ratio(layer.untrained_spectrum)
fig, (ax,) = figures.panels(1, columns=1, width=4.2, height=2.8)
figures.explained_variance(ax, trained.numpy(), untrained.numpy())
glue("fig_variance", fig, display=False)
plt.close(fig)
glue("variance_2", 100 * float(trained[1]), display=False)
glue("variance_3", 100 * float(trained[2]), display=False)
glue("untrained_3", 100 * float(untrained[2]), display=False)
glue("n_90", n_components(layer.spectrum), display=False)
glue("untrained_n_90", n_components(layer.untrained_spectrum), display=False)
glue("ratio", ratio, display=False)
glue("untrained_ratio", untrained_ratio, display=False)

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
record(
    network,
    "A1",
    {
        "variance in the first 3 PCs": trained[2],
        "participation ratio over the untrained one": ratio / untrained_ratio,
        "variance in the first 2 PCs": trained[1],
        "components for 90 %": n_components(layer.spectrum),
        "components for 90 %, untrained": n_components(layer.untrained_spectrum),
    },
)

# %% [markdown]
# ## In the plane of two components, evidence accumulates
#
# Projected on the first two axes, the cloud separates by label ({numref}`fig-state-space`). The state starts at
# $\mathbf{h}_0 = 0$ and moves along the readout vector $\mathbf{w}$ as words of either valence arrive; the dashed line is where
# the logit $\mathbf{w} \cdot \mathbf{h} + b$ changes sign. The logit depends on all dimensions, so that line is exact only for
# states that lie in the plane through the mean.

# %% tags=["hide-input"]
axes_2d = layer.axes[:2]
w = saved.network.readout_axis
mean_logit = float(logit(layer.mean))
labels = saved.evidence.transitions.density_labels.numpy()
start = layer.project(torch.zeros_like(layer.mean))[:2].numpy()
plane_w = (axes_2d @ w).numpy()
fig, (ax,) = figures.panels(1, columns=1, width=6.2, height=4.4)
figures.state_density(ax, layer.density[:, :2].numpy(), labels)
for valence, path in paths.items():
    figures.trajectory(ax, layer.project(path)[:, :2].numpy(), figures.VALENCE[valence], f"a {valence} review")
extent = 0.25 * np.ptp(layer.density[:, 0].numpy())
figures.readout(ax, start, plane_w, (plane_w, -mean_logit), extent)
ax.legend(loc="best", fontsize=8)
glue("fig_state_space", fig, display=False)
plt.close(fig)

class_means = torch.stack([layer.density[labels == value, :2].mean(0) for value in (1, 0)])
between = class_means[0] - class_means[1]
angle = float(torch.rad2deg(torch.arccos(alignment(between, axes_2d @ w).clamp(max=1))))
visited_logits = logit(layer.states)
initial = float(logit(torch.zeros_like(layer.mean)))
initial_quantile = float((visited_logits < initial).float().mean())
glue("angle", angle, display=False)
glue("initial_quantile", 100 * initial_quantile, display=False)
glue("length_positive", len(tokens["positive"]), display=False)
glue("length_negative", len(tokens["negative"]), display=False)
glue("logit_positive", float(logit(paths["positive"][-1])), display=False)
glue("logit_negative", float(logit(paths["negative"][-1])), display=False)

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
record(
    network,
    "A2",
    {
        "quantile of the initial logit": initial_quantile,
        "angle between class means and readout (degrees)": angle,
    },
)

# %% [markdown] tags=["section-only"]
# What this does not show: variance is not importance. A component with little variance can matter for the readout, and the
# first components can be large because the state decays quickly along all others. The next page looks at the dynamics.
