"""A small made-up record of what support changed: figures, claims, answers, and consents.

School one supports school two; school three has a support of its own. Northwick's council claims a
part in the first, and all three publish phonics together.
"""

from datetime import date as day_of
from datetime import datetime, time

from moneyed import Holder
from recording import ONE, ORIGIN, REGISTRAR, THREE, TWO, Clock, found, partnership

from ledger import keys
from ledger.recording.founding import key_members

OFFICER = Holder(20, "officer@body:northwick")
PHONICS, HOURS = "phonics-check-pass-rate", "hours-in-class"
_SOURCE = {"publisher": "Northwick", "title": "Figures of schools, 2026", "sha256": "0" * 64}
_YEARS = {"2025": ("2024-09-01", "2025-08-31"), "2026": ("2025-09-01", "2026-08-31")}
#: Measure, year, school: value, lower and upper bound, pupils.
_FIGURES = (
    (PHONICS, "2025", ONE, "82.0", "75.1", "87.4", 60),
    (PHONICS, "2025", TWO, "61.5", "53.0", "69.3", 58),
    (PHONICS, "2025", THREE, "66.0", "57.2", "73.8", 55),
    (PHONICS, "2026", ONE, "83.5", "76.8", "88.7", 61),
    (PHONICS, "2026", TWO, "78.0", "70.4", "84.2", 57),
    (PHONICS, "2026", THREE, "67.0", "58.1", "74.9", 54),
    (HOURS, "2026", ONE, "4.5", None, None, None),
    (HOURS, "2026", TWO, "3.75", None, None, None),
)


class Telling:
    """Says one thing after another, each on a day."""

    def __init__(self, path):
        self.clock = Clock()
        self.ledger = found(path, self.clock)
        self.ledger.clock_confirmed = True
        proved = key_members(ORIGIN, OFFICER.person, OFFICER.signer)
        appointed = {"person": OFFICER.person, "office": OFFICER.office, "basis": "substantive"}
        for event, data in (
            ("PersonEnrolled", {"person": OFFICER.person, "name": "Olive Marsh"}),
            ("KeyEnrolled", {"person": OFFICER.person, **proved}),
            ("Appointed", {**appointed, "effective_on": "2026-03-01"}),
        ):
            self.register("2026-03-02", event, **data)
        partnership(self.ledger)

    def register(self, on, event, /, **data):
        """Record an event by the registrar on a day; return its id."""
        return self._say(on, keys.in_memory(bytes(32)), REGISTRAR, event, data)

    def say(self, on, who, event, /, **data):
        """Record an event on a day; return its id."""
        return self._say(on, who.signer, who.office, event, data)

    def _say(self, on, signer, office, event, data):
        day = day_of.fromisoformat(on)
        self.clock.now = max(self.clock.now, datetime.combine(day, time(9), self.clock.now.tzinfo))
        return self.ledger.say(event, data, signer, office, day).event

    def figure(self, measure, year, school, *figure, on="2026-10-15", **more):
        """Publish a figure of a school for a year; return its id."""
        said = dict(zip(("value", "lower", "upper", "cohort"), figure, strict=True))
        said = {name: value for name, value in said.items() if value is not None}
        first, last = _YEARS[year]
        return self.register(
            on,
            "MeasurePublished",
            about=school.school,
            measure=measure,
            period_from=first,
            period_to=last,
            source=_SOURCE,
            **{"basis": "raw", **said, **more},
        )

    def support(self, provider, receiver, days):
        """Agree support, with its days given and confirmed; return the agreement."""
        sides = {"provider": provider.school, "receiver": receiver.school}
        terms = {"route": "local_authority", "days": days, "valid_until": "2026-04-30"}
        offer = self.say("2026-03-03", provider, "SupportOffered", **sides, **terms)
        agreed = {"starts": "2026-03-04", "ends": "2026-06-30", "days": days}
        agreement = self.say(
            "2026-03-04", receiver, "SupportAgreed", offer=f"offer:{offer}", **agreed
        )
        how = {"purpose": "support", "mode": "on_site", "days": days}
        where = {"visitor": provider.school, "host": receiver.school}
        under = f"agreement:{agreement}"
        visit = self.say("2026-04-20", provider, "VisitMade", **where, under=under, **how)
        self.say("2026-04-21", receiver, "VisitAttested", visit=f"visit:{visit}", days=days)
        return under

    def claim(self, on, who, agreement, claim, **more):
        """Report impact of an agreement; return the impact."""
        reporter = who.office.partition("@")[2]
        said = {"area": "curriculum-and-teaching", "claim": claim, "agreement": agreement}
        return "impact:" + self.say(on, who, "ImpactReported", reporter=reporter, **said, **more)


def tell(path):
    """Tell all of it into a new ledger; return how it was told, the ledger open."""
    told = Telling(path)
    reading, other = told.support(ONE, TWO, "6.0"), told.support(THREE, TWO, "2.0")
    change = {"measure": PHONICS, "before": "61.5", "after": "78.0"}
    first = told.claim("2026-07-01", ONE, reading, "More read at six.", measures=[change])
    told.claim("2026-07-02", OFFICER, reading, "We asked for it.", measures=[change])
    contested = told.claim("2026-07-03", THREE, other, "The lessons have changed.")
    told.say("2026-07-10", TWO, "ImpactAnswered", impact=first, answer="confirmed")
    why = "They had changed before."
    told.say("2026-07-11", TWO, "ImpactAnswered", impact=contested, answer="contested", why=why)
    for head in (ONE, TWO, THREE):
        said = {"school": head.school, "partnership": "partnership:estuary"}
        measures = [PHONICS] if head is THREE else [PHONICS, HOURS]
        day = {"effective_on": "2026-09-01"}
        told.say("2026-09-01", head, "JointPublicationAgreed", **said, measures=measures, **day)
    for measure, year, *figure in _FIGURES:
        told.figure(measure, year, *figure)
    return told
