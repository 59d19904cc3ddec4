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
# *Would this analysis find the truth if we knew it?*
#
# ```{admonition} Answer
# :class: answer
# {glue:text}`answer_truth`
# ```
#
# ```{admonition} Paper A, §5
# :class: paper
# “In summary, we found that in nearly all cases the key activity performed by the RNN for sentiment analysis is simply counting the
# number of positive and negative words used.”
# ```
#
# For real reviews nobody knows how much a word counts. So we also train a network on a made-up language in which it is fixed beforehand:
# valenced words carry evidence $e_w$ between 0.2 and 2, filler carries none, a negator turns the evidence of the next word around, an
# intensifier doubles it, and the label of a document is the sign of the sum. An ideal reader adds up, with memory for one word. The
# analysis of the last chapters must recover $e_w$.

# %% tags=["parameters"]
network = "synthetic-gru-seed0"
n_starts = 500
tolerance = 1e-8

# %% tags=["hide-input"]
import pandas as pd
import torch

from lib.book import chapter_answers, figures, page
from lib.book.searches import fixed_points, linearize
from lib.dynamics import contextual, input_projections
from lib.text.synthetic import INTENSIFICATION, NEGATION
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
embedding, known = saved.network.embedding.weight, saved.evidence.words
system, modes = linearize(saved, fixed_points(saved, n_starts, tolerance))
scores, bag = saved.metrics["scores"]["test"], saved.metrics["bag_of_words"]
page.say(known_accuracy=100 * scores["accuracy"], bag_accuracy=100 * bag["accuracy"])
page.say(points=chapter_answers.plural(len(system.fixed_point), "distinct slow point"))

# %% [markdown]
# ## The evidence of every word, recovered
#
# The network classifies {glue:text}`known_accuracy:.1f` % of the test documents; a bag of words, which cannot see what a modifier does to the next
# word, {glue:text}`bag_accuracy:.1f` %. We compare the input projections $\boldsymbol{\ell}_1^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}$ of the
# words ({doc}`eigenvectors`), averaged over {glue:text}`points`, with the truth.

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
# :alt: Two scatter plots against the true evidence of every word, by kind of word: the mean input projection and the bag-of-words coefficient.
#
# The closer to a straight line, the better the truth is recovered. Every word of the language: its mean input projection (a) and its
# bag-of-words coefficient (b) against the evidence it truly carries. Compare Fig. 4c of {cite:t}`maheswaranathan2019`, where the truth is
# not known.
# ```
#
# The correlation is {glue:text}`r:.3f` for the input projections and {glue:text}`r_bag:.3f` for the bag of words. Filler, negators, and
# intensifiers carry no evidence of their own.

# %% [markdown]
# ## Does the network know what a modifier does?
#
# Linearized at one point, all words act independently: that analysis cannot show a modifier at work. Run through the full network it shows.
# From a slow point the network reads a modifier and then a valenced word, and we compare the change of the logit, ten filler words
# later, with that of the same word without the modifier.

# %% tags=["hide-input"]
cell, logit = saved.network.cell, saved.network.logit
index = saved.vocabulary.index
filler = torch.tensor([index[word] for word in words.index if word.startswith("filler")])
tail = filler[torch.randint(len(filler), (10,), generator=torch.Generator().manual_seed(0))]
valenced = torch.tensor([index[word] for word in words.index if word.startswith(("good", "bad"))])
before = torch.tensor([tail[0], index["not0"], index["very0"]])
middle = system.fixed_point[logit(system.fixed_point).abs().argmin()]

# %% tags=["hide-input"]
read = contextual.read(cell, middle[None], embedding[before][None])
read_on = embedding[torch.cat((valenced, tail[:1]))], embedding[tail][:, None]
added = contextual.effects(cell, saved.network.readout_axis, read, *read_on)[:, 0]
alone, negated, intensified = added[:, :-1] - added[:, -1:]  # against filler in the word's place
after, factors = {"not": negated, "very": intensified}, {"not": NEGATION, "very": INTENSIFICATION}
with page.figure("modifiers", width=5.6, height=3.4) as ax:
    figures.modified_effects(ax, alone.numpy(), {word: effects.numpy() for word, effects in after.items()}, factors)
slopes = {f"slope_{word}": float((alone @ effects) / (alone @ alone)) for word, effects in after.items()}
page.say(**slopes, answer_truth=chapter_answers.truth(r["mean input projection ℓ₁ᵀ J x"], **slopes))
page.reproduce("known-answer", network=network, n_starts=n_starts, tolerance=tolerance)

# %% [markdown]
# ```{glue:figure} fig_modifiers
# :name: fig-modifiers
# :alt: Effect of a valenced word after a negator and after an intensifier against its effect alone, with dotted lines at the true factors.
#
# The closer the marks to the dotted lines, the better the network knows what the modifier does. Change of the logit by each valenced word,
# after a negator and after an intensifier, against the same word alone; dotted: the true factors of the language, −1 and 2. Compare §5 of
# {cite:t}`maheswaranathan2019`, “not bad”.
# ```
#
# The slopes are {glue:text}`slope_not:.2f` after a negator (truth: −1) and {glue:text}`slope_very:.2f` after an intensifier (truth: 2). A
# linear system at one point has no such slopes, as every word acts alone there; {doc}`contextual` asks how real networks do it.
#
# ## What this does not show
#
# The language is simpler than English: evidence adds up by construction. That the analysis finds the truth here shows that the tools can find
# it, not that networks trained on reviews count in the same way.
#
# ```{admonition} Reproduce this
# :class: reproduce
# {glue:}`reproduce_known-answer`
# ```
