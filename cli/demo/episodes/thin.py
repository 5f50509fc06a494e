"""A school that helps more than it can: its capacity falls below what it has agreed to."""

from __future__ import annotations

from datetime import date
from typing import Any

from cli.demo.names import ALDER, DALE, ELM, FERN, HUB
from cli.demo.story import Story

_AREA = "attendance-and-behaviour"


def spread_thin(story: Story) -> None:
    """January 2026: Fern Hill says what it can give, and by Easter cannot."""
    said = {"ends": "2026-07-31", "days": "12.0"}
    story.noted["capacity"] = f"capacity:{_declares(story, FERN, _AREA, '2026-01-06', **said)}"
    story.at("2026-02-23", _adviser)
    story.at("2026-03-23", _need)
    story.at("2026-04-22", _less)
    story.at("2026-07-01", _next_year)


def _declares(story: Story, school: str, area: str, starts: str, **said: str) -> str:
    usual: dict[str, Any] = {"provider": school, "areas": [area], "phases": ["primary"]}
    usual |= {"route": "partnership", "starts": starts}
    return story.head_says(school, "CapacityDeclared", **usual, **said)


def _adviser(story: Story) -> None:
    # Who speaks for the hub advises the school that the hub supports.
    larch, office = story.person("larch").person, f"adviser@{ELM}"
    said = {"person": larch, "office": office, "basis": "substantive", "for_body": HUB}
    post = story.register("Appointed", **said, effective_on="2026-02-23")
    story.vouch(person=larch, subject=f"appointment:{post}", office=office)


def _need(story: Story) -> None:
    said = {"school": ALDER, "area": _AREA, "level": "partnership"}
    need = story.noted["lunchtimes"] = f"need:{story.head_says(ALDER, 'NeedIdentified', **said)}"
    story.at("2026-03-25", lambda story: _offer(story, need))


def _offer(story: Story, need: str) -> None:
    said = {"provider": FERN, "receiver": ALDER, "trigger": need, "areas": [_AREA]}
    said |= {"route": "partnership", "days": "3.0", "starts": "2026-04-13", "ends": "2026-07-31"}
    offer = story.head_says(FERN, "SupportOffered", **said, valid_until="2026-04-24")
    story.at("2026-03-31", lambda story: _agree(story, f"offer:{offer}"))


def _agree(story: Story, offer: str) -> None:
    agreed = story.head_says(ALDER, "SupportAgreed", offer=offer, days="3.0")
    under = story.noted["at lunch"] = f"agreement:{agreed}"
    story.at("2026-06-26", lambda story: _visit(story, under))


def _visit(story: Story, under: str) -> None:
    said: dict[str, Any] = {"visitor": FERN, "host": ALDER, "under": under, "days": "3.0"}
    said |= {"mode": "on_site", "purpose": "support", "worked_with": ["leaders", "pupils"]}
    came, until = date(2026, 6, 24), story.days_on(0)
    made = story.late(came, story.heads[FERN], f"head@{FERN}", "VisitMade", **said, until=until)
    story.at("2026-06-30", lambda story: _confirm(story, made))


def _confirm(story: Story, visit: str) -> None:
    story.attest(ALDER, visit, "3.0")
    story.head_says(ALDER, "NeedClosed", need=story.noted["lunchtimes"], outcome="met")


def _less(story: Story) -> None:
    # Its deputy head is on leave until the summer.
    said = {"ends": "2026-07-31", "days": "8.0", "replaces": story.noted["capacity"]}
    _declares(story, FERN, _AREA, "2026-01-06", **said)


def _next_year(story: Story) -> None:
    year = {"ends": "2027-07-31"}
    _declares(story, DALE, _AREA, "2026-09-01", **year, days="3.0")
    _declares(story, FERN, _AREA, "2026-09-01", **year, days="4.0")
