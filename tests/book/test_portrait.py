import numpy as np
import pytest
import torch

from lib.book.mechanism import Mechanism
from lib.book.portrait import portrait
from lib.training.folder import load


@pytest.fixture(scope="module")
def saved(published_folder):
    return load(published_folder)


@pytest.fixture(scope="module")
def planted(saved):
    """Five fixed points along the first axis of the states, in reverse order; the words push along the second."""
    layer = saved.evidence.layers[-1]
    first, second = layer.axes[:2]
    places = layer.mean + torch.linspace(2, -2, 5)[:, None] * first
    by_valence = {"positive": 1.0, "negative": -1.0, "neutral": 0.0}
    return Mechanism(
        places=places,
        axis=first,
        examples=torch.tensor([4, 1, 0]),
        words={key: torch.arange(2) for key in by_valence},
        effects={key: push * torch.stack([k * second.expand(2, -1) for k in range(3)]) for key, push in by_valence.items()},
        left=torch.stack((first, second, first)),
        right=torch.stack((second, 3 * first, second)),
        projections={key: torch.full((5,), push) for key, push in by_valence.items()},
        pushes={key: torch.full((5,), push) for key, push in by_valence.items()},
        overlap=torch.linspace(0, 1, 5),
        tangent_overlap=torch.ones(5),
        real=torch.ones(5, dtype=torch.bool),
    )


def test_a_portrait_shows_the_point_half_way_in_the_plane_of_the_states(saved, planted):
    found = portrait(saved, planted)
    assert np.allclose(found.points, [[2, 0], [1, 0], [0, 0], [-1, 0], [-2, 0]], atol=1e-4)
    assert np.allclose(found.example, [1, 0], atol=1e-4)
    assert np.allclose(found.right, [3, 0], atol=1e-4)
    assert np.allclose(found.effects["negative"], [[-1, 0]] * 2, atol=1e-4)  # along ℓ₁, and across
