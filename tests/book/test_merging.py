"""How the notebooks of several sections become one page about a network."""

import jupytext
import pytest

from lib.book.merging import PageError, merge

FIRST = """
# %% [markdown]
# # First
#
# See {numref}`fig-a`, {eq}`eq-b`, {numref}`Figure %s <fig-a>`, {ref}`part`,
# {numref}`fig-elsewhere` and {doc}`training`.
#
# $$
# x
# $$ (eq-b)
#
# (part)=
# ## Part
#
# ```python
# # not a title
# ```
#
# ```{glue:figure} fig-a
# :name: fig-a
# :alt: a
# ```

# %% tags=["parameters"]
network = "default-seed0"
# how many starts
n_starts = 500  # as in the paper

# %% [markdown] tags=["section-only"]
# On its own page only.
"""

SECOND = """
# %% [markdown]
# # Second
#
# To {numref}`fig-a`.

# %% tags=["parameters"]
network = "default-seed0"
n_starts = 500
words = ["a",
         "b"]
"""


def notebook(text):
    return jupytext.reads(text, fmt="py:percent")


@pytest.fixture
def merged():
    return merge({"first": notebook(FIRST), "second": notebook(SECOND)}, "imdb-gru-seed0")


def text(page):
    return "\n\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")


def test_a_page_of_several_sections_has_the_networks_title_and_theirs_below(merged):
    titles = [line for line in text(merged).splitlines() if line.startswith("#")]
    assert titles == ["# imdb-gru-seed0", "## First", "### Part", "# not a title", "## Second"]


def test_labels_of_the_sections_get_the_networks_name_wherever_they_stand(merged):
    for changed in (
        "{numref}`fig-a-imdb-gru-seed0`",
        "{eq}`eq-b-imdb-gru-seed0`",
        "{numref}`Figure %s <fig-a-imdb-gru-seed0>`",
        "{ref}`part-imdb-gru-seed0`",
        "$$ (eq-b-imdb-gru-seed0)",
        "(part-imdb-gru-seed0)=",
        ":name: fig-a-imdb-gru-seed0\n",
        "To {numref}`fig-a-imdb-gru-seed0`",
    ):
        assert changed in text(merged)


def test_labels_of_other_pages_and_glue_keys_stay(merged):
    assert "{numref}`fig-elsewhere`" in text(merged)
    assert "{glue:figure} fig-a\n" in text(merged)


def test_other_pages_are_up_a_folder(merged):
    assert "{doc}`/training`" in text(merged)


def test_parameters_come_first_and_once_with_the_network_of_the_page(merged):
    heads = [cell for cell in merged.cells if "parameters" in cell.metadata.get("tags", [])]
    assert [cell.source for cell in heads] == [
        'network = "imdb-gru-seed0"\n# how many starts\nn_starts = 500  # as in the paper\nwords = ["a",\n         "b"]'
    ]
    assert merged.cells.index(heads[0]) == 1


def test_what_is_for_the_section_only_is_left_out(merged):
    assert "own page only" not in text(merged)


def test_sections_that_disagree_on_a_parameter_are_refused():
    other = notebook(SECOND.replace("500", "200"))
    with pytest.raises(PageError, match="n_starts two values: 500 and 200"):
        merge({"first": notebook(FIRST), "second": other}, "imdb-gru-seed0")
