"""What was found in the reader's network, in a sentence."""

from collections import Counter

from lib.dynamics.fixed_points import ExactPoints

KINDS = {0: "stable", 1: "with one unstable direction"}


def found(points: ExactPoints) -> str:
    """How many exact fixed points there are, and of which stability."""
    kinds = Counter(points.n_unstable.tolist())
    each = [f"{n} {KINDS.get(kind, f'with {kind} unstable directions')}" for kind, n in sorted(kinds.items())]
    return f"{len(points)} exact fixed points, {', '.join(each)}."
