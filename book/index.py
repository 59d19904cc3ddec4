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
from lib.book import answers, figures, page
from lib.book.findings import lines
from lib.book.ledger import planned
from lib.book.overview import claims_by_verdict, verdict_counts
from lib.book.records import judgements
from lib.book.rest import exact_points_along
from lib.book.searches import tolerance_sweep
from lib.dynamics import manifold_coordinate
from lib.training import NETWORKS, catalogue, exists, experiment, load, paper_a

saved = load(NETWORKS / network)
layer = saved.evidence.layers[-1]
points = tolerance_sweep(saved, (tolerance,), 300)[tolerance].states
exact = exact_points_along(saved.network.cell, points, 20)
theta = manifold_coordinate(points, saved.network.readout_axis)
kinds = (exact.n_unstable == 0, exact.n_unstable > 0)
sinks, saddles = (layer.project(exact.states[kind].float())[:, :2].numpy() for kind in kinds)
with page.figure("answer", width=7.4, height=3.9) as ax:
    figures.state_density(ax, layer.density[:, :2].numpy(), saved.evidence.transitions.density_labels.numpy())
    figures.line_of_points(ax, layer.project(points)[:, :2].numpy(), theta.numpy(), sinks, saddles)
page.say(n_points=len(points), corpus=saved.config["title"])

# %% tags=["hide-input"]
twelve, example = [name for name in paper_a() if exists(name)], catalogue()["counter_example"]
judged = {name: planned(of.values()) for name, of in judgements(dict.fromkeys([*twelve, example, network])).items()}
page.say(n_networks=len(twelve), **verdict_counts([one for name in twelve for one in judged.get(name, [])]))
for key, name in (("here", network), ("example", example)):
    page.say(**{f"{key}_{verdict}": answers.listed(ids) for verdict, ids in claims_by_verdict(judged.get(name, [])).items()})
over_all = judgements(["all"]).get("all", {})
for key, claim in (("n_line", "A13"), ("n_drift", "A13D")):
    page.say(**{key: int(next(iter(over_all[claim].measures.values()))) if claim in over_all else "—"})
page.say(n_geometry=len(lines(twelve)), decides=answers.what_decides(experiment.table("factorial")))
stacks = judgements(f"stacks-seed{k}" for k in catalogue()["paper_b"]["seeds"])
deep = [one for of in stacks.values() for one in planned(of.values()) if one.claim.criteria]
page.say(n_deep_seeds=len(stacks), **verdict_counts(deep, "n_deep"))

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
# Of {glue:text}`n_deep_judged` verdicts on the claims of paper B about stacks of one to four GRUs, a seed at a time over {glue:text}`n_deep_seeds`
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
