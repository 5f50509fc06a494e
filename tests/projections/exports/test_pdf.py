"""PDF: what it says is what the rows say, kept for long and read aloud, by pikepdf and poppler."""

import io
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from exports_reading import squeezed, texts
from hostile_report import IDS, MADE, row, written

from ledger.release import installing
from projections.errors import ProjectionError
from projections.exports.base import TooManyRowsError
from projections.exports.csv_table import lines
from projections.exports.pdf import MOST_ROWS, write

pytest.importorskip("typst", reason="no typst to write PDF")
PDFTOTEXT = shutil.which("pdftotext")


def document(report):
    file = io.BytesIO()
    write(report, MADE, file)
    return file.getvalue()


def told(data):
    """Return the text of a document in the order of its parts, without any blank."""
    return "".join(pages(data))


def pages(data):
    """Return the text of each page without any blank."""
    command = [PDFTOTEXT or pytest.skip("no pdftotext"), "-raw", "-enc", "UTF-8", "-", "-"]
    read = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    return [squeezed(page) for page in read.decode().split("\f")[:-1]]


@pytest.fixture
def opened():
    """Open documents as pikepdf does, and keep them open."""
    pikepdf = pytest.importorskip("pikepdf", reason="no pikepdf to read it back")
    kept = []

    def open_(report):
        kept.append(pikepdf.open(io.BytesIO(document(report))))
        return kept[-1]

    yield open_
    for one in kept:
        one.close()


LETTERS = [
    ("\uff1d1+1", "[U+FF1D]1+1"),
    ("陈 小学", "[U+9648] [U+5C0F][U+5B66]"),
    ("two  blanks\tand a tab", "two  blanks[U+0009]and a tab"),
    ("a\x1b[2Jb\x9bc", "a[U+001B][2Jb[U+009B]c"),
    ("a\u202ecba", "a[U+202E]cba"),
    ("\ue000 🎉 \ud800", "[U+E000] [U+1F389] [U+D800]"),
    ("#let $x$ *b* @ref \\n <l> // c /* d */ `r` ~ [e] \\u{41}", None),
    ("Dŵr, Ŷ, Zoë, Żółć, Ελλάδα, Юлия, עברית", None),
]


def test_every_value_on_the_page_is_read_back_in_order(hostile):
    rows = [row(number, name) for number, (name, _) in enumerate(LETTERS)]
    shown = {name: name if as_shown is None else as_shown for name, as_shown in LETTERS}
    report = replace(hostile, rows=[*rows, *hostile.rows])
    text = told(document(report))
    printed = [c.name for c in report.columns if c.shown or c.name == "events"]
    place = 0
    for cells in texts(report):
        for name in printed:
            value = squeezed(shown.get(cells[name], cells[name]))
            place = text.find(value, place)
            assert place >= 0, (name, cells[name])
            place += len(value)


def test_it_says_what_was_asked_what_it_rests_on_and_what_columns_mean(hostile):
    text = told(document(hostile))
    for said in (
        'Asked what "Elm" owes',
        "Root " + "ab" * 32,
        "Control total days of support: 52.5 days",
        "withdrawn: disregarded since.",
        *(column.meaning for column in hostile.columns),
    ):
        assert squeezed(said) in text


def test_each_page_says_what_was_asked_and_has_the_head_of_its_table():
    report = written(rows=[row(number % 20, "Elm") for number in range(200)])
    found = pages(document(report))
    assert sum("Elm" in page for page in found) > 2
    for number, page in enumerate(found, start=1):
        assert squeezed('what "Elm" owes; northwick.example/support, as of') in page
        assert page.endswith(f"page{number}of{len(found)}")
        assert ("WhoowesWhatLeftUnitDueOverdueEvents" in page) is ("Elmdays" in page)


def test_it_is_for_keeping_and_for_reading_aloud(opened, hostile):
    pdf = opened(hostile)
    with pdf.open_metadata() as said:
        assert (said.pdfa_status, said["pdfuaid:part"]) == ("3A", "1")
        assert said["dc:title"] == hostile.title
        assert said["dc:language"] == {"en-GB"}
        assert said["xmp:CreateDate"] == "2026-08-01T09:30:00+00:00"
    assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("en-GB", True)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


def tags(element):
    """Go through the kinds of all parts of a document, in order."""
    import pikepdf  # noqa: PLC0415 - only where it is there

    for kid in element if isinstance(element, pikepdf.Array) else [element]:
        if isinstance(kid, pikepdf.Dictionary):
            yield str(kid.get("/S", ""))
            yield from tags(kid.get("/K"))


def test_its_tables_are_tables_to_a_screen_reader(opened, hostile):
    found = list(tags(opened(hostile).Root.StructTreeRoot))
    assert found.count("/Table") == found.count("/Caption") == found.count("/THead") == 3
    assert found.count("/TH") == 2 + 7 + 3
    assert found.count("/TD") == 2 * 10 + len(hostile.rows) * 7 + len(hostile.columns) * 3


def test_its_fonts_are_its_own_whatever_the_system_has(opened, hostile):
    fonts = {
        str(font.BaseFont).partition("+")[2].removesuffix("-Identity-H")
        for page in opened(hostile).pages
        for font in page.Resources.Font.values()
    }
    assert fonts <= {"LibertinusSerif-Regular", "LibertinusSerif-Bold", "DejaVuSansMono"}


def test_the_csv_is_attached_with_every_column(opened, hostile):
    attached = opened(hostile).attachments["owes.csv"]
    content = attached.get_file().read_bytes()
    assert content.decode() == "".join(lines(hostile.columns, hostile.rows))
    assert (attached.get_file().mime_type, str(attached.relationship)) == ("text/csv", "/Data")


def test_pdfua_finds_nothing(hostile, tmp_path):
    pdfua = pytest.importorskip("pdfua", reason="no pdfua to judge it")
    place = tmp_path / "owes.pdf"
    grouped = replace(hostile, rows=[one | {"g": "one"} for one in hostile.rows], group="g")
    for report in (hostile, grouped, replace(hostile, rows=[])):
        place.write_bytes(document(report))
        assert list(pdfua.validate(place).findings) == []


def test_rows_of_a_group_stand_under_its_name(hostile):
    rows = [row(1, "Elm") | {"g": "#one"}, row(2, "Fir") | {"g": "#one"}, row(3, "Oak")]
    text = told(document(replace(hostile, rows=rows, group="g")))
    assert text.count("#one") == 1
    assert text.index("#one") < text.index("Elmdays") < text.index("Firanswer")


def test_without_rows_it_says_so(hostile):
    assert squeezed("Rows Nothing is owed.") in told(document(replace(hostile, rows=[])))


@pytest.mark.parametrize("name", ["Elm", "a\tb"])
def test_it_says_that_letters_are_lacking_where_they_are(name):
    text = told(document(written(rows=[row(1, name)])))
    assert (squeezed("fonts of this document lack") in text) is (name != "Elm")


def test_the_same_report_is_the_same_bytes(hostile):
    assert document(hostile) == document(hostile)


def test_a_long_word_stays_in_its_column_and_ids_are_whole():
    report = written(rows=[row(2, "a" * 300)])
    command = [PDFTOTEXT or pytest.skip("no pdftotext"), "-raw", "-", "-"]
    read = subprocess.run(command, input=document(report), capture_output=True, check=True).stdout
    lines_read = read.decode().splitlines()
    assert set(IDS) <= {word for line in lines_read for word in line.split()}
    assert max(line.count("a") for line in lines_read if line.startswith("aaa")) < 150


def test_more_rows_than_it_carries_are_refused():
    report = written(rows=[row(1, "Elm")] * (MOST_ROWS + 1))
    with pytest.raises(TooManyRowsError) as refused:
        document(report)
    assert str(refused.value) == (
        "10001 rows are too many for a PDF: expected 10000 at most."
        " Narrow what is asked for, or write CSV or ODS."
    )


def test_without_typst_it_says_what_to_install(monkeypatch, hostile):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(ProjectionError) as refused:
        document(hostile)
    assert str(refused.value) == (
        f"PDF needs typst, which is not installed. Run `{installing('pdf')}`, or write HTML or ODS."
    )


def test_what_typst_refuses_otherwise_is_said(hostile):
    with pytest.raises(ProjectionError, match="internal error: Typst refuses the document"):
        document(replace(hostile, title=""))
