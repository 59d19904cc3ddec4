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
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from myst_nb import glue

from lib.book import figures
from lib.book.searches import fixed_points, linearize
from lib.dynamics.fixed_points import speed
from lib.dynamics.linearization import recurrent_jacobian
from lib.dynamics.modes import eigenmodes
from lib.dynamics.nonnormality import angles, condition, growth, henrici, loads, power_norms
from lib.text.bag_of_words import valence_words
from lib.training.catalogue import NETWORKS, spec_of, with_pages
from lib.training.folder import before_training, load

figures.style()
torch.set_num_threads(1)


def along(saved, n):
    """Linear systems and all their modes at n fixed points spread along the readout, and words by valence."""
    system, _ = linearize(saved, fixed_points(saved, n_starts, tolerance))
    order = (system.fixed_point @ saved.network.readout_axis).argsort()
    picked = order[torch.linspace(0, len(order) - 1, min(n, len(order))).round().long()]
    words, vectors = saved.evidence.words, saved.network.embedding.weight
    chosen = valence_words(words["bag_of_words"], words["document_frequency"])
    return system[picked], eigenmodes(system.recurrent[picked]), {key: vectors[ids] for key, ids in chosen.items()}


def evidence_mode(saved, system, modes, words):
    """At each point the mode through which most of what words said reaches the readout: its rank, ℓ and r, turned along w."""
    valenced, readout = torch.cat((words["positive"], words["negative"])), saved.network.readout_axis
    chosen = loads(modes, system.inward, valenced, readout, age).argmax(1)
    each = torch.arange(len(chosen))
    left, right = modes.left[each, chosen].real.float(), modes.right[each, :, chosen].real.float()
    sign = torch.where(right @ readout < 0, -1.0, 1.0)[:, None]
    return chosen, left * sign, right * sign


def eigenvalues_at_rest(untrained):
    """The Jacobian of an untrained network [1, state, state] where it comes to rest without input."""
    end = untrained.cell.unroll(torch.zeros(300, 1, untrained.cell.n_input))[-1]
    return recurrent_jacobian(untrained.cell, end), float(speed(untrained.cell, end))


def settled(modes, jacobians):
    """The Jacobians over |λ₁| where that is above one: what is left is no instability."""
    return jacobians / modes.eigenvalues[:, 0].abs().clamp(min=1)[:, None, None].to(jacobians)


saved = load(NETWORKS / network)
system, modes, words = along(saved, n_points)
untrained, rest = eigenvalues_at_rest(before_training(saved))
glue("network", network, display=False)
glue("n_points", len(system.fixed_point), display=False)
glue("n_steps", n_steps, display=False)
glue("age", age, display=False)
glue("rest", f"{rest:.0e}", display=False)

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
departure, before = henrici(system.recurrent, modes.eigenvalues), float(henrici(untrained))
first = eigenmodes(untrained)
steps = [k for k in (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 60) if k <= n_steps]
leading = modes.eigenvalues[:, :1].abs()
powers = {
    "‖Jᵏ‖₂": (power_norms(system.recurrent, steps), figures.ACCENT),
    "normal, same spectrum": (leading ** torch.tensor(steps), figures.INK),
    "before training": (power_norms(untrained, steps), figures.GREY),
}
excess = (powers["‖Jᵏ‖₂"][0] / powers["normal, same spectrum"][0]).max(1).values
place = (system.fixed_point - system.fixed_point.mean(0)) @ saved.network.readout_axis

fig, axes = figures.panels(4, columns=2, height=2.7)
axes[0].plot(place, departure, "o", ms=4, color=figures.ACCENT, label="trained")
axes[0].axhline(before, color=figures.GREY, label="before training")
axes[0].axhline(0.5**0.5, color=figures.INK, ls=":", label="Gaussian matrix")
axes[0].set(xlabel="position along the readout", ylabel="Henrici number", ylim=(0, 1))
axes[0].legend(fontsize=7)
for label, (values, color) in powers.items():
    spread = values.double().quantile(torch.tensor([0.0, 0.5, 1.0], dtype=torch.float64), dim=0).T.clamp(min=1e-6).numpy()
    figures.quantile_band(axes[1], np.array(steps), spread, color, label)
axes[1].set(xlabel="tokens k", ylabel="largest stretch", yscale="log", xscale="log")
axes[1].set_ylim(bottom=1e-3)
figures.plain_log(axes[1].xaxis)
axes[1].legend(fontsize=7, loc="lower left")
still = settled(modes, system.recurrent)
generator = torch.Generator().manual_seed(0)
directions = {key: system.inward @ x.T for key, x in words.items()}
directions["random direction"] = torch.randn(len(still), still.shape[-1], 100, generator=generator)
stretched = {key: growth(still, v, n_steps) for key, v in directions.items()}
for key, values in stretched.items():
    spread = values.flatten(1).quantile(torch.tensor([0.1, 0.5, 0.9]), dim=1).T.numpy()
    figures.quantile_band(axes[2], np.arange(n_steps + 1), spread, figures.VALENCE.get(key, figures.GREY), key)
axes[2].axhline(1, color=figures.INK, lw=0.8)
axes[2].set(xlabel="tokens k", ylabel="length over that at k = 0")
axes[2].set_ylim(0, 1.4 * axes[2].get_ylim()[1])
axes[2].legend(fontsize=7, ncols=2, loc="upper right")
chosen, left, right = evidence_mode(saved, system, modes, words)
each = torch.arange(len(chosen))
middle = len(chosen) // 2
stored = {key: (right[middle] @ directions[key][middle]).numpy() for key in words}
selected = {key: (left[middle] @ directions[key][middle]).numpy() for key in words}
figures.selected_and_stored(axes[3], stored, selected)
axes[3].legend(fontsize=7)
glue("fig_nonnormality", fig, display=False)
plt.close(fig)
valenced = torch.cat((directions["positive"], directions["negative"]), 2)
keeps = torch.einsum("ps,psw->pw", left, valenced).abs().median()
arrives = torch.einsum("ps,psw->pw", right, valenced).abs().median()
tilt = angles(modes)
for name, value in (
    ("henrici", departure.median()),
    ("henrici_before", before),
    ("excess", excess.median()),
    ("norm_one", powers["‖Jᵏ‖₂"][0][:, 0].median()),
    ("lambda_one", leading.median()),
    ("angle_first", tilt[:, 0].median()),
    ("condition_first", condition(modes)[:, 0].median()),
    ("angle_evidence", tilt[each, chosen].median()),
    ("condition_evidence", condition(modes)[each, chosen].median()),
    ("angle_before", angles(first)[0, 0]),
    ("ratio", keeps / arrives),
):
    glue(name, float(value), display=False)
glue("which_mode", int(chosen.mode().values) + 1, display=False)
glue("which_share", 100 * float((chosen == chosen.mode().values).float().mean()), display=False)
for key, values in stretched.items():
    peak = values[1:].flatten(1).max(0)
    glue(f"peak_{key.split()[0]}", float(peak.values.median()), display=False)
    glue(f"peak_at_{key.split()[0]}", float(peak.indices.float().median()) + 1, display=False)
grows = torch.cat([stretched[key][1:].amax(0).flatten() for key in ("positive", "negative")]) > 1
glue("grows", 100 * float(grows.float().mean()), display=False)
unstable = int((leading > 1.001).sum())
glue("unstable", unstable, display=False)

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
# $\boldsymbol{\ell}^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}$, in the median {glue:text}`ratio:.2f` times as much. Far above 1, the evidence
# arrives in other directions and is moved onto the line by the dynamics; near 1, it is there at once; far below 1, what arrives along the line
# is cancelled by other modes, or the states are saturated and words have little effect there.

# %% [markdown]
# ## All networks
#
# The same for every network, at four points each.

# %% tags=["hide-input", "full-width"]
compared = networks or [name for name in with_pages() if spec_of(name).n_layers == 1]
compared = sorted(compared, key=lambda name: list(figures.ARCHITECTURE).index(spec_of(name).architecture))
rows, departures, tilts, peaks = [], [], [], []
for name in compared:
    its = load(NETWORKS / name)
    at, its_modes, its_words = along(its, 4)
    drawn, _ = eigenvalues_at_rest(before_training(its))
    its_chosen, its_left, its_right = evidence_mode(its, at, its_modes, its_words)
    each = torch.arange(len(its_chosen))
    carried = torch.cat((its_words["positive"][:50], its_words["negative"][:50]))
    effect = at.inward @ carried.T
    calm = settled(its_modes, at.recurrent)
    largest = growth(calm, effect, n_steps)[1:].amax(0).flatten()
    by_chance = growth(calm, torch.randn(*effect.shape, generator=generator), n_steps)[1:].amax(0).median()
    departures.append(henrici(at.recurrent, its_modes.eigenvalues).numpy())
    tilts.append(angles(its_modes)[each, its_chosen].numpy())
    peaks.append(largest.quantile(torch.tensor([0.1, 0.5, 0.9])).numpy())
    kept, arrived = (torch.einsum("ps,psw->pw", vector, effect).abs().median() for vector in (its_left, its_right))
    spectral = its_modes.eigenvalues[:, 0].abs()
    rows.append(
        {
            "network": name.removesuffix("-seed0"),
            "|λ₁|": float(spectral.median()),
            "Henrici": float(np.median(departures[-1])),
            "before training": float(henrici(drawn)),
            "‖Jᵏ‖ over |λ₁|ᵏ": float(
                (power_norms(at.recurrent, [1, 5, 20]) / spectral[:, None] ** torch.tensor([1, 5, 20])).amax(1).median()
            ),
            "angle, ℓ₁ and r₁": float(angles(its_modes)[:, 0].median()),
            "evidence mode": int(its_chosen.mode().values) + 1,
            "angle, evidence mode": float(np.median(tilts[-1])),
            "growth of words": float(peaks[-1][1]),
            "of random directions": float(by_chance),
            "selected over arriving": float(kept / arrived),
        }
    )
table = pd.DataFrame(rows)
span = [np.stack([np.quantile(values, [0, 0.5, 1]) for values in found]) for found in (departures, tilts)]
fig, axes = figures.panels(3, height=1.0 + 0.32 * len(table), width=8, sharey=True)
labels = list(table["network"])
figures.before_and_after(axes[0], labels, span[0], table["before training"].to_numpy())
axes[0].set(xlabel="Henrici number", xlim=(-0.03, None))
axes[0].axvline(0.5**0.5, color=figures.INK, ls=":", lw=0.8)
figures.before_and_after(axes[1], labels, span[1])
axes[1].set(xlabel="angle of ℓ and r (°)", xlim=(0, 92))
figures.before_and_after(axes[2], labels, np.stack(peaks))
axes[2].scatter(
    table["of random directions"], np.arange(len(table))[::-1], s=24, marker="x", color=figures.GREY, label="random direction"
)
axes[2].set(xlabel="growth of words", xlim=(0, None))
axes[2].axvline(1, color=figures.INK, lw=0.8)
handles = [*axes[0].get_legend_handles_labels()[0], axes[2].get_legend_handles_labels()[0][-1]]
fig.legend(handles, ["trained", "before training", "random direction"], loc="outside lower center", ncols=3, fontsize=8)
glue("fig_nonnormal", fig, display=False)
plt.close(fig)


def which(kept):
    return ", ".join(table["network"][kept.to_numpy()]) or "none"


glue("n_compared", len(table), display=False)
for name, column in (
    ("henrici", "Henrici"),
    ("tilt", "angle, evidence mode"),
    ("growth", "growth of words"),
    ("selection", "selected over arriving"),
):
    for end, at in (("low", table[column].argmin()), ("high", table[column].argmax())):
        glue(f"{name}_{end}", float(table[column][at]), display=False)
        glue(f"{name}_{end}_network", table["network"][at], display=False)
glue("more_normal", int((table["Henrici"] < table["before training"]).sum()), display=False)
groups = table.groupby([spec_of(name).architecture for name in compared])["Henrici"]
within = float(
    ((table["Henrici"] - groups.transform("mean")) ** 2).sum() / ((table["Henrici"] - table["Henrici"].mean()) ** 2).sum()
)
glue("by_architecture", 100 * (1 - within), display=False)
glue("change", float((table["Henrici"] - table["before training"]).abs().median()), display=False)
glue("growing", which(table["growth of words"] > 1), display=False)
glue("n_above_chance", int((table["growth of words"] > table["of random directions"]).sum()), display=False)
glue("not_slowest", which(table["evidence mode"] > 1), display=False)
glue("not_stable", which(table["|λ₁|"] > 1.001), display=False)
table.style.hide(axis="index").format(precision=2).format("{:.3f}", subset=["|λ₁|"])

# %% [markdown]
# Medians over points. *‖Jᵏ‖ over |λ₁|ᵏ*: the largest of three powers up to 20. *Growth of words*: the largest length, after the first token, of a valenced
# word's effect over its first. *Selected over arriving*: $|\boldsymbol{\ell}^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}|$ over
# $|\mathbf{r}^\top \mathbf{J}^{\mathrm{inp}} \mathbf{x}|$ in the evidence mode.
#
# ```{glue:figure} fig_nonnormal
# :name: fig-nonnormal
# :alt: Three panels with a row a network: Henrici's number trained and before training, the angle between left and right vector of the evidence mode, and the growth of the effects of words with that of random directions; lines mark the Gaussian matrix and no growth.
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
