"""`replay` and `diff`, whole outputs; and stepping on a terminal."""

import json

import pytest

from cli.read import step

REPLAY = """\
Replay of Cedar Bank Academy (900103)
asked     what concerns Cedar Bank Academy (900103), recorded on 2026-05-18 or later, recorded on 2026-05-24 or before
ledger    northwick.example/support
known at  174, recorded on 2026-07-10; root <hash>
as of     2026-08-01

Who owes                     To whom                      What                Before  Change  After  Unit   Given beyond  Takes effect
---------------------------  ---------------------------  ------------------  ------  ------  -----  -----  ------------  ------------

167  2026-05-19  Cedar Bank Academy (900103) visited Dale End School (900004) (peer review), 1 day claimed, under the year:
Dale End School (900004)     Cedar Bank Academy (900103)  answer to a visit        0       1      1  item                 2026-05-19

168  2026-05-24  Dale End School (900004) confirmed 1 day of a visit by Cedar Bank Academy (900103):
Cedar Bank Academy (900103)  Estuary Schools Partnership  visits of the year       0       0      0  visit             1  2026-05-19
Dale End School (900004)     Cedar Bank Academy (900103)  answer to a visit        1      -1      0  item                 2026-05-24

`school-ledger help WORDS` explains words, as root or known at.
"""  # noqa: E501 - as it is printed
DIFF = """\
What differs of Cedar Bank Academy (900103) between 2025-07-31 as known at 122 (A) and 2026-07-31 as known at 174 (B)
asked     what Cedar Bank Academy (900103) owes and is owed
ledger    northwick.example/support
known at  174, recorded on 2026-07-10; root <hash>
as of     2026-07-31

"""  # noqa: E501 - as it is printed
OF_CEDAR = ("--about", "900003")


def test_replay_tells_each_event_with_what_it_changed(at, masked):
    days = ("--from", "2026-05-18", "--to", "2026-05-24")
    assert masked(at("replay", *OF_CEDAR, *days, "--as-of", "2026-08-01").stdout) == REPLAY


@pytest.mark.parametrize("until", ["2025-12-31", "100"])
@pytest.mark.parametrize("form", ["table", "json", "csv", "jsonl"])
def test_the_state_after_an_event_is_what_owes_says_known_at_it(at, until, form):
    state = at("replay", *OF_CEDAR, "--until", until, "-f", form)
    owed = at("owes", *OF_CEDAR, "--known-at", until, "-f", form)
    title = f"Replay until {until}: who owed what to whom after the last event by then"
    told = [text.replace(title, "Who owes what to whom") for text in (state.stdout, state.stderr)]
    assert told == [owed.stdout, owed.stderr]
    assert state.stdout
    assert (title in state.stdout) == (form in ("table", "json"))


def test_the_state_is_asked_for_alone(at):
    error = at("replay", "--until", "100", "--from", "2025-01-01", code=2).stderr
    assert "Leave one or the other away." in error


def test_diff_tells_what_happened_between_and_what_only_fell_due(at, masked):
    shown = masked(at("diff", "2025-07-31", "2026-07-31", *OF_CEDAR).stdout)
    assert shown.startswith(DIFF)
    told = [line for line in shown.splitlines() if line.endswith(":")]
    assert told == [
        "Happened or took effect between the two:",
        "Due between the two, and the day passed:",
    ]


def test_diff_as_json_names_the_events(at):
    document = json.loads(at("diff", "122", "174", *OF_CEDAR, "-f", "json").stdout)
    assert document["schema"] == "school-ledger.diff/1"
    account = next(row for row in document["rows"] if row["kind"] == "impact_account")
    assert (account["at_a"], account["at_b"], account["beyond_b"]) == ("0", "1", "")
    assert "PartnershipYearOpened" in at("show", account["events"][0]).stdout


def test_a_moment_that_is_none_is_refused(at):
    assert "expected a position from 1 to 174" in at("diff", "1", "999", code=2).stderr
    said = at("diff", "1", "tomorrow", code=2).stderr
    assert "'tomorrow' is neither a day in the form YYYY-MM-DD, as 2025-12-31, nor a" in said


def test_stepping_without_a_terminal_is_refused(at):
    error = at("replay", *OF_CEDAR, "--step", code=1).stderr
    assert "--step waits for somebody at a terminal, and there is none" in error


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        (["q"], [1]),
        (["n", "n", "p", "q"], [1, 2, 3, 2]),
        (["p", "q"], [1, 1]),
        (["60", "q"], [1, 60]),
        (["2025-09-01", "q"], [1, 123]),
        (["999", "n"], [1, 174]),
        (["2099-01-01", "q"], [1, 174]),
        (["nowhere", "q"], [1, 1]),
    ],
)
def test_stepping_moves_forwards_back_to_a_position_and_to_a_day(at, monkeypatch, typed, seen):
    keys = iter(typed)
    monkeypatch.setattr(step, "interactive", lambda: True)
    monkeypatch.setattr(step, "value", lambda *_, **__: next(keys))
    shown = at("replay", "--step").stdout.splitlines()
    heads = [int(line.split()[0]) for line in shown if line.endswith(":") and line[0].isdecimal()]
    assert heads == seen


@pytest.mark.parametrize("command", ["replay", "owes"])
def test_a_party_that_is_named_without_the_option_is_answered_with_it(world, command):
    said = world.error(command, "900001", code=2).splitlines()
    assert said[:2] == [
        "Error: got unexpected extra argument (900001)",
        f"To ask about one party: `school-ledger {command} --about 900001`.",
    ]
