"""Not one byte of a bundle may be another: altered as a file, or in a file that is packed again.

By default every 449th byte, three ways each; every 149th with `-m sweep`, and every one with
`-m hours`.
"""

from __future__ import annotations

import random
import zipfile

import pytest
from bundles import repacked, small

from ledger.bundle.manifest import Selection
from ledger.errors import LedgerError
from ledger.verification.verify import verify_bundle

STRIDES = [
    449,
    pytest.param(149, marks=pytest.mark.sweep),
    pytest.param(1, marks=pytest.mark.hours),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = small(tmp_path_factory.mktemp("small") / "small.db")
    made.say("bert", "PersonEnrolled", person=made.people["cleo"], name="Cleo")
    yield made
    made.ledger.close()


@pytest.fixture(scope="module", params=["whole", "part"])
def bundle(request, world, tmp_path_factory):
    chosen = None if request.param == "whole" else Selection(party=world.people["anna"])
    folder = tmp_path_factory.mktemp("bundle")
    held = world.note(2)
    return world.bundle(folder / "b.zip", selection=chosen, text="all", held=held)


def verified(path):
    try:
        return verify_bundle(path).verified
    except LedgerError:
        return False


def ways(data, place):
    byte = data[place]
    yield data[:place] + bytes([byte ^ (1 << place % 8)]) + data[place + 1 :]
    yield data[:place] + data[place + 1 :]
    yield data[:place] + bytes([byte]) + data[place:]


def test_the_bundle_itself_verifies(bundle):
    assert verified(bundle)


@pytest.mark.parametrize("stride", STRIDES)
def test_no_byte_of_the_archive_may_be_another(bundle, tmp_path, stride):
    data = bundle.read_bytes()
    path = tmp_path / "b.zip"
    for place in range(7 % stride, len(data), stride):
        for altered in ways(data, place):
            path.write_bytes(altered)
            assert not verified(path), place


@pytest.mark.parametrize("stride", STRIDES)
def test_no_byte_of_any_file_may_be_another_though_it_is_packed_anew(bundle, tmp_path, stride):
    with zipfile.ZipFile(bundle) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    for name, data in files.items():
        for place in range(0, len(data), stride):
            for altered in ways(data, place):
                if altered == data:
                    continue
                path = repacked(tmp_path / "b.zip", files | {name: altered})
                assert not verified(path), (name, place)


def test_no_file_may_be_left_out_doubled_or_put_in_the_place_of_another(bundle, tmp_path):
    with zipfile.ZipFile(bundle) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    names = list(files)
    for number, name in enumerate(names):
        without = {other: data for other, data in files.items() if other != name}
        assert not verified(repacked(tmp_path / "b.zip", without)), name
        other = names[number - 1]
        if files[name] != files[other]:
            swapped = files | {name: files[other], other: files[name]}
            assert not verified(repacked(tmp_path / "b.zip", swapped)), (name, other)


@pytest.mark.parametrize("stride", STRIDES)
def test_nor_may_several_bytes_anywhere(bundle, tmp_path, stride):
    """Runs of bytes overwritten, moved and repeated, by a generator that begins alike each time."""
    chance = random.Random(11)  # noqa: S311 - no secret
    data = bundle.read_bytes()
    path = tmp_path / "b.zip"
    for _ in range(30_000 // stride):
        start = chance.randrange(len(data))
        run = chance.randrange(1, 40)
        other = chance.randrange(len(data))
        altered = chance.choice(
            (
                data[:start] + chance.randbytes(run) + data[start + run :],
                data[:start] + data[other : other + run] + data[start + run :],
                data[:start] + data[other : other + run] + data[start:],
                data[:start] + data[start + run :],
            )
        )
        path.write_bytes(altered)
        assert altered == data or not verified(path), start
