"""Who claims which gain, beside the others of its school and area."""

import measured
import pytest
from recording import ONE, THREE, TWO

from projections.reports.claims import QUESTION

AREA = "curriculum and teaching"
COUNCIL = "body:northwick"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    with measured.tell(tmp_path_factory.mktemp("measured") / "measured.db").ledger as ledger:
        yield ledger


@pytest.fixture
def claims(told, recorded):
    """Ask for claims of what was told."""

    def ask(at=("2026-12-31", None), **narrowed):
        return recorded._replace(ledger=told).ask(QUESTION, at, **narrowed).rows

    return ask


def of(rows, *names):
    return {row["claimant"]: tuple(row[name] for name in names) for row in rows}


def test_several_claim_one_result(claims):
    rows = claims()
    assert of(rows, "claimant_role", "share", "answered", "claimants") == {
        ONE.school: ("provider", "6.0 of 8.0", "confirmed", 3),
        COUNCIL: ("authority", "0.0 of 8.0", None, 3),
        THREE.school: ("provider", "2.0 of 8.0", "contested", 3),
    }
    assert {(row["school"], row["claimed_area"]) for row in rows} == {(TWO.school, AREA)}


def test_what_changed_is_told_as_claimed(claims):
    rows = of(claims(), "claimed_measure", "gain", "claim")
    assert rows[ONE.school] == (
        "phonics check pass rate",
        "61.5 to 78.0 (+16.5)",
        "More read at six.",
    )
    assert rows[THREE.school] == (None, None, "The lessons have changed.")


def test_all_who_claim_are_counted_whoever_is_asked_about(claims):
    assert of(claims(about=COUNCIL), "claimants") == {COUNCIL: (3,)}
    assert set(of(claims(about=TWO.school))) == {ONE.school, COUNCIL, THREE.school}


def test_an_answer_counts_from_its_day(claims):
    assert of(claims(("2026-07-10", None)), "answered") == {
        ONE.school: ("confirmed",),
        COUNCIL: (None,),
        THREE.school: (None,),
    }


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"area": AREA}, 3),
        ({"la": COUNCIL}, 3),
        ({"la": "body:elsewhere"}, 0),
        ({"since": "2026-07-02", "to": "2026-07-02"}, 1),
    ],
)
def test_narrowed(claims, narrowed, found):
    assert len(claims(**narrowed)) == found
