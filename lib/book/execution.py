"""Make an executed page from text notebooks: jupytext reads them, papermill runs them.

    python -m lib.book.execution book/fixed-points.py -o PAGE.ipynb [-p NAME VALUE ...] [--reads NOTEBOOK ...]
    python -m lib.book.execution book/low-dimensionality.py book/fixed-points.py ... -o networks/PAGE.ipynb -p network NAME

Several sources, or the sources of a page in a folder of the book, become the sections of one page about one network, run in one
kernel. A notebook that fails is left in `_build/failed/` with its traceback, and no page is written.
"""

import argparse
import ast
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import jupytext
import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from lib.book.merging import PageError, merge, tags
from lib.book.parameters import parameters, typed, value
from lib.files import write_whole

BUILD = Path(__file__).parents[2] / "_build"
STAGE = BUILD / "stage"
QUIET = [  # what a kernel would log of itself: that it is not encrypted and, seldom, an exception in a callback of its own
    "--IPKernelApp.log_level=CRITICAL",
    '--IPKernelApp.logging_config={"loggers": {"tornado.general": {"level": "CRITICAL"}}}',
]
TOLD = ("FolderError", "UndeclaredError", "ValueError")  # what goes wrong for a reason that its message tells in full


def page_of(output: Path) -> Path:
    """A page of the book is named by where it stands in the stage; any other by its file."""
    return output.relative_to(STAGE) if output.is_relative_to(STAGE) else Path(output.name)


def execute(notebook: nbformat.NotebookNode, output: Path, parameters: dict, directory: Path) -> float:
    """Run a notebook and write it to `output`, whole; return the seconds it took. Where it fails, `_build/failed` has it."""
    failed, running = BUILD / "failed" / page_of(output), BUILD / "running"
    for folder in (output.parent, failed.parent, running):
        folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=running) as scratch:
        plain, partial = Path(scratch, "plain.ipynb"), Path(scratch, "executed.ipynb")
        jupytext.write(notebook, plain)
        try:
            papermill.execute_notebook(
                plain,
                partial,
                parameters=parameters,
                cwd=directory,
                progress_bar=False,
                start_timeout=300,  # seconds: a kernel that starts among many others is slow
                request_save_on_cell_execute=False,  # once at the end, or where it fails
                extra_arguments=QUIET,
            )
            seconds = time.perf_counter() - started
            executed = nbformat.read(partial, as_version=4)
            _check_glue(executed)
        except (PapermillExecutionError, PageError):
            os.replace(partial, failed)
            raise
        _tidy(executed)
        nbformat.write(executed, partial)
        os.replace(partial, output)
    failed.unlink(missing_ok=True)
    return seconds


def _check_glue(executed: nbformat.NotebookNode) -> None:
    """A key that is glued twice must have the same value, for only the last one shows."""
    values = {}
    for output in (output for cell in executed.cells for output in cell.get("outputs", [])):
        name = output.get("metadata", {}).get("scrapbook", {}).get("name")
        if name and values.setdefault(name, output.data) != output.data:
            raise PageError(f"The key {name} is glued twice, with different values.")


def _tidy(executed: nbformat.NotebookNode) -> None:
    """Drop what papermill noted, paths of this machine among it, and hide injected parameters that repeat the defaults."""
    defaults = {ast.unparse(s) for c in executed.cells if "parameters" in tags(c) for s in ast.parse(c.source).body}
    for part in (executed, *executed.cells):
        part.metadata.pop("papermill", None)
    for cell in executed.cells:
        if "injected-parameters" in tags(cell) and defaults.issuperset(map(ast.unparse, ast.parse(cell.source).body)):
            cell.metadata.tags.append("remove-cell")


def _whole(sources: list[Path], page: Path, given: dict[str, str]) -> nbformat.NotebookNode:
    """The notebook of a page: its only source, or its sources made one about the network that was typed."""
    notebooks = {source.stem: jupytext.read(source) for source in sources}
    if len(notebooks) == 1 and page.parent == Path():
        return next(iter(notebooks.values()))
    if "network" not in given:
        raise PageError("Several notebooks become a page about one network: say which, -p network NAME.")
    return merge(notebooks, value("network", given["network"], ""))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path, help="text notebooks; several become one page")
    parser.add_argument("-o", "--output", required=True, type=Path, help="the executed page")
    told = "notebooks whose records it may read, besides its own (default: all)"
    parser.add_argument("--reads", nargs="*", metavar="NOTEBOOK", help=told)
    others, given = typed(sys.argv[1:])
    arguments = parser.parse_args(others)
    output = arguments.output.resolve()
    page = page_of(output)
    if arguments.reads is not None:
        os.environ["PAGE_READS"] = " ".join([*(source.stem for source in arguments.sources), *arguments.reads])
    os.environ["PAGE_NAME"] = str(page.with_suffix(""))
    os.environ["PAGE_STATIC"] = str((STAGE if output.is_relative_to(STAGE) else output.parent) / "_static")
    try:
        notebook = _whole(arguments.sources, page, dict(given))
        seconds = execute(notebook, output, parameters(notebook, given), arguments.sources[0].resolve().parent)
    except PageError as error:
        print(f"{page.with_suffix('')}: {error}", file=sys.stderr)
        return 1
    except PapermillExecutionError as error:
        print(f"{error.ename}: {error.evalue}" if error.ename in TOLD else error, file=sys.stderr)
        print(f"{page.with_suffix('')} failed; it stands up to the error in _build/failed/{page}", file=sys.stderr)
        return 1
    if output.is_relative_to(STAGE):
        took = {"page": str(page.with_suffix("")), "seconds": round(seconds, 1)}
        write_whole(BUILD / "times" / page.with_suffix(".json"), json.dumps(took))
    print(f"{page.with_suffix('')}: executed in {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
