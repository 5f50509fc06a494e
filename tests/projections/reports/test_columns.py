"""Columns: one telling of each, with a sentence of meaning."""

import importlib
import pkgutil

import pytest

import projections.details
import projections.reports
from cli.keep import check, import_told
from cli.read import show
from projections.reports.columns import Column, hidden

OTHERS = (check, import_told, show)


def every_column(*others):
    rooms = (projections.reports, projections.details)
    modules = [
        importlib.import_module(f"{room.__name__}.{found.name}")
        for room in rooms
        for found in pkgutil.iter_modules(room.__path__)
    ]
    for module in (*modules, *others):
        for value in vars(module).values():
            columns = value if isinstance(value, tuple) else [value]
            yield from (column for column in columns if isinstance(column, Column))


@pytest.mark.parametrize(
    "column", dict.fromkeys(every_column(*OTHERS)), ids=lambda column: column.name
)
def test_each_means_something_in_one_sentence(column):
    assert column.meaning[0].isupper()
    assert column.meaning.endswith(".")
    assert ". " not in column.meaning.rstrip(".")


def test_one_name_and_title_mean_one_thing():
    found = {}
    for column in every_column():
        said = (column.meaning, column.type)
        assert found.setdefault((column.name, column.title), said) == said, column.name


def test_what_is_hidden_is_the_same_column_but_on_screen():
    (column,) = hidden(Column("a", "A", "What a is.", "amount"))
    assert (column.shown, column.figure, column.meaning) == (False, True, "What a is.")
