"""Many processes on one file: each statement is recorded once or refused with a reason."""

import signal
import subprocess
import sys

import pytest
from recording import NOW, ONE, ROOT, TWO, Clock, agreed, found, offer, processes, say, visit

from ledger.domain.brokerage import facts as brokerage
from ledger.log.merkle import MemoryNodes, Tree, leaf_hash
from ledger.recording.application import By, Ledger, sign

SIXTEEN = 16

OPENING = """
import sys
from recording import *
from ledger.errors import RefusedError
from ledger.format.entry import parse_submission
from ledger.recording.application import Ledger

path, *arguments = sys.argv[1:]
ledger = Ledger.open(path, clock=Clock())
print("ready", flush=True)
sys.stdin.readline()
"""

RACE = (
    OPENING
    + """
with open(arguments[0], "rb") as file:
    line = file.read().splitlines()[int(arguments[1])]
try:
    print("recorded", ledger.append(parse_submission(line)).position)
except RefusedError as error:
    print("refused", *error.reasons)
ledger.close()
"""
)

VISITS = (
    OPENING
    + """
for number in range(20):
    print(ledger.append(visit(ledger, note=f"Visit {number}.")).position, flush=True)
ledger.close()
"""
)


@pytest.fixture
def path(url):
    return url


def assert_whole(ledger, size):
    """Check that positions have no gap and that tree and facts are those of the entries."""
    rows = list(ledger.store.entries())
    assert [position for position, _ in rows] == list(range(1, size + 1))
    tree = Tree(MemoryNodes())
    tree.append([leaf_hash(data) for _, data in rows])
    assert ledger.head() == (size, tree.root())
    ids = [entry.id for entry in ledger.entries()]
    assert len(set(ids)) == size


def test_one_offer_is_taken_up_by_one_of_sixteen(path, tmp_path):
    with found(path) as ledger:
        offered = offer(ledger)
        by = By(TWO.person, TWO.office)
        drafts = [ledger.draft("SupportAgreed", agreed(offered), by, NOW.date()) for _ in range(16)]
        lines = tmp_path / "lines"
        lines.write_bytes(b"\n".join(sign(draft, TWO.signer).as_line() for draft in drafts))
        size = ledger.head().size
        said = processes(RACE, [(path, lines, number) for number in range(SIXTEEN)])
        outcomes = sorted(line for (line,) in said)
        taken = ledger.look(brokerage.offer(offered)).agreement
        assert outcomes[0] == f"recorded {size + 1}"
        reason = f"refused the offer is taken up already, by agreement:{taken}"
        assert outcomes[1:] == [reason] * 15
        assert_whole(ledger, size + 1)


def raced(path, folder, signed):
    """Race sixteen processes, each with a statement of its own; return what each was told."""
    lines = folder / "lines"
    lines.write_bytes(b"\n".join(one.as_line() for one in signed))
    return [line for (line,) in processes(RACE, [(path, lines, n) for n in range(SIXTEEN)])]


def of_head(ledger, head, name, **data):
    """Return what a head signs, as drafted now."""
    draft = ledger.draft(name, data, By(head.person, head.office), NOW.date())
    return sign(draft, head.signer)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("left", [1, 3])
def test_the_last_days_that_a_provider_declared_are_offered_by_as_many_as_one_after_another(
    path, tmp_path, left
):
    """Each of sixteen offers one day: as many are recorded as days were left, however they come."""
    with found(path) as ledger:
        year = {"starts": "2026-03-01", "ends": "2026-12-31"}
        declared = {"provider": ONE.school, **year, "days": f"{6 + left}.0"}
        say(ledger, ONE, "CapacityDeclared", **declared)
        offer(ledger)
        size = ledger.head().size
        pledge = {"receiver": TWO.school, "route": "hub", "days": "1.0"}
        one_day = {"provider": ONE.school, **pledge, "valid_until": "2026-12-31"}
        signed = [of_head(ledger, ONE, "SupportOffered", **one_day) for _ in range(SIXTEEN)]
        said = raced(path, tmp_path, signed)
        recorded = [line for line in said if line.startswith("recorded")]
        assert sorted(recorded) == [f"recorded {size + 1 + n}" for n in range(left)]
        reason = (
            f"refused {ONE.school} declared {6 + left}.0 days from 2026-03-01 to 2026-12-31,"
            " of which 0.0 are left: 1.0 are more; declare more first"
        )
        assert [line for line in said if line not in recorded] == [reason] * (SIXTEEN - left)
        assert_whole(ledger, size + left)


@pytest.mark.sweep
def test_an_offer_that_sixteen_take_up_decline_and_withdraw_meets_with_one_of_these(path, tmp_path):
    with found(path) as ledger:
        offered = offer(ledger)
        named = {"offer": f"offer:{offered}"}
        ways = [
            (TWO, "SupportAgreed", agreed(offered)),
            (TWO, "OfferClosed", {**named, "how": "declined"}),
            (ONE, "OfferClosed", {**named, "how": "withdrawn"}),
        ]
        signed = [of_head(ledger, who, name, **said) for who, name, said in (*ways * 5, ways[0])]
        size = ledger.head().size
        said = sorted(raced(path, tmp_path, signed))
        assert said[0] == f"recorded {size + 1}"
        assert len(set(said[1:])) == 1
        assert said[1].startswith("refused the offer ")
        assert_whole(ledger, size + 1)


def test_one_statement_from_sixteen_has_one_position(path, tmp_path):
    with found(path) as ledger:
        lines = tmp_path / "lines"
        lines.write_bytes(visit(ledger, note="Once.").as_line())
        size = ledger.head().size
        said = processes(RACE, [(path, lines, 0)] * SIXTEEN)
        assert said == [[f"recorded {size + 1}"]] * SIXTEEN
        assert_whole(ledger, size + 1)


def test_visits_of_sixteen_are_all_recorded(path):
    with found(path) as ledger:
        size = ledger.head().size
        said = processes(VISITS, [(path,)] * SIXTEEN)
        positions = [int(line) for lines in said for line in lines]
        assert sorted(positions) == list(range(size + 1, size + 321))
        assert_whole(ledger, size + 320)
        assert len(list(ledger.store.vault.events())) == 320 + 3


ENDLESS = (
    OPENING
    + """
number = 0
while True:
    number += 1
    submission = visit(ledger, note=f"Visit {number}.")
    print(ledger.append(submission).event, flush=True)
"""
)


@pytest.mark.parametrize("lines", [1, 7, 60])
def test_killed_writer_leaves_every_acknowledged_event_and_none_half(path, lines):
    with found(path) as ledger:
        before = ledger.head()
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, path],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process.stdout.readline()
    process.stdin.write("go\n")
    process.stdin.flush()
    acknowledged = [process.stdout.readline().strip() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    acknowledged += process.communicate()[0].split()
    with Ledger.open(str(path), clock=Clock()) as ledger:
        recorded = [entry.id for entry in ledger.entries(before.size)]
        assert recorded[: len(acknowledged)] == acknowledged
        assert len(recorded) - len(acknowledged) in (0, 1)
        assert_whole(ledger, before.size + len(recorded))
        texts = ledger.store.vault.get_many(recorded)
        assert sorted(texts) == sorted(recorded)
        assert not set(ledger.store.vault.events()) - {entry.id for entry in ledger.entries()}
        assert ledger.append(visit(ledger, ONE, TWO)).size == before.size + len(recorded) + 1
