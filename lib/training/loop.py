"""Training: batches by length, Adam, the best epoch on validation documents, and a checkpoint an epoch to resume from."""

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Float
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from tqdm import tqdm

from lib.text.documents import Encoded, batches, pad
from lib.training.network import Network
from lib.training.recipe import KEPT, Recipe

DECAY_STEPS = 1_000  # Adam's steps over which the learning rate falls by `Recipe.decay`


class TrainingError(RuntimeError):
    """Training cannot go on; the message says why and what to change."""


def reproducible(seed: int, n_threads: int = 1) -> None:
    """Same seed, same bits: seeds torch and fixes the number of threads."""
    torch.manual_seed(seed)
    torch.set_num_threads(n_threads)
    torch.use_deterministic_algorithms(True, warn_only=True)


@torch.no_grad()
def logits(network: Network, documents: Encoded, size: int = 256) -> Float[Tensor, "document *class"]:
    """The network's logit of each document, or logits with more than two classes, without dropout."""
    device = next(network.parameters()).device
    network.eval()
    n_logits = network.readout.out_features
    found = torch.empty(len(documents.labels), *([n_logits] if n_logits > 1 else []))
    for batch in batches(documents, size):
        tokens, lengths = pad([documents.tokens[i] for i in batch])
        found[torch.from_numpy(batch)] = network(tokens.to(device), lengths.to(device)).cpu()
    return found


def score(found: Float[Tensor, "document *class"], labels: np.ndarray) -> dict[str, float]:
    """Cross entropy and accuracy of logits."""
    truth = torch.tensor(labels).to(found)
    return {"loss": _loss(found, truth).item(), "accuracy": _right(found, truth).double().mean().item()}


def _loss(found: Float[Tensor, "document *class"], truth: Float[Tensor, " document"]) -> Float[Tensor, ""]:
    """Mean cross entropy: binary where a document has one logit."""
    return binary_cross_entropy_with_logits(found, truth) if found.ndim == 1 else cross_entropy(found, truth.long())


def _right(found: Float[Tensor, "document *class"], truth: Float[Tensor, " document"]) -> Bool[Tensor, " document"]:
    """Which documents are classified as their label says."""
    return ((found > 0) if found.ndim == 1 else found.argmax(-1)) == truth


def train(
    network: Network, recipe: Recipe, seed: int, training: Encoded, validation: Encoded, checkpoint: Path, title: str = ""
) -> list[dict[str, float]]:
    """Train `network` in place, leave it with the weights of the epoch that `recipe.keep` names, and return an entry an epoch.

    Each epoch ends with a checkpoint; a run that was killed continues from there and ends with the same bits as one that
    was not, because an epoch draws all its random numbers from (seed, epoch). Raises TrainingError where the loss is no
    longer a number, or the checkpoint belongs to another recipe or corpus, and ValueError where `recipe.keep` is unknown.
    """
    if recipe.keep not in KEPT:
        raise ValueError(f'The weights to keep are those of {", ".join(KEPT)}; the recipe says "{recipe.keep}".')
    content = zlib.crc32(np.concatenate([*training.tokens, *validation.tokens]).tobytes())
    made_with = json.dumps({"recipe": asdict(recipe), "seed": seed, "documents": content}, sort_keys=True)
    optimizer = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    history = _resume(checkpoint, made_with, network, optimizer) if checkpoint.exists() else []
    for epoch in range(len(history), recipe.n_epochs):
        if history and epoch - best_epoch(history, recipe.keep) >= recipe.patience:
            break
        entry = _epoch(network, optimizer, recipe, seed, epoch, training, title)
        history.append(entry | {f"validation_{k}": v for k, v in score(logits(network, validation), validation.labels).items()})
        _checkpoint(checkpoint, made_with, network, optimizer, history, best_epoch(history, recipe.keep) == len(history))
    network.load_state_dict(_load(checkpoint, "now." if recipe.keep == "last" else "best."))
    return history


def best_epoch(history: Sequence[dict[str, float]], keep: str) -> int:
    """The best epoch, counted from 1, by what a recipe keeps: validation accuracy (of equals the lower loss), or loss."""

    def worse(i: int) -> tuple[float, float]:
        loss = history[i]["validation_loss"]
        return (-history[i]["validation_accuracy"], loss) if keep == "accuracy" else (loss, 0.0)

    return 1 + min(range(len(history)), key=worse)


def kept_epoch(history: Sequence[dict[str, float]], keep: str) -> int:
    """The epoch whose weights a recipe keeps, counted from 1."""
    return len(history) if keep == "last" else best_epoch(history, keep)


def learning_rate(recipe: Recipe, step: int) -> float:
    """Adam's learning rate after a number of steps, α d^(step / 1,000)."""
    return recipe.learning_rate * recipe.decay ** (step / DECAY_STEPS)


def _epoch(network, optimizer, recipe, seed, epoch, training, title) -> dict[str, float]:
    """One pass over the training documents; returns loss and accuracy as met on the way, with dropout."""
    device = next(network.parameters()).device
    torch.manual_seed(1000 * seed + epoch)
    rng = np.random.default_rng((seed, epoch))
    labels = torch.tensor(training.labels).float()
    network.train()
    loss_sum = n_right = n_tokens = 0
    total = sum(len(tokens) for tokens in training.tokens)
    with tqdm(
        total=total, unit="token", unit_scale=True, mininterval=1, desc=f"{title} epoch {epoch + 1}/{recipe.n_epochs}"
    ) as bar:
        first = epoch * math.ceil(len(training.labels) / recipe.batch_size)
        for step, batch in enumerate(batches(training, recipe.batch_size, rng), first):
            optimizer.param_groups[0]["lr"] = learning_rate(recipe, step)
            tokens, lengths = pad([training.tokens[i] for i in batch])
            truth = labels[batch].to(device)
            found = network(tokens.to(device), lengths.to(device))
            loss = _loss(found, truth)
            if not math.isfinite(loss.item()):
                raise TrainingError(
                    f"{title}: the loss became {loss.item()} in epoch {epoch + 1}: lower the learning rate "
                    f"(now {recipe.learning_rate:g}) or clip the gradient (now {recipe.clip})."
                )
            optimizer.zero_grad()
            loss.backward()
            if recipe.clip is not None:
                torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
            optimizer.step()
            loss_sum += loss.item() * len(batch)
            n_right += _right(found, truth).sum().item()
            n_tokens += int(lengths.sum())
            bar.update(int(lengths.sum()))
        seconds = bar.format_dict["elapsed"]
    n = len(training.labels)
    return {"loss": loss_sum / n, "accuracy": n_right / n, "seconds": seconds, "tokens_per_second": n_tokens / seconds}


def _checkpoint(path: Path, made_with: str, network, optimizer, history, is_best: bool) -> None:
    """Weights, the best weights so far and the optimiser's moments, written beside and renamed."""
    tensors = {f"now.{name}": value for name, value in network.state_dict().items()}
    source = network.state_dict() if is_best else _load(path, "best.")
    tensors |= {f"best.{name}": value.clone() for name, value in source.items()}
    for i, moments in optimizer.state_dict()["state"].items():
        tensors |= {f"adam.{i}.{name}": value for name, value in moments.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, {"made_with": made_with, "history": json.dumps(history)})
    partial.replace(path)


def _resume(path: Path, made_with: str, network, optimizer) -> list[dict[str, float]]:
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata()
    except SafetensorError as error:
        raise TrainingError(f"The checkpoint {path} is damaged ({error}): delete it to train anew.") from error
    if metadata["made_with"] != made_with:
        raise TrainingError(f"The checkpoint {path} belongs to another recipe or corpus: delete it to train anew.")
    network.load_state_dict(_load(path, "now."))
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in _load(path, "adam.").items():
        i, moment = name.split(".", 1)
        state.setdefault(int(i), {})[moment] = value
    optimizer.load_state_dict(optimizer.state_dict() | {"state": state})
    return json.loads(metadata["history"])


def _load(path: Path, prefix: str) -> dict[str, Tensor]:
    with safe_open(path, "pt") as file:
        return {name.removeprefix(prefix): file.get_tensor(name) for name in list(file.keys()) if name.startswith(prefix)}
