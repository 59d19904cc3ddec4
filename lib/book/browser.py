"""A published network as a script that a page loads, so that `book/_static/network.js` reads a review with it.

Opened from the disk, a page may load scripts and fetch nothing. Weights are therefore numbers of 16 bits in base64, of the most
frequent words alone.
"""

import base64
import copy
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
import yaml
from IPython.display import HTML
from jaxtyping import Float
from torch import Tensor, nn

from lib.book.html import render
from lib.book.portrait import HALF_WAY
from lib.book.searches import drift_speed, fixed_points, linearize
from lib.dynamics.fixed_points import FixedPoints
from lib.dynamics.manifold import examples_along, manifold_axis, radius
from lib.text.documents import pad
from lib.training.folder import Saved
from lib.training.network import Network

N_WORDS = 3_800  # of each vocabulary: three networks then take 6 MB
PRESETS = Path(__file__).with_name("presets.yaml")
NAMES = {"vanilla": "vanilla RNN"}


@dataclass(frozen=True)
class Preset:
    """A text to begin with: what it teaches, its true valence, what each network makes of it, and which one to compare with."""

    name: str
    text: str
    note: str
    truth: str
    verdicts: dict[str, str]
    beside: str


def presets() -> list[Preset]:
    """The texts of `presets.yaml`."""
    return [Preset(**entry) for entry in yaml.safe_load(PRESETS.read_text(encoding="utf-8"))]


def label(saved: Saved) -> str:
    """A network as the page calls it: GRU, Yelp."""
    architecture, title = saved.config["architecture"], saved.config["title"]
    return f"{NAMES.get(architecture, architecture.upper())}, {title.removesuffix(' subset')}"


def in_16_bits(network: Network, n_words: int) -> Network:
    """A network of one layer with its first `n_words` words, every weight rounded to 16 bits: what the browser reads with.

    Raises ValueError for a stack, and for a network of more than two classes.
    """
    if len(network.layers) > 1 or len(network.readout_rows) > 1:
        raise ValueError("In the browser only networks of one layer and two classes can read.")
    cut = copy.deepcopy(network)
    cut.embedding = nn.Embedding.from_pretrained(network.embedding.weight[:n_words])
    for parameter in cut.parameters():
        parameter.data = parameter.data.half().float()
    return cut.eval().requires_grad_(False)


def weights_of(network: Network, n_words: int) -> dict[str, str]:
    """The weights that `network.js` names, in base64."""
    named = in_16_bits(network, n_words).state_dict().items()
    return {name.removeprefix("layers.0.").replace("embedding.weight", "embedding"): encoded(value) for name, value in named}


def encoded(values: Tensor) -> str:
    """Numbers of 16 bits, little-endian, in base64."""
    return base64.b64encode(values.half().numpy().astype("<f2").tobytes()).decode()


def push(saved: Saved, points: FixedPoints) -> Float[Tensor, " input"]:
    """Jᵀ_inp ℓ₁ half-way along the line: times a word's vector, that is its input projection (paper A, §4.5)."""
    system, modes = linearize(saved, points)
    at = examples_along(system.fixed_point, manifold_axis(system.fixed_point, saved.network.readout_axis))[HALF_WAY]
    return modes.left[at, 0].real.float() @ system.inward[at]


def density(saved: Saved, bins: tuple[int, int] = (60, 40)) -> dict[str, list]:
    """How often the states fell in each cell of the plane of their first two components, by the valence of the document.

    `low` and `high` are the corners; `cells` has a row for each cell that was visited: column, row, the square root of the
    number of positive and of negative documents' states, over the largest.
    """
    visited, labels = saved.evidence.layers[-1].density[:, :2].numpy(), saved.evidence.transitions.density_labels.numpy()
    low, high = np.quantile(visited, [0.001, 0.999], axis=0)
    ranges = list(zip(low, high, strict=True))
    counts = np.stack([np.histogram2d(*visited[labels == value].T, bins=bins, range=ranges)[0] for value in (1, 0)])
    shades = np.sqrt(counts / counts.max()).round(2)
    cells = [[*map(int, at), *map(float, shades[:, *at])] for at in np.argwhere(shades.sum(0) > 0)]
    return {"low": low.round(3).tolist(), "high": high.round(3).tolist(), "bins": list(bins), "cells": cells}


def script(saved: Saved, n_words: int = N_WORDS) -> str:
    """The script of a network: weights, words, and what there is to draw.

    The slow points are those at q_D, the speed at which a state holds its place for a document; `reach` is the 99th percentile
    of the words' input projections, whatever their sign.
    """
    layer, points = saved.evidence.layers[-1], fixed_points(saved, tolerance=drift_speed(saved))
    direction = push(saved, points)
    reach = (saved.network.embedding.weight[:n_words] @ direction).abs().quantile(0.99)
    more = {"push": direction, "mean": layer.mean, "axes": layer.axes[:2]}
    holds = {
        "name": saved.name,
        "label": label(saved),
        "architecture": saved.config["architecture"],
        "words": list(saved.vocabulary.words[:n_words]),
        "weights": weights_of(saved.network, n_words) | {name: encoded(value) for name, value in more.items()},
        "reach": round(float(reach), 4),
        "density": density(saved),
        "slow": layer.project(points.converged_states)[:, :2].round(decimals=3).tolist(),
    }
    return f"(globalThis.published ??= []).push({json.dumps(holds, separators=(',', ':'))});\n"


def typical_documents(saved: Saved, n_words: int, n: int = 200, longest: int = 60) -> list[np.ndarray]:
    """Token ids of documents that nobody wrote: words as frequent as in test documents, in random order. The published
    evidence holds no document; its sample of words has their frequencies."""
    drawn = torch.Generator().manual_seed(0)
    tokens = saved.evidence.transitions.tokens
    tokens = torch.where(tokens < n_words, tokens, 1)
    lengths = torch.randint(1, longest + 1, (n,), generator=drawn).tolist()
    return [tokens[torch.randint(len(tokens), (length,), generator=drawn)].numpy() for length in lengths]


def rounding(saved: Saved, n_words: int = N_WORDS) -> float:
    """How far 16 bits move a logit at most, after any word of typical documents."""
    tokens, lengths = pad(typical_documents(saved, n_words))
    read = torch.arange(len(tokens))[:, None] < lengths
    full, cut = (one.logit(one.states(tokens)[-1]) for one in (saved.network, in_16_bits(saved.network, n_words)))
    return float((full - cut)[read].abs().max())


def unknown_share(saved: Saved, n_words: int = N_WORDS) -> float:
    """The share of a test document's words that are unknown to the network in the browser."""
    tokens = saved.evidence.transitions.tokens
    return float(((tokens >= n_words) | (tokens == 1)).float().mean())


def stride(saved: Saved) -> float:
    """The median distance that a word of a test document moves the state, over the radius of the cloud of states."""
    states = saved.evidence.layers[-1].states
    after = saved.network.cell(states, saved.network.embedding.weight[saved.evidence.transitions.tokens])
    return float((after - states).norm(dim=1).median()) / radius(states)


def readout_along_first_axis(saved: Saved) -> float:
    """The correlation of the states' first principal component with their logit."""
    layer = saved.evidence.layers[-1]
    return float(torch.corrcoef(torch.stack((layer.project(layer.states)[:, 0], saved.network.logit(layer.states))))[0, 1])


def comparison(networks: Sequence[Saved], n_words: int = N_WORDS) -> pd.DataFrame:
    """A column for each network: how well it does, how far a word moves it, and what the browser's copy of it lacks."""
    columns = {
        label(saved): {
            "test accuracy": f"{100 * saved.metrics['scores']['test']['accuracy']:.0f} %",
            "radii per word": f"{stride(saved):.2f}",
            "PC 1 and logit": f"{readout_along_first_axis(saved):.3f}",
            "unknown words": f"{100 * unknown_share(saved, n_words):.0f} %",
            "rounding": f"{math.ceil(1e4 * rounding(saved, n_words)) / 1e4:.4f}",
        }
        for saved in networks
    }
    return pd.DataFrame(columns).rename_axis(columns="network")


def own_review(networks: Sequence[Saved]) -> HTML:
    """The page's part that reads: two of the networks beside each other, and the presets."""
    return HTML(render("own_review.html", networks={saved.name: label(saved) for saved in networks}, presets=presets()))
