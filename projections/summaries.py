"""One sentence for each event, as data: what a reader of a history sees.

`{member}` stands for a member of the event's data; parties are given with their names, offices
with the name of their party, days and dates as they stand. What is sealed never appears here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from string import Formatter
from typing import Any

SENTENCES: dict[str, str] = {
    "LedgerFounded": "The ledger {title} was founded.",
    "LedgerRulesSet": "Default days for answers were set.",
    "PersonEnrolled": "{person} was enrolled.",
    "KeyEnrolled": "A signing key of {person} was enrolled.",
    "KeyRetired": "A signing key of {person} was retired.",
    "KeyCompromised": "A signing key of {person} was said to be compromised since {since}.",
    "LogKeyChanged": "The key that signs the log's checkpoints was changed.",
    "ClockCorrected": "The recording clock was corrected.",
    "Vouched": "The {subject} of {person} was vouched for.",
    "Appointed": "{person} was appointed {office} ({basis}) from {effective_on}.",
    "AppointmentEnded": "{person} ceased to be {office}, last day {effective_on}.",
    "BodyRegistered": "{name} was registered as {kind}.",
    "SchoolRegistered": "{name} was registered under {urn}, responsible body {responsible_body}.",
    "SchoolConverted": (
        "{school} became {name} under {new_urn} from {effective_on}; responsible body"
        " {responsible_body}."
    ),
    "SchoolClosed": "{school} closed, last day {effective_on}.",
    "ResponsibleBodyChanged": (
        "{school} passed from {former_body} to {responsible_body} from {effective_on}."
    ),
    "PartnershipFormed": "The partnership {name} was formed.",
    "MembershipSought": "{school} sought to join {partnership}.",
    "SchoolAdmitted": "{school} joined {partnership} from {effective_on}.",
    "MembershipRatified": "The head of {school} ratified its membership of {partnership}.",
    "MembershipDeclined": "The head of {school} declined to ratify with {partnership}.",
    "PartnershipYearOpened": "{partnership} opened its year {name}, {starts} to {ends}.",
    "SupportOffered": "{provider} offered {receiver} {days} days of support.",
    "SupportAgreed": "{provider} and {receiver} agreed {days} days of support by {ends}.",
    "VisitMade": "{visitor} visited {host} ({purpose}), {days} days claimed.",
    "VisitAttested": "{host} confirmed {days} days of a visit by {visitor}.",
    "VisitDisputed": "{host} disputed a visit by {visitor} and would confirm {days} days.",
    "VisitCorrected": "{visitor} corrected a visit to {host} to {days} days.",
    "ImpactReported": "{reporter} reported impact on {area}, with {other_side}.",
    "FrameworkAdopted": "The framework {title} was adopted.",
    "JudgementMade": "{judge} judged {about} ({basis}), inspected on {inspected_on}: {grades}.",
    "DepartureNotified": "{holder} will leave the office of {office}, last day {effective_on}.",
    "HandoverGiven": "{outgoing} handed over the office of {office}.",
    "HandoverAccepted": "{incoming} accepted the handover of {office}.",
    "EventWithdrawn": "An event was withdrawn ({code}) from {effective_on}.",
    "DetailErased": "A sealed text was erased ({reason}).",
}

_PARTIES = ("school:", "body:", "partnership:")
_VOUCHABLE = ("enrolment:", "appointment:", "compromise:", "log_key:", "clock_correction:")
_MOST_KEPT = 4_096
"""The same codes, days and figures are said again and again."""


def summary(name: str, data: Mapping[str, Any], called: Callable[[str], str]) -> str:
    """Return the sentence of an event; `called` gives a party's name.

    Events of later versions, which have no sentence here, are named only.
    """
    if name not in SENTENCES:
        return name
    words = []
    for before, member in _parts(name):
        words.append(before)
        if member is not None:
            words.append(_word(data[member], called) if member in data else "not stated")
    return "".join(words)


@cache
def _parts(name: str) -> list[tuple[str, str | None]]:
    """Return the sentence of an event in parts: what comes before a member, and the member."""
    return [(before, member) for before, member, _, _ in Formatter().parse(SENTENCES[name])]


def _word(value: Any, called: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return _text(value, called)
    if isinstance(value, list):
        return ", ".join(_word(item, called) for item in value)
    if isinstance(value, dict):
        return ": ".join(str(item).replace("-", " ") for item in value.values())
    return _text(str(value), called)


def _text(text: str, called: Callable[[str], str]) -> str:
    if "@" in text:
        role, _, party = text.partition("@")
        return f"{role.replace('_', ' ')} of {_text(party, called)}"
    if text.startswith(_PARTIES):
        return called(text)
    return _plain(text)


@lru_cache(_MOST_KEPT)
def _plain(text: str) -> str:
    if text.startswith("urn:"):
        return f"URN {text[4:]}"
    if text.startswith(_VOUCHABLE):
        return text.partition(":")[0].replace("_", " ")
    return text.replace("_", " ") if text.isascii() and "person:" not in text else text
