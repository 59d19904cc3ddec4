"""Sphinx hooks of the book.

Pages are built from executed notebooks in the stage, while their sources are the text notebooks of `book/`. The hooks point
the theme's edit and launch buttons at what exists, and ship with the book MathJax and plotly.js, so that it reads without a
network, and notebooks that run.
"""

import re
from importlib.metadata import files
from pathlib import Path

import nbformat
from plotly.offline import get_plotlyjs

BOOK = Path(__file__).parents[1]
from lib.book import searching
from lib.book.downloads import downloadable

LAUNCHERS = {
    "notebook_interface": "jupyterlab",
    "binderhub_url": "https://mybinder.org",
    "colab_url": "https://colab.research.google.com",
}
DOWNLOADS = {".ipynb": "notebook that runs (.ipynb)", ".md": "text of the page (.md)", "": "print, or save as .pdf"}


def point_at_sources(app, pagename, templatename, context, doctree):
    """Swap `.ipynb` for the suffix of the page's text source."""
    for suffix in (".py", ".md"):
        if (BOOK / f"{pagename}{suffix}").exists():
            context["page_source_suffix"] = suffix


def lead_to_the_repository(app, config):
    """Where `_config.yml` gives the repository's address, pages have buttons that lead there, to Binder, and to Colab."""
    if config.html_theme_options.get("repository_url"):
        config.html_theme_options |= dict.fromkeys(("use_repository_button", "use_issues_button", "use_edit_page_button"), True)
        config.html_theme_options["launch_buttons"] = LAUNCHERS


def relink_buttons(app, pagename, templatename, context, doctree):
    """Say what a download is. Binder opens the text notebook; Colab the one that was published for download."""
    for group in (group for group in context.get("header_buttons", []) if "buttons" in group):
        for entry in group["buttons"]:
            url = entry.get("url") or ""
            if str(entry.get("label")).startswith("download"):
                entry["text"] = DOWNLOADS[Path(url).suffix]
            if "urlpath=" in url and context.get("page_source_suffix") == ".py":
                entry["url"] = url.removesuffix(".ipynb").removesuffix(".py") + ".py"
            if "colab" in url:
                repository = app.config.html_theme_options["repository_url"].removeprefix("https://github.com/")
                entry["url"] = f"{LAUNCHERS['colab_url']}/github/{repository}/blob/gh-pages/_sources/{pagename}.ipynb"


def load_where_asked(app, config):
    """Jupyter Book would load every script and style sheet of `_static` on every page; a page names those that it needs."""
    config.html_js_files, config.html_css_files = [], ["book.css"]


def find_scripts(app, pagename, templatename, context, doctree):
    """A notebook asks for `_static/...`, which from a page in a folder is further up."""
    if "body" in context:
        context["body"] = context["body"].replace(' src="_static/', f' src="{context["pathto"]("_static/", 1)}')


ACCESSIBLE = {  # what Sphinx, its bibliography, and pandas write, and what a screen reader or a keyboard needs instead
    r"<th\b([^>]*)>(?:&nbsp;|\s)*</th>": r"<td\1></td>",  # an empty head
    r' role="(?:list|doc-biblioentry)"': "",
    r'<figure (?=class="[^"]*full-width)': '<figure tabindex="0" ',  # it scrolls on a narrow screen
}


def make_accessible(app, pagename, templatename, context, doctree):
    """Correct what axe-core finds in the body of a page and no source of ours writes."""
    for found, right in ACCESSIBLE.items() if "body" in context else ():
        context["body"] = re.sub(found, right, context["body"])


def offer_data(app, pagename, templatename, context, doctree):
    """Under each figure, the numbers that it shows, where the page's notebook left them."""
    source, folder = Path(app.srcdir, f"{pagename}.ipynb"), Path(app.srcdir, "_static", "data", pagename)
    if "body" not in context or not source.exists():
        return
    for figure, name in re.findall(r"{glue:figure} fig_(\w+)\\n\",\s*\":name: ([\w-]+)", source.read_text(encoding="utf-8")):
        if (folder / f"{figure}.csv").exists():
            link = f'<a class="figure-data" download href="{context["pathto"](f"_static/data/{pagename}/{figure}.csv", 1)}">data (CSV)</a>'
            context["body"] = re.sub(
                rf'(<figure[^>]*id="{name}".*?)(</figcaption>)', rf"\1{link}\2", context["body"], count=1, flags=re.S
            )


def drop_live_code(app, pagename, templatename, context, doctree):
    """Thebe would fetch its script from elsewhere; the book does not offer it, but its extension declares it, twice."""
    scripts = context.get("script_files", [])
    context["script_files"] = [script for script in scripts if "thebe" not in f"{script} {script.attributes}"]


def ship_scripts(app, exception):
    """Copy MathJax and plotly.js out of their installed packages."""
    if exception or app.builder.format != "html":
        return
    mathjax = next(file for file in files("sphinx-mathjax-offline") if file.name == "tex-svg-full.js").locate()
    for name, script in {
        "mathjax/tex-svg-full.js": Path(mathjax).read_text(encoding="utf-8"),
        "plotly/plotly.min.js": get_plotlyjs(),
    }.items():
        path = Path(app.outdir, "_static", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script, encoding="utf-8")


def ship_explored(app, exception):
    """What the explorer shows of each network, as a script: a page that is opened from the disk can fetch nothing else."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", "explored")
    folder.mkdir(parents=True, exist_ok=True)
    for path in (BOOK.parent / "_build" / "explored").glob("*.json"):
        (folder / f"{path.stem}.js").write_text(f"explorer.add({path.read_text(encoding='utf-8')});\n", encoding="utf-8")


def ship_texts(app, exception):
    """What the search shows around the words that it found."""
    if not exception and app.builder.format == "html" and Path(app.outdir, "search.html").exists():
        searching.ship(Path(app.outdir))


def drop_spare_files(app, exception):
    """Megabytes of the theme that no reader loads: maps of its sources, and fonts in a second format."""
    for kind in ("*.map", "*.ttf"):
        for path in Path(app.outdir, "_static").rglob(kind):
            path.unlink()


def ship_downloads(app, exception):
    """Put notebooks that run in the place of the executed ones, which only the book can read."""
    if exception or app.builder.format != "html":
        return
    for path in Path(app.outdir, "_sources").rglob("*.ipynb"):
        nbformat.write(downloadable(nbformat.read(path, as_version=4), path.stem), path)


def setup(app):
    app.connect("config-inited", load_where_asked)
    app.connect("config-inited", lead_to_the_repository)
    app.connect("build-finished", ship_scripts)
    app.connect("build-finished", ship_explored)
    app.connect("build-finished", ship_downloads)
    app.connect("build-finished", drop_spare_files)
    app.connect("build-finished", ship_texts)
    app.connect("html-page-context", point_at_sources, priority=1)
    app.connect("html-page-context", find_scripts)
    app.connect("html-page-context", make_accessible)
    app.connect("html-page-context", offer_data)
    app.connect("html-page-context", drop_live_code, priority=900)
    app.connect("html-page-context", relink_buttons, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
