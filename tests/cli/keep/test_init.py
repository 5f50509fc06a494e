"""`init`: a ledger is founded whole or not at all."""

import stat
from itertools import chain, pairwise

import pytest

from ledger.recording.founding import parse_log_key

FOUNDED = """\
The ledger Northwick is founded in school-ledger.db.

Trust card: give this to everyone who will rely on the ledger.
  origin   northwick.example/support
  log key  northwick.example/support+<log key>
  leaf 0   <hash>

record     3 entries, root <hash>
registrar  person:<id>
log's key  school-ledger.db.log-key (keep it secret, and a copy of it safe)
settings   school-ledger.toml
"""
INIT = ("init", "--origin", "northwick.example/support", "--title", "Northwick")


@pytest.fixture
def keyed(empty):
    empty.done("key", "new", "registrar.key", "--no-passphrase")
    return empty


def names(world):
    return {path.name for path in world.folder.iterdir()}


def test_the_trust_card_and_what_is_next(keyed, masked):
    result = keyed.run(*INIT, "--key", "registrar.key", "--name", "Sam Reed")
    assert (masked(result.stdout), result.exit_code) == (FOUNDED, 0)
    assert result.stderr.startswith(
        "Nobody can vouch for what you record: appoint a second registrar next (`school-ledger key"
        " prove`, then `enrol`). The first one that you appoint counts as founding.\n"
        "Next: school-ledger import gias "
    )


def test_the_new_ledger_verifies_and_needs_no_flags(keyed):
    keyed.done(*INIT, "--key", "registrar.key", "--name", "Sam Reed")
    checked = keyed.run("check")
    assert checked.exit_code == 4
    assert "Checked 3 entries" in checked.stdout
    assert (
        "Sam Reed is the only registrar, so that nobody can vouch for what they record, nor replace"
        " their key: appoint a second one, `school-ledger enrol` with what `key prove` wrote\n"
    ) in checked.stdout


def test_the_second_registrar_of_one_who_founded_alone_counts_as_founding(keyed):
    origin, office = ("--origin", "northwick.example/support"), ("--office", "registrar@ledger")
    keyed.done(*INIT, "--key", "registrar.key", "--name", "Sam Reed")
    keyed.done("key", "new", "second.key", "--no-passphrase")
    proved = ("key", "prove", "second.key", "--name", "Kim Shaw", *office, *origin)
    keyed.done(*proved, "-o", "second.json")
    keyed.done("enrol", "second.json", "--yes")
    assert "Nothing was found: the record verifies." in keyed.done("check")
    waiting = " ".join(keyed.done("report", "unconfirmed").split())
    assert "nothing rests on a key unvouched or in doubt." in waiting
    verdict = keyed.done("verify")
    assert "Counts as founding" in verdict
    assert (
        ": who founded the ledger alone enrolled and appointed them first; nobody else"
        " vouched\n" in verdict
    )


def test_the_logs_key_is_secret_and_that_of_the_card(keyed):
    shown = keyed.done(*INIT, "--key", "registrar.key")
    file = keyed.folder / "school-ledger.db.log-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert parse_log_key(file.read_text()).verifier in shown


def test_nothing_is_overwritten(keyed):
    keyed.done(*INIT, "--key", "registrar.key")
    before = (keyed.folder / "school-ledger.db").read_bytes()
    assert keyed.error(*INIT, "--key", "registrar.key") == (
        "Error: school-ledger.db is there already: expected a new name. A ledger is founded once."
        " Name another with --ledger PATH.\n"
    )
    assert (keyed.folder / "school-ledger.db").read_bytes() == before


def test_a_log_key_that_is_left_is_not_overwritten(keyed):
    (keyed.folder / "school-ledger.db.log-key").write_text("another ledger's")
    assert "school-ledger.db.log-key is there already" in keyed.error(
        *INIT, "--key", "registrar.key"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"--origin": "Not An Origin"}, "no ledger's origin: got Not"),
        ({"--title": "x" * 300}, "title: it is longer than 200"),
        ({"--key": "gone.key"}, "there is no key file gone.key"),
        ({"--ledger": "no/x.db"}, "there is no folder no"),
    ],
)
def test_on_failure_nothing_half_is_left(keyed, changes, said):
    before = names(keyed)
    usual = {**dict(pairwise(INIT[1:])), "--key": "registrar.key"}
    told = {name: value for name, value in usual.items() if name.startswith("--")} | changes
    assert said in keyed.error("init", *chain.from_iterable(told.items()))
    assert names(keyed) == before


def test_without_a_key_and_a_terminal(empty):
    assert empty.error(*INIT, code=2).startswith("Error: missing option '--key'.\n")


def test_a_key_is_made_on_a_terminal(empty, monkeypatch):
    monkeypatch.setattr("cli.terminal.asking.interactive", lambda: True)
    result = empty.run(*INIT, input="new.key\n\n\n")
    assert result.exit_code == 0
    assert names(empty) >= {"new.key", "new.key.pub", "school-ledger.db"}


def test_a_dry_run_shows_the_statements_and_makes_nothing(keyed):
    before = names(keyed)
    shown = keyed.done(*INIT, "--key", "registrar.key", "--dry-run")
    assert ['"type":"' in line for line in shown.splitlines()] == [True] * 3
    assert names(keyed) == before


def test_settings_that_are_there_stay(keyed):
    (keyed.folder / "school-ledger.toml").write_text('key = "registrar.key"\n')
    assert "settings" not in keyed.done(*INIT, "--key", "registrar.key")
    assert (keyed.folder / "school-ledger.toml").read_text() == 'key = "registrar.key"\n'


def test_two_registrars_found_it_and_each_vouches_for_the_other(keyed):
    keyed.done("key", "new", "second.key", "--no-passphrase")
    proof = keyed.done(
        "key", "prove", "second.key", "--person", "new", "--origin", "northwick.example/support"
    )
    (keyed.folder / "second.json").write_text(proof)
    keyed.done(*INIT, "--key", "registrar.key", "--registrar", "second.json")
    assert "Nothing was found: the record verifies." in keyed.done("check")
    said = ("record", "PersonEnrolled", "--name", "Mx Newcomer", "--key", "second.key")
    assert "is recorded, at position 4." in keyed.done(*said)


PROVE = "`school-ledger key prove FILE --person new --origin ORIGIN` writes one."


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[]", "proves no key: expected person, key, public_key and proof"),
        ("", "is not JSON: got Expecting value: line 1 column 1 (char 0)"),
    ],
    ids=["another shape", "empty"],
)
def test_what_proves_no_key_founds_nothing(keyed, text, fault):
    (keyed.folder / "second.json").write_text(text)
    message = keyed.error(*INIT, "--key", "registrar.key", "--registrar", "second.json")
    assert message == f"Error: second.json {fault}. {PROVE}\n"
    assert "school-ledger.db" not in names(keyed)


def test_a_proof_for_another_ledger_founds_nothing(keyed):
    keyed.done("key", "new", "second.key", "--no-passphrase")
    proof = keyed.done("key", "prove", "second.key", "--person", "new", "--origin", "other.example")
    (keyed.folder / "second.json").write_text(proof)
    message = keyed.error(*INIT, "--key", "registrar.key", "--registrar", "second.json")
    assert "the proof that person:" in message
    assert "school-ledger.db" not in names(keyed)


def test_where_no_file_may_have_two_names_a_ledger_is_founded_all_the_same(empty, monkeypatch):
    def refuse(*_args):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    empty.done("key", "new", "registrar.key", "--no-passphrase")
    args = ("--origin", "northwick.example", "--title", "Northwick", "--key", "registrar.key")
    empty.done("init", *args, "--ledger", "northwick.db")
    assert not list(empty.folder.glob("*.part*"))
    assert "known at  3" in empty.done("owes")
