from lib.book.searching import ship, text_of

PAGE = """<html><head></head><body><nav>menu</nav><article><section id="one"><h1>One<a class="headerlink">#</a></h1><p>Points
&lt; 3</p><pre>code</pre><section id="two"><p>inner</p></section></section></article></body></html>"""


def test_a_page_is_its_running_text_in_its_sections():
    assert text_of(PAGE) == (
        '<div role="main"><section id="one">One Points &lt; 3 <section id="two">inner </section></section></div>'
    )
    assert text_of("<html><body>no article</body></html>") == ""


def test_the_search_page_loads_the_texts_of_all_pages(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "search.html").write_text("<html><head></head></html>")
    ship(tmp_path)
    script = (tmp_path / "_static" / "page-texts.js").read_text()
    assert '"a.html"' in script and "inner" in script and "</" not in script.split("};")[0]
    assert '<script src="_static/page-texts.js"></script>' in (tmp_path / "search.html").read_text()
