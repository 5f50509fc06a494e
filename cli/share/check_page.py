"""`check-page`: the page that checks a pack or a bundle in a browser, written to a file."""

from __future__ import annotations

import click

from cli.terminal import streams
from cli.terminal.lazy import Command
from cli.terminal.options import about_the_run, forced
from cli.terminal.places import Kind

_PAGE = Kind("a page", (".html", ".htm"))


@click.command(cls=Command, examples=("school-ledger check-page -o check.html",))
@click.option(
    "-o",
    "output",
    metavar="FILE",
    default="-",
    help="Where to write the page; else to stdout.",
)
@forced
@about_the_run
def check_page(*, output: str) -> None:
    """Write check.html: a page that checks a pack or a bundle, with nothing installed.

    Opened from the disk in any browser of today, without a network, it tells whether what somebody
    was sent is as it was signed, and what it did not judge. It is the same page wherever this
    release is installed: compare its SHA-256 with the one that the documents name.
    """
    from ledger.verification.check_page import page  # noqa: PLC0415 - loads when it runs

    with streams.out(output, kind=_PAGE) as file:
        file.write(page())
