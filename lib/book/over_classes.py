"""More than two classes: what the claims C1 to C6 come to over all networks that they judge (`claims_classes.yaml`)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from markupsafe import Markup
from pandas.io.formats.style_render import StylerRenderer
from scipy.stats import spearmanr
from torch import Tensor

from lib.book.classes import Classes
from lib.book.html import badge, number
from lib.book.ledger import NOT, PARTLY, REPRODUCED, Judgement, counts, ledger
from lib.book.records import RECORDS, judgements_over_seeds, table_of
from lib.dynamics import principal_axes
from lib.text import LANGUAGES
from lib.training.catalogue import NETWORKS, of_classes, spec_of

AT = "q_D"  # the tolerance at which the claims are judged
PREDICTED, MEASURED = "PR of the word counts", "PR of the slow points"
RANK = "rank correlation of the predicted with the measured dimension"
WITHIN = "networks whose dimension is within one of the predicted (share)"
ORDERS = ("unordered", "ordered")


def dimensions(tolerance: str = AT, networks: Path = NETWORKS, records: Path = RECORDS) -> pd.DataFrame:
    """A row a network: its dimensions at a tolerance, `corpus`, `architecture`, `seed`, and `kind`: an unordered or an ordered
    language, or reviews."""
    table = table_of(of_classes(), "dimension", networks, records)
    table = table[table.tolerance == tolerance].reset_index(drop=True)
    specs = [spec_of(name) for name in table.network]
    kinds = [next((kind for kind in ORDERS if spec.dataset.startswith(kind)), "reviews") for spec in specs]
    parts = {"corpus": [spec.dataset for spec in specs], "architecture": [spec.architecture for spec in specs], "kind": kinds}
    return table.assign(**parts, seed=[spec.seed for spec in specs])


def judged(networks: Path = NETWORKS, records: Path = RECORDS) -> dict[str, dict[str, list[Judgement]]]:
    """Of each network of seed 0 and each claim that judges it: the judgement in every seed, the first one's first."""
    names = [name for name in of_classes() if spec_of(name).seed == 0]
    return {name: dict(judgements_over_seeds(name, networks, records)) for name in names}


def of_claim(found: Mapping[str, Mapping[str, Sequence[Judgement]]], claim: str) -> list[Judgement]:
    """The judgements of one claim in every network and seed that it judges."""
    return [one for claims in found.values() for one in claims.get(claim, ())]


def verdict(judgements: Sequence[Judgement]) -> str:
    """What a claim comes to over networks: *reproduced* where it is in two thirds of them, *partly* in one third."""
    share = counts(judgements)[REPRODUCED] / len(judgements) if judgements else 0.0
    return REPRODUCED if share >= 2 / 3 else PARTLY if share >= 1 / 3 else NOT


def prediction(table: pd.DataFrame) -> dict[str, float]:
    """How well word counts predict the dimension of the slow points (claim C6): Spearman's ρ of the medians over the networks
    of each corpus, and the share of networks within one; a network without slow points is not within."""
    medians = table.groupby("corpus")[[PREDICTED, MEASURED]].median()
    near = (table[PREDICTED] - table[MEASURED]).abs() <= 1
    return {RANK: float(spearmanr(medians[PREDICTED], medians[MEASURED]).statistic), WITHIN: float(near.mean())}


def summary(found: Mapping[str, Mapping[str, Sequence[Judgement]]], predicted: Judgement) -> pd.DataFrame:
    """A row a claim: what it says, in how many of the networks that it judges it is reproduced, and the verdict over them."""
    rows = {}
    for key in ("C1", "C2", "C3", "C4", "C5"):
        of = of_claim(found, key)
        told = f"{counts(of)[REPRODUCED]} of {len(of)} networks"
        rows[key] = {"claim": ledger()[key].claim, "reproduced in": told, "verdict": verdict(of)}
    ranked, near = (number(predicted.measures[name]) for name in (RANK, WITHIN))
    told = f"all together: ρ = {ranked}; {near} of networks within one"
    rows["C6"] = {"claim": predicted.claim.claim, "reproduced in": told, "verdict": predicted.verdict}
    return pd.DataFrame.from_dict(rows, orient="index")


def medians_told(table: pd.DataFrame, corpora: Sequence[str]) -> str:
    """The predicted dimension of each corpus and the measured one, medians over networks, in words."""
    of = table.groupby("corpus")[[PREDICTED, MEASURED]].median()
    return ", ".join(f"{of.at[name, PREDICTED]:.1f} and {of.at[name, MEASURED]:.1f} ({name})" for name in corpora)


def near_in(table: pd.DataFrame) -> str:
    """In how many networks of unordered classes the slow points' dimension is k − 1, as the second criterion of C1 asks."""
    ratios = (own := table[table.kind == "unordered"])[MEASURED] / (own.k - 1)
    measure = "PR of the slow points over k − 1"
    held = [all(one.holds(ratio) for one in ledger()["C1"].criteria if one.measure == measure) for ratio in ratios]
    return f"{sum(held)} of {len(held)} networks"


def styled(summary: pd.DataFrame) -> StylerRenderer:
    """The same as a table of the page, verdicts as badges."""
    return (
        summary.rename_axis("claim")
        .rename(columns={"claim": "what it says"})
        .reset_index()
        .style.hide(axis="index")
        .format({"verdict": badge})
    )


def badges(summary: pd.DataFrame) -> Markup:
    """The verdict on each claim over all networks."""
    return Markup("; ").join(Markup("{} {}").format(key, badge(one)) for key, one in summary.verdict.items())


def ranges(table: pd.DataFrame, corpora: Sequence[str], measure: str = MEASURED) -> str:
    """A measure's range over the networks of each corpus, in words: 1.8–2.4 (unordered3), …"""
    of = table.groupby("corpus")[measure]
    low, high = of.min(), of.max()
    return ", ".join(f"{low[corpus]:.1f}–{high[corpus]:.1f} ({corpus})" for corpus in corpora)


def answer(table: pd.DataFrame, summary: pd.DataFrame) -> str:
    """What stands in the place of the line, in numbers."""
    of = table[table.kind == "unordered"].groupby("k")[MEASURED]
    told = ", ".join(f"{of.min()[k]:.1f} to {of.max()[k]:.1f} for k = {k:.0f}" for k in of.groups)
    simplex, fewer = summary["reproduced in"]["C2"], summary["reproduced in"]["C4"]
    rank, near = prediction(table).values()
    return (
        f"A simplex. Slow points of k unordered classes have about k − 1 dimensions ({told}), with one corner a class in "
        f"{simplex}. Ordered classes take fewer in {fewer}. Word counts predict the dimension to within one in "
        f"{100 * near:.0f} % of the networks, and rank the corpora with ρ = {rank:.2f}."
    )


def simplex_seen(k: int, ordered: bool) -> str:
    """What to see where slow points of a network of k classes are drawn in the plane of the readout."""
    if ordered:
        return "Slow points bend through the plane, from the first class past those in the middle to the last"
    figure = {3: "a triangle", 4: "a tetrahedron, seen from one side"}.get(k, f"a simplex of {k} corners, seen from one side")
    return f"Slow points fill {figure}, whose corners are the classes, and words push towards a corner or away from it"


def seen_in(shape: Classes, axes: Float[Tensor, "axis state"]) -> dict[str, np.ndarray]:
    """What is drawn of a network along some axes: `visited`, `points`, `corners`, `rows` of the readout less their mean,
    `pushes` of the charged words [word, axis]; the class `chosen` at the points, and the one `said` by each word."""
    network, across = shape.saved.network, axes.T
    pushes = network.embedding.weight[shape.charged] @ shape.system.inward.mean(0).T @ across
    parts = {
        "visited": shape.saved.evidence.layers[-1].states @ across,
        "points": shape.slow @ across,
        "corners": shape.corners @ across,
        "rows": (network.readout_rows - network.readout_rows.mean(0)) @ across,
        "pushes": pushes,
        "chosen": shape.logits(shape.slow).argmax(1),
        "said": shape.evidence(shape.charged).argmax(0),
    }
    return {name: value.detach().numpy() for name, value in parts.items()}


def recovered(shape: Classes) -> str:
    """Whether words push as the language that was read says, where it is a known one of unordered classes: the correlation of
    a word's push along its class's row of the readout with the strength that it was given."""
    language = LANGUAGES.get(shape.saved.config["dataset"])
    if language is None or language.ordered:
        return ""
    network, index = shape.saved.network, shape.saved.vocabulary.index
    rows = network.readout_rows - network.readout_rows.mean(0)
    known = [(index[word], sums) for word, sums in language.evidence.items() if word in index and np.any(sums)]
    words, sums = torch.tensor([i for i, _ in known]), np.stack([of for _, of in known])
    pushes = (network.embedding.weight[words] @ shape.system.inward.mean(0).T @ rows.T).detach().numpy()
    of = np.abs(sums).argmax(1)
    each = np.arange(len(of))
    found = np.corrcoef(pushes[each, of], sums[each, of])[0, 1]
    return (
        f"The answer is known: over {len(of)} words, the push towards a word's own class has a correlation of {found:.2f} with "
        f"the strength that the language gave it."
    )


def words_of(shape: Classes, n_named: int = 2) -> dict:
    """The same along the first two axes of the slow points, with `pushes` [axis, word], `valence` and `strength` of the charged
    `words`, and of each axis which are `named`: the few that push most either way."""
    pushes = shape.projections(shape.charged)
    order = pushes.argsort(1)
    return seen_in(shape, principal_axes(shape.slow)[0][:2]) | {
        "pushes": pushes.detach().numpy(),
        "valence": shape.valence(shape.charged).numpy(),
        "strength": shape.strength(shape.charged).numpy(),
        "words": [shape.saved.vocabulary.words[i] for i in shape.charged.tolist()],
        "named": [row[:n_named].tolist() + row[-n_named:].tolist() for row in order],
    }


def over(judgements: Sequence[Judgement]) -> Markup:
    """A claim's verdict over networks, as a badge."""
    return Markup("{} {}").format(judgements[0].claim.id, badge(verdict(judgements)))


def stars_answer(judgements: Sequence[Judgement], kappa: pd.DataFrame, neutral: pd.DataFrame) -> str:
    """Whether the two axes of stars are valence and strength, and what *not* does along the first."""
    n = f"{counts(judgements)[REPRODUCED]} of {len(judgements)} networks"
    told = f"The slow points of graded reviews lie along a bent line: its first axis is valence and its second strength in {n}."
    if "not" not in kappa.index:
        return told
    value = kappa.at["not", "axis 1"]
    return f"{told} “Not” {what_it_does(value, neutral['axis 1'])} along the first axis (κ = {value:.2f})."


def what_it_does(kappa: float, neutral: pd.Series) -> str:
    """What a modifier does to the words behind it, against neutral words in its place."""
    if kappa < 0:
        return "turns words around"
    if neutral["low"] <= kappa <= neutral["high"]:
        return "does no more than a neutral word"
    return "makes words weaker, and does not turn them around," if kappa < neutral["low"] else "makes words stronger"


def stars_told(judgements: Sequence[Judgement]) -> str:
    """Over all networks of graded reviews: the lowest and highest value of each measure of C5."""
    names = ("with valence along the first axis", "with strength along the second", "strength over valence along the second")
    parts = []
    for name, measure in zip(names, judgements[0].measures, strict=True):
        values = [one.measures[measure] for one in judgements]
        parts.append(f"{number(min(values))} to {number(max(values))} {name}")
    return f"Over the {len(judgements)} networks of graded reviews, rank correlations go from {', from '.join(parts)}."


def plane_told(table: pd.DataFrame) -> str:
    """Whether the slow points of graded reviews fill a line or a plane."""
    of = table[table.kind == "reviews"][MEASURED]
    return (
        f"A line would have a participation ratio of 1 and a plane 2: over the networks of graded reviews it is "
        f"{of.min():.1f} to {of.max():.1f}, {of.median():.1f} in the median, a line that bends."
    )
