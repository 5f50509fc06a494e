"""Timestamps by a real authority, made here with `openssl ts`, and by authorities that fail."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from ledger.errors import NoteError, TimestampError
from ledger.log.checkpoint import Checkpoint, sign
from ledger.log.note import NoteSigner
from ledger.transparency import timestamp
from ledger.transparency.timestamp import MAX_REPLY_BYTES, check_reply, make_query, post

LOG = NoteSigner("northwick.example/support", b"\x01" * 32)
NOTE = sign(Checkpoint(LOG.name, 7, b"\x02" * 32), LOG)
OTHER = sign(Checkpoint(LOG.name, 8, b"\x03" * 32), LOG)

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Example Clock
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ts]
default_tsa = authority
[authority]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha512
accuracy = secs:1
"""


class Authority:
    """A timestamp authority with a root of its own."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        self.config = folder / "openssl.cnf"
        self.config.write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        new = ["-newkey", "rsa:2048", "-nodes"]
        self.openssl(
            *["req", "-x509", *new, "-keyout", "root.key", "-out", "root.pem", "-days", "30"],
            *["-subj", "/CN=Example Root", "-extensions", "root"],
        )
        self.openssl("req", *new, "-keyout", "tsa.key", "-out", "tsa.csr")
        self.openssl(
            *["x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key"],
            *["-out", "tsa.pem", "-days", "30", "-CAcreateserial"],
            *["-extfile", str(self.config), "-extensions", "tsa"],
            config=False,
        )
        self.roots = (folder / "root.pem").read_bytes()

    def openssl(self, *args, config=True):
        named = ["-config", str(self.config)] if config else []
        return subprocess.run(
            ["openssl", *args, *named], cwd=self.folder, check=True, capture_output=True
        )

    def reply(self, query):
        (self.folder / "query.tsq").write_bytes(query)
        self.openssl(
            *["ts", "-reply", "-section", "authority"],
            *["-queryfile", "query.tsq", "-out", "reply.tsr"],
        )
        return (self.folder / "reply.tsr").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no timestamp authority can be made")
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


def refused(match, *args, **how):
    with pytest.raises(TimestampError, match=match) as error:
        check_reply(*args, **how)
    return str(error.value)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_an_authoritys_timestamp_holds_for_the_checkpoint(authority, algorithm):
    query = make_query(NOTE, algorithm)
    stamp = check_reply(authority.reply(query.data), NOTE, authority.roots, query.nonce)
    assert abs(stamp.time - datetime.now(UTC)) < timedelta(minutes=1)
    assert stamp.authority == "CN=Example Clock"
    assert stamp.policy == "1.3.6.1.4.1.99999.1"


def test_openssl_reads_the_request_and_confirms_the_reply(authority):
    query = make_query(NOTE)
    reply = authority.reply(query.data)
    (authority.folder / "c1").write_bytes(NOTE)
    (authority.folder / "c1.tsr").write_bytes(reply)
    done = authority.openssl(
        *["ts", "-verify", "-data", "c1", "-in", "c1.tsr", "-CAfile", "root.pem"], config=False
    )
    assert b"Verification: OK" in done.stdout


def test_a_reply_is_checked_later_without_its_query(authority):
    reply = authority.reply(make_query(NOTE).data)
    assert check_reply(reply, NOTE, authority.roots).serial > 0


def test_a_timestamp_of_other_bytes_does_not_hold(authority):
    reply = authority.reply(make_query(NOTE).data)
    refused("Mismatch between messages", reply, OTHER, authority.roots)
    refused("Mismatch between messages", reply, NOTE + b"\n", authority.roots)


def test_a_reply_to_another_query_does_not_answer_this_one(authority):
    reply = authority.reply(make_query(NOTE).data)
    refused("Nonce mismatch", reply, NOTE, authority.roots, nonce=make_query(NOTE).nonce)


def test_an_authority_under_another_root_is_not_believed(authority, tmp_path):
    reply = authority.reply(make_query(NOTE).data)
    message = refused("certificates", reply, NOTE, Authority(tmp_path / "other").roots)
    assert "own root certificate" in message


def test_a_refusal_by_the_authority_is_told(authority):
    config = authority.config.read_text()
    authority.config.write_text(config.replace("digests = sha256, sha512", "digests = sha256"))
    try:
        reply = authority.reply(make_query(NOTE, "sha512").data)
    finally:
        authority.config.write_text(config)
    message = refused("gave no timestamp", reply, NOTE, authority.roots)
    assert "status 2" in message


@pytest.mark.parametrize("garbage", [b"", b"<html>", b"0" * 500, b"\x30\x03\x02\x01\x00"])
def test_what_is_no_reply_is_refused(authority, garbage):
    refused("not a timestamp reply|does not hold|gave no", garbage, NOTE, authority.roots)


@pytest.mark.parametrize("roots", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\n"])
def test_roots_that_are_no_certificates_are_refused(authority, roots):
    reply = authority.reply(make_query(NOTE).data)
    refused("The roots are not certificates", reply, NOTE, roots)


def test_a_reply_with_any_byte_altered_does_not_hold_or_says_the_same(authority):
    reply = authority.reply(make_query(NOTE).data)
    stamp = check_reply(reply, NOTE, authority.roots)
    for position in range(0, len(reply), 7):
        altered = reply[:position] + bytes([reply[position] ^ 1]) + reply[position + 1 :]
        try:
            shown = check_reply(altered, NOTE, authority.roots)
        except TimestampError:
            continue
        assert (shown.time, shown.serial, shown.policy) == (
            stamp.time,
            stamp.serial,
            stamp.policy,
        ), position


@pytest.mark.parametrize("note", [b"", b"Hello.\n", b"Hello.\n\n\xe2\x80\x94 a AAAAAAAA\n"])
def test_only_checkpoints_are_timestamped(note):
    with pytest.raises(NoteError):
        make_query(note)


def test_without_the_extra_the_message_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    for ask in (lambda: make_query(NOTE), lambda: check_reply(b"", NOTE, b"")):
        with pytest.raises(TimestampError, match=r" -m pip install 'rfc3161-client"):
            ask()


# -- over the network ----------------------------------------------------------------------


@contextmanager
def serving(answer):
    """Serve on this machine; `answer(query)` returns status, headers and body."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            status, headers, body = answer(query)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_authority_answers_over_http(authority):
    query = make_query(NOTE)
    reply = {"Content-Type": "application/timestamp-reply"}
    with serving(lambda asked: (200, reply, authority.reply(asked))) as url:
        assert check_reply(post(url, query), NOTE, authority.roots, query.nonce).serial


QUERY = timestamp.Query(b"query", 1)


@pytest.mark.parametrize(
    ("answer", "match"),
    [
        ((500, {}, b""), "got HTTP status 500"),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "got HTTP status 302"),
        ((200, {}, b"x" * (MAX_REPLY_BYTES + 1)), "more than 1000000 bytes"),
    ],
    ids=["failing", "elsewhere", "endless"],
)
def test_an_authority_that_does_not_answer_well_is_told(answer, match):
    with serving(lambda _: answer) as url, pytest.raises(TimestampError, match=match):
        post(url, QUERY)


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("file:///etc/passwd", "no address of an authority"),
        ("ftp://tsa.example/", "no address of an authority"),
        ("tsa.example", "no address of an authority"),
        ("http://127.0.0.1:1/", "gave no timestamp"),
        ("http://[", "gave no timestamp"),
        ("http://a b/", "gave no timestamp"),
        ("https://127.0.0.1:1/", "gave no timestamp"),
    ],
)
def test_an_authority_that_cannot_be_reached_is_told(url, match):
    with pytest.raises(TimestampError, match=match):
        post(url, QUERY)


def test_an_authority_that_is_silent_is_not_waited_for():
    done = threading.Event()
    with serving(lambda _: (done.wait(5), (200, {}, b""))[1]) as url:
        with pytest.raises(TimestampError, match="timed out"):
            post(url, QUERY, seconds=0.1)
        done.set()
