"""One page about one network from the notebooks of several sections."""

import ast
import re

import nbformat

DEFINITION = re.compile(r"^ *:(?:name|label): *([\w-]+) *$|^\(([\w-]+)\)=|\$\$ *\(([\w-]+)\)", re.M)
MENTION = r"((?:^ *:(?:name|label): *)|^\(|\$\$ *\(|\{(?:numref|eq|ref)\}`(?:[^`<]*<)?|\]\(#?)(%s)(?=[`>)\s]|$)"


class PageError(Exception):
    """The sources cannot be made into a page."""


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def merge(notebooks: dict[str, nbformat.NotebookNode], network: str) -> nbformat.NotebookNode:
    """One notebook about a network from the notebooks of the sections, by page name.

    The parameters come first, each once; titles go down a level; labels get the network's name, so that they differ from
    those of the section's own page; links to other pages start at the root of the book.
    """
    page = nbformat.v4.new_notebook(metadata=next(iter(notebooks.values())).metadata)
    cells = [cell for notebook in notebooks.values() for cell in notebook.cells if "section-only" not in tags(cell)]
    heads = [cell for cell in cells if "parameters" in tags(cell)]
    body = [cell for cell in cells if "parameters" not in tags(cell)]
    if not heads:
        raise PageError("No section has a cell tagged `parameters`.")
    prose = [cell for cell in body if cell.cell_type == "markdown"]
    labels = {"".join(groups) for cell in prose for groups in DEFINITION.findall(cell.source)}
    for cell in prose:
        cell.source = _relabel(_from_the_root(_demote(cell.source)), labels, network)
    title = f"# {network}\n\nThe sections of the paper, computed again for the network `{network}`."
    head = nbformat.v4.new_code_cell(_assignments(heads, network), metadata=heads[0].metadata)
    page.cells = [nbformat.v4.new_markdown_cell(title), head, *body]
    for i, cell in enumerate(page.cells):
        cell.id = f"cell-{i}"
    return page


def _assignments(cells: list[nbformat.NotebookNode], network: str) -> str:
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


def _demote(text: str) -> str:
    """Titles one level down; a `#` inside a code fence is no title."""
    parts = re.split(r"(^ *(?:```|~~~).*?^ *(?:```|~~~) *$)", text, flags=re.M | re.S)
    return "".join(part if i % 2 else re.sub(r"^(#{1,5} )", r"#\1", part, flags=re.M) for i, part in enumerate(parts))


def _relabel(text: str, labels: set[str], network: str) -> str:
    if not labels:
        return text
    names = "|".join(sorted(map(re.escape, labels), key=len, reverse=True))
    return re.sub(MENTION % names, rf"\1\2-{network}", text, flags=re.M)


def _from_the_root(text: str) -> str:
    return re.sub(r"(\{doc\}`(?:[^`<]*<)?)(?!/)(?=[\w-]+[`>])", r"\1/", text)
