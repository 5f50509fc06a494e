"""`key`: made, shown, proved."""

import base64
import json
import stat
import subprocess

import pytest

from ledger import keys
from ledger.format.sshsig import PublicKey

PERSON = "person:01939f10-7c1a-7d3e-9a55-0f2f4f0f9f11"


@pytest.fixture
def keyed(empty):
    empty.done("key", "new", "my.key", "--no-passphrase", "--comment", "Sam")
    return empty


def test_a_new_key_is_its_owners_only(keyed):
    assert stat.S_IMODE((keyed.folder / "my.key").stat().st_mode) == 0o600
    assert (keyed.folder / "my.key.pub").read_text().endswith(" Sam\n")


def test_a_new_key_is_told_by_its_reference(empty, masked):
    result = empty.run("key", "new", "my.key", "--no-passphrase")
    assert masked(result.stdout) == "key:SHA256:<key>\n"
    assert result.stderr == (
        "Next: school-ledger key prove my.key --name NAME --office OFFICE -o me.json\n"
        "  or, to found a ledger with it: school-ledger init --help\n"
    )


def test_no_key_is_overwritten(keyed):
    assert keyed.error("key", "new", "my.key", "--no-passphrase").startswith(
        "Error: my.key is there already"
    )


def test_without_a_terminal_no_passphrase_must_be_meant(empty):
    assert empty.error("key", "new", "my.key") == (
        "Error: a new key needs a passphrase, and there is nobody to ask for one. Run this on a"
        " terminal, or say --no-passphrase.\n"
    )


def test_a_passphrase_is_asked_for_twice_and_opens_the_key(empty, monkeypatch):
    monkeypatch.setattr("cli.terminal.asking.interactive", lambda: True)
    empty.done("key", "new", "my.key", input="open\nopen\n")
    proved = empty.run(
        "key", "prove", "my.key", "--person", PERSON, "--origin", "o.example", input="open\n"
    )
    assert proved.exit_code == 0
    assert "open" not in proved.stdout


def test_a_passphrase_without_a_terminal(empty):
    keys.generate(empty.folder / "my.key", "", "open")
    said = empty.error("key", "prove", "my.key", "--person", PERSON, "--origin", "o.example")
    assert said.startswith("Error: the private key my.key needs its passphrase")


def test_show(keyed, masked):
    assert masked(keyed.done("key", "show", "my.key")) == (
        "key         key:SHA256:<key>\ntype        ssh-ed25519\npublic key  ssh-ed25519 <key>\n"
    )


def test_show_says_what_openssh_says(keyed):
    listed = subprocess.run(
        ["ssh-keygen", "-l", "-f", "my.key.pub"], capture_output=True, text=True, check=True
    )
    assert listed.stdout.split()[1] in keyed.done("key", "show", "my.key.pub")


def test_a_proof_holds_and_is_what_is_to_be_enrolled(keyed):
    told = json.loads(
        keyed.done("key", "prove", "my.key", "--person", PERSON, "--origin", "o.example")
    )
    assert set(told) == {"person", "key", "public_key", "proof"}
    public = PublicKey.parse(told["public_key"])
    keys.check_possession(base64.b64decode(told["proof"]), "o.example", PERSON, public)


def test_a_proof_enrols_the_key(world):
    world.done("key", "new", "second", "--no-passphrase")
    proof = world.done("key", "prove", "second", "--person", world.people["alder"])
    shown = world.done("record", "KeyEnrolled", "--from", "-", input=proof)
    assert "KeyEnrolled" in shown


def test_a_proof_by_no_person(keyed):
    said = keyed.error("key", "prove", "my.key", "--person", "Sam", "--origin", "o.example")
    assert said.startswith("Error: this is no person's reference: got Sam")


@pytest.mark.parametrize("origin", ["Northwick", "north wick.example", "northwick.example/"])
def test_a_key_is_proved_for_what_can_be_a_ledger_only(keyed, origin):
    args = ("key", "prove", "my.key", "--person", "new", "--origin", origin)
    assert keyed.error(*args).startswith("Error: this can be no ledger's origin: got ")
