"""What the record cannot prevent, stated as tests, beside what gives it away.

An operator can refuse to record, and cut off what nobody has signed upon or holds a checkpoint of
(`tests/ledger/verification/test_verify.py`). A registrar alone can invent an office-holder, and is
marked. A registrar and a voucher together can, and no byte tells: the school does, when it reads
its own history and who could ever sign for it.
"""

from __future__ import annotations

import pytest
from registry import ALDER, BIRCH, REGISTRAR, Registry, person

from ledger.audit.check import check
from ledger.domain.registers import offices
from projections.reports.history import history
from projections.reports.keyholders import key_holders
from projections.tables.catalogue import views
from projections.tables.views import moment

HEAD = f"head@{ALDER}"
VISIT = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site", "days": "1.0"}


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "northwick.db") as registry:
        yield registry


def holders(registry):
    return list(key_holders(registry.ledger.look, [HEAD]))


def rows_of(registry, party):
    with views(registry.ledger.store, None).open() as connection:
        report = history(connection, registry.ledger.store, party, moment(connection))
    return list(report.rows)


def test_a_registrar_alone_who_invents_a_head_is_marked_wherever_the_head_signs(registry):
    visit = registry.say("ann", "VisitMade", **VISIT)
    assert check(registry.ledger) == []
    (row,) = (row for row in rows_of(registry, ALDER) if row["event"] == visit)
    assert "unvouched" in row["marks"]
    assert not offices.is_vouched(registry.ledger.look, holders(registry)[0].key)


def test_a_registrar_and_a_voucher_together_invent_a_head_and_no_check_tells(registry):
    """Colluding, they are believed: the school sees it, for it knows its own head."""
    registry.vouch("ann", by="rob")
    visit = registry.say("ann", "VisitMade", **VISIT)
    assert check(registry.ledger) == []
    (row,) = (row for row in rows_of(registry, ALDER) if row["event"] == visit)
    assert row["marks"] == ""
    # What gives them away: their names stand beside the key, in the record, for ever.
    (holder,) = holders(registry)
    assert (holder.enrolled_by, holder.key_vouched_by) == (person("rita"), person("rob"))
    told = [row["type"] for row in rows_of(registry, ALDER)]
    assert "Appointed" in told


def test_neither_of_them_can_speak_for_a_head_who_holds_their_own_key(registry):
    with pytest.raises(Exception, match="does not hold the office"):
        registry.say("rita", "VisitMade", office=HEAD, **VISIT)
    with pytest.raises(Exception, match="VisitMade is not for registrar@ledger to sign"):
        registry.say("rita", "VisitMade", office=REGISTRAR, **VISIT)
