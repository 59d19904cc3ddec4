"""The notebook of a page as a reader takes it away: it says where it runs, its prose has the page's values, and it is light.

    download = downloadable(executed, "eigenmodes")

Outputs are left out: they come again when it runs. What Jupyter cannot read, directives and roles of MyST, becomes Markdown.
"""

import ast
import re
from typing import Any

import nbformat
from nbformat import NotebookNode

from lib.book.merging import tags

RECORD = "application/papermill.record/"
HEAD = """# The page "{page}" of the book. It runs in any folder of a clone of the book's repository, after `make environment`;
# where it compares networks, after `make build`.
import os
import sys
from pathlib import Path

root = next((folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "lib" / "book" / "page.py").exists()), None)
if root is None:
    raise SystemExit("This is not in a clone of the book: clone it, run `make environment`, and open the notebook there.")
sys.path.insert(0, str(root))
os.chdir(root / "book")"""
FENCE = re.compile(r"^(`{3,})\{([a-z:]+)\} ?(.*)\n((?:.*\n)*?)\1 *$", re.M)
OPTION = re.compile(r"^:[a-z-]+:.*\n", re.M)
ROLE = re.compile(r"\{([a-z:]+)\}`([^`]+)`")
LABEL = re.compile(r"^\([\w-]+\)=\n", re.M)


def downloadable(executed: NotebookNode, page: str) -> NotebookNode:
    """The executed notebook of a page without its outputs, as one that runs and reads in Jupyter."""
    values = glued(executed)
    given = {}
    for cell in executed.cells:
        if "injected-parameters" in tags(cell):
            given |= {name: ast.unparse(one) for name, one in _assigned(cell.source)}
    cells = [nbformat.v4.new_code_cell(HEAD.format(page=page), id="where")]
    for cell in executed.cells:
        if "injected-parameters" in tags(cell):
            continue
        if cell.cell_type == "markdown":
            cells.append(nbformat.v4.new_markdown_cell(plain(cell.source, values), id=cell.id))
        else:
            source = _with(cell.source, given) if "parameters" in tags(cell) else cell.source
            kept = [tag for tag in tags(cell) if tag == "parameters"]
            cells.append(nbformat.v4.new_code_cell(source, id=cell.id, metadata={"tags": kept} if kept else {}))
    metadata = {"kernelspec": executed.metadata["kernelspec"], "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def glued(executed: NotebookNode) -> dict[str, Any]:
    """What the prose of a page names, by name: values as they are; of HTML, its text."""
    values = {}
    for output in (output for cell in executed.cells for output in cell.get("outputs", [])):
        if name := output.get("metadata", {}).get("scrapbook", {}).get("name"):
            markup, text = (output["data"].get(f"{RECORD}text/{kind}") for kind in ("html", "plain"))
            values[name] = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", markup)).strip() if markup else _value(text)
    return values


def _value(text: str | None) -> Any:
    try:
        return ast.literal_eval(text or "''")
    except (ValueError, SyntaxError):  # nan, inf, or an object
        return text


def _with(source: str, given: dict[str, str]) -> str:
    """A cell of parameters with the values that the page was made with."""
    lines = source.splitlines()
    for name, statement in reversed(_assigned(source)):
        if name in given:
            comment = re.search(r"  #.*$", lines[statement.end_lineno - 1])
            lines[statement.lineno - 1 : statement.end_lineno] = [given[name] + (comment.group() if comment else "")]
    return "\n".join(lines)


def _assigned(source: str) -> list[tuple[str, ast.Assign]]:
    """The assignments of a cell of parameters, by name."""
    return [(ast.unparse(one.targets[0]), one) for one in ast.parse(source).body if isinstance(one, ast.Assign)]


def plain(text: str, values: dict[str, Any]) -> str:
    """Prose without what only the book can read, with the page's values in it."""
    text = FENCE.sub(lambda fence: _fence(*fence.group(2, 3, 4)), LABEL.sub("", text))
    text = ROLE.sub(lambda role: _role(*role.groups(), values), text)
    return re.sub(r"(\$\$) *\([\w-]+\)", r"\1", text)


def _fence(kind: str, title: str, body: str) -> str:
    """An admonition as a quotation under its title, a figure as its caption; of any other directive, what stands in it."""
    body = FENCE.sub(lambda inner: _fence(*inner.group(2, 3, 4)), body)
    body = OPTION.sub("", body).strip("\n")
    if kind == "glue:figure":
        body = f"*Figure.* {body}"
    elif title and kind not in ("code", "math"):
        body = f"**{title}.** {body}"
    if kind in ("admonition", "glue:figure", "note", "tip", "warning"):
        return "\n".join(f"> {line}".rstrip() for line in body.splitlines())
    return f"$$\n{body}\n$$" if kind == "math" else body


def _role(kind: str, target: str, values: dict[str, Any]) -> str:
    """A glued value as the page prints it, the words of a link, or a name in code."""
    if kind in ("glue:text", "glue:"):
        name, _, form = target.partition(":")
        value = values.get(name, name)
        return format(value, form) if form else str(value)
    if kind == "math":
        return f"${target}$"
    words = re.fullmatch(r"(.*?)\s*<[^>]*>", target, re.S)
    told = words.group(1) if words else target
    return f"[{told}]" if kind.startswith("cite") else told
