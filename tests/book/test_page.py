import pytest

from lib.book import page
from lib.book.ledger import Judgement, ledger


@pytest.fixture
def glued(monkeypatch):
    found = {}
    monkeypatch.setattr(page, "glue", lambda name, value, display: found.update({name: value}))
    return found


def judged(claim, value):
    return Judgement(ledger()[claim], {"steps until slow": value, "rank correlation of θ with m": value})


def test_an_answer_comes_with_the_badges_of_its_claims_and_what_was_measured(glued):
    page.answer("rest", "It rests.", judged("A3", 5.0), judged("A6", 5.0))
    assert glued["answer_rest"] == "It rests."
    assert glued["verdicts_rest"].data.count("verdict-reproduced") == 2
    assert glued["claim_A3"].measures["steps until slow"] == 5


def test_a_claim_in_several_networks_is_counted():
    told = page.verdicts([judged("A3", 5.0), judged("A3", 50.0), judged("A3", 5.0)])
    assert told.startswith("A3 ") and told.count("A3") == 1
    assert "reproduced</span> in 2" in told and "not reproduced</span> in 1" in told


def test_no_verdict_is_no_badge():
    assert page.verdicts([]) == ""


def test_the_command_names_the_parameters_that_are_set():
    assert page.command("linearization", network="sst-gru-seed0", tolerance=1e-8, review="") == (
        'make notebook NB=linearization ARGS="-p network sst-gru-seed0 -p tolerance 1e-08"'
    )
    assert page.command("training") == "make notebook NB=training"


def test_a_command_is_shown_as_code(glued):
    page.reproduce("training")
    assert glued["reproduce_training"].data == "<code>make notebook NB=training</code>"
