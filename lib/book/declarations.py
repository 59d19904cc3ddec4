"""What a notebook declares of itself, in its header under `book`:

- `networks`: the folders under `networks/` that it reads. Lists of the catalogue (`LISTS`); `network`, that of its parameter;
  `control`, the linear network of the same corpus; `measured`, what is kept of every network; other names or patterns.
- `reads`: the notebooks whose records it reads; `all` for those of every page that does not itself say so.
- `layers`: of a section about stacks, the least number of layers that it makes sense for (1 where it does not say).
"""

import re
from dataclasses import dataclass
from fnmatch import filter as matching
from pathlib import Path

import yaml

from lib.training.catalogue import CATALOGUE, NETWORKS, controls, paper_a, stacks, with_pages

LISTS = {"paper_a": paper_a, "with_pages": with_pages, "stacks": stacks, "controls": controls}
NETWORK, CONTROL, MEASURED, ALL = "network", "control", "measured", "all"
KEPT = ("claims.json", "metrics.json", "config.json")  # of every network


class DeclarationError(ValueError):
    """What the book says of its pages does not fit together; the message says what to change."""


@dataclass(frozen=True)
class Notebook:
    """A text notebook, what it declares, and the network that its parameter names unless another is given."""

    path: Path
    networks: tuple[str, ...]
    reads: tuple[str, ...]
    layers: int
    network: str | None

    @property
    def name(self) -> str:
        return self.path.stem

    @classmethod
    def at(cls, path: Path) -> "Notebook":
        """Read the header. Raises DeclarationError where it declares nothing."""
        text = path.read_text(encoding="utf-8")
        header = re.match(r"# ---\n(.*?)^# ---$", text, re.M | re.S)
        content = yaml.safe_load(re.sub(r"^# ?", "", header[1], flags=re.M)) if header else {}
        declared = content.get("jupyter", {}).get("book", {})
        if not {"networks", "reads"} <= set(declared):
            raise DeclarationError(f"book/{path.name}: say in the header what it reads, `networks` and `reads` under `book`.")
        parameter = re.search(r'^network = "(.+?)"', text, re.M)
        network = parameter[1] if parameter else None
        return cls(path, tuple(declared["networks"]), tuple(declared["reads"]), declared.get("layers", 1), network)

    def folders(self, network: str | None) -> set[str]:
        """The folders under `networks/` that it reads whole, when it is run for a network."""
        return {name for term in self.networks for name in self._folders(term, network)}

    def _folders(self, term: str, network: str | None) -> list[str]:
        if term == MEASURED:
            return []
        if term in LISTS:
            return LISTS[term]()
        if term in (NETWORK, CONTROL):
            if network is None:
                raise DeclarationError(f"book/{self.path.name} declares its {term}, and has no parameter `network`.")
            return [network] if term == NETWORK else matching(controls(), f"{network.partition('-')[0]}-*")
        found = matching([path.name for path in NETWORKS.iterdir()], term)
        if not found and "-" not in term:  # a network that is not trained yet is none that is misspelt
            known = ", ".join([NETWORK, CONTROL, MEASURED, *LISTS])
            raise DeclarationError(f"book/{self.path.name} declares the networks {term}: write {known}, or a folder's name.")
        return found

    def files(self, network: str | None) -> set[Path]:
        """The files that it reads of networks and, where these are not only its own, the list of networks."""
        found = {path for name in self.folders(network) for path in (NETWORKS / name).glob("[!.]*")}
        if MEASURED in self.networks:
            found |= {path for name in KEPT for path in NETWORKS.glob(f"[!.]*/{name}")}
        return found | ({CATALOGUE} if set(self.networks) - {NETWORK, CONTROL} else set())
