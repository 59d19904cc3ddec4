"""What was measured of the networks, a JSON file a claim and network, and what a page may read of it.

A page measures and calls `record`; the file is `_build/claims/<network>/<claim>.json` (or in the folder that the environment
variable CLAIM_RECORDS names). What was measured of a network whose weights are not in the repository is in its `claims.json`.
Later pages read both. While a page is built, it can read only what it declares in its header (`reads`), so that what the
build knows of its pages is what they use.
"""

import json
import math
import os
import tempfile
from collections.abc import Iterable
from itertools import count, takewhile
from pathlib import Path

from lib.book.ledger import Judgement, ledger

RECORDS = Path(os.environ.get("CLAIM_RECORDS", Path(__file__).parents[2] / "_build" / "claims"))
Measures = dict[str, float]


class UndeclaredError(KeyError):
    """A page asked for a record of another page that its header does not name; the message says what to declare."""

    def __str__(self) -> str:
        return self.args[0]


class Records(dict):
    """What is on record of one network, by claim; asking for a claim of a page that was not declared raises."""

    def __contains__(self, claim) -> bool:
        _check_declared(claim)
        return super().__contains__(claim)

    def __getitem__(self, claim):
        _check_declared(claim)
        return super().__getitem__(claim)

    def get(self, claim, default=None):
        _check_declared(claim)
        return super().get(claim, default)


def record(network: str, claim: str, measures: Measures, records: Path = RECORDS) -> Judgement:
    """Judge what was measured for a claim in a network, and keep it for the ledger.

    Raises KeyError where the claim is unknown or a value that either version of its criteria needs is missing.
    """
    entry = ledger()[claim]
    if missing := set(entry.measures) - set(measures):
        raise KeyError(f"{claim} needs these measures as well: {', '.join(sorted(missing))}.")
    measures = {name: float(value) for name, value in measures.items()}
    record_measures(network, claim, measures, records)
    return Judgement(entry, measures)


def record_measures(network: str, what: str, measures: Measures, records: Path = RECORDS) -> None:
    """Keep measures of a network that a later page judges, as those of one layer of a stack.

    Written beside its place and renamed: the file is whole or not there, also where two pages write it at once.
    """
    path = records / network / f"{what}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({name: None if math.isnan(value) else value for name, value in measures.items()}, indent=1)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{what}.", delete=False) as partial:
        partial.write(text)
    os.replace(partial.name, path)


def records_of(network: str, records: Path = RECORDS) -> Records:
    """Everything that this build has on record of a network, by claim; None where a value is not a number."""
    paths = [path for path in sorted((records / network).glob("[!.]*.json")) if _declared(path.stem)]
    return Records({path.stem: json.loads(path.read_text()) for path in paths})


def all_records_of(network: str, networks: Path, records: Path = RECORDS) -> Records:
    """The same with what this build did not measure, from `<networks>/<network>/claims.json`."""
    earlier = networks / network / "claims.json"
    found = json.loads(earlier.read_text()) if earlier.exists() else {}
    return Records({key: value for key, value in found.items() if _declared(key)} | records_of(network, records))


def judgements(networks: Iterable[str], records: Path = RECORDS) -> dict[str, dict[str, Judgement]]:
    """Every judgement on record, by network and claim."""
    found = {network: _judged(records_of(network, records)) for network in networks}
    return {network: judged for network, judged in found.items() if len(judged)}


def judgements_by_seed(network: str, networks: Path, records: Path = RECORDS) -> dict[int, dict[str, Judgement]]:
    """Judgements of a network and of its further seeds, by seed and claim; the first are those of the network itself.

    What was measured of a further seed is in the `claims.json` of `<networks>/<network but for the seed>-seed<k>/`.
    """
    stem, _, own = network.rpartition("-seed")
    further = [path.parent.name.rpartition("-seed")[2] for path in sorted(networks.glob(f"{stem}-seed*/claims.json"))]
    seeds = dict.fromkeys((own, *further))
    return {int(seed): _judged(all_records_of(f"{stem}-seed{seed}", networks, records)) for seed in seeds}


def judgements_over_seeds(network: str, networks: Path, records: Path = RECORDS) -> dict[str, list[Judgement]]:
    """The same by claim, over all seeds in which it was judged: only claims of the network itself."""
    first, *further = judgements_by_seed(network, networks, records).values()
    return Records({key: [one[key] for one in (first, *further) if key in one] for key in first})


def measures_of(network: str, what: str, networks: Path, records: Path = RECORDS) -> Measures:
    """What was recorded under a name, in this build or in the network's `claims.json`; empty where nothing was."""
    found = all_records_of(network, networks, records).get(what, {})
    return {name: math.nan if value is None else value for name, value in found.items()}


def layers_of(network: str, networks: Path, records: Path = RECORDS) -> list[Measures]:
    """What was measured of each layer of a stack, the lowest first."""
    layers = (measures_of(network, f"layer {n}", networks, records) for n in count(1))
    return list(takewhile(bool, layers))


def _judged(found: Records) -> Records:
    claims = ledger()
    return Records(
        {
            key: Judgement(claims[key], {name: math.nan if value is None else value for name, value in measures.items()})
            for key, measures in found.items()
            if key in claims
        }
    )


def _owner(what: str) -> str:
    """The notebook that records a claim, or other measures of a network."""
    if what in (claims := ledger()):
        return claims[what].page
    return "coupled" if what == "coupled" else "layers"


def _declared(what: str) -> bool:
    """Whether the page that is being built, if one is, declares the notebook that records this."""
    reads = os.environ.get("PAGE_READS")
    return reads is None or _owner(what) in reads.split()


def _check_declared(what: str) -> None:
    if not _declared(what):
        page = _owner(what)
        raise UndeclaredError(f"This page reads {what}, which {page} records: name {page} under `reads` in its header.")
