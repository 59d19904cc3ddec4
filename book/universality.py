# ---
# jupyter:
#   book:
#     networks: [paper_a, measured]
#     reads: [training, low-dimensionality, fixed-points, eigenmodes, eigenvectors, linearization, robustness]
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
# # Universality
#
# *Is it one mechanism?* {cite:t}`maheswaranathan2019` (§4.7, Fig. 6) find a line attractor, with words projected on it by the left
# eigenvector and stored along it by the right one, in four architectures on three corpora. {numref}`fig-selection` repeats their
# figure for one network of each architecture (the text at hand does not name the columns of theirs), {numref}`fig-all` for all twelve.

# %% tags=["parameters"]
networks = []  # empty: paper A's twelve
selection = ["yelp-lstm-seed0", "imdb-gru-seed0", "yelp-ugrnn-seed0", "sst-vanilla-seed0"]
n_starts = 500
tolerance = 1e-8

# %% tags=["hide-input"]
from IPython.display import HTML

from lib.book import answers, figures, page, sensitivity
from lib.book.ledger import ledger
from lib.book.measures import under_choices
from lib.book.mechanism import mechanism
from lib.book.overview import overview, short, together
from lib.book.portrait import portrait
from lib.book.records import record
from lib.book.searches import fixed_points
from lib.book.tables import sortable
from lib.training import NETWORKS, exists, load, paper_a

names = networks or [name for name in paper_a() if exists(name)]
loaded = {name: load(NETWORKS / name) for name in names}
searches = {name: fixed_points(saved, n_starts, tolerance) for name, saved in loaded.items()}
portraits = {name: portrait(saved, mechanism(saved, searches[name])) for name, saved in loaded.items()}
page.say(n_networks=len(names))

# %% tags=["hide-input"]
page.show("selection", figures.mechanisms({"": {short(name): portraits[name] for name in selection if name in names}}))
by_corpus = {saved.config["title"]: {} for saved in loaded.values()}
for name, saved in loaded.items():
    by_corpus[saved.config["title"]][short(name)] = portraits[name]
page.show("all", figures.mechanisms(by_corpus))

# %% [markdown]
# ```{glue:figure} fig_selection
# :name: fig-selection
# :alt: Four rows of panels, a column for each of four networks: effects of positive, negative and neutral words with the left eigenvector; histograms of the input projections; fixed points over the visited states with the right eigenvector; histograms of the overlap between right eigenvector and manifold.
#
# The mechanism in one network of each architecture. First row: instantaneous effect $\mathbf{J}^{\mathrm{inp}}\mathbf{x}$ of positive
# (green), negative (orange) and neutral (blue) words at the fixed point half-way along the manifold, in the plane of the first two
# components of the states; blue arrow: direction of $\boldsymbol{\ell}_1$. Second: mean input projection by valence, over fixed points.
# Third: fixed points (black) over the visited states (grey), and the direction of $\mathbf{r}_1$ (blue). Fourth: $|\mathbf{r}_1 \cdot
# \mathbf{m}|$ over fixed points (blue) against random directions (grey). Compare Fig. 6 of {cite:t}`maheswaranathan2019`.
# ```
#
# ```{glue:figure} fig_all
# :name: fig-all
# :alt: The same four rows of panels for all networks, a block for each corpus and a column for each architecture.
#
# The same for all {glue:text}`n_networks` networks, a block a corpus.
# ```

# %% [markdown]
# ## All measures in one table
#
# A row a network; a click on a head sorts. The columns are the measures of the claims, of the published network (seed 0);
# {doc}`claims` has the criteria and the intervals over seeds, and every network has a page of its own in the {doc}`appendix <appendix>`.

# %% tags=["hide-input", "full-width"]
HTML(sortable(overview(names), index="network"))

# %% [markdown]
# ## In how many networks does it hold?
#
# Claim A13 asks for A5 (a one-dimensional manifold along the readout, as long as the cloud of states), A9 (input projections by
# valence) and A10 (the right eigenvector along the manifold) to hold in at least ten of the twelve, at the paper's tolerance of
# 10⁻⁸. A13D asks the same at $q_D$, the speed that the task sets {eq}`eq-drift`.

# %% tags=["hide-input"]
line = together(names, ledger()["A13"].over_networks)
page.say(n_holding=len(line.networks), holding=answers.listed(line.networks))
page.say(n_trained=len(line.held), n_trained_holding=line.held.sum())
record("all", "A13", line.measure())

# %% tags=["hide-input", "full-width"]
drifting = together(names, ledger()["A13D"].over_networks)
record("all", "A13D", drifting.measure())
page.say(n_drift=len(drifting.networks), drift=answers.listed(drifting.networks), n_trained_drift=drifting.held.sum())
seeds = (line.by_seeds["together"], drifting.by_seeds["together"])
line.verdicts.assign(**{"seeds with all three": seeds[0]}).join(drifting.verdicts.assign(**{"seeds with these": seeds[1]}))

# %% [markdown]
# At 10⁻⁸ all three hold in {glue:text}`n_holding` of {glue:text}`n_networks` networks ({glue:text}`holding`), and in
# {glue:text}`n_trained_holding` of {glue:text}`n_trained` when every seed is counted. At $q_D$ they hold in {glue:text}`n_drift`
# ({glue:text}`drift`), and in {glue:text}`n_trained_drift` with seeds. {doc}`failures` asks why the others fail, and
# {doc}`what-makes-the-line` what decides it.

# %% [markdown]
# ## Does it depend on how one looks?
#
# Every number of a fixed point depends on choices: how slow is slow enough, where the starts come from, what the input is held at. The
# section {doc}`robustness` changes one at a time; {numref}`fig-choices` shows what that does to the four measures behind the claims in
# each network.

# %% tags=["hide-input"]
compared = sensitivity.compared({short(name): under_choices(saved, n_starts, tolerance) for name, saved in loaded.items()})
labels = dict.fromkeys(sensitivity.MEASURES) | {"slowest τ": "slowest τ (tokens)"}
with page.figure("choices", 4, columns=2, height=0.8 + 0.19 * len(names), sharey=True) as axes:
    for ax, (measure, label) in zip(axes, labels.items(), strict=True):
        values = compared[compared["measure"] == measure]
        figures.choices(ax, values, label or measure, log=measure == "slowest τ")
    figures.legend_below(ax.figure, ax, columns=5, fontsize=7, markerscale=0.8)
page.say(**{f"worst_{key}": 100 * sensitivity.typical_change(compared, key) for key in ("tolerance", "documents")})
page.say(worst_input=100 * sensitivity.typical_change(compared, "input point"))
page.say(slower=sensitivity.ratio(compared, "x* = mean token", "slowest τ"))

# %% [markdown]
# ```{glue:figure} fig_choices
# :name: fig-choices
# :alt: Four panels with a row for each network: first-axis share of the fixed points, their alignment with the readout, the slowest time constant, and the alignment of the right eigenvector with the manifold, each under the reference search and under other tolerances, starts, documents and input points.
#
# Four measures of the fixed points in every network under other choices of the search, one changed at a time. Black bars: the reference,
# from 60 visited states with $\mathbf{x}^* = 0$ and q < 10⁻⁸.
# ```
#
# The median, over networks and measures, of the largest change is {glue:text}`worst_tolerance:.0f` % for the tolerance,
# {glue:text}`worst_documents:.0f` % for the documents and {glue:text}`worst_input:.0f` % for the input point. At the mean token the slowest
# mode lasts {glue:text}`slower:.1f` times as long as at zero (median over networks).
