"""The three files of Get Information About Schools (GIAS), row by row, codes made whole.

Establishments (`edubasealldata*.csv`), links between them (`links_edubasealldata*.csv`) and groups
(`allgroupsdata*.csv`). Spreadsheets lose leading zeros, so codes are padded; codes that a layout
gives only by name are read by name. No column about a person is among those read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from ledger.errors import ImportFileError
from ledger.imports.files import Cells, Column, Layout, Publication, Published, clean, day, read
from ledger.regions import Region, by_name
from ledger.values import FARTHEST, Phase

Status = Literal["open", "closed", "proposed", "unknown"]

_DATED_NAME = re.compile(r"(?:edubasealldata|allgroupsdata)(\d{4})(\d{2})(\d{2})", re.ASCII)


def _published_on(name: str) -> date | None:
    """Return the day in a file's published name, as in `edubasealldata20250422.csv`."""
    found = _DATED_NAME.search(name)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


GIAS = Publication("Department for Education", "Get Information About Schools", _published_on)
ESTABLISHMENTS = Layout(
    GIAS,
    "establishments",
    "edubasealldata*.csv",
    (
        Column(("URN",)),
        Column(("LA (code)",)),
        Column(("LA (name)",)),
        Column(("EstablishmentNumber",), required=False),
        Column(("EstablishmentName",)),
        Column(("TypeOfEstablishment (code)",)),
        Column(("EstablishmentStatus (code)", "EstablishmentStatus (name)")),
        Column(("OpenDate",), required=False),
        Column(("CloseDate",), required=False),
        Column(("ReasonEstablishmentClosed (name)",), required=False),
        Column(("PhaseOfEducation (code)", "PhaseOfEducation (name)")),
        Column(("Trusts (code)",), required=False),
        Column(("Trusts (name)",), required=False),
        Column(("UKPRN",), required=False),
        Column(("LastChangedDate",), required=False),
        Column(("GOR (code)", "GOR (name)"), required=False),
        Column(("Easting",), required=False),
        Column(("Northing",), required=False),
    ),
)
LINKS = Layout(
    GIAS,
    "links",
    "links_edubasealldata*.csv",
    (
        Column(("URN",)),
        Column(("LinkURN",)),
        Column(("LinkName",), required=False),
        Column(("LinkType",)),
        Column(("LinkEstablishedDate",)),
    ),
)
GROUPS = Layout(
    GIAS,
    "groups",
    "allgroupsdata*.csv",
    (
        Column(("Group UID",)),
        Column(("Group ID",), required=False),
        Column(("Group Name",)),
        Column(("Companies House Number",), required=False),
        Column(("Group Type (code)", "Group Type")),
        Column(("UKPRN",), required=False),
    ),
)
LAYOUTS = (ESTABLISHMENTS, LINKS, GROUPS)
TRUSTS_COLUMN = "Trusts (code)"

_STATUS: Mapping[str, Status] = {
    "1": "open",
    "open": "open",
    "2": "closed",
    "closed": "closed",
    "3": "open",
    "open, but proposed to close": "open",
    "4": "proposed",
    "proposed to open": "proposed",
}
_PHASE: Mapping[str, Phase] = {
    "": "not_applicable",
    "0": "not_applicable",
    "not applicable": "not_applicable",
    "1": "nursery",
    "nursery": "nursery",
    "2": "primary",
    "primary": "primary",
    "3": "middle_deemed_primary",
    "middle deemed primary": "middle_deemed_primary",
    "4": "secondary",
    "secondary": "secondary",
    "5": "middle_deemed_secondary",
    "middle deemed secondary": "middle_deemed_secondary",
    "6": "post_16",
    "16 plus": "post_16",
    "7": "all_through",
    "all-through": "all_through",
}
# Codes of regions, which the register calls by the former government offices (GOR). Places outside
# England have a code, too, and no region here.
_REGION_CODES: Mapping[str, Region] = {
    "A": "north-east",
    "B": "north-west",
    "D": "yorkshire-and-the-humber",
    "E": "east-midlands",
    "F": "west-midlands",
    "G": "east-of-england",
    "H": "london",
    "J": "south-east",
    "K": "south-west",
}
# Groups that run schools. Type 02, plain "Trust", supports foundation schools that the authority
# maintains; sponsors, federations and umbrella trusts run none either.
_RUNS_SCHOOLS = frozenset(
    {"6", "10", "11", "multi-academy trust", "single-academy trust", "secure single-academy trust"}
)
# Codes of link types, for layouts that give them instead of the names.
_LINK_CODES: Mapping[str, str] = {
    "1": "predecessor",
    "1F": "predecessor - split school",
    "1I": "closure",
    "1L": "predecessor - merged",
    "2": "successor",
    "2A": "expansion",
    "2F": "successor - split school",
    "2K": "result of amalgamation",
    "2O": "merged - change in age range",
    "2P": "merged - expansion of school capacity",
    "2Q": "merged - expansion in school capacity and changer in age range",
    "6": "successor - merged",
    "6.1": "predecessor - amalgamated",
    "6.2": "successor - amalgamated",
}
_URN = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_LONGEST_NAME = 200


class OnTheGrid(NamedTuple):
    """A place on the national grid, in metres."""

    easting: int
    northing: int

    def __str__(self) -> str:
        """Return it in words."""
        return f"easting {self.easting}, northing {self.northing}"


class Establishment(NamedTuple):
    """A row of the establishments file; what it does not give is None."""

    row: int
    urn: str
    la_code: str
    la_name: str
    name: str
    type: str | None
    status: Status
    phase: Phase | None
    opened: date | None
    closed: date | None
    reason_closed: str
    trust: str | None
    trust_name: str
    laestab: str | None
    ukprn: str | None
    changed: date | None
    region: Region | None
    place: OnTheGrid | None

    @property
    def current(self) -> bool:
        """Return whether the register has it open, if perhaps proposed to close."""
        return self.status == "open"


class Link(NamedTuple):
    """A row of the links file: what the register says of `urn` about `other`."""

    row: int
    urn: str
    other: str
    other_name: str
    type: str
    on: date | None


class Group(NamedTuple):
    """A group of schools, from the groups file, or from the school that names it."""

    row: int
    uid: str
    id: str | None
    name: str
    company: str | None
    ukprn: str | None
    runs_schools: bool


@dataclass(frozen=True)
class Reading:
    """A row while it is read: turns cells into values, or says which row and column is wrong."""

    file: str
    row: int

    def wrong(self, column: str, got: str, expected: str) -> ImportFileError:
        """Return the error that names file, row and column."""
        what = f"{self.file}, row {self.row}, column {column!r} cannot be read"
        return ImportFileError(what, got=got, expected=expected)

    def urn(self, column: str, text: str) -> str:
        """Return a URN."""
        if _URN.fullmatch(text) is None:
            raise self.wrong(column, text, "a URN, six digits")
        return text

    def number(self, column: str, text: str, width: int) -> str | None:
        """Return a code with its leading zeros; None if empty."""
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or len(text.lstrip("0")) > width:
            raise self.wrong(column, text, f"a number of at most {width} digits")
        return text.lstrip("0").zfill(width)

    def day(self, column: str, text: str) -> date | None:
        """Return a day; None if empty."""
        try:
            return day(text)
        except ValueError:
            raise self.wrong(column, text, "a day, as 31-08-2021 or 31/08/2021") from None

    def name(self, column: str, text: str) -> str:
        """Return a name as it can be recorded: composed, single blanks, nothing invisible."""
        name = clean(text)
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise self.wrong(column, text, f"a name of 1 to {_LONGEST_NAME} printable characters")
        return name


def _digits(text: str, width: int) -> str | None:
    """Return a number under which another register knows a party, or None if it is not one."""
    return text if text.isascii() and text.isdigit() and len(text) == width else None


def establishments(
    published: Published, tick: Callable[[int], None] = lambda _: None
) -> tuple[dict[str, Establishment], bool]:
    """Return the establishments by URN in file order, and whether the file names trusts.

    The same row twice counts once; two rows that differ for one URN are refused.
    """
    columns, rows = read(published, ESTABLISHMENTS, LAYOUTS, tick)
    found: dict[str, Establishment] = {}
    for row, cells in rows:
        new = _establishment(Reading(published.name, row), cells)
        old = found.setdefault(new.urn, new)
        if old[1:] != new[1:]:
            raise ImportFileError(
                f"{published.name} has URN {new.urn} twice, in rows {old.row} and {row},"
                " and they differ",
                expected="each establishment once",
            )
    if not found:
        raise ImportFileError(
            f"{published.name} has a header and no establishments below it",
            todo="Download it again.",
        )
    return found, TRUSTS_COLUMN in columns


def _establishment(at: Reading, cells: Cells) -> Establishment:
    (urn, la, la_name, number, name, type_, status, opened, closed, reason, phase, trust) = cells[
        :12
    ]
    trust_name, ukprn, changed, region, easting, northing = cells[12:]
    la_code = at.number("LA (code)", la, 3) or "000"
    estab = at.number("EstablishmentNumber", number, 4)
    return Establishment(
        row=at.row,
        urn=at.urn("URN", urn),
        la_code=la_code,
        la_name=at.name("LA (name)", la_name) if la_name else "",
        name=at.name("EstablishmentName", name),
        type=at.number("TypeOfEstablishment (code)", type_, 2),
        status=_STATUS.get(status.casefold(), "unknown"),
        phase=_PHASE.get(phase.casefold()),
        opened=at.day("OpenDate", opened),
        closed=at.day("CloseDate", closed),
        reason_closed=clean(reason),
        trust=_uid(at, TRUSTS_COLUMN, trust) if trust else None,
        trust_name=at.name("Trusts (name)", trust_name) if trust_name else "",
        laestab=f"{la_code}/{estab}" if estab else None,
        ukprn=_digits(ukprn, 8),
        changed=at.day("LastChangedDate", changed),
        region=_REGION_CODES.get(region.upper()) or by_name(region),
        place=_place(easting, northing),
    )


def _place(easting: str, northing: str) -> OnTheGrid | None:
    """Return a place; None where none is told, or what is told is none, as 0 and 0."""
    if not all(told.isascii() and told.isdigit() for told in (easting, northing)):
        return None
    place = OnTheGrid(int(easting), int(northing))
    return place if any(place) and max(place) <= FARTHEST else None


def _uid(at: Reading, column: str, text: str) -> str:
    uid = at.number(column, text, 6)
    if uid is None or not uid.strip("0"):
        raise at.wrong(column, text, "the UID of a group, at most six digits")
    return uid.lstrip("0")


def links(published: Published, tick: Callable[[int], None] = lambda _: None) -> list[Link]:
    """Return the links in file order."""
    _, rows = read(published, LINKS, LAYOUTS, tick)
    return [_link(Reading(published.name, row), cells) for row, cells in rows]


def _link(at: Reading, cells: Cells) -> Link:
    urn, other, name, type_, on = cells
    kind = _LINK_CODES.get(type_.upper()) or clean(type_).replace("\N{EN DASH}", "-").casefold()
    return Link(
        row=at.row,
        urn=at.urn("URN", urn),
        other=at.urn("LinkURN", other),
        other_name=at.name("LinkName", name) if name else "",
        type=kind,
        on=at.day("LinkEstablishedDate", on),
    )


def groups(published: Published, tick: Callable[[int], None] = lambda _: None) -> dict[str, Group]:
    """Return the groups by UID, in file order."""
    _, rows = read(published, GROUPS, LAYOUTS, tick)
    found: dict[str, Group] = {}
    for row, cells in rows:
        group = _group(Reading(published.name, row), cells)
        found.setdefault(group.uid, group)
    return found


def _group(at: Reading, cells: Cells) -> Group:
    uid, id_, name, company, type_, ukprn = cells
    company = company.upper()
    company = company.zfill(8) if company.isdigit() else company
    return Group(
        row=at.row,
        uid=_uid(at, "Group UID", uid),
        id=id_ if re.fullmatch(r"[A-Z]{0,2}[0-9]{1,6}", id_) else None,
        name=at.name("Group Name", name),
        company=company if re.fullmatch(r"[A-Z0-9]{8}", company) else None,
        ukprn=_digits(ukprn, 8),
        runs_schools=(type_.lstrip("0").casefold() in _RUNS_SCHOOLS),
    )
