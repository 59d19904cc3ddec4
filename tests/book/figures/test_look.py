import matplotlib.pyplot as plt
import numpy as np
import pytest

from lib.book import figures


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def test_a_spectrum_inside_the_unit_circle_shows_the_circle(ax):
    figures.spectrum(ax, np.array([0.5 + 0.5j, 0.9]), "black", "inside")
    assert ax.get_xlim() == ax.get_ylim() == (-1.15, 1.15)


def test_a_spectrum_reaches_as_far_as_the_farthest_eigenvalue_that_was_drawn(ax):
    figures.spectrum(ax, np.array([2j, 0.1]), "black", "far")
    figures.spectrum(ax, np.array([0.5]), "black", "near")
    assert ax.get_xlim() == ax.get_ylim() == pytest.approx((-2.16, 2.16))
    figures.spectrum(ax, np.array([-3.0]), "black", "farther")
    assert ax.get_xlim() == ax.get_ylim() == pytest.approx((-3.24, 3.24))


def test_a_spectrum_of_no_eigenvalues_is_the_circle(ax):
    figures.spectrum(ax, np.array([], dtype=complex), "black", "none")
    assert ax.get_xlim() == (-1.15, 1.15)
