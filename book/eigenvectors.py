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
import numpy as np

from lib.book import figures, page
from lib.book.mechanism import effect_measures, mechanism
from lib.book.records import record
from lib.book.searches import drift_speed, fixed_points
from lib.dynamics import random_alignment
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
layer, spelled = saved.evidence.layers[-1], saved.vocabulary.words
mechanics = mechanism(saved, fixed_points(saved, n_starts, tolerance), n_words=n_words)
page.say(n_chosen=len(mechanics.words["positive"]), n_linearized=len(mechanics.places))
for valence, ids in mechanics.words.items():
    page.say(**{f"{valence}_words": ", ".join(spelled[i] for i in ids[:8])})

# %% [markdown]
# ## Words with a valence
#
# The {glue:text}`n_chosen` most positive, most negative and most neutral words are those with the largest, smallest and
# least coefficients of a bag-of-words logistic regression on the training documents, among words that occur in at least 0.2 %
# of them. The first of each: positive {glue:text}`positive_words`; negative {glue:text}`negative_words`; neutral
# {glue:text}`neutral_words`.

# %% tags=["hide-input"]
plane, n_state = layer.axes[:2], len(mechanics.axis)
effects = {valence: (effect @ plane.T).numpy() for valence, effect in mechanics.effects.items()}
left, right = (mechanics.left @ plane.T).numpy(), (mechanics.right @ plane.T).numpy()
at = layer.project(mechanics.places)[:, :2].numpy()
null = np.array([random_alignment(n_state, q) for q in np.linspace(0, 1, 1001)])  # of random directions
with page.figure("eigenvectors", 6, height=2.5, width=8) as axes:
    figures.example_effects(axes[:3], effects, left)
    figures.example_points(axes[3], layer.density[:3000, :2].numpy(), at, mechanics.examples, right)
    figures.valence_histograms(axes[4], {valence: values.numpy() for valence, values in mechanics.projections.items()})
    figures.overlap_histogram(axes[5], mechanics.overlap.numpy(), null)
    axes[5].legend(fontsize=7, loc="upper center")

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
measured = effect_measures(mechanics.effects, plane)
page.say(auc=measured["AUC of positive against negative words"], size=measured["size of neutral over valenced effects"])
record(network, "A8", measured)

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
page.say(**{f"projection_{valence}": values.median() for valence, values in mechanics.projections.items()})
record(network, "A9", mechanics.selection)

# %% [markdown]
# Over {glue:text}`n_linearized` fixed points the median projections are {glue:text}`projection_positive:.3f` for positive,
# {glue:text}`projection_negative:.3f` for negative and {glue:text}`projection_neutral:.3f` for neutral words.

# %% [markdown]
# ## Where evidence is stored

# %% tags=["hide-input"]
page.say(
    overlap=mechanics.overlap.median(),
    tangent=mechanics.storage["median |r₁·t|, t the curve's tangent"],
    bound=random_alignment(n_state, 0.999),
)
record(network, "A10", mechanics.storage)

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
