"""What a picture says, read back from its elements."""

import re
from xml.etree import ElementTree as ET

SPACE = "{http://www.w3.org/2000/svg}"
#: Names that a drawing may stumble over.
NAMES = [
    "Elm Park Infant School",
    'He said "no", & <b>left</b>',
    "Dŵr y Felin",
    "陈 小学",
    "مدرسة النور (900001)",
    "בית ספר",
    "St John's and St Mary's Voluntary Aided Joint Primary Academy and Nursery of Northwick",
    "W" * 90,
    "%@" * 40,
    "<script>alert(1)</script>",
    "a\u202eb\x00c\ud800",
    "😀 🏫 ﷺ",
    "\u0301" * 30 + "e" + "\u0301" * 30,
    " ",
    "İĳŒÆ ŴŶ ½ © —",
]


def name(number):
    """Return a name for a party by its number, hostile ones first."""
    return NAMES[number] if number < len(NAMES) else f"{NAMES[0]} {number}"


def parsed(text):
    """Return the elements of a text that is drawn."""
    return ET.fromstring(text)  # noqa: S314 - drawn by ourselves


def read(panel):
    """Return the elements of a panel."""
    return parsed(f"<g>{panel.drawn}</g>")


def texts(panels):
    """Return what panels say, line by line."""
    return [element.text for panel in panels for element in read(panel).iter("text")]


def shapes(panels, tag):
    """Return the attributes of the elements of a tag."""
    return [element.attrib for panel in panels for element in read(panel).iter(tag)]


def figures(words, after):
    """Return the sum of the figures that stand before a word."""
    return sum(int(n) for n in re.findall(rf"([0-9]+) {after}", " ".join(words)))
