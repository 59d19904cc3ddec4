"""What make includes: a rule for each page, and for each network of the explorer, that names all it is made from, so that it
runs again when any of that changes.

    python -m lib.book.build [--working-example NETWORK] [--stack-example NETWORK]

Writes `_build/pages.mk` and `_build/toc.yml`, and the rule of each page to `_build/inputs` too: it changes when the page reads
other files than before. A page that takes costly results from the cache waits for the networks of the explorer, which fill it.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import yaml

from lib.book.declarations import ALL, DeclarationError
from lib.book.pages import BOOK, Book, Page
from lib.files import write_whole
from lib.imports import LIB, closure
from lib.training.catalogue import ROOT

BUILD = ROOT / "_build"
STAGE = Path("_build", "stage")
CACHE, EXECUTION, EXPLORED = (LIB / "book" / name for name in ("searches.py", "execution.py", "explored.py"))
DATA = (
    *(path for kind in ("yaml", "html", "csv") for path in LIB.rglob(f"*.{kind}")),
    BOOK / "reviews.yml",
)  # what modules read, each by its name


@cache
def code(sources: frozenset[Path]) -> frozenset[Path]:
    """Notebooks or modules, the modules that they need, and the files that these name."""
    modules = closure(sources)
    texts = [module.read_text(encoding="utf-8") for module in modules]
    return modules | {path for path in DATA if any(f'"{path.name}"' in text for text in texts)}


@dataclass(frozen=True)
class Rule:
    """How make makes a page: from which files and pages, after which others, with which command."""

    page: Page
    files: tuple[Path, ...]
    pages: tuple[Page, ...]
    after: tuple[Page, ...]
    command: str

    @property
    def inputs(self) -> Path:
        return BUILD / "inputs" / f"{self.page.name}.mk"

    def __str__(self) -> str:
        needed = " ".join([*map(relative, self.files), *map(made, self.pages)])
        after = " | " + " ".join(map(made, self.after)) if self.after else ""
        return f"{made(self.page)}: {needed}{after}\n\t@{self.command}\n"


def rule(book: Book, page: Page) -> Rule:
    """The rule of a page, from what its notebooks declare and import; the explorer needs no notebook for a network."""
    sources = [] if page.is_of_a_network else [notebook.path for notebook in page.notebooks]
    needed = code(frozenset([*sources, EXPLORED if page.is_of_a_network else EXECUTION]))
    pages = [] if page.is_of_a_network else book.read_by(page)
    files = needed.union(*(notebook.files(page.network) for notebook in page.notebooks))
    folders = set().union(*(notebook.folders(page.network) for notebook in page.notebooks))
    takes_from_cache = CACHE in needed and not page.is_of_a_network
    filling = [other for other in book.pages if other.is_of_a_network and other.network in folders and takes_from_cache]
    if page.is_of_a_network:
        command = f"$(PY) -m lib.book.explored {page.network} -o $@" + (" --layers" if page.is_of_layers else "")
    else:
        options = ["-p", "network", page.given] if page.given else []
        options += [] if ALL in page.reads else ["--reads", *page.reads]
        command = " ".join(["$(PY) -m lib.book.execution", *map(relative, sources), "-o $@", *options])
    return Rule(page, tuple(sorted(files)), tuple(pages), tuple(other for other in filling if other not in pages), command)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def made(page: Page) -> str:
    """Where the executed page stands, or what the explorer shows of a network."""
    return f"_build/{page.name}.json" if page.is_of_a_network else str(STAGE / f"{page.name}.ipynb")


def write(book: Book) -> None:
    """Write the rules and the contents, as far as they changed, and remove what is left of pages that are gone.

    Raises DeclarationError where pages read each other.
    """
    rules = {page: rule(book, page) for page in book.pages}
    try:
        ordered = list(TopologicalSorter({page: (*one.pages, *one.after) for page, one in rules.items()}).static_order())
    except CycleError as error:
        circle = ", ".join(dict.fromkeys(page.name for page in error.args[1]))
        raise DeclarationError(f"These pages read each other's records: {circle}.") from error
    there = [*(f"{name}.md" for name in book.written), *(f"{page.name}.ipynb" for page in ordered if not page.is_of_a_network)]
    explored = [page for page in ordered if page.is_of_a_network]
    rows = [f"STAGED := {' '.join(str(STAGE / name) for name in there)}", f"EXPLORED := {' '.join(map(made, explored))}\n"]
    for page in ordered:
        replace(rules[page].inputs, str(rules[page]))
        rows += [str(rules[page]), f"{made(page)}: {relative(rules[page].inputs)} $(ENV)\n"]
    replace(BUILD / "toc.yml", yaml.safe_dump(book.toc(), sort_keys=False))
    replace(BUILD / "pages.mk", "# Written by lib/book/build.py\n\n" + "\n".join(rows))
    _remove_others((BUILD / "stage").rglob("*.ipynb"), there, BUILD / "stage")
    _remove_others((BUILD / "stage").rglob("*.md"), there, BUILD / "stage")
    _remove_others((BUILD / "explored").glob("*.json"), [f"{page.network}.json" for page in explored], BUILD / "explored")
    _remove_others((BUILD / "times").rglob("*.json"), [f"{page.name}.json" for page in ordered], BUILD / "times")


def replace(path: Path, text: str) -> None:
    """Write a file, whole or not at all; one that says the same stays as old as it is."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    write_whole(path, text)


def _remove_others(paths: Iterable[Path], names: list[str], folder: Path) -> None:
    for path in paths:
        if str(path.relative_to(folder)) not in names:
            path.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("working", "stack"):
        told = "network of the sections' own pages (default: that of book/networks.yml)"
        parser.add_argument(f"--{name}-example", default="", help=told)
    arguments = parser.parse_args()
    book = Book(arguments.working_example, arguments.stack_example)
    try:
        write(book)
    except (DeclarationError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    replace(BUILD / "left-out", "".join(f"{sentence}\n" for sentence in book.left_out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
