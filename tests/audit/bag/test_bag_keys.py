"""Bags of archives whose keys followed one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.bags import VERIFIERS, verify
from tests.newsroom import Newsroom


@pytest.mark.parametrize("lost", [False, True], ids=("handed over", "lost"))
def test_trust_in_an_older_key_leads_to_the_newest_by_signatures_alone(tmp_path: Path, lost: bool) -> None:
    """A key that signed for its follower is as good; where it was lost, only the new one's own fingerprint is."""
    with Newsroom(tmp_path) as room:
        room.archive.init()
        room.archive.checkpoint()
        (first,) = room.archive.signing_keys()
        if lost:
            (room.store.database.folder / "key.pem").unlink()
        second = room.archive.rotate_key(lost=lost)
        bag = tmp_path / "bag"
        room.archive.export_bag(bag)
    for verifier in VERIFIERS:
        assert verify(verifier, bag, trust=second.fingerprint).code == 0
        judged = verify(verifier, bag, trust=first.fingerprint)
        assert (judged.code, judged.step) == ((1, "trust") if lost else (0, "")), judged.words


def test_an_archive_of_nothing_is_exported_too(tmp_path: Path) -> None:
    """No post, no look: the bag says so, and is verified."""
    with Newsroom(tmp_path) as room:
        room.archive.init()
        counted = room.archive.export_bag(tmp_path / "bag")
        (key,) = room.archive.signing_keys()
    assert counted.posts == {}
    for verifier in VERIFIERS:
        judged = verify(verifier, tmp_path / "bag", trust=key.fingerprint)
        assert judged.code == 0, judged.words
