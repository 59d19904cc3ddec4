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
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from IPython.display import HTML
from itables import init_notebook_mode, to_html_datatable
from myst_nb import glue

from lib.book import figures
from lib.book.ledger import NOT, PARTLY, REPRODUCED, ledger, planned
from lib.book.measures import under_choices
from lib.book.mechanism import mechanism
from lib.book.records import judgements, judgements_over_seeds, record
from lib.book.searches import fixed_points
from lib.training.catalogue import NETWORKS, exists, paper_a
from lib.training.folder import load

figures.style()
names = networks or [name for name in paper_a() if exists(name)]
loaded = {name: load(NETWORKS / name) for name in names}
searches = {name: fixed_points(saved, n_starts, tolerance) for name, saved in loaded.items()}
found = {name: mechanism(saved, searches[name]) for name, saved in loaded.items()}
MIDDLE = 1  # of the three example points
rng = torch.Generator().manual_seed(0)
glue("n_networks", len(names), display=False)


def column(axes, name):
    """The four panels of one network."""
    saved, its = loaded[name], found[name]
    layer = saved.evidence.layers[-1]
    plane = layer.axes[:2]
    flat = {valence: (effect[MIDDLE] @ plane.T).numpy() for valence, effect in its.effects.items()}
    figures.word_effects(axes[0], flat, (plane @ its.left[MIDDLE]).numpy())
    figures.valence_histograms(axes[1], {valence: values.numpy() for valence, values in its.projections.items()})
    at = layer.project(its.places)[:, :2].numpy()
    figures.fixed_point_cloud(axes[2], layer.density[:2000, :2].numpy(), at, None, np.empty((0, 2)))
    span = 0.2 * np.ptp(layer.density[:, 0].numpy())
    figures.directions(axes[2], at[its.examples][[MIDDLE]], (plane @ its.right[MIDDLE]).numpy()[None], span)
    null = torch.nn.functional.normalize(torch.randn(2000, len(its.axis), generator=rng), dim=1) @ its.axis
    figures.overlap_histogram(axes[3], its.overlap.numpy(), null.abs().numpy())
    axes[0].set_title(name.removesuffix("-seed0"), fontsize=9)
    for ax in axes:
        ax.tick_params(labelsize=6)
        ax.set(xlabel="", ylabel="")


ROWS = ("J x and ℓ₁", "ℓ₁ᵀ J x, by valence", "fixed points and r₁", "|r₁·m|")
chosen = [name for name in selection if name in loaded]
fig, grid = plt.subplots(4, len(chosen), figsize=(1.9 * len(chosen), 7.2), squeeze=False)
for i, name in enumerate(chosen):
    column(grid[:, i], name)
for axes, label in zip(grid, ROWS, strict=True):
    axes[0].set_ylabel(label, fontsize=8)
glue("fig_selection", fig, display=False)
plt.close(fig)

corpora = list(dict.fromkeys(saved.config["title"] for saved in loaded.values()))
columns = max(sum(saved.config["title"] == corpus for saved in loaded.values()) for corpus in corpora)
fig = plt.figure(figsize=(1.9 * columns, 6.6 * len(corpora)), layout="constrained")
for part, corpus in zip(np.atleast_1d(fig.subfigures(len(corpora), 1)), corpora, strict=True):
    of_corpus = [name for name, saved in loaded.items() if saved.config["title"] == corpus]
    grid = part.subplots(4, columns, squeeze=False)
    part.suptitle(corpus, fontsize=10, fontweight="bold")
    for i, name in enumerate(of_corpus):
        column(grid[:, i], name)
    for axes, label in zip(grid, ROWS, strict=True):
        axes[0].set_ylabel(label, fontsize=8)
        for spare in axes[len(of_corpus) :]:
            spare.remove()
glue("fig_all", fig, display=False)
plt.close(fig)

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
MEASURES = {
    "test accuracy": ("A14", "test accuracy"),
    "gain over bag of words": ("A14", "gain over the bag of words"),
    "variance in 2 PCs": ("A1", "variance in the first 2 PCs"),
    "variance in 3 PCs": ("A1", "variance in the first 3 PCs"),
    "dimension over untrained": ("A1", "participation ratio over the untrained one"),
    "share of starts at 1e-8": ("A4", "share of starts that converge"),
    "distinct points": ("A4", "distinct points"),
    "first-axis share": ("A5", "first-axis share"),
    "|cos(m, w)| in the plane": ("A5", "|cos(m, w)| in the plane, as the readout sees it"),
    "spread of points over states": ("A5", "spread of the points over that of the states, along m"),
    "the same at q_D": ("A5D", "spread of the points over that of the states, along m"),
    "bins of 20 at q_D": ("A5D", "bins along m that hold a point, of 20"),
    "slowest τ": ("A7", "median slowest τ (tokens)"),
    "second τ": ("A7", "median second τ (tokens)"),
    "AUC of valence": ("A8", "AUC of positive against negative words"),
    "neutral over valenced": ("A9", "neutral over valenced projection"),
    "|r₁·m|": ("A10", "median |r₁·m|"),
    "|r₁·t|": ("A10", "median |r₁·t|, t the curve's tangent"),
    "one-step error": ("A11", "median one-step error"),
}
judged = judgements(names)
overview = pd.DataFrame(
    {
        label: {
            name.removesuffix("-seed0"): judged[name][key].measures[measure] if key in judged[name] else float("nan")
            for name in names
        }
        for label, (key, measure) in MEASURES.items()
    }
)
verdicts = {name: [judgement.verdict for judgement in planned(judged[name].values())] for name in names}
overview["reproduced"] = [verdicts[name].count(REPRODUCED) for name in names]
overview["partly"] = [verdicts[name].count(PARTLY) for name in names]
overview["not"] = [verdicts[name].count(NOT) for name in names]
init_notebook_mode(all_interactive=False, connected=False)  # the script of the table comes with the page
HTML(
    to_html_datatable(
        overview.map(lambda value: float(f"{value:.3g}")).reset_index(names="network"),
        paging=False,
        layout=dict.fromkeys(("topStart", "topEnd", "bottomStart", "bottomEnd")),
        showIndex=False,
        connected=False,
        scrollX=True,
        classes="display compact nowrap",
    )
)

# %% [markdown]
# ## In how many networks does it hold?
#
# Claim A13 asks for A5 (a one-dimensional manifold along the readout, as long as the cloud of states), A9 (input projections by
# valence) and A10 (the right eigenvector along the manifold) to hold in at least ten of the twelve, at the paper's tolerance of
# 10⁻⁸. A13D asks the same at $q_D$, the speed that the task sets {eq}`eq-drift`.

# %% tags=["hide-input"]
over = ledger()["A13"].over_networks
seeds = {name: judgements_over_seeds(name, NETWORKS) for name in names}


def holding(keys):
    """The networks in which several claims hold together, and of each how many of its seeds, and of how many."""
    held = [name for name in names if all(key in judged[name] and judged[name][key].verdict == REPRODUCED for key in keys)]
    of_seeds = {name: list(zip(*(seeds[name].get(key, []) for key in keys), strict=False)) for name in names}
    return held, {
        name: (sum(all(j.verdict == REPRODUCED for j in one) for one in of_seeds[name]), len(of_seeds[name])) for name in names
    }


def told(held):
    return ", ".join(name.removesuffix("-seed0") for name in held) or "none"


held, of_seeds = holding(over)
glue("n_holding", len(held), display=False)
glue("holding", told(held), display=False)
glue("n_trained", sum(n for _, n in of_seeds.values()), display=False)
glue("n_trained_holding", sum(k for k, _ in of_seeds.values()), display=False)
record("all", "A13", {"networks where A5, A9 and A10 hold": len(held) if len(names) == len(paper_a()) else float("nan")})

# %% tags=["hide-input", "full-width"]
drifting = ledger()["A13D"].over_networks
held_drift, of_seeds_drift = holding(drifting)
record(
    "all", "A13D", {"networks where A5D, A9D and A10D hold": len(held_drift) if len(names) == len(paper_a()) else float("nan")}
)
glue("n_drift", len(held_drift), display=False)
glue("drift", told(held_drift), display=False)
glue("n_trained_drift", sum(k for k, _ in of_seeds_drift.values()), display=False)
pd.DataFrame(
    {
        name.removesuffix("-seed0"): {key: judged[name][key].verdict for key in over if key in judged[name]}
        | {"seeds with all three": "{} of {}".format(*of_seeds[name])}
        | {key: judged[name][key].verdict for key in drifting if key in judged[name]}
        | {"seeds with these": "{} of {}".format(*of_seeds_drift[name])}
        for name in names
    }
).transpose()

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
KINDS = {  # what is changed: marker, colour, and the choices that belong to it
    "tolerance, 1e-6 to 1e-10": ("o", figures.GREY, "q <"),
    "starts, solver": ("s", figures.NEUTRAL, ("500", "steps", f"{n_starts} starts")),
    "documents": ("^", figures.NEGATIVE, ("training", "the shortest")),
    "input point": ("D", figures.POSITIVE, "x* ="),
    "reference": ("|", figures.INK, "reference"),
}
choices = {name: under_choices(saved, n_starts, tolerance) for name, saved in loaded.items()}
measures = ("first-axis share", "|cos(m, w)| in the plane", "slowest τ", "|r₁·m|")
fig, axes = figures.panels(4, columns=2, height=0.8 + 0.19 * len(names), width=7.6, sharey=True)
rows = np.arange(len(names))[::-1]
for ax, measure in zip(axes, measures, strict=True):
    for label, (marker, color, starts) in KINDS.items():
        at = [
            (y, row[measure])
            for y, name in zip(rows, names, strict=True)
            for key, row in choices[name].items()
            if key.startswith(starts)
        ]
        y, x = np.array(at).T
        size = 160 if label == "reference" else 16
        ax.scatter(x, y, size, color=color, marker=marker, lw=1.6 if label == "reference" else 0, alpha=0.8, label=label)
    ax.set_xlabel(measure)
    ax.set_yticks(rows, [name.removesuffix("-seed0") for name in names])
    ax.grid(axis="y", lw=0.4, alpha=0.5)
axes[2].set_xscale("log")
axes[2].set_xlabel("slowest τ (tokens)")
handles, labels = axes[0].get_legend_handles_labels()
fig.legend(handles, labels, loc="outside upper center", ncols=5, fontsize=7, markerscale=0.8)
glue("fig_choices", fig, display=False)
plt.close(fig)


def worst(kinds):
    """The median over networks of the largest relative change that some choices make in a measure."""
    changes = []
    for row in choices.values():
        for measure in measures:
            found = [
                abs(values[measure] / row["reference"][measure] - 1) for key, values in row.items() if key.startswith(kinds)
            ]
            changes.append(np.nanmax(found) if np.isfinite(found).any() else np.nan)
    return 100 * float(np.nanmedian(changes))


for key, label in (("tolerance", "tolerance, 1e-6 to 1e-10"), ("documents", "documents"), ("input", "input point")):
    glue(f"worst_{key}", worst(KINDS[label][2]), display=False)
slower = [row["x* = mean token"]["slowest τ"] / row["reference"]["slowest τ"] for row in choices.values()]
glue("slower", float(np.median(slower)), display=False)

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
