"""What may be committed."""

import subprocess

import pytest

from lib.training import ROOT

LIMIT = 170e6  # bytes


def test_what_is_committed_is_small_and_leaves_out_caches_of_tools():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("This copy of the repository is not a git checkout.")
    tracked = [ROOT / name for name in listed.stdout.split("\0") if name]
    hidden = {name for name in (path.relative_to(ROOT).parts[0] for path in tracked) if name.startswith(".")}
    assert hidden <= {".ci", ".github", ".gitignore"}, "A tool's cache does not belong in the repository."
    size = sum(path.stat().st_size for path in tracked if path.exists())
    assert size < LIMIT, f"{size / 1e6:.0f} MB are committed, {LIMIT / 1e6:.0f} at most: replace networks, do not add."
