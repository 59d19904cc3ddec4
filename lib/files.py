"""Files that are whole or not there, whatever is killed while they are written."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> Path:
    """Write a file beside its place and rename it, also where two processes write it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)
    return path
