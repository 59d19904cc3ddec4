"""The whole built book as one PDF, printed by the system's Chromium: a title, a table of contents with page numbers, all pages.

python -m lib.book.printing -o _build/book.pdf [PAGE ...]
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader, PdfWriter

from lib.book.html import render
from lib.training.catalogue import ROOT

HTML = ROOT / "_build" / "html"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PAPER = {"format": "A4", "print_background": True, "margin": dict.fromkeys(("top", "bottom", "left", "right"), "16mm")}
WIDTH = 672  # pixels between the margins, 178 mm
LEAVE_OUT = "#jb-print-toc, .prev-next-area, details.hide, footer, button { display: none !important; }"
PREPARE = """async () => {
    if (window.MathJax?.startup?.promise) await MathJax.startup.promise;
    for (const folded of document.querySelectorAll("article details")) folded.open = true;
    for (const wide of document.querySelectorAll("article table, article mjx-container[display], article figure > *")) {
        const over = wide.scrollWidth / wide.closest("article").clientWidth;
        if (over > 1) wide.style.zoom = 1 / over;
    }
    const title = document.querySelector("article h1").cloneNode(true);
    title.querySelectorAll(".headerlink").forEach(link => link.remove());
    return title.textContent.trim();
}"""


def pages(toc: Path = ROOT / "_build" / "toc.yml") -> list[str]:
    """The pages of the book, in the order of its contents."""
    listed = yaml.safe_load(toc.read_text(encoding="utf-8"))
    return [listed["root"], *(chapter["file"] for part in listed["parts"] for chapter in part["chapters"])]


def print_book(names: Sequence[str], output: Path, html: Path = HTML) -> list[tuple[str, int]]:
    """Print pages into one file, whole or not at all; the contents: each title, and the page it begins on.

    Raises FileNotFoundError where Chromium or a page is missing; the message says what to do.
    """
    if CHROMIUM is None:
        raise FileNotFoundError("There is no Chromium to print with: install it (Debian: apt-get install chromium).")
    if missing := [name for name in names if not (html / f"{name}.html").exists()]:
        raise FileNotFoundError(f"There is no page {missing[0]} in the built book: run make build.")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--allow-file-access-from-files"])
        tab = browser.new_page(viewport={"width": WIDTH, "height": 1000}, color_scheme="light")
        printed = [_print(tab, html / f"{name}.html", Path(scratch, f"{i}.pdf")) for i, name in enumerate(names)]
        front, contents = Path(scratch, "front.pdf"), _contents(printed, 2)
        for _ in range(2):  # once to see how long the contents are
            tab.set_content(render("contents.html", title=printed[0][0], contents=contents))
            tab.pdf(path=front, **PAPER)
            contents = _contents(printed, 1 + len(PdfReader(front).pages))
        browser.close()
        book = PdfWriter()
        book.append(front, outline_item="Contents")
        for title, path in printed:
            book.append(path, outline_item=title)
        book.add_metadata({"/Title": printed[0][0]})
        output.parent.mkdir(parents=True, exist_ok=True)
        partial = output.with_name(f".{output.name}.partial")
        book.write(partial)
        partial.replace(output)
    return contents


def _print(tab: Page, page: Path, output: Path) -> tuple[str, Path]:
    """Print one page with what is folded unfolded, code apart, and what is too wide made smaller; its title, and the file."""
    tab.goto(page.as_uri(), wait_until="load")
    tab.emulate_media(media="print")
    tab.add_style_tag(content=LEAVE_OUT)
    title = tab.evaluate(PREPARE)
    tab.pdf(path=output, **PAPER)
    return title, output


def _contents(printed: Sequence[tuple[str, Path]], first: int) -> list[tuple[str, int]]:
    """Each title with the page that it begins on, when the first begins on page `first`."""
    found = []
    for title, path in printed:
        found.append((title, first))
        first += len(PdfReader(path).pages)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="names of pages (default: the whole book)")
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        contents = print_book(arguments.pages or pages(), arguments.output)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(contents)} chapters: {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
