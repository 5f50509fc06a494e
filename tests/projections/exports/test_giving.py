"""Fundings as 360Giving data: held against its schema where that is at hand."""

import io
import json
import os
from datetime import datetime
from pathlib import Path

import pytest
from hostile_report import MADE, written
from moneyed import KEEPER, tell
from recording import register

from projections.errors import ProjectionError
from projections.exports.giving import write
from projections.reports.funding import QUESTION
from projections.tables import catalogue
from projections.tables.views import moment

jsonschema = pytest.importorskip("jsonschema", reason="no jsonschema to hold it against")
referencing = pytest.importorskip("referencing", reason="as above")
jsonschemas = pytest.importorskip("referencing.jsonschema", reason="as above")

#: A folder with both files of `schema/` of github.com/ThreeSixtyGiving/standard.
SCHEMA = os.environ.get("SCHEMA_OF_360GIVING", "")
_NAMES = ("360-giving-package-schema.json", "360-giving-schema.json")
_AT = "https://raw.githubusercontent.com/ThreeSixtyGiving/standard/{}/schema/{}"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Three fundings, as `moneyed` tells them."""
    found = tell(tmp_path_factory.mktemp("money") / "money.db")
    yield found
    found.ledger.close()


def asked(told, day="2026-06-30", **narrowed):
    with catalogue.views(told.ledger.store, None).open() as connection:
        at = moment(connection, day, None)
        return QUESTION.answer(connection, told.ledger.store, at, QUESTION.asked(**narrowed))


def package(report):
    file = io.BytesIO()
    write(report, MADE, file)
    return json.loads(file.getvalue())


def grants(told, **how):
    return {one["title"]: one for one in package(asked(told, **how))["grants"]}


def test_a_grant_is_what_was_committed_and_who_keeps_it_is_its_recipient(told):
    grant = grants(told)["Early reading"]
    funding = told.funds["Early reading"]
    assert grant == {
        "id": f"360G-northwick-example-support-{funding}",
        "title": "Early reading",
        "description": "Early reading, for Estuary Partnership; to be accounted for by 2026-07-31."
        " Marks: unvouched.",
        "currency": "GBP",
        "amountAwarded": 4500.0,
        "amountDisbursed": 3000.0,
        "awardDate": "2026-03-03",
        "fundingOrganization": [
            {"id": "360G-northwick-example-support-northwick", "name": "Northwick"}
        ],
        "recipientOrganization": [{"id": "GB-EDU-900001", "name": "School 1 (900001)"}],
        "grantProgramme": [{"title": "Improvement fund 2026"}],
    }


def test_it_says_what_was_asked_and_of_what(told):
    found = package(asked(told))
    assert found["version"] == "1.4"
    assert found["issued"] == "2026-08-01"
    assert found["publisher"] == {"name": "northwick.example/support"}
    assert (
        "Asked: everything; Ledger: northwick.example/support; As of: 2026-06-30"
        in (found["description"])
    )


def test_no_person_is_named(told):
    text = json.dumps(package(asked(told)))
    assert not any(name in text for name in ("Olive", "Fay", "Rosalind", "person:"))


def test_a_school_that_converted_goes_by_the_urn_of_the_day(tmp_path):
    told = tell(tmp_path / "money.db")
    register(
        told.ledger,
        "SchoolConverted",
        school=KEEPER.school,
        old_urn=f"urn:{KEEPER.school[7:]}",
        old_urn_closes_on="2026-06-30",
        new_urn="urn:900101",
        new_urn_opens_on="2026-07-01",
        effective_on="2026-07-01",
        name="Alder Academy",
        establishment_type="34",
        former_body="body:northwick",
        responsible_body="body:northwick",
    )
    before, after = (
        grants(told, day=day)["Early reading"]["recipientOrganization"][0]
        for day in ("2026-06-30", "2026-07-01")
    )
    assert (before["id"], after["id"]) == ("GB-EDU-900001", "GB-EDU-900101")
    told.ledger.close()


def test_a_body_goes_by_its_number_in_a_register(tmp_path):
    told = tell(tmp_path / "money.db")
    said = {"kind": "trust", "name": "Beacon Trust", "identifiers": {"company": "07654321"}}
    register(told.ledger, "BodyRegistered", body="body:beacon", **said)
    told.commit(
        "A trust's",
        "body:beacon",
        on="2026-06-12",
        instalments=[{"pay_by": "2026-06-30", "pounds": "1.00"}],
        account_by="2026-12-31",
    )
    assert grants(told)["A trust's"]["recipientOrganization"] == [
        {"id": "GB-COH-07654321", "name": "Beacon Trust"}
    ]
    told.ledger.close()


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (written, "owes makes no 360Giving data, for it lists no money that was committed"),
        (None, "360Giving data has at least one grant, and this report has no row"),
    ],
)
def test_what_makes_none_is_refused(told, report, words):
    with pytest.raises(ProjectionError, match=words):
        package(asked(told, day="2026-03-01") if report is None else report())


FORMATS = jsonschema.FormatChecker(())


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value):
    """A day alone is none: the standard asks for either, never for both."""
    return "T" in value and bool(datetime.fromisoformat(value))


def test_it_is_valid_by_the_schema_of_the_standard(told):
    found = [Path(SCHEMA, name) for name in _NAMES]
    if not SCHEMA or not all(path.is_file() for path in found):
        pytest.skip("SCHEMA_OF_360GIVING names no folder with the schema of the standard")
    schemas = [json.loads(path.read_text(encoding="utf-8")) for path in found]
    registry = referencing.Registry().with_resources(
        (_AT.format(version, name), jsonschemas.DRAFT202012.create_resource(schema))
        for version in ("1.4.2", "1.4.3")
        for name, schema in zip(_NAMES, schemas, strict=True)
    )
    package_schema = {**schemas[0], "$schema": "https://json-schema.org/draft/2020-12/schema"}
    judge = jsonschema.Draft202012Validator(
        package_schema, registry=registry, format_checker=FORMATS
    )
    data = package(asked(told))
    assert [error.message for error in judge.iter_errors(data)] == []
    for member in ("awardDate", "amountAwarded", "recipientOrganization", "title"):
        broken = json.loads(json.dumps(data))
        del broken["grants"][0][member]
        assert list(judge.iter_errors(broken)), member
