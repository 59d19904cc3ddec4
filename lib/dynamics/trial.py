"""What a step h' = F(h, x) has to be, tried on a few points once, where a network enters (`as_cell`).

F takes states [point, state] and inputs [point, input] and returns states of the same shape and kind; each point by itself,
the same at each call, without changing what it is handed; and torch's derivative of it is its slope.
"""

from collections.abc import Callable

import torch
from torch import Tensor

N_POINTS = 16


@torch.random.fork_rng(devices=[])  # what a noise term draws here is not missed elsewhere
def kinds(step: Callable, n_input: int, n_state: int) -> tuple[Tensor, ...]:
    """The kinds of states that a step takes, as empty tensors: float32 or float64 or both, on the CPU or else on a GPU.

    Raises ValueError, in one sentence, where the step is none.
    """
    devices = [torch.device(name) for name in ("cpu", *(["cuda"] if torch.cuda.is_available() else []))]
    found, refusals = [], []
    for kind in [torch.empty(0, dtype=dtype, device=at) for at in devices for dtype in (torch.float32, torch.float64)]:
        try:
            after = _next(step, *points(n_input, n_state, kind))
            if kind.dtype == torch.float32 or not _rounded(after):
                found.append(kind)
        except ValueError as refusal:
            refusals.append(refusal)
    if not found:
        raise refusals[0]
    examine(step, *points(n_input, n_state, found[-1]))
    return tuple(found)


@torch.random.fork_rng(devices=[])
def examine(step: Callable, h: Tensor, x: Tensor) -> None:
    """Raise ValueError, in one sentence, where a step is not what this module's first lines say."""
    before, (n, *_) = (h.clone(), x.clone()), h.shape
    after = _next(step, h, x)
    if not (torch.equal(h, before[0]) and torch.equal(x, before[1])):
        raise ValueError("F(h, x) changes the h or x that it is handed: let it work on a copy, h = h.clone().")
    if not _close(_next(step, h, x), after):
        raise ValueError("F(h, x) gives another state at each call: take its noise out, or call .eval() where it has dropout.")
    if not _close(_next(step, h[: n // 2], x[: n // 2]), after[: n // 2]):
        raise ValueError(
            "F(h, x) lets the points of a batch depend on each other: each must move by itself (batch normalisation: .eval())."
        )
    for name, place in (("h", 0), ("x", 1)):
        _differentiable(step, (h, x), place, name)


def points(n_input: int, n_state: int, kind: Tensor) -> tuple[Tensor, Tensor]:
    """States and inputs to try a step on, always the same."""
    generator = torch.Generator().manual_seed(0)
    h, x = (torch.randn(N_POINTS, n, generator=generator, dtype=torch.double) / 2 for n in (n_state, n_input))
    return h.to(kind), x.to(kind)


def _rounded(after: Tensor) -> bool:
    """Whether states in double precision differ, but say no more than single precision would: the step went through it."""
    return torch.equal(after, after.float().double()) and not torch.equal(after, after[:1].expand_as(after))


def _close(a: Tensor, b: Tensor) -> bool:
    return torch.allclose(a, b, rtol=0, atol=1e-5 * float(b.nan_to_num(0, 0, 0).abs().max()), equal_nan=True)


@torch.no_grad()
def _next(step: Callable, h: Tensor, x: Tensor) -> Tensor:
    """F(h, x), if it can be called and is a state."""
    handed = f"states {list(h.shape)} and inputs {list(x.shape)}, {h.dtype}"
    try:
        after = step(h, x)
    except Exception as error:
        raise ValueError(f"F(h, x) fails on {handed}: {type(error).__name__}, {' '.join(str(error).split())[:300]}") from error
    if not isinstance(after, Tensor):
        kind = type(after).__name__
        raise ValueError(f"F(h, x) must return the next state as one tensor, of an LSTM [h; c]; it returns a {kind}.")
    if after.shape != h.shape or after.dtype != h.dtype:
        raise ValueError(
            f"F(h, x) must return states like those it takes, {handed}; it returns {list(after.shape)}, {after.dtype}."
        )
    return after


def push(step: Callable, point: tuple[Tensor, Tensor], place: int, direction: Tensor) -> Tensor:
    """J v, the derivative of F along a direction of h (`place` 0) or x (1): the derivative of u ↦ Jᵀ u, which is linear."""
    at = [part.detach().requires_grad_(place == i) for i, part in enumerate(point)]
    with torch.enable_grad():
        after = step(*at)
        if not after.requires_grad:
            return torch.zeros_like(after)
        dual = torch.zeros_like(after, requires_grad=True)
        (pulled,) = torch.autograd.grad(after, at[place], dual, create_graph=True, materialize_grads=True)
    if not pulled.requires_grad:
        return torch.zeros_like(after)
    return torch.autograd.grad(pulled, dual, direction, materialize_grads=True)[0]


def _differentiable(step: Callable, point: tuple[Tensor, Tensor], place: int, name: str) -> None:
    """Compare torch's derivative with central differences of two sizes, where these agree: not at a kink, nor at a jump."""
    v = points(point[1].shape[1], point[0].shape[1], point[0])[place].flip(0)
    size = torch.finfo(v.dtype).eps ** (1 / 3)
    slopes = []
    for width in (2 * size, size):
        ends = [
            _next(step, *(part + sign * width * v if i == place else part for i, part in enumerate(point))) for sign in (1, -1)
        ]
        slopes.append((ends[0] - ends[1]) / (2 * width))
    try:
        derivative = push(step, point, place, v)
    except Exception as error:
        told = " ".join(str(error).split())[:300]
        raise ValueError(f"F(h, x) cannot be differentiated twice with respect to {name}: {told}") from error
    scale = slopes[1][slopes[1].isfinite()].pow(2).mean().sqrt()
    told = (slopes[0] - slopes[1]).abs() < 0.01 * scale
    if ((told & ((derivative - slopes[1]).abs() > 0.05 * scale)).double().mean(0) > 0.5).any():
        raise ValueError(
            f"torch's derivative of F(h, x) with respect to {name} is not its slope: "
            "a .detach(), .data or torch.no_grad() inside hides it."
        )
