"""What was asked for lately is held, the rest is gone."""

from ledger.decision_model.recent import Recent


def test_what_is_not_held_is_nothing():
    assert Recent(nothing=0)["x"] == 0


def test_what_nobody_asked_for_between_two_times_is_forgotten():
    recent = Recent(nothing=None)
    recent.update(asked=1, put=1, neither=1)
    recent.forget()
    assert len(recent) == 0
    assert recent["asked"] == 1
    recent["put"] = 2
    recent.forget()
    assert [recent[key] for key in ("asked", "put", "neither")] == [1, 2, None]


def test_what_is_put_anew_is_told_and_not_what_was_held_before():
    recent = Recent(nothing=None)
    recent["x"] = 1
    recent.forget()
    recent["x"] = 2
    assert recent["x"] == 2
    recent.forget()
    assert recent["x"] == 2
