"""The claims of both papers (`claims.yaml`) and of the part on more than two classes (`claims_classes.yaml`), their criteria,
and the verdict that measured values come to."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from lib.book.html import number, render

REPRODUCED, PARTLY, NOT, UNTESTABLE, SHOWN = (
    "reproduced",
    "partly",
    "not reproduced",
    "not testable here",
    "shown",
)


HERE = Path(__file__).parent


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


@dataclass(frozen=True)
class Claim:
    """One claim of a paper: where it stands, what the paper says, and the criteria fixed before any measurement.

    `criteria` is the first version; `revised` is None where it was left as it is, and empty where the claim is shown and no
    longer judged. A claim that was put in other terms after the first results is marked `afterwards`, one that repeats
    another at a second tolerance `beside`; neither is counted with the rest. `quote` holds the paper's own words, exactly; it
    is empty where the paper does not say it.
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
    quote: str = ""

    @property
    def judging(self) -> tuple[Criterion, ...]:
        """The criteria that decide: the revised ones where there are any."""
        return self.criteria if self.revised is None else self.revised

    @property
    def versions(self) -> tuple[tuple[Criterion, ...], ...]:
        """The criteria as they were first and, where they were revised, as they are now."""
        return (self.criteria,) if self.revised is None else (self.criteria, self.revised)

    @property
    def measures(self) -> list[str]:
        """What either version of the criteria needs, each once."""
        return list(dict.fromkeys(criterion.measure for version in self.versions for criterion in version))

    @staticmethod
    def bounds(measure: str, criteria: tuple[Criterion, ...]) -> str:
        """The criteria on one measure, in words; empty where there is none."""
        return " and ".join(str(criterion) for criterion in criteria if criterion.measure == measure)

    def verdict(self, measures: Mapping[str, float]) -> str:
        """*reproduced* where all criteria that decide hold, *partly* where some do; *not testable here* where a value is not a
        number or was not recorded."""
        return _verdict(self.judging, measures)

    def first_verdict(self, measures: Mapping[str, float]) -> str:
        """The verdict by the first version of the criteria."""
        return _verdict(self.criteria, measures)


def _verdict(criteria: tuple[Criterion, ...], measures: Mapping[str, float]) -> str:
    if not criteria:
        return SHOWN
    values = [measures.get(criterion.measure, math.nan) for criterion in criteria]
    if any(value is None or math.isnan(value) for value in values):
        return UNTESTABLE
    held = [criterion.holds(value) for criterion, value in zip(criteria, values, strict=True)]
    return REPRODUCED if all(held) else PARTLY if any(held) else NOT


def ledger() -> dict[str, Claim]:
    """All claims, by id, in the order of the files."""
    return {key: claim for name in ("claims.yaml", "claims_classes.yaml") for key, claim in _claims(HERE / name).items()}


@cache
def _claims(path: Path) -> dict[str, Claim]:
    claims = {}
    for key, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
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
        measures = dict.fromkeys((*self.measures, *self.claim.measures))
        return render("judgement.html", judgement=self, claim=self.claim, measures=measures)


Seeds = dict[str, dict[str, list[Judgement]]]  # by network and claim, the published network's first


def planned(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that count: neither chosen afterwards nor a repetition at another tolerance."""
    return [judgement for judgement in judgements if not judgement.claim.afterwards and not judgement.claim.beside]


def counts(judgements: Iterable[Judgement]) -> dict[str, int]:
    """How many judgements came to each verdict; what is only shown is not counted."""
    found = [judgement.verdict for judgement in judgements]
    return {verdict: found.count(verdict) for verdict in (REPRODUCED, PARTLY, NOT, UNTESTABLE)}
