"""Networks whose answer is planted: a cell that does what is known, around it what a network's folder would hold."""

import math

import torch
from torch import nn

from lib.dynamics.cells import LinearRNN
from lib.dynamics.fixed_points import FixedPoints
from lib.dynamics.manifold import principal_axes
from lib.text.vocabulary import Vocabulary
from lib.training.folder import Evidence, LayerEvidence, Saved, Transitions
from lib.training.network import Network

N = 8
ALONG, ACROSS = torch.eye(N)[0], torch.eye(N)[5]


def linear(matrix):
    """h' = A h + W x, where the first component of a word pushes along the first axis and the second along the sixth."""
    cell = LinearRNN(2, len(matrix)).requires_grad_(False)
    cell.recurrent.weight.copy_(matrix)
    cell.inward.weight.zero_()
    cell.inward.weight[0, 0] = cell.inward.weight[5, 1] = 1.0
    return cell


def line_attractor(rate=0.5):
    """λ₁ = 1 along the first axis, read by ℓ₁ = (1, 3, 0, …); all other modes have λ = `rate`."""
    left = ALONG + 3 * torch.eye(N)[1]
    return linear(rate * torch.eye(N) + (1 - rate) * torch.outer(ALONG, left))


def saved(cell, states, readout=ALONG, length=50.0, sign=1.0):
    """A network around a cell that visited `states`. Its words: 10 positive, at x = (`sign`, 0), 10 negative, 10 neutral."""
    network = Network("linear", 32, cell.n_input, cell.n_output).eval().requires_grad_(False)
    network.layers = nn.ModuleList([cell])
    network.readout.weight.copy_(readout[None, : cell.n_output])
    network.embedding.weight.zero_()
    network.embedding.weight[2:12, 0], network.embedding.weight[12:22, 0] = sign, -sign
    network.embedding.weight[22:, 1] = 0.5
    coefficients = torch.zeros(32)
    coefficients[2:12], coefficients[12:22] = 1.0, -1.0
    axes, shares = principal_axes(states)
    spectrum = shares * states.var(0).sum()
    other_states = states[None, :1]
    layer = LayerEvidence(states, spectrum, spectrum, states.mean(0), axes, states[:, :3], other_states, spectrum[None])
    facts = torch.zeros(len(states), dtype=torch.long)
    words = {"bag_of_words": coefficients, "document_frequency": torch.ones(32)}
    evidence = Evidence([layer], Transitions(facts, facts, facts, facts, facts), {}, words)
    config = {"mean_length": {"cut": length}}
    return Saved("planted", config, {}, Vocabulary(tuple(map(str, range(32)))), network, evidence, "")


def points_at(states, converged=None):
    converged = torch.ones(len(states), dtype=torch.bool) if converged is None else converged
    return FixedPoints(
        states, torch.where(converged, 0.0, 1.0), converged, torch.zeros(len(states), dtype=torch.long), torch.zeros(2)
    )


def cloud(n=400):
    """Visited states, evenly along the first axis from −3 to 3, with a little in every other direction."""
    states = 0.1 * torch.randn(n, N)
    states[:, 0] = torch.linspace(-3, 3, n)
    return states


def ring(n=200):
    angle = torch.linspace(0, 2 * math.pi, n + 1)[:-1]
    return torch.cat((torch.stack((angle.cos(), angle.sin()), 1), torch.zeros(n, N - 2)), 1)
