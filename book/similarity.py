# ---
# jupyter:
#   book:
#     networks: [paper_a]
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

import numpy as np
from scipy.spatial.distance import squareform

from lib.book import compared, figures, page
from lib.book.reviews import example_reviews
from lib.book.searches import N_MODES, fixed_points, linearize
from lib.dynamics.similarity import (
    all_canonical_correlations,
    deviations,
    dynamical_distances,
    lag_one,
    leading_components,
    leading_time_constants,
    randomly_rotated,
    spectral_distance,
    split_half_distances,
)
from lib.training import NETWORKS, before_training, exists, load, paper_a

names = compared.in_order(networks or [name for name in paper_a() if exists(name)])
if len(names) < 2:
    raise ValueError("This page compares networks: give `networks` at least two that share words.")
loaded = [load(NETWORKS / name) for name in names]
kinds = [compared.kind(name) for name in names]
architectures, corpora = np.array(kinds).T
n = len(names)
page.say(n_networks=n, n_architectures=len(set(architectures)), n_corpora=len(set(corpora)))
page.say(n_documents=n_documents, read_length=length, n_components=n_components, n_modes=N_MODES)

# %% [markdown]
# ## The same words for all
#
# Networks can be compared only on what all of them read. The texts of the corpora are not in this repository, so we use two
# substitutes. {numref}`fig-same-review` lets the {glue:text}`n_networks` networks read two of the book's example reviews. For everything
# else we draw {glue:text}`n_documents` documents of {glue:text}`read_length` words at random, with the frequency that words have in the
# evidence of the networks, out of the {glue:text}`n_words` that all vocabularies share; these cover
# {glue:text}`coverage:.0f` % of the running text. Such documents have no syntax. In exchange, successive words are independent, so that
# whatever outlasts a word is the work of the network.

# %% tags=["hide-input"]
words, shares, coverage = compared.shared_words(loaded)
reviews = {
    "a film (positive)": example_reviews("imdb")["positive"],
    "a restaurant (negative)": example_reviews("yelp")["negative"],
}
readings = {title: compared.logits_while_reading(loaded, text) for title, text in reviews.items()}
with page.figure("same_review", 2, height=2.9, sharey=True) as axes:
    for ax, (title, logits) in zip(axes, readings.items(), strict=True):
        figures.evidence_traces(ax, logits, kinds)
        ax.set_title(title)
    figures.network_legend(ax, kinds, traces=True)
right = [(logits[:, -1] > 0) == ("positive" in title) for title, logits in readings.items()]
page.say(n_words=len(words), coverage=100 * coverage, n_right=np.sum(right), n_read=np.size(right))

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
readers = [saved.network for saved in loaded] + [before_training(saved) for saved in loaded]
states = [compared.read(network, saved, documents)[-1] for network, saved in zip(readers, loaded * 2, strict=True)]
logits = [deviations(network.logit(state)).flatten().numpy() for network, state in zip(readers, states, strict=True)]
more_components, explained = zip(*(leading_components(state, 2 * n_components) for state in states), strict=True)
components = [scores[..., :n_components] for scores in more_components]
correlations = all_canonical_correlations(components, components)
spectra = [linearize(saved, fixed_points(saved, n_starts, tolerance))[1].time_constants for saved in loaded]
spectra += [leading_time_constants(network.cell, state[-1]) for network, state in zip(readers[n:], states[n:], strict=True)]
distances = {
    "function": 1 - np.corrcoef(logits),
    "geometry": 1 - correlations.mean(2),
    "spectra": squareform([spectral_distance(a, b) for a, b in combinations(spectra, 2)]),
    "dynamics": dynamical_distances(components),
}
rotated, _ = leading_components(randomly_rotated(states[0]), n_components)
kept = [100 * float(share[:n_components][-1]) for share in explained[:n]]
page.say(rotated=dynamical_distances([components[0], rotated])[0, 1], floor=split_half_distances(components[:n]).mean())
page.say(kept_low=min(kept), kept_high=max(kept))

# %% tags=["hide-input"]
trained = {measure: values[:n, :n] for measure, values in distances.items()}
labels = [f"{architecture} {corpus}" for architecture, corpus in kinds]
with page.figure("distances", 4, columns=2, height=3.5) as axes:
    for ax, (measure, values) in zip(axes, trained.items(), strict=True):
        figures.distance_matrix(ax, values, labels, np.flatnonzero(architectures[1:] != architectures[:-1]) + 1)
        ax.set_title(measure)

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
with page.figure("map", 4, columns=2, height=2.9) as axes:
    for ax, (measure, values) in zip(axes, distances.items(), strict=True):
        places, stress = compared.scaled(values)
        figures.network_map(ax, places[:n], places[n:], kinds)
        ax.set_title(f"{measure} (stress {stress:.2f})")
    figures.network_legend(ax, kinds, before=True)

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
table = compared.kinship_table(distances, architectures, corpora)
closer = {measure: compared.n_closer_than_before(values, architectures) for measure, values in distances.items()}
with page.figure("pairs", 4, columns=2, height=2.0, sharey=True) as axes:
    for ax, (measure, values) in zip(axes, distances.items(), strict=True):
        figures.strips(ax, compared.distances_by_shared_labels(values, architectures, corpora))
        ax.set_title(measure)
bound = 0.05 / (2 * len(table))
for factor in ("architecture", "corpus"):
    page.say(**{f"alike_{factor}": compared.listed(table.index[table[f"p, {factor}"] <= bound], last=" and ")})
page.say(bound=bound, closer=compared.listed(f"{few} of {of} by {measure}" for measure, (few, of) in closer.items()))
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
i, j = compared.pairs_apart(architectures)
shuffled = rng.permutation(n_documents)
others = all_canonical_correlations(components[:n], [scores[:, shuffled] for scores in components[:n]])
by_rank = {
    "trained": correlations[i, j],
    "before training": correlations[i + n, j + n],
    "other documents": others[i, j],
}
counts = [k for k in (1, 2, 3, 5, 7, 10, 15, 20) if k <= n_components]
by_count = np.stack([dynamical_distances([scores[..., :k] for scores in components]) for k in counts], -1)
by_kept = {
    "trained": by_count[i, j],
    "before training": by_count[i + n, j + n],
    "before and after": by_count[np.arange(n), np.arange(n) + n],
}
with page.figure("shared", 2, height=3.0) as axes:
    figures.shared_dimensions(axes[0], {pairs: np.quantile(rho, [0.1, 0.5, 0.9], 0).T for pairs, rho in by_rank.items()})
    bands = {pairs: np.quantile(d, [0.25, 0.5, 0.75], 0).T for pairs, d in by_kept.items()}
    figures.distances_by_count(axes[1], counts, bands)

# %% tags=["hide-input"]
for pairs, key in (("trained", "trained"), ("before training", "untrained"), ("other documents", "null")):
    page.say(**dict(zip((f"rho_1_{key}", f"rho_last_{key}"), np.median(by_rank[pairs], 0)[[0, -1]], strict=True)))
rho_trained, rho_untrained = by_rank["trained"].mean(), by_rank["before training"].mean()
page.say(
    mean_trained=rho_trained, mean_untrained=rho_untrained, n_above=compared.n_above_chance(by_rank["trained"], others[i, j])
)
page.say(geometry_trend="less" if rho_trained < rho_untrained else "more")
(first_pair, all_pair), (first_self, all_self) = (bands[pairs][[0, -1], 1] for pairs in ("trained", "before and after"))
closer = {"first": first_pair < first_self, "all": all_pair < all_self}
page.say(first_pair=first_pair, first_self=first_self, all_pair=all_pair, all_self=all_self)
page.say(**{f"{which}_verdict": "closer" if nearer else "not closer" for which, nearer in closer.items()})
page.say(shared_answer=compared.what_is_shared(*closer.values()))

# %% tags=["hide-input"]
first = [scores[..., 0] for scores in components[:n]]
eigenvalues = np.array([lag_one(component) for component in first])
carried = [abs(np.corrcoef(y, component.flatten())[0, 1]) for y, component in zip(logits[:n], first, strict=True)]
odd = np.abs(eigenvalues - np.median(eigenvalues)) > 0.5
page.say(first_eigenvalue=np.median(eigenvalues), carried=np.median(carried), odd=compared.listed(np.array(labels)[odd]))
page.say(agree_spectra=compared.rank_agreement(trained["dynamics"], trained["spectra"]))
for key, k in (("half", max(n_components // 2, 1)), ("double", 2 * n_components)):
    other = dynamical_distances([scores[..., :k] for scores in more_components[:n]])
    page.say(**{f"agree_{key}": compared.rank_agreement(trained["dynamics"], other)})

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
# one component. Its answer: {glue:text}`shared_answer`. Everything to the right of it, the further modes, how many there are and how fast they decay, may differ from network
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
