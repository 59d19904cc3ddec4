"""The numbers of a figure are those that were drawn."""

import numpy as np

from lib.book import figures
from lib.book.figure_data import MOST, MOST_IN_ALL, data_of


def test_lines_points_and_bars_are_read_back_by_panel_and_series():
    figure, (first, second) = figures.panels(2)
    first.plot([1, 2], [0.123456789, 4], label="a line")
    first.scatter([5.0], [6.0], label="points")
    second.bar([0], [3])
    rows = data_of(figure).to_numpy().tolist()
    assert rows == [
        [1, "line", "a line", 1.0, 0.12346],
        [1, "line", "a line", 2.0, 4.0],
        [1, "points", "points", 5.0, 6.0],
        [2, "bars", "", 0.4, 3.0],
    ]


def test_a_long_series_is_thinned_from_its_first_to_its_last():
    figure, (ax,) = figures.panels(1)
    ax.plot(np.arange(10_000.0))
    table = data_of(figure)
    assert len(table) == MOST and table.x.iloc[[0, -1]].tolist() == [0, 9999]


def test_a_figure_of_many_series_is_thinned_too():
    figure, (ax,) = figures.panels(1)
    for _ in range(100):
        ax.plot(np.arange(100.0))
    assert len(data_of(figure)) == MOST_IN_ALL


def test_an_empty_figure_has_no_rows():
    figure, _ = figures.panels(1)
    assert data_of(figure).empty
