"""The pages of the book: which there are, what each is made of, and whose records it reads.

`_toc.yml` lists the chapters, `book/networks.yml` the networks and stacks that the explorer shows, by what `sections` or
`stack_sections` ask of them (`lib.book.explored`; a page of its own kind here), and every notebook declares what it reads
(`lib.book.declarations`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import yaml

from lib.book.declarations import ALL, DeclarationError, Notebook
from lib.training.catalogue import ROOT, catalogue, exists, spec_of, stacks

BOOK = ROOT / "book"
EXPLORED = "explored"


@dataclass(frozen=True)
class Page:
    """A notebook that is run, for a network if one is given; or what the explorer shows of a network, in place of notebooks."""

    name: str
    notebooks: tuple[Notebook, ...]
    given: str | None = None

    @property
    def network(self) -> str | None:
        """The network that it is about."""
        return self.given or self.notebooks[0].network

    @property
    def is_of_a_network(self) -> bool:
        """Whether it is what the explorer shows of one network."""
        return self.name.startswith(f"{EXPLORED}/")

    @property
    def is_of_layers(self) -> bool:
        """Whether that is the layers of a stack, one by one."""
        return self.is_of_a_network and self.notebooks[0].name in catalogue()["stack_sections"]

    @property
    def reads(self) -> list[str]:
        """The notebooks whose records it declares to read, or `all`."""
        return list(dict.fromkeys(name for notebook in self.notebooks for name in notebook.reads))


@dataclass(frozen=True)
class Book:
    """All pages, as far as there is a source and a network; the examples are the networks of the sections' own pages."""

    working_example: str | None = None
    stack_example: str | None = None

    @cached_property
    def chapters(self) -> list[str]:
        """What `_toc.yml` lists."""
        return list(_listed(_contents()))

    @cached_property
    def notebooks(self) -> dict[str, Notebook]:
        """The notebooks of the chapters and sections that are there, by name."""
        names = [*self.chapters, *catalogue()["sections"], *catalogue()["stack_sections"]]
        return {name: Notebook.at(path) for name in names if (path := BOOK / f"{name}.py").exists()}

    @cached_property
    def written(self) -> list[str]:
        """The chapters that are prose alone."""
        return [name for name in self.chapters if (BOOK / f"{name}.md").exists()]

    @cached_property
    def pages(self) -> list[Page]:
        """The pages that are executed."""
        listed = catalogue()
        example = dict.fromkeys(listed["sections"], self.working_example or listed["working_example"])
        example |= dict.fromkeys(listed["stack_sections"], self.stack_example or listed["stack_example"])
        chapters = [Page(name, (self.notebooks[name],), example.get(name)) for name in self.chapters if name in self.notebooks]
        networks = [self._of_network(name, listed["sections"]) for name in listed["appendix"] if exists(name)]
        return chapters + networks + [self._of_network(name, listed["stack_sections"]) for name in stacks()]

    def _of_network(self, network: str, sections: list[str]) -> Page:
        there, depth = [self.notebooks[name] for name in sections if name in self.notebooks], spec_of(network).n_layers
        return Page(f"{EXPLORED}/{network}", tuple(notebook for notebook in there if notebook.layers <= depth), network)

    @cached_property
    def left_out(self) -> list[str]:
        """A sentence for each page that is listed and cannot be made."""
        sources, networks = [*self.notebooks, *self.written], [*catalogue()["appendix"], *catalogue()["stacks"]]
        missing = [name for name in self.chapters if name not in sources]
        told = [f"Left out: {name}, which _toc.yml lists, has no source in book/." for name in missing]
        untrained = [name for name in networks if not exists(name)]
        remedy = "has no folder: make train NETWORK="
        return told + [f"Left out: {name}, which book/networks.yml lists, {remedy}{name}" for name in untrained]

    def toc(self) -> dict:
        """The contents as jupyter-book reads them: without what is left out."""
        contents, names = _contents(), [*self.written, *(page.name for page in self.pages)]
        parts = [part | {"chapters": _kept(part["chapters"], names)} for part in contents["parts"]]
        return contents | {"parts": [part for part in parts if part["chapters"]]}

    def makers(self, notebook: str) -> list[Page]:
        """What makes a notebook's records: of a section, the explorer's networks, one of which its own page repeats."""
        found = [page for page in self.pages if notebook in (one.name for one in page.notebooks)]
        again = {page.network for page in found if page.is_of_a_network}
        return [page for page in found if page.is_of_a_network or page.network not in again]

    def read_by(self, page: Page) -> list[Page]:
        """The pages that make the records which a page declares to read.

        Raises DeclarationError where it names what is no notebook of the book.
        """
        found = []
        for term in page.reads:
            if term == ALL:
                found += [other for other in self.pages if ALL not in other.reads]
            elif term in self.notebooks:
                found += self.makers(term)
            elif term not in self.chapters:
                raise DeclarationError(f"{page.name} reads {term}, which is no notebook of the book: see its header.")
        return [other for other in dict.fromkeys(found) if other != page]


def _contents() -> dict:
    return yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))


def _listed(contents: dict | list) -> Iterator[str]:
    """Every page that a table of contents names, at whatever level."""
    for key, value in contents.items() if isinstance(contents, dict) else enumerate(contents):
        if key in ("root", "file"):
            yield value
        elif isinstance(value, dict | list):
            yield from _listed(value)


def _kept(entries: list[dict], names: list[str]) -> list[dict]:
    """The entries of a table of contents that are there, each with those below it."""
    kept = []
    for entry in (entry for entry in entries if entry["file"] in names):
        below = _kept(entry.get("sections", []), names)
        kept.append(entry | ({"sections": below} if below else {}))
    return kept
