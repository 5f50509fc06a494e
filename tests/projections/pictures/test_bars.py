"""Bars: each amount has one, as long as it is much, with its figure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures_reading import shapes, texts

from projections.pictures.bars import Bar, Group, bars
from projections.pictures.base import HIGH, NARROW, WIDE


def group(*amounts, name="Alder", heading="2025-26"):
    return Group(name, heading, [Bar("days", Decimal(amount)) for amount in amounts])


def test_a_group_of_two_is_this():
    one = Group("Alder", "2025-26", [Bar("agreed", Decimal("10.0")), Bar("late", Decimal(5), True)])
    (panel,) = bars([one], WIDE)
    assert texts([panel]) == ["2025-26", "Alder", "10.0 agreed", "5 late"]
    agreed, late = shapes([panel], "rect")
    assert (agreed["y"], agreed["height"], agreed["class"]) == ("27", "12", "fill-mark")
    assert (late["y"], late["x"], late["class"]) == ("45", agreed["x"], "fill-late")
    assert float(agreed["x"]) + float(agreed["width"]) == 960
    assert float(late["width"]) == pytest.approx(float(agreed["width"]) / 2, abs=0.1)
    assert panel.height == 24 + 36 + 8


AMOUNTS = st.lists(st.decimals(0, 9999, places=1), max_size=6)


@given(st.lists(AMOUNTS, max_size=12), st.sampled_from([NARROW, WIDE]))
def test_every_amount_has_a_bar_on_one_scale(found, wide):
    panels = bars([group(*amounts) for amounts in found], wide)
    amounts = [amount for each in found for amount in each if amount]
    drawn = shapes(panels, "rect")
    assert len(drawn) == len(amounts)
    said = [words for words in texts(panels) if words.endswith(" days")]
    assert said == [f"{amount} days" for amount in amounts]
    for rect, amount in zip(drawn, amounts, strict=True):
        room = wide - float(rect["x"])
        share = room * float(amount / max(amounts))
        assert float(rect["width"]) == pytest.approx(share, abs=0.15)


@pytest.mark.parametrize("found", [[], [group()], [group("0.0")]])
def test_nothing_is_no_panel(found):
    assert bars(found, WIDE) == []


def test_many_are_drawn_in_parts_each_with_its_heading():
    panels = bars([group(1, 2, 3, name=f"School {n}") for n in range(40)], WIDE)
    assert len(panels) > 2
    assert all(panel.height <= HIGH[WIDE] for panel in panels)
    assert all(texts([panel])[0] == "2025-26" for panel in panels)
