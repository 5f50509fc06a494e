"""Options generated from the models of events: a new event needs no new command.

Each member of a model becomes an option, `--days`; a member of a part, a dotted one,
`--source.title`; a list, an option to be repeated, `--review-date`; a list of parts, one whose
value joins the part's members, `--grade safeguarding=met`. What an option says is kept under the
member's name, until references are looked up and the event is built.
"""

from __future__ import annotations

from typing import Any

import click

from cli.record.model_members import COMPLETED, Member, is_day
from cli.record.parsing import Value, part_form
from cli.terminal.lazy import Choice, Option
from ledger.values import NOTHING

NEEDED = "What the event says"
OPTIONAL = "What it may say besides"
FILLED = "Found by itself where left out"
FOR_ANOTHER = "For an office without a key"
_MOST_CHOICES = 8
#: What stands in an option's help before the words to choose from, where they are many.
LISTED = ": one of "


def option_of(member: Member, *, filled: bool = False) -> Option:
    """Return the option that says a member; `filled` where it is found if it is left out."""
    names = [f"--{member.option}", member.name]
    kind: Any = Value(member)
    metavar = None if _few_choices(member) else _metavar(member)
    if member.type is bool:
        names[0] += f"/--no-{member.option}"
        kind, metavar = click.BOOL, None
    elif member.choices:
        kind = Choice([str(choice) for choice in member.choices])
    return Option(
        names,
        type=kind,
        default=None,
        metavar=metavar,
        multiple=member.many,
        help=_help(member),
        hidden=member.path[-1] in COMPLETED,
        section=_section(member, filled=filled),
    )


def _section(member: Member, *, filled: bool) -> str:
    if member.of_any:
        return FOR_ANOTHER
    return FILLED if filled else NEEDED if member.required else OPTIONAL


def form_of(member: Member) -> str:
    """Return how a value of a member is written, in one word: `DATE`, `yes|no`."""
    return "|".join(map(str, member.choices)) if _few_choices(member) else _metavar(member)


def _few_choices(member: Member) -> bool:
    """Whether the words to choose from may stand in an option's place; else help lists them."""
    return 0 < len(member.choices) <= _MOST_CHOICES


def has_many_choices(member: Member) -> bool:
    """Whether there are too many words to choose from for an option's place."""
    return bool(member.choices) and not _few_choices(member)


def _help(member: Member) -> str:
    name = member.path[-1]
    said = member.help or _kinds(member) or PHRASES.get(name) or name.replace("_", " ")
    if member.sealed:
        said += "; sealed, so that it can be erased later"
    if has_many_choices(member):
        said += f"{LISTED}{', '.join(map(str, member.choices))}"
    text = f"{said[:1].upper()}{said[1:]}".rstrip(".") + ("" if said.endswith("…") else ".")
    return f"{text} Repeat for several." if member.many else text


def _kinds(member: Member) -> str:
    if _is_any_party(member):
        return "a name, a school's URN, or the short name of a body or partnership"
    return " or ".join(
        _WORDS.get(kind, f"{kind}: its id, or the start of it") for kind in member.named
    )


_WORDS = {
    "school": "a school's name or URN, present or former",
    "body": "a body's name or short name, as northwick",
    "partnership": "a partnership's name or short name, as estuary",
    "person": "a person's name, or the start of their reference",
    "office": "an office, as head@900001 or officer@northwick",
    "urn": "a URN of six digits, as 900001",
    "key": "a key, as SHA256:…",
    "event": "an event's id, or the start of it",
    NOTHING: "the word nothing",
    "year": "partnership year: its id, or the start of it",
    "obligation": "an obligation, as <event>/attestation",
}


#: What members are that mean the same in whatever event has them, where it says no more of them.
PHRASES = {
    "account": "how it stands, in your own words",
    "act_by": "the day by which the advice asks to act",
    "answer": "what the answer is",
    "areas": "the evaluation areas that it is about",
    "ask": "what is asked for there",
    "attestation_days": "days allowed to confirm or dispute a visit",
    "authority": "on whose authority it is done",
    "basis": "on what basis it rests",
    "brokerage_days": "days allowed to find help for a school",
    "claim": "what changed, in your own words",
    "code": "why it is withdrawn, in a word",
    "conditions": "what is to be met afterwards, and by when",
    "contact": "how to reach the person",
    "days": "how many days, halves allowed",
    "decision": "what was decided",
    "done": "what was done about it",
    "easting": "how far east it stands, in metres of the national grid",
    "effective_on": "the day from which it counts",
    "ends": "its last day, inclusive",
    "exceptions": "what is not accepted, if anything",
    "external_judge": "whether a judge from outside is required",
    "file": "the published file's name",
    "format": "the format in which the record is kept",
    "former": "the one that was in use until then",
    "grades": "each area with the grade that it got",
    "group_id": "the group's id in the national register, as TR00123",
    "group_uid": "the group's UID in the national register, as 2044",
    "handover_days": "days allowed to hand over, or to accept it",
    "impact_days": "days allowed to account for impact",
    "inspected_on": "the day of the inspection or review",
    "instalments": "what is paid by which day",
    "kind": "of what kind it is",
    "la_code": "the local authority's code, of three digits",
    "laestab": "the school's LAESTAB, as 340/2001",
    "log_key": "the log's own key, by which it is verified",
    "measure": "what is measured, as attendance-percent",
    "measures": "what was measured, before and after",
    "mode": "how it was made",
    "name": "what it, or who, is called",
    "next_review": "the day of the next review",
    "next_steps": "what happens next, in your own words",
    "northing": "how far north it stands, in metres of the national grid",
    "note": "what there is to say of it besides",
    "objectives": "what is to be reached, area by area",
    "opened_on": "the day on which it opened",
    "origin": "the ledger's origin, as northwick.example/support",
    "outcome": "what became of it",
    "paused_until": "the last day of a pause",
    "phase": "the phase of the school",
    "phases": "the phases of the schools that it is for",
    "pointer": "which sealed text of the event, as /data/note",
    "pounds": "how many pounds, as 1250.00",
    "prerequisites": "what is to be met before an instalment is paid",
    "price": "the price in pounds",
    "public_key": "the line of the key's .pub file",
    "published_on": "the day on which it was published",
    "publisher": "who published it",
    "purpose": "what it was for",
    "ratification_days": "days allowed to ratify, or to answer an application",
    "ratings": "each objective's area with red, amber or green",
    "reason": "why, in your own words",
    "recommendation": "what is recommended, in your own words",
    "references": "all that the event refers to",
    "regions": "the regions that it is for",
    "registrars": "the first registrars, with their keys",
    "response_days": "days allowed for any other answer",
    "review_dates": "the days on which it is reviewed",
    "route": "by which route the support comes",
    "row": "the row in the published file",
    "rows": "what is owed and owing, each as a row",
    "sha256": "the SHA-256 of the file, as `sha256sum` prints it",
    "slug": "a short name of lower-case letters, digits and hyphens",
    "spent": "of which money how much was spent",
    "spent_on": "the day on which it was spent",
    "starts": "its first day, inclusive",
    "steps": "what was done about it, in your own words",
    "text": "what there is to say of it, in your own words",
    "title": "what it is called",
    "to_level": "the level to which it is put",
    "ukprn": "the UK provider reference number, of eight digits",
    "url": "the address at which it was published",
    "valid_until": "the last day on which it can be accepted",
    "value": "the figure that was published",
    "version": "which version of the ground rules",
    "what": "what it is, in your own words",
    "why": "why, in your own words",
    "worked_with": "with whom the visitor worked",
    "wrong": "what is wrong with it, in your own words",
}


def _is_any_party(member: Member) -> bool:
    return {"school", "body", "partnership"} <= set(member.named)


def _metavar(member: Member) -> str:
    if member.part is not None:
        return part_form(member.part)
    if member.named:
        return "PARTY" if _is_any_party(member) else "|".join(map(str.upper, member.named))
    if member.sealed:
        return "TEXT|@FILE|-"
    if is_day(member):
        return "DATE"
    if member.type is int:
        return "NUMBER"
    return member.path[-1].upper().replace("_", "-")
