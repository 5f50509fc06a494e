"""Given register files and what the ledger holds, when planned, then these events and findings."""

from __future__ import annotations

from datetime import date

import pytest
from gias_files import (
    AUG,
    GROUP,
    LAND,
    LINK,
    REEF,
    SCHOOL,
    SEP,
    TIDE,
    academy,
    closed,
    codes,
    of,
    row,
    settled,
    succession,
    write,
)

from ledger.errors import NotFoundError
from ledger.events.registers import (
    BodyRegistered,
    PartyRenamed,
    Place,
    ResponsibleBodyChanged,
    SchoolChanged,
    SchoolClosed,
    SchoolConverted,
    SchoolRegistered,
)
from ledger.imports.gias import ASKS, Files, Known, KnownBody, Selection, plan
from ledger.imports.gias.bodies import slug
from ledger.regions import by_name


@pytest.fixture
def importer(tmp_path):
    """Write the files and plan."""

    def run(schools, links=(), groups=(TIDE, REEF, LAND), *, known=None, selection=None, **more):
        header = list(SCHOOL)
        files = Files(
            write(tmp_path / "e.csv", [header, *([s[c] for c in header] for s in schools)]),
            None if links is None else write(tmp_path / "l.csv", [LINK, *links]),
            None if groups is None else write(tmp_path / "g.csv", [GROUP, *groups]),
        )
        return plan(files, selection or Selection(), known or Known(), **more)

    return run


def after(result, known=None):
    return (known or Known()).after(result.events)


# Bodies.


def test_authority_comes_before_trust_before_school(importer):
    result = importer([academy(900001)])
    assert [type(event) for event in result.events] == [
        BodyRegistered,
        BodyRegistered,
        SchoolRegistered,
    ]
    la, trust, school = result.events
    assert (la.body, la.kind, la.identifiers.la_code) == (
        "body:northwick",
        "local_authority",
        "999",
    )
    assert trust.model_dump(mode="json", exclude={"source"}, exclude_none=True) == {
        "body": "body:tide-trust",
        "kind": "trust",
        "name": "TIDE TRUST",
        "identifiers": {"group_uid": "71", "group_id": "TR00071", "company": "01234567"},
    }
    assert (trust.source.file, trust.source.row) == ("g.csv", 2)
    assert (school.la, school.responsible_body) == ("body:northwick", "body:tide-trust")


@pytest.mark.parametrize(
    ("type_", "trust", "body", "found"),
    [
        ("01", "", "body:northwick", []),
        ("1", "", "body:northwick", []),
        ("05", "73", "body:northwick", []),
        ("14", "", "body:northwick", []),
        ("34", "71", "body:tide-trust", []),
        ("34", "0071", "body:tide-trust", []),
        ("35", "72", "body:reef-trust", []),
        ("34", "", None, ["trust-missing"]),
        ("34", "73", None, ["trust-unknown"]),
        ("34", "99", None, ["trust-unknown"]),
        ("11", "", None, []),
        ("06", "", None, []),
        ("", "", None, []),
    ],
)
def test_responsible_is_the_authority_of_maintained_and_the_trust_of_independent_state_schools(
    importer, type_, trust, body, found
):
    result = importer([row(900001, type=type_, trust=trust)])
    (school,) = of(result, SchoolRegistered)
    assert school.responsible_body == body
    assert codes(result) == [(code, "900001") for code in found]
    registered = {event.body for event in of(result, BodyRegistered)}
    assert registered == {"body:northwick", school.responsible_body or "body:northwick"}


def test_trusts_of_one_name_both_take_their_uid_whatever_is_selected(importer):
    twins = [("71", "", "Tide Trust", "", "06"), ("72", "", "TIDE  TRUST", "", "10")]
    schools = [academy(900001), academy(900002, trust="72")]
    whole = importer(schools, groups=twins)
    assert [b.body for b in of(whole, BodyRegistered)[1:]] == [
        "body:tide-trust-71",
        "body:tide-trust-72",
    ]
    one = Selection(urns=frozenset({"900002"}))
    part = importer(schools, groups=twins[::-1], selection=one)
    assert [b.body for b in of(part, BodyRegistered)[1:]] == ["body:tide-trust-72"]


def test_a_trust_named_as_an_authority_takes_its_uid(importer):
    result = importer([academy(900001)], groups=[("71", "", "NORTHWICK", "", "6")])
    assert [b.body for b in of(result, BodyRegistered)] == ["body:northwick", "body:northwick-71"]


def test_a_body_known_by_number_keeps_its_reference(importer):
    known = Known(
        {
            "body:nw": KnownBody("body:nw", "local_authority", "Elsewhere", la_code="999"),
            "body:waves": KnownBody("body:waves", "trust", "Waves", group_uid="71"),
        }
    )
    result = importer([academy(900001)], known=known)
    (school,) = result.events
    assert (school.la, school.responsible_body) == ("body:nw", "body:waves")


def test_a_body_known_by_name_only_is_not_taken_for_another(importer):
    known = Known({"body:tide-trust": KnownBody("body:tide-trust", "trust", "Tide Trust")})
    result = importer([academy(900001)], known=known)
    assert [b.body for b in of(result, BodyRegistered)] == ["body:northwick", "body:tide-trust-71"]
    assert codes(result) == [("body-name-taken", "")]


def test_without_groups_trusts_are_known_by_what_schools_call_them(importer):
    result = importer([academy(900001, trust_name="TIDE TRUST")], groups=None)
    trust = of(result, BodyRegistered)[1]
    assert (trust.body, trust.identifiers.group_uid) == ("body:tide-trust", "71")
    assert (trust.source.file, trust.source.row) == ("e.csv", 2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bristol, City of", "bristol-city-of"),
        ("St. Anne's & St. Zo\xeb\u2019s", "st-annes-and-st-zoes"),
        ("ACE\u2013TRUST", "ace-trust"),
        ("…", "body"),
        ("Word " * 20, "-".join(["word"] * 13)[:64]),
        ("x" * 80, "x" * 64),
    ],
)
def test_slugs_are_made_of_whole_words_and_fit(name, expected):
    assert slug(name) == expected
    assert slug(name, "12345").endswith("-12345")
    assert len(slug(name, "12345")) <= 64


# Schools at the first import.


@pytest.mark.parametrize(
    ("code", "phase"),
    [
        ("0", "not_applicable"),
        ("", "not_applicable"),
        ("1", "nursery"),
        ("2", "primary"),
        ("3", "middle_deemed_primary"),
        ("4", "secondary"),
        ("5", "middle_deemed_secondary"),
        ("6", "post_16"),
        ("7", "all_through"),
    ],
)
def test_phases_become_the_ledgers(importer, code, phase):
    assert importer([row(900001, phase=code)]).events[-1].phase == phase


@pytest.mark.parametrize(
    ("cells", "count"),
    [
        ({"status": "2"}, "closed"),
        ({"status": "4"}, "proposed"),
        ({"type": "47"}, "no_schools"),
        ({"type": "29"}, "no_schools"),
    ],
)
def test_what_is_no_open_school_is_counted_and_left_out(importer, cells, count):
    result = importer([row(900001, **cells), row(900002, status="3")])
    assert [event.school for event in of(result, SchoolRegistered)] == ["school:900002"]
    assert getattr(result.counts, count) == 1
    assert result.findings == ()


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"status": "8"}, "code-unknown"),
        ({"phase": "9"}, "code-unknown"),
        ({"la": "0"}, "authority-missing"),
        ({"la": ""}, "authority-missing"),
    ],
)
def test_a_school_that_cannot_be_recorded_is_a_finding(importer, cells, code):
    result = importer([row(900001, **cells)])
    assert (result.events, codes(result)) == ((), [(code, "900001")])
    (finding,) = result.findings
    assert [(where.file, where.row) for where in finding.rows] == [("e.csv", 2)]
    assert finding.ask == ASKS[code]


# Succession: clear steps.


def test_a_clear_chain_is_registered_under_its_oldest_urn_and_converted_step_by_step(importer):
    result = importer(
        [
            closed(900001, opened="01-09-1970", name="Oak School"),
            closed(900002, type="28", trust="72", name="Oak Academy"),
            academy(900003, name="Tide Oak Academy", number="4001"),
        ],
        succession(900001, 900002, "31-08-2012", "01-09-2012") + succession(900002, 900003),
    )
    (school,) = of(result, SchoolRegistered)
    assert (school.school, school.name, school.establishment_type) == (
        "school:900001",
        "Oak School",
        "01",
    )
    assert (school.responsible_body, school.opened_on) == ("body:northwick", date(1970, 9, 1))
    first, second = of(result, SchoolConverted)
    assert (first.old_urn, first.new_urn) == ("urn:900001", "urn:900002")
    assert (first.former_body, first.responsible_body) == ("body:northwick", "body:reef-trust")
    assert second.model_dump(mode="json", exclude={"source"}, exclude_defaults=True) == {
        "school": "school:900001",
        "old_urn": "urn:900002",
        "old_urn_closes_on": "2021-08-31",
        "new_urn": "urn:900003",
        "new_urn_opens_on": "2021-09-01",
        "effective_on": "2021-09-01",
        "name": "Tide Oak Academy",
        "establishment_type": "34",
        "former_body": "body:reef-trust",
        "responsible_body": "body:tide-trust",
        "identifiers": {"laestab": "999/4001"},
    }
    assert (second.source.file, second.source.row) == ("l.csv", 5)
    assert result.findings == ()


def test_what_no_row_tells_of_a_former_establishment_is_left_out(importer):
    result = importer([academy(900002)], succession(900001, 900002))
    (school,) = of(result, SchoolRegistered)
    assert (school.school, school.name) == ("school:900001", "School 900001")
    assert school.establishment_type is school.responsible_body is school.opened_on is None
    assert (school.source.file, school.source.row) == ("l.csv", 3)
    assert of(result, SchoolConverted)[0].former_body is None


def test_changes_come_in_the_order_of_their_days(importer):
    links = succession(900001, 900002, "31-08-2023", "01-09-2023") + succession(900003, 900004)
    result = importer([academy(900002), academy(900004)], links)
    assert [c.new_urn for c in of(result, SchoolConverted)] == ["urn:900004", "urn:900002"]


@pytest.mark.parametrize(
    ("closes", "opens", "own", "expected"),
    [
        (AUG, SEP, {}, ("2021-08-31", "2021-09-01")),
        ("31-07-2021", SEP, {}, ("2021-07-31", "2021-09-01")),
        (SEP, AUG, {}, ("2021-08-31", "2021-09-01")),
        (SEP, SEP, {}, ("2021-09-01", "2021-09-01")),
        (AUG, AUG, {"opened": SEP}, ("2021-08-31", "2021-08-31")),
        (AUG, AUG, {"opened": SEP, "closed": AUG}, ("2021-08-31", "2021-09-01")),
        ("15-09-2021", "15-09-2021", {"opened": SEP, "closed": AUG}, ("2021-08-31", "2021-09-01")),
        (SEP, SEP, {"opened": SEP, "closed": "01-01-1999"}, ("2021-09-01", "2021-09-01")),
        ("", SEP, {"closed": AUG}, ("2021-08-31", "2021-09-01")),
        (AUG, "", {"opened": SEP}, ("2021-08-31", "2021-09-01")),
        ("", "", {"closed": AUG, "opened": SEP}, ("2021-08-31", "2021-09-01")),
        ("", SEP, {}, "dates-missing"),
        (AUG, "", {}, "dates-missing"),
        ("", "", {}, "dates-missing"),
        (AUG, "31-08-2022", {}, "dates-apart"),
        ("10-09-2021", SEP, {}, "dates-apart"),
        (AUG, "01-12-2021", {}, ("2021-08-31", "2021-12-01")),
        (AUG, "02-12-2021", {}, "dates-apart"),
    ],
)
def test_both_days_of_a_succession_are_kept_if_they_fit(importer, closes, opens, own, expected):
    schools = [
        closed(900001, closed=own.get("closed", "")),
        academy(900002, opened=own.get("opened", "")),
    ]
    result = importer(schools, succession(900001, 900002, closes, opens))
    if isinstance(expected, str):
        assert codes(result) == [(expected, "900002")]
        assert [e.school for e in of(result, SchoolRegistered)] == ["school:900002"]
        return
    (event,) = of(result, SchoolConverted)
    assert (event.old_urn_closes_on, event.new_urn_opens_on) == tuple(
        map(date.fromisoformat, expected)
    )
    assert event.effective_on == event.new_urn_opens_on


@pytest.mark.parametrize(
    "link_type",
    [
        "Sixth Form Centre Link",
        "Sixth Form Centre School",
        "Children's Centre Link",
        "Expansion",
        "Closure",
        "Other",
    ],
)
def test_links_that_are_no_succession_change_nothing(importer, link_type):
    links = [(900002, 900009, "X", link_type, SEP), (900009, 900002, "Y", link_type, SEP)]
    result = importer([academy(900002)], links + succession(900001, 900002))
    assert [e.school for e in of(result, SchoolRegistered)] == ["school:900001"]
    assert result.findings == ()


@pytest.mark.parametrize(
    ("forward", "backward"), [("2", "1"), ("SUCCESSOR", " predecessor "), ("Successor", "1")]
)
def test_link_types_are_read_by_name_in_any_case_and_by_code(importer, forward, backward):
    links = [(900001, 900002, "X", forward, AUG), (900002, 900001, "Y", backward, SEP)]
    assert len(of(importer([academy(900002)], links), SchoolConverted)) == 1


def test_links_of_a_type_not_known_are_told_once(importer):
    links = [(900001, 900002, "X", "Twinned", ""), (900002, 900001, "X", "Twinned", "")]
    result = importer([academy(900002)], links)
    assert [finding.sentence for finding in result.findings] == [
        "the links file has 2 links of a type not known here: twinned"
    ]


# Succession: doubts.


def both(old, new, kind):
    return [
        (old, new, f"School {new}", f"Successor - {kind}", AUG),
        (new, old, f"School {old}", f"Predecessor - {kind}", SEP),
    ]


CLEAR = succession(900005, 900006)


@pytest.mark.parametrize(
    ("links", "code", "rows"),
    [
        (CLEAR + succession(900004, 900006), "two-predecessors", [2, 3, 4, 5]),
        (CLEAR + both(900004, 900006, "merged"), "two-predecessors", [2, 3, 4, 5]),
        (CLEAR + succession(900005, 900007), "split", [2, 3, 4, 5]),
        (both(900005, 900006, "Split School"), "split", [2, 3]),
        (both(900005, 900006, "merged"), "merged", [2, 3]),
        (both(900005, 900006, "amalgamated"), "merged", [2, 3]),
        (
            [
                (900005, 900006, "X", "Result of Amalgamation", AUG),
                (900006, 900005, "Y", "Result of Amalgamation", AUG),
            ],
            "merged",
            [2, 3],
        ),
        ([(900006, 900005, "X", "Merged - change in age range", "")], "merged", [2]),
        (CLEAR[:1], "no-reverse", [2]),
        (CLEAR[1:], "no-reverse", [2]),
        (
            [(900005, 900006, "X", "Successor - merged", AUG), CLEAR[1]],
            "contradictory-links",
            [2, 3],
        ),
        (
            [CLEAR[0], (900006, 900005, "X", "Successor", SEP)],
            "contradictory-links",
            [2],
        ),
        (CLEAR + succession(900006, 900005), "contradictory-links", [2, 3]),
        ([(900006, 900006, "X", "Predecessor", SEP)], "contradictory-links", [2]),
    ],
)
def test_an_unclear_succession_is_a_finding_and_the_school_begins_with_itself(
    importer, links, code, rows
):
    result = importer([closed(900004), closed(900005), academy(900006)], links)
    assert [e.school for e in of(result, SchoolRegistered)] == ["school:900006"]
    assert of(result, SchoolConverted) == []
    assert codes(result) == [(code, "900006")]
    (finding,) = result.findings
    assert [(where.file, where.row) for where in finding.rows] == [("l.csv", n) for n in rows]
    assert "SuccessionAttributed" in finding.ask


def test_a_predecessor_still_open_is_a_finding_and_both_are_registered(importer):
    result = importer([row(900001), academy(900002)], succession(900001, 900002))
    assert [e.school for e in of(result, SchoolRegistered)] == ["school:900001", "school:900002"]
    assert codes(result) == [("predecessor-open", "900002")]


@pytest.mark.parametrize(
    ("said", "days"),
    [
        (succession(900004, 900006), ("2021-08-31", "2021-09-01")),
        (succession(900004, 900006, SEP, AUG), ("2021-08-31", "2021-09-01")),
        (
            succession(900004, 900006, "", SEP) + both(900004, 900006, "merged"),
            ("2021-08-31", "2021-09-01"),
        ),
        (succession(900004, 900006, "", ""), (None, None)),
        (succession(900004, 900006, "01-01-2022", SEP), (None, None)),
    ],
    ids=["told", "a day the wrong way round", "by another link", "untold", "backwards"],
)
def test_what_may_settle_a_doubt_has_the_days_that_any_link_tells(importer, said, days):
    (finding,) = importer([academy(900006)], CLEAR + said).findings
    choice = next(one for one in finding.successions if one.former_urn == "900004")
    told = tuple(day and day.isoformat() for day in (choice.closes_on, choice.opens_on))
    assert told == days


def test_a_circle_of_links_makes_none_of_them_clear(importer):
    circle = [
        *succession(900001, 900002, "31-08-2001", "01-09-2001"),
        *succession(900002, 900003, "31-08-2002", "01-09-2002"),
        *succession(900003, 900001, "31-08-2003", "01-09-2003"),
    ]
    result = importer([closed(900001), closed(900002), academy(900003)], circle)
    assert [e.school for e in of(result, SchoolRegistered)] == ["school:900003"]
    assert codes(result) == [("cycle", "900003")]


def test_a_chain_clear_in_its_last_steps_begins_with_the_oldest_clear_urn(importer):
    links = [
        *succession(900001, 900003, "31-08-2001", "01-09-2001"),
        *succession(900002, 900003, "31-08-2001", "01-09-2001"),
        *succession(900003, 900004, "31-08-2011", "01-09-2011"),
        *succession(900004, 900005),
    ]
    result = importer([closed(900004, type="34"), academy(900005)], links)
    assert [e.school for e in of(result, SchoolRegistered)] == ["school:900003"]
    assert [e.new_urn for e in of(result, SchoolConverted)] == ["urn:900004", "urn:900005"]
    assert codes(result) == [("two-predecessors", "900003")]
    assert result.findings[0].sentence == (
        "900003 School 900003 follows several establishments:"
        " 900001 School 900001, 900002 School 900002"
    )


def test_a_chain_whose_days_run_backwards_begins_after_the_break(importer):
    links = succession(900001, 900002, "31-08-2022", "01-09-2022") + succession(900002, 900003)
    result = importer([closed(900002, type="34"), academy(900003)], links)
    assert [e.school for e in of(result, SchoolRegistered)] == ["school:900002"]
    assert codes(result) == [("dates-apart", "900002")]


def test_a_step_of_unknown_type_leaves_the_type_out(importer):
    links = succession(900001, 900002, "31-08-2012", "01-09-2012") + succession(900002, 900003)
    result = importer([academy(900003)], links)
    (school,) = of(result, SchoolRegistered)
    assert school.school == "school:900001"
    assert of(result, SchoolConverted)[0].establishment_type is None


def test_a_former_establishment_that_opened_after_it_closed_is_not_gone_on_from(importer):
    schools = [closed(900001, opened="01-09-2022"), academy(900002)]
    result = importer(schools, succession(900001, 900002))
    assert codes(result) == [("dates-apart", "900002")]


# Increments.


def test_the_same_files_again_add_nothing(importer):
    schools = [row(900001), academy(900003), closed(900004)]
    links = succession(900002, 900003)
    known = after(importer(schools, links))
    again = importer(schools, links, known=known)
    assert (again.events, again.findings) == ((), ())
    assert again.counts.unchanged == 2


def test_a_new_urn_of_a_known_line_converts_it(importer):
    known = after(importer([row(900001), row(900009)]))
    result = importer(
        [closed(900001), academy(900002), row(900009)], succession(900001, 900002), known=known
    )
    trust, event = result.events
    assert (trust.body, event.school) == ("body:tide-trust", "school:900001")
    assert (event.former_body, event.responsible_body) == ("body:northwick", "body:tide-trust")
    line = after(result, known).schools["school:900001"]
    assert [(u.urn, u.closes_on) for u in line.urns] == [
        ("urn:900001", date(2021, 8, 31)),
        ("urn:900002", None),
    ]


def test_a_known_line_catches_up_over_several_steps(importer):
    known = after(importer([row(900001)]))
    links = [
        *succession(900001, 900002, "31-08-2012", "01-09-2012"),
        *succession(900002, 900003),
    ]
    schools = [closed(900001), closed(900002, type="34"), academy(900003)]
    assert len(of(importer(schools, links, known=known), SchoolConverted)) == 2


def test_a_known_line_is_converted_over_a_step_of_unknown_type(importer):
    known = after(importer([row(900001)]))
    links = [
        *succession(900001, 900002, "31-08-2012", "01-09-2012"),
        *succession(900002, 900003),
    ]
    result = importer([closed(900001), academy(900003)], links, known=known)
    assert len(of(result, SchoolConverted)) == 2


def test_a_known_line_that_converted_and_then_closed_does_both(importer):
    known = after(importer([row(900001)]))
    schools = [closed(900001), closed(900002, type="34", closed="31-07-2023")]
    result = importer(schools, succession(900001, 900002), known=known)
    assert [type(event) for event in result.events] == [SchoolConverted, SchoolClosed]


@pytest.mark.parametrize(
    ("changed_on", "as_of", "expected"),
    [
        ("15-01-2024", None, "2024-01-15"),
        ("", date(2024, 3, 1), "2024-03-01"),
        ("15-01-2020", date(2024, 3, 1), "2024-03-01"),
        ("", None, None),
        ("15-01-2020", None, None),
    ],
)
def test_another_trust_changes_the_responsible_body_from_the_day_the_register_tells(
    importer, changed_on, as_of, expected
):
    links = succession(900001, 900002)
    known = after(importer([academy(900002)], links))
    moved = [academy(900002, trust="72", changed=changed_on)]
    result = importer(moved, links, known=known, as_of=as_of)
    if expected is None:
        assert (result.events, codes(result)) == ((), [("body-date-missing", "900002")])
        return
    trust, event = result.events
    assert trust.body == "body:reef-trust"
    assert event.model_dump(mode="json", exclude={"source"}, exclude_defaults=True) == {
        "school": "school:900001",
        "former_body": "body:tide-trust",
        "responsible_body": "body:reef-trust",
        "effective_on": expected,
    }
    again = importer(moved, links, known=after(result, known), as_of=as_of)
    assert (again.events, again.findings) == ((), ())


def test_an_academy_that_names_no_trust_any_more_is_a_finding(importer):
    known = after(importer([academy(900001)]))
    result = importer([academy(900001, trust="")], known=known)
    assert (result.events, codes(result)) == ((), [("body-not-stated", "900001")])


@pytest.mark.parametrize(
    ("cells", "links", "expected"),
    [
        ({"closed": "31-08-2022"}, [], ("2022-08-31", "not_stated")),
        ({"closed": "31-08-2022", "reason": "Closure"}, [], ("2022-08-31", "closed")),
        ({"closed": "31-08-2022", "reason": "Closure"}, None, ("2022-08-31", "closed")),
        (
            {"closed": "31-08-2022", "reason": "Result of Amalgamation/Merger"},
            [],
            ("2022-08-31", "amalgamated"),
        ),
        ({}, [], "close-date-missing"),
        ({"closed": "31-08-2022"}, None, "links-needed"),
        ({"closed": "31-08-2022", "reason": "Academy Converter"}, [], "successor-unclear"),
        ({"closed": "31-08-1969"}, [], "conversion-out-of-order"),
        ({"closed": "31-08-2022"}, succession(900001, 900002)[:1], "successor-unclear"),
        ({"closed": "31-08-2022"}, succession(900001, 900002), "successor-unclear"),
    ],
)
def test_a_known_school_closes_if_nothing_follows_it(importer, cells, links, expected):
    open_ = row(900001, opened="01-09-1970")
    known = after(importer([open_, row(900009)]))
    result = importer([closed(900001, **cells), row(900009)], links, known=known)
    if isinstance(expected, str):
        assert (result.events, codes(result)) == ((), [(expected, "900001")])
        return
    (event,) = result.events
    assert (event.effective_on.isoformat(), event.reason) == expected
    again = importer([closed(900001, **cells), row(900009)], links, known=after(result, known))
    assert (again.events, again.findings) == ((), ())


@pytest.mark.parametrize(
    ("cells", "code", "said"),
    [
        ({"name": "Elm School"}, "name-changed", "another name: Elm School, in the ledger School"),
        ({"type": "02"}, "type-changed", "another type: 02, in the ledger 01"),
        ({"phase": "4"}, "phase-changed", "another phase: secondary, in the ledger primary"),
        (
            {"easting": "412300", "northing": "564700"},
            "place-changed",
            "another place: easting 412300, northing 564700, in the ledger none",
        ),
    ],
)
def test_what_the_register_says_otherwise_since_no_day_that_is_told_is_a_finding(
    importer, cells, code, said
):
    known = after(importer([row(900001)]))
    result = importer([row(900001, **cells)], known=known)
    assert (result.events, codes(result)) == ((), [(code, "900001")])
    assert said in result.findings[0].sentence


@pytest.mark.parametrize(
    ("cells", "event", "member", "now"),
    [
        ({"name": "Elm School"}, PartyRenamed, "name", "Elm School"),
        ({"type": "02"}, SchoolChanged, "establishment_type", "02"),
        ({"phase": "4"}, SchoolChanged, "phase", "secondary"),
        (
            {"easting": "412300", "northing": "564700"},
            SchoolChanged,
            "place",
            Place(easting=412300, northing=564700),
        ),
    ],
)
def test_since_a_day_that_is_told_it_is_recorded_once(importer, cells, event, member, now):
    known = after(importer([row(900001)]))
    said = row(900001, changed="01-04-2023", **cells)
    result = importer([said], known=known)
    (change,) = result.events
    assert (type(change), getattr(change, member), result.findings) == (event, now, ())
    assert change.effective_on.isoformat() == "2023-04-01"
    again = importer([said], known=after(result, known))
    assert (again.events, again.findings) == ((), ())


@pytest.mark.parametrize(
    ("cells", "region", "place"),
    [
        ({}, None, None),
        ({"region": "Yorkshire and the Humber"}, "yorkshire-and-the-humber", None),
        ({"region": "Wales (pseudo)"}, None, None),
        ({"easting": "412300", "northing": "564700"}, None, (412300, 564700)),
        ({"easting": "412300"}, None, None),
        ({"easting": "0", "northing": "0"}, None, None),
        ({"easting": "4123000", "northing": "564700"}, None, None),
        ({"easting": "412300.5", "northing": "564700"}, None, None),
    ],
)
def test_region_and_place_are_told_as_the_file_has_them(importer, cells, region, place):
    result = importer([row(900001, **cells)])
    authority, school = result.events
    assert (authority.region, school.region) == (region, region)
    assert (tuple(dict(school.place).values()) if school.place else None) == place
    again = importer([row(900001, **cells)], known=after(result))
    assert (again.events, again.findings) == ((), ())


@pytest.mark.parametrize(
    ("code", "name"),
    [
        *(("A", "North East"), ("B", "North West"), ("D", "Yorkshire and the Humber")),
        *(("E", "East Midlands"), ("F", "West Midlands"), ("G", "East of England")),
        *(("H", "London"), ("J", "South East"), ("K", "South West"), ("W", "Wales (pseudo)")),
    ],
)
def test_the_code_of_a_region_and_its_name_are_one(importer, code, name):
    by_code, by_its_name = (importer([row(900001, region=told)]) for told in (code, name))
    regions = [of(result, SchoolRegistered)[0].region for result in (by_code, by_its_name)]
    assert regions == [by_name(name)] * 2


def test_a_school_that_was_another_is_registered_where_it_is_now(importer):
    now = academy(900002, region="London", easting="530000", northing="180000")
    result = importer([now], succession(900001, 900002))
    (school,) = of(result, SchoolRegistered)
    assert (school.urn, school.region, school.place.easting) == ("urn:900001", "london", 530000)
    assert importer([now], succession(900001, 900002), known=after(result)).events == ()


def test_another_authority_is_recorded_once_and_changes_who_is_responsible(importer):
    known = after(importer([row(900001)]))
    moved = row(900001, la="998", la_name="Eastmere", changed="01-04-2023")
    result = importer([moved], known=known)
    assert codes(result) == []
    recorded = [BodyRegistered, SchoolChanged, ResponsibleBodyChanged]
    assert [type(event) for event in result.events] == recorded
    assert result.events[1].la == "body:eastmere"
    again = importer([moved], known=after(result, known))
    assert (again.events, again.findings) == ((), ())


def test_what_left_the_register_is_a_finding_where_the_file_has_its_authority(importer):
    elsewhere = row(900003, la="998", la_name="Eastmere")
    known = after(importer([row(900001), row(900002), elsewhere]))
    result = importer([row(900001)], known=known)
    assert codes(result) == [("left-register", "900002")]
    assert result.findings[0].sentence == "900002 School 900002 is no longer in e.csv"


def test_a_line_closed_in_the_ledger_and_open_in_the_register_is_a_finding(importer):
    known = after(importer([row(900001)]))
    known = after(importer([closed(900001, closed=AUG)], known=known), known)
    result = importer([row(900001)], known=known)
    assert (result.events, codes(result)) == ((), [("reopened", "900001")])


def test_a_line_closed_in_the_ledger_that_goes_on_in_the_register_is_a_finding(importer):
    known = after(importer([row(900001)]))
    known = after(importer([closed(900001, closed=AUG)], known=known), known)
    schools, links = [closed(900001), academy(900002)], succession(900001, 900002)
    result = importer(schools, links, known=known)
    assert [e.school for e in of(result, SchoolRegistered)] == ["school:900002"]
    assert codes(result) == [("closed-line-continues", "900002")]


def test_an_old_urn_open_again_is_a_finding(importer):
    known = after(importer([academy(900002)], succession(900001, 900002)))
    links = succession(900001, 900002)
    result = importer([row(900001), academy(900002)], links, known=known)
    found = [("old-number-open", "900001"), ("links-changed", "900002")]
    assert (result.events, codes(result)[:2]) == ((), found)


def test_a_line_that_went_on_elsewhere_is_a_finding_and_the_other_is_registered(importer):
    known = after(importer([academy(900002)], succession(900001, 900002)))
    schools = [academy(900002), academy(900003)]
    result = importer(schools, succession(900001, 900003), known=known)
    assert [e.school for e in of(result, SchoolRegistered)] == ["school:900003"]
    assert codes(result) == [("link-withdrawn", "900002"), ("line-elsewhere", "900003")]


def test_a_conversion_before_the_present_urn_opened_is_a_finding(importer):
    known = after(importer([row(900001, opened="01-09-2022")]))
    schools, links = [closed(900001), academy(900002)], succession(900001, 900002)
    result = importer(schools, links, known=known)
    assert ("conversion-out-of-order", "900002") in codes(result)
    assert of(result, SchoolConverted) == []


def test_a_conversion_before_the_last_change_of_body_is_a_finding(importer):
    known = after(importer([academy(900001)]))
    moved = importer([academy(900001, trust="72", changed="01-10-2021")], known=known)
    known = after(moved, known)
    schools, links = [closed(900001, type="34"), academy(900002)], succession(900001, 900002)
    result = importer(schools, links, known=known)
    assert ("conversion-out-of-order", "900002") in codes(result)
    assert of(result, SchoolConverted) == []


def test_an_old_urn_that_stays_closed_is_nothing_new(importer):
    known = after(importer([academy(900002)], succession(900001, 900002)))
    links = succession(900001, 900002)
    result = importer([closed(900001), academy(900002)], links, known=known)
    assert (result.events, result.findings) == ((), ())


def test_a_branch_that_closed_too_leaves_a_line_that_went_on_elsewhere(importer):
    known = after(importer([academy(900002)], succession(900001, 900002)))
    schools = [academy(900002), closed(900003)]
    result = importer(schools, succession(900001, 900003), known=known)
    found = [("link-withdrawn", "900002"), ("line-elsewhere", "900003")]
    assert (result.events, codes(result)) == ((), found)


def test_a_trust_that_the_groups_file_lost_stays_and_a_known_authority_may_be_selected(importer):
    known = after(importer([academy(900001), row(900002, la="998", la_name="Eastmere")]))
    chosen = Selection(las=frozenset({"eastmere"}), trusts=frozenset({"tide-trust"}))
    result = importer([academy(900001)], groups=[], known=known, selection=chosen)
    assert (result.events, result.findings, result.counts.selected) == ((), (), 1)


def test_a_doubt_is_settled_once_a_person_says_that_both_are_one_line(importer):
    unclear = succession(900001, 900002)[:1]
    known = after(importer([academy(900002)], unclear)).after([settled(900002, 900001)])
    result = importer([academy(900002)], unclear, known=known)
    assert (result.events, result.findings) == ((), ())


# Selection.

CHOICE = [
    row(900001),
    academy(900002),
    row(900003, la="998", la_name="Eastmere, City of"),
    academy(900004, la="998", la_name="Eastmere, City of", trust="72"),
    closed(900005, la="998", la_name="Eastmere, City of"),
    academy(900006, trust="72"),
]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({}, "123456"),
        ({"las": {"999"}}, "126"),
        ({"las": {"northwick"}}, "126"),
        ({"las": {" NORTHWICK "}}, "126"),
        ({"las": {"Eastmere, City of"}}, "345"),
        ({"las": {"eastmere-city-of"}}, "345"),
        ({"las": {"body:eastmere-city-of"}}, "345"),
        ({"trusts": {"71"}}, "2"),
        ({"trusts": {"tr00072"}}, "46"),
        ({"trusts": {"reef-trust"}}, "46"),
        ({"urns": {"900001", "urn:900003"}}, "13"),
        ({"urns": {"900005"}}, "5"),
        ({"las": {"998"}, "urns": {"900001"}}, "1345"),
    ],
)
def test_a_selection_takes_what_any_of_its_names_means(importer, selection, expected):
    chosen = Selection(**{kind: frozenset(names) for kind, names in selection.items()})
    result = importer(CHOICE, succession(900005, 900006), selection=chosen)
    assert result.counts.selected == len(expected)
    current = {urn.replace("5", "6") for urn in expected}
    known = after(result)
    assert {line.urn[-1] for line in known.schools.values()} == current


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ({"las": {"north"}}, "no local authority 'north' .* Did you mean northwick?"),
        ({"las": {"wick"}}, "no local authority 'wick' .* Did you mean northwick?"),
        ({"las": {"Northwik"}}, "no local authority 'Northwik' .* Did you mean northwick?"),
        ({"trusts": {"land-trust"}}, "no trust 'land-trust'"),
        ({"urns": {"900999"}}, "no establishment with the URN '900999'"),
    ],
)
def test_a_selection_of_nothing_is_refused(importer, selection, said):
    chosen = Selection(**{kind: frozenset(names) for kind, names in selection.items()})
    with pytest.raises(NotFoundError, match=said):
        importer(CHOICE, selection=chosen)


def test_a_selected_line_that_left_the_register_is_a_finding(importer):
    known = after(importer([row(900001), row(900002)]))
    chosen = Selection(urns=frozenset({"900002"}))
    assert codes(importer([row(900001)], known=known, selection=chosen)) == [
        ("left-register", "900002")
    ]


def test_lines_that_are_not_selected_are_left_alone(importer):
    known = after(importer(CHOICE))
    chosen = Selection(las=frozenset({"999"}))
    schools = [*CHOICE[:2], row(900003, la="998", la_name="Eastmere, City of", name="X"), CHOICE[5]]
    assert codes(importer(schools, known=known, selection=chosen)) == []


def test_in_parts_or_at_once_comes_to_the_same(importer):
    links = succession(900005, 900006)
    whole = after(importer(CHOICE, links))
    known = Known()
    for las in ({"998"}, {"999"}):
        part = importer(CHOICE, links, known=known, selection=Selection(las=frozenset(las)))
        known = after(part, known)
    assert known == whole


def test_folding_passes_over_what_it_does_not_know(importer):
    result = importer([academy(900002)], succession(900001, 900002))
    assert Known().after(of(result, SchoolConverted)) == Known()
