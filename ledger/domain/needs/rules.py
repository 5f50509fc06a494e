"""Rules for needs: who may say what a school needs help with, and who answers."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.decision_model.items import Answers, Item, Opens
from ledger.decision_model.rules import Case, Rule, Told
from ledger.domain.judgements.frameworks import AREAS
from ledger.domain.partnership.days_allowed import within
from ledger.domain.partnership.facts import belongs, partnerships
from ledger.domain.registers.bodies import body
from ledger.domain.registers.who import gone, office_of, role_of, school_of
from ledger.events.needs import NeedAccepted, NeedIdentified
from ledger.values import office_party, party_kind

#: Bodies that may see a need of any school; of others, those that answer for it.
_OVERSEERS = frozenset({"inspectorate", "regional_team", "rise_team"})


def _identified(case: Case[NeedIdentified]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "school")
    if said.area not in AREAS:
        yield f"{said.area} is no evaluation area: it is one of {', '.join(sorted(AREAS))}"
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


NEED_RESPONSE = Item(
    "need_response",
    "answer to a need",
    ground="answer",
    about="need",
    opened_by={NeedIdentified: Opens("school", "raiser", within("response_days"))},
    answers={NeedAccepted: Answers()},
)

RULES = {
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
