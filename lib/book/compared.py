"""What several networks have in common that read the same words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import torch
from jaxtyping import Bool, Float, Shaped
from scipy.stats import spearmanr
from sklearn.manifold import MDS
from torch import Tensor

from lib.book.figures.look import ARCHITECTURE, CORPUS
from lib.book.reviews import reading_of
from lib.dynamics.similarity import kinship
from lib.text.vocabulary import tokenize
from lib.training.catalogue import spec_of
from lib.training.folder import Saved
from lib.training.network import Network


def shared_words(networks: Sequence[Saved]) -> tuple[list[str], Float[np.ndarray, " word"], float]:
    """Words of the networks' evidence that all of them know, how often each occurs, and the share of running text they cover.

    Raises ValueError where there is none, as between a real corpus and the synthetic language.
    """
    frequency: dict[str, float] = defaultdict(float)
    for saved in networks:
        tokens = saved.evidence.transitions.tokens.tolist()
        for token, count in Counter(tokens).items():
            frequency[saved.vocabulary.words[token]] += count / len(tokens)
    known = set.intersection(*(set(saved.vocabulary.words[2:]) for saved in networks))
    words = sorted(known & set(frequency))
    if not words:
        raise ValueError(f"{', '.join(saved.name for saved in networks)} share no words: they cannot read the same.")
    shares = np.array([frequency[word] for word in words])
    return words, shares / shares.sum(), float(shares.sum() / len(networks))


def read(
    network: Network, saved: Saved, words: Shaped[np.ndarray, "time document"]
) -> list[Float[Tensor, "time document state"]]:
    """States after each word, a tensor a layer."""
    ids = np.array([saved.vocabulary.encode(row) for row in words.tolist()])
    with torch.no_grad():
        return network.states(torch.from_numpy(ids).long())


def in_order(names: Iterable[str]) -> list[str]:
    """Networks by architecture, then corpus, in the order in which legends list them."""
    return sorted(names, key=lambda name: (list(ARCHITECTURE).index(kind(name)[0]), list(CORPUS).index(kind(name)[1])))


def kind(name: str) -> tuple[str, str]:
    """Architecture and corpus of a network."""
    spec = spec_of(name)
    return spec.architecture, spec.dataset


def logits_while_reading(networks: Sequence[Saved], text: str) -> Float[np.ndarray, "network word"]:
    """The logit of each network before the first and after each word of a text, of those words that all of them know."""
    known = [word for word in tokenize(text) if all(word in saved.vocabulary.index for saved in networks)]
    return np.stack([reading_of(saved, known).logits.numpy() for saved in networks])


def scaled(distances: Float[np.ndarray, "network network"]) -> tuple[Float[np.ndarray, "network 2"], float]:
    """Places in the plane whose distances come close to those given (multidimensional scaling), and the stress: what does not
    fit, 0 for none."""
    scaling = MDS(metric="precomputed", init="classical_mds", n_init=1, normalized_stress=True, random_state=0)
    return scaling.fit_transform(distances), scaling.stress_


def shared_labels(
    architectures: Shaped[np.ndarray, " network"], corpora: Shaped[np.ndarray, " network"]
) -> dict[str, Bool[np.ndarray, "network network"]]:
    """Which pairs of networks share the architecture only, the corpus only, or neither; each pair counts once."""
    same_architecture, same_corpus = (labels[:, None] == labels for labels in (architectures, corpora))
    groups = {
        "same architecture": same_architecture & ~same_corpus,
        "same corpus": same_corpus & ~same_architecture,
        "neither": ~same_architecture & ~same_corpus,
    }
    return {label: np.triu(pairs, 1) for label, pairs in groups.items()}


def distances_by_shared_labels(
    distances: Float[np.ndarray, "reader reader"],
    architectures: Shaped[np.ndarray, " network"],
    corpora: Shaped[np.ndarray, " network"],
) -> dict[str, Float[np.ndarray, " pair"]]:
    """The distances of the pairs of each group, and of each network to itself before training.

    Readers are the trained networks and then, in the same order, the networks before training.
    """
    n = len(architectures)
    groups = {label: distances[:n, :n][pairs] for label, pairs in shared_labels(architectures, corpora).items()}
    return groups | {"before and after": np.diag(distances[:n, n:])}


def kinship_table(
    distances: Mapping[str, Float[np.ndarray, "reader reader"]],
    architectures: Shaped[np.ndarray, " network"],
    corpora: Shaped[np.ndarray, " network"],
) -> pd.DataFrame:
    """A row a distance: the mean of each group of pairs, and the probability that permuted labels separate them as well."""
    n, rows = len(architectures), {}
    for measure, values in distances.items():
        groups = distances_by_shared_labels(values, architectures, corpora)
        trained = values[:n, :n]
        rows[measure] = {label: own.mean() if len(own) else np.nan for label, own in groups.items()} | {
            "p, architecture": kinship(trained, architectures, corpora).p,
            "p, corpus": kinship(trained, corpora, architectures).p,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("distance")


def n_closer_than_before(
    distances: Float[np.ndarray, "reader reader"], architectures: Shaped[np.ndarray, " network"]
) -> tuple[int, int]:
    """To how many networks those of other architectures are closer, on average, than their own untrained self; of how many."""
    n = len(architectures)
    others = np.ma.masked_where(architectures[:, None] == architectures, distances[:n, :n]).mean(1)
    closer = others < np.diag(distances[:n, n:])
    return int(closer.filled(False).sum()), int(closer.count())


def pairs_apart(architectures: Shaped[np.ndarray, " network"]) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of networks of different architecture; all pairs where there is none."""
    i, j = np.triu_indices(len(architectures), 1)
    apart = architectures[i] != architectures[j]
    return (i[apart], j[apart]) if apart.any() else (i, j)


def n_above_chance(correlations: Float[np.ndarray, "pair rank"], chance: Float[np.ndarray, "pair rank"]) -> int:
    """How many of the leading correlations exceed chance: their median is above its 90 % quantile."""
    above = np.median(correlations, axis=0) > np.quantile(chance, 0.9, axis=0)
    return int(above.cumprod().sum())


def rank_agreement(a: Float[np.ndarray, "network network"], b: Float[np.ndarray, "network network"]) -> float:
    """Spearman's ρ between two distances over pairs of networks; not a number for fewer than two pairs."""
    upper = np.triu_indices(len(a), 1)
    return float(spearmanr(a[upper], b[upper]).statistic) if len(a) > 2 else float("nan")


def what_is_shared(first_closer: bool, all_closer: bool) -> str:
    """What pairs of networks share, from whether they are closer to each other than to themselves before training: in the
    dynamics of the first component, and of all components kept."""
    return {
        (True, True): "most pairs share their slow direction, and the dynamics beyond it",
        (True, False): "most pairs share the dynamics of their slow direction, and differ beyond it",
        (False, True): "most pairs share dynamics, but not those of the first component",
        (False, False): "most pairs share no more dynamics than each network shares with itself before training",
    }[first_closer, all_closer]


def listed(words: Iterable[str], last: str = ", ") -> str:
    """Words in a sentence, `last` before the last one: "a, b and c"; "none" where there is none."""
    *most, final = list(words) or ["none"]
    return last.join([", ".join(most), final]) if most else final
