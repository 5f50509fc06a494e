"""Everything about one event: what it says, its signature, what it changed, what refers to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ledger.decision_model.created import FOR_OFFICE
from ledger.domain.decide import judge_authority
from ledger.domain.registers import offices
from ledger.errors import LedgerError, NotFoundError
from ledger.format import sshsig
from ledger.format.entry import Entry, parse_entry, parse_signature, read_entry
from ledger.format.statement import NAMESPACE
from projections.details import course
from projections.details.base import Page, Reading, Section, owed
from projections.reports.changes import COLUMNS as CHANGED
from projections.reports.changes import changes
from projections.reports.columns import EVENT, OCCURRED_ON, POSITION, SUMMARY, TYPE, hidden
from projections.reports.marks import NOTES, late, why_irregular
from projections.reports.names import erasures
from projections.reports.owes import COLUMNS as OWED
from projections.reports.owes import Asked
from projections.reports.part import AGREED, unsaid, untold_of
from projections.tables.views import rows_of


def event_page(reading: Reading, event: str) -> Page:
    """Return an event: its statement, signature, what it changed, and what refers to it."""
    row = _entry_row(reading, event)
    data = next(data for _, data in reading.store.entries(row["position"] - 1, 1))
    entry = read_entry(row["position"], data)
    rows = changes(reading.connection, entry.position, reading.at)
    nothing = unsaid(reading.connection, reading.names) or "Nothing that is owed."
    return Page(
        "event",
        f"{entry.name} {entry.id}",
        reading.heading,
        (
            Section("event", "Event", _event_facts(reading, entry, row)),
            Section("says", "What it says", _said(reading, entry)),
            *course.section(reading, entry),
            Section("signature", "Signature", _signature(reading, entry, data)),
            Section("changes", "What it changed", None, CHANGED, rows, nothing),
            *_opened(reading, entry.id, rows),
            *_untold(reading, entry, rows),
            _referring(reading, entry.id),
            *_signed_under(reading, entry),
        ),
    )


def _entry_row(reading: Reading, event: str) -> dict[str, Any]:
    rows = rows_of(
        reading.connection,
        "SELECT *, (SELECT by_event FROM withdrawals w WHERE w.event = e.event"
        " AND w.position <= ?2) AS withdrawn_by FROM entries e"
        " WHERE event = ?1 AND position <= ?2",
        event,
        reading.at.known_at,
    )
    if not rows:
        raise NotFoundError(
            f"the event {event} was not recorded by then",
            got=f"known at position {reading.at.known_at}",
            todo="Ask as known at a later position.",
        )
    return rows[0]


def _event_facts(reading: Reading, entry: Entry[Any], row: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "summary": reading.names.sentence(row["summary"]),
        "id": entry.id,
        "type": entry.type,
        "position": entry.position,
        "occurred_on": entry.occurredon,
        "signed_at": entry.time,
        "recorded_at": entry.recorded_at,
        "signed_by": reading.called(entry.signedby),
        "office": entry.office,
        **_delegated(reading, row),
        **_recorded_for(reading, entry),
        "seen": entry.seen,
    }
    found = [f"{mark}: {NOTES[mark]}" for mark in reading.marks([row]).of(row)]
    marks: dict[str, Any] = {"marks": " ".join(found)} if found else {}
    days = late(reading.connection, [entry.id])
    marks |= {"days_late": days[entry.id]} if days else {}
    reasons = why_irregular(reading.connection, entry.id)
    marks |= {"irregular": "; ".join(map(reading.names.told, reasons))} if reasons else {}
    return facts | ({"withdrawn_by": row["withdrawn_by"]} if row["withdrawn_by"] else {}) | marks


def _delegated(reading: Reading, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the delegation by which its signer signed in an office of somebody else, if by one."""
    sql = "SELECT event, office FROM entries WHERE event = ? AND type = ?"
    found = rows_of(reading.connection, sql, row["appointment"], _DELEGATED)
    if not found:
        return {}
    return {"delegate_of": reading.names.office(found[0]["office"]), "by": found[0]["event"]}


def _recorded_for(reading: Reading, entry: Entry[Any]) -> dict[str, Any]:
    """Return the office for which an event was recorded, and what that office said of it."""
    office = entry.data.get(FOR_OFFICE)
    if office is None:
        return {}
    sql = "SELECT how, by_event FROM answered WHERE event = ? AND position <= ?"
    rows = rows_of(reading.connection, sql, entry.id, reading.at.known_at)
    return {"recorded_for": reading.names.office(office)} | {
        f"{row['how']}_by": row["by_event"] for row in rows
    }


_DELEGATED = "AuthorityDelegated"
_AUTHORITIES = {
    "data_subject": "at the wish of the person concerned",
    "controller": "by decision of whoever answers for the data",
    "court": "by order of a court",
    "retention_schedule": "by the retention schedule",
}


def _said(reading: Reading, entry: Entry[Any]) -> dict[str, Any]:
    """Return the members of the statement's data, sealed ones by their text if it is there."""
    kept = reading.store.vault.get(entry.id)
    texts = {pointer: text for pointer, (_, text) in kept.items()}
    erased = erasures(reading.connection, entry.id)
    texts.update((pointer, _erased(row)) for pointer, row in erased.items())
    return dict(_flat(entry.data, "", "/data", texts))


def _erased(row: dict[str, Any]) -> str:
    authority = _AUTHORITIES.get(row["authority"], row["authority"])
    reason = str(row["reason"]).replace("_", " ")
    return f"(erased on {row['erased_on']} {authority}, {reason}: event {row['by_event']})"


def _flat(
    value: Any, name: str, pointer: str, texts: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and "sealed" in value:
        yield name, texts.get(pointer, "(sealed text that is not kept here)")
    elif isinstance(value, dict):
        for member, item in value.items():
            yield from _flat(item, f"{name}.{member}".lstrip("."), f"{pointer}/{member}", texts)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for number, item in enumerate(value):
            yield from _flat(item, f"{name}.{number + 1}", f"{pointer}/{number}", texts)
    else:
        yield name, value


def _signature(reading: Reading, entry: Entry[Any], data: bytes) -> dict[str, Any]:
    """Verify the signature anew, and judge the signer's authority as it was then."""
    parts = parse_entry(data)
    try:
        blob = parse_signature(parts.signature)
        public = sshsig.verify_blob(parts.statement.raw, blob, NAMESPACE)
    except LedgerError as error:
        return {"result": f"does not hold: {error}"}
    key = f"key:{public.fingerprint}"
    faults = judge_authority(entry, reading.look(entry.position - 1))
    return {
        "result": "holds",
        "key": key,
        "authority": "; ".join(faults) or "held at the time",
        "vouched": offices.is_vouched(reading.look(), key),
    }


def _opened(reading: Reading, event: str, rows: Sequence[dict[str, Any]]) -> Iterator[Section]:
    """Return what is left of the obligations that the event opened, if it opened any."""
    debtors = {row["debtor"] for row in rows if row["obligation"].startswith(event)}
    found = [
        row
        for debtor in sorted(debtors)
        for row in owed(reading, Asked(by=debtor, settled=True))
        if row["opened_by"] == event
    ]
    if found:
        yield Section("opened", "What is left of what it opened", None, OWED, found)


def _untold(
    reading: Reading, entry: Entry[Any], rows: Sequence[dict[str, Any]]
) -> Iterator[Section]:
    """Return what a part does not tell of what it changed; where it tells nothing, that is said."""
    untold = untold_of(reading.connection, reading.names, entry.id, entry.name)
    if untold and (rows or entry.name == AGREED):
        yield Section("untold", "Not told", untold)


def _referring(reading: Reading, event: str) -> Section:
    rows = rows_of(
        reading.connection,
        """
        SELECT e.occurred_on, e.type, e.event, e.position, e.summary
        FROM mentions m JOIN entries e ON e.position = m.position
        WHERE m.party = ?1 AND m.position <= ?2 AND e.event <> ?3
        ORDER BY e.position
        """,
        f"event:{event}",
        reading.at.known_at,
        event,
    )
    for row in rows:
        row["summary"] = reading.names.sentence(row["summary"])
    return Section("referring", "What refers to it", None, _REFERRING, rows, "Nothing so far.")


def _signed_under(reading: Reading, entry: Entry[Any]) -> Iterator[Section]:
    """Return, of a delegation, what its delegate signed by it."""
    if entry.name != _DELEGATED:
        return
    sql = """
        SELECT occurred_on, type, event, position, summary FROM entries
        WHERE appointment = ? AND position <= ? AND position > ? AND signed_by = ? ORDER BY position
    """
    delegate = entry.data["person"]
    asked = (entry.id, reading.at.known_at, entry.position, delegate)
    rows = rows_of(reading.connection, sql, *asked)
    for row in rows:
        row["summary"] = reading.names.sentence(row["summary"])
    yield Section("signed", "What was signed under it", None, _REFERRING, rows, "Nothing so far.")


_REFERRING = (
    OCCURRED_ON,
    SUMMARY,
    replace(EVENT, title="Event"),
    *hidden(TYPE, POSITION),
)
