"""Whatever a command advises on the demo can be typed as it stands, and so on until it is done.

What only a reader knows stands there in capitals, or what is typed says that it is missing.
"""

import json
import re
import shlex
import shutil

import pytest
from click.testing import CliRunner

from cli.main import main

pytestmark = pytest.mark.sampled(8)

_ADVISED = re.compile(r"`(school-ledger [^`]+)`")
#: What a reader is to fill in: by what stands in its place, what is typed there.
FILLED_IN = {
    "NUMBER": "1",
    "FILE": "keys/alder",
    "KEY": "keys/alder",
    "NAME": "Mx Elder",
    "OFFICE": "head@900007",
    "ME.JSON": "me.json",
    "PARTY": "900003",
    "TEXT": "cedar",
    "WORDS": "root",
    "URN": "900007",
    "PUBLISHER": "Northwick",
    "TITLE": "Registers",
}
#: How what is typed says that a reader is still to say something.
_TO_BE_SAID = re.compile(
    r"missing (?:options?|argument)\b|there is no bundle BUNDLE"
    r"|only you can say the rest\. .*`--say |`--say [a-z-]+=…`"
)
SIGNED = {"answer", "inbox", "record"}
#: Who keeps the registers, as is advised where nobody holds an office, or a school is gone.
REGISTRAR = ("--key", "keys/registrar", "--as", "registrar@ledger")


@pytest.fixture
def copy(place, tmp_path):
    """A copy of the demo in which commands are typed."""
    folder = tmp_path / "d"
    shutil.copytree(place / "d", folder)
    return folder


@pytest.fixture(autouse=True)
def _in_the_copy(copy, monkeypatch):
    monkeypatch.chdir(copy)


def typed(*words):
    return CliRunner().invoke(main, words)


def advised(told):
    """Return the commands that are named in what a command printed."""
    return dict.fromkeys(_ADVISED.findall(" ".join(told.output.split())))


def as_typed(command, signing):
    """Return the words of a command as a reader types them, who has a key."""
    words = [FILLED_IN.get(word, word) for word in shlex.split(command)[1:]]
    signs = words[0] in SIGNED and not {"--help", "--key", "--as"} & {*words}
    return words + [*(REGISTRAR if words[0] == "record" else signing)] * signs


def assert_can_be_typed(command, signing):
    done = typed(*as_typed(command, signing))
    if done.exit_code:
        said = " ".join(done.stderr.split())
        assert done.exit_code in {1, 2}, (command, done.output)
        assert _TO_BE_SAID.search(said), (command, said)


def holders(copy):
    return sorted(one.name for one in (copy / "keys").iterdir() if one.suffix != ".pub")


def waiting(signing):
    """Return what waits in the inbox of a key, by what is owed, or by the offer."""
    told = typed("inbox", "-f", "json", *signing)
    rows = json.loads(told.stdout)["rows"] if told.exit_code == 0 else []
    return [row["obligation"] or row["opened_by"] for row in rows if row["number"]]


@pytest.mark.parametrize("asked", [("check",), ("owes",), ("report", "unconfirmed")])
def test_what_a_command_on_the_whole_record_advises(asked):
    told = typed(*asked)
    assert told.exit_code == 0, told.output
    assert advised(told)
    for command in advised(told):
        assert_can_be_typed(command, ("--key", "keys/registrar"))


def test_what_inboxes_advise(copy):
    for name in holders(copy):
        signing = ("--key", f"keys/{name}")
        # What is recorded may move what waits.
        for command in sorted(advised(typed("inbox", *signing)), key=lambda one: " record " in one):
            # The first is named, too; each is answered by its name below.
            if command != "school-ledger answer NUMBER":
                assert_can_be_typed(command, signing)


@pytest.mark.sweep
def test_what_answers_advise(copy):
    answered = 0
    for name in holders(copy):
        signing = ("--key", f"keys/{name}")
        for owed in waiting(signing):
            told = typed("answer", owed, *signing)
            answered += 1
            said = " ".join(told.stderr.split())
            assert told.exit_code == 0 or _TO_BE_SAID.search(said), (owed, said)
            for command in advised(told):
                assert_can_be_typed(command, signing)
    assert answered > 40


#: What is refused on the demo, and what is advised instead.
REFUSALS = (
    ("history", "nobody"),
    ("show", "0193ffff"),
    ("owes", "--kind", "suport"),
    ("report", "orphans", "--kind", "suport"),
    ("keys", "head@900099"),
    ("answer", "99"),
    ("answer", "1", "--as", "head@900002"),
    ("inbox", "--key", "keys/nobody"),
    ("erase", "0193ffff"),
    ("export", "bundle", "--school", "nobody", "-o", "b.zip"),
    ("export", "pack", "--school", "900003", "--report", "claims", "-o", "b.zip"),
    ("verify", "demo.db"),
    ("verify", "trust-card.txt"),
    ("load", "trust-card.txt"),
    ("log", "prove", "999999"),
    ("help", "owes"),
    ("help", "xyzzy"),
    ("record", "VisitMade", "--visitor", "900001"),
    ("record", "VisitMade", "--visitor", "900001", "--host", "nobody"),
    ("record", "VisitAttested", "--visit", "last"),
    ("record", "SupportAgreed", "--offer", "0193ffff"),
    ("record", "Nothing"),
    ("--ledger", "nowhere.db", "owes"),
    ("--ledger", "keys/alder", "check"),
    ("owes", "-f", "ods"),
    ("owes", "-o", "owes.docx"),
    ("owes", "--as-of", "someday"),
    ("owes", "--known-at", "999999"),
    ("replay", "--until", "0193ffff"),
    ("vouch", "nobody"),
    ("enrol", "trust-card.txt"),
)


@pytest.mark.parametrize("refused", REFUSALS, ids=" ".join)
def test_what_refusals_advise(refused):
    told = typed(*refused)
    assert told.exit_code in {1, 2, 3}, told.output
    for command in advised(told):
        assert_can_be_typed(command, ())
