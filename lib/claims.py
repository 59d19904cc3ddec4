"""The ledger: record a measurement, judge it by the criteria of `claims.yaml`, tabulate.

A page measures and calls `record`; the record goes to `_build/claims/<network>/<claim>.json` (or to the folder that the
environment variable CLAIM_RECORDS names), and the ledger's page reads them all. A verdict is computed from the measured
values and the criteria alone; where the criteria were revised, the revised ones decide and the first stand beside them.
"""

import json
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import count, takewhile
from pathlib import Path

import numpy as np
import yaml

RECORDS = Path(os.environ.get("CLAIM_RECORDS", Path(__file__).parent.parent / "_build" / "claims"))
REPRODUCED, PARTLY, NOT, UNTESTABLE, SHOWN = (
    "reproduced",
    "partly",
    "not reproduced",
    "not testable here",
    "shown",
)


@dataclass(frozen=True)
class Criterion:
    """A bound on a measured value: at least, or at most."""

    measure: str
    bound: float
    at_least: bool

    def holds(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {number(self.bound)}"


def bounds(criteria: Iterable[Criterion]) -> str:
    """Criteria on one measure, in words."""
    return " and ".join(map(str, criteria))


@dataclass(frozen=True)
class Claim:
    """One claim of a paper: where it stands, what the paper says, and the criteria fixed before any measurement.

    `criteria` is the first version; `revised` is None where it was left as it is, and empty where the claim is shown and no
    longer judged. A claim that was put in other terms after the first results is marked `afterwards`, one that repeats
    another at a second tolerance `beside`; neither is counted with the rest.
    """

    id: str
    where: str
    claim: str
    paper: str
    page: str
    figure: str
    criteria: tuple[Criterion, ...]
    revised: tuple[Criterion, ...] | None = None
    over_networks: tuple[str, ...] = ()
    afterwards: bool = False
    beside: bool = False

    @property
    def judging(self) -> tuple[Criterion, ...]:
        """The criteria that decide: the revised ones where there are any."""
        return self.criteria if self.revised is None else self.revised

    def verdict(self, measures: dict[str, float]) -> str:
        """*reproduced* where all criteria that decide hold, *partly* where some do; *not testable here* where a value is not a
        number or was not recorded."""
        return _verdict(self.judging, measures)

    def first_verdict(self, measures: dict[str, float]) -> str:
        """The verdict by the first version of the criteria."""
        return _verdict(self.criteria, measures)


def _verdict(criteria: tuple[Criterion, ...], measures: dict[str, float]) -> str:
    if not criteria:
        return SHOWN
    values = [measures.get(criterion.measure, math.nan) for criterion in criteria]
    if any(value is None or math.isnan(value) for value in values):
        return UNTESTABLE
    held = [criterion.holds(value) for criterion, value in zip(criteria, values, strict=True)]
    return REPRODUCED if all(held) else PARTLY if any(held) else NOT


def ledger() -> dict[str, Claim]:
    """All claims, by id, in the order of `claims.yaml`."""
    entries = yaml.safe_load(Path(__file__).with_name("claims.yaml").read_text())
    claims = {}
    for key, entry in entries.items():
        first, revised = _criteria(entry.pop("criteria")), entry.pop("revised", None)
        over = tuple(entry.pop("over_networks", ()))
        revised = None if revised is None else _criteria(revised)
        claims[key] = Claim(id=key, criteria=first, revised=revised, over_networks=over, **entry)
    return claims


def _criteria(entries: list[dict]) -> tuple[Criterion, ...]:
    return tuple(Criterion(c["measure"], float(c.get("at_least", c.get("at_most"))), "at_least" in c) for c in entries)


@dataclass(frozen=True)
class Judgement:
    """What was measured for one claim in one network, with the verdict; a notebook shows it as a small table."""

    claim: Claim
    measures: dict[str, float]

    @property
    def verdict(self) -> str:
        return self.claim.verdict(self.measures)

    @property
    def first_verdict(self) -> str:
        return self.claim.first_verdict(self.measures)

    def _repr_html_(self) -> str:
        claim, revised = self.claim, self.claim.revised is not None
        versions = (claim.criteria, claim.revised) if revised else (claim.criteria,)
        heads = ("first criterion", "revised criterion") if revised else ("criterion",)
        head = "".join(f"<th>{name}</th>" for name in ("measured", "here", *heads))
        rows = ""
        for name in dict.fromkeys((*self.measures, *_measures(claim))):
            asked = (_bounds_on(name, version) or "—" for version in versions)
            cells = (escape(name), number(self.measures.get(name)), *asked)
            rows += f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        first = f" (by the first criterion: {self.first_verdict})" if revised else ""
        return (
            f'<div class="claim"><p><strong>{claim.id}</strong> {escape(claim.claim)} '
            f"<em>({claim.where}; paper: {escape(claim.paper)})</em> {badge(self.verdict)}{first}</p>"
            f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        )


def record(network: str, claim: str, measures: dict[str, float], records: Path = RECORDS) -> Judgement:
    """Judge what was measured for a claim in a network, and keep it for the ledger.

    Raises KeyError where the claim is unknown or a value that either version of its criteria needs is missing.
    """
    entry = ledger()[claim]
    if missing := set(_measures(entry)) - set(measures):
        raise KeyError(f"{claim} needs these measures as well: {', '.join(sorted(missing))}.")
    measures = {name: float(value) for name, value in measures.items()}
    keep(network, claim, measures, records)
    return Judgement(entry, measures)


def keep(network: str, what: str, measures: dict[str, float], records: Path = RECORDS) -> None:
    """Keep measurements of a network that a later page judges, as those of one layer of a stack."""
    path = records / network / f"{what}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({name: None if math.isnan(value) else value for name, value in measures.items()}, indent=1))


def measured(network: str, records: Path = RECORDS) -> dict[str, dict[str, float | None]]:
    """Everything on record for a network, by claim; None where a value is not a number."""
    return {path.stem: json.loads(path.read_text()) for path in sorted((records / network).glob("*.json"))}


def on_record(network: str, published: Path, records: Path = RECORDS) -> dict[str, dict[str, float | None]]:
    """Everything measured of a network, by claim: in this build or, what this one did not measure, in its `claims.json`."""
    earlier = published / network / "claims.json"
    return (json.loads(earlier.read_text()) if earlier.exists() else {}) | measured(network, records)


def _judged(found: dict[str, dict[str, float | None]]) -> dict[str, Judgement]:
    claims = ledger()
    return {
        key: Judgement(claims[key], {name: math.nan if value is None else value for name, value in measures.items()})
        for key, measures in found.items()
        if key in claims
    }


def recorded(networks: Iterable[str], records: Path = RECORDS) -> dict[str, dict[str, Judgement]]:
    """Every judgement on record, by network and claim."""
    found = {network: _judged(measured(network, records)) for network in networks}
    return {network: judgements for network, judgements in found.items() if judgements}


def over_seeds(network: str, published: Path, records: Path = RECORDS) -> dict[str, list[Judgement]]:
    """Judgements of a network and of its further seeds, by claim; the first is that of the network itself.

    What was measured of a further seed is in the `claims.json` of `<published>/<network but for the seed>-seed<k>/`.
    """
    stem = network.rpartition("-seed")[0]
    further = [path for path in sorted(published.glob(f"{stem}-seed*/claims.json")) if path.parent.name != network]
    first = on_record(network, published, records)
    judged = [_judged(found) for found in (first, *(json.loads(path.read_text()) for path in further))]
    return {key: [found[key] for found in judged if key in found] for key in judged[0]}


def kept(network: str, what: str, published: Path, records: Path = RECORDS) -> dict[str, float]:
    """What `keep` kept, in this build or in the network's `claims.json`; empty where there is nothing."""
    found = on_record(network, published, records).get(what, {})
    return {name: math.nan if value is None else value for name, value in found.items()}


def layers_of(network: str, published: Path, records: Path = RECORDS) -> list[dict[str, float]]:
    """What was kept of each layer of a stack, the lowest first."""
    layers = (kept(network, f"layer {n}", published, records) for n in count(1))
    return list(takewhile(bool, layers))


def interval(values: Iterable[float], confidence: float = 0.95, n_resamples: int = 10_000) -> tuple[float, float, float]:
    """Mean over seeds with its percentile bootstrap interval, which stays where the values can be: shares within [0, 1].

    Of few seeds it is rather too narrow (Efron & Tibshirani 1993, §13): at 95 % that of three goes from the smallest to the
    largest, and none is wider. Values that are not finite are left out; where fewer than three remain there is no interval.
    """
    finite = np.array([value for value in values if math.isfinite(value)])
    if len(finite) < 3:
        return (float(finite.mean()) if len(finite) else math.nan), math.nan, math.nan
    means = np.random.default_rng(0).choice(finite, (n_resamples, len(finite))).mean(1)
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(finite.mean()), float(low), float(high)


def paired_gain(
    ours: np.ndarray, theirs: np.ndarray, confidence: float = 0.95, n_resamples: int = 10_000
) -> tuple[float, float, float]:
    """By how much `ours` is right more often than `theirs` on the same documents, with a percentile bootstrap interval.

    Both are booleans [document], right or wrong. A pair differs by −1, 0 or 1, so that resampling the documents is the same
    as drawing three counts from a multinomial distribution (Efron & Tibshirani 1993, §6).
    """
    difference = ours.astype(int) - theirs.astype(int)
    shares = [np.mean(difference == value) for value in (-1, 0, 1)]
    worse, _, better = np.random.default_rng(0).multinomial(len(difference), shares, n_resamples).T
    low, high = np.quantile((better - worse) / len(difference), [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(difference.mean()), float(low), float(high)


Seeds = dict[str, dict[str, list[Judgement]]]  # by network and claim, the published network's first


def planned(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that count: neither chosen afterwards nor a repetition at another tolerance."""
    return [judgement for judgement in judgements if not judgement.claim.afterwards and not judgement.claim.beside]


def counts(judgements: Iterable[Judgement]) -> dict[str, int]:
    """How many judgements came to each verdict; what is only shown is not counted."""
    found = [judgement.verdict for judgement in judgements]
    return {verdict: found.count(verdict) for verdict in (REPRODUCED, PARTLY, NOT, UNTESTABLE)}


def table(seeds: Seeds, networks: list[str]) -> str:
    """The ledger as an HTML table: of each claim its measures, a row each with criteria, median and range over networks, and
    their verdicts by the first and by the revised criteria (one column over both where they were not revised).

    A claim without criteria is there where something was recorded for it, with all that was.
    """
    value = "median [range]" if len(networks) > 1 else "value"
    heads = ("id", "claim", "measure and criterion", value, "first verdicts", "revised verdicts")
    head = "".join(f"<th>{name}</th>" for name in heads)
    rows = []
    for key, claim in ledger().items():
        found = [seeds[name][key][0] for name in networks if key in seeds.get(name, {})]
        if not found:
            continue
        measures = _measures(claim) or list(dict.fromkeys(name for one in found for name in one.measures)) or [""]
        values = [
            f'<td class="measure">{escape(measure)} {_marked_bounds(measure, claim)}</td>'
            f"<td>{_range([one.measures.get(measure, math.nan) for one in found])}</td>"
            for measure in measures
        ]
        span = f'rowspan="{len(measures)}"'
        tall = f"<td {span}>"
        told = f"{escape(claim.claim)}<br><em>{escape(claim.where)}; paper: {escape(claim.paper)}</em>"
        told += "<br><strong>chosen afterwards</strong>" if claim.afterwards else ""
        told += "<br><strong>beside, not counted</strong>" if claim.beside else ""
        verdicts = _told(one.verdict for one in found)
        verdicts = (
            f'<td {span} colspan="2">{verdicts}</td>'
            if claim.revised is None
            else f"{tall}{_told(one.first_verdict for one in found)}</td>{tall}{verdicts}</td>"
        )
        link = f'<a href="{claim.page}.html#{claim.figure}">{key}</a>'
        rows.append(f"<tr>{tall}{link}</td>{tall}{told}</td>{values[0]}{verdicts}</tr>")
        rows += [f"<tr>{value}</tr>" for value in values[1:]]
    return _html(head, rows)


def details(seeds: Seeds, networks: list[str], claim: Claim) -> str:
    """One claim in every network, as HTML to unfold: each value with its interval over seeds, the verdict (of a revised claim
    by either version of the criteria), and in how many seeds it is reproduced."""
    revised = claim.revised is not None
    measures = _measures(claim)
    verdicts = ("first verdict", "revised verdict") if revised else ("verdict",)
    head = "".join(f"<th>{name}</th>" for name in ("network", *map(escape, measures), *verdicts, "seeds reproduced"))
    rows = []
    for name in networks:
        if found := seeds.get(name, {}).get(claim.id):
            values = [_with_interval([one.measures.get(measure, math.nan) for one in found]) for measure in measures]
            held = f"{counts(found)[REPRODUCED]} of {len(found)}" if claim.judging else "—"
            first = (badge(found[0].first_verdict),) if revised else ()
            columns = (f'<a href="{_page(name)}.html">{name}</a>', *values, *first, badge(found[0].verdict), held)
            rows.append(f"<tr>{''.join(f'<td>{column}</td>' for column in columns)}</tr>")
    title = f"<summary><strong>{claim.id}</strong> {escape(claim.claim)}</summary>"
    return f'<details class="claim" id="claim-{claim.id.lower()}">{title}{_html(head, rows)}</details>'


def _measures(claim: Claim) -> list[str]:
    """What either version of the criteria needs, each once."""
    return list(dict.fromkeys(criterion.measure for criterion in (*claim.criteria, *(claim.revised or ()))))


def _bounds_on(measure: str, criteria: tuple[Criterion, ...]) -> str:
    return bounds(criterion for criterion in criteria if criterion.measure == measure)


def _marked_bounds(measure: str, claim: Claim) -> str:
    """The bounds on a measure; of a revised claim with the version that has them."""
    first = _bounds_on(measure, claim.criteria)
    if claim.revised is None:
        return first
    revised = _bounds_on(measure, claim.revised)
    if first == revised:
        return f"{first} <em>(both)</em>"
    return "; ".join(f"{told} <em>({name})</em>" for told, name in ((first, "first"), (revised, "revised")) if told)


def _told(verdicts: Iterable[str]) -> str:
    found = list(verdicts)
    return "<br>".join(
        f"{badge(one)} {found.count(one)}" for one in (REPRODUCED, PARTLY, NOT, UNTESTABLE, SHOWN) if one in found
    )


def _range(values: list[float]) -> str:
    finite = [value for value in values if math.isfinite(value)]
    text = number(np.median(finite)) if finite else "—"
    text += f" [{number(min(finite))}, {number(max(finite))}]" if len(finite) > 1 else ""
    return f'<span class="value">{text}</span>'


def _with_interval(values: list[float]) -> str:
    _, low, high = interval(values)
    return number(values[0]) + (f" [{number(low)}, {number(high)}]" if math.isfinite(low) else "")


def _page(network: str) -> str:
    return f"networks/{network}"


def _html(head: str, rows: list[str]) -> str:
    return (
        f'<div class="ledger"><table class="table"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def number(value: float | None) -> str:
    """A measured value as it is printed: three significant digits, thousands with a comma."""
    if value is None or math.isnan(value):
        return "—"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
        text = f"{value:,.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:.1e}"


def badge(verdict: str) -> str:
    """A verdict as a coloured label (HTML)."""
    return f'<span class="verdict verdict-{verdict.replace(" ", "-")}">{verdict}</span>'
