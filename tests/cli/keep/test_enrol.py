"""`key prove --name` and `enrol`: a newcomer is enrolled in one go."""

import json
import stat

import pytest

from cli.terminal import asking

FERN = ("key", "prove", "fern.key", "--name", "Mx Fern", "--office", "officer@northwick council")


@pytest.fixture
def newcomer(world):
    """Somebody whose proof was sent to the registrar of a ledger."""
    world.done("key", "new", "fern.key", "--no-passphrase")
    world.done(*FERN, "--effective-on", "2024-09-01", "-o", "me.json")
    return world


def standing(world, who):
    document = json.loads(world.done("keys", who, "--format", "json"))
    return [row["standing"] for row in document["rows"]]


def size(world):
    return json.loads(world.done("owes", "--format", "json"))["ledger"]["size"]


def test_what_a_newcomer_sends_says_who_they_are_and_is_for_their_eyes_only(newcomer):
    sent = json.loads((newcomer.folder / "me.json").read_text(encoding="utf-8"))
    assert list(sent) == [
        *("person", "key", "public_key", "proof", "name", "office", "effective_on"),
    ]
    assert stat.S_IMODE((newcomer.folder / "me.json").stat().st_mode) == 0o600


def test_a_newcomer_needs_no_ledger_to_prove_a_key(empty):
    empty.done("key", "new", "fern.key", "--no-passphrase")
    result = empty.run(*FERN, "--origin", "northwick.example/support", "-o", "me.json")
    assert result.exit_code == 0
    assert result.stderr == "Next, by the registrar: school-ledger enrol me.json\n"


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ((), "say who you are: --name and --office, or --person"),
        (("--name", "Mx Fern"), "say who you are: --name and --office, or --person"),
        (("--person", "new", "--name", "Mx Fern"), "--person is of who is enrolled already"),
    ],
)
def test_a_proof_says_who_is_new_or_who_is_known(empty, who, said):
    empty.done("key", "new", "fern.key", "--no-passphrase")
    assert said in empty.error("key", "prove", "fern.key", *who, code=2)


def test_a_newcomer_is_enrolled_with_key_and_office_in_one_previewed_go(newcomer):
    result = newcomer.run("enrol", "me.json")
    assert result.exit_code == 0, result.output
    assert result.stderr == (
        "You are about to say, as registrar of the ledger:\n"
        "  Mx Fern was enrolled.\n"
        "  name: Mx Fern\n"
        "  A signing key of Mx Fern was enrolled.\n"
        "  Mx Fern was appointed officer of Northwick Council (substantive) from"
        " 1 September 2024.\n"
        "Next, by somebody else who knows them: school-ledger vouch\n"
    )
    assert result.stdout == "Mx Fern is enrolled: officer of Northwick Council.\n"
    assert standing(newcomer, "mx fern") == ["key unvouched, appointment unvouched"]


def test_enrolling_again_records_nothing_twice(newcomer):
    newcomer.done("enrol", "me.json")
    before = size(newcomer)
    assert newcomer.done("enrol", "me.json").startswith("Mx Fern was enrolled already")
    assert size(newcomer) == before


def test_enrolling_goes_on_where_it_was_stopped(newcomer):
    sent = json.loads((newcomer.folder / "me.json").read_text(encoding="utf-8"))
    newcomer.done("record", "PersonEnrolled", "--person", sent["person"], "--name", "Mx Fern")
    result = newcomer.run("enrol", "me.json")
    assert "  Mx Fern was enrolled." not in result.stderr
    assert standing(newcomer, "mx fern") == ["key unvouched, appointment unvouched"]


def test_whoever_does_not_mean_it_enrols_nobody(newcomer, monkeypatch):
    monkeypatch.setattr(asking, "interactive", lambda: True)
    result = newcomer.run("enrol", "me.json", input="n\n")
    assert "Sign and record all of it?" in result.stderr
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no party is called mx fern" in newcomer.error("keys", "mx fern")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sent: sent.pop("proof"), "me.json does not say proof"),
        (lambda sent: sent.update(colour="red"), "is not what it should be: got colour"),
        (lambda sent: sent.update(name=7), "me.json is not what it should be"),
        (lambda sent: sent.update(office="officer@nothwick council"), "Northwick Council"),
        (lambda sent: sent.update(proof=sent["proof"][::-1]), "proof"),
    ],
)
def test_what_is_not_as_it_was_written_enrols_nobody(newcomer, change, said):
    file = newcomer.folder / "me.json"
    sent = json.loads(file.read_text(encoding="utf-8"))
    change(sent)
    file.write_text(json.dumps(sent), encoding="utf-8")
    assert said in newcomer.error("enrol", "me.json")


def test_nobody_is_enrolled_in_the_place_of_somebody_who_is_known(newcomer):
    file = newcomer.folder / "me.json"
    sent = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(sent | {"person": newcomer.people["alder"]}), encoding="utf-8")
    assert "is enrolled already, as Alder: got Mx Fern." in newcomer.error("enrol", "me.json")


def test_whoever_is_enrolled_under_a_name_that_is_taken_is_warned_of(newcomer, monkeypatch):
    file = newcomer.folder / "me.json"
    sent = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(sent | {"name": "ALDER"}), encoding="utf-8")
    monkeypatch.setattr(asking, "interactive", lambda: True)
    result = newcomer.run("enrol", "me.json", input="\n")
    known = newcomer.people["alder"]
    assert (
        f"Warning: Alder is enrolled already, as {known}; nobody is enrolled twice.\n"
        "Sign and record all of it all the same?"
    ) in result.stderr
    assert result.exit_code == 1  # no, unless it is meant
    assert newcomer.done("enrol", "me.json", "--yes").startswith("ALDER is enrolled")


def test_two_of_one_name_enrolled_at_once_are_warned_of(newcomer):
    newcomer.done("key", "new", "other.key", "--no-passphrase")
    other = ("--name", "mx  fern", "--office", "officer@northwick council", "-o", "other.json")
    newcomer.done("key", "prove", "other.key", *other)
    assert newcomer.run("enrol", "me.json", "other.json").exit_code == 1
    result = newcomer.run("enrol", "me.json", "other.json", "--yes")
    assert result.exit_code == 0
    assert (
        "Warning: Mx Fern is the name of several people here; nobody is enrolled twice.\n"
    ) in result.stderr
    again = newcomer.run("enrol", "me.json", "other.json")
    assert "Warning" not in again.stderr


def prove(world, name, office, file):
    world.done("key", "new", f"{file}.key", "--no-passphrase")
    said = ("--name", name, "--office", office, "--effective-on", "2024-09-01")
    world.done("key", "prove", f"{file}.key", *said, "-o", f"{file}.json")
    return f"{file}.json"


def test_of_several_everybody_is_told_whoever_is_refused(newcomer):
    """One asks for an office that somebody holds; who comes after them is enrolled."""
    held = prove(newcomer, "Mx Gorse", "head@900001", "gorse")
    last = prove(newcomer, "Mx Ivy", "officer@northwick council", "ivy")
    result = newcomer.run("enrol", "me.json", held, last, "--yes")
    assert result.exit_code == 1
    assert result.stdout == (
        "Mx Fern is enrolled: officer of Northwick Council.\n"
        "Mx Ivy is enrolled: officer of Northwick Council.\n"
    )
    told = result.stderr.partition("Error: ")[2]
    assert told.startswith(
        "Mx Gorse is not head of Alder School (900001) (their name and their key recorded):"
        " Appointed is refused, for these reasons:\n"
    )
    assert told.endswith("Next: run it again once that is put right; nothing is recorded twice.\n")
    again = newcomer.run("enrol", "me.json", held, last, "--yes")
    assert again.exit_code == 1
    assert again.stdout == result.stdout.replace("is enrolled", "was enrolled already")
    assert "Mx Gorse is not head of Alder School (900001): Appointed is refused" in again.stderr


def test_of_several_whose_office_there_is_not_is_told_by_name(newcomer):
    strange = prove(newcomer, "Mx Gorse", "head@900001", "gorse")
    file = newcomer.folder / strange
    sent = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(sent | {"office": "head@900099"}), encoding="utf-8")
    result = newcomer.run("enrol", strange, "me.json", "--yes")
    assert (result.exit_code, result.stdout) == (
        1,
        "Mx Fern is enrolled: officer of Northwick Council.\n",
    )
    assert (
        "Error: Mx Gorse is not enrolled: no school in this ledger has or had the URN 900099."
    ) in result.stderr
    assert newcomer.error("enrol", strange).startswith("Error: no school in this ledger has")
