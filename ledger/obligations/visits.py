"""What a visit makes owed and discharges: an answer, days, a visit of the year, impact told."""

from __future__ import annotations

from ledger.entry import Entry
from ledger.events.visits import (
    ImpactReported,
    VisitAttested,
    VisitCorrected,
    VisitDisputed,
    VisitMade,
)
from ledger.facts import parties, support
from ledger.facts.base import Look
from ledger.obligations.base import Sheet, kind_of
from ledger.obligations.rules import days_allowed, partnership_of
from ledger.values import event_id


def _open_attestation(entry: Entry[VisitMade] | Entry[VisitCorrected], sheet: Sheet) -> None:
    said = entry.event
    if said.under is None:
        return
    allowed = days_allowed(sheet.look, "attestation_days", partnership_of(sheet.look, said.under))
    sheet.open(
        support.ATTESTATION,
        debtor=said.host,
        creditor=said.visitor,
        due_on=sheet.due_after(allowed),
    )


def made(entry: Entry[VisitMade], sheet: Sheet) -> None:
    """Post that the host owes an answer to what was made under something."""
    _open_attestation(entry, sheet)


def corrected(entry: Entry[VisitCorrected], sheet: Sheet) -> None:
    """Post that the dispute is answered, and that the host owes an answer to the new figures."""
    for obligation in entry.event.obligations:
        if kind_of(obligation) == "attestation":
            sheet.void(obligation)
        else:
            sheet.discharge(obligation)
    _open_attestation(entry, sheet)


def disputed(entry: Entry[VisitDisputed], sheet: Sheet) -> None:
    """Post that the host answered, and that the visitor owes an answer to the dispute."""
    said = entry.event
    for obligation in said.obligations:
        sheet.discharge(obligation)
    allowed = days_allowed(sheet.look, "attestation_days", partnership_of(sheet.look, said.under))
    sheet.open(
        support.DISPUTE_ANSWER,
        debtor=said.visitor,
        creditor=said.host,
        due_on=sheet.due_after(allowed),
    )


def attested(entry: Entry[VisitAttested], sheet: Sheet) -> None:
    """Post the days or the visit given, on the day of the visit, and that impact is to be told."""
    said = entry.event
    made_on = sheet.look(support.made_on(event_id(said.visit))) or sheet.day
    partnership = partnership_of(sheet.look, said.under)
    for obligation in said.obligations:
        kind = kind_of(obligation)
        if kind == "support":
            sheet.discharge(obligation, said.days, day=made_on)
        elif kind == "peer_visit":
            per = said.host if _hosts_count_once(sheet.look, partnership) else None
            sheet.discharge(obligation, day=made_on, per=per)
        else:
            sheet.discharge(obligation)
    if said.purpose != "inspection":
        _open_impact_accounts(entry, sheet, partnership)


def _hosts_count_once(look: Look, partnership: str | None) -> bool:
    formed = look(parties.formed(partnership)) if partnership else None
    return formed is not None and parties.ground_rules(formed).distinct_hosts


def _open_impact_accounts(
    entry: Entry[VisitAttested], sheet: Sheet, partnership: str | None
) -> None:
    said = entry.event
    asks = partnership or _commissioner(sheet.look, said.under)
    due_on = sheet.due_after(days_allowed(sheet.look, "impact_days", partnership))
    sides = {"visitor": (said.visitor, said.host), "host": (said.host, said.visitor)}
    for side, slot in support.IMPACT_ACCOUNTS.items():
        debtor, other = sides[side]
        creditor = asks if asks is not None and asks != debtor else other
        sheet.open(slot, debtor=debtor, creditor=creditor, due_on=due_on)


def _commissioner(look: Look, under: str | None) -> str | None:
    if under is None or not under.startswith("agreement:"):
        return None
    return look(support.commissioner(event_id(under)))


def reported(entry: Entry[ImpactReported], sheet: Sheet) -> None:
    """Post that one side accounted for impact."""
    for obligation in entry.event.obligations:
        sheet.discharge(obligation)


RULES = {
    VisitMade: made,
    VisitCorrected: corrected,
    VisitDisputed: disputed,
    VisitAttested: attested,
    ImpactReported: reported,
}
