"""A network whose context is planted: it counts evidence, and remembers modifiers for a while."""

import torch
from torch import nn

from lib.dynamics.cells import as_cell
from lib.text.vocabulary import Vocabulary
from lib.training.folder import Evidence, LayerEvidence, Saved, Transitions
from lib.training.network import Network

DECAY, STRENGTH = 0.5, 3.0
WORDS = {f"good{n}": (float(n), 0.0) for n in range(1, 5)} | {f"bad{n}": (-float(n), 0.0) for n in range(1, 5)}
WORDS |= {"not": (0.0, -1.0), "very": (0.0, 1.0), "the": (0.0, 0.0), "of": (0.0, 0.1)}
KAPPA = {"not": 1 - STRENGTH, "very": 1 + STRENGTH, "the": 1.0, "of": 1 + 0.1 * STRENGTH}
STATES = torch.stack((torch.linspace(-2, 2, 8), torch.zeros(8)), -1)


def step(h, x):
    """The count grows by x₀ (1 + STRENGTH · m), where m remembers x₁ and decays."""
    count, modifier = h[..., 0], h[..., 1]
    return torch.stack((count + x[..., 0] * (1 + STRENGTH * modifier), DECAY * modifier + x[..., 1] + 0 * count), -1)


def counter() -> Saved:
    """The network, its four positive, four negative and four neutral words (the modifiers among them), and eight states."""
    vectors = torch.tensor([(0.0, 0.0), (0.0, 0.0), *WORDS.values()])
    network = Network("gru", len(vectors), 2, 2).eval().requires_grad_(False)
    network.layers = nn.ModuleList([as_cell(step, n_input=2, n_state=2)])
    network.embedding.weight.copy_(vectors)
    network.readout.weight[0] = torch.tensor([1.0, 0.0])
    unused, fact = torch.zeros(2), torch.zeros(len(STATES), dtype=torch.long)
    layer = LayerEvidence(STATES, unused, unused, unused, torch.eye(2), STATES.new_zeros(8, 3), STATES[None], unused[None])
    words = {"bag_of_words": vectors[:, 0], "document_frequency": torch.linspace(1, 0.1, len(vectors))}
    documents = {
        "labels": torch.tensor([1.0, 0, 1, 0]),
        "logits": torch.tensor([2.0, -1, 1, -3]),
        "bag_of_words": torch.tensor([2.0, 1, -1, -1]),
    }
    evidence = Evidence([layer], Transitions(fact, fact, fact, fact, fact), documents, words)
    return Saved("planted", {}, {}, Vocabulary(("<pad>", "<unk>", *WORDS)), network, evidence, "")
