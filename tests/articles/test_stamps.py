"""Stamps of files, by what a system says of them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from archiver.articles.directory import Directory
from archiver.articles.source import Known
from archiver.articles.stamps import NEVER, Beside, stamp_of, within_64_bits
from archiver.model.article import StoredArticle, Unchanged

SECOND = 1_000_000_000
ALONE = Beside(None, None)


def status(*, size: int = 5, mtime_ns: int = 1, ctime_ns: int = 1, inode: int = 7) -> os.stat_result:
    """What a system may say of a file."""
    times = {"st_mtime_ns": mtime_ns, "st_ctime_ns": ctime_ns}
    return os.stat_result((0o100644, inode, 1, 1, 0, 0, size, 0, 0, 0), times)


def test_the_later_of_both_times_counts_and_that_of_what_stands_beside() -> None:
    """And the lengths of page and sidecar; a folder counts as one."""
    assert stamp_of(status(mtime_ns=3, ctime_ns=4), ALONE) == (5, 4, 7)
    sidecar, folder = status(size=100, mtime_ns=9), status(size=4096, ctime_ns=8)
    assert stamp_of(status(), Beside(sidecar, None)) == (105, 9, 7)
    assert stamp_of(status(), Beside(sidecar, folder)) == (106, 9, 7)


def test_a_file_that_may_change_within_the_second_has_no_stamp_that_stays() -> None:
    """Only where the system counts whole seconds, and only right after the change."""
    now = time.time_ns() // SECOND * SECOND
    assert stamp_of(status(ctime_ns=now), ALONE).inode == NEVER
    assert stamp_of(status(), Beside(status(ctime_ns=now), None)).inode == NEVER
    assert stamp_of(status(ctime_ns=now + 1), ALONE).inode == 7
    assert stamp_of(status(mtime_ns=now + 99 * SECOND), ALONE).inode == 7
    assert stamp_of(status(ctime_ns=now - 10 * SECOND), ALONE).inode == 7


@pytest.mark.parametrize("number", [0, 1, (1 << 63) - 1, 1 << 63, (1 << 63) + 2, (1 << 64) - 1, -(1 << 63)])
def test_numbers_of_the_systems_fit_into_a_database(number: int) -> None:
    """Each stays one of its own."""
    assert -(1 << 63) <= within_64_bits(number) < 1 << 63
    assert within_64_bits(number) % (1 << 64) == number % (1 << 64)
    assert -(1 << 63) <= stamp_of(status(mtime_ns=number, inode=number), ALONE).inode < 1 << 63


def test_a_file_of_the_far_future_is_read_once(tmp_path: Path) -> None:
    """Its time is behind all that 64 bits of nanoseconds hold."""
    path = tmp_path / "a.html"
    path.write_text("Sample text")
    os.utime(path, (9_999_999_999, 9_999_999_999))
    (first,) = Directory("sample", tmp_path).read(Known())
    assert isinstance(first, StoredArticle)
    assert -(1 << 63) <= first.stamp.mtime_ns < 1 << 63
    assert list(Directory("sample", tmp_path).read(Known({"a.html": first.stamp}))) == [Unchanged("a.html")]
