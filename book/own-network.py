# ---
# jupyter:
#   book:
#     networks: []
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
# # A network of your own
#
# *You have a trained recurrent network in PyTorch. How do you find out how it works?*
#
# ```{admonition} Answer
# :class: answer
# In six lines: {glue:text}`answer_own`
# ```
#
# This page trains a small GRU in front of you and takes it apart with `lib.dynamics`, which needs nothing else of this book. The task is the
# classic one {cite:p}`sussillo2013`: two channels receive a pulse of +1 or −1 now and then, and the network must say for each
# which one came last. It has to remember two bits, that is, four states that last.

# %% tags=["parameters"]
n_units = 32
n_steps = 500  # of training
seed = 0

# %% [markdown]
# ## Train
#
# Nothing here is of the book: any `nn.Module` will do.

# %%
import torch
from torch import nn

torch.manual_seed(seed)
gru, readout = nn.GRU(2, n_units), nn.Linear(n_units, 2)
optimizer = torch.optim.Adam([*gru.parameters(), *readout.parameters()], lr=5e-3)
for _ in range(n_steps):
    pulses = (torch.rand(60, 64, 2) < 0.1) * torch.randn(60, 64, 2).sign()  # [time, sequence, channel]
    bits = [torch.zeros(64, 2)]
    for pulse in pulses:
        bits.append(torch.where(pulse == 0, bits[-1], pulse))
    hidden, _ = gru(pulses)
    loss = (readout(hidden) - torch.stack(bits[1:])).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# %% [markdown]
# ## Take it apart
#
# `as_cell` gives the network's step $F(\mathbf{h}, \mathbf{x})$, whatever it is made of: `nn.RNN`, `nn.GRU`, `nn.LSTM` (of several layers, say which with
# `layer=`), their cells, or any function of states `[point, state]` and inputs `[point, input]`. It tries the step once, and says so where it
# cannot be analysed. From states that the network visits, `find_fixed_points` looks for those where it rests while it reads nothing,
# $\mathbf{x}^* = 0$; `exact_fixed_points` goes on to machine precision and keeps each once.

# %%
from lib.dynamics import as_cell, eigenmodes, exact_fixed_points, find_fixed_points, recurrent_jacobian

cell = as_cell(gru)
states = hidden.detach().flatten(0, 1)
slow = find_fixed_points(cell, states[torch.randperm(len(states))[:500]], tolerance=1e-8)
between = torch.lerp(slow.states, slow.states.roll(1, 0), 0.5)  # where saddles are
points = exact_fixed_points(cell, torch.cat((slow.states, between)))
modes = eigenmodes(recurrent_jacobian(cell, points.states), k=2)

# %%
print(slow, points, modes, sep="\n")

# %% [markdown]
# Each of these prints what it holds, plots itself in one call, is saved and loaded (`points.save`, `FixedPoints.load`), and becomes a table
# (`points.to_pandas`).

# %% tags=["hide-input"]
from lib.book import page
from lib.book.own_network import found

with page.figure("own", height=4.4, width=6.2) as ax:
    points.plot(states, modes, ax)
    ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), fontsize=8)
page.say(answer_own=found(points), own_told=found(points))

# %% [markdown]
# ```{glue:figure} fig_own
# :name: fig-own
# :alt: Exact fixed points in the plane of the visited states, stable ones filled and unstable ones hollow, with a line along each of their two leading modes.
#
# Stable points are memories, unstable ones the passes between them: {glue:text}`own_told` Grey: states that the network visits; lines: the two
# leading modes at each point.
# ```
#
# ## Read it
#
# `points.n_unstable` counts the directions in which a small displacement grows: 0 at a memory, 1 at a pass between two of them, 2 at
# a summit between all. What the network says at each point is what its readout makes of it:

# %%
table = points.to_pandas()[["speed", "n_unstable"]]
table[["bit 1", "bit 2"]] = readout(points.states.float()).detach().numpy().round(2)
table.sort_values("n_unstable")

# %% [markdown]
# ## From here
#
# - What a word does to the state: `input_jacobian(cell, points.states)`, and `modes.left` against it ({doc}`eigenvectors`).
# - Whether slow points form a line or a plane: `principal_axes`, `participation_ratio` ({doc}`fixed-points`, {doc}`classes`).
# - Fixed points while an input is held: `input_point=` in every function.
# - The tolerance decides what you see; sweep it before you believe a figure ({doc}`robustness`).
#
# ## What this does not show
#
# That these are all fixed points there are: a search finds what its starts lead to. And a network of thirty units and two bits is easier
# than yours.
#
# ```{admonition} Reproduce this
# :class: reproduce
# {glue:}`reproduce_own-network`
# ```

# %% tags=["hide-input"]
page.reproduce("own-network", seed=seed)
