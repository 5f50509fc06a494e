"""Which ledger and key a command uses: flags, then environment, then files."""

import pytest

from cli.terminal import settings


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The user's own settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    file = tmp_path / "home" / "school-ledger" / "config.toml"
    file.parent.mkdir(parents=True)
    return file


def test_paths_are_relative_to_the_file_that_names_them(world, monkeypatch):
    monkeypatch.chdir(world.folder.parent)
    assert settings.read(world.folder / "school-ledger.toml") == {
        "ledger": str(world.folder / "northwick.db"),
        "key": str(world.folder / "keys" / "registrar"),
    }


def test_settings_beside_the_ledger_count_wherever_the_command_runs(world, monkeypatch):
    monkeypatch.chdir(world.folder.parent)
    shown = world.done(
        "--ledger", "northwick/northwick.db", "record", "PersonEnrolled", "--name", "Kit"
    )
    assert "is recorded, at position 19" in shown


def test_the_environment_names_the_ledger(world, monkeypatch):
    monkeypatch.chdir(world.folder.parent)
    monkeypatch.setenv("SCHOOL_LEDGER", "northwick/northwick.db")
    assert "Alder School" in world.done("owes")


def test_a_flag_counts_more_than_the_environment(world, monkeypatch):
    monkeypatch.setenv("SCHOOL_LEDGER", "gone.db")
    assert "Alder School" in world.done("owes", "--ledger", "northwick.db")


def test_the_environment_counts_more_than_files(world, monkeypatch):
    monkeypatch.setenv("SCHOOL_LEDGER", "gone.db")
    assert "no ledger at gone.db" in world.error("owes")


def test_the_users_own_settings_come_last(world, home, monkeypatch):
    home.write_text(f'ledger = "{world.ledger}"\n')
    monkeypatch.chdir(world.folder.parent)
    assert "Alder School" in world.done("owes")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "kye = 'a'",
            (
                "school-ledger.toml has a setting that there is not: got kye, expected ledger, key,"
                " as, clock_confirmed."
            ),
        ),
        (
            "key = 3",
            "school-ledger.toml: key is malformed: got 3, expected text in quotes.",
        ),
        (
            "clock_confirmed = 'yes'",
            "school-ledger.toml: clock_confirmed is malformed: got yes, expected true or false.",
        ),
        ("key = keys/registrar", "the settings school-ledger.toml are not TOML: "),
    ],
)
def test_wrong_settings_are_told(world, text, said):
    (world.folder / "school-ledger.toml").write_text(f"{text}\n")
    assert world.error("owes").startswith(f"Error: {said}")


def test_a_set_office_goes_with_the_set_key_only(world):
    with (world.folder / "school-ledger.toml").open("a") as file:
        file.write('as = "officer@northwick"\n')
    said = world.error("record", "PersonEnrolled", "--name", "Kit")
    assert "does not hold the office officer of Northwick Council" in said
    attested = ("record", "VisitAttested", "--visit", world.visit[:13], "--days", "1")
    assert "is recorded" in world.done(*attested, "--key", world.key("birch"))
