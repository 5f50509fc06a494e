"""`init`: found a ledger, whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cli.terminal import asking
from cli.terminal.failures import CommandError
from cli.terminal.lazy import Command
from cli.terminal.options import about_the_run, dry_run, signing
from cli.terminal.session import VARIABLE, Session
from ledger.files import read, write_new
from ledger.precious import SETTINGS
from ledger.texts import as_written

if TYPE_CHECKING:
    from ledger.keys import Signer
    from ledger.log.note import NoteSigner
    from ledger.recording.application import Ledger
    from ledger.recording.founding import Registrar
    from ledger.transparency.trust_card import TrustCard

LEDGER = "school-ledger.db"
_LONGEST = 100_000
#: Days allowed for an answer until somebody records others.
DEFAULT_DAYS = {
    "attestation_days": 14,
    "impact_days": 42,
    "ratification_days": 28,
    "handover_days": 28,
    "response_days": 14,
    "brokerage_days": 28,
}


class _Plan(NamedTuple):
    """What is to be founded."""

    origin: str
    title: str
    name: str
    signer: Signer
    log_key: NoteSigner
    seed: bytes
    others: tuple[dict[str, str], ...]


class _Founded(NamedTuple):
    """What was founded: how others know it, the tree, and the first registrar."""

    card: TrustCard
    size: int
    root: str
    person: str


@click.command(
    cls=Command,
    examples=(
        (
            "school-ledger init --origin northwick.example/support --title Northwick"
            " --key registrar.key --name 'Sam Reed'"
        ),
        (
            "school-ledger init --ledger northwick.db --origin northwick.example --title Northwick"
            " --key ~/.ssh/id_ed25519"
        ),
    ),
)
@click.option(
    "--origin",
    required=True,
    help="The ledger's name for its whole life: a domain you control, and a path if you like.",
)
@click.option("--title", required=True, help="What people call the ledger.")
@click.option("--name", default="Registrar", help="Your name; sealed, so that it can be erased.")
@click.option(
    "--registrar",
    "registrars",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A further registrar, by what `key prove --person new` wrote; up to four. With two, each"
    " can vouch for what the other records, and a lost key can be replaced.",
)
@signing
@dry_run
@about_the_run
@click.pass_obj
def init(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    origin: str,
    title: str,
    name: str,
    registrars: tuple[Path, ...],
    dry_run: bool,
) -> None:
    """Found a ledger: its origin, its title, you as its first registrar, and the key of its log.

    Makes the ledger (school-ledger.db unless --ledger or SCHOOL_LEDGER names another), the log's
    key beside it, and a school-ledger.toml where there is none, and prints the trust card: what
    others need to recognise the ledger. Give it to everyone who will rely on the ledger. Keep the
    log's key secret, and a copy of it safe.
    """
    from ledger.recording.founding import new_log_key  # noqa: PLC0415 - loads the vocabulary

    check_origin(origin)
    url = session.ledger or os.environ.get(VARIABLE) or LEDGER
    _nothing_there(url)
    seed = secrets.token_bytes(32)
    signer = _signer(session)
    others = tuple(_proved(file) for file in registrars)
    plan = _Plan(origin, title, name, signer, new_log_key(origin, seed), seed, others)
    if dry_run:
        _show_dry(session, plan)
        return
    founded = _found(session, url, plan)
    session.done = f"The ledger is founded in {url}."
    wrote = _settings(url, session)
    _tell(session, url, plan, founded, wrote)


def check_origin(origin: str) -> None:
    """Raise CommandError unless this can be a ledger's name."""
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - loads slowly

    from ledger.values import Origin  # noqa: PLC0415 - as above

    try:
        TypeAdapter[str](Origin).validate_python(origin)
    except ValidationError as error:
        raise CommandError(
            "this can be no ledger's origin",
            got=origin,
            expected="a domain, and a path if you like, as northwick.example/support: a-z, 0-9, ."
            " and -, at most 100 characters",
        ) from error


def _proved(file: Path) -> dict[str, str]:
    """Return a further registrar, as they proved their key; the ledger checks the proof."""
    import json  # noqa: PLC0415 - only where there is one

    members = {"person", "key", "public_key", "proof"}
    try:
        said = json.loads(as_written(read(file, _LONGEST), str(file)))
    except ValueError as error:
        raise CommandError(f"{file} is not JSON", got=str(error), todo=_PROVE) from error
    if not isinstance(said, dict) or set(said) != members:
        raise CommandError(
            f"{file} proves no key", expected="person, key, public_key and proof", todo=_PROVE
        )
    return said


_PROVE = "`school-ledger key prove FILE --person new --origin ORIGIN` writes one."


def _log_key_path(url: str) -> Path:
    from ledger.transparency.keeper import log_key_path  # noqa: PLC0415 - loads the vocabulary

    return log_key_path(url)


def _nothing_there(url: str) -> None:
    from ledger.store import is_file, stem  # noqa: PLC0415 - loads slowly

    key, path = _log_key_path(url), stem(url)
    if not is_file(url):
        from cli.keep.placing import entries_at, refuse_taken  # noqa: PLC0415 - as above

        refuse_taken(url, entries_at(url))
    # A file with nothing in it is what is left where somebody stopped before anything was written.
    founded = is_file(url) and path.exists() and not (path.is_file() and path.stat().st_size == 0)
    if key.exists() and not founded:
        raise CommandError(
            f"{key} is there already, and no ledger: a founding was cut short, or the ledger moved",
            todo="If no ledger has this log key, move it away and found the ledger again. Else name"
            " another with --ledger PATH.",
        )
    for taken, is_taken in ((path, founded), (key, key.exists())):
        if is_taken:
            raise CommandError(
                f"{taken} is there already",
                expected="a new name",
                todo="A ledger is founded once. Name another with --ledger PATH.",
            )
    if not path.parent.is_dir():
        raise CommandError(f"there is no folder {path.parent}", todo="Make it first.")


def _signer(session: Session) -> Signer:
    from ledger import keys  # noqa: PLC0415 - cryptography loads slowly

    if session.key is None:
        if not asking.interactive():
            raise click.UsageError("missing option '--key'.", click.get_current_context())
        session.key = str(asking.value("File of your signing key; made if not there", str))
        path = Path(session.key).expanduser()
        if not path.exists():
            keys.generate(path, "", asking.new_passphrase())
    return keys.load(Path(session.key).expanduser(), asking.passphrase())


def _found(session: Session, url: str, plan: _Plan) -> _Founded:
    """Found the ledger in a file of its own, and let it take its place when all is well."""
    from cli.keep.placing import placing  # noqa: PLC0415 - loads the vocabulary

    with placing(url) as place:
        with _ledger(session, str(place.file)) as ledger:
            founded = _record(ledger, plan)
        _write_log_key(_log_key_path(url), plan)
        try:
            place.put()
        except BaseException:
            _log_key_path(url).unlink()
            raise
    return founded


def _ledger(session: Session, url: str) -> Ledger:
    from ledger.recording.application import Ledger, utc_now  # noqa: PLC0415 - loads the vocabulary

    return Ledger.open(url, create=True, clock=session.clock or utc_now)


def _record(ledger: Ledger, plan: _Plan) -> _Founded:
    from ledger.format.statement import new_id  # noqa: PLC0415 - as above
    from ledger.recording.founding import Founding, Registrar, founding  # noqa: PLC0415 - as above
    from ledger.transparency.proofs import trust_card  # noqa: PLC0415 - as above
    from ledger.values import REGISTRAR  # noqa: PLC0415 - as above

    now = ledger.clock()
    first: Registrar = Registrar(f"person:{new_id(now)}", plan.signer)
    verifier = plan.log_key.verifier
    ledger.append(founding(Founding(plan.origin, plan.title, (first,), verifier, plan.others), now))
    for event, data in _opening(first.person, plan):
        ledger.say(event, data, plan.signer, REGISTRAR, ledger.today())
    head = ledger.head()
    return _Founded(trust_card(ledger), head.size, head.root.hex(), first.person)


def _opening(person: str, plan: _Plan) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "PersonEnrolled", {"person": person, "name": plan.name}
    yield "LedgerRulesSet", dict(DEFAULT_DAYS)


def _write_log_key(path: Path, plan: _Plan) -> None:
    from ledger.recording.founding import write_log_key  # noqa: PLC0415 - as above
    from ledger.transparency.last_signed import write_secret  # noqa: PLC0415 - as above

    write_secret(path, write_log_key(plan.origin, plan.log_key.key_hash, plan.seed))


def _settings(url: str, session: Session) -> Path | None:
    """Write school-ledger.toml beside the ledger, unless there is one; return where."""
    from ledger.store import is_file, stem  # noqa: PLC0415 - loads slowly

    path = stem(url)
    file = path.with_name(SETTINGS)
    key = Path(session.key or "").expanduser().resolve()
    folder = path.parent.resolve()
    shown = key.relative_to(folder) if key.is_relative_to(folder) else key
    named = path.name if is_file(url) else url
    lines = [f"ledger = {_quoted(named)}", f"key = {_quoted(str(shown))}"]
    try:
        write_new(file, ("\n".join(lines) + "\n").encode())
    except OSError:
        return None
    return file


def _quoted(text: str) -> str:
    import json  # noqa: PLC0415 - a TOML basic string escapes as JSON does

    return json.dumps(text, ensure_ascii=False)


def _show_dry(session: Session, plan: _Plan) -> None:
    """Print the statements that would be signed, one a line; ids and times will be others."""
    from ledger.format.entry import parse_entry  # noqa: PLC0415 - as above

    with _ledger(session, ":memory:") as ledger:
        _record(ledger, plan)
        for position in (1, 2, 3):
            click.echo(parse_entry(ledger.raw(position)).statement.raw)
    session.remark("Nothing was made. These are the statements that would be signed.")


def _tell(session: Session, url: str, plan: _Plan, founded: _Founded, wrote: Path | None) -> None:
    for line in (
        f"The ledger {plan.title} is founded in {url}.",
        "",
        "Trust card: give this to everyone who will rely on the ledger.",
        *(f"  {line}" for line in founded.card.text().splitlines()),
        "",
        f"record     {founded.size} entries, root {founded.root}",
        f"registrar  {founded.person}",
        f"log's key  {_log_key_path(url)} (keep it secret, and a copy of it safe)",
    ):
        click.echo(line)
    if wrote is not None:
        click.echo(f"settings   {wrote}")
    if not plan.others:
        session.remark(
            "Nobody can vouch for what you record: appoint a second registrar next (`school-ledger"
            " key prove`, then `enrol`). The first one that you appoint counts as founding."
        )
    here = wrote is not None and wrote.parent.resolve() == Path.cwd()
    named = "" if here else f" --ledger {url}"
    session.remark(
        f"Next: school-ledger{named} import gias --establishments FILE --links FILE --groups FILE\n"
        f"  or: school-ledger{named} record BodyRegistered --help"
    )
