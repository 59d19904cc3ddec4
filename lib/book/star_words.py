"""What words do in a network of graded reviews, alone and behind modifiers such as *not* and *very*."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import torch
from pandas.io.formats.style_render import StylerRenderer

from lib.book.classes import Classes
from lib.book.over_classes import what_it_does
from lib.book.probe import central
from lib.dynamics import principal_axes
from lib.dynamics.contextual import effects, read, relative, silence

N_SETTLE = 4  # tokens of nothing after a word, in which what does not last is gone


def known(shape: Classes, words: Iterable[str]) -> list[str]:
    """Those of some words that are in the network's vocabulary."""
    return [word for word in words if word in shape.saved.vocabulary.index]


def vectors(shape: Classes, words: Iterable[str]) -> torch.Tensor:
    """The vectors of words [word, input]."""
    return shape.saved.network.embedding.weight[[shape.saved.vocabulary.index[word] for word in words]]


@torch.no_grad()
def grades_after(shape: Classes, words: Sequence[str], modifiers: Sequence[str]) -> dict[str, dict[str, np.ndarray]]:
    """The probability of each class after a phrase read from h = 0: by word and by what stands before it ("": nothing)."""
    network = shape.saved.network
    start = torch.zeros(1, network.cell.n_state)
    found: dict[str, dict[str, np.ndarray]] = {}
    for word in words:
        found[word] = {}
        for modifier in ("", *modifiers):
            phrase = torch.cat(
                (vectors(shape, [*([modifier] if modifier else []), word])[:, None], silence(network.cell, N_SETTLE))
            )
            found[word][modifier] = shape.logits(read(network.cell, start, phrase)[0]).softmax(1)[0].numpy()
    return found


@torch.no_grad()
def modified(
    shape: Classes, modifiers: Sequence[str], n_words: int = 20, n_states: int = 20
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """κ of each modifier along the first two axes of the slow points, on the words that push most along each; and the range of
    κ that holds 95 % of neutral words in the modifier's place (rows `low`, `high`).

    κ is 1 where a word does as much as without the modifier, 0 where it does nothing, and −1 where it does the opposite: a
    modifier that shrinks towards the middle has 0 < κ < 1, one that flips along the axis has κ < 0. The words push half up and
    half down; κ is over visited states and both.
    """
    cell, index = shape.saved.network.cell, shape.saved.vocabulary.index
    states = shape.saved.evidence.layers[-1].states[:n_states]
    axes, projections = principal_axes(shape.slow)[0][:2], shape.projections(shape.charged)
    quiet = shape.evidence(shape.frequent).norm(dim=0).topk(100, largest=False).indices
    neutral = [i for i in shape.frequent[quiet].tolist() if i not in {index[name] for name in modifiers}]
    contexts = torch.cat(
        (silence(cell, 1)[0], vectors(shape, modifiers), shape.saved.network.embedding.weight[neutral].detach())
    )
    heads = read(cell, states, contexts[None])
    columns, ranges = {}, {}
    for i, (axis, name) in enumerate(zip(axes, ("axis 1", "axis 2"), strict=True)):
        order = projections[i].argsort()
        words = shape.charged[torch.cat((order[:n_words], order[-n_words:]))]
        sign = torch.cat((-torch.ones(n_words), torch.ones(n_words)))
        found = effects(cell, axis, heads, shape.saved.network.embedding.weight[words].detach(), silence(cell, N_SETTLE))
        kappa = relative(found * sign)
        columns[name], ranges[name] = kappa[: len(modifiers)].numpy(), central(kappa[len(modifiers) :])
    return pd.DataFrame(columns, index=list(modifiers)), pd.DataFrame(ranges, index=["low", "high"])


def styled(kappa: pd.DataFrame, neutral: pd.DataFrame) -> StylerRenderer:
    """κ of each modifier, and the range of neutral words, as a table of the page."""
    bounds = neutral.set_axis(["neutral words, from", "to"])
    return pd.concat([kappa, bounds]).rename_axis("modifier").reset_index().style.hide(axis="index").format(precision=2)


def told(kappa: pd.DataFrame, neutral: pd.DataFrame) -> str:
    """What each modifier does along the first axis, in a sentence."""
    parts = [f"“{name}” {what_it_does(value, neutral['axis 1'])}" for name, value in kappa["axis 1"].items()]
    return f"Along the first axis {'; '.join(part.removesuffix(',') for part in parts)}."


def grades_seen(shares: dict[str, dict[str, np.ndarray]], grades: Sequence[str]) -> str:
    """The likeliest grade of the last word, alone and behind each modifier."""
    word, by_context = list(shares.items())[-1]
    each = [f"“{f'{context} {word}'.strip()}” as {grades[int(share.argmax())]}" for context, share in by_context.items()]
    return f"The network reads {', '.join(each)}"
