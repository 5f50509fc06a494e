"""Which establishments an import is about: all, or those of chosen authorities, trusts or URNs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ledger.errors import NotFoundError
from ledger.imports.gias.bodies import Directory, slug
from ledger.imports.gias.known import Known, KnownSchool
from ledger.imports.gias.register import Register
from ledger.imports.gias.tables import Establishment, Group
from ledger.near import near

_PROPOSED = 3


@dataclass(frozen=True)
class Selection:
    """Authorities by code, name or slug; trusts by UID, ID or slug; URNs. All empty: everything.

    What any of the three names is selected. A URN may be one that a school has had, and stands for
    the establishment that goes on from it.
    """

    las: frozenset[str] = field(default_factory=frozenset)
    trusts: frozenset[str] = field(default_factory=frozenset)
    urns: frozenset[str] = field(default_factory=frozenset)


class Selected:
    """A selection looked up in files and ledger; NotFoundError for what neither of them has."""

    def __init__(
        self, selection: Selection, register: Register, directory: Directory, known: Known
    ) -> None:
        """Look every name up, and say of the first that is not found what comes close."""
        self._register = register
        self._everything = not (selection.las or selection.trusts or selection.urns)
        self._las = set(_found(selection.las, _la_names(directory, known), "local authority"))
        trusts = _trust_names(register.groups, directory, known) if selection.trusts else {}
        self._trusts = set(_found(selection.trusts, trusts, "trust"))
        self._urns = {_urn(text, register, known) for text in selection.urns}
        self._la_refs = {directory.authority(code) for code in self._covered(directory)}
        self._trust_refs = {
            known.by_group_uid[uid].ref for uid in self._trusts & {*known.by_group_uid}
        }

    def _covered(self, directory: Directory) -> set[str]:
        """Return the authorities whose schools the file should have: those that it has any of."""
        present = set(directory.authorities)
        return present if self._everything else present & self._las

    def rows(self) -> list[Establishment]:
        """Return the selected rows of the establishments file, in its order."""
        return [row for row in self._register.establishments.values() if self._has(row)]

    def _has(self, row: Establishment) -> bool:
        return (
            self._everything
            or row.la_code in self._las
            or row.urn in self._urns
            or (row.trust is not None and row.trust in self._trusts)
        )

    def heads(self) -> dict[str, Establishment]:
        """Return the establishments that go on from the selected ones, by URN."""
        urns = [row.urn for row in self.rows()]
        rows = self._register.establishments
        urns += sorted(self._urns.difference(rows))
        heads = dict.fromkeys(map(self._register.history.head, urns))
        return {urn: rows[urn] for urn in heads if urn in rows}

    def covers(self, line: KnownSchool) -> bool:
        """Return whether a school of the ledger is one that these files should tell of."""
        return (
            line.la in self._la_refs
            or line.responsible_body in self._trust_refs
            or any(dated.urn.removeprefix("urn:") in self._urns for dated in line.urns)
        )


def _la_names(directory: Directory, known: Known) -> dict[str, str]:
    names: dict[str, str] = {}
    for code, name in directory.authorities.items():
        ref = directory.authority(code) or ""
        names |= dict.fromkeys((name.casefold(), slug(name), ref.removeprefix("body:"), code), code)
    for code, body in known.by_la_code.items():
        names |= dict.fromkeys((code, body.name.casefold(), body.ref.removeprefix("body:")), code)
    return names


def _trust_names(groups: Mapping[str, Group], directory: Directory, known: Known) -> dict[str, str]:
    names: dict[str, str] = {}
    for uid, group in groups.items():
        if group.id:
            names[group.id.casefold()] = uid
        ref = directory.trust(uid)
        if ref:
            names[ref.removeprefix("body:")] = uid
    for uid, body in known.by_group_uid.items():
        names[body.ref.removeprefix("body:")] = uid
    # Last, because a few groups have another's UID for their ID.
    return names | {uid: uid for uid in (*groups, *known.by_group_uid)}


def _found(texts: Iterable[str], names: Mapping[str, str], what: str) -> list[str]:
    found = []
    for text in sorted(texts):
        key = text.strip().casefold().removeprefix("body:")
        if key not in names:
            close = _close(key, names)
            raise NotFoundError(
                f"no {what} {text!r} in these files or the ledger",
                todo=f"Did you mean {', '.join(close)}?" if close else None,
            )
        found.append(names[key])
    return found


def _close(key: str, names: Mapping[str, str]) -> list[str]:
    """Return the names of what has a text within its name, else of what comes near; each once."""
    within = sorted((name for name in names if key and key in name), key=len)
    close = within or near(key, names, _PROPOSED)
    return list({names[name]: name for name in reversed(close)}.values())[: -_PROPOSED - 1 : -1]


def _urn(text: str, register: Register, known: Known) -> str:
    urn = text.strip().removeprefix("urn:").removeprefix("school:")
    here = urn in register.establishments or urn in register.history
    if not here and f"urn:{urn}" not in known.by_urn:
        raise NotFoundError(f"no establishment with the URN {text!r} in these files or the ledger")
    return urn
