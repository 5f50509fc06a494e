"""Whether whoever signs a bundle's manifest was entitled to, as of the bundle's checkpoint.

Judged alike by who writes a bundle and by who verifies it, from the entries up to the checkpoint
and from nothing else. The day is the one on which the exporter says that the bundle was made,
which cannot lie before its last entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ledger.bundle.manifest import Exporter
from ledger.decision_model.facts import Look
from ledger.domain.registers import offices
from ledger.format.statement import read_time

__all__ = ["exporter_faults"]

_CLOCKS_DIFFER = timedelta(seconds=300)


def exporter_faults(
    look: Look, exporter: Exporter, exported_at: str, last_recorded: str
) -> Iterator[str]:
    """Say why a manifest by this exporter, made then, is nothing to go by; nothing if it is.

    `last_recorded` is when the last entry that the bundle holds was recorded.
    """
    yield from _key_faults(look, exporter)
    if _is_before(exported_at, last_recorded):
        yield f"it says that it was made at {exported_at}, and its last entry is of {last_recorded}"
        return
    day = date.fromisoformat(exported_at[:10])
    tenures = look(offices.office(exporter.office))
    holding = offices.holders(exporter.office, tenures, day)
    if all(tenure.person != exporter.person for tenure in holding):
        yield f"{exporter.person} does not hold the office {exporter.office} on {day}"


def _key_faults(look: Look, exporter: Exporter) -> Iterator[str]:
    key = exporter.key
    standing = look(offices.key(key))
    if standing is None or standing.person != exporter.person:
        yield f"its signer's {key} is not enrolled in this ledger for {exporter.person}"
        return
    retired_at = offices.retired_at(look, standing)
    if retired_at is not None:
        yield f"its signer's {key} was retired at {retired_at}"
    elif offices.waits_for_another(look, key, standing):
        yield f"its signer's {key} was enrolled by others, and nobody else has vouched for it"
    since = offices.compromised_since(look, standing)
    if since is not None:
        yield f"its signer's {key} is compromised since {since}"
    elif (other := offices.enrolled_with_compromised(look, standing)) is not None:
        yield f"its signer's {key} was enrolled with {other}, which was compromised by then"


def _is_before(exported_at: str, last_recorded: str) -> bool:
    try:
        return read_time(exported_at) + _CLOCKS_DIFFER < read_time(last_recorded)
    except (ValueError, OverflowError):
        return True
