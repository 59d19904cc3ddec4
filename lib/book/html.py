"""Values as HTML: the templates of this folder, how a number is printed, and the badge of a verdict."""

import math
from collections.abc import Collection

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def number(value: float | None) -> str:
    """A measured value as it is printed: three significant digits, thousands with a comma."""
    if value is None or math.isnan(value):
        return "—"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
        text = f"{value:,.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:.1e}"


def power(value: float) -> str:
    """A tolerance as it is written by hand, to one digit: 10⁻⁸, 5·10⁻⁸."""
    digit, _, exponent = f"{value:.0e}".partition("e")
    raised = f"10{str(int(exponent)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
    return raised if digit == "1" else f"{digit}·{raised}"


def span(values: Collection[float]) -> str:
    """From the least value to the largest, as they are printed; *unknown* where there is none."""
    return f"{number(min(values))} to {number(max(values))}" if len(values) else "unknown"


def badge(verdict: str) -> Markup:
    """A verdict as a coloured label."""
    return Markup('<span class="verdict verdict-{}">{}</span>').format(verdict.replace(" ", "-"), verdict)


def short(network: str) -> str:
    """A network as tables write it: the published one without its seed."""
    return network.removesuffix("-seed0")


def render(template: str, **values) -> str:
    """A template of `lib/book/templates`, filled in; text is escaped."""
    return _environment().get_template(template).render(**values)


def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("lib.book"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters |= {"number": number, "badge": badge, "short": short}
    return found
