"""The ledger as tables (HTML): all claims, and one claim in every network."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from itables import init_notebook_mode, to_html_datatable

from lib.book.html import number, render
from lib.book.ledger import NOT, PARTLY, REPRODUCED, SHOWN, UNTESTABLE, Claim, Judgement, Seeds, counts, ledger
from lib.book.overview import verdict_matrix
from lib.book.statistics import interval
from lib.training.catalogue import stacks, with_pages

MARKS = {REPRODUCED: "✓", PARTLY: "~", NOT: "✗", UNTESTABLE: "·"}  # so that colour is not needed to tell them apart


def table(seeds: Seeds, networks: list[str]) -> str:
    """The ledger as an HTML table: of each claim its measures, a row each with criteria, median and range over networks, and
    their verdicts by the first and by the revised criteria (one column over both where they were not revised).

    A claim without criteria is there where something was recorded for it, with all that was.
    """
    rows = []
    for key, claim in ledger().items():
        judged = [seeds[name][key][0] for name in networks if key in seeds.get(name, {})]
        if not judged:
            continue
        measures = claim.measures or list(dict.fromkeys(name for one in judged for name in one.measures)) or [""]
        values = {measure: [one.measures.get(measure, math.nan) for one in judged] for measure in measures}
        rows.append(
            {
                "claim": claim,
                "measures": [(measure, _marked_bounds(measure, claim), _range(values[measure])) for measure in measures],
                "verdicts": _counted(one.verdict for one in judged),
                "first_verdicts": _counted(one.first_verdict for one in judged),
            }
        )
    return render("ledger.html", rows=rows, value="median [range]" if len(networks) > 1 else "value")


def matrix(seeds: Seeds, claims: Sequence[str]) -> str:
    """The verdict on each claim in each network as HTML, a row a network; a cell leads to the claim in that network."""
    verdicts, fractions = verdict_matrix(seeds, claims)
    rows = {name: [(key, verdicts.at[key, name], fractions.at[key, name]) for key in claims] for name in verdicts}
    return render("matrix.html", claims=[ledger()[key] for key in claims], rows=rows, marks=MARKS)


def sortable(values: pd.DataFrame, index: str) -> str:
    """A table of numbers, to three digits, that a click on a head sorts, as HTML; `index` is the title of its first column.

    The script that sorts comes with the page: nothing is fetched.
    """
    init_notebook_mode(all_interactive=False, connected=False)
    rounded = values.map(lambda value: float(f"{value:.3g}")).reset_index(names=index)
    bare = dict.fromkeys(("topStart", "topEnd", "bottomStart", "bottomEnd"))
    options = {"paging": False, "showIndex": False, "scrollX": True, "classes": "display compact nowrap"}
    return to_html_datatable(rounded, layout=bare, connected=False, **options)


def as_rows(seeds: Seeds) -> pd.DataFrame:
    """The ledger as a table: a row a measure of a claim in a network and seed, with criterion and verdict.

    The seeds of a network are numbered in the order in which they are listed, the published one first.
    """
    rows = [
        {
            "claim": key,
            "network": name,
            "seed": seed,
            "measure": measure,
            "criterion": one.claim.bounds(measure, one.claim.judging),
            "value": value,
            "verdict": one.verdict,
        }
        for name, claims in seeds.items()
        for key, judged in claims.items()
        for seed, one in enumerate(judged)
        for measure, value in one.measures.items()
    ]
    return pd.DataFrame(rows)


def details(seeds: Seeds, networks: list[str], claim: Claim) -> str:
    """One claim in every network, as HTML to unfold: each value with its interval over seeds, the verdict (of a revised claim
    by either version of the criteria), and in how many seeds it is reproduced."""

    def row(name: str, judged: list[Judgement]) -> dict:
        return {
            "network": name,
            "shown": name in with_pages() or name in stacks(),
            "intervals": [_with_interval([one.measures.get(key, math.nan) for one in judged]) for key in claim.measures],
            "judgement": judged[0],
            "n_reproduced": counts(judged)[REPRODUCED],
            "n_seeds": len(judged),
        }

    rows = [row(name, judged) for name in networks if (judged := seeds.get(name, {}).get(claim.id))]
    return render("details.html", claim=claim, rows=rows)


def _marked_bounds(measure: str, claim: Claim) -> list[tuple[str, str]]:
    """The bounds on a measure and, of a revised claim, the version that has them."""
    first, *revised = (claim.bounds(measure, version) for version in claim.versions)
    if not revised:
        return [(first, "")] if first else []
    if first == revised[0]:
        return [(first, "both")]
    return [(told, name) for told, name in ((first, "first"), (revised[0], "revised")) if told]


def _counted(verdicts: Iterable[str]) -> list[tuple[str, int]]:
    found = list(verdicts)
    return [(one, found.count(one)) for one in (REPRODUCED, PARTLY, NOT, UNTESTABLE, SHOWN) if one in found]


def _range(values: list[float]) -> str:
    finite = [value for value in values if math.isfinite(value)]
    spread = f" [{number(min(finite))}, {number(max(finite))}]" if len(finite) > 1 else ""
    return (number(np.median(finite)) if finite else "—") + spread


def _with_interval(values: list[float]) -> str:
    _, low, high = interval(values)
    return number(values[0]) + (f" [{number(low)}, {number(high)}]" if math.isfinite(low) else "")
