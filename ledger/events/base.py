"""The base of every event, and how an event is said in JSON.

Events hold no rule: they say what was said. Their names are past tense and stored as such, never
as Python paths; a new version of a schema is a new class with `schema_version` raised, and old
ones are read for ever.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ledger.values import ObligationRef, Value


class Event(Value):
    """A past-tense fact: frozen, unknown members refused, optional members left out of JSON."""

    schema_version: ClassVar[int] = 1
    #: The kind of thing that the event brings into being: `visit` makes `visit:<id>` nameable.
    creates: ClassVar[str | None] = None

    @classmethod
    def type_name(cls) -> str:
        """Return the name and schema version under which the event is stored."""
        return f"{cls.__name__}.v{cls.schema_version}"

    def as_json(self) -> dict[str, Any]:
        """Return the event's members as JSON values; what is left at its default is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Answer(Event):
    """An event that changes what is owed: it names every obligation whose balance it changes.

    So what must be read to judge it, and to replay an obligation, is told by the statement alone.
    """

    obligations: tuple[ObligationRef, ...] = ()
