"""The years of a partnership that never was: what `school-ledger demo` records.

Northwick, its schools (URNs from 900001), bodies and people are made up. Every event is drafted,
signed with a real key and appended through the public API, by a clock that the story sets. With
the same seed, ids, salts and times are the same; keys are fresh each time.

What is owed when it ends in September 2026 is meant, besides the visits and accounts of the years:
- overdue by schools: five days of Alder's support of Cedar Bank, which a concern of January has not
  brought, and what Alder did about an adviser's advice; answers to visits by Elm Park and Birch
  Lane; Fern Hill's ratification of the new ground rules; a visit by Gorse Lane, which has left; 900
  pounds of the hub's, and 1,200 of Heath View's, that are not accounted for;
- overdue by the trust: its answer to being named by the valley's partnership, which is dissolved;
- overdue by councils: Northwick's answer to Dale End, two of whose targets cannot both be met, and
  its adviser's visit to Gorse Lane; East Fellmoor's help for Kiln Lane, as the county's before;
- claimed: two days that the hub says it gave at Elm Park, and a condition of its funding;
- to come: four days by the hub, of which two are those, the council's second instalment, the
  targets of Dale End and Juniper Hill, and 1,500 pounds that came to Gorse Lane from Linden Street;
- with nobody left to answer: three days that Ivy House promised to Heath View, and closed; a visit
  and two accounts that Gorse Lane owes the partnership of its valley, which is no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cli.demo.episodes import EPISODES
from cli.demo.first_year import fill_registers, first_year, form_partnership, notify, support
from cli.demo.names import ORIGIN
from cli.demo.second_year import acting_head, convert, second_year, successor
from cli.demo.story import Action, Story
from cli.demo.third_year import third_year
from ledger.recording.application import Ledger

__all__ = ["ORIGIN", "tell"]

_LAST_DAY = "9999-12-31"
_CHAPTERS: tuple[tuple[str, Action], ...] = (
    ("2024-09-02", fill_registers),
    ("2024-09-09", form_partnership),
    ("2024-09-17", first_year),
    ("2025-01-13", support),
    ("2025-05-12", notify),
    ("2025-09-01", acting_head),
    ("2025-09-15", second_year),
    ("2026-01-05", successor),
    ("2026-03-20", convert),
    ("2026-09-02", third_year),
)


def tell(
    folder: Path,
    seed: int,
    progress: Callable[[str], None],
    until: str = _LAST_DAY,
    episodes: Sequence[tuple[str, Action]] = EPISODES,
) -> Ledger:
    """Record the story in `demo.db` of a folder, and return the ledger, open.

    `progress` is told each chapter as it begins; those that begin after `until` are left out.
    Without `episodes` it is the plain story of the partnership, whose events have the same ids.
    """
    story = Story(folder, seed)
    for day, episode in episodes:
        story.begin(day, episode.__name__, _begun(episode, progress))
    for day, chapter in _CHAPTERS:
        if day <= until:
            story.at(day, _begun(chapter, progress))
    story.go_on()
    return story.ledger


def _begun(chapter: Action, progress: Callable[[str], None]) -> Action:
    def begin(story: Story) -> None:
        progress((chapter.__doc__ or "").strip().rstrip("."))
        chapter(story)

    return begin
