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
    said = member.help or _kinds(member) or member.path[-1].replace("_", " ")
    if member.sealed:
        said += "; sealed, so that it can be erased later"
    if has_many_choices(member):
        said += f"{LISTED}{', '.join(map(str, member.choices))}"
    text = f"{said[:1].upper()}{said[1:]}".rstrip(".") + ("" if said.endswith("…") else ".")
    return f"{text} Repeat for several." if member.many else text


def _kinds(member: Member) -> str:
    if _is_any_party(member):
        return "a name, a school's URN, or the slug of a body or partnership"
    return " or ".join(
        _WORDS.get(kind, f"{kind}: its id, or the start of it") for kind in member.named
    )


_WORDS = {
    "school": "a school's name or URN, present or former",
    "body": "a body's name or slug, as northwick",
    "partnership": "a partnership's name or slug, as estuary",
    "person": "a person's name, or the start of their reference",
    "office": "an office, as head@900001 or officer@northwick",
    "urn": "a URN",
    "key": "a key, as SHA256:…",
    "event": "an event's id, or the start of it",
    NOTHING: "the word nothing",
    "year": "partnership year: its id, or the start of it",
    "obligation": "an obligation, as <event>/attestation",
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
