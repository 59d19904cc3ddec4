"""The ledger: record a measurement, judge it by the criteria of `claims.yaml`, tabulate.

A page measures and calls `record`; the record goes to `_build/claims/<network>/<claim>.json` (or to the folder that the
environment variable CLAIM_RECORDS names), and the ledger's page reads them all. A verdict is computed from the measured
values and the criteria alone.
"""

import json
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd
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
    """One claim of a paper: where it stands, what the paper says, and the criteria fixed before any measurement."""

    id: str
    where: str
    claim: str
    paper: str
    page: str
    figure: str
    criteria: tuple[Criterion, ...]
    over_networks: tuple[str, ...] = ()

    def verdict(self, measures: dict[str, float]) -> str:
        """*reproduced* where all criteria hold, *partly* where some do; *not testable here* where a value is not a number."""
        if not self.criteria:
            return SHOWN
        values = [(criterion, measures[criterion.measure]) for criterion in self.criteria]
        if any(value is None or math.isnan(value) for _, value in values):
            return UNTESTABLE
        held = [criterion.holds(value) for criterion, value in values]
        return REPRODUCED if all(held) else PARTLY if any(held) else NOT


def ledger() -> dict[str, Claim]:
    """All claims, by id, in the order of `claims.yaml`."""
    entries = yaml.safe_load(Path(__file__).with_name("claims.yaml").read_text())
    claims = {}
    for key, entry in entries.items():
        criteria = tuple(
            Criterion(c["measure"], float(c.get("at_least", c.get("at_most"))), "at_least" in c) for c in entry.pop("criteria")
        )
        over = tuple(entry.pop("over_networks", ()))
        claims[key] = Claim(id=key, criteria=criteria, over_networks=over, **entry)
    return claims


@dataclass(frozen=True)
class Judgement:
    """What was measured for one claim in one network, with the verdict; a notebook shows it as a small table."""

    claim: Claim
    measures: dict[str, float]

    @property
    def verdict(self) -> str:
        return self.claim.verdict(self.measures)

    def _repr_html_(self) -> str:
        by_measure = {name: [] for name in self.measures}
        for criterion in self.claim.criteria:
            by_measure[criterion.measure].append(criterion)
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{number(value)}</td><td>{bounds(by_measure[name]) or '—'}</td></tr>"
            for name, value in self.measures.items()
        )
        return (
            f'<div class="claim"><p><strong>{self.claim.id}</strong> {escape(self.claim.claim)} '
            f"<em>({self.claim.where}; paper: {escape(self.claim.paper)})</em> {badge(self.verdict)}</p>"
            f'<table class="table"><thead><tr><th>measured</th><th>here</th><th>criterion</th></tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )


def record(network: str, claim: str, measures: dict[str, float], records: Path = RECORDS) -> Judgement:
    """Judge what was measured for a claim in a network, and keep it for the ledger.

    Raises KeyError where the claim is unknown or a value that its criteria need is missing.
    """
    entry = ledger()[claim]
    if missing := {criterion.measure for criterion in entry.criteria} - set(measures):
        raise KeyError(f"{claim} needs these measures as well: {', '.join(sorted(missing))}.")
    measures = {name: float(value) for name, value in measures.items()}
    path = records / network / f"{claim}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({name: None if math.isnan(v) else v for name, v in measures.items()}, indent=1))
    return Judgement(entry, measures)


def recorded(networks: list[str], records: Path = RECORDS) -> dict[str, dict[str, Judgement]]:
    """Every judgement on record, by network and claim."""
    claims = ledger()
    found: dict[str, dict[str, Judgement]] = {}
    for network in networks:
        for path in sorted((records / network).glob("*.json")):
            measures = {k: math.nan if v is None else v for k, v in json.loads(path.read_text()).items()}
            found.setdefault(network, {})[path.stem] = Judgement(claims[path.stem], measures)
    return found


def matrix(judgements: dict[str, dict[str, Judgement]]) -> pd.DataFrame:
    """Verdicts, a row a claim and a column a network."""
    verdicts = {name: {key: j.verdict for key, j in of_network.items()} for name, of_network in judgements.items()}
    return pd.DataFrame(verdicts).reindex([key for key in ledger() if any(key in v for v in verdicts.values())])


def table(judgements: dict[str, dict[str, Judgement]], networks: list[str]) -> str:
    """The ledger as an HTML table: a row a claim, with its criteria, and the values and verdict in each network."""
    head = "".join(f"<th>{name}</th>" for name in ("id", "claim", "criterion", *networks))
    rows = []
    for key, claim in ledger().items():
        if not claim.criteria or claim.over_networks:
            continue
        measures: dict[str, list[Criterion]] = {}
        for criterion in claim.criteria:
            measures.setdefault(criterion.measure, []).append(criterion)
        cells = [judgements.get(name, {}).get(key) for name in networks]
        found = [
            "—" if cell is None else "<br>".join((*(number(cell.measures[m]) for m in measures), badge(cell.verdict)))
            for cell in cells
        ]
        columns = (
            f'<a href="{claim.page}.html#{claim.figure}">{key}</a>',
            f"{escape(claim.claim)}<br><em>{escape(claim.where)}; paper: {escape(claim.paper)}</em>",
            "<br>".join(f"{escape(measure)} {bounds(criteria)}" for measure, criteria in measures.items()),
            *found,
        )
        rows.append(f"<tr>{''.join(f'<td>{column}</td>' for column in columns)}</tr>")
    return (
        f'<div class="ledger"><table class="table"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def number(value: float) -> str:
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
    return f'<span class="verdict verdict-{verdict.split()[0]}">{verdict}</span>'
