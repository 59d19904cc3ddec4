# ---
# jupyter:
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
# # How similar are the networks?
#
# *Is it one mechanism, or as many as there are networks?* {cite:t}`maheswaranathan2019` (§4.7, §5) find a line attractor in every
# architecture and speak of a “universality of mechanism”. In a second paper of the same year the authors compare networks trained on
# other tasks: the geometry of their states depends on the architecture, while the topology of their fixed points and their linearized
# dynamics often appear universal {cite:p}`maheswaranathan2019universality`. Page {doc}`universality` asks of each network whether it has
# the mechanism; this one compares the networks with each other, without presupposing one.

# %% tags=["parameters"]
networks = []  # empty: paper A's twelve
n_documents = 64
length = 200  # words in each
n_components = 10
n_starts = 500
tolerance = 1e-8

# %% tags=["hide-input"]
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from myst_nb import glue
from scipy.spatial.distance import squareform
from scipy.stats import spearmanr
from sklearn.manifold import MDS

from lib.book import figures
from lib.book.compared import read, shared_words
from lib.book.reviews import example_reviews, reading_of
from lib.book.searches import N_MODES, fixed_points, linearize
from lib.dynamics.similarity import (
    canonical_correlations,
    deviations,
    dynamical_distances,
    kinship,
    leading_components,
    leading_time_constants,
    spectral_distance,
)
from lib.text.vocabulary import tokenize
from lib.training.catalogue import NETWORKS, exists, paper_a
from lib.training.folder import before_training, load

figures.style()
names = networks or [name for name in paper_a() if exists(name)]
if len(names) < 2:
    raise ValueError("This page compares networks: give `networks` at least two that share words.")
order = {"architecture": list(figures.ARCHITECTURE), "dataset": list(figures.CORPUS)}
found = [load(NETWORKS / name) for name in names]
found.sort(key=lambda saved: [known.index(saved.config[key]) for key, known in order.items()])
kinds = [(saved.config["architecture"], saved.config["dataset"]) for saved in found]
architectures, corpora = np.array(kinds).T
n = len(found)
glue("n_networks", n, display=False)
glue("n_architectures", len(set(architectures)), display=False)
glue("n_corpora", len(set(corpora)), display=False)
glue("n_documents", n_documents, display=False)
glue("length", length, display=False)
glue("n_components", n_components, display=False)
glue("n_modes", N_MODES, display=False)

# %% [markdown]
# ## The same words for all
#
# Networks can be compared only on what all of them read. The texts of the corpora are not in this repository, so we use two
# substitutes. {numref}`fig-same-review` lets the {glue:text}`n_networks` networks read two of the book's example reviews. For everything
# else we draw {glue:text}`n_documents` documents of {glue:text}`length` words at random, with the frequency that words have in the
# evidence of the networks, out of the {glue:text}`n_words` that all vocabularies share; these cover
# {glue:text}`coverage:.0f` % of the running text. Such documents have no syntax. In exchange, successive words are independent, so that
# whatever outlasts a word is the work of the network.

# %% tags=["hide-input"]
words, shares, coverage = shared_words(found)
glue("n_words", len(words), display=False)
glue("coverage", 100 * coverage, display=False)
reviews = {
    "a film (positive)": example_reviews("imdb")["positive"],
    "a restaurant (negative)": example_reviews("yelp")["negative"],
}
fig, axes = figures.panels(2, columns=2, height=2.9, sharey=True)
signs = []
for ax, (title, text) in zip(axes, reviews.items(), strict=True):
    for saved, (architecture, corpus) in zip(found, kinds, strict=True):
        known = [word for word in tokenize(text) if all(word in other.vocabulary.index for other in found)]
        logits = reading_of(saved, known).logits.numpy()
        signs.append((logits[-1] > 0) == ("positive" in title))
        figures.evidence_trace(ax, logits, architecture, corpus)
    ax.set_title(title)
axes[1].set_ylabel("")
figures.network_legend(fig, kinds, before=False)
glue("fig_same_review", fig, display=False)
plt.close(fig)
glue("n_right", int(np.sum(signs)), display=False)
glue("n_read", len(signs), display=False)

# %% [markdown]
# ```{glue:figure} fig_same_review
# :name: fig-same-review
# :alt: Logit of every network against the words read, for a positive film review and a negative restaurant review; the lines of all networks rise and fall at the same words.
#
# The logit of every network while it reads the same review, reduced to the words that all of them know. Colour: architecture;
# dashes: corpus.
# ```
#
# In {glue:text}`n_right` of {glue:text}`n_read` readings the final logit has the sign of the review; networks trained on films that read
# about a restaurant, and the reverse, are counted as well.

# %% [markdown]
# ## Four distances
#
# Let $\mathbf{h}^i_{dt}$ be the state of network $i$ after word $t$ of document $d$. What depends on the words is its deviation from
# the mean over documents, of which we keep the first {glue:text}`n_components` principal components, $\mathbf{z}^i_{dt}$
# ({glue:text}`kept_low:.0f`–{glue:text}`kept_high:.0f` % of the variance of the trained networks). From the weakest notion to the
# strictest, two networks $i$ and $j$ are
#
# $$
# \begin{aligned}
# \text{function:}\quad & 1 - r(y^i, y^j) && y = \mathbf{w} \cdot \mathbf{h} + b, \text{ the logit} \\
# \text{geometry:}\quad & 1 - \tfrac{1}{K}\textstyle\sum_k \rho_k(\mathbf{z}^i, \mathbf{z}^j) && \rho_k \text{ canonical correlations} \\
# \text{spectra:}\quad & W_1(\log_{10} \tau^i, \log_{10} \tau^j) && \tau \text{ of the leading modes of } \mathbf{J}^{\mathrm{rec}} \\
# \text{dynamics:}\quad & W_2(\lambda(\mathbf{A}^i), \lambda(\mathbf{A}^j)) && \mathbf{A} = \arg\min \textstyle\sum \lVert \mathbf{z}_{t+1} - \mathbf{A} \mathbf{z}_t \rVert^2
# \end{aligned}
# $$ (eq-distances)
#
# apart. Canonical correlations are the cosines of the principal angles between the two state spaces over all $(d, t)$; taken after
# principal components this is SVCCA {cite:p}`raghu2017`, the measure of the second paper. It counts each of the
# components alike and does not change when a state space is rotated, stretched or sheared. $W_1$ and $W_2$ are Wasserstein distances:
# how far one distribution has to be moved to become the other. The spectra are those at the slow points of {doc}`eigenmodes`, the
# {glue:text}`n_modes` leading modes of each, decaying or growing, and their distance is in decades: 0.3 is a factor of two in time
# constant. The last line is dynamical
# similarity analysis {cite:p}`ostrow2023`, in its variant that compares eigenvalues. It needs no fixed points: a linear map is fitted to
# the trajectories, here without delays because the states are observed and delayed ones would carry the words in between.
#
# Every distance is also measured to the networks **before training**: the cell and the readout as the seed drew them, under the trained
# word vectors. What a trained network shares with these it owes to its architecture or to its word vectors.

# %% tags=["hide-input"]
rng = np.random.default_rng(0)
documents = rng.choice(words, (length, n_documents), p=shares)
readers = [saved.network for saved in found] + [before_training(saved) for saved in found]
states = [read(network, saved, documents)[-1] for network, saved in zip(readers, found * 2, strict=True)]
logits = [deviations(network.logit(state)).flatten().numpy() for network, state in zip(readers, states, strict=True)]
components, kept = zip(*(leading_components(state, n_components) for state in states), strict=True)
systems = [linearize(saved, fixed_points(saved, n_starts, tolerance))[1].time_constants for saved in found]
taus = systems + [
    leading_time_constants(network.cell, state[-1]) for network, state in zip(readers[n:], states[n:], strict=True)
]
correlations = {(i, j): canonical_correlations(components[i], components[j]) for i, j in combinations(range(2 * n), 2)}
distances = {
    "function": 1 - np.corrcoef(logits),
    "geometry": squareform([1 - rho.mean() for rho in correlations.values()]),
    "spectra": squareform([spectral_distance(a, b) for a, b in combinations(taus, 2)]),
    "dynamics": dynamical_distances(components),
}
trained = {measure: values[:n, :n] for measure, values in distances.items()}
turn = torch.linalg.qr(torch.randn(states[0].shape[-1], states[0].shape[-1], generator=torch.Generator().manual_seed(0)))[0]
turned, _ = leading_components(states[0] @ turn, n_components)
halves = [scores[:, half] for scores in components[:n] for half in (slice(None, None, 2), slice(1, None, 2))]
glue("rotated", float(dynamical_distances([components[0], turned])[0, 1]), display=False)
glue("floor", float(np.diag(dynamical_distances(halves), 1)[::2].mean()), display=False)
glue("kept_low", 100 * min(kept[:n]), display=False)
glue("kept_high", 100 * max(kept[:n]), display=False)

# %% tags=["hide-input"]
labels = [f"{architecture} {corpus}" for architecture, corpus in kinds]
blocks = [i for i in range(1, n) if architectures[i] != architectures[i - 1]]
fig, axes = figures.panels(4, columns=2, height=3.5)
for ax, (measure, values) in zip(axes, trained.items(), strict=True):
    figures.distance_matrix(ax, values, labels, blocks)
    ax.set_title(measure)
glue("fig_distances", fig, display=False)
plt.close(fig)

# %% [markdown]
# ```{glue:figure} fig_distances
# :name: fig-distances
# :alt: Four square heat maps of the distances between all trained networks, by function, geometry, spectra and dynamics, ordered by architecture with white lines between the architectures.
#
# Distances between the trained networks, see {eq}`eq-distances`; dark where they are close; each scale starts at zero. White lines
# separate architectures.
# ```
#
# Two checks of the last measure. A network whose units are mixed by a random rotation is at a distance of {glue:text}`rotated:.4f`
# from itself: the same dynamics in other coordinates are the same. A network on one half of the documents is at
# {glue:text}`floor:.3f` from itself on the other half (mean over networks): what lies below is noise.

# %% [markdown]
# ## A map
#
# Multidimensional scaling places networks in the plane so that their distances on the page come close to those measured. The
# stress is the part that does not fit, 0 for none; above 0.2 a map should not be trusted.

# %% tags=["hide-input"]
fig, axes = figures.panels(4, columns=2, height=2.9)
stress = {}
for ax, (measure, values) in zip(axes, distances.items(), strict=True):
    scaling = MDS(metric="precomputed", init="classical_mds", n_init=1, normalized_stress=True, random_state=0)
    places = scaling.fit_transform(values)
    stress[measure] = scaling.stress_
    figures.network_map(ax, places[:n], places[n:], kinds)
    ax.set_title(f"{measure} (stress {scaling.stress_:.2f})")
figures.network_legend(fig, kinds)
glue("fig_map", fig, display=False)
plt.close(fig)

# %% [markdown]
# ```{glue:figure} fig_map
# :name: fig-similarity-map
# :alt: Four maps, by function, geometry, spectra and dynamics. Points are networks, coloured by architecture and marked by corpus; hollow points, tied to them by thin lines, are the same networks before training.
#
# The networks, placed by multidimensional scaling of each distance. Colour: architecture; marker: corpus; hollow: the same
# network before training. Only distances mean something, not directions.
# ```

# %% [markdown]
# ## What makes two networks alike?
#
# Every pair of networks shares the architecture, the corpus, or neither. If the architecture decides, pairs that share it are
# closer than pairs that share nothing. How often chance does as well is found by permutation: the labels of the architecture are
# permuted among the networks of the same corpus, those of the corpus among the networks of the same architecture, so that each factor is
# tested with the other held fixed.

# %% tags=["hide-input"]
off, same_architecture, same_corpus = ~np.eye(n, dtype=bool), *(x[:, None] == x for x in (architectures, corpora))
groups = {
    "same architecture": same_architecture & ~same_corpus,
    "same corpus": same_corpus & ~same_architecture,
    "neither": ~same_architecture & ~same_corpus,
}
fig, axes = figures.panels(4, columns=2, height=2.0, sharey=True)
rows, closer = [], []
for ax, (measure, values) in zip(axes, distances.items(), strict=True):
    itself = np.diag(values[:n, n:])
    shown = {label: values[:n, :n][np.triu(mask)] for label, mask in groups.items()}
    figures.strips(ax, shown | {"before and after": itself})
    ax.set_title(measure)
    by_architecture = kinship(values[:n, :n], architectures, corpora)
    by_corpus = kinship(values[:n, :n], corpora, architectures)
    others = np.where(same_architecture, np.nan, values[:n, :n])
    nearer = [np.nanmean(row) < own for row, own in zip(others, itself, strict=True) if np.isfinite(row).any()]
    closer.append(f"{sum(nearer)} of {len(nearer)} by {measure}")
    means = {label: found.mean() if len(found) else np.nan for label, found in shown.items()}
    rows.append(
        {
            "distance": measure,
            **means,
            "before and after": itself.mean(),
            "p, architecture": by_architecture.p,
            "p, corpus": by_corpus.p,
        }
    )
glue("fig_pairs", fig, display=False)
plt.close(fig)
table = pd.DataFrame(rows).set_index("distance")
bound = 0.05 / (2 * len(table))
alike = {factor: [m for m in table.index if table.loc[m, f"p, {factor}"] <= bound] for factor in ("architecture", "corpus")}
for factor, measures in alike.items():
    glue(f"alike_{factor}", " and ".join(filter(None, [", ".join(measures[:-1]), *measures[-1:]])) or "none", display=False)
glue("bound", bound, display=False)
glue("closer", ", ".join(closer), display=False)
table.reset_index().style.hide(axis="index").format("{:.3f}", na_rep="—", subset=list(table.columns))

# %% [markdown]
# Mean distances of pairs that share the architecture only, the corpus only, or neither; of each network to itself before training;
# and the probability that permuted labels separate the pairs as well.
#
# ```{glue:figure} fig_pairs
# :name: fig-pairs
# :alt: Four panels of dots, one for each pair of networks, grouped into pairs of the same architecture, of the same corpus and of neither, and each network before against after training, with the mean of each group.
#
# The distances of all pairs by what they share, and of each network to itself before training; bars: means.
# ```
#
# With eight tests, a factor counts where $p \le$ {glue:text}`bound:.4f`. Sharing the **architecture** makes networks alike in:
# {glue:text}`alike_architecture`. Sharing the **corpus** makes them alike in: {glue:text}`alike_corpus`. Trained networks of other
# architectures are on average closer to a network than its own untrained self for {glue:text}`closer`.

# %% [markdown]
# ## How many dimensions are shared?
#
# A distance over {glue:text}`n_components` components does not tell one shared dimension from many half-shared ones.
# {numref}`fig-shared` counts: on the left the canonical correlations one by one; on the right the distance between dynamics when only the first
# few components are kept.

# %% tags=["hide-input"]
pairs = list(combinations(range(n), 2))
apart = [(i, j) for i, j in pairs if architectures[i] != architectures[j]] or pairs
shuffled = rng.permutation(n_documents)
by_rank = {
    "trained": np.stack([correlations[pair] for pair in apart]),
    "before training": np.stack([correlations[i + n, j + n] for i, j in apart]),
    "other documents": np.stack([canonical_correlations(components[i], components[j][:, shuffled]) for i, j in apart]),
}
counts = [k for k in (1, 2, 3, 5, 7, 10, 15, 20) if k <= n_components]
by_count = {k: dynamical_distances([scores[..., :k] for scores in components]) for k in counts}
by_kept = {
    "trained": np.stack([[values[pair] for pair in apart] for values in by_count.values()], 1),
    "before training": np.stack([[values[i + n, j + n] for i, j in apart] for values in by_count.values()], 1),
    "before and after": np.stack([np.diag(values[:n, n:]) for values in by_count.values()], 1),
}
fig, axes = figures.panels(2, columns=2, height=3.0)
looks = {"trained": figures.ACCENT, "before training": figures.NEGATIVE}
ranks = np.arange(1, n_components + 1)
for ax, x, curves, band in ((axes[0], ranks, by_rank, [0.1, 0.5, 0.9]), (axes[1], counts, by_kept, [0.25, 0.5, 0.75])):
    for label, values in curves.items():
        figures.quantile_band(ax, x, np.quantile(values, band, axis=0).T, looks.get(label, figures.GREY), label)
    ax.legend(fontsize=7)
axes[0].set(xlabel="canonical dimension k", ylabel="correlation ρ", ylim=(0, 1.02))
axes[1].set(xlabel="components kept", ylabel="distance between dynamics", yscale="log")
figures.plain_log(axes[1].yaxis)
glue("fig_shared", fig, display=False)
plt.close(fig)
medians = {
    label: np.median(values, axis=0) for label, values in (by_rank | {f"kept, {k}": v for k, v in by_kept.items()}).items()
}
for label, key in (("trained", "trained"), ("before training", "untrained"), ("other documents", "null")):
    glue(f"rho_1_{key}", float(medians[label][0]), display=False)
    glue(f"rho_last_{key}", float(medians[label][-1]), display=False)
above = np.quantile(by_rank["trained"], 0.5, axis=0) > np.quantile(by_rank["other documents"], 0.9, axis=0)
glue("n_above", int(above.cumprod().sum()), display=False)
for label, key in (("kept, trained", "pair"), ("kept, before and after", "self")):
    glue(f"first_{key}", float(medians[label][0]), display=False)
    glue(f"all_{key}", float(medians[label][-1]), display=False)
average = {label: values.mean() for label, values in by_rank.items()}
trend = "less" if average["trained"] < average["before training"] else "more"
glue("geometry_trend", trend, display=False)
glue("mean_trained", float(average["trained"]), display=False)
glue("mean_untrained", float(average["before training"]), display=False)
verdicts = tuple(bool(medians["kept, trained"][k] < medians["kept, before and after"][k]) for k in (0, -1))
for key, nearer in zip(("first", "all"), verdicts, strict=True):
    glue(f"{key}_verdict", "closer" if nearer else "not closer", display=False)
ANSWERS = {
    (True, True): "most pairs share their slow direction, and the dynamics beyond it",
    (True, False): "most pairs share the dynamics of their slow direction, and differ beyond it",
    (False, True): "most pairs share dynamics, but not those of the first component",
    (False, False): "most pairs share no more dynamics than each network shares with itself before training",
}
glue("answer", ANSWERS[verdicts], display=False)
first = np.array([float((z[1:, :, 0] * z[:-1, :, 0]).sum() / (z[:-1, :, 0] ** 2).sum()) for z in components[:n]])
carried = [abs(np.corrcoef(y, z[..., 0].flatten())[0, 1]) for y, z in zip(logits[:n], components[:n], strict=True)]
glue("carried", float(np.median(carried)), display=False)
odd = [label for label, value in zip(labels, first, strict=True) if abs(value - np.median(first)) > 0.5]
glue("first_eigenvalue", float(np.median(first)), display=False)
glue("odd", ", ".join(odd) or "none", display=False)
upper = np.triu_indices(n, 1)
again = {"spectra": trained["spectra"]}
for key, k in (("half", max(n_components // 2, 1)), ("double", 2 * n_components)):
    again[key] = dynamical_distances([leading_components(state, k)[0] for state in states[:n]])
for key, other in again.items():
    agreement = spearmanr(trained["dynamics"][upper], other[upper]).statistic if n > 2 else np.nan
    glue(f"agree_{key}", float(agreement), display=False)

# %% [markdown]
# ```{glue:figure} fig_shared
# :name: fig-shared
# :alt: Two panels of medians with bands. Left, canonical correlations against their rank, for trained networks, untrained networks and networks that read other documents. Right, the distance between dynamics against the number of components kept, for trained pairs, untrained pairs, and each network before against after training.
#
# (a) Canonical correlations between networks of different architecture that read the same documents, trained and before training, and
# between networks that read different documents (grey, the level of chance). (b) Distance between the dynamics of the first
# components, for the same pairs and for each network before against after training (grey). Lines: medians; bands: (a) 10–90 %, (b)
# 25–75 %.
# ```
#
# The best aligned dimension of two trained networks correlates at {glue:text}`rho_1_trained:.2f`, the last at
# {glue:text}`rho_last_trained:.2f`; before training these are {glue:text}`rho_1_untrained:.2f` and {glue:text}`rho_last_untrained:.2f`, and
# {glue:text}`rho_1_null:.2f` is what chance gives the first. {glue:text}`n_above` of the {glue:text}`n_components` exceed chance. By their
# mean, {glue:text}`mean_trained:.2f` against {glue:text}`mean_untrained:.2f`, training made the geometries {glue:text}`geometry_trend` alike.
# Cells before training are running averages of nearly the same word vectors, and their states agree without any mechanism in common:
# geometry alone is no evidence of one.
#
# In their first component two trained networks of different architecture differ by {glue:text}`first_pair:.3f` in dynamics, against
# {glue:text}`first_self:.3f` between a network and itself before training (medians): they are {glue:text}`first_verdict` to each other
# than to where they started. With {glue:text}`n_components` components the two numbers are {glue:text}`all_pair:.3f` and
# {glue:text}`all_self:.3f`, and they are {glue:text}`all_verdict`. The eigenvalue of the first component alone is
# {glue:text}`first_eigenvalue:.3f` in the median network: 1 is an integrator, −1 a change of sign at each word. It carries the evidence
# so far as it goes with the logit: the correlation is {glue:text}`carried:.2f` in the median network. Networks whose eigenvalue is more than
# one half away from the median, which make the band wide: {glue:text}`odd`.
#
# Over the pairs, distances by spectra and by dynamics have a rank correlation of {glue:text}`agree_spectra:.2f`. They need not agree:
# the first are taken without input, the second under words, and a gate may be shut in the one case and open in the other. The
# choice of {glue:text}`n_components` components does not decide the order of the pairs so far as this correlation is near 1 between
# the distances by dynamics and the same with half as many components, {glue:text}`agree_half:.2f`, or twice as many,
# {glue:text}`agree_double:.2f`.
#
# ## What this shows, and what it does not
#
# A universal *mechanism* needs one slow direction with the evidence on it, and that is what panel (b) of {numref}`fig-shared` tests at
# one component. Its answer: {glue:text}`answer`. Everything to the right of it, the further modes, how many there are and how fast they decay, may differ from network
# to network without contradicting paper A; it would contradict a stronger claim, that the networks are the same
# system in other coordinates.
#
# - Agreement in *function* says nothing about mechanism: networks trained to tell praise from blame have to agree.
# - The measures weigh differently. Canonical correlations count a component with a hundredth of the variance as much as the first; the
#   spectra count all leading modes alike, of which the mechanism needs one.
# - Word vectors are learned from small random ones, so that likeness does not come with vectors that were given, such as GloVe's. But all
#   networks have the same seed, and those of one architecture and size of vocabulary start from the same draw.
# - One seed a network: what is called individual here includes what another seed would change.
# - Random words have no syntax, so that whatever the networks do with *not* or *very* ({doc}`contextual`) is not compared. A linear map
#   and its eigenvalues leave out nonlinearity, and also whether modes are orthogonal ({doc}`non-normality`).
