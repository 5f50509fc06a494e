"""A report as an OpenDocument spreadsheet (OpenDocument 1.3, OASIS), streamed with zipfile.

Three sheets: what was asked, the rows, what the columns mean. Dates and figures are real ones,
with as many places as they were told with; codes are text, so that a URN keeps its zeros.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import IO, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from projections.exports.base import Made, as_text, facts
from projections.reports.base import Report
from projections.reports.columns import Column
from projections.xml_text import allowed

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = {
    "office": "office:1.0",
    "table": "table:1.0",
    "text": "text:1.0",
    "style": "style:1.0",
    "fo": "xsl-fo-compatible:1.0",
    "number": "datastyle:1.0",
    "config": "config:1.0",
}
# LibreOffice takes the frozen head of a table only where its own space is declared.
_NAMESPACES = " ".join(
    [f'xmlns:{short}="{_OASIS}{long}"' for short, long in _SPACES.items()]
    + [
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        'xmlns:ooo="http://openoffice.org/2004/office"',
    ]
)
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""What every member of the archive is dated: the same report is the same bytes."""
_MOST_PLACES = 2
#: Lines, tabs and blanks that XML would not keep.
_NOT_PLAIN = re.compile("^ |  |[\t\r\n]")
_SHEET_NAME = re.compile(r"[\[\]*?:/\\]")
_WIDTHS = {"text": "6cm", "code": "4cm", "party": "4cm", "event": "8cm", "events": "8cm"}
_USUAL_WIDTH = "3cm"

Row = dict[str, Any]


class Sheet(NamedTuple):
    """A sheet: its name, its columns, its rows in order."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]


_ASKED = (
    Column("name", "What", "What is told."),
    Column("value", "Told", "What it is."),
)
_MEANT = (
    Column("title", "Column", "The column's title."),
    Column("name", "Name", "Its name in other formats.", "code"),
    Column("meaning", "Meaning", "What it means."),
)


def write(report: Report, made: Made, file: IO[bytes]) -> None:
    """Write a report as a spreadsheet."""
    rows = list(report.rows)
    told = [{"name": "Report", "value": report.title}]
    told += [{"name": name, "value": value} for name, value in facts(report, rows, made)]
    told += [{"name": "Note", "value": note} for note in report.notes]
    meant = [
        {"title": column.title, "name": column.name, "meaning": column.meaning}
        for column in report.columns
    ]
    sheets = [
        Sheet("About", _ASKED, told),
        Sheet(report.name, report.columns, rows),
        Sheet("Columns", _MEANT, meant),
    ]
    write_sheets(sheets, report.title, file)


def write_sheets(sheets: Sequence[Sheet], title: str, file: IO[bytes]) -> None:
    """Write sheets as a spreadsheet with a title; rows are taken one by one."""
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member("mimetype", zipfile.ZIP_STORED), MEDIA_TYPE)
        archive.writestr(member("META-INF/manifest.xml"), _manifest())
        archive.writestr(member("meta.xml"), _meta(title))
        archive.writestr(member("styles.xml"), _styles())
        archive.writestr(member("settings.xml"), _settings(sheets))
        with (
            archive.open(member("content.xml"), "w", force_zip64=True) as raw,
            io.TextIOWrapper(raw, "utf-8") as content,
        ):
            content.writelines(_content(sheets))


def member(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """Return a member of an archive that is the same bytes whenever it is written."""
    member = zipfile.ZipInfo(name, _LONG_AGO)
    member.compress_type = compression
    member.external_attr = 0o644 << 16
    return member


def _manifest() -> str:
    space = f'xmlns:manifest="{_OASIS}manifest:1.0"'
    names = ("content.xml", "styles.xml", "meta.xml", "settings.xml")
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in names
    )
    return (
        f'{_DECLARED}<manifest:manifest {space} manifest:version="1.3">'
        '<manifest:file-entry manifest:full-path="/" manifest:version="1.3"'
        f' manifest:media-type="{MEDIA_TYPE}"/>{entries}</manifest:manifest>'
    )


def _meta(title: str) -> str:
    said = f"<dc:title>{_text(title)}</dc:title><dc:language>en-GB</dc:language>"
    return _document("meta", f"<office:meta>{said}</office:meta>")


def _document(kind: str, inside: str) -> str:
    tag = f"office:document-{kind}"
    return f'{_DECLARED}<{tag} {_NAMESPACES} office:version="1.3">{inside}</{tag}>'


def _styles() -> str:
    """Return the look of every sheet: a plain letter, on paper as wide as landscape A4."""
    cells = (
        '<office:styles><style:default-style style:family="table-cell">'
        '<style:text-properties fo:font-family="Arial" fo:font-size="10pt" fo:language="en"'
        ' fo:country="GB"/></style:default-style>'
        '<style:style style:name="Default" style:family="table-cell"/></office:styles>'
    )
    page = (
        '<office:automatic-styles><style:page-layout style:name="paper">'
        '<style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm"'
        ' style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0"/>'
        "</style:page-layout></office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Default" style:page-layout-name="paper"/>'
        "</office:master-styles>"
    )
    return _document("styles", cells + page)


def _settings(sheets: Sequence[Sheet]) -> str:
    """Return what keeps the head of each sheet in sight."""
    item = "config:config-item"
    items = {"VerticalSplitMode": ("short", 2), "VerticalSplitPosition": ("int", 1)}
    items |= {"PositionBottom": ("int", 1), "ActiveSplitRange": ("short", 2)}
    split = "".join(
        f'<{item} config:name="{name}" config:type="{kind}">{value}</{item}>'
        for name, (kind, value) in items.items()
    )
    entry = "config:config-item-map-entry"
    tables = "".join(
        f"<{entry} config:name={_attribute(_sheet_name(sheet.name))}>{split}</{entry}>"
        for sheet in sheets
    )
    return _document(
        "settings",
        '<office:settings><config:config-item-set config:name="ooo:view-settings">'
        f'<config:config-item-map-indexed config:name="Views"><{entry}>'
        f'<{item} config:name="ViewId" config:type="string">view1</{item}>'
        f'<config:config-item-map-named config:name="Tables">{tables}'
        "</config:config-item-map-named>"
        f"</{entry}></config:config-item-map-indexed></config:config-item-set></office:settings>",
    )


def _content(sheets: Sequence[Sheet]) -> Iterator[str]:
    yield f'{_DECLARED}<office:document-content {_NAMESPACES} office:version="1.3">'
    yield f"<office:automatic-styles>{_cell_styles()}</office:automatic-styles>"
    yield "<office:body><office:spreadsheet>"
    for sheet in sheets:
        yield from _table(sheet)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _cell_styles() -> str:
    top = '<style:table-cell-properties style:vertical-align="top" fo:wrap-option="wrap"/>'
    figures = "".join(
        f'<number:number-style style:name="N{places}"><number:number'
        f' number:decimal-places="{places}" number:min-decimal-places="{places}"'
        ' number:min-integer-digits="1"/></number:number-style>'
        f'<style:style style:name="figure{places}" style:family="table-cell"'
        f' style:data-style-name="N{places}">{top}</style:style>'
        for places in range(_MOST_PLACES + 1)
    )
    pounds = (
        '<number:currency-style style:name="Np"><number:currency-symbol number:language="en"'
        ' number:country="GB">£</number:currency-symbol><number:number number:decimal-places="2"'
        ' number:min-decimal-places="2" number:min-integer-digits="1" number:grouping="true"/>'
        '</number:currency-style><style:style style:name="pounds" style:family="table-cell"'
        f' style:data-style-name="Np">{top}</style:style>'
    )
    dates = (
        '<number:date-style style:name="Nd"><number:year number:style="long"/>'
        '<number:text>-</number:text><number:month number:style="long"/>'
        '<number:text>-</number:text><number:day number:style="long"/></number:date-style>'
        '<style:style style:name="date" style:family="table-cell"'
        f' style:data-style-name="Nd">{top}</style:style>'
    )
    texts = (
        '<number:text-style style:name="Nt"><number:text-content/></number:text-style>'
        '<style:style style:name="text" style:family="table-cell"'
        f' style:data-style-name="Nt">{top}</style:style>'
        '<style:style style:name="head" style:family="table-cell">'
        '<style:table-cell-properties fo:background-color="#e8eaed" fo:wrap-option="wrap"/>'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
    )
    widths = "".join(
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}"/></style:style>'
        for width in sorted({*_WIDTHS.values(), _USUAL_WIDTH})
    )
    return figures + pounds + dates + texts + widths


def _table(sheet: Sheet) -> Iterator[str]:
    yield f"<table:table table:name={_attribute(_sheet_name(sheet.name))}>"
    for column in sheet.columns:
        width = _WIDTHS.get(column.type, _USUAL_WIDTH)
        yield f'<table:table-column table:style-name="w{width}"/>'
    heads = "".join(_string(column.title, "head") for column in sheet.columns)
    yield f"<table:table-header-rows>{_row(heads)}</table:table-header-rows>"
    for row in sheet.rows:
        yield _row("".join(_cell(column, row.get(column.name)) for column in sheet.columns))
    yield "</table:table>"


def _row(cells: str) -> str:
    return f"<table:table-row>{cells}</table:table-row>"


def _cell(column: Column, value: Any) -> str:
    if value is None or value in ("", []):
        return "<table:table-cell/>"
    if column.type == "date":
        return _valued(f'date" office:date-value="{value}', "date", value)
    if column.type == "pounds":
        return _valued(f'currency" office:currency="GBP" office:value="{value}', "pounds", value)
    if column.type in {"amount", "number"}:
        places = min(len(str(value).partition(".")[2]), _MOST_PLACES)
        return _valued(f'float" office:value="{value}', f"figure{places}", value)
    return _string(as_text(column, value), "text")


def _valued(typed: str, style: str, value: Any) -> str:
    return (
        f'<table:table-cell office:value-type="{typed}" table:style-name="{style}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def _string(value: str, style: str) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:style-name="{style}">'
        f"{_paragraphs(value)}</table:table-cell>"
    )


@cache
def _sheet_name(name: str) -> str:
    """Return a name without what a sheet's name may not hold."""
    return _SHEET_NAME.sub(" ", name)[:31]


def _paragraphs(value: str) -> str:
    """Return a text as paragraphs, a line each, no blank of it lost."""
    if _NOT_PLAIN.search(value) is None:
        return f"<text:p>{_text(value)}</text:p>"
    return "".join(f"<text:p>{_line(line)}</text:p>" for line in re.split("\r\n|\r|\n", value))


def _line(line: str) -> str:
    # LibreOffice loses the element that OpenDocument has for a tab, in a cell.
    told = _text(line).replace("\t", "&#9;")
    told = re.sub("^ ", "<text:s/>", told)
    return re.sub(" ( +)", lambda blanks: f' <text:s text:c="{len(blanks[1])}"/>', told)


def _text(value: str) -> str:
    """Return a text as XML has it; what no XML may hold as U+FFFD."""
    return escape(allowed(value))


def _attribute(value: str) -> str:
    return quoteattr(allowed(value))
