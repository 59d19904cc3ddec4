"""Which networks there are: the grammar of their names, and the list and recipes in `book/networks.yml`."""

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path

import yaml

from lib.cells import CELLS
from lib.corpora import CORPORA
from lib.training import Recipe

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "networks"
CATALOGUE = ROOT / "book" / "networks.yml"
REVIEWS = ROOT / "book" / "reviews.yml"

_NAME = re.compile(
    r"(?P<dataset>[a-z]+)-(?P<architecture>[a-z]+)(?P<n_layers>[1-9]\d*)?(?:-(?P<variant>\w+))?-seed(?P<seed>\d+)"
)


@dataclass(frozen=True)
class Plan:
    """What a network's name says: its corpus, architecture, depth, variant and seed; and the recipe that goes with it."""

    name: str
    dataset: str
    architecture: str
    n_layers: int
    variant: str
    seed: int
    recipe: Recipe


def catalogue() -> dict:
    """The content of `book/networks.yml`."""
    return yaml.safe_load(CATALOGUE.read_text())


def plan(name: str) -> Plan:
    """Read a network's name, `<dataset>-<architecture>[<layers>][-<variant>]-seed<k>`, e.g. imdb-gru3-seed0.

    Raises ValueError where the name does not fit the grammar or names what does not exist.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(f'"{name}" is no network: write <dataset>-<architecture>[<layers>][-<variant>]-seed<k>.')
    parts = match.groupdict()
    dataset, architecture, variant = parts["dataset"], parts["architecture"], parts["variant"] or ""
    for kind, value, known in (("corpus", dataset, [*CORPORA, "synthetic"]), ("architecture", architecture, CELLS)):
        if value not in known:
            raise ValueError(f'"{name}" names the {kind} "{value}": choose one of {", ".join(sorted(known))}.')
    recipes, variants = (catalogue()[key] for key in ("recipes", "variants"))
    if variant and variant not in variants:
        raise ValueError(f'"{name}" names the variant "{variant}", which book/networks.yml does not define.')
    recipe = Recipe()
    for key in (dataset, architecture, f"{dataset}-{architecture}", variant):
        changes = (variants if key == variant else recipes).get(key, {})
        if unknown := set(changes) - {field.name for field in fields(Recipe)}:
            raise ValueError(f"book/networks.yml sets {', '.join(sorted(unknown))} for {key}, which no recipe has.")
        recipe = replace(recipe, **changes)
    return Plan(name, dataset, architecture, int(parts["n_layers"] or 1), variant, int(parts["seed"]), recipe)


def example_reviews(dataset: str) -> dict[str, str]:
    """The two reviews written for this book, positive and negative, that suit a corpus (`book/reviews.yml`)."""
    return yaml.safe_load(REVIEWS.read_text())[dataset]
