"""What becomes of a claim when the networks are trained again from other seeds."""

from collections.abc import Mapping, Sequence

import pandas as pd

from lib.book.html import number
from lib.book.ledger import PARTLY, REPRODUCED, Judgement, counts
from lib.book.statistics import interval


def survives(verdicts: Sequence[str]) -> str:
    """What several seeds say of a statement that one network made."""
    if len(verdicts) == 1:
        return "has one seed only"
    if len(set(verdicts)) > 1:
        return "depends on the seed"
    return {REPRODUCED: "survives", PARTLY: "survives in part"}.get(verdicts[0], "does not survive")


def claims_over_seeds(judged: Mapping[str, Sequence[Judgement]]) -> pd.DataFrame:
    """A row a claim: each measure in every seed, with the interval of its mean, the verdicts, and what they come to."""
    rows = {}
    for key, seeds in judged.items():
        criteria = dict.fromkeys(criterion.measure for criterion in seeds[0].claim.criteria)
        rows[key] = {
            "claim": seeds[0].claim.claim,
            "each seed [95 %]": "; ".join(_in_every_seed(measure, seeds) for measure in criteria),
            "verdicts": ", ".join(f"{n} {verdict}" for verdict, n in counts(seeds).items() if n),
            "so it": survives([one.verdict for one in seeds]),
        }
    return pd.DataFrame(rows).T.rename_axis("id").reset_index()


def _in_every_seed(measure: str, seeds: Sequence[Judgement]) -> str:
    values = [one.measures[measure] for one in seeds]
    _, low, high = interval(values)
    return f"{measure}: {', '.join(map(number, values))}" + (f" [{number(low)}, {number(high)}]" if len(values) > 2 else "")
