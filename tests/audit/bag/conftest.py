"""One archive and its bags, for all tests of bags."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from archiver.checkpoints import PrivateKey
from archiver.store import keys
from tests.audit.bags import Forger
from tests.audit.told_archive import told_archive
from tests.newsroom import Newsroom, born, day

FORMULA = '=HYPERLINK("https://evil.example","click")'
TEXT = '＝نمونه متن با "گیومه"، کاما\nو خط دوم "line":{"x":1} "content":5'
FIRST, SECOND, BEFORE, ALIVE, SUSPENDED = (born(10, number) for number in range(1, 6))


class Desk(NamedTuple):
    """An archive with its key and a bag of all of it."""

    room: Newsroom
    key: PrivateKey
    trust: str
    bag: Path
    held: Path
    """A checkpoint that somebody else kept: that of the bag."""


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A week: two deletions, one post gone before, one alive, one suspended."""
    folder = tmp_path_factory.mktemp("bags")
    with Newsroom(folder) as room:
        room.archive.init()
        (named,) = room.archive.signing_keys()
        key = keys.load(folder / "archive", named.fingerprint)
        assert not isinstance(key, str)
        world = room.world
        world.account("formula_desk", "1000000000000000077", FORMULA)
        room.post(FIRST, "formula_desk", TEXT, short_codes=["SmplPict01"], language="fa")
        for native_id, handle in ((SECOND, "second_desk"), (BEFORE, "third_desk"), (ALIVE, "second_desk")):
            room.post(native_id, handle)
        room.post(SUSPENDED, "fifth_desk")
        world.at(day(1.2)).delete(FIRST)
        world.at(day(1.6)).delete(SECOND, tombstone=False)
        world.at(day(-9)).delete(BEFORE)
        world.at(day(3)).suspend("fifth_desk")
        room.article("river-report.html", room.quote(FIRST), room.quote(ALIVE))
        room.article("market-day.html", *map(room.quote, (FIRST, SECOND, BEFORE, SUSPENDED)))
        room.article("old-notes.txt", room.flatten(FIRST, "SmplPict01"))
        room.live(day(9), timedelta(hours=6))
        bag = folder / "bag"
        room.archive.export_bag(bag)
        held = folder / "held.txt"
        shutil.copyfile(sorted((bag / "data" / "checkpoints").glob("*.txt"))[-1], held)
        yield Desk(room, key, named.fingerprint, bag, held)


@pytest.fixture(scope="session")
def told_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An archive in which nearly everything happened that can, and a bag of it."""
    folder = tmp_path_factory.mktemp("told")
    with told_archive(folder) as room:
        (named,) = room.archive.signing_keys()
        key = keys.load(folder / "archive", named.fingerprint)
        assert not isinstance(key, str)
        room.archive.export_bag(folder / "bag")
        held = sorted((folder / "bag" / "data" / "checkpoints").glob("*.txt"))[-1]
        yield Desk(room, key, named.fingerprint, folder / "bag", held)


@pytest.fixture
def forger(desk: Desk, tmp_path: Path) -> Forger:
    """A copy of the bag in the hands of somebody without the key."""
    shutil.copytree(desk.bag, tmp_path / "bag")
    return Forger(tmp_path / "bag")


@pytest.fixture
def thief(forger: Forger, desk: Desk) -> Forger:
    """The same, with the stolen key."""
    forger.key = desk.key
    return forger
