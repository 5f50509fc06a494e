"""Rules for needs and evidence: who says what a school needs, who answers, who shows it."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.decision_model import created
from ledger.decision_model.items import Answers, Item, Opens, kind_named
from ledger.decision_model.postings import kind_of
from ledger.decision_model.rules import By, Case, Rule, Told
from ledger.domain.partnership.days_allowed import within
from ledger.domain.partnership.facts import belongs, partnerships
from ledger.domain.registers.bodies import body
from ledger.domain.registers.who import gone, office_of, role_of, school_of
from ledger.events.needs import EvidenceLodged, NeedAccepted, NeedIdentified
from ledger.values import event_id, office_party, party_kind

#: Bodies that may see a need of any school; of others, those that answer for it.
_OVERSEERS = frozenset({"inspectorate", "regional_team", "rise_team"})


def _identified(case: Case[NeedIdentified]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "school")
    if not _is_near(case):
        yield (
            f"{said.raiser} does not answer for {said.school}: a need is identified by the school,"
            " a partnership that it is in, its responsible body or local authority, a regional or"
            " RISE team, or an inspectorate"
        )


def _is_near(case: Case[NeedIdentified]) -> bool:
    said = case.said
    kind = party_kind(said.raiser)
    if kind == "partnership":
        return said.raiser in partnerships(case.look(belongs(said.school)), case.day)
    if kind != "body":
        return said.raiser == said.school
    registered, school = case.look(body(said.raiser)), school_of(case, said.school)
    if registered is None or school is None:
        return False
    answers_for = (school.responsible_body(case.day), school.la)
    return said.raiser in answers_for or registered.kind in _OVERSEERS


def _lodged(case: Case[EvidenceLodged]) -> Iterator[str]:
    said = case.said
    if said.period_to is not None and said.period_to < (said.period_from or said.period_to):
        yield f"it tells of a time that ends on {said.period_to}, before it begins"
    if said.obligation is None:
        return
    kind = kind_named(kind_of(said.obligation))
    opener = case.look(created.recorded(event_id(said.obligation)))
    if kind is None or opener is None or EvidenceLodged.__name__ not in kind.changed_by:
        yield f"{said.obligation} is nothing that a document answers"
        return
    debtor, *_ = (*kind.sides(case.look, opener, said.obligation), None)
    if debtor != office_party(case.entry.office):
        yield (
            f"{said.obligation} is for {debtor} to answer: an office of theirs lodges the document"
        )


_ANY_OFFICE = By("any other office; the debtor's, if it answers", lambda case: (case.entry.office,))

NEED_RESPONSE = Item(
    "need_response",
    "answer to a need",
    about="need",
    opened_by={NeedIdentified: Opens("school", "raiser", within("response_days"))},
    answers={NeedAccepted: Answers()},
)

RULES = {
    EvidenceLodged: Rule[EvidenceLodged](by=(office_of("about"), _ANY_OFFICE), also=_lodged),
    NeedIdentified: Rule[NeedIdentified](
        by=(office_of("raiser"), role_of("adviser", "school")),
        agrees={
            "raiser": Told("whose office signs", lambda case: office_party(case.entry.office) or "")
        },
        also=_identified,
    ),
    NeedAccepted: Rule[NeedAccepted](
        by=(role_of("head", "school"),),
        agrees={"school": "need.school", "raiser": "need.raiser"},
        answers="{need} is answered already, or was never for another to answer",
    ),
}
