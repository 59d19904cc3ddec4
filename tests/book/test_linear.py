import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from planted import cloud, line_attractor, saved

from lib.book.ledger import ledger
from lib.book.linear import DIRECT, LINEARIZED, accumulation_measures, accuracies, correct, error_after, linear_measures


def test_the_error_after_many_steps_is_the_median_at_the_last_of_them():
    rollout = torch.arange(12.0).reshape(4, 3)  # [step, quantile]
    assert error_after(rollout, 2) == 4
    assert math.isnan(error_after(None, 50))


def test_errors_accumulate_where_one_step_is_small():
    found = accumulation_measures(0.1, 0.5)
    assert found["error after 50 steps over one step"] == pytest.approx(5)
    assert ledger()["A12"].verdict(found) == "reproduced"


def test_a_large_first_error_says_nothing_about_accumulation():
    found = accumulation_measures(0.4, 2.0)
    assert ledger()["A12"].first_verdict(found) == "reproduced"
    assert ledger()["A12"].verdict(found) == "not testable here"


def classified(**logits):
    """A network whose test documents are positive, positive, negative, negative."""
    network = saved(line_attractor(), cloud())
    documents = {"labels": torch.tensor([1.0, 1.0, 0.0, 0.0])} | {key: torch.tensor(value) for key, value in logits.items()}
    return replace(network, evidence=replace(network.evidence, documents=documents))


def test_a_document_is_classified_rightly_where_its_logit_has_the_sign_of_its_label():
    right, wrong = [2.0, 0.1, -0.1, -2.0], [-1.0, 1.0, 1.0, -1.0]
    network = classified(logits=right, linearized=wrong, linearized_middle=wrong, bag_of_words=right)
    assert set(correct(network)) == {"network", LINEARIZED, "linearized, middle", "bag of words"}
    found = correct(network, classified(logits=wrong))
    assert found["network"].tolist() == [True] * 4
    assert found[LINEARIZED].tolist() == found[DIRECT].tolist() == [False, True, False, True]


def test_accuracies_come_with_an_interval():
    found = accuracies({"always": np.ones(200, dtype=bool), "half": np.arange(200) % 2 == 0})
    assert found.loc["always"].tolist() == [1, 1, 1]
    accuracy, low, high = found.loc["half"]
    assert accuracy == 0.5 and low == pytest.approx(0.43, abs=0.02) and high == pytest.approx(0.57, abs=0.02)


def test_what_a_linear_system_loses_is_counted_on_the_same_documents():
    document = np.arange(1000)
    right = {"network": document >= 50, LINEARIZED: document >= 200, DIRECT: document >= 80}
    found = linear_measures(right)
    assert found["loss of accuracy when linearized"] == pytest.approx(0.15)
    assert 0.12 < found["the same, from (95 %, paired)"] < 0.15 < found["to"] < 0.18
    assert found["loss of accuracy of the linear model trained directly"] == pytest.approx(0.03)
    assert ledger()["A15"].verdict(found) == "reproduced"
    del right[DIRECT]
    assert math.isnan(linear_measures(right)["loss of accuracy of the linear model trained directly"])
