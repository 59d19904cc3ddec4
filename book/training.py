# ---
# jupyter:
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
# # Training
#
# *What was trained, on what, and how well does it work?* Text is read once, here; everything else in this book is computed from
# what the training leaves behind in `networks/`.
#
# ## Data
#
# Texts are lower-cased and cut into words and punctuation marks; `<br />` separates words, contractions are split as in the
# GloVe vectors (“don’t” is *do*, *n’t*), and a run of one mark is one token. The Yelp corpus is a **subset** of 26,190 reviews, not the
# official files {cite:p}`zhang2015`. IMDB {cite:p}`maas2011` has no validation split; a tenth of its training documents serves, all
# reviews of a movie on one side. Words without a GloVe vector start at zero; in the file these networks were trained with, cut to the
# words of the corpora, that includes the clitics (*n’t*, *’s*) and single letters and digits, which the full file has.

# %% tags=["parameters"]
networks = []  # empty: all that are published

# %% tags=["hide-input"]
import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from myst_nb import glue

from lib import figures
from lib.catalogue import PUBLISHED, catalogue, controls, paper_a, with_pages
from lib.claims import interval, paired_gain, record
from lib.evidence import load

figures.style()
names = networks or [*with_pages(), *controls()]
loaded = {name: load(PUBLISHED / name) for name in names}
glue("n_networks", len(loaded), display=False)
corpora = {network.config["dataset"]: network.config for network in loaded.values()}
pd.DataFrame(
    {
        "corpus": config["title"],
        **config["documents"],
        "mean tokens": config["mean_length"]["whole"],
        "after the cut": config["mean_length"]["cut"],
        "unknown tokens": config["unknown_share"],
    }
    for config in corpora.values()
).style.hide(axis="index").format(
    {"mean tokens": "{:.0f}", "after the cut": "{:.0f}", "unknown tokens": "{:.1%}"}, thousands=","
)

# %% [markdown]
# Documents, their mean length in tokens before and after the cut (test split), and the share of tokens outside the vocabulary.

# %% [markdown]
# ## Networks and recipe
#
# Every network is an embedding, dropout, a recurrent cell, dropout and a linear readout of the last state,
#
# $$
# \mathbf{h}_t = F(\mathbf{h}_{t-1}, \mathbf{x}_t), \qquad \mathrm{logit} = \mathbf{w} \cdot \mathbf{h}_T + b,
# $$ (eq-network)
#
# trained with the recipe of {cite:t}`tremblay2020` (§2.2): word vectors of 100 dimensions that start from GloVe
# {cite:p}`pennington2014` and are trained on, dropout of one half before and after the cell, 256 units, Adam
# {cite:p}`kingma2015` with a rate of 10⁻³, batches of 64, ten epochs (fewer where three in a row brought no better validation
# loss), and the weights of the best validation loss. The paper's 25,000 words
# are 10,000 here, so that a published network stays small, and documents are cut to their last 400 tokens. The LSTM's
# forget gate starts open {cite:p}`jozefowicz2015`; its gradient and the vanilla network's are clipped at norm 1, and the vanilla
# network's recurrent weights start as the identity {cite:p}`le2015`, which the search below chose. A network whose name says
# `scratch` learns its word vectors from small random ones instead of GloVe's, as {cite:t}`maheswaranathan2019` may have done; a
# `linear` network is a control without any nonlinearity.

# %% tags=["hide-input", "full-width"]
pd.DataFrame(
    {
        "network": name,
        "units": network.config["recipe"]["n_units"],
        "clip": f"{network.config['recipe']['clip'] or 'none'}",
        "best epoch": network.metrics["best_epoch"],
        "minutes": network.config["training_seconds"] / 60,
        **{f"{split} acc.": network.metrics["scores"][split]["accuracy"] for split in ("test", "validation", "train")},
        **{f"{split} loss": network.metrics["scores"][split]["loss"] for split in ("test", "validation", "train")},
    }
    for name, network in loaded.items()
).style.hide(axis="index").format(precision=3).format("{:.0f}", subset=["minutes"])

# %% [markdown]
# Losses (binary cross entropy, nats) and accuracies without dropout, of the published network: its word vectors are rounded to
# half precision, and that is what was measured. The device of each training is on the page {doc}`making`.

# %% tags=["hide-input"]
shown = {name: network for name, network in loaded.items() if network.config["architecture"] != "linear"}
fig, axes = figures.panels(len(shown), height=2.2)
for ax, (name, network) in zip(axes, shown.items(), strict=True):
    figures.learning_curves(ax, network.metrics["history"], network.metrics["best_epoch"])
    ax.set_title(name.removesuffix("-seed0"), fontsize=8)
axes[0].legend(fontsize=6.5)
glue("fig_learning", fig, display=False)
plt.close(fig)

# %% [markdown]
# ```{glue:figure} fig_learning
# :name: fig-learning
# :alt: Training and validation loss against the epoch, a panel a network, with the published epoch marked.
#
# Training loss (with dropout) and validation loss by epoch. Dotted: the epoch of the best validation loss, which is published.
# ```

# %% [markdown]
# ## The search for a recipe
#
# For each architecture one thing at a time was changed in a common recipe (rate 10⁻³, no clipping, dropout one half, uniform start of
# the recurrent weights), on the smallest corpus, with the validation loss as the judge; what helped the vanilla network was tried on a
# corpus with long documents as well. A change was taken up where it lowers that loss by more than a margin set beforehand, about what
# another seed does.

# %% tags=["hide-input", "full-width"]
search = catalogue()["search"]
trials = [json.loads(path.read_text()) for path in sorted((PUBLISHED / "trials").glob("*.json"))]
glue("margin", search["margin"], display=False)
glue("n_trials", len(trials), display=False)
losses = pd.DataFrame(
    {
        "change": trial["name"].split("-")[2],
        "network": " ".join(trial["name"].split("-")[:2]),
        "loss": trial["validation_loss"],
    }
    for trial in trials
).pivot(index="change", columns="network", values="loss")
losses = losses.reindex([change for change in search["changes"] if change in losses.index])
what = {
    change: ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in changes.items()) or "—"
    for change, changes in search["changes"].items()
}
losses.insert(0, "what changes", [what[change] for change in losses.index])
losses.index.name = losses.columns.name = None


def mark(column):
    """Bold where a loss is below the default's by more than the margin."""
    return ["font-weight: bold" if value < column["default"] - search["margin"] else "" for value in column]


losses.style.apply(mark, subset=losses.columns[1:]).format(precision=3, na_rep="", subset=losses.columns[1:])

# %% [markdown]
# Validation loss (nats) of the {glue:text}`n_trials` trials; bold: lower than the default by more than {glue:text}`margin`.

# %% [markdown]
# ## Seeds
#
# Every network of paper A is trained from several seeds. Of those beyond the first the repository keeps the configuration, the
# metrics and the measured claims, not the weights.

# %% tags=["hide-input"]
found = {}
for name in paper_a():
    stem = name.removesuffix("-seed0")
    folders = sorted(PUBLISHED.glob(f"{stem}-seed*/metrics.json"))
    accuracies = [json.loads(path.read_text())["scores"]["test"]["accuracy"] for path in folders]
    mean, low, high = interval(accuracies)
    found[stem] = {"seeds": len(accuracies), "mean": mean, "low": low, "high": high, "lowest": min(accuracies, default=np.nan)}
pd.DataFrame(found).T.astype({"seeds": int}).rename(
    columns={"mean": "mean test accuracy", "low": "95 % from", "high": "to"}
).style.format(precision=3, na_rep="—").format("{:d}", subset=["seeds"])

# %% [markdown]
# Mean test accuracy over seeds with a 95 % interval (Student's t; none for a single seed).

# %% [markdown]
# ## Against simpler models
#
# {cite:t}`maheswaranathan2019` report gated networks “a few percentage points” above a bag of words. Ours is a logistic
# regression on which words a document contains {cite:p}`wang2012`, over whole documents and the same vocabulary, its penalty chosen on the
# validation split. They also replace the network by one linearized system, and train a linear recurrent network directly (§5;
# {doc}`linearization`). All are compared on the same test documents, by a paired bootstrap.

# %% tags=["hide-input", "full-width"]
against = {"bag_of_words": "a bag of words", "linear": "a linear network", "linearized": "one linearized system"}
direct = {dataset: PUBLISHED / f"{dataset}-linear-seed0" for dataset in corpora}
direct = {dataset: load(folder).evidence.documents["logits"] for dataset, folder in direct.items() if folder.exists()}
rows = {}
for name, network in shown.items():
    documents, dataset = network.evidence.documents, network.config["dataset"]
    truth = documents["labels"] > 0
    others = {key: documents[key] for key in ("bag_of_words", "linearized") if key in documents}
    others |= {"linear": direct[dataset]} if dataset in direct else {}
    right = {key: ((found > 0) == truth).numpy() for key, found in (others | {"network": documents["logits"]}).items()}
    rows[name] = {key: paired_gain(right["network"], right[key]) for key in against if key in right}
    gain, low, high = rows[name]["bag_of_words"]
    record(
        name,
        "A14",
        {
            "lower end of the gain over the bag of words": low,
            "gain over the bag of words": gain,
            "upper end of the gain over the bag of words": high,
            "test accuracy": right["network"].mean(),
            "bag of words": right["bag_of_words"].mean(),
        },
    )
fig, axes = figures.panels(len(against), height=0.9 + 0.2 * len(rows), width=8, sharey=True)
for ax, (key, label) in zip(axes, against.items(), strict=True):
    gains = 100 * np.array([rows[name].get(key, (np.nan,) * 3) for name in rows])
    colors = [figures.POSITIVE if low > 0 else figures.NEGATIVE if high < 0 else figures.GREY for _, low, high in gains]
    figures.intervals(ax, [name.removesuffix("-seed0") for name in rows], *gains.T, colors)
    ax.axvline(0, color=figures.INK, lw=0.8)
    ax.set_title(f"over {label}", fontsize=8)
axes[1].set_xlabel("gain of the network (points of test accuracy)")
glue("fig_accuracies", fig, display=False)
plt.close(fig)


def told(interval):
    return "{:.1f}\u00a0[{:.1f},\u00a0{:.1f}]".format(*(100 * value for value in interval))


pd.DataFrame(
    {
        name: {"test accuracy": f"{shown[name].metrics['scores']['test']['accuracy']:.3f}"}
        | {f"over {label}": told(rows[name][key]) if key in rows[name] else "—" for key, label in against.items()}
        for name in rows
    }
).transpose()

# %% [markdown]
# ```{glue:figure} fig_accuracies
# :name: fig-accuracies
# :alt: Three panels with a row a network: gain in test accuracy over a bag of words, over a linear network trained directly and over one linearized system, with intervals; a vertical line at zero.
#
# Gain of each network over three simpler models with 95 % intervals (paired bootstrap over test documents), green where the interval is
# above zero, orange where it is below. The first panel is claim A14, the others belong to A15.
# ```
#
# Paper A's own accuracies are in an appendix that was not at hand; the comparison is with the statement in its text.
