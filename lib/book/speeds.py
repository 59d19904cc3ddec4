"""What was measured about speed: `speeds.csv`, which `make bench` writes. No page measures a time while the book is built."""

from pathlib import Path

import pandas as pd
from pandas.io.formats.style import Styler

TABLE = Path(__file__).with_name("speeds.csv")


def speeds(table: Path = TABLE) -> pd.DataFrame:
    """Median seconds of each way to do a task, and how many times as long it takes as the first way, a row a way."""
    return pd.read_csv(table)


def times(task: str, way: str, table: Path = TABLE) -> float:
    """How many times as long a way takes as the first of its task; both are named by how they begin.

    Raises KeyError where there is no such row.
    """
    of = speeds(table)
    chosen = of[of["task"].str.startswith(task) & of["way"].str.startswith(way)]
    if len(chosen) != 1:
        raise KeyError(f'speeds.csv has {len(chosen)} rows for "{way}" of "{task}": run make bench.')
    return float(chosen["times the first"].iloc[0])


def machine(table: Path = TABLE) -> str:
    """What the numbers belong to, in words."""
    of = speeds(table).iloc[0]
    return f"{of['machine']}, {of['threads']} thread, torch {of['torch']}, Python {of['python']}, on {of['date']}"


def shown(table: Path = TABLE) -> Styler:
    """The table as the book shows it, a row a way."""
    values = speeds(table)[["task", "way", "seconds", "times the first"]]
    return values.style.hide(axis="index").format({"seconds": "{:.3g}", "times the first": "{:.2f}"})
