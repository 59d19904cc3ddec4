import json

import torch

from lib.book.provenance import environment, provenance, run_times
from lib.training.folder import load


def test_the_environment_names_the_versions_that_run():
    found = environment().set_index("what")["version"]
    assert found["torch"] == torch.__version__ and "cores" in found["machine"]


def test_a_network_is_told_with_the_size_of_its_folder(published_folder):
    row = provenance([load(published_folder)], published_folder.parent).iloc[0]
    assert row["network"] == published_folder.name
    assert row["folder (MB)"] == sum(path.stat().st_size for path in published_folder.iterdir()) / 1e6


def test_the_slowest_page_comes_first(tmp_path):
    for page, seconds in (("a", 1.0), ("networks/b", 3.0)):
        path = tmp_path / f"{page}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"page": page, "seconds": seconds}))
    assert list(run_times(tmp_path)["page"]) == ["networks/b", "a"]
    assert run_times(tmp_path / "none").empty
