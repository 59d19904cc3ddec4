"""What a cached result depends on."""

import shutil

import pytest

from lib import imports
from lib.book import searches

CACHED = (searches.sources_checksum, imports.imported, imports.closure)


@pytest.fixture
def library(monkeypatch, tmp_path):
    """A copy of the library, whose sources the checksum is taken of."""
    copy = shutil.copytree(imports.LIB, tmp_path / "lib", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(imports, "LIB", copy)
    monkeypatch.setattr(searches, "__file__", str(copy / "book" / "searches.py"))
    yield copy
    for function in CACHED:
        function.cache_clear()


def checksum():
    for function in CACHED:
        function.cache_clear()
    return searches.sources_checksum()


@pytest.mark.parametrize(
    "module", ["book/searches", "dynamics/fixed_points", "dynamics/modes", "training/folder", "text/vocabulary"]
)
def test_a_change_in_what_the_searches_import_makes_cached_results_stale(library, module):
    before, path = checksum(), library / f"{module}.py"
    path.write_text(path.read_text() + "\nCHANGED = True\n")
    assert checksum() != before


@pytest.mark.parametrize("module", ["book/tables", "dynamics/similarity", "training/grid", "book/figures/look"])
def test_a_change_elsewhere_in_the_library_leaves_them(library, module):
    before, path = checksum(), library / f"{module}.py"
    path.write_text(path.read_text() + "\nCHANGED = True\n")
    assert checksum() == before
