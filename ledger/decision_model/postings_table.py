"""The table of postings, as SQL: what everybody who writes postings down writes them into.

Apart from what fills it, so that whoever reads a table that is there loads no vocabulary.
"""

__all__ = ["POSTINGS"]

#: Amounts are whole hundredths of their unit.
POSTINGS = """
    CREATE TABLE postings (
        position INTEGER NOT NULL,
        event TEXT NOT NULL,
        obligation TEXT NOT NULL,
        kind TEXT NOT NULL,
        debtor TEXT NOT NULL,
        creditor TEXT NOT NULL,
        amount INTEGER NOT NULL,
        unit TEXT NOT NULL,
        effective_on TEXT NOT NULL,
        due_on TEXT,
        reason TEXT NOT NULL,
        claim TEXT NOT NULL,
        beyond INTEGER NOT NULL,
        per TEXT,
        -- the tag of the thing or party that the obligation is about
        about TEXT NOT NULL
    );
    -- by these the fold itself reads what it posted long ago
    CREATE INDEX postings_obligation ON postings (obligation, position);
    CREATE INDEX postings_claim ON postings (claim, position);
    CREATE INDEX postings_debtor ON postings (debtor, position);
    CREATE INDEX postings_creditor ON postings (creditor, position);
    CREATE INDEX postings_about ON postings (about, position);
"""
