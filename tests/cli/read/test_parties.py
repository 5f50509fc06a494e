"""`find` and `report parties`: who there is, and how whoever is called otherwise is proposed."""

import json

import pytest

from cli.terminal.formats import GLOSSARY_NAMED


@pytest.fixture
def named(world):
    """A ledger with names as people have them."""
    world.done("record", "PersonEnrolled", "--name", "Siân O'Brien")
    world.done(
        *("record", "BodyRegistered", "--body", "sheffield", "--kind", "local_authority"),
        *("--name", "Sheffield City Council", "--identifiers.la-code", "373"),
    )
    for urn, name, laestab in (
        ("900007", "Cedar Bank School", "373/2001"),
        ("900008", "St Mary\u2019s Catholic Primary School", "373/3002"),
    ):
        world.done(
            *("record", "SchoolRegistered", "--school", urn, "--urn", urn, "--name", name),
            *("--phase", "primary", "--la", "sheffield", "--identifiers.laestab", laestab),
        )
    world.done(
        *("record", "SchoolConverted", "--school", "900007", "--old-urn", "900007"),
        *("--old-urn-closes-on", "2024-09-01", "--new-urn", "900107"),
        *("--new-urn-opens-on", "2024-09-02", "--effective-on", "2024-09-02"),
        *("--name", "Harbour Academy"),
    )
    return world


def found(world, text, *more):
    document = json.loads(world.done("find", text, "--format", "json", *more))
    return [row["name"] for row in document["rows"]]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("sheffeild", "Sheffield City Council"),
        ("Sheffield", "Sheffield City Council"),
        ("373", "Sheffield City Council"),
        ("Sian O\u2019Brien", "Siân O'Brien"),
        ("SIAN OBRIEN", "Siân O'Brien"),
        ("brien", "Siân O'Brien"),
        ("cedar bnk", "Harbour Academy"),
        ("cedar bank school", "Harbour Academy"),
        ("harbour", "Harbour Academy"),
        ("900007", "Harbour Academy"),
        ("900107", "Harbour Academy"),
        ("373/2001", "Harbour Academy"),
        ("3732001", "Harbour Academy"),
        ("st marys", "St Mary\u2019s Catholic Primary School"),
        ("primary catholic", "St Mary\u2019s Catholic Primary School"),
    ],
)
def test_a_party_or_person_is_found_by_what_is_known_of_it(named, typed, name):
    assert found(named, typed)[0] == name


def test_found_by_name_on_screen(named):
    lines = [line.split() for line in named.done("find", "cedar bnk").splitlines()[5:]]
    titles = "Name Other names Kind URNs Reference Local authority Since"
    row = "Harbour Academy Cedar Bank School primary school 900007, 900107 900007"
    assert lines[0] == titles.split()
    assert lines[2:] == [
        [*row.split(), "Sheffield", "City", "Council", "2024-09-02"],
        [],
        ["Nothing", "is", "called", "so;", "these", "come", "near."],
        GLOSSARY_NAMED.split(),
    ]


def test_the_best_match_comes_first(world):
    for slug, name in (("a", "New Alder Trust"), ("b", "Alder"), ("c", "Alderley Trust")):
        world.done("record", "BodyRegistered", "--body", slug, "--kind", "trust", "--name", name)
    names = ["Alder", "Alder", "Alder School", "Alderley Trust", "New Alder Trust"]
    assert found(world, "alder") == names


def test_nothing_that_was_recorded_later_is_found(named):
    assert found(named, "harbour", "--known-at", "18") == []
    assert found(named, "brien", "--known-at", "18") == []


def test_a_name_that_was_erased_is_found_no_more(named):
    assert found(named, "brien") == ["Siân O'Brien"]
    (row,) = json.loads(named.done("find", "brien", "--format", "json"))["rows"]
    named.done(
        *("erase", row["events"][0], "name", "--authority", "data_subject"),
        *("--reason", "consent_withdrawn", "--yes"),
    )
    assert found(named, "brien") == []


def test_who_there_is_with_offices_held_on_the_day(named):
    rows = json.loads(named.done("report", "parties", "--format", "json"))["rows"]
    by_name = {row["name"]: row for row in rows}
    assert [row["kind"] for row in rows[:4]] == ["primary school"] * 4
    assert by_name["Birch"]["offices"] == ["head of Birch School (900002) from 2024-09-01"]
    assert by_name["Harbour Academy"]["former_names"] == ["Cedar Bank School"]
    named.done(
        *("record", "AppointmentEnded", "--person", named.people["birch"]),
        *("--office", "head@900002", "--effective-on", "2024-09-01"),
    )
    document = json.loads(named.done("report", "parties", "--format", "json"))
    assert {row["name"]: row["offices"] for row in document["rows"]}["Birch"] == []


def test_who_followed_a_head_holds_the_office_alone(world):
    world.done(
        *("record", "Appointed", "--person", world.people["officer"], "--basis", "acting"),
        *("--office", "head@900002", "--effective-on", "2024-09-02"),
        *("--succeeds", world.people["birch"]),
    )
    rows = json.loads(world.done("report", "parties", "--format", "json"))["rows"]
    offices = {row["name"]: row["offices"] for row in rows}
    assert offices["Birch"] == []
    assert "head of Birch School (900002) from 2024-09-02" in offices["Officer"]


# -- wherever a party or person is given ---------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ("history", "Birch School"),
        ("owes", "--by", "birch school"),
        ("show", "Birch School"),
        ("keys", "head@Birch School"),
        ("history", "Birch School", "--under", "Birch"),
    ],
)
def test_a_whole_name_names_a_party_wherever_one_is_given(world, command):
    assert "Birch School" in world.done(*command)


@pytest.mark.parametrize(
    "command",
    [
        ("history", "brich school"),
        ("owes", "--to", "brich school"),
        ("show", "brich school"),
        ("keys", "brich school"),
        (
            "record",
            "NeedIdentified",
            "--school",
            "brich school",
            "--area",
            "inclusion",
            "--level",
            "school",
        ),
        ("export", "bundle", "--school", "brich school", "-o", "b.zip"),
    ],
)
def test_an_error_proposes_what_is_near_wherever_a_party_is_given(world, command):
    assert world.error(*command).endswith("Did you mean Birch School (900002)?\n")


def test_a_name_that_several_have_is_refused_with_all_of_them(world):
    for slug in ("one", "two"):
        world.done("record", "BodyRegistered", "--body", slug, "--kind", "trust", "--name", "Tide")
    assert world.error("history", "tide") == (
        "Error: tide may be any of several: Tide (body:one), Tide (body:two): expected a URN, or"
        " more of the name or reference.\n"
    )


def test_a_refusal_names_people_and_schools_as_people_do(world):
    said = world.error(
        *("record", "VisitAttested", "--visit", world.visit, "--days", "1"),
        *("--key", world.key("alder"), "--as", "head@900002"),
    )
    assert "Alder does not hold the office head of Birch School (900002)" in said
    assert "person:" not in said


def test_whoever_is_not_registered_stays_a_reference(world):
    someone = "person:01936b5c-96e3-7b3c-8a7c-09d18b0b6a41"
    said = world.error(
        *("record", "Appointed", "--person", someone, "--office", "head@900002"),
        *("--basis", "acting", "--effective-on", "2024-09-02"),
    )
    assert (
        f"it names {someone} as person, which is not registered in this ledger;"
        " `school-ledger find NAME` looks it up, and a registrar registers it"
    ) in said


def test_a_signed_statement_that_is_refused_is_told_by_names_too(world):
    draft = ("draft", "VisitAttested", "--visit", world.visit, "--days", "1")
    world.done(*draft, "--key", world.key("alder"), "--as", "head@900002", "-o", "v.json")
    world.done("sign", "v.json", "--key", world.key("alder"), "-o", "signed.jsonl")
    said = world.error("append", "signed.jsonl")
    assert "Alder does not hold the office head of Birch School (900002)" in said
