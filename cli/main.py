"""The `school-ledger` command: the table of commands, and the one place where errors end.

Results go to stdout, everything else to stderr. This module and `lazy`, `session` and `options`
import nothing but click and a little of the standard library: `--help` answers at once.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import click

from cli.terminal.lazy import Lazy, LazyGroup, ReaderGoneError
from cli.terminal.options import about_the_run, params_of
from cli.terminal.screen import flush, guarded
from cli.terminal.session import Session

COMMANDS = {
    "init": Lazy(
        "cli.keep.init:init", "Found a ledger: its origin, title, first registrar and keys."
    ),
    "key": Lazy("cli.keep.key:key", "Make a signing key, show it, or prove that you hold it."),
    "enrol": Lazy("cli.keep.enrol:enrol", "Enrol people, their keys and their offices, in one go."),
    "vouch": Lazy("cli.keep.vouch:vouch", "Who waits to be vouched for, by name; and vouch."),
    "record": Lazy(
        "cli.record.command:record", "Say that something happened: build, sign and record it."
    ),
    "inbox": Lazy(
        "cli.record.inbox:inbox", "What waits for an answer of your office, and what you wait for."
    ),
    "answer": Lazy("cli.record.inbox:answer", "Answer what waits under a number of your inbox."),
    "draft": Lazy(
        "cli.record.command:draft", "Write the bytes of a statement, to be signed elsewhere."
    ),
    "sign": Lazy("cli.record.signing:sign", "Sign drafted statements."),
    "append": Lazy("cli.record.signing:append", "Record signed statements, one or a million."),
    "import": Lazy("cli.keep.imports:group", "Record what published registers say of schools."),
    "find": Lazy(
        "cli.read.parties:find", "Parties and people by any part of a name, a URN or a LAESTAB."
    ),
    "owes": Lazy("cli.read.reports:owes", "Who owes what to whom, and what is overdue."),
    "history": Lazy(
        "cli.read.reports:history", "Everything that happened to a party, in time order."
    ),
    "replay": Lazy(
        "cli.read.replay:replay", "The record again, event by event, and what each changed."
    ),
    "diff": Lazy("cli.read.replay:diff", "What differs between two moments, and why."),
    "show": Lazy("cli.read.show:show", "One event, agreement, obligation or party, in full."),
    "report": Lazy("cli.read.catalogue:report", "A report by its name."),
    "keys": Lazy("cli.read.keyholders:keys", "Every key that could ever sign for each office."),
    "erase": Lazy("cli.keep.erase:erase", "Erase sealed text for good, with authority."),
    "check": Lazy(
        "cli.keep.check:check", "Check the whole record: signatures, log, sealed text, views."
    ),
    "log": Lazy(
        "cli.log.command:log", "Sign, prove, witness and timestamp the log: tamper evidence."
    ),
    "verify": Lazy(
        "cli.share.verify:verify", "Verify a bundle that you were sent, or the ledger itself."
    ),
    "check-page": Lazy(
        "cli.share.check_page:check_page",
        "The page that checks a pack or bundle in a browser, with nothing installed.",
    ),
    "export": Lazy(
        "cli.share.export:export", "Take the record, or a part of it, out of the ledger."
    ),
    "load": Lazy("cli.share.load:load", "Make a ledger of exported entries."),
    "rebuild": Lazy("cli.keep.check:rebuild", "Build the tables behind the answers anew."),
    "demo": Lazy(
        "cli.demo.command:demo", "Two years of a fictional partnership, recorded for real."
    ),
    "help": Lazy("cli.read.glossary:glossary", "What a word of reports and messages means."),
}
EXAMPLES = (
    "school-ledger demo --dir d",
    "school-ledger init --origin northwick.example/support --title Northwick --key registrar.key",
    "school-ledger record VisitAttested --visit 0193ab12 --days 1.5",
    "school-ledger inbox",
    "school-ledger owes --overdue",
    'school-ledger find "cedar bank"',
    "school-ledger history 900003",
)


_RARELY = 10_000
"""Objects between collections: what a command loads is many objects, which stay till it ends."""


class School(LazyGroup):
    """The command itself: whatever goes wrong below ends here, as a sentence and an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - click's signature
        **extra: Any,
    ) -> Any:
        """Run, and exit with 0 done, 1 refused or failed, 2 wrong usage, 3 or 4 `check`.

        And with 141 where nobody reads on, as `head` does.
        """
        session = extra["obj"] = extra.get("obj") or Session()
        run: Callable[..., Any] = super().main
        run = partial(run, args, prog_name, complete_var, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        gc.set_threshold(_RARELY)
        with guarded():
            try:
                code = run()
                flush()
                for path in session.replaced:
                    session.remark(f"Replaced {path}, which was there before.")
            except Exception as error:  # noqa: BLE001 - whatever it was, it ends here
                from cli.terminal.failures import report  # noqa: PLC0415 - only when something failed

                code = report(error, debug=session.debug, done=session.done)
            sys.exit(code if isinstance(code, int) else 0)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Parse what was typed; here help is written."""
        with _own_end():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with _own_end():
            return super().invoke(ctx)


@contextmanager
def _own_end() -> Iterator[None]:
    """Let it end here that nobody reads on: click would end by itself, with 1."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error


@click.version_option(package_name="school-ledger", message="%(prog)s %(version)s")
@about_the_run
def _root() -> None:
    """Keep and read a signed record of how schools support each other: who promised what, who
    delivered, who owes what to whom.

    Results go to stdout, everything else to stderr. Things are named by what people know: a name, a
    URN, a slug (northwick, estuary), or the first characters of an event's id.
    """  # noqa: D205 - click rewraps it


main = School(
    "school-ledger",
    COMMANDS,
    callback=_root,
    params=params_of(_root),
    help=_root.__doc__,
    examples=EXAMPLES,
    epilog="`school-ledger COMMAND --help` explains a command, with examples."
    " Exit codes: 0 done; 1 refused, not found or failed; 2 wrong usage;"
    " 3 the record does not verify; 4 `check` found something; 141 nobody reads on, as after"
    " `| head`.",
)
