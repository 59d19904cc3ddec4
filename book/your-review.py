# ---
# jupyter:
#   book:
#     networks: [imdb-gru-seed0, imdb-vanilla-seed0, yelp-gru-seed0]
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
# # Your own review
#
# *What does a network do with your words?* A GRU keeps one number, the place of its state from left to right. Praise moves it to the
# right, blame to the left, and where it stands at the end is the verdict. Type a review or pick one, and step through it with the
# arrow keys: two published networks read it in your browser.

# %% tags=["parameters", "remove-input"]
networks = ["imdb-gru-seed0", "imdb-vanilla-seed0", "yelp-gru-seed0"]
n_words = 3_800  # of each vocabulary, the most frequent ones: three networks then take 6 MB

# %% tags=["hide-input"]
from lib.book import browser, page
from lib.training import NETWORKS, load

all_saved = [load(NETWORKS / name) for name in networks]
page.scripts("networks", {saved.name: browser.script(saved, n_words) for saved in all_saved})
page.say(n_words=f"{n_words:,}")
browser.own_review(all_saved)

# %% [markdown]
# ## What you see
#
# - **Words**: green ones push the state towards *positive*, orange ones towards *negative*, the more the stronger the colour (their
#   input projection, {doc}`eigenvectors`). Dotted: unknown to the network.
# - **The plane** of the two directions in which states differ most (their principal components, PC). Shaded: states visited in
#   positive (green) and negative (orange) test reviews. Dots: slow points, where the state would stay for a whole review if
#   nothing more were read ({numref}`fig-two-tolerances`). Blue: your review, from ring to disc.
# - **The logit** after each word: above zero, the verdict is positive.
#
# ## What to try
#
# Put “not” before a word of praise, and “very” before one of blame ({doc}`contextual`). Then compare the networks. In the GRUs a word
# moves the state a little way, and its place from left to right is the logit; in the vanilla RNN every word throws the state across
# the plane, and the logit is in neither direction.

# %% tags=["hide-input"]
browser.comparison(all_saved, n_words)

# %% [markdown]
# *Radii per word*: how far a word moves the state (median), in radii of the cloud of visited states. *PC 1 and logit*:
# their correlation over these states. *Unknown words*: the browser has only the {glue:text}`n_words` most frequent words;
# this share of a test review is beyond them. *Rounding*: how far a logit moves at most because weights have 16 bits.
# What you type stays on this page.
