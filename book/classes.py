# ---
# jupyter:
#   book:
#     networks: [network, unordered4-gru-seed0, measured]
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
# # More than two classes
#
# *With two classes the evidence is a number and the attractor a line. What takes the place of the line when there are more?*
#
# ```{admonition} Answer
# :class: answer
# {glue:text}`answer_classes` {glue:}`verdicts_classes`
# ```
#
# {cite:t}`aitken2020`, two of the authors of paper A among them, give an answer in a later paper. An ideal reader of $k$ *unordered* classes
# compares $k$ sums of evidence, and since adding the same to all of them changes nothing, it keeps $k - 1$ numbers. They find that trained
# networks do so: their slow points fill a simplex with one vertex a class, a triangle for three and a tetrahedron for four. Of
# *ordered* classes, such as stars, a reader needs fewer, and word counts say how many. Claims C1 to C6 put this in terms that can fail. Their criteria
# were fixed before we trained the {glue:text}`n_class_networks` networks that they judge: GRU, LSTM, and UGRNN, three seeds each, with paper A's
# recipe on eight corpora.

# %% tags=["parameters"]
network = "unordered3-gru-seed0"
tetrahedron = "unordered4-gru-seed0"

# %% tags=["hide-input"]
import torch
from IPython.display import HTML, display

from lib.book import figures, over_classes, page
from lib.book.classes import Classes
from lib.book.over_classes import MEASURED, PREDICTED
from lib.book.records import record
from lib.dynamics import time_constants
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
shape = Classes(saved)
names, ordered = saved.config["classes"], not saved.config["dataset"].startswith("unordered")
own = [record(network, claim, measures) for claim, measures in shape.measures().items() if claim != "C5"]
table = over_classes.dimensions()
predicted = record("classes", "C6", over_classes.prediction(table))
summary = over_classes.summary(over_classes.judged(), predicted)
page.say(answer_classes=over_classes.answer(table, summary), verdicts_classes=HTML(over_classes.badges(summary)))
page.say(n_class_networks=len(table), class_network=network, n_slow=len(shape.slow))

# %% [markdown]
# ## The simplex
#
# In a language of unordered classes every word is evidence for one of them, for or against, of a known strength, or says nothing, and the
# label of a document is the class with the most evidence. The *readout* of a network of $k$ classes has one row a class, and only their
# differences matter: they span $k - 1$ directions, the plane in which the figure looks.

# %% tags=["hide-input"]
seen, colors = over_classes.seen_in(shape, saved.network.readout_plane[:2]), figures.class_colors(shape.k, ordered)
with page.figure("simplex", 2, height=3.5, width=7.8) as (where, words):
    figures.simplex(where, *(seen[name] for name in ("visited", "points", "chosen", "corners", "rows")), names, colors)
    where.set(xlabel="readout plane, axis 1", ylabel="readout plane, axis 2")
    figures.class_words(words, seen["pushes"], seen["said"], names, colors)
    words.set(xlabel="push along axis 1", ylabel="push along axis 2")
    figures.legend_below(where.figure, where, columns=5, markerscale=2.5)
right, deviation, to_readout = shape.simplex().values()
page.say(simplex_seen=over_classes.simplex_seen(shape.k, ordered), right_corners=100 * right)
page.say(deviation=deviation, to_readout=to_readout, recovered=over_classes.recovered(shape))

# %% [markdown]
# ```{glue:figure} fig_simplex
# :name: fig-simplex
# :alt: Two panels in the plane of the readout: slow points coloured by class with numbered vertices and arrows of the readout's rows over the visited states; and a line from the origin for each word, coloured by the class that it speaks for.
#
# {glue:text}`simplex_seen`. (a) {glue:text}`n_slow` slow points of {glue:text}`class_network` at $q < q_D$ by the class that the readout chooses; numbered: the vertex of each class; arrows:
# the rows of the readout; grey: visited states. (b) Where the words with the most evidence push the state, mean over 50 slow points.
# ```
#
# The readout chooses the right class at {glue:text}`right_corners:.0f` % of the vertices. The angles between them depart from those of a
# regular simplex by at most {glue:text}`deviation:.0f`°, and a vertex from its row of the readout by at most {glue:text}`to_readout:.0f`°.
# {glue:text}`recovered`
# {numref}`fig-tetrahedron` has the same for four classes, in space.

# %% tags=["hide-input"]
four = Classes(load(NETWORKS / tetrahedron))
space = over_classes.seen_in(four, four.saved.network.readout_plane[:3])
of_four = figures.class_colors(four.k, not four.saved.config["dataset"].startswith("unordered"))
plot = figures.simplex_3d(
    space["visited"][:1500], space["points"], space["chosen"], space["corners"], four.saved.config["classes"], of_four
)
page.interactive(
    "tetrahedron", plot, "The slow points of a network of four classes in space, with edges between the vertices, to turn"
)

# %% [markdown]
# ```{glue:figure} fig_tetrahedron
# :name: fig-tetrahedron
#
# With four classes the simplex is a tetrahedron: turn it. Slow points by the class that the readout chooses, visited states, and the edges
# between the vertices, along the three axes of the readout.
# ```
#
# ## How many dimensions
#
# One number for the dimension of a cloud is its *participation ratio*, $\left(\sum_i v_i\right)^2 / \sum_i v_i^2$ of the variances $v_i$
# along its principal axes: $d$ where $d$ axes have the same variance and the others none. {numref}`fig-dimension` shows that of the slow
# points in all networks.

# %% tags=["hide-input"]
with page.figure("dimension", 2, height=3.0, width=7.8) as axes:
    figures.class_dimensions(axes, table, MEASURED, "participation ratio, slow points")
    figures.legend_below(axes[0].figure, axes[0], columns=4)
corpora = list(dict.fromkeys(table.corpus))
strict = over_classes.dimensions("1e-8")
page.say(spans=over_classes.ranges(table, corpora), strict_spans=over_classes.ranges(strict, corpora))
page.say(states_span=over_classes.ranges(table, corpora[:3], "D of the states"), c1=summary.at["C1", "verdict"])
page.say(c1_in=summary.at["C1", "reproduced in"], second_holds=over_classes.near_in(table))

# %% [markdown]
# ```{glue:figure} fig_dimension
# :name: fig-dimension
# :alt: Participation ratio of the slow points, a dot a network: of three to five unordered classes against k minus one with the line of equality, and of ordered classes by corpus with a bar at k minus one.
#
# Unordered classes take $k - 1$ dimensions, ordered ones fewer. (a) Languages of unordered classes. (b) Languages of ordered classes and
# reviews; bars: $k - 1$. A dot a network, seeds side by side, slow points at $q < q_D$.
# ```
#
# From the lowest network of each corpus to the highest: {glue:text}`spans`. The first criterion of C1 asks for more, that $k - 1$
# components hold 95 % of the variance of the *states*; they are {glue:text}`states_span`. States leave the simplex with every word and
# return to it; this part of their variance is no memory, and has dimensions of its own. Its second criterion, which looks at the slow
# points, holds in {glue:text}`second_holds`; both together in {glue:text}`c1_in`, so that C1 is *{glue:text}`c1`*. At paper A's tolerance, $q < 10^{-8}$, what counts as slow shrinks
# to less: {glue:text}`strict_spans`.
#
# An ideal reader of an *ordered* language keeps one number whatever $k$ is. The networks take more than one, since the sum alone does not
# separate three classes or more with linear readouts: a class in the middle needs a row that is largest in the middle, and so the line must bend.

# %% [markdown]
# ## All of it is slow
#
# To keep $k - 1$ sums, $k - 1$ modes must outlast a document at every point of the simplex, and no more.

# %% tags=["hide-input"]
tau = time_constants(torch.linalg.eigvals(shape.system.recurrent.double())).sort(1, descending=True).values[:, : 2 * shape.k]
with page.figure("slow_modes", 2, height=2.9, width=7.8) as axes:
    figures.slow_modes_of_classes(axes, tau.numpy(), shape.length, table)
page.say(class_document=shape.length, c3=summary.at["C3", "reproduced in"])

# %% [markdown]
# ```{glue:figure} fig_slow_modes
# :name: fig-slow-modes
# :alt: Time constants of the slowest modes of one network with the mean document as a dotted line, and the number of modes that outlast it against k minus one, a dot a network.
#
# Modes above the dotted line keep what they hold for a whole document: $k - 1$ of them in {glue:text}`c3`. (a) Time constants in {glue:text}`class_network`, at 50 slow points; dotted: a document,
# {glue:text}`class_document:.0f` tokens on average. (b) Modes that outlast it, the median over slow points, a dot a network.
# ```
#
# ## Can it be predicted?
#
# {cite:t}`aitken2020` predict the dimension without any network, from how often each word occurs in each class. We take the log frequency of
# each word in each class, less its mean over classes, weigh each word as it is frequent, and take the participation ratio of this matrix.

# %% tags=["hide-input"]
with page.figure("predicted", height=3.6, width=6.4) as ax:
    figures.predicted_dimensions(ax, table, PREDICTED, MEASURED)
rank_over_corpora, within = predicted.measures.values()
page.say(rank_over_corpora=rank_over_corpora, within=100 * within, medians_told=over_classes.medians_told(table, corpora))

# %% [markdown]
# ```{glue:figure} fig_predicted
# :name: fig-predicted
# :alt: Measured against predicted dimension, a marker a network, shaped by the kind of corpus and coloured by architecture, with the line of equality and a band of one to each side.
#
# Dots on the line are predicted exactly, those within the band to within one. Measured: participation ratio of the slow points, $q < q_D$.
# ```
#
# {glue:text}`within:.0f` % of the networks are within one of the prediction, which is not hard where dimensions lie between one and four.
# The rank correlation over corpora, {glue:text}`rank_over_corpora:.2f` (the criterion: 0.8), tells more. Predicted and measured, the median
# over networks: {glue:text}`medians_told`. In ordered languages counts see the one sum, and not the bend that the readout needs.
#
# ## Verdicts over all networks
#
# A claim is *reproduced* where its criteria hold in two thirds of the networks that it judges, *partly* in one third; C6 is judged on all
# together. {doc}`claims` has the values of each network.

# %% tags=["hide-input"]
display(over_classes.styled(summary))

# %% [markdown]
# ## What this does not show
#
# Whether a simplex is what *any* network finds: these have paper A's recipe and few hundred dimensions. The languages are drawn
# at random and have no order of words. The three corpora of reviews leave out the middle: our SST has no neutral sentences and our Yelp
# no three stars, so that what stands between like and dislike cannot be seen in them. {doc}`stars` looks at those.
#
# ```{admonition} Reproduce this
# :class: reproduce
# {glue:}`reproduce_classes`
# ```

# %% tags=["hide-input"]
page.reproduce("classes", network="unordered5-gru-seed0")
