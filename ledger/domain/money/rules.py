"""Rules for money: who may commit, send, receive and spend it, and never more than there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from ledger.decision_model.items import Item
from ledger.decision_model.postings import ZERO
from ledger.decision_model.rows import Open
from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.money.facts import Funding, funding, in_pounds
from ledger.domain.money.kinds import PAYMENT, SPEND_ACCOUNT
from ledger.domain.registers.after_the_end import last_day_of
from ledger.domain.registers.who import as_it_goes_on, as_it_stands, gone, office_of, role_of
from ledger.events.money import FundingCommitted, FundingPaid, FundingReceived, SpendRecorded
from ledger.values import event_id, party_kind, tags_of


def _of_its_money(member: str) -> tuple[By, By]:
    """Return who signs for a party's money: its own office, or its finance."""
    return office_of(member), role_of("finance", member)


# -- committed ------------------------------------------------------------------------------------


def _sum_of(parts: str) -> Told:
    """Return that a total is the sum of its parts."""

    def found(case: Case[Any]) -> Any:
        said = [one["pounds"] for one in case.entry.data.get(parts, ())]
        return str(sum(map(Decimal, said), ZERO)) if said else UNTOLD

    return Told(f"the sum of what is {'spent' if parts == 'spent' else 'to be paid'}", found)


def _committed(case: Case[FundingCommitted]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "commissioner", "payee", "kept_by")
    if said.commissioner in (said.payee, said.kept_by):
        yield "a party cannot fund itself, nor keep what it pays"
    if party_kind(said.kept_by or said.payee) == "partnership":
        yield "a partnership keeps no money: say which school or body does"
    if said.agreement is not None and said.need is not None:
        yield "it is for one agreement or one need: name only one"
    yield from _not_in_instalments(said)
    days = {one.pay_by for one in said.instalments}
    for waits in said.prerequisites:
        if waits.before not in days:
            yield (
                f"something is to be met before the instalment of {waits.before}, and none is to be"
                " paid by that day: name the day of one"
            )


def _not_in_instalments(said: FundingCommitted) -> Iterator[str]:
    days = [one.pay_by for one in said.instalments]
    if any(one.pounds <= 0 for one in said.instalments):
        yield "an instalment is of no pounds: say of how many"
    for day in sorted({day for day in days if days.count(day) > 1}):
        yield f"two instalments are to be paid by {day}: make them one"


# -- paid and received ----------------------------------------------------------------------------


def _funding(case: Case[Any]) -> Funding | None:
    return case.look(funding(case.entry.data.get("under", "")))


def _first(case: Case[Any], kind: Item, under: str) -> Open | None:
    """Return what is owed first, of a kind, under a funding or for a price."""
    return next(iter(kind.waiting(case.look, f"event:{event_id(under)}")), None)


def _payer(case: Case[Any], member: str, given: Funding) -> str:
    """Return who owes what is to be paid next; or to whom money that is sent back is owed."""
    under = case.entry.data["under"]
    if "returns" not in case.entry.data:
        owed = _first(case, PAYMENT, under)
        return _by_now(case, member, owed, given.payer, given.payee)
    owed = _first(case, SPEND_ACCOUNT, under)
    return _by_now(case, member, owed, owed.creditor if owed else given.payer, given.keeper)


def _keeper(case: Case[Any], member: str, given: Funding, under: str) -> str:
    """Return who keeps the money by now, which has an account of it to give."""
    owed = _first(case, SPEND_ACCOUNT, under)
    if owed is not None:
        return _by_now(case, member, owed, given.keeper, given.payer)
    other = given.payer if given.keeper == given.payee else given.payee
    return _by_now(case, member, _first(case, PAYMENT, under), given.keeper, other)


def _by_now(case: Case[Any], member: str, owed: Open | None, side: str, other: str) -> str:
    if owed is None:
        return as_it_goes_on(case, member, side)
    return as_it_stands(case, member, owed.obligation, side, other)


def _sender(case: Case[Any]) -> Any:
    given, data = _funding(case), case.entry.data
    if given is None:
        return UNTOLD
    if "returns" in data:
        return _keeper(case, "sender", given, data["under"])
    return _payer(case, "sender", given)


def _recipient(case: Case[Any]) -> Any:
    given, data = _funding(case), case.entry.data
    if given is None:
        return UNTOLD
    if "returns" in data:
        return _payer(case, "recipient", given)
    return _keeper(case, "recipient", given, data["under"])


_SENDER = Told("who owes it", _sender)
_RECIPIENT = Told("who is to have it", _recipient)


def _payee(case: Case[Any]) -> Any:
    given = _funding(case)
    if given is None:
        return UNTOLD
    owed = _first(case, PAYMENT, case.entry.data["under"])
    return _by_now(case, "payee", owed, given.payee, given.payer)


def _left_to_pay(case: Case[Any]) -> Decimal:
    (tag,) = tags_of(case.said.under)
    return sum((one.left for one in PAYMENT.waiting(case.look, tag)), ZERO)


def _to_nobody(case: Case[FundingPaid], given: Funding) -> Iterator[str]:
    """Say that whoever is to have it by now ended, however named, and nobody has its place."""
    said = case.said
    after = _payer(case, "", given) if said.returns else _keeper(case, "", given, said.under)
    last = last_day_of(case.look, after)
    if last is not None and last < case.entry.occurred_on:
        yield (
            f"{after} ended on {last}, and nobody has its place: `school-ledger report orphans`"
            " tells who takes over what it is owed, or releases it"
        )


def _paid(case: Case[FundingPaid]) -> Iterator[str]:
    said, given = case.said, _funding(case)
    if given is not None:
        yield from RELEASE_0_1.refuses(_to_nobody(case, given))
    if said.pounds <= 0:
        yield "it sends nothing"
    if said.returns is not None:
        unspent = given.unspent if given else ZERO
        if said.pounds > unspent:
            yield (
                f"it sends back {said.pounds} pounds; {in_pounds(unspent)} that were received are"
                " neither spent nor sent back"
            )
        return
    left = _left_to_pay(case) - (given.sent(returns=False) if given else ZERO)
    if said.pounds > left:
        yield f"it sends {said.pounds} pounds; {in_pounds(left)} are left to send"


def _received(case: Case[FundingReceived]) -> Iterator[str]:
    said, given = case.said, _funding(case)
    if said.pounds <= 0:
        yield "it says that nothing arrived; FulfilmentAnswered says so of a payment"
    if said.paid_on > case.entry.occurred_on:
        yield f"it was paid on {said.paid_on}, after the day on which it arrived"
    yield from _not_of_the_payment(case, given)
    if said.returns is not None:
        back = given.may_return(event_id(said.payment or "")) if given else ZERO
        if said.pounds > back:
            yield (
                f"it says that {said.pounds} pounds were sent back; {in_pounds(back)} that were"
                " received are neither spent nor sent back"
            )
        return
    left = _left_to_pay(case)
    if said.pounds > left:
        yield f"it says that {said.pounds} pounds arrived; {in_pounds(left)} are left to pay"


def _not_of_the_payment(case: Case[FundingReceived], given: Funding | None) -> Iterator[str]:
    said, sent = case.said, case.thing("payment")
    if sent is None:
        return
    if said.pounds > Decimal(sent.data["pounds"]):
        yield f"it says that {said.pounds} pounds arrived; {sent.data['pounds']} were sent"
    if given is not None and given.waits(sent.id) is None:
        yield f"{said.payment} is answered already; withdraw that answer to give another"


def _of_payment(member: str) -> Told:
    """Return what a payment says that is confirmed; anything, where none is named."""

    def found(case: Case[Any]) -> Any:
        sent = case.thing("payment")
        return UNTOLD if sent is None else sent.data.get(member)

    return Told("as the payment says", found)


def _paid_on(case: Case[Any]) -> Any:
    sent = case.thing("payment")
    return UNTOLD if sent is None else sent.occurred_on.isoformat()


def _the_day(case: Case[Any]) -> str | None:
    return None if "payment" in case.entry.data else case.entry.occurredon


# -- spent ----------------------------------------------------------------------------------------


def _spent(case: Case[SpendRecorded]) -> Iterator[str]:
    said = case.said
    if (said.paid_to is None) == (said.supplier is None):
        yield "it was paid to one party of the registers or one supplier: name exactly one"
    if said.spent_on > case.entry.occurred_on:
        yield f"it was spent on {said.spent_on}, after the day that it is said"
    if said.agreement is not None and said.need is not None:
        yield "it is for one agreement or one need: name only one"
    names = [one.funding for one in said.spent]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"it speaks of {name} twice: make that one sum"
    for one in said.spent:
        given = case.look(funding(one.funding))
        if given is not None:
            yield from _not_kept(case, given, one.funding)
            yield from _not_there(given, one.funding, one.pounds)


def _usual_keeper(case: Case[Any]) -> str | None:
    """Return who keeps by now what is spent; None where nothing tells it, or several do."""
    named = [one["funding"] for one in case.entry.data.get("spent", ())]
    found = [(name, given) for name in named if (given := case.look(funding(name))) is not None]
    keepers = {_keeper(case, "keeper", given, name) for name, given in found}
    return keepers.pop() if len(keepers) == 1 else None


def _not_kept(case: Case[SpendRecorded], given: Funding, name: str) -> Iterator[str]:
    keeper = _keeper(case, "keeper", given, name)
    if case.said.keeper != keeper:
        yield f"{name} is kept by {keeper}, not by {case.said.keeper}"


def _not_there(given: Funding, name: str, pounds: Decimal) -> Iterable[str]:
    if pounds <= 0:
        yield f"it spends nothing of {name}"
    if pounds > given.unspent:
        yield f"it spends {pounds} pounds of {name}; {in_pounds(given.unspent)} of it are left"


RULES = {
    FundingCommitted: Rule[FundingCommitted](
        by=(office_of("commissioner"),),
        agrees={"pounds": _sum_of("instalments")},
        also=_committed,
    ),
    FundingPaid: Rule[FundingPaid](
        by=_of_its_money("sender"),
        agrees={"sender": _SENDER, "recipient": _RECIPIENT},
        also=_paid,
    ),
    FundingReceived: Rule[FundingReceived](
        by=_of_its_money("recipient"),
        agrees={
            "under": _of_payment("under"),
            "returns": _of_payment("returns"),
            "sender": _SENDER,
            "recipient": _RECIPIENT,
            "payee": Told("whom it was committed to", _payee),
            "paid_on": Told("the day of the payment", _paid_on),
        },
        usual={"paid_on": _the_day},
        other_person_than=("payment",),
        also=_received,
    ),
    SpendRecorded: Rule[SpendRecorded](
        by=_of_its_money("keeper"),
        agrees={"pounds": _sum_of("spent")},
        usual={"spent_on": lambda case: case.entry.occurredon, "keeper": _usual_keeper},
        also=_spent,
    ),
}
