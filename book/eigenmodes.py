# ---
# jupyter:
#   book:
#     networks: [network]
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
# # Eigenmodes
#
# *How long does the network remember?*
#
# ```{admonition} Answer
# :class: answer
# {glue:text}`answer_memory` {glue:}`verdicts_memory`
# ```
#
# ```{admonition} Paper A, §4.4
# :class: paper
# “In practice we find, with high consistency, that nearly all eigenmodes are stable and only a small number cluster around
# $|\lambda_a| \approx 1$.” And: “the slowest decaying mode persists after ∼1000 time steps, while the next two modes persist after
# ∼100 time steps, with lower modes decaying even faster.”
# ```

# %% tags=["parameters"]
network = "imdb-gru-seed0"
n_starts = 500
tolerance = 1e-8

# %% tags=["hide-input"]
import math

from lib.book import chapter_answers, figures, page
from lib.book.measures import mode_measures
from lib.book.records import record
from lib.book.searches import fixed_points, linearize
from lib.dynamics import eigenmodes, examples_along, manifold_axis, median_angle, mode_sums
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
layer, w = saved.evidence.layers[-1], saved.network.readout_axis
points = fixed_points(saved, n_starts, tolerance)
system, modes = linearize(saved, points)
states, length = system.fixed_point, saved.config["mean_length"]["cut"]
page.say(n_points=len(states), length=length)

# %% [markdown]
# ## One eigenvalue, one memory
#
# Close to a fixed point $\mathbf{h}^*$ a network is nearly linear. How far the state stands from the point, $\Delta\mathbf{h}$, and how
# far the word is from the input that was held, $\Delta\mathbf{x}$, act through two matrices of derivatives, the *Jacobians*:
#
# $$
# \begin{gathered}
# \mathbf{h}_t \approx F(\mathbf{h}^*, \mathbf{x}^*) + \mathbf{J}^{\mathrm{rec}} \Delta\mathbf{h}_{t-1}
# + \mathbf{J}^{\mathrm{inp}} \Delta\mathbf{x}_t, \\
# \mathbf{J}^{\mathrm{rec}} = \frac{\partial F}{\partial \mathbf{h}}, \quad
# \mathbf{J}^{\mathrm{inp}} = \frac{\partial F}{\partial \mathbf{x}}.
# \end{gathered}
# $$ (eq-linearized)
#
# The recurrent one has as many *eigenmodes* as the state has numbers: patterns that keep their shape and only change their size, each
# token by a factor $\lambda$, its eigenvalue. A mode with $|\lambda| < 1$ fades, one with $|\lambda| > 1$ grows, and the number of tokens
# in which it changes by a factor $e$ is its *time constant*,
#
# $$
# \tau_a = \left| \frac{1}{\log |\lambda_a|} \right|.
# $$ (eq-tau)
#
# With $|\lambda| = 0.5$ a mode lasts less than two tokens, with 0.99 a hundred; with $\lambda = 1$ it lasts for ever, which is a perfect
# counter. A complex pair rotates by its angle at each token while it fades.

# %% tags=["hide-input"]
m = manifold_axis(states, w)
position = (states - layer.states.mean(0)) @ m / (layer.states @ m).std()
with page.figure("eigenmodes", width=7.6, height=3.4) as ax:
    figures.time_constants(ax, position.numpy(), modes.time_constants[:, :3].numpy(), length)
measured, size = mode_measures(saved, points), modes.eigenvalues[:, 0].abs()
lasting, growing = ((size > bound).double().mean().item() for bound in (math.exp(-1 / length), 1))
page.say(
    slowest_seen=chapter_answers.slowest_seen(measured, length),
    tau_1=measured["median slowest τ (tokens)"],
    tau_2=measured["median second τ (tokens)"],
    tau_3=measured["median third τ (tokens)"],
)

# %% [markdown]
# ```{glue:figure} fig_eigenmodes
# :name: fig-eigenmodes
# :alt: Time constants of the three slowest modes against the position of the slow point, a marker for each mode, on a logarithmic axis with a dotted line at the mean length of a document.
#
# {glue:text}`slowest_seen`. Time constants of the first three modes by $|\lambda|$ at {glue:text}`n_points` distinct slow points, against
# the point's position along their first axis $\mathbf{m}$; where a cross lies in a diamond, modes 2 and 3 are a pair. Compare Fig. 3c of
# {cite:t}`maheswaranathan2019`.
# ```
#
# The medians are {glue:text}`tau_1:.0f`, {glue:text}`tau_2:.0f`, and {glue:text}`tau_3:.0f` tokens. {glue:text}`against_verdict`
#
# ## All modes at three points
#
# The rest of the spectrum says whether anything else is remembered. We take the slow points at 5, 50, and 95 % of the way along $\mathbf{m}$.

# %% tags=["hide-input"]
examples = examples_along(states, m)
full = eigenmodes(system.recurrent[examples])
with page.figure("spectra", 3, height=3.0, width=8.4) as (where, plane, all_modes):
    figures.example_points(where, layer.density[:3000, :2].numpy(), layer.project(states)[:, :2].numpy(), examples)
    figures.example_spectra(plane, full.eigenvalues.numpy())
    figures.all_time_constants(all_modes, full.time_constants.numpy(), length)
page.say(
    stable=100 * measured["share of stable modes"],
    slow=100 * measured["share of modes with τ > 100"],
    median_angle=median_angle(full.eigenvalues),
)

# %% [markdown]
# ```{glue:figure} fig_spectra
# :name: fig-spectra
# :alt: Three panels: three numbered slow points over the visited states; their eigenvalues in the complex plane with the unit circle; all their time constants, sorted, with the mean length of a document.
#
# Look for eigenvalues near the unit circle: they are the memory. (a) Three slow points over the visited states. (b) Their eigenvalues, with
# the unit circle; the axes are equal. (c) All their time constants, sorted; dotted: a document. Compare Fig. 3a, b, and d of
# {cite:t}`maheswaranathan2019`.
# ```
#
# At the three points {glue:text}`stable:.1f` % of the modes are stable, and {glue:text}`slow:.1f` % last longer than 100 tokens. Among modes with
# $|\lambda| > 0.5$ the median angle is {glue:text}`median_angle:.1f`°: 0° is pure decay, 180° a change of sign at each token.

# %% [markdown]
# ## How many modes carry a word
#
# Within the linear system, a word read $k$ tokens ago adds to the state
#
# $$
# (\mathbf{J}^{\mathrm{rec}})^k\, \mathbf{J}^{\mathrm{inp}} \mathbf{x}
# = \sum_{a=1}^{N} \lambda_a^k\, \mathbf{r}_a\, \boldsymbol{\ell}_a^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x},
# $$ (eq-modes)
#
# a sum over the modes, each with a right eigenvector $\mathbf{r}_a$, its pattern, and a left one $\boldsymbol{\ell}_a$, which measures
# how much of a push the mode takes up. How many terms suffice is the number of modes that remember.

# %% tags=["hide-input"]
middle = full[[1]]
jacobian, inward = (matrices[examples[[1]]].double() for matrices in (system.recurrent, system.inward))
words = saved.network.embedding.weight[saved.evidence.transitions.tokens[:200]].double()
effects, tokens = words @ inward.mT, (1, 10, 50, 100)
counts = [n for n in (1, 2, 3, 5, 10, 20, 50, 100) if n < len(w)] + [len(w)]
with page.figure("modes", width=5.6, height=3.0) as ax:
    figures.truncation_errors(ax, mode_sums.truncation_errors(jacobian, middle, effects, tokens, counts))

# %% [markdown]
# ```{glue:figure} fig_modes
# :name: fig-modes-suffice
# :alt: Relative error of the sum over the first modes against their number, a curve for words read 1, 10, 50, and 100 tokens ago.
#
# Compare the curves at one mode: the lower, the better the slowest mode alone tells what is left of a word. Median relative error of
# {eq}`eq-modes` cut after its first terms, over 200 words, at the middle slow point. Compare eq. 3 of {cite:t}`maheswaranathan2019`.
# ```

# %% tags=["hide-input"]
judged = record(network, "A7", measured)
identity = mode_sums.identity_error(jacobian, middle, effects, tokens)
shown = record(network, "A18", {"relative error of the sum over all modes": identity})
page.answer("memory", chapter_answers.memory(measured, length, lasting, growing), judged)
page.say(claim_A18=shown, against_verdict=chapter_answers.against_verdict(measured, judged.verdict))
page.reproduce("eigenmodes", network=network, n_starts=n_starts, tolerance=tolerance)

# %% [markdown]
# ````{admonition} What was measured, and a check of the identity
# :class: dropdown
# ```{glue:} claim_A7
# ```
#
# Equation {eq}`eq-modes` holds by construction; it is checked numerically in double precision.
#
# ```{glue:} claim_A18
# ```
# ````
#
# ## What this does not show
#
# Time constants belong to a point and to the input that is held there, and a state far from every slow point obeys neither. Eigenvalues
# tell how long a push is kept, not how large it may grow on the way ({doc}`non-normality`). What a mode remembers *of a word*
# is the subject of {doc}`eigenvectors`.
#
# ```{admonition} Reproduce this
# :class: reproduce
# {glue:}`reproduce_eigenmodes`
# ```
