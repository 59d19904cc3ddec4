"""How a network is trained, and the network that training starts from."""

from dataclasses import dataclass

import torch

from lib.training.network import Network

KEPT = ("accuracy", "loss", "last")
WORD_VECTORS = ("orthogonal", "normal", "glove", "centred")


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; the defaults are paper A's, as far as it says (§3, appendix A).

    Paper B's is the variant `glove` of `book/networks.yml`.
    """

    n_units: int = 256
    n_input: int = 128  # size of the word vectors
    n_words: int = 10_000  # vocabulary. Kept small so that a published network stays below 7 MB
    n_tokens: int = 1_000  # documents are cut to their last tokens
    word_vectors: str = "orthogonal"  # their start, all trainable: orthogonal, normal, glove (6B) or centred (GloVe, small)
    start: str = "glorot"  # of the weights, see `Cell.start`
    biases: str = "open"  # zero with open gates, or torch's
    dropout: float = 0.5
    learning_rate: float = 1e-3
    decay: float = 0.5  # of the learning rate, every `DECAY_STEPS` steps, smoothly
    batch_size: int = 64
    n_epochs: int = 6
    patience: int = 3  # epochs without a better one (see `keep`) after which the rest are left out
    clip: float | None = 1.0  # largest gradient norm
    weight_decay: float = 0.0  # L2 penalty, as Adam takes it
    n_documents: int | None = None  # training documents that are used, drawn at random; all where None
    validation_share: float | None = None  # held out at random of all training documents; the corpus's own split where None
    keep: str = "accuracy"  # the epoch whose weights are kept: of the best validation accuracy or loss, or the last


def initialize(architecture: str, n_words: int, n_layers: int, recipe: Recipe, n_classes: int = 2) -> Network:
    """The network of a recipe before training, its weights drawn by torch's generator.

    Word vectors that are not learned from scratch are for the caller to set. Raises ValueError for an unknown start of them.
    """
    if recipe.word_vectors not in WORD_VECTORS:
        raise ValueError(f'Word vectors cannot start "{recipe.word_vectors}": choose one of {", ".join(WORD_VECTORS)}.')
    network = Network(architecture, n_words, recipe.n_input, recipe.n_units, n_layers, recipe.dropout, n_classes)
    if recipe.word_vectors == "orthogonal":
        torch.nn.init.orthogonal_(network.embedding.weight)
    for cell in network.layers:
        cell.start(recipe.start, recipe.biases)
    return network
