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
# *Is it one mechanism?*
#
# ```{admonition} Answer
# :class: answer
# {glue:text}`answer_universality` {glue:}`verdicts_universality`
# ```
#
# ```{admonition} Paper A, §4.7
# :class: paper
# “We see that regardless of architecture or dataset, each network approximately solves the task using the same mechanism.”
# ```

# %% tags=["parameters"]
networks = []  # empty: paper A's twelve
selection = ["yelp-lstm-seed0", "imdb-gru-seed0", "yelp-ugrnn-seed0", "sst-vanilla-seed0"]
n_starts = 500
tolerance = 1e-8

# %% tags=["hide-input"]
from IPython.display import HTML

from lib.book import chapter_answers, figures, page, sensitivity
from lib.book.html import power
from lib.book.ledger import ledger
from lib.book.measures import under_choices
from lib.book.mechanism import mechanism
from lib.book.overview import SPREAD, bounds_of_parts, overview, parts_of_mechanism, short, together
from lib.book.portrait import portrait
from lib.book.records import record
from lib.book.searches import fixed_points
from lib.book.tables import sortable
from lib.training import NETWORKS, exists, load, paper_a

names = networks or [name for name in paper_a() if exists(name)]
loaded = {name: load(NETWORKS / name) for name in names}
shown = [name for name in selection if name in names] or names[:4]
portraits = {
    name: portrait(loaded[name], mechanism(loaded[name], fixed_points(loaded[name], n_starts, tolerance))) for name in shown
}
page.say(n_networks=chapter_answers.plural(len(names), "network"), tolerance=power(tolerance))

# %% [markdown]
# ## The mechanism, side by side
#
# Three things make the mechanism: slow points that form a line along the readout (claim A5), words that push the state to their own end
# of it (A9), and a right eigenvector along which the push is stored (A10). Here they are in one network of each architecture. (The paper's
# text does not name the columns of its figure.)

# %% tags=["hide-input"]
page.show("selection", figures.mechanisms({short(name): drawn for name, drawn in portraits.items()}))

# %% [markdown]
# ```{glue:figure} fig_selection
# :name: fig-selection
# :alt: Three rows of panels, a column for each of four networks: pushes of positive, negative, and neutral words in a plane whose horizontal axis is the left eigenvector; the mean input projection of each valence at every slow point; slow points over the visited states with the right eigenvector.
#
# Read a column from top to bottom: are the colours apart, do they stay apart at every slow point, and do black points and blue bar form one line?
# First row: pushes of single words at the slow point half-way along $\mathbf{m}$, horizontally along $\boldsymbol{\ell}_1$. Second: mean input
# projection of each valence, one dot per slow point. Third: slow points at q < {glue:text}`tolerance` (black) over the visited states (grey), and
# the direction of $\mathbf{r}_1$ (blue). Compare Fig. 6 of {cite:t}`maheswaranathan2019`.
# ```

# %% [markdown]
# ## In how many networks does it hold?
#
# Claim A13 asks for all three in at least ten of the twelve, at the paper's tolerance; A13D asks the same at $q_D$, the speed that the
# task sets {eq}`eq-drift`.

# %% tags=["hide-input"]
values = parts_of_mechanism(names)
with page.figure("all", 6, columns=3, height=1.0 + 0.19 * len(names), width=8.4, sharey=True) as axes:
    figures.measures_of_networks(axes, values, bounds_of_parts(), log=SPREAD)
    figures.legend_below(axes[0].figure, axes[0], columns=2, fontsize=8)
line, drifting = (together(names, ledger()[claim].over_networks) for claim in ("A13", "A13D"))
judged = record("all", "A13", line.measure()), record("all", "A13D", drifting.measure())
told = chapter_answers.universality(line.networks, drifting.networks, line.n_judged, tolerance)
page.answer("universality", told, *judged)
page.say(with_seeds=f"{line.held.sum()} of {len(line.held)}", with_seeds_drift=f"{drifting.held.sum()} of {len(drifting.held)}")

# %% [markdown]
# ```{glue:figure} fig_all
# :name: fig-all
# :alt: Six panels with a row for each network: the spread of the slow points over that of the states, the share of variance of their first axis, their alignment with the readout, the share of points where words push to their own end, the neutral over the valenced projection, and the overlap of the right eigenvector, each at the paper's tolerance and at the slower speed that the task sets.
#
# A network has the mechanism where its marks are on the right side of every dotted line. Black: at q < {glue:text}`tolerance`; hollow:
# at $q_D$; dotted: the criteria (of the spread: between the two; of neutral over valenced: to the left; of the others: to the right).
# Compare Fig. 6 of {cite:t}`maheswaranathan2019` and its supplement.
# ```
#
# When every seed is counted, all three hold in {glue:text}`with_seeds` trained networks at the paper's tolerance and in
# {glue:text}`with_seeds_drift` at $q_D$. {doc}`failures` asks why the others fail, and {doc}`what-makes-the-line` what decides it;
# the {doc}`explorer` has every figure of each.

# %% tags=["hide-input"]
seeds = (line.by_seeds["together"], drifting.by_seeds["together"])
both = line.verdicts.assign(**{"seeds with all three": seeds[0]}).join(
    drifting.verdicts.assign(**{"seeds with these": seeds[1]})
)
page.say(verdicts_by_network=both, all_measures=HTML(sortable(overview(names), index="network")))

# %% [markdown]
# ````{admonition} The verdicts by network, and every measure
# :class: dropdown
# ```{glue:} verdicts_by_network
# ```
#
# All measures, one row per network; click a header to sort. {doc}`claims` has the criteria and the intervals over seeds.
#
# ```{glue:} all_measures
# ```
# ````

# %% [markdown]
# ## Does it depend on how one looks?
#
# Every number of a slow point depends on choices: how slow is slow enough, where the starts come from, what the input is held at. The chapter
# {doc}`robustness` changes one at a time; here is what that does to the four measures behind the claims, in each network.

# %% tags=["hide-input"]
compared = sensitivity.compared({short(name): under_choices(saved, n_starts, tolerance) for name, saved in loaded.items()})
labels = dict.fromkeys(sensitivity.MEASURES) | {"slowest τ": "slowest τ (tokens)"}
with page.figure("choices", 4, columns=2, height=0.8 + 0.19 * len(names), sharey=True) as axes:
    for ax, (measure, label) in zip(axes, labels.items(), strict=True):
        figures.choices(ax, compared[compared["measure"] == measure], label or measure, log=measure == "slowest τ")
    figures.legend_below(ax.figure, ax, columns=3, fontsize=8, markerscale=0.8)
page.say(**{f"worst_{key}": 100 * sensitivity.typical_change(compared, key) for key in ("tolerance", "documents")})
page.say(worst_input=100 * sensitivity.typical_change(compared, "input point"))
page.say(slower=sensitivity.ratio(compared, "x* = mean token", "slowest τ"))
page.reproduce("universality", n_starts=n_starts, tolerance=tolerance)

# %% [markdown]
# ```{glue:figure} fig_choices
# :name: fig-choices
# :alt: Four panels with a row for each network: first-axis share of the slow points, their alignment with the readout, the slowest time constant, and the alignment of the right eigenvector with the axis of the points, each under the reference search and under other tolerances, starts, documents, and input points.
#
# The farther a mark lies from the black bar of its row, the more that choice matters. Four measures under other choices of the search,
# one changed at a time; bars: the reference, from 60 visited states with $\mathbf{x}^* = 0$ and q < {glue:text}`tolerance`.
# Compare §4.2 and footnote 2 of {cite:t}`maheswaranathan2019`.
# ```
#
# The median, over networks and measures, of the largest change is {glue:text}`worst_tolerance:.0f` % for the tolerance,
# {glue:text}`worst_documents:.0f` % for the documents, and {glue:text}`worst_input:.0f` % for the input point. With the input held at the mean
# token of running text, the slowest mode lasts {glue:text}`slower:.1f` times as long as at zero (median over networks).
#
# ## What this does not show
#
# That a measure is alike in two networks does not make them the same system; {doc}`similarity` compares them state by state. And a network without the
# line at one tolerance may have it at another: read the black and the hollow marks together.
#
# ```{admonition} Reproduce this
# :class: reproduce
# {glue:}`reproduce_universality`
# ```
