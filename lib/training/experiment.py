"""What makes the line: networks that differ in one thing at a time, trained for their measures alone.

The section `experiment` of `book/networks.yml` declares the factors and designs. A run is named like a network, its levels as
variants, and leaves one file of numbers, `networks/experiments/<run>.json`; its weights are not kept. Some networks are
followed over their training instead: measured after every quarter epoch.
"""

import json
import math
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.optim.optimizer import register_optimizer_step_post_hook

from lib.dynamics.cells import Cell
from lib.dynamics.fixed_points import ExactPoints, FixedPoints, distinct, exact_fixed_points, find_fixed_points
from lib.dynamics.linearization import LinearSystem, one_step_errors
from lib.dynamics.manifold import drift_tolerance, evenly_along, explained, principal_axes, share_inside, spread_ratio
from lib.dynamics.modes import time_constants
from lib.text.documents import Encoded
from lib.training import publication
from lib.training.catalogue import NETWORKS, Spec, catalogue, spec_of
from lib.training.evidence import N_TRANSITIONS, principal_components, sample, visit
from lib.training.grid import write_json
from lib.training.loop import kept_epoch, logits, score, train
from lib.training.network import Network
from lib.training.publication import Material, checkpoint, fit, initial_network
from lib.training.recipe import Recipe

EXPERIMENTS = NETWORKS / "experiments"
FOLLOWED = "followed-"  # in front of the name of a network that is followed over its training
TOLERANCE = 1e-8
N_STARTS = 200
N_LINEARIZED = 60  # distinct points at which the dynamics are linearized
N_MODES_AT = 20  # points whose modes are computed
N_EXACT = 20  # points from which exact fixed points are searched
MOMENTS_PER_EPOCH, N_STRIP = 4, 6
DOT_BELOW = 1 / 3  # points that spread less than this, over the states, are a dot
LINE_SPREAD = (DOT_BELOW, 3.0)  # how far the points of a line spread, over the states


@dataclass(frozen=True)
class Run:
    """One network of a design: the level of each factor, and how it is trained."""

    design: str
    levels: dict[str, str]
    spec: Spec


def runs(design: str | None = None) -> dict[str, Run]:
    """The runs of a design, or of all, by name. One seed comes after the other, so that what is there is balanced.

    A recipe is the default of its corpus, not the one that the search chose for its cell, with the changes of the levels.
    """
    listed, recipes = catalogue()["experiment"], catalogue()["recipes"]
    found = {}
    for key, of in listed["designs"].items():
        dataset, factors = of["dataset"], of["factors"]
        for seed, architecture, *levels in product(of["seeds"], of["architectures"], *factors.values()):
            recipe = replace(Recipe(), **recipes.get(dataset, {}))
            for factor, level in zip(factors, levels, strict=True):
                recipe = replace(recipe, **listed["levels"][factor][level])
            variant = "-".join(levels)
            name = f"{dataset}-{architecture}-{variant}-seed{seed}"
            its = Spec(name, dataset, architecture, 1, variant, seed, recipe)
            found[name] = Run(key, dict(zip(factors, levels, strict=True)), its)
    return {name: one for name, one in found.items() if design in (None, one.design)}


def followed() -> list[str]:
    """The networks that are followed over their training, with the recipe of the published network of that name."""
    return list(catalogue()["experiment"]["followed"])


def missing() -> list[str]:
    """What has no file yet, in the order in which it is wanted."""
    wanted = [*runs(), *(FOLLOWED + name for name in followed())]
    return [name for name in wanted if not (EXPERIMENTS / f"{name}.json").exists()]


def perform(name: str) -> Path:
    """Train and measure a run, or follow a network (`followed-<network>`), unless its file is there.

    Raises ValueError where `book/networks.yml` does not list it, and as training does.
    """
    path = EXPERIMENTS / f"{name}.json"
    if path.exists():
        return path
    if name.startswith(FOLLOWED) and name.removeprefix(FOLLOWED) in followed():
        spec = spec_of(name.removeprefix(FOLLOWED))
        return write_json(path, follow(spec, _material(spec)))
    if name not in runs():
        raise ValueError(f'book/networks.yml lists no run "{name}" under `experiment`: see python -m lib experiment --list.')
    its = runs()[name]
    trained_before = checkpoint(its.spec).exists()
    material = _material(its.spec)
    network, _, history = fit(its.spec, material)
    network.cpu().eval().requires_grad_(False)
    found = {
        "name": name,
        "design": its.design,
        "dataset": its.spec.dataset,
        "architecture": its.spec.architecture,
        **its.levels,
        "seed": its.spec.seed,
        "n_documents": len(material.cut["train"].labels),
        "best_epoch": kept_epoch(history, its.spec.recipe.keep),
        "n_epochs": len(history),
        "accuracy": score(logits(network, material.cut["test"]), material.cut["test"].labels)["accuracy"],
        **measures(network, look(network, material.cut["test"])),
        "recipe": asdict(its.spec.recipe),
    }
    write_json(path, _numbers(found))
    if not trained_before:  # that of a published network of the same recipe is left to it
        checkpoint(its.spec).unlink(missing_ok=True)
    return path


def _material(spec: Spec) -> Material:
    """The corpus of a network; read once where several networks in turn read the same documents."""
    read = {key: getattr(spec.recipe, key) for key in ("n_words", "n_tokens", "validation_share", "n_documents")}
    return _read(Spec("", spec.dataset, "", 1, "", 0, Recipe(**read)))


@lru_cache(maxsize=1)
def _read(spec: Spec) -> Material:
    return publication.read(spec)


def _numbers(found):
    """The same with None for what is not finite, which JSON does not have, and Python's own numbers."""
    if isinstance(found, dict):
        return {key: _numbers(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_numbers(value) for value in found]
    return None if isinstance(found, float) and not math.isfinite(found) else found


@dataclass(frozen=True)
class Look:
    """Where a network goes while it reads test documents, and where it comes to rest without input."""

    states: Float[Tensor, "transition state"]  # before the token of each transition
    tokens: Int[Tensor, " transition"]
    length: float  # tokens of the mean document
    mean: Float[Tensor, " state"]
    spectrum: Float[Tensor, " axis"]  # variance along each principal axis of the states
    axes: Float[Tensor, "axis state"]
    points: FixedPoints  # at q < 1e-8
    drifting: FixedPoints  # at q < q_D

    @property
    def starts(self) -> Float[Tensor, "start state"]:
        return self.states[:N_STARTS]

    @classmethod
    def at(
        cls,
        cell: Cell,
        states: Float[Tensor, "transition state"],
        tokens: Int[Tensor, " transition"],
        length: float,
        visited: Float[Tensor, "visit state"],
    ) -> "Look":
        """Search for slow points from the first of `states`; `visited` are all states, for their principal axes."""
        mean, spectrum, axes = principal_components(visited)
        q_d = drift_tolerance(float(spectrum.sum()), cell.n_state, length)
        at = [find_fixed_points(cell, states[:N_STARTS], tolerance=tolerance) for tolerance in (TOLERANCE, q_d)]
        return cls(states, tokens, length, mean, spectrum, axes, *at)


@torch.no_grad()
def look(network: Network, test: Encoded) -> Look:
    """Run a network over a random sample of test documents and search for slow points; always the same transitions."""
    was_training = network.training
    rng = np.random.default_rng(0)
    visited, tokens, *_ = visit(network, sample(test, rng))
    before, after = visited[-1]
    kept = torch.from_numpy(rng.choice(len(tokens), min(N_TRANSITIONS, len(tokens)), replace=False))
    length = float(np.mean([len(document) for document in test.tokens]))
    network.train(was_training)
    return Look.at(network.cell, before[kept], tokens[kept], length, after)


def is_line(converged: float, first_axis: float, inside: float, spread: float) -> bool:
    """What the ledger calls a line, fixed in `claims.yaml` above R1; false where a value is not a number."""
    narrow, wide = LINE_SPREAD
    return converged >= 0.95 and first_axis >= 0.8 and inside >= 0.9 and narrow <= spread <= wide


@torch.no_grad()
def measures(network: Network, seen: Look) -> dict[str, float]:
    """The shape and speed of what is slow without input, and how far one linear step there is off.

    `converged`, `n_distinct`: share of the starts below 1e-8, and points at different places; `first_axis`, `inside`: share of
    the points' variance along m and within the states' first 3 components; `spread`: of the points along m, over the states';
    `drift_spread`: the same at q_D (`drift_tolerance`); `variance_3`: of the states, in 3 components; `one_step`: median
    relative error of one linear step; `tau`, `tau_over_length`: slowest time constant in tokens and in documents;
    `n_unstable`: median number of modes with |λ| > 1; `mean_word`: norm of the mean word
    vector over the median norm; `line`: `is_line`.
    """
    cell, points, embedding = network.cell, seen.points, network.embedding.weight
    kept, drifting, axes = points.states_or_slowest, seen.drifting.states_or_slowest, seen.axes[:3]
    first_axis = float(principal_axes(kept)[1][0])
    system = LinearSystem.at(cell, kept[distinct(kept)][:N_LINEARIZED])
    eigenvalues = torch.linalg.eigvals(system.recurrent[:N_MODES_AT].double())
    slowest = eigenvalues.gather(1, eigenvalues.abs().argmax(1, keepdim=True))
    tau = float(time_constants(slowest).median())
    found = {
        "converged": float(points.converged.double().mean()),
        "first_axis": first_axis,
        "inside": share_inside(kept, axes),
        "spread": spread_ratio(kept, seen.states, principal_axes(kept)[0][0]),
    }
    return found | {
        "n_distinct": len(distinct(kept)) if points.converged.any() else 0,
        "drift_tolerance": drift_tolerance(float(seen.spectrum.sum()), cell.n_state, seen.length),
        "drift_spread": spread_ratio(drifting, seen.states, principal_axes(drifting)[0][0]),
        "variance_3": float(explained(seen.spectrum)[2]),
        "one_step": float(one_step_errors(cell, system, seen.states, embedding[seen.tokens]).median()),
        "tau": tau,
        "tau_over_length": tau / seen.length,
        "n_unstable": float((eigenvalues.abs() > 1).sum(1).double().median()),
        "mean_word": float(embedding[1:].mean(0).norm() / embedding[2:].norm(dim=1).median()),
        "line": is_line(**found),
    }


@contextmanager
def after_each_step(watch: Callable[[], None]) -> Generator[None]:
    """Call `watch` whenever an optimiser of this process has made a step."""
    handle = register_optimizer_step_post_hook(lambda *_: watch())
    try:
        yield
    finally:
        handle.remove()


def follow(spec: Spec, material: Material) -> dict:
    """Train a network and measure it after every quarter epoch, from the same transitions of the test documents.

    Of `N_STRIP` moments, closer together at first, the points, states and exact fixed points are kept in the first two
    components of the states at the end.
    """
    cut = material.cut
    network = initial_network(spec, material.vocabulary, len(material.corpus.classes))
    per_epoch = math.ceil(len(cut["train"].labels) / spec.recipe.batch_size)
    due = {round(k * per_epoch / MOMENTS_PER_EPOCH) for k in range(1, MOMENTS_PER_EPOCH * spec.recipe.n_epochs + 1)}
    trail: list[tuple[dict, Look, ExactPoints]] = []
    n_steps = 0

    @torch.no_grad()
    def watch() -> None:
        nonlocal n_steps
        n_steps += 1
        if n_steps in due:
            seen = look(network, cut["test"])
            states = seen.points.states
            exact = exact_fixed_points(network.cell, states[evenly_along(states, principal_axes(states)[0][0], N_EXACT)])
            n_sinks = int((exact.n_unstable == 0).sum())
            counted = {"epoch": n_steps / per_epoch, "n_sinks": n_sinks, "n_saddles": len(exact.states) - n_sinks}
            trail.append((counted | measures(network, seen), seen, exact))

    with TemporaryDirectory() as folder, after_each_step(watch):
        kept = Path(folder, "now.safetensors")
        history = train(network, spec.recipe, spec.seed, cut["train"], cut["validation"], kept, spec.name)
    end = trail[-1][1]
    towards = torch.where(end.axes[:2] @ network.readout_axis < 0, -1.0, 1.0)
    plane = end.axes[:2] * towards[:, None]

    def flat(states: Tensor) -> list:
        return np.round(((states.to(plane) - end.mean) @ plane.T).numpy().astype(float), 4).tolist()

    chosen = np.unique(np.geomspace(1, len(trail), N_STRIP).round().astype(int)) - 1
    strip = [
        {
            "epoch": found["epoch"],
            "states": flat(seen.starts),
            "points": flat(seen.points.states_or_slowest),
            "drifting": flat(seen.drifting.states_or_slowest),
            "sinks": flat(exact.states[exact.n_unstable == 0]),
            "saddles": flat(exact.states[exact.n_unstable > 0]),
        }
        for found, seen, exact in (trail[i] for i in chosen)
    ]
    return _numbers(
        {
            "name": spec.name,
            "recipe": asdict(spec.recipe),
            "best_epoch": kept_epoch(history, spec.recipe.keep),
            "validation_accuracy": [entry["validation_accuracy"] for entry in history],
            "moments": [found for found, _, _ in trail],
            "strip": strip,
        }
    )


def table(design: str, folder: Path | None = None) -> pd.DataFrame:
    """What was measured in a design, one row a run; without the runs that are missing."""
    folder = folder or EXPERIMENTS
    paths = [path for name in runs(design) if (path := folder / f"{name}.json").exists()]
    return pd.DataFrame([json.loads(path.read_text(encoding="utf-8")) for path in paths])


def trails(folder: Path | None = None) -> dict[str, dict]:
    """What was measured of the networks that were followed, by name."""
    folder = folder or EXPERIMENTS
    paths = {name: folder / f"{FOLLOWED}{name}.json" for name in followed()}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in paths.items() if path.exists()}
