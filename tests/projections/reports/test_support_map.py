"""Who supports a school now, and who stands around it."""

from pictures_reading import texts
from recording import ONE, THREE, TWO, agreed, offer, partnership, register, say

from projections.reports.support_map import QUESTION

NOW = ("2026-04-01", None)
COUNCIL = "body:northwick"


def agree(recorded, **said):
    offered = offer(recorded.ledger)
    return say(recorded.ledger, TWO, "SupportAgreed", **{**agreed(offered), **said}).event


def test_each_arrangement_with_who_stands_around_it(recorded):
    need = {"school": TWO.school, "raiser": TWO.school, "area": "inclusion", "level": "school"}
    need = say(recorded.ledger, TWO, "NeedIdentified", **need).event
    terms = {"trigger": f"need:{need}", "areas": ["inclusion"], "commissioner": COUNCIL}
    pledge = {"receiver": TWO.school, "route": "local_authority", "days": "6.0", **terms}
    said = {"provider": ONE.school, **pledge, "valid_until": "2026-12-31"}
    said |= {"price": "600.00", "payer": TWO.school}
    offered = say(recorded.ledger, ONE, "SupportOffered", **said).event
    dates = ["2026-05-29", "2026-07-17"]
    agreement = say(
        recorded.ledger, TWO, "SupportAgreed", **agreed(offered), review_dates=dates
    ).event
    (row,) = recorded.ask(QUESTION, NOW, about=TWO.school).rows
    names = ("route", "commissioner", "payer", "broker", "helped_areas", "grounds", "left")
    assert [row[name] for name in names] == [
        *("local_authority", COUNCIL, TWO.school, None),
        *("inclusion", "need of 2026-03-02", "6.0"),
    ]
    assert (row["last_review"], row["next_review"]) == (None, "2026-05-29")
    held = {"school": TWO.school, "agreements": [f"agreement:{agreement}"]}
    say(recorded.ledger, ONE, "ReviewHeld", **held)
    (row,) = recorded.ask(QUESTION, NOW, about=TWO.school).rows
    assert (row["last_review"], row["next_review"]) == ("2026-03-02", "2026-07-17")


def test_who_did_not_approve_a_price_pays_nothing(recorded):
    said = {"provider": ONE.school, "receiver": TWO.school, "route": "local_authority"}
    said |= {"days": "6.0", "valid_until": "2026-12-31", "areas": ["inclusion"]}
    priced = {"price": "600.00", "payer": COUNCIL, "commissioner": COUNCIL}
    offered = say(recorded.ledger, ONE, "SupportOffered", **said, **priced).event
    say(recorded.ledger, TWO, "SupportAgreed", **agreed(offered))
    (row,) = recorded.ask(QUESTION, NOW, about=TWO.school).rows
    assert (row["commissioner"], row["payer"], row["payer_name"]) == (COUNCIL, None, "")


def test_what_is_over_is_left_out_unless_days_are_left(recorded):
    agreement = f"agreement:{agree(recorded, days='1.0')}"
    said = {"visitor": ONE.school, "host": TWO.school, "purpose": "support", "mode": "on_site"}
    visit = say(recorded.ledger, ONE, "VisitMade", under=agreement, days="1.0", **said).event
    stop = {"agreement": agreement, "effective_on": "2026-03-02"}
    later = ("2026-08-01", None)
    assert len(recorded.ask(QUESTION, later).rows) == 1
    say(recorded.ledger, TWO, "VisitAttested", visit=f"visit:{visit}", days="1.0")
    assert recorded.ask(QUESTION, later).rows == []
    assert len(recorded.ask(QUESTION, NOW).rows) == 1
    say(recorded.ledger, TWO, "SupportEnded", how="completed", **stop)
    assert recorded.ask(QUESTION, NOW).rows == []


def test_of_a_school_what_it_receives_not_what_it_gives(recorded):
    agree(recorded)
    assert recorded.ask(QUESTION, NOW, about=ONE.school).rows == []
    assert len(recorded.ask(QUESTION, NOW, about=TWO.school).rows) == 1
    assert recorded.ask(QUESTION, NOW, provider=THREE.school).rows == []


def test_how_many_bodies_have_demands_of_it(recorded):
    agree(recorded)
    assert recorded.ask(QUESTION, NOW, about=TWO.school).notes[0] == (
        "No council, trust or other body has a demand of it that is still open."
    )
    agree(recorded, commissioner=COUNCIL)
    assert recorded.ask(QUESTION, NOW, about=TWO.school).notes[0] == (
        "Of councils, trusts and other bodies 1 has open demands of it: Northwick."
    )


def test_which_of_its_targets_cannot_all_be_met(pressed):
    def said(on):
        notes = pressed.ask(QUESTION, (on, None), about=TWO.school).notes
        return [note for note in notes if not note.startswith("unvouched")]

    both = (
        "It said that not all of these targets can be met: suspensions 0 by 2026-07-17, for Region"
        " North ({}); lessons lost 5 by 2026-12-18, for Inspectorate (no answer yet)."
    )
    bodies = (
        "Of councils, trusts and other bodies 4 have open demands of it: Beacon Trust,"
        " Inspectorate, Northwick, Region North."
    )
    assert said("2026-03-19") == [bodies]
    assert said("2026-03-29") == [bodies, both.format("no answer yet")]
    assert said("2026-07-19") == [bodies, both.format("stands")]
    # The one was missed, and the other is left alone.
    assert said("2026-07-20") == [bodies.replace("4", "3").replace(", Region North", "")]


def test_schools_of_one_trust_are_marked(recorded):
    agree(recorded)
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert row["marks"] == "unvouched, no need"
    register(recorded.ledger, "BodyRegistered", body="body:elm-trust", kind="trust", name="Elm")
    for head in (ONE, TWO):
        said = {"school": head.school, "former_body": COUNCIL, "effective_on": "2026-03-02"}
        register(
            recorded.ledger, "ResponsibleBodyChanged", responsible_body="body:elm-trust", **said
        )
    report = recorded.ask(QUESTION, NOW)
    assert report.rows[0]["marks"] == "unvouched, within group"
    assert any(note.startswith("within group: ") for note in report.notes)


def test_support_from_outside_without_a_need_is_marked(recorded):
    agree(recorded)
    need = {"school": TWO.school, "raiser": TWO.school, "area": "inclusion", "level": "school"}
    need = say(recorded.ledger, TWO, "NeedIdentified", **need).event
    terms = {"receiver": TWO.school, "route": "local_authority", "days": "6.0"}
    terms |= {"trigger": f"need:{need}", "valid_until": "2026-12-31"}
    offered = say(recorded.ledger, ONE, "SupportOffered", provider=ONE.school, **terms).event
    say(recorded.ledger, TWO, "SupportAgreed", **agreed(offered))
    report = recorded.ask(QUESTION, NOW)
    assert [row["marks"] for row in report.rows] == ["unvouched, no need", "unvouched"]
    assert any(note.startswith("no need: ") for note in report.notes)


def test_support_within_a_partnership_needs_no_need(recorded):
    partnership(recorded.ledger)
    agree(recorded)
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert "no need" not in row["marks"]


def test_the_picture_has_a_line_for_each_who_stands_around(recorded):
    agree(recorded, commissioner=COUNCIL)
    report = recorded.ask(QUESTION, NOW)
    picture = report.pictured(report.rows)
    assert picture.description.startswith("2 parties around 1 supported: 1 gives, 1 commissions.")
    assert all("School 1" in picture.panels(wide)[0].drawn for wide in (320, 960))


def test_around_one_school_the_wide_picture_is_a_star(recorded):
    agree(recorded, commissioner=COUNCIL)
    report = recorded.ask(QUESTION, NOW)
    narrow, wide = ("".join(texts(report.pictured(report.rows).panels(w))) for w in (320, 960))
    assert ("Supported" in narrow, "Supported" in wide) == (True, False)
    assert wide.startswith(report.rows[0]["receiver_name"])


def test_who_closed_supports_nobody_any_more(recorded):
    say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger)))
    register(recorded.ledger, "SchoolClosed", school=ONE.school, effective_on="2026-03-15")
    assert len(recorded.ask(QUESTION, ("2026-03-15", None)).rows) == 1
    assert recorded.ask(QUESTION, ("2026-03-16", None)).rows == []


def test_who_merged_supports_as_what_it_became(recorded):
    say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger)))
    said = {"predecessors": [ONE.school, THREE.school], "school": THREE.school}
    register(recorded.ledger, "SchoolsMerged", **said, effective_on="2026-03-10")
    rows = recorded.ask(QUESTION, ("2026-04-01", None)).rows
    assert [(row["provider"], row["left"]) for row in rows] == [(THREE.school, "6.0")]
