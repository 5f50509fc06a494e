"""Pictures: told in words to whoever does not see them, for both widths, and whole as a file."""

from pictures_reading import SPACE, parsed

from projections.pictures.base import NARROW, STYLE, WIDE, Panel, Picture, alone, inline, parted
from projections.pictures.shapes import COLOURS, text


def drawn(parts):
    panel = Panel(20.5, text(0, 0, ["Elm"]))
    return Picture("A <b>", 'B "c" & d', "E.", lambda wide: [panel] * parts if wide else [])


def test_a_picture_of_one_panel_is_this():
    first, second = inline(drawn(1)).split("</div>")[:2]
    assert first == (
        '<div class="picture at-a-desk"><svg viewBox="-2 0 964 20.5" role="img"'
        ' aria-labelledby="at-a-desk-1-title at-a-desk-1-description"'
        ' font-family="Noto Sans, DejaVu Sans, system-ui, sans-serif">'
        '<title id="at-a-desk-1-title">A &lt;b&gt;</title>'
        '<desc id="at-a-desk-1-description">B &quot;c&quot; &amp; d</desc>'
        '<text x="0" y="14" font-size="14" fill="#16181d" class="fill-ink">Elm</text></svg>'
    )
    assert second == first.replace("at-a-desk", "in-hand").replace(
        f" {WIDE + 4} ", f" {NARROW + 4} "
    )


def test_panels_are_told_apart():
    read = parsed(f"<g>{inline(drawn(3))}</g>")
    titles = [title.text for title in read.iter("title")]
    assert titles == [f"A <b>, part {number} of 3" for number in (1, 2, 3)] * 2
    ids = [element.attrib["id"] for element in read.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids)) == 12


def test_what_is_too_much_to_draw_is_nothing():
    assert inline(drawn(0)) == ""
    assert alone(drawn(0)) == b""


def test_a_file_has_every_panel_one_under_another():
    read = parsed(alone(drawn(3)))
    assert read.tag == f"{SPACE}svg"
    assert read.attrib["aria-labelledby"] == "picture-title picture-description"
    assert (read.attrib["viewBox"], read.attrib["height"]) == ("-2 0 964 85.5", "85.5")
    assert read.findtext(f"{SPACE}title") == "A <b>"
    assert read.findtext(f"{SPACE}desc") == 'B "c" & d'
    assert [group.attrib["transform"] for group in read.iter(f"{SPACE}g")] == [
        "translate(0 0)",
        "translate(0 32.5)",
        "translate(0 65)",
    ]


def test_a_dark_screen_turns_every_colour_and_paper_none():
    dark = STYLE.partition("@media screen and (prefers-color-scheme:dark){")[2]
    for name, colour in COLOURS.items():
        assert f".fill-{name}{{fill:{colour.dark}}}" in dark
        assert f".stroke-{name}{{stroke:{colour.dark}}}" in dark
        assert colour.light not in STYLE
    assert "print" not in STYLE


def test_things_are_parted_where_the_next_has_no_room():
    highs = []

    def high(thing, before):
        highs.append((thing, before))
        return thing + (before is None)

    assert list(parted([3, 3, 3, 9, 1], high, 10)) == [[3, 3, 3], [9], [1]]
    assert (9, None) in highs
    assert list(parted([], high, 10)) == []
