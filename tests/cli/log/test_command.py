"""`log`, as a log's keeper, a witness and a sceptic type it."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from two_years import tell

from cli.log.proofs import _moment
from cli.main import main
from cli.terminal.session import Session
from ledger import keys
from ledger.recording.application import Ledger
from ledger.transparency.timestamp import Stamp

ORIGIN = "northwick.example/support"
NAME = "harbour.example/witness"
GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "tamper-evidence.md"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The folder that `demo --dir d` makes, made once."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "d" / "keys").mkdir(parents=True)
    tell(folder / "d", 7, lambda _: None).close()
    return folder


class Desk:
    """Runs commands in a folder of the test's own."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, line, code=0, **how):
        args = shlex.split(line)
        result = CliRunner().invoke(main, args, obj=Session(), **how)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.stderr
        return result

    def out(self, line, to=None, **how):
        """Run what must succeed; return what it wrote to stdout, or write that to a file."""
        data = self.run(line, **how).stdout_bytes
        if to is not None:
            (self.folder / to).write_bytes(data)
        return data.decode()

    def error(self, line, code=1, **how):
        """Run what must fail; nothing comes on stdout."""
        result = self.run(line, code, **how)
        assert result.stdout == ""
        return result.stderr

    def read(self, name):
        return (self.folder / name).read_bytes()

    def event(self, position):
        with closing(sqlite3.connect(self.folder / "d" / "demo.db")) as connection:
            (data,) = connection.execute(
                "SELECT data FROM events WHERE position = ?", (position,)
            ).fetchone()
        return re.search(rb'"id":"([^"]+)"', data)[1].decode()

    def record(self, *labels):
        """Record something, as the registrar."""
        signer = keys.load(self.folder / "d" / "keys" / "registrar")
        with Ledger.open(str(self.folder / "d" / "demo.db"), clock_confirmed=True) as ledger:
            for label in labels:
                said = {"person": f"person:01939f10-7c1a-7d3e-9a55-0f2f4f0f9f{label:02d}"}
                today = ledger.clock().date()
                ledger.say(
                    "PersonEnrolled", {**said, "name": "Ann"}, signer, "registrar@ledger", today
                )


@pytest.fixture
def desk(demo, tmp_path, monkeypatch):
    folder = tmp_path / "desk"
    shutil.copytree(demo, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SCHOOL_LEDGER", "d/demo.db")
    return Desk(folder)


@pytest.fixture
def witnessed(desk):
    """A desk with a checkpoint, the log's key on a card, and a witness that has cosigned it."""
    said = desk.run("log checkpoint -o c1").stderr
    key = re.search(r"log key (\S+);", said)[1]
    (desk.folder / "card.txt").write_text(f"  origin   {ORIGIN}\n  log key  {key}\n")
    desk.out(f"log witness new w.key --name {NAME}", to="w.pub")
    desk.out("log cosign c1 --witness-key w.key --log card.txt -o c1.cosigned")
    return desk


COSIGN = "log cosign {} --witness-key w.key --log card.txt"


# -- checkpoint ----------------------------------------------------------------------------


def test_a_checkpoint_goes_to_stdout_and_what_to_do_next_to_stderr(desk):
    result = desk.run("log checkpoint")
    lines = result.stdout_bytes.decode().splitlines()
    assert lines[0] == ORIGIN
    assert lines[3] == ""
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert result.stdout_bytes == desk.read("d/demo.db.log-key.last")
    assert "No checkpoint was signed with this key before" in result.stderr
    assert "Next: " in result.stderr
    again = desk.run("--quiet log checkpoint")
    assert (again.stdout_bytes, again.stderr) == (result.stdout_bytes, "")


def test_a_dry_run_prints_the_bytes_to_be_signed_and_signs_nothing(desk):
    text = desk.out("log checkpoint --dry-run")
    assert text.startswith(f"{ORIGIN}\n")
    assert not (desk.folder / "d/demo.db.log-key.last").exists()
    assert desk.out("log checkpoint").startswith(f"{text}\n")


def test_a_restored_backup_exits_with_3_and_shows_both_sides(desk):
    shutil.copy("d/demo.db", "backup")
    desk.record(1)
    desk.out("log checkpoint", to="c1")
    for suffix in ("-wal", "-shm"):
        Path(f"d/demo.db{suffix}").unlink(missing_ok=True)
    shutil.copy("backup", "d/demo.db")
    desk.record(2, 3)
    message = desk.error("log checkpoint", code=3)
    assert message.startswith("Error: The ledger is not the one that was signed at size")
    assert message.count(f" {ORIGIN} ") == 3
    assert desk.read("d/demo.db.log-key.last") == desk.read("c1")
    assert "Traceback" in CliRunner().invoke(main, ["log", "checkpoint", "--debug"]).stderr


def test_an_explicit_log_key_and_its_memory_may_lie_elsewhere(desk):
    Path("d/demo.db.log-key").rename("safe")
    assert "no log key d/demo.db.log-key" in desk.error("log checkpoint")
    desk.out("log checkpoint --log-key safe")
    assert Path("safe.last").exists()


def test_a_lost_memory_starts_again_from_a_checkpoint_that_is_held(desk):
    desk.out("log checkpoint", to="c1")
    Path("d/demo.db.log-key.last").unlink()
    assert "--last FILE" in desk.error("log checkpoint")
    desk.out("log checkpoint --last c1")
    assert "there is no file nowhere" in desk.error("log checkpoint --last nowhere")


def test_growth_since_a_size_or_a_checkpoint_is_proved_in_the_same_file(desk):
    desk.out("log checkpoint", to="c1")
    size = desk.read("c1").splitlines()[1].decode()
    desk.record(1)
    by_file = desk.out("log checkpoint --since c1")
    assert by_file.startswith(f"old {size}\n")
    assert desk.out(f"log checkpoint --since {size}") == by_file
    assert "never had that size" in desk.error("log checkpoint --since 10000")


# -- prove and verify ----------------------------------------------------------------------


def test_an_event_is_proved_and_verified_without_the_ledger(witnessed, monkeypatch):
    event = witnessed.event(30)
    said = witnessed.run(
        f"log prove {event} --checkpoint c1.cosigned --entry e.json -o e.tlog-proof"
    )
    assert "It is entry 30." in said.stderr
    assert "school-ledger log verify e.tlog-proof e.json --log CARD" in said.stderr
    shutil.rmtree("d")
    monkeypatch.delenv("SCHOOL_LEDGER")
    shown = witnessed.out(
        f"log verify e.tlog-proof e.json --log card.txt --witness {Path('w.pub').read_text()}"
    )
    assert re.fullmatch(
        rf"Verified: entry 30 of \d+ of {ORIGIN}\.\nWitnessed by {NAME} at 20\d\d-.*Z\.\n", shown
    )


def test_a_proof_in_a_fresh_checkpoint_signs_one(desk):
    proof = desk.out(f"log prove {desk.event(3)}")
    assert proof.startswith("c2sp.org/tlog-proof@v1\nindex 2\n")
    assert proof.encode().endswith(desk.read("d/demo.db.log-key.last"))


def test_a_proof_in_dry_run_shows_the_checkpoint_to_be_signed(desk):
    assert desk.out(f"log prove {desk.event(3)} --dry-run").startswith(f"{ORIGIN}\n")
    assert not Path("d/demo.db.log-key.last").exists()


def alter_proof(proof):
    lines = proof.split(b"\n")
    lines[2] = lines[3]
    Path("e.tlog-proof").write_bytes(b"\n".join(lines))


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda desk: Path("e.json").write_bytes(desk.read("e.json") + b" "), "does not place"),
        (lambda desk: alter_proof(desk.read("e.tlog-proof")), "does not"),
    ],
)
def test_what_does_not_verify_exits_with_3(witnessed, spoil, match):
    witnessed.out(f"log prove {witnessed.event(30)} --entry e.json -o e.tlog-proof")
    spoil(witnessed)
    assert match in witnessed.error("log verify e.tlog-proof e.json --log card.txt", code=3)


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda: Path("e.tlog-proof").write_text("nothing"), "not a proof"),
        (lambda: shutil.copy("c1", "e.tlog-proof"), "not a proof"),
        (lambda: shutil.copy("card.txt", "e.json"), "e.json is no entry"),
        (lambda: Path("e.json").write_text("7"), "e.json is no entry"),
    ],
)
def test_a_wrong_file_says_nothing_of_the_record(witnessed, spoil, match):
    witnessed.out(f"log prove {witnessed.event(30)} --entry e.json -o e.tlog-proof")
    spoil()
    assert match in witnessed.error("log verify e.tlog-proof e.json --log card.txt", code=1)


def test_a_witness_who_has_not_cosigned_is_missed(witnessed):
    witnessed.out(f"log prove {witnessed.event(30)} --checkpoint c1 --entry e.json -o p")
    key = Path("w.pub").read_text()
    message = witnessed.error(f"log verify p e.json --log card.txt --witness {key}", code=3)
    assert f"Not every witness has cosigned: got none of them, expected also {NAME}" in message


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "1970-01-01T00:00:00Z"), (2**63 - 1, "9223372036854775807 seconds since 1970")],
)
def test_any_time_that_a_witness_states_is_shown(seconds, shown):
    assert _moment(seconds) == shown


def test_an_event_that_is_not_there_signs_nothing(desk):
    assert "no event ffff in this ledger" in desk.error("log prove ffff")
    assert not Path("d/demo.db.log-key.last").exists()


# -- witnesses -----------------------------------------------------------------------------


def test_a_witness_tells_what_it_takes_on_trust_and_then_what_it_extends(witnessed):
    witnessed.record(1)
    witnessed.out("log checkpoint --since c1", to="c2")
    said = witnessed.run(COSIGN.format("c2")).stderr
    assert re.search(r"It extends the checkpoint of \d+ entries cosigned before", said)
    fresh = witnessed.run(f"log witness new v.key --name other.{NAME}")
    assert fresh.stdout.startswith(f"other.{NAME}+")
    first = witnessed.run("log cosign c1 --witness-key v.key --log card.txt")
    assert "it is taken on trust" in first.stderr


def test_the_proof_may_come_by_itself_or_from_a_copy_of_the_ledger(witnessed):
    witnessed.record(1)
    witnessed.out("log checkpoint --since c1", to="proof")
    witnessed.out("log checkpoint", to="c2")
    assert "log checkpoint --since" in witnessed.error(COSIGN.format("c2"), code=3)
    once = witnessed.out(COSIGN.format("c2") + " --proof proof")
    assert once.count(NAME) == 1
    witnessed.record(2)
    witnessed.out("log checkpoint", to="c3")
    witnessed.out("--ledger d/demo.db log cosign c3 --witness-key w.key")


def test_a_checkpoint_may_come_through_stdin(witnessed):
    witnessed.out(COSIGN.format("-"), input=witnessed.read("c1"))


def test_a_fork_is_refused_with_3_and_both_sides(witnessed):
    shutil.rmtree("d")
    other = Path("other/keys")
    other.mkdir(parents=True)
    tell(Path("other"), 8, lambda _: None).close()
    said = CliRunner().invoke(
        main, ["--ledger", "other/demo.db", "log", "checkpoint", "-o", "c2"], obj=Session()
    )
    Path("card.txt").write_text(re.search(r"log key (\S+);", said.stderr)[1])
    message = witnessed.error(COSIGN.format("c2"), code=3)
    assert "The log signs with another key than it did" in message
    message = witnessed.error(COSIGN.format("c2") + " --log-key-changed", code=3)
    assert "Two roots of one size" in message
    assert message.count(f" {ORIGIN} ") == 2


def test_a_copy_of_the_ledger_that_has_another_history_is_no_proof(witnessed):
    shutil.copytree("d", "copy")
    witnessed.record(1)
    witnessed.out("log checkpoint", to="c2")
    message = witnessed.error("--ledger copy/demo.db log cosign c2 --witness-key w.key", code=3)
    assert "checkpoint:  " in message
    assert "this ledger: " in message


def test_a_dry_run_shows_what_a_cosignature_signs(witnessed):
    memory = f"w.key.{ORIGIN.replace('/', '%2F')}.last"
    before = witnessed.read(memory)
    text = witnessed.out(COSIGN.format("c1") + " --dry-run")
    assert re.match(rf"cosignature/v1\ntime \d+\n{ORIGIN}\n", text)
    assert witnessed.read(memory) == before


def test_a_witness_must_be_told_the_logs_key(witnessed):
    message = witnessed.error("log cosign c1 --witness-key w.key", code=2)
    assert "missing option '--log'" in message
    Path("empty").write_text("")
    message = witnessed.error("log cosign c1 --witness-key w.key --log empty")
    assert "does not hold one log key" in message


def test_a_verifier_key_may_be_given_itself(witnessed):
    key = Path("card.txt").read_text().split()[-1]
    witnessed.out(f"log cosign c1 --witness-key w.key --log {key}")


def test_a_witness_key_is_shown(witnessed):
    assert witnessed.out("log witness show w.key") == Path("w.pub").read_text()


def test_a_log_key_is_no_witness_key(witnessed):
    message = witnessed.error("log cosign c1 --witness-key d/demo.db.log-key --log card.txt")
    assert "is a log's key, not a witness's" in message


# -- timestamps ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ("", "say one of '--request', '--response' and '--url'"),
        ("--request a --url b", "say one of '--request', '--response' and '--url'"),
        ("--response a", "missing option '--roots'"),
        ("--url https://tsa.example --roots r", "missing option '--output'"),
    ],
)
def test_a_timestamp_is_asked_for_in_one_way(witnessed, options, match):
    assert match in witnessed.error(f"log timestamp c1 {options}", code=2)


def test_a_request_is_written_and_what_answers_it_is_checked(witnessed):
    said = witnessed.run("log timestamp c1 --request c1.tsq --hash sha256").stderr
    assert "log timestamp c1 --response REPLY --roots PEM" in said
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: the request is read by nobody here")
    shown = subprocess.run(
        ["openssl", "ts", "-query", "-in", "c1.tsq", "-text"], capture_output=True, check=True
    )
    assert b"Hash Algorithm: sha256" in shown.stdout
    Path("reply").write_text("nothing")
    Path("roots").write_text("nothing")
    message = witnessed.error("log timestamp c1 --response reply --roots roots", code=3)
    assert "not a timestamp reply" in message
    message = witnessed.error("log timestamp c1 --url ftp://a --roots roots -o c1.tsr")
    assert "no address of an authority" in message
    assert not Path("c1.tsr").exists()


@pytest.fixture
def authority(monkeypatch):
    """An authority that says noon to whatever it is sent; a real one is in test_timestamp.py."""
    noon = Stamp(datetime(2026, 1, 2, 12, tzinfo=UTC), "CN=Example Clock", 7, "1.2.3")
    monkeypatch.setattr(
        "ledger.transparency.timestamp.post", lambda _url, query: b"to " + query.data
    )
    monkeypatch.setattr("ledger.transparency.timestamp.check_reply", lambda *_: noon)


@pytest.mark.usefixtures("authority")
def test_a_timestamp_is_fetched_kept_and_told(witnessed):
    Path("roots").write_text("roots")
    fetched = witnessed.run("log timestamp c1 --url https://tsa.example --roots roots -o c1.tsr")
    size, root = witnessed.read("c1").decode().splitlines()[1:3]
    assert fetched.stdout.splitlines() == [
        f"checkpoint  {ORIGIN} {size} {root}",
        "existed at  2026-01-02T12:00:00Z",
        "authority   CN=Example Clock",
        "serial      7",
    ]
    assert witnessed.read("c1.tsr").startswith(b"to 0")
    checked = witnessed.out("log timestamp c1 --response c1.tsr --roots roots")
    assert checked == fetched.stdout


def test_without_the_extra_a_timestamp_says_how_to_have_one(witnessed, monkeypatch):
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    message = witnessed.error("log timestamp c1 --request c1.tsq")
    assert "-m pip install 'rfc3161-client<2,>=1'`" in message


# -- files, help and the guide -------------------------------------------------------------


def test_what_cannot_be_read_or_written_is_told(witnessed):
    assert "there is no file nowhere" in witnessed.error(COSIGN.format("nowhere"))
    assert "d cannot be read: got Is a directory" in witnessed.error(COSIGN.format("d"))
    message = witnessed.error("log checkpoint -o nowhere/c2")
    assert "nowhere/c2 cannot be written" in message


@pytest.mark.parametrize(
    "command",
    [
        *["checkpoint", "prove", "verify", "cosign", "timestamp"],
        *["witness", "witness new", "witness show"],
    ],
)
def test_help_begins_with_examples(command):
    shown = CliRunner().invoke(main, [*shlex.split(f"log {command}"), "--help"]).stdout
    assert f"school-ledger log {command.split()[0]}" in shown
    assert shown.index("Examples:") < shown.lower().index("options:")


def _commands():
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_the_guide_does_what_it_says(desk, monkeypatch):
    """Each command of docs/how-to/tamper-evidence.md, in its order, in the demo's folder."""
    monkeypatch.delenv("SCHOOL_LEDGER")
    event = desk.event(30)
    for line in _commands():
        if not line.startswith("school-ledger "):
            done = subprocess.run(["bash", "-ec", line], capture_output=True, text=True, check=True)
            assert done.stdout
            continue
        said = line.removeprefix("school-ledger ")
        said = said.replace("EVENT", event)
        if Path("w.pub").exists():
            said = said.replace("$(cat w.pub)", Path("w.pub").read_text().strip())
        if "cosign c1 " in said:
            shown = desk.run("--ledger d/demo.db log checkpoint").stderr
            Path("card.txt").write_text(re.search(r"log key (\S+);", shown)[1])
        desk.out(said)


# -- what cannot be written, or is no checkpoint -------------------------------------------------


@pytest.mark.parametrize("place", ["folder", "nowhere/file"])
@pytest.mark.parametrize(
    "command",
    [
        "log checkpoint",
        "log prove {event} --entry e.json",
        "log cosign c --witness-key w.key --log card.txt",
        "log key new --key d/keys/registrar",
    ],
)
def test_where_the_answer_cannot_be_written_nothing_is_signed(desk, command, place):
    desk.out("log witness new w.key --name harbour.example/witness")
    desk.out("log checkpoint", to="c")
    Path("d/demo.db.log-key.last").unlink()
    Path("folder").mkdir()
    before = sorted(Path().rglob("*"))
    code = 2 if place == "folder" else 1
    message = desk.error(f"{command.format(event=desk.event(30))} -o {place}", code=code)
    assert f"{place} cannot be written" in message or f"{place} is a folder" in message
    assert [path for path in sorted(Path().rglob("*")) if path not in before] == []


@pytest.mark.parametrize(
    "command",
    [
        "log checkpoint --since card.txt",
        "log checkpoint --last card.txt",
        "log prove {event} --checkpoint card.txt",
    ],
)
def test_what_is_no_checkpoint_is_named_and_nothing_is_signed(desk, command):
    Path("card.txt").write_text(f"origin   {ORIGIN}\n")
    message = desk.error(command.format(event=desk.event(30)))
    assert message.startswith("Error: card.txt is no checkpoint: got no empty line before the")
    assert not Path("d/demo.db.log-key.last").exists()


def test_a_witness_s_key_that_is_none_is_no_fault_of_the_record(witnessed):
    witnessed.out(f"log prove {witnessed.event(30)} --entry e.json -o e.tlog-proof")
    said = witnessed.error("log verify e.tlog-proof e.json --log card.txt --witness harbour")
    assert said.startswith("Error: This is not a verifier key: got harbour")


def test_a_size_that_the_log_never_had_is_refused_before_anything_is_signed(desk):
    assert "the ledger never had that size: got 99999" in desk.error("log checkpoint --since 99999")
    assert not Path("d/demo.db.log-key.last").exists()
