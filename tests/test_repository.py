"""What may be committed."""

import ast
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


@pytest.mark.parametrize("folder", ["lib", "book", "benchmarks"])
def test_text_is_read_and_written_as_utf_8_whatever_the_system_s_encoding_is(folder):
    calls = {path: ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in (ROOT / folder).rglob("*.py")}
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, nodes in calls.items()
        for node in nodes
        if _in_system_encoding(node)
    ]
    assert not silent, f'Say encoding="utf-8" in {", ".join(silent)}.'


def _in_system_encoding(node):
    """Whether a node opens text, of a file or a process, and does not say how it is encoded."""
    if not isinstance(node, ast.Call) or any(keyword.arg == "encoding" for keyword in node.keywords):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name == "open":
        mode = [word.value for word in (*node.args, *(one.value for one in node.keywords)) if isinstance(word, ast.Constant)]
        return not any(isinstance(word, str) and "b" in word and len(word) <= 3 for word in mode) and bool(mode)
    return name in ("read_text", "write_text") or any(
        keyword.arg == "text" for keyword in node.keywords if name in ("run", "Popen")
    )
