"""Writes check.html from the parts in this folder: the same parts are the same bytes.

`python -m ledger.verification.check_page.build` after any change; a test holds both together.
Script and style stand in the page and are allowed by their hashes, and nothing else is. The
grammar of a statement's members is that of `ledger.format.statement`; all else is written a second
time, so that the page and `verify` can be compared.
"""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path

from ledger.days import FIRST, LAST
from ledger.format.statement import TEXT_MEMBERS
from ledger.release import VERSION
from ledger.verification.check_page import FILE

__all__ = ["built"]

_FOLDER = Path(__file__).parent
_PARTS = ("bytes", "zip", "ed25519", "sshsig", "statement", "log", "record", "pack", "page")


def built() -> bytes:
    """Return the page's bytes, made from the parts."""
    import minify  # noqa: PLC0415 - only who changes the page needs it

    grammar = {name: pattern.pattern for name, (pattern, _) in TEXT_MEMBERS.items()}
    known = {"MEMBERS": grammar, "FIRST": str(FIRST), "LAST": str(LAST)}
    known |= {"VERSION": VERSION}
    constants = ",".join(f"{name}={json.dumps(value)}" for name, value in known.items())
    minify.config({"js-keep-var-names": True})
    whole = f"'use strict';const {constants};" + "".join(_part(f"{name}.js") for name in _PARTS)
    script = minify.string("application/javascript", whole)
    style = "".join(line.strip() for line in _part("page.css").splitlines())
    text = _part("page.html")
    for mark, value in (
        ("@SCRIPT@", _hash(script)),
        ("@STYLE@", _hash(style)),
        ("@CSS@", style),
        ("@JS@", script),
    ):
        text = text.replace(mark, value, 1)
    return text.encode()


def _part(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(sha256(text.encode()).digest()).decode()


if __name__ == "__main__":
    (_FOLDER / FILE).write_bytes(built())
