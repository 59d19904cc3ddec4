# ---
# jupyter:
#   book:
#     networks: [network, control]
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
# # Linearization error
#
# *How much of the network is linear?* At the fixed point $\mathbf{h}^*$ nearest to the state, {eq}`eq-linearized` predicts the
# next state; {cite:t}`maheswaranathan2019` (§4.6) report that the prediction
#
# $$
# \mathbf{h}^{\mathrm{lin}}_{t+1} = F(\mathbf{h}^*, \mathbf{x}^*) + \mathbf{J}^{\mathrm{rec}} (\mathbf{h}_t - \mathbf{h}^*)
# + \mathbf{J}^{\mathrm{inp}} (\mathbf{x}_t - \mathbf{x}^*)
# $$ (eq-prediction)
#
# is about 10 % off, $\|\mathbf{h}_{t+1} - \mathbf{h}^{\mathrm{lin}}_{t+1}\| / \|\mathbf{h}_{t+1}\| \approx 0.1$, after one step, and
# that errors accumulate over many.

# %% tags=["parameters"]
network = "imdb-gru-seed0"
n_starts = 500
tolerance = 1e-8
n_compared = 60  # states linearized at themselves
positive_review = ""  # empty: the book's own example
negative_review = ""

# %% tags=["hide-input"]
from lib.book import figures, page
from lib.book.html import number
from lib.book.linear import DIRECT, LINEARIZED, accumulation_measures, accuracies, correct, error_after, linear_measures
from lib.book.records import record
from lib.book.reviews import read_examples
from lib.book.searches import fixed_points, linearize
from lib.dynamics import LinearSystem, linear_steps, one_step_errors, relative_error
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
cell, layer, transitions = saved.network.cell, saved.evidence.layers[-1], saved.evidence.transitions
embedding, rollout = saved.network.embedding.weight, saved.evidence.rollout_error
system, _ = linearize(saved, fixed_points(saved, n_starts, tolerance))

# %% [markdown]
# ## One step, and many

# %% tags=["hide-input"]
errors = one_step_errors(cell, system, layer.states, embedding[transitions.tokens])
sample, inputs = layer.states[:n_compared], embedding[transitions.tokens[:n_compared]]
at_itself = relative_error(LinearSystem.at(cell, sample)(sample, inputs), cell(sample, inputs)).median()
median, fifty = errors.median(), error_after(rollout, 50)
page.say(error=median, error_at_itself=at_itself, error_low=errors.quantile(0.1), error_high=errors.quantile(0.9))
page.say(n_transitions=len(errors), error_50=number(fifty))
review = read_examples(saved, positive_review, negative_review)["negative"]
true = layer.project(review.path)[:, :2].numpy()
predicted = layer.project(linear_steps(system, review.path[:-1], embedding[review.tokens]))[:, :2].numpy()
with page.figure("linearization", 4, columns=2, height=2.7) as axes:
    figures.linear_steps(axes[:2], true, predicted, last=15)
    figures.error_histogram(axes[2], errors.numpy(), float(median))
    figures.error_growth(axes[3], None if rollout is None else rollout.numpy())

# %% [markdown]
# ```{glue:figure} fig_linearization
# :name: fig-linearization
# :alt: Four panels. The path of the negative review with the linear prediction of every step as dashes, and its last fifteen tokens enlarged; the histogram of the relative error of one step; the relative error against the number of linear steps, growing.
#
# (a) The negative example review (black) and the linear prediction of each of its steps from the true state before it (dashed);
# (b) its last tokens, enlarged. (c) Relative error of one step over transitions of the test documents; dotted: the median; errors above 1.5 are counted in
# the last bin. (d) Relative error when one linear system runs on by itself along test documents, from their tenth token. Compare
# Fig. 5 of {cite:t}`maheswaranathan2019`.
# ```
#
# Over {glue:text}`n_transitions` transitions the median error of one step is {glue:text}`error:.3f` (10–90 %:
# {glue:text}`error_low:.3f` to {glue:text}`error_high:.3f`); after 50 steps of one linear system it is {glue:text}`error_50`.
#
# Two things make the error of one step: the distance to the fixed point, and the size of the input. Linearized at the state itself,
# still at $\mathbf{x}^* = 0$, the first is gone, and the median error is {glue:text}`error_at_itself:.3f`: that much is nonlinearity in
# the word vector, the rest of the {glue:text}`error:.3f` is distance.

# %% tags=["hide-input"]
record(network, "A11", {"median one-step error": median, "median one-step error, linearized at the state itself": at_itself})

# %% tags=["hide-input"]
record(network, "A12", accumulation_measures(float(median), fifty))

# %% [markdown]
# ## Classifying with a linear system
#
# {cite:t}`maheswaranathan2019` (§5) replace the network by **one** linearized system and find it much worse, although a linear
# model that is trained directly is nearly as good. We try linear systems at eleven places along the manifold and keep the one that
# does best on the validation split, and train a linear recurrent network,
# $\mathbf{h}_t = \mathbf{U} \mathbf{h}_{t-1} + \mathbf{W} \mathbf{x}_t + \mathbf{b}$, with the same recipe on the same documents.

# %% tags=["hide-input"]
control = NETWORKS / f"{saved.config['dataset']}-linear-seed0"
right = correct(saved, load(control) if control.exists() else None)
table = accuracies(right)
with page.figure("linear", width=5, height=2.4) as ax:
    figures.accuracies(ax, table)
accuracy = 100 * table["accuracy"]
page.say(acc_network=accuracy["network"], acc_linearized=accuracy[LINEARIZED], acc_bag=accuracy["bag of words"])
page.say(acc_direct=number(accuracy.get(DIRECT)))

# %% [markdown]
# ```{glue:figure} fig_linear
# :name: fig-linear-accuracy
# :alt: Test accuracies with intervals of the network, two linearized systems, the bag of words and a linear network trained directly.
#
# Test accuracy with 95 % bootstrap intervals over test documents: the network, one linearized system in its place (at the best of
# eleven fixed points, and at the middle one), a bag of words, and a linear recurrent network trained directly.
# ```
#
# The network classifies {glue:text}`acc_network:.1f` % of the test documents, its best linearization
# {glue:text}`acc_linearized:.1f` %, a linear network trained directly {glue:text}`acc_direct` %, a bag of words
# {glue:text}`acc_bag:.1f` %.

# %% tags=["hide-input"]
record(network, "A15", linear_measures(right))
