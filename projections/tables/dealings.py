"""The fold behind reports of what passed between parties: judgements, memberships, support.

A row stands from its first day on, until its event is withdrawn; what follows from several of
them, as who belongs where on a day, is judged when somebody asks. The rules hold what is recorded
to make sense, but whoever runs a ledger can append past them: nothing here relies on it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ledger.domain.registers import schools
from ledger.events.another import RecordDisowned
from ledger.events.brokerage import (
    CapacityDeclared,
    OfferClosed,
    SupportAgreed,
    SupportEnded,
    SupportOffered,
    SupportVariationAccepted,
)
from ledger.events.correction import EventWithdrawn
from ledger.events.judgements import (
    FrameworkAdopted,
    JudgementChallenged,
    JudgementMade,
    JudgementModerated,
    MeasurePublished,
)
from ledger.events.money import FundingCommitted
from ledger.events.needs import (
    DecisionRecorded,
    NeedClosed,
    NeedIdentified,
)
from ledger.events.partnership import (
    AdmissionRefused,
    ContingencyAccepted,
    GroundRulesAgreed,
    JointPublicationAgreed,
    MemberExcluded,
    MembershipDeclined,
    MembershipLeft,
    PartnershipDissolved,
    PartnershipFormed,
    PartnershipYearOpened,
    SchoolAdmitted,
)
from ledger.events.registers import BodySucceeded, SchoolClosed, SchoolsMerged, SuccessionAttributed
from ledger.events.visits import VisitAttested, VisitDisputeMaintained, VisitMade
from ledger.format.entry import Entry
from ledger.values import event_id
from ledger.withdrawals import taken_back
from projections.tables.fold import Projection, Tables
from projections.tables.layouts import DEALINGS

CHALLENGED = "challenged"
"""What is found of a judgement or visit before anybody has moderated it."""
_HUNDRED = 100
_EVER = date.min.isoformat()
_LAST_DAY = date.max.isoformat()


def _apply(entry: Entry[Any], tables: Tables) -> None:
    record = _RECORDS.get(entry.name)
    if record is not None:
        record(entry, tables)
    if entry.name in _SIDES:
        _passed(entry, tables)


def _insert(entry: Entry[Any], tables: Tables, table: str, first: str, *values: Any) -> None:
    marks = ", ".join("?" * (3 + len(values)))
    row = (entry.position, entry.id, first, *values)
    tables.insert(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608 - a name of our own


#: The events by which something passes between two parties, each with the members that name them.
_SIDES = {
    SupportOffered.__name__: ("provider", "receiver"),
    SupportAgreed.__name__: ("provider", "receiver"),
    VisitMade.__name__: ("visitor", "host"),
    VisitAttested.__name__: ("visitor", "host"),
    JudgementMade.__name__: ("judge", "about"),
    FundingCommitted.__name__: ("commissioner", "payee"),
}


def _passed(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    one, other = _SIDES[entry.name]
    needless = entry.name == SupportAgreed.__name__ and "trigger" not in said
    row = (entry.id, entry.occurredon, said[one], said[other])
    tables.insert(
        "INSERT OR IGNORE INTO passed VALUES (?, ?, ?, ?, ?, ?)",
        (*row, bool(said.get("related_party")), needless),
    )


def _day_after(day: str) -> str:
    if day == _LAST_DAY:
        return day
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _adopted(entry: Entry[FrameworkAdopted], tables: Tables) -> None:
    rows = [
        (f"framework:{entry.id}", area["area"], grade, place, _meets(area, grade))
        for area in entry.data["areas"]
        for place, grade in enumerate(area["grades"], start=1)
    ]
    tables.insert_all("INSERT OR IGNORE INTO scales VALUES (?, ?, ?, ?, ?)", rows)


def _meets(area: dict[str, Any], grade: str) -> bool | None:
    """Return whether a grade meets the framework's own standard; None where it does not say."""
    return grade in area["meets"] if "meets" in area else None


def _judged(entry: Entry[JudgementMade], tables: Tables) -> None:
    said = entry.data
    sides = said["judge"], said["about"]
    ground = said["framework"], said["basis"], said["inspected_on"], said.get("urn")
    # It is known from its publication, in whatever order several are recorded.
    since = said.get("published_on", entry.occurredon)
    for grade in said["grades"]:
        given = said.get("category", "none"), grade["area"], grade["grade"]
        _insert(entry, tables, "grades", since, *sides, *ground, *given)


def _challenged(entry: Entry[JudgementChallenged], tables: Tables) -> None:
    _found(entry, tables, entry.data["judgement"], CHALLENGED, None, None)


def _maintained(entry: Entry[VisitDisputeMaintained], tables: Tables) -> None:
    _found(entry, tables, entry.data["visit"], CHALLENGED, None, None)


def _moderated(entry: Entry[JudgementModerated], tables: Tables) -> None:
    said = entry.data
    about = said.get("judgement") or said.get("visit") or ""
    nothing: dict[str, Any] = {}
    for grade in said.get("grades") or (nothing,):
        _found(entry, tables, about, said["finding"], grade.get("area"), grade.get("grade"))
    _confirmed(entry, tables)


def _found(entry: Entry[Any], tables: Tables, about: str, *found: str | None) -> None:
    _insert(entry, tables, "moderations", entry.occurredon, event_id(about), *found)


def _measured(entry: Entry[MeasurePublished], tables: Tables) -> None:
    said = entry.data
    what = (said[name] for name in ("about", "measure", "basis", "period_from", "period_to"))
    figure = said["value"], said.get("lower"), said.get("upper"), said.get("cohort")
    _insert(entry, tables, "figures", entry.occurredon, *what, *figure)


def _consented(entry: Entry[JointPublicationAgreed], tables: Tables) -> None:
    said = entry.data
    for measure in said["measures"]:
        sides = said["school"], said["partnership"]
        _insert(entry, tables, "consents", said["effective_on"], *sides, measure)


def _admitted(entry: Entry[SchoolAdmitted], tables: Tables) -> None:
    said = entry.data
    sides = said["school"], said["partnership"]
    _insert(entry, tables, "admissions", said["effective_on"], *sides)


def _declined(entry: Entry[MembershipDeclined], tables: Tables) -> None:
    said = entry.data
    last = said.get("leaves_on")
    if last is None:
        return
    _ends(entry, tables, said["school"], last, "declined")


def _ends(entry: Entry[Any], tables: Tables, school: str, last: str, why: str) -> None:
    partnership = entry.data["partnership"]
    _insert(entry, tables, "departures", _day_after(last), school, partnership, last, why)


def _left(entry: Entry[MembershipLeft], tables: Tables) -> None:
    _ends(entry, tables, entry.data["school"], entry.data["effective_on"], "left")


def _excluded(entry: Entry[MemberExcluded], tables: Tables) -> None:
    _ends(entry, tables, entry.data["school"], entry.data["effective_on"], "excluded")


def _dissolved(entry: Entry[PartnershipDissolved], tables: Tables) -> None:
    said = entry.data
    last = said["effective_on"]
    for school in said.get("schools", ()):
        _ends(entry, tables, school, last, "dissolved")
    _end_line(entry, tables, said["partnership"], last)


def _refused(entry: Entry[AdmissionRefused], tables: Tables) -> None:
    said = entry.data
    _insert(entry, tables, "refusals", entry.occurredon, said["school"], said["partnership"])


def _formed(entry: Entry[PartnershipFormed], tables: Tables) -> None:
    _rules(entry, tables, entry.occurredon, 1)


def _rules_agreed(entry: Entry[GroundRulesAgreed], tables: Tables) -> None:
    _rules(entry, tables, entry.data["effective_on"], entry.data["version"])


def _rules(entry: Entry[Any], tables: Tables, first: str, version: int) -> None:
    named = entry.data["ground_rules"]["contingency"]
    parties = entry.data["partnership"], version, named["on_closure"], named["on_dissolution"]
    _insert(entry, tables, "contingencies", first, *parties)


def _stands_in(entry: Entry[ContingencyAccepted], tables: Tables) -> None:
    said = entry.data
    agreed = said["partnership"], said["version"], said["party"]
    _insert(entry, tables, "stand_ins", entry.occurredon, *agreed)


def _year_opened(entry: Entry[PartnershipYearOpened], tables: Tables) -> None:
    said = entry.data
    year = said["partnership"], said["name"], said["starts"], said["ends"]
    _insert(entry, tables, "years", entry.occurredon, *year)


def _needed(entry: Entry[NeedIdentified], tables: Tables) -> None:
    said = entry.data
    _insert(entry, tables, "needs", entry.occurredon, said["school"], said["area"])


def _need_closed(entry: Entry[NeedClosed], tables: Tables) -> None:
    said = entry.data
    _insert(
        entry, tables, "closed_needs", entry.occurredon, event_id(said["need"]), said["outcome"]
    )


def _decided(entry: Entry[DecisionRecorded], tables: Tables) -> None:
    said = entry.data
    if "trigger" not in said:
        return
    about = event_id(said["trigger"]), said["school"], said["decision"]
    _insert(entry, tables, "decisions", entry.occurredon, said["decider"], *about)


def _offered(entry: Entry[SupportOffered], tables: Tables) -> None:
    said = entry.data
    offer = said["provider"], said["receiver"], said["valid_until"]
    _insert(entry, tables, "offers", entry.occurredon, *offer)


def _agreed(entry: Entry[SupportAgreed], tables: Tables) -> None:
    said = entry.data
    agreement = said["provider"], said["receiver"], event_id(said["offer"]), said["ends"]
    _insert(entry, tables, "agreements", entry.occurredon, *agreement)
    if "replaces" in said:
        _goes_on(entry, tables, event_id(said["replaces"]), over="replaced")


def _goes_on(entry: Entry[Any], tables: Tables, agreement: str, **said: Any) -> None:
    """Note what becomes of an agreement, from a day on."""
    course = (said.get(name) for name in ("ends", "paused_until", "over"))
    first = entry.data.get("effective_on", entry.occurredon)
    _insert(entry, tables, "courses", first, agreement, *course)


def _varied(entry: Entry[SupportVariationAccepted], tables: Tables) -> None:
    said = entry.data
    if said.get("takes_effect"):
        terms = {name: said.get(name) for name in ("ends", "paused_until")}
        _goes_on(entry, tables, event_id(said["agreement"]), **terms)


def _ended(entry: Entry[SupportEnded], tables: Tables) -> None:
    _goes_on(entry, tables, event_id(entry.data["agreement"]), over=entry.data["how"])


def _offer_closed(entry: Entry[OfferClosed], tables: Tables) -> None:
    offer, how = event_id(entry.data["offer"]), entry.data["how"]
    _insert(entry, tables, "closings", entry.occurredon, offer, how)


def _declared(entry: Entry[CapacityDeclared], tables: Tables) -> None:
    said = entry.data
    span = said["provider"], said["starts"], said["ends"], int(Decimal(said["days"]) * _HUNDRED)
    replaces = event_id(said["replaces"]) if "replaces" in said else None
    _insert(entry, tables, "capacities", entry.occurredon, *span, replaces)


def _confirmed(entry: Entry[VisitAttested | JudgementModerated], tables: Tables) -> None:
    said = entry.data
    days = int(Decimal(said.get("days", 0)) * _HUNDRED)
    if not days:
        return
    visit = event_id(said["visit"]), said["visitor"], said["host"], said.get("under"), days
    _insert(entry, tables, "confirmed", said["visited_on"], *visit)


def _closed(entry: Entry[SchoolClosed], tables: Tables) -> None:
    school, last = entry.data["school"], entry.data["effective_on"]
    _end_line(entry, tables, school, last)


def _gone_on(entry: Entry[SuccessionAttributed], tables: Tables) -> None:
    said = entry.data
    former = said.get("predecessor", "")
    line = tables.look(schools.school(former)) if former else None
    if line is None or not line.ends_with(said["former_urn"]):
        return
    last = (line.closed_on or entry.event.former_urn_closes_on).isoformat()
    after = said["school"], said["effective_on"], "source" in said
    _end_line(entry, tables, former, last, *after)
    _carry(entry, tables)


def _along(party: str, since: str) -> tuple[str, str, bool]:
    """Return that a party goes on from one that ended, and all that this owed goes along."""
    return party, since, True


#: Who goes on from a party that ended, from when on, and whether what it owes went along.
_NOBODY = (None, None, False)


def _end_line(
    entry: Entry[Any], tables: Tables, party: str, last: str, *after: str | bool | None
) -> None:
    """Note the last day of a party, and what comes after."""
    _insert(entry, tables, "closures", _day_after(last), party, last, *(after or _NOBODY))


def _merged(entry: Entry[SchoolsMerged], tables: Tables) -> None:
    said, school = entry.data, entry.data["school"]
    first = said["effective_on"]
    for one in said["predecessors"]:
        if one != school:
            _end_line(entry, tables, one, _day_before(first), *_along(school, first))
    _carry(entry, tables)


def _carry(entry: Entry[Any], tables: Tables) -> None:
    """Note the memberships that end with a school, and begin with the one that goes on."""
    school, first = entry.data["school"], entry.data["effective_on"]
    for carried in entry.data.get("memberships", ()):
        sides = carried["school"], carried["partnership"]
        _insert(entry, tables, "departures", first, *sides, _day_before(first), "merged")
        _insert(entry, tables, "admissions", first, school, carried["partnership"])


def _succeeded(entry: Entry[BodySucceeded], tables: Tables) -> None:
    said = entry.data
    successors, first = said.get("successors", ()), said["effective_on"]
    after = _along(successors[0], first) if len(successors) == 1 else ()
    _end_line(entry, tables, said["body"], _day_before(first), *after)


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _withdrawn(entry: Entry[EventWithdrawn], tables: Tables) -> None:
    said = entry.data
    row = (entry.position, event_id(said["event"]), said["effective_on"])
    tables.insert("INSERT INTO disregarded VALUES (?, ?, ?)", row)


def _disowned(entry: Entry[RecordDisowned], tables: Tables) -> None:
    events = taken_back(entry.name, entry.data)
    rows = [(entry.position, event, _EVER) for event in events]
    tables.insert_all("INSERT INTO disregarded VALUES (?, ?, ?)", rows)


_RECORDS: dict[str, Callable[[Entry[Any], Tables], None]] = {
    FrameworkAdopted.__name__: _adopted,
    JudgementMade.__name__: _judged,
    MeasurePublished.__name__: _measured,
    JointPublicationAgreed.__name__: _consented,
    SchoolAdmitted.__name__: _admitted,
    MembershipDeclined.__name__: _declined,
    MembershipLeft.__name__: _left,
    MemberExcluded.__name__: _excluded,
    AdmissionRefused.__name__: _refused,
    PartnershipDissolved.__name__: _dissolved,
    GroundRulesAgreed.__name__: _rules_agreed,
    ContingencyAccepted.__name__: _stands_in,
    PartnershipFormed.__name__: _formed,
    PartnershipYearOpened.__name__: _year_opened,
    NeedIdentified.__name__: _needed,
    NeedClosed.__name__: _need_closed,
    DecisionRecorded.__name__: _decided,
    SupportOffered.__name__: _offered,
    SupportAgreed.__name__: _agreed,
    SupportVariationAccepted.__name__: _varied,
    SupportEnded.__name__: _ended,
    OfferClosed.__name__: _offer_closed,
    CapacityDeclared.__name__: _declared,
    VisitAttested.__name__: _confirmed,
    JudgementChallenged.__name__: _challenged,
    VisitDisputeMaintained.__name__: _maintained,
    JudgementModerated.__name__: _moderated,
    SchoolClosed.__name__: _closed,
    SuccessionAttributed.__name__: _gone_on,
    SchoolsMerged.__name__: _merged,
    BodySucceeded.__name__: _succeeded,
    EventWithdrawn.__name__: _withdrawn,
    RecordDisowned.__name__: _disowned,
}

PROJECTION = Projection(DEALINGS, (schools.SCHOOL,), _apply)
