"""What a search or a decomposition found, as a file and as a table."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

import pandas as pd
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

COMPLEX = ".complex"  # after the name of complex numbers, which are stored as pairs


R = TypeVar("R", bound="Result")


@dataclass(frozen=True, repr=False)
class Result:
    """Tensors that save and load together."""

    def save(self, path: str | Path) -> None:
        """Write the tensors to a safetensors file."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        parts = {
            name + COMPLEX * value.is_complex(): torch.view_as_real(value) if value.is_complex() else value
            for name, value in values.items()
        }
        save_file({name: value.detach().cpu().contiguous() for name, value in parts.items()}, path)

    @classmethod
    def load(cls: type[R], path: str | Path) -> R:
        """What `save` wrote. Raises ValueError where the file holds something else."""
        expected = [field.name for field in fields(cls)]
        try:
            parts = load_file(path)
        except SafetensorError as error:
            raise ValueError(f"{path} is not a file that {cls.__name__}.save wrote: {error}") from error
        values = {name.removesuffix(COMPLEX): torch.view_as_complex(v) if COMPLEX in name else v for name, v in parts.items()}
        if set(values) != set(expected):
            raise ValueError(f"{path} holds {', '.join(sorted(values))}, not the {', '.join(expected)} of {cls.__name__}.")
        return cls(**values)

    def to_pandas(self) -> pd.DataFrame:
        """A table of what was found."""
        raise NotImplementedError
