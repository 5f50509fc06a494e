"""Given one published register after another, then the same lineages, or findings why not."""

from __future__ import annotations

import csv
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from gias_files import AUG, SEP, academy, closed, codes, of, row, settled, succession, write_files

from ledger.events.registers import SchoolClosed, SchoolRegistered, SuccessionAttributed
from ledger.imports.gias import Files, Known, Selection, plan

NOTHING = Known()


@pytest.fixture
def register(tmp_path):
    """Plan what the register of a year adds to what is known; return the plan, and all known."""

    def run(known, year, schools, links=(), **more):
        folder = tmp_path / str(year)
        folder.mkdir(exist_ok=True)
        files = write_files(folder, schools, links, day=f"{year}0401")
        result = plan(files, Selection(), known, **more)
        return result, known.after(result.events)

    return run


def told_apart(fresh, known):
    """The URNs that an import into nothing ends with where its lineages are other ones."""
    return {line[-1] for line in set(lineages(fresh)) - set(lineages(known))}


def lineages(known):
    return sorted(tuple(dated.urn[4:] for dated in line.urns) for line in known.schools.values())


# A predecessor that only a later file tells of.


def test_a_predecessor_that_only_a_later_file_tells_of_is_attributed(register):
    _, known = register(NOTHING, 2022, [academy(900002)])
    result, known = register(known, 2023, [academy(900002)], succession(900001, 900002))
    (event,) = result.events
    assert isinstance(event, SuccessionAttributed)
    assert (event.school, event.urn, event.former_urn) == (
        "school:900002",
        "urn:900002",
        "urn:900001",
    )
    assert (event.former_urn_closes_on, event.effective_on) == (date(2021, 8, 31), date(2021, 9, 1))
    assert event.source.file == "links20230401.csv"
    assert (result.findings, result.counts.changed) == ((), 1)
    assert lineages(known) == [("900001", "900002")]


def test_a_chain_that_only_a_later_file_tells_of_is_attributed_from_its_end(register):
    chain = succession(900001, 900002) + succession(900002, 900003, "31-03-2022", "01-04-2022")
    _, known = register(NOTHING, 2022, [academy(900003)])
    result, known = register(known, 2023, [academy(900003)], chain)
    assert [event.former_urn for event in result.events] == ["urn:900002", "urn:900001"]
    assert lineages(known) == [("900001", "900002", "900003")]
    assert register(known, 2023, [academy(900003)], chain)[0].events == ()


def test_two_schools_of_the_ledger_are_made_one_only_by_a_person(register):
    _, known = register(NOTHING, 2022, [row(900001), academy(900002)])
    files = ([closed(900001), academy(900002)], succession(900001, 900002))
    result, known = register(known, 2023, *files)
    (finding,) = result.findings
    assert (result.events, finding.code) == ((), "two-lines")
    assert finding.sentence == (
        "900002 School 900002 follows 900001, which the ledger has as a school of its own,"
        " school:900001"
    )
    (choice,) = finding.successions
    assert (choice.school, choice.urn, choice.former_urn) == ("900002", "900002", "900001")
    by_hand = settled(900002, 900001).model_copy(update={"predecessor": "school:900001"})
    known = known.after([by_hand])
    assert lineages(known) == [("900001", "900002")]
    assert register(known, 2023, *files)[0].findings == ()


# What the register takes back or dates anew.

CHANGES = {
    "withdrawn": (
        [],
        "link-withdrawn",
        "went on from 900001 as 900002 in the ledger, and no link says so any more",
    ),
    "withdrawn by one side": (
        succession(900001, 900002)[:1],
        "link-withdrawn",
        "went on from 900001 as 900002 in the ledger, and only one of the two says so now",
    ),
    "dated months later": (
        succession(900001, 900002, "31-12-2021", "01-01-2022"),
        "dates-changed",
        (
            "went on from 900001 as 900002 in the ledger, closed on 31/08/2021 and opened on"
            " 01/09/2021; the file says closed on 31/12/2021 and opened on 01/01/2022"
        ),
    ),
    "dated apart": (
        succession(900001, 900002, AUG, "01-09-2022"),
        "dates-changed",
        "the days of closing and opening do not fit",
    ),
    "joined by a second": (
        succession(900001, 900002) + succession(900003, 900002),
        "links-changed",
        "900002 School 900002 follows several establishments",
    ),
}


@pytest.mark.parametrize("case", CHANGES.values(), ids=CHANGES)
def test_a_succession_that_the_register_changed_is_a_finding(register, case):
    links, code, words = case
    _, known = register(NOTHING, 2022, [academy(900002)], succession(900001, 900002))
    result, known = register(known, 2023, [academy(900002)], links)
    assert result.events == ()
    assert words in next(f.sentence for f in result.findings if f.code == code)
    assert lineages(known) == [("900001", "900002")]


def test_a_succession_that_was_attributed_is_found_withdrawn_too(register):
    _, known = register(NOTHING, 2021, [academy(900002)])
    _, known = register(known, 2022, [academy(900002)], succession(900001, 900002))
    assert codes(register(known, 2023, [academy(900002)])[0]) == [("link-withdrawn", "900002")]


def test_what_a_person_settled_is_left_as_it_is(register):
    _, known = register(NOTHING, 2022, [academy(900002)])
    known = known.after([settled(900002, 900001)])
    assert register(known, 2023, [academy(900002)])[0].findings == ()


def test_another_branch_is_settled_when_a_person_says_which_goes_on(register):
    files = (
        [closed(900001), academy(900002), academy(900003)],
        succession(900001, 900002) + succession(900001, 900003),
    )
    result, known = register(NOTHING, 2022, *files)
    assert codes(result) == [("split", "900002"), ("split", "900003")]
    known = known.after([settled(900002, 900001)])
    assert register(known, 2022, *files)[0].findings == ()


def test_a_first_day_or_a_last_day_that_changed_is_a_finding(register):
    schools = [row(900001, opened=SEP), row(900002)]
    _, known = register(NOTHING, 2021, schools)
    shut = {"closed": "31-08-2022", "reason": "Closure"}
    _, known = register(known, 2022, [schools[0], closed(900002, **shut)])
    later = [row(900001, opened="01-01-2022"), closed(900002, **shut | {"closed": "31-12-2022"})]
    result, _ = register(known, 2023, later)
    assert [finding.sentence for finding in result.findings] == [
        "900001 School 900001 opened on 01/01/2022, in the ledger on 01/09/2021",
        "900002 School 900002 closed on 31/12/2022, in the ledger on 31/08/2022",
    ]


# Files in any order.

LATER = succession(900002, 900003, "31-08-2022", "01-09-2022")
WORLDS = {
    "a link told late": {
        2021: ([academy(900002)], []),
        2022: ([academy(900002)], succession(900001, 900002)),
        2023: ([academy(900002)], succession(900001, 900002)),
    },
    "a chain, step by step": {
        2021: ([row(900001)], []),
        2022: ([closed(900001), academy(900002)], succession(900001, 900002)),
        2023: (
            [closed(900001), closed(900002), academy(900003)],
            succession(900001, 900002) + LATER,
        ),
    },
    "a link withdrawn": {
        2021: ([academy(900002)], succession(900001, 900002)),
        2022: ([academy(900002)], []),
        2023: ([academy(900002)], succession(900001, 900002)),
    },
    "two schools, linked late": {
        2021: ([row(900001)], []),
        2022: ([row(900001), academy(900002)], []),
        2023: ([closed(900001), academy(900002)], succession(900001, 900002)),
    },
    "a body that changed": {
        2021: ([academy(900002, trust="71", changed="01-01-2021")], []),
        2022: ([academy(900002, trust="72", changed="01-01-2022")], []),
        2023: ([academy(900002, trust="72", changed="01-01-2022")], succession(900001, 900002)),
    },
}


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_files_in_any_order_end_in_the_same_lineages_or_in_findings_why_not(register, world):
    _, fresh = register(NOTHING, 2023, *world[2023])
    for years in permutations(world):
        known = NOTHING
        for year in (*years, 2023):
            last, known = register(known, year, *world[year])
        assert told_apart(fresh, known) <= {finding.urn for finding in last.findings}, years
        assert register(known, 2023, *world[2023])[0].events == ()


def test_an_older_file_takes_nothing_back_and_is_said_to_be_older(register):
    world = WORLDS["a body that changed"]
    _, known = register(NOTHING, 2022, *world[2022])
    result, known = register(known, 2021, *world[2021])
    assert (result.events, codes(result)) == ((), [("older-file", "")])
    assert result.findings[0].sentence == (
        "edubasealldata20210401.csv is older than the register of 01/04/2022 that the ledger"
        " cites, so nothing that the ledger has was compared with it"
    )


def test_links_that_an_older_file_lacks_are_not_withdrawn(register):
    world = WORLDS["a link told late"]
    _, known = register(NOTHING, 2023, *world[2023])
    result, known = register(known, 2021, *world[2021])
    assert (result.events, codes(result)) == ((), [("older-file", "")])


def test_a_closed_school_whose_links_were_withdrawn_is_a_finding(register):
    shut = closed(900002, closed="31-08-2022", reason="Closure")
    _, known = register(NOTHING, 2021, [academy(900002)], succession(900001, 900002))
    _, known = register(known, 2022, [shut], succession(900001, 900002))
    assert codes(register(known, 2023, [shut])[0]) == [("link-withdrawn", "900002")]


# Every row in one count.


def test_every_row_is_in_exactly_one_count(register):
    schools = [
        *(row(900001), academy(900003), closed(900002), closed(900004), row(900005, status="4")),
        *(row(900006, type="29"), row(900007, status="9"), row(900008, la="000")),
    ]
    result, known = register(NOTHING, 2022, schools, succession(900002, 900003))
    counts = vars(result.counts) | {}
    assert (counts.pop("establishments"), counts.pop("selected")) == (8, 8)
    assert counts == {
        "registered": 2,
        "changed": 0,
        "unchanged": 0,
        "earlier": 1,
        "unclear": 1,
        "unknown": 1,
        "closed": 1,
        "proposed": 1,
        "no_schools": 1,
    }
    again = register(known, 2022, schools, succession(900002, 900003))[0].counts
    assert (again.registered, again.unchanged) == (0, 2)


# The files as published, where they are at hand.

DATA = Path(__file__).parents[3] / "../shared/data/gias"
REAL = Files(
    DATA / "edubasealldata_1924.csv",
    DATA / "links_edubasealldata20250422.csv",
    DATA / "allgroupsdata.csv",
)
SAMPLE = Files(DATA / "edubasealldata_sample_real_rows.csv", REAL.links, REAL.groups)
at_hand = pytest.mark.skipif(
    not REAL.establishments.exists(), reason=f"the published files are not at {DATA}"
)


def imported(*registers):
    known, result = NOTHING, None
    for files in registers:
        result = plan(files, Selection(), known)
        known = known.after(result.events)
    return result, known


@at_hand
@pytest.mark.sweep
def test_the_two_real_files_in_both_orders_end_in_the_same_lineages():
    assert lineages(imported(REAL, SAMPLE)[1]) == lineages(imported(SAMPLE, REAL)[1])


@at_hand
@pytest.mark.sweep
def test_real_files_with_and_without_links_in_both_orders_end_as_the_last_or_say_why_not(tmp_path):
    with REAL.links.open(encoding="cp1252", newline="") as file:
        header, *links = csv.reader(file)
    fewer = tmp_path / "links.csv"
    with fewer.open("w", encoding="cp1252", newline="") as file:
        kept = (link for link in links if (int(link[0]) + int(link[1])) % 3)
        csv.writer(file).writerows([header, *kept])
    early = REAL.__class__(REAL.establishments, fewer, REAL.groups)
    late, known = imported(early, REAL)
    assert len(of(late, SuccessionAttributed)) > 300
    assert of(late, SchoolRegistered) == of(late, SchoolClosed) == []
    assert told_apart(imported(REAL)[1], known) <= {finding.urn for finding in late.findings}
    back, known = imported(REAL, early)
    assert told_apart(imported(early)[1], known) <= {finding.urn for finding in back.findings}
    assert back.findings_by_code["link-withdrawn"] > 300


@at_hand
@pytest.mark.sweep
def test_every_real_row_is_in_exactly_one_count():
    for files in (REAL, SAMPLE):
        result, _ = imported(files)
        counts = dict(vars(result.counts))
        rows = counts.pop("establishments")
        assert rows == counts.pop("selected") == sum(counts.values())
