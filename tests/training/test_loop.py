import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.optim.optimizer import register_optimizer_step_pre_hook
from torch.testing import assert_close

from lib.text.documents import Encoded, batches, pad
from lib.training.loop import TrainingError, best_epoch, kept_epoch, learning_rate, logits, reproducible, score, train
from lib.training.recipe import initialize

TIMING = ("seconds", "tokens_per_second")


def fresh(recipe, seed=0, architecture="gru"):
    reproducible(seed)
    return initialize(architecture, recipe.n_words, 1, recipe)


def run(recipe, documents, checkpoint, seed=0):
    """Train a fresh network; its weights and its history without the timing."""
    network = fresh(recipe, seed)
    history = train(network, recipe, seed, documents, documents, checkpoint)
    return network.state_dict(), [{k: v for k, v in entry.items() if k not in TIMING} for entry in history]


def test_padding_stands_at_the_end():
    tokens, lengths = pad([np.array([5, 6, 7], dtype=np.int32), np.array([8], dtype=np.int32)])
    assert tokens.T.tolist() == [[5, 6, 7], [8, 0, 0]] and lengths.tolist() == [3, 1]


def test_cut_documents_keep_their_end():
    cut = Encoded([np.array([2, 3, 4]), np.array([5])], np.array([0, 1])).cut(2)
    assert [tokens.tolist() for tokens in cut.tokens] == [[3, 4], [5]]


@pytest.mark.parametrize("rng", [None, np.random.default_rng(0)])
def test_batches_cover_every_document_once_and_are_of_similar_length(documents, rng):
    found = list(batches(documents, 16, rng))
    assert sorted(np.concatenate(found)) == list(range(150))
    assert max(map(len, found)) == 16
    spans = sorted((min(lengths), max(lengths)) for lengths in ([len(documents.tokens[i]) for i in batch] for batch in found))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_every_epoch_has_its_own_order(documents):
    first, second = (np.concatenate(list(batches(documents, 16, np.random.default_rng((0, epoch))))) for epoch in (0, 1))
    assert first.tolist() != second.tolist()


def test_logits_do_not_depend_on_the_batch(documents, recipe):
    network = fresh(recipe)
    assert_close(logits(network, documents, size=7), logits(network, documents, size=150), atol=1e-6, rtol=0)


def test_score_by_hand():
    found = score(torch.tensor([0.0, 2.0, -1.0]), np.array([0, 1, 1], dtype=np.int8))
    expected = (np.log(2) + np.log1p(np.exp(-2)) + np.log1p(np.exp(1))) / 3
    assert found == pytest.approx({"loss": expected, "accuracy": 2 / 3})


def test_score_of_three_classes_by_hand():
    found = torch.tensor([[0.0, 0.0, 0.0], [0.0, np.log(2), 0.0]])  # probabilities of a third each; ¼, ½, ¼
    result = score(found, np.array([2, 1], dtype=np.int8))
    assert result["loss"] == pytest.approx((np.log(3) + np.log(2)) / 2)
    assert result["accuracy"] == 0.5


def test_training_tells_three_classes_apart(documents, recipe, tmp_path):
    labels = np.array([max(tokens[0] % 3, 0) for tokens in documents.tokens], dtype=np.int8)
    one_word = Encoded([tokens[:1] for tokens in documents.tokens], labels)
    reproducible(0)
    network = initialize("gru", recipe.n_words, 1, recipe, n_classes=3)
    long = dataclasses.replace(recipe, n_epochs=40, patience=40, learning_rate=0.03, dropout=0.0)
    history = train(network, long, 0, one_word, one_word, tmp_path / "checkpoint")
    assert history[-1]["validation_accuracy"] > 0.9
    assert logits(network, one_word).shape == (len(labels), 3)


def test_training_lowers_the_loss(documents, recipe, tmp_path):
    longer = dataclasses.replace(recipe, n_epochs=10, learning_rate=0.03, dropout=0.0)
    _, history = run(longer, documents, tmp_path / "a.safetensors")
    assert history[-1]["validation_accuracy"] > 0.8
    assert history[-1]["validation_loss"] < 0.8 * history[0]["validation_loss"]


def test_training_ends_when_patience_does(documents, recipe, tmp_path):
    spoilt = Encoded(documents.tokens, 1 - documents.labels)  # the better the training, the worse the validation
    patient = dataclasses.replace(recipe, n_epochs=12, patience=2, learning_rate=0.03, dropout=0.0)
    network = fresh(patient)
    history = train(network, patient, 0, documents, spoilt, tmp_path / "a.safetensors")
    assert len(history) == best_epoch(history, "loss") + 2 < 12
    again = train(fresh(patient), patient, 0, documents, spoilt, tmp_path / "a.safetensors")
    assert again == history


def test_some_documents_can_be_taken(documents):
    taken = documents.take(np.array([3, 1]))
    assert [list(tokens) for tokens in taken.tokens] == [list(documents.tokens[3]), list(documents.tokens[1])]
    assert list(taken.labels) == [documents.labels[3], documents.labels[1]]


def test_same_seed_same_bits(documents, recipe, tmp_path):
    first, second, other = (
        run(recipe, documents, tmp_path / f"{name}.safetensors", seed) for name, seed in (("a", 0), ("b", 0), ("c", 1))
    )
    assert first[1] == second[1] != other[1]
    assert all(torch.equal(first[0][name], second[0][name]) for name in first[0])


@pytest.mark.parametrize("decay", [1.0, 0.5])
def test_a_killed_run_ends_with_the_bits_of_one_that_was_not(documents, recipe, tmp_path, monkeypatch, decay):
    recipe = dataclasses.replace(recipe, decay=decay)
    expected, expected_history = run(recipe, documents, tmp_path / "whole.safetensors")
    clip, n_steps = torch.nn.utils.clip_grad_norm_, 0

    def killed(*arguments):
        nonlocal n_steps
        n_steps += 1
        if n_steps == 13:  # of 10 steps an epoch
            raise KeyboardInterrupt
        return clip(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(torch.nn.utils, "clip_grad_norm_", killed)
        with pytest.raises(KeyboardInterrupt):
            run(recipe, documents, tmp_path / "killed.safetensors")
    weights, history = run(recipe, documents, tmp_path / "killed.safetensors")
    assert history == expected_history
    assert all(torch.equal(weights[name], expected[name]) for name in expected)


def test_a_finished_run_is_not_trained_again(documents, recipe, tmp_path, monkeypatch):
    expected = run(recipe, documents, tmp_path / "a.safetensors")
    monkeypatch.setattr("lib.training.loop._epoch", None)
    weights, history = run(recipe, documents, tmp_path / "a.safetensors")
    assert history == expected[1]
    assert all(torch.equal(weights[name], expected[0][name]) for name in weights)


@pytest.mark.parametrize(("keep", "kept"), [("loss", 1), ("accuracy", 2)])
def test_the_weights_of_the_best_epoch_are_kept(documents, recipe, tmp_path, monkeypatch, keep, kept):
    scores, seen = iter([(0.5, 0.7), (0.1, 0.6), (0.3, 0.8)]), []

    def spoiled(network, held_out):
        seen.append({name: value.clone() for name, value in network.state_dict().items()})
        return torch.zeros(len(held_out.labels))

    monkeypatch.setattr("lib.training.loop.logits", spoiled)
    monkeypatch.setattr("lib.training.loop.score", lambda *_: dict(zip(("loss", "accuracy"), next(scores), strict=True)))
    weights, _ = run(dataclasses.replace(recipe, keep=keep), documents, tmp_path / "a.safetensors")
    assert all(torch.equal(weights[name], seen[kept][name]) for name in weights)


def test_of_epochs_with_the_same_accuracy_the_lower_loss_is_the_better():
    scores = ((0.9, 0.4), (0.8, 0.1), (0.9, 0.3), (0.9, 0.5))
    history = [{"validation_accuracy": accuracy, "validation_loss": loss} for accuracy, loss in scores]
    assert (best_epoch(history, "accuracy"), best_epoch(history, "loss")) == (3, 2)
    assert [kept_epoch(history, keep) for keep in ("accuracy", "loss", "last")] == [3, 2, 4]


def test_the_learning_rate_falls_smoothly_with_every_step(documents, recipe, tmp_path):
    falling = dataclasses.replace(recipe, learning_rate=0.01, decay=0.5)
    assert [learning_rate(falling, step) for step in (0, 500, 1000)] == pytest.approx([0.01, 0.01 * 0.5**0.5, 0.005])
    rates = []
    hook = register_optimizer_step_pre_hook(lambda optimizer, *_: rates.append(optimizer.param_groups[0]["lr"]))
    run(falling, documents, tmp_path / "a.safetensors")
    hook.remove()
    assert rates == pytest.approx(0.01 * 0.5 ** (np.arange(30) / 1000))  # three epochs of ten batches


def test_a_loss_that_is_no_number_stops_the_training(documents, recipe, tmp_path):
    network = fresh(recipe)
    torch.nn.init.constant_(network.readout.weight, torch.nan)
    with pytest.raises(TrainingError, match=r"toy: the loss became nan in epoch 1: lower the learning rate \(now 0.001\)"):
        train(network, recipe, 0, documents, documents, tmp_path / "a.safetensors", "toy")


def test_a_checkpoint_of_another_recipe_is_refused(documents, recipe, tmp_path):
    run(recipe, documents, tmp_path / "a.safetensors")
    with pytest.raises(TrainingError, match=r"a\.safetensors belongs to another recipe or corpus: delete it"):
        run(dataclasses.replace(recipe, learning_rate=0.1), documents, tmp_path / "a.safetensors")


def test_a_checkpoint_of_other_documents_is_refused(documents, recipe, tmp_path):
    run(recipe, documents, tmp_path / "a.safetensors")
    others = Encoded([tokens[::-1].copy() for tokens in documents.tokens], documents.labels)
    with pytest.raises(TrainingError, match="belongs to another recipe or corpus"):
        run(recipe, others, tmp_path / "a.safetensors")


@pytest.mark.parametrize("content", [b"", b"garbage of some length", None])
def test_a_damaged_checkpoint_is_refused(documents, recipe, tmp_path, content):
    path = tmp_path / "a.safetensors"
    run(recipe, documents, path)
    path.write_bytes(path.read_bytes()[:-100] if content is None else content)
    with pytest.raises(TrainingError, match=r"a\.safetensors is damaged .* delete it to train anew"):
        run(recipe, documents, path)


def test_the_last_epochs_weights_are_kept_where_the_recipe_says_so(documents, recipe, tmp_path):
    late = dataclasses.replace(recipe, keep="last", learning_rate=0.05)
    weights, history = run(late, documents, tmp_path / "late.safetensors")
    shorter = dataclasses.replace(late, n_epochs=2)
    assert kept_epoch(history, "last") == 3 and kept_epoch(history, "loss") == best_epoch(history, "loss")
    assert any((weights[key] != value).any() for key, value in run(shorter, documents, tmp_path / "two.safetensors")[0].items())


def test_weights_can_be_kept_of_the_best_or_the_last_epoch_alone(documents, recipe, tmp_path):
    with pytest.raises(ValueError, match='The weights to keep are those of accuracy, loss, last; the recipe says "first"'):
        run(dataclasses.replace(recipe, keep="first"), documents, tmp_path / "first.safetensors")


def test_word_vectors_can_start_orthogonal_to_each_other(recipe):
    vectors = initialize("gru", 12, 1, dataclasses.replace(recipe, word_vectors="orthogonal")).embedding.weight.detach()
    assert_close(vectors.T @ vectors, torch.eye(4), atol=1e-6, rtol=0)


def test_an_unknown_start_of_the_word_vectors_is_refused(recipe):
    with pytest.raises(ValueError, match='Word vectors cannot start "zero": choose one of orthogonal, normal, glove, centred'):
        initialize("gru", 12, 1, dataclasses.replace(recipe, word_vectors="zero"))


def test_every_layer_starts_as_the_recipe_says(recipe):
    network = initialize("gru", 12, 3, dataclasses.replace(recipe, start="identity", biases="open"))
    for cell in network.layers:
        assert torch.equal(cell.recurrent.weight, torch.eye(6).repeat(3, 1))
        assert cell.inward.bias.tolist() == [1.0] * 12 + [0.0] * 6
