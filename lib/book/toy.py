"""The toy of the primer: a linear system of two modes that the reader moves, in the page."""

from IPython.display import HTML

from lib.book.html import render

SLIDERS = (  # name, label, lowest, highest, step, value
    ("first", "Eigenvalue λ₁", 0.5, 1.05, 0.01, 0.99),
    ("second", "Eigenvalue λ₂", -0.9, 0.95, 0.05, 0.6),
    ("angle", "Angle between r₁ and r₂", 20, 160, 5, 60),
    ("input", "Direction of the input x", -180, 180, 5, 90),
)


def toy() -> HTML:
    """Sliders for the eigenvalues, the angle between the right eigenvectors, and the input; drawn by `book/_static/toy.js`."""
    return HTML(render("toy.html", sliders=SLIDERS))
