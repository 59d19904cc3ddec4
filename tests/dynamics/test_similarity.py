import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from lib.book.compared import read, shared_words
from lib.dynamics.cells import LinearRNN
from lib.dynamics.similarity import (
    canonical_correlations,
    deviations,
    dynamical_distances,
    kinship,
    leading_components,
    leading_time_constants,
    spectral_distance,
)
from lib.text.vocabulary import Vocabulary
from lib.training.catalogue import spec_of
from lib.training.folder import before_training, load
from lib.training.publication import initial_network
from lib.training.recipe import Recipe

TIME, DOCUMENTS = 100, 40


@pytest.fixture(scope="module")
def saved(published_folder):
    return load(published_folder)


def driven(matrix):
    """Deviations [time, document, state] of the linear system h' = A h under independent random inputs."""
    state, states = torch.zeros(DOCUMENTS, len(matrix)), []
    for _ in range(TIME):
        state = state @ matrix.T + torch.randn(DOCUMENTS, len(matrix))
        states.append(state)
    return deviations(torch.stack(states))


def rotation(n):
    return torch.linalg.qr(torch.randn(n, n))[0]


def knowing(saved, name, words, tokens):
    """A network with another vocabulary, and these tokens in its evidence."""
    transitions = saved.evidence.transitions
    transitions = replace(transitions, tokens=torch.tensor(tokens).repeat(len(transitions.tokens) // len(tokens)))
    evidence = replace(saved.evidence, transitions=transitions)
    return replace(saved, name=name, vocabulary=Vocabulary(("<pad>", "<unk>", *words)), evidence=evidence)


def test_shared_words_are_those_that_all_know_by_their_mean_frequency(saved):
    one = knowing(saved, "one", ("good", "film"), [2, 2, 2, 3])
    other = knowing(saved, "other", ("soup", "good", "film"), [2, 3, 4, 1])
    words, shares, coverage = shared_words([one, other])
    assert words == ["film", "good"]
    assert shares.tolist() == pytest.approx([1 / 3, 2 / 3])
    assert coverage == pytest.approx((1 + 0.5) / 2)


def test_networks_without_a_common_word_are_refused(saved):
    with pytest.raises(ValueError, match="one, other share no words"):
        shared_words([knowing(saved, "one", ("good",), [2]), knowing(saved, "other", ("filler",), [2])])


def test_the_untrained_cell_is_the_one_that_training_started_from(saved):
    random_state = torch.get_rng_state()
    before = before_training(saved)
    assert torch.equal(torch.get_rng_state(), random_state)
    spec = replace(spec_of("synthetic-gru-seed0"), recipe=Recipe(**saved.config["recipe"]))
    initial = initial_network(spec, saved.vocabulary).state_dict()
    for name, values in before.state_dict().items():
        if not name.startswith("embedding"):
            assert_close(values, initial[name], atol=0, rtol=0)
    assert_close(before.embedding.weight, saved.network.embedding.weight, atol=0, rtol=0)
    assert not torch.equal(before.cell.recurrent.weight, saved.network.cell.recurrent.weight)


def test_states_are_those_after_each_word(saved):
    words = np.array([["good01", "bad03"], ["filler001", "good01"], ["bad03", "bad03"]])
    states = read(saved.network, saved, words)[-1]
    ids = torch.from_numpy(saved.vocabulary.encode(words[:, 1].tolist())).long()
    assert_close(states[:, 1], saved.network.states(ids[:, None])[-1][:, 0])


def test_leading_components_keep_what_depends_on_the_document():
    common = 100 * torch.randn(TIME, 1, 5)  # the same in all documents
    along = torch.randn(TIME, DOCUMENTS, 1) * torch.tensor([3.0, 4.0, 0, 0, 0])
    components, kept = leading_components(common + along, 1)
    assert kept == pytest.approx(1, abs=1e-5)
    assert_close(components.norm(), deviations(along).norm(), rtol=1e-3, atol=0)


def test_canonical_correlations_do_not_change_under_linear_maps():
    states = torch.randn(TIME, DOCUMENTS, 4)
    assert canonical_correlations(states, states @ torch.randn(4, 4)) == pytest.approx(np.ones(4), abs=1e-6)


def test_canonical_correlations_count_the_shared_dimensions():
    states = torch.randn(TIME, DOCUMENTS, 4)
    half = torch.cat((states[..., :2], torch.randn(TIME, DOCUMENTS, 2)), -1) @ rotation(4)
    assert canonical_correlations(states, half) == pytest.approx([1, 1, 0, 0], abs=0.1)


def test_spectral_distance_of_planted_time_constants_is_their_ratio_in_decades():
    slow, fast = torch.full((3, 2), 200.0), torch.full((7, 2), 20.0)
    assert spectral_distance(slow, fast) == pytest.approx(1)
    assert spectral_distance(slow, slow[:1]) == 0
    assert spectral_distance(torch.full((1, 1), math.inf), torch.full((1, 1), 1e5)) == 0


def test_dynamics_are_the_same_in_rotated_coordinates():
    components = driven(torch.diag(torch.tensor([0.99, 0.9, 0.5])))
    assert dynamical_distances([components, components @ rotation(3)])[0, 1] < 1e-3


def test_dynamical_distance_of_planted_systems_is_that_of_their_eigenvalues():
    eigenvalues = torch.tensor([[0.9, 0.5, 0.1], [0.9, 0.5, -0.7], [0.5, 0.9, 0.1]])
    distances = dynamical_distances([driven(torch.diag(values)) for values in eigenvalues])
    assert distances[0, 1] == pytest.approx(0.8 / 3**0.5, abs=0.05)
    assert distances[0, 2] < 0.05  # the order of the components does not matter
    assert_close(distances, distances.T)


def test_time_constants_of_a_planted_linear_cell():
    cell = LinearRNN(2, 3)
    with torch.no_grad():
        cell.recurrent.weight.copy_(torch.diag(torch.tensor([0.99, 0.5, 0.1])))
    found = leading_time_constants(cell.requires_grad_(False), torch.randn(4, 3), k=2)
    expected = -1 / torch.tensor([0.99, 0.5]).log()
    assert_close(found, expected.expand_as(found), check_dtype=False, rtol=1e-4, atol=0)


ARCHITECTURES, CORPORA = np.array([(a, c) for a in "lguv" for c in "iys"]).T


def planted_distances(labels):
    """1 between networks with different labels, 0.2 otherwise, with a little noise."""
    noise = 0.1 * np.random.default_rng(1).random((12, 12))
    return np.where(labels[:, None] == labels, 0.2, 1.0) + noise + noise.T


def test_kinship_finds_the_factor_that_was_planted_and_only_that():
    distances = planted_distances(ARCHITECTURES)
    by_architecture, by_corpus = kinship(distances, ARCHITECTURES, CORPORA), kinship(distances, CORPORA, ARCHITECTURES)
    assert by_architecture.p < 0.01 < 0.05 < by_corpus.p
    assert by_architecture.same == pytest.approx(0.3, abs=0.05)
    assert by_architecture.neither == pytest.approx(by_corpus.neither) == pytest.approx(1.1, abs=0.05)


def test_kinship_keeps_its_level_where_nothing_was_planted():
    def p(seed):
        noise = np.random.default_rng(seed).random((12, 12))
        return kinship(noise + noise.T, CORPORA, ARCHITECTURES, n=199).p

    assert np.mean([p(seed) <= 0.2 for seed in range(200)]) == pytest.approx(0.2, abs=0.07)


@pytest.mark.parametrize("labels", [["l", "l"], ["l", "g"]])
def test_kinship_of_two_networks_cannot_be_tested(labels):
    assert math.isnan(kinship(1 - np.eye(2), np.array(labels), np.array(["i", "y"])).p)
