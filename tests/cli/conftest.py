"""Desks for the tests of the command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archiver.demo.play import play
from tests.cli.desk import Desk, make_desk


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tester's own settings change nothing."""
    for name in [*(each for each in os.environ if each.startswith("ARCHIVER_")), "NO_COLOR", "FORCE_COLOR", "COLUMNS"]:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk of its own, not yet scanned."""
    return make_desk(tmp_path / "desk")


@pytest.fixture(scope="session")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The archive that the demo leaves: one post deleted, one gone before the first look. Only to be read."""
    folder = tmp_path_factory.mktemp("tour") / "tour"
    with (folder.parent / "story.txt").open("w", encoding="utf-8") as out:
        play(folder, out)
    return Desk(folder)
