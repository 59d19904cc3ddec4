import matplotlib.pyplot as plt
import pandas as pd

from lib.book import figures


def test_every_training_is_a_dot_in_the_row_of_its_architecture():
    trained = pd.DataFrame(
        {"architecture": ["gru", "gru", "lstm"], "rate": [3e4, 2e5, 4e4], "processor": ["CPU", "GPU", "CPU"]}
    )
    figure, ax = plt.subplots()
    figures.training_rates(ax, trained, {"gru": 9e4, "lstm": 1e5})
    dots = sorted(tuple(dot) for marks in ax.collections for dot in marks.get_offsets().data)
    assert [(rate, round(row)) for rate, row in dots] == [(3e4, 0), (4e4, 1), (2e5, 0)]
    assert ax.lines[-1].get_xdata().tolist() == [9e4, 1e5]
    plt.close(figure)


def test_the_time_of_more_networks_is_a_solid_line():
    figure, ax = plt.subplots()
    figures.time_by_workers(ax, [1, 2], {("CPU", 60): [4.0, 2.0], ("CPU", 10_000): [600.0, 300.0]})
    few, many = ax.lines
    assert (few.get_linestyle(), many.get_linestyle()) == ("--", "-")
    assert many.get_ydata().tolist() == [600.0, 300.0] and many.get_label() == "CPU, 10,000 networks"
    plt.close(figure)
