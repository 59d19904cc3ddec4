"""The book: what is measured for the claims, how it is judged, drawn and written. Imports all rooms.

The ledger
- `claims.yaml`: every claim with its criteria; `ledger`: the verdict that measured values come to; `statistics`: intervals.
- `records`: what was measured, a file a claim and network, and what a page may read of it; `over_seeds`, `overview`: many.
- `tables`, `html`: the ledger, matrices and badges, from the templates beside them.

What claims ask
- `measures`, `cloud`, `mechanism`, `linear`, `modifiers`: of a network (paper A); `accuracies`: of its training.
- `layers`, `at_rest`, `coupled`, `charged_words`, `bulk`: of the layers of a stack; `stacks`, `depth`, `paper_b`: of all.
- `findings`, `answers`: what makes the line, in numbers and in sentences; `failures`: why a claim fails.
- `compared`, `alike`, `nonnormal`, `deflection`, `sensitivity`, `recipes`: what goes beyond the papers.
- `cost`, `speeds`: what trainings and computations take in time and space.
- `searches`: the costly steps of all of these, computed once and kept in `_build/cache`.

Pages
- `page`: numbers and figures from a notebook's code into its prose; `figures`: all that is drawn.
- `classes`, `over_classes`, `star_words`: more than two classes; `own_network`: what is found in the reader's.
- `browser`: published networks as scripts, which `book/_static/network.js` reads the reader's own review with.
- `downloads`, `printing`: the notebooks that readers take away, and the whole book as a PDF.
- `pages`, `declarations`, `build`: which pages there are and what each is made from; `execution`, `merging`: making one.
- `measuring`: the notebooks run on a network without pages; `provenance`: how the book was made; `citing`: how it is cited.

The modules are imported by their own names: a notebook says where each of its measures comes from.
"""
