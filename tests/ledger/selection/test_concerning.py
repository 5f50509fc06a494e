"""What concerns a party: the lines that a school goes on from, and nothing read in vain."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from ledger.selection import concerning


class Entries:
    """A store of the entries that are said, by the tags that are given for each."""

    def __init__(self, *said: tuple[str, dict[str, Any]]) -> None:
        """Keep each as the event with the number of its position."""
        self.rows = [self._row(position, *one) for position, one in enumerate(said, start=1)]

    @staticmethod
    def _row(position: int, name: str, data: dict[str, Any]) -> tuple[int, str, set[str], bytes]:
        event = f"{position:036}"
        statement = {"type": f"{name}.v1", "id": event, "occurredon": "2025-01-01", "data": data}
        tags = {f"event:{event}", *(value for value in data.values() if isinstance(value, str))}
        tags |= {f"event:{left[:36]}" for left in data.get("left_with_former_body", ())}
        listed = (value for value in data.values() if isinstance(value, list))
        tags |= {value for values in listed for value in values}
        return position, name, tags, orjson.dumps({"statement": statement})

    def by_tag(
        self, tag: str, types: tuple[str, ...] = (), before: int = 99
    ) -> list[tuple[int, bytes]]:
        """Return the entries with a tag, as a store does; there is no other way to read."""
        return [
            (position, data)
            for position, name, tags, data in self.rows
            if tag in tags and position < before and (not types or name in types)
        ]


def goes_on(school: str, predecessor: str) -> tuple[str, dict[str, Any]]:
    return "SuccessionAttributed", {"school": school, "predecessor": predecessor}


def visit(host: str) -> tuple[str, dict[str, Any]]:
    return "VisitMade", {"host": host}


A, B, C = (f"school:90000{number}" for number in range(1, 4))


@pytest.mark.parametrize(
    ("party", "positions"),
    [(A, {1, 2, 3, 4, 5}), (B, {2, 3, 4, 5}), (C, {3, 4, 5})],
    ids=["however far back", "of those before it", "of those after it how they end"],
)
def test_a_school_is_concerned_by_what_concerns_the_lines_that_it_goes_on_from(party, positions):
    store = Entries(visit(A), visit(B), visit(C), goes_on(A, B), goes_on(B, C))
    assert set(concerning(store, party, 5)) == positions


def test_lines_that_go_on_from_each_other_end_the_search():
    store = Entries(visit(A), visit(B), goes_on(A, B), goes_on(B, A))
    assert set(concerning(store, A, 4)) == {1, 2, 3, 4}


def test_what_is_not_known_yet_concerns_nobody():
    store = Entries(visit(A), visit(B), goes_on(A, B))
    assert set(concerning(store, A, 2)) == {1}


def test_a_conversion_that_leaves_what_an_agreement_made_owed_concerns_both_sides():
    """It is found by the agreement's tag, and no other conversion is read."""
    agreed = ("SupportAgreed", {"provider": A, "receiver": B})
    left = ("SchoolConverted", {"school": A, "left_with_former_body": [f"{1:036}/support"]})
    store = Entries(agreed, left, ("SchoolConverted", {"school": C}))
    assert set(concerning(store, B, 3)) == {1, 2}


def closes(school: str) -> tuple[str, dict[str, Any]]:
    return "SchoolClosed", {"school": school}


def test_the_closure_of_a_school_with_which_it_had_to_do_concerns_a_party():
    """It voids what was owed to that school, and names nobody else."""
    agreed = ("SupportAgreed", {"provider": A, "receiver": B})
    store = Entries(agreed, visit(C), closes(C), closes(B))
    assert set(concerning(store, A, 4)) == {1, 4}
    assert set(concerning(store, A, 3)) == {1}, "not before it is known"


def test_the_closure_of_a_school_in_one_list_with_it_concerns_a_party_only_if_they_dealt():
    listed = ("VisitProgrammeOpened", {"organiser": "body:council", "schools": [A, B]})
    store = Entries(listed, closes(B))
    assert set(concerning(store, A, 9)) == {1}
    assert set(concerning(store, "body:council", 9)) == {1, 2}, "whoever listed it deals with it"
    assert set(concerning(store, C, 9)) == set()
    met = Entries(listed, ("VisitMade", {"visitor": A, "host": B}), closes(B))
    assert set(concerning(met, A, 9)) == {1, 2, 3}


AGREED = ("SupportAgreed", {"provider": A, "receiver": B})
NETWORK, COUNCIL, TRUST = "partnership:network", "body:council", "body:trust"


def merges(school: str, into: str) -> tuple[str, dict[str, Any]]:
    return "SchoolsMerged", {"predecessors": [school, into], "school": into}


def withdraws(position: int) -> tuple[str, dict[str, Any]]:
    return "EventWithdrawn", {"event": f"event:{position:036}"}


@pytest.mark.parametrize(
    "ends",
    [
        (merges(B, C),),
        (merges(B, C), closes(C)),
        (goes_on(C, B), merges(C, "school:900004")),
        (closes(B), withdraws(2)),
        (("ObligationAssumed", {"party": COUNCIL, "instead_of": B}),),
        (("ContingencyAccepted", {"party": COUNCIL, "instead_of": [B]}),),
    ],
    ids=["merged", "what it became", "attributed", "taken back", "assumed", "stood in for"],
)
def test_who_takes_the_place_of_a_counterpart_concerns_a_party(ends):
    """It is owed to another from then on; each names no one else."""
    store = Entries(AGREED, *ends)
    assert set(concerning(store, A, 9)) == set(range(1, 2 + len(ends)))


@pytest.mark.parametrize(
    "ends",
    [
        (merges(C, "school:900004"),),
        (("ContingencyAccepted", {"party": COUNCIL, "about": B, "instead_of": []}),),
        (("ContingencyAccepted", {"party": COUNCIL, "about": B, "instead_of": [C]}),),
    ],
    ids=["another's merger", "for nobody yet", "for somebody else"],
)
def test_what_ends_others_or_puts_nobody_in_its_place_does_not_concern_a_party(ends):
    assert set(concerning(Entries(AGREED, *ends), A, 9)) == {1}


def test_a_body_that_ends_concerns_who_dealt_with_it_and_not_the_schools_that_go_with_it():
    succeeded = ("BodySucceeded", {"body": COUNCIL, "successors": [TRUST], "about": [C]})
    store = Entries(("TargetSet", {"about": A, "setter": COUNCIL}), succeeded, closes(C))
    assert set(concerning(store, A, 9)) == {1, 2}


def test_a_dissolved_partnership_concerns_who_agreed_to_stand_in_for_it():
    store = Entries(
        ("MembershipSought", {"school": A, "partnership": NETWORK}),
        ("ContingencyAccepted", {"party": COUNCIL, "partnership": NETWORK}),
        ("PartnershipDissolved", {"partnership": NETWORK}),
    )
    assert set(concerning(store, COUNCIL, 9)) == {1, 2, 3}
    assert set(concerning(store, COUNCIL, 2)) == {2}, "while it stands"


def naming(event: str, party: str) -> tuple[str, dict[str, Any]]:
    rules = {"contingency": {"on_closure": COUNCIL, "on_dissolution": party}}
    return event, {"partnership": NETWORK, "ground_rules": rules, "about": [COUNCIL, party]}


def test_ground_rules_that_name_another_to_stand_in_concern_who_was_named():
    """They void the answer that was asked."""
    store = Entries(
        naming("PartnershipFormed", TRUST),
        naming("GroundRulesAgreed", "body:other"),
        ("VisitMade", {"visitor": A, "host": B}),
    )
    assert set(concerning(store, TRUST, 9)) == {1, 2}
    assert set(concerning(store, TRUST, 1)) == {1}


def test_of_a_member_that_closed_only_what_is_under_it_concerns_who_stands_in():
    store = Entries(
        ("ContingencyAccepted", {"party": COUNCIL, "partnership": NETWORK}),
        ("PartnershipYearOpened", {"partnership": NETWORK}),
        ("VisitMade", {"visitor": A, "host": B, "under": f"year:{2:036}"}),
        visit(A),
        ("SchoolClosed", {"school": A, "partnerships": [NETWORK]}),
    )
    assert set(concerning(store, COUNCIL, 9)) == {1, 3, 5}


def test_what_is_spent_of_money_committed_to_a_party_concerns_it():
    """Whoever keeps the money for it names the funding alone."""
    committed = ("FundingCommitted", {"commissioner": COUNCIL, "payee": NETWORK})
    store = Entries(committed, ("SpendRecorded", {"keeper": A, "spent": [f"funding:{1:036}"]}))
    store.rows[1][2].add(f"event:{1:036}")
    for party in (NETWORK, COUNCIL):
        assert set(concerning(store, party, 9)) == {1, 2}


def test_another_body_for_the_school_of_a_conflict_concerns_whoever_declared_it():
    """The answer to it passes to that body; what the school did before, or does else, does not."""
    store = Entries(
        ("ResponsibleBodyChanged", {"school": B, "responsible_body": COUNCIL}),
        ("ConflictOfInterestDeclared", {"declarer": A, "provider": A, "school": B}),
        ("ResponsibleBodyChanged", {"school": B, "responsible_body": NETWORK}),
        visit(B),
        ("SchoolConverted", {"school": B, "responsible_body": COUNCIL}),
        ("ConflictOfInterestDeclared", {"declarer": A, "provider": A}),
    )
    assert set(concerning(store, A, 9)) == {2, 3, 5, 6}
