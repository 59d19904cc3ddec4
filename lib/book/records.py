"""What was measured of the networks, a JSON file a claim and network, and what a page may read of it.

A page measures and calls `record`; the file is `_build/claims/<network>/<claim>.json` (or in the folder that the environment
variable CLAIM_RECORDS names). What has rows, as the layers of a stack, is a table: `record_table`, read by `table_of`. What was
measured of a network whose weights are not in the repository is in its `claims.json`. Later pages read both. While a page is
built, it can read only what it declares in its header (`reads`), so that what the build knows of its pages is what they use.
"""

import json
import math
import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from lib.book.ledger import Judgement, ledger
from lib.files import write_whole
from lib.training.catalogue import NETWORKS

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
    _write(
        records / network / f"{claim}.json", {name: None if math.isnan(value) else value for name, value in measures.items()}
    )
    return Judgement(entry, measures)


def record_table(network: str, name: str, table: pd.DataFrame, records: Path = RECORDS) -> None:
    """Keep a table of a network that later pages read, as that of its layers; a value that is not a number becomes none."""
    _write(records / network / f"{name}.json", table.astype(object).where(table.notna(), None).to_dict("records"))


def table_of(networks: Iterable[str], name: str, folder: Path = NETWORKS, records: Path = RECORDS) -> pd.DataFrame:
    """The rows that were recorded under a name, in this build or in a network's `claims.json`, of several networks one below
    the other; the column `network` says whose they are. Not a number where one has a measure that another lacks."""
    found = {network: all_records_of(network, folder, records).get(name, []) for network in networks}
    rows = [{"network": network} | _with_nan(row) for network, rows in found.items() for row in rows]
    return pd.DataFrame(rows)


def _write(path: Path, content: dict | list[dict]) -> None:
    write_whole(path, json.dumps(content, indent=1))


def records_of(network: str, records: Path = RECORDS) -> Records:
    """Everything that this build has on record of a network, by claim; None where a value is not a number."""
    paths = [path for path in sorted((records / network).glob("[!.]*.json")) if _declared(path.stem)]
    return Records({path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths})


def all_records_of(network: str, networks: Path, records: Path = RECORDS) -> Records:
    """The same with what this build did not measure, from `<networks>/<network>/claims.json`."""
    earlier = networks / network / "claims.json"
    found = json.loads(earlier.read_text(encoding="utf-8")) if earlier.exists() else {}
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


def _judged(found: Records) -> Records:
    claims = ledger()
    return Records({key: Judgement(claims[key], _with_nan(measures)) for key, measures in found.items() if key in claims})


def _with_nan(found: dict) -> dict:
    return {name: math.nan if value is None else value for name, value in found.items()}


def _owner(what: str) -> str:
    """The notebook that records a claim, or a table; most tables are called like it."""
    claims = ledger()
    return claims[what].page if what in claims else {"alike": "stacks", "dimension": "classes"}.get(what, what)


def _declared(what: str) -> bool:
    """Whether the page that is being built, if one is, declares the notebook that records this."""
    reads = os.environ.get("PAGE_READS")
    return reads is None or _owner(what) in reads.split()


def _check_declared(what: str) -> None:
    if not _declared(what):
        page = _owner(what)
        raise UndeclaredError(f"This page reads {what}, which {page} records: name {page} under `reads` in its header.")
