"""Which files of the library a file imports, read from its source: cached results, pages and the rooms' rule rest on it."""

import ast
from functools import cache
from pathlib import Path

LIB = Path(__file__).parent


@cache
def imported(path: Path) -> frozenset[Path]:
    """The files of the library that a file imports itself; what it takes from a room's face is the module behind the face."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "lib":
            found |= {file for alias in node.names if (file := _behind(node.module, alias.name))}
        elif isinstance(node, ast.Import):
            found |= {file for alias in node.names if (file := _file(alias.name))}
    return frozenset(found - {path})


@cache
def closure(paths: frozenset[Path]) -> frozenset[Path]:
    """These files and all of the library that they need."""
    found, new = set(paths), set(paths)
    while new:
        new = {file for path in new for file in imported(path)} - found
        found |= new
    return frozenset(found)


def _file(name: str) -> Path | None:
    """The file of a module or package of the library, if the name is one."""
    path = LIB.joinpath(*name.split(".")[1:])
    files = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in files if file.exists()), None) if name.split(".")[0] == "lib" else None


def _behind(module: str, name: str) -> Path | None:
    """The file that `from module import name` needs."""
    file = _file(f"{module}.{name}") or _file(module)
    if file is None or file.name != "__init__.py":
        return file
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and any((alias.asname or alias.name) == name for alias in node.names)
        ):
            return _behind(node.module, name)
    return file
