"""What is kept of the states that a network visits while it reads, so that no text is needed again (paper A, §4.1)."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from lib.text.documents import Encoded, batches, pad
from lib.training.folder import OTHER_SAMPLES, LayerEvidence, Transitions
from lib.training.network import Network

N_DOCUMENTS = 1_000  # random test documents whose states are analysed (paper A, §4.1)
N_TRANSITIONS = 2_000  # states kept whole of each layer,
N_STATES = 4_800  # and at most of all layers of a stack
N_OTHER = 150  # states kept of each other sample of documents
N_DENSITY = 20_000  # states kept in their first three principal components
N_AXES = 10


def sample(documents: Encoded, rng: np.random.Generator) -> Encoded:
    """A random sample of `N_DOCUMENTS` documents, or all where there are fewer."""
    return documents.take(rng.choice(len(documents.labels), min(N_DOCUMENTS, len(documents.labels)), replace=False))


@torch.no_grad()
def gather(
    network: Network, untrained: Network, test: Encoded, others: dict[str, Encoded], seed: int = 0
) -> tuple[list[LayerEvidence], Transitions]:
    """Run both networks over a random sample of test documents and keep what the analysis needs (paper A, §4.1).

    `others` are the documents of each of `OTHER_SAMPLES`, over which the trained network runs as well.
    """
    rng = np.random.default_rng(seed)
    chosen = sample(test, rng)
    visited, tokens, labels, positions, lengths = visit(network, chosen)
    n = len(tokens)
    kept = torch.from_numpy(rng.choice(n, min(N_TRANSITIONS, N_STATES // len(visited), n), replace=False))
    seen = torch.from_numpy(rng.choice(n, min(N_DENSITY, n), replace=False))
    other_states = [_elsewhere(network, others[key], rng) for key in OTHER_SAMPLES]
    layers = []
    for i, ((before, after), (_, untrained_after)) in enumerate(zip(visited, visit(untrained, chosen)[0], strict=True)):
        mean, spectrum, axes = principal_components(after)
        layers.append(
            LayerEvidence(
                states=before[kept].half().float(),
                spectrum=spectrum,
                untrained_spectrum=principal_components(untrained_after)[1],
                mean=mean,
                axes=axes[:N_AXES],
                density=(after[seen] - mean) @ axes[:3].T,
                other_states=torch.stack([found[i][0] for found in other_states]).half().float(),
                other_spectra=torch.stack([found[i][1] for found in other_states]),
            )
        )
    picked = (values[kept] for values in (tokens, labels, positions, lengths))
    return layers, Transitions(*picked, density_labels=labels[seen])


def _elsewhere(network: Network, documents: Encoded, rng: np.random.Generator) -> list[tuple[Tensor, Tensor]]:
    """A few states before a token, and the spectrum over all states, a pair a layer."""
    visited, tokens, *_ = visit(network, documents)
    kept = torch.from_numpy(rng.choice(len(tokens), N_OTHER, replace=False))
    return [(before[kept], principal_components(after)[1]) for before, after in visited]


def visit(network: Network, sample: Encoded):
    """States before and after every token of the sample, a pair a layer; and the tokens, labels, positions, lengths."""
    network.eval()
    states: list[list] = [[] for _ in network.layers]
    facts = []
    for batch in batches(sample, 64):
        tokens, lengths = pad([sample.tokens[i] for i in batch])
        positions = torch.arange(len(tokens))[:, None].expand_as(tokens)
        real = positions < lengths
        labels = torch.tensor(sample.labels[batch]).long().expand_as(tokens)
        facts.append(torch.stack([x[real] for x in (tokens, labels, positions, lengths.expand_as(tokens))]))
        for kept, after in zip(states, network.states(tokens), strict=True):
            before = torch.cat((torch.zeros_like(after[:1]), after[:-1]))
            kept.append(torch.stack((before[real], after[real])))
    return [torch.cat(kept, 1) for kept in states], *torch.cat(facts, 1)


def principal_components(states: Float[Tensor, "visit state"]):
    """Mean, variances in decreasing order and axes [axis, state] of a cloud of states, in double precision."""
    mean = states.double().mean(0)
    covariance = sum((chunk.double() - mean).T @ (chunk.double() - mean) for chunk in states.split(20_000)) / len(states)
    variances, axes = torch.linalg.eigh(covariance)
    return mean.float(), variances.flip(0).clamp(min=0).float(), axes.flip(1).T.float().contiguous()
