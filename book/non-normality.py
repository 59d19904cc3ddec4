# ---
# jupyter:
#   book:
#     networks: [network, with_pages]
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
# # Non-normality
#
# *Does the spectrum tell the whole story?* {doc}`eigenmodes` reads memory from eigenvalues. They govern the powers of $\mathbf{J} =
# \mathbf{J}^{\mathrm{rec}}$ in the long run; on the way, a matrix whose modes are not orthogonal can stretch a displacement that its
# spectrum lets only shrink {cite:p}`trefethen2005`. In networks of neurons this can amplify inputs {cite:p}`murphy2009` or hold a memory
# for some time without any slow mode {cite:p}`goldman2009`. And in {doc}`eigenvectors` words are *selected* along $\boldsymbol{\ell}_1$
# and *stored* along $\mathbf{r}_1$: in a normal matrix the two would be the same direction.

# %% tags=["parameters"]
network = "imdb-gru-seed0"
networks = []  # empty: all that are published
n_starts = 500
tolerance = 1e-8
n_points = 20  # fixed points, spread along the manifold
n_steps = 40  # powers of the Jacobian
age = 20  # tokens ago that a word was read, when the evidence mode is chosen

# %% tags=["hide-input"]
import pandas as pd
import torch

from lib.book import figures, page
from lib.book.compared import listed
from lib.book.nonnormal import at_rest, extremes, peaks, quantiles, selection_along, share_between, summary
from lib.dynamics import eigenmodes
from lib.dynamics.nonnormality import angles, condition, growth, henrici, power_norms
from lib.training import NETWORKS, before_training, load, spec_of, with_pages

saved = load(NETWORKS / network)
at = selection_along(saved, n_points, n_starts, tolerance, age)
untrained, rest = at_rest(before_training(saved).cell)
first = eigenmodes(untrained)
page.say(network=network, n_points=len(at.mode), n_steps=n_steps, age=age, rest=f"{rest:.0e}")

# %% [markdown]
# ## Departure from normality
#
# Three measures, at {glue:text}`n_points` fixed points of {glue:text}`network`. Henrici's number {cite:p}`henrici1962` is the part of the matrix
# that its eigenvalues leave out; the norms of the powers say by how much $k$ tokens can stretch a displacement at most; the condition
# number of an eigenvalue is the inverse cosine of the angle between what its mode selects and where it stores it:
#
# $$
# \mathrm{He}(\mathbf{J}) = \frac{\sqrt{\|\mathbf{J}\|_F^2 - \sum_a |\lambda_a|^2}}{\|\mathbf{J}\|_F},
# \qquad
# \|\mathbf{J}^k\|_2 \;\ge\; |\lambda_1|^k,
# \qquad
# \kappa_a = \|\boldsymbol{\ell}_a\|\, \|\mathbf{r}_a\| = \frac{1}{|\cos(\boldsymbol{\ell}_a, \mathbf{r}_a)|} .
# $$ (eq-nonnormality)
#
# A normal matrix of the same spectrum has $\mathrm{He} = 0$, $\|\mathbf{J}^k\|_2 = |\lambda_1|^k$ and all $\kappa_a = 1$. The other
# comparison is the network before training, drawn again from its seed, at the state in which it rests without input (speed
# {glue:text}`rest`). A matrix of independent Gaussian numbers has $\mathrm{He} \to 1/\sqrt{2}$.

# %% tags=["hide-input"]
departure, before = at.henrici, henrici(untrained, first.eigenvalues)
place = (at.system.fixed_point - at.system.fixed_point.mean(0)) @ saved.network.readout_axis
steps = [k for k in (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 60) if k <= n_steps]
norms, normal = power_norms(at.system.recurrent, steps), at.largest[:, None] ** torch.tensor(steps)
powers = {"‖Jᵏ‖₂": norms, "normal, same spectrum": normal, "before training": power_norms(untrained, steps)}
generator = torch.Generator().manual_seed(0)
random = torch.randn(len(at.mode), at.left.shape[1], 100, generator=generator)
lengths = {key: growth(at.calmed, v, n_steps) for key, v in (at.effects | {"random direction": random}).items()}
middle = len(at.mode) // 2
stored, selected = ({key: side[middle] @ v[middle] for key, v in at.effects.items()} for side in (at.right, at.left))
with page.figure("nonnormality", 4, columns=2, height=2.7) as axes:
    figures.departure_along(axes[0], place, departure, before)
    figures.stretch(axes[1], steps, {key: quantiles(values, (0, 0.5, 1)) for key, values in powers.items()})
    figures.lengths(axes[2], {key: quantiles(values.flatten(1).T) for key, values in lengths.items()})
    figures.selected_and_stored(axes[3], stored, selected)
page.say(henrici=departure.median(), henrici_before=before)
page.say(excess=(norms / normal).amax(1).median(), norm_one=norms[:, 0].median(), lambda_one=at.largest.median())
page.say(unstable=(at.largest > 1.001).sum())
for key, values in lengths.items():
    page.say(**{f"{name}_{key.split()[0]}": value for name, value in peaks(values).items()})
grows = torch.cat([lengths[key][1:].amax(0).flatten() for key in ("positive", "negative")]) > 1
page.say(grows=100 * grows.float().mean())

# %% tags=["hide-input"]
tilt, conditions, often = angles(at.modes), condition(at.modes), at.mode.mode().values
page.say(which_mode=often + 1, which_share=100 * (at.mode == often).float().mean())
page.say(angle_first=tilt[:, 0].median(), condition_first=conditions[:, 0].median(), angle_before=angles(first)[0, 0])
page.say(angle_evidence=at.of_evidence(tilt).median(), condition_evidence=at.of_evidence(conditions).median())
page.say(selected_share=at.selected_over_arriving(at.valenced()))

# %% [markdown]
# ```{glue:figure} fig_nonnormality
# :name: fig-nonnormality
# :alt: Four panels. Henrici's number at fixed points along the readout, with the untrained network and a Gaussian matrix as lines; the norm of the powers of the Jacobian against the number of tokens, with that of a normal matrix of the same spectrum and of the untrained network; the length of the effects of words and of random directions against the number of tokens; what the evidence mode selects from words against what arrives along its storage direction, with the diagonal.
#
# (a) Henrici's number along the manifold. (b) Norm of the powers of the Jacobian, median and range over fixed points. (c) Length of a
# word's effect, $\|\mathbf{J}^k \mathbf{J}^{\mathrm{inp}} \mathbf{x}\| / \|\mathbf{J}^{\mathrm{inp}} \mathbf{x}\|$, and of random
# directions; median and 10–90 %. Where $|\lambda_1| > 1$ the powers are divided by $|\lambda_1|^k$, so that a normal matrix stays at or
# below 1. (d) At the middle point, what the evidence mode selects from each word against what its effect has along $\mathbf{r}$
# from the start; on the diagonal the two are the same.
# ```
#
# Henrici's number is {glue:text}`henrici:.2f` (median over points), and {glue:text}`henrici_before:.2f` before training. In one step a
# displacement can grow by at most {glue:text}`norm_one:.2f`, with $|\lambda_1| =$ {glue:text}`lambda_one:.3f`; within {glue:text}`n_steps` steps
# the norm exceeds that of the normal matrix by at most {glue:text}`excess:.2f` (medians). At {glue:text}`unstable` of the {glue:text}`n_points`
# points $|\lambda_1| > 1.001$: there the spectrum itself lets displacements grow.
#
# The possible stretch is one thing, that of words another. After the token itself, the effect of a positive word is at most
# {glue:text}`peak_positive:.2f` of its length ({glue:text}`peak_at_positive:.0f` tokens later), of a negative word {glue:text}`peak_negative:.2f`
# ({glue:text}`peak_at_negative:.0f`), of a neutral word {glue:text}`peak_neutral:.2f` ({glue:text}`peak_at_neutral:.0f`), of a random direction
# {glue:text}`peak_random:.2f` ({glue:text}`peak_at_random:.0f`); medians over words and points. {glue:text}`grows:.0f` % of the effects of valenced
# words grow at all.

# %% [markdown]
# ## Selection and storage
#
# The slowest mode need not be the one that carries evidence: it may be one that words do not drive, or that the readout does not see. By
# {eq}`eq-modes` a word read $k$ tokens ago reaches the readout through mode $a$ with
# $|\mathbf{w} \cdot \mathbf{r}_a|\, |\lambda_a|^k\, |\boldsymbol{\ell}_a^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}|$. The mode where this is
# largest, in the mean over valenced words and for $k =$ {glue:text}`age`, we call the *evidence mode*. Here it is most often mode
# {glue:text}`which_mode` ({glue:text}`which_share:.0f` % of the points).
#
# The angle between $\boldsymbol{\ell}_1$ and $\mathbf{r}_1$ is {glue:text}`angle_first:.0f`° (a condition number of
# {glue:text}`condition_first:.1f`), {glue:text}`angle_before:.0f`° before training; in the evidence mode it is {glue:text}`angle_evidence:.0f`°
# ({glue:text}`condition_evidence:.1f`). What this means for integration: a network with the same $\mathbf{r}$ but orthogonal modes would store
# what a word has along $\mathbf{r}$ when it arrives, $\mathbf{r}^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}$. This one stores
# $\boldsymbol{\ell}^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}$, in the median {glue:text}`selected_share:.2f` times as much. Far above 1, the evidence
# arrives in other directions and is moved onto the line by the dynamics; near 1, it is there at once; far below 1, what arrives along the line
# is cancelled by other modes, or the states are saturated and words have little effect there.

# %% [markdown]
# ## All networks
#
# The same for every network, at four points each.

# %% tags=["hide-input", "full-width"]
compared = networks or [name for name in with_pages() if spec_of(name).n_layers == 1]
compared = sorted(compared, key=lambda name: list(figures.ARCHITECTURE).index(spec_of(name).architecture))
rows = {}
for name in compared:
    other = load(NETWORKS / name)
    drawn, _ = at_rest(before_training(other).cell)
    along = selection_along(other, 4, n_starts, tolerance, age)
    rows[name.removesuffix("-seed0")] = summary(along, drawn, n_steps, generator)
table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("network")
with page.figure("nonnormal", 3, height=1.0 + 0.32 * len(table), width=8, sharey=True) as axes:
    figures.nonnormality_of_networks(axes, table)
shown = table.reset_index().style.hide(axis="index").format(precision=2).format("{:.3f}", subset=["|λ₁|"])
shown.hide([column for column in table if column.endswith((", from", ", to"))], axis="columns")

# %% tags=["hide-input"]
page.say(**extremes("henrici", table["Henrici"]), **extremes("tilt", table["angle, evidence mode"]))
page.say(**extremes("growth", table["growth of words"]), **extremes("selection", table["selected over arriving"]))
change, growing = table["Henrici"] - table["before training"], table["growth of words"]
page.say(n_compared=len(table), more_normal=(change < 0).sum(), change=change.abs().median())
page.say(by_architecture=100 * share_between(table["Henrici"], [spec_of(name).architecture for name in compared]))
page.say(growing=listed(table.index[growing > 1]), n_above_chance=(growing > table["of random directions"]).sum())
page.say(not_slowest=listed(table.index[table["evidence mode"] > 1]), not_stable=listed(table.index[table["|λ₁|"] > 1.001]))

# %% [markdown]
# Medians over points. *‖Jᵏ‖ over |λ₁|ᵏ*: the largest of three powers up to 20. *Growth of words*: the largest length, after the first token, of a valenced
# word's effect over its first. *Selected over arriving*: $|\boldsymbol{\ell}^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}|$ over
# $|\mathbf{r}^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}|$ in the evidence mode.
#
# ```{glue:figure} fig_nonnormal
# :name: fig-nonnormal
# :alt: Three panels with one row per network: Henrici's number trained and before training, the angle between left and right vector of the evidence mode, and the growth of the effects of words with that of random directions; lines mark the Gaussian matrix and no growth.
#
# (a) Henrici's number, median and range over fixed points, and before training; dotted: a Gaussian matrix. (b) Angle between
# $\boldsymbol{\ell}$ and $\mathbf{r}$ of the evidence mode, median and range. (c) Largest growth of the effects of valenced words, median and 10–90 %, and the
# median over random directions.
# ```
#
# Henrici's number goes from {glue:text}`henrici_low:.2f` ({glue:text}`henrici_low_network`) to {glue:text}`henrici_high:.2f`
# ({glue:text}`henrici_high_network`). Training lowers it in {glue:text}`more_normal` of {glue:text}`n_compared` networks; the median change,
# either way, is {glue:text}`change:.2f`. The architecture accounts for {glue:text}`by_architecture:.0f` % of its variance over networks: in an LSTM the
# state is $[\mathbf{h}; \mathbf{c}]$ and $\mathbf{h}$ is read off $\mathbf{c}$, a one-way connection that is non-normal by construction, and the vanilla
# networks start from the identity, which is normal.
#
# The angle in the evidence mode goes from {glue:text}`tilt_low:.0f`° ({glue:text}`tilt_low_network`) to {glue:text}`tilt_high:.0f`°
# ({glue:text}`tilt_high_network`), and what is selected from words over what arrives along $\mathbf{r}$ from {glue:text}`selection_low:.2f`
# ({glue:text}`selection_low_network`) to {glue:text}`selection_high:.1f` ({glue:text}`selection_high_network`). The effects of valenced words grow, in the
# median, in: {glue:text}`growing`; they outgrow random directions in {glue:text}`n_above_chance` of {glue:text}`n_compared`. The evidence mode is not the
# slowest in: {glue:text}`not_slowest`. Points are unstable ($|\lambda_1| > 1.001$, median) in: {glue:text}`not_stable`.

# %% [markdown]
# ## What this does not show
#
# - *Lengths depend on the scale of units.* Henrici's number, angles and norms change when units are measured on other scales; eigenvalues
#   do not. In the LSTM $\mathbf{c}$ is unbounded and $\mathbf{h}$ is not, so that numbers compare within an architecture more safely than
#   between two.
# - *Jacobians at zero input.* While a word is read the gates differ, and so does the Jacobian: products along a text are not powers of one
#   matrix.
# - *Growth is not use.* A stretched displacement matters where the readout sees it; {doc}`contextual` asks what transients do to the words that
#   follow.
# - *One draw* of the untrained network, at the one place where it rests.
