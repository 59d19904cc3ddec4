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
import pandas as pd
import torch

from lib.book import figures, page
from lib.book.compared import listed
from lib.book.deflection import agreement, deflection, frequent_words, without_directions
from lib.book.html import number
from lib.book.modifiers import (
    before_and_after,
    beside,
    by_gap,
    gain,
    in_network,
    phrase_table,
    planted_factors,
    rank_correlations,
    since_the_start,
    time_to_fade,
)
from lib.book.probe import by_valence, central, compared_with_neutral, factors_of, probe
from lib.book.searches import fixed_points
from lib.dynamics import explained, n_components
from lib.dynamics.contextual import silence, spectrum
from lib.training import NETWORKS, exists, load, spec_of, with_pages

saved = load(NETWORKS / network)
index = saved.vocabulary.index
if len(saved.network.layers) > 1 or not {negator, intensifier} <= set(index):
    raise ValueError(f"This page needs a network of one layer that knows the words {negator} and {intensifier}.")
names = [word for word in modifiers if word in index]
asked = [negator, intensifier]
words = probe(saved, names, n_words, n_settle)
few = words.first(20)  # where all would take long
contexts, neutral = words.vectors(names), words.neutral
visited = saved.evidence.layers[-1].states
page.say(network=network, n_words=int((words.sign > 0).sum()), n_states=n_states, n_settle=n_settle)
page.say(n_neutral=len(neutral), n_modifiers=len(names))

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
table = by_valence(words.after(contexts, visited[:n_states]), words.sign, names)
kappa = factors_of(table)
null = factors_of(by_valence(few.after(neutral, visited[:n_states]), few.sign)).quantile([0.025, 0.975])
with page.figure("modifiers", width=5.6, height=0.9 + 0.3 * len(names)) as ax:
    figures.modifications(ax, table, null.stack().agg(["min", "max"]))
    figures.legend_below(ax.figure, ax, fontsize=7)
page.say(**{group: listed(inside) for group, inside in compared_with_neutral(kappa, null).items()})
page.say(**kappa.loc[negator].add_prefix("not_"), **kappa.loc[intensifier].add_prefix("very_"))
page.say(**null.loc[0.025].add_prefix("low_"), **null.loc[0.975].add_prefix("high_"))

# %% [markdown]
# ```{glue:figure} fig_modifiers
# :name: fig-modifications
# :alt: One row per modifier, with the factor by which it multiplies positive words and negative words, as dots with bars; grey bars show the range of neutral words, a line marks one and a dotted line zero.
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
    measured, fillers = planted_factors(load(NETWORKS / planted), answers)
else:
    measured, fillers = pd.DataFrame({"word": answers.keys(), "κ, by construction": answers.values()}), (None, None)
page.say(filler_low=number(fillers[0]), filler_high=number(fillers[1]))
measured.style.hide(axis="index").format(precision=2)

# %% [markdown]
# Filler words have factors between {glue:text}`filler_low` and {glue:text}`filler_high` (95 %); by construction they are 1.

# %% [markdown]
# ## Two-word phrases
#
# A factor between 0 and 1 turns nothing around. A phrase may still come out right, because the modifier carries evidence of its own.
# The table compares what a bag of words would do, the sum of the two words read alone, with the phrase.

# %% tags=["hide-input"]
shown = [word for word in ("not", "never", "hardly", "very", "extremely") if word in index]
told = [word for word in phrases if word in index]
table = phrase_table(words, shown, told, visited[:100])
page.say(alone=table.loc[negator, ("", "alone")])
for j, word in enumerate(told, 1):
    alone, total, phrase = table.loc[negator, word][["alone", "sum", "phrase"]]
    page.say(**{f"phrase_{j}_text": f"{negator} {word}", f"phrase_{j}": phrase, f"sum_{j}": total, f"word_{j}": alone})
table.style.format("{:+.2f}")

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
gaps = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24]
curves = [word for word in (negator, "never", intensifier, "extremely") if word in index]
heads = torch.cat((words.vectors(curves), neutral[:6]))
chosen = torch.randint(len(neutral), (max(gaps), 4), generator=torch.Generator().manual_seed(0))
between = {"no input": silence(saved.network.cell, max(gaps)), "neutral words": neutral[chosen]}
factors = {kind: by_gap(few, heads, tokens, gaps, visited[:8]) for kind, tokens in between.items()}
openings = {kind: since_the_start(few, tokens, gaps, visited[:60]) for kind, tokens in between.items()}
with page.figure("duration", 3, height=2.7, width=8) as axes:
    for ax, (kind, kappa) in zip(axes, factors.items(), strict=False):
        of_neutral = kappa[:, len(curves) :].quantile(torch.tensor([0.0, 0.5, 1.0]), dim=1).T
        figures.factors_by_gap(ax, gaps, pd.DataFrame(kappa[:, : len(curves)].numpy(), columns=curves), of_neutral, kind)
    axes[1].legend(fontsize=7)
    figures.effect_since_start(axes[2], gaps, openings)
for kind, short in (("no input", "zero"), ("neutral words", "filled")):
    lasts = time_to_fade(gaps, factors[kind][:, [curves.index(word) for word in asked]])
    page.say(**dict(zip((f"lasts_not_{short}", f"lasts_very_{short}"), lasts, strict=True)))
page.say(opening=openings["no input"][0], opening_zero=openings["no input"][-1], opening_filled=openings["neutral words"][-1])

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
at = deflection(few, fixed_points(saved, n_starts, tolerance), n_states)
push = {"modifiers": at.push(contexts), "neutral": at.push(neutral)}
transient = {kind: moved - at.lasting(moved) for kind, moved in push.items()}
factors = {kind: (at.predicted(moved), at.kappa(moved)) for kind, moved in push.items()}
sizes = {kind: spectrum(moved) for kind, moved in transient.items()}
rows = [names.index(word) for word in asked]
dimensions = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12]
removed = {names[i]: without_directions(at, push["modifiers"], push["neutral"], i, dimensions) for i in rows}
deflected = {names[i]: at.selected(push["modifiers"][[i]])[0].mean(0) for i in rows}
with page.figure("mechanism", 4, columns=2, height=2.8) as axes:
    figures.deflected_projections(axes[0], at.selected()[0].mean(0), deflected)
    named = {i: word for i, word in enumerate(names) if word in (negator, "hardly", "but", intensifier)}
    figures.predicted_and_measured(axes[1], factors["modifiers"], factors["neutral"], named)
    figures.share_in_directions(axes[2], {kind: explained(size)[:20] for kind, size in sizes.items()})
    figures.directions_taken_away(axes[3], removed)
page.say(n_places=len(at.places), agreement=agreement(factors), real_share=100 * at.real.double().mean())
page.say(**{f"dimensions_{kind}": n_components(size, 0.8) for kind, size in sizes.items()})
for part, moved in (("transient", transient["modifiers"]), ("lasting", at.lasting(push["modifiers"]))):
    page.say(**dict(zip((f"{part}_not", f"{part}_very"), at.kappa(moved[rows]), strict=True)))
for key, word in (("not", negator), ("very", intensifier)):
    page.say(**{f"whole_{key}": removed[word].loc[0, "modifiers"]})
    page.say(**{f"removed_{key}_{kind.split()[0]}": factor for kind, factor in removed[word].loc[3].items()})

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
frequent = frequent_words(saved, 1000)
third = at[::3]
screened = third.predicted(third.push(saved.network.embedding.weight[frequent]))
ranked = [saved.vocabulary.words[i] for i in frequent[screened.argsort()]]
page.say(least=listed(ranked[:10]), most=listed(ranked[:-11:-1]))
page.say(share_turned=100 * (screened < 0).float().mean(), n_screened=len(frequent))

# %% [markdown]
# Weakest effect of the words after them: {glue:text}`least`. Strongest: {glue:text}`most`. Of the {glue:text}`n_screened` words,
# {glue:text}`share_turned:.1f` % turn it around by this prediction. The lists mix modifiers with words that carry evidence themselves, or
# go with some kind of document: this screening does not tell the two apart.

# %% [markdown]
# ## What came before
#
# *But* is said to discount what stands before it. We present the word, five blanks, then the modifier. The
# factor of what was *before* a modifier measures how much of it is forgotten, that of what comes *after* is the one above.

# %% tags=["hide-input"]
others = ("but", "however", "although", "though", "yet", ".", ",")
later = [word for word in dict.fromkeys((*names, *others)) if word in index]
kappa = before_and_after(few, torch.cat((words.vectors(later), neutral[:60])), visited[:8])
of_modifiers, of_neutral = kappa[: len(later)].set_axis(later), kappa[len(later) :]
marked = {i: word for i, word in enumerate(later) if word in (negator, intensifier, "but", "however", "barely")}
with page.figure("before", width=5, height=3.6) as ax:
    figures.before_against_after(ax, of_modifiers, of_neutral, marked)
bounds = central(torch.tensor(of_neutral["before"].to_numpy()))
but = of_modifiers.reindex(["but"]).loc["but"]
page.say(but_before=number(but["before"]), but_after=number(but["after"]), but_verdict=beside(but["before"], bounds))
page.say(before_low=bounds[0], before_high=bounds[1])
page.say(forgetting=listed(of_modifiers.index[of_modifiers["before"] < bounds[0]]))
page.say(**of_modifiers.std().add_prefix("spread_"))

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
read_by = {name.removesuffix("-seed0"): load(NETWORKS / name) for name in compared}
read_by = {name: other for name, other in read_by.items() if set(asked) <= set(other.vocabulary.index)}
tables = pd.concat({name: in_network(other, asked) for name, other in read_by.items()}, names=["network", "word"])
of_word = {word: tables.xs(word, level="word") for word in asked}
gains = pd.Series({name: gain(other) for name, other in read_by.items()})
with page.figure("modifying", 2, columns=2, height=1.2 + 0.32 * len(gains), sharey=True) as axes:
    for ax, (word, table) in zip(axes, of_word.items(), strict=True):
        figures.modifications(ax, table, table["neutral"][["low", "high"]])
        ax.set_title(word)
    figures.legend_below(ax.figure, ax, fontsize=7)
columns = {f"{word}, {key}": of_word[word][key, "factor"] for key in ("positive", "negative", "both") for word in asked}
columns |= {"neutral, from": table["neutral", "low"], "to": table["neutral", "high"], "gain": gains}
pd.DataFrame(columns).rename_axis("network").reset_index().style.hide(axis="index").format(precision=2)

# %% tags=["hide-input"]
of_not, of_very = (table["both", "factor"] for table in of_word.values())
weaker, stronger = of_not < table["neutral", "low"], of_very > table["neutral", "high"]
page.say(n_compared=len(gains), n_weaker=weaker.sum(), n_stronger=stronger.sum())
page.say(no_weaker=listed(gains.index[~weaker]), no_stronger=listed(gains.index[~stronger]))
page.say(not_lowest=of_not.min(), which_lowest=of_not.idxmin())
page.say(turning=listed(gains.index[(factors_of(of_word[negator])[["positive", "negative"]] < 0).any(axis=1)]))
kinds = [(other.config["architecture"], other.config["dataset"]) for other in read_by.values()]
page.say(**rank_correlations(1 - of_not, gains, pd.DataFrame(kinds, gains.index, ["architecture", "corpus"])))
with page.figure("gain", width=5, height=3.4) as ax:
    figures.gain_against_strength(ax, 1 - of_not, gains, kinds, negator)

# %% [markdown]
# Factors of *not* and *very* on positive words, negative words and both; the range of 95 % of forty neutral words; and the gain over the
# bag of words, in points of test accuracy ({doc}`training`).
#
# ```{glue:figure} fig_modifying
# :name: fig-modifying
# :alt: Two panels with one row per network, the factors of not and of very on positive and negative words with bars, grey bars for neutral words, and a line at one.
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
