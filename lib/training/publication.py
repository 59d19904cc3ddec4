"""From a network's name to its folder: the only step that reads text. Corpus → training → evidence → `networks/<name>/`."""

import copy
import json
import os
import platform
import time
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import sklearn
import torch
from jaxtyping import Float
from torch import Tensor

from lib.dynamics.fixed_points import find_fixed_points
from lib.dynamics.linearization import LinearSystem, relative_error, rollout
from lib.dynamics.manifold import evenly_along, principal_axes
from lib.text.bag_of_words import class_counts, fit_bag_of_words
from lib.text.corpora import SPLITS, Corpus, load_corpus
from lib.text.documents import Encoded, pad
from lib.text.vocabulary import Vocabulary, tokenize, word_vectors
from lib.training.catalogue import NETWORKS, ROOT, Spec, spec_of
from lib.training.evidence import N_DOCUMENTS, gather, sample
from lib.training.folder import Evidence, LayerEvidence, save
from lib.training.loop import kept_epoch, logits, reproducible, score, train
from lib.training.network import Network, linearized_network
from lib.training.recipe import initialize

CHECKPOINTS = ROOT / "_build" / "checkpoints"
N_STARTS = 200  # starts of the search for points to linearize at
N_SYSTEMS = 11  # linear systems tried along the manifold; validation accuracy chooses
ROLLOUT_START, ROLLOUT_STEPS, ROLLOUT_DOCUMENTS = 10, 100, 200


@dataclass(frozen=True)
class Material:
    """A corpus as token ids: whole documents for the bag of words, cut ones for the network."""

    corpus: Corpus
    vocabulary: Vocabulary
    whole: dict[str, Encoded]
    cut: dict[str, Encoded]


def data_dir() -> Path | None:
    """The folder DATA_DIR names, or None to fetch the public corpora."""
    return Path(os.environ["DATA_DIR"]) if os.environ.get("DATA_DIR") else None


def read(spec: Spec) -> Material:
    """Load, tokenize and encode the corpus of a network; print what is to be known of it."""
    corpus = load_corpus(spec.dataset, data_dir()).drawn(spec.recipe.validation_share, spec.recipe.n_documents)
    for note in corpus.notes:
        print(note)
    tokenized = {split: [tokenize(text) for text in getattr(corpus, split).texts] for split in SPLITS}
    vocabulary = Vocabulary.of(tokenized["train"], spec.recipe.n_words)
    whole = {
        split: Encoded([vocabulary.encode(tokens) for tokens in documents], getattr(corpus, split).labels)
        for split, documents in tokenized.items()
    }
    return Material(corpus, vocabulary, whole, {k: v.cut(spec.recipe.n_tokens) for k, v in whole.items()})


def initial_network(spec: Spec, vocabulary: Vocabulary, n_classes: int = 2) -> Network:
    """The network as its seed makes it, with pretrained word vectors where the recipe says so."""
    recipe = spec.recipe
    reproducible(spec.seed)
    network = initialize(spec.architecture, len(vocabulary), spec.n_layers, recipe, n_classes)
    if recipe.word_vectors in ("glove", "centred"):
        vectors = torch.from_numpy(word_vectors(vocabulary, recipe.n_input, data_dir()))
        network.embedding.weight.data = vectors if recipe.word_vectors == "glove" else centred(vectors)
    return network


def centred(vectors: Float[Tensor, "word input"]) -> Float[Tensor, "word input"]:
    """Word vectors less their mean, scaled to the median norm of orthogonal ones of the same size; words without one stay 0."""
    known = vectors.norm(dim=1) > 0
    moved = vectors[known] - vectors[known].mean(0)
    scale = (vectors.shape[1] / len(vectors)) ** 0.5 / moved.norm(dim=1).median()
    return torch.zeros_like(vectors).masked_scatter(known[:, None], scale * moved)


def checkpoint(spec: Spec) -> Path:
    """Where a training is kept until it is published: by its recipe, so that a trial and a network of one recipe share it."""
    made_with = json.dumps({"recipe": asdict(spec.recipe), "seed": spec.seed}, sort_keys=True)
    stem = f"{spec.dataset}-{spec.architecture}{spec.n_layers}-seed{spec.seed}"
    return CHECKPOINTS / f"{stem}-{zlib.crc32(made_with.encode()):08x}.safetensors"


def fit(spec: Spec, material: Material) -> tuple[Network, Network, list[dict[str, float]]]:
    """Train a network: the trained one, the same before training, and what happened in each epoch."""
    network = initial_network(spec, material.vocabulary, len(material.corpus.classes))
    untrained = copy.deepcopy(network)
    network.to("cuda" if torch.cuda.is_available() else "cpu")
    cut = material.cut
    history = train(network, spec.recipe, spec.seed, cut["train"], cut["validation"], checkpoint(spec), spec.name)
    return network, untrained, history


def publish(name: str, folder: Path | None = None) -> Path:
    """Train the network `name`, gather its evidence and write its folder (`networks/<name>/` by default)."""
    spec = spec_of(name)
    started = time.monotonic()
    material = read(spec)
    network, untrained, history = fit(spec, material)
    device = next(network.parameters()).device.type
    cut = material.cut
    network.cpu().eval().requires_grad_(False)
    network.embedding.weight.data = network.embedding.weight.half().float()  # what is published is what is measured

    found = {split: logits(network, cut[split]) for split in SPLITS}
    bag = fit_bag_of_words(material.whole["train"], material.whole["validation"], len(material.vocabulary))
    documents = {
        "labels": torch.tensor(cut["test"].labels).float(),
        "logits": found["test"],
        "bag_of_words": bag.logits(material.whole["test"]),
    }
    words = {"bag_of_words": bag.coefficients, "document_frequency": bag.document_frequency}
    if material.corpus.evidence is not None:
        truth = [material.corpus.evidence.get(word, 0.0) for word in material.vocabulary.words]
        words["true_evidence"] = torch.tensor(truth)
    if (n_classes := len(material.corpus.classes)) > 2:
        words["class_counts"] = class_counts(material.whole["train"], n_classes, len(material.vocabulary))
    layers, transitions = gather(network, untrained.eval(), cut["test"], others=other_samples(cut))
    metrics = {
        "history": history,
        "best_epoch": kept_epoch(history, spec.recipe.keep),
        "scores": {split: score(values, cut[split].labels) for split, values in found.items()},
        "bag_of_words": score(documents["bag_of_words"], cut["test"].labels) | {"penalty": bag.penalty},
    }
    error = None
    if spec.n_layers == 1:
        systems = _systems(network, layers[0])
        metrics["linearized"], linearized = _linearized(network, systems, cut)
        documents |= linearized
        error = _rollout_error(network, systems, cut["test"])
    config = _config(spec, material, device, time.monotonic() - started, sum(entry["seconds"] for entry in history))
    evidence = Evidence(layers, transitions, documents, words, error)
    folder = folder or NETWORKS / name
    save(folder, config, metrics, material.vocabulary, network, evidence)
    return folder


def other_samples(cut: dict[str, Encoded]) -> dict[str, Encoded]:
    """The documents that stand in for random test documents where the choice of documents is questioned: random training
    documents, and the shortest test documents, which paper B's released analysis took."""
    shortest = np.argsort([len(tokens) for tokens in cut["test"].tokens], kind="stable")[:N_DOCUMENTS]
    return {"train": sample(cut["train"], np.random.default_rng(0)), "shortest": cut["test"].take(shortest)}


def _systems(network: Network, layer: LayerEvidence) -> LinearSystem:
    """Linear systems at slow points spread evenly along the manifold; the point of lowest speed where no start converged."""
    states = find_fixed_points(network.cell, layer.states[:N_STARTS]).states_or_slowest
    return LinearSystem.at(network.cell, states[evenly_along(states, principal_axes(states)[0][0], N_SYSTEMS)])


def _linearized(network: Network, systems: LinearSystem, cut: dict[str, Encoded]) -> tuple[dict, dict[str, Tensor]]:
    """Classify documents with one linear system in place of the network (paper A, §5).

    Two choices of the fixed point: the middle of the manifold, and the one that does best on the validation split.
    """
    networks = [linearized_network(network, systems[i]) for i in range(len(systems.fixed_point))]

    def classify(i: int, split: str) -> Float[Tensor, "document *class"]:
        return logits(networks[i], cut[split]).nan_to_num(0.0, posinf=1e4, neginf=-1e4).clamp(-1e4, 1e4)

    validation = [score(classify(i, "validation"), cut["validation"].labels)["accuracy"] for i in range(len(networks))]
    best, middle = int(np.argmax(validation)), len(networks) // 2
    documents = {"linearized": classify(best, "test"), "linearized_middle": classify(middle, "test")}
    accuracy = {key: score(found, cut["test"].labels)["accuracy"] for key, found in documents.items()}
    return {"validation_accuracy": validation, "test_accuracy": accuracy}, documents


def _rollout_error(network: Network, systems: LinearSystem, test: Encoded) -> Float[Tensor, "step quantile"] | None:
    """10 %, 50 % and 90 % quantiles over test documents of the relative error after 1, 2, … linear steps.

    The first `ROLLOUT_START` tokens are read by the network; from there both systems run on. None where documents are
    too short.
    """
    long = [tokens for tokens in test.tokens if len(tokens) >= ROLLOUT_START + ROLLOUT_STEPS]
    if len(long) < 20:
        return None
    chosen = np.random.default_rng(0).choice(len(long), min(ROLLOUT_DOCUMENTS, len(long)), replace=False)
    tokens, _ = pad([long[i][: ROLLOUT_START + ROLLOUT_STEPS] for i in chosen])
    start = network.states(tokens[:ROLLOUT_START])[0][-1]
    errors = []
    for i in range(len(chosen)):
        inputs = network.embedding(tokens[ROLLOUT_START:, i : i + 1])
        true, linear = rollout(network.cell, systems, start[i : i + 1], inputs)
        errors.append(relative_error(linear, true)[:, 0].nan_to_num(1e4, posinf=1e4).clamp(max=1e4))
    return torch.stack(errors).quantile(torch.tensor([0.1, 0.5, 0.9]), dim=0).T


def _config(spec: Spec, material: Material, device: str, seconds: float, training_seconds: float) -> dict:
    classes = material.corpus.classes
    return {
        "name": spec.name,
        "dataset": spec.dataset,
        "title": material.corpus.title,
        "architecture": spec.architecture,
        "n_layers": spec.n_layers,
        "variant": spec.variant,
        "seed": spec.seed,
        **({"classes": classes} if len(classes) > 2 else {}),
        "recipe": asdict(spec.recipe),
        "documents": {split: len(material.whole[split].labels) for split in SPLITS},
        "mean_length": {
            "whole": float(np.mean([len(tokens) for tokens in material.whole["test"].tokens])),
            "cut": float(np.mean([len(tokens) for tokens in material.cut["test"].tokens])),
        },
        "unknown_share": float(np.mean(np.concatenate(material.whole["test"].tokens) == 1)),
        "fingerprints": material.corpus.fingerprints,
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "device": f"{device}, {torch.get_num_threads()} thread(s), {platform.machine()}",
        "training_seconds": training_seconds,
        "seconds": seconds,
    }
