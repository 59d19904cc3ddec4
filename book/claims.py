# ---
# jupyter:
#   book:
#     networks: [measured]
#     reads: [all]
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
# # The claims ledger
#
# Every claim of {cite:t}`maheswaranathan2019` and, in the last section, of {cite:t}`tremblay2020` that can be measured, with its
# criterion, what was measured in each of our networks, and the verdict that follows from the two. A claim counts as *reproduced* where
# all its criteria hold, *partly* where some do. A claim that fails stays here, and {doc}`failures` and {doc}`sling` look for the reason.
#
# Some criteria have two versions. The first was fixed before any network was trained. It let pass what a reader would not call a line:
# points in one dot can be aligned with anything. The revised version was fixed, in a commit of its own, before any of the networks that it
# judges was trained; it decides here, and the first stands beside it. Claims whose id ends in D repeat a claim at $q_D$, the tolerance
# that the task sets {eq}`eq-drift`, and are not counted again.

# %% tags=["parameters"]
networks = []  # empty: all that are published

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import HTML
from myst_nb import glue

from lib.book import figures
from lib.book.ledger import NOT, PARTLY, REPRODUCED, UNTESTABLE, counts, ledger, planned
from lib.book.records import judgements, judgements_over_seeds
from lib.book.tables import details, table
from lib.training.catalogue import NETWORKS, catalogue, paper_a, with_pages

figures.style()
names = networks or with_pages()
twelve = [name for name in paper_a() if name in names]
others = [name for name in names if name not in twelve]
seeds = {name: judgements_over_seeds(name, NETWORKS) for name in names}
keys = [key for key, claim in ledger().items() if claim.judging and any(key in seeds[name] for name in names)]
overall = judgements(["all"]).get("all", {})
saved = counts(planned(found[0] for name in twelve for found in seeds[name].values()))
trained = counts(planned(judgement for name in twelve for found in seeds[name].values() for judgement in found))
for key, verdict in (("reproduced", REPRODUCED), ("partly", PARTLY), ("not", NOT), ("untestable", UNTESTABLE)):
    glue(f"n_{key}", saved[verdict], display=False)
    glue(f"n_{key}_seeds", trained[verdict], display=False)
glue("n_judged", sum(saved.values()), display=False)
glue("n_judged_seeds", sum(trained.values()), display=False)
glue("n_networks", len(twelve), display=False)
n_seeds = {name: max(map(len, seeds[name].values()), default=0) for name in twelve}
glue("n_trained", sum(n_seeds.values()), display=False)
glue("seeds_told", ", ".join(f"{name.removesuffix('-seed0')} {n}" for name, n in n_seeds.items()), display=False)

# %% [markdown]
# ## What holds where

# %% tags=["hide-input", "full-width"]
columns = [*twelve, *others]
verdicts = np.array([[seeds[name][key][0].verdict if key in seeds[name] else "" for name in columns] for key in keys])
held = [[counts(seeds[name].get(key, []))[REPRODUCED] for name in columns] for key in keys]
of = [[len(seeds[name].get(key, [])) for name in columns] for key in keys]
notes = np.array([[f"{h}/{n}" if n > 1 else "" for h, n in zip(*row, strict=True)] for row in zip(held, of, strict=True)])
fig, (ax,) = figures.panels(1, columns=1, width=1.2 + 0.62 * len(columns), height=6.6)
figures.matrix(ax, verdicts, notes, keys, [name.removesuffix("-seed0") for name in columns])
glue("fig_matrix", fig, display=False)
plt.close(fig)

# %% [markdown]
# ```{glue:figure} fig_matrix
# :name: ledger-matrix
# :alt: A matrix of claims against networks; each cell carries a mark: reproduced, partly reproduced, not reproduced, or not testable, and a fraction of seeds.
#
# Verdict on every claim in every published network: ✓ reproduced, ~ partly, ✗ not reproduced, · not testable here. The fraction
# counts the seeds, the published one among them, in which the claim is reproduced, where more than one was measured. A13 is about
# all twelve together ({numref}`fig-all`); A17 and A18 are shown and not judged ({numref}`fig-vanilla`, {numref}`fig-modes-suffice`). Ids
# that end in D are not counted below.
# ```
#
# Of {glue:text}`n_judged` verdicts in {glue:text}`n_networks` networks of paper A, {glue:text}`n_reproduced` are *reproduced*,
# {glue:text}`n_partly` *partly*, {glue:text}`n_not` *not reproduced* and {glue:text}`n_untestable` *not testable here*. Over all
# {glue:text}`n_trained` trained networks with their seeds, of {glue:text}`n_judged_seeds`: {glue:text}`n_reproduced_seeds`,
# {glue:text}`n_partly_seeds`, {glue:text}`n_not_seeds` and {glue:text}`n_untestable_seeds`. The seeds of each:
# {glue:text}`seeds_told`.

# %% [markdown]
# ## Claim by claim
#
# Median and range over the published networks of paper A, and their verdicts. The id links to the figure for the working example;
# below the table each claim unfolds into a row a network.

# %% tags=["hide-input", "full-width"]
HTML(table(seeds | {name: {key: [j] for key, j in overall.items()} for name in ("all",)}, [*twelve, "all"]))

# %% [markdown]
# ## Every network
#
# Values in the published network, with a 95 % interval over seeds in brackets (bootstrap; of three it runs from the
# smallest to the largest) where three or more were measured; a network's name links to its page.

# %% tags=["hide-input", "full-width"]
HTML("".join(details(seeds, columns, ledger()[key]) for key in keys))

# %% [markdown]
# ## Paper B: stacks
#
# The claims about depth, {cite:t}`tremblay2020`; median and range over seeds, a verdict a seed. {doc}`sling` has each seed's value,
# and answers B12, which is a question and has no criterion ({numref}`tab-documents`).

# %% tags=["hide-input", "full-width"]
stacks = judgements(f"stacks-seed{k}" for k in catalogue()["paper_b"]["seeds"])
HTML(table({name: {key: [judged] for key, judged in found.items()} for name, found in stacks.items()}, [*stacks]))

# %% [markdown]
# Numbers that the papers do not give, such as the accuracies of paper A's appendix B, are not invented here.
