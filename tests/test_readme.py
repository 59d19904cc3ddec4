"""The README's example of the library runs as it stands there."""

import re
from pathlib import Path

import torch

README = Path(__file__).parents[1] / "README.md"


def test_the_example_of_the_readme_runs_on_a_gru_of_torch():
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    names = {"gru": torch.nn.GRU(4, 16), "states": 0.1 * torch.randn(20, 16)}
    exec(example, names)
    assert names["points"].converged.all()
    assert names["modes"].time_constants.shape == (20, 10)
