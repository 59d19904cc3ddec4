"""Files that are whole or not there, whatever is killed while they are written."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_whole(path: Path, text: str) -> Path:
    """Write a file beside its place and rename it, also where several write it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", suffix=".partial", delete=False, encoding="utf-8"
    ) as partial:
        partial.write(text)
    os.chmod(partial.name, 0o644)  # a temporary file is its owner's alone
    os.replace(partial.name, path)
    return path
