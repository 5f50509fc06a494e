"""A bundle's manifest: what was chosen, by whom, and the digest of each file; signed."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

import orjson
from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from ledger.bundle.archive import NAMES
from ledger.errors import BundleError, LedgerError
from ledger.events.base import Audience
from ledger.format.invalid import describe_invalid
from ledger.values import Day, KeyRef, OfficeRef, Origin, PersonRef, Sha256, Value

__all__ = [
    "KIND",
    "Count",
    "Counts",
    "Exporter",
    "Listing",
    "Manifest",
    "Party",
    "Root",
    "Selection",
    "TextShown",
    "Time",
]

KIND = Literal["whole", "part"]
TextShown = Literal["none", "without-contacts", "all"]
_NUMBERED = re.compile(r"(?:proofs|signed)/[0-9]{1,16}\.[a-z.-]{4,12}")
Count = Annotated[int, Field(strict=True, ge=0, le=2**53)]
Root = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
Time = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
]
Party = Annotated[str, StringConstraints(pattern=r"^[a-z]+:[a-z0-9-]{1,80}$")]


def _is_name(name: str) -> str:
    if name not in NAMES and not _NUMBERED.fullmatch(name):
        raise ValueError("a file that no bundle has")
    return name


class Exporter(Value):
    """Who made and signed the bundle."""

    person: PersonRef
    office: OfficeRef
    key: KeyRef


class Counts(Value):
    """How much there is of what."""

    entries: Count
    disclosures: Count
    withheld: Count
    proofs: Count


class Selection(Value):
    """What a part was chosen by; nothing for a whole record."""

    party: Party | None = None
    first: Day | None = None
    last: Day | None = None


class Listing(Value):
    """What an exporter signs: the canonical JSON of what was made, of which there is one form."""

    def as_bytes(self) -> bytes:
        """Return its canonical JSON, with a newline."""
        value = self.model_dump(mode="json", exclude_none=True)
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read one; raise what `unreadable` returns unless it is as `as_bytes` writes it."""
        try:
            listing = cls.model_validate(orjson.loads(data))
        except orjson.JSONDecodeError as error:
            raise cls.unreadable(f"it is not JSON ({error})") from error
        except ValidationError as error:
            raise cls.unreadable(describe_invalid("it", error)) from error
        if listing.as_bytes() != data:
            raise cls.unreadable("it is not written as this release writes it")
        return listing

    @staticmethod
    def unreadable(why: str) -> LedgerError:
        """Return the error that says why there is none to read."""
        raise NotImplementedError


class Manifest(Listing):
    """The manifest, whose canonical JSON is what the exporter signs."""

    format: Literal[1] = 1
    kind: KIND
    origin: Origin
    size: Count
    root: Root
    selection: Selection
    text: TextShown
    audience: Audience | None = None
    exported_at: Time
    exporter: Exporter
    counts: Counts
    files: dict[Annotated[str, AfterValidator(_is_name)], Sha256]

    @property
    def entries_file(self) -> str:
        """The name of the file that holds the entries."""
        return "entries.tsv" if self.kind == "part" else "entries.jsonl"

    @staticmethod
    def unreadable(why: str) -> BundleError:
        """Return the error that says why a bundle has no manifest to read."""
        return BundleError(
            f"the bundle's manifest cannot be read: {why}",
            todo="It may be of a later version of school-ledger, or altered: ask for it again.",
        )
