"""A picture: what it shows in words, how it is read, and its panels for a width.

::

    picture = flow(strands)
    page = inline(picture)     # elements for a page whose style sheet holds STYLE
    file = alone(picture)      # a document of its own

A picture is drawn for two widths, that of a telephone and that of a desk, and a page shows the one
that fits, so that letters are the same size on both. Its panels are parts that are not cut where a
page is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from projections.pictures.shapes import COLOURS, FONT, Attributes, element, escaped, measure, rect

NARROW = 320
WIDE = 960
HIGH = {NARROW: 900, WIDE: 560}
"""How high a panel is at most, unless a single thing in it is higher: a printed page holds a wide
one."""

T = TypeVar("T")

_APART = 12
_MARGIN = 2
"""Letters such as a bold j reach a little out of their place, to the left."""
_SPACE = "http://www.w3.org/2000/svg"


class Panel(NamedTuple):
    """A part of a picture: its height, and the elements drawn on it."""

    height: float
    drawn: str


class _Size(NamedTuple):
    wide: int
    high: float


class Picture(NamedTuple):
    """A picture: its title, what it shows, how it is read, and what draws its panels for a width.

    One that would be too large to be read has no panels.
    """

    title: str
    description: str
    reading: str
    panels: Callable[[int], Sequence[Panel]]


def _dark(within: str) -> str:
    turned = "".join(
        f"{within} .fill-{name}{{fill:{colour.dark}}}"
        f"{within} .stroke-{name}{{stroke:{colour.dark}}}"
        for name, colour in COLOURS.items()
    )
    return f"@media screen and (prefers-color-scheme:dark){{{turned}}}"


STYLE = (
    f".picture svg{{display:block;width:100%;height:auto;margin:0 0 {_APART}px;break-inside:avoid}}"
    f".at-a-desk{{max-width:{WIDE + 2 * _MARGIN}px}}.in-hand{{display:none;max-width:30rem}}"
    "@media screen and (max-width:48rem){.at-a-desk{display:none}.in-hand{display:block}}"
    + _dark(".picture")
)
"""What a page with pictures has in its style sheet."""


def inline(picture: Picture) -> str:
    """Return a picture as elements of a page, for a wide window and a narrow one; or nothing."""
    widths = (("at-a-desk", WIDE), ("in-hand", NARROW))
    parts = {name: "".join(_parts(picture, wide, name)) for name, wide in widths}
    return "".join(
        f'<div class="picture {name}">{drawn}</div>' for name, drawn in parts.items() if drawn
    )


def _parts(picture: Picture, wide: int, name: str) -> list[str]:
    panels = picture.panels(wide)
    parts = []
    for place, panel in enumerate(panels, start=1):
        which = f", part {place} of {len(panels)}" if len(panels) > 1 else ""
        told = picture._replace(title=picture.title + which)
        parts.append(_svg(f"{name}-{place}", _Size(wide, panel.height), told, panel.drawn, {}))
    return parts


def alone(picture: Picture) -> bytes:
    """Return a picture as a document of its own, on paper of its own; or nothing."""
    panels = picture.panels(WIDE)
    if not panels:
        return b""
    drawn, top = [], 0.0
    for panel in panels:
        drawn.append(element("g", {"transform": f"translate(0 {measure(top)})"}, panel.drawn))
        top += panel.height + _APART
    size = _Size(WIDE, top - _APART)
    style = f"<style>.alone{{max-width:100%;height:auto}}{_dark('.alone')}</style>"
    around = size.wide + 2 * _MARGIN
    paper = rect((-_MARGIN, 0, around, size.high), "paper")
    more = {"xmlns": _SPACE, "class": "alone", "width": around, "height": size.high}
    return _svg("picture", size, picture, style + paper + "".join(drawn), more).encode()


def _svg(name: str, size: _Size, told: Picture, drawn: str, more: Attributes) -> str:
    return element(
        "svg",
        {
            **more,
            "viewBox": f"{-_MARGIN} 0 {size.wide + 2 * _MARGIN} {measure(size.high)}",
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-description",
            "font-family": FONT,
        },
        element("title", {"id": f"{name}-title"}, escaped(told.title)),
        element("desc", {"id": f"{name}-description"}, escaped(told.description)),
        drawn,
    )


def parted(
    things: Iterable[T], high: Callable[[T, T | None], float], room: float
) -> Iterator[list[T]]:
    """Yield things in parts that fit a room; `high` tells how high one is after the one before it.

    The first of a part has none before it.
    """
    part: list[T] = []
    left = room
    for thing in things:
        if part and high(thing, part[-1]) > left:
            yield part
            part, left = [], room
        left -= high(thing, part[-1] if part else None)
        part.append(thing)
    if part:
        yield part
