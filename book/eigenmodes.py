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
import matplotlib.pyplot as plt
import numpy as np
import torch
from myst_nb import glue

from lib.book import figures
from lib.book.measures import mode_measures
from lib.book.records import record
from lib.book.searches import fixed_points, linearize
from lib.dynamics.manifold import examples_along, manifold_coordinate, principal_axes
from lib.dynamics.modes import eigenmodes
from lib.training.catalogue import NETWORKS
from lib.training.folder import load

figures.style()
saved = load(NETWORKS / network)
layer = saved.evidence.layers[-1]
points = fixed_points(saved, n_starts, tolerance)
system, modes = linearize(saved, points)
places = system.fixed_point
m = principal_axes(places)[0][0] if len(places) > 1 else saved.network.readout_axis
theta = manifold_coordinate(places, saved.network.readout_axis) if len(places) > 2 else torch.zeros(len(places))
examples = examples_along(places, m)
full = eigenmodes(system.recurrent[examples])
length = saved.config["mean_length"]["cut"]
colors = [figures.ACCENT, "#B8860B", "#8E4585"]
glue("n_points", len(places), display=False)

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
fig, axes = figures.panels(4, columns=2, height=3.1)
projected = layer.project(places)[:, :2].numpy()
figures.fixed_point_cloud(axes[0], layer.density[:3000, :2].numpy(), projected, None, np.empty((0, 2)))
figures.highlight(axes[0], projected[examples], colors)
for i, color in enumerate(colors):
    figures.spectrum(axes[1], full.eigenvalues[i].numpy(), color, f"point {i + 1}")
    figures.all_time_constants(axes[3], full.time_constants[i].numpy(), color, f"point {i + 1}")
figures.time_constants(axes[2], theta.numpy(), modes.time_constants[:, :3].numpy(), length)
axes[1].legend(fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 0.12))
for ax in axes[2:]:
    ax.legend(fontsize=7, loc="best")
glue("fig_eigenmodes", fig, display=False)
plt.close(fig)
tau = modes.time_constants[:, :3].median(0).values
stable = float((full.eigenvalues.abs() < 1).double().mean())
slow = float((full.time_constants > 100).double().mean())
for name, value in (("tau_1", tau[0]), ("tau_2", tau[1]), ("tau_3", tau[2]), ("length", length)):
    glue(name, float(value), display=False)
glue("stable", 100 * stable, display=False)
glue("slow", 100 * slow, display=False)
angles = torch.rad2deg(full.eigenvalues.angle().abs())[full.eigenvalues.abs() > 0.5]
glue("median_angle", float(angles.median()) if len(angles) else float("nan"), display=False)

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
record(network, "A7", mode_measures(saved, points))

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
i = 1  # the middle point
system_j, jacobian = system.recurrent[examples[i]].double(), system.inward[examples[i]].double()
word = saved.network.embedding.weight[saved.evidence.transitions.tokens[:200]].double()
coefficients = full.left[i] @ (jacobian @ word.T).to(full.left.dtype)
counts = [1, 2, 3, 5, 10, 20, 50, 100, system_j.shape[0]]
counts = [n for n in counts if n <= system_j.shape[0]]
fig, (ax,) = figures.panels(1, columns=1, width=4.6, height=2.8)
worst = 0.0
for k, shade in ((1, 0.25), (10, 0.5), (50, 0.75), (100, 1.0)):
    true = torch.linalg.matrix_power(system_j, k) @ jacobian @ word.T
    terms = full.eigenvalues[i][:, None] ** k * coefficients
    errors = []
    for n in counts:
        partial = (full.right[i][:, :n] @ terms[:n]).real
        errors.append(float(((partial - true).norm(dim=0) / true.norm(dim=0)).median()))
    worst = max(worst, float((full.right[i] @ terms - true).norm() / true.norm()))
    ax.plot(counts, errors, "o-", ms=3, color=figures.ACCENT, alpha=shade, label=f"after {k} tokens")
ax.set(xlabel="modes summed", ylabel="relative error", xscale="log", yscale="log")
ax.legend(fontsize=7)
glue("fig_modes", fig, display=False)
plt.close(fig)

# %% [markdown]
# ```{glue:figure} fig_modes
# :name: fig-modes-suffice
# :alt: Relative error of the sum over the first modes against their number, for words read 1, 10, 50 and 100 tokens ago; the later, the fewer modes are needed.
#
# Median relative error of {eq}`eq-modes` cut after its first terms, over 200 words of the test documents, at the middle fixed
# point. The longer ago a word was read, the fewer modes are needed.
# ```

# %% tags=["hide-input"]
record(network, "A18", {"relative error of the sum over all modes": worst})
