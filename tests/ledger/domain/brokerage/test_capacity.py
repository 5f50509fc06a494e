"""Capacity: what is declared, and how much of it is given, owed and offered."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEACON,
    BEN,
    NORTHWICK,
    ONE,
    THREE,
    TOM,
    TWO,
    agreed,
    attested,
    capacity,
    given,
    made,
    offer_closed,
    offered,
    support_ended,
    variation_accepted,
    varied,
    withdrawn,
)

DECLARED = given(NORTHWICK, capacity())
YEAR = f"{ONE} declared 10.0 days from 2024-09-01 to 2025-08-31, of which"


def another(label="o2", on="2024-09-05", **changes):
    """School one offers school three some days."""
    return offered(label, on, **{"receiver": THREE, "ends": "2025-03-31", **changes})


def left(days, asked):
    """Return why so many days are not offered, where so many are left."""
    return f"{YEAR} {days} are left: {asked} are more; declare more first"


class TestCapacityDeclared:
    def test_by_a_school_or_a_body(self):
        NORTHWICK.when(capacity(areas=["inclusion"], price="350.00")).then_recorded()
        NORTHWICK.when(capacity(provider=BEACON, by=TOM)).then_recorded()

    NOT: ClassVar = {
        "of no days": (
            {"days": "0.0"},
            "it declares no days; to declare none any more, withdraw what was declared",
        ),
        "backwards": (
            {"ends": "2024-08-31"},
            "it ends on 2024-08-31, before it starts on 2024-09-01",
        ),
        "in place of what nobody declared": (
            {"replaces": "capacity:zzz"},
            (
                "it names <capacity:zzz>, and no capacity of that id stands in this ledger;"
                " `school-ledger show capacity:` lists those that do"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        NORTHWICK.when(capacity(**changes)).then_refused(reason)

    def test_in_the_place_of_its_own_once(self):
        replaced = given(DECLARED, capacity("c2", replaces="capacity:c", days="4.0"))
        replaced.when(capacity("c3", replaces="capacity:c")).then_refused(
            "<capacity:c> is replaced already"
        )
        DECLARED.when(capacity("c2", replaces="capacity:c", provider=BEACON, by=TOM)).then_refused(
            (
                f"“provider” must be as in the replaces it names: got {BEACON}, expected {ONE};"
                " left out, it is filled in"
            ),
            "<capacity:c> is replaced already",
        )


class TestWhatIsOffered:
    def test_up_to_what_was_declared(self):
        DECLARED.when(another(days="10.0")).then_recorded()
        DECLARED.when(another(days="10.5")).then_refused(left("10.0", "10.5"))

    def test_as_much_as_one_likes_where_nothing_was_declared(self):
        NORTHWICK.when(another(days="500.0")).then_recorded()
        DECLARED.when(another(days="500.0", ends="2025-09-01")).then_recorded()

    def test_less_what_is_offered(self):
        history = given(DECLARED, offered())
        history.when(another(days="4.0")).then_recorded()
        history.when(another(days="4.5")).then_refused(left("4.0", "4.5"))

    def test_an_offer_counts_until_it_lapses_or_is_closed(self):
        history = given(DECLARED, offered(valid_until="2024-10-31"))
        act = another(days="4.5", valid_until="2025-03-31")
        history.when(act.but(on="2024-10-31")).then_refused(left("4.0", "4.5"))
        history.when(act.but(on="2024-11-01")).then_recorded()
        for how, by in (("declined", BEN), ("withdrawn", ANN)):
            given(history, offer_closed(how=how, by=by)).when(act).then_recorded()
        given(history, withdrawn("o", ANN, "2024-09-04")).when(act).then_recorded()

    def test_less_what_is_agreed_whatever_is_given_of_it(self):
        history = given(DECLARED, offered(), agreed(days="4.0"))
        history.when(another(days="6.0")).then_recorded()
        for days in ("1.5", "4.0"):
            visit = [made(under="agreement:g", days=days), attested(days=days)]
            after = given(history, visit)
            after.when(another(on="2024-10-03", days="6.0")).then_recorded()
            after.when(another(on="2024-10-03", days="6.5")).then_refused(left("6.0", "6.5"))

    def test_less_what_was_given_beyond(self):
        visit = [made(under="agreement:g", days="5.5"), attested(days="5.5")]
        history = given(DECLARED, offered(), agreed(days="4.0"), visit)
        history.when(another(on="2024-10-03", days="5.0")).then_refused(left("4.5", "5.0"))

    def test_what_is_stopped_stays_owed_and_counts(self):
        history = given(DECLARED, offered(), agreed(), support_ended(on="2024-10-01"))
        history.when(another(on="2024-10-02", days="5.0")).then_refused(left("4.0", "5.0"))

    def test_of_what_is_replaced_only_what_was_given_counts(self):
        anew = offered("o2", days="2.0", on="2024-10-03")
        replacing = agreed("g2", "o2", "2024-10-04", days="2.0", replaces="agreement:g")
        visit = [made(under="agreement:g"), attested()]
        history = given(DECLARED, offered(), agreed(), visit, anew, replacing)
        act = another("o3", "2024-10-05")
        history.when(act.but(days="6.5")).then_recorded()
        history.when(act.but(days="7.0")).then_refused(left("6.5", "7.0"))

    def test_declarations_add_up_and_replace_one_another(self):
        more = given(DECLARED, capacity("c2", days="2.0", starts="2025-01-01", ends="2025-12-31"))
        more.when(another(days="12.0")).then_recorded()
        more.when(another(days="12.5")).then_refused(
            f"{ONE} declared 12.0 days from 2024-09-01 to 2025-12-31, of which 12.0 are left:"
            " 12.5 are more; declare more first"
        )
        fewer = given(DECLARED, capacity("c2", days="2.0", replaces="capacity:c"))
        fewer.when(another(days="2.5")).then_refused(
            left("2.0", "2.5").replace("declared 10.0", "declared 2.0")
        )
        none = given(DECLARED, withdrawn("c", ANN, "2024-09-03"))
        none.when(another(days="500.0")).then_recorded()

    def test_days_count_in_the_time_in_which_they_end(self):
        later = capacity("c2", days="3.0", starts="2025-09-01", ends="2026-08-31")
        history = given(DECLARED, later, another(days="10.0"))
        act = another("o3", days="3.0", ends="2025-10-31")
        history.when(act).then_recorded()
        history.when(act.but(days="3.5")).then_refused(
            f"{ONE} declared 3.0 days from 2025-09-01 to 2026-08-31, of which 3.0 are left:"
            " 3.5 are more; declare more first"
        )


class TestWhatIsAgreed:
    def test_it_was_counted_as_it_was_offered(self):
        given(DECLARED, offered(days="10.0")).when(agreed(days="10.0")).then_recorded()

    def test_not_where_it_ends_in_another_time_with_too_few_days(self):
        later = capacity("c2", days="3.0", starts="2025-09-01", ends="2026-08-31")
        history = given(DECLARED, later, offered())
        act = agreed(ends="2025-10-31")
        history.when(act).then_refused(
            f"{ONE} declared 3.0 days from 2025-09-01 to 2026-08-31, of which 3.0 are left:"
            " 6.0 are more; declare more first"
        )
        history.when(act.but(days="3.0")).then_recorded()


class TestWhatIsRaised:
    AGREED = given(DECLARED, offered(), agreed(), another(days="3.0"))

    def test_up_to_what_is_left(self):
        given(self.AGREED, varied(days="7.0")).when(variation_accepted()).then_recorded()

    def test_neither_proposed_nor_accepted_beyond_it(self):
        self.AGREED.when(varied(days="7.5")).then_refused(left("1.0", "1.5"))
        more = another("o3", "2024-11-01", days="1.0")
        history = given(self.AGREED, varied(days="7.0"), more)
        history.when(variation_accepted()).then_refused(left("0.0", "1.0"))

    def test_lowering_it_leaves_more(self):
        fewer = [varied(days="2.0"), variation_accepted()]
        given(self.AGREED, fewer).when(another("o3", "2024-11-03", days="5.0")).then_recorded()

    def test_a_later_end_counts_where_it_ends(self):
        later = capacity("c2", days="3.0", starts="2025-09-01", ends="2026-08-31")
        history = given(self.AGREED, later)
        history.when(varied(ends="2025-10-31")).then_refused(
            f"{ONE} declared 3.0 days from 2025-09-01 to 2026-08-31, of which 3.0 are left:"
            " 6.0 are more; declare more first"
        )


def test_what_others_receive_is_no_matter():
    history = given(DECLARED, offered(provider=TWO, receiver=ONE, by=BEN, days="9.0"))
    history.when(another(days="10.0")).then_recorded()
