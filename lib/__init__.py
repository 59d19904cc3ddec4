"""Train recurrent networks on text, find their fixed points, linearize them, and judge what the papers claim.

The modules in the order the data flows: corpora, synthetic, vocabulary, cells, network, training, evidence,
fixed_points, linearization, manifold, valence, figures, claims. `python -m lib --help` trains and measures.
"""
