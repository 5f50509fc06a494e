"""`verify`: whether a record, or a bundle of it, is what its signers signed, in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.terminal import streams
from cli.terminal.failures import UNVERIFIED, CommandError
from cli.terminal.formats import SCHEMA, dumps
from cli.terminal.lazy import Command, Option
from cli.terminal.options import about_the_run
from cli.terminal.progress import Progress
from cli.terminal.screen import printable
from cli.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.transparency.trust_card import TrustCard
    from ledger.verification.verify import Rests, Verdict
    from projections.pack.verifying import PackVerdict

_SHOWN = 20
_LEAST_ENTRY = 2_000
"""So many bytes of a bundle are an entry with its proof, about."""
_HOLD = "What you hold"


@click.command(
    cls=Command,
    examples=(
        "school-ledger verify b.zip",
        "school-ledger verify b.zip --trust card.txt --checkpoint c1",
        "school-ledger verify cedar-pack.zip --trust card.txt",
        "school-ledger --ledger northwick.db verify --checkpoint c1",
    ),
)
@click.argument("bundle", required=False, type=click.Path(path_type=Path))
@click.option(
    "--checkpoint",
    "held",
    cls=Option,
    section=_HOLD,
    metavar="FILE",
    help="A checkpoint of the log that you kept: is it still part of this history?",
)
@click.option(
    "--trust",
    cls=Option,
    section=_HOLD,
    metavar="CARD",
    help="The ledger's trust card, as `init` printed it: is this that ledger?",
)
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="How to write the verdict.",
)
@about_the_run
@click.pass_context
def verify(
    ctx: click.Context, *, bundle: Path | None, held: str | None, trust: str | None, form: str
) -> None:
    """Verify a BUNDLE, a pack, or the ledger itself: signatures, history, who was entitled to sign.

    Of a pack, every answer is told anew from the bundle in it, and what differs is named. Neither
    needs a ledger, settings or a network. The exit code is 0 where the record verifies, and 3 where
    it does not.
    """
    from ledger.bundle.pack_files import is_pack  # noqa: PLC0415 - loads when it runs

    session: Session = ctx.obj
    note = None if held is None else streams.read_note(held)
    card = None if trust is None else _card(trust)
    if bundle is not None and is_pack(bundle):
        found = _of_pack(session, bundle, note, card)
        _of_this_ledger(held, note, found.verdict)
        _end_pack(ctx, found, form)
        return
    verdict = (
        _of_ledger(session, note, card) if bundle is None else _of(session, bundle, note, card)
    )
    _of_this_ledger(held, note, verdict)
    if form == "json":
        click.echo(dumps(_as_json(verdict)))
    else:
        for line in told(verdict):
            click.echo(line)
    if not verdict.verified:
        ctx.exit(UNVERIFIED)


def _of_this_ledger(held: str | None, note: bytes | None, verdict: Verdict | None) -> None:
    if held is not None and note is not None and verdict is not None and verdict.origin:
        streams.refuse_of_another(held, note, verdict.origin)


def _card(name: str) -> TrustCard:
    from ledger.transparency.trust_card import TrustCard  # noqa: PLC0415 - loads when it runs

    try:
        text = streams.read_lines(name).decode()
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not text", todo="Name the trust card's file.") from error
    return TrustCard.parse(text)


def _of_ledger(session: Session, note: bytes | None, card: TrustCard | None) -> Verdict:
    from ledger.audit.processes import inspecting  # noqa: PLC0415 - loads the vocabulary
    from ledger.verification.verify import verify_store  # noqa: PLC0415 - as above

    progress = Progress("Verifying", quiet=session.quiet)
    entries = session.head()
    with inspecting(entries) as inspect_chunks, session.store() as store:
        return verify_store(store, note, card, progress=progress, inspect_chunks=inspect_chunks)


def _of(session: Session, path: Path, note: bytes | None, card: TrustCard | None) -> Verdict:
    from ledger.audit.processes import inspecting  # noqa: PLC0415 - as above
    from ledger.bundle import Manifest, open_archive  # noqa: PLC0415 - as above
    from ledger.verification.verify import verify_bundle  # noqa: PLC0415 - as above

    with open_archive(path) as archive:
        entries = Manifest.parse(archive.read("manifest.json")).counts.entries
    progress = Progress("Verifying", quiet=session.quiet)
    with inspecting(entries) as inspect_chunks:
        return verify_bundle(path, note, card, progress=progress, inspect_chunks=inspect_chunks)


def _of_pack(
    session: Session, path: Path, note: bytes | None, card: TrustCard | None
) -> PackVerdict:
    from ledger.audit.processes import inspecting  # noqa: PLC0415 - as above
    from ledger.bundle.pack_files import open_pack  # noqa: PLC0415 - as above
    from projections.pack.verifying import verify_pack  # noqa: PLC0415 - as above

    with open_pack(path) as files:
        # How many entries there are is not known yet; a bundle's size tells if sharing is worth it.
        entries = files.size("data/bundle.zip") // _LEAST_ENTRY
    progress = Progress("Verifying", quiet=session.quiet)
    with inspecting(entries) as inspect_chunks:
        return verify_pack(path, note, card, progress=progress, inspect_chunks=inspect_chunks)


def _end_pack(ctx: click.Context, found: PackVerdict, form: str) -> None:
    if form == "json":
        click.echo(dumps(_pack_as_json(found)))
    else:
        for line in told_of_pack(found):
            click.echo(line)
    if not found.verified:
        ctx.exit(UNVERIFIED)


def told_of_pack(found: PackVerdict) -> Iterator[str]:
    """Say in plain words what was found of a pack, then of the bundle in it."""
    manifest, whose = found.manifest, found.manifest.party or "the whole record"
    faults = sum(finding.severity == "fault" for finding in found.findings)
    if found.verified:
        head = "VERIFIED: every answer in this pack is what the bundle in it says."
    elif faults:
        head = f"DOES NOT VERIFY: {_counted(faults)} found in the pack itself."
    else:
        head = "DOES NOT VERIFY: the bundle in this pack does not."
    again = ", ".join(found.told_again) or "none, for the bundle must verify first"
    lines = [
        head,
        "",
        f"Pack       of {whose}, as of {manifest.as_of}, made at {manifest.made_at}",
        f"Signed     by {manifest.exporter.person}, {manifest.exporter.office}",
        f"Told anew  {again}",
        *_listed("What was found in the pack", [_finding(one) for one in found.findings]),
        "",
        "The bundle in it:",
    ]
    yield from (printable(line) for line in lines)
    if found.verdict is None:
        yield "It cannot be read."
    else:
        yield from told(found.verdict)


def _pack_as_json(found: PackVerdict) -> dict[str, Any]:
    manifest = found.manifest
    return {
        "schema": SCHEMA.format("verify-pack"),
        "verified": found.verified,
        "party": manifest.party,
        "as_of": manifest.as_of.isoformat(),
        "made_at": manifest.made_at,
        "exporter": manifest.exporter.model_dump(mode="json"),
        "told_again": list(found.told_again),
        "findings": [one._asdict() for one in found.findings],
        "bundle": None if found.verdict is None else _as_json(found.verdict),
    }


def told(verdict: Verdict) -> Iterator[str]:
    """Say a verdict in plain words, the answer first, a line each: nothing in it makes another."""
    return map(printable, _told(verdict))


def _told(verdict: Verdict) -> Iterator[str]:
    yield _headline(verdict)
    yield ""
    yield f"Ledger     {verdict.origin or 'unknown'} ({verdict.title or 'without a title'})"
    yield f"Holds      {_extent(verdict)}"
    if verdict.kind == "part":
        yield f"Chosen     {_choice(verdict)}"
        yield f"Left out   {_left_out(verdict)}"
    if verdict.root is not None:
        yield f"Root       {verdict.root.hex()}"
    yield f"Anchored   {_anchor(verdict)}"
    yield f"Complete   {_completeness(verdict)}"
    yield f"Text       {_texts(verdict)}"
    yield f"Rules      {_rules(verdict)}"
    grave = [one for one in verdict.findings if one.severity != "note"]
    yield from _listed("What was found", [_finding(one) for one in grave])
    yield from _listed("Kept the rules of its day", [_finding(one) for one in verdict.of_their_day])
    yield from _listed("Who signed", [_signed(*one) for one in verdict.signed])
    yield from _rests("Nobody else vouched for", verdict.unvouched)
    if verdict.second_founder is not None:
        how = "who founded the ledger alone enrolled and appointed them first; nobody else vouched"
        yield from _listed("Counts as founding", [f"{verdict.second_founder}: {how}"])
    yield from _rests("Doubtful", verdict.doubtful)
    for title, fields in (
        ("Erased, but whoever made the bundle still showed the text", verdict.erased_but_disclosed),
        ("Text that is missing", verdict.missing),
        ("Text that is not what was sealed", verdict.mismatching),
    ):
        yield from _listed(title, [f"{event} {pointer}" for event, pointer in fields])


def _headline(verdict: Verdict) -> str:
    if not verdict.verified:
        faults = sum(finding.severity == "fault" for finding in verdict.findings)
        return f"DOES NOT VERIFY: {_counted(faults)} found."
    if not verdict.anchored:
        return "VERIFIED: consistent, not anchored."
    return "VERIFIED: every entry is as it was signed, by people who were entitled to sign it."


def _counted(faults: int) -> str:
    return f"{faults} {'fault' if faults == 1 else 'faults'}"


def _extent(verdict: Verdict) -> str:
    if verdict.kind == "part":
        return f"a part of the record: {verdict.entries:,} of its {verdict.size:,} entries"
    return f"the whole record: {verdict.entries:,} entries"


def _selection(verdict: Verdict) -> dict[str, Any] | None:
    if verdict.kind != "part" or verdict.manifest is None:
        return None
    return verdict.manifest.selection.model_dump(mode="json", exclude_none=True)


def _choice(verdict: Verdict) -> str:
    """Say by what a part was chosen."""
    chosen = verdict.manifest.selection if verdict.manifest else None
    if chosen is None:
        return "by nothing that it tells"
    party = f"what concerns {chosen.party}" if chosen.party else "what happened"
    first = f" from {chosen.first}" if chosen.first else ""
    last = f" up to {chosen.last}" if chosen.last else ""
    return f"{party}{first}{last}, what that rests on, and the registers"


def _left_out(verdict: Verdict) -> str:
    gaps = verdict.left_out
    if not gaps:
        return "nothing"
    count = sum(last - first + 1 for first, last in gaps)
    listed = [
        str(first) if first == last else f"{first} to {last}" for first, last in gaps[:_SHOWN]
    ]
    more = f", and between others up to {gaps[-1][1]}" if len(gaps) > _SHOWN else ""
    return f"{count:,} entries, at {', '.join(listed)}{more}"


def _anchor(verdict: Verdict) -> str:
    if verdict.anchored:
        return f"yes, by {' and '.join(verdict.anchored)}"
    return (
        "no: it agrees with itself, but whether it is the ledger that you mean, and was never"
        " rewritten, only its trust card (--trust) or a checkpoint that you kept (--checkpoint)"
        " can tell"
    )


def _completeness(verdict: Verdict) -> str:
    if verdict.kind == "ledger":
        return "nothing is missing between the first entry and the last"
    if verdict.kind == "whole":
        return "nothing is missing up to the checkpoint that the log signed"
    exporter = verdict.manifest.exporter.person if verdict.manifest else "the exporter"
    return (
        "presence proved, completeness claimed: what is here stands in the record; that nothing"
        " else belongs to what was chosen, and that no key was retired, compromised or replaced but"
        f" as it says, is the word of {exporter}"
    )


def _rules(verdict: Verdict) -> str:
    if verdict.kind == "part":
        return (
            f"authority was judged, of each of the {verdict.entries:,} entries; no other rule, nor"
            " what signers saw, nor whether time went back: these ask about what a part leaves out"
        )
    irregular = len({finding.position for finding in verdict.irregular})
    of_their_day = len({finding.position for finding in verdict.of_their_day})
    if not irregular and not of_their_day:
        return "every entry is one that this release would record"
    said = []
    if irregular:
        said.append(f"{irregular:,} irregular, recorded past the rules that this release keeps")
    if of_their_day:
        said.append(f"{of_their_day:,} recorded before a rule became stricter")
    return f"{'; '.join(said)}; listed below"


def _texts(verdict: Verdict) -> str:
    said = [f"{verdict.matching:,} shown and as sealed", f"{verdict.withheld:,} withheld"]
    for count, word in (
        (len(verdict.erased) + len(verdict.erased_but_disclosed), "erased"),
        (len(verdict.missing), "missing"),
        (len(verdict.mismatching), "not as sealed"),
    ):
        if count:
            said.append(f"{count:,} {word}")
    return ", ".join(said)


def _finding(finding: Any) -> str:
    where = f"entry {finding.position}: " if finding.position else ""
    event = f" ({finding.event})" if finding.event else ""
    grave = "to look at: " if finding.severity == "advice" else ""
    sentence = finding.sentence.replace("\n", "\n    ")
    return f"{grave}{where}{finding.check}: {sentence}{event}"


def _signed(person: str, office: str, key: str, entries: int) -> str:
    return f"{entries:>7,}  {office}  {person}  {key}"


def _rests(title: str, items: Iterable[Rests]) -> Iterator[str]:
    rows = [
        f"{item.what} (entry {item.position}): {item.entries:,} entries rest on it"
        for item in items
    ]
    yield from _listed(title, rows)


def _listed(title: str, rows: list[str]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield f"{title}:"
    for row in rows[:_SHOWN]:
        # Evidence of two sides has lines of its own, further to the right than any of ours.
        yield from (f"  {line}" for line in row.split("\n"))
    if len(rows) > _SHOWN:
        yield f"  and {len(rows) - _SHOWN:,} more; --format json lists them all"


def _as_json(verdict: Verdict) -> dict[str, Any]:
    fields = ("erased", "erased_but_disclosed", "missing", "mismatching")
    rows = ("findings", "signed", "unvouched", "doubtful")
    return {
        "schema": SCHEMA.format("verify"),
        "verified": verdict.verified,
        "kind": verdict.kind,
        "origin": verdict.origin,
        "title": verdict.title,
        "size": verdict.size,
        "root": verdict.root.hex() if verdict.root else None,
        "entries": verdict.entries,
        "selection": _selection(verdict),
        "left_out": [{"first": first, "last": last} for first, last in verdict.left_out],
        "anchored": list(verdict.anchored),
        "texts": {"matching": verdict.matching, "withheld": verdict.withheld}
        | {name: [one._asdict() for one in getattr(verdict, name)] for name in fields},
        **{name: [one._asdict() for one in getattr(verdict, name)] for name in rows},
        "offices": [
            one._asdict() | {"first": str(one.first), "last": one.last and str(one.last)}
            for one in verdict.offices
        ],
    }
