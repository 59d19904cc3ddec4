"""Snippets for the book's search where it is opened from the disk: a browser lets no page fetch another there.

Sphinx's search fetches each page that it found, to show what stands around the words. A script that the search page loads has
the texts of all pages, and answers in the place of the file.
"""

import json
from pathlib import Path

from bs4 import BeautifulSoup, Tag

LEFT_OUT = (
    "script, style, pre, table, .headerlink, .math, mjx-container, details.hide, .plotly-graph-div, .admonition.reproduce"
)
SCRIPT = "page-texts.js"
ANSWERS = """{
  const texts = %s;
  const asked = window.fetch;
  window.fetch = (url, ...options) => {
    const page = new URL(url, location).pathname.split("/").pop();
    return page in texts ? Promise.resolve(new Response(texts[page])) : asked(url, ...options);
  };
}
"""


def text_of(page: str) -> str:
    """The running text of a page (HTML): its sections, one in the other, with their ids and nothing else."""
    article = BeautifulSoup(page, "html.parser").select_one("article")
    if article is None:
        return ""
    for element in article.select(LEFT_OUT):
        element.decompose()
    return f'<div role="main">{_plain(article)}</div>'


def _plain(element: Tag) -> str:
    parts = []
    for child in element.children:
        if isinstance(child, Tag):
            inner = _plain(child)
            parts.append(
                f'<section id="{child["id"]}">{inner}</section>' if child.name == "section" and "id" in child.attrs else inner
            )
        else:
            parts.append(" ".join(str(child).replace("<", "&lt;").split()) + " ")
    return "".join(parts)


def ship(html: Path) -> None:
    """Write the script beside the built pages in `html`, and let the search page load it."""
    pages = {path.name: text_of(path.read_text(encoding="utf-8")) for path in sorted(html.glob("*.html"))}
    texts = json.dumps({name: text for name, text in pages.items() if text}, ensure_ascii=False).replace("</", "<\\/")
    (html / "_static" / SCRIPT).write_text(ANSWERS % texts, encoding="utf-8")
    search = html / "search.html"
    head = f'<script src="_static/{SCRIPT}"></script>\n</head>'
    search.write_text(search.read_text(encoding="utf-8").replace("</head>", head, 1), encoding="utf-8")
