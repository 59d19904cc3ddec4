import numpy as np
import pytest
import torch
from torch.testing import assert_close

from lib.text.documents import pad
from lib.training.network import Network


@pytest.mark.parametrize("architecture", ["lstm", "gru", "linear"])
def test_the_logit_is_the_readout_of_the_last_state(architecture, documents):
    network = Network(architecture, 12, 4, 6, n_layers=2).eval()
    tokens, lengths = pad(documents.tokens[:9])
    top = network.states(tokens)[-1]
    last = torch.stack([top[n - 1, i] for i, n in enumerate(lengths)])
    assert_close(network.logit(last), network(tokens, lengths), atol=1e-6, rtol=1e-5)


def test_padding_does_not_change_a_logit(documents):
    network = Network("gru", 12, 4, 6).eval()
    together = network(*pad(documents.tokens[:20]))
    alone = torch.cat([network(*pad([tokens])) for tokens in documents.tokens[:20]])
    assert_close(together, alone, atol=1e-6, rtol=0)


@pytest.mark.parametrize("others", [[], [0], [0, 1, 2]])
def test_the_logit_of_a_document_without_tokens_does_not_depend_on_its_batch(documents, others):
    network = Network("gru", 12, 4, 6, n_layers=2).eval()
    empty = np.array([], dtype=np.int32)
    logits = network(*pad([*(documents.tokens[i] for i in others), empty]))
    assert logits[-1] == network.readout.bias


def test_the_readout_does_not_see_the_memory_of_an_lstm():
    network = Network("lstm", 12, 4, 6)
    assert_close(network.readout_axis, torch.cat((network.readout.weight.detach()[0], torch.zeros(6))))


def test_each_layer_reads_the_layer_below(documents):
    network = Network("lstm", 12, 4, 6, n_layers=2).eval()
    lower, upper = network.states(pad(documents.tokens[:3])[0])
    assert_close(upper, network.cell.unroll(lower[..., :6]))


def test_dropout_acts_in_training_only(documents):
    network, batch = Network("gru", 12, 4, 6, dropout=0.5), pad(documents.tokens[:5])
    assert not torch.equal(network(*batch), network(*batch))
    network.eval()
    assert torch.equal(network(*batch), network(*batch))


def test_with_more_classes_the_readout_has_a_row_a_class(documents):
    network = Network("lstm", 12, 4, 6, n_classes=4).eval()
    found = network(*pad(documents.tokens[:5]))
    assert found.shape == (5, 4)
    tokens, lengths = pad(documents.tokens[:5])
    last = network.states(tokens)[-1][lengths - 1, torch.arange(5)]
    assert_close(network.logit(last), found[:, 3] - found[:, 0], atol=1e-6, rtol=1e-5)


def test_the_plane_of_the_readout_tells_classes_apart_and_nothing_else():
    network = Network("lstm", 12, 4, 6, n_classes=4)
    plane, rows = network.readout_plane, network.readout_rows
    assert plane.shape == (3, 12)
    assert_close(plane @ plane.T, torch.eye(3), atol=1e-5, rtol=0)
    differences = rows[1:] - rows[0]
    assert_close(differences @ plane.T @ plane, differences, atol=1e-5, rtol=0)


def test_the_plane_of_two_classes_is_their_readout():
    network = Network("gru", 12, 4, 6)
    assert_close(network.readout_plane[0], network.readout_axis / network.readout_axis.norm())
