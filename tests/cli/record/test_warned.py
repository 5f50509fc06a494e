"""What is warned of before it is signed, and asked again where there is somebody to ask."""

from __future__ import annotations

import json
import re

import pytest

LATE = (
    "Warning: 12 August 2024 is 21 days ago: what is recorded more than 20 days after it happened"
    " is marked late.\n"
)
ALIKE = (
    "Warning: it looks like a visit that is recorded already, with the same sides, day and days:"
    " `school-ledger show <id>`.\n"
)
OPEN = (
    "Warning: the two have an open agreement, and the visit is not under it:"
    " `--under agreement:<id>`.\n"
)
NAMED = "Warning: Alder is enrolled already, as person:<id>; nobody is enrolled twice.\n"
ASKED = "Sign and record it all the same? [y/N]: "
UNASKED = (
    "Error: nothing was signed, and nothing recorded: there is nobody to ask whether it is meant"
    " all the same. If it is meant, run the same again with --yes.\n"
)
OFFER = "0191b21a-1720-7000-8000-000000000001"
AGO = "Warning: it would take effect on {}, {} days ago: check the year.\n"


def visit(  # noqa: PLR0913 - these are what a visit is
    world, *more, host="900002", purpose="support", days="1", key="alder", under="nothing"
):
    named = ("--visitor", "900001", "--host", host, "--purpose", purpose, "--mode", "on_site")
    named = (*named, *(("--under", under) if under else ()))
    return ("record", "VisitMade", *named, "--days", days, "--key", world.key(key), *more)


def under(world):
    return f"agreement:{world.agreement}"


def warnings(masked, result):
    lines = masked(result.stderr).splitlines(keepends=True)
    return "".join(line for line in lines if line.startswith("Warning"))


def refused_unless_meant(world, masked, *said):
    """Run what is warned of where nobody can be asked; return the warnings."""
    head = re.search(r"known at  \d+", world.done("owes"))[0]
    result = world.run(*said)
    found = warnings(masked, result)
    assert result.exit_code == (1 if found else 0), result.output
    if not found:
        return ""
    assert result.stderr.endswith(UNASKED)
    assert head in world.done("owes"), "nothing is recorded"
    again = world.run(*said, "--yes")
    assert (again.exit_code, warnings(masked, again)) == (0, found)
    assert head not in world.done("owes")
    return found


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({}, OPEN),
        ({"purpose": "challenge"}, ""),
        ({"days": "1.5"}, ALIKE + OPEN),
        ({"days": "1.5", "purpose": "challenge"}, ALIKE),
    ],
)
def test_a_visit_is_warned_of_by_what_is_recorded(world, masked, how, said):
    assert refused_unless_meant(world, masked, *visit(world, **how)) == said


EXCHANGED = (
    "Warning: the two have an open agreement, by which the host supports the visitor, and this"
    " visit goes the other way: see that visitor and host are not exchanged,"
    " `school-ledger show agreement:<id>`.\n"
)


def test_a_visit_the_other_way_round_is_warned_of_and_not_told_to_be_under_it(world, masked):
    sides = ("--visitor", "900002", "--host", "900001", "--purpose", "support")
    how = ("--mode", "on_site", "--days", "1", "--under", "nothing", "--key", world.key("birch"))
    assert refused_unless_meant(world, masked, "record", "VisitMade", *sides, *how) == EXCHANGED
    world.done("show", under(world))


def test_a_visit_before_the_agreement_started_is_not_told_to_be_under_it(world, masked):
    result = world.run(*visit(world, "--occurred-on", "2024-08-20"))
    assert (result.exit_code, warnings(masked, result)) == (0, "")


def test_what_is_warned_of_not_to_be_under_an_agreement_is_recorded_under_it(world, masked):
    assert warnings(masked, world.run(*visit(world))) == OPEN
    world.done(*visit(world, under=under(world)))


def test_a_visit_that_says_nothing_is_under_the_agreement_that_is_open(world, masked):
    result = world.run(*visit(world, under=None, days="2"))
    assert (result.exit_code, warnings(masked, result)) == (0, "")
    assert "2 days claimed, under the agreement" in result.stderr


def test_a_visit_under_its_agreement_of_other_days_is_not_warned_of(world, masked):
    result = world.run(*visit(world, under=under(world)))
    assert (result.exit_code, warnings(masked, result)) == (0, "")


@pytest.mark.parametrize(("day", "said"), [("2024-08-13", ""), ("2024-08-12", LATE)])
def test_a_day_further_back_than_counts_as_late_is_warned_of(world, masked, day, said):
    told = visit(world, "--occurred-on", day, purpose="challenge")
    assert refused_unless_meant(world, masked, *told) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2024-08-13", ""),
        ("2024-08-12", AGO.format("12 August 2024", "21")),
        ("1871-03-31", AGO.format("31 March 1871", "56,038")),
    ],
)
def test_what_takes_effect_further_back_than_counts_as_late_is_warned_of(world, masked, day, said):
    closed = ("record", "SchoolClosed", "--school", "900001", "--effective-on", day)
    assert refused_unless_meant(world, masked, *closed) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [("1974-09-02", ""), ("1974-09-01", AGO.format("1 September 1974", "18,264"))],
)
def test_a_term_of_office_may_have_begun_long_ago_but_within_a_lifetime(world, masked, day, said):
    office = ("--office", "board_chair@900001", "--basis", "substantive")
    chair = ("record", "Appointed", "--person", "Alder", *office, "--effective-on", day)
    assert refused_unless_meant(world, masked, *chair) == said


def test_support_agreed_beside_an_open_agreement_of_the_two_is_warned_of(world, masked):
    terms = ("--route", "local_authority", "--days", "2", "--valid-until", "2024-12-31")
    named = ("--provider", "900001", "--receiver", "900002", "--key", world.key("alder"))
    world.done("record", "SupportOffered", *named, *terms, "--id", OFFER)
    agreed = ("record", "SupportAgreed", "--offer", OFFER, "--days", "2", "--starts", "2024-09-02")
    agreed = (*agreed, "--ends", "2025-03-31", "--key", world.key("birch"), "--dry-run")
    beside = (
        "Warning: the two have an open agreement already, and this one is agreed beside it:"
        " `--replaces agreement:<id>` ends that one.\n"
    )
    assert warnings(masked, world.run(*agreed)) == beside
    assert warnings(masked, world.run(*agreed, "--replaces", under(world))) == ""


UNPAID = (
    "Warning: nobody will owe the price of 600.00 pounds: Northwick Council is named as"
    " paying it and has not approved the offer; before this is recorded, it approves by"
)


@pytest.mark.parametrize(
    ("payer", "said"),
    [
        ("900002", ""),
        (
            "northwick",
            (
                f"{UNPAID} `school-ledger record DecisionRecorded --offer offer:{OFFER} --decision"
                " approve --why TEXT`.\n"
            ),
        ),
    ],
)
def test_a_price_that_nobody_will_owe_is_warned_of(world, masked, payer, said):
    terms = ("--route", "local_authority", "--days", "2", "--valid-until", "2024-12-31")
    named = ("--provider", "900001", "--receiver", "900002", "--key", world.key("alder"))
    priced = ("--price", "600", "--payer", payer)
    world.done("record", "SupportOffered", *named, *terms, *priced, "--id", OFFER)
    agreed = ("record", "SupportAgreed", "--offer", OFFER, "--days", "2", "--starts", "2024-09-02")
    agreed = (*agreed, "--ends", "2025-03-31", "--key", world.key("birch"), "--dry-run")
    agreed = (*agreed, "--replaces", under(world))
    assert warnings(masked, world.run(*agreed)) == masked(said)


NOTHING_YET = (
    "Warning: there is nothing to account for yet: no visit under the {} is confirmed, and it goes"
    " on until 31 {} 2025; one account is given of it, at its end.\n"
)
PROGRAMME = "0191b21a-1720-7000-8000-000000000003"


def account(world, *of):
    told = ("--area", "curriculum-and-teaching", "--claim", "More pupils keep up.")
    said = ("--reporter", "900002", *of, *told, "--key", world.key("birch"), "--dry-run")
    return ("record", "ImpactReported", *said)


def confirm(world, visit, days, key):
    said = ("--visit", visit, "--days", days, "--key", world.key(key))
    world.done("record", "VisitAttested", *said)


def test_an_account_of_an_agreement_before_a_visit_is_confirmed_is_warned_of(world, masked):
    of_it = account(world, "--agreement", world.agreement)
    assert warnings(masked, world.run(*of_it)) == NOTHING_YET.format("agreement", "March")
    confirm(world, world.visit, "1.5", "birch")
    assert warnings(masked, world.run(*of_it)) == ""


def test_at_the_end_an_account_is_given_of_an_agreement_though_nobody_came(world, masked):
    of_it = account(world, "--agreement", world.agreement)
    world.clock.now = world.clock.now.replace(year=2025, month=3, day=31)
    assert warnings(masked, world.run(*of_it)) == NOTHING_YET.format("agreement", "March")
    world.clock.now = world.clock.now.replace(year=2025, month=4, day=1)
    assert warnings(masked, world.run(*of_it)) == ""


def test_an_account_of_a_programme_before_a_visit_of_it_is_confirmed_is_warned_of(world, masked):
    days = ("--starts", "2024-09-02", "--ends", "2025-07-31", "--id", PROGRAMME)
    asks = ("--school", "900002", "--visits-by-each", "1", *days, "--key", world.key("officer"))
    opened = ("--organiser", "northwick", "--name", "Heads visit heads", *asks)
    world.done("record", "VisitProgrammeOpened", *opened)
    under_it = ("--programme", PROGRAMME)
    birch = ("--key", world.key("birch"))
    joined = ("--school", "900002", "--effective-on", "2024-09-02", *birch)
    world.done("record", "ProgrammeJoined", *under_it, *joined)
    of_it = account(world, *under_it)
    assert warnings(masked, world.run(*of_it)) == NOTHING_YET.format("programme", "July")
    sides = ("--visitor", "900002", "--host", "900001", "--purpose", "challenge", "--days", "1")
    visited = (*sides, "--mode", "on_site", "--under", f"programme:{PROGRAMME}", "--id", OFFER)
    world.done("record", "VisitMade", *visited, *birch)
    confirm(world, OFFER, "1", "alder")
    assert warnings(masked, world.run(*of_it)) == ""


OVER = "Warning: the year ended on 31 July 2024, before it is opened:"


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("2024-09-02", "2025-07-31", ""),
        (
            *("2023-09-04", "2024-07-31"),
            f"{OVER} what its members owe in it would be overdue at once.\n",
        ),
    ],
)
@pytest.mark.usefixtures("chaired")
def test_a_year_that_is_over_when_it_is_opened_is_warned_of(world, masked, starts, ends, said):
    officer = ("--key", world.key("officer"), "--dry-run")
    days = ("--starts", starts, "--ends", ends)
    name = ("--name", f"{starts[:4]}-{ends[2:4]}")
    opened = ("record", "PartnershipYearOpened", "--partnership", "estuary", *name)
    ran = world.run(*opened, *days, *officer)
    assert ran.exit_code == 0, ran.output
    assert warnings(masked, ran) == said


TARGET = "0191b21a-1720-7000-8000-000000000002"
LIKE = (
    "Warning: it looks like a target that is set already, by the same party for the same measure"
    " and day: `school-ledger show <id>`; `--replaces target:<id>` puts this one in its place.\n"
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, LIKE),
        ({"--value": "97"}, LIKE),
        ({"--due": "2025-07-19"}, ""),
        ({"--measure": "phonics"}, ""),
        ({"--regime": "another-plan"}, ""),
        ({"--replaces": f"target:{TARGET}"}, ""),
        ({"--agreed-with": "900002"}, LIKE.partition(";")[0] + ".\n"),
    ],
)
def test_a_target_like_one_that_is_open_is_warned_of(world, masked, changes, said):
    """Two alike would both be owed, and the school counted as under two demands."""
    target = {"--about": "900001", "--setter": "900001", "--agreed-with": "body:northwick"}
    target |= {"--regime": "our-plan", "--measure": "attendance", "--value": "96"}
    target |= {"--due": "2025-07-18", "--key": world.key("alder")}

    def setting(options):
        return ("record", "TargetSet", *(one for pair in options.items() for one in pair))

    world.done(*setting(target), "--id", TARGET)
    assert refused_unless_meant(world, masked, *setting({**target, **changes})) == said


def test_a_withdrawn_visit_is_no_reason_for_a_warning(world, masked):
    world.done(
        *("record", "EventWithdrawn", "--event", world.visit, "--code", "entered_in_error"),
        *("--key", world.key("alder")),
    )
    result = world.run(*visit(world, under=under(world), days="1.5"))
    assert warnings(masked, result) == ""


@pytest.mark.parametrize(
    ("name", "said"), [("  ALDER ", NAMED), ("Alder", NAMED), ("Alderney", ""), ("Willow", "")]
)
def test_somebody_enrolled_under_a_name_that_somebody_bears_is_warned_of(world, masked, name, said):
    enrolled = ("record", "PersonEnrolled", "--name", name)
    assert refused_unless_meant(world, masked, *enrolled) == said


@pytest.mark.parametrize(
    ("name", "said"), [("Birch", NAMED.replace("Alder", "Birch")), ("Alder", ""), ("Willow", "")]
)
def test_so_is_somebody_who_takes_a_name_that_another_bears(world, masked, name, said):
    renamed = ("record", "PersonRenamed", "--person", "Alder", "--name", name)
    assert refused_unless_meant(world, masked, *renamed) == said


def test_where_nobody_can_be_asked_a_warning_is_told_however_quiet(world, masked):
    result = world.run(*visit(world, "--quiet"))
    assert result.exit_code == 1
    assert warnings(masked, result) == OPEN


def test_a_draft_tells_what_is_warned_of_and_to_sign_it_is_to_mean_it(world, masked):
    drafted = world.run("draft", *visit(world, "-o", "visit.json")[1:])
    assert (drafted.exit_code, warnings(masked, drafted)) == (0, OPEN)
    signed = ("sign", "visit.json", "--key", world.key("alder"))
    refused = world.run(*signed)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert warnings(masked, refused) == OPEN
    assert refused.stderr.endswith(UNASKED)
    assert world.done(*signed, "--yes").startswith("{")


def test_a_statement_signed_where_its_ledger_is_not_at_hand_is_warned_of_nowhere(world, masked):
    world.done("draft", *visit(world, "-o", "visit.json")[1:])
    world.ledger.rename(world.ledger.with_name("elsewhere.db"))
    signed = world.run("sign", "visit.json", "--key", world.key("alder"))
    assert (signed.exit_code, warnings(masked, signed)) == (0, "")


def test_an_answer_is_warned_of_as_what_is_recorded_is(world, masked):
    waits = ("answer", "1", "--key", world.key("alder"), "--say", "purpose=challenge")
    said = ("--say", "mode=on_site", "--say", "days=1.5", "--say", "host=900002")
    refused = world.run(*waits, *said)
    assert (refused.exit_code, warnings(masked, refused)) == (1, ALIKE)
    assert refused.stderr.endswith(UNASKED)
    assert world.run(*waits, *said, "--yes").exit_code == 0


class TestTold:
    """What the rules will ask next is told and not asked about: nothing is wrong with it yet."""

    ASKS = (
        "Note: before help from outside is agreed, the need must have been put to {} and then"
        " outside, each by NeedEscalated; help from within needs none of it.\n"
    )

    def notes(self, told, key, *said):
        result = told(*said, "--key", f"keys/{key}", "--clock-confirmed", "--dry-run")
        lines = result.stderr.splitlines(keepends=True)
        return "".join(line for line in lines if line.startswith("Note"))

    @pytest.mark.parametrize(
        ("level", "asks"), [("school", ""), ("partnership", ""), ("outside", "the partnership")]
    )
    def test_whom_a_need_must_be_put_to_before_help_from_outside(self, told, level, asks):
        said = ("record", "NeedIdentified", "--school", "900002", "--area", "inclusion")
        found = self.notes(told, "birch", *said, "--level", level)
        assert found == (self.ASKS.format(asks) if asks else "")

    def test_that_help_offered_from_outside_cannot_be_agreed_yet(self, told):
        need = ("record", "NeedIdentified", "--school", "900002", "--area", "inclusion")
        signs = ("--key", "keys/birch", "--clock-confirmed")
        told(*need, "--level", "school", "--id", OFFER, *signs)
        offer = ("record", "SupportOffered", "--receiver", "900002", "--trigger", OFFER)
        offer = (*offer, "--route", "local_authority", "--days", "2", "--valid-until", "2099-01-01")
        found = self.notes(told, "officer", *offer, "--provider", "northwick")
        assert found.startswith(
            "Note: this may be offered, and not be agreed yet: Northwick Council is outside the"
            " trust, federation and partnerships of Birch Lane Primary School (900002), and the"
            " need of "
        )
        assert found.endswith(
            " was not put outside these: the partnership may still help; NeedEscalated puts it to"
            " the next level.\n"
        )
        assert f" ({OFFER[:8]}" in found
        assert self.notes(told, "alder", *offer, "--provider", "900001") == ""


def test_a_payment_says_what_its_instalment_waits_for(told):
    officer = ("--key", "keys/officer", "--clock-confirmed")
    to = ("--commissioner", "northwick", "--payee", "900002", "--title", "Early reading")
    when = ("--instalment", "2099-01-15=1000", "--instalment", "2099-01-29=500")
    waits = ("--prerequisite", "Signed grant letter=2099-01-29", "--account-by", "2099-12-31")
    committed = ("--fund", "Fund", *to, *when, *waits, "--no-related-party", "--id", OFFER)
    assert told("record", "FundingCommitted", *committed, *officer, "--yes").exit_code == 0
    found = {
        pounds: "".join(
            line
            for line in told(
                *("record", "FundingPaid", "--under", OFFER, "--pounds", pounds),
                *(*officer, "--dry-run"),
            ).stderr.splitlines(keepends=True)
            if line.startswith("Warning")
        )
        for pounds in ("1000", "1000.01")
    }
    assert found == {
        "1000": "",
        "1000.01": "Warning: the instalment of 29 January 2099 waits for “Signed grant letter”: who"
        " pays it takes that for met.\n",
    }


class TestOnATerminal:
    @pytest.fixture(autouse=True)
    def _terminal(self, monkeypatch):
        monkeypatch.setattr("cli.terminal.asking.interactive", lambda: True)

    def test_what_is_warned_of_is_asked_again_and_not_recorded_unless_meant(self, world, masked):
        result = world.run(*visit(world), input="n\n")
        assert result.exit_code == 1
        assert masked(result.stderr).endswith(
            f", 1 day claimed.\n{OPEN}{ASKED}n\nError: nothing was signed, and nothing recorded.\n"
        )
        assert "known at  18" in world.done("owes")

    def test_what_is_meant_is_recorded(self, world, masked):
        result = world.run(*visit(world), input="y\n")
        assert result.exit_code == 0
        assert f"{OPEN}{ASKED}y\n" in masked(result.stderr)

    def test_with_yes_nobody_is_asked_and_the_warning_stays(self, world, masked):
        result = world.run(*visit(world, "--yes"))
        assert result.exit_code == 0
        assert warnings(masked, result) == OPEN
        assert ASKED not in result.stderr

    def test_what_is_not_warned_of_is_asked_but_once(self, world):
        result = world.run(*visit(world, under=under(world)), input="\n")
        assert result.exit_code == 0
        assert ASKED not in result.stderr

    def test_an_empty_answer_to_a_warning_is_no(self, world):
        assert world.run(*visit(world), input="\n").exit_code == 1


def test_a_framework_or_a_judgement_that_is_recorded_already_is_warned_of(world, masked):
    adopted = ("record", "FrameworkAdopted", "--shipped", "peer-review")
    assert refused_unless_meant(world, masked, *adopted) == ""
    framework = json.loads(world.done("show", "framework:", "--format", "json"))["rows"][0]["event"]
    assert refused_unless_meant(world, masked, *adopted) == (
        "Warning: it looks like a framework that is adopted already, by the same short name:"
        " `school-ledger show <id>`.\n"
    )
    judged = ("record", "JudgementMade", "--judge", "900001", "--about", "900002")
    said = ("--framework", framework, "--basis", "peer_review", "--grade", "inclusion=secure")
    day = ("--inspected-on", "2024-09-02", "--key", world.key("alder"))
    assert refused_unless_meant(world, masked, *judged, *said, *day) == ""
    assert refused_unless_meant(world, masked, *judged, *said, *day) == (
        "Warning: it looks like a judgement that is recorded already, with the same sides,"
        " framework, basis and day of inspection: `school-ledger show <id>`.\n"
    )


def test_an_account_of_nothing_is_refused_and_not_warned_of(world):
    of_nothing = ("--reporter", "900002", "--other-side", "900001", "--school", "900002")
    said = ("--area", "inclusion", "--claim", "More read.", "--key", world.key("birch"))
    result = world.run("record", "ImpactReported", *of_nothing, *said, "--yes")
    assert result.exit_code == 1
    assert (
        "it is about one agreement, partnership year or programme: name exactly one"
    ) in result.stderr
