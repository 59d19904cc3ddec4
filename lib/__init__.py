"""Train recurrent networks on text, find their fixed points, linearize them, and judge what the papers claim.

Four rooms, in the order the data flows; each lists what is public in it, and imports only from rooms before it:

- `lib.text`: corpora, the synthetic language, tokenizer, vocabulary, encoded documents, bag of words. Imports nothing of lib.
- `lib.dynamics`: cells, fixed points, linearization, manifolds, for any network. Imports nothing of lib.
- `lib.training`: networks, recipes and names, training, a network's folder, the grid. Imports the two before.
- `lib.book`: the claims and their records, measures, tables, figures, and how pages are made. Imports all.

One word for one thing:

- *state*: all that a network carries from token to token; of an LSTM [h; c], of a stack the states of its layers.
- *fixed point*: a state with h = F(h, x*); *slow point*: one whose speed q is below a tolerance, an approximate fixed point.
- *input point*: the constant input x* at which a state is fixed; zero unless something else is said.
- *network*: embedding, cells and readout; *spec*: what its name says, with its recipe; *saved*: its folder, loaded.
- *claim*: a sentence of a paper with criteria; *measure*: a named number that a criterion bounds; *record*: the measures of
  one claim in one network, as a file; *verdict*: what a claim comes to by its measures; *judgement*: measures and verdict.
- *seed*: a network of the same recipe from other random numbers; the published one is seed 0.

`python -m lib --help` trains and measures; `make build` asks `lib.book.build` what each page is made from.
"""
