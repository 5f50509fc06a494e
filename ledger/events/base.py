"""The base of every event, and how an event is said in JSON.

Events hold no rule: they say what was said. Their names are past tense and stored as such, never
as Python paths; a new version of a schema is a new class with `schema_version` raised, and old
ones are read for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, get_args

from pydantic import Field

from ledger.values import EvidenceRef, ObligationRef, OfficeRef, Value

Audience = Literal["public", "parties", "commissioner", "inspectorate", "all"]
"""Who may read what an event seals, each besides those after it: anyone; the parties that it names
and those who answer for them; whoever commissions; an inspector; only who is given everything."""
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


def may_read(audience: Audience, event: type[Event], data: Mapping[str, Any] | None = None) -> bool:
    """Whether an audience may read what an event of this class seals; `data` may say for whom."""
    readers = (data or {}).get("readers", event.audience)
    return AUDIENCES.index(readers) <= AUDIENCES.index(audience)


class Event(Value):
    """A past-tense fact: frozen, unknown members refused, optional members left out of JSON.

    What can be said of an event without a rule is said here once: its docstring, and below.
    """

    schema_version: ClassVar[int] = 1
    #: The kind of thing that the event brings into being: `visit` makes `visit:<id>` nameable.
    creates: ClassVar[str | None] = None
    #: The member that names what another party said, and this one says as well by its signature.
    affirms: ClassVar[str | None] = None
    #: The member, and what it says where the event denies what `affirms` names.
    denies: ClassVar[tuple[str, str] | None] = None
    #: The member that names what its own party said before, and says anew here.
    corrects: ClassVar[str | None] = None
    #: The member that tells from which day that thing counts, where it may lie before the event.
    counts_from: ClassVar[str | None] = None
    #: Whether what happened before it may name what it brings into being: a letter tells of before.
    tells_of_before: ClassVar[bool] = False
    #: The member whose party the event gives a `name`, from its `effective_on` if it has one.
    names: ClassVar[str | None] = None
    #: What a reader of a history sees: one clause, or several, of which those are left out that
    #: name a member which was left out. `{need.area}` is a member of what a member names.
    sentence: ClassVar[str | tuple[str, ...]]
    #: Who may read what the event seals.
    audience: ClassVar[Audience]
    #: Data as somebody says it, plain text where the model seals it.
    example: ClassVar[Mapping[str, Any]]

    for_office: OfficeRef | None = Field(
        None, description="the office without a key for which another office records it"
    )
    authority: EvidenceRef | None = Field(
        None, description="the document by which that office gave the authority to record it"
    )

    @classmethod
    def type_name(cls) -> str:
        """Return the name and schema version under which the event is stored."""
        return f"{cls.__name__}.v{cls.schema_version}"

    def as_json(self) -> dict[str, Any]:
        """Return the event's members as JSON values; what is left at its default is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


#: The members that any event may have: for whom it is recorded, and on what authority.
FOR_ANOTHER = tuple(Event.model_fields)


class Answer(Event):
    """An event that changes what is owed: it names every obligation whose balance it changes.

    So what must be read to judge it, and to replay an obligation, is told by the statement alone.
    """

    obligations: tuple[ObligationRef, ...] = ()
