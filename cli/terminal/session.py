"""What one run of the command knows: which ledger, which key, and how to open them.

Settings come from flags, then the environment (SCHOOL_LEDGER), then `school-ledger.toml` beside
the ledger or in the current folder, then the user's own. No setting changes what verifies.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from datetime import date, datetime
    from pathlib import Path

    from ledger.errors import LedgerError
    from ledger.events.base import Audience
    from ledger.keys import Signer
    from ledger.recording.application import Ledger
    from ledger.store.base import EntryStore
    from projections.reports.base import Report
    from projections.reports.names import Names
    from projections.tables.views import Moment, Views

VARIABLE = "SCHOOL_LEDGER"
_REFERENCES = ("school:", "body:", "partnership:", "person:", "@ledger")


class Session:
    """Flags as given, settings as found, and the ledger that they name."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        """Begin a run; `clock` stands in for the machine's where commands are tested."""
        self.ledger: str | None = None
        self.key: str | None = None
        self.quiet = False
        self.debug = False
        self.clock_confirmed = False
        self.excel = False
        #: Whether files are replaced without asking, and those that were.
        self.force = False
        self.replaced: list[Path] = []
        #: For whom a report is made; what it may not see is left out.
        self.audience: Audience | None = None
        self._tables: sqlite3.Connection | None = None
        self.yes = False
        self.bundle: str | None = None
        self.clock = clock
        #: What was recorded, once it was: from then on nothing makes the command fail.
        self.done: str | None = None

    def now(self) -> datetime:
        """Return the moment by the clock, in UTC."""
        from datetime import UTC, datetime  # noqa: PLC0415 - loads only where it is asked for

        return self.clock() if self.clock else datetime.now(UTC)

    def today(self) -> date:
        """Return the day by the clock, in Europe/London as every day is."""
        from ledger.days import today  # noqa: PLC0415 - as above

        return today(self.now())

    # -- settings --------------------------------------------------------------------------

    def url(self) -> str:
        """Return where the ledger is; raise CommandError if nothing names one."""
        from cli.terminal import settings  # noqa: PLC0415 - reads files only when a command runs

        found = self.ledger or os.environ.get(VARIABLE) or settings.ledger()
        if found:
            return found
        from cli.terminal.failures import CommandError  # noqa: PLC0415 - only when it fails

        raise CommandError(
            "no ledger is named",
            todo=f"Name it with --ledger PATH or in {VARIABLE}, work in the folder of its"
            " school-ledger.toml, or make one: `school-ledger init --help`.",
        )

    def setting(self, name: str) -> Any:
        """Return a setting other than the ledger, None where no file has it."""
        from cli.terminal import settings  # noqa: PLC0415 - as above

        return settings.setting(name, self.url())

    def key_path(self) -> Path:
        """Return the file of the key to sign with; raise CommandError if nothing names one."""
        from pathlib import Path  # noqa: PLC0415 - as above

        found = self.key or self.setting("key")
        if found and Path(found).name:
            return Path(found).expanduser()
        from cli.terminal.failures import CommandError  # noqa: PLC0415 - only when it fails

        raise CommandError(
            "no key to sign with is named",
            todo="Name its file with --key FILE (FILE.pub signs through ssh-agent), or make one"
            " with `school-ledger key new FILE`.",
        )

    def office(self, given: str | None) -> str | None:
        """Return the office to sign in: as given, else the one set beside the key that is used.

        A key named by a flag may be another person's, to whom a set office does not belong.
        """
        return given or (None if self.key else self.setting("as"))

    # -- what they name --------------------------------------------------------------------

    def signer(self) -> Signer:
        """Return the signer of the key, asking for its passphrase on a terminal."""
        from cli.terminal.asking import passphrase  # noqa: PLC0415 - loads only to sign
        from ledger import keys  # noqa: PLC0415 - as above

        return keys.load(self.key_path(), passphrase())

    @contextmanager
    def open(self, *, read_only: bool = False, url: str | None = None) -> Iterator[Ledger]:
        """Open the ledger to record in it, or to read with all its rules."""
        from ledger.errors import LedgerError  # noqa: PLC0415 - as below
        from ledger.recording.application import Ledger, utc_now  # noqa: PLC0415 - loads the vocabulary

        with Ledger.open(
            url or self.url(),
            read_only=read_only,
            clock=self.clock or utc_now,
            clock_confirmed=self.clock_confirmed or bool(self.setting("clock_confirmed")),
        ) as ledger:
            try:
                yield ledger
            except LedgerError as error:
                self.put_in_words(error, ledger.store)
                raise

    def put_in_words(self, error: LedgerError, store: EntryStore) -> None:
        """Let an error name people and parties as people do, if the record can be read.

        A refusal names so whatever it refers to.
        """
        with self.wording(store) as put:
            put(error)

    @contextmanager
    def wording(self, store: EntryStore) -> Iterator[Callable[[LedgerError], None]]:
        """Offer what puts many errors in words, by the names that there are at the first of them.

        Whoever looks them up anew for each has those that were recorded meanwhile.
        """
        from contextlib import ExitStack, suppress  # noqa: PLC0415 - as below

        from ledger.errors import LedgerError, RefusedError  # noqa: PLC0415 - as below

        with ExitStack() as stack:
            known: list[Names] = []

            def put(error: LedgerError) -> None:
                is_refusal = isinstance(error, RefusedError)
                if not is_refusal and not any(one in error.what for one in _REFERENCES):
                    return
                from projections.reports.names import Names, refers  # noqa: PLC0415 - if refused

                if not refers(str(error)):
                    return
                with suppress(LedgerError):
                    if not known:
                        connection = stack.enter_context(self.views(store).open())
                        at = self.moment(connection, None, None)
                        known.append(Names(connection, store, at))
                    error.put(known[0].told if is_refusal else known[0].in_words)

            yield put

    @contextmanager
    def store(self) -> Iterator[EntryStore]:
        """Open the store for reading only, without the vocabulary."""
        from ledger.store import open_store  # noqa: PLC0415 - as above

        with open_store(self.url(), read_only=True) as store:
            yield store

    def head(self) -> int:
        """Return how many entries the ledger holds, and leave it closed."""
        with self.store() as store:
            return store.head()

    def views(self, store: EntryStore) -> Views:
        """Return the views of the ledger's store, with a bar where they take long to build."""
        from cli.terminal import settings  # noqa: PLC0415 - as above
        from cli.terminal.progress import Progress  # noqa: PLC0415 - as above
        from projections.tables.catalogue import views  # noqa: PLC0415 - as above
        from projections.tables.views import folder_for  # noqa: PLC0415 - as above

        return views(
            store,
            folder_for(self.url(), settings.cache()),
            Progress("Reading the record", quiet=self.quiet),
        )

    @contextmanager
    def tables(self) -> Iterator[tuple[EntryStore, sqlite3.Connection]]:
        """Open the store and its views, caught up, for a question; those of a bundle, if named.

        Where it is asked for an audience, sealed text that it may not read is not there. Raises
        UnverifiedError for a bundle that does not verify.
        """
        with self._read() as (store, connection):
            self._tables = connection
            if self.audience is None:
                yield store, connection
                return
            from projections.reports.audience import withholding  # noqa: PLC0415 - the vocabulary

            yield withholding(store, connection, self.audience), connection

    @contextmanager
    def _read(self) -> Iterator[tuple[EntryStore, sqlite3.Connection]]:
        if self.bundle is not None:
            with self._bundled(self.bundle) as lent:
                yield lent
            return
        with self.store() as store, self.views(store).open() as connection:
            yield store, connection

    def seen(self, report: Report) -> Report:
        """Return a report as the audience may see it, within the tables that it came from."""
        if self.audience is None or self._tables is None:
            return report
        from projections.reports.audience import seen_by  # noqa: PLC0415 - as above

        return seen_by(self._tables, report, self.audience)

    @contextmanager
    def _bundled(self, name: str) -> Iterator[tuple[EntryStore, sqlite3.Connection]]:
        from pathlib import Path  # noqa: PLC0415 - as above

        from cli.terminal.failures import naming  # noqa: PLC0415 - as above
        from cli.terminal.progress import Progress  # noqa: PLC0415 - as above
        from projections.tables.extract import answering  # noqa: PLC0415 - as above

        progress = Progress("Verifying", quiet=self.quiet)
        with naming(name), answering(Path(name), progress) as told:
            yield told.store, told.connection

    def moment(
        self, connection: sqlite3.Connection, as_of: str | None, known_at: str | None
    ) -> Moment:
        """Return the moment that a question is about; without any dates, now."""
        import click  # noqa: PLC0415 - as above

        from projections.errors import ProjectionError  # noqa: PLC0415 - as above
        from projections.tables.views import moment  # noqa: PLC0415 - as above

        if as_of is None and known_at is None:
            as_of = self.today().isoformat()
        try:
            return moment(connection, as_of, known_at)
        except ProjectionError as error:
            # What was typed for it is wrong, and not the record.
            raise click.UsageError(str(error), click.get_current_context(silent=True)) from error

    # -- the terminal ----------------------------------------------------------------------

    def remark(self, text: str) -> None:
        """Say something on stderr that is no result, unless asked to be quiet."""
        from cli.terminal.screen import flush, shown  # noqa: PLC0415 - as above

        if not self.quiet:
            flush()
            print(shown(text), file=sys.stderr)  # noqa: T201 - the command line speaks here


def public_half(file: Path) -> Signer:
    """Return the key by its public file if that is there: its secret need not be unlocked."""
    from cli.terminal.asking import passphrase  # noqa: PLC0415 - as above
    from ledger import keys  # noqa: PLC0415 - as above

    public = file.with_name(f"{file.name}.pub")
    return keys.load(public if public.is_file() else file, passphrase())
