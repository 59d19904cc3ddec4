"""The rooms of the library: who may import whom."""

import pytest

from lib.imports import LIB, closure, imported

MAY_IMPORT = {"text": (), "dynamics": (), "training": ("text", "dynamics"), "book": ("text", "dynamics", "training")}
MODULES = sorted(LIB.glob("*/**/*.py"))


def room(path):
    return path.relative_to(LIB).parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIB)))
def test_a_module_imports_only_its_own_room_and_those_before(path):
    outside = {room(other) for other in imported(path)} - {room(path), "imports.py", "files.py"}
    for other in outside - set(MAY_IMPORT[room(path)]):
        allowed = " and ".join(MAY_IMPORT[room(path)]) or "no other room"
        pytest.fail(f"lib/{room(path)} may import {allowed}: {path.relative_to(LIB)} imports lib/{other}.")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIB)))
def test_no_module_needs_itself(path):
    circle = [other for other in imported(path) if path in closure(frozenset({other}))]
    assert not circle, f"{path.relative_to(LIB)} and {circle[0].relative_to(LIB)} import each other."


def test_imports_are_read_from_the_source(tmp_path):
    source = tmp_path / "page.py"
    lines = (
        "import numpy",
        "from lib.book import figures",
        "from lib.dynamics import eigenmodes",
        "from lib.text.corpora import Corpus",
    )
    source.write_text("\n".join(lines))
    assert {str(path.relative_to(LIB)) for path in imported(source)} == {
        "book/figures/__init__.py",
        "dynamics/modes.py",
        "text/corpora.py",
    }
    assert LIB / "text" / "synthetic.py" in closure(frozenset({source}))
