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
# How does a recurrent network decide whether a review is positive? {cite:t}`maheswaranathan2019` found a simple mechanism: the
# {term}`state` of the network moves along a line of {term}`slow points <slow point>`. Every positive word pushes it one way, every negative
# word the other, and where it stands is the running count. {cite:t}`tremblay2020` looked for the same in stacks of one to four layers. This
# book repeats both papers and gives every claim a measured number.

# %% tags=["parameters", "remove-input"]
network = "imdb-gru-seed0"
tolerance = 1e-8  # the paper's

# %% tags=["remove-input"]
from IPython.display import HTML

from lib.book import answers, figures, page
from lib.book.findings import lines
from lib.book.ledger import ledger, planned
from lib.book.overview import verdict_counts
from lib.book.records import judgements, judgements_over_seeds
from lib.book.rest import exact_points_along
from lib.book.searches import fixed_points
from lib.book.tables import matrix
from lib.training import NETWORKS, catalogue, exists, experiment, load, paper_a

twelve = [name for name in paper_a() if exists(name)]
judged = {name: planned(of.values()) for name, of in judgements(twelve).items()}
page.say(n_networks=len(twelve), **verdict_counts([one for of in judged.values() for one in of]))
over_all = judgements(["all"]).get("all", {})
for key, claim in (("n_line", "A13"), ("n_drift", "A13D")):
    page.say(**{key: int(next(iter(over_all[claim].measures.values()))) if claim in over_all else "—"})
page.say(n_geometry=len(lines(twelve)), decides=answers.what_decides(experiment.table("factorial")))
stacks = judgements(f"stacks-seed{k}" for k in catalogue()["paper_b"]["seeds"])
deep = [one for of in stacks.values() for one in planned(of.values()) if one.claim.criteria]
page.say(n_deep_seeds=len(stacks), **verdict_counts(deep, "n_deep"))

# %% [markdown]
# ```{admonition} Answer
# :class: answer
# Slow points form a line as long as the cloud of states in {glue:text}`n_geometry` of the first paper's {glue:text}`n_networks` networks; the whole
# mechanism, in which words of the two valences push in opposite directions at every one of these points, stands in {glue:text}`n_line` at the
# paper's {term}`tolerance` and in {glue:text}`n_drift` at the speed that the task sets. Of {glue:text}`n_judged` verdicts,
# {glue:text}`n_reproduced` are *reproduced*, {glue:text}`n_partly` *partly* and {glue:text}`n_not` *not reproduced*; of
# {glue:text}`n_deep_judged` on the second paper's stacks, over {glue:text}`n_deep_seeds` seeds: {glue:text}`n_deep_reproduced`,
# {glue:text}`n_deep_partly` and {glue:text}`n_deep_not`.
# ```
#
# ::::{grid} 1 1 3 3
# :gutter: 2
#
# :::{grid-item-card} Explain it to me
# :link: primer
# :link-type: doc
# State space, fixed points and eigenvectors from the start, with a toy to move.
# :::
#
# :::{grid-item-card} Show me the evidence
# :link: low-dimensionality
# :link-type: doc
# The first paper, section by section: question, answer, figure, limits.
# :::
#
# :::{grid-item-card} Let me try
# :link: your-review
# :link-type: doc
# Type a review and watch two of the networks read it.
# :::
# ::::

# %% tags=["remove-input"]
saved = load(NETWORKS / network)
layer = saved.evidence.layers[-1]
points = fixed_points(saved, tolerance=tolerance).converged_states
exact = exact_points_along(saved.network.cell, points, 20)
kinds = (exact.n_unstable == 0, exact.n_unstable > 0)
sinks, saddles = (layer.project(exact.states[kind].float())[:, :2].numpy() for kind in kinds)
with page.figure("answer", width=7.4, height=2.9) as ax:
    figures.state_density(ax, layer.density[:, :2].numpy(), saved.evidence.transitions.density_labels.numpy())
    figures.line_of_points(ax, layer.project(points)[:, :2].numpy(), sinks, saddles)
page.say(n_points=len(points), corpus=saved.config["title"])

# %% [markdown]
# ```{glue:figure} fig_answer
# :name: fig-answer
# :alt: States of a recurrent network in the plane of two principal components, orange in negative and green in positive reviews; black slow points lie along a curve from one side of the cloud to the other.
#
# The slow points (black) run along a line from the states of negative reviews (orange) to those of positive ones (green). A GRU, reading test
# reviews of {glue:text}`corpus`; {glue:text}`n_points` states at which it moves less than the paper's tolerance, q < 10⁻⁸, when it reads nothing.
# Compare Fig. 2c of {cite:t}`maheswaranathan2019`.
# ```
#
# ## What holds in which network

# %% tags=["remove-input", "full-width"]
seeds = {name: judgements_over_seeds(name, NETWORKS) for name in twelve}
HTML(matrix(seeds, [key for key, claim in ledger().items() if claim.judging and any(key in of for of in seeds.values())]))

# %% [markdown]
# {glue:text}`decides` {doc}`what-makes-the-line` has the experiment, {doc}`failures` says where each network departs from the paper,
# {doc}`stacks` has the second paper, {doc}`contextual` and the pages after it go beyond both, and {doc}`claims` lists every claim with its
# criterion, which was fixed before these networks were trained. The chapters follow a GRU on IMDB, which shows the mechanism most clearly; the
# first paper's own example, an LSTM on Yelp reviews, has a bent line on our subset of the corpus.
#
# Every page is a notebook that was executed when the book was built. Its code unfolds on a click, and `make notebook` runs it with your
# parameters.
