import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from lib.text import synthetic
from lib.text.corpora import load_corpus
from lib.text.documents import Encoded
from lib.text.vocabulary import Vocabulary, tokenize
from lib.training import publication
from lib.training.catalogue import ROOT, spec_of
from lib.training.folder import load
from lib.training.loop import logits, score
from lib.training.publication import centred, checkpoint, initial_network

VECTORS = torch.tensor([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [2.0, 3.0]])  # the first word has none


@pytest.fixture
def test_documents(published_folder, monkeypatch):
    """The test documents of the published network, encoded with the vocabulary of its folder."""
    splits = {"train": slice(0, 400), "validation": slice(400, 500), "test": slice(500, 620)}
    monkeypatch.setattr(synthetic, "SPLITS", splits)
    test = load_corpus("synthetic").test
    vocabulary = load(published_folder).vocabulary
    return Encoded([vocabulary.encode(tokenize(text)) for text in test.texts], test.labels)


def test_metrics_are_those_of_the_folder(published_folder, test_documents):
    saved = load(published_folder)
    found = logits(saved.network, test_documents)
    assert score(found, test_documents.labels) == saved.metrics["scores"]["test"]
    assert torch.equal(found.half().float(), saved.evidence.documents["logits"])
    assert torch.equal(saved.evidence.documents["labels"], torch.tensor(test_documents.labels).float())


def test_the_best_epoch_is_that_of_the_lowest_validation_loss(published_folder):
    metrics = load(published_folder).metrics
    losses = [entry["validation_loss"] for entry in metrics["history"]]
    assert len(losses) == 2 and losses[metrics["best_epoch"] - 1] == min(losses)


def test_the_folder_says_what_made_it(published_folder):
    config = load(published_folder).config
    assert (config["name"], config["title"]) == ("synthetic-gru-seed0", "synthetic language")
    assert config["documents"] == {"train": 400, "validation": 100, "test": 120}
    assert config["recipe"]["n_units"] == 8 and config["recipe"]["batch_size"] == 64
    assert 20 <= config["mean_length"]["whole"] < 80


def test_the_folder_holds_the_truth_of_every_word(published_folder):
    saved = load(published_folder)
    truth = saved.evidence.words["true_evidence"]
    assert truth[saved.vocabulary.index["bad59"]] == -2
    assert truth[saved.vocabulary.index["not0"]] == 0
    assert saved.evidence.words["bag_of_words"].shape == truth.shape == (len(saved.vocabulary),)


def test_a_folder_of_three_classes_holds_a_logit_a_class(three_classes):
    saved = three_classes
    assert saved.config["classes"] == ["class 1", "class 2", "class 3"] and saved.network.readout_rows.shape == (3, 8)
    assert saved.evidence.documents["logits"].shape == saved.evidence.documents["bag_of_words"].shape == (120, 3)
    assert saved.evidence.words["bag_of_words"].shape == (3, len(saved.vocabulary))
    found = saved.evidence.documents["logits"].argmax(1) == saved.evidence.documents["labels"]
    assert found.double().mean() == pytest.approx(saved.metrics["scores"]["test"]["accuracy"], abs=0.01)


def test_a_folder_of_two_classes_does_not_list_them(published_folder):
    assert "classes" not in load(published_folder).config


def test_linearized_accuracies_belong_to_their_logits(published_folder):
    saved = load(published_folder)
    documents = saved.evidence.documents
    for name, accuracy in saved.metrics["linearized"]["test_accuracy"].items():
        assert accuracy == ((documents[name] > 0) == (documents["labels"] > 0)).double().mean()


def test_centred_word_vectors_have_no_mean_and_the_norm_of_orthogonal_ones():
    # mean (2, 1), so that the norms are √2, √2, 2; rows of two orthonormal columns over four words: √(2/4) on average
    assert_close(centred(VECTORS), torch.tensor([[0.0, 0.0], [-0.5, -0.5], [0.5, -0.5], [0.0, 1.0]]))


def test_word_vectors_start_as_the_recipe_says(monkeypatch):
    monkeypatch.setattr(publication, "word_vectors", lambda *_: VECTORS.numpy())
    spec, words = spec_of("sst-gru-seed0"), Vocabulary(("<pad>", "<unk>", "good", "bad"))
    for start, expected in (("glove", VECTORS), ("centred", centred(VECTORS))):
        small = replace(spec, recipe=replace(spec.recipe, n_input=2, n_units=3, word_vectors=start))
        assert_close(initial_network(small, words).embedding.weight.data, expected)


def test_networks_of_one_recipe_share_their_training():
    spec = spec_of("sst-gru-seed0")
    assert checkpoint(replace(spec, name="sst-gru-default")) == checkpoint(spec)
    others = [
        replace(spec, **{key: value}) for key, value in {"dataset": "yelp", "architecture": "lstm", "n_layers": 2}.items()
    ]
    others += [replace(spec, seed=1), replace(spec, recipe=replace(spec.recipe, dropout=0.25))]
    assert len({checkpoint(one) for one in (spec, *others)}) == 6


def test_data_dir_is_read_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert publication.data_dir() == tmp_path
    monkeypatch.setenv("DATA_DIR", "")
    assert publication.data_dir() is None


def test_a_bad_name_on_the_command_line_is_one_sentence():
    ran = subprocess.run([sys.executable, "-m", "lib", "train", "nonsense"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 1 and ran.stdout == ""
    assert ran.stderr == '"nonsense" is no network: write <dataset>-<architecture>[<layers>][-<variant>]-seed<k>.\n'
