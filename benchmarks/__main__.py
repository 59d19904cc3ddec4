"""All that we claim about speed, measured side by side in one run on one thread: `make bench` writes `lib/book/speeds.csv`."""

import pandas as pd
import torch

from benchmarks import fixed_points, jacobians, modes, timing, training_step
from lib.book.speeds import TABLE

torch.set_num_threads(1)
rows = [row for benchmark in (fixed_points, jacobians, modes, training_step) for row in benchmark.rows()]
found = pd.DataFrame(rows).assign(**timing.machine()).round({"seconds": 4, "times the first": 2})
found.to_csv(TABLE, index=False)
print(found[["task", "way", "seconds", "times the first"]].to_string(index=False))
