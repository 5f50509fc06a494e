"""Settings from files: `school-ledger.toml`, and the user's own `config.toml`.

::

    ledger = "northwick.db"     # paths are relative to the file that names them
    key = "keys/registrar"
    as = "registrar@ledger"     # the office to sign in, where the key's person holds several
    clock_confirmed = true      # record though nothing was recorded for over 7 days
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from cli.terminal.failures import CommandError
from ledger.files import plain
from ledger.precious import SETTINGS

_TYPES: dict[str, type] = {"ledger": str, "key": str, "as": str, "clock_confirmed": bool}
_PATHS = ("ledger", "key")
_LONGEST = 100_000


def ledger() -> str | None:
    """Return the ledger that the current folder's settings name, else the user's own do."""
    for path in (Path(SETTINGS), users()):
        found = read(path).get("ledger")
        if found is not None:
            return str(found)
    return None


def setting(name: str, url: str) -> Any:
    """Return a setting: beside the ledger first, then in the current folder, then the user's."""
    from ledger.store import stem  # noqa: PLC0415 - only where a setting is asked for

    beside = stem(url).with_name(SETTINGS)
    for path in (beside, Path(SETTINGS), users()):
        found = read(path).get(name)
        if found is not None:
            return found
    return None


def users() -> Path:
    """Return where the user's own settings are."""
    home = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(home).expanduser() / "school-ledger" / "config.toml"


def cache() -> Path:
    """Return the user's folder of what can be made anew at any time."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(home).expanduser() / "school-ledger"


def read(path: Path) -> dict[str, Any]:
    """Return the settings of a file, none where there is no file; raise CommandError if wrong."""
    try:
        with plain(path) as file:
            found = tomllib.loads(file.read(_LONGEST).decode())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise CommandError(f"the settings {path} cannot be read", got=error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        what = error if isinstance(error, tomllib.TOMLDecodeError) else "they are no text in UTF-8"
        raise CommandError(
            f"the settings {path} are not TOML: {what}",
            todo='A setting is a line such as ledger = "northwick.db".',
        ) from error
    return {name: _value(path, name, value) for name, value in found.items()}


def _value(path: Path, name: str, value: Any) -> Any:
    expected = _TYPES.get(name)
    if expected is None:
        raise CommandError(
            f"{path} has a setting that there is not", got=name, expected=", ".join(_TYPES)
        )
    if not isinstance(value, expected):
        what = "text in quotes" if expected is str else "true or false"
        raise CommandError(f"{path}: {name} is malformed", got=value, expected=what)
    if name in _PATHS and "://" not in str(value):
        return str(path.parent / Path(str(value)).expanduser())
    return value
