"""What a reader sets with `-p name value`: the type of the notebook's default decides how it is read, and what it may be."""

import ast
import csv
from collections.abc import Iterable, Sequence

import nbformat

from lib.book.merging import PageError, tags
from lib.training.catalogue import NETWORKS, exists, spec_of
from lib.training.folder import remedy

MOST = 100_000  # of whole numbers: above, a page takes days
NETWORK_NAMES = ("network", "strip", "selection", "networks")


def typed(arguments: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """What a command line says besides `-p NAME VALUE`, and these pairs: a value may begin with a dash, unlike argparse's."""
    others, pairs, left = [], [], iter(arguments)
    for argument in left:
        if argument == "-p":
            pairs.append((next(left, ""), next(left, "")))
        else:
            others.append(argument)
    return others, pairs


def cells(notebook: nbformat.NotebookNode) -> list[str]:
    """The cells of parameters, as they are written."""
    return [cell.source for cell in notebook.cells if "parameters" in tags(cell)]


def defaults(notebook: nbformat.NotebookNode) -> dict:
    """The parameters of a notebook with their values; its cells of parameters are run to know them."""
    found: dict = {}
    for source in cells(notebook):
        exec(source, {}, found)
    return found


def parameters(notebook: nbformat.NotebookNode, given: Iterable[Sequence[str]]) -> dict:
    """The values that a reader typed, as the notebook takes them.

    Raises PageError with what is allowed where the notebook has no such parameter, or a value is not one of its kind.
    """
    known, found = defaults(notebook), {}
    for name, text in given:
        if not name:
            raise PageError("Write -p NAME VALUE, these names with such values:\n" + "\n".join(cells(notebook)))
        if name not in known:
            raise PageError(f"There is no parameter {name}; the notebook has {', '.join(known) or 'none'}.")
        found[name] = value(name, text, known[name])
    return found


def value(name: str, text: str, default: object) -> object:
    """What a text says for a parameter whose default is known. A list is written [a, b], with or without its brackets."""
    if isinstance(default, list):
        like = default[0] if default else ""
        return [value(name, item, like) for item in _items(text)]
    if isinstance(default, str):
        return _network(name, text) if name in NETWORK_NAMES else text
    kinds = {bool: (_truth, "true or false"), int: (_whole, f"a whole number from {min(1, int(default))} to {MOST:,}")}
    read, allowed = kinds.get(type(default), (_small, "a number above 0 and up to 1"))
    try:
        return read(text, default)
    except (ValueError, KeyError):
        raise PageError(f'The parameter {name} takes {allowed}, as {default}; "{text}" is not one.') from None


def _truth(text: str, default: bool) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _whole(text: str, default: int) -> int:
    """From 1, or from 0 where that is the default."""
    number = int(text)
    if not min(1, default) <= number <= MOST:
        raise ValueError
    return number


def _small(text: str, default: float) -> float:
    """A tolerance, a share, a rate."""
    number = float(text)
    if not 0 < number <= 1:
        raise ValueError
    return number


def _items(text: str) -> list[str]:
    """The items of a list as Python writes it, or separated by commas."""
    try:
        return [str(item) for item in ast.literal_eval(text if text.startswith("[") else f"[{text}]")]
    except (SyntaxError, ValueError):
        (row,) = csv.reader([text.removeprefix("[").removesuffix("]")], skipinitialspace=True)
        return [item.strip() for item in row]


def _network(name: str, text: str) -> str:
    """The name of a network whose folder is there: whole, but for those whose measures alone may be read."""
    try:
        there = exists(spec_of(text).name) or (name == "networks" and (NETWORKS / text).is_dir())
    except ValueError as error:
        raise PageError(str(error)) from error
    if not there:
        raise PageError(f"There is no network {text} under networks/: {remedy(text)}.")
    return text
