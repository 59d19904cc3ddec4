"""Train networks: `python -m lib train NAME`. The corpora come from the public hub, or from the folder DATA_DIR."""

import argparse
import os
import sys
from pathlib import Path

import torch

from lib.catalogue import ROOT, plan
from lib.corpora import load_corpus
from lib.network import Network
from lib.training import Encoded, reproducible, train
from lib.vocabulary import Vocabulary, tokenize, word_vectors

CHECKPOINTS = ROOT / "_build" / "checkpoints"


def main():
    name = sys.argv[2]
    the = plan(name)
    recipe = the.recipe
    data_dir = Path(os.environ["DATA_DIR"])
    corpus = load_corpus(the.dataset, data_dir)
    splits = {}
    tokenized = {s: [tokenize(t) for t in getattr(corpus, s).texts] for s in ("train", "validation")}
    vocabulary = Vocabulary.of(tokenized["train"], recipe.n_words)
    for s, t in tokenized.items():
        splits[s] = Encoded([vocabulary.encode(d) for d in t], getattr(corpus, s).labels).cut(recipe.n_tokens)
    reproducible(the.seed)
    net = Network(the.architecture, len(vocabulary), recipe.n_input, recipe.n_units, the.n_layers, recipe.dropout)
    if recipe.pretrained:
        net.embedding.weight.data = torch.from_numpy(word_vectors(vocabulary, recipe.n_input, data_dir))
    h = train(net, recipe, the.seed, splits["train"], splits["validation"], CHECKPOINTS / f"{name}.safetensors", name)
    for e in h: print(e)

if __name__ == "__main__":
    main()
