"""What `verify` found, told in plain words or as JSON: the verdict first, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.share.exporting import extent
from cli.terminal.formats import SCHEMA
from cli.terminal.screen import printable
from ledger.audit.continuity import HELD
from ledger.verification.anchors import CARD_CHECK
from ledger.verification.called import Called

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.audit.by_entry import Finding
    from ledger.verification.verify import Rests, Verdict
    from projections.pack.verifying import PackVerdict

_SHOWN = 20


def told_of_pack(found: PackVerdict) -> Iterator[str]:
    """Say in plain words what was found of a pack, then of the bundle in it."""
    manifest, verdict = found.manifest, found.verdict
    called = verdict.called if verdict else Called({})
    whose = called.in_words(manifest.party or "the whole record")
    exporter = called.in_words(f"{manifest.exporter.person}, {manifest.exporter.office}")
    again = ", ".join(found.told_again) or "none, for the bundle must verify first"
    listed = list(
        _listed("What was found in the pack", [_finding(called, one) for one in found.findings])
    )
    faulty = any(finding.severity == "fault" for finding in found.findings)
    lines = [
        _headline_of_pack(found),
        *(listed if faulty else ()),
        "",
        f"Pack       of {whose}, as of {manifest.as_of}, made at {manifest.made_at}",
        f"Signed     by {exporter}",
        f"Told anew  {again}",
        *(() if faulty else listed),
        "",
        "The bundle in it:",
    ]
    yield from map(printable, lines)
    if verdict is None:
        yield "It cannot be read."
    else:
        yield from told(verdict)


def _headline_of_pack(found: PackVerdict) -> str:
    if found.verified and not found.compared:
        return (
            "VERIFIED in part: what could be compared in this pack is what the bundle in it says;"
            " what could not is listed."
        )
    if found.verified:
        # Anybody can invent a ledger that agrees with itself: who reads no further must know.
        whose = "" if _is_anchored(found) else "; whose record that is, is not shown"
        return f"VERIFIED: every answer in this pack is what the bundle in it says{whose}."
    faults = sum(finding.severity == "fault" for finding in found.findings)
    if faults or found.verdict is None:
        return f"DOES NOT VERIFY: {_counted(faults)} found in the pack itself."
    return _headline(found.verdict)


def _is_anchored(found: PackVerdict) -> bool:
    return found.verdict is not None and bool(found.verdict.anchored)


def pack_as_json(found: PackVerdict) -> dict[str, Any]:
    """Return what was found of a pack, as JSON."""
    manifest = found.manifest
    return {
        "schema": SCHEMA.format("verify-pack"),
        "verified": found.verified,
        "compared": found.compared,
        "party": manifest.party,
        "as_of": manifest.as_of.isoformat(),
        "made_at": manifest.made_at,
        "exporter": manifest.exporter.model_dump(mode="json"),
        "told_again": list(found.told_again),
        "findings": [one._asdict() for one in found.findings],
        "bundle": None if found.verdict is None else as_json(found.verdict),
    }


def told(verdict: Verdict) -> Iterator[str]:
    """Say a verdict in plain words, the answer first, a line each: nothing in it makes another."""
    return map(printable, _told(verdict))


def _told(verdict: Verdict) -> Iterator[str]:
    called = verdict.called
    grave = [one for one in verdict.findings if one.severity != "note"]
    found = list(_listed("What was found", [_finding(called, one) for one in grave]))
    yield _headline(verdict)
    if not verdict.verified:
        # What is wrong comes first: whoever reads no further has read that.
        yield from found
        yield ""
        yield f"Next: {_next(verdict)}"
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
    yield from found if verdict.verified else ()
    of_their_day = [_finding(called, one) for one in verdict.of_their_day]
    yield from _listed("Kept the rules of its day", of_their_day)
    yield from _listed("Who signed", [_signed(called, *one) for one in verdict.signed])
    yield from _rests("Nobody else vouched for", called, verdict.unvouched)
    if verdict.second_founder is not None:
        how = "who founded the ledger alone enrolled and appointed them first; nobody else vouched"
        yield from _listed("Counts as founding", [f"{verdict.second_founder}: {how}"])
    yield from _rests("Doubtful", called, verdict.doubtful)
    for title, fields in (
        ("Erased, but whoever made the bundle still showed the text", verdict.erased_but_disclosed),
        ("Text that is missing", verdict.missing),
        ("Text that is not what was sealed", verdict.mismatching),
    ):
        yield from _listed(title, [f"{event} {pointer}" for event, pointer in fields])


def _headline(verdict: Verdict) -> str:
    if not verdict.verified:
        faults = [finding for finding in verdict.findings if finding.severity == "fault"]
        if all(finding.check == CARD_CHECK for finding in faults):
            return "DOES NOT VERIFY: this is another ledger than that of your trust card."
        if all(map(_of_held, faults)):
            return f"DOES NOT VERIFY: it does not go on from {HELD}."
        return f"DOES NOT VERIFY: {_counted(len(faults))} found."
    if not verdict.anchored:
        return "VERIFIED: consistent, not anchored."
    return "VERIFIED: every entry is as it was signed, by people who were entitled to sign it."


def _of_held(finding: Finding) -> bool:
    """Whether a finding is about the checkpoint that the verifier holds."""
    return finding.check == "checkpoint" and HELD in finding.sentence


def _next(verdict: Verdict) -> str:
    """Say what to do where a record does not verify."""
    faults = [finding for finding in verdict.findings if finding.severity == "fault"]
    if any(finding.check == CARD_CHECK for finding in faults):
        return (
            "ask whoever keeps the ledger for its trust card again, by telephone or in person."
            " Until it agrees, rely on nothing here: anyone can make a record that says it is that"
            " ledger."
        )
    if any(map(_of_held, faults)):
        return (
            "keep both files as evidence, and show them to whoever keeps the ledger, and to those"
            " who rely on it: one of the two is not of its history."
        )
    if verdict.kind == "ledger":
        return (
            "record nothing more, keep a copy as evidence, and compare with what others hold:"
            " bundles, checkpoints, backups. `school-ledger check` lists every finding."
        )
    return (
        "rely on nothing in it. Fetch it again; if it says so again, keep it as evidence, and ask"
        " whoever keeps the ledger for another."
    )


def _counted(faults: int) -> str:
    return f"{faults} {'fault' if faults == 1 else 'faults'}"


def _extent(verdict: Verdict) -> str:
    return extent(verdict.kind, verdict.entries, verdict.size)


def _selection(verdict: Verdict) -> dict[str, Any] | None:
    if verdict.kind != "part" or verdict.manifest is None:
        return None
    return verdict.manifest.selection.model_dump(mode="json", exclude_none=True)


def _choice(verdict: Verdict) -> str:
    """Say by what a part was chosen."""
    chosen = verdict.manifest.selection if verdict.manifest else None
    if chosen is None:
        return "by nothing that it tells"
    party = (
        f"what concerns {verdict.called.in_words(chosen.party)}"
        if chosen.party
        else "what happened"
    )
    first = f" from {chosen.first}" if chosen.first else ""
    last = f" up to {chosen.last}" if chosen.last else ""
    return f"{party}{first}{last}, what that rests on, and the registers"


def _left_out(verdict: Verdict) -> str:
    gaps = verdict.left_out
    if not gaps:
        return "no entry"
    count = sum(last - first + 1 for first, last in gaps)
    listed = [
        str(first) if first == last else f"{first} to {last}" for first, last in gaps[:_SHOWN]
    ]
    more = f", and between others up to {gaps[-1][1]}" if len(gaps) > _SHOWN else ""
    return f"{count:,} entries, at {', '.join(listed)}{more}"


def _anchor(verdict: Verdict) -> str:
    if verdict.anchored:
        return f"yes, by {' and '.join(verdict.anchored)}"
    if any(finding.check == CARD_CHECK for finding in verdict.findings):
        return "no: your trust card is that of another ledger"
    if any(map(_of_held, verdict.findings)):
        return f"no: {HELD} does not show it, as told under what was found"
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
        f" as it says, is the word of {verdict.called.in_words(exporter)}"
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


def _finding(called: Called, finding: Any) -> str:
    """Say a finding; of a record with a fault as it stands there, for its names prove nothing."""
    where = f"entry {finding.position}: " if finding.position else ""
    event = f" ({finding.event})" if finding.event else ""
    grave = "to look at: " if finding.severity == "advice" else ""
    is_fault = finding.severity == "fault"
    told = finding.sentence if is_fault else called.in_words(finding.sentence)
    sentence = told.replace("\n", "\n    ")
    return f"{grave}{where}{finding.check}: {sentence}{event}"


def _signed(called: Called, person: str, office: str, key: str, entries: int) -> str:
    return f"{entries:>7,}  {called.in_words(f'{office}, {person}')}  {key}"


def _rests(title: str, called: Called, items: Iterable[Rests]) -> Iterator[str]:
    rows = [
        f"{called.in_words(item.what)} (entry {item.position}): {_resting(item.entries)}"
        for item in items
    ]
    yield from _listed(title, rows)


def _resting(entries: int) -> str:
    return "1 entry rests on it" if entries == 1 else f"{entries:,} entries rest on it"


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


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict, as JSON."""
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
