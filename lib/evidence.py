"""What a trained network leaves behind, so that no text is needed again: gather, save, load.

`networks/<name>/` holds config.json, metrics.json, vocabulary.txt, weights.safetensors and evidence.safetensors: numbers
and single words only, no document. A folder is written beside its place and renamed: it is whole or it is not there.
"""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from lib.network import Network
from lib.training import Encoded, Recipe, batches, draw, pad
from lib.vocabulary import Vocabulary

N_DOCUMENTS = 1_000  # random test documents whose states are analysed (paper A, §4.1)
N_TRANSITIONS = 2_000  # states kept whole of each layer,
N_STATES = 4_800  # and at most of all layers of a stack
N_ELSEWHERE = 150  # states kept of each other sample of documents
N_DENSITY = 20_000  # states kept in their first three principal components
N_AXES = 10
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
    elsewhere: Float[Tensor, "sample start state"]  # states while reading the documents of `OTHER_SAMPLES`
    spectra_elsewhere: Float[Tensor, "sample state"]  # the spectrum over all their states

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
    documents: dict[str, Float[Tensor, " document"]]
    words: dict[str, Float[Tensor, " word"]]
    rollout_error: Float[Tensor, "step quantile"] | None = None  # linearized against true states, on test documents


@dataclass(frozen=True)
class Published:
    """A network's folder, loaded."""

    name: str
    config: dict
    metrics: dict
    vocabulary: Vocabulary
    network: Network
    evidence: Evidence
    checksum: str


def sample(documents: Encoded, rng: np.random.Generator) -> Encoded:
    """A random sample of `N_DOCUMENTS` documents, or all where there are fewer."""
    return documents.take(rng.choice(len(documents.labels), min(N_DOCUMENTS, len(documents.labels)), replace=False))


@torch.no_grad()
def gather(
    network: Network, untrained: Network, test: Encoded, others: dict[str, Encoded], seed: int = 0
) -> tuple[list[LayerEvidence], Transitions]:
    """Run both networks over a random sample of test documents and keep what the analysis needs (paper A, §4.1).

    `others` are the documents of each of `OTHER_SAMPLES`, over which the trained network runs as well.
    """
    rng = np.random.default_rng(seed)
    chosen = sample(test, rng)
    visited, tokens, labels, positions, lengths = visit(network, chosen)
    n = len(tokens)
    kept = torch.from_numpy(rng.choice(n, min(N_TRANSITIONS, N_STATES // len(visited), n), replace=False))
    seen = torch.from_numpy(rng.choice(n, min(N_DENSITY, n), replace=False))
    elsewhere = [_elsewhere(network, others[key], rng) for key in OTHER_SAMPLES]
    layers = []
    for i, ((before, after), (_, untrained_after)) in enumerate(zip(visited, visit(untrained, chosen)[0], strict=True)):
        mean, spectrum, axes = principal_components(after)
        layers.append(
            LayerEvidence(
                states=before[kept].half().float(),
                spectrum=spectrum,
                untrained_spectrum=principal_components(untrained_after)[1],
                mean=mean,
                axes=axes[:N_AXES],
                density=(after[seen] - mean) @ axes[:3].T,
                elsewhere=torch.stack([found[i][0] for found in elsewhere]).half().float(),
                spectra_elsewhere=torch.stack([found[i][1] for found in elsewhere]),
            )
        )
    picked = (values[kept] for values in (tokens, labels, positions, lengths))
    return layers, Transitions(*picked, density_labels=labels[seen])


def _elsewhere(network: Network, documents: Encoded, rng: np.random.Generator) -> list[tuple[Tensor, Tensor]]:
    """A few states before a token, and the spectrum over all states, a pair a layer."""
    visited, tokens, *_ = visit(network, documents)
    kept = torch.from_numpy(rng.choice(len(tokens), N_ELSEWHERE, replace=False))
    return [(before[kept], principal_components(after)[1]) for before, after in visited]


def visit(network: Network, sample: Encoded):
    """States before and after every token of the sample, a pair a layer; and the tokens, labels, positions, lengths."""
    network.eval()
    states: list[list] = [[] for _ in network.layers]
    facts = []
    for batch in batches(sample, 64):
        tokens, lengths = pad([sample.tokens[i] for i in batch])
        positions = torch.arange(len(tokens))[:, None].expand_as(tokens)
        real = positions < lengths
        labels = torch.tensor(sample.labels[batch]).long().expand_as(tokens)
        facts.append(torch.stack([x[real] for x in (tokens, labels, positions, lengths.expand_as(tokens))]))
        for kept, after in zip(states, network.states(tokens), strict=True):
            before = torch.cat((torch.zeros_like(after[:1]), after[:-1]))
            kept.append(torch.stack((before[real], after[real])))
    return [torch.cat(kept, 1) for kept in states], *torch.cat(facts, 1)


def principal_components(states: Float[Tensor, "visit state"]):
    """Mean, variances in decreasing order and axes [axis, state] of a cloud of states, in double precision."""
    mean = states.double().mean(0)
    covariance = sum((chunk.double() - mean).T @ (chunk.double() - mean) for chunk in states.split(20_000)) / len(states)
    variances, axes = torch.linalg.eigh(covariance)
    return mean.float(), variances.flip(0).clamp(min=0).float(), axes.flip(1).T.float().contiguous()


def save(folder: Path, config: dict, metrics: dict, vocabulary: Vocabulary, network: Network, evidence: Evidence) -> None:
    """Write a network's folder: beside its place first, then renamed. An older folder of that name is replaced."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    weights = {k: v.half() if k.startswith("embedding") else v for k, v in network.state_dict().items()}
    save_file({k: v.contiguous() for k, v in weights.items()}, partial / "weights.safetensors")
    save_file(_flatten(evidence), partial / "evidence.safetensors")
    (partial / "vocabulary.txt").write_text("\n".join(vocabulary.words) + "\n", encoding="utf-8")
    (partial / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    sums = {path.name: _sha256(path) for path in sorted(partial.iterdir())}
    (partial / "config.json").write_text(json.dumps(config | {"checksums": sums}, indent=1) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def load(folder: Path) -> Published:
    """A published network. Raises FolderError where a file is missing, was changed or does not fit the others."""
    name = folder.name
    remedy = f"restore it from the repository, or run `make train NETWORK={name}`"
    if not folder.is_dir():
        raise FolderError(f"There is no network {name} under {folder.parent.name}/: {remedy}.")
    try:
        config = json.loads((folder / "config.json").read_text())
        for file, expected in config["checksums"].items():
            if _sha256(folder / file) != expected:
                raise FolderError(f"{name}/{file} is damaged (its checksum differs): {remedy}.")
        metrics = json.loads((folder / "metrics.json").read_text())
        vocabulary = Vocabulary(tuple((folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:-1]))
        recipe = config["recipe"]
        network = Network(config["architecture"], len(vocabulary), recipe["n_input"], recipe["n_units"], config["n_layers"])
        network.load_state_dict({k: v.float() for k, v in load_file(folder / "weights.safetensors").items()})
        evidence = _unflatten(load_file(folder / "evidence.safetensors"), config["n_layers"])
        evidence.layers[-1] = turned(evidence.layers[-1], network.readout_axis)
    except FolderError:
        raise
    except (OSError, AttributeError, KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise FolderError(f"The folder of {name} cannot be read ({error}): {remedy}.") from error
    checksum = _sha256(folder / "config.json")
    return Published(name, config, metrics, vocabulary, network.eval().requires_grad_(False), evidence, checksum)


def before_training(published: Published) -> Network:
    """The network as its seed drew it, but for the word vectors, which are the trained ones."""
    config, recipe = published.config, Recipe(**published.config["recipe"])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config["seed"])
        network = draw(config["architecture"], len(published.vocabulary), config["n_layers"], recipe)
    network.embedding = published.network.embedding
    return network.eval().requires_grad_(False)


_HALF = {"states", "density", "elsewhere", "documents", "rollout_error"}
_SMALL = {torch.int64: torch.int16}


def _flatten(evidence: Evidence) -> dict[str, Tensor]:
    found = {f"layer{n}.{key}": value for n, layer in enumerate(evidence.layers) for key, value in asdict(layer).items()}
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

    layers = [LayerEvidence(**part(f"layer{n}.")) for n in range(n_layers)]
    transitions = Transitions(**part("transitions."))
    return Evidence(layers, transitions, part("documents."), part("words."), tensors.get("rollout_error"))


def turned(layer: LayerEvidence, readout_axis: Float[Tensor, " state"]) -> LayerEvidence:
    """A layer with its principal axes, whose sign is arbitrary, turned towards the positive end of the readout."""
    sign = torch.where(layer.axes @ readout_axis < 0, -1.0, 1.0)
    return replace(layer, axes=layer.axes * sign[:, None], density=layer.density * sign[:3])


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
