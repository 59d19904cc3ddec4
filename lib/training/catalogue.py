"""Which networks there are: the grammar of their names, and the list and recipes in `book/networks.yml`."""

import re
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path

import yaml

from lib.dynamics.cells import CELLS
from lib.training.recipe import Recipe

ROOT = Path(__file__).parents[2]
NETWORKS = ROOT / "networks"
CATALOGUE = ROOT / "book" / "networks.yml"
PAPER_B = "glove"  # the variant that is paper B's recipe
_NAME = re.compile(
    r"(?P<dataset>[a-zA-Z0-9_]+)-(?P<architecture>[a-z]+)(?P<n_layers>[1-9]\d*)?(?:-(?P<variant>\w+(?:-\w+)*))?-seed(?P<seed>\d+)"
)


@dataclass(frozen=True)
class Spec:
    """What a network's name says: its corpus, architecture, depth, variant and seed; and the recipe that goes with it."""

    name: str
    dataset: str
    architecture: str
    n_layers: int
    variant: str
    seed: int
    recipe: Recipe


def catalogue() -> dict:
    """The content of `book/networks.yml`, to be read and not changed."""
    return _parsed(CATALOGUE.read_text(encoding="utf-8"))


@cache
def _parsed(text: str) -> dict:
    return yaml.safe_load(text)


def exists(name: str) -> bool:
    """Whether a network's folder is whole. Of further seeds the repository keeps only what was measured."""
    return (NETWORKS / name / "evidence.safetensors").exists()


def paper_a(seeds: bool = False, variant: str = "") -> list[str]:
    """The networks of paper A, or a variant of them: every architecture on every corpus, seed 0 or with `seeds` the others."""
    of = catalogue()["paper_a"]
    chosen = [k for k in of["seeds"] if bool(k) == seeds]
    change = f"-{variant}" if variant else ""
    return [f"{c}-{a}{change}-seed{k}" for k in chosen for c in of["corpora"] for a in of["architectures"]]


def with_pages() -> list[str]:
    """The networks that have a page, the working example first, as far as their folders are there."""
    listed = catalogue()
    return [name for name in dict.fromkeys((listed["working_example"], *listed["appendix"])) if exists(name)]


def of_classes() -> list[str]:
    """The networks of more than two classes, one seed after the other."""
    of = catalogue()["classes"]
    return [f"{corpus}-{cell}-seed{seed}" for seed in of["seeds"] for corpus in of["corpora"] for cell in of["architectures"]]


def stacks() -> list[str]:
    """The stacks that have a page, by depth, those of other recipes last, as far as their folders are there."""
    return [name for name in catalogue()["stacks"] if exists(name)]


def controls() -> list[str]:
    """The linear networks that are there, trained directly (claim A15)."""
    return [name for name in catalogue()["controls"] if exists(name)]


def measured_only() -> list[str]:
    """The networks of which the repository keeps what was measured, not the weights: further seeds, variants, and the networks
    of paper A with paper B's recipe (of these, GRU₁ is a stack with a page and whole)."""
    of = catalogue()["paper_b"]
    stacks = [f"{stack}-seed{seed}" for seed in of["seeds"][1:] for stack in of["stacks"]]
    compared = [*paper_a(variant=PAPER_B), *paper_a(seeds=True, variant=PAPER_B)]
    return list(dict.fromkeys([*paper_a(seeds=True), *catalogue()["measured"], *stacks, *compared]))


def wanted() -> list[str]:
    """Every network that `book/networks.yml` asks for, the published ones first."""
    listed = catalogue()
    return list(
        dict.fromkeys(
            [
                listed["working_example"],
                *listed["appendix"],
                *listed["controls"],
                *listed["stacks"],
                *measured_only(),
                *of_classes(),
            ]
        )
    )


def spec_of(name: str) -> Spec:
    """Read a network's name, `<dataset>-<architecture>[<layers>][-<variant> ...]-seed<k>`, e.g. imdb-gru3-glove-seed0.

    Recipes are set in the order corpus, architecture, both, what the search chose (without a variant), then variant by variant;
    later ones win.

    The corpus may be one of your own; loading it tells whether it is there. Raises ValueError where the name does not fit the
    grammar, or names an architecture or a variant that does not exist.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(f'"{name}" is no network: write <dataset>-<architecture>[<layers>][-<variant>]-seed<k>.')
    parts = match.groupdict()
    dataset, architecture, variant = parts["dataset"], parts["architecture"], parts["variant"] or ""
    if architecture not in CELLS:
        raise ValueError(f'"{name}" names the architecture "{architecture}": choose one of {", ".join(sorted(CELLS))}.')
    recipes, chosen, variants = (catalogue().get(key, {}) for key in ("recipes", "chosen", "variants"))
    changed = variant.split("-") if variant else []
    for one in changed:
        if one not in variants:
            raise ValueError(f'"{name}" names the variant "{one}", which book/networks.yml does not define.')
    recipe = Recipe()
    steps = [(key, recipes) for key in (dataset, architecture, f"{dataset}-{architecture}")]
    steps += [] if changed else [(f"{dataset}-{architecture}", chosen)]
    steps += [(key, variants) for one in changed for key in (one, f"{one}-{architecture}")]
    for key, listed in steps:
        changes = listed.get(key, {})
        if unknown := set(changes) - {field.name for field in fields(Recipe)}:
            raise ValueError(f"book/networks.yml sets {', '.join(sorted(unknown))} for {key}, which no recipe has.")
        recipe = replace(recipe, **changes)
    return Spec(name, dataset, architecture, int(parts["n_layers"] or 1), variant, int(parts["seed"]), recipe)


def stack_label(name: str, layer: int | None = None) -> str:
    """A stack as paper B writes it: GRU₃ for imdb-gru3-glove-seed0, GRU₃-b16 for imdb-gru3-glove-b16-seed0.

    With `layer`, counted from 0, one of its layers: "GRU₃, layer 2"; the only layer of a network is the network. Raises as
    `plan` does.
    """
    its = spec_of(name)
    lowered = str(its.n_layers).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
    change = its.variant.removeprefix(PAPER_B).removeprefix("-")
    whole = its.architecture.upper() + lowered + (f"-{change}" if change else "")
    return whole if layer is None or its.n_layers == 1 else f"{whole}, layer {layer + 1}"


def shorthand(name: str) -> str:
    """A stack as `lib.stacks` calls it: gru3 for imdb-gru3-glove-seed0, gru3-d50 for imdb-gru3-glove-d50-seed0."""
    return name.partition("-")[2].rpartition("-seed")[0].replace(f"-{PAPER_B}", "", 1)
