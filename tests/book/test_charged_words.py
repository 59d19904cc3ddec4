import torch
from torch.testing import assert_close

from lib.book.charged_words import charged, step_ratio, step_ratios, step_sizes, steps_at


def test_the_steps_of_all_layers_are_those_between_sampled_states(two_layers):
    steps = step_sizes(two_layers)
    tokens, layers = two_layers.evidence.transitions.tokens, two_layers.evidence.layers
    lowest, upper = two_layers.network.layers
    below = lowest(layers[0].states, two_layers.network.embedding.weight[tokens])
    assert_close(steps[0], (below - layers[0].states).norm(dim=-1))
    assert_close(steps[1], (upper(layers[1].states, below) - layers[1].states).norm(dim=-1))


def test_charged_steps_are_told_from_others():
    steps = torch.tensor([[1.0, 1.0, 3.0, 3.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0]])
    ratio, low, high = step_ratio(steps, torch.tensor([0.0, 0.0, 1.0, -1.0, 0.0]))
    assert_close(ratio, torch.tensor([3.0, 1.0]))
    assert (low <= ratio).all() and (ratio <= high).all()


def test_the_step_at_a_word_is_its_median_over_the_same_states(two_layers):
    token = two_layers.evidence.transitions.tokens[:1]
    lowest, before = two_layers.network.layers[0], two_layers.evidence.layers[0].states[:7]
    x = two_layers.network.embedding.weight[token].expand(7, -1)
    found = steps_at(two_layers, token.repeat(2), n_states=7)
    assert found.shape == (2, 2) and (found[:, 0] == found[:, 1]).all()
    assert_close(found[0, 0], (lowest(before, x) - before).norm(dim=-1).median())


def test_charged_words_are_the_most_positive_and_the_most_negative_ones(two_layers):
    found = charged(two_layers, torch.arange(len(two_layers.vocabulary)), n_words=3)
    weights = two_layers.evidence.words["bag_of_words"]
    assert (found > 0).sum() == (found < 0).sum() == 3
    assert weights[found > 0].min() > weights[found < 0].max()


def test_the_ratios_of_all_layers_come_as_read_and_at_the_same_states(two_layers):
    found = step_ratios(two_layers, n_others=30)
    assert found.layer.tolist() == [1, 1, 2, 2] and found.read.tolist() == ["as read", "at the same states"] * 2
    as_read = step_ratio(step_sizes(two_layers), charged(two_layers, two_layers.evidence.transitions.tokens))[0]
    assert_close(torch.tensor(found[found.read == "as read"].ratio.to_numpy()), as_read.double())
    assert (found.low <= found.high).all()
