"""The files as the Department for Education published them, where they are at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ledger.events.registers import BodyRegistered, SchoolConverted, SchoolRegistered
from ledger.imports.gias import Files, Known, Selection, plan
from ledger.regions import NAMES

DATA = Path(__file__).parents[3] / "../shared/data/gias"
FILES = Files(
    DATA / "edubasealldata_1924.csv",
    DATA / "links_edubasealldata20250422.csv",
    DATA / "allgroupsdata.csv",
)

pytestmark = pytest.mark.skipif(
    not FILES.establishments.exists(), reason=f"the published files are not at {DATA}"
)


@pytest.fixture(scope="module")
def first():
    return plan(FILES, Selection(), Known())


def test_the_first_import_registers_every_open_school(first):
    assert first.events_by_type == {
        "BodyRegistered": 882,
        "SchoolRegistered": 1888,
        "SchoolConverted": 1301,
    }
    assert (first.counts.establishments, first.counts.closed) == (1924, 34)


def test_every_school_and_authority_has_a_region_and_every_school_a_place(first):
    schools = [event for event in first.events if isinstance(event, SchoolRegistered)]
    assert all(school.region and school.place for school in schools)
    bodies = [event for event in first.events if isinstance(event, BodyRegistered)]
    regions = {body.body: body.region for body in bodies if body.kind == "local_authority"}
    assert {regions[school.la] == school.region for school in schools} == {True}
    assert set(regions.values()) == set(NAMES)


def test_what_is_not_clear_is_found(first):
    found = Counter(first.findings_by_code)
    assert found == {
        "two-predecessors": 251,
        "dates-missing": 105,
        "split": 19,
        "dates-apart": 13,
        "no-reverse": 13,
        "merged": 11,
    }
    assert max(Counter((f.code, f.urn) for f in first.findings).values()) == 1


def test_no_reference_is_given_twice(first):
    refs = Counter(
        event.body if isinstance(event, BodyRegistered) else event.school
        for event in first.events
        if isinstance(event, BodyRegistered | SchoolRegistered)
    )
    assert max(refs.values()) == 1


def test_every_body_comes_before_the_schools_that_name_it(first):
    known = set()
    for event in first.events:
        if isinstance(event, BodyRegistered):
            known.add(event.body)
            continue
        named = {getattr(event, "la", None), event.responsible_body} - {None}
        assert named <= known


def test_most_conversions_take_effect_on_the_day_after_the_old_urn_closed(first):
    gaps = Counter(
        (event.new_urn_opens_on - event.old_urn_closes_on).days
        for event in first.events
        if isinstance(event, SchoolConverted)
    )
    assert min(gaps) == 0
    assert gaps[0] + gaps[1] > 0.99 * gaps.total()


@pytest.mark.sweep
def test_the_same_files_again_add_nothing(first):
    again = plan(FILES, Selection(), Known().after(first.events))
    assert again.events == ()
    assert again.counts.unchanged == 1888
    assert set(again.findings) <= set(first.findings)


@pytest.mark.sweep
def test_one_authority_is_registered_as_within_the_whole(first):
    part = plan(FILES, Selection(las=frozenset({"Camden"})), Known())
    assert part.counts.selected == 6
    assert set(part.events) <= set(first.events)


def test_the_sample_in_the_full_layout_is_read():
    files = Files(DATA / "edubasealldata_sample_real_rows.csv", FILES.links, FILES.groups)
    result = plan(files, Selection(), Known())
    la, trust, school, converted = result.events
    assert (la.body, trust.identifiers.group_uid) == ("body:east-sussex", "5488")
    assert (school.urn, converted.new_urn) == ("urn:114533", "urn:143034")
    assert result.counts.closed == 2
