"""What the tests share: one thread, one seed, a learnable toy corpus, and the real corpora of DATA_DIR."""

import os
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from browsers import CHROMIUM
from hypothesis import settings
from playwright.sync_api import sync_playwright

from lib.text import languages, synthetic
from lib.text.documents import Encoded
from lib.training import publication
from lib.training.folder import load
from lib.training.loop import reproducible
from lib.training.recipe import Recipe

settings.register_profile("book", deadline=None, database=None, derandomize=True, max_examples=50)
settings.load_profile("book")

N_WORDS = 12
PLAIN = {"word_vectors": "normal", "start": "uniform", "biases": "torch", "decay": 1.0, "keep": "loss"}  # as torch draws it


@pytest.fixture(autouse=True)
def seed():
    reproducible(0)


@pytest.fixture(scope="module")
def chromium():
    """Chromium, as long as a module's tests run: there can be one at a time."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking", "--allow-file-access-from-files"]
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield running
        running.close()


@pytest.fixture(scope="session")
def data_dir():
    if not os.environ.get("DATA_DIR"):
        pytest.skip("set DATA_DIR to run the tests on the real corpora")
    return Path(os.environ["DATA_DIR"])


@pytest.fixture(scope="session")
def documents():
    """150 documents of 3 to 30 words; positive where more words are above the middle of the vocabulary than below."""
    rng = np.random.default_rng(0)
    tokens = [rng.integers(2, N_WORDS, rng.integers(3, 31)).astype(np.int32) for _ in range(150)]
    return Encoded(tokens, np.array([np.mean(document >= 7) > 0.5 for document in tokens], dtype=np.int8))


@pytest.fixture(scope="session")
def recipe():
    sizes = {"n_units": 6, "n_input": 4, "n_words": N_WORDS, "batch_size": 16, "n_epochs": 3}
    return Recipe(**sizes, **PLAIN, dropout=0.2, clip=1.0)


def publish_small(base, name):
    """The folder under `base` of a network that `publish` trained on a small synthetic corpus."""
    changes = PLAIN | {"n_input": 6, "n_units": 8, "n_words": 400, "n_epochs": 2, "dropout": 0.1, "clip": None}
    with pytest.MonkeyPatch.context() as patch:
        splits = {"train": slice(0, 400), "validation": slice(400, 500), "test": slice(500, 620)}
        recipes = {name.partition("-")[0]: changes}
        for language in (synthetic, languages):
            patch.setattr(language, "SPLITS", splits)
        patch.setattr(import_module("lib.training.catalogue"), "catalogue", lambda: {"recipes": recipes, "variants": {}})
        patch.setattr(publication, "CHECKPOINTS", base / "checkpoints")
        return publication.publish(name, base / name)


@pytest.fixture(scope="session")
def published_folder(tmp_path_factory):
    return publish_small(tmp_path_factory.mktemp("published"), "synthetic-gru-seed0")


@pytest.fixture(scope="session")
def stack_folder(tmp_path_factory):
    return publish_small(tmp_path_factory.mktemp("stack"), "synthetic-gru2-seed0")


@pytest.fixture(scope="session")
def three_classes(tmp_path_factory):
    return load(publish_small(tmp_path_factory.mktemp("classes"), "unordered3-gru-seed0"))


@pytest.fixture(scope="session")
def two_layers(stack_folder):
    return load(stack_folder)
