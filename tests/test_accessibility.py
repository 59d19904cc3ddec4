"""axe-core over a page of every kind, on light and on dark: nothing that our own content or styles cause."""

from pathlib import Path

import axe_playwright_python
import pytest
from browsers import in_a_browser

HTML = Path(__file__).parents[1] / "_build" / "html"
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
KINDS = ("index", "primer", "your-review", "explorer", "fixed-points", "claims", "layers", "contextual", "references", "search")
THEMES = {"region": "the theme keeps the book's title outside of its landmarks"}  # rules that only the theme breaks, and why


@in_a_browser
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("page", KINDS)
def test_axe_finds_nothing_that_is_ours(chromium, page, mode):
    context = chromium.new_context(viewport={"width": 1200, "height": 900}, color_scheme=mode)
    tab = context.new_page()
    tab.goto((HTML / f"{page}.html").as_uri(), wait_until="load")
    tab.add_script_tag(path=AXE)
    found = tab.evaluate("async () => (await axe.run(document)).violations")
    context.close()
    assert [(rule["id"], node["target"]) for rule in found if rule["id"] not in THEMES for node in rule["nodes"]] == []
