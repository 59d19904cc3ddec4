"""Carry numbers and figures from a notebook's code into its prose, where `{glue:text}` and `{glue:figure}` name them."""

import os
import shutil
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from IPython.display import HTML
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from myst_nb import glue

from lib.book import figures
from lib.book.figure_data import data_of
from lib.book.html import badge, render
from lib.book.ledger import Judgement

PAGE = "PAGE_NAME"  # in the environment: the page that is being built
INTERACTIVE = "PAGE_STATIC" not in os.environ  # in a notebook that a reader runs, figures are shown where they are drawn
STATIC = Path(os.environ.get("PAGE_STATIC", Path(__file__).parents[2] / "_build" / "notebooks" / "_static"))


def say(**values) -> None:
    """Hand values to the prose under their names: plain ones, or tensors and arrays that hold one number."""
    for name, value in values.items():
        glue(name, value.item() if isinstance(value, torch.Tensor | np.ndarray | np.generic) else value, display=False)


def answer(chapter: str, text: str, *judged: Judgement) -> None:
    """Hand a chapter's answer to its box, with the verdicts it rests on: `answer_<chapter>`, `verdicts_<chapter>`; and what was
    measured for each claim to the part that unfolds: `claim_<id>` (of several networks, the first one's)."""
    tables = {f"claim_{one.claim.id}": one for one in reversed(judged)}
    say(**{f"answer_{chapter}": text, f"verdicts_{chapter}": HTML(verdicts(judged))}, **tables)


def verdicts(judged: Sequence[Judgement]) -> Markup:
    """Badges, claim by claim; where a claim was judged in several networks, each verdict with its number."""
    each = []
    for claim in dict.fromkeys(one.claim.id for one in judged):
        found = Counter(one.verdict for one in judged if one.claim.id == claim)
        several = found.total() > 1
        badges = (badge(verdict) + (f" in {n}" if several else "") for verdict, n in found.items())
        each.append(Markup("{} {}").format(claim, Markup(", ").join(badges)))
    return Markup("; ").join(each)


def reproduce(notebook: str, **parameters) -> None:
    """Hand the command that runs a page again with these parameters to its box: `reproduce_<notebook>`."""
    say(**{f"reproduce_{notebook}": HTML(Markup("<code>{}</code>").format(command(notebook, **parameters)))})


def command(notebook: str, **parameters) -> str:
    """The command that runs a notebook with some parameters; those that are empty are the notebook's own."""
    given = " ".join(f"-p {name} {value}" for name, value in parameters.items() if value not in ("", None))
    return f'make notebook NB={notebook} ARGS="{given}"' if given else f"make notebook NB={notebook}"


def download(name: str, table: pd.DataFrame) -> HTML:
    """Write a table as `_static/data/<page>/<name>.csv` and `.json`; links to them, for the page to show."""
    place = Path("data", os.environ.get(PAGE, "page"))
    (STATIC / place).mkdir(parents=True, exist_ok=True)
    table.to_csv(STATIC / place / f"{name}.csv", index=False)
    table.to_json(STATIC / place / f"{name}.json", orient="records", force_ascii=False)
    link = Markup('<a download href="_static/{}">{}</a>')
    return HTML(Markup(", ").join(link.format(place / f"{name}.{kind}", kind.upper()) for kind in ("csv", "json")))


@contextmanager
def figure(name: str, n: int | None = None, *, columns: int | None = None, **options) -> Generator[Axes | Sequence[Axes]]:
    """Draw a figure, which the page shows as `fig_<name>`: gives its axis or, of `n` panels (`figures.panels`), a list."""
    figures.style()
    drawn, axes = figures.panels(n or 1, columns=columns or min(n or 1, 3), **options)
    yield axes[0] if n is None else axes
    show(name, drawn)


def show(name: str, drawn: Figure) -> None:
    """Hand a figure of another layout to the page as `fig_<name>`, and its numbers as `_static/data/<page>/<name>.csv`."""
    figures.rasterize_many(drawn)
    if PAGE in os.environ:
        table = data_of(drawn)
        folder = STATIC / "data" / os.environ[PAGE]
        folder.mkdir(parents=True, exist_ok=True)
        table.to_csv(folder / f"{name}.csv", index=False)
    glue(f"fig_{name}", drawn, display=INTERACTIVE)
    plt.close(drawn)


def interactive(name: str, plot: go.Figure, label: str) -> None:
    """Hand a figure to turn and zoom to the page as `fig_<name>`; `label` is for who cannot see it. The script comes along."""
    drawn = plot.to_html(full_html=False, include_plotlyjs="_static/plotly/plotly.min.js", config={"responsive": True})
    glue(f"fig_{name}", HTML(render("interactive.html", plot=Markup(drawn), label=label)), display=INTERACTIVE)


def scripts(folder: str, texts: Mapping[str, str], static: Path = STATIC) -> None:
    """Write what the page loads as `_static/<folder>/<name>.js`: these scripts and no others."""
    shutil.rmtree(static / folder, ignore_errors=True)
    (static / folder).mkdir(parents=True)
    for name, text in texts.items():
        (static / folder / f"{name}.js").write_text(text, encoding="utf-8")
