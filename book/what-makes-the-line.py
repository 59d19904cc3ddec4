# ---
# jupyter:
#   book:
#     networks: [paper_a, measured, experiments, imdb-gru-glove-seed0]
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
# # What makes the line
#
# *Why does one network have a line of slow points, and another a single dot?* {cite:t}`tremblay2020` (§2.2) left one cause aside:
# "Studying the impact of word embeddings is left for futur direction. My educated opinion is that it wouldn't change the observations
# made here". We tested it.
#
# ```{admonition} Answer
# {glue:text}`answer`
#
# A line and a dot are two sides of one bifurcation, so that the number of epochs changes them, too ({numref}`fig-epochs`).
# ```
#
# "A line" has one meaning on this page: at least 95 % of 200 visited states lead to a speed $q < 10^{-8}$ at zero input; the points
# found have 80 % of their variance along one axis $\mathbf{m}$ and 90 % within the first three components of the states; and along
# $\mathbf{m}$ they spread between a third and three times as far as the states. It was fixed before any of these networks was trained.

# %% tags=["parameters"]
networks = []  # for the bifurcation diagram; empty: three of paper A's and one of paper B's
strip = "sst-gru-seed0"  # the network of the film strip

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import display
from myst_nb import glue

from lib.book import figures, findings
from lib.book.ledger import NOT, REPRODUCED, ledger
from lib.book.records import judgements, judgements_over_seeds, record
from lib.book.searches import along_the_mean_token, mean_token_embedding
from lib.dynamics.bifurcation import is_whole, kind
from lib.training import experiment
from lib.training.catalogue import NETWORKS, PAPER_B, catalogue, exists, paper_a
from lib.training.folder import load

figures.style()
factorial, yelp, size = (experiment.table(design) for design in ("factorial", "yelp", "size"))
trails = experiment.trails()
glue("answer", findings.answer(factorial), display=False)
glue("n_runs", len(factorial), display=False)
glue("n_planned", len(experiment.runs("factorial")), display=False)


def show(key, fig):
    """Keep a figure for the text."""
    glue(key, fig, display=False)
    plt.close(fig)


# %% [markdown]
# ## Two recipes, the same twelve networks
#
# Paper A does not say how its word vectors start; its mean word vector is small (footnote 2), which vectors learned from scratch are
# and GloVe's are not. We trained its twelve networks with both recipes: learned vectors, a Glorot start and a decaying learning rate,
# chosen by validation accuracy; and, as {cite:t}`tremblay2020` describes, GloVe vectors and torch's defaults.

# %% tags=["hide-input"]
PANELS = {
    "accuracy": "test accuracy",
    "variance_3": "states' variance in 3 PCs",
    "spread": "spread of points over states",
    "alignment": "|r₁·m|",
    "one_step": "one-step error",
    "tau": "slowest τ (tokens)",
}
of = catalogue()["paper_a"]
cells = [f"{corpus}-{architecture}" for corpus in of["corpora"] for architecture in of["architectures"]]
both = findings.both_recipes(cells)
fig, axes = figures.panels(6, height=3.1, width=7.6, sharey=True)
for ax, (measure, label) in zip(axes, PANELS.items(), strict=True):
    groups = {f"paper {recipe}'s recipe": both[both["recipe"] == recipe] for recipe in "AB"}
    figures.two_recipes(ax, cells, {name: (list(its["cell"]), its[measure].to_numpy()) for name, its in groups.items()})
    ax.set(xlabel=label, xscale="log" if measure in ("spread", "one_step", "tau") else "linear")
axes[2].axvspan(1 / 3, 3, color="#EEEEEE", lw=0, zorder=0)
figures.legend_below(fig, axes[0], columns=2)
show("fig_recipes", fig)
glue("recipes", findings.recipes_told(both), display=False)
twelve = [name for name in paper_a() if exists(name)]
lines = findings.lines(twelve)
found = judgements(lines)
restless = [name for name in lines if "A3" in found.get(name, {}) and found[name]["A3"].verdict == NOT]
glue("restless", ", ".join(name.removesuffix("-seed0") for name in restless) or "none", display=False)
glue("n_lines", len(lines), display=False)
glue("n_twelve", len(twelve), display=False)
glue("lines", ", ".join(name.removesuffix("-seed0") for name in lines) or "none", display=False)

# %% [markdown]
# ```{glue:figure} fig_recipes
# :name: fig-recipes
# :alt: Six panels with a row for each of twelve networks and one dot per seed, filled for paper A's recipe and hollow for paper B's: test accuracy, variance of the states in three components, spread of the slow points over that of the states, alignment of the right eigenvector with the manifold, one-step error, and slowest time constant.
#
# What the recipe alone changes in the same networks. One dot per seed; filled: paper A's recipe, hollow: paper B's. Grey band in (c): the
# points spread like the states.
# ```
#
# {glue:text}`recipes`
#
# A line in the meaning of this page, here from 500 visited states, stands in {glue:text}`n_lines` of the {glue:text}`n_twelve` published
# networks of paper A's recipe ({glue:text}`lines`). Of these, the state does not slow down without input (claim A3) in:
# {glue:text}`restless`; such a line is unstable and holds nothing. All were chosen by validation accuracy alone; the recipe that gives a
# line most often stands at the end of this page.
#
# Are the networks of paper B's recipe without a line, then? Their mean word vector is far from zero, and zero input is not what they
# read. At the mean token of their documents, claims A5b, A9b and A10b repeat A5, A9 and A10, with points up to $q < 10^{-6}$. These were
# chosen after the dots had been seen, so that they are not counted. All three hold in {glue:text}`n_at_token` of
# {glue:text}`n_cells` networks, and in {glue:text}`n_at_token_seeds` of {glue:text}`n_trained_b` with all seeds.

# %% tags=["hide-input"]
together = ledger()["A13b"].over_networks
judged = {cell: judgements_over_seeds(f"{cell}-{PAPER_B}-seed0", NETWORKS) for cell in cells}
held = {
    cell: {key: [judgement.verdict == REPRODUCED for judgement in found[key]] for key in together}
    for cell, found in judged.items()
    if set(together) <= set(found)
}
all_three = {cell: [all(verdicts) for verdicts in zip(*found.values(), strict=True)] for cell, found in held.items()}
glue("n_cells", len(held), display=False)
glue("n_at_token", sum(seeds[0] for seeds in all_three.values()), display=False)
glue("n_at_token_seeds", sum(map(sum, all_three.values())), display=False)
glue("n_trained_b", sum(map(len, all_three.values())), display=False)
at_token = pd.DataFrame(
    {
        cell: {key: f"{sum(seeds)} of {len(seeds)} seeds" for key, seeds in (found | {"all three": all_three[cell]}).items()}
        for cell, found in held.items()
    }
).T
display(at_token)

# %% tags=["hide-input"]
record("all", "A13b", {"networks where A5b, A9b and A10b hold": sum(seeds[0] for seeds in all_three.values())})

# %% [markdown]
# ## One thing at a time
#
# The two recipes differ in many things. In the experiment only one differs at a time: word vectors (learned from small orthogonal ones,
# GloVe, or GloVe less its mean and scaled to the size of learned ones), the start of the recurrent weights, and dropout; GRU and LSTM on
# SST, three seeds. GloVe has 100 dimensions, so that here all vectors have. {glue:text}`n_runs` of {glue:text}`n_planned` networks are
# trained.

# %% tags=["hide-input"]
MEASURES = {  # what is compared: its name, and whether as a ratio
    "line": ("share with a line", False),
    "converged": ("share that converges", False),
    "spread": ("spread of the points", False),
    "one_step": ("one-step error", True),
    "tau": ("slowest τ", True),
    "accuracy": ("test accuracy", False),
}
if len(factorial):
    fig, axes = figures.panels(6, height=2.2, width=7.6, sharey=True)
    for ax, (measure, (label, ratio)) in zip(axes, MEASURES.items(), strict=True):
        found = findings.effects(factorial, measure, ratio)
        figures.effects(ax, list(found.index), found.to_numpy(), none=float(ratio))
        ax.set_xlabel(f"{label}\n({'ratio' if ratio else 'difference'})", fontsize=8)
        if ratio:
            ax.set_xscale("log", base=2)
            figures.plain_log(ax.xaxis)
else:
    fig = figures.not_yet(findings.NOT_YET)
show("fig_effects", fig)
for factor in ("vectors", "start", "dropout"):
    glue(f"by_{factor}", findings.counted(factorial, factor), display=False)
glue("by_vectors_drift", findings.counted(factorial, "vectors", at_drift=True), display=False)
glue("by_start_yelp", findings.counted(yelp, "start"), display=False)

# %% [markdown]
# ```{glue:figure} fig_effects
# :name: fig-effects
# :alt: Six panels with a row for each of five contrasts of word vectors, start and dropout; each shows the effect with its interval on the share of networks with a line, the share of starts that converge, the spread of the points, the one-step error, the slowest time constant and the test accuracy, against a dotted line at no effect.
#
# What each factor changes, all else alike. Dot: mean over pairs of networks that differ in this factor alone (for errors and τ: the
# geometric mean of their ratio); bar: 95 % bootstrap interval over pairs; coloured where the interval excludes no effect (dotted).
# ```
#
# A line stands in {glue:text}`by_vectors`; in {glue:text}`by_start`; in {glue:text}`by_dropout`. At the speed $q_D$ that the task sets
# {eq}`eq-drift` the points spread like the states in {glue:text}`by_vectors_drift`. The same two starts for a GRU on Yelp, learned vectors:
# {glue:text}`by_start_yelp`.

# %% tags=["hide-input"]
claims = findings.judged(factorial) if len(factorial) else {}
record("all", "R1", claims["R1"]) if claims else findings.NOT_YET

# %% tags=["hide-input"]
record("all", "R2", claims["R2"]) if claims else findings.NOT_YET

# %% tags=["hide-input"]
record("all", "R3", claims["R3"]) if claims else findings.NOT_YET

# %% [markdown]
# ## Why: one sink or two
#
# A dot is one sink, an exact fixed point that attracts all states. A line is two sinks with a saddle between them, tied by a curve on which
# the state hardly moves. Between the two lies a pitchfork: the middle point loses its stability and two sinks leave it. A constant input
# tilts it, and then one sink and the saddle meet and vanish. {numref}`fig-pitchfork` moves the input along the mean token, from −1 to 2
# times, and searches for every exact fixed point. A strict tolerance leaves points near the sinks and the saddle only; at $q_D$ they fill more of
# the curve between ({numref}`fig-epochs`).

# %% tags=["hide-input"]
chosen = networks or ["yelp-lstm-seed0", "imdb-gru-seed0", "sst-gru-seed0", "imdb-gru-glove-seed0"]
loaded = {name: load(NETWORKS / name) for name in chosen if exists(name)}
rows = {}
if loaded:
    fig, axes = figures.panels(len(loaded), columns=2, height=2.6, width=7.6)
else:
    fig, axes = figures.not_yet(findings.NO_NETWORK), []
for ax, (name, saved) in zip(axes, loaded.items(), strict=True):
    network = saved.network
    found = along_the_mean_token(saved, network.readout_axis)
    visited = network.logit(saved.evidence.layers[-1].states)
    band = np.quantile(visited.numpy(), [0.05, 0.95])
    bias = network.readout.bias.item()
    figures.bifurcation(ax, found["factor"], found["position"] + bias, found["n_unstable"] == 0, tuple(band))
    ax.set_title(name, fontsize=9)
    at = {factor: found[found["factor"] == factor] for factor in (0.0, 1.0)}
    rows[name] = {
        "at zero input": kind(at[0.0]),
        "at the mean token": kind(at[1.0]),
        "inputs with two sinks or more": int((found[found["n_unstable"] == 0].groupby("factor").size() > 1).sum()),
        "inputs where the points are complete": sum(is_whole(here) for _, here in found.groupby("factor")),
        "norm of the mean token": round(float(mean_token_embedding(saved).norm()), 3),
    }
if loaded:
    figures.legend_below(fig, axes[0])
show("fig_pitchfork", fig)
glue("n_inputs", found["factor"].nunique() if loaded else 0, display=False)

# %% [markdown]
# ```{glue:figure} fig_pitchfork
# :name: fig-pitchfork
# :alt: A panel for each network: the logit at its exact fixed points against the input, moved along the mean token, sinks filled and saddles open; a grey band where the visited states are; a solid line at zero input and a dashed one at the mean token.
#
# Where a network has two sinks and a saddle, slow points spread between them; where it has one sink, they collapse on it. Filled: sinks;
# open: saddles; grey: logits of the visited states. Solid line: zero input, where the papers look; dashed: the mean token, what the network
# reads on average. The fixed points are complete where their signs add up to one, which we checked at all {glue:text}`n_inputs` inputs.
# ```

# %% tags=["hide-input", "full-width"]
display(pd.DataFrame(rows).T if rows else findings.NO_NETWORK)

# %% [markdown]
# ## One network over its epochs
#
# If a line is one side of a bifurcation, training must cross it. We measured three networks after every quarter epoch, always from
# the same 200 visited transitions.

# %% tags=["hide-input"]
if trails:
    filmed = trails[strip] if strip in trails else next(iter(trails.values()))
    moments = [{key: np.array(value) for key, value in moment.items()} for moment in filmed["strip"]]
    n = len(moments)
    fig, axes = figures.panels(n + len(trails), height=2.2, width=7.4)
    figures.film_strip(axes[:n], moments)
    for ax, moment in zip(axes, moments, strict=False):
        ax.set_title(f"epoch {moment['epoch']:.2f}", fontsize=9)
    for ax, (name, its) in zip(axes[n:], trails.items(), strict=True):
        trail = pd.DataFrame(its["moments"])
        figures.over_epochs(ax, trail["epoch"], trail["spread"].astype(float), trail["n_saddles"] > 0, its["best_epoch"])
        ax.axhline(experiment.SPREAD, color=figures.GREY, lw=1, ls=":")
        ax.set_title(name, fontsize=9)
        ax.set_ylim(4e-3, 4)
    axes[n].set_ylabel("spread of points over states", fontsize=8)
    figures.legend_below(fig, axes[0], axes[n], columns=4, fontsize=8)
else:
    fig, filmed = figures.not_yet(findings.NOT_YET), {"name": strip}
show("fig_epochs", fig)
glue("filmed", filmed["name"], display=False)
glue("epochs", findings.epochs_told(trails), display=False)

# %% [markdown]
# ```{glue:figure} fig_epochs
# :name: fig-epochs
# :alt: Six panels in the plane of the first two components show visited states, slow points, sinks and saddles of one network at six moments of its training; a panel below for each of three networks shows the spread of its slow points over the epochs, filled where a saddle was found.
#
# The points jump between a line and a dot while a network is trained, and the line comes with a saddle. (a–f) {glue:text}`filmed`: slow
# points at $q < 10^{-8}$ (black) and at $q_D$ (light blue) over the visited states (grey), exact sinks (filled) and saddles (open), in the
# first two components of the states at the end. (g–i) Spread of the points at $10^{-8}$ over that of the states, along $\mathbf{m}$, after every quarter
# epoch; dotted: a third, above which the points count as spread; dashed: best validation accuracy, whose weights are kept.
# ```
#
# {glue:text}`epochs`

# %% tags=["hide-input"]
record("all", "R4", findings.judged_epochs(trails)) if trails else findings.NOT_YET

# %% [markdown]
# ## Does more text make the memory longer?
#
# {cite:t}`maheswaranathan2019` report a slowest mode of about 1,000 tokens, ours are shorter; they had half a million reviews. We
# train the GRU on a sixteenth, a quarter and all of the training reviews of IMDB, two seeds each, all for at most as many steps;
# {glue:text}`n_size` of these {glue:text}`n_size_planned` networks are trained.

# %% tags=["hide-input"]
PER_SIZE = {"tau_over_length": "slowest τ (documents)", "spread": "spread of points over states", "accuracy": "test accuracy"}
if len(size):
    fig, axes = figures.panels(3, height=2.4)
    for ax, (measure, label) in zip(axes, PER_SIZE.items(), strict=True):
        figures.against_size(ax, size["n_documents"].to_numpy(), size[measure].to_numpy(float))
        ax.set_ylabel(label)
else:
    fig = figures.not_yet(findings.NOT_YET)
show("fig_size", fig)
glue("n_size", len(size), display=False)
glue("n_size_planned", len(experiment.runs("size")), display=False)
glue("size", findings.size_told(size), display=False)
glue("cut", findings.cut_told("imdb-gru-seed0", "imdb-gru-short-seed0"), display=False)

# %% [markdown]
# ```{glue:figure} fig_size
# :name: fig-size
# :alt: Three panels against the number of training reviews on a logarithmic axis, one dot per network: slowest time constant over the mean document length, spread of the slow points over that of the states, and test accuracy.
#
# How memory, spread and accuracy change with the amount of text: GRUs on IMDB, one dot per seed, a line through the means.
# ```
#
# {glue:text}`size` {glue:text}`cut`

# %% [markdown]
# ## Which recipe to use
#
# {glue:text}`advice`

# %% tags=["hide-cell"]
glue("advice", findings.advice(factorial), display=False)
