"""`help`: what the words of reports and messages mean, for people who keep no ledgers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from typing import Final

import click

from cli.terminal.failures import CommandError
from cli.terminal.lazy import Command
from cli.terminal.options import about_the_run
from cli.terminal.table import screen_width, wrapped
from ledger.near import did_you_mean

#: Each word with what it means; a word in another's meaning is here, too.
GLOSSARY: Final[Mapping[str, str]] = {
    "account of impact": "What a party must say of what the support or the visits changed, once"
    " they have ended.",
    "account of spending": "What whoever keeps money must show to who gave it: on what it was"
    " spent, or that it was sent back.",
    "adviser": "A person whom a body appoints to advise one school: its improvement adviser or RISE"
    " adviser.",
    "agreement": "Two parties agreed, each by its signature, that one supports the other: how many"
    " days, from when, until when.",
    "anchored": "Of something verified: it agrees with a trust card or a checkpoint that you hold,"
    " so it is the ledger that you mean. What is not anchored agrees with itself only.",
    "answer": "Why something is owed: somebody asked, as for help or a confirmation. It may always"
    " be no; what is owed is that it is given.",
    "arrangement of help": "What the responsible body or the partnerships of a school owe it once a"
    " need is put to them, or it is in a category of concern: support agreed, or a decision to"
    " leave it alone and why.",
    "as of": "The day that an answer is about, that day included. What happened later is left out,"
    " even where it is known by now.",
    "asked": "What a report was narrowed to: a party, days, a kind. Everything, where it was not"
    " narrowed.",
    "attestation": "The host's answer to a visit: on which day it was, and for how long. It is owed"
    " until it is given.",
    "audience": "For whom a report is made: the public, the parties, a commissioner, an"
    " inspectorate, or all. Rows and names that they may not see are left out.",
    "basis": "Of an office: on what footing somebody holds it: substantive, acting (for somebody"
    " who is away), interim or executive. Of a judgement or figure: how it came about.",
    "both": "Of who has said so: the other side has confirmed or agreed it.",
    "bounds": "The numbers between which the true value of a figure most likely lies. Few pupils"
    " make wide bounds.",
    "broker": "Who is to find help for a school: the body responsible for it, or its partnerships.",
    "brokered by": "Which body or partnership brought the two sides of an agreement together.",
    "bundle": "One file with the record, or a part of it, and all that it takes to check it without"
    " this ledger.",
    "capacity": "How many days of support a provider says it could give in a time. Offers and"
    " agreements draw on it.",
    "category of concern": "What an inspection may place a school in: special measures, or requires"
    " significant improvement. It ends when an inspection no longer finds it, or with the URN.",
    "certificate": "A document which says that money was spent as agreed, lodged by who is to"
    " account for it.",
    "challenged": "Of a judgement or a visit: a side does not accept it, and nobody moderated it"
    " yet.",
    "changed": "Of what was challenged: a moderator of neither side found otherwise.",
    "checkpoint": "The record's size and root, signed by the ledger. Whoever holds one can tell"
    " later whether anything up to it was changed, removed or put in.",
    "claim": "What a party says it has done, or gained. Until the other side answers, it is claimed"
    " and not confirmed.",
    "cohort": "The pupils that a figure rests on.",
    "commissioner": "Who asked for the support of a school and answers for its result: often who"
    " pays for it.",
    "commitment": "What the record holds in the place of sealed text: enough to tell later whether"
    " a text is the one that was sealed, and not enough to find out what it says.",
    "complete": "In the head of an answer told from a bundle: what shows that nothing is missing."
    " The whole record shows it up to its checkpoint; of a part it is the word of whoever made it,"
    " see completeness claimed.",
    "completeness claimed": "Of a part of the record: whoever exported it says that nothing which"
    " belongs to it was left out. That what it holds stands in the record is proved, this is not.",
    "compliance": "What an intervention asks a school or body to do by a day.",
    "compromised": "Of a key: it may be in other hands. It signs nothing more, and what it signed"
    " since then is doubtful.",
    "concern": "What somebody says of a party that it deals with and that a third one is to look"
    " into; in confidence somebody else signs for them.",
    "condition": "Of funding: what is to be met after money has arrived, and by when. What is to be"
    " met before is no debt: the money waits.",
    "conflict of interest": "A person or party stands on two sides of one offer, agreement or"
    " school. Who commissions, or else answers for the school, decides whether it is cleared.",
    "consenting": "Of the members of a partnership: those who agreed to publish their results"
    " jointly. Each may take that back.",
    "contingency": "Who takes over what is owed when a member closes or the partnership ends, as"
    " its ground rules name them. They are bound once they have accepted.",
    "control total": "A sum over all rows of a file, as days of support: whoever receives it adds"
    " up again, and so sees that no row was lost on the way.",
    "cosign": "To sign somebody else's checkpoint, as a witness who saw it.",
    "creditor": "Who is owed something.",
    "debtor": "Who owes something.",
    "delegation": "What an office lets another person sign in it, until a day. It ends when whoever"
    " gave it leaves; joining, ratifying, leaving and handing over are never delegated.",
    "discharged": "Of what is owed: given, answered or paid, as whoever is owed it said.",
    "disclosed": "Of sealed text in a bundle: shown. The other is withheld.",
    "disowned": "Recorded for an office that says it never said so. It counts for nothing from its"
    " own day, and stays in the record.",
    "dispute": "The host's answer that a visit was not as it was claimed, and why. The visitor"
    " corrects it, or maintains it, and then a moderator finds.",
    "distinguishable": "Of two figures: their bounds do not overlap, so they differ. What is not"
    " distinguishable may differ all the same; nobody can tell from the figures.",
    "dormant": "Of a partnership: nothing has happened in it for fifteen months.",
    "doubtful": "Signed with a key that may have been in other hands, or resting on what was.",
    "duty": "Why something is owed: by law or office, whether or not its debtor signed it. A target"
    " that another sets is a duty.",
    "easting": "How far east a school lies, in metres, as the national grid of maps counts it."
    " With its northing it says where the school is.",
    "enrolled": "Of a person or a key: known to the ledger, recorded by a registrar.",
    "enroller": "The registrar who made a person or a key known to the ledger.",
    "enrolment": "The statement by which a registrar made a person, or a key, known to the ledger.",
    "entry": "One line of the record: a statement, its signature, and when it was recorded.",
    "erased": "Of sealed text: gone for good, with the authority for that recorded. The record"
    " still verifies.",
    "escalated": "Of a need: put to the next level, because the one before cannot help.",
    "event": "Something that happened, as somebody said and signed it: a visit made, a head"
    " appointed, a school closed.",
    "excellence": "Of a judgement: the areas in which the judge says that others can learn from the"
    " school.",
    "external": "Of a judge: in no partnership or trust with whom it judged, and not responsible"
    " for it.",
    "framework": "A named way of judging: its areas, its scale from best to worst, and which grades"
    " meet its standard. Grades of two frameworks are never converted.",
    "from": "In the head of an answer: of which bundle it is told, who made that, and when.",
    "given beyond": "Support given over what was owed. It counts towards what comes to be owed.",
    "ground rules": "What the schools of a partnership agreed, version by version: how many visits"
    " a year, days to answer, notice to leave, who takes over.",
    "grounds": "Of support: the need, judgement or intervention that called for it.",
    "handover": "What a head who leaves gives to whoever follows: what the school owes and is owed,"
    " as it stood that day.",
    "id": "What an event is called by machines. Its first characters are enough where no other"
    " event's id begins so; what is printed always is.",
    "impact": "What changed in a school, as somebody who had a part in it says; confirmed or"
    " contested by the other side.",
    "intervention": "A step that a body takes about a school by its powers, as a warning notice or"
    " RISE targeted intervention.",
    "irregular": "Recorded past the rules, as this release judges them: the signature may be right,"
    " and yet the event should not have been accepted. `show` says why.",
    "item": "Something owed once and as a whole, as an answer, an account or a review; not counted"
    " in days, visits or pounds.",
    "known at": "The last entry that an answer takes into account, by its place in the record. Ask"
    " with --known-at to see what could be known on an earlier day.",
    "late": "Recorded many days after it happened, more than the ledger's rules allow. It counts"
    " all the same; what others could have known by when is another matter.",
    "leaf 0": "On a trust card: the fingerprint of the ledger's first entry. Another ledger of the"
    " same name has another.",
    "ledger": "The record itself: every signed statement, in the order of recording. Nothing in it"
    " is ever changed; what was wrong is withdrawn or corrected by a later statement.",
    "left out": "In the head of an answer: how many rows there are that its audience may not see.",
    "left with former body": "What a school that converted owes or is owed and its transfer"
    " agreement leaves with the body that it left. It stays the school's until that body says that"
    " it takes it over.",
    "level": "Who is asked for help with a need: the school, its trust or federation, its"
    " partnerships, then anybody outside. Each is asked before the next.",
    "log": "The record's entries with a root over them, so that no change stays unseen.",
    "log key": "The key with which the ledger signs its checkpoints. It is on the trust card.",
    "made": "In the head of a file: when it was written, and by which version of school-ledger.",
    "maintained": "Of a disputed visit: the visitor says that it stands as claimed.",
    "matching": "Of help for a school: an offer has been made that may still be taken up.",
    "measure": "What is counted of a school or partnership, as attendance in per cent.",
    "missed": "Of a target: its day came, and whoever it is owed to said that it was not reached."
    " It is closed.",
    "moderation": "What somebody of neither side finds of a challenged judgement or a disputed"
    " visit: upheld, changed or set aside.",
    "moderator": "Somebody of neither of two sides, without an office at either, who finds whether"
    " a challenged judgement or a disputed visit stands. Who owes that one is found may not be it"
    " where it is a side.",
    "moved": "Of what is owed: the same is owed by or to another party from that day on, which"
    " took a party's place. As much is owed as before.",
    "need": "What somebody who answers for a school says that it needs help with, in one evaluation"
    " area.",
    "no need": "Of support: from outside the trust and the partnerships of a school, and no need,"
    " judgement or intervention is named for it. It meets no ladder, so it is marked.",
    "none of its own changed": "Of an event in a replay: it changed nothing that this party owes or"
    " is owed; it changed what others owe each other, or nothing.",
    "northing": "How far north a school lies, in metres, as the national grid of maps counts it."
    " With its easting it says where the school is.",
    "obligation": "Something that one party owes another: days of support, an answer, an account of"
    " impact.",
    "office": "What somebody signs as: head@900001 is the head of that school, officer@northwick an"
    " officer of that authority.",
    "one hand": "What both sides are said to have said, written by one recorder for both. It is"
    " marked until either of them confirms its own.",
    "one side": "Of who has said so: one of the two parties only. The other has neither confirmed"
    " nor disputed it yet.",
    "open data": "What is published for anybody to use. Fundings are, in the form of 360Giving,"
    " which has a code of its own for each grant, giver and receiver.",
    "open demands": "What councils, trusts, regional teams and other bodies are still owed by a"
    " school, counted by body. What schools and partnerships are owed is not among them.",
    "opened": "Of what is owed: the day from which it is owed, and how much of it.",
    "origin": "The name by which a ledger is told from others, as northwick.example/support.",
    "orphan": "Something owed with nobody left to answer for it: a side closed, or nobody holds the"
    " office that must act. `school-ledger report orphans` lists them, with who should act.",
    "outside": "Of a visit: to a school that does not belong to the partnership, or of a programme"
    " to none of the visitor's own trust. Of help: from nobody in the school's trust or"
    " partnerships.",
    "overdue": "Something of it is left, and the day by which it was due is past. What its debtor"
    " says is done is not, until the answer is no: the answer is overdue in its place.",
    "pack": "One file for an inspector: answers as pages and spreadsheets, and the bundle that"
    " proves them. `verify` tells every answer anew from the bundle.",
    "part": "Some of the record: what concerns a party or a time, and all that it rests on. It"
    " proves that what is in it stands in the record, not that nothing was left out.",
    "party gone": "Of what is owed: void, because a side of it was dissolved or closed and nobody"
    " can do it any more.",
    "pledged": "Of help: the partnership's ground rules promise so many days to a member in"
    " trouble, once a year.",
    "pooled": "Of figures of several schools: put together into one, each school weighing by its"
    " pupils.",
    "position": "An entry's place in the record: the first is 1.",
    "presence proved": "Of a part of the record: each event that it holds stands in the record, and"
    " the part shows so. That none is missing is the word of whoever exported it.",
    "programme": "Visits that a body or partnership organises for a time, and that schools owe once"
    " they have joined; or that the organiser owes each school.",
    "promise": "Why something is owed: its debtor signed it, or what it rests on. A target that a"
    " school sets itself is its promise.",
    "proof": "A few lines that show that an entry stands in the record, for a checkpoint.",
    "provider": "A supporting organisation: a school, trust, authority or other body that offers"
    " support and, once agreed, owes it.",
    "published": "Of who has said so: the registrar repeats, with its source, what somebody"
    " published, as an inspection or a register.",
    "raised": "Of what is owed: more of it is asked for from that day on, as where two sides agree"
    " on more days.",
    "ratification": "What a head who is new, or whose school changed, owes a partnership: to take"
    " on what the school agreed to with it, or to decline.",
    "ratify": "To take on, as its head, what a school agreed to with a partnership: see"
    " ratification.",
    "recorded for": "Of who has said so: nobody in that office yet. Somebody else wrote down what"
    " it said by letter, because nobody there had a key.",
    "reduced": "Of what is owed: less of it is asked for from that day on, as where a school"
    " leaves within a year.",
    "reference": "What the record itself calls a party, an event or something owed, as"
    " school:900001: the same for ever, whatever it is called.",
    "regime": "Of a target: the plan or set of demands that asks for it, as a council's improvement"
    " plan.",
    "registrar": "Who keeps the registers: enrols people, keys, schools and offices.",
    "related party": "Of an agreement: the two sides have an interest in common, as they said.",
    "released": "Of what is owed: whoever is owed it says that it need not be given.",
    "rescheduled": "Of what is owed: due on another day from then on. As much is owed as before.",
    "restored": "Of what is owed: owed again, because what had voided it was withdrawn.",
    "rests on disowned": "Resting on what an office says that it never said.",
    "retired": "Of a key: out of use. It signs nothing more; what it signed before stands.",
    "reversed": "Of what is owed: what changed it counts no more, because the statement that did"
    " was withdrawn, or asked for more than was owed in the end.",
    "review": "A look at how support goes, objective by objective, by who commissioned it, or else"
    " by who gives it.",
    "root": "One number that stands for the whole record, like a fingerprint: if a single letter of"
    " any entry were changed, it would be another. Two people with the same root have the same"
    " record.",
    "route": "By which way support comes: through a partnership, the local authority, a trust, a"
    " RISE team, a hub, or bought privately.",
    "rows": "In the head of a file: how many rows it has, so that one that is missing is seen.",
    "said by": "Who has said so, of a row: one side; both, where the other side has confirmed or"
    " agreed it; or published, where the registrar repeats what somebody published. Files carry it"
    " for every row.",
    "school year": "From 1 September to 31 August, as 2024-25. Days of support count in that in"
    " which they are due.",
    "sealed": "Of names, contacts and notes: kept apart from the signed record, which holds only a"
    " commitment to them, so that they can be erased when they must be.",
    "seen": "The size and root that a signer's own copy had. So every signer is a witness of all"
    " that was recorded before.",
    "setter": "Of a target: who set it, and is owed that it is reached; of one that a school sets"
    " itself, whoever it was agreed with is owed it.",
    "short name": "What a body or a partnership is called in the record and on the command line, in"
    " small letters, digits and hyphens: northwick, harbour-trust. A full name does as well.",
    "signature": "What only the holder of a key can make, of exactly one text. It is checked each"
    " time.",
    "size": "How many entries a record has, or had at the position that an answer knows.",
    "slug": "A short name of lower-case letters, digits and hyphens, by which a body, a partnership"
    " or a measure is called everywhere: northwick, attendance-percent.",
    "stage": "How far help for a school has come: its trigger, matching (an offer that may still be"
    " taken up), agreed, under way from the first confirmed visit on, paused, ended.",
    "statement": "The words that somebody signed: an event, who says it and in which office.",
    "statement of action": "What the body responsible for a school in a category of concern owes"
    " the inspectorate: how the school is to be helped.",
    "tag": "Under what an entry is filed, so that it is found: each party, agreement and key that"
    " it names. `check` tells where one is missing.",
    "target": "What a school or partnership is to reach by a day, set by itself with another, or by"
    " a body that may.",
    "tenure": "A person's time in an office, from the first day to the last.",
    "timestamp": "An authority's word that a checkpoint existed by a certain time.",
    "trigger": "What calls for help for a school: a need that somebody identified, a judgement"
    " below what its framework asks for, a category of concern, or an intervention.",
    "trust card": "Three lines that tell a ledger from every other: its name, the key that signs"
    " for it (log key), and the fingerprint of its first entry (leaf 0). Get it from somebody you"
    " know, by telephone or in person: whoever could forge a record could forge a card beside it.",
    "unaccounted": "Of money: received, and neither shown to be spent and accepted, nor sent back.",
    "unconfirmed": "Recorded by another for an office without a key, which has not confirmed it yet"
    " nor disowned it. It counts all the same.",
    "unvouched": "Signed with a key, or in an appointment, that rests on one registrar's word:"
    " nobody else has vouched for it yet. Look twice before you rely on it.",
    "upheld": "Of what was challenged: a moderator of neither side found it right.",
    "URN": "The number that a school has in the national register. A school that converts gets"
    " another, and is found by each that it ever had.",
    "verify": "To check all of it again, believing nobody: signatures, order, and who was entitled"
    " to sign.",
    "visits of the year": "The visits that each member owes the partnership in a partnership year,"
    " as the ground rules that bind it say. Of a programme, likewise.",
    "voided": "Of what is owed: no longer owed, because what it was owed for has ended or"
    " something newer took its place. Nobody gave it, and nobody released it.",
    "vouched": "A second person, other than who recorded it, says that a key or an appointment is"
    " right.",
    "voucher": "Of a key or an appointment: the second person, who says that it is right.",
    "waived": "Of days or visits: released by whoever is owed them.",
    "withdrawn": "Disregarded since, because a later event says that it was wrong. It stays in the"
    " record.",
    "withheld": "Of sealed text in a bundle: there, and not shown by whoever made the bundle.",
    "within group": "Of support: between schools of one trust or federation, or by it. They are"
    " parties all the same, and owe one another what they agree.",
    "witness": "Somebody who is trusted not to collude with the ledger's operator, and cosigns its"
    " checkpoints.",
}
_FOLDED = {word.casefold(): word for word in GLOSSARY}


@click.command(
    cls=Command,
    name="help",
    examples=("school-ledger help root", "school-ledger help known at", "school-ledger help"),
)
@click.argument("words", nargs=-1)
@about_the_run
@click.pass_context
def glossary(ctx: click.Context, *, words: tuple[str, ...]) -> None:
    """Say what a word of reports and messages means: WORDS, or every word where none is given."""
    # Every report names `help WORDS`: typed as it stands, it asks for all of them.
    named = "" if words == ("WORDS",) else " ".join(words)
    found = _found(ctx, named) if named else list(GLOSSARY)
    for line in _lines(found, screen_width(sys.stdout)):
        click.echo(line)


def _found(ctx: click.Context, text: str) -> list[str]:
    """Return the words that are meant; raise CommandError where there is none."""
    folded = " ".join(re.sub("[-_]", " ", text.casefold()).split())
    exact = _entry(folded) or _entry(_title_of_kind(folded))
    if exact is not None:
        return [exact]
    within = [
        word
        for key, word in _FOLDED.items()
        if folded in key.split() or f" {key} " in f" {folded} "
    ]
    if within:
        return within
    group = ctx.parent.command if ctx.parent else None
    if isinstance(group, click.Group) and text in group.list_commands(ctx):
        raise CommandError(
            f"{text} is a command", todo=f"`school-ledger {text} --help` explains it."
        )
    todo = did_you_mean(text, GLOSSARY) or "`school-ledger help` lists every word."
    raise CommandError(f"the glossary has no word {text}", todo=todo)


def _entry(folded: str) -> str | None:
    """Return the word that is meant: as it stands, of one thing, or of what was done."""
    forms = (folded, folded.removesuffix("s"), f"{folded}ed", f"{folded}d")
    return next((_FOLDED[form] for form in forms if form in _FOLDED), None)


def _title_of_kind(folded: str) -> str:
    """Return what is owed in words, of a kind of obligation by the name that `--kind` takes."""
    # Only for what is no word of the glossary: the kinds stand with the vocabulary.
    from ledger.decision_model.kinds import kind_named  # noqa: PLC0415
    from ledger.domain import post  # noqa: PLC0415, F401 - it gathers the kinds

    kind = kind_named(folded.replace(" ", "_"))
    return "" if kind is None else kind.title


def _lines(words: list[str], width: int | None) -> Iterator[str]:
    for number, word in enumerate(words):
        yield from [""] if number else []
        yield from wrapped(f"{word}: {GLOSSARY[word]}", width)
