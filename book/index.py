# ---
# jupyter:
#   book:
#     networks: [network, measured, experiments]
#     reads: [all]
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
# # Line attractors in sentiment networks
#
# How does a recurrent network decide whether a review is positive? {cite:t}`maheswaranathan2019` took trained networks apart with
# the tools of dynamical systems and found a simple mechanism: the state moves along a line of slow points, pushed one way by every
# positive word and the other way by every negative one, and the position on that line is the running count. {cite:t}`tremblay2020`
# tried the same on networks of one to four layers. This book repeats both on real reviews, with four architectures on three corpora and
# with stacks of GRUs, each from several seeds, and gives every claim a measured number and a verdict.

# %% tags=["parameters", "remove-input"]
network = "imdb-gru-seed0"
tolerance = 1e-6  # loose enough to see the line; the page on fixed points has the sweep

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import torch
from myst_nb import glue

from lib.book import figures
from lib.book.findings import answer, lines
from lib.book.ledger import NOT, PARTLY, REPRODUCED, UNTESTABLE, counts, ledger, planned
from lib.book.records import judgements
from lib.book.searches import tolerance_sweep
from lib.dynamics.fixed_points import exact_fixed_points
from lib.dynamics.manifold import manifold_coordinate, principal_axes
from lib.training.catalogue import NETWORKS, catalogue, exists, paper_a
from lib.training.experiment import table
from lib.training.folder import load

figures.style()
saved = load(NETWORKS / network)
layer = saved.evidence.layers[-1]
points = tolerance_sweep(saved, (tolerance,), 300)[tolerance].states
along = (points @ principal_axes(points)[0][0]).argsort()
spread = points[along[torch.linspace(0, len(along) - 1, 20).round().long()]]
exact = exact_fixed_points(saved.network.cell, spread)

fig, (ax,) = figures.panels(1, columns=1, width=7.4, height=3.9)
figures.state_density(ax, layer.density[:, :2].numpy(), saved.evidence.transitions.density_labels.numpy())
theta = manifold_coordinate(points, saved.network.readout_axis).numpy()
shown = ax.scatter(*layer.project(points)[:, :2].T.numpy(), s=14, c=theta, cmap=figures.ALONG, lw=0)
sinks = exact.n_unstable == 0
for chosen, marker, label in ((sinks, "o", "sink"), (~sinks, "s", "saddle")):
    at = layer.project(exact.states[chosen].float())[:, :2].numpy()
    ax.plot(*at.T, marker, mfc="white", mec=figures.INK, mew=1.4, ms=8, ls="", label=label)
fig.colorbar(shown, ax=ax, label="position along the line, θ", shrink=0.8)
ax.legend(title="exact fixed points", fontsize=8, title_fontsize=8)
glue("fig_answer", fig, display=False)
plt.close(fig)

example, twelve = catalogue()["counter_example"], [name for name in paper_a() if exists(name)]
judged = {name: planned(found.values()) for name, found in judgements(dict.fromkeys([*twelve, example, network])).items()}
order = list(ledger())
total = counts(judgement for name in twelve for judgement in judged.get(name, []))
glue("n_points", len(points), display=False)
glue("corpus", saved.config["title"], display=False)
glue("n_networks", len(twelve), display=False)
glue("n_judged", sum(total.values()), display=False)
for key, verdict in (("reproduced", REPRODUCED), ("partly", PARTLY), ("not", NOT), ("untestable", UNTESTABLE)):
    glue(f"n_{key}", total[verdict], display=False)
    for where, name in (("here", network), ("example", example)):
        of_network = [judgement.claim.id for judgement in judged.get(name, []) if judgement.verdict == verdict]
        glue(f"{where}_{key}", ", ".join(sorted(of_network, key=order.index)) or "none", display=False)
holding = judgements(["all"]).get("all", {})
for key, claim in (("n_line", "A13"), ("n_drift", "A13D")):
    glue(key, int(next(iter(holding[claim].measures.values()))) if claim in holding else "—", display=False)
glue("n_geometry", len(lines(twelve)), display=False)
glue("decides", answer(table("factorial")), display=False)
stacks = judgements(f"stacks-seed{k}" for k in catalogue()["paper_b"]["seeds"])
deep = counts(judgement for found in stacks.values() for judgement in planned(found.values()) if judgement.claim.criteria)
glue("n_deep", sum(deep.values()), display=False)
glue("n_deep_seeds", len(stacks), display=False)
for key, verdict in (("reproduced", REPRODUCED), ("partly", PARTLY), ("not", NOT), ("untestable", UNTESTABLE)):
    glue(f"n_deep_{key}", deep[verdict], display=False)

# %% [markdown]
# ## The answer in one figure
#
# ```{glue:figure} fig_answer
# :name: fig-answer
# :alt: States of a recurrent network in the plane of two principal components, orange for negative and green for positive reviews; a curve of slow points, coloured by position, crosses the cloud from one side to the other, with exact fixed points marked on it.
#
# States that a GRU visits while it reads test reviews of the {glue:text}`corpus` corpus (orange: negative, green: positive
# documents), and {glue:text}`n_points` states that hardly move when nothing is read (q < 10⁻⁶), coloured by their position along
# the curve they form. White marks are the exact fixed points among them. The curve runs along the direction of the readout: where
# the state sits on it is the evidence so far.
# ```
#
# ## What holds
#
# Slow points form a line, as long as the cloud of states, in {glue:text}`n_geometry` of paper A's {glue:text}`n_networks`
# networks. The whole mechanism (the line lies along the readout, and at all of its points words of the two valences push the state in
# opposite directions along it) stands in {glue:text}`n_line` at the paper's tolerance, and in {glue:text}`n_drift` at the speed that the
# task sets ({numref}`fig-two-tolerances`). {glue:text}`decides` {doc}`what-makes-the-line` has the experiment.
#
# Of {glue:text}`n_judged` verdicts on the claims of paper A, in its {glue:text}`n_networks` networks, {glue:text}`n_reproduced` are
# *reproduced*, {glue:text}`n_partly` *partly*, {glue:text}`n_not` *not reproduced* and {glue:text}`n_untestable` *not testable
# here*; {numref}`ledger-matrix` shows them all, and
# {doc}`claims` has the numbers and the criteria, which were fixed before these networks were trained.
#
# | network | reproduced | partly | not |
# | --- | --- | --- | --- |
# | GRU on IMDB, the working example | {glue:text}`here_reproduced` | {glue:text}`here_partly` | {glue:text}`here_not` |
# | LSTM on the Yelp subset, paper A's example | {glue:text}`example_reproduced` | {glue:text}`example_partly` | {glue:text}`example_not` |
#
# Of {glue:text}`n_deep` verdicts on the claims of paper B about stacks of one to four GRUs, a seed at a time over {glue:text}`n_deep_seeds`
# seeds, {glue:text}`n_deep_reproduced` are *reproduced*, {glue:text}`n_deep_partly` *partly*, {glue:text}`n_deep_not` *not reproduced* and
# {glue:text}`n_deep_untestable` *not testable here*.
#
# The sections follow the network that shows the mechanism most clearly, a GRU on IMDB. Paper A's own example, an LSTM on Yelp reviews,
# was selected by validation accuracy like all others; on our subset of the corpus it has the line, but a bent one, along which one straight
# axis is no good measure. Its figures are in the {doc}`appendix <appendix>`, and {doc}`failures` says where each network departs from
# the paper.
#
# ## How to read this book
#
# - {doc}`training`: the data, the networks and how well they work.
# - {doc}`low-dimensionality`, {doc}`fixed-points`, {doc}`eigenmodes`, {doc}`eigenvectors`, {doc}`linearization`: paper A, section by
#   section, each with its figures, claims and verdicts. {doc}`robustness`: the same with other choices.
# - {doc}`known-answer`: the same analysis on a synthetic language whose words carry a known evidence.
# - {doc}`universality`: paper A's Figure 6, for all twelve networks, and a table of every measure. {doc}`claims`: the ledger.
#   {doc}`failures`: where claims fail, and why. {doc}`what-makes-the-line`: which recipe gives a line, and which a dot. {doc}`appendix`: the sections again, for every network.
# - {doc}`stacks`: paper B, GRUs of one to four layers. {doc}`layers`: each of its figures for one of them. {doc}`coupled`: all layers as
#   the one system that they are. {doc}`sling`: what remains over seeds, and its causes. {doc}`bulk`: the search for fixed points.
# - {doc}`contextual`, {doc}`non-normality`, {doc}`similarity`: beyond the papers. What “not” does to the next word, what the
#   eigenvalues do not tell, and how alike the networks are.
# - {doc}`making`: environment, provenance and run times.
#
# Every page is a notebook that was executed when the book was built. Its code unfolds on a click, its parameters stand at its head,
# and `make notebook` runs it with yours.
