"""The reviews written for this book."""

import yaml

from lib.training.catalogue import ROOT

REVIEWS = ROOT / "book" / "reviews.yml"


def example_reviews(dataset: str) -> dict[str, str]:
    """The two reviews written for this book, positive and negative, that suit a corpus (`book/reviews.yml`)."""
    return yaml.safe_load(REVIEWS.read_text())[dataset]
