"""Advice: what somebody should look at although the record verifies.

::

    for one in advice(look_at(store, head), offices, date.today()):
        print(one.event, one.sentence)

Each is a sentence of its own; `check` lists them beside its findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ledger.decision_model import created
from ledger.decision_model.facts import Look
from ledger.domain.partnership import facts as parties
from ledger.domain.registers import ledger, offices
from ledger.domain.registers.after_the_end import last_day_of
from ledger.values import REGISTRAR
from projections.reports.keyholders import key_holders
from projections.reports.school_facts import months_before

DORMANT_MONTHS = 15
"""For so long no year was opened in a partnership that somebody should look at."""

_RECORD = "school-ledger record"
_STANDING = frozenset({"retired", "compromised", "waiting", "no key"})


class Advice(NamedTuple):
    """What somebody should look at: by which check, at which event if at one, in words."""

    check: str
    event: str | None
    sentence: str


def advice(
    look: Look, names: Iterable[str], today: date, formed: Iterable[str] = ()
) -> Iterator[Advice]:
    """Go through what somebody should look at, of the offices of these names as held today.

    And of the partnerships that were `formed`.
    """
    yield from _one_registrar(look, today)
    for name in names:
        yield from _unvouched_office(look, name, today)
    yield from _unvouched_log_key(look)
    for partnership in formed:
        if (look(parties.dissolved(partnership)) or today) >= today:
            yield from _no_year(look, partnership, today)
            yield from _nobody_stands_in(look, partnership, today)


def _unvouched_office(look: Look, name: str, today: date) -> Iterator[Advice]:
    """Say that an office which somebody holds has no key that somebody else vouched for."""
    tenures = look(offices.office(name))
    holding = {tenure.appointment for tenure in offices.holders(name, tenures, today)}
    held = [one for one in key_holders(look, [name]) if one.appointment in holding]
    live = [one for one in held if _STANDING.isdisjoint(one.standings)]
    if not held or any("vouched" in one.standings for one in live):
        return
    if not live:
        sentence = f"{name} is held, and nobody who holds it has a key that may sign"
        yield Advice("offices", held[0].appointment, sentence)
        return
    lacking = [one for one in live[0].standings if one.endswith(" unvouched")]
    unvouched = " and the ".join(one.removesuffix(" unvouched") for one in lacking)
    sentence = f"nobody else has vouched for the {unvouched} of {name}; see `school-ledger keys`"
    yield Advice("offices", live[0].appointment, sentence)


def _no_year(look: Look, partnership: str, today: date) -> Iterator[Advice]:
    """Say that a partnership with members has opened no year for long."""
    began = min((one.effective_on for one in look(parties.versions(partnership))), default=today)
    opened = max((year.starts for year in look(parties.years(partnership))), default=began)
    members = [one for one in look(parties.members(partnership)) if one.covers(today)]
    if members and opened.isoformat() < months_before(today.isoformat(), DORMANT_MONTHS):
        sentence = (
            f"{partnership} has opened no year in {DORMANT_MONTHS} months, so that its members owe"
            f" no visits: `{_RECORD} PartnershipYearOpened --partnership {partnership}`, or"
            f" `{_RECORD} PartnershipDissolved --partnership {partnership}` if it has ended"
        )
        yield Advice("partnerships", None, sentence)


def _nobody_stands_in(look: Look, partnership: str, today: date) -> Iterator[Advice]:
    """Say that whoever the ground rules name to take over has not agreed, or has ended."""
    version = parties.version_in_force(look, partnership, today)
    agreed = look(parties.accepted(partnership))
    for party in parties.named_in(version.rules) if version else ():
        ended = last_day_of(look, party)
        if ended is not None and ended < today:
            sentence = (
                f"{party}, whom the ground rules of {partnership} name as contingency, ended on"
                f" {ended}: agree on rules that name another,"
                f" `{_RECORD} GroundRulesAgreed --partnership {partnership}`"
            )
            yield Advice("partnerships", None, sentence)
        elif version and parties.Acceptance(version.number, party) not in agreed:
            sentence = (
                f"{party}, whom the ground rules of {partnership} name as contingency, has not"
                " agreed to it: nobody would answer for what is left, until"
                f" `{_RECORD} ContingencyAccepted --party {party} --partnership {partnership}`"
            )
            yield Advice("partnerships", None, sentence)


def _one_registrar(look: Look, today: date) -> Iterator[Advice]:
    """Say that nobody can vouch for what the only registrar records."""
    tenures = look(offices.office(REGISTRAR))
    holding = offices.holders(REGISTRAR, tenures, today)
    if len({tenure.person for tenure in holding}) == 1:
        sentence = (
            f"{holding[0].person} is the only registrar, so that nobody can vouch for what they"
            " record, nor replace their key: appoint a second one, `school-ledger enrol` with what"
            " `key prove` wrote"
        )
        yield Advice("registrars", holding[0].appointment, sentence)


def _unvouched_log_key(look: Look) -> Iterator[Advice]:
    """Say that the log's key was changed and nobody has vouched for the new one."""
    for event in look(ledger.log_key_changes()):
        if not any(mention.name == "Vouched" for mention in look(created.thread(event))):
            sentence = (
                "the log's key was changed and nobody else has vouched for it:"
                f" `{_RECORD} Vouched --subject log_key:{event}`"
            )
            yield Advice("log key", event, sentence)
