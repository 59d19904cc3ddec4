"""What a trained network leaves behind, so that no text is needed again: gather, save, load.

`networks/<name>/` holds config.json, metrics.json, vocabulary.txt, weights.safetensors and evidence.safetensors: numbers
and single words only, no document. A folder is written beside its place and renamed: it is whole or it is not there.
config.json has a checksum of each file and of what it says itself.
"""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from jaxtyping import Float, Int
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from lib.text.vocabulary import Vocabulary
from lib.training.network import Network
from lib.training.recipe import Recipe, initialize
from lib.training.schema import check

OTHER_SAMPLES = ("train", "shortest")  # random training documents; the shortest test documents


class FolderError(ValueError):
    """A network's folder is missing, damaged or not what it should be; the message names the remedy."""


@dataclass(frozen=True)
class LayerEvidence:
    """Where one layer went while it read test documents, trained and untrained."""

    states: Float[Tensor, "transition state"]  # before the token of each transition
    spectrum: Float[Tensor, " state"]  # variance along each principal axis, over all states
    untrained_spectrum: Float[Tensor, " state"]  # the same of the network as it was initialised
    mean: Float[Tensor, " state"]
    axes: Float[Tensor, "axis state"]  # the first principal axes, unit length
    density: Float[Tensor, "visit 3"]  # a larger sample, in the first three axes
    other_states: Float[Tensor, "sample start state"]  # states while reading the documents of `OTHER_SAMPLES`
    other_spectra: Float[Tensor, "sample state"]  # the spectrum over all their states

    def project(self, states: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch axis"]:
        """Coordinates of states in the principal axes."""
        return (states - self.mean.to(states)) @ self.axes.to(states).T


@dataclass(frozen=True)
class Transitions:
    """An unordered sample of (document, position) drawn over the analysed test documents."""

    tokens: Int[Tensor, " transition"]
    labels: Int[Tensor, " transition"]
    positions: Int[Tensor, " transition"]  # tokens read before this one
    lengths: Int[Tensor, " transition"]  # of the document
    density_labels: Int[Tensor, " visit"]


@dataclass(frozen=True)
class Evidence:
    """Everything `evidence.safetensors` holds. `documents` are per test document, `words` per word of the vocabulary."""

    layers: list[LayerEvidence]
    transitions: Transitions
    documents: dict[str, Float[Tensor, "document ..."]]
    words: dict[str, Float[Tensor, "... word"]]
    rollout_error: Float[Tensor, "step quantile"] | None = None  # linearized against true states, on test documents


@dataclass(frozen=True)
class Saved:
    """A network's folder, loaded."""

    name: str
    config: dict
    metrics: dict
    vocabulary: Vocabulary
    network: Network
    evidence: Evidence
    checksum: str


def save(folder: Path, config: dict, metrics: dict, vocabulary: Vocabulary, network: Network, evidence: Evidence) -> None:
    """Write a network's folder: beside its place first, then renamed. An older folder of that name is replaced."""
    partial, old = (folder.with_name(f".{folder.name}.{kind}") for kind in ("partial", "old"))
    for left in (partial, old):
        shutil.rmtree(left, ignore_errors=True)
    partial.mkdir(parents=True)
    weights = {k: v.half() if k.startswith("embedding") else v for k, v in network.state_dict().items()}
    save_file({k: v.contiguous() for k, v in weights.items()}, partial / "weights.safetensors")
    save_file(_flatten(evidence), partial / "evidence.safetensors")
    (partial / "vocabulary.txt").write_text("\n".join(vocabulary.words) + "\n", encoding="utf-8")
    (partial / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    sums = {path.name: _sha256(path) for path in sorted(partial.iterdir())} | {"config.json": _said(config)}
    (partial / "config.json").write_text(json.dumps(config | {"checksums": sums}, indent=1) + "\n", encoding="utf-8")
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def remedy(name: str) -> str:
    """What to do where a network's folder is missing or damaged."""
    return f"restore it from the repository, or run `make train NETWORK={name}`"


def load(folder: Path) -> Saved:
    """A published network. Raises FolderError where a file is missing, was changed or does not fit the others."""
    name = folder.name
    if not folder.is_dir():
        raise FolderError(f"There is no network {name} under {folder.parent.name}/: {remedy(name)}.")
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        check(config)
        for file, expected in config["checksums"].items():
            if (_said(config) if file == "config.json" else _sha256(folder / file)) != expected:
                raise FolderError(f"{name}/{file} is damaged (its checksum differs): {remedy(name)}.")
        if config["name"] != name:
            raise FolderError(f"The folder {name} holds the network {config['name']}: call it by that name.")
        metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
        vocabulary = Vocabulary(tuple((folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:-1]))
        recipe = config["recipe"]
        sizes = len(vocabulary), recipe["n_input"], recipe["n_units"], config["n_layers"]
        network = Network(config["architecture"], *sizes, n_classes=_n_classes(config))
        network.load_state_dict({k: v.float() for k, v in load_file(folder / "weights.safetensors").items()})
        evidence = _unflatten(load_file(folder / "evidence.safetensors"), config["n_layers"])
        evidence.layers[-1] = turned(evidence.layers[-1], network.readout_axis)
    except FolderError:
        raise
    except (OSError, AttributeError, KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise FolderError(f"The folder of {name} cannot be read ({error}): {remedy(name)}.") from error
    identity = _sha256(folder / "config.json")
    return Saved(name, config, metrics, vocabulary, network.eval().requires_grad_(False), evidence, identity)


def before_training(saved: Saved) -> Network:
    """The network as its seed drew it, but for the word vectors, which are the trained ones."""
    config, recipe = saved.config, Recipe(**saved.config["recipe"])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config["seed"])
        network = initialize(config["architecture"], len(saved.vocabulary), config["n_layers"], recipe, _n_classes(config))
    network.embedding = saved.network.embedding
    return network.eval().requires_grad_(False)


def _n_classes(config: dict) -> int:
    """Two, unless the folder says what its classes are."""
    return len(config.get("classes", ("negative", "positive")))


_HALF = {"states", "density", "elsewhere", "documents", "rollout_error"}
_SMALL = {torch.int64: torch.int16}
_IN_FILE = {"other_states": "elsewhere", "other_spectra": "spectra_elsewhere"}  # fields that the file calls otherwise


def _flatten(evidence: Evidence) -> dict[str, Tensor]:
    found = {
        f"layer{n}.{_IN_FILE.get(key, key)}": value
        for n, layer in enumerate(evidence.layers)
        for key, value in asdict(layer).items()
    }
    found |= {f"transitions.{key}": value for key, value in asdict(evidence.transitions).items()}
    found |= {f"documents.{key}": value for key, value in evidence.documents.items()}
    found |= {f"words.{key}": value for key, value in evidence.words.items()}
    if evidence.rollout_error is not None:
        found["rollout_error"] = evidence.rollout_error
    return {key: _shrink(key, value).contiguous() for key, value in found.items()}


def _shrink(key: str, value: Tensor) -> Tensor:
    return value.half() if _HALF & set(key.split(".")) else value.to(_SMALL.get(value.dtype, value.dtype))


def _unflatten(tensors: dict[str, Tensor], n_layers: int) -> Evidence:
    tensors = {k: v.float() if v.dtype.is_floating_point else v.long() for k, v in tensors.items()}

    def part(prefix: str) -> dict[str, Tensor]:
        return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}

    fields = {in_file: field for field, in_file in _IN_FILE.items()}
    layers = [
        LayerEvidence(**{fields.get(key, key): value for key, value in part(f"layer{n}.").items()}) for n in range(n_layers)
    ]
    transitions = Transitions(**part("transitions."))
    return Evidence(layers, transitions, part("documents."), part("words."), tensors.get("rollout_error"))


def turned(layer: LayerEvidence, readout_axis: Float[Tensor, " state"]) -> LayerEvidence:
    """A layer with its principal axes, whose sign is arbitrary, turned towards the positive end of the readout."""
    sign = torch.where(layer.axes @ readout_axis < 0, -1.0, 1.0)
    return replace(layer, axes=layer.axes * sign[:, None], density=layer.density * sign[:3])


def _said(config: dict) -> str:
    """SHA-256 of what a config says, but for the checksums in it."""
    said = {key: value for key, value in config.items() if key != "checksums"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
