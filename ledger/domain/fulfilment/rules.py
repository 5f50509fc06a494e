"""Rules for fulfilment: who may claim that something is done, and who answers.

They hold for every kind whose row says that its debtor claims it done by FulfilmentClaimed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.items import Item
from ledger.decision_model.kinds import kind_named
from ledger.decision_model.postings import kind_of
from ledger.decision_model.rows import Open
from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.domain.fulfilment.facts import Claim, claims
from ledger.domain.fulfilment.kinds import FULFILMENT_ANSWER
from ledger.domain.money.facts import ACCOUNT, funding, in_pounds
from ledger.domain.money.kinds import PAYMENT, SPEND_ACCOUNT
from ledger.domain.registers.who import as_it_stands, office_of, role_of
from ledger.events.fulfilment import FulfilmentAnswered, FulfilmentClaimed
from ledger.events.money import FundingPaid
from ledger.values import event_id

_ANSWERED_NO = "; a claim of it that still waits is answered as not met, saying why"
_FINANCE = role_of("finance", "debtor")


def _obligation(case: Case[Any]) -> str:
    """Return the obligation that an event names, or that the claim is of which it answers."""
    named, claim = case.entry.data.get("obligation"), case.thing("claim")
    if named is None and claim is not None:
        return str(claim.data.get("obligation", ""))
    return named or ""


def _kind(case: Case[Any]) -> Item | None:
    kind = kind_named(kind_of(_obligation(case)))
    return kind if isinstance(kind, Item) else None


def _where_money(case: Case[Any]) -> Iterator[str]:
    kind = _kind(case)
    if kind is not None and kind.unit == "GBP":
        yield from _FINANCE.offices(case)


def _owed(case: Case[Any]) -> Open | None:
    """Return the obligation that an event names, with what is left of it; None if none stands."""
    kind, obligation = _kind(case), _obligation(case)
    opener = case.look(created.recorded(event_id(obligation)))
    return kind.opened(case.look, opener, obligation) if kind and opener else None


def _payment(case: Case[Any]) -> created.Thing | None:
    """Return the payment that an answer is of, if it is of one."""
    claim = case.thing("claim")
    return claim if claim is not None and claim.name == FundingPaid.__name__ else None


def _sides(case: Case[Any]) -> tuple[str, str, str] | None:
    """Return what an event answers or claims done, who owes it and to whom, as it was opened.

    Of a payment it is who sent it and to whom.
    """
    payment = _payment(case)
    if payment is not None:
        answer = f"{payment.id}/{FULFILMENT_ANSWER.name}"
        named = case.entry.data.get("obligation", answer)
        return named, payment.data["sender"], payment.data["recipient"]
    owed = _owed(case)
    return (owed.obligation, owed.debtor, owed.creditor) if owed else None


def _debtor(case: Case[Any]) -> Any:
    found = _sides(case)
    if found is None:
        return UNTOLD
    obligation, debtor, creditor = found
    return as_it_stands(case, "debtor", obligation, debtor, creditor)


def _creditor(case: Case[Any]) -> Any:
    found = _sides(case)
    if found is None:
        return UNTOLD
    obligation, debtor, creditor = found
    return as_it_stands(case, "creditor", obligation, creditor, debtor)


_DEBTOR = Told("who owes it", _debtor)
_CREDITOR = Told("whom it is owed to", _creditor)


def _under(case: Case[Any]) -> Any:
    """Return what an obligation is about, where that is another thing than its opener made."""
    payment, kind = _payment(case), _kind(case)
    if payment is not None:
        return payment.data["under"]
    opener = case.look(created.recorded(event_id(_obligation(case))))
    if kind is None or opener is None:
        return UNTOLD
    return opener.data.get("under")


def _claimed(case: Case[Any]) -> Any:
    """Return the obligation that a claim, or a payment, is of."""
    claim = case.thing("claim")
    if claim is None:
        return UNTOLD
    if claim.name != FundingPaid.__name__:
        return claim.data["obligation"]
    if "returns" in claim.data:
        return UNTOLD  # it stands for no one account
    kept = PAYMENT.waiting(case.look, f"event:{event_id(claim.data['under'])}")
    return kept[0].obligation if kept else UNTOLD


def _sent_back(case: Case[Any]) -> str | None:
    """Return the account that money sent back is of, where an answer is of that."""
    payment = _payment(case)
    if payment is None or "returns" not in payment.data:
        return None
    kept = SPEND_ACCOUNT.waiting(case.look, f"event:{event_id(payment.data['under'])}")
    return kept[0].obligation if kept else None


def _waiting(case: Case[Any]) -> Claim | None:
    """Return the claim that waits, of the obligation that an event names."""
    obligation = _obligation(case)
    found = (one for one in case.look(claims(obligation)) if one.obligation == obligation)
    return next(found, None)


def _not_claimed_so(case: Case[Any]) -> Iterator[str]:
    """Say why nobody claims an obligation done, and answers, in this way."""
    kind, owed = _kind(case), _owed(case)
    if kind is None or FulfilmentClaimed not in kind.claims:
        title = kind.title if kind else kind_of(case.said.obligation)
        yield f"{title} is answered in its own way; `school-ledger inbox` tells by what"
    elif owed is None:
        yield f"no obligation {case.said.obligation} stands in this ledger"


def _nothing_left(case: Case[Any], next_step: str = "") -> Iterator[str]:
    owed = _owed(case)
    if owed is not None and owed.left <= 0:
        yield f"nothing is left of {owed.obligation}: it was met, waived or voided{next_step}"


def _too_much(case: Case[Any], pounds: Decimal | None, verb: str) -> Iterator[str]:
    """Say why an amount is none of what is owed, or more than that, or than was shown."""
    kind, owed = _kind(case), _owed(case)
    if kind is None or owed is None or owed.left <= 0:
        return
    if kind.unit != "GBP":
        if pounds is not None:
            yield "it is a single item, not of pounds: leave out how many"
        return
    if pounds is None or pounds <= 0:
        left = in_pounds(owed.left)
        yield f"it is of pounds, of which {left} are left: say how many of them, with --pounds"
        return
    if pounds > owed.left:
        yield f"it {verb} {pounds} pounds; {owed.left} are left of it"
    given = case.look(funding(case.said.under or "")) if kind.name == ACCOUNT else None
    if given is not None and pounds > given.shown:
        yield (
            f"it {verb} {pounds} pounds; SpendRecorded shows {in_pounds(given.shown)} that are not"
            " accounted for yet"
        )


def _claims(case: Case[FulfilmentClaimed]) -> Iterator[str]:
    yield from _not_claimed_so(case)
    yield from _nothing_left(case)
    yield from _too_much(case, case.said.pounds, "claims")
    waiting = _waiting(case)
    if waiting is not None:
        yield f"claim:{waiting.id} of the same waits for an answer already"


def _answers(case: Case[FulfilmentAnswered]) -> Iterator[str]:
    said = case.said
    yield from _not_waiting(case)
    if _payment(case) is not None:
        if said.answer != "not_met" or said.pounds is not None:
            yield (
                "what arrived of a payment is said by FundingReceived, with --payment and --pounds;"
                " an answer says only that nothing did: --answer not_met, and no pounds"
            )
        return
    yield from _not_claimed_so(case)
    if said.answer == "not_met":
        if said.pounds is not None:
            yield "of what is not met there is no amount: leave out how many pounds"
        if said.claim is None:
            yield from _nothing_left(case)
        return
    yield from _nothing_left(case, _ANSWERED_NO if said.claim else "")
    yield from list(_too_much(case, said.pounds, "answers for")) or _not_the_part(case)


def _not_waiting(case: Case[FulfilmentAnswered]) -> Iterator[str]:
    said, waiting = case.said, _waiting(case)
    if said.claim is None:
        if waiting is not None:
            yield f"claim:{waiting.id} of it waits for an answer: name it with --claim"
    elif not FULFILMENT_ANSWER.waiting(case.look, f"event:{event_id(said.claim)}"):
        yield f"{said.claim} is answered already; withdraw that answer to give another"


def _whole(case: Case[Any]) -> Decimal | None:
    """Return what is met if all is: as much as was claimed, else all that is left of the money."""
    kind, owed, waiting = _kind(case), _owed(case), _waiting(case)
    if kind is None or owed is None or kind.unit != "GBP":
        return None
    return waiting.pounds if waiting is not None else owed.left


def _not_the_part(case: Case[FulfilmentAnswered]) -> Iterator[str]:
    said, whole = case.said, _whole(case)
    if whole is None or said.pounds is None:
        return
    if said.answer == "met" and said.pounds != whole:
        yield (
            f"it is met with all {in_pounds(whole)} pounds, and it says {said.pounds}: say that it"
            " is met in part"
        )
    if said.answer == "met_in_part" and said.pounds >= whole:
        yield (
            f"it is met in part with less than {in_pounds(whole)} pounds, and it says"
            f" {said.pounds}: say that it is met"
        )


def _usual_claim(case: Case[Any]) -> str | None:
    waiting = _waiting(case)
    return f"claim:{waiting.id}" if waiting else None


def _usual_pounds(case: Case[Any]) -> str | None:
    said = case.entry.data
    answer, whole = said.get("answer"), _whole(case)
    return str(in_pounds(whole)) if answer == "met" and whole else None


RULES = {
    FulfilmentClaimed: Rule[FulfilmentClaimed](
        by=(
            office_of("debtor"),
            By("the finance lead of the debtor, where it is money", _where_money),
        ),
        agrees={"debtor": _DEBTOR, "creditor": _CREDITOR, "under": Told("what it is for", _under)},
        also=_claims,
    ),
    FulfilmentAnswered: Rule[FulfilmentAnswered](
        by=(office_of("creditor"),),
        agrees={
            "obligation": Told("what is claimed done", _claimed),
            "debtor": _DEBTOR,
            "creditor": _CREDITOR,
            "under": Told("what it is for", _under),
        },
        usual={"obligation": _sent_back, "claim": _usual_claim, "pounds": _usual_pounds},
        other_person_than=("claim",),
        also=_answers,
    ),
}
