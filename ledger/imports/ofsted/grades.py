"""Words and codes of the sheets as grades of frameworks, and as categories of concern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from ledger.events.judgements import Area, Category, FrameworkAdopted, Grade
from ledger.imports.ofsted.sheets import UNGRADED

_FOUR_POINT = {"1": "outstanding", "2": "good", "3": "requires-improvement", "4": "inadequate"}
_EFFECTIVE = {"yes": "met", "no": "not-met"}
_REMAINS, _STANDARDS = "school-remains", "standards"
# Outcomes of inspections that grade nothing: what a school remains, and how standards have moved.
_OUTCOMES = {
    "School remains Outstanding": (_REMAINS, "outstanding"),
    "School remains Outstanding (Concerns) - S5 Next": (_REMAINS, "outstanding-with-concerns"),
    "School remains Good (Improving) - S5 Next": (_REMAINS, "good-and-improving"),
    "School remains Good": (_REMAINS, "good"),
    "School remains Good (Concerns) - S5 Next": (_REMAINS, "good-with-concerns"),
    "Improved significantly": (_STANDARDS, "improved-significantly"),
    "Standards maintained": (_STANDARDS, "maintained"),
    "Some aspects not as strong": (_STANDARDS, "some-aspects-not-as-strong"),
}
_BY_WORDS = {words.casefold(): graded for words, graded in _OUTCOMES.items()}
_CATEGORIES: Mapping[str, Category] = {
    "": "none",
    "none": "none",
    "not applicable": "none",
    "sm": "special_measures",
    "special measures": "special_measures",
    "rsi": "requires_significant_improvement",
    "requires significant improvement": "requires_significant_improvement",
    # As the same category was called before.
    "swk": "requires_significant_improvement",
    "serious weaknesses": "requires_significant_improvement",
    "nti": "requires_significant_improvement",
    "notice to improve": "requires_significant_improvement",
}


def _scale(area: str) -> Area:
    return Area(area=area, grades=tuple(grade for of, grade in _OUTCOMES.values() if of == area))


#: Outcomes are no grades of the four-point scale, and are never made into any.
UNGRADED_OUTCOMES = FrameworkAdopted(
    slug=UNGRADED,
    title="Ofsted ungraded inspections: outcomes",
    areas=(_scale(_REMAINS), _scale(_STANDARDS)),
    in_force_from=date(2015, 9, 1),
)


def grade(framework: str, area: str, text: str) -> Grade | None:
    """Return what a cell says as a grade; None for words that no outcome has.

    Whether a framework has the grade, its scale tells.
    """
    if framework == UNGRADED:
        found = _BY_WORDS.get(" ".join(text.split()).casefold())
        return Grade(area=found[0], grade=found[1]) if found else None
    word = text.casefold()
    word = _EFFECTIVE.get(word, word) if area == "safeguarding" else _FOUR_POINT.get(word, word)
    slug = re.sub(r"[^a-z0-9]+", "-", word).strip("-")
    return Grade(area=area, grade=slug) if slug and len(slug) <= _LONGEST else None


_LONGEST = 64


def category(text: str) -> Category | None:
    """Return a category of concern; None for a code or words that are not known here."""
    return _CATEGORIES.get(text.casefold())


def in_words(framework: str, scale: tuple[str, ...]) -> str:
    """Return a scale as people write it, best first."""
    words = _OUTCOMES if framework == UNGRADED else (grade.replace("-", " ") for grade in scale)
    return ", ".join(words)
