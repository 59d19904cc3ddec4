"""Training: from a network's name to its folder, which is all that the analysis needs. Imports text and dynamics.

Names
- `spec_of`: what a name says (`Spec`: corpus, architecture, depth, variant, seed) and the `Recipe` that goes with it.
- `catalogue`: the content of `book/networks.yml`; `paper_a`, `with_pages`, `stacks`, `controls`, `measured_only`, `of_classes`,
  `wanted`: lists of it; `exists`: whether a folder is whole; `stack_label`, `shorthand`: a stack as it is written.
- `ROOT`, `NETWORKS`: the repository, and its folder of networks; `PAPER_B`: the variant that is paper B's recipe.

Networks
- `Network`: embedding, stack of cells, readout; `linearized_network`: the same with a linear system as its cell.
- `load`, `save`: a network's folder (`Saved`, with its `Evidence`); `FolderError`: it is missing or damaged.
- `before_training`: the network as its seed initialized it; `OTHER_SAMPLES`: other documents that it read.

Making them
- `publish`: train a network and write its folder; `train`, `logits`, `score`, `best_epoch`: its parts.
- `grid`: all that is missing, on this machine or, with `lib.training.cluster`, on a Slurm cluster; `experiment`: what makes the
  line; `TrainingError`: training cannot go on.
"""

from lib.training import experiment, grid
from lib.training.catalogue import (
    NETWORKS,
    PAPER_B,
    ROOT,
    Spec,
    catalogue,
    controls,
    exists,
    measured_only,
    of_classes,
    paper_a,
    shorthand,
    spec_of,
    stack_label,
    stacks,
    wanted,
    with_pages,
)
from lib.training.folder import OTHER_SAMPLES, Evidence, FolderError, Saved, before_training, load, save
from lib.training.loop import TrainingError, best_epoch, logits, score, train
from lib.training.network import Network, linearized_network
from lib.training.publication import publish
from lib.training.recipe import Recipe

__all__ = [
    "NETWORKS",
    "OTHER_SAMPLES",
    "PAPER_B",
    "ROOT",
    "Evidence",
    "FolderError",
    "Network",
    "Recipe",
    "Saved",
    "Spec",
    "TrainingError",
    "before_training",
    "best_epoch",
    "catalogue",
    "controls",
    "exists",
    "experiment",
    "grid",
    "linearized_network",
    "load",
    "logits",
    "measured_only",
    "of_classes",
    "paper_a",
    "publish",
    "save",
    "score",
    "shorthand",
    "spec_of",
    "stack_label",
    "stacks",
    "train",
    "wanted",
    "with_pages",
]
