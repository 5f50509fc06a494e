"""Every key that could ever sign for an office: whose, who enrolled it, who vouched, how long.

::

    for holder in key_holders(book.look, ["head@school:900001"]):
        print(holder.office, holder.person, holder.key, holder.standing)

So an operator who invents a head is seen. `key_holders` asks facts only, and so serves a ledger,
at any position, and a bundle alike; `keyholders` is the report of a ledger.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger.days import date_of
from ledger.decision_model.facts import Book, Look
from ledger.domain.registers import offices
from ledger.domain.registers.delegations import DELEGATED, delegations
from ledger.domain.registers.key_standing import KeyStanding
from ledger.domain.registers.tenures import Tenure
from ledger.format.entry import Entry, read_entry
from ledger.store.base import EntryStore
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import BASIS, EVENTS, LAST_POSITION, MARKS, SAID_BY, Column, hidden
from projections.reports.names import Names
from projections.reports.resting import Resting
from projections.tables.views import Moment

COLUMNS = (
    Column("person_name", "Who", "The person who holds or held the office."),
    Column("first", "From", "The first day in office.", "date"),
    Column("last", "To", "The last day in office; none while it lasts.", "date"),
    Column("key_start", "Key", "The beginning of the key's fingerprint.", "code"),
    Column("enrolled_by_name", "Enrolled by", "Who enrolled the key."),
    Column("key_vouched_by_name", "Key vouched by", "Who else says that the key is this person's."),
    Column("appointed_by_name", "Appointed by", "Who recorded the appointment."),
    Column(
        "appointment_vouched_by_name",
        "Appointment vouched by",
        "Who else says that the appointment was made.",
    ),
    Column("standing", "Standing", "Whether the key may sign in this office, or why not."),
    Column(
        "office", "Office by reference", "The office, as machines name it.", "code", shown=False
    ),
    Column("office_name", "Office by name", "The office in words.", shown=False),
    Column("person", "Person", "The person's reference.", "party", shown=False),
    *hidden(BASIS),
    Column("key", "Whole key", "The key's whole fingerprint.", "code", shown=False),
    Column(
        "enrolled_at", "Enrolled at", "When the key was enrolled, in UTC.", "moment", shown=False
    ),
    Column("retired_at", "Retired at", "When the key was retired, in UTC.", "moment", shown=False),
    Column(
        "compromised_since",
        "Compromised since",
        "The first moment from which it may have been in other hands.",
        "moment",
        shown=False,
    ),
    Column(
        "enrolled_by", "Enroller", "The reference of who enrolled the key.", "party", shown=False
    ),
    Column(
        "key_vouched_by",
        "Voucher of the key",
        "The reference of who vouched for the key.",
        "party",
        shown=False,
    ),
    Column(
        "appointed_by",
        "Appointer",
        "The reference of who recorded the appointment.",
        "party",
        shown=False,
    ),
    Column(
        "appointment_vouched_by",
        "Voucher of the appointment",
        "The reference of who vouched for the appointment.",
        "party",
        shown=False,
    ),
    Column("enrolment", "Enrolment", "The event that enrolled the key.", "event", shown=False),
    Column("appointment", "Appointment", "The event of the appointment.", "event", shown=False),
    *hidden(EVENTS, LAST_POSITION, SAID_BY, MARKS),
)

#: What the words for a key's standing mean; several may apply.
STANDINGS = {
    "vouched": "somebody else has vouched for both the key and the appointment.",
    "key unvouched": "nobody but who enrolled the key says that it is this person's.",
    "appointment unvouched": "nobody but who recorded the appointment says that it was made.",
    "waiting": "a lost key's replacement, which signs nothing until somebody else vouches.",
    "retiring": "one registrar says that it signs nothing more; it takes another, or its holder.",
    "retired": "signs nothing more; what it signed before stands.",
    "compromised": "signs nothing more; what it signed since is doubtful.",
    "no key": "holds the office, and has no key to sign with.",
}
_KEY_START = 18


class KeyHolder(NamedTuple):
    """A person's time in an office and one of their keys; an empty key where they have none.

    `first` and `last` are the days between which that key could sign for that office: both
    inclusive, `last` None while it goes on.
    """

    office: str
    person: str
    basis: str
    first: date
    last: date | None
    key: str
    enrolled_at: str
    enrolled_by: str
    key_vouched_by: str
    retired_at: str
    compromised_since: str
    appointed_by: str
    appointment_vouched_by: str
    standings: tuple[str, ...]
    enrolment: str
    appointment: str


def key_holders(look: Look, names: Iterable[str]) -> Iterator[KeyHolder]:
    """Go through the keys that could ever sign for each office, by tenure, in order.

    `look` answers facts as of whatever position is asked about.
    """
    for name in names:
        tenures = look(offices.office(name))
        delegates = [one.as_tenure(name, look) for one in look(delegations(name))]
        for tenure in (*tenures, *delegates):
            is_holder = tenure.basis != DELEGATED
            last = offices.last_day(name, tenure, tenures) if is_holder else tenure.last
            if last is not None and last < tenure.first:
                continue  # replaced from the very first day
            references = look(offices.keys(tenure.person))
            found = [_holder(look, name, tenure, last, each) for each in references]
            yield from [one for one in found if one is not None]
            if not references:
                yield _without_key(look, name, tenure, last)


def _holder(
    look: Look, name: str, tenure: Tenure, last: date | None, reference: str
) -> KeyHolder | None:
    """Return a key in a tenure; None where the key had ended before the tenure began."""
    standing = look(offices.key(reference))
    if standing is None:
        return None
    first = max(tenure.first, date_of(standing.enrolled_at))
    retired_at = offices.retired_at(look, standing)
    until = date_of(retired_at) if retired_at else None
    if until is not None and until < tenure.first:
        return None
    ends = [day for day in (last, until) if day is not None]
    return KeyHolder(
        name,
        tenure.person,
        tenure.basis,
        first,
        min(ends, default=None),
        reference,
        standing.enrolled_at,
        standing.enrolled_by,
        standing.vouched_by,
        retired_at or "",
        offices.compromised_since(look, standing) or "",
        tenure.signed.person if tenure.signed else "",
        tenure.vouched_by,
        tuple(_standings(look, tenure, reference, standing)),
        standing.enrolment,
        tenure.appointment,
    )


def _without_key(look: Look, name: str, tenure: Tenure, last: date | None) -> KeyHolder:
    appointed_by = tenure.signed.person if tenure.signed else ""
    standings = [] if offices.is_vouched_in_office(look, tenure) else ["appointment unvouched"]
    return KeyHolder(
        *(name, tenure.person, tenure.basis, tenure.first, last),
        *("", "", "", "", "", ""),
        *(appointed_by, tenure.vouched_by, ("no key", *standings), "", tenure.appointment),
    )


def _standings(look: Look, tenure: Tenure, reference: str, standing: KeyStanding) -> Iterator[str]:
    key, post = offices.is_vouched(look, reference), offices.is_vouched_in_office(look, tenure)
    if key and post:
        yield "vouched"
    if not key:
        yield "key unvouched"
    if not post:
        yield "appointment unvouched"
    if offices.waits_for_another(look, reference, standing):
        yield "waiting"
    if offices.retired_at(look, standing) is not None:
        yield "retired"
    elif standing.retirements:
        yield "retiring"
    if offices.compromised_since(look, standing) is not None:
        yield "compromised"


# -- the report ----------------------------------------------------------------------------------


def look_at(store: EntryStore, position: int) -> Look:
    """Return what answers facts as the ledger knew them at a position."""

    def read(tag: str, types: Sequence[str], before: int | None) -> Iterable[Entry[Any]]:
        return [read_entry(*row) for row in store.by_tag(tag, types, before=before)]

    return Book(read, position).look


def offices_at(connection: sqlite3.Connection, at: Moment, about: str | None = None) -> list[str]:
    """Return every office that anybody was ever appointed to, of a party or person if one is given.

    `about` is an office, or the reference of a party or person.
    """
    sql = """
        SELECT DISTINCT office FROM tenures WHERE position <= :known
        AND (:about IS NULL OR office = :about OR person = :about
             OR substr(office, instr(office, '@') + 1) = :about)
        ORDER BY office
    """
    rows = connection.execute(sql, {"known": at.known_at, "about": about})
    return [row[0] for row in rows]


def keyholders(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, about: str | None = None
) -> Report:
    """Return every key that could ever sign for each office, of a party or person if one is given.

    Keys of others who held a person's offices are left out where a person is asked about.
    """
    found = key_holders(look_at(store, at.known_at), offices_at(connection, at, about))
    of_person = about is not None and about.startswith("person:")
    holders = [one for one in found if not of_person or one.person == about]
    naming = _Naming(connection, store, at)
    resting = Resting(connection, at, (event for one in holders for event in _cited(one)))
    rows = [naming.row(one) | resting.of(_cited(one)) for one in holders]
    used = {standing for one in holders for standing in one.standings}
    asked = "" if about is None else naming.called(about)
    return Report(
        name="keys",
        title="Keys that could ever sign for each office",
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("Nobody was appointed to any office by then.", asked),
        group="office_name",
        notes=[f"{name}: {STANDINGS[name]}" for name in STANDINGS if name in used],
        asked=asked,
    )


def _cited(one: KeyHolder) -> set[str]:
    return {event for event in (one.enrolment, one.appointment) if event}


class _Naming:
    """Puts names in the place of references."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        store: EntryStore,
        at: Moment,
    ) -> None:
        self._names = Names(connection, store, at)

    def called(self, about: str) -> str:
        """Say in words whose keys were asked for."""
        return self._names.office(about) if "@" in about else self._names.party(about)

    def row(self, one: KeyHolder) -> dict[str, Any]:
        return {
            "office": one.office,
            "office_name": self._names.office(one.office),
            "person": one.person,
            "person_name": self._names.person(one.person),
            "basis": one.basis,
            "first": one.first.isoformat(),
            "last": one.last.isoformat() if one.last else None,
            "key": one.key or None,
            "key_start": one.key.removeprefix("key:")[:_KEY_START] or None,
            "enrolled_at": one.enrolled_at or None,
            "retired_at": one.retired_at or None,
            "compromised_since": one.compromised_since or None,
            "standing": ", ".join(one.standings),
            "enrolment": one.enrolment or None,
            "appointment": one.appointment,
            **self._who("enrolled_by", one.enrolled_by),
            **self._who("key_vouched_by", one.key_vouched_by),
            **self._who("appointed_by", one.appointed_by),
            **self._who("appointment_vouched_by", one.appointment_vouched_by),
        }

    def _who(self, column: str, person: str) -> dict[str, str | None]:
        if not person:
            return {column: None, f"{column}_name": None}
        return {column: person, f"{column}_name": self._names.person(person)}
