# ---
# jupyter:
#   book:
#     networks: [network, measured]
#     reads: [classes]
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
# # Stars: what order does
#
# *A review has one to five stars. Does a network count along a line, a curve, or in a plane, and what does “not” do there?*
#
# ```{admonition} Answer
# :class: answer
# {glue:text}`answer_stars` {glue:}`verdicts_stars`
# ```
#
# Grades have an order, from one star to five. {cite:t}`aitken2020` find that the slow points of networks that predict them lie close to a curve in
# a plane: along its first axis runs *valence*, from bad to good, along the second *strength*, from moderate to extreme. Claim C5 asks both
# of words: which words push the state along either axis? Our corpora leave out the middle. The SST at hand has no neutral sentences and the
# Yelp subset no three stars, so that this page has four grades (and, where one and five stars stand against two and four together, three).

# %% tags=["parameters"]
network = "yelp4-gru-seed0"
words = "terrible bad good great"
modifiers = "not never hardly very"

# %% tags=["hide-input"]
from IPython.display import HTML, display

from lib.book import figures, over_classes, page, star_words
from lib.book.classes import Classes
from lib.book.records import record
from lib.training import NETWORKS, load

saved = load(NETWORKS / network)
shape = Classes(saved)
measures = shape.measures()
if "C5" not in measures:
    raise ValueError(f"{network} reads a language without stars: choose a network of sst4, yelp4 or yelp3, as yelp4-gru-seed0.")
own = record(network, "C5", measures["C5"])
judged = over_classes.of_claim(over_classes.judged(), "C5")
along, across, mixed = own.measures.values()
grades, colors = saved.config["classes"], figures.class_colors(shape.k, ordered=True)
read_modifiers = star_words.known(shape, modifiers.split())
kappa, neutral = star_words.modified(shape, read_modifiers)
page.say(answer_stars=over_classes.stars_answer(judged, kappa, neutral), verdicts_stars=HTML(over_classes.over(judged)))
page.say(star_network=network, n_slow=len(shape.slow), stars_told=over_classes.stars_told(judged))

# %% [markdown]
# ## A bent line
#
# {numref}`fig-stars` shows the slow points in the plane of their own first two axes, and beside it what the words with the most evidence do. What
# the bag of words says of a word is taken apart in the same way: its valence is the slope of its coefficients over the grades,
# its strength their curvature, extreme grades less moderate ones.

# %% tags=["hide-input"]
found = over_classes.words_of(shape)
with page.figure("stars", 3, height=3.0, width=8.4) as (where, first, second):
    figures.simplex(where, *(found[name] for name in ("visited", "points", "chosen", "corners", "rows")), grades, colors)
    where.set(xlabel="slow points, axis 1", ylabel="slow points, axis 2")
    said = {"valence in the bag of words": found["valence"], "strength in the bag of words": found["strength"]}
    figures.words_along_axes((first, second), found["pushes"], said, found["words"], found["named"])
    figures.legend_below(where.figure, where, columns=4, markerscale=2.5)
page.say(star_along=along, across=across, mixed=mixed, plane=over_classes.plane_told(over_classes.dimensions()))

# %% [markdown]
# ```{glue:figure} fig_stars
# :name: fig-stars
# :alt: Three panels: slow points coloured by the grade that the readout chooses, over the visited states, with numbered vertices and arrows of the readout's rows; words' push along the first axis against their valence; and along the second axis against their strength.
#
# Words of one valence push the state one way along the first axis, words of strong opinion one way along the second. (a) {glue:text}`n_slow` slow points
# of {glue:text}`star_network`, $q < q_D$, by the grade that the readout chooses; arrows: its rows; grey: visited states. (b, c) How far the
# 300 frequent words with the most evidence push along either axis.
# ```
#
# Words' pushes along the first axis rank as their valence does, $|\rho|$ = {glue:text}`star_along:.2f`, and along the second as their strength,
# $|\rho|$ = {glue:text}`across:.2f`, which is {glue:text}`mixed:.1f` times as much as with their valence. {glue:text}`plane`
#
# The second axis is no accident. With linear readouts a single number cannot tell three classes apart or four: the classes in the middle
# need a direction in which they are the farthest out, and so the line must bend ({doc}`classes`).
#
# ```{note}
# {glue:text}`stars_told`
# ```
#
# ## What “not” does
#
# On a line, “not” can do two things to “great”: turn it into “terrible”, along the line, or take it back towards the middle. For each
# modifier we measure $\kappa$, the effect of words behind it over their effect alone ({doc}`contextual`), along both axes. A modifier
# that flips has $\kappa < 0$, one that shrinks $0 < \kappa < 1$.

# %% tags=["hide-input"]
display(star_words.styled(kappa, neutral))

# %% [markdown]
# The last rows hold the range of 95 % of neutral words in the modifier's place: a $\kappa$ within it is nothing that a modifier does by its
# meaning.

# %% tags=["hide-input"]
shares = star_words.grades_after(shape, star_words.known(shape, words.split()), read_modifiers[:1] + read_modifiers[-1:])
with page.figure("grades", len(shares), columns=2, height=1.5, width=7.6) as axes:
    figures.grades_after(axes, grades, shares, colors)
    figures.legend_below(axes[0].figure, axes[0], columns=4)
page.say(modifiers_told=star_words.told(kappa, neutral), grades_seen=star_words.grades_seen(shares, grades))

# %% [markdown]
# ```{glue:figure} fig_grades
# :name: fig-grades
# :alt: Stacked bars of the probability of each grade after a word alone and behind a modifier, a panel a word.
#
# {glue:text}`grades_seen`. Probability of each grade in {glue:text}`star_network` after a
# word that is read first, alone or behind a modifier, and four tokens of nothing.
# ```
#
# {glue:text}`modifiers_told` In the figure a modifier does both: it changes the word behind it, and says something by itself.
#
# ## What this does not show
#
# What a network would do with the grade in the middle, which our data lack. And whether the second axis is used as strength by people:
# it is what a linear readout of ordered classes needs, in any language. The probabilities of the figure are those of two-word documents, which none in the
# corpora is.
#
# ```{admonition} Reproduce this
# :class: reproduce
# {glue:}`reproduce_stars`
# ```

# %% tags=["hide-input"]
page.reproduce("stars", network="sst4-gru-seed0")
