"""A small made-up record of money: three fundings of Northwick, and what became of each."""

from datetime import date as day_of
from datetime import datetime, time
from typing import NamedTuple

from recording import ONE as KEEPER
from recording import ORIGIN, REGISTRAR, THREE, TWO, Clock, found, partnership

from ledger import keys
from ledger.recording.founding import key_members

NORTHWICK, ESTUARY = "body:northwick", "partnership:estuary"


class Holder(NamedTuple):
    """Who holds an office, the same in every process."""

    number: int
    office: str

    @property
    def person(self):
        return f"person:01900000-0000-7000-8000-{self.number:012}"

    @property
    def signer(self):
        return keys.in_memory(bytes([self.number]) * 32)


OFFICER = Holder(20, f"officer@{NORTHWICK}")
REGISTERS = Holder(0, REGISTRAR)
FINANCE = Holder(21, f"finance@{KEEPER.school}")


class Telling:
    """Says one thing after another, each on a day; `funds` are the ids of what was committed.

    `received` is that of the money for reading, once it arrived.
    """

    def __init__(self, path):
        self.clock = Clock()
        self.ledger = found(path, self.clock)
        self.ledger.clock_confirmed = True
        registrar = keys.in_memory(bytes(32))
        for who, name in ((OFFICER, "Olive Marsh"), (FINANCE, "Fay Sedge")):
            proved = key_members(ORIGIN, who.person, who.signer)
            appointed = {"person": who.person, "office": who.office, "basis": "substantive"}
            for event, data in (
                ("PersonEnrolled", {"person": who.person, "name": name}),
                ("KeyEnrolled", {"person": who.person, **proved}),
                ("Appointed", {**appointed, "effective_on": "2026-03-01"}),
            ):
                self.ledger.say(event, data, registrar, REGISTRAR, day_of(2026, 3, 2))
        partnership(self.ledger)
        self.funds = {}
        self.received = ""

    def say(self, on, who, event, /, **data):
        """Record an event on a day; return its id."""
        day = day_of.fromisoformat(on)
        self.clock.now = datetime.combine(day, time(9), self.clock.now.tzinfo)
        return self.ledger.say(event, data, who.signer, who.office, day).event

    def commit(self, name, payee, on="2026-03-03", **more):
        said = {"commissioner": NORTHWICK, "payee": payee, "fund": "Improvement fund 2026"}
        said |= {"title": name, "related_party": False, **more}
        self.funds[name] = self.say(on, OFFICER, "FundingCommitted", **said)

    def under(self, name):
        return f"funding:{self.funds[name]}"

    def pay(self, name, who, pounds, on):
        """Say that Northwick paid, and whoever keeps it that it arrived; return that."""
        paid = self.say(on, OFFICER, "FundingPaid", under=self.under(name), pounds=pounds)
        return self.say(on, who, "FundingReceived", payment=f"payment:{paid}", pounds=pounds)

    def spend(self, name, pounds, purpose, on="2026-04-20"):
        spent = [{"funding": self.under(name), "pounds": pounds}]
        said = {"keeper": KEEPER.school, "purpose": purpose, "supplier": "Northwick Supply Ltd"}
        self.say(on, FINANCE, "SpendRecorded", spent=spent, **said)


def tell(path):
    """Tell all of it into a new ledger; return how it was told, the ledger open."""
    told = Telling(path)
    _attendance(told)
    _reading(told)
    _a_bell(told)
    return told


def _reading(told):
    """The partnership's money, which school one keeps: spent in part, sent back in part."""
    told.commit(
        "Early reading",
        ESTUARY,
        kept_by=KEEPER.school,
        instalments=[
            {"pay_by": "2026-03-31", "pounds": "3000.00"},
            {"pay_by": "2026-06-30", "pounds": "1500.00"},
        ],
        account_by="2026-07-31",
        prerequisites=[{"title": "Half-year review", "before": "2026-06-30"}],
        conditions=[
            {"title": "Report to governors", "by": "2026-06-30"},
            {"title": "Open day for others", "by": "2026-07-15"},
        ],
    )
    received = told.received = told.pay("Early reading", KEEPER, "3000.00", "2026-03-20")
    told.spend("Early reading", "1250.50", "supply_cover")
    told.spend("Early reading", "600.00", "training", "2026-05-05")
    account = f"{received}/spend_account"
    claim = told.say(
        "2026-05-06", FINANCE, "FulfilmentClaimed", obligation=account, pounds="1850.50"
    )
    told.say(
        "2026-05-12",
        OFFICER,
        "FulfilmentAnswered",
        claim=f"claim:{claim}",
        answer="met_in_part",
        pounds="1600.50",
        why="One invoice is of another project.",
    )
    report = f"{received}/condition/1"
    told.say("2026-05-12", OFFICER, "FulfilmentAnswered", obligation=report, answer="met")
    back = {"under": told.under("Early reading"), "pounds": "500.00", "returns": "unspent"}
    sent = told.say("2026-06-01", FINANCE, "FundingPaid", **back)
    told.say("2026-06-03", OFFICER, "FundingReceived", payment=f"payment:{sent}", pounds="500.00")


def _attendance(told):
    """School two's money, of which it says nothing, and the day is past."""
    told.commit(
        "Attendance",
        TWO.school,
        instalments=[{"pay_by": "2026-03-31", "pounds": "800.00"}],
        account_by="2026-05-31",
        related_party=True,
    )
    told.pay("Attendance", TWO, "800.00", "2026-03-03")


def _a_bell(told):
    """School three's money, which did not arrive."""
    told.commit(
        "A new bell",
        THREE.school,
        on="2026-06-04",
        fund="Small works",
        instalments=[{"pay_by": "2026-06-30", "pounds": "200.00"}],
        account_by="2026-12-31",
    )
    sent = told.say(
        "2026-06-05", OFFICER, "FundingPaid", under=told.under("A new bell"), pounds="200.00"
    )
    told.say(
        "2026-06-12",
        THREE,
        "FulfilmentAnswered",
        claim=f"payment:{sent}",
        answer="not_met",
    )
