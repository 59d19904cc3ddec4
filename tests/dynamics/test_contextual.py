import pytest
import torch
from torch.testing import assert_close

from lib.dynamics.cells import CELLS, as_cell
from lib.dynamics.contextual import (
    duration,
    effects,
    factors,
    factors_by_word,
    inside,
    lasting,
    read,
    selections,
    spectrum,
    subspace,
)
from lib.dynamics.linearization import input_jacobian
from lib.training.network import Network

DECAY, STRENGTH = 0.5, 3.0
NOT, VERY, GOOD, BAD, NOTHING = torch.tensor([[0.0, -1], [0, 1], [1, 0], [-2, 0], [0, 0]])


def planted(architecture=None):
    """A network of one unit that counts x₀, multiplied by 1 + STRENGTH · m, where m remembers x₁ and decays."""

    def step(h, x):
        count, modifier = h[..., 0], h[..., 1]
        return torch.stack((count + x[..., 0] * (1 + STRENGTH * modifier), DECAY * modifier + x[..., 1] + 0 * count), -1)

    network = Network("gru", 5, 2, 2).eval().requires_grad_(False)
    network.layers[0] = as_cell(step, n_input=2, n_state=2)
    network.readout.weight[0] = torch.tensor([1.0, 0.0])
    return network


def kappa(network, gap, modifiers, words, states):
    tokens = torch.cat((torch.stack((NOTHING, *modifiers))[None], NOTHING.expand(gap, 1 + len(modifiers), 2)))
    found = effects(network.cell, network.readout_axis, read(network.cell, states, tokens), words, NOTHING.expand(2, 1, 2))
    return factors(found, found[:1])


def test_a_planted_modifier_multiplies_the_words_after_it_and_is_forgotten():
    words = torch.stack((GOOD, 3 * GOOD))
    states = torch.stack((torch.randn(4), torch.zeros(4)), -1)
    for gap in range(4):
        expected = 1 + STRENGTH * DECAY**gap * torch.tensor([0.0, -1, 1])
        assert_close(kappa(planted(), gap, (NOT, VERY), words, states), expected)


def test_what_the_modifier_does_by_itself_does_not_count():
    loaded = NOT + 7 * GOOD  # carries evidence as well
    assert_close(kappa(planted(), 0, (loaded,), BAD[None], torch.zeros(1, 2)), torch.tensor([1.0, 1 - STRENGTH]))


def test_words_after_count_in_the_effect():
    states = read(planted().cell, torch.zeros(1, 2), torch.stack((NOTHING, NOT))[None])
    assert_close(
        effects(planted().cell, planted().readout_axis, states, GOOD[None], BAD.expand(3, 1, 2)).flatten(),
        torch.tensor([1.0, 1 - STRENGTH]),
    )


@pytest.mark.parametrize("name", CELLS)
def test_effects_agree_with_reading_the_documents(name):
    network = Network(name, 9, 3, 4).eval().requires_grad_(False)
    vectors, states = network.embedding.weight, 0.3 * torch.randn(2, network.cell.n_state)
    contexts, words, after = vectors[:5][None], vectors[5:7], torch.stack((vectors[7:8], vectors[8:]))
    found = effects(network.cell, network.readout_axis, read(network.cell, states, contexts), words, after)
    assert found.shape == (5, 2, 2)
    for context in range(5):
        for i, word in enumerate(words):
            ends = [
                network.cell.unroll(
                    torch.stack((vectors[context], x, vectors[7], vectors[8]))[:, None].expand(-1, 2, -1), states
                )
                for x in (word, torch.zeros(3))
            ]
            assert_close(found[context, :, i], network.logit(ends[0][-1]) - network.logit(ends[1][-1]))


def test_a_linear_network_has_no_context():
    network = Network("linear", 9, 3, 4).eval().requires_grad_(False)
    vectors = network.embedding.weight
    found = effects(
        network.cell,
        network.readout_axis,
        read(network.cell, torch.randn(3, 4), vectors[:4][None]),
        vectors[5:],
        vectors[:1].expand(3, 1, 3),
    )
    assert_close(factors(found, found[:1]), torch.ones(4), rtol=1e-3, atol=0)


def test_factors_weigh_words_by_their_effect_and_by_word_do_not():
    plain = torch.tensor([[[1.0, 3.0]]])
    modified = torch.tensor([[[2.0, 3.0]]])
    assert_close(factors(modified, plain), torch.tensor([1.25]))
    assert_close(factors_by_word(modified, plain), torch.tensor([[2.0, 1.0]]))


def test_duration_of_an_exponential_is_its_time_constant():
    gaps = torch.arange(40.0)
    change = torch.stack((-0.5 * torch.exp(-gaps / 4), torch.exp(-gaps / 7.5), torch.ones(40)), -1)
    assert_close(duration(gaps, change), torch.tensor([4.0, 7.5, torch.inf]), atol=0.02, rtol=0)


@pytest.mark.parametrize("name", CELLS)
def test_selections_are_rows_of_the_input_jacobian(name):
    cell = CELLS[name](3, 4).requires_grad_(False)
    states, left = torch.randn(2, 5, cell.n_state), torch.randn(5, cell.n_state)
    jacobians = input_jacobian(cell, states.flatten(0, 1)).unflatten(0, (2, 5))
    assert_close(selections(cell, states, left), torch.einsum("ps,cpsi->cpi", left, jacobians))


def test_lasting_is_the_projection_on_the_slow_mode():
    right, left = torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0, 3.0]])
    kept = lasting(torch.tensor([[[0.0, 1.0]], [[3.0, -1.0]]]), left, right)
    assert_close(kept, torch.tensor([[[3.0, 0.0]], [[0.0, 0.0]]]))


def test_subspace_holds_what_is_planted_in_it():
    axes = torch.linalg.qr(torch.randn(10, 2))[0].T
    displacements = torch.randn(6, 7, 2) @ axes
    found = subspace(displacements, 2)
    assert_close(found @ found.T, torch.eye(2))
    assert_close(inside(displacements, found), displacements)
    assert_close(spectrum(displacements)[2:], torch.zeros(8), atol=1e-6, rtol=0)
    assert_close(spectrum(displacements).sum(), (displacements**2).sum())
