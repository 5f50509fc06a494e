"""What a kind of obligation is: its name, what it is called, and what every one can be asked.

Most are rows (`ledger.decision_model.items`); those that no row tells post by a function of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from ledger.decision_model.created import Mention
from ledger.decision_model.facts import Family, Look
from ledger.decision_model.journal import Account
from ledger.decision_model.postings import Posting, Sheet, Unit, kind_of
from ledger.events import CATALOGUE
from ledger.events.base import Event
from ledger.format.entry import Entry
from ledger.values import NOTHING, office_party, tags_of

OBLIGATION = "obligation"
"""The member by which an event names an obligation itself."""
_MOST_KNOWN = 16_384

Ground = Literal["promise", "duty", "answer"]
"""Why something is owed: the debtor, or whom it follows, signed what it rests on; law or office
asks for it; or somebody asked, and the answer may always be no."""


class Owed(NamedTuple):
    """An obligation as somebody is to answer it: the sides, what it is about, and its opener.

    `about` is a reference to the thing or party, `said` what the event that opened it says.
    """

    obligation: str
    debtor: str
    creditor: str
    about: str
    said: Mapping[str, Any]


class Way(NamedTuple):
    """An event by which an obligation can be met, and what the obligation tells of its members."""

    event: type[Event]
    data: dict[str, Any]


class Claim(NamedTuple):
    """How much of an obligation its debtor claims done, and the answer that it waits for.

    What is claimed `per` one host twice counts once.
    """

    obligation: str
    amount: Decimal
    answer: str
    per: str | None = None


class Kind:
    """A kind of obligation: its name in slots and tables, what it is called, its unit and ground.

    Where some are owed by promise all the same, `promised_where` says which, in words.
    `changed_by` names the events that open, settle or change obligations of the kind, `asks` the
    families of facts that its postings ask for. What its debtor can do where only the creditor
    answers is in `claims`: an event, and the member of it that names what the obligation is about.
    """

    name: str
    title: str
    unit: Unit
    ground: Ground | None = None
    promised_where: str = ""
    changed_by: frozenset[str]
    asks: tuple[Family[Any], ...] = ()
    claims: Mapping[type[Event], str] = {}

    def ways(self, owed: Owed) -> Iterator[Way]:
        """Go through the events by which its debtor can meet an obligation, the usual one first."""
        for event, member in self.claims.items():
            yield Way(event, {member: owed.obligation if member == OBLIGATION else owed.about})

    @property
    def claiming(self) -> frozenset[str]:
        """The events by which its debtor claims, and those by which they correct what they said."""
        made = {event.creates for event in self.claims} - {None}
        corrected = (event for event in CATALOGUE if event.corrects in made)
        return frozenset(event.__name__ for event in (*self.claims, *corrected))

    def claimed(self, entry: Entry[Any], answer: Posting, sheet: Sheet) -> Iterator[Claim]:
        """Go through what an entry claims done that waits for an answer, owed to who claims."""
        waits = sheet.account(answer.obligation).standing(sheet.day)
        claimant = waits[1] if waits else answer.creditor
        for obligation in self._named(entry, sheet):
            account = sheet.account(obligation)
            amount, per = self._done(entry, account)
            stands = account.standing(sheet.day)
            if amount > 0 and stands is not None and stands[0] == claimant:
                yield Claim(obligation, amount, answer.obligation, per)

    def _named(self, entry: Entry[Any], sheet: Sheet) -> Iterator[str]:
        """Go through the obligations of the kind that are about what a claim names."""
        for member in dict.fromkeys(self.claims.values()):
            named = entry.data.get(member, NOTHING)
            if member == OBLIGATION:
                yield from [named] if kind_of(named) == self.name else ()
            elif named != NOTHING:
                yield from sheet.about(tag_named(named), self.name)

    def _done(self, _entry: Entry[Any], account: Account) -> tuple[Decimal, str | None]:
        """Return how much of an obligation an entry claims done, and per which host."""
        return account.left, None

    def settles(self, entry: Entry[Any], look: Look) -> Iterable[str]:
        """Return the obligations whose balance an entry changes, its own aside."""
        raise NotImplementedError

    def creditors(self, entry: Entry[Any], look: Look) -> Iterable[str]:  # noqa: ARG002 - for kinds that tell
        """Return to whom what an entry opens or answers is owed, where a row tells it."""
        return ()

    def post(self, entry: Entry[Any], sheet: Sheet) -> None:
        """Post what an entry changes."""
        raise NotImplementedError

    def sides(self, look: Look, opener: Mention, obligation: str) -> Sequence[str]:
        """Return who owes an obligation and to whom, as it was opened; nobody if it was not."""
        raise NotImplementedError

    def standing(
        self,
        look: Look,  # noqa: ARG002 - rows tell it
        opener: Mention,  # noqa: ARG002
        obligation: str,  # noqa: ARG002
    ) -> Standing | None:
        """Return what it is about and how much is left of it; None where no fact tells."""
        return None


_GATHERED: dict[str, Kind] = {}


def keyed(name: str, key: str) -> str:
    """Return the slot of an obligation of a kind, with the key that tells it from others."""
    return f"{name}/{key}" if key else name


def gather(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """Return the kinds of every theme, each once, for `kind_named` as well."""
    _GATHERED.update({kind.name: kind for kind in kinds})
    return tuple(_GATHERED.values())


def kind_named(name: str) -> Kind | None:
    """Return the kind of a name; None if there is none. A transfer may speak of any theme's."""
    return _GATHERED.get(name)


class Standing(NamedTuple):
    """The tag of what an obligation is about, and how much is left of it."""

    about: str
    left: Decimal


def tags_named(named: str | Sequence[str]) -> Sequence[str]:
    """Return the tags of what a member names, one or several."""
    return (tag_named(named),) if isinstance(named, str) else [tag_named(one) for one in named]


@lru_cache(_MOST_KNOWN)
def tag_named(reference: str) -> str:
    """Return the tag of what a reference names; of an office, that of its party."""
    return (office_party(reference) or "") if "@" in reference else tags_of(reference)[0]
