"""What the ledger should record and say is owed, told a second time from the design alone.

A model in memory, without signatures, storage, tags, facts or postings. What is owed under one
obligation is a list with an amount for each day; an event changes it from a day on, and what every
event took is kept, so that it can be given back. The model knows three schools, their heads, one
partnership and its year; offers, agreements and visits; departures and handovers; leaving the
partnership, and its end.

Its hosts confirm visits in full. Days are numbered from the first of March 2026. Amounts are in
halves, so that all are whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

FIRST = date(2026, 3, 1)
DAYS = 400
COUNCIL = "body:northwick"
ESTUARY = "partnership:estuary"
ALLOWED = {
    None: {"attestation": 28, "impact": 28, "ratification": 28, "handover": 28, "response": 28},
    ESTUARY: {"attestation": 7, "impact": 21, "ratification": 30, "handover": 35, "response": 14},
}
VISITS_A_YEAR = 2
GRACE = 60
WITHDRAWING = 90
NOTICE = 60
LASTING = ("substantive", "executive")
COUNTS = 90


def day_of(number: int) -> date:
    """Return the date of a numbered day."""
    return FIRST + timedelta(days=number)


def months(first: date, last: date) -> int:
    """Return the months from a first to a last day, a begun one whole."""
    return (last.year - first.year) * 12 + last.month - first.month + (last.day >= first.day)


class Owed(NamedTuple):
    """One line of an answer: who owes what to whom, how much, in what, by when."""

    obligation: str
    debtor: str
    creditor: str
    halves: int
    unit: str
    due: str
    overdue: bool


class Year(NamedTuple):
    """The partnership's year: the day that it was opened on, its first and its last.

    `formed` is the event that formed the partnership on that day.
    """

    id: str
    day: int
    starts: int
    ends: int
    formed: str


@dataclass
class Gift:
    """What an event gave towards an obligation: when, to which host, and what it took each day."""

    day: int
    amount: int
    host: str | None = None
    taken: list[int] = field(default_factory=lambda: [0] * DAYS)


@dataclass
class Obligation:
    """What one party owes another, day by day; `opener` is the event that opened it."""

    opener: str
    debtor: str
    creditor: str
    unit: str
    due: int
    first: int
    owed: list[int]
    gifts: dict[str, Gift] = field(default_factory=dict)
    gone: int = DAYS
    #: From which day on who owes it has left, whatever may still be answered until then.
    out: int = DAYS
    #: When it fell due otherwise: from which position and day on, and by when since.
    put: list[tuple[int, int, int]] = field(default_factory=list)

    def shown(self) -> list[int]:
        """Return what is owed on each day, who leaves left out from then on."""
        return [*self.owed[: self.out], *[0] * (DAYS - self.out)]

    def due_on(self, position: int, as_of: int) -> int:
        """Return by when it is due, as known at a position, as of a day."""
        counts = [one for one in self.put if one[0] <= position and one[1] <= as_of]
        told = [(since, at, due) for at, since, due in counts]
        return max(told)[-1] if told else self.due

    def give(self, event: str, day: int, amount: int, host: str | None = None) -> None:
        """Take up to an amount off what is owed from a day on; more waits for what comes later."""
        self.gifts[event] = Gift(max(day, self.first), amount, host)
        self._fill(self.gifts[event], self.first)

    def _fill(self, gift: Gift, since: int) -> None:
        rest = gift.amount - gift.taken[-1]
        for day in range(max(gift.day, since), DAYS):
            taken = min(rest, *self.owed[day:]) if rest else 0
            if taken <= 0 or (gift.host and self._counted(gift.host, day)):
                continue
            for later in range(day, DAYS):
                self.owed[later] -= taken
                gift.taken[later] += taken
            rest -= taken

    def _counted(self, host: str, day: int) -> bool:
        return any(max(gift.taken[day:]) for gift in self.gifts.values() if gift.host == host)

    def take_back(self, event: str, day: int) -> None:
        """Owe again, from a day on, what an event had given; what others gave fills it first."""
        gift = self.gifts[event]
        for later in range(day, self.gone):
            self.owed[later] += gift.taken[later]
            gift.taken[later] = 0
        gift.amount = 0
        for other in self.gifts.values():
            self._fill(other, day)

    def lower(self, day: int, amount: int) -> None:
        """Ask for less from a day on; what was given for more waits for what comes later."""
        first = max(day, self.first)
        short = amount - min(self.owed[first:])
        for gift in reversed(self.gifts.values()):
            taken = min(short, gift.taken[-1])
            if taken > 0:
                for later in range(first, DAYS):
                    back = min(taken, gift.taken[later])
                    gift.taken[later] -= back
                    self.owed[later] += back
                short -= taken
        for later in range(first, DAYS):
            self.owed[later] -= min(amount, self.owed[later])

    def void(self, event: str, day: int) -> None:
        """Owe nothing from a day on, as long as the event stands."""
        self.give(event, day, max(self.owed))
        self.gifts[event].amount = self.gifts[event].taken[-1]

    def never_was(self, day: int) -> None:
        """Owe nothing from a day on, for good: what opened it is withdrawn."""
        self.gone = max(day, self.first)
        self.owed[self.gone :] = [0] * (DAYS - self.gone)


@dataclass(frozen=True)
class Said:
    """An event as somebody says it: who, for which school if any, of which day, on which day."""

    name: str
    person: str
    school: str | None
    day: int
    today: int
    data: dict[str, Any]

    def __getitem__(self, member: str) -> Any:
        """Return what it says of itself."""
        return self.data[member]


@dataclass
class Happened:
    """An event that is recorded."""

    id: str
    said: Said
    withdrawn: bool = False

    @property
    def data(self) -> dict[str, Any]:
        return self.said.data


@dataclass
class Tenure:
    """A person's time as a school's head."""

    person: str
    basis: str
    first: int
    last: int | None = None
    notified: bool = False


@dataclass
class Handover:
    """The latest handover of a school's head: whether it counted, and waits for a successor."""

    id: str
    outgoing: str
    signed_by: str
    day: int
    counted: bool
    awaited: bool


class Model:
    """What is recorded, and what follows. `rule` tells of each event when it is refused."""

    def __init__(self, heads: dict[str, str], members: tuple[str, ...], year: Year) -> None:
        self.tenures = {
            school: [Tenure(person, "substantive", 0)] for school, person in heads.items()
        }
        self.members = members
        self.year = year
        #: The last day of each school that leaves the partnership, and the partnership's own.
        self.left: dict[str, int] = {}
        self.dissolved: int | None = None
        self.lowered = dict.fromkeys(members, 0)
        self.events: dict[str, Happened] = {}
        self.obligations: dict[str, Obligation] = {}
        self.handovers: dict[str, Handover] = {}
        #: What each attestation owed claims done: of which obligation, at which host, how much.
        self.claims: dict[str, tuple[str, str, int]] = {}
        #: Each obligation's days as they stood after the positions at which they changed.
        self._known: dict[str, list[tuple[int, list[int]]]] = {}
        answer = f"{year.formed}/contingency_answer/{COUNCIL}"
        due = year.day + ALLOWED[ESTUARY]["response"]
        self._open(answer, COUNCIL, ESTUARY, max(year.day, 0), due)
        for school in members:
            first, due, halves = max(year.starts, 0), year.ends, 2 * VISITS_A_YEAR
            self._open(
                f"{year.id}/peer_visit/{school}", school, ESTUARY, first, due, halves, "visit"
            )
            due = year.ends + ALLOWED[ESTUARY]["impact"]
            self._open(f"{year.id}/impact_account/{school}", school, ESTUARY, max(year.day, 0), due)
        self._note(0)

    # -- asking ----------------------------------------------------------------------------

    def owes(self, position: int, as_of: int) -> set[Owed]:
        """Return what is owed on a day, as known at a position."""
        found = set()
        for name, versions in self._known.items():
            known = [days for at, days in versions if at <= position]
            if known and known[-1][as_of]:
                one = self.obligations[name]
                due_on = one.due_on(position, as_of)
                halves, due = known[-1][as_of], day_of(due_on).isoformat()
                late = due_on < as_of and halves > self._claimed(name, position, as_of)
                found.add(Owed(name, one.debtor, one.creditor, halves, one.unit, due, late))
        return found

    def _claimed(self, name: str, position: int, as_of: int) -> int:
        """Return how much of it is claimed done, and not answered yet; of a year once a host."""
        claimed: dict[str, int] = {}
        for answer, (of, host, halves) in self.claims.items():
            known = [days for at, days in self._known[answer] if at <= position]
            if of == name and known and known[-1][as_of]:
                per = host if "/peer_visit/" in name else answer
                claimed[per] = max(halves, claimed.get(per, 0))
        return sum(claimed.values())

    def _note(self, position: int) -> None:
        for name, obligation in self.obligations.items():
            versions = self._known.setdefault(name, [])
            if not versions or versions[-1][1] != obligation.shown():
                versions.append((position, obligation.shown()))

    def belongs(self, school: str, day: int) -> bool:
        """Tell whether a school belongs to the partnership on a day."""
        return school in self.members and day <= self.left.get(school, DAYS)

    def asked(self, school: str) -> int:
        """Return the visits that a school owes in the year by the whole months that it belongs."""
        if school not in self.members:
            return 0
        starts, ends = day_of(self.year.starts), day_of(self.year.ends)
        last = min(ends, day_of(self.left.get(school, self.year.ends)))
        if last < starts:
            return 0
        return -(-VISITS_A_YEAR * max(1, months(starts, last)) // months(starts, ends))

    def head(self, school: str, day: int) -> Tenure | None:
        """Return who is a school's head on a day: who began last, if that has not ended."""
        begun = [tenure for tenure in self.tenures[school] if tenure.first <= day]
        latest = max(begun, key=lambda tenure: tenure.first, default=None)
        if latest is None or (latest.last is not None and latest.last < day):
            return None
        return latest

    def standing(self, *names: str) -> list[Happened]:
        """Return the events of these names that are not withdrawn."""
        return [e for e in self.events.values() if e.said.name in names and not e.withdrawn]

    def about(self, member: str, event: str) -> list[Happened]:
        """Return the events that name one in a member and are not withdrawn."""
        return [e for e in self.events.values() if e.data.get(member) == event and not e.withdrawn]

    def _steps(self, visit: str) -> list[Happened]:
        """Return the visit, and what was answered and corrected since, as far as it stands."""
        return [self.events[visit], *self.about("visit", visit)]

    def figures(self, visit: str) -> Happened:
        """Return what last said how long a visit was."""
        claims = ("VisitMade", "VisitCorrected")
        return [step for step in self._steps(visit) if step.said.name in claims][-1]

    def dispute(self, visit: str) -> Happened | None:
        """Return the dispute of a visit that waits for an answer."""
        last = self._steps(visit)[-1]
        return last if last.said.name == "VisitDisputed" else None

    def answered(self, visit: str) -> bool:
        """Tell whether the host has answered the figures that stand."""
        return self._steps(visit)[-1].said.name in {"VisitAttested", "VisitDisputed"}

    def _waiting(self, school: str, kind: str, of: str | None = None) -> list[Obligation]:
        """Return what is open; `of` a person, what the departure of that person asks for."""
        return [
            one
            for name, one in self.obligations.items()
            if name.split("/")[1] == kind
            and one.debtor == school
            and one.owed[-1]
            and of in {None, self._who_leaves(one.opener)}
        ]

    def _waiting_by(self, said: Said, kind: str) -> list[Obligation]:
        """Return what is open as something is said: what opens on a day ahead is not."""
        return [one for one in self._waiting(said.school or "", kind) if one.first <= said.today]

    def _answers_nothing(self, said: Said, kind: str) -> bool:
        """Tell whether nothing waits that an event answers, or happened before it was asked for."""
        openers = [self.events[one.opener].said for one in self._waiting_by(said, kind)]
        asked = [min(asks.data.get("first", asks.day), asks.day) for asks in openers]
        by_others = all(asks.school != said.school for asks in openers)
        return not openers or (by_others and said.day < min(asked))

    def _who_leaves(self, event: str) -> str | None:
        data = self.events[event].data if event in self.events else {}
        return data.get("holder") or data.get("succeeds") or data.get("person")

    # -- refusing --------------------------------------------------------------------------

    def refuses(self, said: Said) -> bool:
        """Tell whether an event is not to be recorded."""
        if said.school and not self._may_sign(said):
            return True
        return _REFUSES[said.name](self, said)

    def _may_sign(self, said: Said) -> bool:
        head = self.head(said.school, said.today)
        if head is not None and head.person == said.person:
            return True
        left = [last for last in self._last_days(said.school, said.person) if last < said.today]
        if said.name == "EventWithdrawn":
            return bool(left) and self.events[said["event"]].said.person == said.person
        return said.name == "HandoverGiven" and any(said.today <= last + GRACE for last in left)

    def _last_days(self, school: str, person: str) -> list[int]:
        """Return the last days of a person's times as head: as ended, or before the next began."""
        found = []
        for tenure in self.tenures[school]:
            lasts = [
                later.first - 1 for later in self.tenures[school] if later.first > tenure.first
            ]
            lasts += [] if tenure.last is None else [tenure.last]
            if tenure.person == person and lasts:
                found.append(min(lasts))
        return found

    def _before(self, said: Said, event: str) -> bool:
        """Tell whether something is not there any more, or not yet on the day that it names."""
        named = self.events[event]
        return named.withdrawn or said.day < named.said.day

    def _refuses_support_offered(self, said: Said) -> bool:
        return said["receiver"] == said.school or not said["days"] or said["valid"] < said.day

    def _refuses_support_agreed(self, said: Said) -> bool:
        offered = self.events[said["offer"]].said
        return (
            self._before(said, said["offer"])
            or bool(self.about("offer", said["offer"]))
            or said.school != offered.data["receiver"]
            or said.person == offered.person
            or said.day > offered.data["valid"]
            or not 0 < said["days"] <= offered.data["days"]
            or said["ends"] < said["starts"]
        )

    def _refuses_visit_made(self, said: Said) -> bool:
        if said["host"] == said.school or not said["days"]:
            return True
        if said["under"] is None:
            return False
        if said["under"] == self.year.id:
            inside = self.year.starts <= said.day <= self.year.ends
            own = inside and self.belongs(said.school, said.day)
            return said.day < min(self.year.day, self.year.starts) or not (
                own or self._owes_visits(said.school)
            )
        agreed = self.events[said["under"]].said
        offered = self.events[agreed.data["offer"]].said
        return (
            self.events[said["under"]].withdrawn
            or (said.school, said["host"]) != (offered.school, agreed.school)
            or said.day < agreed.data["starts"]
        )

    def _owes_visits(self, school: str) -> bool:
        """Tell whether a school, though it left, has hosts of the year to visit still."""
        confirmed = (self.events[one.data["visit"]] for one in self.standing("VisitAttested"))
        of_year = [v for v in confirmed if v.data["under"] == self.year.id]
        hosts = {visit.data["host"] for visit in of_year if visit.said.school == school}
        return len(hosts) < self.asked(school)

    def _refuses_answer(self, said: Said, visit: str, days: int) -> bool:
        return (
            self._before(said, visit)
            or said.day < self.figures(visit).said.day
            or said.school != self.events[visit].data["host"]
            or self.answered(visit)
            or days > self.figures(visit).data["days"]
            or said.person in {one.said.person for one in (self.events[visit], self.figures(visit))}
        )

    def _refuses_visit_attested(self, said: Said) -> bool:
        return self._refuses_answer(said, said["visit"], said["days"]) or not said["days"]

    def _refuses_visit_disputed(self, said: Said) -> bool:
        return self._refuses_answer(said, said["visit"], said["days"])

    def _refuses_visit_corrected(self, said: Said) -> bool:
        stands = self.dispute(said["visit"])
        attested = any(step.said.name == "VisitAttested" for step in self._steps(said["visit"]))
        return (
            self._before(said, said["visit"])
            or said.school != self.events[said["visit"]].said.school
            or attested
            or said["dispute"] != (stands and stands.id)
            or (stands is not None and said.day < stands.said.day)
            or not said["days"]
        )

    def _refuses_event_withdrawn(self, said: Said) -> bool:
        own = self.events[said["event"]]
        return (
            own.withdrawn
            or own.said.school != said.school
            or not own.said.day <= said["since"] <= said.day
            or (said.today - own.said.today > WITHDRAWING and said.person != own.said.person)
            or bool(self._relying(own))
        )

    def _relying(self, own: Happened) -> list[Happened]:
        """Return what stands and rests on an event; a dispute rests on no visit."""
        name = own.said.name
        if name == "SupportOffered":
            return self.about("offer", own.id)
        if name == "SupportAgreed":
            return self.about("under", own.id)
        if name == "VisitMade":
            return [e for e in self.about("visit", own.id) if e.said.name != "VisitDisputed"]
        steps = self._steps(own.data["visit"])
        later = steps[steps.index(own) + 1 :]
        if name == "VisitDisputed":
            return [e for e in later if e.data.get("dispute") == own.id]
        return later

    def _refuses_appointed(self, said: Said) -> bool:
        holder = self.head(said["office"], said["first"])
        if holder is None:
            return False
        return holder.person == said["person"] or holder.person != said["succeeds"]

    def _refuses_appointment_ended(self, said: Said) -> bool:
        own = self._to_end(said)
        return not own or said["last"] < own[-1].first or said["last"] == own[-1].last

    def _to_end(self, said: Said) -> list[Tenure]:
        """Return what an end ends: what is open still, or the latest, whose end was wrong."""
        own = [t for t in self.tenures[said["office"]] if t.person == said["person"]]
        return [t for t in own if t.last is None] or own[-1:]

    def _refuses_departure_notified(self, said: Said) -> bool:
        then = self.head(said.school, said["last"])
        others = said["holder"] != said.person
        return others or then is None or then.person != said["holder"] or then.notified

    def _refuses_handover_given(self, said: Said) -> bool:
        lasts = self._last_days(said.school, said["outgoing"])
        holder = self.head(said.school, said.day)
        held = holder is not None and holder.person == said["outgoing"]
        lately = any(last < said.day <= last + GRACE for last in lasts)
        waits = self._waiting(said.school, "handover", of=said["outgoing"])
        return said["outgoing"] != said.person or not (held or lately or waits)

    def _refuses_handover_accepted(self, said: Said) -> bool:
        given = self.events[said["handover"]]
        return (
            self._before(said, said["handover"])
            or given.said.school != said.school
            or said.person in {given.said.person, given.data["outgoing"]}
            or self.handovers[said.school].id != said["handover"]
            or self._answers_nothing(said, "handover_acceptance")
        )

    def _refuses_membership_ratified(self, said: Said) -> bool:
        head = self.head(said.school, said.today)
        lasting = head is not None and head.basis in LASTING
        return not lasting or self._answers_nothing(said, "ratification")

    def _refuses_membership_left(self, said: Said) -> bool:
        head = self.head(said.school, said.today)
        goes_on = said.school in self.members and said.school not in self.left
        acting = head is None or head.basis == "acting"
        return acting or not goes_on or said["last"] < said.day + NOTICE

    def _refuses_partnership_dissolved(self, _said: Said) -> bool:
        return self.dissolved is not None

    # -- recording -------------------------------------------------------------------------

    def records(self, event: str, position: int, said: Said) -> None:
        """Take an event that is recorded into account."""
        self.events[event] = Happened(event, said)
        self._position = position
        if said.name in _RECORDS:
            _RECORDS[said.name](self, event, said)
        self._note(position)

    def _open(  # noqa: PLR0913, PLR0917 - these are what an obligation is
        self,
        name: str,
        debtor: str,
        creditor: str,
        first: int,
        due: int,
        halves: int = 2,
        unit: str = "item",
    ) -> None:
        owed = [0] * first + [halves] * (DAYS - first)
        opener = name.partition("/")[0]
        self.obligations[name] = Obligation(opener, debtor, creditor, unit, due, first, owed)

    def _allowed(self, name: str, under: str | None) -> int:
        return ALLOWED[ESTUARY if under in {self.year.id, ESTUARY} else None][name]

    def _records_support_agreed(self, event: str, said: Said) -> None:
        provider = self.events[said["offer"]].said.school
        self._open(
            f"{event}/support", provider, said.school, said.day, said["ends"], said["days"], "day"
        )
        due = said["ends"] + self._allowed("impact", None)
        for debtor, other in ((provider, said.school), (said.school, provider)):
            creditor = said["commissioner"] or other
            self._open(f"{event}/impact_account/{debtor}", debtor, creditor, said.day, due)
        ends, asks = day_of(said["ends"]), said["commissioner"] or provider
        due = (ends.replace(year=ends.year + 1) - FIRST).days
        self._open(f"{event}/followup_account", said.school, asks, said["ends"], due)
        if said["commissioner"]:
            due = max(said.day, said.today) + self._allowed("response", None)
            self._open(f"{event}/plan", said.school, said["commissioner"], said.day, due)

    def _claims(self, event: str, said: Said, visit: Happened) -> None:
        under = visit.data["under"]
        if under is not None:
            due = max(said.day, said.today) + self._allowed("attestation", under)
            visitor, host = visit.said.school, visit.data["host"]
            self._open(f"{event}/attestation", host, visitor, said.day, due)
            is_year = under == self.year.id
            of = f"{under}/peer_visit/{visitor}" if is_year else f"{under}/support"
            halves = 2 if is_year else said["days"]
            self.claims[f"{event}/attestation"] = (of, host, halves)

    def _records_visit_made(self, event: str, said: Said) -> None:
        self._claims(event, said, self.events[event])

    def _answers(self, event: str, said: Said, visit: str) -> None:
        name = f"{self._claimed_before(event, visit)}/attestation"
        if name in self.obligations:
            self.obligations[name].give(event, said.day, 2)

    def _claimed_before(self, event: str, visit: str) -> str:
        claims = ("VisitMade", "VisitCorrected")
        steps = [step.id for step in self._steps(visit) if step.said.name in claims]
        return [step for step in steps if step != event][-1]

    def _records_visit_attested(self, event: str, said: Said) -> None:
        made = self.events[said["visit"]]
        under, visitor, host = made.data["under"], made.said.school, said.school
        self._answers(event, said, said["visit"])
        if under == self.year.id:
            owed = self.obligations[f"{under}/peer_visit/{visitor}"]
            owed.give(event, made.said.day, 2, host)
        elif under is not None:
            self.obligations[f"{under}/support"].give(event, made.said.day, said["days"])

    def _records_visit_disputed(self, event: str, said: Said) -> None:
        made = self.events[said["visit"]]
        self._answers(event, said, said["visit"])
        due = max(said.day, said.today) + self._allowed("attestation", made.data["under"])
        self._open(f"{event}/dispute_answer", made.said.school, said.school, said.day, due)

    def _records_visit_corrected(self, event: str, said: Said) -> None:
        if said["dispute"] is not None:
            self.obligations[said["dispute"] + "/dispute_answer"].give(event, said.day, 2)
        else:
            name = self._claimed_before(event, said["visit"]) + "/attestation"
            if name in self.obligations:
                self.obligations[name].void(event, said.day)
        self._claims(event, said, self.events[said["visit"]])

    def _records_event_withdrawn(self, by: str, said: Said) -> None:
        event, since = said["event"], said["since"]
        disputed = [e for e in self.about("visit", event) if e.said.name == "VisitDisputed"]
        self.events[event].withdrawn = True
        for name, obligation in self.obligations.items():
            if name.startswith(f"{event}/"):
                obligation.never_was(since)
            elif event in obligation.gifts:
                obligation.take_back(event, since)
        for dispute in disputed:
            answer = self.obligations[f"{dispute.id}/dispute_answer"]
            answer.give(by, said.day, answer.owed[-1])

    def _creditors(self, school: str, day: int) -> list[str]:
        return [COUNCIL, ESTUARY] if self.belongs(school, day) else [COUNCIL]

    def _leaves(  # noqa: PLR0913, PLR0917 - who leaves which school when
        self, event: str, said: Said, school: str, person: str, last: int, due: dict[str, int]
    ) -> None:
        """Open the handovers that a departure leaves owed, if none was given shortly before."""
        given = self.handovers.get(school)
        before = (
            given is not None
            and not given.counted
            and given.outgoing == person
            and said.day - given.day <= COUNTS
        )
        for creditor in self._creditors(school, last):
            name = f"{event}/handover/{creditor}"
            self._open(name, school, creditor, said.day, due[creditor])
            if given is not None and before:
                self.obligations[name].give(event, said.day, 2)
                given.counted = True

    def _records_departure_notified(self, event: str, said: Said) -> None:
        then = self.head(said.school, said["last"])
        if then is not None:
            then.notified = True
        self._leaves(
            event,
            said,
            said.school,
            said["holder"],
            said["last"],
            dict.fromkeys((COUNCIL, ESTUARY), said["last"]),
        )

    def _records_appointment_ended(self, event: str, said: Said) -> None:
        own = self._to_end(said)
        for tenure in own:
            tenure.last = said["last"]
        notified = own[-1].notified
        own[-1].notified = True
        if not notified:
            since = max(said["last"], said.today)
            due = {party: since + self._allowed("handover", party) for party in (COUNCIL, ESTUARY)}
            self._leaves(event, said, said["office"], said["person"], said["last"], due)

    def _successor(self, school: str) -> Tenure | None:
        """Return who was last appointed as more than an acting head, unless that has ended."""
        own = [t for t in self.tenures[school] if t.basis != "acting"]
        return own[-1] if own and own[-1].last is None else None

    def _await_acceptance(self, event: str, said: Said, school: str, first: int) -> None:
        for creditor in self._creditors(school, first):
            due = max(first, said.today) + self._allowed("handover", creditor)
            self._open(f"{event}/handover_acceptance/{creditor}", school, creditor, first, due)

    def _records_handover_given(self, event: str, said: Said) -> None:
        waiting = self._waiting(said.school, "handover", of=said["outgoing"])
        for one in waiting:
            one.give(event, said.day, 2)
        for one in self._waiting(said.school, "handover_acceptance"):
            one.void(event, said.day)
        successor = self._successor(said.school)
        came = successor is not None and successor.person != said["outgoing"]
        if successor is not None and came:
            self._await_acceptance(event, said, said.school, max(said.day, successor.first))
        self.handovers[said.school] = Handover(
            event, said["outgoing"], said.person, said.day, bool(waiting), came
        )

    def _succeeds(self, event: str, said: Said) -> None:
        """Let whoever is succeeded hand over, unless it was said before that they leave."""
        own = [t for t in self.tenures[said["office"]] if t.person == said["succeeds"]]
        if own and not own[-1].notified:
            own[-1].notified = True
            since = max(said["first"], said.today)
            due = {party: since + self._allowed("handover", party) for party in (COUNCIL, ESTUARY)}
            self._leaves(event, said, said["office"], said["succeeds"], said["first"], due)

    def _records_appointed(self, event: str, said: Said) -> None:
        self._succeeds(event, said)
        self.tenures[said["office"]].append(Tenure(said["person"], said["basis"], said["first"]))
        if said["basis"] == "acting":
            return
        if self.belongs(said["office"], said["first"]) and said["basis"] in LASTING:
            for one in self._waiting(said["office"], "ratification"):
                one.void(event, said["first"])
            due = max(said["first"], said.today) + self._allowed("ratification", ESTUARY)
            name = f"{event}/ratification/{ESTUARY}"
            self._open(name, said["office"], ESTUARY, said["first"], due)
            self.obligations[name].out = self.left.get(said["office"], DAYS)
        given = self.handovers.get(said["office"])
        if given is not None and not given.awaited and given.outgoing != said["person"]:
            given.awaited = True
            self._await_acceptance(event, said, said["office"], said["first"])

    def _records_handover_accepted(self, event: str, said: Said) -> None:
        for one in self._waiting_by(said, "handover_acceptance"):
            one.give(event, said.day, 2)

    def _ends_membership(self, said: Said, school: str, last: int) -> None:
        """Let a school owe the visits of the months served, and account for them soon."""
        self.left[school] = last
        for name, one in self.obligations.items():
            if name.split("/")[1] == "ratification" and one.debtor == school and one.first <= last:
                one.out = min(one.out, last)
        if last >= self.year.ends:
            return
        visits = self.obligations[f"{self.year.id}/peer_visit/{school}"]
        less = 2 * (VISITS_A_YEAR - self.asked(school)) - self.lowered[school]
        if less > 0:
            visits.lower(last, less)
            self.lowered[school] += less
        account = self.obligations[f"{self.year.id}/impact_account/{school}"]
        due = max(last, said.today) + self._allowed("impact", ESTUARY)
        if due < account.due_on(self._position, DAYS):
            account.put.append((self._position, max(said.day, account.first), due))

    def _records_membership_left(self, _event: str, said: Said) -> None:
        self._ends_membership(said, said.school or "", said["last"])

    def _records_partnership_dissolved(self, event: str, said: Said) -> None:
        self.dissolved = said["last"]
        for school in self.members:
            if self.left.get(school, DAYS) > said["last"]:
                self._ends_membership(said, school, said["last"])
        gone = {"ratification", "handover", "handover_acceptance"}
        for name, one in self.obligations.items():
            if name.split("/")[1] in gone and one.creditor == ESTUARY and one.owed[-1]:
                one.void(event, said["last"])

    def _records_membership_ratified(self, event: str, said: Said) -> None:
        for one in self._waiting_by(said, "ratification"):
            one.give(event, said.day, 2)


_REFUSES: dict[str, Callable[[Model, Said], bool]] = {
    "SupportOffered": Model._refuses_support_offered,
    "SupportAgreed": Model._refuses_support_agreed,
    "VisitMade": Model._refuses_visit_made,
    "VisitAttested": Model._refuses_visit_attested,
    "VisitDisputed": Model._refuses_visit_disputed,
    "VisitCorrected": Model._refuses_visit_corrected,
    "EventWithdrawn": Model._refuses_event_withdrawn,
    "Appointed": Model._refuses_appointed,
    "AppointmentEnded": Model._refuses_appointment_ended,
    "DepartureNotified": Model._refuses_departure_notified,
    "HandoverGiven": Model._refuses_handover_given,
    "HandoverAccepted": Model._refuses_handover_accepted,
    "MembershipRatified": Model._refuses_membership_ratified,
    "MembershipLeft": Model._refuses_membership_left,
    "PartnershipDissolved": Model._refuses_partnership_dissolved,
}
_RECORDS: dict[str, Callable[[Model, str, Said], None]] = {
    "SupportAgreed": Model._records_support_agreed,
    "VisitMade": Model._records_visit_made,
    "VisitAttested": Model._records_visit_attested,
    "VisitDisputed": Model._records_visit_disputed,
    "VisitCorrected": Model._records_visit_corrected,
    "EventWithdrawn": Model._records_event_withdrawn,
    "DepartureNotified": Model._records_departure_notified,
    "AppointmentEnded": Model._records_appointment_ended,
    "HandoverGiven": Model._records_handover_given,
    "Appointed": Model._records_appointed,
    "HandoverAccepted": Model._records_handover_accepted,
    "MembershipRatified": Model._records_membership_ratified,
    "MembershipLeft": Model._records_membership_left,
    "PartnershipDissolved": Model._records_partnership_dissolved,
}
