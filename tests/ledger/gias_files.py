"""Small register files for tests of the import, as they are published, about made-up schools."""

from __future__ import annotations

import csv
from datetime import date

from ledger.events.registers import SuccessionAttributed
from ledger.imports.gias import Files

SCHOOL = {
    "URN": "",
    "LA (code)": "999",
    "LA (name)": "Northwick",
    "EstablishmentNumber": "",
    "EstablishmentName": "",
    "TypeOfEstablishment (code)": "01",
    "EstablishmentStatus (code)": "1",
    "OpenDate": "",
    "CloseDate": "",
    "ReasonEstablishmentClosed (name)": "",
    "PhaseOfEducation (code)": "2",
    "Trusts (code)": "",
    "Trusts (name)": "",
    "UKPRN": "",
    "LastChangedDate": "",
    "GOR (name)": "",
    "Easting": "",
    "Northing": "",
}
SHORT = {
    "la": "LA (code)",
    "la_name": "LA (name)",
    "name": "EstablishmentName",
    "number": "EstablishmentNumber",
    "type": "TypeOfEstablishment (code)",
    "status": "EstablishmentStatus (code)",
    "opened": "OpenDate",
    "closed": "CloseDate",
    "reason": "ReasonEstablishmentClosed (name)",
    "phase": "PhaseOfEducation (code)",
    "trust": "Trusts (code)",
    "trust_name": "Trusts (name)",
    "changed": "LastChangedDate",
    "region": "GOR (name)",
    "easting": "Easting",
    "northing": "Northing",
}
LINK = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")
GROUP = ("Group UID", "Group ID", "Group Name", "Companies House Number", "Group Type (code)")
TIDE = ("71", "TR00071", "TIDE TRUST", "1234567", "6")
REEF = ("72", "TR00072", "Reef Trust", "00123456", "06")
LAND = ("73", "", "Land Trust", "", "02")
AUG, SEP = "31-08-2021", "01-09-2021"


def row(urn, **cells):
    named = {SHORT[short]: value for short, value in cells.items()}
    return SCHOOL | {"URN": str(urn), "EstablishmentName": f"School {urn}"} | named


def academy(urn, **cells):
    return row(urn, **({"type": "34", "trust": "71"} | cells))


def closed(urn, **cells):
    return row(urn, status="2", **cells)


def succession(old, new, closes=AUG, opens=SEP):
    """Both directions of a plain succession, as they are published."""
    return [
        (old, new, f"School {new}", "Successor", closes),
        (new, old, f"School {old}", "Predecessor", opens),
    ]


def write(path, rows):
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_files(folder, schools, links, groups=(TIDE, REEF, LAND), *, day):
    """Write the three files of a register, named as they are published."""
    header = list(SCHOOL)
    rows = [header, *([school[cell] for cell in header] for school in schools)]
    return Files(
        write(folder / f"edubasealldata{day}.csv", rows),
        write(folder / f"links{day}.csv", [LINK, *links]),
        write(folder / f"groups{day}.csv", [GROUP, *groups]),
    )


def of(result, kind):
    return [event for event in result.events if isinstance(event, kind)]


def settled(school, former):
    """What a registrar records by hand."""
    return SuccessionAttributed(
        school=f"school:{school}",
        urn=f"urn:{school}",
        former_urn=f"urn:{former}",
        former_urn_closes_on=date(2021, 8, 31),
        effective_on=date(2021, 9, 1),
    )


def codes(result):
    return [(finding.code, finding.urn) for finding in result.findings]
