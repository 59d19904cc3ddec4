from lib.book.html import span
from lib.book.ledger import Judgement, ledger
from lib.book.over_seeds import claims_over_seeds, survives


def test_a_statement_survives_where_all_seeds_agree_that_it_holds():
    assert survives(["reproduced"]) == "has one seed only"
    assert survives(["reproduced"] * 3) == "survives"
    assert survives(["partly"] * 2) == "survives in part"
    assert survives(["not reproduced"] * 2) == "does not survive"
    assert survives(["reproduced", "partly"]) == "depends on the seed"


def test_a_claim_stands_with_every_seed_its_interval_and_what_it_comes_to():
    measure = "variance in the first 2 PCs of GRU₁"
    judged = {"B1": [Judgement(ledger()["B1"], {measure: value}) for value in (0.75, 0.8, 0.95)]}
    row = claims_over_seeds(judged).iloc[0]
    assert row["id"] == "B1" and row["each seed [95 %]"] == f"{measure}: 0.75, 0.8, 0.95 [0.75, 0.95]"
    assert row["verdicts"] == "2 reproduced, 1 partly" and row["so it"] == "depends on the seed"
    assert claims_over_seeds({"B1": judged["B1"][:2]})["each seed [95 %]"][0] == f"{measure}: 0.75, 0.8"


def test_a_span_is_told_from_its_least_value_to_its_largest():
    assert span([2.0, 0.5, 1234.5]) == "0.5 to 1,234" and span([]) == "unknown"
