"""Local authorities and trusts: which the ledger knows, and what new ones are to be called.

A slug is made from the name. It depends on the whole of the files, never on what is selected or in
which order things are imported: where two trusts, or a trust and an authority, would be called the
same, each such trust takes its UID behind the name, and each such authority its code. A body that
the ledger knows by its number keeps the reference it has; one that it knows by name only is never
taken for another of that name.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from ledger.events.registers import BodyIdentifiers, BodyRegistered
from ledger.imports.files import Published
from ledger.imports.gias.findings import Finding
from ledger.imports.gias.known import Known
from ledger.imports.gias.tables import Establishment, Group
from ledger.imports.plan import Row

_LONGEST_SLUG = 64

#: Types of establishment that the local authority maintains: community, aided, controlled and
#: foundation schools, community and foundation special schools, pupil referral units, nurseries.
MAINTAINED = frozenset({"01", "02", "03", "05", "07", "12", "14", "15"})
#: Types that a trust runs under an agreement with the Secretary of State: academies, free schools,
#: university technical colleges, studio schools, secure schools.
TRUST_RUN = frozenset(
    {"28", "33", "34", "35", "36", "38", "39", "40", "41", "42", "43", "44", "45", "46", "57"}
)
#: Types in the register that are no schools: universities, children's centres, their linked sites.
NO_SCHOOL = frozenset({"29", "47", "48"})


def slug(name: str, number: str = "") -> str:
    """Return a slug of at most 64 characters, cut between words, `number` behind it if given.

    >>> slug("Bristol, City of"), slug("St. Anne's & St. Paul's Trust", "4711")
    ('bristol-city-of', 'st-annes-and-st-pauls-trust-4711')
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    kept = (c for c in plain if c not in "'\N{RIGHT SINGLE QUOTATION MARK}`")
    letters = "".join(c if c.isascii() and c.isalnum() else _gap(c) for c in kept)
    words = letters.split() or ["body"]
    room = _LONGEST_SLUG - (len(number) + 1 if number else 0)
    text = words[0][:room]
    for word in words[1:]:
        if len(text) + 1 + len(word) > room:
            break
        text += f"-{word}"
    return f"{text}-{number}" if number else text


def _gap(character: str) -> str:
    return "" if unicodedata.combining(character) else " "


class Directory:
    """Finds bodies by their numbers, and registers those that the ledger lacks.

    Built from whole files, so that references do not depend on what is asked.
    """

    def __init__(
        self,
        establishments: Mapping[str, Establishment],
        groups: Mapping[str, Group],
        known: Known,
    ) -> None:
        self._known = known
        self._las, self._groups = _authorities(establishments.values()), groups
        la_slugs = [slug(row.la_name) for row in self._las.values()]
        trust_slugs = [slug(group.name) for group in groups.values() if group.runs_schools]
        self._la_slugs = Counter(la_slugs)
        self._trust_slugs = Counter(trust_slugs) + Counter(set(la_slugs))
        self._found: dict[str, Establishment | Group] = {}

    @property
    def authorities(self) -> Mapping[str, str]:
        """Return the name of each authority in the establishments file, by code."""
        return {code: row.la_name for code, row in self._las.items()}

    def authority(self, code: str) -> str | None:
        """Return the reference of a local authority; None if neither file nor ledger has it."""
        if code in self._known.by_la_code:
            return self._known.by_la_code[code].ref
        row = self._las.get(code)
        return None if row is None else self._free(row, row.la_name, code, self._la_slugs)

    def trust(self, uid: str) -> str | None:
        """Return the reference of a trust; None if neither file nor ledger has it.

        None also for a group that runs no schools.
        """
        if uid in self._known.by_group_uid:
            return self._known.by_group_uid[uid].ref
        group = self._groups.get(uid)
        if group is None or not group.runs_schools:
            return None
        return self._free(group, group.name, uid, self._trust_slugs)

    def _free(
        self, row: Establishment | Group, name: str, number: str, slugs: Mapping[str, int]
    ) -> str:
        plain = slug(name)
        shared = slugs[plain] > 1 or f"body:{plain}" in self._known.bodies
        ref = f"body:{slug(name, number)}" if shared else f"body:{plain}"
        self._found[ref] = row
        return ref

    def registrations(
        self, refs: Iterable[str], la_file: Published, group_file: Published
    ) -> tuple[tuple[BodyRegistered, ...], tuple[Finding, ...]]:
        """Return what registers those of the bodies that the ledger lacks, and what to look at.

        Authorities come first, by code, then trusts, by UID. The references are ones that this
        directory has given.
        """
        rows = [(ref, self._found[ref]) for ref in set(refs).difference(self._known.bodies)]
        las = sorted((row.la_code, ref, row) for ref, row in rows if isinstance(row, Establishment))
        trusts = sorted((int(row.uid), ref, row) for ref, row in rows if isinstance(row, Group))
        events = (
            *(_authority(ref, row, la_file) for _, ref, row in las),
            *(_trust(ref, row, group_file) for _, ref, row in trusts),
        )
        return events, tuple(filter(None, map(self._namesake, events)))

    def _namesake(self, event: BodyRegistered) -> Finding | None:
        """Return a finding if the ledger has a body of that name without a number."""
        other = self._known.bodies.get(f"body:{slug(event.name)}")
        if other is None or other.la_code or other.group_uid:
            return None
        where = (
            () if event.source is None else (Row(str(event.source.file), event.source.row or 1),)
        )
        sentence = (
            f"{event.name} is to be recorded as {event.body}, because the ledger has {other.ref}"
            f" ({other.name}), for which it holds no number of the register"
        )
        return Finding("body-name-taken", "", sentence, where)


def _authority(ref: str, row: Establishment, file: Published) -> BodyRegistered:
    return BodyRegistered(
        body=ref,
        kind="local_authority",
        name=row.la_name,
        identifiers=BodyIdentifiers(la_code=row.la_code),
        region=row.region,
        source=file.source(row.row),
    )


def _trust(ref: str, group: Group, file: Published) -> BodyRegistered:
    return BodyRegistered(
        body=ref,
        kind="trust",
        name=group.name,
        identifiers=BodyIdentifiers(
            group_uid=group.uid, group_id=group.id, ukprn=group.ukprn, company=group.company
        ),
        source=file.source(group.row),
    )


def _authorities(rows: Iterable[Establishment]) -> dict[str, Establishment]:
    """Return the first row of each authority that has a code and a name, by code."""
    found: dict[str, Establishment] = {}
    for row in rows:
        if row.la_code != "000" and row.la_name:
            found.setdefault(row.la_code, row)
    return found


def named_groups(rows: Iterable[Establishment]) -> dict[str, Group]:
    """Return the trusts that schools name, for an import without a groups file."""
    found: dict[str, Group] = {}
    for row in rows:
        if row.trust and row.trust_name and row.type in TRUST_RUN:
            group = Group(row.row, row.trust, None, row.trust_name, None, None, runs_schools=True)
            found.setdefault(row.trust, group)
    return found
