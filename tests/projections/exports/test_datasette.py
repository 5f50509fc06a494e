"""Folders for Datasette: the database is the one of its own format, and every column is told."""

import asyncio
import io
import json
import zipfile
from html import escape

import pytest
from hostile_report import MADE, written

from projections.exports import database
from projections.exports.datasette import write


@pytest.fixture
def unzipped(tmp_path):
    def unzip(report):
        file = io.BytesIO()
        write(report, MADE, file)
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tmp_path / "owes")
        return tmp_path / "owes"

    return unzip


def told(folder):
    return json.loads((folder / "metadata.json").read_text(encoding="utf-8"))


def test_it_holds_the_database_and_what_describes_it(unzipped, hostile):
    folder = unzipped(hostile)
    assert {path.name for path in folder.iterdir()} == {"owes.sqlite", "metadata.json"}
    file = io.BytesIO()
    database.write(hostile, MADE, file)
    assert (folder / "owes.sqlite").read_bytes() == file.getvalue()


def test_it_says_what_was_asked_and_what_each_column_means(unzipped, hostile):
    said = told(unzipped(hostile))
    assert said["title"] == hostile.title
    assert 'Asked: what "Elm" owes' in said["description"].split("\n")
    columns = said["databases"]["owes"]["tables"]["owes"]["columns"]
    single = [column for column in hostile.columns if column.type != "events"]
    assert columns.pop("row")
    assert columns == {column.name: column.meaning for column in single}


@pytest.mark.parametrize("rows", [None, []])
def test_datasette_shows_what_each_column_means(unzipped, hostile, rows):
    app = pytest.importorskip("datasette.app", reason="no datasette to read it back")
    report = hostile if rows is None else written(rows=rows)
    folder = unzipped(report)

    async def read():
        served = app.Datasette(config_dir=folder)
        return [await served.client.get(path) for path in ("/owes/owes", "/owes/about", "/owes")]

    pages = asyncio.run(read())
    assert [page.status_code for page in pages] == [200, 200, 200]
    for column in report.columns:
        if column.type != "events":
            assert escape(column.meaning) in pages[0].text
