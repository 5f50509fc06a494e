"""Money as tests say it: Northwick funds school one, or the partnership whose money that keeps."""

from typing import Any

from given import (
    ANN,
    ESTUARY,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    WITH_ESTUARY,
    Act,
    By,
    given,
    newcomer,
    say,
)

FLO = By("flo", f"finance@{ONE}")
FRED = By("fred", f"finance@{NORTHWICK_BODY}")


def committed(label: str = "f", on: str = "2024-09-10", **changes: Any) -> Act:
    """Northwick commits 1,500 pounds to school one, in two instalments."""
    said = {
        "commissioner": NORTHWICK_BODY,
        "payee": ONE,
        "title": "Early reading",
        "fund": "Improvement fund",
        "instalments": [
            {"pay_by": "2024-10-31", "pounds": "1000.00"},
            {"pay_by": "2025-01-31", "pounds": "500.00"},
        ],
        "account_by": "2025-07-31",
        "related_party": False,
    }
    by = changes.pop("by", OLIVE)
    return say("FundingCommitted", label, by, on, **{**said, **changes})


def for_partnership(label: str = "f", **changes: Any) -> Act:
    """Northwick commits the same to the partnership, whose money school one keeps."""
    return committed(label, **{"payee": ESTUARY, "kept_by": ONE, **changes})


def paid(label: str = "p", under: str = "f", **changes: Any) -> Act:
    """Northwick sends a thousand pounds."""
    said = {"under": f"funding:{under}", "pounds": "1000.00", **changes}
    return say("FundingPaid", label, said.pop("by", OLIVE), said.pop("on", "2024-10-20"), **said)


def received(label: str = "r", payment: str | None = "p", **changes: Any) -> Act:
    """School one confirms that the payment arrived."""
    named = {"payment": f"payment:{payment}"} if payment else {"under": "funding:f"}
    said = {**named, "pounds": "1000.00", **changes}
    return say("FundingReceived", label, said.pop("by", ANN), said.pop("on", "2024-10-22"), **said)


def spent(label: str = "s", *of: str, **changes: Any) -> Act:
    """School one spends some of the money; `f=300.00` is 300 pounds of the funding f."""
    pairs = (one.partition("=") for one in of or ("f=300.00",))
    said = {
        "keeper": ONE,
        "spent": [{"funding": f"funding:{name}", "pounds": pounds} for name, _, pounds in pairs],
        "purpose": "supply_cover",
        "supplier": "Supply Teachers Ltd",
        **changes,
    }
    said = {name: value for name, value in said.items() if value is not None}
    return say("SpendRecorded", label, said.pop("by", FLO), said.pop("on", "2024-11-15"), **said)


def claimed(label: str = "c", obligation: str = "r/spend_account", **changes: Any) -> Act:
    """School one says that something is done."""
    said = {"obligation": obligation, **changes}
    by, on = said.pop("by", FLO), said.pop("on", "2024-12-01")
    return say("FulfilmentClaimed", label, by, on, **said)


def answered(label: str = "m", answer: str = "met", **changes: Any) -> Act:
    """Northwick answers, the claim that waits if there is one."""
    said = {"answer": answer, **changes}
    by, on = said.pop("by", OLIVE), said.pop("on", "2024-12-05")
    return say("FulfilmentAnswered", label, by, on, **said)


#: Northwick with finance at school one and at the authority.
WITH_FINANCE = given(NORTHWICK, newcomer(FLO), newcomer(FRED))
#: The same with the partnership.
WITH_FINANCE_AND_ESTUARY = given(WITH_ESTUARY, newcomer(FLO), newcomer(FRED))
#: A funding committed; its first instalment arrived; some of it is spent.
COMMITTED = given(WITH_FINANCE, committed())
RECEIVED = given(COMMITTED, paid(), received())
SPENT = given(RECEIVED, spent())
