"""The printed book: contents that are right, nothing lost, no empty page."""

import pytest
from browsers import in_a_browser
from pypdf import PdfReader

from lib.book import printing
from lib.book.printing import pages, print_book


@in_a_browser
def test_the_printed_book_has_its_contents_all_columns_and_no_empty_page(tmp_path):
    contents = print_book(["index", "glossary"], tmp_path / "book.pdf")
    book = PdfReader(tmp_path / "book.pdf")
    text = [" ".join(page.extract_text().split()) for page in book.pages]
    assert [title.split(".")[-1].strip() for title, _ in contents] == ["Line attractors in sentiment networks", "Glossary"]
    assert [entry.title for entry in book.outline] == ["Contents", *(title for title, _ in contents)]
    assert all(title in text[first - 1] and f"{first}" in text[0] for title, first in contents)
    assert all(words.strip() or page.images for words, page in zip(text, book.pages, strict=True))
    assert all(claim in "".join(text).split() for claim in ("A1", "A10", "A10D"))  # the last column of the matrix


def test_every_page_of_the_contents_is_printed():
    assert {"index", "primer", "claims", "references"} <= set(pages())


@in_a_browser
def test_a_page_that_is_not_there_is_named_and_leaves_nothing(tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no page nothing in the built book: run make build"):
        print_book(["nothing"], tmp_path / "book.pdf")
    assert not list(tmp_path.iterdir())


def test_without_chromium_one_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(printing, "CHROMIUM", None)
    with pytest.raises(FileNotFoundError, match="install it"):
        print_book(["index"], tmp_path / "book.pdf")
