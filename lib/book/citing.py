"""How to cite the book and each of its pages: BibTeX from `CITATION.cff` and the titles of the pages."""

import re
from pathlib import Path

import jupytext
import yaml

from lib.book.pages import BOOK
from lib.training.catalogue import ROOT

CFF = ROOT / "CITATION.cff"


def cited(path: Path = CFF) -> dict[str, str]:
    """What is cited of the book: title, authors, version, date, and DOI and address where they are given."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = [one.get("name") or f"{one['family-names']}, {one['given-names']}" for one in found["authors"]]
    fields = {
        "author": " and ".join(names),
        "title": found["title"],
        "date": found["date-released"],
        "version": found["version"],
    }
    fields |= {"doi": found.get("doi"), "url": found.get("repository-code")}
    return {name: str(value) for name, value in fields.items() if value}


def bibtex(fields: dict[str, str], page: str | None = None, title: str | None = None) -> str:
    """The entry of the book or, where a page is named, of that page in it."""
    year = fields["date"][:4]
    rows = {"author": f"{{{fields['author']}}}", "title": title or fields["title"], "year": year}
    rows |= {"booktitle": fields["title"]} if page else {}
    rows |= {"note": f"Version {fields['version']}, {fields['date']}" + (f", page {page}" if page else "")}
    rows |= {name: fields[name] for name in ("doi", "url") if name in fields}
    inside = "\n".join(f"  {name:<9} = {{{value}}}," for name, value in rows.items())
    return f"@{'incollection' if page else 'misc'}{{lineattractors{year}{f'-{page}' if page else ''},\n{inside}\n}}"


def title_of(page: str, folder: Path = BOOK) -> str:
    """The title of a page, from its source."""
    source = next(path for kind in ("py", "md") if (path := folder / f"{page}.{kind}").exists())
    text = "\n".join(cell.source for cell in jupytext.read(source).cells if cell.cell_type == "markdown")
    return next(re.finditer(r"^# (.+)$", text, re.M))[1]
