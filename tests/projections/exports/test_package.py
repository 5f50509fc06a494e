"""Data packages: validated by frictionless and csvw, and their rows read back."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest
from exports_reading import figure, texts
from hostile_report import MADE, written

from projections.exports.package import write
from projections.pictures.base import Panel, Picture


def package(report):
    file = io.BytesIO()
    write(report, MADE, file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def square(panels):
    drawn = [Panel(9, '<rect width="9" height="9"/>')] * panels
    return lambda _: Picture("Square", "A square.", "", lambda _: drawn)


@pytest.fixture
def folder(tmp_path, hostile):
    """The package of the hostile report, with a picture, unpacked."""
    for name, content in package(replace(hostile, picture=square(1))).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_it_holds_a_table_and_what_its_columns_are_in_two_vocabularies(hostile):
    assert list(package(hostile)) == ["datapackage.json", "owes.csv", "owes.csv-metadata.json"]


def test_a_picture_stands_beside_its_table(hostile):
    parts = package(replace(hostile, picture=square(1)))
    assert list(parts)[1:] == ["owes.csv", "owes.csv-metadata.json", "owes.svg"]
    assert json.loads(parts["datapackage.json"])["image"] == "owes.svg"
    assert parts["owes.svg"].startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')


@pytest.mark.parametrize("more", [{"picture": square(0)}, {"picture": square(1), "rows": []}])
def test_where_nothing_is_drawn_there_is_no_picture(hostile, more):
    parts = package(replace(hostile, **more))
    assert not any(name.endswith(".svg") for name in parts)
    assert "image" not in json.loads(parts["datapackage.json"])


def test_the_table_has_every_row(hostile):
    table = package(hostile)["owes.csv"].decode()
    assert list(csv.DictReader(io.StringIO(table, newline=""))) == texts(hostile)


def test_both_say_what_was_asked_and_what_each_column_means(hostile):
    parts = package(hostile)
    described = json.loads(parts["datapackage.json"])
    (resource,) = described["resources"]
    assert resource["hash"] == f"sha256:{hashlib.sha256(parts['owes.csv']).hexdigest()}"
    assert resource["bytes"] == len(parts["owes.csv"])
    assert 'Asked: what "Elm" owes' in described["description"].splitlines()
    meanings = [column.meaning for column in hostile.columns]
    assert [field["description"] for field in resource["schema"]["fields"]] == meanings
    web = json.loads(parts["owes.csv-metadata.json"])
    assert [column["dc:description"] for column in web["tableSchema"]["columns"]] == meanings
    assert 'Asked: what "Elm" owes' in web["rdfs:comment"]


def test_the_same_report_is_the_same_bytes(hostile):
    files = io.BytesIO(), io.BytesIO()
    for file in files:
        write(hostile, MADE, file)
    assert files[0].getvalue() == files[1].getvalue()


def test_frictionless_finds_it_valid_and_reads_the_same_rows(folder, hostile):
    frictionless = pytest.importorskip("frictionless", reason="no frictionless to read it back")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    resource = frictionless.Package(str(folder / "datapackage.json")).get_resource("owes")
    rows = resource.read_rows()
    for read, told in zip(rows, texts(hostile), strict=True):
        assert read["debtor_name"] == told["debtor_name"]
        assert read["outstanding"] == figure(told["outstanding"])
        assert (read["due_on"].isoformat() if read["due_on"] else "") == told["due_on"]
        assert read["overdue"] is (told["overdue"] == "yes")
        assert read["urn"] == "0012345"


def test_csvw_finds_it_valid_and_reads_the_same_rows(folder, hostile):
    csvw = pytest.importorskip("csvw", reason="no csvw to read it back")
    read = csvw.CSVW(str(folder / "owes.csv-metadata.json"), validate=True)
    assert read.is_valid
    (table,) = read.to_json(minimal=False)["tables"]
    rows = [row["describes"][0] for row in table["row"]]
    for cells, told in zip(rows, texts(hostile), strict=True):
        assert cells["debtor_name"] == told["debtor_name"]
        assert figure(str(cells["outstanding"])) == figure(told["outstanding"])
        assert cells.get("due_on", "") == told["due_on"]
        assert cells["overdue"] is (told["overdue"] == "yes")
        assert " ".join(cells.get("events", [])) == told["events"]


def test_without_rows_it_is_a_package_all_the_same():
    parts = package(written(rows=[]))
    assert parts["owes.csv"].count(b"\r\n") == 1
