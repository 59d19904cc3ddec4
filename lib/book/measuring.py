"""Run the notebooks on a network that is not published, and keep what they measure."""

import os
import subprocess
import sys
from pathlib import Path

from lib.book.classes import claim_records
from lib.book.records import records_of
from lib.training.catalogue import NETWORKS, ROOT, catalogue, of_classes, spec_of
from lib.training.folder import load
from lib.training.grid import WORK, write_json


def measure(name: str) -> Path:
    """Run the notebooks on a trained network and keep what they measured beside it, `networks/<name>/claims.json`.

    Of a network of more than two classes, its shape is measured instead (`lib.book.classes`).

    Raises subprocess.CalledProcessError where a notebook fails; its own message has been printed by then.
    """
    if name in of_classes():
        return write_json(NETWORKS / name / "claims.json", claim_records(load(NETWORKS / name)))
    records, book = WORK / "claims", ROOT / "book"
    listed = catalogue()
    pages = {"training": (["training"], ["networks", f"[{name}]"])}
    if spec_of(name).n_layers == 1:
        pages["sections"] = listed["sections"], ["network", name]
    if name.rpartition("-seed")[0] in (*listed["paper_b"]["stacks"], *listed["paper_b"]["variants"]):
        pages["layers"] = listed["stack_sections"], ["network", name]
    for page, (sources, parameter) in pages.items():
        command = [sys.executable, "-m", "lib.book.execution", *(book / f"{source}.py" for source in sources)]
        command += ["-o", WORK / "pages" / f"{name}-{page}.ipynb", "-p", *parameter]
        subprocess.run(command, check=True, env=os.environ | {"CLAIM_RECORDS": str(records), "PYTHONPATH": str(ROOT)})
    return write_json(NETWORKS / name / "claims.json", records_of(name, records))
