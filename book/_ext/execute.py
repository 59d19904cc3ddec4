"""Make an executed page from text notebooks: jupytext reads them, papermill runs them.

    execute.py book/fixed-points.py -o PAGE.ipynb [-p NAME VALUE]
    execute.py book/low-dimensionality.py book/fixed-points.py ... -o networks/PAGE.ipynb -p network NAME

Several sources, or the sources of a page in a folder of the book, become the sections of one page about one network, run in one kernel. A notebook that fails is left in
`_build/failed/` with its traceback, and no page is written.
"""

import argparse
import ast
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import jupytext
import nbformat
import papermill
import yaml
from papermill.exceptions import PapermillExecutionError

BUILD = Path(__file__).parents[2] / "_build"
STAGE = BUILD / "stage"
DEFINITION = re.compile(r"^ *:(?:name|label): *([\w-]+) *$|^\(([\w-]+)\)=|\$\$ *\(([\w-]+)\)", re.M)
MENTION = r"((?:^ *:(?:name|label): *)|^\(|\$\$ *\(|\{(?:numref|eq|ref)\}`(?:[^`<]*<)?|\]\(#?)(%s)(?=[`>)\s]|$)"


class PageError(Exception):
    """The sources cannot be made into a page."""


def page_of(output: Path) -> Path:
    """A page of the book is named by where it stands in the stage; any other by its file."""
    return output.relative_to(STAGE) if output.is_relative_to(STAGE) else Path(output.name)


def tags(cell) -> list[str]:
    return cell.metadata.get("tags", [])


def merge(notebooks: dict[str, nbformat.NotebookNode], network: str) -> nbformat.NotebookNode:
    """One notebook about a network from the notebooks of the sections, by page name.

    The parameters come first, each once; titles go down a level; labels get the network's name, so that they differ from
    those of the section's own page; what the sections glue from each other is glued on this page.
    """
    page = next(iter(notebooks.values())).copy()
    cells = [cell for notebook in notebooks.values() for cell in notebook.cells if "section-only" not in tags(cell)]
    heads = [cell for cell in cells if "parameters" in tags(cell)]
    body = [cell for cell in cells if "parameters" not in tags(cell)]
    if not heads:
        raise PageError("No section has a cell tagged `parameters`.")
    labels = {label for cell in body for label in _labels(cell)}
    for cell in body:
        if cell.cell_type == "markdown":
            cell.source = _relabel(_point_at_pages(_demote(cell.source), notebooks), labels, network)
        elif name := cell.metadata.get("mystnb", {}).get("figure", {}).get("name"):
            cell.metadata.mystnb.figure.name = f"{name}-{network}"
    title = f"# {network}\n\nThe sections of the paper, computed again for the network `{network}`."
    head = nbformat.v4.new_code_cell(_assignments(heads, network), metadata=heads[0].metadata)
    page.cells = [nbformat.v4.new_markdown_cell(title), head, *body]
    for i, cell in enumerate(page.cells):
        cell.id = f"cell-{i}"
    return page


def _assignments(cells, network: str) -> str:
    """The assignments of several parameters cells, each name once, with the comments beside and above them."""
    kept = {"network": (None, f'network = "{network}"')}
    for source in (cell.source for cell in cells):
        lines, start = source.splitlines(), 0
        for statement in ast.parse(source).body:
            if not isinstance(statement, ast.Assign):
                raise PageError(f"A parameters cell may only assign: {ast.unparse(statement)}")
            name, value = ast.unparse(statement.targets[0]), ast.unparse(statement.value)
            text = "\n".join(lines[start : statement.end_lineno]).strip("\n")
            start = statement.end_lineno
            if kept.setdefault(name, (value, text))[0] not in (value, None):
                raise PageError(f"The sections give the parameter {name} two values: {kept[name][0]} and {value}.")
    return "\n".join(text for _, text in kept.values())


def _labels(cell) -> list[str]:
    if cell.cell_type == "markdown":
        return ["".join(groups) for groups in DEFINITION.findall(cell.source)]
    name = cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
    return [name] if name else []


def _demote(text: str) -> str:
    """Titles one level down; a `#` inside a code fence is no title."""
    parts = re.split(r"(^ *(?:```|~~~).*?^ *(?:```|~~~) *$)", text, flags=re.M | re.S)
    return "".join(part if i % 2 else re.sub(r"^(#{1,5} )", r"#\1", part, flags=re.M) for i, part in enumerate(parts))


def _relabel(text: str, labels: set[str], network: str) -> str:
    if not labels:
        return text
    names = "|".join(sorted(map(re.escape, labels), key=len, reverse=True))
    return re.sub(MENTION % names, rf"\1\2-{network}", text, flags=re.M)


def _point_at_pages(text: str, sections) -> str:
    """Links to pages start at the root of the book; a value from another section is on this page."""
    text = re.sub(r"(\{doc\}`(?:[^`<]*<)?)(?!/)(?=[\w-]+[`>])", r"\1/", text)
    text = re.sub(r"(?<=`)([\w-]+)\.ipynb::", lambda match: "" if match[1] in sections else f"/{match[1]}.ipynb::", text)
    text = re.sub(rf"^ *:doc: *(?:{'|'.join(sections)})\.ipynb *\n", "", text, flags=re.M)
    return re.sub(r"^( *:doc: *)(?!/)", r"\1/", text, flags=re.M)


def execute(notebook, output: Path, parameters: dict, directory: Path) -> float:
    """Run a notebook and write it to `output`; return the seconds it took. Where it fails, `_build/failed` has it."""
    partial = BUILD / "failed" / page_of(output)
    for folder in (output.parent, partial.parent):
        folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch, "plain.ipynb")
        jupytext.write(notebook, plain)
        papermill.execute_notebook(
            plain,
            partial,
            parameters=parameters,
            cwd=directory,
            progress_bar=False,
            request_save_on_cell_execute=False,  # once at the end, or where it fails
            extra_arguments=["--IPKernelApp.log_level=CRITICAL"],  # or it warns that it talks to itself unencrypted
        )
    seconds = time.perf_counter() - started
    executed = nbformat.read(partial, as_version=4)
    _check_glue(executed)
    _tidy(executed)
    nbformat.write(executed, partial)
    os.replace(partial, output)
    return seconds


def _check_parameters(notebook, parameters: dict) -> None:
    """A parameter must be one that the notebook has; papermill itself would go on without a word."""
    sources = (cell.source for cell in notebook.cells if "parameters" in tags(cell))
    known = [ast.unparse(statement.targets[0]) for source in sources for statement in ast.parse(source).body]
    if unknown := set(parameters) - set(known):
        raise PageError(f"There is no parameter {', '.join(sorted(unknown))}; the notebook has {', '.join(known)}.")


def _check_glue(executed) -> None:
    """A key that is glued twice must have the same value, for only the last one shows."""
    values = {}
    for output in (output for cell in executed.cells for output in cell.get("outputs", [])):
        name = output.get("metadata", {}).get("scrapbook", {}).get("name")
        if name and values.setdefault(name, output.data) != output.data:
            raise PageError(f"The key {name} is glued twice, with different values.")


def _tidy(executed) -> None:
    """Drop what papermill noted, paths of this machine among it, and hide injected parameters that repeat the defaults."""
    defaults = {ast.unparse(s) for c in executed.cells if "parameters" in tags(c) for s in ast.parse(c.source).body}
    for part in (executed, *executed.cells):
        part.metadata.pop("papermill", None)
    for cell in executed.cells:
        if "injected-parameters" in tags(cell) and defaults.issuperset(map(ast.unparse, ast.parse(cell.source).body)):
            cell.metadata.tags.append("remove-cell")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path, help="text notebooks; several become one page")
    parser.add_argument("-o", "--output", required=True, type=Path, help="the executed page")
    parser.add_argument("-p", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), dest="parameters")
    arguments = parser.parse_args()
    output = arguments.output.resolve()
    parameters = {name: yaml.safe_load(value) for name, value in arguments.parameters}
    notebooks = {source.stem: jupytext.read(source) for source in arguments.sources}
    page = page_of(output)
    try:
        whole = len(notebooks) > 1 or page.parent != Path()
        notebook = merge(notebooks, parameters["network"]) if whole else next(iter(notebooks.values()))
        _check_parameters(notebook, parameters)
        seconds = execute(notebook, output, parameters, arguments.sources[0].resolve().parent)
    except PageError as error:
        print(f"{page.with_suffix('')}: {error}", file=sys.stderr)
        return 1
    except PapermillExecutionError as error:
        told = f"{error.ename}: {error.evalue}" if error.ename in ("FolderError", "ValueError") else error
        print(
            f"{told}\n{page.with_suffix('')} failed; it stands up to the error in _build/failed/{page}",
            file=sys.stderr,
        )
        return 1
    if output.is_relative_to(STAGE):
        record = BUILD / "times" / page.with_suffix(".json")
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({"page": str(page.with_suffix("")), "seconds": round(seconds, 1)}))
    print(f"{page.with_suffix('')}: executed in {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
