"""What the claims about the cloud of visited states ask of a network (paper A, §4.1)."""

import torch

from lib.dynamics.manifold import alignment, explained, n_components, participation_ratio
from lib.training.folder import LayerEvidence, Saved


def dimension_measures(layer: LayerEvidence) -> dict[str, float]:
    """What claim A1 asks: do a few components carry the variance of the states, far fewer than before training?"""
    share = explained(layer.spectrum)
    return {
        "variance in the first 3 PCs": float(share[2]),
        "participation ratio over the untrained one": participation_ratio(layer.spectrum)
        / participation_ratio(layer.untrained_spectrum),
        "variance in the first 2 PCs": float(share[1]),
        "components for 90 %": float(n_components(layer.spectrum)),
        "components for 90 %, untrained": float(n_components(layer.untrained_spectrum)),
    }


def separation_measures(saved: Saved) -> dict[str, float]:
    """What claim A2 asks: do the states set out from the middle, and do the classes separate along the readout?

    The quantile is that of the logit of the initial state among those of the visited states; the angle, in the plane of the
    first two components, lies between the axis of the two class means and the readout.
    """
    layer, logit = saved.evidence.layers[-1], saved.network.logit
    visited, labels = layer.density[:, :2], saved.evidence.transitions.density_labels
    between = visited[labels == 1].mean(0) - visited[labels == 0].mean(0)
    start = torch.zeros_like(layer.states[:1])
    along = alignment(between, layer.axes[:2] @ saved.network.readout_axis).clamp(max=1)
    return {
        "quantile of the initial logit": float((logit(layer.states) < logit(start)).float().mean()),
        "angle between class means and readout (degrees)": float(torch.rad2deg(along.arccos())),
    }
