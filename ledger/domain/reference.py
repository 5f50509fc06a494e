"""The reference page of obligations, written from their kinds.

::

    python -m ledger.domain.reference > docs/reference/obligations.md
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.decision_model.items import Item
from ledger.decision_model.kinds import Kind
from ledger.domain.post import KINDS
from ledger.events import CATALOGUE

_HEAD = """\
# Obligations

Every kind of obligation: what it is called, in what it is counted, what opens and answers it.
`school-ledger owes --kind` takes these names.
An obligation's id is `<event id>/<kind>`; where an event opens several, `/` and whose follow.
An event that answers or changes an obligation lists it.

Something is owed by promise where the debtor, or whom it follows, signed what it rests on.
It is owed by duty where law or office asks for it.
It is owed as an answer to whoever may ask: that may always be no.

<!-- Written by `python -m ledger.domain.reference > docs/reference/obligations.md`. -->
"""


def obligations_page() -> str:
    """Return the page, in Markdown."""
    return f"{_HEAD}\n" + "\n".join(line for kind in KINDS for line in _section(kind))


def _section(kind: Kind) -> Iterator[str]:
    yield f"## {kind.name}\n"
    yield f"{kind.title[:1].upper()}{kind.title[1:]}, counted by the {kind.unit}."
    if kind.ground:
        yield _ground(kind)
    if isinstance(kind, Item):
        yield f"Opened by {_events(event.__name__ for event in kind.opened_by)}."
        yield f"Answered by {_events(event.__name__ for event in kind.answers)}."
        if kind.changes:
            yield f"Raised, lowered or moved by {_events(one.__name__ for one in kind.changes)}."
    else:
        yield f"Opened, answered or changed by {_events(kind.changed_by)}."
    if kind.claims:
        named = _events(event.__name__ for event in kind.claims)
        yield f"Only the creditor answers; the debtor says {named} before."
    yield ""


def _ground(kind: Kind) -> str:
    """Return on what ground obligations of a kind are owed, and which of them on another."""
    usual = "as an answer" if kind.ground == "answer" else f"by {kind.ground}"
    other = f"; by promise where {kind.promised_where}" if kind.promised_where else ""
    return f"Owed {usual}{other}."


def _events(names: Iterable[str]) -> str:
    """Return events as links to their own page, in the order of the catalogue."""
    named = set(names)
    return ", ".join(
        f"[{event.__name__}](events.md#{event.__name__.lower()})"
        for event in CATALOGUE
        if event.__name__ in named
    )


if __name__ == "__main__":
    print(obligations_page(), end="")  # noqa: T201 - the page is what this command gives
