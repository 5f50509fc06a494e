"""The page of the record format: its examples are what the code makes, and it says what holds.

The examples are verified once more from the page alone, without the code that made them: with
hashes, HMAC, and an Ed25519 that knows nothing of this record.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import struct
from hashlib import sha256, sha512
from pathlib import Path

import format_examples
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger import values
from ledger.bundle import manifest, pack
from ledger.bundle.archive import NAMES
from ledger.format import ed25519, entry, sealed, sshsig, statement
from ledger.log.note_lines import MAX_NOTE_BYTES, MAX_SIGNATURES

PAGE = format_examples.PAGE
TEXT = PAGE.read_text(encoding="utf-8")
SHOWN = dict(format_examples.shown(TEXT))
HEADINGS = re.findall(r"^#{2,3} (.+)$", TEXT, re.MULTILINE)
WRITE_ANEW = "run `python tests/format_examples.py` if the change is meant"


def lines(name: str) -> list[str]:
    return SHOWN[name].splitlines()


def hex_of(name: str) -> bytes:
    """Return the bytes of an example in hex: two numbers before each piece, words after it."""
    found = re.findall(r"^(?: *\d+ +\d+  |          )([0-9a-f]+)", SHOWN[name], re.MULTILINE)
    return bytes.fromhex("".join(found))


def ssh_string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


# -- the examples ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", format_examples.EXAMPLES)
def test_an_example_shows_what_a_run_of_the_code_makes(name):
    assert SHOWN[name] == format_examples.EXAMPLES[name]() + "\n", WRITE_ANEW


def test_every_example_is_in_the_page_once():
    marks = re.findall(r"<!-- example: ([a-z-]+) -->", TEXT)
    assert sorted(marks) == sorted(format_examples.EXAMPLES)
    assert list(SHOWN) == marks


def test_writing_the_examples_anew_leaves_all_else_as_it_is():
    assert format_examples.written_anew(TEXT) == TEXT
    spoilt = TEXT.replace(SHOWN["leaf"], "something else\n")
    assert spoilt != TEXT
    assert format_examples.written_anew(spoilt) == TEXT


# -- the examples by the page alone ----------------------------------------------------------------


def test_the_statement_is_cut_out_of_the_entry():
    whole, said = SHOWN["entry"].strip(), SHOWN["statement"].strip()
    found = re.fullmatch(
        r'\{"recorded_at":"([^"]+)","signature":"([^"]+)","statement":(.+)\}', whole
    )
    assert found is not None
    assert found[3] == said
    assert base64.b64decode(found[2]) == hex_of("signature-bytes")


def test_the_statement_is_canonical_json():
    said = SHOWN["statement"].strip()
    value = json.loads(said)
    again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again == said


def test_the_bytes_signed_are_made_of_the_statement():
    said = SHOWN["statement"].strip().encode()
    scope = ssh_string(b"statement@school-ledger") + ssh_string(b"") + ssh_string(b"sha512")
    assert hex_of("signed-bytes") == b"SSHSIG" + scope + ssh_string(sha512(said).digest())


def test_the_frame_is_made_of_key_and_signature_and_the_signature_holds():
    frame = hex_of("signature-bytes")
    point, raw = frame[33:65], frame[-64:]
    key = ssh_string(b"ssh-ed25519") + ssh_string(point)
    scope = ssh_string(b"statement@school-ledger") + ssh_string(b"") + ssh_string(b"sha512")
    inner = ssh_string(b"ssh-ed25519") + ssh_string(raw)
    head = b"SSHSIG" + struct.pack(">I", 1)
    assert frame == head + ssh_string(key) + scope + ssh_string(inner)
    Ed25519PublicKey.from_public_bytes(point).verify(raw, hex_of("signed-bytes"))
    digest, name = lines("fingerprint")
    assert sha256(key).hexdigest() == digest
    assert name == "key:SHA256:" + base64.b64encode(sha256(key).digest()).decode().rstrip("=")


def test_a_security_key_signs_hashes_of_the_same_bytes():
    application = sha256(b"ssh:").digest()
    signed = sha256(hex_of("signed-bytes")).digest()
    assert hex_of("security-key-bytes") == application + b"\x01" + struct.pack(">I", 7) + signed


def test_the_proof_of_possession_names_the_key_that_signed():
    point = hex_of("signature-bytes")[33:65]
    key = ssh_string(b"ssh-ed25519") + ssh_string(point)
    said = json.loads(SHOWN["statement"])
    assert lines("possession") == [
        "school-ledger key v1",
        said["source"],
        said["signedby"],
        f"ssh-ed25519 {base64.b64encode(key).decode()}",
    ]


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return []


def test_the_tags_follow_from_the_strings_of_the_statement():
    said = json.loads(SHOWN["statement"])
    uuid = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    found = {f"event:{said['id']}", f"office:{said['office']}", lines("fingerprint")[1]}
    for text in strings(said):
        if re.fullmatch(rf"person:{uuid}|school:\d{{6}}", text):
            found.add(text)
        elif match := re.fullmatch(rf"[a-z_]+:({uuid})", text):
            found.add(f"event:{match[1]}")
        elif match := re.fullmatch(r"[a-z_]+@(school:\d{6})", text):
            found |= {f"office:{text}", match[1]}
    assert lines("tags") == sorted(found)


def test_the_commitment_is_of_id_pointer_and_text_under_the_salt():
    opened = json.loads(SHOWN["disclosure"])
    salt = base64.urlsafe_b64decode(opened["salt"] + "=")
    message = "\0".join((opened["event"], opened["pointer"], opened["value"])).encode()
    digest = hmac.digest(salt, message, "sha256")
    made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    said = json.loads(SHOWN["statement"])
    assert (opened["event"], opened["pointer"]) == (said["id"], "/data/note")
    assert said["data"]["note"] == {"sealed": made}
    shown = "".join(SHOWN["commitment"].split())
    assert shown == f"salt{salt.hex()}message{message.hex()}commitment{made}"


def test_the_submission_holds_the_disclosure():
    assert SHOWN["submission"] == (
        '{"disclosures":[' + SHOWN["disclosure"].strip() + '],"signature":"B","statement":S}\n'
    )


def test_the_leaf_is_the_hash_of_the_entry():
    assert lines("leaf") == [sha256(b"\0" + SHOWN["entry"].strip().encode()).hexdigest()]


def tree() -> dict[str, bytes]:
    return {row[:26].strip(): bytes.fromhex(row[26:]) for row in lines("tree")}


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def test_the_tree_is_made_of_its_leaves():
    made = tree()
    first, second, third = (made[f"leaf {n}"] for n in range(3))
    both = node(first, second)
    assert made == {
        "leaf 0": first,
        "leaf 1": second,
        "leaf 2": third,
        "node over leaves 0 and 1": both,
        "root at size 0": sha256(b"").digest(),
        "root at size 1": first,
        "root at size 2": both,
        "root at size 3": node(both, third),
    }
    assert lines("seen") == ["3:" + base64.b64encode(made["root at size 3"]).decode()]


def test_the_proofs_lead_to_the_root_of_the_checkpoint():
    made, note = tree(), SHOWN["checkpoint"]
    root = base64.b64decode(note.splitlines()[2])
    assert root == made["root at size 3"]
    first, index, left, right, _, rest = SHOWN["tlog-proof"].split("\n", 5)
    assert (first, index, rest) == ("c2sp.org/tlog-proof@v1", "index 1", note)
    hashes = [base64.b64decode(one) for one in (left, right)]
    assert node(node(hashes[0], made["leaf 1"]), hashes[1]) == root
    old, third, _, rest = SHOWN["extension"].split("\n", 3)
    assert (old, rest) == ("old 2", note)
    assert node(made["root at size 2"], base64.b64decode(third)) == root


def test_log_and_witness_signed_the_checkpoint():
    text, _, line = SHOWN["checkpoint"].rpartition("\n\n")
    text += "\n"
    for verifier, signed_line, prefix in (
        (lines("verifier-key")[-1].split()[1], line, b""),
        (lines("cosignature")[0], lines("cosignature")[2], b"cosignature/v1\ntime 1725278400\n"),
    ):
        name, hashed, key = verifier.split("+", 2)
        decoded = base64.b64decode(key)
        assert sha256(name.encode() + b"\n" + decoded).hexdigest()[:8] == hashed
        dash, shown_name, encoded = signed_line.split()
        assert (dash, shown_name) == ("—", name)
        value = base64.b64decode(encoded)
        assert value[:4].hex() == hashed
        if prefix:
            assert int.from_bytes(value[4:12], "big") == 1725278400
        message = prefix + text.encode()
        Ed25519PublicKey.from_public_bytes(decoded[1:]).verify(value[-64:], message)


def test_the_trust_card_is_that_of_the_first_leaf():
    card = dict(re.split(r"  +", row, maxsplit=1) for row in lines("trust-card"))
    assert card == {
        "origin": json.loads(SHOWN["statement"])["source"],
        "log key": lines("verifier-key")[-1].split()[1],
        "leaf 0": tree()["leaf 0"].hex(),
    }


# -- what the page says ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "Statement",
        "Signature",
        "Entry",
        "Log",
        "Trust",
        "Sealed text",
        "Authority",
        "Vouching",
        "Bundles",
        "Later versions",
    ],
)
def test_the_page_has_a_heading(heading):
    assert heading in HEADINGS


def test_whatever_the_code_cites_is_a_heading():
    cited = {}
    for path in sorted(format_examples.ROOT.glob("*/**/*.py")):
        if path.parts[len(format_examples.ROOT.parts)] in {"ledger", "projections", "cli", "tests"}:
            for found in re.findall(
                r"format\.md,\s+(?:#\s+)?[*\"]([^*\"]+)[*\"]", path.read_text(encoding="utf-8")
            ):
                cited.setdefault(" ".join(found.split()), path)
    assert cited.keys() - set(HEADINGS) == set(), cited


def test_links_within_the_page_and_to_its_neighbours_lead_somewhere():
    anchors = {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in HEADINGS}
    targets = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert {one[1:] for one in targets if one.startswith("#")} <= anchors
    for target in targets:
        if not target.startswith(("#", "https://")):
            assert (PAGE.parent / target).exists(), target


def test_prose_has_one_sentence_a_line():
    prose = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
    rows = [line for line in prose.splitlines() if line[:1] not in "|#<"]
    assert not [line for line in rows if re.search(r"[a-z`)]\. [A-Z]", line)]


def test_the_members_of_a_statement_are_all_told():
    section = TEXT.partition("### Members")[2].partition("\nThe *origin*")[0]
    told = re.findall(r"^\| `([a-z]+)` \|", section, re.MULTILINE)
    assert told == sorted(statement.MEMBERS)


def test_the_members_of_a_manifest_are_all_told():
    section = TEXT.partition("### Manifest")[2].partition("`manifest.json.sig` is")[0]
    rows = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]
    told = [name for row in rows for name in re.findall(r"`([a-z_]+)`", row)]
    assert sorted(told) == sorted(manifest.Manifest.model_fields)


def test_the_files_of_a_bundle_are_all_told():
    section = TEXT.partition("## Bundles")[2].partition("### Manifest")[0]
    rows = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert told == NAMES | {"proofs/<index>.tlog-proof", "signed/<position>.json", ".json.sig"}


BAG = {
    "allowed_signers",
    "bag-info.txt",
    "bagit.txt",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
}


def test_the_files_and_members_of_a_pack_are_all_told():
    section = TEXT.partition("### Packs")[2].partition("## Later versions")[0]
    told = set(re.findall(r"`([^`]+)`", section))
    assert set(pack.PackManifest.model_fields) - {"format", "files"} <= told
    assert {pack.INDEX, pack.BUNDLE, pack.LISTING, pack.SIGNATURE, *BAG} <= told


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (statement.LONGEST, "in at most {} bytes.\n\n<!-- example: statement"),
        (statement.DEEPEST, "no value lies deeper than {} objects or lists"),
        (entry.LONGEST, "An entry is what the ledger records of a statement, in at most {} bytes"),
        (entry.LONGEST_SIGNATURE, "4 to {} characters"),
        (sshsig.MAX_BLOB, "more than {} bytes"),
        (sealed.LONGEST_TEXT, "1 to {} bytes of UTF-8"),
        (sealed.SALT_BYTES, "{} random bytes"),
        (MAX_NOTE_BYTES, "at most {} bytes"),
        (MAX_SIGNATURES, "and {} signatures"),
    ],
)
def test_a_limit_is_the_one_of_the_code(value, sentence):
    assert sentence.format(f"{value:,}") in TEXT


def test_the_roles_are_those_of_the_code():
    roles = ", ".join(f"`{role}`" for role in values.ROLES)
    assert f"the roles are {roles}; and `registrar@ledger`" in TEXT


def test_the_namespaces_are_those_of_the_code():
    told = re.findall(r"^\| `([a-z]+@school-ledger)` \|", TEXT, re.MULTILINE)
    assert sorted(told) == sorted([sshsig.STATEMENT, sshsig.KEY, sshsig.MANIFEST])


def test_the_points_of_small_order_are_those_of_the_code():
    p = 2**255 - 19
    told = re.search(r"have y = 0, 1, .1, and the two of order 8, `(\w+)` and `(\w+)`", TEXT)
    assert told is not None
    order_8 = {int.from_bytes(bytes.fromhex(one), "little") for one in told.groups()}
    assert {0, 1, p - 1} | order_8 == ed25519._SMALL_ORDER_Y


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (values._DAYS.grammar, r"(0|[1-9][0-9]{0,5})\.[05]"),
        (values._MONEY.grammar, r"(0|[1-9][0-9]{0,9})\.[0-9]{2}"),
        (re.compile(values.SLUG), r"[a-z0-9]+(-[a-z0-9]+)*"),
        (re.compile(values.SLOT), r"[a-z][a-z0-9_]*(/[a-z0-9][a-z0-9:.-]*)*"),
        (re.compile(values.UUID7), values.UUID7),
        (statement._MEMBER, r"[a-z][a-z0-9_]{0,39}"),
        (statement.TEXT_MEMBERS["source"][0], r"[a-z0-9.-]+(/[a-z0-9._-]+)*"),
        (statement.TEXT_MEMBERS["type"][0], r"[A-Z][A-Za-z]{0,59}\.v[1-9][0-9]{0,2}"),
    ],
)
def test_a_grammar_is_the_one_of_the_code(pattern, written):
    assert pattern.pattern.replace("(?:", "(") == written
    assert f"`{written}`" in TEXT.replace(r"\|", "|")


def test_the_readme_names_the_page():
    readme = (format_examples.ROOT / "README.md").read_text(encoding="utf-8")
    assert "(docs/reference/format.md)" in readme
    assert Path(PAGE).is_relative_to(format_examples.ROOT / "docs" / "reference")
