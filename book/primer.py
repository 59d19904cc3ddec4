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
# # A primer
#
# *What do I need to know to read this book?* That you have trained one neural network is enough. This page explains the ten or so ideas that
# all others use; the {doc}`glossary` has them in a sentence each.
#
# ```{admonition} In one sentence
# :class: answer
# A recurrent network is a rule that moves a point through space, one step per word; where the point can stay, and along which directions it can
# drift, tells how the network computes.
# ```
#
# ## A network that reads
#
# A **recurrent network** reads a review word by word, and each word is cut into {term}`tokens <token>`, words or punctuation marks. It keeps a
# list of $N$ numbers, its {term}`state` $\mathbf{h}$. Each token arrives as a vector $\mathbf{x}$, and one fixed rule gives the next state:
#
# $$\mathbf{h}_{t+1} = F(\mathbf{h}_t, \mathbf{x}_{t+1}).$$
#
# At the end a {term}`readout` turns the state into one number, the {term}`logit` $\mathbf{w}\cdot\mathbf{h} + b$: positive means a good review.
# Training chooses the weights of $F$, of the word vectors, and of the readout. The book compares four rules. With $\sigma$ for the logistic
# function and $\circ$ for the product of entries:
#
# - **Vanilla RNN.** $\mathbf{h}' = \tanh(W\mathbf{x} + U\mathbf{h} + \mathbf{b})$. The whole state is written anew at every token.
# - **UGRNN.** $\mathbf{h}' = \mathbf{u}\circ\mathbf{h} + (1-\mathbf{u})\circ\mathbf{c}$, with an {term}`update gate`
#   $\mathbf{u} = \sigma(W_u\mathbf{x} + U_u\mathbf{h} + \mathbf{b}_u)$ and a candidate $\mathbf{c} = \tanh(W_c\mathbf{x} + U_c\mathbf{h} + \mathbf{b}_c)$. Where
#   the gate is near 1, the state stays.
# - **GRU.** $\mathbf{h}' = \mathbf{z}\circ\mathbf{h} + (1-\mathbf{z})\circ\mathbf{n}$, with gates $\mathbf{r}$ and $\mathbf{z}$ as $\mathbf{u}$ above, and a candidate
#   $\mathbf{n} = \tanh(W_n\mathbf{x} + \mathbf{b}_n + \mathbf{r}\circ(U_n\mathbf{h} + \mathbf{c}_n))$.
# - **LSTM.** It keeps two lists: $\mathbf{c}' = \mathbf{f}\circ\mathbf{c} + \mathbf{i}\circ\mathbf{g}$ and $\mathbf{h}' = \mathbf{o}\circ\tanh(\mathbf{c}')$, with gates $\mathbf{i}$,
#   $\mathbf{f}$, $\mathbf{o}$ and a candidate $\mathbf{g} = \tanh(W_g\mathbf{x} + U_g\mathbf{h} + \mathbf{b}_g)$. Its state is both lists, $[\mathbf{h}; \mathbf{c}]$.
#
# ## A point that moves
#
# Think of the state as a point in a space of $N$ dimensions, the {term}`state space`. A review is then a path. We cannot look at 256 dimensions,
# but most of them hardly vary: the {term}`principal components <principal component>` are the directions in which the visited states differ most,
# and often two or three of them hold nearly all the variance.
#
# ## Where the point can stay
#
# Now let the network read nothing, $\mathbf{x} = 0$, and watch the point move by itself. Where $F(\mathbf{h}^*, 0) = \mathbf{h}^*$ it does not move at all: a
# {term}`fixed point`. Where it moves very little in one step it is a {term}`slow point`. We measure by how little with
#
# $$q(\mathbf{h}) = \tfrac{1}{N}\,\lVert \mathbf{h} - F(\mathbf{h}, 0)\rVert^2 ,$$
#
# and call a point slow where $q$ is below a {term}`tolerance`, $10^{-8}$ in the first paper.
#
# Fixed points come in kinds. If every neighbour is drawn in, it is a {term}`sink`, and the set it draws from flows to a single {term}`attractor`: the
# network forgets where it came from. If some neighbours are drawn in and others pushed out, it is a {term}`saddle`. In between lies the case this book
# is about: a whole curve of slow points, a {term}`line attractor`. The point is drawn to the curve and, once on it, stays where it is. A place on
# a line is a number, and a number that stays is a memory: *how positive has this review been so far?*

# %% tags=["remove-input"]
import numpy as np

from lib.book import figures, page
from lib.book.toy import toy

flows = {"a sink": (0.9, 0.6), "a line attractor": (1.0, 0.6), "a saddle": (1.06, 0.6)}
with page.figure("flows", 3, height=2.5) as axes:
    figures.flows(axes, {name: np.diag(values) for name, values in flows.items()})

# %% [markdown]
# ```{glue:figure} fig_flows
# :name: fig-flows
# :alt: Three panels of trajectories in a plane. In the first all end in one point; in the second each ends on a horizontal line, at the place below its start; in the third they approach the line and run away along it.
#
# On a line attractor each state stays where it arrived; at a sink it is forgotten, at a saddle it runs away. Each curve is the path of a state under
# $\mathbf{h}' = J\mathbf{h}$ in two dimensions, from its start (ring). The vertical eigenvalue is 0.6 in all three; the horizontal one is (a) 0.9,
# (b) 1, (c) 1.06.
# ```
#
# ## What happens nearby
#
# Close to a fixed point, any smooth rule looks linear. This is {term}`linearization`:
#
# $$\mathbf{h}_{t+1} - \mathbf{h}^* \approx J^{\mathrm{rec}}(\mathbf{h}_t - \mathbf{h}^*) + J^{\mathrm{inp}}\mathbf{x}_{t+1} .$$
#
# The {term}`Jacobians <Jacobian>` are tables of slopes: $J^{\mathrm{rec}}$ says how each number of the state depends on each number of the state
# before, $J^{\mathrm{inp}}$ on each number of the input. A matrix like $J^{\mathrm{rec}}$ has {term}`eigenmodes <eigenmode>`: directions that it only
# stretches. Along the {term}`right eigenvector` $\mathbf{r}_a$ every step multiplies the distance from the fixed point by the {term}`eigenvalue`
# $\lambda_a$. If $|\lambda_a| < 1$ it shrinks, and
#
# $$\tau_a = \left|\frac{1}{\log|\lambda_a|}\right|$$
#
# is its {term}`time constant`: the number of tokens until a fraction $1/e \approx 0.37$ is left. With $\lambda = 0.5$ that is 1.4 tokens, with 0.99 it is
# 99. A line attractor is a fixed point with one eigenvalue near 1, whose direction runs along the line, and all others well below it.
#
# ## Why left *and* right eigenvectors
#
# The right eigenvector says where a mode points. What puts a state into the mode is another vector, the {term}`left eigenvector` $\boldsymbol\ell_a$:
# an input $\mathbf{x}$ moves the state along $\mathbf{r}_a$ by $\boldsymbol\ell_a^{\top} J^{\mathrm{inp}}\mathbf{x}$, its {term}`projection`. Where eigenvectors
# stand at right angles the two are the same. In trained networks they do not: a word can push in a direction that looks unlike the line and still move
# the state far along it. So each word has a number, its projection on the slow mode, and this number is the evidence that the network will remember.
#
# Move the eigenvalues below, tilt the second mode, and turn the input. Dashed: the right eigenvectors. Dotted: the left one, at a right angle to the *other* right
# eigenvector. The blue dots are the state after the input (ochre), step by step: what is left in the end lies on $\mathbf{r}_1$.

# %% tags=["remove-input"]
toy()

# %% [markdown]
# Try three things. Set $\lambda_1 = 1$: the state stays where the input brought it, for ever. Turn the input until it lies along $\mathbf{r}_2$: however large, it
# leaves nothing behind, because it is at a right angle to $\boldsymbol\ell_1$. Then tilt $\mathbf{r}_2$ towards $\mathbf{r}_1$: inputs that point away from the line
# now move the state far along it.
#
# ## How the book argues
#
# Two papers make {term}`claims <claim>` about such networks. For each claim we fixed a {term}`criterion` before we measured: a number and a bound. Every
# {term}`network` was trained several times from different random starts, its {term}`seeds <seed>`. The {term}`verdict` of a network is *reproduced*, *partly*,
# or *not reproduced*, and what does not hold stays in the book, with the reason as far as we found it. Start with {doc}`low-dimensionality`, or see
# the mechanism at work on {doc}`your own review <your-review>`.
