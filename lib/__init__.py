"""Train recurrent networks on text, find their fixed points, linearize them, and judge what the papers claim.

The modules in the order the data flows: corpora, synthetic, vocabulary, cells, network, training, evidence,
fixed_points, linearization, manifold, valence, analysis, stacks, figures, claims. `python -m lib --help` trains and measures.
"""

import torch

torch.set_flush_denormal(True)  # vanishing gradients become denormal numbers, on which a CPU is 8 to 20 times slower
