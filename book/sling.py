# ---
# jupyter:
#   book:
#     networks: [stacks, measured]
#     reads: [stacks, layers, coupled]
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
# # Is the sling real?
#
# *Which effects come from depth, and which from one network's seed?* {cite:t}`tremblay2020` trains one network of each depth, finds a lower layer
# that works in many dimensions and upper layers that “arm the sling”, and says itself that no pattern holds. Here every depth is trained
# from several seeds, and the causes that the paper suggests are tested one at a time.

# %% tags=["parameters"]
seeds = [0, 1, 2]
sample_starts = 150  # states of each other sample of documents
brief = 5  # tokens; below that a mode is short-lived

# %% tags=["hide-input"]
import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from lib.book import figures, page
from lib.book.alike import alike_measures
from lib.book.at_rest import at_rest, discs
from lib.book.depth import coupled_against_alone, differing_kinds, falls, from_layer_to_layer, held
from lib.book.html import number, span
from lib.book.layers import by_sample
from lib.book.ledger import REPRODUCED
from lib.book.over_seeds import claims_over_seeds
from lib.book.recipes import changes, over_seeds, reach
from lib.book.records import judgements, record, table_of
from lib.book.stacks import changed_stacks, common_stacks, coupled_layers, stack_layers
from lib.book.statistics import interval
from lib.dynamics.stack import INITIAL_CENTRE, INITIAL_RADIUS
from lib.training import NETWORKS, load, stack_label, stacks
from lib.training.catalogue import PAPER_B

layers = stack_layers(common_stacks(seeds)).sort_values(["depth", "layer", "seed"], ignore_index=True)
changed = stack_layers(changed_stacks())
coupled = coupled_layers(common_stacks(seeds)).sort_values(["depth", "layer", "seed"], ignore_index=True)
deep = coupled[coupled.depth > 1]
n_seeds = layers.groupby("stack").seed.nunique()
page.say(n_seeds=", ".join(f"{stack} {n}" for stack, n in n_seeds.items()), brief=brief)

# %% [markdown]
# ## Every layer of every seed
#
# Seeds: {glue:text}`n_seeds`.

# %% tags=["hide-input", "full-width"]
SHOWN = {  # how the claims about depth see a layer
    "variance in the first 2 PCs": "variance in two components",
    "components for 90 %": "components for 90 %",
    "distinct points": "distinct fixed points",
    "distinct points further on": "the same, refined",
    "first-axis share": "first-axis share",
    "distance to the cloud": "distance to the cloud",
    "median angle": "median angle (°)",
    "slowest τ": "slowest τ (tokens)",
}
with page.figure("seeds", len(SHOWN), columns=2, height=0.9 + 0.2 * layers.place.nunique(), sharey=True) as axes:
    for ax, (measure, title) in zip(axes, SHOWN.items(), strict=True):
        figures.seeds_by_layer(ax, layers, measure, title, lambda seeds: interval(seeds)[1:], log=measure == "slowest τ")
kinds = layers.assign(kind=layers.kind + np.where(layers["slowest τ"] < brief, "*", ""))
by_seed = kinds.pivot(index="place", columns="seed", values="kind").reindex(layers.place.unique())
by_seed.rename(columns="seed {}".format).rename_axis(index=None, columns=None).fillna("—")

# %% [markdown]
# ```{glue:figure} fig_seeds
# :name: fig-seeds
# :alt: Eight panels with a row for each layer of each depth and a dot for each seed: variance in two components, components for 90 percent, number of distinct fixed points at two tolerances, first-axis share, distance to the visited states, median angle of the eigenvalues, slowest time constant.
#
# Measures of each layer on its own, one dot per seed; lines: 95 % intervals of the mean of three seeds or more (bootstrap; of τ
# the geometric mean). The table says what each layer looks like: a *line* along its readout, or *many*, *some* or *few* points; with a
# star where the slowest mode at them lasts less than {glue:text}`brief` tokens (median over up to three points).
# ```

# %% [markdown]
# ## The claims over seeds

# %% tags=["hide-input", "full-width"]
recorded = judgements(f"stacks-seed{seed}" for seed in seeds)
judged = {
    f"B{n}": [of_seed[f"B{n}"] for of_seed in recorded.values() if f"B{n}" in of_seed] for n in (*range(1, 10), "4b", "7b")
}
claims_over_seeds({claim: over for claim, over in judged.items() if over}).style.hide(axis="index")

# %% [markdown]
# ## Alone or coupled
#
# On its own a layer reads zero, which in the network only the lowest may ever read. {numref}`fig-alone-coupled` compares
# fixed points and spectra of each layer on its own with those it has in the coupled stack ({doc}`coupled`).

# %% tags=["hide-input", "full-width"]
COUPLED = {
    "distance to the cloud": "distance to the cloud",
    "median angle": "median angle (°), |λ| > 0.5",
    "slowest τ": "slowest τ (tokens)",
    "modes with τ > 10": "modes with τ > 10",
}
with page.figure("alone_coupled", 4, columns=2, height=1 + 0.24 * deep.place.nunique(), sharey=True) as axes:
    for ax, (measure, title) in zip(axes, COUPLED.items(), strict=True):
        figures.alone_and_coupled(ax, deep, measure, title, log=measure == "slowest τ")
    figures.legend_below(axes[0].figure, axes[0], columns=2)
compared = coupled_against_alone(deep)
page.say(n_upper=len(compared), **{f"n_{how}": int(compared[how].sum()) for how in ("nearer", "calmer", "slower")})
page.say(**{how: int(compared[how].sum()) for how in ("outlasts_alone", "outlasts_coupled")})
RANGES = {"zero": "at zero", "one": "at one resting state below (median)", "nine": "over the nine"}
page.say(**{f"range_{key}": f"{deep[f'range {where}'].median():.2f}" for key, where in RANGES.items()})

# %% [markdown]
# ```{glue:figure} fig_alone_coupled
# :name: fig-alone-coupled
# :alt: For each layer of each stack and each seed, the median angle of its eigenvalues, its slowest time constant, its number of slow modes and the distance of its fixed points to the visited states, alone and in the coupled stack.
#
# Fixed points of each layer, and spectra at up to three of them: on its own with zero as its input (black) and in the coupled stack
# (orange); one dot per seed.
# ```
#
# Of {glue:text}`n_upper` upper layers, {glue:text}`n_nearer` have their fixed points nearer to the visited states in the coupled stack than
# alone, in {glue:text}`n_calmer` the modes turn less, and in {glue:text}`n_slower` more of them outlast ten tokens. The slowest mode of an upper
# layer outlasts that of the lowest layer of its stack in {glue:text}`outlasts_alone` of them alone, and in {glue:text}`outlasts_coupled` coupled.
#
# Along its readout, an upper layer's resting places cover {glue:text}`range_zero` standard deviations of the visited states at zero input
# (median over these layers), {glue:text}`range_one` with one resting state of the layer below as its constant input, and {glue:text}`range_nine` over
# nine such states from one end of that layer's line to the other. The second is the evidence that it keeps by itself; by as much as the
# third exceeds it, it repeats what it is told.

# %% [markdown]
# ## What the sling is made of
#
# What the paper sees at the few fixed points of upper layers, “almost exclusively rotations” with positive real parts (§3.4), a GRU
# shows before it has learned anything. Near $\mathbf{h} = 0$ with zero as its input, the gates of a GRU as it is drawn are half open, so that
#
# $$
# \mathbf{J}^{\mathrm{rec}} \approx \tfrac{1}{2} \mathbf{I} + \tfrac{1}{4} \mathbf{U}_n ,
# $$ (eq-disc)
#
# and the entries of $\mathbf{U}_n$ are drawn evenly within $\pm N^{-1/2}$. By the circular law {cite:p}`girko1985` the eigenvalues of such a matrix
# fill a disc: here around ½, with a radius of $1 / (4 \sqrt{3}) \approx$ {glue:text}`drawn_radius:.3f` whatever the size of the layer. Most come in complex pairs with a
# positive real part, and none lasts longer than {glue:text}`drawn_tau:.1f` tokens. {numref}`fig-disc` shows where each layer with *few* points
# comes to rest from $\mathbf{h} = 0$, trained and before training, beside the networks of one layer.

# %% tags=["hide-input", "full-width"]
published = [load(NETWORKS / name) for name in stacks()]
resting = {place: pair for saved in published for place, pair in at_rest(saved).items()}
kinds = stack_layers(stacks()).set_index("place").kind
still = {place: pair for place, pair in resting.items() if kinds[place] == "few" or "layer" not in place}
with page.figure("disc", len(still), height=2.5) as axes:
    spectra = {place: [values.numpy() for values in pair] for place, pair in still.items()}
    figures.discs(axes, spectra, (INITIAL_CENTRE, INITIAL_RADIUS))
table = discs(resting)
table.insert(0, "kind", kinds)
page.say(tab_disc=table.style.format(precision=3))
page.say(drawn_radius=INITIAL_RADIUS, drawn_tau=float(-1 / np.log(INITIAL_CENTRE + INITIAL_RADIUS)))
above = layers[layers.layer > 1]
few = above[above.kind == "few"]
asleep, awake = few[few["slowest τ"] < brief], few[few["slowest τ"] >= brief]
page.say(n_above=len(above), n_few=len(few), n_asleep=len(asleep), n_awake=len(awake))
page.say(asleep_tau=span(asleep["slowest τ"]), asleep_angle=span(asleep["median angle"]))
page.say(awake_tau=span(awake["slowest τ"]), awake_distance=span(awake["distance to the cloud"]))

# %% [markdown]
# ```{glue:figure} fig_disc
# :name: fig-disc
# :alt: Eigenvalues in the complex plane where layers with few fixed points come to rest from zero: trained and untrained ones fill the same small disc around one half; those of the trained GRU of one layer stretch along the real axis to one.
#
# Eigenvalues where a layer comes to rest from $\mathbf{h} = 0$ with zero as its input: before training (grey) and trained (orange), with
# the circle of {eq}`eq-disc` (dashed) and the unit circle.
# ```
#
# ```{glue:figure} tab_disc
# :name: tab-disc
# :figclass: full-width
#
# The disc that the eigenvalues of each layer fill there: its centre (median real part) and radius (from that of the circle that holds 95 %
# of them), before and after training, and the largest magnitude of any of them. In theory before training: 0.5 and
# {glue:text}`drawn_radius:.3f`.
# ```
#
# Over all seeds {glue:text}`n_few` of {glue:text}`n_above` upper layers have few points, and in {glue:text}`n_asleep` of these no mode at them lasts
# {glue:text}`brief` tokens: the slowest lasts {glue:text}`asleep_tau`, and the median angle is {glue:text}`asleep_angle` degrees (medians over up to three points). Such a
# layer has not armed anything. Its weights have learned, but what they have learned shows only at the states and inputs of reading; at
# zero input and near $\mathbf{h} = 0$, where neither of these is, the layer is still as it was drawn. Other layers have left the disc, or
# keep it with a mode that grows ($|\lambda| > 1$) and takes the state away from there. In {glue:text}`n_awake` layers with few points, and in those of
# GRU₃-d50, the points lie elsewhere, {glue:text}`awake_distance` spreads of the states from the nearest visited one, and the slowest mode
# there lasts {glue:text}`awake_tau` tokens: the opposite of a sling. What this does not say is why some layers leave the disc and others do
# not.

# %% [markdown]
# ## Causes
#
# One thing changed at a time in GRU₁ and GRU₃: batches of 16; word vectors of 50 dimensions; a vocabulary of 25,000 words, whole documents, and a
# random validation split, as in the paper; a fifth of the training documents; and the weights of the last epoch instead of the best one.
# {numref}`fig-causes` and {numref}`tab-causes` show each beside the seeds of the common recipe. A change counts where it is large against
# what another seed does: the difference from the mean over seeds, in their standard deviations.

# %% tags=["hide-input", "full-width"]
measures = [measure for measure in SHOWN if measure != "slowest τ"]
moved = changes(layers, changed, measures).assign(stack=lambda rows: rows.network.map(stack_label))
depths = {stack_label(name): stack_label(name).partition("-")[0] for name in changed_stacks()}
usual = {stack: reach(n_seeds[depth]) for stack, depth in depths.items()}
with page.figure("causes", width=6, height=1 + 0.32 * len(usual)) as ax:
    figures.recipe_changes(ax, moved, usual, bound=2)
batch = moved[moved.network.str.contains("b16")]["size"].median()
record("stacks-seed0", "B10", {"median change over the spread of seeds": batch})

# %% [markdown]
# ```{glue:figure} fig_causes
# :name: fig-causes
# :alt: A row for each changed recipe: the size of the change of every measure of every layer, relative to the spread over seeds, with the median.
#
# Change of every measure of every layer under another recipe, in standard deviations over the seeds of the common one; bars: medians;
# dotted: the bound of claim B10. Shaded: where one more seed of the common recipe would fall nine times in ten, by Student's t from as few
# seeds as there are. A measure whose seeds agree exactly has no dot.
# ```

# %% tags=["hide-input", "full-width"]
COMPARED = {
    "test accuracy": "{:.4f}",
    "steps": "{:.0f}",
    "variance in the first 2 PCs": "{:.2f}",
    "components for 90 %": "{:.0f}",
    "distinct points further on": "{:.0f}",
    "distance to the cloud": "{:.2f}",
    "median angle": "{:.1f}",
    "slowest τ": "{:.3g}",
}
recipes = pd.concat([layers[layers.depth.isin(changed.depth)], changed]).sort_values("depth", kind="stable")
page.say(tab_causes=over_seeds(recipes, COMPARED).rename(columns={"median angle": "median angle (°)"}).style)
ones = recipes[recipes.depth == 1]
by_steps = spearmanr(ones["steps"], ones["components for 90 %"])
page.say(n_ones=len(ones), steps_correlation=float(by_steps.statistic), steps_p=float(by_steps.pvalue))
medians = moved.groupby("stack")["size"].median().reindex(list(usual)).dropna()
beyond = [stack for stack, size in medians.items() if stack.startswith("GRU₁") and size > usual[stack]]
lines = [row.stack for row in changed.itertuples() if row.depth == 1 and row.kind == "line"]
page.say(more_than_a_seed=" and ".join(beyond) or "none", still_lines=", ".join(lines) or "none")
d50 = [judgement.measures["layers of another kind than with 100 dimensions"] for judgement in judged["B8"]]
page.say(seed_kinds=f"{differing_kinds(layers[layers.depth == 3]):.1f}", d50_kinds=number(next(iter(d50), None)))

# %% [markdown]
# ```{glue:figure} tab_causes
# :name: tab-causes
# :figclass: full-width
#
# What each change does: the common recipe (mean ± standard deviation over its seeds), and below it each changed one. *b16*: batches of 16; *d50*:
# vectors of 50 dimensions; *words*: 25,000 words; *whole*: documents uncut; *split*: 7,500 reviews at random for validation; *small*: 5,000
# training reviews; *late*: the weights of the tenth epoch. *Steps*: of Adam, up to the epoch that was kept. Only the common recipe has
# several seeds.
# ```
#
# In GRU₁ the typical measure moves further than another seed would move it under {glue:text}`more_than_a_seed`, and under no other
# change; a line along the readout remains under {glue:text}`still_lines`. So what differs from the paper's recipe (*words*, *whole*,
# *split*) is not what matters. Batches of 16 and the tenth epoch do the same thing: the states take more dimensions, and their slow points
# spread over more than a line. Both are *more training*, since an epoch in batches of 16 has four times as many steps. Over all
# {glue:text}`n_ones` networks GRU₁, looked at after the fact, the number of components for 90 % of the variance goes with the number of steps (Spearman's ρ =
# {glue:text}`steps_correlation:.2f`, p = {glue:text}`steps_p:.3f`). It is not over-fitting as such: with a fifth of the documents the network over-fits too,
# in few steps, and becomes lower dimensional. That the paper suspects batch size and over-fitting (§5) fits: of the two, what they share.
# The recipes have one network each, so this is a lead rather than a law.
#
# With 50 dimensions {glue:text}`d50_kinds` of three layers is of another kind (B8); between two seeds of the common recipe it is {glue:text}`seed_kinds`
# (mean over the pairs). A change that is no larger than that of another seed cannot be attributed to the recipe.

# %% [markdown]
# ## Which documents
#
# The starts of the search and the principal components come from states visited on random test documents. The released analysis of the
# paper took the first batches of a length-sorted iterator, its shortest reviews, and the paper asks whether training documents would
# give other dynamics (B12).

# %% tags=["hide-input", "full-width"]
paper_b = [saved for saved in published if saved.config["variant"] == PAPER_B]
samples = pd.concat(by_sample(saved, sample_starts).assign(network=saved.name) for saved in paper_b)
samples["place"] = [stack_label(name, n - 1) for name, n in zip(samples.network, samples.layer, strict=True)]
apart = samples[samples["sample"] != "test"].groupby("sample").distance.median()
alike = table_of(["stacks-seed0"], "alike")
distances = {f"median distance of fixed points, {sample} documents": apart[sample] for sample in ("train", "shortest")}
record("stacks-seed0", "B12", distances | alike_measures(alike))
page.say(sample_starts=sample_starts, apart_train=apart["train"], apart_shortest=apart["shortest"])
shown = samples.set_index(["place", "sample"])[["variance in the first 2 PCs", "distinct points", "distance"]]
shown = shown.unstack("sample").loc[samples.place.unique()].drop(columns=("distance", "test"))
page.say(tab_documents=shown.rename_axis(index=None, columns=[None, None]).style.format(precision=3))

# %% [markdown]
# ```{glue:figure} tab_documents
# :name: tab-documents
# :figclass: full-width
#
# Variance in two components and distinct fixed points from {glue:text}`sample_starts` states each: random test documents, random training
# documents (*train*) and the shortest test documents (*shortest*). *Distance*: of a point found from those to the nearest one found from
# test documents, in root mean square distances of the states from their mean.
# ```

# %% [markdown]
# ## From layer to layer
#
# The paper says more than the ledger asks: that the layers of a stack are “lower and lower” dimensional (§6); that layer 1 of GRU₂ and of GRU₄
# needs three times as many components as GRU₁ (§4); that GRU₃'s upper layers start far from where they will be, as if repelled by
# their fixed points (§3.4), while those of GRU₂ start in the middle (§4.1). {numref}`tab-from-layer-to-layer` shows the numbers.

# %% tags=["hide-input", "full-width"]
ALONG = {
    "components for 90 %": "{:.0f}",
    "how far out the start lies": "{:.1f}",
    "unstable modes": "{:.1f}",
    "slowest τ": "{:.3g}",
}
page.say(tab_along=from_layer_to_layer(layers, ALONG).rename(columns={"slowest τ": "slowest τ (tokens)"}).style)
lower = falls(layers)
page.say(lower=f"{lower.sum()} of {len(lower)} stacks")

# %% [markdown]
# ```{glue:figure} tab_along
# :name: tab-from-layer-to-layer
# :figclass: full-width
#
# Medians over seeds, from the lowest layer to the highest, each on its own: components for 90 % of the variance; distance of the state
# $\mathbf{h} = 0$ before the first word to the nearest twentieth of the visited states, over the same for a visited state (1: as far out as
# any); modes with $|\lambda| > 1$ at up to three fixed points; slowest time constant. *Lower and lower*: seeds in which each layer needs
# fewer components than the one below.
# ```

# %% [markdown]
# ## What the paper asks, and what these networks answer

# %% tags=["hide-input"]
for claim in (f"B{n}" for n in range(1, 10)):
    n_held = sum(judgement.verdict == REPRODUCED for judgement in judged[claim])
    page.say(**{f"held_{claim}": f"{n_held} of {len(judged[claim])} seeds"})
page.say(**{f"n_{what}": f"{true.sum()} of {len(true)}" for what, true in held(layers).items()})
lowest = coupled[(coupled.layer == 1) & (coupled.how == "alone")]
for name, rows in (("one", lowest[lowest.depth == 1]), ("first", lowest[lowest.depth > 1])):
    slow = rows["modes with τ > 10"]
    page.say(**{f"slow_{name}": f"{slow.median():.0f} [{slow.min():.0f}, {slow.max():.0f}]"})
between = alike[alike.state == "trained"].set_index(["measure", "pairs"])["value"]
page.say(alike_least=f"{between['evidence', 'within']:.2f}")
page.say(alike_same=f"{between['dynamics', 'same']:.2f}", alike_neither=f"{between['dynamics', 'neither']:.2f}")
page.say(median_change=", ".join(f"{stack} {size:.1f}" for stack, size in medians.items()))

# %% [markdown]
# - **Does the lowest layer do the ground work, and do upper ones decide?** (§3.1, §3.2) As a matter of dimension, yes. The first layer needs
#   more components for 90 % of its variance than any GRU₁ in {glue:text}`n_wider` stacks, an upper layer fewer in
#   {glue:text}`n_narrower` cases, and charged words move an upper layer more than the first, relative to other words, in {glue:text}`n_jumps` (at the same states, where that was measured, in
#   {glue:text}`n_jumps_same`: {doc}`layers`). But the
#   decision does not wait for the top: the evidence in layer 1 correlates with that in the top layer by {glue:text}`alike_least` or more
#   ({doc}`stacks`). Upper layers clean up what the first already knows.
# - **Do layers get lower and lower dimensional?** (§6) From the first to the second, in {glue:text}`n_second` stacks; all the way up, in
#   {glue:text}`lower` ({numref}`tab-from-layer-to-layer`). Two components are a floor that is reached early.
# - **Why is the only layer of GRU₁ lower dimensional than the first layer of a stack?** (§5) It has to remember what it reads, and a first
#   layer can leave that to the next; slow modes gather the variance in few directions. Of 256 modes, {glue:text}`slow_one` outlast ten tokens in
#   GRU₁ and {glue:text}`slow_first` in the first layer of a stack (median and range over seeds). A tendency, then, rather than a proof.
# - **Where is the line attractor?** (§4) In GRU₁ in every seed, in the first layer of {glue:text}`n_first_lines` stacks, and in
#   {glue:text}`n_upper_lines` upper layers on their own: not where the paper finds it, in layer 2 of GRU₂ (B6: {glue:text}`held_B6`) and layer 4 of GRU₄
#   (B7: {glue:text}`held_B7`). In the stack as it runs, memory lies above all the same: {glue:text}`outlasts_coupled` of
#   {glue:text}`n_upper` upper layers have a slower mode than layer 1 ({numref}`fig-alone-coupled`).
# - **Is the sling real?** (§3.4) What the paper sees is there: {glue:text}`n_asleep` of {glue:text}`n_above` upper layers have a few points with a cloud of
#   short-lived complex modes. What it takes them for is not. The modes do not go away from the point, they decay within
#   {glue:text}`asleep_tau` tokens; they turn by a few degrees; and they are those of a GRU that has learned nothing, seen at a zero input which an
#   upper layer never reads ({numref}`fig-disc`). Coupled, {glue:text}`n_slower` of {glue:text}`n_upper` upper layers have more modes that outlast ten tokens than alone. Whether a layer
#   looks like a sling is up to the seed: B4 {glue:text}`held_B4`, B5 {glue:text}`held_B5`.
# - **Does a small change of the recipe change everything?** (§5) Some do. The median change, in standard deviations over seeds, of which another
#   seed makes about one: {glue:text}`median_change` ({numref}`fig-causes`). In GRU₁ it seems to be the number of training steps that counts, by way of small batches or
#   of late epochs; vocabulary, cut and split hardly do. But much of what looks like the recipe is the seed: two seeds of the
#   same GRU₃ differ in the kind of {glue:text}`seed_kinds` of three layers.
# - **Would training documents show other dynamics?** (§5) No. Fixed points found from states on training documents lie
#   {glue:text}`apart_train:.3f` spreads of the states from those on test documents, from the shortest test documents
#   {glue:text}`apart_shortest:.3f`.
# - **Can similarity be measured?** (§5) Yes, and it shows the pattern that single networks hide: in their dynamics two first layers, or two upper
#   ones, are {glue:text}`alike_same` apart, a first and an upper one {glue:text}`alike_neither`. Most of this is there before training
#   ({numref}`fig-stacks-alike`). {doc}`similarity` compares whole networks.
