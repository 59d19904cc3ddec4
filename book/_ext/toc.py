"""The table of contents as jupyter-book reads it: `_toc.yml`, with the pages of the networks under the appendix.

    toc.py PAGE... > _build/toc.yml

Keeps the pages that are given (`networks/...` among them) and nothing else, in the order of `_toc.yml`.
"""

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
FOLDERS = {"appendix": "networks/", "stacks": "stacks/"}  # chapters, and where the pages under them stand


def toc(pages: list[str]) -> dict:
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text())
    for part in contents["parts"]:
        part["chapters"] = [chapter for chapter in part["chapters"] if chapter["file"] in pages]
        for chapter in part["chapters"]:
            if folder := FOLDERS.get(chapter["file"]):
                chapter["sections"] = [{"file": page} for page in pages if page.startswith(folder)]
    contents["parts"] = [part for part in contents["parts"] if part["chapters"]]
    return contents


if __name__ == "__main__":
    print(yaml.safe_dump(toc(sys.argv[1:]), sort_keys=False), end="")
