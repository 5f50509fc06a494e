"""A head without a key: an officer records what she writes, until she answers for it herself."""

from __future__ import annotations

from typing import Any

from cli.demo.names import ALDER, BIRCH, CHAIR, ESTUARY, GORSE, OFFICER
from cli.demo.story import Story, accounts, exchange

_HEAD = f"head@{GORSE}"
_LETTER = b"Please keep the record for Gorse Lane until I have a key of my own."


def without_a_key(story: Story) -> None:
    """January 2025: Gorse Lane, whose head has no key, joins by an officer's hand."""
    story.noted["letter"] = story.lodge(GORSE, "letter", "Letter of Gorse Lane's head", _LETTER)
    sought = _for_gorse(story, "MembershipSought", school=GORSE, partnership=ESTUARY, version=1)
    said = {"application": f"application:{sought}", "effective_on": "2025-01-13"}
    story.at("2025-01-08", lambda story: _admit(story, said))
    story.at("2025-02-12", _visit_birch)
    story.at("2025-04-02", _hosts_alder)
    story.at("2025-09-18", _has_a_key)
    story.at("2025-10-09", exchange(GORSE, ALDER))
    story.at("2025-12-17", accounts(GORSE))


def _for_gorse(story: Story, name: str, /, **said: Any) -> str:
    """Let the officer record what the head of Gorse Lane said; note it."""
    said |= {"for_office": _HEAD, "authority": story.noted["letter"]}
    event = story.say("officer", OFFICER, name, **said)
    story.recorded.append(f"event:{event}")
    return event


def _admit(story: Story, said: dict[str, str]) -> None:
    story.say("chair", CHAIR, "SchoolAdmitted", **said)


def _visit_birch(story: Story) -> None:
    said = {"visitor": GORSE, "host": BIRCH, "under": story.noted["year"], "days": "1.0"}
    said |= {"mode": "on_site", "purpose": "peer_review"}
    visit = _for_gorse(story, "VisitMade", **said)
    story.at("2025-02-17", lambda story: story.attest(BIRCH, visit, "1.0"))


def _hosts_alder(story: Story) -> None:
    visit = story.visit(ALDER, GORSE, story.noted["year"], "1.0")
    story.at("2025-04-07", lambda story: _attest(story, visit))


def _attest(story: Story, visit: str) -> None:
    _for_gorse(story, "VisitAttested", visit=f"visit:{visit}", days="1.0")


def _has_a_key(story: Story) -> None:
    # She answers for all of it at once, and gives notice that the school leaves.
    key, members = story.enrol_key("gorse")
    gorse = story.person("gorse").person
    story.vouch(person=gorse, subject=f"enrolment:{key}", key=members["key"])
    story.head_says(GORSE, "RecordConfirmed", office=_HEAD, events=story.recorded)
    said = {"school": GORSE, "partnership": ESTUARY, "effective_on": "2025-12-31"}
    reason = "From January we work with the schools of our own valley."
    story.head_says(GORSE, "MembershipLeft", **said, reason=reason)
    story.account(GORSE, year=story.noted["first_year"])
