"""The reviews written for this book, and how a network reads them."""

from dataclasses import dataclass

import torch
import yaml
from jaxtyping import Float, Int
from torch import Tensor

from lib.text.vocabulary import tokenize
from lib.training.catalogue import ROOT
from lib.training.folder import Saved

REVIEWS = ROOT / "book" / "reviews.yml"


@dataclass(frozen=True)
class Reading:
    """One text as a network reads it."""

    words: list[str]  # its tokens, those that the vocabulary lacks among them
    tokens: Int[Tensor, " token"]
    paths: list[Float[Tensor, "time state"]]  # states of each layer, the initial state first
    logits: Float[Tensor, " time"]  # before the first token and after each

    @property
    def path(self) -> Float[Tensor, "time state"]:
        """States of the layer that the readout sees, the initial state first."""
        return self.paths[-1]


def example_reviews(dataset: str) -> dict[str, str]:
    """The two reviews written for this book, positive and negative, that suit a corpus; those of films suit one of your own."""
    written = yaml.safe_load(REVIEWS.read_text(encoding="utf-8"))
    return written.get(dataset, written["imdb"])


def reading_of(saved: Saved, words: list[str]) -> Reading:
    """What becomes of the states and the logit while the network reads some words."""
    tokens = torch.from_numpy(saved.vocabulary.encode(words))
    layers = (states[:, 0] for states in saved.network.states(tokens[:, None]))
    paths = [torch.cat((torch.zeros_like(states[:1]), states)) for states in layers]
    return Reading(words, tokens, paths, saved.network.logit(paths[-1]))


def read_examples(saved: Saved, positive: str = "", negative: str = "") -> dict[str, Reading]:
    """The readings of a positive and of a negative review: those given or, where one is empty, the book's own."""
    given = {"positive": positive, "negative": negative}
    texts = {valence: given[valence] or text for valence, text in example_reviews(saved.config["dataset"]).items()}
    return {valence: reading_of(saved, tokenize(text)) for valence, text in texts.items()}
