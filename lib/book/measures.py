"""What the claims about fixed points ask of a network (paper A)."""

import math

import torch

from lib.book.searches import (
    N_STARTS,
    fixed_points,
    fixed_points_of_sample,
    linearize,
    mean_embedding,
    spectra,
    tolerance_sweep,
)
from lib.dynamics.fixed_points import FixedPoints, distinct
from lib.dynamics.manifold import (
    alignment,
    examples_along,
    have_axis,
    manifold_axis,
    n_occupied,
    principal_axes,
    random_alignment,
    share_inside,
    spread_ratio,
)
from lib.dynamics.modes import time_constants
from lib.training.folder import OTHER_SAMPLES, Saved

N_COMPARED = 60  # starts of a search that is compared with another,
N_FEW = 10  # and points at which its dynamics are linearized


def line_measures(saved: Saved, points: FixedPoints) -> dict[str, float]:
    """What claim A5 asks: are the points a line, within the components of the states and along the readout (paper A, §4.2)?

    "As the readout sees it": in the components that the readout sees (of an LSTM's [h; c] only h), with the plane that of the
    visited states and m that of the points. The bins are equal, over the central 90 % of the visited states along m. Not a
    number where no two points differ: they have no axis.
    """
    layer, kept, network = saved.evidence.layers[-1], points.states_or_slowest, saved.network
    readout, n_seen = network.readout_axis, network.cell.n_output
    axes, shares = principal_axes(kept)
    m, plane = axes[0], layer.axes[:2]
    full = float(alignment(m, readout))
    m_seen, w_seen = principal_axes(kept[:, :n_seen])[0][0], readout[:n_seen]
    plane_seen = principal_axes(layer.states[:, :n_seen])[0][:2]
    low, high = (layer.states @ m).quantile(torch.tensor([0.05, 0.95])).tolist()
    found = {
        "first-axis share": float(shares[0]),
        "variance inside the first 3 PCs of the states": share_inside(kept, layer.axes[:3]),
        "|cos(m, w)| in the plane": float(alignment(plane @ m, plane @ readout)),
        "|cos(m, w)| over the random 99.9th percentile": full / random_alignment(len(m), 0.999),
        "|cos(m, w)| in full": full,
        "|cos(m, w)| in the plane, as the readout sees it": float(alignment(plane_seen @ m_seen, plane_seen @ w_seen)),
        "|cos(m, w)| over the random 99.9th percentile, as the readout sees it": float(alignment(m_seen, w_seen))
        / random_alignment(n_seen, 0.999),
        "spread of the points over that of the states, along m": spread_ratio(kept, layer.states, m),
        "bins along m that hold a point, of 20": float(n_occupied(kept @ m, low, high, 20)),
    }
    return found if have_axis(kept) else dict.fromkeys(found, float("nan"))


def spreads(saved: Saved, sweep: dict[float, FixedPoints]) -> dict[float, float]:
    """How far the points of each tolerance spread along m, over how far the visited states do.

    One m for all: that of the points at q < 1e-8 or, where those are not there or do not differ, of those at the nearest
    tolerance that has an axis. Not a number where fewer than two starts converged.
    """
    layer = saved.evidence.layers[-1]
    kept = {tolerance: points.states[points.converged] for tolerance, points in sweep.items()}
    with_axis = [tolerance for tolerance, states in kept.items() if have_axis(states)]
    if not with_axis:
        return dict.fromkeys(kept, float("nan"))
    m = principal_axes(kept[min(with_axis, key=lambda tolerance: abs(math.log(tolerance / 1e-8)))])[0][0]
    return {tolerance: spread_ratio(states, layer.states, m) for tolerance, states in kept.items()}


def tolerance_measures(saved: Saved, sweep: dict[float, FixedPoints]) -> dict[str, float]:
    """What claim A4 asks of a sweep over tolerances that holds 1e-6, 1e-8 and 1e-10: do the points keep their place?"""
    ends = {tolerance: sweep[tolerance].states[sweep[tolerance].converged] for tolerance in (1e-6, 1e-10)}
    loose, strict = (float(principal_axes(kept)[1][0]) if have_axis(kept) else float("nan") for kept in ends.values())
    found = spreads(saved, sweep)
    spread = torch.tensor([found[tolerance] for tolerance in (1e-6, 1e-8, 1e-10)])
    return {
        "change of the first-axis share from 1e-6 to 1e-10": abs(loose - strict),
        "spread along m at 1e-6, 1e-8 and 1e-10, largest over smallest": float(spread.max() / spread.min()),
        "spread along m at 1e-6": float(spread[0]),
        "spread along m at 1e-8": float(spread[1]),
        "spread along m at 1e-10": float(spread[2]),
    }


def mode_measures(saved: Saved, points: FixedPoints) -> dict[str, float]:
    """What claim A7 asks: are nearly all modes stable, with one or a few that outlast the documents (paper A, §4.3–4.4)?

    The shares of stable modes and of those with τ > 100 are over the whole spectra of three points, at 5, 50 and 95 % of the
    way along m; the rest is over all points that `linearize` takes. A mode outlasts the documents where its τ is above their
    mean length T, or where it does not decay at all: |λ| > exp(−1/T).
    """
    system, modes = linearize(saved, points)
    length, n_modes = saved.config["mean_length"]["cut"], len(saved.network.readout_axis)
    eigenvalues = spectra(saved, points)
    few = eigenvalues[examples_along(system.fixed_point, manifold_axis(system.fixed_point, saved.network.readout_axis))]
    tau = modes.time_constants[:, :3].median(0).values
    outlast = (eigenvalues.abs() > math.exp(-1 / length)).double().sum(1)
    return {
        "share of stable modes": float((few.abs() < 1).double().mean()),
        "share of modes with τ > 100": float((time_constants(few) > 100).double().mean()),
        "slowest τ over the document length": float(tau[0] / length),
        "modes with τ above the document length": float(outlast.median()),
        "share of modes with τ above the document length": float(outlast.mean() / n_modes),
        "share of points with a real slowest mode": float((modes.eigenvalues[:, 0].imag == 0).double().mean()),
        "median slowest τ (tokens)": float(tau[0]),
        "median second τ (tokens)": float(tau[1]),
        "median third τ (tokens)": float(tau[2]),
    }


def linearized_measures(saved: Saved, points: FixedPoints, n_points: int = N_FEW) -> dict[str, float]:
    """What the claims about fixed points ask, in a row: used to compare one search with another (A4, A5, A7, A10, A16)."""
    _, modes = linearize(saved, points, n_points)
    n_distinct = len(distinct(points.states_or_slowest))
    line, along_m = {}, float("nan")
    if n_distinct > 2:
        line, m = line_measures(saved, points), principal_axes(points.states_or_slowest)[0][0]
        along_m = float((modes.right[:, :, 0] @ m.to(modes.right)).abs().median())
    return {
        "share of starts": float(points.converged.float().mean()),
        "distinct points": n_distinct,
        **{key: line.get(key, float("nan")) for key in ("first-axis share", "|cos(m, w)| in the plane")},
        "slowest τ": float(modes.time_constants[:, 0].median()),
        "|r₁·m|": along_m,
    }


def under_choices(
    saved: Saved, n_starts: int = N_STARTS, tolerance: float = 1e-8, n_compared: int = N_COMPARED
) -> dict[str, dict[str, float]]:
    """`linearized_measures` of a reference search from `n_compared` starts, then with one choice changed at a time."""
    found = {"reference": linearized_measures(saved, fixed_points(saved, n_compared, tolerance))}
    for bound, points in tolerance_sweep(saved).items():
        if bound in (1e-6, 1e-7, 1e-9, 1e-10):
            found[f"q < {bound:.0e}"] = linearized_measures(saved, points)
    found[f"{n_starts} starts"] = linearized_measures(saved, fixed_points(saved, n_starts, tolerance))
    larger = fixed_points(saved, n_compared, tolerance, dimension=32)
    found["steps in 32 dimensions"] = linearized_measures(saved, larger)
    for sample, label in zip(OTHER_SAMPLES, ("training documents", "the shortest documents"), strict=True):
        points = fixed_points_of_sample(saved, sample, n_compared, tolerance)
        found[label] = linearized_measures(saved, points)
    for name in ("mean word", "mean token"):
        points = fixed_points(saved, n_compared, tolerance, name)
        found[f"x* = {name}"] = linearized_measures(saved, points)
    return found


def input_point_measures(saved: Saved, n_compared: int = N_COMPARED, tolerance: float = 1e-8) -> dict[str, float]:
    """What claim A16 asks: is the mean word vector small, and is the network the same there as at x* = 0 (footnote 2)?

    Of the first-axis share, τ and |r₁·m| the change is relative, of |λ| absolute: τ = |1 / log|λ|| is ill-conditioned near 1.
    """
    rows, sizes = {}, {}
    for name in ("zero", "mean word"):
        points = fixed_points(saved, n_compared, tolerance, name)
        rows[name] = linearized_measures(saved, points)
        sizes[name] = float(linearize(saved, points, N_FEW)[1].eigenvalues[:, 0].abs().median())
    norm = float(mean_embedding(saved).norm())

    def change(measure: str) -> float:
        return abs(rows["mean word"][measure] / rows["zero"][measure] - 1)

    return {
        "norm of the mean word vector over the median norm": norm
        / float(saved.network.embedding.weight[2:].norm(dim=1).median()),
        "change of the first-axis share": change("first-axis share"),
        "change of |r₁·m|": change("|r₁·m|"),
        "change of the slowest |λ|": abs(sizes["mean word"] - sizes["zero"]),
        "change of the slowest τ": change("slowest τ"),
        "norm of the mean word vector": norm,
    }
