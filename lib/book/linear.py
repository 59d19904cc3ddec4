"""What the claims about linear systems in the network's place ask of it (paper A, §4.6 and §5)."""

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from torch import Tensor

from lib.book.statistics import paired_gain
from lib.training.folder import Saved

LINEARIZED, DIRECT = "linearized, best place", "linear, trained directly"
Correct = dict[str, Bool[np.ndarray, " document"]]  # by classifier: whether it is right


def error_after(rollout: Float[Tensor, "step quantile"] | None, n_steps: int) -> float:
    """The median relative error after some linear steps; not a number where the documents are too short to tell."""
    return float("nan") if rollout is None else float(rollout[n_steps - 1, 1])


def accumulation_measures(one_step: float, fifty_steps: float) -> dict[str, float]:
    """What claim A12 asks of two relative errors: does the linear system diverge from the network over many steps?"""
    ratio = fifty_steps / one_step
    return {
        "error after 50 steps over one step": ratio,
        "error after 50 steps over one step, where one step is within 0.3": ratio if one_step <= 0.3 else float("nan"),
        "median error after 50 steps": fifty_steps,
    }


def correct(saved: Saved, direct: Saved | None = None) -> Correct:
    """Which test documents the network, its linearizations, a bag of words and a linear network (`direct`) classify rightly."""
    documents = saved.evidence.documents
    logits = {
        "network": documents["logits"],
        LINEARIZED: documents["linearized"],
        "linearized, middle": documents["linearized_middle"],
        "bag of words": documents["bag_of_words"],
    }
    if direct is not None:
        logits[DIRECT] = direct.evidence.documents["logits"]
    return {name: ((logit > 0) == (documents["labels"] > 0)).numpy() for name, logit in logits.items()}


def accuracies(right: Correct) -> pd.DataFrame:
    """The accuracy of each classifier, with its 95 % bootstrap interval over documents."""
    rows = {name: paired_gain(those, np.zeros_like(those)) for name, those in right.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "low", "high"])


def linear_measures(right: Correct) -> dict[str, float]:
    """What claim A15 asks: how much accuracy does a linear system lose, and a linear model that is trained directly?"""
    unknown = (float("nan"),) * 3
    linearized = paired_gain(right["network"], right[LINEARIZED])
    direct = paired_gain(right["network"], right[DIRECT]) if DIRECT in right else unknown
    return {
        "loss of accuracy when linearized": linearized[0],
        "the same, from (95 %, paired)": linearized[1],
        "to": linearized[2],
        "loss of accuracy of the linear model trained directly": direct[0],
        "that, from (95 %, paired)": direct[1],
        "up to": direct[2],
    }
