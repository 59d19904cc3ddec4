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
# Every claim of {cite:t}`maheswaranathan2019` and, further down, of {cite:t}`tremblay2020` that can be measured, in our
# words and in the paper's, with its criterion, what was measured in each of our networks, and the verdict that follows from them. A
# claim counts as *reproduced* where all its criteria hold, *partly* where some do. A claim that fails stays here, and
# {doc}`failures` and {doc}`sling` look for the reason.
#
# Some criteria have two versions. The first was fixed before any network was trained. It let pass what a reader would not call a line:
# points in one dot can be aligned with anything. The revised version was fixed, in a commit of its own, before any of the networks that it
# judges was trained; it decides here, and the first stands beside it. Claims whose id ends in D repeat a claim at $q_D$, the tolerance
# that the task sets {eq}`eq-drift`, and are not counted again.

# %% tags=["parameters"]
networks = []  # empty: all that are published

# %% tags=["hide-input"]
from IPython.display import HTML

from lib.book import answers, over_classes, page
from lib.book.ledger import ledger, planned
from lib.book.overview import short, verdict_counts
from lib.book.records import judgements, judgements_over_seeds
from lib.book.tables import as_rows, details, matrix, table
from lib.training import NETWORKS, catalogue, paper_a, with_pages

names = networks or with_pages()
twelve = [name for name in paper_a() if name in names]
columns = [*twelve, *(name for name in names if name not in twelve)]
seeds = {name: judgements_over_seeds(name, NETWORKS) for name in columns}
keys = [key for key, claim in ledger().items() if claim.judging and any(key in of for of in seeds.values())]
trained = [judged for name in twelve for judged in seeds[name].values()]
n_seeds = {name: max(map(len, seeds[name].values()), default=0) for name in twelve}
page.say(n_networks=len(twelve), **verdict_counts(planned(judged[0] for judged in trained)))
over_seeds = verdict_counts(planned(one for judged in trained for one in judged))
page.say(n_trained=sum(n_seeds.values()), **{f"{key}_seeds": n for key, n in over_seeds.items()})
page.say(seeds_told=answers.listed(f"{short(name)} {n}" for name, n in n_seeds.items()))

# %% [markdown]
# (ledger-matrix)=
# ## What holds where
#

# The fraction counts the seeds, the published one among them, in which the claim is reproduced, where more than one was measured. A13 is
# about all twelve together ({numref}`fig-all`); A17 and A18 are shown and not judged ({numref}`fig-vanilla`,
# {numref}`fig-modes-suffice`). Ids that end in D are not counted below.

# %% tags=["hide-input", "full-width"]
HTML(matrix(seeds, keys))

# %% [markdown]
# Of {glue:text}`n_judged` verdicts in {glue:text}`n_networks` networks of paper A, {glue:text}`n_reproduced` are *reproduced*,
# {glue:text}`n_partly` *partly*, {glue:text}`n_not` *not reproduced* and {glue:text}`n_untestable` *not testable here*. Over all
# {glue:text}`n_trained` trained networks with their seeds, of {glue:text}`n_judged_seeds`: {glue:text}`n_reproduced_seeds`,
# {glue:text}`n_partly_seeds`, {glue:text}`n_not_seeds` and {glue:text}`n_untestable_seeds`. The seeds of each:
# {glue:text}`seeds_told`.

# %% [markdown]
# ## Claim by claim
#
# Median and range over the published networks of paper A, and their verdicts. The id links to the figure for the working example;
# below the table each claim unfolds into one row per network.

# %% tags=["hide-input", "full-width"]
overall = {key: [judged] for key, judged in judgements(["all"]).get("all", {}).items()}
HTML(table(seeds | {"all": overall}, [*twelve, "all"]))

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
HTML(table({name: {key: [one] for key, one in judged.items()} for name, judged in stacks.items()}, [*stacks]))

# %% [markdown]
# ## More than two classes
#
# Claims C1 to C6 are about networks of three classes or more ({doc}`classes`, {doc}`stars`); they are after {cite:t}`aitken2020`, whose
# text is not quoted. Median and range over the published networks and seed 0 of the others, and their verdicts. Over all
# networks and seeds a claim is *reproduced* where it is in two thirds of those that it judges, *partly* in one third:
# {glue:}`classes_over`. In the parts that unfold, the interval is over three seeds.

# %% tags=["hide-input", "full-width"]
of_classes = over_classes.judged()
predicted = judgements(["classes"])["classes"]
together = {"classes": {key: [one] for key, one in predicted.items()}}
summary = over_classes.summary(of_classes, predicted["C6"])
page.say(classes_over=HTML(over_classes.badges(summary)))
shape_claims = [ledger()[key] for key in summary.index if key not in predicted]
HTML(
    table(of_classes | together, [*of_classes, "classes"])
    + "".join(details(of_classes, [*of_classes], one) for one in shape_claims)
)

# %% [markdown]
# ## The ledger as data
#
# A row for each measure of a claim in a network and seed, with its criterion and verdict: {glue:}`ledger_data`.

# %% tags=["hide-input"]
whole = seeds | {name: {key: [one] for key, one in judged.items()} for name, judged in stacks.items()} | of_classes | together
page.say(ledger_data=page.download("ledger", as_rows(whole)))

# %% [markdown]
# Numbers that the papers do not give, such as the accuracies of paper A's appendix B, are not invented here.
