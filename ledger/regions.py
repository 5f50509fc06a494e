"""The nine regions of England, by code, as the register of schools names them.

::

    >>> NAMES["yorkshire-and-the-humber"], by_name("London")
    ('Yorkshire and the Humber', 'london')
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

__all__ = ["NAMES", "Region", "by_name"]

Region = Literal[
    "north-east",
    "north-west",
    "yorkshire-and-the-humber",
    "east-midlands",
    "west-midlands",
    "east-of-england",
    "london",
    "south-east",
    "south-west",
]
NAMES: Mapping[Region, str] = MappingProxyType(
    {
        "north-east": "North East",
        "north-west": "North West",
        "yorkshire-and-the-humber": "Yorkshire and the Humber",
        "east-midlands": "East Midlands",
        "west-midlands": "West Midlands",
        "east-of-england": "East of England",
        "london": "London",
        "south-east": "South East",
        "south-west": "South West",
    }
)
_CODES: Mapping[str, Region] = {name.casefold(): code for code, name in NAMES.items()}


def by_name(name: str) -> Region | None:
    """Return the code of a region that is called so, in any case; None where none is."""
    return _CODES.get(name.casefold())
