"""The tables of every projection, as SQL; raise a version and its views are built anew.

Apart from the folds that fill them, so that a view that is caught up is read without loading the
vocabulary. People's names are nowhere here: they are read from the vault when shown, so that
erasing them leaves no copy.
"""

from __future__ import annotations

from ledger.decision_model.postings_table import POSTINGS
from ledger.release import VERSION
from projections.tables.views import Layout

#: When an obligation falls due: as the last posting tells that says so, by the day from which it
#: counts, then by its place; each is put before what is to be the greatest.
LAST_DUE_ON = "substr(max(effective_on || printf('%012d', position) || due_on), 23)"

#: Who owes what to whom: the journal of postings. Amounts are whole hundredths of their unit.
OBLIGATIONS = Layout(
    "obligations",
    11,
    f"""
    CREATE TABLE kinds (
        kind TEXT PRIMARY KEY, title TEXT NOT NULL, ground TEXT
    ) WITHOUT ROWID;
    {POSTINGS}
    -- what a debtor claims done of an obligation, for as long as the answer to it is owed
    CREATE TABLE claims (
        position INTEGER NOT NULL,
        event TEXT NOT NULL,
        obligation TEXT NOT NULL,
        amount INTEGER NOT NULL,
        first TEXT NOT NULL,
        answer TEXT NOT NULL,
        -- the host that counts once, or the claim itself
        per TEXT NOT NULL
    );
    """,
    """
    CREATE INDEX claims_obligation ON claims (obligation);
    CREATE INDEX postings_position ON postings (position);
    CREATE INDEX postings_due ON postings (due_on, obligation) WHERE due_on IS NOT NULL;
    """,
)

#: What happened, to whom, signed by whom in which office; and what parties are called.
HISTORY = Layout(
    "history",
    10,
    """
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE entries (
        position INTEGER PRIMARY KEY,
        event TEXT NOT NULL,
        type TEXT NOT NULL,
        occurred_on TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        -- the latest recorded_at so far, restarted where a ClockCorrected is vouched for
        effective_at TEXT NOT NULL,
        signed_by TEXT NOT NULL,
        office TEXT NOT NULL,
        key TEXT NOT NULL,
        enrolment TEXT NOT NULL,
        appointment TEXT NOT NULL,
        -- the sentence in parts, as JSON: names, days and amounts are shown when it is read
        summary TEXT NOT NULL,
        -- the kind of thing that it brought into being, if any
        creates TEXT
    );
    -- party is a party's reference, or event:<id> of an earlier event that is named
    CREATE TABLE mentions (
        party TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (party, position)
    ) WITHOUT ROWID;
    CREATE TABLE compromises (
        event TEXT NOT NULL, key TEXT NOT NULL, person TEXT NOT NULL, since TEXT NOT NULL,
        said_by TEXT NOT NULL, office TEXT NOT NULL, position INTEGER NOT NULL
    );
    -- first is the day from which it holds, if not from the beginning
    CREATE TABLE names (
        party TEXT NOT NULL, name TEXT NOT NULL, first TEXT, position INTEGER NOT NULL
    );
    -- the event that enrolled a person, and those that say another name, each from a day on
    CREATE TABLE people (
        person TEXT NOT NULL, event TEXT NOT NULL, first TEXT, position INTEGER NOT NULL
    );
    CREATE TABLE urns (
        urn TEXT NOT NULL, school TEXT NOT NULL, first TEXT, last TEXT, position INTEGER NOT NULL
    );
    CREATE TABLE bodies (
        school TEXT NOT NULL, body TEXT, first TEXT, position INTEGER NOT NULL
    );
    -- in the area of which local authority a school is, and its region where that is told with it
    CREATE TABLE areas (
        school TEXT NOT NULL, la TEXT NOT NULL, region TEXT, first TEXT, position INTEGER NOT NULL
    );
    CREATE TABLE members (
        school TEXT NOT NULL, partnership TEXT NOT NULL, position INTEGER NOT NULL
    );
    CREATE TABLE tenures (
        office TEXT NOT NULL, person TEXT NOT NULL, basis TEXT NOT NULL,
        first TEXT NOT NULL, last TEXT, position INTEGER NOT NULL
    );
    -- enrolments and appointments: those that stand as their signer stands name by what
    CREATE TABLE grounds (
        subject TEXT PRIMARY KEY, by_enrolment TEXT, by_appointment TEXT, position INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE vouched (subject TEXT NOT NULL, by_event TEXT NOT NULL, position INTEGER NOT NULL);
    CREATE TABLE erasures (
        event TEXT NOT NULL, pointer TEXT NOT NULL, by_event TEXT NOT NULL,
        authority TEXT NOT NULL, reason TEXT NOT NULL, erased_on TEXT NOT NULL,
        position INTEGER NOT NULL
    );
    CREATE TABLE withdrawals (
        event TEXT NOT NULL, by_event TEXT NOT NULL, position INTEGER NOT NULL
    );
    """,
    """
    CREATE UNIQUE INDEX entries_event ON entries (event);
    CREATE INDEX entries_effective ON entries (effective_at);
    CREATE INDEX grounds_by_enrolment ON grounds (by_enrolment) WHERE by_enrolment IS NOT NULL;
    CREATE INDEX grounds_by_appointment ON grounds (by_appointment)
        WHERE by_appointment IS NOT NULL;
    CREATE INDEX erasures_event ON erasures (event);
    CREATE INDEX people_person ON people (person, position);
    CREATE INDEX names_party ON names (party, position);
    CREATE INDEX urns_urn ON urns (urn);
    CREATE INDEX urns_school ON urns (school);
    CREATE INDEX bodies_school ON bodies (school, position);
    CREATE INDEX tenures_office ON tenures (office, position);
    CREATE INDEX vouched_subject ON vouched (subject, position);
    CREATE INDEX withdrawals_event ON withdrawals (event);
    """,
)

#: What parties are registered as, and the names and numbers by which they are found.
REGISTERS = Layout(
    "registers",
    3,
    """
    CREATE TABLE called (party TEXT NOT NULL, folded TEXT NOT NULL, position INTEGER NOT NULL);
    CREATE TABLE numbered (
        party TEXT NOT NULL, scheme TEXT NOT NULL, value TEXT NOT NULL, position INTEGER NOT NULL
    );
    -- kind is that of a body or partnership, or the phase of a school; area is the authority of a
    -- partnership, region that of a body; a school's are in `areas`. Kind and place, in metres, may
    -- be others from a first day on
    CREATE TABLE registered (
        party TEXT NOT NULL, kind TEXT, area TEXT, region TEXT, easting INTEGER, northing INTEGER,
        first TEXT, position INTEGER NOT NULL
    );
    -- offices that several people hold at once; in any other a new holder follows the last
    CREATE TABLE shared_roles (role TEXT PRIMARY KEY) WITHOUT ROWID;
    """,
    """
    CREATE INDEX called_folded ON called (folded);
    CREATE INDEX numbered_value ON numbered (value);
    CREATE INDEX registered_party ON registered (party);
    """,
)

#: What the rules would refuse, a row a reason. They are those of this release: another judges anew.
IRREGULAR = Layout(
    "irregular",
    f"1 by {VERSION}",
    """
    CREATE TABLE irregular (position INTEGER NOT NULL, event TEXT NOT NULL, reason TEXT NOT NULL);
    """,
    "",  # hardly any row
)

#: What was recorded so long after it happened that it counts as late, with how many days after.
LATE = Layout(
    "late",
    1,
    "CREATE TABLE late (event TEXT PRIMARY KEY, days INTEGER NOT NULL) WITHOUT ROWID;",
    "",
)

#: What passed between parties. Each row has its event, and the first day on which it holds.
DEALINGS = Layout(
    "dealings",
    8,
    """
    -- a grade that a judge gave a party in one area of a framework
    CREATE TABLE grades (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        judge TEXT NOT NULL, judged TEXT NOT NULL, framework TEXT NOT NULL, basis TEXT NOT NULL,
        inspected_on TEXT NOT NULL, urn TEXT, category TEXT NOT NULL,
        area TEXT NOT NULL, grade TEXT NOT NULL
    );
    -- a judgement or a visit that a side does not accept, and what a moderator found of it: upheld,
    -- varied or set_aside; of a judgement that is varied a row for each grade that is found instead
    CREATE TABLE moderations (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        about TEXT NOT NULL, finding TEXT NOT NULL, area TEXT, grade TEXT
    );
    -- the place of a grade on its scale, from 1 for the best, and whether it meets the standard,
    -- where the framework says so of the area
    CREATE TABLE scales (
        framework TEXT NOT NULL, area TEXT NOT NULL, grade TEXT NOT NULL, place INTEGER NOT NULL,
        meets INTEGER,
        PRIMARY KEY (framework, area, grade)
    ) WITHOUT ROWID;
    CREATE TABLE admissions (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        school TEXT NOT NULL, partnership TEXT NOT NULL
    );
    -- first is the first day on which the school belongs to it no longer
    CREATE TABLE departures (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        school TEXT NOT NULL, partnership TEXT NOT NULL, last TEXT NOT NULL, why TEXT NOT NULL
    );
    -- applications that a partnership refused
    CREATE TABLE refusals (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        school TEXT NOT NULL, partnership TEXT NOT NULL
    );
    CREATE TABLE years (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        partnership TEXT NOT NULL, name TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL
    );
    -- who takes over, as a version of the ground rules of a partnership says
    CREATE TABLE contingencies (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        partnership TEXT NOT NULL, version INTEGER NOT NULL,
        on_closure TEXT NOT NULL, on_dissolution TEXT NOT NULL
    );
    -- who agreed to take over, by which version
    CREATE TABLE stand_ins (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        partnership TEXT NOT NULL, version INTEGER NOT NULL, party TEXT NOT NULL
    );
    CREATE TABLE needs (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        school TEXT NOT NULL, area TEXT NOT NULL
    );
    -- a need that its head or who raised it closed, and why
    CREATE TABLE closed_needs (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        need TEXT NOT NULL, outcome TEXT NOT NULL
    );
    -- what was decided about what asks for help
    CREATE TABLE decisions (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        decider TEXT NOT NULL, asks TEXT NOT NULL, school TEXT NOT NULL, decision TEXT NOT NULL
    );
    CREATE TABLE offers (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        provider TEXT NOT NULL, receiver TEXT NOT NULL, valid_until TEXT NOT NULL
    );
    CREATE TABLE agreements (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        provider TEXT NOT NULL, receiver TEXT NOT NULL, offer TEXT NOT NULL, ends TEXT NOT NULL
    );
    -- what passed between two parties: support, visits, judgements, money; whether they said that
    -- they have an interest in common, and whether support was agreed for no need that it names
    CREATE TABLE passed (
        event TEXT PRIMARY KEY, occurred_on TEXT NOT NULL, one TEXT NOT NULL, other TEXT NOT NULL,
        related INTEGER NOT NULL, needless INTEGER NOT NULL
    ) WITHOUT ROWID;
    -- what becomes of an agreement: another end, a pause, or how it is over
    CREATE TABLE courses (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        agreement TEXT NOT NULL, ends TEXT, paused_until TEXT, over TEXT
    );
    -- offers that are open no longer
    CREATE TABLE closings (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        offer TEXT NOT NULL, how TEXT NOT NULL
    );
    -- what providers say that they could give; days are whole hundredths
    CREATE TABLE capacities (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        provider TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL,
        days INTEGER NOT NULL, replaces TEXT
    );
    -- what hosts, or moderators, confirmed of visits, one of which may be confirmed in parts; days
    -- are whole hundredths
    CREATE TABLE confirmed (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL, visit TEXT NOT NULL,
        visitor TEXT NOT NULL, host TEXT NOT NULL, under TEXT, days INTEGER NOT NULL
    );
    -- school lines and bodies that ended, and the one that goes on from it, if one does;
    -- partnerships dissolved
    CREATE TABLE closures (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        party TEXT NOT NULL, last TEXT NOT NULL, goes_on TEXT,
        -- from when on that one does, and whether what the one owed that ended went along
        since TEXT, along INTEGER NOT NULL
    );
    -- a figure that was published, as text: it keeps its places
    CREATE TABLE figures (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        about TEXT NOT NULL, measure TEXT NOT NULL, basis TEXT NOT NULL,
        period_from TEXT NOT NULL, period_to TEXT NOT NULL,
        value TEXT NOT NULL, lower TEXT, upper TEXT, cohort INTEGER
    );
    -- a school's consent to publish a measure jointly, from a first day on
    CREATE TABLE consents (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL,
        school TEXT NOT NULL, partnership TEXT NOT NULL, measure TEXT NOT NULL
    );
    -- events that do not count from a day on
    CREATE TABLE disregarded (
        position INTEGER NOT NULL, event TEXT NOT NULL, first TEXT NOT NULL
    );
    """,
    """
    CREATE INDEX grades_judged ON grades (judged);
    CREATE INDEX grades_judge ON grades (judge);
    CREATE INDEX moderations_about ON moderations (about);
    CREATE INDEX admissions_school ON admissions (school);
    CREATE INDEX admissions_partnership ON admissions (partnership);
    CREATE INDEX confirmed_host ON confirmed (host, first);
    CREATE INDEX confirmed_under ON confirmed (under);
    CREATE INDEX courses_agreement ON courses (agreement);
    CREATE INDEX figures_about ON figures (about);
    CREATE INDEX consents_partnership ON consents (partnership);
    CREATE INDEX disregarded_event ON disregarded (event);
    """,
)

#: Who has said what: what one party states, what another affirms of it, what is published.
SAID = Layout(
    "said",
    2,
    """
    CREATE TABLE said (
        event TEXT NOT NULL,
        -- the thing that is stated or affirmed, as visit:<id>; of what is published, empty
        thing TEXT NOT NULL,
        how TEXT NOT NULL,
        -- the days or pounds that it says, if any
        amount TEXT
    );
    """,
    """
    CREATE INDEX said_event ON said (event);
    CREATE INDEX said_thing ON said (thing);
    """,
)

#: What was recorded for an office by another, and how that office answered; and who may read a
#: document, where that is said of it alone.
ANOTHER = Layout(
    "another",
    1,
    """
    -- authority is the event that lodged the document
    CREATE TABLE recorded_for (
        event TEXT PRIMARY KEY, office TEXT NOT NULL, authority TEXT NOT NULL
    ) WITHOUT ROWID;
    -- how is confirmed or disowned; the first answer counts
    CREATE TABLE answered (
        event TEXT PRIMARY KEY, how TEXT NOT NULL, by_event TEXT NOT NULL, position INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE readers (event TEXT PRIMARY KEY, audience TEXT NOT NULL) WITHOUT ROWID;
    """,
    "",
)

LAYOUTS = (HISTORY, OBLIGATIONS, REGISTERS, IRREGULAR, LATE, DEALINGS, SAID, ANOTHER)
