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
# :class: answer
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
import numpy as np
import pandas as pd
from IPython.display import display

from lib.book import answers, figures, findings, page
from lib.book.ledger import NOT, ledger
from lib.book.overview import short, together
from lib.book.records import record
from lib.book.searches import along_the_mean_token, mean_token_embedding
from lib.training import NETWORKS, PAPER_B, exists, experiment, load, paper_a

factorial, yelp, size = (experiment.table(design) for design in ("factorial", "yelp", "size"))
trails = experiment.trails()
page.say(answer=answers.what_decides(factorial))
page.say(n_runs=len(factorial), n_planned=len(experiment.runs("factorial")))

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
cells = [short(name) for name in paper_a()]
both = findings.both_recipes(cells)
with page.figure("recipes", 6, height=3.1, sharey=True) as axes:
    for ax, (measure, label) in zip(axes, PANELS.items(), strict=True):
        figures.two_recipes(ax, both, measure, label, log=measure in ("spread", "one_step", "tau"))
    axes[2].axvspan(*experiment.LINE_SPREAD, color="#EEEEEE", lw=0, zorder=0)
    figures.legend_below(ax.figure, ax, columns=2)
twelve = [name for name in paper_a() if exists(name)]
lines = findings.lines(twelve)
slows_down = together(lines, ["A3"]).verdicts["A3"]
page.say(recipes=answers.both_recipes(both), restless=answers.listed(slows_down.index[slows_down == NOT]))
page.say(n_lines=len(lines), n_twelve=len(twelve), lines=answers.listed(lines))

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
at_token = together([f"{cell}-{PAPER_B}-seed0" for cell in cells], ledger()["A13b"].over_networks)
by_seeds = at_token.by_seeds.rename(columns={"together": "all three"}, index=lambda name: name.removesuffix(f"-{PAPER_B}"))
page.say(n_cells=len(by_seeds), n_at_token=len(at_token.networks))
page.say(n_at_token_seeds=at_token.held.sum(), n_trained_b=len(at_token.held))
by_seeds.map("{} seeds".format)

# %% tags=["hide-input"]
record("all", "A13b", at_token.measure())

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
with page.figure("effects", 6, height=2.2, sharey=True) as axes:
    for ax, (measure, (label, ratio)) in zip(axes, MEASURES.items(), strict=True):
        figures.effects(ax, findings.effects(factorial, measure, ratio), label, ratio)
page.say(**{f"by_{factor}": answers.n_with_a_line(factorial, factor) for factor in ("vectors", "start", "dropout")})
page.say(by_vectors_drift=answers.n_with_a_line(factorial, "vectors", at_drift=True))
page.say(by_start_yelp=answers.n_with_a_line(yelp, "start"))

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
claims = findings.judged(factorial)
record("all", "R1", claims["R1"])

# %% tags=["hide-input"]
record("all", "R2", claims["R2"])

# %% tags=["hide-input"]
record("all", "R3", claims["R3"])

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
loaded, kinds = {name: load(NETWORKS / name) for name in chosen if exists(name)}, {}
with page.figure("pitchfork", len(loaded), columns=2) as axes:
    for ax, (name, saved) in zip(axes, loaded.items(), strict=True):
        network = saved.network
        branches = along_the_mean_token(saved, network.readout_axis)
        branches = branches.assign(logit=branches["position"] + network.readout.bias.item())
        visited = network.logit(saved.evidence.layers[-1].states)
        figures.bifurcation(ax, branches, np.quantile(visited, [0.05, 0.95]), name)
        kinds[name] = findings.pitchfork(branches)
        kinds[name]["norm of the mean token"] = round(float(mean_token_embedding(saved).norm()), 3)
    figures.legend_below(ax.figure, ax)
page.say(n_inputs=branches["factor"].nunique())

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
display(pd.DataFrame(kinds).T)

# %% [markdown]
# ## One network over its epochs
#
# If a line is one side of a bifurcation, training must cross it. We measured three networks after every quarter epoch, always from
# the same 200 visited transitions.

# %% tags=["hide-input"]
if trails:
    filmed = trails.get(strip) or next(iter(trails.values()))
    n = len(filmed["strip"])
    with page.figure("epochs", n + len(trails), height=2.2, width=7.4) as axes:
        figures.film_strip(axes[:n], filmed["strip"])
        for ax, (name, trail) in zip(axes[n:], trails.items(), strict=True):
            figures.over_epochs(ax, trail["moments"], trail["best_epoch"], experiment.DOT_BELOW, name)
        axes[n].set_ylabel("spread of points over states", fontsize=8)
        figures.legend_below(ax.figure, axes[0], axes[n], columns=4, fontsize=8)
else:
    page.show("epochs", figures.not_yet(answers.NOT_YET))
page.say(filmed=filmed["name"] if trails else strip, epochs=answers.over_epochs(trails))

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
record("all", "R4", findings.judged_epochs(trails))

# %% [markdown]
# ## Does more text make the memory longer?
#
# {cite:t}`maheswaranathan2019` report a slowest mode of about 1,000 tokens, ours are shorter; they had half a million reviews. We
# train the GRU on a sixteenth, a quarter and all of the training reviews of IMDB, two seeds each, all for at most as many steps;
# {glue:text}`n_size` of these {glue:text}`n_size_planned` networks are trained.

# %% tags=["hide-input"]
PER_SIZE = {"tau_over_length": "slowest τ (documents)", "spread": "spread of points over states", "accuracy": "test accuracy"}
if len(size):
    with page.figure("size", 3, height=2.4) as axes:
        for ax, (measure, label) in zip(axes, PER_SIZE.items(), strict=True):
            figures.against_size(ax, size, measure, label)
else:
    page.show("size", figures.not_yet(answers.NOT_YET))
page.say(n_size=len(size), n_size_planned=len(experiment.runs("size")), size_told=answers.more_text(size))
page.say(cut=answers.shorter_cut("imdb-gru-seed0", "imdb-gru-short-seed0"))

# %% [markdown]
# ```{glue:figure} fig_size
# :name: fig-size
# :alt: Three panels against the number of training reviews on a logarithmic axis, one dot per network: slowest time constant over the mean document length, spread of the slow points over that of the states, and test accuracy.
#
# How memory, spread and accuracy change with the amount of text: GRUs on IMDB, one dot per seed, a line through the means.
# ```
#
# {glue:text}`size_told` {glue:text}`cut`

# %% [markdown]
# ## Which recipe to use
#
# {glue:text}`advice`

# %% tags=["hide-cell"]
page.say(advice=answers.advice(factorial))
