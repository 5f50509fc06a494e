"""Old records stay readable: every event type and version ever recorded still reads the same."""

from __future__ import annotations

import base64
import importlib.util
import json
from pathlib import Path

import orjson
import pytest

from ledger import keys
from ledger.bundle.filing import filed, filed_as_read
from ledger.events import CATALOGUE, find
from ledger.format import sshsig
from ledger.format.entry import (
    Submission,
    entry_tags,
    parse_entry,
    parse_event,
    parse_signature,
    parse_submission,
    read_entry,
    read_validated_entry,
    write_entry,
)
from ledger.format.sealed import mismatches, parse_disclosure
from ledger.format.statement import NAMESPACE
from ledger.log.merkle import leaf_hash
from ledger.recording.admission import admit

HERE = Path(__file__).parent
GOLDEN = sorted(path.name.removesuffix(".json") for path in (HERE / "entries").iterdir())
every_golden_entry = pytest.mark.parametrize("name", GOLDEN)


def entry_of(name: str) -> bytes:
    line = (HERE / "entries" / f"{name}.json").read_bytes()
    assert line.count(b"\n") == 1
    return line.removesuffix(b"\n")


def expected_of(name: str) -> dict:
    return json.loads((HERE / "expected" / f"{name}.json").read_text(encoding="utf-8"))


def disclosures_of(name: str) -> tuple:
    return tuple(parse_disclosure(one) for one in expected_of(name)["disclosures"])


def make():
    spec = importlib.util.spec_from_file_location("golden_make", HERE / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_event_of_the_catalogue_has_a_golden_entry():
    missing = {event.type_name() for event in CATALOGUE} - set(GOLDEN)
    assert not missing, "run tests/golden/make.py"


@every_golden_entry
def test_an_entry_is_filed_alike_whether_or_not_its_bytes_are_judged(name):
    assert filed_as_read(7, entry_of(name)) == filed(entry_of(name)).event


def test_every_golden_entry_says_what_must_be_found_of_it():
    assert [path.stem for path in sorted((HERE / "expected").iterdir())] == GOLDEN


def test_a_golden_entry_is_never_written_over():
    maker = make()
    before = entry_of("VisitMade.v1")
    assert maker.missing() == []
    with pytest.raises(FileExistsError):
        maker.write(find("VisitMade"))
    assert entry_of("VisitMade.v1") == before


@every_golden_entry
def test_a_golden_entry_still_parses_and_writes_back_its_own_bytes(name):
    data = entry_of(name)
    parts = parse_entry(data)
    assert parts.statement.type == name
    assert parts.recorded_at == expected_of(name)["recorded_at"]
    assert write_entry(parts.recorded_at, parts.signature, parts.statement.raw) == data


@every_golden_entry
def test_the_signature_of_a_golden_entry_still_holds(name):
    parts = parse_entry(entry_of(name))
    key = sshsig.verify_blob(parts.statement.raw, parse_signature(parts.signature), NAMESPACE)
    assert f"key:{key.fingerprint}" == expected_of(name)["key"]


@every_golden_entry
def test_the_model_reads_a_golden_entry_and_writes_the_same_data(name):
    statement = parse_entry(entry_of(name)).statement
    event = parse_event(statement.type, statement.data)
    written = orjson.dumps(event.as_json(), option=orjson.OPT_SORT_KEYS)
    assert statement.raw.startswith(b'{"data":' + written + b',"id":')


@every_golden_entry
def test_the_tags_of_a_golden_entry_are_still_the_same(name):
    expected = expected_of(name)
    statement = parse_entry(entry_of(name)).statement
    assert entry_tags(statement, expected["key"]) == expected["tags"]
    for read in (read_entry, read_validated_entry, read_validated_entry):
        entry = read(1, entry_of(name))
        assert sorted(entry.tags | {entry.key}) == expected["tags"]


@every_golden_entry
def test_the_leaf_of_a_golden_entry_is_still_the_same(name):
    assert leaf_hash(entry_of(name)).hex() == expected_of(name)["leaf_hash"]


@every_golden_entry
def test_the_sealed_text_of_a_golden_entry_still_opens(name):
    statement = parse_entry(entry_of(name)).statement
    assert mismatches(statement.id, statement.sealed, disclosures_of(name)) == []


@every_golden_entry
def test_a_golden_entry_would_still_be_admitted(name):
    parts = parse_entry(entry_of(name))
    line = Submission(parts.statement.raw, parts.signature, disclosures_of(name)).as_line()
    admitted = admit(parse_submission(line))
    assert admitted.tags == expected_of(name)["tags"]
    assert admitted.statement == parts.statement.raw


@pytest.mark.parametrize("name", ["KeyEnrolled.v1", "LedgerFounded.v1"])
def test_the_proof_of_possession_in_a_golden_entry_still_holds(name):
    statement = parse_entry(entry_of(name)).statement
    for said in statement.data.get("registrars", [statement.data]):
        key = sshsig.PublicKey.parse(said["public_key"])
        assert said["key"] == f"key:{key.fingerprint}"
        keys.check_possession(
            base64.b64decode(said["proof"]), statement.source, said["person"], key
        )
