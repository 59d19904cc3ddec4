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
# *How long does the network remember?* Near a fixed point $\mathbf{h}^*$ the update is, to first order
# ({cite:t}`maheswaranathan2019`, §4.3),
#
# $$
# \mathbf{h}_t \approx F(\mathbf{h}^*, \mathbf{x}^*) + \mathbf{J}^{\mathrm{rec}} \Delta\mathbf{h}_{t-1}
# + \mathbf{J}^{\mathrm{inp}} \Delta\mathbf{x}_t,
# \qquad \mathbf{J}^{\mathrm{rec}} = \frac{\partial F}{\partial \mathbf{h}}, \quad
# \mathbf{J}^{\mathrm{inp}} = \frac{\partial F}{\partial \mathbf{x}},
# $$ (eq-linearized)
#
# and the eigenvalues of $\mathbf{J}^{\mathrm{rec}} = \mathbf{R} \boldsymbol{\Lambda} \mathbf{L}$ say how fast each mode decays.

# %% tags=["parameters"]
network = "imdb-gru-seed0"
n_starts = 500
tolerance = 1e-8

# %% tags=["hide-input"]
from lib.book import figures, page
from lib.book.measures import mode_measures
from lib.book.records import record
from lib.book.searches import fixed_points, linearize
from lib.dynamics import eigenmodes, examples_along, manifold_axis, manifold_coordinate, median_angle, mode_sums
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
layer, w = saved.evidence.layers[-1], saved.network.readout_axis
points = fixed_points(saved, n_starts, tolerance)
system, modes = linearize(saved, points)
states = system.fixed_point
page.say(n_points=len(states))

# %% [markdown]
# ## From an eigenvalue to a time constant
#
# Along one mode the linear system is $a_{t} = \lambda\, a_{t-1}$, so that after $k$ tokens $|a_k| = |\lambda|^k |a_0| = e^{k \log|\lambda|}\,
# |a_0|$. Setting this equal to $e^{\mp k/\tau} |a_0|$, decay or growth by a factor $e$ every $\tau$ tokens, gives
#
# $$
# \tau_a = \left| \frac{1}{\log |\lambda_a|} \right|.
# $$ (eq-tau)
#
# A mode with $|\lambda| = 0.99$ lasts 100 tokens and one with $|\lambda| = 0.5$ less than two; a real integrator, $\lambda = 1$,
# lasts for ever. A complex pair rotates by its angle at each token while it decays.

# %% [markdown]
# ## Spectra along the manifold
#
# {numref}`fig-eigenmodes` shows the full spectrum at three fixed points, at 5, 50 and 95 % of the way along the manifold, and the
# time constants of the three slowest modes at {glue:text}`n_points` distinct fixed points.

# %% tags=["hide-input"]
examples = examples_along(states, manifold_axis(states, w))
full = eigenmodes(system.recurrent[examples])
theta = manifold_coordinate(states, w) if len(states) > 2 else states.new_zeros(len(states))
length = saved.config["mean_length"]["cut"]
with page.figure("eigenmodes", 4, columns=2, height=3.1) as (where, plane, along, all_modes):
    figures.example_points(where, layer.density[:3000, :2].numpy(), layer.project(states)[:, :2].numpy(), examples)
    figures.example_spectra(plane, full.eigenvalues.numpy())
    figures.time_constants(along, theta.numpy(), modes.time_constants[:, :3].numpy(), length)
    figures.all_time_constants(all_modes, full.time_constants.numpy())
measured = mode_measures(saved, points)
page.say(
    tau_1=measured["median slowest τ (tokens)"],
    tau_2=measured["median second τ (tokens)"],
    tau_3=measured["median third τ (tokens)"],
    length=length,
    stable=100 * measured["share of stable modes"],
    slow=100 * measured["share of modes with τ > 100"],
    median_angle=median_angle(full.eigenvalues),
)

# %% [markdown]
# ```{glue:figure} fig_eigenmodes
# :name: fig-eigenmodes
# :alt: Four panels. Three numbered fixed points over the visited states; their eigenvalues in the complex plane with the unit circle; the time constants of the three slowest modes against the position along the manifold; all time constants of the three points, sorted.
#
# (a) Three example fixed points. (b) Their eigenvalues, with the unit circle; the axes are equal. (c) Time constants of the
# three slowest modes at every fixed point against θ; dotted: the mean length of a document. (d) All time constants of the three
# points. Compare Fig. 3 of {cite:t}`maheswaranathan2019`.
# ```
#
# The median time constants of the first three modes, by $|\lambda|$, are {glue:text}`tau_1:.0f`, {glue:text}`tau_2:.0f` and
# {glue:text}`tau_3:.0f` tokens; a document has {glue:text}`length:.0f` on average. At the three points {glue:text}`stable:.1f` % of
# the modes are stable, and {glue:text}`slow:.1f` % last longer than 100 tokens. Among modes with $|\lambda| > 0.5$ the median angle
# is {glue:text}`median_angle:.1f`°: 0° is pure decay, 180° a change of sign at each token.

# %% tags=["hide-input"]
record(network, "A7", measured)

# %% [markdown]
# ## How many modes carry a word
#
# Within the linear system a word read $k$ tokens ago contributes
#
# $$
# (\mathbf{J}^{\mathrm{rec}})^k\, \mathbf{J}^{\mathrm{inp}} \mathbf{x}
# = \sum_{a=1}^{N} \lambda_a^k\, \mathbf{r}_a\, \boldsymbol{\ell}_a^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}
# $$ (eq-modes)
#
# to the state. The identity holds by construction and is checked numerically in double precision; what is informative is how
# many terms suffice, because that is the number of modes that remember.

# %% tags=["hide-input"]
middle = full[[1]]
jacobian, inward = (matrices[examples[[1]]].double() for matrices in (system.recurrent, system.inward))
words = saved.network.embedding.weight[saved.evidence.transitions.tokens[:200]].double()
effects, tokens = words @ inward.mT, (1, 10, 50, 100)
counts = [n for n in (1, 2, 3, 5, 10, 20, 50, 100) if n < len(w)] + [len(w)]
with page.figure("modes", width=4.6, height=2.8) as ax:
    figures.truncation_errors(ax, mode_sums.truncation_errors(jacobian, middle, effects, tokens, counts))

# %% [markdown]
# ```{glue:figure} fig_modes
# :name: fig-modes-suffice
# :alt: Relative error of the sum over the first modes against their number, for words read 1, 10, 50 and 100 tokens ago; the later, the fewer modes are needed.
#
# Median relative error of {eq}`eq-modes` cut after its first terms, over 200 words of the test documents, at the middle fixed
# point. The longer ago a word was read, the fewer modes are needed.
# ```

# %% tags=["hide-input"]
record(
    network, "A18", {"relative error of the sum over all modes": mode_sums.identity_error(jacobian, middle, effects, tokens)}
)
