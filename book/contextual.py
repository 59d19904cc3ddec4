# ---
# jupyter:
#   book:
#     networks: [network, with_pages]
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
# # Contextual processing
#
# *What does "not" do to the word after it?* A bag of words adds up the evidence of single words, and so does one linear system
# {eq}`eq-linearized`, whatever the order. In a network the effect of a word may depend on what was read just before.
# {cite:t}`maheswaranathan2019` (§5) leave "not bad" for later; {cite:t}`maheswaranathan2020` take it up: modifiers such as *not* and
# *very* push the state off the line attractor, into a low-dimensional *modifier subspace* where other words act differently, and
# from which the state soon returns. This page measures that on our networks.

# %% tags=["parameters"]
network = "imdb-gru-seed0"
networks = []  # empty: all that are published
modifiers = "not never no nothing without hardly barely could but although too rather quite so really very extremely".split()
negator, intensifier = "not", "very"
phrases = ["good", "bad"]
n_words = 100  # of each valence
n_states = 10  # visited states from which a context is read
n_settle = 4  # tokens without input between the word and the readout
n_starts = 500
tolerance = 1e-8

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from myst_nb import glue
from scipy.stats import spearmanr

from lib.book import figures
from lib.book.searches import fixed_points, linearize
from lib.book.tables import number
from lib.dynamics.contextual import (
    duration,
    effects,
    factors,
    factors_by_word,
    inside,
    lasting,
    read,
    selections,
    spectrum,
    subspace,
)
from lib.dynamics.manifold import n_components
from lib.text.bag_of_words import valence_words
from lib.training.catalogue import NETWORKS, exists, spec_of, with_pages
from lib.training.folder import load

figures.style()
torch.set_num_threads(1)
saved = load(NETWORKS / network)
net, cell, index = saved.network, saved.network.cell, saved.vocabulary.index
if len(net.layers) > 1 or not {negator, intensifier} <= set(index):
    raise ValueError(f"This page needs a network of one layer that knows the words {negator} and {intensifier}.")
names = [word for word in modifiers if word in index]
i_not, i_very = names.index(negator), names.index(intensifier)


def chosen_words(saved, names, n):
    """Positive and negative words [2n, input], the sign of each, and neutral words that are none of the modifiers."""
    words, vectors = saved.evidence.words, saved.network.embedding.weight
    ids = valence_words(words["bag_of_words"], words["document_frequency"])
    positive, negative = ids["positive"][:n], ids["negative"][:n]
    known = {saved.vocabulary.index[name] for name in names}
    neutral = torch.tensor([i for i in ids["neutral"].tolist() if i not in known])
    sign = torch.cat((torch.ones(len(positive)), -torch.ones(len(negative))))
    return vectors[torch.cat((positive, negative))], sign, vectors[neutral]


def vectors_of(saved, names):
    return saved.network.embedding.weight[[saved.vocabulary.index[name] for name in names]]


def nothing(time, like):
    """Tokens without input [time, 1, input]."""
    return like.new_zeros(time, 1, like.shape[-1])


def after(saved, contexts, words, states, settle=n_settle):
    """Effects of words after one token of context, each context [context, input] in its turn."""
    at = read(saved.network.cell, states, contexts[None])
    return effects(saved.network.cell, saved.network.readout_axis, at, words, nothing(settle, words))


words, sign, neutral = chosen_words(saved, names, n_words)
few = torch.cat((torch.arange(20), torch.arange(20) + int((sign > 0).sum())))  # of each valence, where all would take long
contexts = vectors_of(saved, names)
visited = saved.evidence.layers[-1].states
start = visited[:n_states]
valence = {"positive": sign > 0, "negative": sign < 0}
glue("n_words", int((sign > 0).sum()), display=False)
glue("n_states", n_states, display=False)
glue("n_settle", n_settle, display=False)
glue("n_neutral", len(neutral), display=False)
glue("network", network, display=False)
glue("n_modifiers", len(names), display=False)

# %% [markdown]
# ## The factor of a modifier
#
# Let $E(\mathbf{h}, \mathbf{x})$ be what the word $\mathbf{x}$ adds to the logit when it is read in the state $\mathbf{h}$: the readout
# a few tokens later, less the readout had nothing been read in its place,
#
# $$
# E(\mathbf{h}, \mathbf{x}) = \mathbf{w} \cdot F^{k}\bigl(F(\mathbf{h}, \mathbf{x}), \mathbf{0}\bigr)
# - \mathbf{w} \cdot F^{k}\bigl(F(\mathbf{h}, \mathbf{0}), \mathbf{0}\bigr),
# \qquad
# \kappa_{\mathbf{v}} = \frac{\sum E\bigl(F(\mathbf{h}, \mathbf{v}), \mathbf{x}\bigr)}{\sum E\bigl(F(\mathbf{h}, \mathbf{0}), \mathbf{x}\bigr)},
# $$ (eq-modification)
#
# with $k =$ {glue:text}`n_settle`. What the modifier $\mathbf{v}$ says by itself is subtracted. Its factor $\kappa_{\mathbf{v}}$ compares
# the same words in the same states with and without it, summed over the {glue:text}`n_words` positive or the {glue:text}`n_words`
# negative words of {doc}`eigenvectors` and {glue:text}`n_states` states visited on test documents. At $\kappa = 1$ nothing changes, at
# $\kappa = 0$ the words have no effect, below 0 they say the opposite. In a bag of words and in any linear network $\kappa = 1$. The
# comparison is with {glue:text}`n_neutral` neutral words in the modifier's place.

# %% tags=["hide-input"]
everything = torch.cat((nothing(1, words)[0], contexts))
found = after(saved, everything, words, start)
null_effects = after(saved, torch.cat((everything[:1], neutral)), words[few], start)
kappa, null, band = {}, {}, {}
for key, of in valence.items():
    kappa[key] = factors(found[..., of], found[:1, :, of])[1:]
    null[key] = factors(null_effects[..., of[few]], null_effects[:1, :, of[few]])[1:]
    by_word = factors_by_word(found[..., of], found[:1, :, of])[1:]
    band[key] = torch.stack((by_word.quantile(0.1, 1), kappa[key], by_word.quantile(0.9, 1)), 1).numpy()
edges = {key: values.quantile(torch.tensor([0.025, 0.975])) for key, values in null.items()}
outer = (min(float(low) for low, _ in edges.values()), max(float(high) for _, high in edges.values()))
weaker = torch.stack([kappa[key] < edges[key][0] for key in valence]).all(0)
stronger = torch.stack([kappa[key] > edges[key][1] for key in valence]).all(0)
turned = torch.stack([kappa[key] < 0 for key in valence]).any(0)

fig, (ax,) = figures.panels(1, columns=1, width=5.6, height=0.9 + 0.3 * len(names))
figures.modifications(ax, names, band, np.tile(outer, (len(names), 1)))
fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=7)
glue("fig_modifiers", fig, display=False)
plt.close(fig)


def listed(kept):
    return ", ".join(name for name, keep in zip(names, kept, strict=True) if keep) or "none"


glue("weaker", listed(weaker), display=False)
glue("stronger", listed(stronger), display=False)
glue("turned", listed(turned), display=False)
glue("neither", listed(~(weaker | stronger)), display=False)
for key in valence:
    glue(f"not_{key}", float(kappa[key][i_not]), display=False)
    glue(f"very_{key}", float(kappa[key][i_very]), display=False)
    glue(f"low_{key}", float(edges[key][0]), display=False)
    glue(f"high_{key}", float(edges[key][1]), display=False)

# %% [markdown]
# ```{glue:figure} fig_modifiers
# :name: fig-modifications
# :alt: A row a modifier, with the factor by which it multiplies positive words and negative words, as dots with bars; grey bars show the range of neutral words, a line marks one and a dotted line zero.
#
# Factor κ of each modifier on positive (green) and negative (orange) words, in the network {glue:text}`network`. Bars: 10–90 % of the words; grey: 95 % of the neutral words in the modifier's place; line: no change; dotted: no effect.
# ```
#
# In this network *not* leaves {glue:text}`not_positive:.2f` of the effect of positive words and
# {glue:text}`not_negative:.2f` of that of negative ones; *very* multiplies them by {glue:text}`very_positive:.2f` and
# {glue:text}`very_negative:.2f`. Of the neutral words 95 % lie between {glue:text}`low_positive:.2f` and {glue:text}`high_positive:.2f`
# (positive words) and between {glue:text}`low_negative:.2f` and {glue:text}`high_negative:.2f` (negative words): context matters
# after any word, and a modifier counts only where it does more. On both valences,
#
# - weaker than after neutral words: {glue:text}`weaker`;
# - stronger: {glue:text}`stronger`;
# - neither, or not on both: {glue:text}`neither`;
# - turned around ($\kappa < 0$ for either valence): {glue:text}`turned`.

# %% [markdown]
# ## Where the answer is known
#
# In the synthetic language of {doc}`known-answer` a negator turns the evidence of the next word around, $\kappa = -1$, and an intensifier
# doubles it, $\kappa = 2$, by construction. The same measurement on the network trained on it:

# %% tags=["hide-input"]
answers = {"not0": -1.0, "not1": -1.0, "very0": 2.0, "very1": 2.0}
planted = "synthetic-gru-seed0"
if exists(planted):
    synthetic = load(NETWORKS / planted)
    its_words, its_sign, its_neutral = chosen_words(synthetic, answers, 20)
    everything = torch.cat((nothing(1, its_words)[0], vectors_of(synthetic, answers), its_neutral))
    its_effects = after(synthetic, everything, its_words, synthetic.evidence.layers[-1].states[:8]) * its_sign
    measured = factors(its_effects, its_effects[:1])[1:]
    others = measured[len(answers) :].quantile(torch.tensor([0.025, 0.975]))
else:
    measured, others = torch.full((len(answers),), torch.nan), torch.full((2,), torch.nan)
glue("filler_low", number(float(others[0])), display=False)
glue("filler_high", number(float(others[1])), display=False)
pd.DataFrame(
    {"word": list(answers), "κ, by construction": answers.values(), "κ, measured": measured[: len(answers)].tolist()}
).style.hide(axis="index").format(precision=2)

# %% [markdown]
# Filler words have factors between {glue:text}`filler_low` and {glue:text}`filler_high` (95 %); by construction they are 1.

# %% [markdown]
# ## Two-word phrases
#
# A factor between 0 and 1 turns nothing around. A phrase may still come out right, because the modifier carries evidence of its own.
# The table compares what a bag of words would do, the sum of the two words read alone, with the phrase.

# %% tags=["hide-input"]
told = [word for word in phrases if word in index]
shown = [word for word in ("not", "never", "hardly", "very", "extremely") if word in index]
blank = nothing(1, words)[0]
first = torch.cat((blank, vectors_of(saved, shown)))
second = torch.cat((blank, vectors_of(saved, told)))
pairs = torch.stack((first.repeat_interleave(len(second), 0), second.repeat(len(first), 1)))
pairs = torch.cat((pairs, nothing(n_settle, words).expand(-1, pairs.shape[1], -1)))
logits = (read(cell, visited[:100], pairs) @ net.readout_axis).mean(1).unflatten(0, (len(first), len(second)))
logits = (logits - logits[0, 0]).numpy()
rows = {}
for i, modifier in enumerate(shown, 1):
    rows[modifier] = {("", "alone"): logits[i, 0]}
    if modifier == negator:
        glue("alone", float(logits[i, 0]), display=False)
    for j, word in enumerate(told, 1):
        rows[modifier] |= {
            (word, "alone"): logits[0, j],
            (word, "sum"): logits[i, 0] + logits[0, j],
            (word, "phrase"): logits[i, j],
        }
        if modifier == negator:
            glue(f"phrase_{j}", float(logits[i, j]), display=False)
            glue(f"sum_{j}", float(logits[i, 0] + logits[0, j]), display=False)
            glue(f"word_{j}", float(logits[0, j]), display=False)
            glue(f"phrase_{j}_text", f"{modifier} {word}", display=False)
pd.DataFrame(rows).transpose().style.format("{:+.2f}")

# %% [markdown]
# Change of the logit, the mean over 100 visited states. Alone, *not* changes it by {glue:text}`alone:+.2f`. “{glue:text}`phrase_1_text`” changes it by {glue:text}`phrase_1:+.2f`, where
# the sum of its words is {glue:text}`sum_1:+.2f`; “{glue:text}`phrase_2_text`” by {glue:text}`phrase_2:+.2f`, where the sum is
# {glue:text}`sum_2:+.2f` and the second word alone makes {glue:text}`word_2:+.2f`.

# %% [markdown]
# ## How long a modifier acts
#
# Tokens are put between modifier and word: nothing (zero input), or neutral words drawn at random, the same with and without the
# modifier. Both valences are summed here, each with its sign.

# %% tags=["hide-input"]
gaps = torch.tensor([0, 1, 2, 3, 4, 6, 8, 12, 16, 24])
curves = {negator: figures.ACCENT, "never": figures.NEUTRAL, intensifier: "#8E4585", "extremely": "#CC79A7"}
curves = {word: color for word, color in curves.items() if word in index}
fillers = neutral[torch.randint(len(neutral), (int(gaps.max()), 4), generator=torch.Generator().manual_seed(0))]
heads = torch.cat((blank, vectors_of(saved, curves), neutral[:6]))
some, some_sign = words[few], sign[few]


def at_gap(between):
    """Signed effects of words that follow each head after the tokens `between` [gap, 1 or draw, input]."""
    parts = []
    for tokens, states in zip(between.unbind(1), visited[:8].chunk(between.shape[1]), strict=True):
        tokens = torch.cat((heads[None], tokens[:, None].expand(-1, len(heads), -1)))
        parts.append(effects(net.cell, net.readout_axis, read(cell, states, tokens), some, nothing(n_settle, words)))
    return torch.cat(parts, 1) * some_sign


by_gap = {}
for kind, between in (("no input", nothing(int(gaps.max()), words)), ("neutral words", fillers)):
    spaced = (at_gap(between[:gap]) for gap in gaps)
    by_gap[kind] = torch.stack([factors(each, each[:1])[1:] for each in spaced])
fig, axes = figures.panels(3, height=2.7, width=8)
lasts = {}
for ax, (kind, values) in zip(axes, by_gap.items(), strict=False):
    spread = values[:, len(curves) :].quantile(torch.tensor([0.0, 0.5, 1.0]), dim=1).T.numpy()
    figures.quantile_band(ax, gaps.numpy(), spread, figures.GREY, "neutral words")
    for i, (word, color) in enumerate(curves.items()):
        ax.plot(gaps, values[:, i], "o-", ms=3, color=color, label=word)
    lasts[kind] = duration(gaps.float(), values[:, : len(curves)] - 1)
    ax.axhline(1, color=figures.INK, lw=0.8)
    ax.set(xlabel=f"tokens between ({kind})", ylabel="factor κ")
typical = (
    effects(net.cell, net.readout_axis, visited[None, :60], some, nothing(n_settle, words)).mean(1, keepdim=True) * some_sign
)
openings = {}
for kind, between, color in (("no input", nothing(24, words), figures.INK), ("neutral words", fillers, figures.ACCENT)):
    origin = torch.zeros_like(visited[:1])
    reached = [read(cell, origin, between[:gap]) for gap in gaps]
    opened = [
        effects(net.cell, net.readout_axis, h, some, nothing(n_settle, words)).mean(0, keepdim=True) * some_sign
        for h in reached
    ]
    openings[kind] = torch.cat([factors(each, typical) for each in opened])
    axes[2].plot(gaps, openings[kind], "o-", ms=3, color=color, label=kind)
axes[2].axhline(1, color=figures.INK, lw=0.8)
axes[2].set(xlabel="tokens read since the start", ylabel="effect, relative")
axes[1].legend(fontsize=7)
axes[2].legend(fontsize=7)
glue("fig_duration", fig, display=False)
plt.close(fig)
for word, key in ((negator, "not"), (intensifier, "very")):
    for kind, short in (("no input", "zero"), ("neutral words", "filled")):
        value = lasts[kind][list(curves).index(word)]
        glue(f"lasts_{key}_{short}", f"{value:.1f}" if torch.isfinite(value) else "more than 24", display=False)
glue("opening", float(openings["no input"][0]), display=False)
glue("opening_filled", float(openings["neutral words"][-1]), display=False)
glue("opening_zero", float(openings["no input"][-1]), display=False)

# %% [markdown]
# ```{glue:figure} fig_duration
# :name: fig-duration
# :alt: Three panels. The factor of four modifiers against the number of tokens between modifier and word, without input and filled with neutral words, with a grey band for neutral words in the place of the modifier; the effect of words against the number of tokens since the start of the document.
#
# (a, b) Factor κ against the number of tokens between modifier and word; grey: median and range of six neutral words in the modifier's
# place. (c) The effect of the same words near the start of a document, over that in the states visited on test documents.
# ```
#
# The change $\kappa - 1$ falls to $1/e$ within {glue:text}`lasts_not_zero` tokens for *not* and {glue:text}`lasts_very_zero` for *very*
# when nothing is read in between, within {glue:text}`lasts_not_filled` and {glue:text}`lasts_very_filled` when other words are. Nothing
# here ties a modifier to one word: it acts on whatever follows while the change lasts.
#
# The start of a document is a context too. In the initial state a word has {glue:text}`opening:.1f` times the effect that it has
# in states visited on test documents; after 24 neutral words {glue:text}`opening_filled:.2f` times. {cite:t}`maheswaranathan2020` describe the
# trained initial state of their networks as an intensifier; ours is fixed at zero, so that any such effect is in the weights.

# %% [markdown]
# ## Mechanism
#
# At a point $\mathbf{h}^*$ on the line a modifier moves the state by $\Delta\mathbf{h} = F(\mathbf{h}^*, \mathbf{v}) - F(\mathbf{h}^*,
# \mathbf{0})$. Off the line the input Jacobian is another one, so that the slowest mode selects another component of the next word:
#
# $$
# \boldsymbol{\ell}_1^\top \mathbf{J}^{\mathrm{inp}}(\mathbf{h}^*)\, \mathbf{x}
# \quad \longrightarrow \quad
# \boldsymbol{\ell}_1^\top \mathbf{J}^{\mathrm{inp}}(\mathbf{h}^* + \Delta\mathbf{h})\, \mathbf{x} .
# $$ (eq-deflection)
#
# If that is all, the ratio of the two sides must predict the factor. $\Delta\mathbf{h}$ splits into what lasts,
# $\mathbf{r}_1 \boldsymbol{\ell}_1^\top \Delta\mathbf{h}$, the evidence of the modifier itself, and the transient rest. The principal
# axes of the transients of all modifiers at all points span the modifier subspace. To test it, the component of a
# modifier's $\Delta\mathbf{h}$ inside the subspace is taken away, where the subspace comes from the *other* modifiers; the same
# with the subspace of neutral words, and with random directions.

# %% tags=["hide-input"]
system, modes = linearize(saved, fixed_points(saved, n_starts, tolerance))
order = (system.fixed_point @ net.readout_axis).argsort()
picked = order[torch.linspace(0, len(order) - 1, min(n_states, len(order))).round().long()]
places, left, right = system.fixed_point[picked], modes.left[picked, 0].real.float(), modes.right[picked, :, 0].real.float()
rest = read(cell, places, nothing(1, words))
push = {"modifiers": read(cell, places, contexts[None]) - rest, "neutral": read(cell, places, neutral[None]) - rest}
transient = {key: moved - lasting(moved, left, right) for key, moved in push.items()}
before = selections(cell, rest, left) @ some.T
deflected = {key: selections(cell, rest + moved, left) @ some.T for key, moved in push.items()}
plain = effects(net.cell, net.readout_axis, rest, some, nothing(n_settle, words)) * some_sign


def kappa_after(displacements):
    """Factors at the fixed points, after any displacement of the state [context, point, state]."""
    return factors(effects(net.cell, net.readout_axis, rest + displacements, some, nothing(n_settle, words)) * some_sign, plain)


actual = {key: kappa_after(moved) for key, moved in push.items()}
predicted = {key: factors(moved * some_sign, before * some_sign) for key, moved in deflected.items()}
only = {
    key: kappa_after(part)[[i_not, i_very]]
    for key, part in (("transient", transient["modifiers"]), ("lasting", lasting(push["modifiers"], left, right)))
}
sizes = {key: spectrum(moved) for key, moved in transient.items()}
dimensions = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12]
random = torch.linalg.qr(torch.randn(cell.n_state, max(dimensions), generator=torch.Generator().manual_seed(0)))[0].T
removed = {}
for i in (i_not, i_very):
    moved = push["modifiers"][i]
    others = [j for j in range(len(names)) if j != i]
    axes_of = {
        "modifiers": subspace(transient["modifiers"][others], max(dimensions)),
        "neutral words": subspace(transient["neutral"], max(dimensions)),
        "random": random,
    }
    for kind, basis in axes_of.items():
        removed[i, kind] = kappa_after(torch.stack([moved - inside(moved, basis[:k]) for k in dimensions])).numpy()

fig, axes = figures.panels(4, columns=2, height=2.8)
for i, color in ((i_not, figures.ACCENT), (i_very, "#8E4585")):
    axes[0].scatter(before[0].mean(0), deflected["modifiers"][i].mean(0), s=10, lw=0, color=color, label=f"after {names[i]}")
limit = np.array(axes[0].get_xlim())
axes[0].plot(limit, limit, color=figures.INK, lw=0.8)
axes[0].set(xlabel="ℓ₁ᵀ J x on the line", ylabel="ℓ₁ᵀ J x after a modifier")
axes[0].legend(fontsize=7)
named = {i: name for i, name in enumerate(names) if name in (negator, "hardly", "but", intensifier)}
figures.named_points(axes[1], predicted["neutral"].numpy(), actual["neutral"].numpy(), {}, figures.GREY, "neutral words")
figures.named_points(axes[1], predicted["modifiers"].numpy(), actual["modifiers"].numpy(), named, figures.ACCENT, "modifiers")
limit = np.array(axes[1].get_xlim())
axes[1].plot(limit, limit, color=figures.INK, lw=0.8)
axes[1].set(xlabel="κ from the input Jacobian", ylabel="κ measured")
axes[1].legend(fontsize=7, loc="lower right")
for key, color in (("modifiers", figures.ACCENT), ("neutral", figures.GREY)):
    share = (sizes[key] / sizes[key].sum()).cumsum(0)[:20]
    axes[2].plot(np.arange(1, len(share) + 1), share, "o-", ms=3, color=color, label=key)
axes[2].set(xlabel="directions", ylabel="share of the transients", ylim=(0, 1.02))
axes[2].legend(fontsize=7)
for i, color in ((i_not, figures.ACCENT), (i_very, "#8E4585")):
    for kind, dashes in (("modifiers", "o-"), ("neutral words", "--"), ("random", ":")):
        label = f"{names[i]}: {kind}"
        axes[3].plot(dimensions, removed[i, kind], dashes, ms=3, color=color, label=label)
axes[3].axhline(1, color=figures.INK, lw=0.8)
axes[3].set(xlabel="directions taken away", ylabel="factor κ")
fig.legend(*axes[3].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=7)
glue("fig_mechanism", fig, display=False)
plt.close(fig)
both = [torch.cat(list(values.values())).numpy() for values in (predicted, actual)]
glue("n_places", len(places), display=False)
glue("agreement", float(np.corrcoef(both)[0, 1]), display=False)
for i, key in ((0, "not"), (1, "very")):
    for part, values in only.items():
        glue(f"{part}_{key}", float(values[i]), display=False)
for key, size in sizes.items():
    glue(f"dimensions_{key}", n_components(size, 0.8), display=False)
k = dimensions.index(3)
for i, key in ((i_not, "not"), (i_very, "very")):
    glue(f"whole_{key}", float(removed[i, "modifiers"][0]), display=False)
    for kind in ("modifiers", "neutral words", "random"):
        glue(f"removed_{key}_{kind.split()[0]}", float(removed[i, kind][k]), display=False)
real = modes.eigenvalues[picked, 0].imag.abs() < 1e-9
glue("real_share", 100 * float(real.double().mean()), display=False)

# %% [markdown]
# ```{glue:figure} fig_mechanism
# :name: fig-modifier-mechanism
# :alt: Four panels. The input projection of valence words after a modifier against that on the line, with the diagonal; the measured factor against the one predicted from the input Jacobian, for modifiers and neutral words; the share of transient displacements in the first directions; the factors of not and very against the number of directions taken away, for three subspaces.
#
# (a) Input projections {eq}`eq-deflection` of positive and negative words, after *not* and *very* against on the line; a point a
# word, the mean over {glue:text}`n_places` fixed points. (b) Factors predicted by their ratio against those measured. (c) Share of the
# squared length of the transients in their first directions. (d) Factor at the fixed points after the component in a subspace
# is taken away from the modifier's displacement: subspace of the other modifiers (solid), of neutral words (dashed), random (dotted).
# ```
#
# Over modifiers and neutral words, the predicted and the measured factors correlate at {glue:text}`agreement:.2f`. The transient part of
# the displacement alone gives factors of {glue:text}`transient_not:.2f` (*not*) and {glue:text}`transient_very:.2f` (*very*), the lasting
# part alone {glue:text}`lasting_not:.2f` and {glue:text}`lasting_very:.2f`; the whole gives {glue:text}`whole_not:.2f` and
# {glue:text}`whole_very:.2f`. Four fifths of the modifiers' transients lie in {glue:text}`dimensions_modifiers` directions, of those of the
# neutral words in {glue:text}`dimensions_neutral`.
#
# With three directions of the other modifiers taken away, the factors are {glue:text}`removed_not_modifiers:.2f` (*not*) and
# {glue:text}`removed_very_modifiers:.2f` (*very*); with three of the neutral words {glue:text}`removed_not_neutral:.2f` and
# {glue:text}`removed_very_neutral:.2f`; with three random ones {glue:text}`removed_not_random:.2f` and
# {glue:text}`removed_very_random:.2f`. Where the neutral words' directions do nearly as much, the subspace is less one of
# modifiers than the one through which words of any kind affect each other. The slowest mode is real at {glue:text}`real_share:.0f` % of
# the points; where it is complex, its real part is used, and the split into lasting and transient is rough.

# %% [markdown]
# ### Which words does the network itself treat as modifiers?
#
# The prediction is cheap enough to screen the thousand most frequent words, whatever a grammar says.

# %% tags=["hide-input"]
frequency = saved.evidence.words["document_frequency"].clone()
frequency[:2] = -1
frequent = frequency.topk(min(1000, len(frequency) - 2)).indices
vectors = net.embedding.weight[frequent]
subset = slice(None, None, 3)
pushed = read(cell, places[subset], vectors[None])
rows = torch.cat([selections(cell, part, left[subset]) for part in pushed.split(100)]) @ some.T
screened = factors(rows * some_sign, before[:, subset] * some_sign)
ranked = screened.argsort()
for key, ids in (("least", ranked[:10]), ("most", ranked.flip(0)[:10])):
    glue(key, ", ".join(saved.vocabulary.words[frequent[i]] for i in ids), display=False)
glue("share_turned", 100 * float((screened < 0).float().mean()), display=False)
glue("n_screened", len(frequent), display=False)

# %% [markdown]
# Weakest effect of the words after them: {glue:text}`least`. Strongest: {glue:text}`most`. Of the {glue:text}`n_screened` words,
# {glue:text}`share_turned:.1f` % turn it around by this prediction. The lists mix modifiers with words that carry evidence themselves, or
# go with some kind of document: this screening does not tell the two apart.

# %% [markdown]
# ## What came before
#
# *But* is said to discount what stands before it. For that the word is read first, then five tokens of nothing, then the modifier. The
# factor of what was *before* a modifier measures how much of it is forgotten, that of what comes *after* is the one above.

# %% tags=["hide-input"]
later = [word for word in dict.fromkeys((*names, "but", "however", "although", "though", "yet", ".", ",")) if word in index]
all_heads = torch.cat((blank, vectors_of(saved, later), neutral[:60]))
silence = nothing(5, words).expand(-1, len(all_heads), -1)
at = visited[:8].expand(len(all_heads), -1, -1)
earlier = effects(net.cell, net.readout_axis, at, some, torch.cat((silence, all_heads[None], silence))) * some_sign
next_word = after(saved, all_heads, some, visited[:8]) * some_sign
factor_before, factor_after = factors(earlier, earlier[:1])[1:], factors(next_word, next_word[:1])[1:]
n = len(later)
fig, (ax,) = figures.panels(1, columns=1, width=5, height=3.6)
marked = {i: word for i, word in enumerate(later) if word in (negator, intensifier, "but", "however", "barely")}
figures.named_points(ax, factor_after[n:].numpy(), factor_before[n:].numpy(), {}, figures.GREY, "neutral words")
figures.named_points(ax, factor_after[:n].numpy(), factor_before[:n].numpy(), marked, figures.ACCENT, "modifiers")
ax.axhline(1, color=figures.INK, lw=0.8)
ax.axvline(1, color=figures.INK, lw=0.8)
ax.set(xlabel="κ of the word after it", ylabel="κ of a word before it")
ax.legend(fontsize=7)
glue("fig_before", fig, display=False)
plt.close(fig)
bounds = factor_before[n:].quantile(torch.tensor([0.025, 0.975]))
but = later.index("but") if "but" in later else None
but_before = float(factor_before[but]) if but is not None else float("nan")
glue("but_before", number(but_before), display=False)
glue("but_after", number(float(factor_after[but]) if but is not None else float("nan")), display=False)
glue("before_low", float(bounds[0]), display=False)
glue("before_high", float(bounds[1]), display=False)
forgetting = [word for i, word in enumerate(later) if factor_before[i] < bounds[0]]
glue("forgetting", ", ".join(forgetting) or "none", display=False)
glue("but_verdict", "below" if but_before < bounds[0] else "above" if but_before > bounds[1] else "within", display=False)
glue("spread_before", float(factor_before[:n].std()), display=False)
glue("spread_after", float(factor_after[:n].std()), display=False)

# %% [markdown]
# ```{glue:figure} fig_before
# :name: fig-before
# :alt: Scatter of the factor of a word before against the factor of a word after, for modifiers, some of them named, and for neutral words; lines at one.
#
# What a word does to the word before it (vertical) and to the word after it (horizontal): modifiers and neutral words.
# ```
#
# After *but* the effect of what was read before is multiplied by {glue:text}`but_before`, of what comes next by
# {glue:text}`but_after`. For what came before, 95 % of the neutral words lie between {glue:text}`before_low:.2f` and
# {glue:text}`before_high:.2f`, so that *but* is {glue:text}`but_verdict` the range of neutral words. Words below it, after which more is
# forgotten: {glue:text}`forgetting`. Over modifiers the standard deviation of the factor is {glue:text}`spread_before:.2f` for what was
# before and {glue:text}`spread_after:.2f` for what comes after.

# %% [markdown]
# ## All networks
#
# Does every network do this? One that does not is, in this respect, a bag of words.

# %% tags=["hide-input", "full-width"]
compared = networks or [name for name in with_pages() if spec_of(name).dataset != "synthetic" and spec_of(name).n_layers == 1]
asked = [negator, intensifier]
table, null_bars = [], []
bars = {word: {key: [] for key in valence} for word in asked}
for name in compared:
    its = load(NETWORKS / name)
    if not set(asked) <= set(its.vocabulary.index):
        continue
    its_words, its_sign, its_neutral = chosen_words(its, asked, 20)
    everything = torch.cat((nothing(1, its_words)[0], vectors_of(its, asked), its_neutral[:40]))
    its_effects = after(its, everything, its_words, its.evidence.layers[-1].states[:6])
    pooled = factors(its_effects * its_sign, its_effects[:1] * its_sign)[1:]
    null_bars.append(pooled[2:].quantile(torch.tensor([0.025, 0.975])).numpy())
    row = {"network": name.removesuffix("-seed0"), "architecture": its.config["architecture"], "corpus": its.config["dataset"]}
    for key, of in (("positive", its_sign > 0), ("negative", its_sign < 0)):
        by_word = factors_by_word(its_effects[..., of], its_effects[:1, :, of])[1:3]
        whole = factors(its_effects[..., of], its_effects[:1, :, of])[1:3]
        for i, word in enumerate(asked):
            bars[word][key].append([float(by_word[i].quantile(0.1)), float(whole[i]), float(by_word[i].quantile(0.9))])
            row[f"{word}, {key}"] = float(whole[i])
    documents = its.evidence.documents
    truth = documents["labels"] > 0
    row |= {f"{word}, both": float(pooled[i]) for i, word in enumerate(asked)}
    row["neutral, from"], row["to"] = map(float, null_bars[-1])
    correct = [((documents[key] > 0) == truth).float().mean() for key in ("logits", "bag_of_words")]
    row["gain"] = 100 * float(correct[0] - correct[1])
    table.append(row)
overview = pd.DataFrame(table)
fig, axes = figures.panels(len(asked), columns=2, height=1.2 + 0.32 * len(overview), sharey=True)
for ax, word in zip(axes, asked, strict=True):
    figures.modifications(ax, list(overview["network"]), {k: np.array(v) for k, v in bars[word].items()}, np.array(null_bars))
    ax.set_title(word)
fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=7)
glue("fig_modifying", fig, display=False)
plt.close(fig)
overview.drop(columns=["architecture", "corpus"]).style.hide(axis="index").format(precision=2)

# %% tags=["hide-input"]
low, high = np.array(null_bars).T
pooled_not, pooled_very = (overview[f"{word}, both"].to_numpy() for word in asked)
gain = overview["gain"].to_numpy()


def which(kept):
    return ", ".join(overview["network"][kept]) or "none"


glue("n_compared", len(overview), display=False)
glue("n_weaker", int((pooled_not < low).sum()), display=False)
glue("n_stronger", int((pooled_very > high).sum()), display=False)
glue("no_weaker", which(pooled_not >= low), display=False)
glue("no_stronger", which(pooled_very <= high), display=False)
glue("not_lowest", float(pooled_not.min()), display=False)
glue("which_lowest", overview["network"][pooled_not.argmin()], display=False)
turning = (overview[[f"{negator}, positive", f"{negator}, negative"]] < 0).any(axis=1)
glue("turning", which(turning), display=False)
several = len(overview) > 3
gated = (overview["architecture"] != "vanilla").to_numpy()
depth = overview.assign(depth=1 - pooled_not).groupby("corpus")[["depth", "gain"]]
within = depth.rank() - depth.transform("count") / 2
for key, (x, y) in (
    ("rank", (1 - pooled_not, gain)),
    ("rank_within", (within["depth"], within["gain"])),
    ("rank_gated", (within["depth"][gated], within["gain"][gated])),
):
    glue(key, f"{spearmanr(x, y).statistic:.2f}" if several else "—", display=False)
fig, (ax,) = figures.panels(1, columns=1, width=5, height=3.4)
figures.networks_scatter(ax, 1 - pooled_not, gain, list(zip(overview["architecture"], overview["corpus"], strict=True)))
ax.axhline(0, color=figures.GREY, lw=0.8)
ax.set(xlabel=f"1 − κ of {negator}", ylabel="gain over the bag of words (points)")
glue("fig_gain", fig, display=False)
plt.close(fig)

# %% [markdown]
# Factors of *not* and *very* on positive words, negative words and both; the range of 95 % of forty neutral words; and the gain over the
# bag of words, in points of test accuracy ({doc}`training`).
#
# ```{glue:figure} fig_modifying
# :name: fig-modifying
# :alt: Two panels with a row a network, the factors of not and of very on positive and negative words with bars, grey bars for neutral words, and a line at one.
#
# Factors of (a) *not* and (b) *very* on positive (green) and negative (orange) words, in every network. Bars: 10–90 % of 20 words of each
# valence; grey: 95 % of neutral words in the modifier's place, both valences together.
# ```
#
# *Not* weakens the words after it more than neutral words do in {glue:text}`n_weaker` of {glue:text}`n_compared` networks (not in:
# {glue:text}`no_weaker`), and *very* strengthens them more in {glue:text}`n_stronger` (not in: {glue:text}`no_stronger`). The smallest
# factor of *not* is {glue:text}`not_lowest:.2f`, in {glue:text}`which_lowest`. Networks where it turns the words of either valence around:
# {glue:text}`turning`.
#
# ```{glue:figure} fig_gain
# :name: fig-modification-gain
# :alt: Scatter of the gain over the bag of words against how much not weakens the words after it; colours are architectures, markers corpora.
#
# Gain over the bag of words against how much *not* weakens the words after it. Colour: architecture; marker: corpus.
# ```
#
# {cite:t}`maheswaranathan2019` (§5) suppose that what gated networks have over a bag of words comes from such phrases. Over networks, the
# strength of *not* and the gain have a rank correlation of {glue:text}`rank`; of {glue:text}`rank_within` when networks are ranked within
# their corpus, because the gain depends on the corpus as well; and of {glue:text}`rank_gated` of these without the vanilla networks. This is
# agreement over few networks, not proof: those that use context better may gain by other things as well.

# %% [markdown]
# ## What this does not show
#
# - *Reading without text.* Contexts are made of one modifier and one word, in states that the network visited. Whether a factor helps on real
#   sentences is not measured; {cite:t}`maheswaranathan2020` test it by taking the subspace away while reading reviews, and by a bag of words
#   with modifiers, for which the documents are needed.
# - *Negation as in contractions.* The file of word vectors that the networks were trained with lacks the clitics (*n’t*, *’s*), single letters
#   and digits; these words started at zero and were learned from the corpus alone, so that *don’t* is not compared with *not*.
# - *Scope and syntax.* The words have no syntax: a factor that decays within a few tokens is a window, not a scope.
# - *Fixed words.* The modifiers were chosen by hand, before the measurement; with about {glue:text}`n_modifiers` of them and 5 % of
#   the neutral words outside the grey range, on both valences at once, hardly one would be expected outside it by chance.
# - *An input of zero* stands for nothing. It is no word, and a network never reads it; a neutral word in its place gives factors relative to
#   that word.
