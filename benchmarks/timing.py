"""Medians and ratios within one run: the ways are timed in turn, so that a drift of the machine's speed cancels."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import date

import torch

Rows = list[dict[str, str | float]]


def compare(task: str, ways: Mapping[str, Callable[[], object]], rounds: int = 3) -> Rows:
    """Median seconds of each way to do a task, and how many times as long it takes as the first, the median over rounds."""
    for way in ways.values():
        way()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - started)
    first = next(iter(seconds.values()))
    ratios = {name: statistics.median(a / b for a, b in zip(spent, first, strict=True)) for name, spent in seconds.items()}
    return [
        {"task": task, "way": name, "seconds": statistics.median(spent), "times the first": ratios[name]}
        for name, spent in seconds.items()
    ]


def machine() -> dict[str, str | float]:
    """What the numbers belong to."""
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "date": date.today().isoformat(),
    }
