"""Medians and ratios within one run: the two ways are timed in turn, so that a drift of the machine's speed cancels."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping

import torch


def compare(title: str, ways: Mapping[str, Callable[[], object]], rounds: int = 5) -> None:
    """Print the median seconds of each way, and its ratio to the first, round by round."""
    for way in ways.values():
        way()
    seconds = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - started)
    first = next(iter(seconds.values()))
    print(f"\n{title}")
    print(f"({platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}, {torch.get_num_threads()} thread(s))")
    for name, found in seconds.items():
        ratio = statistics.median(a / b for a, b in zip(found, first, strict=True))
        print(f"  {name:<44} {statistics.median(found):8.3f} s   × {ratio:.2f}")
