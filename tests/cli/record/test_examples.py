"""The example of each event, as it is typed."""

from cli.record.examples import example_of
from ledger.events import find


def test_one_that_says_no_says_why():
    """Whoever types it with a real id is not refused for leaving out why."""
    assert example_of(find("ImpactAnswered")) == (
        "--impact 01936f61 --answer contested --why 'The rise began in the term before the visits.'"
    )


def test_text_that_may_be_left_out_is():
    assert example_of(find("SupportEnded")) == (
        "--agreement 019346a8 --how stopped --effective-on 2025-02-28"
    )
