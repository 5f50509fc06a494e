"""Nothing is recorded twice, however often and by how many it is said at once."""

import os
import signal
import subprocess
import sys

import pytest
from recording import DAY, ROOT, TWO, agreed, found, offer, processes, say, visit

from ledger.audit.check import check
from ledger.domain.visits import facts as visits
from ledger.recording.application import By, sign

FOUR, SIXTEEN = 4, 16

OPENING = """
import os, signal, sys
from recording import *
from ledger.format.entry import parse_submission
from ledger.errors import RefusedError

path, file, number = sys.argv[1:]
lines = Path(file).read_bytes().splitlines()
ledger = Ledger.open(path, clock=Clock())
print("ready", flush=True)
sys.stdin.readline()
"""

UNHEARD = (
    OPENING
    + """
ledger.append(parse_submission(lines[int(number)]))
os.kill(os.getpid(), signal.SIGKILL)
"""
)

RACE = (
    OPENING
    + """
try:
    recorded = ledger.append(parse_submission(lines[int(number)]))
    print("again" if recorded.again else "recorded", recorded.position)
except RefusedError as error:
    print("refused", *error.reasons)
ledger.close()
"""
)

MANY = (
    OPENING
    + """
print(*(outcome.position for outcome in ledger.append_many(lines)))
ledger.close()
"""
)


@pytest.fixture
def ledger(url):
    with found(url) as ledger:
        yield ledger


@pytest.fixture
def file_of(tmp_path):
    def file_of(submissions):
        file = tmp_path / "lines"
        file.write_bytes(b"\n".join(submission.as_line() for submission in submissions))
        return file

    return file_of


def unheard(path, file):
    """Let a process record the first line of a file, and die before it can say so."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", UNHEARD, path, file, "0"],
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        input="go\n",
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGKILL, "ready\n", "")


def test_what_was_recorded_and_never_acknowledged_is_found_when_said_again(ledger, url, file_of):
    submission = visit(ledger, note="Once.")
    size = ledger.head().size
    unheard(url, file_of([submission]))
    again = ledger.append(submission)
    assert (again.again, again.position) == (True, size + 1)
    assert ledger.head().size == size + 1
    assert check(ledger) == []


def test_four_who_say_again_what_was_never_acknowledged_hear_one_position(ledger, url, file_of):
    file, size = file_of([visit(ledger, note="Once.")]), ledger.head().size
    unheard(url, file)
    said = processes(RACE, [(url, file, 0)] * FOUR)
    assert said == [[f"again {size + 1}"]] * FOUR
    assert ledger.head().size == size + 1
    assert check(ledger) == []


@pytest.mark.sampled(2)
def test_one_visit_is_answered_by_one_of_sixteen_and_counted_once(ledger, url, file_of):
    agreement = say(ledger, TWO, "SupportAgreed", **agreed(offer(ledger))).event
    under = f"agreement:{agreement}"
    made = ledger.append(visit(ledger, under=under, days="1.5")).event
    answer = {"visit": f"visit:{made}", "days": "1.5"}
    by = By(TWO.person, TWO.office)
    drafts = [ledger.draft("VisitAttested", answer, by, DAY) for _ in range(SIXTEEN)]
    file = file_of([sign(draft, TWO.signer) for draft in drafts])
    size = ledger.head().size
    said = processes(RACE, [(url, file, number) for number in range(SIXTEEN)])
    outcomes = sorted(line for (line,) in said)
    assert outcomes[0] == f"recorded {size + 1}"
    assert all(
        f"visit:{made} is answered already; withdraw that answer to give another" in line
        for line in outcomes[1:]
    )
    assert ledger.head().size == size + 1
    assert ledger.look(visits.visit(made)).attested is not None
    assert check(ledger) == []


def test_one_file_appended_by_four_at_once_is_recorded_once(ledger, url, file_of):
    file = file_of([visit(ledger, note=f"Visit {number}.") for number in range(60)])
    size = ledger.head().size
    said = processes(MANY, [(url, file, 0)] * FOUR)
    positions = " ".join(str(size + number) for number in range(1, 61))
    assert said == [[positions]] * FOUR
    assert ledger.head().size == size + 60
    assert check(ledger) == []
