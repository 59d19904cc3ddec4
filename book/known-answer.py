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
import pandas as pd
import torch

from lib.book import figures, page
from lib.book.searches import fixed_points, linearize
from lib.dynamics import contextual, input_projections
from lib.text.synthetic import INTENSIFICATION, NEGATION
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
embedding, known = saved.network.embedding.weight, saved.evidence.words
system, modes = linearize(saved, fixed_points(saved, n_starts, tolerance))
scores, bag = saved.metrics["scores"]["test"], saved.metrics["bag_of_words"]
page.say(accuracy=100 * scores["accuracy"], bag_accuracy=100 * bag["accuracy"], n_points=len(system.fixed_point))

# %% [markdown]
# The network classifies {glue:text}`accuracy:.1f` % of the test documents; a bag of words, which cannot see what a modifier does to
# the next word, {glue:text}`bag_accuracy:.1f` %. The input projections $\boldsymbol{\ell}_1^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}$
# of the words, averaged over {glue:text}`n_points` distinct fixed points, against their true evidence:

# %% tags=["hide-input"]
words = pd.DataFrame(
    {
        "kind": [word.rstrip("0123456789") for word in saved.vocabulary.words],
        "true evidence": known["true_evidence"],
        "mean input projection ℓ₁ᵀ J x": input_projections(modes, system.inward, embedding).mean(0),
        "bag-of-words coefficient": known["bag_of_words"],
    },
    index=saved.vocabulary.words,
).iloc[2:]  # without padding and unknown
with page.figure("truth", 2, height=3.2) as axes:
    figures.words_by_kind(axes, words, truth="true evidence")
r = words.corr(numeric_only=True)["true evidence"]
page.say(r=r["mean input projection ℓ₁ᵀ J x"], r_bag=r["bag-of-words coefficient"])

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
filler = torch.tensor([index[word] for word in words.index if word.startswith("filler")])
tail = filler[torch.randint(len(filler), (10,), generator=torch.Generator().manual_seed(0))]
valenced = torch.tensor([index[word] for word in words.index if word.startswith(("good", "bad"))])
before = torch.tensor([tail[0], index["not0"], index["very0"]])
middle = system.fixed_point[logit(system.fixed_point).abs().argmin()]

read = contextual.read(cell, middle[None], embedding[before][None])
read_on = embedding[torch.cat((valenced, tail[:1]))], embedding[tail][:, None]
added = contextual.effects(cell, saved.network.readout_axis, read, *read_on)[:, 0]
alone, negated, intensified = added[:, :-1] - added[:, -1:]  # against filler in the word's place
after, factors = {"not": negated, "very": intensified}, {"not": NEGATION, "very": INTENSIFICATION}
with page.figure("modifiers", width=4.6, height=3.2) as ax:
    figures.modified_effects(ax, alone.numpy(), {word: effects.numpy() for word, effects in after.items()}, factors)
page.say(**{f"slope_{word}": (alone @ effects) / (alone @ alone) for word, effects in after.items()})

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
