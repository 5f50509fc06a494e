"""Targets as tests say them: Northwick sets school two one, which conflicts with another's."""

from typing import Any

from given import BEN, NORTHWICK_BODY, OLIVE, SEALED, TWO, Act, say


def targeted(label: str = "t", on: str = "2024-09-10", **changes: Any) -> Act:
    """Northwick sets school two a target."""
    said = {
        "about": TWO,
        "setter": NORTHWICK_BODY,
        "regime": "improvement-plan",
        "measure": "attendance-percent",
        "value": "95.5",
        "due": "2025-07-18",
        **changes,
    }
    return say("TargetSet", label, said.pop("by", OLIVE), on, **said)


def in_conflict(label: str = "x", *targets: str, **changes: Any) -> Act:
    """School two says that targets cannot all be met."""
    said = {"targets": [f"target:{one}" for one in targets], "why": SEALED, **changes}
    return say(
        "TargetConflictRaised", label, said.pop("by", BEN), said.pop("on", "2024-10-01"), **said
    )


def reconciled(label: str = "y", answer: str = "stands", **changes: Any) -> Act:
    """Northwick answers for its own."""
    said = {"target_conflict": "target_conflict:x", "answer": answer, **changes}
    return say(
        "TargetConflictAnswered", label, said.pop("by", OLIVE), said.pop("on", "2024-10-05"), **said
    )
