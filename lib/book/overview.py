"""Many networks side by side: every measure of the claims, and which claims hold together in which networks and seeds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lib.book.html import short
from lib.book.ledger import NOT, PARTLY, REPRODUCED, UNTESTABLE, Judgement, Seeds, counts, ledger, planned
from lib.book.records import RECORDS, judgements, judgements_by_seed, records_of
from lib.training.catalogue import NETWORKS, paper_a

Columns = Mapping[str, tuple[str, str]]  # by label: a claim, and the name of one of its measures

MEASURES: Columns = {
    "test accuracy": ("A14", "test accuracy"),
    "gain over bag of words": ("A14", "gain over the bag of words"),
    "variance in 2 PCs": ("A1", "variance in the first 2 PCs"),
    "variance in 3 PCs": ("A1", "variance in the first 3 PCs"),
    "dimension over untrained": ("A1", "participation ratio over the untrained one"),
    "share of starts at 1e-8": ("A4", "share of starts that converge"),
    "distinct points": ("A4", "distinct points"),
    "first-axis share": ("A5", "first-axis share"),
    "|cos(m, w)| in the plane": ("A5", "|cos(m, w)| in the plane, as the readout sees it"),
    "spread of points over states": ("A5", "spread of the points over that of the states, along m"),
    "the same at q_D": ("A5D", "spread of the points over that of the states, along m"),
    "bins of 20 at q_D": ("A5D", "bins along m that hold a point, of 20"),
    "slowest τ": ("A7", "median slowest τ (tokens)"),
    "second τ": ("A7", "median second τ (tokens)"),
    "AUC of valence": ("A8", "AUC of positive against negative words"),
    "neutral over valenced": ("A9", "neutral over valenced projection"),
    "|r₁·m|": ("A10", "median |r₁·m|"),
    "|r₁·t|": ("A10", "median |r₁·t|, t the curve's tangent"),
    "one-step error": ("A11", "median one-step error"),
}
VERDICTS = {"reproduced": REPRODUCED, "partly": PARTLY, "not": NOT, "untestable": UNTESTABLE}  # by their short names


def measure_table(names: Sequence[str], columns: Columns, records: Path = RECORDS) -> pd.DataFrame:
    """Measures on record in this build: one row a network, one column a label; not a number where there is none."""
    found = {short(name): records_of(name, records) for name in names}
    rows = {
        name: {label: of.get(claim, {}).get(measure) for label, (claim, measure) in columns.items()}
        for name, of in found.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns), dtype=float)


def overview(names: Sequence[str], records: Path = RECORDS) -> pd.DataFrame:
    """Every measure of `MEASURES` by network, and how many of its planned claims came to each verdict."""
    table, judged = measure_table(names, MEASURES, records), judgements(names, records)
    each = [counts(planned(judged.get(name, {}).values())) for name in names]
    return table.assign(**{label: [of[VERDICTS[label]] for of in each] for label in ("reproduced", "partly", "not")})


SPREAD = "spread over that of the states"
PARTS: Columns = {  # of the mechanism, by label; each is also on record at q_D, under the claim's name with a D
    SPREAD: ("A5", "spread of the points over that of the states, along m"),
    "first-axis share": ("A5", "first-axis share"),
    "|cos(m, w)| in the plane": ("A5", "|cos(m, w)| in the plane, as the readout sees it"),
    "points with words to their own end": ("A9", "share of points where words push to their own end"),
    "neutral over valenced": ("A9", "neutral over valenced projection"),
    "|r₁·m|": ("A10", "median |r₁·m|"),
}


def parts_of_mechanism(names: Sequence[str], records: Path = RECORDS) -> pd.DataFrame:
    """The measures behind claim A13, one row a network and measure: at the paper's tolerance (`strict`), at q_D (`loose`)."""
    at_drift = {label: (f"{claim}D", measure) for label, (claim, measure) in PARTS.items()}
    tables = {"strict": measure_table(names, PARTS, records), "loose": measure_table(names, at_drift, records)}
    long = {key: table.rename_axis(index="network", columns="measure").stack() for key, table in tables.items()}
    everywhere = pd.MultiIndex.from_product([map(short, names), PARTS], names=["network", "measure"])
    return pd.DataFrame(long).reindex(everywhere).astype(float).reset_index()


def bounds_of_parts() -> dict[str, list[float]]:
    """The bounds that the criteria set on each measure of `PARTS`."""
    claims = ledger()
    return {label: [c.bound for c in claims[claim].judging if c.measure == name] for label, (claim, name) in PARTS.items()}


def verdict_counts(judged: Iterable[Judgement], prefix: str = "n") -> dict[str, int]:
    """How many judgements there are (`n_judged`) and how many came to each verdict (`n_reproduced`, …)."""
    of = counts(judged)
    return {f"{prefix}_judged": sum(of.values())} | {f"{prefix}_{key}": of[verdict] for key, verdict in VERDICTS.items()}


def claims_by_verdict(judged: Iterable[Judgement]) -> dict[str, list[str]]:
    """The claims that came to each verdict (by its short name), in the order of the ledger."""
    found = {one.claim.id: one.verdict for one in judged}
    return {label: [key for key in ledger() if found.get(key) == verdict] for label, verdict in VERDICTS.items()}


def verdict_matrix(seeds: Seeds, claims: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Claims by networks: the verdict on the published network, and of several seeds in how many the claim is reproduced."""
    judged = {short(name): {key: of.get(key, []) for key in claims} for name, of in seeds.items()}
    verdicts = {name: {key: ones[0].verdict if ones else "" for key, ones in of.items()} for name, of in judged.items()}
    fractions = {
        name: {key: f"{counts(ones)[REPRODUCED]}/{len(ones)}" if len(ones) > 1 else "" for key, ones in of.items()}
        for name, of in judged.items()
    }
    return pd.DataFrame(verdicts, index=claims), pd.DataFrame(fractions, index=claims)


def departures(names: Sequence[str], records: Path = RECORDS) -> pd.DataFrame:
    """The planned claims that are not fully reproduced in some networks, and in which."""
    judged, rows = judgements(names, records), {}
    for key, claim in ledger().items():
        verdicts = {
            short(name): one.verdict for name, of in judged.items() for one in planned(of.values()) if one.claim.id == key
        }
        where = {verdict: [name for name, found in verdicts.items() if found == verdict] for verdict in (PARTLY, NOT)}
        if any(where.values()):
            rows[key] = {"claim": claim.claim} | {verdict: ", ".join(of) or "—" for verdict, of in where.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["claim", PARTLY, NOT]).reset_index(names="id")


@dataclass(frozen=True)
class Together:
    """Where some claims hold together. `reproduced` has a row for each network and seed in which all of them were judged, a
    column of booleans for each claim; the published network is seed 0."""

    reproduced: pd.DataFrame
    verdicts: pd.DataFrame  # of the published networks, in words
    n_asked: int  # networks

    @property
    def held(self) -> pd.Series:
        """Whether all hold, by network and seed."""
        return self.reproduced.all(axis=1)

    @property
    def networks(self) -> list[str]:
        """The published networks in which all hold."""
        held = self.held
        return [network for network, seed in held.index[held] if seed == 0]

    @property
    def n_judged(self) -> int:
        """The number of published networks in which all were judged."""
        return sum(seed == 0 for _, seed in self.reproduced.index)

    @property
    def by_seeds(self) -> pd.DataFrame:
        """In how many seeds of each network each claim holds, and all do (`together`), in words."""
        counted = self.reproduced.assign(together=self.held).groupby(level="network", sort=False)
        n_seeds = counted.size()
        return counted.sum().apply(lambda n: n.astype(str) + " of " + n_seeds.astype(str)).rename_axis(None)

    def measure(self) -> dict[str, float]:
        """What a claim over networks asks: in how many all hold; not a number unless all of paper A's were asked."""
        *first, last = self.reproduced.columns
        n = float(len(self.networks)) if self.n_asked == len(paper_a()) else float("nan")
        return {f"networks where {', '.join(first)} and {last} hold": n}


def together(names: Sequence[str], claims: Sequence[str], networks: Path = NETWORKS, records: Path = RECORDS) -> Together:
    """Where some claims hold together: in published networks and, by what was measured, in their further seeds."""
    judged = {
        (short(name), seed): {key: of[key].verdict for key in claims if key in of}
        for name in names
        for seed, of in judgements_by_seed(name, networks, records).items()
    }
    index = pd.MultiIndex.from_arrays(list(zip(*judged, strict=True)) or [[], []], names=["network", "seed"])
    verdicts = pd.DataFrame(list(judged.values()), index=index, columns=list(claims))
    published = verdicts[verdicts.index.get_level_values("seed") == 0].droplevel("seed").rename_axis(None)
    return Together(verdicts.dropna() == REPRODUCED, published, len(names))
