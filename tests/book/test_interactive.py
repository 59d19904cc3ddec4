import plotly.graph_objects as go

from lib.book import page


def test_an_interactive_figure_has_a_name_and_the_script_of_the_book(monkeypatch):
    glued = {}
    monkeypatch.setattr(page, "glue", lambda name, value, display: glued.update({name: value}))
    page.interactive("points", go.Figure(go.Scatter(x=[0, 1], y=[0, 1])), label="Points & lines")
    found = glued["fig_points"].data
    assert found.startswith('<div role="group" aria-label="Points &amp; lines"><div ')
    assert 'src="_static/plotly/plotly.min.js"' in found and "cdn" not in found
