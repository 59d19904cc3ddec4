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
# # A check with a known answer
#
# *Would this analysis find the truth if we knew it?* For real reviews nobody knows the true evidence of a word. So we also train a
# network on a synthetic language in which it is fixed beforehand: valenced words carry evidence $e_w$ between 0.2 and 2, filler
# carries none, a negator turns the evidence of the next word around, an intensifier doubles it, and the label of a document is
# the sign of the sum. An ideal reader integrates, with memory for one word. The same pages that analyse the networks trained on
# reviews must recover $e_w$ from this one.

# %% tags=["parameters"]
network = "synthetic-gru-seed0"
n_starts = 500
tolerance = 1e-8

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import torch
from myst_nb import glue

from lib.book import figures
from lib.book.searches import fixed_points, linearize
from lib.dynamics.modes import input_projections
from lib.text.synthetic import INTENSIFICATION, NEGATION
from lib.training.catalogue import NETWORKS
from lib.training.folder import load

figures.style()
saved = load(NETWORKS / network)
words, embedding = saved.vocabulary.words, saved.network.embedding.weight
truth = saved.evidence.words["true_evidence"]
real = torch.arange(len(words)) > 1  # without padding and unknown
system, modes = linearize(saved, fixed_points(saved, n_starts, tolerance))
scores = saved.metrics["scores"]["test"]["accuracy"], saved.metrics["bag_of_words"]["accuracy"]
glue("accuracy", 100 * scores[0], display=False)
glue("bag_accuracy", 100 * scores[1], display=False)
glue("n_points", len(system.fixed_point), display=False)

# %% [markdown]
# The network classifies {glue:text}`accuracy:.1f` % of the test documents; a bag of words, which cannot see what a modifier does to
# the next word, {glue:text}`bag_accuracy:.1f` %. The input projections $\boldsymbol{\ell}_1^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}$
# of the words, averaged over {glue:text}`n_points` distinct fixed points, against their true evidence:

# %% tags=["hide-input"]
projections = input_projections(modes, system.inward, embedding).mean(0)
bag = saved.evidence.words["bag_of_words"]
r = float(np.corrcoef(truth[real].numpy(), projections[real].numpy())[0, 1])
r_bag = float(np.corrcoef(truth[real].numpy(), bag[real].numpy())[0, 1])
kind = np.array([word.rstrip("0123456789") for word in words])
kinds = {"good": figures.POSITIVE, "bad": figures.NEGATIVE, "filler": figures.NEUTRAL, "not": figures.INK, "very": "#B8860B"}
fig, axes = figures.panels(2, columns=2, height=3.2)
for ax, values, label in ((axes[0], projections, "mean input projection ℓ₁ᵀ J x"), (axes[1], bag, "bag-of-words coefficient")):
    for name, color in kinds.items():
        ax.scatter(truth[kind == name], values[kind == name], s=9, lw=0, color=color, label=name)
    ax.set(xlabel="true evidence", ylabel=label)
axes[0].legend(fontsize=7)
glue("fig_truth", fig, display=False)
plt.close(fig)
glue("r", r, display=False)
glue("r_bag", r_bag, display=False)

# %% [markdown]
# ```{glue:figure} fig_truth
# :name: fig-truth
# :alt: Two scatter plots against the true evidence of every word: the mean input projection, which lies on a line, and the bag-of-words coefficient.
#
# Every word of the synthetic language: its mean input projection (a) and its bag-of-words coefficient (b) against the evidence it
# truly carries.
# ```
#
# The correlation is {glue:text}`r:.3f` for the input projections ({glue:text}`r_bag:.3f` for the bag of words). Filler, negators and
# intensifiers carry no evidence of their own.

# %% [markdown]
# ## Does the network know what a modifier does?
#
# Linearized at a fixed point, all words act independently: the analysis of a single point cannot show a modifier at work. Run
# through the full network it shows: we let the network read a modifier and then a valenced word, from a fixed point, and compare the
# change of the logit with that of the same word without the modifier, ten filler words later.

# %% tags=["hide-input"]
cell, logit = saved.network.cell, saved.network.logit
index = saved.vocabulary.index
generator = torch.Generator().manual_seed(0)
filler = torch.tensor([index[word] for word in words if word.startswith("filler")])
tail = filler[torch.randint(len(filler), (10,), generator=generator)].tolist()
middle = system.fixed_point[logit(system.fixed_point).abs().argmin()]
valenced = [word for word in words if word.startswith(("good", "bad"))]


def effect(before: list[str]) -> np.ndarray:
    """Change of the logit by each valenced word read after `before`, against filler in its place."""
    ids = torch.tensor([[*(index[word] for word in before), index[word], *tail] for word in valenced])
    blank = ids.clone()
    blank[:, len(before)] = tail[0]
    with torch.no_grad():
        read = [cell.unroll(embedding[x.T], middle.expand(len(valenced), -1))[-1] for x in (ids, blank)]
    return (logit(read[0]) - logit(read[1])).numpy()


alone = effect([words[tail[0]]])
fig, (ax,) = figures.panels(1, columns=1, width=4.6, height=3.2)
slopes = {}
for modifier, factor in (("not0", NEGATION), ("very0", INTENSIFICATION)):
    changed = effect([modifier])
    slopes[modifier] = float((alone @ changed) / (alone @ alone))
    ax.scatter(
        alone, changed, s=10, lw=0, color=kinds[modifier[:-1]], label=f"after “{modifier[:-1]}” (true factor {factor:g})"
    )
line = np.array([alone.min(), alone.max()])
ax.plot(line, NEGATION * line, ":", color=figures.GREY)
ax.plot(line, INTENSIFICATION * line, ":", color=figures.GREY)
ax.set(xlabel="effect of the word alone (logit)", ylabel="effect after the modifier (logit)")
ax.legend(fontsize=7)
glue("fig_modifiers", fig, display=False)
plt.close(fig)
glue("slope_not", slopes["not0"], display=False)
glue("slope_very", slopes["very0"], display=False)

# %% [markdown]
# ```{glue:figure} fig_modifiers
# :name: fig-modifiers
# :alt: Effect of a valenced word after a modifier against its effect alone; after a negator the effect is turned around, after an intensifier it is larger.
#
# Change of the logit by each valenced word, after a negator and after an intensifier, against the same word alone. Dotted: the true
# factors of the language, −1 and 2.
# ```
#
# The slopes are {glue:text}`slope_not:.2f` after a negator (truth: −1) and {glue:text}`slope_very:.2f` after an intensifier (truth: 2).
# The mechanism that reads modifiers is in the nonlinear part of the network, which the line attractor does not contain.
