"""All that the sections ask of one network of paper A, without their text: what goes on record, and what there is to draw.

The sections record the same measures for the network that they are run for; here it is done for every network at once.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from lib.book import charts
from lib.book.charts import Chart
from lib.book.cloud import dimension_measures, separation_measures
from lib.book.figures.look import ACCENT, EXAMPLES, GREY, INK, NEUTRAL, POSITIVE
from lib.book.linear import accumulation_measures, accuracies, correct, error_after, linear_measures
from lib.book.measures import input_point_measures, line_measures, mode_measures, tolerance_measures, under_choices
from lib.book.mechanism import Mechanism, effect_measures, mechanism
from lib.book.records import Measures
from lib.book.reviews import read_examples
from lib.book.searches import drift_speed, fixed_points, linearize, tolerance_sweep
from lib.book.sensitivity import MEASURES as SENSITIVE
from lib.book.slow_points import curve_measures, sweep_table
from lib.dynamics import (
    FixedPoints,
    LinearSystem,
    Modes,
    distinct,
    eigenmodes,
    evenly_along,
    exact_fixed_points,
    examples_along,
    explained,
    manifold_axis,
    manifold_coordinate,
    mode_sums,
    normalized_velocity,
    one_step_errors,
    principal_axes,
    random_alignment,
    relative_error,
    steps_until_slow,
)
from lib.training.folder import LayerEvidence, Saved

N_EXACT = 40  # slow points from which exact fixed points are searched
N_COMPARED = 60  # states that are linearized at themselves
NAMES = ("at 5 %", "half-way", "at 95 %")  # of the example points along the manifold


@dataclass(frozen=True)
class Analysis:
    """One network, and the linear network of its corpus if there is one; each step is taken once, when it is asked for."""

    saved: Saved
    control: Saved | None = None

    @property
    def layer(self) -> LayerEvidence:
        return self.saved.evidence.layers[-1]

    @cached_property
    def points(self) -> FixedPoints:
        return fixed_points(self.saved)

    @cached_property
    def holding(self) -> FixedPoints:
        """The points slower than q_D."""
        return fixed_points(self.saved, tolerance=drift_speed(self.saved))

    @cached_property
    def sweep(self) -> dict[float, FixedPoints]:
        return tolerance_sweep(self.saved)

    @cached_property
    def linearized(self) -> tuple[LinearSystem, Modes]:
        return linearize(self.saved, self.points)

    @cached_property
    def examples(self) -> Modes:
        """All modes at three points, at 5, 50 and 95 % of the way along the manifold."""
        return eigenmodes(self.linearized[0].recurrent[self.at_examples])

    @cached_property
    def at_examples(self) -> Tensor:
        states = self.linearized[0].fixed_point
        return examples_along(states, manifold_axis(states, self.saved.network.readout_axis))

    @cached_property
    def mechanics(self) -> Mechanism:
        return mechanism(self.saved, self.points)

    @cached_property
    def velocity(self) -> Float[Tensor, "step quantile"]:
        """10, 50 and 90 % of the normalized velocity over 500 states, while nothing is read."""
        steps = normalized_velocity(self.saved.network.cell, self.layer.states[:500], n_steps=100)
        return steps.quantile(torch.tensor([0.1, 0.5, 0.9]), dim=1).T

    @cached_property
    def theta(self) -> np.ndarray | None:
        kept = self.points.states_or_slowest
        return manifold_coordinate(kept, self.saved.network.readout_axis).numpy() if len(distinct(kept)) > 2 else None

    @cached_property
    def errors(self) -> Float[Tensor, " transition"]:
        """Relative errors of one linear step."""
        vectors = self.saved.network.embedding.weight[self.saved.evidence.transitions.tokens]
        return one_step_errors(self.saved.network.cell, self.linearized[0], self.layer.states, vectors)

    @cached_property
    def right(self) -> dict[str, np.ndarray]:
        return correct(self.saved, self.control)

    def measures(self) -> dict[str, Measures]:
        """What goes on record, by claim."""
        saved, points, cell = self.saved, self.points, self.saved.network.cell
        median, kept = self.velocity[:, 1], points.states_or_slowest
        slow, error = mechanism(saved, self.holding), self.errors.median()
        sample = self.layer.states[:N_COMPARED]
        inputs = saved.network.embedding.weight[saved.evidence.transitions.tokens[:N_COMPARED]]
        at_itself = relative_error(LinearSystem.at(cell, sample)(sample, inputs), cell(sample, inputs)).median()
        return {
            "A1": dimension_measures(self.layer),
            "A2": separation_measures(saved),
            "A3": {
                "steps until slow": steps_until_slow(median),
                "median velocity at the start": float(median[0]),
                "median velocity after 20 steps": float(median[20]),
            },
            "A4": {
                "share of starts that converge": float(points.converged.float().mean()),
                "distinct points": len(distinct(points.converged_states)),
            }
            | tolerance_measures(saved, self.sweep),
            "A5": line_measures(saved, points),
            "A6": curve_measures(self.theta, kept, principal_axes(kept)[0][0]),
            "A5D": line_measures(saved, self.holding) | {"q_D": drift_speed(saved)},
            "A7": mode_measures(saved, points),
            "A8": effect_measures(self.mechanics.effects, self.layer.axes[:2]),
            "A9": self.mechanics.selection,
            "A10": self.mechanics.storage,
            "A9D": slow.selection,
            "A10D": slow.storage,
            "A11": {
                "median one-step error": float(error),
                "median one-step error, linearized at the state itself": float(at_itself),
            },
            "A12": accumulation_measures(float(error), error_after(saved.evidence.rollout_error, 50)),
            "A15": linear_measures(self.right),
            "A16": input_point_measures(saved),
            "A18": {"relative error of the sum over all modes": self._identity_error()},
        }

    def _identity_error(self) -> float:
        """Of paper A's equation 3, over 200 words of the test documents at the middle point."""
        system, middle = self.linearized[0], self.at_examples[[1]]
        jacobian, inward = (matrices[middle].double() for matrices in (system.recurrent, system.inward))
        words = self.saved.network.embedding.weight[self.saved.evidence.transitions.tokens[:200]].double()
        return mode_sums.identity_error(jacobian, self.examples[[1]], words @ inward.mT, (1, 10, 50, 100))

    def charts(self) -> list[Chart]:
        """What there is to draw, in the order of the sections."""
        cloud = charts.variance(*(explained(of).numpy() for of in (self.layer.spectrum, self.layer.untrained_spectrum)))
        steps = np.arange(len(self.velocity))
        velocity = charts.quantiles(
            "Without input", "steps without input", "normalized velocity", steps, self.velocity.numpy(), 0.01
        )
        return [
            cloud,
            self._state_space(),
            velocity,
            *self._sweep(),
            self._slow_points("Slow points, q < 10⁻⁸", self.points, self.theta),
            self._slow_points("Slow points, q < q_D", self.holding),
            charts.spectra(list(self.examples.eigenvalues.numpy()), NAMES),
            self._time_constants(),
            self._effects(),
            charts.by_valence(
                "Input projections", "mean ℓ₁ᵀ J x, a point each", {k: v.numpy() for k, v in self.mechanics.projections.items()}
            ),
            self._overlap(),
            self._one_step(),
            self._many_steps(),
            self._accuracies(),
            *self._choices(),
        ]

    def _plane(self, states: Float[Tensor, "point state"]) -> np.ndarray:
        return self.layer.project(states)[:, :2].float().numpy()

    def _state_space(self) -> Chart:
        read = read_examples(self.saved)
        walks = charts.walks({valence: self._plane(reading.path) for valence, reading in read.items()})
        labels = self.saved.evidence.transitions.density_labels.numpy()
        cloud = charts.states(self.layer.density[:, :2].numpy(), labels)
        start = charts.points("dots", "initial state", INK, self._plane(torch.zeros_like(self.layer.mean)[None]))
        return charts.chart("States and two reviews", *charts.PLANE, *cloud, *walks, start)

    def _sweep(self) -> list[Chart]:
        table = sweep_table(self.sweep)
        axis = {"log": "x", "falling": True}

        def of(measure: str, color: str) -> dict:
            return charts.series("line", measure, color, table["tolerance"], table[measure])

        shares = of("share of starts", INK), of("first-axis share", ACCENT)
        return [
            charts.chart("Tolerance: shares", "tolerance on q", "share", *shares, **axis, limits=[0, 1.05]),
            charts.chart("Tolerance: points", "tolerance on q", "distinct points", of("distinct points", INK), **axis),
        ]

    def _slow_points(self, title: str, found: FixedPoints, theta: np.ndarray | None = None) -> Chart:
        """Slow points; with θ, the exact fixed points that they lead to as well."""
        drawn = [charts.backdrop(self.layer.density[:, :2].numpy())]
        stuck, kept = found.states[~found.converged], found.states_or_slowest
        if len(stuck):
            drawn.append(charts.points("crosses", "no slow point reached", GREY, self._plane(stuck)))
        coloured = {} if theta is None else {"values": theta}
        drawn.append(charts.points("dots", "slow points", INK, self._plane(kept), **coloured))
        if found is self.points:
            chosen = found.states[evenly_along(found.states, principal_axes(kept)[0][0], N_EXACT)]
            exact = exact_fixed_points(self.saved.network.cell, chosen)
            for kind, name, which in (("dots", "sinks", exact.n_unstable == 0), ("open", "saddles", exact.n_unstable > 0)):
                drawn.append(charts.points(kind, name, ACCENT, self._plane(exact.states[which])) | {"size": 9})
        return charts.chart(title, *charts.PLANE, *drawn)

    def _time_constants(self) -> Chart:
        (system, modes), w = self.linearized, self.saved.network.readout_axis
        states, length = system.fixed_point, self.saved.config["mean_length"]["cut"]
        theta = manifold_coordinate(states, w) if len(states) > 2 else states.new_zeros(len(states))
        slowest = [
            charts.series("dots", f"mode {n + 1}", color, theta, modes.time_constants[:, n])
            for n, color in enumerate((INK, ACCENT, NEUTRAL))
        ]
        mean = charts.series("dashes", "mean document", GREY, [-1, 1], [length, length])
        return charts.chart("Time constants", "θ", "τ (tokens)", *slowest, mean, log="y")

    def _effects(self) -> Chart:
        plane = self.layer.axes[:2]
        effects = {valence: (effect[1] @ plane.T).numpy() for valence, effect in self.mechanics.effects.items()}
        dots = [charts.points("dots", f"{key} words", charts.VALENCE[key], at) for key, at in effects.items()]
        reach = float(np.abs(np.concatenate(list(effects.values()))).max())
        left = charts.direction("ℓ₁", ACCENT, np.zeros(2), (plane @ self.mechanics.left[1]).numpy(), reach)
        return charts.chart("Effects of words, half-way", *charts.PLANE, *dots, left, equal=True)

    def _overlap(self) -> Chart:
        edges = np.linspace(0, 1, 31)
        chance = np.array([random_alignment(len(self.mechanics.axis), q) for q in np.linspace(0, 1, 301)])
        bars = [
            charts.histogram(name, color, values, edges, density=True)
            for name, color, values in (
                ("random directions", GREY, chance),
                ("r₁ at the points", ACCENT, self.mechanics.overlap.numpy()),
            )
        ]
        return charts.chart("Storage along the line", "|r₁·m|", "density", *bars)

    def _one_step(self) -> Chart:
        bars = charts.histogram("transitions", ACCENT, self.errors.clamp(max=1.5).numpy(), np.linspace(0, 1.5, 46))
        return charts.chart("One linear step", "relative error (1.5: and above)", "transitions", bars)

    def _many_steps(self) -> Chart:
        rollout = self.saved.evidence.rollout_error
        found = np.full((1, 3), np.nan) if rollout is None else rollout.numpy()
        return charts.quantiles("Many linear steps", "linear steps", "relative error", np.arange(1, len(found) + 1), found)

    def _accuracies(self) -> Chart:
        table = accuracies(self.right)
        values = {key: table[key] for key in ("low", "high")}
        bars = charts.series("bars", "accuracy", POSITIVE, list(table.index), table["accuracy"], **values)
        return charts.chart("Classifiers", "", "test accuracy", bars | {"color": ACCENT}, limits=[0, 1])

    def _choices(self) -> list[Chart]:
        """The four measures behind the claims under every other choice of the search, one changed at a time."""
        under = under_choices(self.saved)
        colors = dict(zip(SENSITIVE, (INK, EXAMPLES[0], EXAMPLES[2], EXAMPLES[1]), strict=True))
        dots = {
            measure: charts.series("dots", measure, colors[measure], list(under), [of[measure] for of in under.values()])
            for measure in SENSITIVE
        }
        tau = dots.pop("slowest τ")
        shares = charts.chart("Other choices: shares", "", "share", *dots.values(), limits=[0, 1.05])
        return [shares, charts.chart("Other choices: time", "", "slowest τ (tokens)", tau, log="y")]
