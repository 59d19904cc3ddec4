"""The built book, as a reader gets it: files opened from the disk, with no network."""

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import yaml
from browsers import in_a_browser
from bs4 import BeautifulSoup

from lib.book.downloads import glued
from lib.book.ledger import ledger

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"
PAGES = sorted(str(path.relative_to(HTML)) for path in HTML.rglob("*.html") if "_static" not in path.parts)
PHONE = {"width": 390, "height": 844}
LISTED = yaml.safe_load((ROOT / "book" / "networks.yml").read_text())
NETWORKS = [
    name for name in [*LISTED["appendix"], *LISTED["stacks"]] if (ROOT / "networks" / name / "evidence.safetensors").exists()
]

every_page = pytest.mark.parametrize("page", PAGES)


@cache
def soup(page):
    return BeautifulSoup((HTML / page).read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(page):
    return {tag["id"] for tag in soup(page).find_all(id=True)}


def has_anchor(target, fragment):
    return not fragment or target.suffix != ".html" or fragment in anchors(str(target.resolve().relative_to(HTML.resolve())))


def article(page):
    return soup(page).find("article")


def addresses(page):
    """What a page loads, and what it links to: (tag, address)."""
    for tag in soup(page).find_all(["a", "link", "script", "img", "iframe", "source", "video"]):
        if address := tag.get("href") or tag.get("src"):
            yield tag, urlsplit(address)


def test_the_book_is_built():
    assert PAGES, "make build first"


def test_every_page_of_the_contents_is_in_the_book_and_every_network_in_the_explorer():
    listed = re.findall(r"(?:root|file): *(\S+)", (ROOT / "_toc.yml").read_text())
    assert {f"{page}.html" for page in listed} <= set(PAGES)
    assert {f"{name.removesuffix('-seed0')}" for name in NETWORKS} <= anchors("explorer.html")
    assert all((HTML / "_static" / "explored" / f"{name}.js").exists() for name in NETWORKS)


def test_the_book_is_small():
    assert sum(path.stat().st_size for path in HTML.rglob("*") if path.is_file()) < 40e6


def test_the_build_gave_no_warning():
    log = (ROOT / "_build" / "book.log").read_text()
    assert "build succeeded" in log
    assert not re.search(r"WARNING|ERROR", log)


@every_page
def test_no_link_is_dead(page):
    dead = []
    for _, address in addresses(page):
        if address.scheme or address.netloc:
            continue
        target = (HTML / page).parent / unquote(address.path) if address.path else HTML / page
        if not target.exists() or not has_anchor(target, unquote(address.fragment)):
            dead.append(address.geturl())
    assert not dead


@every_page
def test_nothing_is_loaded_from_elsewhere(page):
    loaded = [
        address.geturl()
        for tag, address in addresses(page)
        if tag.name != "a" and "canonical" not in tag.get("rel", []) and (address.netloc or address.scheme in ("http", "https"))
    ]
    assert not loaded


def test_only_the_page_that_reads_a_review_loads_networks():
    assert [page for page in PAGES if any("_static/networks/" in address.path for _, address in addresses(page))] == [
        "your-review.html"
    ]


def test_no_style_sheet_loads_from_elsewhere():
    sheets = HTML.rglob("*.css")
    loaded = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//")
    assert not [sheet.name for sheet in sheets if loaded.search(sheet.read_text(encoding="utf-8"))]


@every_page
def test_every_figure_has_alt_text_and_a_caption(page):
    if article(page) is None:
        return
    for figure in article(page).find_all("figure"):
        caption = figure.find("figcaption")
        assert caption and caption.get_text(" ", strip=True), figure
        assert figure.find("img") or figure.find("table") or figure.find(attrs={"aria-label": True}), figure  # a table is text
    for image in article(page).find_all("img"):
        alt = image.get("alt", "")
        assert " " in alt and not alt.startswith(("_images", "../_images")), image
        assert image.find_parent("figure"), image


@every_page
def test_no_reference_is_left_unresolved_and_no_cell_failed_or_warned(page):
    if article(page) is None:
        return
    assert not article(page).select(".output.stderr, .output.traceback, .problematic, .system-message")
    prose = BeautifulSoup(str(article(page)), "html.parser")
    for code in prose.find_all(["pre", "code", "script"]):
        code.decompose()
    assert not re.search(r"\{(glue|numref|eq|ref|doc|cite)\b|\?\?|No key|\$\$", prose.get_text())


@every_page
def test_no_page_holds_a_path_of_this_machine(page):
    text = (HTML / page).read_text(encoding="utf-8")
    assert f"{ROOT}/" not in text
    assert f"{Path.home()}/" not in text


def test_no_published_notebook_holds_a_path_of_this_machine():
    notebooks = list((HTML / "_sources").rglob("*.ipynb"))
    assert notebooks
    assert not [path.name for path in notebooks if f"{ROOT}/" in path.read_text() or f"{Path.home()}/" in path.read_text()]


@pytest.fixture
def opened(chromium):
    """Open a page at a window size; the second value collects what went wrong and what was asked of the network."""
    context = chromium.new_context()

    def open_page(page, size):
        tab, troubles = context.new_page(), []
        tab.on("console", lambda message: message.type == "error" and troubles.append(message.text))
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on("requestfailed", lambda request: troubles.append(f"failed: {request.url}"))
        tab.on("request", lambda request: request.url.startswith("http") and troubles.append(f"asked: {request.url}"))
        tab.set_viewport_size(size)
        path, place = re.fullmatch(r"([^?#]*)(.*)", page).groups()
        tab.goto((HTML / path).as_uri() + place, wait_until="load")
        tab.evaluate("async () => { if (window.MathJax?.startup?.promise) await MathJax.startup.promise }")
        return tab, troubles

    yield open_page
    context.close()


def test_a_name_stands_for_one_value_on_all_pages():
    """Counts of what a page itself looks at (n_…) and figures apart."""
    said = {}
    for path in sorted((ROOT / "_build" / "stage").glob("*.ipynb")):
        for name, value in glued(nbformat.read(path, as_version=4)).items():
            if not name.startswith(("n_", "fig_")):
                said.setdefault(name, {})[path.stem] = str(value)
    assert len(said) > 300
    assert {name: pages for name, pages in said.items() if len(set(pages.values())) > 1} == {}


def test_a_measure_of_a_network_has_one_value_in_all_records():
    """Claims that repeat another at a second tolerance, or of refined points, apart."""
    measured = {}
    for path in (ROOT / "_build" / "claims").glob("*/*.json"):
        claim = ledger().get(path.stem)
        if claim and not claim.beside and not claim.afterwards:
            for name, value in json.loads(path.read_text(encoding="utf-8")).items():
                measured.setdefault((path.parent.name, name), {})[claim.id] = value
    assert len(measured) > 500
    assert {key: values for key, values in measured.items() if len(set(values.values())) > 1} == {}


@in_a_browser
@every_page
def test_a_page_opens_from_the_disk_with_its_equations_and_without_an_error(page, opened):
    tab, troubles = opened(page, {"width": 1280, "height": 900})
    assert troubles == []
    formulas = tab.locator("article .math").count()
    assert tab.locator("article mjx-container svg").count() >= formulas
    assert tab.locator("article mjx-merror, article [data-mjx-error]").count() == 0
    for plot in tab.locator("article .plotly-graph-div").all():
        plot.locator(".main-svg").first.wait_for(state="attached", timeout=10_000)


@in_a_browser
@every_page
def test_a_page_does_not_scroll_sideways_on_a_phone(page, opened):
    tab, _ = opened(page, PHONE)
    too_wide = """() => [...document.querySelectorAll("article *")]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("svg, mjx-container, pre, table"))
        .map(e => `${e.tagName}.${e.className}`)"""
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], tab.evaluate(too_wide)[:5]


@in_a_browser
def test_the_search_finds_a_chapter_with_what_stands_around_the_words_and_without_an_error(opened):
    tab, troubles = opened("search.html?q=left+eigenvector", {"width": 1280, "height": 900})
    found = tab.locator("#search-results li")
    tab.wait_for_function("document.querySelectorAll('#search-results li p.context').length > 5")
    assert "Left and right eigenvectors" in " ".join(found.nth(i).inner_text() for i in range(2))
    assert troubles == []


@in_a_browser
def test_the_explorer_shows_the_network_that_a_link_names_and_hands_out_its_numbers(opened, tmp_path):
    tab, troubles = opened("explorer.html#sst-gru", {"width": 1280, "height": 900})
    told, plots = tab.locator(".explorer-told"), tab.locator(".explorer-plot .main-svg")
    tab.wait_for_function("document.querySelector('.explorer-told').textContent.startsWith('sst-gru, ')")
    assert "beside imdb-gru" in told.inner_text() and told.get_attribute("aria-live") == "polite"
    assert (
        tab.locator("select[name=network]").input_value() == "sst-gru-seed0"
        and not tab.locator("select[name=view]").is_visible()
    )
    assert "-p network sst-gru-seed0" in tab.locator(".explorer-command").inner_text()
    assert plots.count() >= 30
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Time constants: data (CSV)").click()
    rows = Path(download.value.path()).read_text().splitlines()
    assert rows[0] == "network,series,θ,τ (tokens),colour" and any(row.startswith("sst-gru-seed0,mode 1,") for row in rows)
    assert troubles == []


@in_a_browser
def test_the_explorer_is_worked_with_the_keyboard_layer_by_layer(opened):
    tab, troubles = opened("explorer.html#imdb-gru2-glove-layer-2", PHONE)
    layer = tab.locator("select[name=view]")
    tab.wait_for_function("document.querySelector('.explorer-told').textContent.includes('layer 2, beside')")
    layer.focus()
    tab.keyboard.press("ArrowUp")
    tab.wait_for_function("document.querySelector('.explorer-told').textContent.includes('layer 1, beside')")
    assert tab.url.endswith("#imdb-gru2-glove")
    tab.locator("select[name=network]").focus()
    tab.keyboard.press("ArrowDown")
    tab.wait_for_function("document.querySelector('.explorer-told').textContent.startsWith('imdb-gru3-glove')")
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert troubles == []
