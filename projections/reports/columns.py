"""The columns of reports: each told once, with what it means and what its values are.

A report lists those that it has, in order; `hidden` ones are in every format but a table on screen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

#: What a value is: `text` for people, and `code` as machines name it (URNs and kinds, zeros kept);
#: a `date` of the calendar or a `moment` in UTC; an `amount` with its places (days, visits,
#: pounds, items, by the column `unit`), `pounds` with pence whatever else the row counts, or a
#: whole `number`; `yes_no`; and references: to a `party` (or a person), an `event` or several
#: `events`.
Type = Literal[
    "text",
    "code",
    "date",
    "moment",
    "amount",
    "pounds",
    "number",
    "yes_no",
    "party",
    "event",
    "events",
]
_FIGURES = frozenset({"amount", "pounds", "number"})


@dataclass(frozen=True)
class Column:
    """A column: its name in every format, its title, what it means in a sentence, and its type.

    `shown` columns are those of a table on screen; the other formats carry all. `summed` is the
    unit in which the values of all rows are added up at the head of a file; empty if they are not.
    """

    name: str
    title: str
    meaning: str
    type: Type = "text"
    shown: bool = True
    summed: str = ""
    #: The column of the events that this one alone rests on: an audience that may not read these
    #: sees the row without it, and does not miss the row.
    rests_on: str = ""

    @property
    def figure(self) -> bool:
        """Whether its values read as figures, to be set under one another."""
        return self.type in _FIGURES


def hidden(*columns: Column) -> tuple[Column, ...]:
    """Return columns as every format carries them but a table on screen."""
    return tuple(replace(column, shown=False) for column in columns)


# -- obligations ------------------------------------------------------------------------------

DEBTOR_NAME = Column(
    "debtor_name", "Who owes", "The party that must act, as it was called on the day asked for."
)
CREDITOR_NAME = Column(
    "creditor_name", "To whom", "The party that is owed, as it was called on the day asked for."
)
KIND_TITLE = Column("kind_title", "What", "What is owed: the kind of obligation, in words.")
ABOUT = Column(
    "about", "About", "What it is owed for: the visit, agreement, year or event, with its day."
)
LEFT = Column(
    "outstanding", "Left", "How much of it is left on the day asked for, in its unit.", "amount"
)
UNIT = Column(
    "unit",
    "Unit",
    "What it is counted in: days, visits, pounds, or single items such as an answer.",
)
DUE_ON = Column("due_on", "Due", "The last day on which it is in time.", "date")
OVERDUE = Column(
    "overdue",
    "Overdue",
    "Whether something is left, and not claimed done, although the due day is past.",
    "yes_no",
)
DAYS_OVERDUE = Column(
    "days_overdue",
    "Days overdue",
    "Days from its due day to the day asked for, where it is overdue.",
    "number",
)
MUST_ACT = Column(
    "must_act_name",
    "Must act now",
    "Who is waited for: the party that owes it; or, where it has claimed all that is left done, the"
    " one that is to answer; empty where nothing is left.",
)
DAYS_LATE = Column(
    "days_late",
    "Days late",
    "How many days after it happened it was recorded, where that was late.",
    "number",
)
OBLIGATION = Column(
    "obligation",
    "Obligation",
    "The obligation's reference: the id of the event that opened it, and its place there.",
    "code",
)
KIND = Column("kind", "Kind by name", "The kind of obligation, as `owes --kind` takes it.", "code")
CLAIMED = Column(
    "claimed",
    "Claimed",
    "How much of what is left its debtor has claimed done, and nobody has answered yet; that much"
    " is not overdue, and the answer is in its place.",
    "amount",
)
CLAIMED_ON = Column(
    "claimed_on", "Claimed on", "The first day of what is claimed and not answered.", "date"
)
GROUND = Column(
    "ground",
    "Owed by",
    "Why it is owed: by a `promise` that the debtor signed, by a `duty` of law or office, or as an"
    " `answer` to who may ask, which may always be no.",
    "code",
)
DEBTOR = Column("debtor", "Debtor", "The reference of the party that must act.", "party")
CREDITOR = Column("creditor", "Creditor", "The reference of the party that is owed.", "party")
OPENED = Column("opened", "Opened", "How much of it there was before anything was done.", "amount")
GIVEN_BEYOND = Column(
    "given_beyond",
    "Given beyond",
    "What was given beyond what was owed; it fills what comes to be owed later.",
    "amount",
)
SINCE = Column("since", "Owed since", "The day from which it is owed.", "date")
CHANGED_AT = Column(
    "changed_at", "Changed at", "When the last of its events was recorded, in UTC.", "moment"
)
OPENED_BY = Column("opened_by", "Opened by", "The event that opened it.", "event")
EVENTS = Column(
    "events", "Events", "Every event that the row rests on, in order of recording.", "events"
)
SAID_BY = Column(
    "said_by",
    "Said by",
    "Who has said so, of what the row rests on: one side, both sides, what is published; or"
    " nobody yet, as it was recorded for an office that has not confirmed it.",
)
LAST_POSITION = Column(
    "position", "Latest position", "The place in the log of the latest event behind it.", "number"
)
BEFORE = Column("before", "Before", "What was left of it before the event.", "amount")
CHANGE = Column("change", "Change", "By how much the event changed it.", "amount")
AFTER = Column("after", "After", "What is left of it after the event.", "amount")
EFFECTIVE_ON = Column(
    "effective_on", "Takes effect", "The day from which the change counts.", "date"
)

# -- events -----------------------------------------------------------------------------------

OCCURRED_ON = Column("occurred_on", "Day", "The day on which it happened.", "date")
SUMMARY = Column("summary", "What happened", "The event in a sentence.")
SIGNED_BY_NAME = Column("signed_by_name", "Signed by", "The person who signed it, by name.")
OFFICE = Column("office", "Office", "The office in which it was signed.")
OFFICE_NAME = Column(
    "office_name",
    "Office",
    "The office in which it was signed, in words, and whether a delegate of it signed; of the party"
    " itself, the role alone.",
)
EVENT_START = Column(
    "event_start", "Event", "The first characters of the event's id; `show` takes them.", "code"
)
MARKS = Column(
    "marks", "Marks", "What a reader must know before relying on it, as told under the table."
)
POSITION = Column("position", "Position", "Its place in the log, from 1 on.", "number")
EVENT = Column("event", "Event id", "The event's id.", "event")
TYPE = Column("type", "Type", "The name of the event's type.", "code")
RECORDED_AT = Column("recorded_at", "Recorded at", "When it was recorded, in UTC.", "moment")
RECORDED_ON = Column(
    "recorded_on", "Recorded", "The day on which it was recorded, in London.", "date"
)
SIGNED_BY = Column("signed_by", "Signer", "The reference of the person who signed it.", "party")
URN = Column("urn", "URN", "The number that the school had in the register on that day.", "code")
HEAD = Column("head", "Head", "The reference of the school's head on that day.", "party")
RESPONSIBLE_BODY = Column(
    "responsible_body", "Responsible body", "The school's responsible body on that day, by name."
)
TENURE = Column("tenure", "Tenure", "The school's number and head on that day, in words.")
BASIS = Column(
    "basis",
    "Basis",
    "On what footing: substantive, acting, interim, executive, or delegated.",
    "code",
)
WITHDRAWN_BY = Column("withdrawn_by", "Withdrawn by", "The event that withdrew it.", "event")

# -- support ----------------------------------------------------------------------------------

PROVIDER_NAME = Column(
    "provider_name", "Provider", "The supporting organisation, as called on the day asked for."
)
PROVIDER = Column("provider", "Provider's reference", "The supporting organisation.", "party")
RECEIVER = Column("receiver", "Receiver's reference", "Who is supported.", "party")
COMMISSIONER = Column("commissioner", "Commissioner", "Who commissioned it, if anybody.", "party")
PAYER = Column("payer", "Payer", "Who pays the price, if there is one.", "party")
BROKER = Column("broker", "Broker", "Who brought both together, if anybody.", "party")
AGREEMENT = Column("agreement", "Agreement", "The event of the agreement.", "event")
LEFT_TO_GIVE = Column(
    "left", "Left to give", "Days agreed and not confirmed yet.", "amount", summed="day"
)
LATE_DAYS = Column(
    "late_days", "Overdue", "Days left whose due day is past.", "amount", summed="day"
)
BEYOND = Column(
    "beyond", "Given beyond", "Days confirmed over what was agreed.", "amount", summed="day"
)

# -- schools ----------------------------------------------------------------------------------

SCHOOL_NAME = Column(
    "school_name", "School", "The school, as it was called on the day asked for, with its URN then."
)
PHASE = Column("phase", "Phase", "The school's phase of education, as it was registered.")
AUTHORITY = Column(
    "authority_name", "Local authority", "The local authority in whose area the school is."
)
REGION = Column(
    "region", "Region", "The region of England that it is in: its own, or that of its authority."
)
BODY = Column(
    "body_name", "Responsible body", "The authority, trust or other body responsible for it then."
)
CATEGORY = Column(
    "category",
    "Category of concern",
    "Where the last inspection of its URN placed it; empty where in none.",
)
NEEDS = Column(
    "needs",
    "Needs",
    "The evaluation areas in which somebody identified a need of it that is not closed.",
)
EASTING = Column(
    "easting", "Easting", "How far east its place is on the national grid, in metres.", "number"
)
NORTHING = Column(
    "northing", "Northing", "How far north its place is on the national grid, in metres.", "number"
)
SCHOOL = Column("school", "School's reference", "What the record calls the school.", "party")

# -- partnerships -----------------------------------------------------------------------------

PARTNERSHIP_NAME = Column(
    "partnership_name", "Partnership", "The partnership, as it was called on the day asked for."
)
MEMBERS = Column("members", "Members", "How many schools belong to it on that day.", "number")
PARTNERSHIP = Column("partnership", "Reference", "What the record calls it.", "party")
