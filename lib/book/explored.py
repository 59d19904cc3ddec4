"""What the explorer shows of one network: its measures with their verdicts, and its charts, as one JSON file.

    python -m lib.book.explored NETWORK -o FILE [--layers]

The measures go on record as those of the sections do, so that later pages read them (`lib.book.records`).
"""

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path

from lib.book.analysis import Analysis
from lib.book.html import number
from lib.book.ledger import Judgement
from lib.book.records import RECORDS, Measures, record, record_table
from lib.book.taken_apart import Stacked
from lib.files import write_whole
from lib.training.catalogue import NETWORKS, ROOT, spec_of
from lib.training.folder import Saved, load

Row = list[str | float | None]


def judged_rows(judgements: Iterable[Judgement]) -> list[Row]:
    """A row a measure: claim, measure, its criterion, value, verdict on the claim."""
    return [
        [one.claim.id, name, one.claim.bounds(name, one.claim.judging), *_value(value), one.verdict]
        for one in judgements
        for name, value in one.measures.items()
    ]


def plain_rows(measures: Measures, suffix: str = "") -> list[Row]:
    """The same of measures that are judged over many networks, and not here."""
    return [["", f"{name}{suffix}", "", *_value(value), ""] for name, value in measures.items()]


def _value(value: float | int) -> tuple[str, float | None]:
    """As it is printed, and as a number; none where it is not finite."""
    value = float(value)
    return number(value), value if abs(value) < float("inf") else None


def of_network(saved: Saved, control: Saved | None, records: Path = RECORDS) -> list[dict]:
    """The one view of a network of paper A; its measures go on record."""
    found = Analysis(saved, control)
    judged = [record(saved.name, claim, measures, records) for claim, measures in found.measures().items()]
    return [{"label": "the network", "measures": judged_rows(judged), "charts": found.charts()}]


def of_stack(saved: Saved, records: Path = RECORDS) -> list[dict]:
    """A view a layer of a stack, the lowest first; the tables of its layers go on record."""
    found, tables = Stacked(saved), {}
    for name, table in found.tables().items():
        record_table(saved.name, name, table, records)
        tables[name] = table
    return [
        {"label": f"layer {n + 1}", "measures": _of_layer(tables, n + 1), "charts": found.charts(n)}
        for n in range(len(found.layers))
    ]


def _of_layer(tables: dict, layer: int) -> list[Row]:
    rows = []
    for table in tables.values():
        for of in table[table.layer == layer].to_dict("records"):
            suffix = f" ({of['how']})" if "how" in of else ""
            rows += plain_rows({key: float(value) for key, value in of.items() if key not in ("layer", "how")}, suffix)
    return [row for row in rows if row[4] is not None]


def bundle(saved: Saved, control: Saved | None, layers: bool = False, records: Path = RECORDS) -> dict:
    """All that the explorer shows of a network, as a network of paper A or layer by layer."""
    return {"name": saved.name, "views": of_stack(saved, records) if layers else of_network(saved, control, records)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network")
    parser.add_argument("--layers", action="store_true", help="layer by layer, as a stack")
    parser.add_argument("-o", "--output", required=True, type=Path, help="the JSON file")
    arguments = parser.parse_args()
    started = time.perf_counter()
    control = NETWORKS / f"{spec_of(arguments.network).dataset}-linear-seed0"
    found = bundle(load(NETWORKS / arguments.network), load(control) if control.exists() else None, arguments.layers)
    write_whole(arguments.output, json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
    seconds = time.perf_counter() - started
    times = ROOT / "_build" / "times" / "explored" / f"{arguments.network}.json"
    write_whole(times, json.dumps({"page": f"explored/{arguments.network}", "seconds": round(seconds, 1)}))
    print(f"explored/{arguments.network}: computed in {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
