"""Saying something for another: as a delegate of an office, or for one that has no key."""

import json

import pytest

from ledger import keys

HEAD = "head@900002"
VISIT = ("--visitor", "900001", "--host", "900002", "--purpose", "support", "--mode", "on_site")


@pytest.fixture
def manager(world):
    """The business manager of Alder, with a key, whom the head lets say that visits were made."""
    keys.generate(world.folder / "keys" / "manager", "", "")
    world.done("record", "PersonEnrolled", "--name", "Mx Moss", "--yes")
    proof = ("--person", "Mx Moss", "-o", "moss.json")
    world.done("key", "prove", world.key("manager"), *proof)
    world.done("record", "KeyEnrolled", "--from", "moss.json", "--yes")
    may = ("--person", "Mx Moss", "--event", "VisitMade", "--event", "VisitAttested")
    until = ("--until", "2025-08-31", "--key", world.key("alder"))
    world.done("record", "AuthorityDelegated", *may, *until, "--yes")
    return world


def recorded(world, *args):
    return json.loads(world.done("record", *args, "-f", "json", "--yes"))


def visit_by(world, key):
    return recorded(world, "VisitMade", *VISIT, "--days", "1", "--key", key)


class TestDelegates:
    def test_the_office_is_found_by_itself(self, manager):
        told = recorded(
            manager, "VisitMade", *VISIT, "--days", "1", "--key", manager.key("manager")
        )
        shown = json.loads(manager.done("show", told["event"], "-f", "json"))
        assert shown["event"]["office"] == "head@school:900001"
        assert shown["signature"]["authority"] == "held at the time"

    def test_and_named_is_taken(self, manager):
        args = ("--days", "1", "--key", manager.key("manager"), "--as", "head@900001")
        assert recorded(manager, "VisitMade", *VISIT, *args)

    def test_what_was_not_named_is_refused_with_who_may(self, manager):
        offer = ("--provider", "900001", "--receiver", "900002", "--route", "local_authority")
        more = ("--days", "2", "--valid-until", "2024-12-31", "--key", manager.key("manager"))
        said = manager.error("record", "SupportOffered", *offer, *more)
        assert "Mx Moss does not hold the office" in said

    def test_the_inbox_of_the_office_is_theirs_too(self, manager):
        shown = manager.done("inbox", "--key", manager.key("manager"))
        assert shown.startswith("Inbox of head of Alder School (900001)\n")

    def test_the_record_verifies_and_names_every_key_that_could_sign(self, manager):
        visit_by(manager, manager.key("manager"))
        checked = json.loads(manager.run("check", "-f", "json").stdout)
        assert [row for row in checked["rows"] if row["severity"] == "fault"] == []
        listed = json.loads(manager.done("keys", "900001", "-f", "json"))["rows"]
        assert [(row["person_name"], row["basis"], row["last"]) for row in listed] == [
            ("Alder", "substantive", None),
            ("Mx Moss", "delegated", "2025-08-31"),
        ]

    def test_what_rests_on_a_delegation_is_as_good_as_its_giver(self, manager):
        told = recorded(
            manager, "VisitMade", *VISIT, "--days", "1", "--key", manager.key("manager")
        )
        rows = json.loads(manager.done("history", "900001", "-f", "json"))["rows"]
        marks = {row["event"]: row["marks"] for row in rows}
        assert "unvouched" in marks[told["event"]], "nobody has vouched for Alder's head either"


@pytest.fixture
def keyless(world):
    """Birch's head has lost their key, and wrote a letter."""
    birch = json.loads(world.done("keys", "900002", "-f", "json"))["rows"][0]
    retire = ("--key", world.key("registrar"), "--yes")
    named = ("--person", birch["person"], "--event-key", birch["key"])
    world.done("record", "KeyRetired", *named, *retire)
    (world.folder / "letter.txt").write_text("One day.")
    letter = ("--about", "900002", "--title", "Letter", "--kind", "letter")
    officer = ("--key", world.key("officer"), "--yes")
    world.done("record", "EvidenceLodged", *letter, "--document", "letter.txt", *officer)
    return world


ATTEST = ("--days", "1", "--for", HEAD, "--authority", "last")


class TestForAnOffice:
    def test_what_is_about_to_be_said_says_for_whom(self, keyless):
        args = ("--visit", keyless.visit, *ATTEST, "--key", keyless.key("officer"), "--yes")
        result = keyless.run("record", "VisitAttested", *args)
        assert result.exit_code == 0, result.output
        assert result.stderr.startswith(
            "You are about to say, as officer of Northwick Council, what head of Birch School"
            " (900002) said:\n"
        )

    def test_from_the_inbox_of_the_office(self, keyless):
        officer = ("--key", keyless.key("officer"))
        inbox = json.loads(keyless.done("inbox", "--as", HEAD, *officer, "-f", "json"))["rows"]
        (number,) = (str(row["number"]) for row in inbox if row["kind"] == "attestation")
        said = ("--for", HEAD, "--authority", "last", "--say", "days=1", "--yes")
        keyless.done("answer", number, *said, *officer)
        rows = json.loads(keyless.done("report", "unconfirmed", "-f", "json"))["rows"]
        (row,) = (row for row in rows if row["for_office"])
        assert (row["type"], row["for_office"]) == ("VisitAttested", "head@school:900002")

    def test_a_refusal_says_who_may_in_words(self, keyless):
        rows = json.loads(keyless.done("history", "900002", "-f", "json"))["rows"]
        letter = next(row["event"] for row in rows if row["type"] == "EvidenceLodged")
        named = ("--days", "1", "--for", HEAD, "--authority", letter)
        args = ("--visit", keyless.visit, *named, "--key", keyless.key("alder"))
        said = keyless.error("record", "VisitAttested", *args)
        assert (
            "head of Alder School (900001) records nothing for head of Birch School (900002): that"
            " takes the registrar, a clerk of a partnership"
        ) in said

    def test_the_record_verifies(self, keyless):
        args = ("--visit", keyless.visit, *ATTEST, "--key", keyless.key("officer"), "--yes")
        keyless.done("record", "VisitAttested", *args)
        checked = json.loads(keyless.run("check", "-f", "json").stdout)
        assert [row for row in checked["rows"] if row["severity"] == "fault"] == []
