"""Shapes: whatever a text holds, it is XML; colours are attributes and stand out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures_reading import parsed

from projections.pictures.shapes import COLOURS, element, text


@given(st.text())
def test_any_text_is_read_back_by_a_parser(words):
    read = parsed(f"<g>{text(0, 0, [words])}</g>")
    told = [found.text for found in read.iter("text")]
    assert len(told) == bool(words)
    if words.isprintable():
        assert told == [words] * bool(words)


def test_a_colour_is_an_attribute_beside_the_class_that_turns_it():
    assert element("rect", {"x": 1.25, "y": 2.0}, fill="band", stroke="rule") == (
        '<rect x="1.2" y="2" fill="#eaeff6" stroke="#6f7682" class="fill-band stroke-rule"/>'
    )


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


#: WCAG 2.2: 4.5 for text (1.4.3), 3 for what one must see (1.4.11).
CONTRASTS = [
    ("ink", "paper", 4.5),
    ("ink", "band", 4.5),
    ("paper", "mark", 4.5),
    ("paper", "late", 4.5),
    ("mark", "band", 3),
    ("late", "band", 3),
    ("rule", "paper", 3),
    ("rule", "band", 3),
]


@pytest.mark.parametrize("screen", ["light", "dark"])
@pytest.mark.parametrize(("one", "other", "least"), CONTRASTS)
def test_what_must_be_seen_stands_out(one, other, least, screen):
    assert contrast(getattr(COLOURS[one], screen), getattr(COLOURS[other], screen)) >= least
