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
# # Left and right eigenvectors
#
# *What does the network select from a word, and where does it store it?* Restricted to the slowest mode, the effect of a word in
# {eq}`eq-modes` is $\mathbf{r}_1\, \boldsymbol{\ell}_1^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}$: the left eigenvector *selects* from
# the instantaneous effect $\mathbf{J}^{\mathrm{inp}} \mathbf{x}$, the right one is the direction in which it is *stored*
# ({cite:t}`maheswaranathan2019`, §4.5). Integration along a line of fixed points with axis $\mathbf{m}$ requires that
# $\boldsymbol{\ell}_1$ separates the valences and that $\mathbf{r}_1$ points along $\mathbf{m}$.

# %% tags=["parameters"]
network = "imdb-gru-seed0"
n_starts = 500
tolerance = 1e-8
n_words = 100

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import torch
from myst_nb import glue
from sklearn.metrics import roc_auc_score

from lib.book import figures
from lib.book.mechanism import mechanism
from lib.book.records import record
from lib.book.searches import drift_speed, fixed_points
from lib.dynamics.manifold import alignment, random_alignment
from lib.training.catalogue import NETWORKS
from lib.training.folder import load

figures.style()
saved = load(NETWORKS / network)
layer = saved.evidence.layers[-1]
its = mechanism(saved, fixed_points(saved, n_starts, tolerance), n_words=n_words)
for valence, ids in its.words.items():
    glue(f"{valence}_words", ", ".join(saved.vocabulary.words[i] for i in ids[:8]), display=False)
glue("n_chosen", len(its.words["positive"]), display=False)
glue("n_linearized", len(its.places), display=False)

# %% [markdown]
# ## Words with a valence
#
# The {glue:text}`n_chosen` most positive, most negative and most neutral words are those with the largest, smallest and
# least coefficients of a bag-of-words logistic regression on the training documents, among words that occur in at least 0.2 %
# of them. The first of each: positive {glue:text}`positive_words`; negative {glue:text}`negative_words`; neutral
# {glue:text}`neutral_words`.

# %% tags=["hide-input"]
plane = layer.axes[:2]
flat = {key: (effect @ plane.T).numpy() for key, effect in its.effects.items()}
left, right = (its.left @ plane.T).numpy(), (its.right @ plane.T).numpy()
null_vectors = torch.randn(5_000, len(its.axis), generator=torch.Generator().manual_seed(0))
null = alignment(null_vectors, its.axis.expand_as(null_vectors))

fig, axes = figures.panels(6, height=2.5, width=8)
for i, ax in enumerate(axes[:3]):
    figures.word_effects(ax, {key: effect[i] for key, effect in flat.items()}, left[i])
    ax.set_title(f"point {i + 1}")
axes[0].legend(fontsize=7, loc="best")
at = layer.project(its.places)[:, :2].numpy()
figures.fixed_point_cloud(axes[3], layer.density[:3000, :2].numpy(), at, None, np.empty((0, 2)))
span = 0.12 * np.ptp(layer.density[:, 0].numpy())
figures.directions(axes[3], at[its.examples], right, span)
figures.highlight(axes[3], at[its.examples], [figures.ACCENT, "#B8860B", "#8E4585"])
figures.valence_histograms(axes[4], {key: value.numpy() for key, value in its.projections.items()})
figures.overlap_histogram(axes[5], its.overlap.numpy(), null.numpy())
axes[5].set(xlabel="|r₁ · m|")
axes[5].legend(fontsize=7, loc="upper center")
glue("fig_eigenvectors", fig, display=False)
plt.close(fig)

# %% [markdown]
# ```{glue:figure} fig_eigenvectors
# :name: fig-eigenvectors
# :alt: Six panels. Effects of positive, negative and neutral words on the state at three fixed points, with class means and the left eigenvector as arrows; the fixed points with the right eigenvector at the three; histograms of the mean input projection by valence; histogram of the overlap between right eigenvector and manifold against random directions.
#
# (a–c) Instantaneous effect of words, $\mathbf{J}^{\mathrm{inp}}\mathbf{x}$, in the plane of the first two components, at three
# fixed points: positive green, negative orange, neutral blue; thick arrows: class means; dark blue arrow: direction of
# $\boldsymbol{\ell}_1$ (its length is arbitrary). (d) The three points, with the direction of $\mathbf{r}_1$. (e) Mean input projection of
# each valence, over all fixed points. (f) Overlap of $\mathbf{r}_1$ with the manifold axis, against random directions. Compare
# Fig. 4 of {cite:t}`maheswaranathan2019`.
# ```

# %% [markdown]
# ## Instantaneous effects
#
# Along the axis between the two class means, how well do the effects separate positive from negative words, and how large are
# the effects of neutral words in this plane, relative to the others?

# %% tags=["hide-input"]
aucs, sizes = [], []
for i in range(len(its.examples)):
    positive, negative = (its.effects[key][i] for key in ("positive", "negative"))
    axis = positive.mean(0) - negative.mean(0)
    along = torch.cat([positive, negative]) @ axis
    aucs.append(roc_auc_score([1] * len(positive) + [0] * len(negative), along.numpy()))
    size = {key: np.linalg.norm(flat[key][i], axis=1).mean() for key in flat}
    sizes.append(size["neutral"] / np.mean([size["positive"], size["negative"]]))
glue("auc", float(np.median(aucs)), display=False)
glue("size", float(np.median(sizes)), display=False)
record(
    network,
    "A8",
    {
        "AUC of positive against negative words": np.median(aucs),
        "size of neutral over valenced effects": np.median(sizes),
    },
)

# %% [markdown]
# The AUC is {glue:text}`auc:.3f` (median of the three points), and a neutral word moves the state by {glue:text}`size:.2f` times as
# much as a valenced one. The size counts every direction of the plane, also those that are forgotten at once; the input projection
# counts only what the slowest mode keeps.

# %% [markdown]
# ## Input projections
#
# $\boldsymbol{\ell}_1^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}$ is one number a word and a fixed point. The sign is fixed by turning
# $\mathbf{r}_1$ towards the positive end of the readout, so that a positive word must have a positive projection. Where the slowest mode
# is a complex pair, the claim is judged by the projection on the plane of the pair.

# %% tags=["hide-input"]
for key, value in its.projections.items():
    glue(f"projection_{key}", float(value.median()), display=False)
record(network, "A9", its.selection)

# %% [markdown]
# Over {glue:text}`n_linearized` fixed points the median projections are {glue:text}`projection_positive:.3f` for positive,
# {glue:text}`projection_negative:.3f` for negative and {glue:text}`projection_neutral:.3f` for neutral words.

# %% [markdown]
# ## Where evidence is stored

# %% tags=["hide-input"]
glue("overlap", float(its.overlap.median()), display=False)
glue("tangent", its.storage["median |r₁·t|, t the curve's tangent"], display=False)
glue("bound", random_alignment(len(its.axis), 0.999), display=False)
record(network, "A10", its.storage)

# %% [markdown]
# The median overlap $|\mathbf{r}_1 \cdot \mathbf{m}|$ is {glue:text}`overlap:.3f`; one random direction in a thousand exceeds
# {glue:text}`bound:.3f`. With the curve's own tangent at each point it is {glue:text}`tangent:.3f`: where the two differ the curve bends,
# and evidence is stored along it. Where $\mathbf{r}_1$ is complex, the overlap is the length of its component along $\mathbf{m}$.
#
# ## At the speed that the task sets
#
# The same at the points slower than $q_D$, the speed at which a state holds its place for one document {eq}`eq-drift`.

# %% tags=["hide-input"]
slow = mechanism(saved, fixed_points(saved, n_starts, drift_speed(saved)), n_words=n_words)
record(network, "A9D", slow.selection)

# %% tags=["hide-input"]
record(network, "A10D", slow.storage)
