"""Who else there is in Northwick: three schools outside the partnership, and a teaching hub."""

from __future__ import annotations

from cli.demo.first_year import register_school
from cli.demo.names import GORSE, HEATH, HUB, HUB_OFFICER, IVY, OTHERS
from cli.demo.story import Story


def widen(story: Story) -> None:
    """September 2024: three more schools and a teaching hub are registered."""
    story.register(
        "BodyRegistered", body=HUB, kind="teaching_school_hub", name="Saltmarsh Teaching Hub"
    )
    for school, name in OTHERS.items():
        register_school(story, school, name)
    story.enrol("larch", "Mx Larch", HUB_OFFICER, "substantive", "2024-09-01")
    for school, head in ((HEATH, "heath"), (IVY, "ivy")):
        story.enrol(head, f"Mx {head.title()}", f"head@{school}", "substantive", "2024-09-01")
        story.heads[school] = head
    _head_without_a_key(story)


def _head_without_a_key(story: Story) -> None:
    """Gorse Lane's head is known and in office, and holds no key yet."""
    gorse, office = story.person("gorse").person, f"head@{GORSE}"
    story.register("PersonEnrolled", person=gorse, name="Mx Gorse")
    said = {"person": gorse, "office": office, "basis": "substantive"}
    post = story.register("Appointed", **said, effective_on="2024-09-01")
    story.vouch(person=gorse, subject=f"appointment:{post}", office=office)
    story.heads[GORSE] = "gorse"
