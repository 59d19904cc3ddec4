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
import matplotlib.pyplot as plt
import numpy as np
import torch
from myst_nb import glue

from lib.book import figures
from lib.book.mechanism import example_states
from lib.book.records import record
from lib.book.reviews import example_reviews
from lib.book.searches import fixed_points, linearize
from lib.book.statistics import paired_gain
from lib.book.tables import number
from lib.dynamics.linearization import LinearSystem, nearest, one_step_errors, relative_error
from lib.text.vocabulary import tokenize
from lib.training.catalogue import NETWORKS
from lib.training.folder import load

figures.style()
saved = load(NETWORKS / network)
cell, layer, transitions = saved.network.cell, saved.evidence.layers[-1], saved.evidence.transitions
embedding = saved.network.embedding.weight
system, modes = linearize(saved, fixed_points(saved, n_starts, tolerance))
reviews = example_reviews(saved.config["dataset"])
given = {"positive": positive_review or reviews["positive"], "negative": negative_review or reviews["negative"]}

# %% [markdown]
# ## One step, and many

# %% tags=["hide-input"]
errors = one_step_errors(cell, system, layer.states, embedding[transitions.tokens])
tokens = torch.from_numpy(saved.vocabulary.encode(tokenize(given["negative"])))
path = example_states(saved, tokens)
closest = nearest(system.fixed_point, path[:-1])
with torch.no_grad():
    predicted = torch.stack([system[i](h, x) for i, h, x in zip(closest, path[:-1], embedding[tokens], strict=True)])
rollout = saved.evidence.rollout_error
sample, inputs = layer.states[:n_compared], embedding[transitions.tokens[:n_compared]]
with torch.no_grad():
    at_itself = relative_error(LinearSystem.at(cell, sample)(sample, inputs), cell(sample, inputs)).median()

fig, axes = figures.panels(4, columns=2, height=2.7)
true, linear = layer.project(path)[:, :2].numpy(), layer.project(predicted)[:, :2].numpy()
figures.linear_steps(axes[0], true, linear)
figures.linear_steps(axes[1], true[-16:], linear[-15:])
axes[1].set_title("its last 15 tokens")
axes[0].legend(fontsize=7)
axes[2].hist(errors.clamp(max=1.5).numpy(), np.linspace(0, 1.5, 50), color=figures.ACCENT)
axes[2].axvline(float(errors.median()), color=figures.INK, ls=":")
axes[2].set(xlabel="relative error of one step", ylabel="transitions")
if rollout is not None:
    figures.quantile_band(axes[3], np.arange(1, len(rollout) + 1), rollout.numpy(), figures.ACCENT, "median, 10–90 %")
    axes[3].legend(fontsize=7)
else:
    axes[3].text(0.5, 0.5, "the documents\nare too short", ha="center", va="center", transform=axes[3].transAxes)
axes[3].set(xlabel="linear steps", ylabel="relative error", yscale="log")
figures.plain_log(axes[3].yaxis)
glue("fig_linearization", fig, display=False)
plt.close(fig)
glue("error", float(errors.median()), display=False)
glue("error_at_itself", float(at_itself), display=False)
glue("error_low", float(errors.quantile(0.1)), display=False)
glue("error_high", float(errors.quantile(0.9)), display=False)
glue("n_transitions", len(errors), display=False)
glue("error_50", number(float(rollout[49, 1]) if rollout is not None else float("nan")), display=False)

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
record(
    network,
    "A11",
    {"median one-step error": errors.median(), "median one-step error, linearized at the state itself": at_itself},
)

# %% tags=["hide-input"]
one_step, fifty = errors.median(), rollout[49, 1] if rollout is not None else torch.tensor(float("nan"))
record(
    network,
    "A12",
    {
        "error after 50 steps over one step": fifty / one_step,
        "error after 50 steps over one step, where one step is within 0.3": fifty / one_step
        if one_step <= 0.3
        else float("nan"),
        "median error after 50 steps": fifty,
    },
)

# %% [markdown]
# ## Classifying with a linear system
#
# {cite:t}`maheswaranathan2019` (§5) replace the network by **one** linearized system and find it much worse, although a linear
# model that is trained directly is nearly as good. We try linear systems at eleven places along the manifold and keep the one that
# does best on the validation split, and train a linear recurrent network,
# $\mathbf{h}_t = \mathbf{U} \mathbf{h}_{t-1} + \mathbf{W} \mathbf{x}_t + \mathbf{b}$, with the same recipe on the same documents.

# %% tags=["hide-input"]
documents, truth = saved.evidence.documents, saved.evidence.documents["labels"] > 0
control = NETWORKS / f"{saved.config['dataset']}-linear-seed0"
right = {
    "network": (documents["logits"] > 0) == truth,
    "linearized, best place": (documents["linearized"] > 0) == truth,
    "linearized, middle": (documents["linearized_middle"] > 0) == truth,
    "bag of words": (documents["bag_of_words"] > 0) == truth,
}
if control.exists():
    right["linear, trained directly"] = (load(control).evidence.documents["logits"] > 0) == truth
right = {name: found.numpy() for name, found in right.items()}
spread = {name: paired_gain(found, np.zeros_like(found)) for name, found in right.items()}
accuracy = {name: float(found.mean()) for name, found in right.items()}
fig, (ax,) = figures.panels(1, columns=1, width=5, height=2.4)
colors = [figures.INK if name == "network" else figures.ACCENT for name in accuracy]
figures.intervals(
    ax,
    list(accuracy),
    np.array(list(accuracy.values())),
    [low for _, low, _ in spread.values()],
    [high for _, _, high in spread.values()],
    colors,
)
ax.set(xlabel="test accuracy")
glue("fig_linear", fig, display=False)
plt.close(fig)
for name, key in (("network", "acc_network"), ("linearized, best place", "acc_linearized"), ("bag of words", "acc_bag")):
    glue(key, 100 * accuracy[name], display=False)
direct = accuracy.get("linear, trained directly", float("nan"))
glue("acc_direct", number(100 * direct), display=False)

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
linearized, directly = (
    paired_gain(right["network"], right[name]) if name in right else (float("nan"),) * 3
    for name in ("linearized, best place", "linear, trained directly")
)
record(
    network,
    "A15",
    {
        "loss of accuracy when linearized": linearized[0],
        "the same, from (95 %, paired)": linearized[1],
        "to": linearized[2],
        "loss of accuracy of the linear model trained directly": directly[0],
        "that, from (95 %, paired)": directly[1],
        "up to": directly[2],
    },
)
