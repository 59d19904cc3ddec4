"""All that the pages about layers ask of one stack, without their text: its tables on record, and what there is to draw."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from jaxtyping import Float
from torch import Tensor

from lib.book import charts
from lib.book.charged_words import charged, step_ratios, step_sizes
from lib.book.charts import Chart
from lib.book.coupled import coupled_points, coupled_table, example_spectra, ranges, resting_given_below, resting_places
from lib.book.figures.look import ACCENT, GREY, INK, NEGATIVE, NEUTRAL, VALENCE
from lib.book.layers import TOLERANCE, alone, example_eigenvalues, layer_table
from lib.book.reviews import read_examples
from lib.book.searches import N_STARTS, fixed_points
from lib.dynamics import FixedPoints, explained
from lib.training.folder import Saved

READ = {
    "step at charged over other words": "as read",
    "step at charged over other words, at the same states": "at the same states",
}


@dataclass(frozen=True)
class Stacked:
    """A network of one or more layers, each on its own and all coupled; each step is taken once, when it is asked for."""

    saved: Saved

    @cached_property
    def layers(self) -> list[Saved]:
        return [alone(self.saved, n) for n in range(len(self.saved.network.layers))]

    @cached_property
    def coupled(self) -> FixedPoints:
        return coupled_points(self.saved)

    @cached_property
    def places(self) -> dict[str, list[Float[Tensor, "_ state"]]]:
        return resting_places(self.saved, self.coupled)

    @cached_property
    def resting(self) -> pd.DataFrame:
        return resting_given_below(self.saved, self.places)

    @cached_property
    def spectra(self) -> dict:
        return example_spectra(self.saved, self.places)[0]

    def tables(self) -> dict[str, pd.DataFrame]:
        """What goes on record, by name: of one layer there is nothing to couple."""
        ratio = step_ratios(self.saved).pivot(index="layer", columns="read", values="ratio")
        steps = {measure: ratio[read].to_numpy() for measure, read in READ.items()}
        found = {"layers": layer_table(self.saved).assign(**steps)}
        if len(self.layers) > 1:
            table = coupled_table(self.saved, self.coupled, self.places, self.spectra)
            held = ranges(self.resting).assign(how="alone")
            found["coupled"] = table.merge(held, on=["layer", "how"], how="left")
        return found

    def charts(self, n: int) -> list[Chart]:
        """What there is to draw of layer n, counted from 0, in the order of the pages."""
        layer = self.layers[n]
        evidence = layer.evidence.layers[0]
        trained, untrained = (explained(of).numpy() for of in (evidence.spectrum, evidence.untrained_spectrum))
        found = [charts.variance(trained, untrained), self._states(n), self._steps(n), self._points(n)]
        found.append(self._spectra(n))
        if len(self.layers) > 1:
            found.append(self._coupled(n))
        if n:
            found.append(self._given_below(n))
        return found

    def _plane(self, n: int, states: Float[Tensor, "point state"]) -> np.ndarray:
        return self.layers[n].evidence.layers[0].project(states)[:, :2].numpy()

    def _visited(self, n: int) -> np.ndarray:
        return self.layers[n].evidence.layers[0].density[:, :2].numpy()

    def _states(self, n: int) -> Chart:
        read = read_examples(self.saved)
        walks = charts.walks({valence: self._plane(n, reading.paths[n]) for valence, reading in read.items()})
        cloud = charts.states(self._visited(n), self.saved.evidence.transitions.density_labels.numpy())
        return charts.chart("States and two reviews", *charts.PLANE, *cloud, *walks)

    def _steps(self, n: int) -> Chart:
        steps, valence = step_sizes(self.saved)[n].numpy(), charged(self.saved, self.saved.evidence.transitions.tokens).numpy()
        edges = np.linspace(0, float(np.quantile(steps, 0.995)), 31)
        bars = [
            charts.histogram(name, color, steps[valence == sign], edges, density=True)
            for name, color, sign in (
                ("other words", GREY, 0),
                ("positive words", VALENCE["positive"], 1),
                ("negative words", VALENCE["negative"], -1),
            )
        ]
        return charts.chart("Steps by word", "size of the step", "density", *bars)

    def _points(self, n: int) -> Chart:
        found = fixed_points(self.layers[n], N_STARTS, TOLERANCE)
        drawn = [charts.backdrop(self._visited(n))]
        if not found.converged.all():
            drawn.append(
                charts.points("crosses", "no slow point reached", GREY, self._plane(n, found.states[~found.converged]))
            )
        drawn.append(charts.points("dots", "slow points, alone", INK, self._plane(n, found.converged_states)))
        return charts.chart("Slow points, q < 10⁻⁶", *charts.PLANE, *drawn)

    def _spectra(self, n: int) -> Chart:
        if len(self.layers) == 1:
            places = fixed_points(self.layers[n], N_STARTS, TOLERANCE).distinct_states
            return charts.spectra([example_eigenvalues(self.layers[n], places).numpy()], ("alone",), (INK,))
        both = [self.spectra[how][n].numpy() for how in ("alone", "coupled")]
        return charts.spectra(both, ("alone", "coupled"), (GREY, NEGATIVE))

    def _coupled(self, n: int) -> Chart:
        drawn = [
            charts.points("dots", name, color, self._plane(n, self.places[name][n]))
            for name, color in (("alone", INK), ("coupled", NEGATIVE))
        ]
        return charts.chart("Alone and coupled", *charts.PLANE, charts.backdrop(self._visited(n)), *drawn)

    def _given_below(self, n: int) -> Chart:
        of = self.resting[(self.resting.layer == n + 1) & (self.resting.given > 0)]
        dots = charts.series("dots", "resting places", ACCENT, of.below, of.rests)
        zero = self.resting[(self.resting.layer == n + 1) & (self.resting.given == 0)].rests
        reach = [float(of.below.min()), float(of.below.max())]
        ends = [
            charts.series("dashes", f"{name} at zero input", NEUTRAL, reach, [x, x])
            for name, x in (("least", zero.min()), ("most", zero.max()))
        ]
        return charts.chart(
            "Given the layer below at rest", "layer below rests at (sd)", "this layer rests at (sd)", dots, *ends
        )
