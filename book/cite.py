# ---
# jupyter:
#   book:
#     networks: []
#     reads: []
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How to cite
#
# *You used a number, a figure or the library. How do you say where it is from?*
#
# Cite the book by its version and date: numbers change when networks are trained again, and {doc}`making` says which networks these are.
# Cite the papers too, whose work it repeats: {cite:t}`maheswaranathan2019` and {cite:t}`tremblay2020`. {glue:text}`doi_told`

# %% tags=["hide-input"]
from IPython.display import HTML

from lib.book import page
from lib.book.citing import bibtex, cited, title_of
from lib.book.html import render
from lib.book.pages import Book

fields = cited()
page.say(doi_told=f"The book's DOI is {fields['doi']}." if "doi" in fields else "The book has no DOI yet.")
print(bibtex(fields))

# %% [markdown]
# ## A page of it

# %% tags=["hide-input"]
entries = {title_of(name): bibtex(fields, name, title_of(name)) for name in Book().chapters}
HTML(render("citations.html", entries=entries))
