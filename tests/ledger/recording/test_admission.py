"""Admission: a submission holds by itself, or says everything that keeps it from doing so."""

from __future__ import annotations

import base64
import unicodedata
from pathlib import Path

import orjson
import pytest
from examples import some
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import keys
from ledger.errors import EntryError, LedgerError, RefusedError, SignatureError, StatementError
from ledger.format.entry import Submission, parse_entry, parse_submission
from ledger.format.sealed import Disclosure, commitment, parse_disclosure
from ledger.format.sshsig import KEY
from ledger.format.statement import NAMESPACE
from ledger.keys import MemorySigner
from ledger.recording.admission import Admitted, Refused, admit, admit_lines

GOLDEN = Path(__file__).parents[2] / "golden"
ENTRY = parse_entry((GOLDEN / "entries" / "VisitMade.v1.json").read_bytes().removesuffix(b"\n"))
FOUND = orjson.loads((GOLDEN / "expected" / "VisitMade.v1.json").read_bytes())
STATEMENT = ENTRY.statement
SAID = orjson.loads(STATEMENT.raw)
(NOTE,) = (parse_disclosure(one) for one in FOUND["disclosures"])
SUBMISSION = Submission(STATEMENT.raw, ENTRY.signature, (NOTE,))
LINE = SUBMISSION.as_line()
SIGNER = keys.in_memory(b"\x03" * 32)


def signed(
    raw: bytes,
    disclosures: tuple[Disclosure, ...] = (NOTE,),
    signer: MemorySigner = SIGNER,
    namespace: str = NAMESPACE,
) -> Submission:
    blob = signer.sign(raw, namespace)
    return Submission(raw, base64.b64encode(blob).decode(), disclosures)


def malleated(signature: str) -> str:
    """Return the signature with S + L for S, which laxer verifiers take for another one."""
    blob = base64.b64decode(signature)
    s = int.from_bytes(blob[-32:], "little") + 2**252 + 27742317777372353535851937790883648493
    return base64.b64encode(blob[:-32] + s.to_bytes(32, "little")).decode()


def said(**changed: object) -> bytes:
    """Return the statement with other data: what is None is left out."""
    data = {k: v for k, v in {**SAID["data"], **changed}.items() if v is not None}
    return orjson.dumps({**SAID, "data": data}, option=orjson.OPT_SORT_KEYS)


def sealing(text: str, salt: bytes = b"\x09" * 32) -> Submission:
    note = Disclosure(STATEMENT.id, "/data/note", salt, text)
    return signed(said(note={"sealed": commitment(note)}), (note,))


def test_what_holds_by_itself_is_admitted_with_its_key_and_tags():
    admitted = admit(SUBMISSION)
    assert admitted.id == STATEMENT.id
    assert (admitted.statement, admitted.signature) == (STATEMENT.raw, ENTRY.signature)
    assert (admitted.key, admitted.tags) == (FOUND["key"], FOUND["tags"])
    assert admitted.disclosures == (NOTE,)


def test_any_key_may_sign_here_for_whose_it_is_only_the_record_tells():
    admitted = admit(signed(STATEMENT.raw))
    assert admitted.key == f"key:{SIGNER.public.fingerprint}"
    assert admitted.key in admitted.tags
    assert FOUND["key"] not in admitted.tags


@pytest.mark.parametrize(
    ("submission", "start"),
    [
        (
            SUBMISSION._replace(statement=STATEMENT.raw.replace(b'"1.5"', b'"9.5"')),
            "the signature does not hold",
        ),
        (
            SUBMISSION._replace(signature=malleated(ENTRY.signature)),
            "the signature is a second form",
        ),
        (signed(STATEMENT.raw, namespace=KEY), "the signature was made for another purpose"),
        (SUBMISSION._replace(signature="AAAA"), "the signature ends inside its first bytes"),
        (
            SUBMISSION._replace(signature=base64.b64encode(bytes(200)).decode()),
            "this is not an SSH signature",
        ),
        (
            SUBMISSION._replace(
                signature=base64.b64encode(SIGNER.sign(STATEMENT.raw, NAMESPACE) + b"\0").decode()
            ),
            "the signature goes on",
        ),
    ],
)
def test_a_signature_that_does_not_hold_is_a_signature_error(submission, start):
    with pytest.raises(SignatureError) as refused:
        admit(submission)
    assert str(refused.value).startswith(start)


NOT_AS_MODELLED = "the data of VisitMade.v1 is not written as its model writes it: got "


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"days": 1}, id="a number for days"),
        pytest.param({"evidence": []}, id="an empty list for a member left out"),
    ],
)
def test_data_that_its_model_would_write_otherwise_is_refused(changed):
    with pytest.raises(StatementError) as refused:
        admit(signed(said(**changed)))
    assert str(refused.value).startswith(NOT_AS_MODELLED)
    assert str(refused.value).endswith(
        "Leave out what is at its default; `school-ledger draft` does."
    )


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (
            {"days": "1.50"},
            (
                "days: not a quantity of this kind: got 1.50, expected whole or half days, as 1.0"
                " or 0.5."
            ),
        ),
        (
            {"days": "01.5"},
            (
                "days: not a quantity of this kind: got 01.5, expected whole or half days, as 1.0"
                " or 0.5."
            ),
        ),
        (
            {"days": "-1.0"},
            (
                "days: a quantity is not negative: got -1.0, expected whole or half days, as 1.0"
                " or 0.5."
            ),
        ),
        ({"days": None}, "days: it is missing."),
        ({"mood": "good"}, "mood: there is no such member (got 'good')."),
        (
            {"note": "Plain text"},
            "note: it is not an object with members (got 'Plain text').",
        ),
        (
            {"mode": "ON_SITE"},
            "mode: it is not 'on_site', 'remote' or 'preparation' (got 'ON_SITE').",
        ),
        ({"people": "person:x"}, "people: it is not a list (got 'person:x')."),
        ({"host": 900002}, "host: it is not text (got 900002)."),
    ],
)
def test_data_that_its_model_does_not_know_is_refused(changed, fault):
    with pytest.raises(StatementError) as refused:
        admit(signed(said(**changed)))
    assert str(refused.value) == f"VisitMade is not said as it must be: {fault}"


def test_an_unknown_event_is_an_unknown_format():
    raw = STATEMENT.raw.replace(b"VisitMade.v1", b"VisitMade.v2")
    with pytest.raises(StatementError, match=r"^unknown format: this release knows no such event"):
        admit(signed(raw))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Zoe\u0308", r"the text 'Zoe\u0308' is not in Unicode normal form C"),
        ("a\nb", r"the text 'a\nb' holds a control character or a noncharacter"),
        (
            "\u202eelpmaxe",
            r"the text '\u202eelpmaxe' holds a bidirectional control or a line separator",
        ),
        ("\ufdd0", r"the text '\ufdd0' holds a control character or a noncharacter"),
    ],
)
def test_text_that_deceives_is_refused_in_sealed_text(text, reason):
    with pytest.raises(RefusedError) as refused:
        admit(sealing(text))
    assert refused.value.reasons == (reason,)
    assert refused.value.event == "VisitMade"


@pytest.mark.parametrize(
    "name", ["Estuary\nSchools", "Estuary \u202esloohcS", "Cafe\u0301 Lane School", "a\u2028b"]
)
def test_text_that_deceives_is_refused_in_names(name):
    golden = (GOLDEN / "entries" / "PartnershipFormed.v1.json").read_bytes().removesuffix(b"\n")
    told = orjson.loads(parse_entry(golden).statement.raw)
    told["data"]["name"] = name
    with pytest.raises(RefusedError) as refused:
        admit(signed(orjson.dumps(told, option=orjson.OPT_SORT_KEYS), ()))
    (reason,) = refused.value.reasons
    assert reason.startswith(f"the text {name!a} ")


@pytest.mark.parametrize(
    ("disclosures", "reasons"),
    [
        ((), ("the text sealed at /data/note is not disclosed",)),
        (
            (NOTE._replace(value="Another."),),
            ("the text disclosed for /data/note is not the text that was sealed",),
        ),
        (
            (NOTE, NOTE),
            (
                "/data/note is disclosed twice",
                "the salt of /data/note was used before; draft the statement anew",
            ),
        ),
        (
            (NOTE, NOTE._replace(pointer="/data/days", salt=bytes(32))),
            ("a disclosure opens /data/days, which is not a sealed field",),
        ),
        (
            (NOTE._replace(salt=b"\x01"),),
            ("the salt of /data/note is 1 bytes long; it must be 32",),
        ),
    ],
)
def test_disclosures_that_do_not_open_exactly_what_is_sealed_are_refused(disclosures, reasons):
    with pytest.raises(RefusedError) as refused:
        admit(SUBMISSION._replace(disclosures=disclosures))
    assert refused.value.reasons == reasons


def test_every_reason_is_told_at_once():
    with pytest.raises(RefusedError) as refused:
        admit(sealing("a\nb")._replace(disclosures=(NOTE._replace(value="a\nb"),)))
    assert len(refused.value.reasons) == 2


def test_lines_are_admitted_or_refused_each_by_itself_in_order():
    lost = SUBMISSION._replace(disclosures=()).as_line()
    outcomes = admit_lines([b"{", LINE, lost, LINE])
    assert [type(outcome) for outcome in outcomes] == [Refused, Admitted, Refused, Admitted]
    assert outcomes[0].event == "the line"
    assert outcomes[0].reasons[0].startswith("not JSON (")
    assert outcomes[2] == ("VisitMade", ("the text sealed at /data/note is not disclosed",))


def changes(data: bytes) -> st.SearchStrategy[bytes]:
    places = st.tuples(st.integers(0, len(data)), st.integers(0, 2), st.binary(max_size=2))

    def changed(edits: list[tuple[int, int, bytes]]) -> bytes:
        made = data
        for place, cut, put in edits:
            made = made[:place] + put + made[place + cut :]
        return made

    return st.lists(places, min_size=1, max_size=2).map(changed)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


def properly_signed(data: dict) -> bytes:
    raw = orjson.dumps({**SAID, "data": data}, option=orjson.OPT_SORT_KEYS)
    return signed(raw).as_line()


@settings(max_examples=some(400), deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        changes(LINE),
        st.tuples(st.sampled_from(sorted(SAID["data"])), json_values).map(
            lambda changed: properly_signed({**SAID["data"], changed[0]: changed[1]})
        ),
        st.dictionaries(st.text(max_size=9), json_values).map(properly_signed),
        changes(STATEMENT.raw).map(lambda raw: signed(raw).as_line()),
    )
)
def test_whatever_is_submitted_only_the_four_errors_are_raised(line):
    try:
        admit(parse_submission(line))
    except RefusedError as error:
        assert_reasons(error.reasons)
    except (EntryError, StatementError, SignatureError) as error:
        assert_readable(str(error))
    (outcome,) = admit_lines([line])
    assert isinstance(outcome, (Admitted, Refused))


def assert_reasons(reasons: tuple[str, ...]) -> None:
    assert reasons
    for reason in reasons:
        assert not reason.endswith(".")
        assert_readable(f"{reason}.")


def assert_readable(message: str) -> None:
    assert message.endswith(".")
    assert len(message) < 4000
    assert not [char for char in message if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl"}]


def test_the_four_errors_are_errors_of_the_ledger():
    for error in (EntryError, StatementError, SignatureError, RefusedError):
        assert issubclass(error, LedgerError)
