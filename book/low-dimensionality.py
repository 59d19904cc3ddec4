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
# *Does a trained network use the many dimensions it has?*
#
# ```{admonition} Answer
# :class: answer
# {glue:text}`answer_dimensions` {glue:}`verdicts_dimensions`
# ```
#
# ```{admonition} Paper A, §4.1
# :class: paper
# “The top 2-3 PCs explained ∼90% of the variance in hidden state activity (Fig. 2a, black line). The distribution of hidden states
# visited by untrained networks on the same set of examples was much higher dimensional”.
# ```

# %% tags=["parameters"]
network = "imdb-gru-seed0"
positive_review = ""  # empty: the book's own example
negative_review = ""

# %% tags=["hide-input"]
from lib.book import chapter_answers, figures, page
from lib.book.cloud import dimension_measures, separation_measures
from lib.book.records import record
from lib.book.reviews import read_examples
from lib.dynamics import explained, participation_ratio
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
cell, layer = saved.network.cell, saved.evidence.layers[-1]
readings = read_examples(saved, positive_review, negative_review)
page.say(network=network, corpus=saved.config["title"], n_state=cell.n_state)

# %% [markdown]
# ## A few components carry the variance
#
# The network under study, {glue:text}`network`, reads the {glue:text}`corpus` corpus. After every token its *state* is a list of
# {glue:text}`n_state` numbers: a point in a space of as many dimensions. All states that it visits while it reads test documents form a
# cloud. The *principal components* (PCs) are the axes of that cloud, the longest first; a cloud that is flat in all but a few of
# them has few dimensions, however many numbers describe a point. The same network before training serves as the comparison.

# %% tags=["hide-input"]
measured, trained, untrained = dimension_measures(layer), layer.spectrum, layer.untrained_spectrum
with page.figure("variance", width=5.6, height=3.2) as ax:
    figures.explained_variance(ax, explained(trained).numpy(), explained(untrained).numpy())
page.say(
    variance_seen=chapter_answers.variance_seen(measured),
    variance_2=100 * measured["variance in the first 2 PCs"],
    variance_3=100 * measured["variance in the first 3 PCs"],
    untrained_3=100 * explained(untrained)[2],
    ratio=participation_ratio(trained),
    untrained_ratio=participation_ratio(untrained),
)

# %% [markdown]
# ```{glue:figure} fig_variance
# :name: fig-explained-variance
# :alt: Cumulative variance explained against the number of principal components, on a logarithmic axis, for the trained and the untrained network, with a dotted line at ninety per cent.
#
# {glue:text}`variance_seen`. Share of the variance of the visited states in their first principal components, over up to 1,000 test
# documents; dotted: 90 %. Compare Fig. 2a of {cite:t}`maheswaranathan2019`.
# ```
#
# Two components hold {glue:text}`variance_2:.1f` % of the variance and three {glue:text}`variance_3:.1f` % (untrained: three hold
# {glue:text}`untrained_3:.1f` %). One number for the dimension of a cloud is the *participation ratio*, 1 for a line and
# {glue:text}`n_state` for a ball: it is {glue:text}`ratio:.2f` after training and {glue:text}`untrained_ratio:.1f` before.
#
# ````{admonition} The participation ratio, and what was measured
# :class: dropdown
# With variances $v_1 \ge v_2 \ge \dots$ along the principal axes of all visited states, the first $k$ explain
# $\sum_{i \le k} v_i / \sum_i v_i$, and
#
# $$
# \mathrm{PR} = \frac{(\sum_i v_i)^2}{\sum_i v_i^2}.
# $$ (eq-participation-ratio)
#
# ```{glue:} claim_A1
# ```
# ````

# %% [markdown]
# ## In the plane of two components, evidence accumulates
#
# Seen along its two longest axes, the cloud has a direction with a meaning. The network decides by its *readout*, a vector
# $\mathbf{w}$: the score of a state, its *logit*, is $\mathbf{w} \cdot \mathbf{h} + b$, and a document is called positive where the
# last one is above zero. Every word moves the state a little. What moves it along $\mathbf{w}$ changes the verdict; all else does not.

# %% tags=["hide-input"]
labels, logit = saved.evidence.transitions.density_labels.numpy(), saved.network.logit
w = layer.axes[:2] @ saved.network.readout_axis
walks = {valence: layer.project(reading.path)[:, :2].numpy() for valence, reading in readings.items()}
with page.figure("state_space", width=6.6, height=4.4) as ax:
    figures.state_space(ax, layer.density[:, :2].numpy(), labels, walks, w.numpy(), float(logit(layer.mean)))
separation = separation_measures(saved)
ends = {valence: reading.logits[-1] for valence, reading in readings.items()}
page.say(angle=separation["angle between class means and readout (degrees)"], ends_seen=chapter_answers.ends_seen(**ends))
page.say(initial_quantile=100 * separation["quantile of the initial logit"])
page.say(**{f"length_{valence}": len(reading.tokens) for valence, reading in readings.items()})
page.say(**{f"logit_{valence}": value for valence, value in ends.items()})

# %% [markdown]
# ```{glue:figure} fig_state_space
# :name: fig-state-space
# :alt: Density of visited states in the plane of two principal components, green where documents are positive and orange where they are negative, with the paths of two reviews that leave a common start, the readout as an arrow and a dashed line where the logit is zero.
#
# {glue:text}`ends_seen`. Density of visited states by the label of the document (green positive, orange negative), with the paths
# of two example reviews; arrow: the readout; dashed: logit 0, exact for states in this plane. Compare Fig. 2b of
# {cite:t}`maheswaranathan2019`.
# ```
#
# The positive review ({glue:text}`length_positive` tokens) ends at a logit of {glue:text}`logit_positive:.2f`, the negative one
# ({glue:text}`length_negative` tokens) at {glue:text}`logit_negative:.2f`. The axis from the mean state of negative documents to that of
# positive ones makes an angle of {glue:text}`angle:.1f`° with the readout in this plane (0° would be parallel). The start lies inside the
# cloud: {glue:text}`initial_quantile:.0f` % of the visited states have a lower logit.

# %% [markdown]
# ## Single units look inscrutable
#
# None of this could be read off the units one by one.

# %% tags=["hide-input"]
with page.figure("units", 2, height=2.3, sharey=True) as axes:
    for ax, (valence, reading) in zip(axes, readings.items(), strict=True):
        figures.unit_traces(ax, reading.path[1:, : cell.n_output].numpy(), valence)

# %% [markdown]
# ```{glue:figure} fig_units
# :name: fig-units
# :alt: Two panels of many thin overlapping traces, the activity of every hidden unit against the token read, for a positive and for a negative review.
#
# Every unit moves, and no trace says why. Activity of all hidden units while the network reads the two example reviews. Compare Fig. 1
# of {cite:t}`maheswaranathan2019`.
# ```

# %% tags=["hide-input"]
judged = record(network, "A1", measured), record(network, "A2", separation)
page.answer("dimensions", chapter_answers.dimensions(measured, cell.n_state), *judged)
page.reproduce("low-dimensionality", network=network, positive_review=positive_review, negative_review=negative_review)

# %% [markdown]
# ````{admonition} What was measured of the drift along the readout
# :class: dropdown
# ```{glue:} claim_A2
# ```
# ````
#
# ## What this does not show
#
# Variance is not importance. A component with little variance can matter for the readout, and the first components can be large only
# because the state decays quickly along all others. Nor does a cloud say how states move within it: {doc}`fixed-points` asks where they rest.
#
# ```{admonition} Reproduce this
# :class: reproduce
# {glue:}`reproduce_low-dimensionality`
# ```
