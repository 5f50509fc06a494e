"""Rules for visits: who may claim, confirm, dispute and correct them, and advise on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.decision_model.created import same_hand
from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.partnership import facts as parties
from ledger.domain.programmes import facts as programmes
from ledger.domain.registers.who import (
    gone,
    in_place,
    not_open_yet,
    office_of,
    own_party,
    role_of,
)
from ledger.domain.visits import facts as visits
from ledger.domain.visits.kinds import DISPUTE_ANSWER
from ledger.domain.visits.under import standing_open, why_not_of_year
from ledger.domain.visits.under_programme import Between, why_not_of_programme
from ledger.events.visits import (
    AdviceActedOn,
    AdviceAnswered,
    AdviceGiven,
    VisitAttested,
    VisitCorrected,
    VisitDisputed,
    VisitDisputeMaintained,
    VisitMade,
)
from ledger.values import NOTHING, event_id, party_kind

#: Two weeks of work: who does not say who came tells a longer visit as several.
MOST_DAYS_EACH = 10
_SIDES = {"visitor": "visit.visitor", "host": "visit.host"}


def _made(case: Case[VisitMade]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "visitor", "host")
    yield from RELEASE_0_1.refuses(not_open_yet(case, "visitor", "host"))
    if said.visitor == said.host:
        yield "a party cannot visit itself"
    if said.days <= 0:
        yield "a visit takes at least half a day"
    first = case.entry.occurred_on
    yield from _wrong_until(case, first)
    yield from RELEASE_0_1.refuses(_too_long(said, first, said.days))
    yield from _not_under(case, Between(said.visitor, said.host, first))


def _wrong_until(case: Case[VisitMade], first: date) -> Iterator[str]:
    until = case.said.until
    if until is not None and until < first:
        yield f"its last day, {until}, lies before its first, {first}"
    if until is not None and until > case.day:
        yield f"its last day, {until}, lies ahead; a visit is told when it was made"


def _too_long(said: VisitMade, first: date, days: Decimal) -> Iterator[str]:
    people = len(set(said.people))
    if not people:
        if days > MOST_DAYS_EACH:
            yield (
                f"{days} days are more than {MOST_DAYS_EACH}, and it names nobody who came; say"
                " who, and until when, or tell it as several"
            )
        return
    span = max(1, ((said.until or first) - first).days + 1)
    if days > people * span:
        who = f"{people} people" if people > 1 else "one person"
        when = f"from {first} to {said.until}" if span > 1 else f"on {first}"
        yield (
            f"{days} days are more than {people * span}, for {who} {when}: one person's working"
            " day is 1.0"
        )


def _not_under(case: Case[VisitMade] | Case[VisitCorrected], between: Between) -> Iterator[str]:
    """Say why a visit is not under what it says that it is."""
    under = case.said.under
    if under is None:
        yield from RELEASE_0_1.refuses(_unsaid(case, between))
    elif under.startswith("agreement:"):
        yield from _not_under_agreement(case, between, under)
    elif under.startswith("year:"):
        yield from _not_under_year(case, between, under)
    elif under.startswith("programme:"):
        yield from _not_under_programme(case, between, under)


def _unsaid(case: Case[Any], between: Between) -> Iterator[str]:
    open_ones = standing_open(case.look, between)
    if len(open_ones) > 1:
        yield (
            f"it does not say what it is under, and {len(open_ones)} stand open between the two:"
            f" {', '.join(open_ones)}; say which with --under, or the word nothing"
        )
    else:
        only = f"only {open_ones[0]} stands" if open_ones else "nothing stands"
        yield (
            f"it does not say what it is under, and {only} open between the two: left out, it is"
            " filled in"
        )


def _not_under_agreement(case: Case[Any], between: Between, under: str) -> Iterator[str]:
    agreed = case.look(brokerage.agreement(event_id(under)))
    if agreed is None:
        return
    sides = ((between.visitor, agreed.provider), (between.host, agreed.receiver))
    if not all(party in in_place(case, side) for party, side in sides):
        yield f"the agreement is for {agreed.provider} to support {agreed.receiver}"
    if between.day < agreed.starts:
        yield f"the agreement starts on {agreed.starts}"


def _not_under_year(case: Case[Any], between: Between, under: str) -> Iterator[str]:
    year = case.look(parties.year(event_id(under)))
    if year is None:
        return
    yield from RELEASE_0_1.refuses(_no_school(between.host))
    yield from why_not_of_year(case.look, between, year.id)


def _not_under_programme(case: Case[Any], between: Between, under: str) -> Iterator[str]:
    programme = case.look(programmes.programme(under))
    if programme is not None:
        yield from why_not_of_programme(case.look, between, programme)


def _no_school(host: str) -> Iterator[str]:
    if party_kind(host) != "school":
        yield f"a visit of the year is made to a school, and {host} is none"


def _usually_under(case: Case[VisitMade]) -> str | None:
    """Return what a visit is under that does not say: the only one that stands open, or nothing."""
    said = case.entry.data
    if not {"visitor", "host"} <= said.keys():
        return None
    between = Between(said["visitor"], said["host"], case.entry.occurred_on)
    open_ones = standing_open(case.look, between)
    return None if len(open_ones) > 1 else (*open_ones, NOTHING)[0]


def _visit(case: Case[Any]) -> visits.Visit | None:
    return case.look(visits.visit(event_id(case.entry.data.get("visit", ""))))


def _unanswered(case: Case[Any]) -> Iterator[str]:
    visit = _visit(case)
    if visit is None:
        return
    yield from _own_claim(case, visit)
    yield from RELEASE_0_1.refuses(_before_it_was_corrected(case, visit))
    if visit.answered:
        yield f"{case.said.visit} is answered already; withdraw that answer to give another"
        return
    claimed = visit.days - visit.confirmed
    if case.said.days > claimed:
        before = f", of which {visit.confirmed} are confirmed already" if visit.confirmed else ""
        yield f"it confirms {case.said.days} days; {visit.days} were claimed{before}"


def _before_it_was_corrected(case: Case[Any], visit: visits.Visit) -> Iterator[str]:
    if visit.made_on <= case.entry.occurred_on < visit.claimed_on:
        yield (
            f"it is said to have happened on {case.entry.occurredon}, before the correction that it"
            f" answers, which happened on {visit.claimed_on}; check the day"
        )


def _own_claim(case: Case[Any], visit: visits.Visit) -> Iterator[str]:
    """Say that who told the figures, or made the visit, answers for the host as well."""
    made = case.thing("visit")
    if same_hand(visit.claimed_by, case.hand):
        yield "the same person claimed the visit; somebody else must sign the host's answer"
    elif made is not None and same_hand(made.hand, case.hand):
        yield from RELEASE_0_1.refuses(_own_visit())


def _own_visit() -> Iterator[str]:
    yield "the same person claimed the visit; somebody else must sign the host's answer"


def _attested(case: Case[VisitAttested]) -> Iterator[str]:
    yield from _unanswered(case)
    if case.said.days <= 0:
        yield "it confirms no days; VisitDisputed says what is wrong"


def _day_made(case: Case[Any]) -> Any:
    visit = _visit(case)
    return visit.made_on.isoformat() if visit else UNTOLD


def _open_dispute(case: Case[Any]) -> Any:
    named = event_id(case.entry.data.get("visit", ""))
    if case.look(visits.visit(named)) is None:
        return UNTOLD
    visit = case.look(visits.visit(named))
    open_ones = DISPUTE_ANSWER.waiting(case.look, f"event:{named}")
    opened_by = event_id(open_ones[0].obligation) if open_ones else None
    fewer = visit is not None and opened_by == visit.attested
    return f"dispute:{opened_by}" if opened_by and not fewer else None


def _under_now(case: Case[Any]) -> Any:
    visit = _visit(case)
    return visit.under if visit else UNTOLD


def _usually_as_before(case: Case[VisitCorrected]) -> str | None:
    visit = _visit(case)
    return visit.under if visit else None


def _fewer_than_claimed(case: Case[Any]) -> Any:
    """Return the days claimed that wait for an answer, where a confirmation is of fewer."""
    visit, days = _visit(case), case.entry.data.get("days")
    if visit is None or days is None:
        return UNTOLD
    claimed = visit.days - visit.confirmed
    return str(claimed) if Decimal(days) < claimed else None


def _confirmed_before(case: Case[Any]) -> Any:
    visit = _visit(case)
    if visit is None:
        return UNTOLD
    return str(visit.confirmed) if visit.confirmed else None


def _corrected(case: Case[VisitCorrected]) -> Iterator[str]:
    said, visit = case.said, _visit(case)
    if visit is None:
        return
    if visit.moderated:
        yield f"{said.visit} was moderated: what the moderator found stands"
        return
    yield from _contradicts(said, visit)
    if said.days <= 0:
        yield "a visit takes at least half a day; withdraw the visit if it was not made"
    yield from RELEASE_0_1.refuses(_too_long(visit.said, visit.made_on, said.days))
    if said.under is None or said.under != visit.under:
        # What it was under when it was recorded it stays under, whoever has left since.
        yield from _not_under(case, Between(said.visitor, said.host, visit.made_on))


def _contradicts(said: VisitCorrected, visit: visits.Visit) -> Iterator[str]:
    """Say what of a correction the host's confirmation stands against."""
    if visit.confirmed and visit.confirmed >= visit.days:
        yield f"{said.visit} is confirmed already; withdraw the confirmation first"
    elif said.days < visit.confirmed:
        yield (
            f"{visit.confirmed} days of {said.visit} are confirmed already, and it says"
            f" {said.days}; withdraw the confirmation first"
        )
    elif visit.confirmed and said.under != visit.under:
        yield (
            f"days of {said.visit} are confirmed under {visit.under}; withdraw the confirmation"
            " before it goes under another"
        )


def _advice(case: Case[AdviceGiven]) -> Iterator[str]:
    said, visit = case.said, _visit(case)
    yield from gone(case, "school")
    if (said.visit is None) == (said.review is None):
        yield "it is given on one visit or on one review: name exactly one"
    if visit is not None and visit.attested is None:
        yield f"{said.visit} is not confirmed yet"
    if said.act_by < case.entry.occurred_on:
        yield f"it asks to act by {said.act_by}, before it was given"


_GIVER = office_of("giver", "party that advises")


def _who_visited(case: Case[AdviceGiven]) -> Iterable[str]:
    """Return the office of who visited: what nobody visited for, the school's adviser says."""
    return _GIVER.offices(case) if "visit" in case.entry.data else ()


def _who_advises(case: Case[Any]) -> Any:
    if "visit" not in case.entry.data:
        return own_party(case) or UNTOLD
    visit = case.thing("visit")
    return visit.data["visitor"] if visit else UNTOLD


def _who_is_advised(case: Case[Any]) -> Any:
    visit, review = case.thing("visit"), case.thing("review")
    if visit is not None:
        return visit.data["host"]
    return review.data["school"] if review is not None else UNTOLD


def _advice_answered(case: Case[AdviceAnswered]) -> Iterator[str]:
    said = case.said
    if said.answer != "accepted" and said.how is None:
        lacking = "how" if said.answer == "adapted" else "why"
        yield f"the advice is {said.answer}, and it does not say {lacking}"


_OF_ADVICE = {"school": "advice.school", "giver": "advice.giver"}
_UNDER = Told("what the visit is under", _under_now)
_OPEN_DISPUTE = Told("the open one", _open_dispute)
_CONFIRMED = Told("the days confirmed already", _confirmed_before)

RULES = {
    VisitMade: Rule[VisitMade](
        by=(office_of("visitor"),), usual={"under": _usually_under}, also=_made
    ),
    VisitAttested: Rule[VisitAttested](
        by=(office_of("host"),),
        between=("visitor", "host"),
        agrees={
            **_SIDES,
            "under": _UNDER,
            "visited_on": Told("the day of the visit", _day_made),
            "claimed": Told("the days claimed, where it confirms fewer", _fewer_than_claimed),
            "confirmed_before": _CONFIRMED,
        },
        also=_attested,
        step_of="visit",
    ),
    VisitDisputed: Rule[VisitDisputed](
        by=(office_of("host"),),
        between=("visitor", "host"),
        agrees={**_SIDES, "under": _UNDER},
        also=_unanswered,
        disputes="visit",
    ),
    VisitCorrected: Rule[VisitCorrected](
        by=(office_of("visitor"),),
        agrees={**_SIDES, "dispute": _OPEN_DISPUTE, "confirmed_before": _CONFIRMED},
        usual={"under": _usually_as_before},
        also=_corrected,
        step_of="visit",
    ),
    VisitDisputeMaintained: Rule[VisitDisputeMaintained](
        by=(office_of("visitor"),),
        agrees={**_SIDES, "under": _UNDER, "dispute": _OPEN_DISPUTE},
        answers="{visit} has no dispute that waits for an answer",
        step_of="visit",
    ),
    AdviceGiven: Rule[AdviceGiven](
        by=(
            By("the office of the party that advises, on a visit", _who_visited),
            role_of("adviser", "school"),
        ),
        agrees={
            "giver": Told("who visited, or for whom the adviser speaks", _who_advises),
            "school": Told("the school of the visit or review", _who_is_advised),
        },
        also=_advice,
    ),
    AdviceAnswered: Rule[AdviceAnswered](
        by=(role_of("head", "school"),),
        between=("giver", "school"),
        agrees={**_OF_ADVICE, "act_by": "advice.act_by"},
        other_person_than=("advice",),
        answers="{advice} is answered already; withdraw that answer to give another",
        also=_advice_answered,
    ),
    AdviceActedOn: Rule[AdviceActedOn](
        by=(role_of("head", "school"),),
        agrees=_OF_ADVICE,
        answers="{advice} waits for no action: it is unanswered, declined, or acted on already",
    ),
}
