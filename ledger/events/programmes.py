"""Programmes of visits: schools visit one another, or are visited, without a partnership."""

from __future__ import annotations

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import Count, Day, PartyRef, ProgrammeRef, SchoolRef, Title


class VisitProgrammeOpened(Event):
    """A body or partnership asks schools to visit one another, or promises visits to each.

    Visits that it asks for are owed once a school joins; what it promises is owed at once.
    """

    creates = "programme"
    counts_from = "starts"
    sentence = (
        "{organiser} opened the programme {name}, {starts} to {ends}",
        ", visits by each school that joins: {visits_by_each}",
        ", visits to each school: {visits_to_each}",
        ".",
    )
    audience = "public"
    example = {
        "organiser": "body:northwick",
        "name": "Heads visit heads",
        "starts": "2024-09-09",
        "ends": "2025-07-22",
        "schools": ["school:900001", "school:900002", "school:900003"],
        "visits_by_each": 2,
        "distinct_hosts": True,
        "outside_group": 1,
        "counts_years": True,
    }

    organiser: PartyRef = Field(description="the body or partnership that opens it")
    name: Title
    starts: Day
    ends: Day = Field(description="last day, inclusive")
    schools: tuple[SchoolRef, ...] = Field(
        (), description="who may join, and whom visits are made to"
    )
    visits_by_each: Count | None = Field(
        None, description="visits that each school owes once it has joined"
    )
    visits_to_each: Count | None = Field(
        None, description="turned round: visits that the organiser owes each school"
    )
    distinct_hosts: bool | None = Field(
        None, description="whether only the first visit to each host counts"
    )
    outside_group: Count | None = Field(
        None,
        description="how many of them outside the visitor's own trust or federation",
    )
    counts_years: bool | None = Field(
        None, description="whether a visit under a partnership year counts for it too"
    )


class ProgrammeJoined(Event):
    """A school joins a programme of visits that names it, and owes its visits from then on."""

    sentence = "{school} joined the programme {programme.name} of {organiser} from {effective_on}."
    audience = "public"
    example = {
        "programme": examples.thing("programme"),
        "school": "school:900001",
        "organiser": "body:northwick",
        "effective_on": "2024-09-09",
    }

    programme: ProgrammeRef
    school: SchoolRef
    organiser: PartyRef = Field(description="to whom the visits are owed")
    effective_on: Day = Field(description="first day in the programme")


class ProgrammeLeft(Answer):
    """A school leaves a programme of visits, and owes those of the months that it served."""

    sentence = (
        "{school} leaves the programme {programme.name} of {organiser}, last day {effective_on}."
    )
    audience = "public"
    example = {
        "programme": examples.thing("programme"),
        "school": "school:900001",
        "organiser": "body:northwick",
        "effective_on": "2025-03-31",
        "obligations": [
            f"{examples.event_id('programme joined')}/outside_visit",
            f"{examples.event_id('programme joined')}/peer_visit",
        ],
    }

    programme: ProgrammeRef
    school: SchoolRef
    organiser: PartyRef
    effective_on: Day = Field(description="last day in the programme")
