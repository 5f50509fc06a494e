"""Whether grades are of a framework: each area once, each grade on the scale of its area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.decision_model.created import Thing
from ledger.events.judgements import Grade


def ungradable(framework: Thing | None, grades: Iterable[Grade]) -> Iterator[str]:
    """Say what of some grades the framework does not have; nothing where it is not known."""
    if framework is None:
        return
    scales = {area["area"]: area["grades"] for area in framework.data["areas"]}
    grades = tuple(grades)
    if len({grade.area for grade in grades}) < len(grades):
        yield "it grades an area twice"
    for grade in grades:
        if grade.area not in scales:
            yield f"the framework has no area {grade.area}: it has {', '.join(scales)}"
        elif grade.grade not in scales[grade.area]:
            yield (
                f"{grade.grade} is no grade of {grade.area}: the scale is"
                f" {', '.join(scales[grade.area])}"
            )
