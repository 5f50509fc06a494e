"""Tables that fit: at every width, in every script, and before all rows are there."""

from __future__ import annotations

import re
from itertools import count

import pytest
from wcwidth import wcswidth

from cli.terminal.table import wrapped, written
from projections.reports.columns import Column

DAY = "2026-01-30"
ID = "0191b207-c7a0"
COLUMNS = (
    Column("day", "Day", "A day.", "date"),
    Column("summary", "What happened", "A sentence."),
    Column("by", "Signed by", "A name."),
    Column("left", "Left", "A figure.", "amount"),
    Column("event", "Event", "An id.", "event"),
    Column("late", "Found late", "A word."),
)
SENTENCES = {
    "English": "Alder Primary School visited Birch Lane Primary School to support it, two days.",
    "Chinese": "阿尔德小学于二零二六年一月三十日访问了伯奇巷小学以提供支持共一天半",
    "Vietnamese, with marks apart": "Trươ\u031bng Tiê\u0309u ho\u0323c tru\u031bo\u031b\u0300ng",
    "Arabic": "زارت مدرسة ألدر الابتدائية مدرسة بيرش لين الابتدائية لدعمها",
    "Welsh": "Zoë Ødegård came to the school at Llanfairpwllgwyngyllgogerychwyrndrobwllllan",
}


def row(summary, **more):
    return {"day": DAY, "summary": summary, "by": "Mx Yew", "left": "1.5", "event": ID, **more}


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("summary", SENTENCES.values(), ids=SENTENCES)
def test_no_line_is_wider_than_the_screen_and_nothing_is_broken(summary, width):
    lines = list(written(COLUMNS, [row(summary)] * 3, None, width))
    assert max(map(wcswidth, lines)) <= width
    text = "\n".join(lines)
    assert text.count(DAY) == text.count(ID) == text.count("1.5") == 3
    shown = re.sub(r"\s", "", text)
    if width == 40:
        assert shown.count(re.sub(r"\s", "", summary)) == 3


def test_the_columns_of_wide_letters_stand_under_one_another():
    rows = [row("阿尔德小学"), row("Zoe\u0308"), row("plain")]
    lines = list(written(COLUMNS, rows, None, 120))[2:]
    ends = {wcswidth(line[: line.index("Mx Yew")]) for line in lines}
    assert len(ends) == 1


def test_a_table_that_does_not_fit_is_a_paragraph_for_each_row_its_sentence_first():
    lines = list(written(COLUMNS, [row(SENTENCES["English"]), row("Then.", late=True)], None, 60))
    assert lines == [
        "Alder Primary School visited Birch Lane Primary School to",
        "support it, two days.",
        "  Day: 2026-01-30; Signed by: Mx Yew; Left: 1.5;",
        "  Event: 0191b207-c7a0",
        "",
        "Then.",
        "  Day: 2026-01-30; Signed by: Mx Yew; Left: 1.5;",
        "  Event: 0191b207-c7a0; Found late: yes",
    ]


def test_without_a_sentence_what_comes_first_stands_first():
    columns = (
        Column("who", "Who owes", "A name."),
        Column("whom", "To whom", "A name."),
        Column("due", "Due", "A day.", "date"),
    )
    rows = [{"who": "Alder Primary School", "whom": "Birch Lane Primary School", "due": DAY}]
    assert list(written(columns, rows, None, 40)) == [
        "Alder Primary School",
        "  To whom: Birch Lane Primary School;",
        "  Due: 2026-01-30",
    ]


def test_rows_are_printed_before_all_of_them_are_read():
    read = []

    def endless():
        for number in count():
            read.append(number)
            yield row(f"Number {number}.")

    lines = written(COLUMNS, endless(), None, 120)
    for _ in range(2_000):
        next(lines)
    assert len(read) < 3_000


def later(**more):
    return [*[row("Plain.")] * 600, row("Late.", **more)]


@pytest.mark.parametrize("width", [80, None])
def test_what_only_a_late_row_has_is_told_under_it(width):
    lines = list(written(COLUMNS, later(late=True), None, width))
    assert lines[-1] == "  Found late: yes"


def test_a_late_row_that_does_not_fit_the_columns_is_a_paragraph():
    lines = list(written(COLUMNS, later(by="x" * 60), None, 80))
    assert max(map(len, lines)) <= 80
    assert "x" * 60 in "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("  one   two  ", 6, ["one", "two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("小学小学", 4, ["小学", "小学"]),
        ("小学小学", 5, ["小学", "小学"]),
        ("小", 1, ["小"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("a wide table", None, ["a wide table"]),
    ],
)
def test_text_wraps_at_words_and_marks_stay_with_their_letters(text, width, lines):
    assert wrapped(text, width) == lines
