"""What rows are when they are read back as text: how each type of value is told in a file."""

import unicodedata
from decimal import Decimal


def as_text(value):
    """Return a value as a file shows it to people."""
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(value)
    return str(value)


def texts(report):
    """Return the rows of a report as texts, by column name."""
    return [
        {column.name: as_text(row.get(column.name)) for column in report.columns}
        for row in report.rows
    ]


def figure(text):
    """Return a figure as a number, so that 2.50 and 2.5 are the same."""
    return Decimal(text) if text else None


def squeezed(text):
    """Return what is seen of a text without any blank, however its letters were composed."""
    told = unicodedata.normalize("NFKC", text)
    return "".join(c for c in told if not c.isspace() and unicodedata.category(c) != "Cf")
