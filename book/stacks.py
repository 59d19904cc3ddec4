# ---
# jupyter:
#   book:
#     networks: [stacks, measured]
#     reads: [layers]
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
# # One to four layers
#
# *What changes when layers are stacked?* {cite:t}`tremblay2020` trains GRUs of one to four layers on IMDB and sees a division of labour: a
# lowest layer that does the “grunt work” in many dimensions, upper layers that decide in few. The paper has one network of each
# depth. Here are ours of the same seed side by side; {doc}`layers` has every figure for one of them, {doc}`sling` asks what remains over
# seeds.

# %% tags=["parameters"]
networks = []  # empty: the published stacks of book/networks.yml
n_documents = 64  # random documents, on which layers are compared
length = 200  # words in each
n_components = 10

# %% tags=["hide-input"]
import numpy as np
from IPython.display import HTML

from lib.book import figures, page
from lib.book.alike import alike
from lib.book.compared import shared_words
from lib.book.paper_b import record_paper_b
from lib.book.records import record_table
from lib.book.stacks import beside_the_paper, changed_stacks, common_stacks, metrics_of, stack_layers
from lib.book.tables import table
from lib.training import NETWORKS, exists, load, stacks
from lib.training.loop import best_epoch

layers = stack_layers(networks or [*common_stacks(), *changed_stacks()])
names = [name for name in networks or stacks() if name in set(layers.network)]
shown = layers.set_index("network").loc[names].reset_index()
height = 0.8 + 0.24 * len(shown)
page.say(n_stacks=len(names))

# %% [markdown]
# ## How well they work
#
# The recipe is the paper's (§2.2), but for what {numref}`tab-differences` lists. Each of these differences was undone in GRU₁, one at a
# time; what that does to its dynamics is measured on {doc}`sling`.

# %% tags=["hide-input"]
undone = {change: metrics_of(f"imdb-gru-glove{change}-seed0") for change in ("", "-words", "-whole", "-split", "-late")}
for change, metrics in undone.items():
    accuracy = f"{metrics['scores']['test']['accuracy']:.4f}" if metrics else "not trained yet"
    page.say(**{f"accuracy{change.replace('-', '_')}": accuracy})
late = undone["-late"]
page.say(best_epoch=undone[""]["best_epoch"], best_of_ten=best_epoch(late["history"], "loss") if late else "not trained yet")

# %% [markdown]
# ```{list-table} Where our recipe differs from paper B's (its text and released code), and the test accuracy of GRU₁ with the paper's choice.
# :name: tab-differences
# :header-rows: 1
#
# * - what
#   - paper B
#   - here
#   - GRU₁ with the paper's choice (with ours: {glue:text}`accuracy`)
# * - vocabulary
#   - 25,000 words
#   - 10,000 words
#   - {glue:text}`accuracy_words`
# * - documents
#   - whole
#   - their last 400 tokens
#   - {glue:text}`accuracy_whole`
# * - validation
#   - 7,500 of the 25,000 training reviews, at random
#   - a tenth of the training reviews, by movie
#   - {glue:text}`accuracy_split`
# * - end of training
#   - ten epochs, the best one kept
#   - the same, or three epochs without a better validation loss
#   - best of ten: epoch {glue:text}`best_of_ten` (with ours: epoch {glue:text}`best_epoch`)
# ```


# %% tags=["hide-input", "full-width"]
accuracies = beside_the_paper(names)
page.say(tab_stacks=accuracies.style.format(precision=4, subset=list(accuracies.columns[:-1])))

# %% [markdown]
# ```{glue:figure} tab_stacks
# :name: tab-stacks-accuracy
# :figclass: full-width
#
# Losses (nats) and accuracies of our networks without dropout, beside those of the paper (its appendix A; it has none for four layers
# and for 50 dimensions).
# ```

# %% [markdown]
# ## Dimension

# %% tags=["hide-input"]
with page.figure("stacks_variance", 3, height=height, sharey=True) as axes:
    figures.layer_bars(axes[0], shown, "variance in the first 2 PCs", "variance in two components")
    figures.layer_bars(axes[1], shown, "components for 90 %", "components for 90 %")
    figures.layer_bars(axes[2], shown, "participation ratio", "participation ratio", "untrained participation ratio")

# %% [markdown]
# ```{glue:figure} fig_stacks_variance
# :name: fig-stacks-variance
# :alt: For each layer of each network: share of variance in two components, components needed for 90 percent, participation ratio with its value before training.
#
# Dimension of the states that each layer visits. Compare Fig. 1a, 2, 7, 11 and 15 of {cite:t}`tremblay2020`.
# ```
#
# If lower layers did the groundwork, the bars would grow from layer 1 upwards in (a) and shrink in (b) and (c). The distance
# from a bar of (c) to its mark is what training took away; an upper layer reads what the layer below makes of the words, so it may be low
# dimensional without any work of its own.

# %% [markdown]
# ## Jumps at charged words

# %% tags=["hide-input"]
with page.figure("stacks_steps", width=5, height=height) as ax:
    figures.layer_bars(ax, shown, "step at charged over other words", "median step at charged words over that at others")
    ax.axvline(1, color=figures.GREY, ls=":")

# %% [markdown]
# ```{glue:figure} fig_stacks_steps
# :name: fig-stacks-steps
# :alt: For each layer of each network, the size of the step at charged words over the size at other words.
#
# How much further a charged word moves each layer than another word does.
# ```
#
# A layer can have a large ratio in two ways: it jumps at charged words, or it hardly moves at the others. The histograms of
# {doc}`layers` tell which.

# %% [markdown]
# ## Fixed points and spectra
#
# Of each layer on its own, with zero as its input, at q < 10⁻⁶. A layer is called a *line* where the criteria of claim A5 hold in it, along its
# readout (in a lower layer, the axis between the mean states of the two classes). At that tolerance the same point can count many times
# where modes decay fast, so they are refined to q < 10⁻¹⁰ and counted again (*refined*); by that count *many* are at least 50
# distinct points, *few* at most 5.

# %% tags=["hide-input", "full-width"]
with page.figure("stacks_points", 3, height=height, sharey=True) as axes:
    figures.layer_dots(axes[0], shown, "distinct points", "distinct fixed points", "distinct points further on")
    figures.layer_dots(axes[1], shown, "distance to the cloud", "distance to the cloud")
    figures.layer_dots(axes[2], shown, "median angle", "median angle (°), |λ| > 0.5")
columns = {
    "kind": "kind",
    "distinct points": "distinct points",
    "distinct points further on": "refined",
    "share of starts that converge": "share of starts that converge",
    "distance to the cloud": "distance to the cloud",
    "first-axis share": "first-axis share",
    "|cos(m, w)| in the plane": "|cos(m, w)| in the plane",
    "slowest τ": "slowest τ",
    "share of complex modes": "complex modes",
}
points = shown.set_index("place").rename_axis(None)[list(columns)].rename(columns=columns)
points.style.format(precision=3).format("{:.3g}", subset="slowest τ").format("{:.2f}", subset="complex modes")

# %% [markdown]
# ```{glue:figure} fig_stacks_points
# :name: fig-stacks-points
# :alt: For each layer of each network: number of distinct fixed points, their distance to the visited states, and the median angle of their eigenvalues.
#
# Distinct fixed points of each layer on its own (dots: at q < 10⁻⁶; circles: refined), their distance to the nearest visited state (in root mean square distances of the
# states from their mean), and the median angle of the eigenvalues with $|\lambda| > 0.5$.
# ```
#
# All of this holds at zero input, as in the paper. What an upper layer does at the inputs that it really gets is on {doc}`coupled`.

# %% [markdown]
# ## How alike the layers are
#
# *Can similarity be measured?* the paper asks (§5). {doc}`similarity` does it for whole networks; here are the layers of the published
# stacks, all of them at work on the same words: {glue:text}`alike_documents` random documents of {glue:text}`alike_length` words that no network
# has seen. *Geometry* is the mean of $1 - \rho_k$ over the canonical correlations of the first {glue:text}`alike_components` components,
# *dynamics* the distance between the linear maps that step them best, {eq}`eq-distances`. The layers stand in the order of their depth, so
# that a division of labour is a pattern of blocks. The same is done before training, with the layers as the seed drew them.

# %% tags=["hide-input"]
loaded = [load(NETWORKS / name) for name in names if exists(name)]
words, shares, _ = shared_words(loaded)
documents = np.random.default_rng(0).choice(words, (length, n_documents), p=shares)
compared = alike(loaded, documents, n_components)
with page.figure("stacks_alike", 4, columns=2, height=3.3, width=7.4) as axes:
    figures.layer_distances(axes, compared.distances, compared.layers)
kin = compared.table()
record_table("stacks-seed0", "alike", kin)
page.say(alike_documents=n_documents, alike_length=length, alike_components=n_components)
page.say(**{f"alike_{row.measure}_{row.state.split()[0]}_{row.pairs}": row.value for row in kin.itertuples()})

# %% [markdown]
# ```{glue:figure} fig_stacks_alike
# :name: fig-stacks-alike
# :alt: Four heat maps of distances between the layers of all published stacks, ordered by depth: geometry and dynamics, trained and before training. In the dynamics the first layers form one dark block and the upper layers another, in both.
#
# Distances between layers, ordered by depth (white lines), dark where they are close; each scale starts at zero.
# ```
#
# In their dynamics the layers fall into two families. Two first layers, or two upper ones, of different networks are
# {glue:text}`alike_dynamics_trained_same:.2f` apart on average, a first and an upper one {glue:text}`alike_dynamics_trained_neither:.2f`
# (p = {glue:text}`alike_dynamics_trained_p:.3f` by permuting the layers within each network); the only layer of GRU₁ is one of the first. So there is a
# pattern in what looks like none. But most of it is not learned: before training it is {glue:text}`alike_dynamics_before_same:.2f` and
# {glue:text}`alike_dynamics_before_neither:.2f`. An upper layer reads what a layer below has smoothed, and that alone makes it slow; training
# blurs the two families rather than making them. In geometry the families are {glue:text}`alike_geometry_trained_same:.2f` and
# {glue:text}`alike_geometry_trained_neither:.2f`, and {glue:text}`alike_geometry_before_same:.2f` and
# {glue:text}`alike_geometry_before_neither:.2f` before training. What the layers say is nearly the same: after the last word, their evidence (along the
# readout, in a lower layer the axis between the class means) correlates by {glue:text}`alike_evidence_trained_median:.2f` (median over all pairs; at least
# {glue:text}`alike_evidence_trained_least:.2f`), between the first and the top layer of one stack by at least {glue:text}`alike_evidence_trained_within:.2f`.

# %% [markdown]
# ## The claims, for this seed

# %% tags=["hide-input", "full-width"]
judged = record_paper_b(layers)["stacks-seed0"]
HTML(table({"stacks-seed0": {claim: [judgement] for claim, judgement in judged.items()}}, ["stacks-seed0"]))
