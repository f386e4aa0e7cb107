"""A bag made after a redaction: nothing of what was said is in it, and it is verified all the same."""

from __future__ import annotations

import base64
import gzip
import json
import zipfile
from datetime import timedelta
from pathlib import Path

from tests.audit.bags import VERIFIERS, verify
from tests.newsroom import Newsroom, born, day

GONE = born(10, 5)
TEXT = "The lantern keeper of the sample valley counts seventeen herons at dawn 🪿\nفانوس‌بان درهٔ نمونه هفده حواصیل را"
SOUGHT = (
    *("counts seventeen herons", "هفده حواصیل", "lantern_keeper", "Sample lantern_keeper", "SmplHern07"),
)  # fmt: skip


def test_a_redacted_post_stays_proved_and_is_quoted_nowhere(tmp_path: Path) -> None:
    """Five unique strings of it, searched as bytes in every file, compressed and encoded ones opened: 0 hits."""
    with Newsroom(tmp_path) as room:
        room.post(GONE, "lantern_keeper", TEXT, short_codes=["SmplHern07"])
        room.world.at(day(2)).delete(GONE)
        room.article("a.html", room.quote(GONE))
        room.live(day(9), timedelta(hours=8))
        (key,) = room.archive.signing_keys()
        before = tmp_path / "before"
        room.archive.export_bag(before)
        assert all(_holds(before, sought) for sought in SOUGHT)
        room.archive.redact(
            room.listed(GONE).number, reason="court_order", authority="Sample Court, 12 C 34/26", by="J. Doe"
        )
        after = tmp_path / "after"
        room.archive.export_bag(after)
    assert [sought for sought in SOUGHT if _holds(after, sought)] == []
    (post,) = [json.loads(line) for line in (after / "data" / "posts.jsonl").read_bytes().splitlines()]
    assert post["standing"]["state"] == "deleted"
    for verifier in VERIFIERS:
        judged = verify(verifier, after, trust=key.fingerprint)
        assert judged.code == 0, judged.words


def _holds(bag: Path, sought: str) -> bool:
    forms = (sought.encode(), json.dumps(sought)[1:-1].encode())
    return any(form in part for path in bag.rglob("*") if path.is_file() for part in _parts(path) for form in forms)


def _parts(path: Path) -> list[bytes]:
    whole = path.read_bytes()
    if path.name == "contents.jsonl":
        opened = [base64.b64decode(json.loads(line).get("opening", ""))[32:] for line in whole.splitlines()]
        return [whole, *opened, *(gzip.decompress(each) for each in opened if each.startswith(b"\x1f\x8b"))]
    if path.suffix == ".gz":
        return [gzip.decompress(whole)]
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return [book.read(name) for name in book.namelist()]
    return [whole]
