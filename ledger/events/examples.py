"""What examples of events name: people, things and keys that are made up, the same in each.

A thing that an example names is the one that the example of its event creates, so that all of
them fit together::

    >>> thing("visit")
    'visit:01936b5c-96e3-7b3c-8a7c-09d18b0b6a41'
"""

from __future__ import annotations

from hashlib import sha256

ORIGIN = "northwick.example/support"
SOURCE = {
    "publisher": "Northwick Council",
    "title": "Register of schools in Northwick, 2024",
    "published_on": "2024-09-01",
    "url": "https://northwick.example/register/2024.csv",
    "file": "register-2024.csv",
    "sha256": sha256(b"register-2024.csv").hexdigest(),
    "row": 4,
}
ROOT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
LOG_KEY = f"{ORIGIN}+16ac8719+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
NEXT_LOG_KEY = f"{ORIGIN}+e8cf5438+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"


def event_id(label: str) -> str:
    """Return the id of the event that goes by a label: a UUIDv7 that is a function of the label."""
    digest = sha256(label.encode()).hexdigest()
    return f"0193{digest[:4]}-{digest[4:8]}-7{digest[8:11]}-8{digest[11:14]}-{digest[14:26]}"


def thing(kind: str) -> str:
    """Return the thing of a kind that the example of its event creates."""
    return f"{kind}:{event_id(kind)}"


def event(kind: str) -> str:
    """Return the event that creates a thing of a kind, as its example."""
    return f"event:{event_id(kind)}"


def person(label: str) -> str:
    """Return the person who goes by a label."""
    return f"person:{event_id(f'person {label}')}"


def opened(kind: str, slot: str) -> str:
    """Return the obligation that the event which creates a kind of thing opened at a slot."""
    return f"{event_id(kind)}/{slot}"


def seed(label: str) -> bytes:
    """Return the secret of the key of whoever goes by a label."""
    return sha256(label.encode()).digest()


#: The keys of two people, each with the proof that they hold it, as made from their seeds.
REGISTRARS_KEY = {
    "person": person("registrar"),
    "key": "key:SHA256:EyK+mP5BtLaW79vzFQsIIB+Vpm6MXlRDtXeSroUZTJE",
    "public_key": (
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBKyiW9kpltEknzeXPoLD+TBb4Y+y3ckq6I7JriDGMc0"
    ),
    "proof": (
        "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgErKJb2SmW0SSfN5c+gsP5MFvhj7LdySrojsmuIMYxzQAAAAR"
        "a2V5QHNjaG9vbC1sZWRnZXIAAAAAAAAABnNoYTUxMgAAAFMAAAALc3NoLWVkMjU1MTkAAABAjhPUUDYeaZd7rzbnQxkj"
        "gBnGQ7LgtiPe7kHvl5wwofx7X5njpgydh2KJXuJOfIdZ5iiEoqqAdx0i6cctSyNJAw=="
    ),
}
HEADS_KEY = {
    "person": person("head"),
    "key": "key:SHA256:RJs7zv0iVoaiuw2uUalUJyFSW0KhI/OlJmHJbiwHQZw",
    "public_key": (
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIPLP1uJML8pS9aO4w90bpMaTkULgip3LsYZ9lrnP34t"
    ),
    "proof": (
        "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgg8s/W4kwvylL1o7jD3RukxpORQuCKncuxhn2Wuc/fi0AAAAR"
        "a2V5QHNjaG9vbC1sZWRnZXIAAAAAAAAABnNoYTUxMgAAAFMAAAALc3NoLWVkMjU1MTkAAABALfshNLlH3evZtzk34OXX"
        "ZQ4JmARDHsfkb7jToaih3zazdEWP59ike6fCEtN6LyWn6vTxIGjeMrsb2esqtFBVAQ=="
    ),
}
