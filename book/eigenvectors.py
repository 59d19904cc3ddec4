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
# *What does the network select from a word, and where does it store it?*
#
# ```{admonition} Answer
# :class: answer
# {glue:text}`answer_selection` {glue:}`verdicts_selection`
# ```
#
# ```{admonition} Paper A, §4.5
# :class: paper
# “Again we observe that the valence of $\mathbf{x}$ strongly correlates with this quantity: neutral words have an input projection near
# zero while positive and negative words produced larger magnitude responses of opposite sign. Furthermore, this is reliably observed
# across all fixed points.”
# ```
#
# Near a slow point the slowest mode is what lasts of a word. It has two vectors, because what a mode takes up and what it looks like need
# not be the same. The *left* eigenvector $\boldsymbol{\ell}_1$ **selects**: of the push $\mathbf{J}^{\mathrm{inp}} \mathbf{x}$ that a word
# $\mathbf{x}$ gives the state it keeps the number $\boldsymbol{\ell}_1^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}$, the *input
# projection*. The *right* eigenvector $\mathbf{r}_1$ **stores**: it is the direction in which that number is kept. What lasts is
# $\mathbf{r}_1\, \boldsymbol{\ell}_1^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}$, the first term of {eq}`eq-modes`.

# %% tags=["parameters"]
network = "imdb-gru-seed0"
n_starts = 500
tolerance = 1e-8
n_words = 100

# %% tags=["hide-input"]
from lib.book import chapter_answers, figures, page
from lib.book.html import number
from lib.book.mechanism import effect_measures, mechanism, selection_plane
from lib.book.records import record
from lib.book.searches import drift_speed, fixed_points
from lib.dynamics import random_alignment
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
layer, spelled = saved.evidence.layers[-1], saved.vocabulary.words
mechanics = mechanism(saved, fixed_points(saved, n_starts, tolerance), n_words=n_words)
slow = mechanism(saved, fixed_points(saved, n_starts, drift_speed(saved)), n_words=n_words)
page.say(n_chosen=len(mechanics.words["positive"]), n_linearized=len(mechanics.places))
for valence, ids in mechanics.words.items():
    page.say(**{f"{valence}_words": ", ".join(spelled[i] for i in ids[:8])})

# %% [markdown]
# ## The left eigenvector tells the valences apart
#
# We take {glue:text}`n_chosen` words of each kind, as a bag-of-words classifier ranks them: positive ({glue:text}`positive_words`, …), negative
# ({glue:text}`negative_words`, …), and neutral ({glue:text}`neutral_words`, …).

# %% tags=["hide-input"]
m, states = mechanics.axis, layer.states
position = ((mechanics.places - states.mean(0)) @ m / (states @ m).std()).numpy()
with page.figure("eigenvectors", width=7.6, height=3.4) as ax:
    figures.projections_along(ax, position, {valence: values.numpy() for valence, values in mechanics.projections.items()})
page.say(valences_seen=chapter_answers.valences_seen(mechanics.selection))
page.say(complex_told=chapter_answers.complex_told(mechanics.selection["share of points with a real slowest mode"]))
page.say(**{f"projection_{valence}": values.median() for valence, values in mechanics.projections.items()})

# %% [markdown]
# ```{glue:figure} fig_eigenvectors
# :name: fig-eigenvectors
# :alt: Mean input projection of positive, negative, and neutral words at every slow point against the point's position along the first axis of the slow points, with a line at zero.
#
# {glue:text}`valences_seen`. Mean input projection of {glue:text}`n_chosen` words of each valence at {glue:text}`n_linearized`
# slow points, against the point's position along the points' first axis $\mathbf{m}$. Compare Fig. 4c of {cite:t}`maheswaranathan2019`.
# ```
#
# The input projection is one number per word per fixed point. Its medians over the points are {glue:text}`projection_positive:.3f` for
# positive, {glue:text}`projection_negative:.3f` for negative, and {glue:text}`projection_neutral:.3f` for neutral words. Eigenvectors
# have no sign of their own; we turn $\mathbf{r}_1$ towards the positive end of the readout, and $\boldsymbol{\ell}_1$ with it, so a positive
# word ought to have a positive projection. {glue:text}`complex_told`

# %% [markdown]
# ## What a word does at once
#
# Before anything is selected, a word pushes the state in many directions. Of these pushes $\boldsymbol{\ell}_1$ keeps what lies along it.

# %% tags=["hide-input"]
at_examples = [{key: effect[i] for key, effect in mechanics.effects.items()} for i in range(len(mechanics.examples))]
planes = [selection_plane(effects, left) for effects, left in zip(at_examples, mechanics.left, strict=True)]
with page.figure("effects", 3, height=2.9, width=8.4) as axes:
    figures.example_effects(axes, [{key: effect.numpy() for key, effect in of.items()} for of in planes])
    figures.legend_below(axes[0].figure, axes[0], columns=3, fontsize=8, markerscale=1.5)
plane = layer.axes[:2]
inside = ((mechanics.left @ plane.T).norm(dim=1) / mechanics.left.norm(dim=1)).square()
measured = effect_measures(mechanics.effects, plane)
page.say(auc=measured["AUC of positive against negative words"], size=measured["size of neutral over valenced effects"])
page.say(left_inside=100 * inside.median())

# %% [markdown]
# ```{glue:figure} fig_effects
# :name: fig-effects-of-words
# :alt: Three panels, one per slow point: the pushes of positive, negative, and neutral words in a plane whose horizontal axis is the left eigenvector, with the mean of each valence as an arrow.
#
# Only the horizontal part of a push is remembered. Pushes of single words, $\mathbf{J}^{\mathrm{inp}}\mathbf{x}$, at slow points 5, 50,
# and 95 % of the way along $\mathbf{m}$: along $\boldsymbol{\ell}_1$, and along the direction in which they differ most otherwise; arrows: class
# means. Compare Fig. 4a of {cite:t}`maheswaranathan2019`.
# ```
#
# Along the axis between the two class means, a positive word ranks above a negative one with probability {glue:text}`auc:.3f` (the
# AUC, the median of the three points). A neutral word moves the state {glue:text}`size:.2f` times as far as a valenced one in the plane of the states' first
# two components; that counts every direction of the plane, also those that are forgotten at once. (The paper draws the pushes in that
# plane. Only {glue:text}`left_inside:.0f` % of the squared length of $\boldsymbol{\ell}_1$ lies in it, so its shadow there can
# point anywhere, even at the negative words.)

# %% [markdown]
# ## The right eigenvector stores along the line

# %% tags=["hide-input"]
at, right = layer.project(mechanics.places)[:, :2].numpy(), (mechanics.right @ plane.T).numpy()
bound = random_alignment(len(m), 0.999)
with page.figure("storage", 2, height=3.1, width=8.4, width_ratios=[1.1, 1]) as axes:
    figures.example_points(axes[0], layer.density[:3000, :2].numpy(), at, mechanics.examples, right)
    figures.overlaps_along(axes[1], position, mechanics.overlap.numpy(), mechanics.tangent_overlap.numpy(), bound)
page.say(along=chapter_answers.along_told(mechanics.storage), chance_overlap=bound)
page.say(tangent=number(mechanics.storage["median |r₁·t|, t the curve's tangent"]))

# %% [markdown]
# ```{glue:figure} fig_storage
# :name: fig-storage
# :alt: On the left the slow points over the visited states, three of them numbered with the direction of the right eigenvector as a bar; on the right the overlap of the right eigenvector with the axis of the slow points and with the tangent of their curve, at every point, over a band for random directions.
#
# The right eigenvector points {glue:text}`along`. (a) Slow points with the direction of $\mathbf{r}_1$ (bars) at three of them; (b) overlap of
# $\mathbf{r}_1$ with $\mathbf{m}$ and with the tangent of the curve at every slow point; band: 999 of 1,000 random directions. Compare Fig. 4b and d
# of {cite:t}`maheswaranathan2019`.
# ```
#
# With the curve's own tangent at each point the median overlap is {glue:text}`tangent`; where it is above the overlap with $\mathbf{m}$,
# the curve bends and evidence is stored along the bend. One random direction in a thousand exceeds {glue:text}`chance_overlap:.2f`.

# %% tags=["hide-input"]
recorded = {"A8": measured, "A9": mechanics.selection, "A10": mechanics.storage, "A9D": slow.selection, "A10D": slow.storage}
judged = [record(network, claim, measures) for claim, measures in recorded.items()]
page.answer("selection", chapter_answers.selection(mechanics.selection, mechanics.storage), *judged)
page.reproduce("eigenvectors", network=network, n_starts=n_starts, tolerance=tolerance, n_words=n_words)

# %% [markdown]
# ````{admonition} How words were chosen, complex modes, and what was measured
# :class: dropdown
# Words: the most positive, most negative, and nearest to zero of the coefficients of a logistic regression on the training
# documents, among words that occur in at least 0.2 % of them. Where the slowest mode is a complex pair, claim A9 is judged by the projection on the
# plane of the pair, and the overlap is the length of $\mathbf{r}_1$'s component along $\mathbf{m}$. A9D and A10D ask the same at points slower
# than $q_D$ {eq}`eq-drift`.
#
# ```{glue:} claim_A8
# ```
# ```{glue:} claim_A9
# ```
# ```{glue:} claim_A9D
# ```
# ```{glue:} claim_A10
# ```
# ```{glue:} claim_A10D
# ```
# ````
#
# ## What this does not show
#
# One mode, one word at a time, at a slow point: how words act on each other ({doc}`contextual`) and what other modes add is left out.
# Nor does it show that the linear picture holds where the state really is, which {doc}`linearization` measures.
#
# ```{admonition} Reproduce this
# :class: reproduce
# {glue:}`reproduce_eigenvectors`
# ```
