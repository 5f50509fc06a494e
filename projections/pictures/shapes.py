"""Shapes and texts as SVG elements.

Colours are attributes, which every program shows; a class beside each lets a style sheet turn them
for a dark screen, and without one nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from projections.pictures.letters import SIZE
from projections.xml_text import allowed

FONT = "Noto Sans, DejaVu Sans, system-ui, sans-serif"
_LINE = 1.3
_ABOVE = 1.0
"""Of the letters' size: how far lines are apart, and how far down a line its letters stand."""

Attributes = Mapping[str, Any]
NO_MORE: Attributes = MappingProxyType({})
Box = tuple[float, float, float, float]
"""A place: from the left, from above, how wide, how high."""


class Colour(NamedTuple):
    """A colour on paper and light screens, and on dark ones."""

    light: str
    dark: str


#: By what they are for. Text, lines and marks stand out from `paper` and `band` as WCAG asks.
COLOURS: Final = {
    "paper": Colour("#ffffff", "#17191d"),
    "band": Colour("#eaeff6", "#262d37"),
    "ink": Colour("#16181d", "#eff1f4"),
    "rule": Colour("#6f7682", "#98a0ac"),
    "mark": Colour("#0a4a8a", "#93c4ff"),
    "late": Colour("#8f2600", "#ffa582"),
}


def element(
    name: str, attributes: Attributes, *inside: str, fill: str = "", stroke: str = ""
) -> str:
    """Return an element; `fill` and `stroke` name colours."""
    colours = {"fill": fill, "stroke": stroke}
    used = {kind: colour for kind, colour in colours.items() if colour}
    given = {kind: COLOURS[colour].light for kind, colour in used.items()}
    if used:
        given["class"] = " ".join(f"{kind}-{colour}" for kind, colour in used.items())
    told = "".join(f' {key}="{_told(value)}"' for key, value in (dict(attributes) | given).items())
    return f"<{name}{told}>{''.join(inside)}</{name}>" if inside else f"<{name}{told}/>"


def escaped(text: str) -> str:
    """Return a text as XML has it, in an element or an attribute."""
    return escape(allowed(text))


def _told(value: Any) -> str:
    return measure(value) if isinstance(value, float) else escaped(str(value))


def measure(value: float) -> str:
    """Return a measure as SVG has it, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def text(  # noqa: PLR0913 - where it stands, and how it looks
    x: float,
    top: float,
    words: Sequence[str],
    *,
    size: float = SIZE,
    fill: str = "ink",
    more: Attributes = NO_MORE,
) -> str:
    """Return lines of text under one another, from a top line down."""
    return "".join(
        element(
            "text",
            {"x": float(x), "y": top + size * (_LINE * place + _ABOVE), "font-size": size, **more},
            escaped(line),
            fill=fill,
        )
        for place, line in enumerate(words)
        if line
    )


BOLD: Final = {"font-weight": 600}
TO_THE_LEFT: Final = {"text-anchor": "end"}
IN_THE_MIDDLE: Final = {"text-anchor": "middle"}


def height(words: Sequence[str], size: float = SIZE) -> float:
    """Return how high lines of text are."""
    return len(words) * size * _LINE


def rect(place: Box, fill: str, more: Attributes = NO_MORE) -> str:
    """Return a rectangle."""
    named = zip(("x", "y", "width", "height"), map(float, place), strict=True)
    return element("rect", dict(named) | dict(more), fill=fill)


def line(
    begin: tuple[float, float],
    end: tuple[float, float],
    stroke: str = "rule",
    more: Attributes = NO_MORE,
) -> str:
    """Return a straight line."""
    ends = {"x1": float(begin[0]), "y1": float(begin[1]), "x2": float(end[0]), "y2": float(end[1])}
    return element("line", ends | dict(more), stroke=stroke)
