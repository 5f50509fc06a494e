"""A report with everything that a format may stumble over."""

from datetime import UTC, datetime

from projections.exports.base import Made
from projections.reports.base import Heading, Report
from projections.reports.columns import Column, hidden

MADE = Made(datetime(2026, 8, 1, 9, 30, tzinfo=UTC), "0.1.0")
HEADING = Heading("northwick.example/support", 9, "ab" * 32, "2026-07-31", 9, "2026-07-10")
COLUMNS = (
    Column("debtor_name", "Who owes", "A name."),
    Column("kind_title", "What", "What is owed."),
    Column("outstanding", "Left", "How much is left.", "amount"),
    Column("unit", "Unit", "Its unit."),
    Column("due_on", "Due", "A day.", "date"),
    Column("overdue", "Overdue", "Whether it is late.", "yes_no"),
    *hidden(
        Column("position", "Position", "A place.", "number"),
        Column("at", "At", "A moment.", "moment"),
        Column("urn", "URN", "A number with its zeros.", "code"),
        Column("price", "Price", "Pounds and pence.", "pounds"),
        Column("events", "Events", "Ids.", "events"),
    ),
)
IDS = ["0191b1f0-0000-7bae-8994-be8ae9e2236d", "0191b1f0-0000-7c4b-88a1-4a0f5a1f8b01"]
NAMES = [
    "Elm Park Infant School",
    "=1+1",
    "\uff1d1+1",
    "@sum(a1)",
    'He said "no", & <b>left</b>',
    "St. John's / Ysgol Sant Ioan",
    "Dŵr y Felin",
    "陈 小学",
    "مدرسة",
    "two  blanks\tand a tab",
    " leads and trails ",
    "one line\nand another",
    "<script>alert(1)</script>",
    "]]> --> {{ 7 * 7 }} {% raw %}",
    "a" * 300,
]


def row(number, name):
    """Return a row of every type of value."""
    return {
        "debtor_name": name,
        "kind_title": "days of support" if number % 2 else "answer to a visit",
        "outstanding": f"{number}.5" if number % 2 else str(number),
        "unit": "day" if number % 2 else "item",
        "due_on": f"2026-07-{number + 1:02}" if number % 3 else None,
        "overdue": number % 2 == 0,
        "position": number,
        "at": "2026-07-01T09:00:00Z",
        "urn": "0012345",
        "price": f"{1234 + number}.50" if number % 2 else None,
        "events": IDS[: number % 3],
    }


def written(**more):
    """Return a report with hostile names, or another that differs in what is given."""
    told = {
        "name": "owes",
        "title": "Who owes what <to> whom",
        "heading": Heading(
            "northwick.example/support", 9, "ab" * 32, "2026-07-31", 9, "2026-07-10"
        ),
        "columns": COLUMNS,
        "rows": [row(number, name) for number, name in enumerate(NAMES)],
        "empty": "Nothing is owed.",
        "notes": ["withdrawn: disregarded since."],
        "asked": 'what "Elm" owes',
    }
    return Report(**(told | more))
