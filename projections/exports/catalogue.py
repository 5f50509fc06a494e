"""The formats that a report can be written in as a file, by name.

Each is a module with `write(report, made, file)`, loaded only where it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import IO

from projections.exports.base import Made
from projections.reports.base import Report

#: By name: the module that writes it.
FORMATS = {
    "html": "projections.exports.page",
    "ods": "projections.exports.ods",
    "sqlite": "projections.exports.database",
    "datasette": "projections.exports.datasette",
    "pdf": "projections.exports.pdf",
    "calendar": "projections.exports.calendar",
    "package": "projections.exports.package",
    "360giving": "projections.exports.giving",
}
Writer = Callable[[Report, Made, IO[bytes]], None]


def writer(form: str) -> Writer:
    """Return what writes a format."""
    write: Writer = import_module(FORMATS[form]).write
    return write
