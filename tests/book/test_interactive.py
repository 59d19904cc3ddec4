import plotly.graph_objects as go

from lib.book import page


def test_an_interactive_figure_has_a_name_a_caption_and_the_script_of_the_book():
    plot = go.Figure(go.Scatter(x=[0, 1], y=[0, 1]))
    found = page.interactive(plot, label="Points & lines", caption="Two points < three.").data
    assert found.startswith('<figure role="group" aria-label="Points &amp; lines"><div ')
    assert found.rstrip().endswith("<figcaption>Two points &lt; three.</figcaption></figure>")
    assert 'src="_static/plotly/plotly.min.js"' in found and "cdn" not in found
