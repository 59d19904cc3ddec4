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
# # Fixed points
#
# *Where does the state come to rest when nothing informative is read?*
#
# ```{admonition} Answer
# :class: answer
# {glue:text}`answer_manifold` {glue:}`verdicts_manifold`
# ```
#
# ```{admonition} Paper A, §4.2
# :class: paper
# “Consistent with the line attractor hypothesis, the fixed points appeared to be spread along a 1D curve when visualized in PC space,
# and furthermore the principal direction of this curve was aligned with the readout weights (Fig. 2c).”
# ```
#
# A *fixed point* is a state that one more step leaves where it is. A *slow point* is a state that one more step hardly moves. A network
# that counts evidence needs many of them side by side, a *line attractor*: then the state keeps its place, wherever on the line it is,
# until the next word pushes it.

# %% tags=["parameters"]
network = "imdb-gru-seed0"
n_starts = 500
tolerance = 1e-8
n_sweep = 100  # starts of the tolerance sweep
n_exact = 40  # slow points from which exact fixed points are searched
drift_share = 0.3  # of the cloud's radius, that a state at q_D drifts in one document
positive_review = ""  # empty: the book's own example
negative_review = ""

# %% tags=["hide-input"]
import torch

from lib.book import chapter_answers, figures, page
from lib.book.html import number, power
from lib.book.measures import line_measures, tolerance_measures
from lib.book.records import record
from lib.book.reviews import read_examples
from lib.book.searches import drift_speed, fixed_points, tolerance_sweep
from lib.book.slow_points import curve_measures, drift_table, exact_table, stalled_told, sweep_table
from lib.dynamics import (
    distinct,
    evenly_along,
    exact_fixed_points,
    manifold_coordinate,
    normalized_velocity,
    principal_axes,
    random_alignment,
    steps_until_slow,
)
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
cell, layer = saved.network.cell, saved.evidence.layers[-1]
starts, visited = layer.states[:n_starts], layer.density[:, :2].numpy()
points = fixed_points(saved, n_starts, tolerance)
share, n_distinct = points.converged.float().mean(), len(distinct(points.converged_states))
page.say(n_starts=len(starts), tolerance=power(tolerance), n_converged=points.converged.sum(), n_distinct=n_distinct)
page.say(share_converged=100 * share, elsewhere=stalled_told(points))

# %% [markdown]
# ## Where the slow points lie
#
# How fast a state moves when nothing is read is its speed $q$, the mean squared change of a unit in one step with the input at
# $\mathbf{x}^* = 0$:
#
# $$
# q(\mathbf{h}) = \frac{1}{N} \left\| \mathbf{h} - F(\mathbf{h}, \mathbf{x}^*) \right\|^2, \qquad \mathbf{x}^* = 0.
# $$ (eq-speed)
#
# From {glue:text}`n_starts` states visited in test documents we lower $q$ until it passes the paper's tolerance.
# {glue:text}`n_converged` starts ({glue:text}`share_converged:.0f` %) reach it; {glue:text}`n_distinct` of the points they reach are
# distinct. {glue:text}`elsewhere`.

# %% tags=["hide-input"]
kept, stuck, readout = points.states_or_slowest, points.states[~points.converged], saved.network.readout_axis
main_axes, shares = principal_axes(kept)
m = main_axes[0]
theta = manifold_coordinate(kept, readout).numpy() if n_distinct > 2 else None
at, stuck_at, w = layer.project(kept)[:, :3].numpy(), layer.project(stuck)[:, :2].numpy(), (layer.axes[:2] @ readout).numpy()
with page.figure("manifold", 2, height=3.4, width=8, width_ratios=[2.4, 1]) as axes:
    figures.manifold(axes, visited[:4000], at[:, :2], theta, stuck_at, shares[:6].numpy(), w)
line, curve = line_measures(saved, points), curve_measures(theta, kept, m)
page.say(
    line_seen=chapter_answers.points_seen(line),
    first_share=number(100 * line["first-axis share"]),
    inside=number(100 * line["variance inside the first 3 PCs of the states"]),
    cos_plane=number(line["|cos(m, w)| in the plane"]),
    cos_full=number(line["|cos(m, w)| in full"]),
    null=random_alignment(cell.n_state, 0.999),
    order_rank=number(curve["rank correlation of θ with m"]),
)

# %% [markdown]
# ```{glue:figure} fig_manifold
# :name: fig-manifold
# :alt: Slow points in the plane of the first two principal components of the states, coloured by their order along the curve, over the visited states in grey, with the direction of the readout as a dashed line; beside it the share of the slow points' variance along each of their own axes.
#
# {glue:text}`line_seen`. (a) Slow points at q < {glue:text}`tolerance`, by their order along the curve; grey: visited states; dashed:
# direction of the readout; crosses, if any: searches that stalled. (b) Share of the slow points' variance along their own axes. Compare Fig. 2c of
# {cite:t}`maheswaranathan2019`.
# ```
#
# Their longest axis, called $\mathbf{m}$ from here on, carries {glue:text}`first_share` % of the slow points' variance, and
# {glue:text}`inside` % of it lies within the first three components of the *states*. Between $\mathbf{m}$ and the readout
# $\mathbf{w}$, |cos| is {glue:text}`cos_plane` in the plane and {glue:text}`cos_full` in the full space (1 is parallel), where a random
# direction exceeds {glue:text}`null:.2f` once in a thousand. {glue:text}`against_the_line`

# %% [markdown]
# ## At the speed that the task sets
#
# The paper's tolerance has no unit: it does not say how far a state at that speed drifts while a document is read. The task gives a
# speed that does. A state that drifts three tenths of the cloud's radius in one document of mean length holds its place well enough; we
# call its speed $q_D$.

# %% tags=["hide-input"]
drifting = {share: fixed_points(saved, n_starts, drift_speed(saved, share)) for share in (0.1, drift_share, 1.0)}
q_d, holding = drift_speed(saved, drift_share), drifting[drift_share]
both = {f"q < {power(tolerance)}": points, f"q < q$_D$ = {power(q_d)}": holding}
both = {title: layer.project(slow.converged_states)[:, :2].numpy() for title, slow in both.items()}
with page.figure("two", 2, height=2.9, sharex=True, sharey=True) as axes:
    figures.fixed_point_clouds(axes, visited[:3000], both)
line_d = line_measures(saved, holding)
page.say(drift_seen=chapter_answers.points_seen(line_d), drift_share=drift_share, drift_speed=power(q_d))
page.say(drift_extent=chapter_answers.extent_told(line_d), extent=chapter_answers.extent_told(line))

# %% [markdown]
# ```{glue:figure} fig_two
# :name: fig-two-tolerances
# :alt: Two panels of slow points over the visited states in the plane of two components, on the left at the tolerance of the paper and on the right at the speed that the task sets.
#
# {glue:text}`drift_seen`: that is (b), at $q_D$ = {glue:text}`drift_speed`, the speed at which a state drifts {glue:text}`drift_share` of
# the cloud's radius in one document. Slow points (black) over the visited states (grey); (a) is the paper's tolerance. Compare Fig. 2c of
# {cite:t}`maheswaranathan2019`.
# ```
#
# How far the points reach along $\mathbf{m}$: at the paper's tolerance, {glue:text}`extent`; at $q_D$, {glue:text}`drift_extent`. (The
# bins divide the central 90 % of the visited states.) Where points reach much less far than the states, a share of variance or an alignment
# describes a small cloud, not a line to move along.
#
# ````{admonition} The speed q_D, and other shares
# :class: dropdown
# A state that drifts a share $s$ of the radius of the cloud of states in one document of mean length $T$ has the speed
#
# $$
# q_D = \left(\frac{s}{T}\right)^2 \frac{\operatorname{tr} \operatorname{Cov}(\mathbf{h})}{N}, \qquad s = 0.3.
# $$ (eq-drift)
#
# The share 0.3 was chosen after the first networks were seen, before these were trained; the table varies it. At a loose bound many
# starts are slow enough where they stand, and the points are then visited states that were kept.
#
# ```{glue:} drift_table
# ```
# ````

# %% tags=["hide-input"]
page.say(drift_table=drift_table(saved, drifting).style.hide(axis="index").format(precision=2))
readings = read_examples(saved, positive_review, negative_review)
walks = {valence: layer.project(reading.path)[:, :3].numpy() for valence, reading in readings.items()}
labels = saved.evidence.transitions.density_labels[:3000].numpy()
plot = figures.manifold_3d(layer.density[:3000].numpy(), labels, at, theta, walks)
page.interactive("space", plot, "Three-dimensional view of visited states, slow points and two reviews, to turn and zoom")

# %% [markdown]
# ```{glue:figure} fig_space
# :name: fig-space
#
# The same in three dimensions: turn it with the mouse or a finger. Visited states by label, slow points at q < {glue:text}`tolerance`, and
# the paths of the two example reviews in the first three components. Compare Fig. 2b and c of {cite:t}`maheswaranathan2019`.
# ```

# %% [markdown]
# ## Without input the state slows down
#
# The paper's first sign of such points: from {glue:text}`n_starts` visited states we run the network on with no input and follow the
# normalized velocity $\|\mathbf{h}_{t+1} - \mathbf{h}_t\| / \|\mathbf{h}_t\|$. Low velocity alone does not prove a fixed point.

# %% tags=["hide-input"]
velocity = normalized_velocity(cell, starts, n_steps=100)  # [step, start]
quantiles = velocity.quantile(torch.tensor([0.1, 0.5, 0.9]), dim=1)
with page.figure("velocity", width=5.6, height=2.8) as ax:
    figures.velocity(ax, quantiles.T.numpy(), bound=0.01)
median = quantiles[1]
page.say(velocity_0=median[0], velocity_20=median[20], velocity_100=median[100])
slowing = {
    "steps until slow": steps_until_slow(median),
    "median velocity at the start": median[0],
    "median velocity after 20 steps": median[20],
}
page.say(slows_seen=chapter_answers.slows_seen(float(slowing["steps until slow"])))

# %% [markdown]
# ```{glue:figure} fig_velocity
# :name: fig-velocity
# :alt: Median normalized velocity of the state, with a band, against the number of steps without input, on a logarithmic scale.
#
# {glue:text}`slows_seen`. Normalized velocity after the input is switched off: median and 10–90 % range over the starts; dotted: 0.01.
# Compare §4.2 of {cite:t}`maheswaranathan2019`, “within a few steps”.
# ```
#
# The median velocity is {glue:text}`velocity_0:.3f` at first, {glue:text}`velocity_20:.4f` after 20 steps and
# {glue:text}`velocity_100:.1e` after 100.

# %% [markdown]
# ## The tolerance is part of the result
#
# Stop the search early, and every state is slow enough; run it longer, and the points collapse onto the few exact fixed points. How many
# there are at one tolerance therefore says little; what counts is how they change with it.

# %% tags=["hide-input"]
sweep = tolerance_sweep(saved, n_starts=n_sweep)
with page.figure("tolerance", 3, height=2.4) as axes:
    figures.tolerance_curves(axes, sweep_table(sweep), tolerance)
slow = {f"q < {power(q)}": layer.project(sweep[q].converged_states)[:, :2].numpy() for q in (1e-6, 1e-8, 1e-10)}
with page.figure("sweep", 3, height=2.4, sharex=True, sharey=True) as axes:
    figures.fixed_point_clouds(axes, visited[:2000], slow)
page.say(n_sweep=min(n_sweep, len(layer.states)))
spread = points.states[evenly_along(points.states, m, n_exact)]
exact = exact_fixed_points(cell, spread)
n_sinks, n_saddles = int((exact.n_unstable == 0).sum()), int((exact.n_unstable > 0).sum())
page.say(n_exact=len(spread), exact_told=chapter_answers.exact_told(n_sinks, n_saddles))
page.say(exact_table=exact_table(saved.network, exact).head(12).style.hide(axis="index").format({"logit": "{:.2f}"}))

# %% [markdown]
# ```{glue:figure} fig_sweep
# :name: fig-sweep
# :alt: Three panels with the slow points found at tolerances of one millionth, one hundred-millionth and one ten-billionth, over the visited states in grey.
#
# The stricter the tolerance, the nearer the points are to the few that are exact. Slow points (black) over the visited states (grey),
# the tolerance a hundred times stricter from panel to panel. Compare Fig. 2c of {cite:t}`maheswaranathan2019`.
# ```
#
# ```{glue:figure} fig_tolerance
# :name: fig-tolerance
# :alt: Three panels against the tolerance on the speed: the share of starts that converge, the number of distinct points, and the share of variance along their first axis.
#
# What a stricter tolerance (to the right) leaves of the points, over {glue:text}`n_sweep` starts. (a) Share of the starts that reach the
# tolerance; (b) distinct points among them (further than 10⁻³ apart in some dimension); (c) share of their variance along their first
# axis; dotted: the tolerance of this page. Compare §4.2 of {cite:t}`maheswaranathan2019`, “similar results were observed for different choices of this threshold”.
# ```
#
# The *exact* fixed points, found by running on in double precision to $q < 10^{-20}$ from {glue:text}`n_exact` slow points, are
# {glue:text}`exact_told`. (If all eigenvalues of the step's derivative have $|\lambda| < 1$, the point is a *sink*, to which states
# nearby return; otherwise a *saddle*.) {doc}`what-makes-the-line` asks what decides.
#
# ````{admonition} The exact fixed points
# :class: dropdown
# ```{glue:} exact_table
# ```
#
# The first dozen exact fixed points, by logit.
# ````
#
# ````{admonition} How the search works
# :class: dropdown
# $q$ is lowered from each start by Levenberg–Marquardt steps in a small Krylov space {cite:p}`brown1990`, and each point **stops as soon
# as it passes the tolerance**: a solver that runs on slides along a line of slow points into its few exact fixed points. A start that
# does not arrive ends in a local minimum of $q$, where the dynamics slow down but do not rest. The coordinate $\theta \in [-1, 1]$ is a
# one-dimensional locally linear embedding {cite:p}`roweis2000` of the slow points in the full space; its rank correlation with the
# position along $\mathbf{m}$ is {glue:text}`order_rank`. Across a gap between points, θ tells the two sides apart and little more.
# ````

# %% tags=["hide-input"]
reached = {"share of starts that converge": share, "distinct points": n_distinct} | tolerance_measures(saved, sweep)
recorded = {"A3": slowing, "A4": reached, "A5": line, "A6": curve, "A5D": line_d | {"q_D": q_d}}
judged = {claim: record(network, claim, measures) for claim, measures in recorded.items()}
page.answer("manifold", chapter_answers.manifold(line, line_d, tolerance), *judged.values())
page.say(against_the_line=chapter_answers.against_the_line(line, judged["A5"].verdict))
page.reproduce("fixed-points", network=network, n_starts=n_starts, tolerance=tolerance, drift_share=drift_share)

# %% [markdown]
# ````{admonition} What was measured: A3 to A6
# :class: dropdown
# ```{glue:} claim_A3
# ```
# ```{glue:} claim_A4
# ```
# ```{glue:} claim_A5
# ```
# ```{glue:} claim_A5D
# ```
# ```{glue:} claim_A6
# ```
# ````
#
# ## What this does not show
#
# A slow point is a place where the state stays for long, not for ever, and slow says nothing about which way it drifts. The search holds
# the input at zero, which is far from what the network reads ({doc}`robustness`). How long a word is remembered near these points is
# the subject of {doc}`eigenmodes`.
#
# ```{admonition} Reproduce this
# :class: reproduce
# {glue:}`reproduce_fixed-points`
# ```
