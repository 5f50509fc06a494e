"""`vouch`: what waits for somebody else to say that it is true, by name."""

import pytest

from cli.keep import vouch
from cli.terminal import asking
from ledger.errors import RefusedError

DEPUTY = ("--key", "keys/deputy", "--clock-confirmed")
REGISTRAR = ("--key", "keys/registrar", "--clock-confirmed")


@pytest.fixture
def newcomers(told):
    """Two officers who were enrolled, for whom nobody has vouched."""
    for name in ("fir", "gorse"):
        told("key", "new", name, "--no-passphrase")
        who = ("--name", f"Mx {name.title()}", "--office", "officer@northwick")
        told("key", "prove", name, *who, "-o", f"{name}.json")
    told("enrol", "fir.json", "gorse.json", *REGISTRAR)
    return told


def waiting(run):
    return [line.partition(" (")[0] for line in run("vouch", *DEPUTY).stdout.splitlines()]


def test_whoever_recorded_it_does_not_vouch_for_it(world):
    result = world.run("vouch")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "6 more must be vouched for by somebody else: nobody vouches for" in result.stderr


def test_where_all_is_vouched_for_nothing_waits(told):
    assert told("vouch", *DEPUTY).stdout == "Nothing waits to be vouched for.\n"


def test_what_waits_is_listed_by_name_and_nothing_vouched_for_without_a_word(newcomers, masked):
    lines = [masked(line) for line in waiting(newcomers)]
    assert [line.rpartition(" from ")[0] or line for line in lines] == [
        "Mx Fir holds the key SHA256:<key>",
        "Mx Fir is officer of Northwick Council",
        "Mx Gorse holds the key SHA256:<key>",
        "Mx Gorse is officer of Northwick Council",
    ]
    assert waiting(newcomers) == [*waiting(newcomers)]


def test_somebody_is_vouched_for_by_name(newcomers):
    done = newcomers("vouch", "mx gorse", *DEPUTY).stdout.splitlines()
    assert [line.partition(",")[0] for line in done] == ["Vouched for"] * 2
    assert [line.split()[1] for line in waiting(newcomers)] == ["Fir", "Fir"]


def test_all_that_waits_is_vouched_for_where_that_is_meant(newcomers):
    newcomers("vouch", "--yes", *DEPUTY)
    assert newcomers("vouch", *DEPUTY).stdout == "Nothing waits to be vouched for.\n"


def test_where_one_of_several_is_refused_the_command_fails(newcomers, monkeypatch):
    recorded, said = vouch.append, []

    def only_the_first(ledger, submission):
        said.append(submission)
        if len(said) > 1:
            raise RefusedError("Vouched", ["they are vouched for already"])
        return recorded(ledger, submission)

    monkeypatch.setattr(vouch, "append", only_the_first)
    result = newcomers("vouch", "--yes", *DEPUTY, code=1)
    assert result.stdout.startswith("Vouched for, at position ")
    assert "Error: Vouched is refused, for these reasons:" in result.stderr


def test_on_a_terminal_each_is_asked_about(newcomers, monkeypatch):
    answers = iter([True, False, False, True])
    asked = []
    monkeypatch.setattr(asking, "interactive", lambda: True)
    monkeypatch.setattr(asking, "confirm", lambda text: [asked.append(text), next(answers)][1])
    newcomers("vouch", *DEPUTY)
    monkeypatch.setattr(asking, "interactive", lambda: False)
    assert asked[0].startswith("Do you know yourself that Mx Fir holds the key SHA256:")
    assert [line.split()[1] for line in waiting(newcomers)] == ["Fir", "Gorse"]
