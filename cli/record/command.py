"""`record` and `draft`: one command for each event, generated from the event's model."""

from __future__ import annotations

import inspect
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from cli.record import defaults
from cli.record.again import event_id_given, recorded_before
from cli.record.drafting import Asked, Signing, drafted, key_of, refusals
from cli.record.examples import example_of
from cli.record.model_members import assembled, events_members
from cli.record.model_options import FILLED, FOR_ANOTHER, NEEDED, OPTIONAL, option_of
from cli.record.parsing import read_text
from cli.record.preview import agree, foreseen
from cli.record.receipt import append, tell
from cli.record.references import Names
from cli.record.template import read_template, template
from cli.terminal import streams
from cli.terminal.failures import REFUSED, CommandError, say
from cli.terminal.lazy import Choice, Command, Group, Option
from cli.terminal.options import about_the_run, day, dry_run, forced, params_of, signing, unasked
from cli.terminal.session import Session
from cli.terminal.streams import DISCLOSURES
from ledger.days import FIRST, LAST
from ledger.domain import decide
from ledger.domain.judgements.frameworks import SHIPPED
from ledger.errors import RefusedError
from ledger.events import CATALOGUE, Event
from ledger.format.sealed import write_disclosures
from ledger.format.statement import Draft
from ledger.recording.application import Ledger, Recorded, sign

_BY_FOLDED = {event.__name__.casefold(): event for event in CATALOGUE}


class Events(Group):
    """A group with a command for each event, listed by the theme that it belongs to."""

    def __init__(self, *args: Any, run: Callable[..., None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._run = run

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the events in the order of the catalogue."""
        return [event.__name__ for event in CATALOGUE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of an event; `visit-made` is VisitMade, too."""
        event = _BY_FOLDED.get(cmd_name.replace("-", "").replace("_", "").casefold())
        return None if event is None else _command(event, str(self.name), self._run)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the events under their themes, each with its one line."""
        themes: dict[str, list[tuple[str, str]]] = {}
        for event in CATALOGUE:
            line = (inspect.getdoc(event) or "").partition("\n\n")[0].replace("\n", " ")
            themes.setdefault(_theme(inspect.getmodule(event)), []).append((event.__name__, line))
        for theme, events in themes.items():
            with formatter.section(theme):
                formatter.write_dl(events)


def _theme(module: ModuleType | None) -> str:
    return ((module.__doc__ if module else "") or "").partition(":")[0]


def _command(event: type[Event], group: str, run: Callable[..., None]) -> Command:
    def callback(**values: Any) -> None:
        run(event, **values)

    name = event.__name__
    rule = decide.RULES[name]
    said = [
        option_of(member, filled=defaults.filled(event, member))
        for member in events_members(event)
        if not (member.of_any and rule.lasting)
    ]
    said.sort(key=lambda option: _ORDER.index(option.section))
    words = (
        f"{inspect.getdoc(event)}\n\nTo be signed by {'; or '.join(by.words for by in rule.by)}."
    )
    return Command(
        name,
        callback=callback,
        params=[*said, *_more(name), *params_of(_SHARED[group])],
        help=words,
        short_help=words.partition("\n")[0],
        examples=[f"school-ledger {group} {name} {example_of(event)}"],
    )


_ORDER = [NEEDED, FILLED, OPTIONAL, FOR_ANOTHER]


def _more(name: str) -> Iterator[click.Option]:
    """Return the options that only one event has."""
    if name == "FrameworkAdopted":
        yield Option(
            ["--shipped"],
            section=NEEDED,
            type=Choice(list(SHIPPED)),
            help="A framework that comes with this software, instead of all the rest.",
        )
    if name == "EvidenceLodged":
        yield Option(
            ["--document"],
            section=NEEDED,
            metavar="FILE",
            type=click.Path(path_type=Path, dir_okay=False),
            help="The document itself, for its type, size and SHA-256; it stays where it is.",
        )


def _about_saying(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --from, --occurred-on and --as."""
    for decorate in (
        click.option(
            "--as",
            "office",
            cls=Option,
            section="Signing",
            metavar="OFFICE",
            help="The office to sign in, as head@900001; else the only one of yours that may.",
        ),
        click.option(
            "--occurred-on",
            cls=Option,
            section="Signing",
            metavar="DATE",
            help="The day that it happened. [default: today]",
        ),
        click.option(
            "--from",
            "--data",
            "source_file",
            cls=Option,
            section=OPTIONAL,
            metavar="FILE|-",
            help="A template that was filled in, or a JSON object; an option counts more.",
        ),
    ):
        function = decorate(function)
    return function


@_about_saying
@signing
@unasked
@dry_run
@click.option(
    "--id",
    "event_id",
    cls=Option,
    section="Signing",
    metavar="UUID",
    callback=event_id_given,
    help="The event's id, a UUID of version 7: the same command again records nothing twice.",
)
@click.option(
    "--format",
    "-f",
    "form",
    cls=Option,
    section="Signing",
    type=Choice(["table", "json"]),
    default="table",
    help="How to tell what was recorded.",
)
@about_the_run
def _recording() -> None: ...


@_about_saying
@click.option(
    "--template",
    cls=Option,
    section=OPTIONAL,
    is_flag=True,
    help="Write a commented file to fill in instead, for --from.",
)
@signing
@click.option(
    "--signer",
    cls=Option,
    section="Signing",
    metavar="PERSON",
    help="Who will sign, where the key is elsewhere; needs --as.",
)
@click.option(
    "--output",
    "-o",
    "path",
    cls=Option,
    section="Signing",
    metavar="FILE",
    help="Where to write it; sealed text goes to FILE.disclosures.",
)
@forced
@about_the_run
def _drafting() -> None: ...


_SHARED = {"record": _recording, "draft": _drafting}


# -- running -------------------------------------------------------------------------------------


def _asked(event: type[Event], values: dict[str, Any]) -> Asked:
    name = event.__name__
    if name == "LedgerFounded":
        raise CommandError(
            "a ledger is founded once, by `school-ledger init`",
            todo="`school-ledger init --help` says how.",
        )
    source = values["source_file"]
    data = _said_in(source, event) if source else {}
    if values.get("shipped"):
        data = defaults.shipped_framework(values["shipped"]) | data
    if values.get("document"):
        data = defaults.document(values["document"]) | data
    data = assembled(events_members(event), values, data)
    on = date.fromisoformat(day(values["occurred_on"] or "today", "--occurred-on"))
    if not FIRST <= on <= LAST:
        said = f"'{on}' is no day between {FIRST} and {LAST}."
        raise click.BadParameter(said, click.get_current_context(), param_hint="--occurred-on")
    return Asked(event, data, on, values.get("event_id"))


def _said_in(path: str, event: type[Event]) -> dict[str, Any]:
    """Return what a file says: a template that was filled in, or a JSON object."""
    name, text = "standard input" if path == "-" else path, read_text(path)
    is_json = text.lstrip()[:1] in ("{", "[", '"')
    try:
        value = (
            json.loads(text, object_pairs_hook=_once)
            if is_json
            else read_template(text, events_members(event))
        )
    except ValueError as error:
        what = "not JSON" if is_json else "neither JSON nor a template that was filled in"
        raise CommandError(f"{name} is {what}: {error}") from error
    if not isinstance(value, dict):
        raise CommandError(
            f"{name} is not a JSON object", expected='members of the event, as {"days": "1.0"}'
        )
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; raise ValueError for a member said twice, whose last would win."""
    counted = Counter(name for name, _ in pairs)
    twice = next((name for name, count in counted.items() if count > 1), None)
    if twice is not None:
        raise ValueError(f"it says {twice} twice; say it once")
    return dict(pairs)


def _record(event: type[Event], **values: Any) -> None:
    session: Session = click.get_current_context().obj
    asked = _asked(event, values)
    signer = session.signer()
    key = f"key:{signer.public.fingerprint}"
    with session.open(read_only=values["dry_run"]) as ledger:
        who = Signing(key, ledger.person_of(key), session.office(values["office"]))
        day_given = values["occurred_on"] is not None
        recorded = _repeated(session, ledger, asked, who, day_given=day_given)
        if recorded is None:
            with session.views(ledger.store).open() as connection:
                draft = drafted(ledger, connection, asked, who)
                told = foreseen(session, ledger, connection, draft)
            if values["dry_run"]:
                _say_all((*told.said[1:], *told.warned))
                _show_dry(session, ledger, draft, key)
                return
            agree(session, told.said, warned=told.warned)
            recorded = append(ledger, sign(draft, signer))
        tell(session, ledger, recorded, values["form"])
        if event.__name__ == "PersonEnrolled":
            person = ledger.find(recorded.event).data["person"]
            session.remark(f"The person's reference is {person}.")


def _repeated(
    session: Session, ledger: Ledger, asked: Asked, who: Signing, *, day_given: bool
) -> Recorded | None:
    """Return what the same command recorded before, where the user names the event's id."""
    if asked.event_id is None:
        return None
    with session.views(ledger.store).open() as connection:
        names = Names(ledger, connection, who.key)
        return recorded_before(ledger, names, asked, who, day_given=day_given)


def _say_all(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def _show_dry(session: Session, ledger: Ledger, draft: Draft, key: str) -> None:
    click.echo(draft.statement, nl=False)
    session.remark("\nNothing was recorded. These are the bytes that would be signed.")
    refused = _would_be_refused(session, ledger, draft, key)
    if refused:
        session.remark(refused)
        click.get_current_context().exit(REFUSED)


def _would_be_refused(session: Session, ledger: Ledger, draft: Draft, key: str) -> str:
    """Return why a statement would be refused if it were recorded now; empty if it would not."""
    reasons = refusals(ledger, draft.statement, key)
    if not reasons:
        return ""
    refused = RefusedError("it", reasons)
    session.put_in_words(refused, ledger.store)
    return f"It would be refused now, for these reasons:{str(refused).partition(':')[2]}"


def _draft(event: type[Event], **values: Any) -> None:
    session: Session = click.get_current_context().obj
    if values["template"]:
        path = values["path"]
        streams.emit(template(event).encode(), path)
        session.remark(
            f"Next, when it is filled in: school-ledger record {event.__name__}"
            f" --from {path or 'FILE'}"
        )
        return
    asked = _asked(event, values)
    with session.open(read_only=True) as ledger:
        who = _who(session, ledger, values)
        with session.views(ledger.store).open() as connection:
            draft = drafted(ledger, connection, asked, who)
            told = foreseen(session, ledger, connection, draft)
        key = who.key or key_of(ledger, who.person)
        refused = _would_be_refused(session, ledger, draft, key)
    _say_all((*told.said[1:], *told.warned, *filter(None, [refused])))
    _write_draft(session, draft, values["path"])


def _who(session: Session, ledger: Ledger, values: dict[str, Any]) -> Signing:
    """Return who will sign: the person named, else the one whose key it is."""
    if values["signer"] is None:
        key = f"key:{session.signer().public.fingerprint}"
        return Signing(key, ledger.person_of(key), session.office(values["office"]))
    # A set office belongs to the set key, not to somebody who is named.
    office = values["office"]
    if office is None:
        raise CommandError("the office to sign in is not named", todo="Say which with --as OFFICE.")
    from cli.terminal.parties import party_named  # noqa: PLC0415 - only here

    with session.views(ledger.store).open() as connection:
        person = party_named(connection, ledger.store, values["signer"], ("person",))
    return Signing("", person, office)


def _write_draft(session: Session, draft: Draft, path: str | None) -> None:
    if path is None or path == "-":
        if draft.disclosures:
            raise CommandError(
                "the sealed text must be kept beside the statement",
                todo=f"Name a file with -o FILE; the text goes to FILE{DISCLOSURES}.",
            )
        click.echo(draft.statement, nl=False)
        return
    beside = f"{path}{DISCLOSURES}"
    # The text appears first: a statement without it could be signed, and its text never be shown.
    with streams.out(path) as file:
        file.write(draft.statement)
        if draft.disclosures:
            streams.emit(write_disclosures(draft.disclosures), beside, private=True)
        else:
            Path(beside).unlink(missing_ok=True)
    session.remark(f"Next: school-ledger sign {path} | school-ledger append -")


record = Events(
    "record",
    run=_record,
    help="Say that something happened: build the statement, sign it with your key, record it.\n\n"
    "Things are named by what people know: a URN, a short name, the first characters of an event's"
    " id. What the record tells need not be given. `school-ledger record EVENT --help` lists the"
    " options of an event.",
    examples=(
        (
            "school-ledger record VisitMade --visitor 900001 --host 900002 --purpose support"
            " --mode on_site --days 1.5"
        ),
        "school-ledger record VisitAttested --visit 0193ab12 --days 1.5",
        "school-ledger record KeyEnrolled --from proof.json",
        "school-ledger record VisitAttested --visit 0193ab12 --days 1.5 --dry-run",
    ),
)

draft = Events(
    "draft",
    run=_draft,
    help="Write the bytes of a statement, to be signed elsewhere, and what opens its sealed text."
    "\n\nThe options are those of `school-ledger record`. Sign the file with `school-ledger sign`"
    " or `ssh-keygen -Y sign -n statement@school-ledger`, then `school-ledger append` it.",
    examples=(
        "school-ledger draft VisitAttested --visit 0193ab12 --days 1.5 -o visit.json",
        "school-ledger draft VisitMade --from visit.json --signer 0193ab12 --as head@900001 -o v",
        "school-ledger draft PartnershipFormed --template -o estuary.toml",
    ),
)
