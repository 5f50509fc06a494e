"""`inbox` and `answer`: what waits for an office is answered by its number, without an id."""

import json
from datetime import date, timedelta

import pytest

from cli.record.answering import lacking
from cli.terminal import asking
from cli.terminal.formats import GLOSSARY_NAMED
from ledger.decision_model.kinds import Way
from ledger.domain.post import KINDS
from ledger.events.visits import VisitAttested


def inbox(world, *who):
    return json.loads(world.done("inbox", *who, "--format", "json"))["rows"]


def waits(world, *who):
    return [row["sentence"] for row in inbox(world, *who) if row["number"]]


def test_what_waits_is_numbered_and_told_with_its_due_date(world):
    shown = world.done("inbox", "--key", world.key("birch"))
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    named = f"{world.visit[:13]}/attestation"
    assert lines[0] == "Inbox of head of Birch School (900002)"
    assert lines[7:] == [
        "",
        "Waiting for your answer:",
        (
            "1 Answer to a visit, due to Alder School (900001) by 16 September 2024. Alder School"
            " (900001) visited Birch School (900002) (support), 1.5 days claimed, under the"
            " agreement. 2024-09-16"
        ),
        (
            "2 Account of impact, due to Alder School (900001) by 14 April 2025. Alder School"
            " (900001) and Birch School (900002) agreed 6 days of support by 31 March 2025."
            " 2025-04-14"
        ),
        "",
        "You are waiting for:",
        (
            "6.0 days of support, due from Alder School (900001) by 31 March 2025. Alder School"
            " (900001) and Birch School (900002) agreed 6 days of support by 31 March 2025."
            " 2025-03-31"
        ),
        (
            "Account of impact, due from Alder School (900001) by 14 April 2025. Alder School"
            " (900001) and Birch School (900002) agreed 6 days of support by 31 March 2025."
            " 2025-04-14"
        ),
        "",
        (
            "Answer one with `school-ledger answer NUMBER`. Numbers move up once one is answered; a"
            f" script names what it answers, as number 1: `school-ledger answer {named}`."
        ),
        GLOSSARY_NAMED,
    ]


def test_an_inbox_is_asked_by_key_or_by_office(world):
    by_key = inbox(world, "--key", world.key("birch"))
    assert inbox(world, "--as", "head@900002") == by_key
    assert inbox(world, "--as", "head@birch school") == by_key
    assert inbox(world, "--as", "officer@northwick") == []


def test_a_registrar_is_told_how_much_waits_to_be_vouched_for(world):
    assert world.done("inbox").endswith(
        "Nothing waits for an answer of yours, and you are waiting for nothing. Another's"
        " inbox: `school-ledger inbox --key FILE`, or `--as OFFICE`.\n\n"
        "6 keys or appointments wait to be vouched for: `school-ledger vouch`.\n"
        f"{GLOSSARY_NAMED}\n"
    )


@pytest.mark.parametrize("slot", ["/attestation", "/att", ""])
def test_what_is_answered_is_named_by_the_start_of_its_id_too(world, slot):
    named = f"{world.visit[:13]}{slot}"
    answered = world.done("answer", named, "--key", world.key("birch"), "--yes")
    assert answered.startswith("VisitAttested ")
    said = world.error("answer", named, "--key", world.key("birch"), "--yes")
    assert "nothing waits for your answer under that number" in said


def test_where_several_that_wait_begin_so_each_is_told(world):
    said = world.error("answer", world.agreement[:13], "--key", world.key("alder"), "--yes")
    account = f"{world.agreement}/impact_account/school:900001"
    assert "2 that wait for your answer begin so" in said
    assert f"{world.agreement}/support" in said
    assert account in said


def test_answering_by_number_says_what_was_asked_and_records_it(world):
    result = world.run("answer", "1", "--key", world.key("birch"), "--yes")
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith(
        "You are about to say, as head of Birch School (900002):\n"
        "  Birch School (900002) confirmed 1.5 days of a visit by Alder School (900001).\n"
    )
    assert "Birch School owed Alder School 1 answer to a visit; nothing is left" in result.stdout
    assert waits(world, "--key", world.key("birch"))[0].startswith("Account of impact")


def test_of_a_visit_confirmed_in_part_the_days_that_remain_are_proposed(world):
    birch = ("--key", world.key("birch"), "--yes")
    world.done("answer", "1", *birch, "--say", "days=0.5")
    corrected = ("VisitCorrected", "--visit", world.visit, "--days", "1.5")
    world.done("record", *corrected, "--key", world.key("alder"), "--yes")
    result = world.run("answer", "1", *birch)
    assert result.exit_code == 0, result.output
    assert "  Birch School (900002) confirmed 1 day of a visit by Alder School" in result.stderr


def test_what_the_record_does_not_tell_is_said(world):
    world.done(
        *("answer", "2", "--key", world.key("birch"), "--yes"),
        *("--say", "area=inclusion", "--say", "claim=More pupils read."),
    )
    assert len(waits(world, "--key", world.key("birch"))) == 1


def test_a_code_that_is_not_listed_is_refused_with_those_that_are(world):
    said = world.error(
        *("answer", "2", "--key", world.key("birch"), "--yes"),
        *("--say", "area=nosuch", "--say", "claim=More pupils read."),
    )
    assert said.startswith("Error: area: 'nosuch' is not one of 'achievement', 'attendance-and-")


def test_without_a_terminal_what_is_missing_is_named(world):
    start = world.agreement[:13]
    assert world.error("answer", "2", "--key", world.key("birch"), "--yes") == (
        "Error: ImpactReported answers this, and only you can say the rest. Run this on a"
        " terminal, which asks, or add `--say area=AREA --say claim=TEXT|@FILE|-`;"
        " `school-ledger record ImpactReported --help` explains each, and `school-ledger show"
        f" {start}` shows what is asked.\n"
    )


def test_what_is_answered_by_its_reference_is_answered_once_and_no_other(world):
    birch = ("--key", world.key("birch"))
    first, second, *_ = [row["obligation"] for row in inbox(world, *birch)]
    assert first != second
    world.done("answer", first, *birch, "--yes")
    said = world.error("answer", first, *birch, "--yes")
    assert said.startswith("Error: nothing waits for your answer under that number: got")
    assert [row["obligation"] for row in inbox(world, *birch) if row["number"]] == [second]


@pytest.mark.parametrize("number", ["0", "3", "x", "-1"])
def test_a_number_that_there_is_not(world, number):
    said = world.error("answer", "--key", world.key("birch"), "--", number)
    assert said == (
        "Error: nothing waits for your answer under that number: got"
        f" {number}, expected 1 to 2. `school-ledger inbox` lists what waits.\n"
    )


def test_an_answer_other_than_the_usual_one(world):
    world.done(
        *("answer", "1", "--key", world.key("birch"), "--with", "VisitDisputed"),
        *("--say", "days=1", "--say", "wrong=It ended at noon."),
    )
    (answer, *_) = waits(world, "--key", world.key("alder"))
    assert answer.startswith("Answer to a dispute, due to Birch School (900002)")
    world.done("answer", "1", "--key", world.key("alder"))
    (again, *_) = waits(world, "--key", world.key("birch"))
    assert "1 day claimed" in again or "corrected a visit" in again


def test_what_does_not_answer_it_is_refused_with_what_does(world):
    said = world.error("answer", "1", "--key", world.key("birch"), "--with", "VisitMade")
    assert said.endswith("got VisitMade, expected VisitAttested or VisitDisputed.\n")
    said = world.error("answer", "1", "--key", world.key("birch"), "--say", "colour=red")
    assert said.startswith("Error: VisitAttested says no such thing: got colour=red, expected")
    said = world.error(
        *("answer", "1", "--key", world.key("alder"), "--say", "purpose=red"), "--as", "head@900001"
    )
    assert said.startswith("Error: purpose: 'red' is not one of 'support', 'challenge'")
    said = world.error("answer", "1", "--key", world.key("birch"), "--say", "days=red")
    assert said.startswith("Error: days: not a quantity of this kind")


def test_an_offer_waits_for_whom_it_was_made_to(world):
    world.done(
        *("record", "SupportOffered", "--key", world.key("birch"), "--provider", "900002"),
        *("--receiver", "900001", "--route", "partnership", "--days", "3"),
        *("--valid-until", "2024-10-01"),
    )
    offer = waits(world, "--key", world.key("alder"))[0]
    assert offer == (
        "Birch School (900002) offered Alder School (900001) 3 days of support."
        " It is valid until 1 October 2024."
    )
    dates = ("--say", "starts=2024-09-03", "--say", "ends=2024-12-20")
    shown = world.done("answer", "1", "--key", world.key("alder"), *dates)
    assert "Birch School owes Alder School 3.0 days of support" in shown
    assert offer not in waits(world, "--key", world.key("alder"))


def test_other_terms_wait_for_the_other_side_until_they_lapse(world):
    birch, alder = ("--key", world.key("birch")), ("--key", world.key("alder"))
    [agreement] = [row["opened_by"] for row in inbox(world, *alder) if row["kind"] == "support"]
    world.done("record", "SupportVaried", *birch, "--agreement", agreement, "--days", "9")
    said = (
        "Birch School (900002) proposed to vary the support of Birch School (900002) by Alder"
        " School (900001): 9 days in all. It is valid until 16 September 2024."
    )
    assert waits(world, *birch).count(said) == 0
    number = waits(world, *alder).index(said) + 1
    shown = world.done("answer", str(number), *alder)
    assert "Alder School owes Birch School 9.0 days of support (it was 6.0)" in shown
    assert said not in waits(world, *alder)


def test_a_list_is_said_by_saying_it_again(world):
    numbers = [row["kind"] for row in inbox(world, "--key", world.key("alder"))]
    said = [f"--say={one}" for one in ("days=1", "purpose=support", "mode=on_site")]
    with_whom = ("--say=worked-with=teachers", "--say=worked-with=pupils")
    number = str(numbers.index("support") + 1)
    world.done("answer", number, "--key", world.key("alder"), *said, *with_whom)
    shown = world.done("history", "900002", "--format", "json")
    event = json.loads(shown)["rows"][-1]["event"]
    assert "teachers, pupils" in world.done("show", event)


def test_a_debtor_of_days_claims_a_visit_and_says_how_long_it_was(world):
    numbers = [row["kind"] for row in inbox(world, "--key", world.key("alder"))]
    shown = world.done(
        *("answer", str(numbers.index("support") + 1), "--key", world.key("alder")),
        *("--say", "days=2", "--say", "purpose=support", "--say", "mode=on_site"),
    )
    assert "Birch School owes Alder School 1 answer to a visit" in shown


def test_an_office_that_the_signer_does_not_hold_is_refused_before_anything_is_asked(world):
    assert world.error("answer", "9", "--as", "head@900002", "--key", world.key("alder")) == (
        "Error: Alder does not hold the office head of Birch School (900002) today, so cannot"
        " answer in it: expected head@school:900001. Sign with its holder's key, --key FILE; to"
        " record its answer on its authority, say --for head@school:900002 --authority EVIDENCE.\n"
    )


# -- on a terminal -------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(asking, "interactive", lambda: True)


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_what_was_said_is_proposed_and_the_sentence_is_asked_about(world):
    result = world.run("answer", "1", "--key", world.key("birch"), input="\n1.0\n\n")
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith(
        "Answer to a visit, due to Alder School (900001) by 16 September 2024. Alder School"
        " (900001) visited Birch School (900002) (support), 1.5 days claimed, under the"
        " agreement.\n"
        "  VisitAttested: The host confirms a visit, for as many days as it agrees to; the rest it"
        " disputes.\n"
        "  VisitDisputed: The host says what is wrong with a visit as claimed, and what it would"
        " confirm.\n"
    )
    assert "(VisitAttested, VisitDisputed) [VisitAttested]" in result.stderr
    assert "How many days, halves allowed (--days) [1.5]" in result.stderr
    assert ", of 1.5 days claimed.\nSign and record it? [Y/n]" in (result.stderr)
    assert "VisitAttested" in result.stdout


@pytest.mark.usefixtures("terminal")
def test_whoever_does_not_mean_it_records_nothing(world):
    result = world.run("answer", "1", "--key", world.key("birch"), input="\n\nn\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("Error: nothing was signed, and nothing recorded.\n")
    assert len(waits(world, "--key", world.key("birch"))) == 2


@pytest.mark.usefixtures("terminal")
def test_recording_asks_about_the_sentence_and_yes_does_not(world):
    attest = ("record", "VisitAttested", "--key", world.key("birch"), "--visit", world.visit)
    result = world.run(*attest, "--days", "1", input="n\n")
    assert result.stderr.startswith(
        "You are about to say, as head of Birch School (900002):\n"
        "  Birch School (900002) confirmed 1 day of a visit by Alder School (900001), of 1.5 days"
        " claimed.\n"
    )
    assert result.exit_code == 1
    shown = world.run(*attest, "--days", "1", "--yes")
    assert shown.exit_code == 0
    assert "Sign and record it?" not in shown.stderr


@pytest.mark.usefixtures("terminal")
def test_signing_shows_what_each_file_says_with_names_where_the_ledger_is_at_hand(
    world, tmp_path, monkeypatch
):
    draft = ("draft", "VisitAttested", "--visit", world.visit, "--days", "1")
    world.done(*draft, "--key", world.key("birch"), "-o", "v.json")
    sign = ("sign", str(world.folder / "v.json"), "--key", world.key("birch"))
    result = world.run(*sign, input="n\n")
    assert ", of 1.5 days claimed.\nSign it? [Y/n]" in result.stderr
    assert (result.exit_code, result.stdout) == (1, "")
    monkeypatch.chdir(tmp_path)
    away = world.run(*sign, "--yes")
    assert "confirmed 1.0 of a visit by school:900001, of 1.5 claimed.\n" in away.stderr
    assert away.exit_code == 0


# -- derived from the kinds ----------------------------------------------------------------------


IMPACT = ("--say", "area=inclusion", "--say", "claim=More pupils read.")
VISIT = ("--say", "days=1", "--say", "purpose=peer_review", "--say", "mode=on_site")
DAYS = ("attestation", "impact", "ratification", "handover", "response", "brokerage", "notice")
SALTMARSH = (
    *("--partnership", "saltmarsh", "--name", "Saltmarsh", "--kind", "peer_review"),
    *("--ground-rules.visits-per-year=1", "--ground-rules.outside-visits=1"),
    *("--ground-rules.distinct-hosts", "--no-ground-rules.external-judge"),
    *(f"--ground-rules.{kind}-days=28" for kind in DAYS),
    *(
        f"--ground-rules.contingency.{one}=northwick"
        for one in ("on-closure", "on-dissolution", "holds-unspent")
    ),
)


def waits_as_of(told, who):
    return json.loads(told("inbox", *who, "--format", "json").stdout)["ledger"]["as_of"]


def _recorded_for_holm(told, today, by):
    """Record for a head without a key that the school asks to join, then enrol a key of theirs."""

    def say(event, *more):
        told("record", event, *more, *by("registrar"), "--quiet")

    school = ("--school", "900008", "--urn", "900008", "--name", "Holm School")
    say("SchoolRegistered", *school, "--phase", "primary", "--la", "northwick")
    say("PersonEnrolled", "--name", "Mx Holm")
    office = ("--office", "head@900008", "--basis", "substantive", "--effective-on", today)
    say("Appointed", "--person", "Mx Holm", *office)
    letter = ("--about", "900008", "--title", "Letter", "--kind", "letter")
    say("EvidenceLodged", *letter, "--document", "me.json")
    asks = ("--school", "900008", "--partnership", "estuary")
    say("MembershipSought", *asks, "--for", "head@900008", "--authority", "last")
    told("key", "new", "keys/holm", "--no-passphrase")
    told("key", "prove", "keys/holm", "--person", "Mx Holm", "-o", "key.json")
    say("KeyEnrolled", "--from", "key.json")


def needs_and_conflicts(say, answer):
    need = ("--school", "900003", "--area", "inclusion", "--level", "school")
    say("NeedIdentified", "officer", *need)
    answer("need_response", "cypress")
    why = ("--say", "why=No time.")
    up = ("--trigger", "last", "--ask", "Help.", "--why", "None here.", "--to-level")
    own = ("--school", "900001", *need[2:])
    say("NeedIdentified", "alder", *own)
    say("NeedEscalated", "alder", *up, "partnership")
    answer("brokerage", "chair", "--say", "decision=leave_alone", *why)
    say("NeedIdentified", "alder", *own)
    say("NeedEscalated", "officer", *up, "outside", "--skips", "Nobody else can.")
    offer = ("--say", "route=partnership", "--say", "days=1", "--say", "valid-until=today")
    answer("member_response", "chair", *offer)
    own = ("--party", "900001", "--school", "900001", "--what", "Her sister works there.")
    say("ConflictOfInterestDeclared", "alder", *own)
    answer("conflict_answer", "officer", "--say", "decision=cleared", *why)
    concern = ("--about", "900001", "--to", "body:northwick", "--reason", "Nobody came.")
    say("ConcernRaised", "elm", *concern)
    answer("concern_answer", "officer", "--say", "steps=They came.")


def placed_in_a_category(say, answer):
    inspected = ("--about", "900001", "--judge", "inspectorate", "--basis", "inspection")
    graded = ("--grade", "inclusion=urgent-improvement", "--category", "special_measures")
    source = ("--source.publisher", "Northwick Inspectorate", "--source.title", "Alder: inspection")
    framework = ("--framework", "last", "--inspected-on", "today")
    say("JudgementMade", "registrar", *inspected, *graded, *framework, *source)
    document = ("media-type=text/plain", "size=1", f"sha256={'0' * 64}", "title=What we will do")
    answer("statement_of_action", "officer", *(word for one in document for word in ("--say", one)))


def targets_in_conflict(told, say, answer):
    said = ("--about", "900007", "--regime", "plan", "--value", "1", "--due", "2030-07-31")
    for measure in ("days-in", "days-out"):
        say("TargetSet", "officer", *said, "--measure", measure)
    owed = json.loads(told("owes", "--kind", "target", "--format", "json").stdout)["rows"]
    both = [word for row in owed for word in ("--target", row["opened_by"])]
    say("TargetConflictRaised", "gorse", "--about", "900007", *both, "--why", "One rules it out.")
    answer("reconciliation", "officer", "--say", "answer=stands")
    answer("target", "gorse")


@pytest.mark.sweep
def test_every_kind_of_obligation_is_answered_by_its_number(told):  # noqa: PLR0915 - a story
    answered = set()

    def by(key):
        return ("--key", f"keys/{key}", "--clock-confirmed")

    def say(event, key, *more):
        told("record", event, *more, *by(key), "--quiet")

    def answer(kind, key, *more):
        rows = json.loads(told("inbox", *by(key), "--format", "json").stdout)["rows"]
        row = next(row for row in rows if row["kind"] == kind and row["number"])
        shown = told("answer", str(row["number"]), *more, *by(key), "--yes").stdout
        assert "Changed in who owes what to whom:" in shown
        answered.add(kind)
        return row["opened_by"]

    def enrol(name, office, *more):
        told("key", "new", f"keys/{name}", "--no-passphrase")
        who = ("--name", f"Mx {name.title()}", "--office", office)
        told("key", "prove", f"keys/{name}", *who, "-o", "me.json")
        told("enrol", "me.json", *more, *by("registrar"))

    today = date.fromisoformat(waits_as_of(told, by("chair")))
    visit = answer("attestation", "elm")
    advice = ("--visit", visit, "--area", "inclusion", "--recommendation", "Read more.")
    say("AdviceGiven", "dale", *advice, "--act-by", "today")
    answer("advice_response", "elm", "--say", "answer=accepted")
    answer("advice_action", "elm", "--say", "done=More is read.")
    answer("impact_account", "elm", *IMPACT)
    answer("followup_account", "cypress", *IMPACT)
    answer("support", "alder", *VISIT[:2], "--say", "purpose=support", *VISIT[4:])
    answer("plan", "cypress", "--say", "objective=inclusion", "--say", "what=More in class.")
    rated = ("--say", "rating=inclusion=amber")
    answer("progress_report", "cypress", *rated, "--say", "account=Well.")
    answer("review", "alder")
    answer("attestation", "cypress", "--with", "VisitDisputed", *VISIT[:2], "--say", "wrong=No.")
    why = ("--say", "why=The diary shows it.")
    answer("dispute_answer", "alder", "--with", "VisitDisputeMaintained", *why)
    answer("moderation", "chair", "--say", "days=0", "--say", "finding=set_aside", *why)
    needs_and_conflicts(say, answer)
    answer("contingency_answer", "officer")

    say("DepartureNotified", "elm", "--office", "head@900005", "--effective-on", str(today))
    answer("handover", "elm")
    enrol("lime", "head@900005", "--succeeds", "Mx Elm")
    answer("handover_acceptance", "lime")
    answer("ratification", "lime")

    school = ("--school", "900007", "--urn", "900007", "--name", "Alder: inspection")
    say("SchoolRegistered", "registrar", *school, "--phase", "primary", "--la", "northwick")
    enrol("gorse", "head@900007")
    say("MembershipSought", "gorse", "--school", "900007", "--partnership", "estuary")
    answer("admission_answer", "chair", "--say", "effective-on=today")

    year = ("--name", f"{today.year}-{(today.year + 1) % 100:02}")
    span = ("--starts", today.isoformat(), "--ends", str(today + timedelta(300)))
    say("PartnershipYearOpened", "chair", "--partnership", "estuary", *year, *span)
    answer("peer_visit", "gorse", *VISIT, "--say", "host=900001")
    programme = ("--organiser", "northwick", "--name", "Advisers", "--school", "900007")
    say("VisitProgrammeOpened", "officer", *programme, *span, "--visits-to-each", "1")
    answer("entitled_visit", "officer", *VISIT)

    say("PartnershipFormed", "registrar", *SALTMARSH)
    enrol("thrift", "chair@partnership:saltmarsh")
    say("MembershipSought", "gorse", "--school", "900007", "--partnership", "saltmarsh")
    answer("admission_answer", "thrift", "--say", "effective-on=today")
    say("PartnershipYearOpened", "thrift", "--partnership", "saltmarsh", *year, *span)
    answer("outside_visit", "gorse", *VISIT, "--say", "host=900002")
    _recorded_for_holm(told, str(today), by)
    answer("record_confirmation", "holm")

    sides = ("--commissioner", "northwick", "--payee", "900007")
    fund = ("--title", "Reading", "--fund", "Improvement", "--no-related-party")
    pays = ("--instalment", f"{today + timedelta(9)}=100.00", "--account-by", str(today))
    say("FundingCommitted", "officer", *sides, *fund, *pays, "--condition", f"Report={today}")
    owed = json.loads(told("owes", "--kind", "payment", "--format", "json").stdout)
    answer("payment", "officer", "--say", "pounds=100.00")
    answer("fulfilment_answer", "gorse", "--say", "pounds=100.00")
    answer("condition", "gorse")
    spent = ("--spent", f"{owed['rows'][0]['opened_by']}=60.00", "--supplier", "Trainers Ltd")
    say("SpendRecorded", "gorse", "--keeper", "900007", *spent, "--purpose", "training")
    answer("spend_account", "gorse", "--say", "pounds=60.00")

    placed_in_a_category(say, answer)
    targets_in_conflict(told, say, answer)
    notice = ("--school", "900007", "--kind", "warning_notice", "--issuer", "northwick")
    asks = ("--no-asks-for-support", "--complier", "900007", "--comply-by", str(today))
    say("InterventionRecorded", "officer", *notice, *asks)
    answer("compliance", "gorse")
    # What a partnership pledged, its members keep: one offers help, and the school takes it up.
    assert answered == {kind.name for kind in KINDS} - {"pledged_help"}


def test_nothing_is_lacking_that_the_rule_tells():
    way = Way(VisitAttested, {"visit": "visit:1"})
    assert [member.option for member in lacking(way, way.data)] == ["days"]


def test_whoever_is_about_to_be_enrolled_is_called_by_name(world):
    result = world.run("record", "PersonEnrolled", "--name", "Kit")
    assert "\n  Kit was enrolled.\n  name: Kit\n" in result.stderr
