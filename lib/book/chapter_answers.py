"""The answer of each chapter about paper A, and what to see in its figures: sentences chosen by what was measured.

Each is true of whatever it is given: of no network as of all, of a dot as of a line, and where a value is not a number.
"""

import math
from collections.abc import Mapping, Sequence

from lib.book.answers import listed
from lib.book.html import number, power
from lib.book.ledger import REPRODUCED
from lib.training.experiment import LINE_SPREAD

Measures = Mapping[str, float]
SPREAD, BINS = "spread of the points over that of the states, along m", "bins along m that hold a point, of 20"
PLANE = "|cos(m, w)| in the plane, as the readout sees it"
SMALLEST, LARGEST = LINE_SPREAD
AXIS_SHARE = 0.8  # of the points' variance, along their first axis: the criterion of claim A5
FILLED = 8  # of 20 bins along the line hold a point: the criterion of claim A5D


def plural(n: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 sink, 0 sinks."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """A share in per cent."""
    return f"{100 * share:.0f}\u00a0%"


def compared_with(value: float, papers: float, told: str) -> str:
    """How a value compares with the paper's, in words: `told` is the paper's with its unit."""
    if math.isnan(value):
        return "which could not be measured"
    ratio = value / papers
    if 0.75 <= ratio <= 1.25:
        return f"about the paper’s {told}"
    return f"{number(ratio)} times the paper’s {told}" if ratio > 1 else f"below the paper’s {told}"


def training(gains: Mapping[str, Sequence[float]]) -> str:
    """Gains over a bag of words, in points, each (gain, low, high), by network."""
    known = {name: gain for name, gain in gains.items() if not math.isnan(gain[0])}
    if not known:
        return "No network is compared with a bag of words here."
    above = [name for name, (_, low, _) in known.items() if low > 0]
    below = [name for name, (_, _, high) in known.items() if high < 0]
    middle = sorted(gain for gain, *_ in known.values())[len(known) // 2]
    certain = f"certainly better in {len(above)} of {len(known)}, certainly worse in {len(below)} (95 % intervals)"
    return f"Against a bag of words the gated networks are {certain}; the middle gain is {number(middle)} points of accuracy."


def glove_told(gain: float) -> str:
    """What GloVe's vectors change of the accuracy, in points."""
    if math.isnan(gain):
        return "The recipes cannot be compared here"
    direction = "higher" if gain > 0 else "lower"
    return f"With GloVe’s vectors the accuracy is {number(abs(gain))} points {direction} (median over the cells)"


def dimensions(measured: Measures, n_state: int) -> str:
    """Does a trained network use the dimensions that it has?"""
    n, before = (measured[f"components for 90 %{which}"] for which in ("", ", untrained"))
    judged = "fewer than" if n < 2 else "as few as" if n <= 3 else "more than"
    change = "training squeezes the states" if n < before else "training does not squeeze the states"
    return (
        f"Ninety per cent of the states’ variance lies in {plural(int(n), 'principal component')} of {n_state}, {judged} the "
        f"paper’s two or three; before training it lies in {before:.0f}: {change}."
    )


def variance_seen(measured: Measures) -> str:
    """What to see where the explained variance is drawn, trained and untrained."""
    n, before = (measured[f"components for 90 %{which}"] for which in ("", ", untrained"))
    return f"Training {'lowers' if n < before else 'does not lower'} the number of dimensions that the states fill"


def ends_seen(positive: float, negative: float) -> str:
    """What to see where a positive and a negative review are drawn in the plane: their last logits decide."""
    if positive > 0 > negative:
        return "From a common start, the two reviews end on the two sides of the decision line, each on its own"
    return "From a common start, at least one of the two reviews ends on the other’s side of the decision line"


def slows_seen(steps: float) -> str:
    """What to see where the velocity without input is drawn: after how many steps the median state is slow."""
    if not math.isfinite(steps):
        return "Without input the median state does not slow down to a hundredth of its length per step"
    return f"Without input the median state slows down to a hundredth of its length per step after {plural(int(steps), 'step')}"


def exact_told(n_sinks: int, n_saddles: int) -> str:
    """What exact fixed points there are, and what they make of a line of slow points."""
    found = f"{plural(n_sinks, 'sink')} and {plural(n_saddles, 'saddle')}"
    if n_sinks >= 2 and n_saddles:
        return (
            f"{found}; with two sinks and a saddle, the state can creep along a line of slow points from the saddle to a sink"
        )
    if n_sinks + n_saddles == 0:
        return "none: wherever the search ran on, it found no state that rests"
    return f"{found}; the pattern of a line, two sinks with a saddle, is not among them"


def shape(line: Measures) -> str:
    """What slow points form (`line_measures`): a `line`, a few `spots` on one, a `dot`, a cloud that is `bent`, a line that is
    too `wide`, or `nothing` measurable."""
    spread, share = line[SPREAD], line["first-axis share"]
    if math.isnan(spread) or math.isnan(share):
        return "nothing"
    if spread < SMALLEST:
        return "dot"
    if share < AXIS_SHARE:
        return "bent"
    return "wide" if spread > LARGEST else "spots" if line[BINS] < FILLED else "line"


def points_seen(line: Measures) -> str:
    """What to see where slow points are drawn over the visited states."""
    return {
        "line": "The slow points lie along one line through the visited states",
        "spots": "The slow points gather in a few places along one axis, with gaps between them",
        "dot": "The slow points gather in one place, and there is no line to see",
        "bent": "The slow points reach across the visited states, and not along one straight axis",
        "wide": "The slow points lie along one axis and reach far beyond the visited states",
        "nothing": "The searches end in a single point, and there is no line to see",
    }[shape(line)]


def extent_told(line: Measures) -> str:
    """How far slow points reach, and how much of the way they fill."""
    if shape(line) == "nothing":
        return "no two of them differ"
    return f"they reach {number(line[SPREAD])} times as far as the states, and fill {number(line[BINS])} of 20 bins on the way"


def manifold(strict: Measures, loose: Measures, tolerance: float) -> str:
    """Do the slow points form a line along the readout, at the paper's tolerance and at the speed that the task sets?"""
    told = f"At q < {power(tolerance)}: {_lower(points_seen(strict))}; {extent_told(strict)}."
    if shape(strict) == "nothing":
        told = f"At q < {power(tolerance)}: {_lower(points_seen(strict))}."
    elif shape(strict) != "dot":
        told += f" With the readout their axis makes |cos| = {number(strict[PLANE])} in the plane."
    if shape(loose) == shape(strict):
        return f"{told} At q_D, the speed that the task sets, the picture is the same: {extent_told(loose)}."
    return f"{told} At q_D, the speed that the task sets: {_lower(points_seen(loose))}; {extent_told(loose)}."


def against_the_line(line: Measures, verdict: str) -> str:
    """What to say where claim A5 counts as reproduced although the figure shows no whole line; empty elsewhere."""
    if verdict != REPRODUCED or shape(line) == "line":
        return ""
    return (
        "The verdict of A5 is more generous than the figure: its criteria ask how far the points reach and in which direction, "
        f"not how much of the way they fill. A5D asks that too: {FILLED} of 20 bins, where there are {number(line[BINS])} here."
    )


def complex_told(share_real: float) -> str:
    """What to say where the slowest mode is a complex pair at some of the points; empty elsewhere."""
    if not share_real < 1:
        return ""
    return (
        f"At {percent(1 - share_real)} of the slow points the slowest mode is a complex pair: it rotates, and a single "
        "projection does not show what it keeps. There the claim is judged in the plane of the pair."
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def memory(measured: Measures, length: float, lasting: float, growing: float) -> str:
    """How long does the network remember? `lasting` is the share of points whose slowest mode outlasts a document, or grows;
    `growing` that of the points where it grows."""
    first, second = (measured[f"median {which} τ (tokens)"] for which in ("slowest", "second"))
    grows = f" or grows (it grows at {percent(growing)})" if growing > 0 else ""
    return (
        f"The slowest mode changes by a factor e in {number(first)} tokens, the second in {number(second)} (medians over the "
        f"slow points; the paper: about 1,000 and 100); a document has {number(length)} on average. At {percent(lasting)} of "
        f"the points the slowest mode outlasts a document{grows}."
    )


def against_verdict(measured: Measures, verdict: str) -> str:
    """What to say where the criterion holds although the median slowest mode is shorter than a document; empty elsewhere."""
    if verdict == REPRODUCED and measured["slowest τ over the document length"] < 1:
        return (
            "The verdict is more generous than the figure: its criterion asks whether a mode outlasts a document at the median "
            "point, and counts one that grows as lasting for ever, while the median slowest τ is shorter than a document."
        )
    return ""


def slowest_seen(measured: Measures, length: float) -> str:
    """What to see where the time constants of the slowest modes are drawn."""
    first, second = (measured[f"median {which} τ (tokens)"] for which in ("slowest", "second"))
    if math.isnan(first):
        return "The time constants could not be measured"
    above = "above" if first > length else "not above"
    apart = "far above the second" if first >= 3 * second else "close to the second"
    return f"The slowest mode is {above} the mean length of a document and {apart}"


def selection(selected: Measures, stored: Measures) -> str:
    """What does the network select from a word, and where does it store it?"""
    own, size = selected["share of points where words push to their own end"], selected["neutral over valenced projection"]
    if own >= 0.95:
        return (
            f"The left eigenvector selects the valence: words of either valence push the state to their own end at "
            f"{percent(own)} of the slow points, and the projection of neutral words is {number(size)} of that of valenced "
            f"ones. The right one stores it {along_told(stored)}."
        )
    return (
        f"Words of either valence push the state to their own end at {percent(own)} of the slow points only; the projection of "
        f"neutral words is {number(size)} of that of valenced ones. The right eigenvector points {along_told(stored)}."
    )


def along_told(stored: Measures) -> str:
    """Where the right eigenvector points, against the long axis of the slow points."""
    overlap = stored["median |r₁·m|"]
    if math.isnan(overlap):
        return "nowhere that could be measured"
    where = "along" if overlap >= 0.8 else "askew to" if overlap >= 0.5 else "across"
    return f"{where} the long axis m of the slow points (median |r₁·m| = {number(overlap)}; 1 is parallel)"


def valences_seen(selected: Measures) -> str:
    """What to see where the input projections of the three valences are drawn."""
    signs = selected["share of points with opposite signs"]
    apart = (
        "lie on opposite sides of zero at every slow point"
        if signs == 1
        else f"differ in sign at {percent(signs)} of the points"
    )
    return f"Positive and negative words {apart}"


def one_step(error: float, fifty: float) -> str:
    """How much of the network is linear?"""
    onward = "" if math.isnan(fifty) else f" After fifty steps of one linear system the miss is {number(100 * fifty)} %."
    return (
        f"One linear step misses the next state by {number(100 * error)} % of its length (median), "
        f"{compared_with(error, 0.1, '10 %')}.{onward}"
    )


def accuracy_seen(accuracy: Mapping[str, float], linearized: str, direct: str) -> str:
    """What to see where the accuracies of the network and of linear systems are drawn."""
    lost = 100 * (accuracy["network"] - accuracy[linearized])
    told = f"One linear system in the network’s place {'loses' if lost > 0 else 'does not lose'} accuracy"
    told += f" ({number(abs(lost))} points)" if lost > 0 else ""
    if direct not in accuracy:
        return told
    trained = 100 * (accuracy["network"] - accuracy[direct])
    return told + f"; one that is trained directly {'loses' if trained > 0 else 'gains'} {number(abs(trained))}"


def growth_seen(error: float, fifty: float) -> str:
    """What to see where the error is drawn against the number of linear steps."""
    if math.isnan(fifty):
        return "The documents are too short to run one linear system on for many steps"
    return f"The error {'grows' if fifty > error else 'does not grow'} when one linear system runs on by itself"


def universality(at_paper: Sequence[str], at_drift: Sequence[str], n: int, tolerance: float) -> str:
    """In which of the n networks that were judged does the whole mechanism stand?"""
    if n == 0:
        return "No network is judged here."
    names = f" ({listed(at_paper)})" if at_paper else ""
    return (
        f"The whole mechanism stands in {len(at_paper)} of {plural(n, 'network')}{names} at q < {power(tolerance)}, and in "
        f"{len(at_drift)} at q_D, the speed that the task sets. The paper says: each network."
    )


def truth(r: float, slope_not: float, slope_very: float) -> str:
    """Would the analysis find the truth if it were known?"""
    if math.isnan(r):
        return "The projections do not vary, and cannot be compared with the truth."
    judged = "Yes" if r >= 0.95 else "For the most part" if r >= 0.7 else "No"
    return (
        f"{judged}: over the words, the input projections correlate {number(r)} with the evidence that was planted. What a "
        f"modifier does is not in them; run through the whole network, a negator multiplies the next word by "
        f"{number(slope_not)} (truth: −1), an intensifier by {number(slope_very)} (truth: 2)."
    )
