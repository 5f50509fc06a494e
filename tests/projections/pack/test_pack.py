"""Packs: read by stock tools, told again from their bundle; whoever alters one is found out."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime

import orjson
import pytest
from two_years import ORIGIN, tell

from ledger import keys
from ledger.bundle import Export, Signing
from ledger.bundle.manifest import Selection
from ledger.bundle.pack import BUNDLE, COPY, PackManifest, held, tag_files
from ledger.bundle.pack_files import is_pack, open_pack, write_files
from ledger.errors import PackError
from ledger.format import sshsig
from ledger.log.checkpoint import Checkpoint, sign
from ledger.log.merkle import leaf_hash
from ledger.recording.application import By
from ledger.recording.founding import parse_log_key
from ledger.release import VERSION
from ledger.transparency.proofs import log_keys
from ledger.transparency.trust_card import TrustCard
from ledger.verification import check_page
from projections.exports import page
from projections.pack.answers import choices
from projections.pack.verifying import verify_pack
from projections.pack.writing import Wanted, write_pack

pytestmark = pytest.mark.sampled(4)

CEDAR = "school:900003"
NOW = datetime(2026, 8, 1, 9, 30, tzinfo=UTC)
AS_OF = "2026-07-31"
ALL = choices(CEDAR)
MALLORY = keys.in_memory(b"mallory!" * 4)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        yield folder, ledger


@pytest.fixture(scope="module")
def export(demo):
    """Return what writes a pack of a party, and the key that signs it."""
    folder, ledger = demo
    signer = keys.load(folder / "keys" / "registrar")
    by = By(ledger.person_of(f"key:{signer.public.fingerprint}"), "registrar@ledger")
    head = ledger.head()
    log_key = parse_log_key((folder / "demo.db.log-key").read_text())
    note = sign(Checkpoint(ORIGIN, head.size, head.root), log_key)

    def write(path, party=CEDAR, reports=None, as_of=AS_OF, **shown):
        chosen = None if party is None else Selection(party=party)
        wanted = Wanted(as_of, reports or choices(party))
        export = Export(note, chosen, **shown)
        write_pack(path, ledger, export, wanted, Signing(signer, by, NOW))
        return path

    return write, signer


@pytest.fixture(scope="module")
def sent(export, tmp_path_factory):
    """Return a pack of a school, as it was sent."""
    return export[0](tmp_path_factory.mktemp("sent") / "cedar.zip")


def files_of(path):
    with open_pack(path) as pack:
        return pack.folder, {name: pack.read(name) for name in pack.names}


def packed(path, folder, files):
    """Write files as a pack, as its own software does; return its path."""
    with path.open("w+b") as file:
        write_files(file, folder, {name: [data] for name, data in files.items()})
    return path


def listed_again(files, signer, **said):
    """List and sign changed files anew, as whoever has a key can."""
    manifest = PackManifest.parse(files["pack.json"])
    listing = {name: held(files[name]) for name in files if name in manifest.files}
    listing |= {name: held(files[name]) for name in said.pop("added", ())}
    manifest = PackManifest.model_validate(manifest.model_dump() | {"files": listing} | said)
    signature = sshsig.armor(signer.sign(manifest.as_bytes(), sshsig.MANIFEST))
    return files | tag_files(manifest, signature, signer.public.line)


def faults(path):
    found = verify_pack(path)
    sentences = [one.sentence for one in found.findings if one.severity == "fault"]
    assert found.verified == (not sentences and found.verdict.verified)
    return sentences


# -- an audience ---------------------------------------------------------------------------------


def rows_of(files, name="data/owes.csv"):
    return list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))


@pytest.fixture(scope="module")
def for_public(export, tmp_path_factory):
    """Return a pack of what a school owes, for the public."""
    path = tmp_path_factory.mktemp("public") / "p.zip"
    return export[0](path, reports=("owes",), audience="public")


def test_what_an_audience_may_not_see_is_left_out_of_its_answers_and_counted(for_public, sent):
    found = verify_pack(for_public)
    assert (found.verified, found.findings) == (True, ())
    _, files = files_of(for_public)
    hidden = len(rows_of(files_of(sent)[1]))
    assert hidden > 0
    assert rows_of(files) == []
    said = files["index.html"].decode()
    assert (
        f"Made for the audience public: {hidden} rows in the answers rest on what they may not"
        in said
    )
    assert f'<td class="number">0</td><td class="number">{hidden}</td>' in said


def test_a_row_that_the_audience_may_not_see_is_found_where_it_was_put_back(
    for_public, sent, export, tmp_path
):
    folder, files = files_of(for_public)
    _, whole = files_of(sent)
    files = listed_again(files | {"data/owes.csv": whole["data/owes.csv"]}, export[1])
    assert faults(packed(tmp_path / "q.zip", folder, files)) == [
        f"data/owes.csv is not what the bundle says: it has {len(rows_of(whole))} rows, and not 0"
    ]


# -- honest packs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "party", [CEDAR, "partnership:estuary", "body:northwick", "clerk", None], ids=str
)
def test_a_pack_of_anybody_verifies_and_every_answer_is_told_anew(demo, export, tmp_path, party):
    _, ledger = demo
    write, signer = export
    if party == "clerk":
        party = ledger.person_of(f"key:{signer.public.fingerprint}")
    found = verify_pack(write(tmp_path / "p.zip", party))
    assert found.verified
    assert found.findings == ()
    assert found.told_again == choices(party)
    assert found.verdict.verified


def test_the_same_pack_is_the_same_bytes(export, sent, tmp_path):
    assert export[0](tmp_path / "another-name.zip").read_bytes() == sent.read_bytes()


def test_its_names_are_plain_and_nothing_in_its_pages_is_run_or_fetched(sent):
    folder, files = files_of(sent)
    assert folder == "pack-school-900003-2026-07-31"
    assert all(name.isascii() for name in files)
    assert files.pop(COPY) == check_page.page()
    pages = [data.decode() for name, data in files.items() if name.endswith(".html")]
    assert len(pages) == 1 + len(ALL)
    for text in pages:
        assert "content=\"default-src 'none'; style-src 'unsafe-inline';" in text
        assert not any(bad in text for bad in ("<script", "javascript:", "http://", "https://"))


def test_the_contents_link_every_answer_and_say_who_when_what_and_how_to_check(sent):
    _, files = files_of(sent)
    index = files["index.html"].decode()
    for name in files:
        assert (f'href="{name}"' in index) == name.startswith("data/")
    for said in (
        "<h1>Cedar Bank Academy (900103)</h1>",
        "<dt>Made</dt><dd>2026-08-01 09:30 UTC, by school-ledger",
        "registrar of the ledger",
        "presence proved, completeness claimed",
        "<dt>As of</dt><dd>2026-07-31</dd>",
        "72 entries of the record",
        "16 sealed texts are withheld. No name, contact or note is shown",
        "sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt",
        "school-ledger verify FILE.zip --trust CARD",
    ):
        assert said in index


def test_what_is_withheld_is_in_no_file_of_it_and_what_is_shown_is(export, sent, tmp_path):
    shown = export[0](tmp_path / "shown.zip", text="all")
    assert "Mx Juniper" not in "".join(map(str, files_of(sent)[1].values()))
    names = files_of(shown)[1]["data/history.csv"].decode()
    assert "Mx " in names
    assert verify_pack(shown).verified
    assert shown.stat().st_mode & 0o077 == 0


def test_a_pack_of_one_report_has_that_report_only(export, tmp_path):
    path = export[0](tmp_path / "p.zip", reports=("owes",))
    assert {name for name in files_of(path)[1] if name.startswith("data/")} == {
        BUNDLE,
        COPY,
        *(f"data/owes.{ending}" for ending in ("html", "csv", "ods")),
    }
    assert verify_pack(path).told_again == ("owes",)


# -- stock tools ---------------------------------------------------------------------------------


@pytest.fixture
def unpacked(sent, tmp_path):
    with zipfile.ZipFile(sent) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "pack-school-900003-2026-07-31"


def test_bagit_finds_it_a_valid_bag(unpacked):
    bagit = pytest.importorskip("bagit", reason="no bagit to read it")
    bag = bagit.Bag(str(unpacked))
    bag.validate()
    assert bag.info["Payload-Oxum"].partition(".")[2] == str(2 + 3 * len(ALL))
    assert bag.info["Source-Organization"] == ORIGIN
    (unpacked / "data" / "owes.csv").write_text("changed")
    with pytest.raises(bagit.BagValidationError):
        bag.validate()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum")
def test_sha256sum_finds_what_is_listed_unchanged_and_what_was_changed(unpacked):
    command = ["sha256sum", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt"]
    done = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    checked = {line.removesuffix(": OK") for line in done.stdout.splitlines()}
    own = {each.relative_to(unpacked).as_posix() for each in unpacked.rglob("*") if each.is_file()}
    assert checked == own - {"tagmanifest-sha256.txt"}
    (unpacked / "index.html").write_text("changed")
    done = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "index.html: FAILED" in done.stdout


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen")
def test_ssh_keygen_verifies_the_command_that_the_contents_show(unpacked):
    shown = (unpacked / "index.html").read_text("utf-8")
    command = shown.partition("ssh-keygen ")[2].partition("</pre>")[0].replace("&lt;", "<")
    done = subprocess.run(
        ["sh", "-c", f"ssh-keygen {command}"],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith('Good "manifest@school-ledger" signature')


@pytest.mark.skipif(shutil.which("zip") is None, reason="no zip")
def test_packed_again_by_another_program_it_verifies_and_that_is_said(unpacked, tmp_path):
    subprocess.run(["zip", "-qr", tmp_path / "again.zip", unpacked.name], cwd=tmp_path, check=True)
    found = verify_pack(tmp_path / "again.zip")
    assert found.verified
    assert [one.sentence for one in found.findings] == [
        "it was packed again by another program: only what its files say was compared"
    ]


# -- attacks -------------------------------------------------------------------------------------


def altered(data, old, new):
    assert old in data
    return data.replace(old, new, 1)


def spreadsheet(data, old, new):
    """Change something within a spreadsheet."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(made, "w") as write:
        for info in read.infolist():
            content = read.read(info)
            write.writestr(info, content.replace(old, new, 1))
    assert made.getvalue() != data
    return made.getvalue()


FIGURES = {
    "data/owes.csv": (
        lambda data: altered(data, b",5.0,day,", b",4.0,day,"),
        "row 6, outstanding: '4.0', and not '5.0'",
    ),
    "data/owes.html": (
        lambda data: altered(data, b">5.0</td>", b">4.0</td>"),
        "after 'agreement of 2025-01-20': '4.0', and not '5.0'",
    ),
    "data/owes.ods": (
        lambda data: spreadsheet(data, b'office:value="5.0"', b'office:value="4.0"'),
        'office:value="4.0"',
    ),
    "index.html": (
        lambda data: re.sub(rb">[0-9]+</td>", b">99</td>", data, count=1),
        "after 'what Cedar Bank Academy (900103) owes and is owed': '99', and not '",
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_changed_figure_is_found_in_every_format_and_named(sent, tmp_path, name):
    folder, files = files_of(sent)
    change, said = FIGURES[name]
    files[name] = change(files[name])
    first, second = faults(packed(tmp_path / "p.zip", folder, files))
    assert first == f"{name} is not the file that pack.json lists: it was changed"
    assert second.startswith(f"{name} is not what the bundle says: ")
    assert said in second


@pytest.mark.parametrize("name", FIGURES)
def test_a_false_figure_that_the_exporter_signed_is_found_all_the_same(
    export, sent, tmp_path, name
):
    folder, files = files_of(sent)
    change, said = FIGURES[name]
    files[name] = change(files[name])
    path = packed(tmp_path / "p.zip", folder, listed_again(files, export[1]))
    (only,) = faults(path)
    assert only.startswith(f"{name} is not what the bundle says: ")
    assert said in only


def test_swapped_files_are_both_named(sent, tmp_path):
    folder, files = files_of(sent)
    names = ("data/history.csv", "data/owes.csv")
    files |= {names[0]: files[names[1]], names[1]: files[names[0]]}
    found = faults(packed(tmp_path / "p.zip", folder, files))
    assert found[:2] == [
        f"{name} is not the file that pack.json lists: it was changed" for name in names
    ]


def test_an_added_file_is_named(sent, tmp_path):
    folder, files = files_of(sent)
    path = packed(tmp_path / "p.zip", folder, files | {"data/note.txt": b"trust me"})
    assert faults(path) == ["data/note.txt is in no list of it: it was added"]


def test_a_report_that_was_added_and_listed_is_named(export, sent, tmp_path):
    folder, files = files_of(sent)
    files["data/extra.csv"] = b"a,b\r\n"
    files = listed_again(files, export[1], added=["data/extra.csv"])
    assert faults(packed(tmp_path / "p.zip", folder, files)) == [
        "data/extra.csv is no answer that was asked for"
    ]


@pytest.mark.parametrize("name", ["data/owes.csv", "index.html", "bag-info.txt", "allowed_signers"])
def test_a_file_that_was_taken_out_is_named(sent, tmp_path, name):
    folder, files = files_of(sent)
    del files[name]
    path = packed(tmp_path / "p.zip", folder, files)
    assert faults(path) == [f"{name} is not there: it was taken out"]


def test_an_answer_that_the_exporter_left_out_is_named(export, sent, tmp_path):
    folder, files = files_of(sent)
    del files["data/owes.csv"]
    path = packed(tmp_path / "p.zip", folder, listed_again(files, export[1]))
    assert faults(path) == ["data/owes.csv is left out of pack.json, and was asked for"]


TAGS = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"]


@pytest.mark.parametrize("name", [*TAGS, "allowed_signers"])
def test_a_changed_file_of_the_bag_itself_is_named(sent, tmp_path, name):
    folder, files = files_of(sent)
    files[name] += b"\n"
    path = packed(tmp_path / "p.zip", folder, files)
    assert faults(path) == [f"{name} is not what follows from pack.json: it was changed"]


def test_without_its_signature_it_does_not_verify(sent, tmp_path):
    folder, files = files_of(sent)
    del files["pack.json.sig"]
    path = packed(tmp_path / "p.zip", folder, files)
    assert faults(path) == ["pack.json.sig is not there: it was taken out"]


def test_a_list_that_another_signed_in_the_exporters_name_is_found(export, sent, tmp_path):
    folder, files = files_of(sent)
    files["data/owes.csv"] = FIGURES["data/owes.csv"][0](files["data/owes.csv"])
    path = packed(tmp_path / "p.zip", folder, listed_again(files, MALLORY))
    own, theirs = (f"key:{one.public.fingerprint}" for one in (MALLORY, export[1]))
    assert f"pack.json is signed with {own}, and names {theirs}" in faults(path)


def test_a_list_that_another_signed_in_their_own_name_is_not_the_bundles(sent, tmp_path):
    folder, files = files_of(sent)
    key = f"key:{MALLORY.public.fingerprint}"
    exporter = orjson.loads(files["pack.json"])["exporter"]
    files = listed_again(files, MALLORY, exporter=exporter | {"key": key})
    (only,) = faults(packed(tmp_path / "p.zip", folder, files))
    assert only.startswith("pack.json names another exporter than the bundle in it: ")
    assert f"with {key}, and not " in only


def test_a_list_that_was_changed_is_not_what_was_signed(sent, tmp_path):
    folder, files = files_of(sent)
    manifest = PackManifest.parse(files["pack.json"])
    files["pack.json"] = manifest.model_copy(update={"text": "all"}).as_bytes()
    found = faults(packed(tmp_path / "p.zip", folder, files))
    assert any(one.startswith("the signature of pack.json does not hold") for one in found)
    assert "pack.json names another text shown than the bundle in it: all, and not none" in found


def test_another_bundle_is_found_though_it_verifies_by_itself(export, sent, tmp_path):
    other = files_of(export[0](tmp_path / "o.zip", "school:900001"))[1]
    folder, files = files_of(sent)
    files[BUNDLE] = other[BUNDLE]
    found = verify_pack(packed(tmp_path / "p.zip", folder, files))
    assert found.verdict.verified
    assert not found.verified
    sentences = [one.sentence for one in found.findings]
    assert f"{BUNDLE} is not the file that pack.json lists: it was changed" in sentences
    said = "pack.json names another party than the bundle in it: school:900003, and not"
    assert f"{said} school:900001" in sentences


def test_answers_of_another_day_than_is_said_are_found(export, sent, tmp_path):
    _, files = files_of(sent)
    files = listed_again(files, export[1], as_of="2025-12-31")
    folder = PackManifest.parse(files["pack.json"]).folder
    found = faults(packed(tmp_path / "p.zip", folder, files))
    named = {one.partition(" ")[0] for one in found}
    assert named >= {"index.html", "data/owes.csv", "data/owes.html", "data/owes.ods"}
    (page,) = (one for one in found if one.startswith("data/owes.html"))
    asked = "what {} owes and is owed".format
    old, new = asked("Cedar Bank Academy (900103)"), asked("Cedar Bank School (900003)")
    assert page.endswith(f" after 'Asked': '{old}', and not '{new}'")


def test_a_report_that_no_pack_has_is_refused_in_words(export, sent, tmp_path):
    folder, files = files_of(sent)
    files = listed_again(files, export[1], reports=("owes", "guess"))
    (only,) = faults(packed(tmp_path / "p.zip", folder, files))
    assert only == "pack.json names what no pack of its kind has: guess"


@pytest.mark.parametrize("byte", [200, 40_000, -400])
def test_from_a_bundle_that_does_not_verify_nothing_is_told_anew(sent, tmp_path, byte):
    folder, files = files_of(sent)
    data = bytearray(files[BUNDLE])
    data[byte] ^= 1
    files[BUNDLE] = bytes(data)
    found = verify_pack(packed(tmp_path / "p.zip", folder, files))
    assert not found.verified
    assert found.told_again == ()


def test_another_release_compares_what_its_rows_say_and_names_what_it_cannot_compare(
    export, sent, tmp_path, monkeypatch
):
    folder, files = files_of(sent)
    files = listed_again(files, export[1], version="0.0.9")
    path = packed(tmp_path / "p.zip", folder, files)
    monkeypatch.setattr(page, "write", lambda _report, _made, file: file.write(b"otherwise"))
    found = verify_pack(path)
    assert not found.verified
    answered = [name for name in sorted(ALL) if files[f"data/{name}.csv"].count(b"\n") > 1]
    assert {"owes", "history"} < set(answered)
    assert faults(path) == [
        f"data/{name}.html is not what the bundle says: it has rows, and there are none"
        for name in answered
    ]
    monkeypatch.undo()
    found = verify_pack(path)
    assert found.verified
    assert not found.compared
    named = {one.sentence.partition(" ")[0] for one in found.findings if one.check == "answer"}
    # Each says inside which release made it, and it is this one.
    others = {f"data/{name}.{ending}" for name in ALL for ending in ("html", "ods")}
    assert named == {"index.html", *others}
    said = {one.sentence for one in found.findings if one.check == "answer"}
    assert (
        f"data/owes.html is of release 0.0.9, and release {VERSION} writes it otherwise;"
        " not compared: how it looks, and what it draws"
    ) in said


SIGNED_SO = {
    "data/owes.csv": "row 6, outstanding: '4.0', and not '5.0'",
    "data/owes.html": "row 6, Left: '4.0', and not '5.0'",
    "data/owes.ods": "row 6, Left: '5.0, held as 4.0', and not '5.0'",
    "index.html": "row 1, Rows: '99', and not ",
}


@pytest.mark.parametrize("name", SIGNED_SO)
def test_a_false_figure_in_a_file_of_another_release_is_found_and_named(
    export, sent, tmp_path, name
):
    folder, files = files_of(sent)
    files[name] = FIGURES[name][0](files[name])
    path = packed(tmp_path / "p.zip", folder, listed_again(files, export[1], version="0.0.9"))
    (only,) = faults(path)
    assert only.startswith(f"{name} is not what the bundle says: {SIGNED_SO[name]}")


# -- what is no pack -----------------------------------------------------------------------------


def zipped(path, names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"{}")
    return path


HOSTILE = {
    "two folders": (["a/pack.json", "b/pack.json"], "not in one folder, but in 'a', 'b'"),
    "a way up": (["a/pack.json", "a/../../x"], "leads elsewhere"),
    "a drive": (["a/pack.json", "a/c:x"], "leads elsewhere"),
    "not plain": (["a/pack.json", "a/\u202excod.html"], "is not plain"),
    "a link": (["a/pack.json"], "no file"),
    "no JSON": (["a/pack.json"], "cannot be read"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_made_to_do_harm_is_refused(tmp_path, case):
    names, said = HOSTILE[case]
    path = zipped(tmp_path / "p.zip", names)
    if case == "a link":
        info = zipfile.ZipInfo("a/link")
        info.external_attr = 0o120777 << 16
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(info, "/etc/passwd")
    assert is_pack(path)
    with pytest.raises(PackError) as refused:
        verify_pack(path)
    assert said in str(refused.value)


def test_two_files_of_one_name_are_refused(tmp_path):
    path = tmp_path / "p.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped(path, ["a/pack.json", "a/x", "a/x"])
    with pytest.raises(PackError, match="two files named x"):
        verify_pack(path)


def plainly(files):
    """Return files in an archive as another program packs them, as they are."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data)
    return made.getvalue()


def hidden(files, name, data):
    """Return them, with a file behind the others that the table of contents does not list."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for each in files:
            archive.writestr(zipfile.ZipInfo(each[0]), each[1])
        archive.writestr(zipfile.ZipInfo(f"{name}2"), data)
        archive.filelist.pop()
    return made.getvalue()


def told_twice(files, name):
    """Return them, one with another length in its own header than in the table of contents."""
    made = bytearray(plainly(files))
    at = made.index(name.encode()) - 30
    made[at + 18 : at + 26] = bytes(8)
    return bytes(made)


def linked(files, folder):
    """Return them, with a link that is named like a folder."""
    made = io.BytesIO()
    link = zipfile.ZipInfo(f"{folder}/data/more/")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data)
        archive.writestr(link, b"")
    return made.getvalue()


#: What one program unpacks otherwise than another: `check.html` refuses each of them too.
TWO_WAYS = {
    "a file before": (
        lambda files, name, data: plainly([(name, data)]) + plainly(files),
        "something stands between its files, or before them",
    ),
    "a file behind": (hidden, "something stands behind its files"),
    "a comment": (
        lambda files, _, __: plainly(files)[:-2] + b"\x05\x00hello",
        "something stands behind its files",
    ),
    "what is no archive behind": (
        lambda files, _, __: plainly(files) + bytes(30),
        "something stands behind its files",
    ),
    "two lengths": (lambda files, name, _: told_twice(files, name), "in two ways"),
    "a link for a folder": (
        lambda files, name, _: linked(files, name.partition("/")[0]),
        "something that is no file",
    ),
}


@pytest.mark.parametrize("case", TWO_WAYS)
def test_what_two_programs_would_unpack_otherwise_is_refused(checker, sent, card, tmp_path, case):
    folder, files = files_of(sent)
    name = f"{folder}/{OWES}"
    forged = altered(files[OWES], b">5.0</td>", b">4.0</td>")
    listed = [(f"{folder}/{each}", data) for each, data in files.items()]
    path = tmp_path / "p.zip"
    path.write_bytes(plainly(listed))
    assert verify_pack(path).verified
    pack, said = TWO_WAYS[case]
    path.write_bytes(pack(listed, name, forged))
    with pytest.raises(PackError) as refused:
        verify_pack(path)
    assert said in str(refused.value)
    assert checker.check(path, card).heading == "This could not be checked, so do not rely on it."


def test_a_bundle_is_no_pack(sent, tmp_path):
    (tmp_path / "b.zip").write_bytes(files_of(sent)[1][BUNDLE])
    assert not is_pack(tmp_path / "b.zip")
    assert is_pack(sent)
    (tmp_path / "cut.zip").write_bytes(sent.read_bytes()[:-100])
    assert not is_pack(tmp_path / "cut.zip")


# -- its copy of check.html, and check.html itself -----------------------------------------------


def test_a_forged_page_in_a_pack_is_named(export, sent, tmp_path):
    folder, files = files_of(sent)
    files[COPY] += b"<!-- -->"
    path = packed(tmp_path / "p.zip", folder, listed_again(files, export[1]))
    assert faults(path) == [
        "data/check.html is not the page of this release: it was changed, or forged"
    ]


def test_of_another_release_the_page_is_not_to_be_used(export, sent, tmp_path):
    folder, files = files_of(sent)
    files[COPY] += b"<!-- -->"
    listed = listed_again(files, export[1], version="0.0.9")
    found = verify_pack(packed(tmp_path / "p.zip", folder, listed))
    assert "data/check.html is of release 0.0.9, or forged: do not use it" in [
        one.sentence for one in found.findings
    ]


@pytest.mark.parametrize("put", [b"<script>1</script>", b'<b onclick="1">', b"<iframe>"], ids=str)
def test_a_page_of_another_release_that_runs_something_is_a_fault(export, sent, tmp_path, put):
    folder, files = files_of(sent)
    files["data/owes.html"] = altered(files["data/owes.html"], b"</main>", put + b"</main>")
    listed = listed_again(files, export[1], version="0.0.9")
    assert any(
        one.startswith("data/owes.html is not what the bundle says")
        for one in faults(packed(tmp_path / "p.zip", folder, listed))
    )


@pytest.fixture(scope="module")
def card(demo):
    _, ledger = demo
    return TrustCard(ORIGIN, log_keys(ledger)[0], leaf_hash(ledger.raw(1)))


def test_a_browser_finds_that_a_pack_holds_and_its_figures_cite_what_is_there(checker, sent, card):
    found = checker.check(sent, card)
    assert found.heading.startswith("The statements here are as they were signed")
    assert re.search(r"\d+ figures in its pages cite statements that are here", found.text)
    assert "Alder Primary School: 5.0 (data/owes.html, 4 statements)" in found.text


OWES = "data/owes.html"
IN_A_BROWSER = {
    "a figure": (OWES, b">5.0</td>", b">4.0</td>", None),
    "a script": (OWES, b"</main>", b"<script>1</script></main>", "it holds a script"),
    "a handler": (OWES, b"<main>", b'<main onclick="1">', "it holds a script"),
    "what forbids scripts": (OWES, b"default-src 'none'", b"default-src *", "does not forbid"),
    "an event": (OWES, b'data-events="0', b'data-events="1', "events that are not here"),
    "its copy of the page": (COPY, b"</html>", b"</html> ", "it is not this page, byte for byte"),
}


@pytest.fixture
def found_of(checker, export, sent, card, tmp_path):
    """Change a file of the pack, signed by its exporter again or not; return what is found."""

    def found_of(case, *, signed):
        folder, files = files_of(sent)
        name, old, new, _ = IN_A_BROWSER[case]
        files[name] = altered(files[name], old, new)
        files = listed_again(files, export[1]) if signed else files
        return checker.check(packed(tmp_path / "p.zip", folder, files), card).faults

    return found_of


@pytest.mark.parametrize("case", IN_A_BROWSER)
def test_a_browser_names_what_was_changed_in_a_pack(found_of, case):
    name, _, _, said = IN_A_BROWSER[case]
    found = found_of(case, signed=False)
    assert f"{name}: it is not the file that the exporter signed for: it was changed" in found
    assert said is None or any(said in one for one in found)


@pytest.mark.parametrize("case", [case for case, one in IN_A_BROWSER.items() if one[3]])
def test_a_browser_names_what_the_exporter_signed_so(found_of, case):
    name, _, _, said = IN_A_BROWSER[case]
    (only,) = found_of(case, signed=True)
    assert only.startswith(f"{name}: ")
    assert said in only


def test_a_browser_names_what_was_put_in_or_taken_out_of_a_pack(checker, sent, card, tmp_path):
    folder, files = files_of(sent)
    del files["data/owes.csv"]
    path = packed(tmp_path / "p.zip", folder, files | {"data/note.txt": b"trust me"})
    found = checker.check(path, card).faults
    assert "data/owes.csv: it was taken out of the pack" in found
    assert "data/note.txt: it is not listed: it was put in" in found


def test_a_browser_refuses_a_pack_that_a_stranger_listed(checker, sent, card, tmp_path):
    folder, files = files_of(sent)
    path = packed(tmp_path / "p.zip", folder, listed_again(files, MALLORY))
    assert checker.check(path, card).faults == [
        "The pack\u2019s manifest: it is not signed by the exporter that it names"
    ]
