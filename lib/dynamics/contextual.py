"""How a word changes the effect of the words around it: modifiers such as *not* and *very* (Maheswaranathan & Sussillo 2020).

A context is a sequence of word vectors, one token each; a zero vector is a token at which nothing is read. All functions
take networks of one layer.
"""

from collections.abc import Iterable

import torch
from jaxtyping import Float
from torch import Tensor

from lib.dynamics.cells import Cell

CHUNK = 800  # states at a time: few enough to stay in the processor's cache


def silence(cell: Cell, time: int) -> Float[Tensor, "time 1 input"]:
    """Tokens at which nothing is read, one context of them."""
    return torch.zeros(time, 1, cell.n_input)


@torch.no_grad()
def read(
    cell: Cell, states: Float[Tensor, "state unit"], tokens: Float[Tensor, "time context input"]
) -> Float[Tensor, "context state unit"]:
    """Where each context takes each state."""
    h = states.expand(tokens.shape[1], -1, -1)
    for drive in cell.project(tokens):
        h = cell.advance(h, drive[:, None])
    return h


@torch.no_grad()
def effects(
    cell: Cell,
    axis: Float[Tensor, " unit"],
    states: Float[Tensor, "#context state unit"],
    words: Float[Tensor, "word input"],
    after: Iterable[Float[Tensor, "#context input"]],
) -> Float[Tensor, "context state word"]:
    """E(h, x) = w·h(x, after) − w·h(0, after): what a word adds to the logit w·h + b, some tokens after it was read.

    The second term takes away what the context does by itself, and what time does. `after` are those tokens, one for all
    contexts or one for each; what is the same in all contexts is read once, up to the first token that differs.
    """
    drives = [cell.project(torch.cat((torch.zeros_like(words[:1]), words)))[None]]
    drives += [cell.project(tokens)[:, None] for tokens in after]  # [#context, word or 1, drive]
    n = max(len(states), *map(len, drives))
    h = states[:, :, None]
    while drives and len(h) == len(drives[0]) == 1 < n:
        h = cell.advance(h, drives.pop(0)[None])
    rows, context = h.expand(n, -1, -1, -1).flatten(0, 1), torch.arange(n).repeat_interleave(states.shape[1])
    size, logits = max(1, CHUNK // (len(words) + 1)), []
    for h, own in zip(rows.split(size), context.split(size), strict=True):
        for drive in drives:
            h = cell.advance(h, drive if len(drive) == 1 else drive[own])
        logits.append(h @ axis)
    logits = torch.cat(logits).unflatten(0, (n, -1))
    return logits[..., 1:] - logits[..., :1]


def factors(
    modified: Float[Tensor, "context state word"], plain: Float[Tensor, "#context state word"]
) -> Float[Tensor, " context"]:
    """κ = Σ E(modified) / Σ E(plain) over states and words of one sign: 1 as before, 0 no effect, negative turned around."""
    return modified.sum((1, 2)) / plain.sum((1, 2))


def relative(effects: Float[Tensor, "context state word"]) -> Float[Tensor, " other"]:
    """κ of each context but the first, against the first, which stands for nothing read."""
    return factors(effects[1:], effects[:1])


def factors_by_word(
    modified: Float[Tensor, "context state word"], plain: Float[Tensor, "#context state word"]
) -> Float[Tensor, "context word"]:
    """κ of each word, over states."""
    return modified.sum(1) / plain.sum(1)


def duration(gaps: Float[Tensor, " gap"], change: Float[Tensor, "gap context"]) -> Float[Tensor, " context"]:
    """Tokens until the change κ − 1 falls to 1/e of its value at the first gap, interpolated; infinite where it does not."""
    bound = change[0].abs() / torch.e
    found = torch.full_like(change[0], torch.inf)
    for i in range(len(gaps) - 1, 0, -1):
        high, low = change[i - 1].abs(), change[i].abs()
        crossed = (high > bound) & (low <= bound)
        at = gaps[i - 1] + (gaps[i] - gaps[i - 1]) * (high - bound) / (high - low)
        found = torch.where(crossed, at, found)
    return found


def selections(
    cell: Cell, states: Float[Tensor, "context point state"], left: Float[Tensor, "point state"]
) -> Float[Tensor, "context point input"]:
    """ℓᵀ J_inp(h), the input vector that a left eigenvector selects; J_inp at the state h, ℓ from the point it set out from."""
    x = states.new_zeros(*states.shape[:-1], cell.n_input, requires_grad=True)
    with torch.enable_grad():
        along = (left * cell(states, x)).sum()
    return torch.autograd.grad(along, x)[0]


def lasting(
    displacements: Float[Tensor, "context point state"], left: Float[Tensor, "point state"], right: Float[Tensor, "point state"]
) -> Float[Tensor, "context point state"]:
    """r₁ ℓ₁ᵀ Δh, the part of a displacement that the slowest mode keeps; what remains of Δh is transient."""
    return (displacements * left).sum(-1, keepdim=True) * right


def subspace(displacements: Float[Tensor, "context point state"], k: int) -> Float[Tensor, "axis state"]:
    """The k orthonormal directions that hold most of the displacements' squared length."""
    return torch.linalg.svd(displacements.flatten(0, 1), full_matrices=False)[2][:k]


def spectrum(displacements: Float[Tensor, "context point state"]) -> Float[Tensor, " axis"]:
    """Squared length of the displacements along each of those directions."""
    return torch.linalg.svdvals(displacements.flatten(0, 1)) ** 2


def inside(displacements: Float[Tensor, "*batch state"], axes: Float[Tensor, "axis state"]) -> Float[Tensor, "*batch state"]:
    """P Pᵀ Δh, the part of a displacement inside a subspace."""
    return displacements @ axes.T @ axes
