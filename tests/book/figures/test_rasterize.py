import io

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lib.book.figures import rasterize_many


def svg_of(draw):
    figure, ax = plt.subplots()
    draw(ax)
    rasterize_many(figure)
    content = io.BytesIO()
    figure.savefig(content, format="svg")
    plt.close(figure)
    return content.getvalue().decode()


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: ax.scatter(*np.random.default_rng(0).normal(size=(2, 3_000))),
        lambda ax: ax.plot(np.zeros((200, 150))),
        lambda ax: ax.pcolormesh(np.eye(50)),
    ],
)
def test_many_marks_are_pixels_and_the_axes_stay_vectors(draw):
    svg = svg_of(draw)
    assert svg.count("<image") == 1 and len(svg) < 200_000 and 'id="xtick_1"' in svg


def test_a_line_stays_a_line():
    assert "<image" not in svg_of(lambda ax: ax.plot(np.arange(1_000)))
