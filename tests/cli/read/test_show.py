"""`show`: an event, an obligation, a party, and bytes that OpenSSH verifies."""

import json
import shutil
import subprocess

import pytest

EVENT = """\
VisitMade <id>
ledger    northwick.example/support
known at  18, recorded on 2024-09-02; root <hash>
as of     2024-09-02

Event:
  summary      Alder School (900001) visited Birch School (900002) (support), 1.5 days claimed, under the agreement.
  id           <id>
  type         VisitMade.v1
  position     18
  occurred on  2024-09-02
  signed at    2024-09-02T09:39:00Z
  recorded at  2024-09-02T09:40:00Z
  signed by    Alder (person:<id>)
  office       head@school:900001
  seen         <head>
  marks        unvouched: signed with a key, or in an appointment, that nobody else has vouched for.

What it says:
  days     1.5
  host     school:900002
  mode     on_site
  note     Phonics in every class
  purpose  support
  under    agreement:<id>
  visitor  school:900001

Signature:
  result     holds
  key        key:SHA256:<key>
  authority  held at the time
  vouched    no

What it changed:
Who owes      To whom       What               Before  After  Unit  Due
------------  ------------  -----------------  ------  -----  ----  ----------
Birch School  Alder School  answer to a visit       0      1  item  2024-09-16

What is left of what it opened:
Who owes      To whom       What               About                Left  Unit  Due         Marks
------------  ------------  -----------------  -------------------  ----  ----  ----------  ---------
Birch School  Alder School  answer to a visit  visit of 2024-09-02     1  item  2024-09-16  unvouched

What refers to it:
  Nothing so far.

`school-ledger help WORDS` explains words, as root or known at.
"""  # noqa: E501 - what a line of the screen holds


def test_an_event_on_screen(world, masked):
    assert masked(world.done("show", world.visit[:13])) == EVENT


@pytest.mark.parametrize("name", ["{visit}", "visit:{visit}", "event:{visit}"])
def test_an_event_by_any_name(world, name):
    shown = world.done("show", name.format(visit=world.visit))
    assert shown.startswith(f"VisitMade {world.visit}\n")


def test_what_refers_to_an_agreement(world):
    shown = json.loads(world.done("show", f"agreement:{world.agreement}", "-f", "json"))
    assert [row["event"] for row in shown["referring"]] == [world.visit]
    assert [row["kind"] for row in shown["opened"]] == [
        "support",
        "impact_account",
        "impact_account",
    ]


OBLIGATION = """\
Obligation: days of support
ledger    northwick.example/support
known at  19, recorded on 2024-09-02; root <hash>
as of     2024-09-02

As it stands:
  obligation  <id>/support
  kind        support
  debtor      Alder School (school:900001)
  creditor    Birch School (school:900002)
  left        5.0
  unit        day
  due on      2025-03-31
  opened by   <id>

How it came to that:
"""


def test_an_obligation_with_what_was_left_after_each_posting(world, masked):
    attested = ("record", "VisitAttested", "--visit", "0191", "--days", "1")
    world.done(*attested, "--key", world.key("birch"))
    shown = world.done("show", f"{world.agreement[:13]}/support")
    assert masked(shown).startswith(OBLIGATION)
    document = json.loads(world.done("show", f"{world.agreement}/support", "-f", "json"))
    assert [(row["amount"], row["left"]) for row in document["postings"]] == [
        ("6.0", "6.0"),
        ("-1.0", "5.0"),
    ]


def test_of_what_is_owed_from_a_later_day_on_nothing_is_left_before(world):
    given = ("--provider", "900001", "--receiver", "900002", "--days", "3")
    asked = (*given, "--route", "partnership", "--commissioner", "northwick")
    until = ("--valid-until", "2024-10-01", "--key", world.key("alder"))
    offered = world.done("record", "SupportOffered", *asked, *until, "--yes").split()
    taken = (
        "--offer",
        offered[offered.index("event") + 1],
        "--days",
        "3",
        "--starts",
        "2024-09-04",
    )
    for_birch = ("--ends", "2024-12-20", "--key", world.key("birch"), "--yes")
    agreed = world.done("record", "SupportAgreed", *taken, *for_birch).split()
    account = f"{agreed[agreed.index('event') + 1]}/followup_account"

    def left(day):
        shown = json.loads(world.done("show", account, "--as-of", day, "-f", "json"))
        facts = shown["obligation"]
        return facts["left"], facts.get("owed_from")

    assert left("2024-12-19") == ("0", "2024-12-20")
    assert left("2024-12-20") == ("1", None)


def test_an_obligation_that_there_is_not(world):
    assert "no obligation" in world.error("show", f"{world.visit}/support")


def test_a_school(world):
    shown = json.loads(world.done("show", "900001", "-f", "json"))
    assert shown["kind"] == "school"
    assert shown["party"]["responsible body"] == "Northwick Council (body:northwick)"
    assert shown["party"]["head"] == f"Alder ({world.people['alder']}), substantive"
    assert [row["kind"] for row in shown["owes"]] == [
        "attestation",
        "support",
        "impact_account",
        "impact_account",
    ]


@pytest.mark.parametrize("party", ["northwick", "body:northwick"])
def test_a_body(world, party):
    assert world.done("show", party).startswith("Northwick Council (body:northwick)\n")


def test_a_person(world):
    shown = json.loads(world.done("show", world.people["alder"], "-f", "json"))
    assert shown["party"]["name"] == "Alder"
    assert shown["party"]["head@school:900001 from 2024-09-01"] == "substantive"


def test_an_event_that_was_not_known_then(world):
    assert "was not recorded by then" in world.error("show", world.visit, "--known-at", "17")


def test_what_there_is_not(world):
    assert world.error("show", "beef") == (
        "Error: nothing here is called beef: expected an event by its id or the start of it, a"
        " visit, agreement or other thing as agreement:<id>, an obligation as <event>/attestation,"
        " a party by name, URN or short name, an office as head@900003, or last."
        " `school-ledger find TEXT` finds parties, `school-ledger history PARTY` lists"
        " events with their ids, and `school-ledger show visit:` every visit.\n"
    )
    said = world.error("show", "nosuch")
    assert said.startswith("Error: nothing here is called nosuch: expected an event by its id or")
    assert world.error("show", "brich school").endswith("Did you mean Birch School (900002)?\n")


def test_what_the_record_alone_tells_is_unknown_is_refused_before_tables_are_built(world):
    views = world.folder / "northwick.db.views"
    shutil.rmtree(views, ignore_errors=True)
    assert "no school in this ledger has or had the URN 999999" in world.error("show", "999999")
    absent = "0191b207-c7a0-7000-8000-000000000001"
    assert f"nothing here is called {absent}" in world.error("show", absent)
    assert not views.exists()


def test_a_kind_without_an_id_lists_every_thing_of_it_with_its_id(world):
    for command in (("show", "visit:"), ("find", "visits"), ("find", "visit")):
        (row,) = json.loads(world.done(*command, "-f", "json"))["rows"]
        assert row["event"] == world.visit
        assert world.visit.startswith(row["event_start"])
    assert "No need is recorded by then." in world.done("show", "need:")
    assert world.error("show", "need:01").endswith(
        "`school-ledger show need:` lists every need with its id.\n"
    )


def test_a_thing_of_another_kind_than_its_reference_says_is_not_shown(world):
    said = world.error("show", f"agreement:{world.visit}")
    assert said.startswith(f"Error: nothing here is called agreement:{world.visit}:")


def test_a_part_of_a_name_shows_the_only_party_that_has_it(world):
    assert world.done("show", "birch sch").startswith("Birch School (school:900002)\n")
    assert world.done("owes", "--about", "birch") == world.done("owes", "--about", "900002")
    said = world.error("show", "school")
    assert said.startswith("Error: school may be any of several: Alder School (900001), Birch Sch")


def test_where_several_events_may_be_meant_each_is_told_on_a_line(world, masked):
    for said in (
        world.error("show", "0191"),
        world.error("show", "0191/attestation"),
        world.error("record", "Vouched", "--subject", "enrolment:0191").replace("--subject: ", ""),
    ):
        lines = masked(said).splitlines()
        assert lines[0] == "Error: several events have an id that begins with 0191:"
        assert all(line.startswith("  <start>  2024-09-02  ") for line in lines[1:-2])
        assert lines[-1] == "Give more of the id of the one that you mean."
    assert "  2024-09-02  The ledger Northwick was founded." in world.error("show", "0191")


def test_an_obligation_that_an_event_did_not_open_is_said_with_those_that_it_did(world):
    start = world.visit[:13]
    assert world.error("show", f"{start}/nosuch") == (
        f"Error: the event {start} opened no obligation called nosuch: expected"
        f" {start}/attestation. `school-ledger show {start}` shows what it changed in who owes"
        " what to whom.\n"
    )
    start = world.offer[:13]
    said = world.error("show", f"{start}/support")
    assert "expected no obligation, for it opened none." in said


def test_csv_is_section_name_and_value(world):
    shown = world.done("show", world.visit, "-f", "csv", "-q").splitlines()
    assert shown[0] == "section,name,value"
    assert "says,note,Phonics in every class" in shown


def test_openssh_verifies_the_signed_bytes(world):
    for event in (world.visit, world.agreement):
        world.done("show", event, "--signed", "evidence")
    signer = ["-f", "allowed_signers", "-I", world.people["alder"], "-n", "statement@school-ledger"]
    verified = subprocess.run(
        ["ssh-keygen", "-Y", "verify", *signer, "-s", f"{world.visit}.json.sig"],
        cwd=world.folder / "evidence",
        input=(world.folder / "evidence" / f"{world.visit}.json").read_bytes(),
        capture_output=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stderr
    assert len((world.folder / "evidence" / "allowed_signers").read_text().splitlines()) == 2


def test_only_an_event_is_signed(world):
    assert "only an event is signed" in world.error("show", "900001", "--signed", "evidence")


def test_an_obligation_of_no_event(world):
    assert world.error("show", "/support").startswith("Error: nothing here is called /support:")


def test_an_obligation_by_its_kind_too(world):
    assert "Obligation: days of support" in world.done(
        "show", f"obligation:{world.agreement}/support"
    )


def test_last_is_what_i_recorded_last(world):
    office = ("--office", "officer@northwick", "--effective-on", "2024-12-31")
    world.done("record", "AppointmentEnded", *office, "--yes")
    assert "AppointmentEnded" in world.done("show", "last")
    alder = ("--key", world.key("alder"))
    assert world.done("show", "last", *alder).startswith(f"VisitMade {world.visit}\n")
    assert world.done("show", "offer:last", *alder).startswith(f"SupportOffered {world.offer}\n")
    shown = world.done("show", "last/attestation", *alder)
    assert f"obligation  {world.visit}/attestation\n" in shown
    withdrawn = world.done(
        *("record", "EventWithdrawn", "--event", "last", "--code", "entered_in_error"),
        *("--effective-on", "2024-09-02", *alder, "--yes", "--format", "json"),
    )
    assert json.loads(withdrawn)["data"]["event"] == f"event:{world.visit}"


def test_whoever_has_recorded_none_has_no_last(world):
    said = world.error("show", "visit:last")
    assert said.startswith(
        "Error: no VisitMade was recorded with your key yet, so none is your last"
    )
    birch = ("--key", world.key("birch"))
    said = world.error("record", "VisitAttested", "--visit", "last", "--days", "1", *birch)
    assert said.startswith("Error: --visit: no VisitMade was recorded with your key yet")


def test_a_need_is_told_from_first_word_to_last_day(world):
    def say(event, key, *more):
        words = ("record", event, *more, "--key", world.key(key), "--yes", "--format", "json")
        return json.loads(world.done(*words))["event"]

    def course(need):
        page = json.loads(world.done("show", f"need:{need}", "--format", "json"))
        return [row["type"] for row in page.get("course", ())]

    need = ("--school", "900002", "--area", "inclusion", "--level", "school")
    need = say("NeedIdentified", "birch", *need)
    assert course(need) == []
    up = ("--to-level", "outside", "--ask", "A day.", "--why", "Alone.")
    say("NeedEscalated", "birch", "--trigger", f"need:{need}", *up)
    about = ("--trigger", f"need:{need}", "--route", "local_authority", "--valid-until", "today")
    sides = ("--provider", "900001", "--receiver", "900002", "--days", "1")
    offer = say("SupportOffered", "alder", *about, *sides)
    dates = ("--starts", "today", "--ends", "today", "--days", "1")
    agreement = say("SupportAgreed", "birch", "--offer", f"offer:{offer}", *dates)
    visit = ("--visitor", "900001", "--host", "900002", "--purpose", "support", "--days", "1")
    under = ("--under", f"agreement:{agreement}", "--mode", "on_site")
    made = say("VisitMade", "alder", *visit, *under)
    say("VisitAttested", "birch", "--visit", f"visit:{made}", "--days", "1")
    told = ["NeedIdentified", "NeedEscalated", "SupportOffered", "SupportAgreed", "VisitMade"]
    assert course(need) == [*told, "VisitAttested"]
    assert "From first word to last day:" in world.done("show", f"need:{need}")
