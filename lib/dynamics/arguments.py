"""What callers may hand to the functions of this room, brought into one form where it enters.

States are [point, state], of the cell's precision: a NumPy array, one state [state] and an LSTM's (h, c) become so. An input
point is [input], or [point, input] where each point has its own.
"""

import math
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from lib.dynamics.cells import Cell

STATES = ("states", "starts", "start", "points")
POSITIVE = {"tolerance": float, "side": float, "max_iterations": int, "dimension": int}
PRECISIONS = (torch.float32, torch.float64)

F = TypeVar("F", bound=Callable)


def accepting(function: F) -> F:
    """Let a function be called with arrays for tensors and, beside a `cell`, with states and inputs as said above.

    What cannot be meant is refused with a ValueError of one sentence that names the argument.
    """
    parameters = signature(function)

    @wraps(function)
    def called(*args, **kwargs):
        given = parameters.bind(*args, **kwargs)
        values = given.arguments
        kind = next((value for value in values.values() if isinstance(value, Tensor)), None)
        for name, value in values.items():
            if name in POSITIVE:
                values[name] = POSITIVE[name](positive(value, name))
            elif isinstance(value, np.ndarray):
                values[name] = tensor(value, name) if kind is None else tensor(value, name).to(kind)
        if "cell" in values:
            _fit(values)
        return function(*given.args, **given.kwargs)

    return called  # ty: ignore[invalid-explicit-return]


def _fit(values: dict[str, Any]) -> None:
    """Bring all that goes with a cell into its form."""
    cell, n_points = values["cell"], None
    if not isinstance(cell, Cell):
        raise ValueError(f"cell must be a Cell, as as_cell(network) makes one; got {type(cell).__name__}.")
    if any(kind.dtype not in PRECISIONS for kind in cell.kinds):
        raise ValueError(f"cell must be in single or double precision, cell.float(); its weights are {cell.kinds[0].dtype}.")
    for name in STATES:
        if name in values and not hasattr(values[name], "input_point"):  # fixed points bring theirs
            values[name] = states_of(cell, values[name], name)
            n_points = len(values[name])
    if values.get("input_point") is not None:
        values["input_point"] = input_of(cell, values["input_point"], n_points)
    for name, size in (("inputs", cell.n_input), ("direction", cell.n_input), ("axis", cell.n_state)):
        if name in values:
            value = tensor(values[name], name)
            if not value.ndim or value.shape[-1] != size:
                raise ValueError(f"{name} must have {size} as its last size; got {list(value.shape)}.")
            values[name] = _of_the_cell(cell, value)


def positive(value: object, name: str) -> Any:
    """A positive, finite number, as it was given."""
    try:
        fits = not isinstance(value, bool | str) and 0 < float(value) < math.inf  # ty: ignore[invalid-argument-type]
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise ValueError(f"{name} must be positive and finite; got {value!r}.")
    return value


def tensor(value: object, name: str) -> Tensor:
    """Real numbers in single or double precision; whole numbers become such."""
    if not isinstance(value, Tensor):
        try:
            value = torch.from_numpy(np.array(value, order="C"))
        except (TypeError, ValueError):
            raise ValueError(f"{name} must be a tensor or an array of numbers; got {type(value).__name__}.") from None
    if not value.is_floating_point() and not value.is_complex() and value.dtype != torch.bool:
        return value.to(torch.get_default_dtype())
    if value.dtype not in PRECISIONS:
        raise ValueError(f"{name} must be in single or double precision, float32 or float64; got {value.dtype}.")
    return value


def states_of(cell: Cell, value: object, name: str = "states") -> Tensor:
    """States [point, state] of a cell, in its precision."""
    if isinstance(value, tuple):
        value = torch.cat([tensor(part, name) for part in value], -1) if value else value
        value = value[0] if isinstance(value, Tensor) and value.ndim == 3 and len(value) == 1 else value
    states = tensor(value, name)
    if states.ndim not in (1, 2) or states.shape[-1] != cell.n_state:
        raise ValueError(
            f"{name} must be finite states [point, {cell.n_state}], one state [{cell.n_state}], or an LSTM's (h, c) of one "
            f"layer; got {list(states.shape)}."
        )
    return _of_the_cell(cell, _finite(torch.atleast_2d(states), name))


def input_of(cell: Cell, value: object, n_points: int | None) -> Tensor:
    """An input point [input], or one for each point [point, input], in a cell's precision."""
    x = tensor(value, "input_point")
    x = x[0] if x.ndim == 2 and len(x) == 1 else x
    if x.ndim not in (1, 2) or x.shape[-1] != cell.n_input or (x.ndim == 2 and n_points is not None and len(x) != n_points):
        told = "point" if n_points is None else n_points
        raise ValueError(
            f"input_point must be [{cell.n_input}], or [{told}, {cell.n_input}] with one for each point; got {list(x.shape)}."
        )
    return _of_the_cell(cell, _finite(x, "input_point"))


def _finite(values: Tensor, name: str) -> Tensor:
    if not torch.isfinite(values).all():
        raise ValueError(f"{name} must be finite; NaN or infinite entries are in {int((~values.isfinite()).any(-1).sum())}.")
    return values


def _of_the_cell(cell: Cell, values: Tensor) -> Tensor:
    """Values as they are where the cell takes them so, otherwise in its precision and on its device."""
    kinds = [(kind.dtype, kind.device) for kind in cell.kinds]
    return values if not kinds or (values.dtype, values.device) in kinds else values.to(cell.kinds[0])
