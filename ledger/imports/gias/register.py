"""The register as its files give it: read once, looked up by URN, code and UID."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.imports.files import Published, load
from ledger.imports.gias import tables
from ledger.imports.gias.bodies import named_groups
from ledger.imports.gias.succession import History
from ledger.imports.gias.tables import Establishment, Group, Link
from ledger.imports.plan import Row


@dataclass(frozen=True)
class Files:
    """Where the published files are.

    Without links no succession is seen; without groups trusts are known by UID and name only.
    """

    establishments: Path
    links: Path | None = None
    groups: Path | None = None


@dataclass(frozen=True)
class Register:
    """What the files hold."""

    establishments: Mapping[str, Establishment]
    names_trusts: bool
    groups: Mapping[str, Group]
    history: History
    establishments_file: Published
    links_file: Published | None
    groups_file: Published

    @property
    def published_on(self) -> date | None:
        """Return the day of the latest of the files, if the name of any gives one."""
        files = (self.establishments_file, self.links_file, self.groups_file)
        return max(
            (file.published_on for file in files if file and file.published_on), default=None
        )

    def label(self, urn: str) -> str:
        """Return an establishment's URN with its name, if any file has it."""
        row = self.establishments.get(urn)
        name = row.name if row else self.history.names.get(urn)
        return f"{urn} {name}" if name else urn

    def row(self, establishment: Establishment) -> Row:
        """Return where an establishment stands."""
        return Row(self.establishments_file.name, establishment.row)

    def rows(self, links: tuple[Link, ...]) -> tuple[Row, ...]:
        """Return where links stand, in the order of the file."""
        name = self.links_file.name if self.links_file else ""
        return tuple(sorted({Row(name, link.row) for link in links}))


def open_register(files: Files, progress: Callable[[int, int], None] | None) -> Register:
    """Read the files; raise ImportFileError for the first that is not what it should be.

    `progress` is told the lines read and the lines there are.
    """
    establishments_file = load(files.establishments, tables.ESTABLISHMENTS)
    links_file = load(files.links, tables.LINKS) if files.links else None
    groups_file = load(files.groups, tables.GROUPS) if files.groups else None
    total = sum(file.lines for file in (establishments_file, links_file, groups_file) if file)
    done = 0

    def tick(lines: int) -> None:
        nonlocal done
        done += lines
        if progress:
            progress(done, total)

    tick(0)
    establishments, names_trusts = tables.establishments(establishments_file, tick)
    links = tables.links(links_file, tick) if links_file else []
    groups = tables.groups(groups_file, tick) if groups_file else None
    register = Register(
        establishments=establishments,
        names_trusts=names_trusts,
        groups=named_groups(establishments.values()) if groups is None else groups,
        history=History(links, establishments),
        establishments_file=establishments_file,
        links_file=links_file,
        groups_file=groups_file or establishments_file,
    )
    tick(total - done)
    return register
