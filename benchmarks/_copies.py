"""A ledger of any size, of every theme: one story told for real, and told again of other parties.

The demo's story and what `_themes` adds are recorded once through the public API. Each further
telling is the same statements about other schools, people, partnerships and councils, signed with
keys of their own and recorded day by day in bulk, by a clock that stands at that day. Ids, keys
and salts follow from a seed. What a council says is said once for so many tellings::

    path = Copies(folder, seed=1).ledger(cache, 100_000, print)

For a fixed number of schools each party's registers are told once, and whatever can be said of the
same parties again is said as often as it takes, on the same days. What then cannot be said at all
is left out: handing over and ratifying repeat what is owed, which is more than in the story::

    path = Copies(folder, seed=1, schools=400).ledger(cache, 1_000_000, print)
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from _themes import THEMES
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cli.demo.episodes import EPISODES
from cli.demo.names import INSPECTORATE, ORIGIN
from cli.demo.tell import tell
from ledger.events import handover, partnership, registers
from ledger.format.entry import Entry, Submission
from ledger.format.sealed import Disclosure, commitment, sealed_in
from ledger.format.statement import NAMESPACE
from ledger.keys import Signer, in_memory
from ledger.recording.application import Ledger, Recorded
from ledger.recording.bulk import admitting
from ledger.recording.cited import CITING
from ledger.recording.founding import key_members, new_log_key

FIRST_URN = 900_001
OF_ONE_COUNCIL = 30
"""Tellings for which one council and its officers stand: some four hundred schools."""

_ONCE, _COUNCIL, _EACH, _AGAIN = range(4)
_OWN = 24
"""Of an id so many characters tell which event or person it is, the rest of which telling."""
_TELLINGS = 1 << 24
"""More than there ever are: above it, an id tells for which time something is said again."""
_MARKS = ("", "%(council id)s", "%(telling id)s", "%(again id)s")
_SHARED = {"registrar@ledger", INSPECTORATE}
_NAMED = {
    "SchoolRegistered",
    "SchoolConverted",
    "PartyRenamed",
    "BodyRegistered",
    "PartnershipFormed",
}
_OF_A_KEY = ("key", "public_key", "proof")
_FOUNDED = "LedgerFounded"
_ERASED = "What was erased since."
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_URN = r'(?<=school:)9[0-9]{5}|(?<="urn:)9[0-9]{5}'
_SEALED = r'(?<="sealed":")[^"]+'
_A_HEAD = r"(?:0|[1-9][0-9]*):[0-9A-Za-z+/]{43}="
_NAME = r'(?<="name":")[^"]+(?=")|(?<="former_name":")[^"]+(?=")'


class Said(NamedTuple):
    """One statement of the story as a form, with a mark wherever each telling says its own."""

    entry: Entry[Any]
    form: str
    scope: int
    signer_scope: int
    texts: Mapping[str, str]
    """What is sealed, by pointer."""


class Copies:
    """The story's statements, to be said of other parties as often as is asked."""

    def __init__(self, folder: Path, seed: int, schools: int | None = None) -> None:
        """Tell the story once, in a new folder; with `schools` of about so many, however long."""
        self._seed = seed
        self._schools = schools
        self._signers: dict[str, Signer] = {}
        (folder / "keys").mkdir(parents=True)
        with tell(folder, seed, lambda _: None, episodes=(*EPISODES, *THEMES)) as ledger:
            self._cut(ledger, frozenset())
            if schools is not None:
                self._cut(ledger, {one.entry.id for one in self.said if _may_recur(one)})
                self._leave_out(ledger, folder / "twice.db")

    def _cut(self, ledger: Ledger, again: AbstractSet[str]) -> None:
        """Cut the story into forms; these of its events are said again of the same parties."""
        self._forms = _Forms(list(ledger.entries()), again)
        self.said = [self._forms.cut(entry, ledger) for entry in ledger.entries()]
        self._words: dict[int, dict[str, str]] = {}

    def _leave_out(self, ledger: Ledger, path: Path) -> None:
        """Say once what is refused a second time, and leave out what is refused altogether."""
        refused = self._record(path, range(1), 2, lambda _: None)
        once = [said.entry.id for said in self.said if (said.entry.id, 0) not in refused]
        again = {event for event in once if (event, 1) not in refused}
        self._cut(ledger, {said.entry.id for said in self.said if said.scope == _AGAIN} & again)
        self.said = [said for said in self.said if said.entry.id in set(once)]

    @property
    def digest(self) -> str:
        """What tells whether the same story was told."""
        return sha256("\n".join(said.form for said in self.said).encode()).hexdigest()[:12]

    def ledger(self, cached: Path, events: int, progress: Callable[[int], None]) -> Path:
        """Return a ledger of about so many events, made unless the cache holds it."""
        path = cached / f"{events}-{self._seed}-{self._schools or 'any'}-{self.digest}.db"
        if path.exists():
            return path
        making = path.with_suffix(".part")
        for left in cached.glob(f"{making.name}*"):
            left.unlink()
        tellings, rounds = self._often(events)
        refused = self._record(making, range(tellings), rounds, progress)
        assert self._schools is not None or not refused, refused
        return making.rename(path)

    def _often(self, events: int) -> tuple[int, int]:
        """Return of how many parties the story is told for so many events, and how often."""
        if self._schools is None:
            return max(1, events // len(self.said)), 1
        tellings = -(-self._schools // self._forms.schools)
        again = sum(said.scope == _AGAIN for said in self.said)
        left = events // tellings - len(self.said)
        return tellings, 1 + max(0, left // again)

    def _record(
        self, path: Path, tellings: Sequence[int], rounds: int, progress: Callable[[int], None]
    ) -> set[tuple[str, int]]:
        """Record the story so often; return which events of it were refused, and which time."""
        refused = set()
        now = datetime.fromisoformat(self.said[0].entry.recorded_at)
        options: dict[str, Any] = {"create": True, "clock": lambda: now, "clock_confirmed": True}
        with Ledger.open(str(path), **options) as ledger, admitting(1) as admit_chunks:
            for _, run in groupby(self.said, _recorded_together):
                said = list(run)
                now = datetime.fromisoformat(said[-1].entry.recorded_at)
                head = str(ledger.head())
                order = list(_order(said, tellings, rounds))
                lines = (self.submission(*one, head).as_line() for one in order)
                outcomes = ledger.append_many(lines, admit_chunks)
                for one, outcome in zip(order, outcomes, strict=True):
                    if not isinstance(outcome, Recorded):
                        refused.add((one[0].entry.id, one[2]))
                progress(ledger.store.head())
        return refused

    # -- telling ---------------------------------------------------------------------------

    def submission(self, said: Said, telling: int, again: int, head: str) -> Submission:
        """Return a statement of the story as one telling says it, signed, its signer at a head."""
        event = _own(said.entry.id, said.scope, telling, again)
        texts = [self._sealed(event, *one) for one in said.texts.items()]
        words = self._words.get(telling) or self._words_of(telling)
        own = {f"sealed {one.pointer}": commitment(one) for one in texts}
        own |= {"head": head, "again id": f"{telling + again * _TELLINGS:012x}"}
        statement = (said.form % {**words, **own}).encode()
        signer = self.signer(_own(said.entry.signedby, said.signer_scope, telling))
        signature = base64.b64encode(signer.sign(statement, NAMESPACE)).decode()
        return Submission(statement, signature, tuple(texts))

    def _sealed(self, event: str, pointer: str, text: str) -> Disclosure:
        return Disclosure(event, pointer, self._bytes(f"{event}{pointer}"), text)

    def write_key(self, person: str, path: Path) -> None:
        """Write the key with which a person signs to a file of OpenSSH's."""
        key = Ed25519PrivateKey.from_private_bytes(self._bytes(person))
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
        path.chmod(0o600)

    @property
    def log_seed(self) -> bytes:
        """What the log's key is made of."""
        return self._bytes("log")

    def _bytes(self, about: str) -> bytes:
        return sha256(f"{self._seed} {about}".encode()).digest()

    def signer(self, person: str) -> Signer:
        """Return what a person signs with."""
        if person not in self._signers:
            self._signers[person] = in_memory(self._bytes(person))
        return self._signers[person]

    def _words_of(self, telling: int) -> dict[str, str]:
        council = telling // OF_ONE_COUNCIL
        words = {"council": f"{council}", "telling": f"{telling}"}
        words |= {"council id": f"{council:012x}", "telling id": f"{telling:012x}"}
        words["log_key"] = new_log_key(ORIGIN, self.log_seed).verifier
        first = FIRST_URN + telling * len(self._forms.urns)
        words |= {f"urn {place}": f"{first + place}" for place in range(len(self._forms.urns))}
        for person, scope in self._forms.holders.items():
            own = _own(person, scope, telling)
            members = key_members(ORIGIN, own, self.signer(own))
            words |= {f"{name} {person}": members[name] for name in _OF_A_KEY}
        self._words[telling] = words
        return words


def _order(
    run: Sequence[Said], tellings: Sequence[int], rounds: int
) -> Iterator[tuple[Said, int, int]]:
    """Go through who says what, and for which time: all of one time before all of the next."""
    for again in range(rounds):
        for said in run if again == 0 else [one for one in run if one.scope == _AGAIN]:
            for telling in tellings:
                if telling == _first_of(said.scope, telling):
                    yield said, telling, again


def _may_recur(said: Said) -> bool:
    """Whether it may be said again of the same parties: registers and partnerships stay."""
    lasting = {registers.__name__, partnership.__name__, handover.__name__}
    return said.scope == _EACH and type(said.entry.event).__module__ not in lasting


def _first_of(scope: int, telling: int) -> int:
    """Return the telling that says what stands for all tellings of a scope."""
    return (0, telling - telling % OF_ONE_COUNCIL, telling, telling)[scope]


def _own(reference: str, scope: int, telling: int, again: int = 0) -> str:
    """Return what an id, or a person, is called in a telling."""
    if scope == _ONCE:
        return reference
    number = telling // OF_ONE_COUNCIL if scope == _COUNCIL else telling + again * _TELLINGS
    return f"{reference[:-12]}{number:012x}"


def _recorded_together(said: Said) -> tuple[str, bool]:
    """Return the day, and whether it needs the record as it then stands, or is what founds it."""
    name = said.entry.name
    return said.entry.recorded_at[:10], name in CITING or name == _FOUNDED


class _Forms:
    """Cuts the story's statements where they name what is another's in each telling."""

    def __init__(self, entries: Sequence[Entry[Any]], again: AbstractSet[str]) -> None:
        self._scopes: dict[str, int] = {}
        self._again = again
        #: How many schools one telling is of.
        self.schools = sum(entry.name == "SchoolRegistered" for entry in entries)
        #: Who holds a key, and how far they are known.
        self.holders: dict[str, int] = {}
        self._held: dict[str, str] = {}
        self._councils = {
            entry.data["body"]
            for entry in entries
            if entry.name == "BodyRegistered" and entry.data["kind"] == "local_authority"
        }
        tags = {tag for entry in entries for tag in entry.tags}
        numbers = {t.partition(":")[2] for t in tags if t.startswith(("school:", "urn:"))}
        self.urns = {urn: place for place, urn in enumerate(sorted(numbers))}
        for entry in entries:
            if entry.name == "Appointed":
                party = entry.data["office"].partition("@")[2]
                scope = _COUNCIL if party in self._councils else _EACH
                self._scopes[entry.data["person"]] = scope
        for entry in entries:
            self._scopes[f"event:{entry.id}"] = self._scope_of(entry)
            self._note_keys(entry)
        slugs = [t for t in tags - _SHARED if t.startswith(("partnership:", "body:"))]
        fixed = sorted({*slugs, *self._held}, key=len, reverse=True)
        patterns = (*map(re.escape, fixed), _ID, _URN, _SEALED, _A_HEAD, _NAME)
        self._marked = re.compile("|".join(patterns))

    def _scope_of(self, entry: Entry[Any]) -> int:
        if entry.id in self._again:
            return _AGAIN
        found = [_ONCE]
        for tag in entry.tags:
            kind = tag.partition(":")[0]
            if tag in self._councils:
                found.append(_COUNCIL)
            elif kind in {"school", "partnership", "urn", "body"} and tag not in _SHARED:
                found.append(_EACH)
            else:
                found.append(min(_EACH, self._scopes.get(tag, _ONCE)))
        return max(found)

    def _note_keys(self, entry: Entry[Any]) -> None:
        for said in (entry.data, *entry.data.get("registrars", ())):
            if "public_key" in said:
                person = said["person"]
                self.holders[person] = self._scopes.get(person, _ONCE)
                self._held |= {said[name]: f"{name} {person}" for name in _OF_A_KEY}
        if entry.name == _FOUNDED:
            self._held[entry.data["log_key"]] = "log_key"

    def cut(self, entry: Entry[Any], ledger: Ledger) -> Said:
        """Return a statement of the story as a form."""
        raw = ledger.raw(entry.position)
        statement = raw[raw.index(b'"statement":') + 12 : -1].decode().replace("%", "%%")
        texts = ledger.store.vault.get(entry.id)
        sealed = {c: pointer for pointer, c in sealed_in(entry.data, "/data")}
        scope = self._scopes[f"event:{entry.id}"]
        form = self._marked.sub(lambda found: self._mark(found[0], entry, scope, sealed), statement)
        held = {pointer: texts.get(pointer, (b"", _ERASED))[1] for pointer in sealed.values()}
        return Said(entry, form, scope, self._scopes.get(entry.signedby, _ONCE), held)

    def _mark(self, text: str, entry: Entry[Any], scope: int, sealed: Mapping[str, str]) -> str:
        """Return the mark for what each telling says instead, or the text where all say the same.

        Where it lies does not matter: no two of these are written alike.
        """
        own = "council" if scope == _COUNCIL else "telling"
        marks = (
            (text in self._held, f"%({self._held.get(text)})s"),
            (text in self.urns, f"%(urn {self.urns.get(text)})s"),
            (text in sealed, f"%(sealed {sealed.get(text)})s"),
            (re.fullmatch(_ID, text) is not None, self._mark_id(text)),
            (text in self._councils, f"{text}-%(council)s"),
            (text.startswith(("partnership:", "body:")), f"{text}-%(telling)s"),
            (re.fullmatch(_A_HEAD, text) is not None, "%(head)s"),
            (entry.name in _NAMED and scope != _ONCE, f"{text} %({own})s"),
        )
        return next((mark for (holds, mark) in marks if holds), text)

    def _mark_id(self, text: str) -> str:
        scopes = (self._scopes.get(f"{kind}:{text}", _ONCE) for kind in ("event", "person"))
        own = _MARKS[max(scopes)]
        return f"{text[:_OWN]}{own}" if own else text
