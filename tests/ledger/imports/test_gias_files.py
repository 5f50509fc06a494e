"""Published files as they come, and what is said about those that are something else."""

from __future__ import annotations

import pytest

from ledger.errors import ImportFileError
from ledger.imports.gias import Files, Known, Selection, plan

NEEDED = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),"
    "EstablishmentStatus (code),OpenDate,CloseDate,PhaseOfEducation (code),Trusts (code),"
    "Trusts (name),UKPRN"
)
OAK = "900001,999,Northwick,2001,Oak School,01,1,01-09-1999,,2,,,10000001"
OAK_2 = OAK.replace("900001", "900002")
LINKS = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate"
GROUPS = "Group UID,Group ID,Group Name,Companies House Number,Group Type (code),UKPRN"


def text(*lines):
    return "".join(f"{line}\r\n" for line in lines)


def planned(tmp_path, content, links=None, groups=None, name="edubasealldata.csv"):
    paths = {"links": links, "groups": groups}
    for kind, other in paths.items():
        if other is not None:
            paths[kind] = tmp_path / f"{kind}.csv"
            paths[kind].write_bytes(other if isinstance(other, bytes) else other.encode("cp1252"))
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("cp1252"))
    return plan(Files(path, **paths), Selection(), Known())


def school(result):
    (event,) = [e for e in result.events if type(e).__name__ == "SchoolRegistered"]
    return event


@pytest.mark.parametrize(
    "content",
    [
        text(NEEDED, OAK),
        text(NEEDED, OAK).replace("\r\n", "\n"),
        text(NEEDED, OAK).rstrip(),
        b"\xef\xbb\xbf" + text(NEEDED, OAK).encode(),
        text("Get Information About Schools, 1 April", "", NEEDED, OAK, ""),
        text(NEEDED.replace("LA (code)", " LA  (code) ").replace("OpenDate", "Open Date"), OAK),
        text(NEEDED.upper(), OAK),
        text(NEEDED, OAK.replace("01-09-1999", "01/09/1999")),
        text(NEEDED, OAK.replace("01-09-1999", "1/9/1999")),
        text(NEEDED, OAK.replace("01-09-1999", "01-09-1999 00:00:00")),
        text(NEEDED, OAK.replace(",01,1,", ",1,01,").replace(",,2,", ",NULL,2,")).replace(
            ",01,01-", ",1,01-"
        ),
        text(NEEDED, OAK.replace(",,2,,,", ',"NULL",2,"NULL","NULL",')),
        text(NEEDED.replace("(code),OpenDate", "(name),OpenDate"), OAK.replace(",1,", ",Open,")),
        text(NEEDED.replace("PhaseOfEducation (code)", "PhaseOfEducation (name)"), OAK).replace(
            ",,2,", ",,Primary,"
        ),
        text(NEEDED + ",HeadLastName", OAK + ",Doe"),
        text(NEEDED, OAK, OAK),
        text(NEEDED, OAK, "," * 12),
        text(NEEDED, OAK + ",,"),
    ],
    ids=[
        "as published",
        "LF",
        "no line end at the end",
        "UTF-8 with BOM",
        "title above and blank line below",
        "blanks in the header",
        "header in capitals",
        "slashes in dates",
        "dates without zeros",
        "dates with a time",
        "leading zeros lost",
        "NULL",
        "status by name",
        "phase by name",
        "a further column",
        "the same row twice",
        "a row of nothing",
        "empty cells at the end",
    ],
)
def test_every_layout_gives_the_same_school(tmp_path, content):
    event = school(planned(tmp_path, content))
    assert event.model_dump(mode="json", exclude={"source"}, exclude_none=True) == {
        "school": "school:900001",
        "urn": "urn:900001",
        "name": "Oak School",
        "phase": "primary",
        "establishment_type": "01",
        "la": "body:northwick",
        "responsible_body": "body:northwick",
        "opened_on": "1999-09-01",
        "identifiers": {"laestab": "999/2001", "ukprn": "10000001"},
    }


@pytest.mark.parametrize("columns", [42, 85, 135, 140])
def test_columns_are_found_by_name_among_any_number_in_any_order(tmp_path, columns):
    pairs = list(zip(NEEDED.split(","), OAK.split(","), strict=True))[::-1]
    pairs = [(f"Filler {n}", "x") for n in range(columns - len(pairs))] + pairs
    header, row = (",".join(side) for side in zip(*pairs, strict=True))
    assert school(planned(tmp_path, text(header, row))).name == "Oak School"


@pytest.mark.parametrize(
    ("encoding", "written", "read"),
    [
        ("cp1252", "St Zo\xeb\u2019s  \u2013 Caf\xe9", "St Zo\xeb\u2019s \u2013 Caf\xe9"),
        ("utf-8-sig", "St Zo\xeb\u2019s", "St Zo\xeb\u2019s"),
        ("utf-8", "St Zo\xeb", "St Zo\xeb"),
        ("utf-8", "Zoe\u0308\u200b School", "Zo\xeb School"),
        ("cp1252", "Oak\xa0School", "Oak School"),
    ],
)
def test_names_are_kept_as_published_in_composed_form(tmp_path, encoding, written, read):
    content = text(NEEDED, OAK.replace("Oak School", written)).encode(encoding)
    assert school(planned(tmp_path, content)).name == read


def test_each_event_cites_file_digest_and_line(tmp_path):
    content = text("A title", NEEDED, OAK.replace("Oak School", '"Oak\r\nSchool"'), OAK_2)
    result = planned(tmp_path, content, name="edubasealldata20250422.csv")
    source = result.events[-1].source
    assert (source.publisher, source.title) == (
        "Department for Education",
        "Get Information About Schools: establishments",
    )
    assert (source.file, source.row) == ("edubasealldata20250422.csv", 5)
    assert source.published_on.isoformat() == "2025-04-22"
    assert len(source.sha256) == 64


@pytest.mark.parametrize("name", ["edubasealldata.csv", "edubasealldata20251322.csv", "a_1924.csv"])
def test_a_name_without_a_day_gives_no_day_of_publication(tmp_path, name):
    assert school(planned(tmp_path, text(NEEDED, OAK), name=name)).source.published_on is None


@pytest.mark.parametrize(
    "column", ["HeadTitle (name)", "HeadFirstName", "HeadLastName", "PropsName"]
)
def test_columns_with_peoples_names_leave_no_trace(tmp_path, column):
    header = f"{column},{NEEDED}"
    result = planned(tmp_path, text(header, f"Quillfeather,{OAK}"))
    assert "Quillfeather" not in repr(result)
    assert school(result).source.row == 2


FAULTS = {
    "empty": (b"", "edubasealldata.csv is empty: expected the establishments file,"),
    "blank": (b" \r\n\r\n", "edubasealldata.csv is empty"),
    "header only": (text(NEEDED), "has a header and no establishments below it. Download it"),
    "NUL": (text(NEEDED, OAK).encode() + b"\0", "is no text file: a NUL byte in row 3"),
    "zip": (b"PK\x03\x04\x14\0\0\0", "unpack the CSV file first."),
    "UTF-16": (text(NEEDED, OAK).encode("utf-16"), "is written in UTF-16, as a spreadsheet's"),
    "a private key": (
        "-----BEGIN OPENSSH PRIVATE KEY-----\n",
        "is a private key, which is for its",
    ),
    "junk": (bytes(range(1, 256)), "cannot be decoded in row 2: got the byte 0x81"),
    "prose": ("Not found\r\n", "has no column 'URN': got Not found, expected the establishments"),
    "a million columns": (
        ",".join("a" * 1_000_000) + "\r\n",
        "row 1, is too wide: got 1000000 columns, expected at most 1000",
    ),
    "a million filled cells": (
        text(NEEDED, ",".join("1" * 1_000_000)),
        "row 2, does not fit its header: got 1000000 cells, expected 13",
    ),
    "a huge cell": (text(NEEDED, "9" * 200_000), "row 2, is not comma-separated text"),
    "an open quotation mark": (text(NEEDED, '"' + OAK), "row 2, is not comma-separated text"),
    "too few cells": (text(NEEDED, OAK, "900002,999"), "row 3, does not fit its header: got 2"),
    "a comma too many": (text(NEEDED, OAK + ",x"), "does not fit its header: got 14 cells"),
    "no LA": (
        text(NEEDED.replace("LA (code)", "Authority"), OAK),
        "has no column 'LA (code)': got URN, Authority, LA (name), EstablishmentNumber,",
    ),
    "no status": (
        text(NEEDED.replace("EstablishmentStatus (code)", "State"), OAK),
        "has no column 'EstablishmentStatus (code)' or 'EstablishmentStatus (name)'",
    ),
    "a column twice": (text(NEEDED + ",URN", OAK + ",1"), "row 1, has the column 'URN' twice"),
    "links": (
        text(LINKS, "900001,900002,Oak,Predecessor,"),
        "edubasealldata*.csv. It looks like the links file: give it as that.",
    ),
    "groups": (text(GROUPS, "1,TR1,A Trust,,06,"), "It looks like the groups file: give it as"),
    "a bad URN": (
        text(NEEDED, OAK.replace("900001", "90001")),
        "row 2, column 'URN' cannot be read: got 90001, expected a URN, six digits.",
    ),
    "a bad date": (
        text(NEEDED, OAK.replace("01-09-1999", "31-09-1999")),
        "column 'OpenDate' cannot be read: got 31-09-1999, expected a day, as 31-08-2021 or",
    ),
    "a month by name": (text(NEEDED, OAK.replace("01-09-1999", "1 Sep 1999")), "got 1 Sep 1999"),
    "mixed separators": (text(NEEDED, OAK.replace("01-09-1999", "01-09/1999")), "'OpenDate'"),
    "a bad code": (
        text(NEEDED, OAK.replace(",01,1,", ",1A,1,")),
        "column 'TypeOfEstablishment (code)' cannot be read: got 1A, expected a number of at most",
    ),
    "a bad LA": (text(NEEDED, OAK.replace(",999,", ",9999,")), "'LA (code)' cannot be read"),
    "a bad trust": (text(NEEDED, OAK.replace(",2,,", ",2,0,")), "'Trusts (code)' cannot be read"),
    "no name": (text(NEEDED, OAK.replace("Oak School", "")), "'EstablishmentName' cannot be"),
    "a long name": (text(NEEDED, OAK.replace("Oak", "O" * 200)), "1 to 200 printable characters"),
    "a bell in a name": (text(NEEDED, OAK.replace("Oak", "O\x07")), "'EstablishmentName' cannot"),
    "one URN, two schools": (
        text(NEEDED, OAK, OAK.replace("Oak", "Elm")),
        "has URN 900001 twice, in rows 2 and 3, and they differ",
    ),
}


@pytest.mark.parametrize(("content", "said"), FAULTS.values(), ids=FAULTS)
def test_a_file_that_is_not_what_it_should_be_is_refused_with_a_sentence(tmp_path, content, said):
    with pytest.raises(ImportFileError) as refused:
        planned(tmp_path, content)
    assert said in str(refused.value)
    assert str(refused.value).startswith("edubasealldata.csv")


def test_a_row_of_nothing_but_commas_is_passed_over_however_wide(tmp_path):
    assert planned(tmp_path, text(NEEDED, OAK, "," * 1_000_000)).counts.establishments == 1


@pytest.mark.parametrize(
    ("links", "said"),
    [
        (text(NEEDED, OAK), "links.csv has no column 'LinkURN'"),
        (text(NEEDED, OAK), "It looks like the establishments file: give it as that."),
        (text(LINKS, "900001,9,Oak,Predecessor,"), "row 2, column 'LinkURN' cannot be read: got 9"),
        (text(LINKS, "900001,900002,Oak,Predecessor,soon"), "'LinkEstablishedDate' cannot be read"),
        (text(LINKS, "900001,900002"), "links.csv, row 2, does not fit its header: got 2 cells"),
    ],
)
def test_a_links_file_that_is_none_is_refused(tmp_path, links, said):
    with pytest.raises(ImportFileError) as refused:
        planned(tmp_path, text(NEEDED, OAK), links=links)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (text(LINKS), "groups.csv has no column 'Group UID'"),
        (text(GROUPS, "x,TR1,A Trust,,06,"), "groups.csv, row 2, column 'Group UID' cannot be"),
        (text(GROUPS, "1,TR1,,,06,"), "groups.csv, row 2, column 'Group Name' cannot be read"),
    ],
)
def test_a_groups_file_that_is_none_is_refused(tmp_path, groups, said):
    with pytest.raises(ImportFileError) as refused:
        planned(tmp_path, text(NEEDED, OAK), groups=groups)
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(
        ImportFileError, match=r"cannot read the establishments file .*No such file"
    ):
        plan(Files(tmp_path / "none.csv"), Selection(), Known())


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ImportFileError, match="Is a directory"):
        plan(Files(tmp_path), Selection(), Known())


def test_a_file_whose_name_cannot_be_cited_is_refused(tmp_path):
    with pytest.raises(ImportFileError, match=r"name cannot be cited: .*Rename the file"):
        planned(tmp_path, text(NEEDED, OAK), name="a" * 201)


def test_without_a_column_of_trusts_that_is_said_once_for_the_file(tmp_path):
    header, row = NEEDED.replace(",Trusts (code)", ",X"), OAK.replace(",01,1,", ",34,1,")
    result = planned(tmp_path, text(header, row, row.replace("900001", "900002")))
    assert [(f.code, f.urn) for f in result.findings] == [("trusts-column-missing", "")]


def test_progress_tells_lines_read_out_of_lines_in_all_files(tmp_path):
    told = []
    path = tmp_path / "e.csv"
    path.write_text(text(NEEDED, *(OAK.replace("900001", str(900001 + n)) for n in range(5_000))))
    plan(Files(path), Selection(), Known(), progress=lambda *pair: told.append(pair))
    total = told[-1][1]
    assert total >= 5_001
    assert told == sorted(told)
    assert told[0] == (0, total)
    assert told[-1] == (total, total)
    assert len(told) > 3
