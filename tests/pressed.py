"""A small made-up record of pressure: what five masters ask of school two, and how it is helped."""

from datetime import date as day_of

from moneyed import NORTHWICK, OFFICER, Holder, Telling
from recording import ONE, ORIGIN, REGISTRAR, TWO, register

from ledger import keys
from ledger.recording.founding import key_members

REGION, BEACON = "body:region", "body:beacon-trust"
REGIONS = Holder(22, f"officer@{REGION}")
_SOURCE = {"publisher": "Inspectorate of Northwick", "title": "Letter to School 2"}


class Pressure(Telling):
    """Says one thing after another; `targets` are the ids of those that were set."""

    def __init__(self, path):
        super().__init__(path)
        registrar = keys.in_memory(bytes(32))
        for body, kind, name in (
            (REGION, "regional_team", "Region North"),
            ("body:inspectorate", "inspectorate", "Inspectorate"),
            (BEACON, "trust", "Beacon Trust"),
        ):
            register(self.ledger, "BodyRegistered", body=body, kind=kind, name=name)
        proved = key_members(ORIGIN, REGIONS.person, REGIONS.signer)
        appointed = {"person": REGIONS.person, "office": REGIONS.office, "basis": "substantive"}
        for event, data in (
            ("PersonEnrolled", {"person": REGIONS.person, "name": "Remy Fen"}),
            ("KeyEnrolled", {"person": REGIONS.person, **proved}),
            ("Appointed", {**appointed, "effective_on": "2026-03-01"}),
        ):
            self.ledger.say(event, data, registrar, REGISTRAR, day_of(2026, 3, 2))
        self.targets = {}

    def target(self, on, who, measure, value, **more):
        said = {"about": TWO.school, "regime": "improvement-plan", "due": "2026-12-18"}
        said |= {"measure": measure, "value": value, **more}
        self.targets[measure] = self.say(on, who, "TargetSet", **said)
        return f"target:{self.targets[measure]}"

    def visit(self, on, agreement, *worked_with, days="1.0"):
        """School one visits under an agreement, and school two confirms it; return the answer."""
        sides = {"visitor": ONE.school, "host": TWO.school}
        said = {**sides, "under": f"agreement:{agreement}", "purpose": "support", "days": days}
        said |= {"mode": "on_site", "worked_with": list(worked_with)}
        made = self.say(on, ONE, "VisitMade", **said)
        return self.say(on, TWO, "VisitAttested", visit=f"visit:{made}", days=days)


def tell(path):
    """Tell all of it into a new ledger; return how it was told, the ledger open."""
    told = Pressure(path)
    told.target("2026-03-04", OFFICER, "attendance-percent", "96")
    none = told.target("2026-03-09", REGIONS, "suspensions", "0", due="2026-07-17")
    published = {"setter": "body:inspectorate", "source": _SOURCE}
    calm = told.target("2026-03-10", _Registrar(), "lessons-lost", "5", **published)
    told.target("2026-03-16", TWO, "reading-score", "104", agreed_with=BEACON)
    why = "Who disturbs a lesson is to leave it, and nobody may be sent away."
    raised = told.say("2026-03-20", TWO, "TargetConflictRaised", targets=[none, calm], why=why)
    agreement = _agreed(told)
    conflict = {"target_conflict": f"target_conflict:{raised}", "answer": "stands"}
    told.say("2026-03-30", REGIONS, "TargetConflictAnswered", **conflict)
    told.visit("2026-04-02", agreement, "teachers", "classrooms")
    told.visit("2026-05-14", agreement, "leaders", days="2.0")
    _intervened(told)
    missed = {"obligation": f"{told.targets['suspensions']}/target", "answer": "not_met"}
    told.say("2026-07-20", REGIONS, "FulfilmentAnswered", **missed)
    told.visit("2026-09-24", agreement, "pupils", days="0.5")
    return told


class _Registrar:
    """The registrar, who says what was published."""

    signer, office = keys.in_memory(bytes(32)), REGISTRAR


def _agreed(told):
    sides = {"provider": ONE.school, "receiver": TWO.school, "route": "local_authority"}
    terms = {"days": "6.0", "valid_until": "2026-05-01", "commissioner": NORTHWICK}
    offer = told.say("2026-03-23", ONE, "SupportOffered", **sides, **terms)
    dates = {"starts": "2026-03-25", "ends": "2026-12-18"}
    return told.say("2026-03-25", TWO, "SupportAgreed", offer=f"offer:{offer}", days="6.0", **dates)


def _intervened(told):
    notice = {"school": TWO.school, "kind": "warning_notice", "issuer": NORTHWICK}
    notice |= {"asks_for_support": False, "complier": TWO.school, "comply_by": "2026-12-01"}
    told.say("2026-05-20", OFFICER, "InterventionRecorded", **notice)
