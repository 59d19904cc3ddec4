from lib.book.citing import bibtex, cited, title_of

CFF = """
title: A book
version: 1.2
date-released: "2026-01-31"
authors:
  - {family-names: Doe, given-names: Jo}
  - name: The others
"""


def test_a_citation_has_what_the_file_gives_and_nothing_that_it_does_not(tmp_path):
    (tmp_path / "CITATION.cff").write_text(CFF)
    fields = cited(tmp_path / "CITATION.cff")
    assert fields == {"author": "Doe, Jo and The others", "title": "A book", "date": "2026-01-31", "version": "1.2"}
    (tmp_path / "CITATION.cff").write_text(f"{CFF}doi: 10.1/x\n")
    assert "doi       = {10.1/x}," in bibtex(cited(tmp_path / "CITATION.cff"))


def test_a_page_is_cited_as_a_part_of_the_book():
    fields = cited()
    entry = bibtex(fields, "eigenmodes", title_of("eigenmodes"))
    assert entry.startswith("@incollection{lineattractors2026-eigenmodes,")
    assert "title     = {Eigenmodes}" in entry and f"booktitle = {{{fields['title']}}}" in entry
    assert entry.count("{") == entry.count("}")
    assert title_of("glossary") == "Glossary"
