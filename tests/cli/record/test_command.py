"""`record` and `draft`: from what people type to what stands in the record."""

import json
import re
from typing import get_args

import pytest

from cli.record import command
from cli.record.examples import example_of
from cli.record.following import naming
from cli.record.model_members import events_members, members_of
from cli.record.model_options import PHRASES, option_of
from ledger.events import CATALOGUE, find
from ledger.format.statement import parse
from ledger.values import AreaCode

ATTESTED = """\
VisitAttested <start> is recorded, at position 19.
event     <id>
record    19 entries, root <hash>
Changed in who owes what to whom:
  Alder School owes Birch School 5.0 days of support (it was 6.0), due 2025-03-31
  Birch School owed Alder School 1 answer to a visit; nothing is left of it
  Alder School owes Birch School 1 answer to a dispute, due 2024-09-16
"""


def attest(world, *more, key="birch"):
    return (
        "record",
        "VisitAttested",
        "--visit",
        world.visit[:13],
        "--days",
        "1",
        "--key",
        world.key(key),
        *more,
    )


SAID = """\
You are about to say, as head of Birch School (900002):
  Birch School (900002) confirmed 1 day of a visit by Alder School (900001), of 1.5 days claimed.
"""


def test_recording_tells_position_root_changes_and_what_is_next(world, masked):
    result = world.run(*attest(world))
    assert (masked(result.stdout), result.exit_code) == (ATTESTED, 0)
    assert masked(result.stderr) == f"{SAID}Next: school-ledger show <start>\n"


def test_recording_as_json(world):
    told = json.loads(world.done(*attest(world, "-f", "json")))
    assert (told["schema"], told["position"]) == ("school-ledger.recorded/1", 19)
    assert [(row["kind"], row["before"], row["after"]) for row in told["changes"]] == [
        ("support", "6.0", "5.0"),
        ("attestation", "1", "0"),
        ("dispute_answer", "0", "1"),
    ]


def test_a_refusal_gives_every_reason(world, masked):
    world.done(*attest(world))
    said = SAID.replace(", of 1.5 days claimed", "")
    assert masked(world.error(*attest(world))) == (
        f"{said}Error: VisitAttested is refused, for these reasons:\n"
        "  - the visit of 2024-09-02 (<start>) is answered already; withdraw that answer to give"
        " another\n"
    )


def test_a_dry_run_prints_the_exact_bytes_and_records_nothing(world):
    result = world.run(*attest(world, "--dry-run"))
    said = parse(result.stdout_bytes)
    assert (said.name, said.data["days"]) == ("VisitAttested", "1.0")
    assert "Nothing was recorded." in result.stderr
    assert "known at  18" in world.done("owes")


def test_a_draft_of_what_would_be_refused_says_so_and_is_written_all_the_same(world):
    """It may be recorded later, once a key or an appointment that it needs is."""
    by_another = ("--signer", "Alder", "--as", "head@900001", "-o", "draft.json")
    named = ("VisitAttested", "--visit", world.visit, "--days", "1.5")
    drafted = world.run("draft", *named, *by_another)
    assert drafted.exit_code == 0
    assert (
        "It would be refused now, for these reasons:\n"
        "  - VisitAttested is not for head of Alder School (900001) to sign"
    ) in drafted.stderr
    assert (world.folder / "draft.json").is_file()
    drafted = world.run("draft", *named, "--signer", "Birch", "--as", "head@900002", "-o", "ours")
    assert (drafted.exit_code, "refused" in drafted.stderr) == (0, False)


def test_a_dry_run_of_what_would_be_refused_says_so(world):
    said = world.error(*attest(world, "--dry-run", key="alder"))
    assert "It would be refused now, for these reasons:\n  - VisitAttested is not for" in said


def test_all_that_is_missing_is_told_at_once(world):
    assert world.error("record", "VisitMade", "--days", "1", code=2) == (
        "Error: missing options: --visitor, --host, --purpose, --mode.\n"
        "Example: school-ledger record VisitMade --visitor 900001 --host 900002 --purpose support"
        " --mode on_site --days 1.5 --person 01937e2f --model lle"
        " --worked-with teachers --worked-with classrooms\n"
        "`school-ledger record VisitMade --help` explains it.\n"
    )


def test_a_key_that_is_not_enrolled(world, masked):
    world.done("key", "new", "other", "--no-passphrase")
    assert masked(world.error(*attest(world)[:-1], "other")) == (
        "Error: key:SHA256:<key> is not enrolled in this ledger. Send its proof of possession"
        " (`school-ledger key prove`) to the registrar.\n"
    )


def test_no_key_named(world):
    (world.folder / "school-ledger.toml").write_text('ledger = "northwick.db"\n')
    assert world.error("record", "PersonEnrolled", "--name", "Kit").startswith(
        "Error: no key to sign with is named. Name its file with --key FILE"
    )


def test_a_key_file_that_is_not_there(world):
    assert "there is no key file gone" in world.error(
        "record", "PersonEnrolled", "--name", "Kit", "--key", "gone"
    )


@pytest.mark.parametrize(
    ("visit", "said"),
    [
        ("ffff", "--visit: no VisitMade has an id that begins with ffff."),
        ("01", "--visit: this is no event's id: got 01"),
        ("year:0191", "--visit: year:0191 is no visit"),
        ("Tuesday", "--visit: this is no event's id: got Tuesday"),
    ],
)
def test_references_that_name_nothing(world, visit, said):
    args = ("--visit", visit, "--days", "1", "--key", world.key("birch"))
    assert said in world.error("record", "VisitAttested", *args)


def test_a_start_that_only_one_visit_has_is_enough(world):
    args = ("--visit", "0191", "--days", "1", "--key", world.key("birch"))
    assert "is recorded" in world.done("record", "VisitAttested", *args)


def test_a_start_that_several_events_share_is_not_enough(world):
    said = world.error("show", "0191")
    assert said.startswith("Error: several events have an id that begins with 0191:\n  0191b1f")


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--days", "1.3", "whole or half days, as 1.0 or 0.5"),
        ("--days", "many", "whole or half days, as 1.0 or 0.5"),
        ("--purpose", "fun", "'fun' is not one of 'support', 'challenge'"),
        ("--occurred-on", "2024-02-30", "'2024-02-30' is no day of the calendar"),
        ("--note", "@gone.txt", "there is no file gone.txt"),
        ("--host", "900009", "--host: no school in this ledger has or had the URN 900009"),
        (
            "--under",
            "ffff",
            "--under: no SupportAgreed or PartnershipYearOpened or VisitProgrammeOpened has an id",
        ),
    ],
)
def test_wrong_values_are_told_by_option(world, option, value, said):
    typed = {
        "--visitor": "900001",
        "--host": "900002",
        "--purpose": "support",
        "--mode": "on_site",
        "--days": "1",
        "--key": world.key("alder"),
    } | {option: value}
    result = world.run("record", "VisitMade", *(part for each in typed.items() for part in each))
    assert result.exit_code in (1, 2)
    assert said in result.stderr


def test_sealed_text_from_a_file_loses_its_line_ends(world):
    (world.folder / "note.txt").write_text("First.\nSecond.\n", encoding="utf-8")
    args = ("--visitor", "900001", "--host", "900002", "--purpose", "support", "--mode", "remote")
    key = world.key("alder")
    world.done("record", "visit-made", *args, "--days", "0.5", "--note", "@note.txt", "--key", key)
    event = json.loads(world.done("history", "900001", "-f", "json"))["rows"][-1]["event"]
    assert json.loads(world.done("show", event, "-f", "json"))["says"]["note"] == "First. Second."


def test_parts_of_an_event_are_dotted_options_and_pairs(world):
    adopted = json.loads(
        world.done("record", "FrameworkAdopted", "--shipped", "peer-review", "-f", "json")
    )
    told = json.loads(
        world.done(
            "record",
            "JudgementMade",
            *("--about", "900001", "--judge", "northwick", "--basis", "la_categorisation"),
            *("--framework", adopted["event"][:13], "--inspected-on", "2024-09-01"),
            *("--grade", "achievement=secure", "--grade", "inclusion=strength"),
            *("--source.publisher", "Northwick Council", "--source.title", "Categories"),
            *("-f", "json"),
        )
    )
    assert told["data"]["grades"] == [
        {"area": "achievement", "grade": "secure"},
        {"area": "inclusion", "grade": "strength"},
    ]
    assert told["data"]["source"] == {"publisher": "Northwick Council", "title": "Categories"}


def test_a_pair_that_is_none(world):
    said = world.error("record", "JudgementMade", "--grade", "achievement", code=2)
    assert "'achievement' is not of the form AREA=GRADE" in said


def test_a_file_of_members_and_options_over_it(world):
    (world.folder / "event.json").write_text('{"name": "Kit", "contact": "kit@school.example"}')
    args = ("record", "PersonEnrolled", "--from", "event.json", "--name", "Kim", "-f", "json")
    told = json.loads(world.done(*args))
    says = json.loads(world.done("show", told["event"], "-f", "json"))["says"]
    assert (says["name"], says["contact"]) == ("Kim", "kit@school.example")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "event.json is not a JSON object"),
        ("{", "event.json is not JSON"),
        ('{"name": "Kit", "name": "Kim"}', "event.json is not JSON: it says name twice; say it"),
    ],
)
def test_a_file_of_members_that_is_none(world, text, said):
    (world.folder / "event.json").write_text(text)
    assert said in world.error("record", "PersonEnrolled", "--from", "event.json")


def test_a_member_that_the_event_has_not(world):
    (world.folder / "event.json").write_text('{"name": "Kit", "age": 4}')
    said = world.error("record", "PersonEnrolled", "--from", "event.json")
    assert "age: there is no such member" in said


def test_a_new_person_is_told_by_their_reference(world):
    result = world.run("record", "PersonEnrolled", "--name", "Kit")
    assert "The person's reference is person:" in result.stderr


def test_a_ledger_is_founded_by_init_only(world):
    assert world.error("record", "LedgerFounded").startswith(
        "Error: a ledger is founded once, by `school-ledger init`."
    )


def test_the_office_is_found_by_who_may_sign(world):
    told = json.loads(world.done(*attest(world, "-f", "json")))
    shown = json.loads(world.done("show", told["event"], "-f", "json"))
    assert shown["event"]["office"] == "head@school:900002"


def test_the_office_may_be_named(world):
    assert "VisitAttested is not for officer of Northwick Council to sign" in world.error(
        *attest(world, "--as", "officer@northwick")
    )


def test_an_office_that_there_is_not(world):
    assert world.error(*attest(world, "--as", "haed@900002")) == (
        "Error: there is no office haed: got haed@900002, expected head, board_chair, finance,"
        " officer, adviser, chair, clerk at a party, as head@900001, or registrar. Did you mean"
        " head?\n"
    )
    said = world.error(*attest(world, "--as", "Birch"))
    assert said.startswith("Error: there is no such office: got Birch, expected a role at a party")


def test_a_day_that_no_statement_can_tell_of_is_said_of_its_option(world):
    said = world.error(*attest(world, "--occurred-on", "1800-01-01"), code=2)
    assert said.startswith(
        "Error: invalid value for --occurred-on: '1800-01-01' is no day between 1870-01-01 and"
        " 2199-12-31.\n"
    )


def test_what_a_visit_may_be_under_is_listed_as_it_is_to_be_typed(world):
    again = ("record", "SupportOffered", "--provider", "900001", "--receiver", "900002")
    again += ("--route", "partnership", "--days", "2", "--valid-until", "2024-12-31")
    world.done(*again, "--key", world.key("alder"), "--yes")
    offer = json.loads(world.done("find", "offer", "-f", "json"))["rows"][-1]["event"]
    agree = ("record", "SupportAgreed", "--offer", offer, "--starts", "today", "--ends", "today")
    agree += ("--days", "2", "--key", world.key("birch"), "--yes", "-f", "json")
    agreement = json.loads(world.done(*agree))["event"]
    visit = ("record", "VisitMade", "--visitor", "900001", "--host", "900002", "--days", "1")
    visit += ("--purpose", "support", "--mode", "remote", "--key", world.key("alder"), "--yes")
    first, second, nothing = world.error(*visit).splitlines()[1:]
    agreed = "Alder School (900001) and Birch School (900002) agreed"
    assert first.startswith(f"  --under {world.agreement[:13]}  {agreed} 6 days of support by")
    assert second.startswith(f"  --under {agreement[:13]}  {agreed} 2 days of support by")
    assert nothing == "  --under nothing  It is under none of them."
    assert "is recorded" in world.done(*visit, *second.split()[:2])


def test_a_part_of_an_option_that_is_not_found_is_said_of_that_option(world):
    keeper = ("record", "SpendRecorded", "--keeper", "900001", "--purpose", "training")
    said = world.error(*keeper, "--spent", "zzzz=10", "--key", world.key("alder"))
    assert said == (
        "Error: --spent: this is no event's id: got zzzz, expected its first 4 characters or more."
        " `school-ledger show funding:` lists every funding with its id.\n"
    )


def test_an_event_of_another_kind_is_said_with_what_it_names_of_the_kind(world):
    said = world.error(
        *("record", "SupportAgreed", "--offer", world.agreement[:18], "--starts", "today"),
        *("--ends", "today", "--days", "1", "--key", world.key("birch")),
    )
    assert said.startswith(
        f"Error: --offer: no SupportOffered has an id that begins with {world.agreement[:18]}: got"
        " SupportAgreed. Did you mean its offer, 0191"
    )


def test_of_two_offices_that_may_sign_one_must_be_named(world):
    appoint = ("record", "Appointed", "--person", world.people["birch"], "--basis", "interim")
    appoint += ("--succeeds", world.people["alder"])
    world.done(*appoint, "--office", "head@900001", "--effective-on", "2024-09-02")
    visit = ("record", "VisitMade", "--purpose", "support", "--mode", "remote", "--days", "1")
    parties = ("--visitor", "900001", "--host", "900002")
    world.done(*visit, *parties, "--key", world.key("birch"))
    said = world.error(
        "record", "KeyEnrolled", "--from", _proof(world, "birch"), "--key", world.key("birch")
    )
    assert "several offices of yours may sign KeyEnrolled" in said
    assert said.endswith("Say which with --as OFFICE.\n")


def _proof(world, name):
    world.done("key", "new", "second", "--no-passphrase")
    proof = world.done("key", "prove", "second", "--person", world.people[name])
    (world.folder / "proof.json").write_text(proof)
    return "proof.json"


def test_nobody_without_an_office_signs(world):
    person = json.loads(world.done("record", "PersonEnrolled", "--name", "Kit", "-f", "json"))
    world.done("key", "new", "kit", "--no-passphrase")
    proof = world.done("key", "prove", "kit", "--person", person["data"]["person"])
    world.done("record", "KeyEnrolled", "--from", "-", input=proof)
    said = world.error("record", "PersonEnrolled", "--name", "Kim", "--key", "kit")
    assert "holds no office today, so cannot sign" in said


def test_what_a_head_hands_over_is_filled_in(world):
    notify = ("record", "DepartureNotified", "--office", "head@900002", "--effective-on")
    world.done(*notify, "2024-12-31", "--key", world.key("birch"))
    told = json.loads(
        world.done(
            *("record", "HandoverGiven", "--office", "head@900002", "-f", "json"),
            *("--key", world.key("birch")),
        )
    )
    data = told["data"]
    assert data["outgoing"] == world.people["birch"]
    assert data["at"].startswith("19:")
    assert {row["obligation"].partition("/")[2] for row in data["rows"]} == {
        "attestation",
        "support",
        "impact_account/school:900001",
        "impact_account/school:900002",
        "handover/body:northwick",
    }


def test_what_is_withdrawn_already_says_so_and_a_withdrawal_what_to_do_instead(world):
    key = ("--key", world.key("alder"), "--yes")
    withdrawing = ("record", "EventWithdrawn", "--code", "entered_in_error", *key)
    world.done(*withdrawing, "--event", world.visit)
    again = world.error(*withdrawing, "--event", world.visit)
    assert f"VisitMade of 2024-09-02 ({world.visit[:13]}) is withdrawn already" in again
    last = json.loads(world.done("replay", "-f", "json"))["rows"][-1]["event"]
    withdrawn = world.error(*withdrawing, "--event", last)
    assert "EventWithdrawn cannot be withdrawn: say anew what it withdrew" in withdrawn


def test_a_withdrawal_repeats_what_it_must(world):
    told = json.loads(
        world.done(
            *("record", "EventWithdrawn", "--event", world.visit[:13]),
            *("--code", "entered_in_error", "--key", world.key("alder"), "-f", "json"),
        )
    )
    assert told["data"]["effective_on"] == "2024-09-02"
    assert "school:900002" in told["data"]["references"]


def test_a_doubted_clock_wants_confirming(world):
    world.clock.now = world.clock.now.replace(month=11)
    add = ("record", "PersonEnrolled", "--name", "Kit")
    assert "more than 7 days later: if that is right, say --clock-confirmed" in world.error(*add)
    world.done(*add, "--clock-confirmed")


def test_a_doubted_clock_is_confirmed_on_a_terminal(world, monkeypatch):
    world.clock.now = world.clock.now.replace(month=11)
    monkeypatch.setattr("cli.terminal.asking.interactive", lambda: True)
    result = world.run("record", "PersonEnrolled", "--name", "Kit", input="y\ny\n")
    assert result.exit_code == 0
    assert "Nothing was recorded for over 7 days. Is it really 2024-11-02" in result.stderr


def test_what_is_missing_is_asked_for_on_a_terminal(world, monkeypatch):
    monkeypatch.setattr("cli.terminal.asking.interactive", lambda: True)
    result = world.run(*attest(world)[:4], "--key", world.key("birch"), input="1.5\ny\n")
    assert result.exit_code == 0
    assert "How many days, halves allowed (--days): " in result.stderr


def test_one_of_many_words_is_asked_for_by_number_and_listed_once(world, monkeypatch):
    monkeypatch.setattr("cli.terminal.asking.interactive", lambda: True)
    need = ("record", "NeedIdentified", "--school", "900002", "--level", "school")
    result = world.run(*need, "--key", world.key("birch"), input="1\ny\n")
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith("   1  achievement\n   2  attendance-and-behaviour\n")
    assert (
        "The evaluation area that help is needed in (--area), by word or number: " in result.stderr
    )
    assert result.stderr.count("attendance-and-behaviour") == 1


def test_after_an_offer_it_says_whose_move_it_is_agreeing_first(world):
    offer = ("--provider", "900001", "--receiver", "900002", "--area", "inclusion", "--days", "1")
    offer += ("--route", "partnership", "--valid-until", "2024-10-01")
    result = world.run("record", "SupportOffered", *offer, "--key", world.key("alder"), "--yes")
    assert result.exit_code == 0, result.output
    agreeing, declining = result.stderr.partition("Next")[2].splitlines()
    assert agreeing.startswith(
        ", by the office of the receiver: school-ledger record SupportAgreed --offer "
    )
    assert declining.startswith("  or, by the office of the receiver, which declines, or of the")
    assert "school-ledger record OfferClosed --offer " in declining


def test_a_need_that_a_school_says_of_itself_waits_for_no_answer_and_goes_up(world):
    need = ("record", "NeedIdentified", "--school", "900002", "--area", "inclusion")
    own = world.run(*need, "--level", "school", "--key", world.key("birch"))
    going_on, closing = own.stderr.partition("Next")[2].splitlines()
    assert "by the head of the school: school-ledger record NeedEscalated --trigger " in going_on
    assert "school-ledger record NeedClosed --need " in closing
    by_another = world.run(*need, "--level", "school", "--key", world.key("officer"))
    accepting, disputing = by_another.stderr.partition("Next")[2].splitlines()
    assert "record NeedAccepted --need " in accepting
    assert "record NeedDisputed --need " in disputing


def test_what_takes_several_does_not_follow_the_first_of_them():
    follow = [one.event.__name__ for one in naming("target", owed=True)]
    assert "TargetConflictRaised" not in follow


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_every_event_has_options_and_help(empty, event):
    shown = empty.done("record", event.__name__, "--help")
    assert "To be signed by" in shown
    options = [option_of(member).opts[0] for member in events_members(event)]
    assert len(options) == len(set(options))


def test_help_names_every_code_where_there_are_too_many_for_the_options_place(empty):
    shown = empty.done("record", "NeedIdentified", "--help")
    shown = " ".join(re.sub(r"-\n +", "-", shown).split())
    assert "--area AREA The evaluation area that help is needed in: one of achievement," in shown
    assert all(code in shown for code in get_args(AreaCode))


def test_the_help_of_record_lists_every_event(empty):
    shown = empty.done("record", "--help")
    assert all(event.__name__ in shown for event in CATALOGUE)


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_examples_name_options_that_there_are(event):
    known = {option_of(member).opts[0] for member in events_members(event)} | {"--from"}
    typed = {word for word in example_of(event).split() if word.startswith("--")}
    assert typed <= known


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("SupportAgreed", "--offer 01939881 --starts 2024-10-07 --ends 2025-03-31 --days 6.0"),
        ("JudgementMade", "--grade reading=secure --grade safeguarding=met"),
        ("PersonEnrolled", "--name 'Zoë Ó Faoláin'"),
        ("DepartureNotified", "--office head@900001 --effective-on 2025-04-21"),
        ("PartnershipFormed", "--from event.json"),
    ],
)
def test_an_example_is_typed_as_people_type_it(name, example):
    assert example in example_of(find(name))


def test_draft_writes_bytes_and_what_opens_its_sealed_text(world):
    args = ("--visitor", "900001", "--host", "900002", "--purpose", "challenge", "--mode", "remote")
    key = ("--key", world.key("alder"))
    said = ("draft", "VisitMade", *args, "--days", "1", "--note", "Well")
    assert world.error(*said, *key) == (
        "Error: the sealed text must be kept beside the statement. Name a file with -o FILE; the"
        " text goes to FILE.disclosures.\n"
    )
    world.done(*said, *key, "-o", "visit.json")
    assert parse((world.folder / "visit.json").read_bytes()).name == "VisitMade"
    (disclosure,) = json.loads((world.folder / "visit.json.disclosures").read_text())
    assert disclosure["value"] == "Well"


def test_draft_for_a_signer_whose_key_is_elsewhere(world):
    args = ("--visit", world.visit[:13], "--days", "1", "--signer", world.people["birch"])
    assert "the office to sign in is not named" in world.error("draft", "VisitAttested", *args)
    said = parse(world.run("draft", "VisitAttested", *args, "--as", "head@900002").stdout_bytes)
    assert (said.signedby, said.office) == (world.people["birch"], "head@school:900002")


_TRUST = ("--kind", "trust", "--name", "X")
_DAYS = ("--old-urn-closes-on", "2025-08-31", "--new-urn-opens-on", "2025-09-01")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("BodyRegistered", "--body", "Bad Slug", *_TRUST), "no body"),
        (
            ("BodyRegistered", "--body", "school:900001", "--kind", "trust", "--name", "X"),
            "no body",
        ),
        (("PersonEnrolled", "--name", "X", "--person", "Kit"), "no person"),
        (("KeyRetired", "--event-key", "mine"), "no key"),
        (("SchoolConverted", "--school", "900001", "--new-urn", "12", *_DAYS), "no urn"),
    ],
)
def test_what_is_to_be_registered_must_be_well_named(world, typed, said):
    assert world.error("record", *typed).startswith(f"Error: this can be {said}: got ")


def test_a_moment_that_is_none_is_told_by_an_example(world):
    said = world.error(
        "record",
        "KeyCompromised",
        *("--event-key", "SHA256:" + "a" * 43, "--since", "yesterday"),
        code=2,
    )
    assert "'yesterday' is no moment in UTC; write it as 2026-03-02T09:00:00Z" in said


@pytest.mark.parametrize("place", ["folder", "nowhere/x"])
def test_a_draft_that_cannot_be_written_leaves_no_sealed_text(world, place):
    (world.folder / "folder").mkdir()
    said = world.error(
        "draft",
        "PersonEnrolled",
        "--name",
        "Mx New",
        "-o",
        place,
        code=2 if place == "folder" else 1,
    )
    assert f"{place} is a folder" in said or f"{place} cannot be written" in said
    assert not list(world.folder.rglob("*.disclosures"))
    assert not list(world.folder.rglob("*.part"))


def test_sealed_text_does_not_go_to_stdout_whatever_stdout_is_called(world):
    said = world.error("draft", "PersonEnrolled", "--name", "Mx New", "-o", "-")
    assert "the sealed text must be kept beside the statement" in said


def test_what_is_missing_from_a_choice_is_told_on_one_line(world):
    said = world.error("erase", world.visit, code=2)
    assert "missing option '--authority'. Choose from: data_subject, controller, court" in said


def test_sealed_text_of_a_draft_is_for_its_owner_s_eyes_only(world):
    world.done("draft", "PersonEnrolled", "--name", "Mx New", "-o", "new.json")
    assert (world.folder / "new.json.disclosures").stat().st_mode & 0o077 == 0


def test_standard_input_is_called_so(world):
    said = world.error("record", "VisitMade", "--from", "-", input="{")
    assert said.startswith("Error: standard input is not JSON")


def test_a_set_office_is_not_that_of_a_signer_who_is_named(world):
    toml = world.folder / "school-ledger.toml"
    toml.write_text(toml.read_text() + 'as = "registrar@ledger"\n')
    visit = ("--visitor", "900001", "--host", "900002", "--purpose", "support", "--mode", "remote")
    said = world.error(
        "draft", "VisitMade", *visit, "--days", "1", "--signer", world.people["alder"]
    )
    assert said.startswith("Error: the office to sign in is not named. Say which with --as OFFICE.")


def test_a_number_that_is_none_is_told_in_words(world):
    said = world.error("record", "LedgerRulesSet", "--attestation-days", "many", code=2)
    assert "invalid value for '--attestation-days': 'many' is not a whole number" in said


def test_a_thing_of_another_kind_is_told_what_it_may_be(world):
    said = world.error("record", "Vouched", "--subject", "visit:0191")
    assert "visit:0191 is no enrolment or appointment" in said
    assert "expected enrolment:<id> or appointment:<id>" in said


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("9999-12-31", "got 9999-12-31, expected a day between 1870-01-01 and 2199-12-31"),
        ("2040-01-01", "got 2040-01-01, expected 2034-09-02 or before; check the year"),
    ],
)
def test_a_mistyped_year_is_refused_in_a_sentence_and_nothing_else_stops(world, day, says):
    departs = ("record", "DepartureNotified", "--office", "head@900001", "--effective-on", day)
    error = world.error(*departs, "--key", world.key("alder"))
    assert says in " ".join(error.split())
    assert "Birch School" in world.done("owes")


@pytest.mark.parametrize(
    "typed",
    [
        ("record", "NeedForgotten", "--school", "900001"),
        ("record", "NeedForgotten", "--help"),
        ("draft", "NeedForgotten", "--template"),
    ],
)
def test_an_event_without_a_rule_is_named_with_what_it_lacks(world, monkeypatch, typed):
    class NeedForgotten(find("NeedAccepted")):
        """An event that somebody began to add."""

    monkeypatch.setitem(command._BY_FOLDED, "needforgotten", NeedForgotten)
    assert world.error(*typed) == (
        "Error: internal error: NeedForgotten has no rule that says who may sign it and what must"
        " hold, so it can neither be recorded nor judged. Please report it. Its rule is a row of"
        " RULES in ledger/domain/<theme>/rules.py, as docs/how-to/add-an-event.md says.\n"
    )


TARGET = ("--about", "900001", "--measure", "attendance-percent", "--value", "95.5")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Council Plan", "council-plan"), ("St Anne's_2", "st-annes-2"), ("PLAN", "plan")],
)
def test_a_slug_that_is_none_is_explained_and_one_proposed(world, typed, meant):
    said = world.error("record", "TargetSet", *TARGET, "--regime", typed, code=2)
    assert said.startswith(
        f"Error: invalid value for '--regime': {typed!r} is no slug, a short name of lower-case"
        f" letters, digits and hyphens. Did you mean {meant}?\n"
    )


def test_a_body_to_be_registered_is_proposed_a_slug_too(world):
    named = ("--body", "Harbour Trust", "--kind", "trust", "--name", "Harbour")
    said = world.error("record", "BodyRegistered", *named)
    assert said.startswith(
        "Error: this can be no body: got Harbour Trust, expected a short name of lower-case"
        " letters, digits and hyphens, as harbour-trust. Did you mean harbour-trust?\n"
    )


def test_what_nothing_tells_where_a_registrar_signs_is_asked_for_with_what_it_is(world):
    said = world.error(
        *("record", "TargetSet", *TARGET, "--regime", "council-plan", "--due", "2025-07-18"),
        *("--as", "registrar"),
    )
    assert said == (
        "Error: TargetSet leaves out --setter, and neither what it names nor the office that signs,"
        " registrar of the ledger, tells it: expected --setter: Whose office says so; the"
        " school itself, or another. Say them, or sign in another office of yours with --as OFFICE;"
        " `school-ledger record TargetSet --help` explains its options.\n"
    )


def test_every_option_of_every_event_is_told_in_a_phrase():
    members = {
        (event.__name__, one.option): one for event in CATALOGUE for one in members_of(event)
    }
    told = {which: option_of(member).help for which, member in members.items()}
    assert [
        which for which, text in told.items() if len(text.partition(". Repeat")[0].split()) < 3
    ] == []
    used = {member.path[-1] for member in members.values() if not member.help}
    assert set(PHRASES) <= used, "a phrase for what no event has, or says itself, is dead"


def test_who_changes_their_name_is_called_by_the_one_that_they_have_until_then(world):
    said = ("--person", world.people["alder"], "--name", "Ash", "--key", world.key("registrar"))
    result = world.run("record", "PersonRenamed", *said)
    assert "registrar of the ledger:\n  Alder changed their name.\n  name: Ash\n" in result.stderr


def test_a_judgement_that_asks_for_nothing_has_no_next_step(world, masked):
    adopted = world.run("record", "FrameworkAdopted", "--shipped", "peer-review")
    assert masked(adopted.stderr).splitlines()[-1] == (
        "Next, by the office of the judge, a head by peer review or self only: school-ledger record"
        " JudgementMade --framework <start>"
    )
    framework = json.loads(world.done("show", "framework:", "--format", "json"))["rows"][0]["event"]
    sides = ("--judge", "900001", "--about", "900002", "--basis", "peer_review")
    day = ("--inspected-on", "2024-09-02", "--key", world.key("alder"))
    for grade, following in (
        ("secure", "Next: school-ledger show <start>"),
        ("priority", "school-ledger record JudgementChallenged --judgement <start>"),
    ):
        graded = ("--framework", framework, "--grade", f"inclusion={grade}")
        result = world.run("record", "JudgementMade", *sides, *graded, *day, "--yes")
        assert masked(result.stderr).splitlines()[-1].endswith(following)
