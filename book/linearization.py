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
# *How much of the network is linear?*
#
# ```{admonition} Answer
# :class: answer
# {glue:text}`answer_linear` {glue:}`verdicts_linear`
# ```
#
# ```{admonition} Paper A, §4.6
# :class: paper
# “Fig. 5b shows that this error is small (around 10%) across many test examples.” And: “If we run the dynamics for many time steps, we find
# that small errors in the linearized system accumulate thus causing the trajectories to diverge.”
# ```

# %% tags=["parameters"]
network = "imdb-gru-seed0"
n_starts = 500
tolerance = 1e-8
n_compared = 60  # states linearized at themselves
positive_review = ""  # empty: the book's own example
negative_review = ""

# %% tags=["hide-input"]
from lib.book import chapter_answers, figures, page
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
#
# The last two chapters took the network for linear near its slow points. How good is that where the state really is? For every step of
# a test document we take the slow point $\mathbf{h}^*$ nearest to the state and let its linear system predict the next state,
#
# $$
# \mathbf{h}^{\mathrm{lin}}_{t+1} = F(\mathbf{h}^*, \mathbf{x}^*) + \mathbf{J}^{\mathrm{rec}} (\mathbf{h}_t - \mathbf{h}^*)
# + \mathbf{J}^{\mathrm{inp}} (\mathbf{x}_t - \mathbf{x}^*),
# $$ (eq-prediction)
#
# and compare it with the network's own: the relative error is
# $\|\mathbf{h}_{t+1} - \mathbf{h}^{\mathrm{lin}}_{t+1}\| / \|\mathbf{h}_{t+1}\|$.

# %% tags=["hide-input"]
errors = one_step_errors(cell, system, layer.states, embedding[transitions.tokens])
median, fifty = float(errors.median()), error_after(rollout, 50)
with page.figure("linearization", 2, height=3.0, width=8) as axes:
    figures.error_histogram(axes[0], errors.numpy(), median, papers=0.1)
    figures.error_growth(axes[1], None if rollout is None else rollout.numpy())
sample, inputs = layer.states[:n_compared], embedding[transitions.tokens[:n_compared]]
at_itself = relative_error(LinearSystem.at(cell, sample)(sample, inputs), cell(sample, inputs)).median()
page.say(error=median, error_low=errors.quantile(0.1), error_high=errors.quantile(0.9), error_at_itself=number(at_itself))
page.say(n_transitions=len(errors), error_50=number(fifty), growth_seen=chapter_answers.growth_seen(median, fifty))
page.say(against_paper=chapter_answers.compared_with(median, 0.1, "10 %"))

# %% [markdown]
# ```{glue:figure} fig_linearization
# :name: fig-linearization
# :alt: On the left the histogram of the relative error of one linear step on a logarithmic axis, with its median and the paper's error; on the right the relative error against the number of linear steps.
#
# {glue:text}`growth_seen`. (a) Relative error of one step over {glue:text}`n_transitions` steps of test documents; errors below 0.001 are
# in the first bin. (b) Relative error when one linear system runs on by itself along test documents, from their tenth token. Compare Fig. 5b
# and §4.6 of {cite:t}`maheswaranathan2019`.
# ```
#
# The median error of one step is {glue:text}`error:.3f`, {glue:text}`against_paper`; for four steps in five it is between
# {glue:text}`error_low:.3f` and {glue:text}`error_high:.3f`. After fifty steps of one linear system it is {glue:text}`error_50` (a dash:
# the documents are too short).
#
# Two things make the error of one step: the distance to the slow point and the size of the input. Linearized at the state itself, still at
# $\mathbf{x}^* = 0$, the first is gone, and {glue:text}`error_at_itself` is left: that much is nonlinearity in the word vector. The
# rest comes from linearizing far from the state.

# %% [markdown]
# ## What one step looks like

# %% tags=["hide-input"]
review = read_examples(saved, positive_review, negative_review)["negative"]
true = layer.project(review.path)[:, :2].numpy()
predicted = layer.project(linear_steps(system, review.path[:-1], embedding[review.tokens]))[:, :2].numpy()
with page.figure("steps", 2, height=3.0, width=8) as axes:
    figures.linear_steps(axes, true, predicted, last=15)

# %% [markdown]
# ```{glue:figure} fig_steps
# :name: fig-steps
# :alt: The path of the negative review in the plane of two components with the linear prediction of every step as dashes, and its last tokens enlarged.
#
# Where a dash leaves the path, the linear step misses. (a) The negative example review (black) and the linear prediction of each of its
# steps from the true state before it (dashed blue); (b) its last tokens, enlarged. Compare Fig. 5a of {cite:t}`maheswaranathan2019`.
# ```

# %% [markdown]
# ## Classifying with a linear system
#
# ```{admonition} Paper A, §5
# :class: paper
# “… we find that the linearized version is much worse …. Note that if we directly train a linear model (as opposed to linearizing a nonlinear
# model), the performance is quite high (only around 3% worse than the LSTM)”.
# ```
#
# We let **one** linear system read whole documents in the network's place, for each of eleven slow points, and keep the one that does
# best on the validation split. Beside it stands a linear recurrent network,
# $\mathbf{h}_t = \mathbf{U} \mathbf{h}_{t-1} + \mathbf{W} \mathbf{x}_t + \mathbf{b}$, trained with the same recipe.

# %% tags=["hide-input"]
control = NETWORKS / f"{saved.config['dataset']}-linear-seed0"
right = correct(saved, load(control) if control.exists() else None)
table = accuracies(right)
with page.figure("linear", width=6, height=2.6) as ax:
    figures.accuracies(ax, table)
accuracy = 100 * table["accuracy"]
page.say(accuracy_seen=chapter_answers.accuracy_seen(table["accuracy"].to_dict(), LINEARIZED, DIRECT))
page.say(acc_network=accuracy["network"], acc_linearized=accuracy[LINEARIZED], acc_bag=accuracy["bag of words"])
page.say(acc_direct=number(accuracy.get(DIRECT)))

# %% [markdown]
# ```{glue:figure} fig_linear
# :name: fig-linear-accuracy
# :alt: Test accuracies with intervals of the network, two linearized systems, the bag of words, and a linear network trained directly.
#
# {glue:text}`accuracy_seen`. Test accuracy with 95 % bootstrap intervals over test documents: the network, one linearized system in
# its place (at the best of eleven slow points, and at the middle one), a bag of words, and a linear network trained directly. Compare §5
# of {cite:t}`maheswaranathan2019`.
# ```
#
# The network classifies {glue:text}`acc_network:.1f` % of the test documents, its best linearization {glue:text}`acc_linearized:.1f` %, a linear
# network trained directly {glue:text}`acc_direct` % (a dash: none was trained on this corpus), and a bag of words {glue:text}`acc_bag:.1f` %.

# %% tags=["hide-input"]
one_step = {"median one-step error": median, "median one-step error, linearized at the state itself": at_itself}
recorded = {"A11": one_step, "A12": accumulation_measures(median, fifty), "A15": linear_measures(right)}
judged = [record(network, claim, measures) for claim, measures in recorded.items()]
page.answer("linear", chapter_answers.one_step(median, fifty), *judged)
page.reproduce("linearization", network=network, n_starts=n_starts, tolerance=tolerance, n_compared=n_compared)

# %% [markdown]
# ````{admonition} What was measured: A11, A12, and A15
# :class: dropdown
# ```{glue:} claim_A11
# ```
# ```{glue:} claim_A12
# ```
# ```{glue:} claim_A15
# ```
# ````
#
# ## What this does not show
#
# A small error of one step does not make the network a linear system: the nearest slow point changes from word to word. Nor does the error say
# which part of the state it concerns; a miss across the readout costs no accuracy.
#
# ```{admonition} Reproduce this
# :class: reproduce
# {glue:}`reproduce_linearization`
# ```
