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
import json
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML
from myst_nb import glue
from scipy.spatial.distance import squareform

from lib.book import figures
from lib.book.compared import read, shared_words
from lib.book.layers import alone
from lib.book.paper_b import SCORES, kind, paper_b
from lib.book.records import layers_of, record, record_measures
from lib.book.tables import table
from lib.dynamics.similarity import canonical_correlations, dynamical_distances, kinship, leading_components
from lib.training.catalogue import NETWORKS, exists, shorthand, stack_label, stacks
from lib.training.folder import before_training, load
from lib.training.loop import best_epoch

figures.style()
names = networks or [name for name in stacks() if layers_of(name, NETWORKS)]
found = {name: layers_of(name, NETWORKS) for name in names}
short = {name: shorthand(name) for name in names}
metrics = {name: json.loads((NETWORKS / name / "metrics.json").read_text()) for name in names}
places = [stack_label(name, n) for name in names for n in range(len(found[name]))]
flat = [layer for name in names for layer in found[name]]
y = np.arange(len(flat))[::-1]
colors = [figures.ARCHITECTURE["gru"] if len(found[name]) == 1 else figures.ACCENT for name in names for _ in found[name]]
glue("n_stacks", len(names), display=False)

# %% [markdown]
# ## How well they work
#
# The recipe is the paper's (§2.2), but for what {numref}`tab-differences` lists. Each of these differences was undone in GRU₁, one at a
# time; what that does to its dynamics is measured on {doc}`sling`.

# %% tags=["hide-input"]
CHANGES = ("", "-words", "-whole", "-split", "-late")
UNDONE = {change: NETWORKS / f"imdb-gru-glove{change}-seed0" / "metrics.json" for change in CHANGES}
undone = {name: json.loads(path.read_text()) for name, path in UNDONE.items() if path.exists()}
for name in UNDONE:
    accuracy = f"{undone[name]['scores']['test']['accuracy']:.4f}" if name in undone else "not trained yet"
    glue(f"accuracy{name.replace('-', '_')}", accuracy, display=False)
glue("best_of_ten", best_epoch(undone["-late"]["history"], "loss") if "-late" in undone else "not trained yet", display=False)
glue("best_epoch", undone[""]["best_epoch"], display=False)

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
SPLITS = ("train", "validation", "test")
columns = [f"{split} {score}" for score in ("loss", "accuracy") for split in SPLITS]
rows = {}
for name in names:
    scores, epoch = metrics[name]["scores"], metrics[name]["best_epoch"]
    ours = [scores[split][score] for score in ("loss", "accuracy") for split in SPLITS]
    rows[stack_label(name), "here"] = dict(zip(columns, ours, strict=True)) | {
        "best epoch": f"{epoch} of {len(metrics[name]['history'])}"
    }
    if saved := SCORES.get(short[name]):
        rows[stack_label(name), "paper"] = dict(zip(columns, saved["loss"] + saved["accuracy"], strict=True))
accuracies = pd.DataFrame(rows).T.fillna({"best epoch": "—"})
glue("tab_stacks", accuracies.style.format(precision=4, subset=columns), display=False)

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
fig, axes = figures.panels(3, height=0.8 + 0.24 * len(flat), sharey=True)
for ax, (label, key) in zip(
    axes,
    (
        ("variance in two components", "variance in the first 2 PCs"),
        ("components for 90 %", "components for 90 %"),
        ("participation ratio", "participation ratio"),
    ),
    strict=True,
):
    ax.barh(y, [layer[key] for layer in flat], color=colors)
    ax.set(xlabel=label)
    ax.set_yticks(y, places)
axes[2].scatter(
    [layer["untrained participation ratio"] for layer in flat], y, marker="|", s=60, color=figures.INK, label="untrained"
)
axes[2].set_xscale("log")
figures.plain_log(axes[2].xaxis)
axes[2].legend(fontsize=7)
glue("fig_stacks_variance", fig, display=False)
plt.close(fig)

# %% [markdown]
# ```{glue:figure} fig_stacks_variance
# :name: fig-stacks-variance
# :alt: For each layer of each network: share of variance in two components, components needed for 90 percent, participation ratio with its value before training.
#
# Dimension of the states that each layer visits. Compare Fig. 1a, 2, 7, 11 and 15 of {cite:t}`tremblay2020`.
# ```
#
# Ground work below and a decision above would be bars that grow from layer 1 upwards in (a) and shrink in (b) and (c). The distance
# from a bar of (c) to its mark is what training took away; an upper layer reads what the layer below makes of the words, so it may be low
# dimensional without any work of its own.

# %% [markdown]
# ## Jumps at charged words

# %% tags=["hide-input"]
fig, (ax,) = figures.panels(1, columns=1, width=5, height=0.8 + 0.24 * len(flat))
ax.barh(y, [layer["step at charged over other words"] for layer in flat], color=colors)
ax.axvline(1, color=figures.GREY, ls=":")
ax.set(xlabel="median step at charged words over that at others")
ax.set_yticks(y, places)
glue("fig_stacks_steps", fig, display=False)
plt.close(fig)

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
# where modes decay fast, so the points run on to q < 10⁻¹⁰ and are counted again (*further on*); by that count *many* are at least 50
# distinct points, *few* at most 5.

# %% tags=["hide-input", "full-width"]
fig, axes = figures.panels(3, height=0.8 + 0.24 * len(flat), sharey=True)
for ax, (label, key) in zip(
    axes,
    (
        ("distinct fixed points", "distinct points"),
        ("distance to the cloud", "distance to the cloud"),
        ("median angle (°), |λ| > 0.5", "median angle"),
    ),
    strict=True,
):
    ax.scatter([layer[key] for layer in flat], y, color=colors, s=24, zorder=3, clip_on=False)
    ax.set(xlabel=label)
    ax.set_xlim(left=0)
    ax.set_yticks(y, places)
    ax.grid(axis="y", lw=0.4, alpha=0.5)
further = [layer["distinct points further on"] for layer in flat]
axes[0].scatter(further, y, s=40, facecolor="none", edgecolor=colors, label="further on")
axes[0].set(xlim=(-20, 520), ylim=(-0.6, len(flat) - 0.4))
axes[0].legend(fontsize=7, loc="lower right", bbox_to_anchor=(1.02, 0.98), frameon=False)
glue("fig_stacks_points", fig, display=False)
plt.close(fig)
pd.DataFrame(
    {
        place: {
            "kind": kind(layer),
            "distinct points": f"{layer['distinct points']:.0f}",
            "further on": f"{layer['distinct points further on']:.0f}",
        }
        | {
            key: f"{layer[key]:.3f}"
            for key in (
                "share of starts that converge",
                "distance to the cloud",
                "first-axis share",
                "|cos(m, w)| in the plane",
            )
        }
        | {"slowest τ": f"{layer['slowest τ']:.3g}", "complex modes": f"{layer['share of complex modes']:.2f}"}
        for place, layer in zip(places, flat, strict=True)
    }
).transpose()

# %% [markdown]
# ```{glue:figure} fig_stacks_points
# :name: fig-stacks-points
# :alt: For each layer of each network: number of distinct fixed points, their distance to the visited states, and the median angle of their eigenvalues.
#
# Distinct fixed points of each layer on its own (dots: at q < 10⁻⁶; circles: further on), their distance to the nearest visited state (in root mean square distances of the
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
order = sorted((n, i) for i, saved in enumerate(loaded) for n in range(len(saved.network.layers)))
depths, owners = np.array(order).T
level = np.where(depths == 0, "first", "upper")
labels = [f"{stack_label(loaded[i].name)}, {n + 1}" for n, i in order]
distances, families = {}, {}
for state, of in (("trained", lambda saved: saved.network), ("before training", before_training)):
    states = [read(of(saved), saved, documents) for saved in loaded]
    scores = [leading_components(states[i][n], n_components)[0] for n, i in order]
    if state == "trained":
        evidence = [alone(loaded[i], n).network.logit(states[i][n][-1]).numpy() for n, i in order]
    for measure, values in (
        ("geometry", squareform([1 - canonical_correlations(a, b).mean() for a, b in combinations(scores, 2)])),
        ("dynamics", dynamical_distances(scores)),
    ):
        distances[measure, state] = values
        families[measure, state] = kinship(values, level, owners)
fig, axes = figures.panels(4, columns=2, height=3.3, width=7.4)
for ax, ((measure, state), values) in zip(axes, sorted(distances.items(), reverse=True), strict=True):
    figures.distance_matrix(ax, values, labels, [int(edge) for edge in np.flatnonzero(np.diff(depths)) + 1])
    ax.set_title(f"{measure}, {state}")
glue("fig_stacks_alike", fig, display=False)
plt.close(fig)
agreement = np.corrcoef(evidence)
pairs = [(order.index((0, i)), order.index((len(p.network.layers) - 1, i))) for i, p in enumerate(loaded)]
within = [agreement[first, top] for first, top in pairs if first != top]
agreement = agreement[np.triu_indices(len(order), 1)]
for (measure, state), found_kin in families.items():
    key = f"{measure}_{state.split()[0]}"
    for what in ("same", "neither", "p"):
        glue(f"alike_{key}_{what}", getattr(found_kin, what), display=False)
for name, value in (("documents", n_documents), ("length", length), ("components", n_components)):
    glue(f"alike_{name}", value, display=False)
for name, value in (("median", np.median(agreement)), ("least", agreement.min()), ("within", min(within, default=np.nan))):
    glue(f"alike_evidence_{name}", float(value), display=False)
record_measures(
    "stacks-seed0",
    "alike",
    {
        f"distance in dynamics, {state}: {told}": getattr(families["dynamics", state], what)
        for state in ("trained", "before training")
        for what, told in (("same", "both first or both upper layers"), ("neither", "a first and an upper layer"))
    }
    | {"least correlation of evidence, layer 1 and the top layer": min(within, default=np.nan)},
)

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
# readout, in a lower layer the axis between the class means) correlates by {glue:text}`alike_evidence_median:.2f` (median over all pairs; at least
# {glue:text}`alike_evidence_least:.2f`), between the first and the top layer of one stack by at least {glue:text}`alike_evidence_within:.2f`.

# %% [markdown]
# ## The claims, for this seed

# %% tags=["hide-input", "full-width"]
of_stem = {short[name]: found[name] for name in names}
judged = paper_b(of_stem, {short[name]: metrics[name]["scores"]["test"]["accuracy"] for name in names})
judgements = {key: [record("stacks-seed0", key, measures)] for key, measures in judged.items()}
HTML(table({"stacks-seed0": judgements}, ["stacks-seed0"]))
