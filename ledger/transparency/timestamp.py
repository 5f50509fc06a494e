"""Timestamps of checkpoints by an authority outside (RFC 3161), through rfc3161-client.

::

    query = make_query(note)                        # to be sent, as a .tsq file or by `post`
    stamp = check_reply(reply, note, roots_pem)     # the .tsr file that came back
    print(stamp.time)

A log's own clock proves nothing; a timestamp proves that the checkpoint, and so every entry in it,
existed at that time. It is over the whole note, byte for byte: keep that file. The library is an
extra, `timestamp`, and is loaded when used.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import datetime
from http.client import HTTPException
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ledger.errors import TimestampError
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.note import split_note
from ledger.release import installing

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

__all__ = ["MAX_REPLY_BYTES", "Query", "Stamp", "check_reply", "make_query", "post"]

MAX_REPLY_BYTES = 1_000_000
"""A reply holds a few certificates; it is a few kilobytes long."""

_SECONDS = 30.0
_QUERY = "application/timestamp-query"
_REPLY = "application/timestamp-reply"

Hash = Literal["sha256", "sha512"]


class Query(NamedTuple):
    """A timestamp request as it is sent, and the random number that its reply must repeat."""

    data: bytes
    nonce: int | None


class Stamp(NamedTuple):
    """What an authority stated: when the bytes existed, and who says so."""

    time: datetime
    authority: str
    serial: int
    policy: str


def make_query(note: bytes, algorithm: Hash = "sha512") -> Query:
    """Return the request for a timestamp of a checkpoint (RFC 3161 section 2.4.1).

    Raises NoteError for what is no checkpoint; whether the log signed it is for the caller.
    """
    parse_checkpoint(split_note(note)[0])
    client = _client()
    built = client.TimestampRequestBuilder(
        data=note, hash_algorithm=client.HashAlgorithm[algorithm.upper()]
    ).build()
    return Query(built.as_bytes(), built.nonce)


def check_reply(reply: bytes, note: bytes, roots: bytes, nonce: int | None = None) -> Stamp:
    """Return what a reply states of a checkpoint, or raise TimestampError.

    The reply must be granted, over exactly these bytes, signed by a certificate for timestamping
    that leads to one of the roots (PEM) and was valid at the time stated (section 2.4.2). With
    the nonce of the query, a reply to another query is refused.
    """
    client = _client()
    response = _decoded(client, reply)
    builder = client.VerifierBuilder(roots=_roots(roots), nonce=nonce)
    try:
        builder.build().verify_message(response, note)
        info = response.tst_info
    except (client.VerificationError, ValueError) as error:
        raise TimestampError(
            "The timestamp does not hold for this checkpoint",
            got=str(error),
            expected="a granted reply over exactly these bytes, by an authority under the roots",
            todo="Give the file that was sent to the authority, byte for byte, and the authority's"
            " own root certificate.",
        ) from error
    return Stamp(info.gen_time, _authority(response), info.serial_number, info.policy.dotted_string)


def post(url: str, query: Query, seconds: float = _SECONDS) -> bytes:
    """Send a request to an authority and return its reply, unchecked (section 3.4).

    Plain http is allowed, for a reply is signed and repeats the query's nonce. Raises
    TimestampError for an authority that cannot be reached or does not answer with a reply.
    """
    if not url.lower().startswith(("http://", "https://")):
        raise TimestampError("This is no address of an authority", got=url, expected="https://…")
    try:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            url, data=query.data, headers={"Content-Type": _QUERY, "Accept": _REPLY}
        )
        with _OPENER.open(request, timeout=seconds) as answer:
            reply: bytes = answer.read(MAX_REPLY_BYTES + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise TimestampError(
            f"{url} gave no timestamp",
            got=_reason(error),
            todo="Check the address and the network, or use --request and --response with files.",
        ) from error
    if len(reply) > MAX_REPLY_BYTES:
        raise TimestampError(
            f"{url} gave no timestamp",
            got=f"more than {MAX_REPLY_BYTES} bytes",
            todo="Check the address.",
        )
    return reply


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follow nobody elsewhere: a redirected POST would arrive as a GET without the request."""

    def redirect_request(self, *_: Any) -> None:
        """Answer that there is no other request to make."""


_OPENER = urllib.request.build_opener(_NoRedirects)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP status {error.code}"
    return str(getattr(error, "reason", error)) or type(error).__name__


def _client() -> ModuleType:
    """Return rfc3161-client, or raise TimestampError saying how to install it."""
    try:
        import rfc3161_client  # noqa: PLC0415 - an extra, loaded only to use it
    except ImportError as error:
        raise TimestampError(
            "Timestamps need rfc3161-client, which is not installed",
            todo=f"Run `{installing('timestamp')}`.",
        ) from error
    return rfc3161_client


def _decoded(client: ModuleType, reply: bytes) -> TimeStampResponse:
    try:
        response: TimeStampResponse = client.decode_timestamp_response(reply)
    except ValueError as error:
        raise TimestampError(
            "This is not a timestamp reply",
            got=f"{len(reply)} bytes: {error}",
            expected="a file in the format of RFC 3161 (.tsr), in strict DER",
            todo="Ask the authority again and keep its answer as it is. `openssl ts -verify` reads"
            " replies of authorities that are less strict.",
        ) from error
    granted = client.PKIStatus.GRANTED
    if response.status != granted:
        raise TimestampError(
            "The authority gave no timestamp",
            got="; ".join([f"status {response.status}", *response.status_string]),
            expected=f"status {granted.value}, granted",
            todo="Ask it again, or another authority.",
        )
    return response


def _roots(pem: bytes) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - only to check

    try:
        return load_pem_x509_certificates(pem)
    except ValueError as error:
        raise TimestampError(
            "The roots are not certificates",
            got=str(error),
            expected="one or more certificates in PEM",
            todo="Fetch the authority's root certificate from its own site.",
        ) from error


def _authority(response: TimeStampResponse) -> str:
    """Return the subject of the certificate that signed, which was verified."""
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - as above

    (signer,) = response.signed_data.signer_infos
    for der in response.signed_data.certificates:
        certificate = load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            return certificate.subject.rfc4514_string()
    return "unnamed"
