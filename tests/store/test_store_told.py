"""Every kind of ledger line is told again from its row by `archiver verify`, or it is said why not."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import get_args

import pytest

import archiver
from archiver.store import removals, seals
from archiver.store.told import REMOVALS, TELLINGS, UNTOLD
from tests.audit.sealed_archive import copy, failed, shell
from tests.audit.told_archive import told_archive
from tests.newsroom import Newsroom, born

PACKAGE = Path(archiver.__file__).parent
PASSED_ON = {
    "store/draft.py": {"kind"},
    "store/removals.py": {"kind"},
    "store/seals.py": {"KIND"},
}
"""Where a line's kind is a name: what `Draft.line` was given, `removals.Kind`, and `seals.KIND`."""


def written_kinds() -> tuple[set[str], dict[str, set[str]]]:
    """The kinds that the program writes as words, and the names by which it hands on others, by file."""
    words: set[str] = set()
    names: dict[str, set[str]] = {}
    for path in sorted((PACKAGE / "store").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            to, first = ast.unparse(node.func), node.args[0]
            if not to.endswith(("ledger.append", "chained.append", ".line", ".line_at")) or to.startswith("draft.kept"):
                continue
            if isinstance(first, ast.Constant):
                words.add(str(first.value))
            elif isinstance(first, ast.Name):
                names.setdefault(path.relative_to(PACKAGE).as_posix(), set()).add(first.id)
    return words, names


def test_every_kind_that_is_written_is_told_again_or_said_why_not() -> None:
    """Read out of the program itself: a new kind of line that nobody thought of fails here."""
    words, names = written_kinds()
    assert names == PASSED_ON
    written = words | set(get_args(removals.Kind)) | {seals.KIND}
    assert {"verdict", "media", "stream_gap", "hold_end", "redaction"} <= written
    assert written == TELLINGS.keys() | REMOVALS | UNTOLD.keys()
    assert len(written) == len(TELLINGS) + len(REMOVALS) + len(UNTOLD)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told")
    with told_archive(folder):
        pass
    return folder


def test_an_archive_with_pictures_holds_removals_and_incidents_is_verified(whole: Path) -> None:
    """Every kind that a newsroom meets, the lines of removals among them, and nothing differs."""
    with shell(whole) as connection:
        kinds = {json.loads(line)["kind"] for (line,) in connection.execute("SELECT line FROM ledger")}
    assert {
        *("media", "hold", "hold_end", "redacted", "redaction", "thinning", "incident", "incident_end"),
        *("incident_acceptance", "stream_gap", "control"),
    } <= kinds  # fmt: skip
    assert failed(whole) is None


GONE = "is missing, and no line of the ledger says that it was removed"
EMPTY = "codec = 'removed', packed = x'', nonce = x'', digest = '', size = 0"
TAMPERINGS = {
    "UPDATE media SET type = 'image/gif' WHERE type IS NOT NULL": ("media", "type"),
    "UPDATE media SET content = request WHERE content IS NOT NULL": ("media", "content"),
    "DELETE FROM hold_ends": ("hold_end", "hold"),
    "UPDATE holds SET post = post + 1": ("hold", "post"),
    "UPDATE redactions SET reason = 'safety'": ("redacted", "reason"),
    "UPDATE incidents SET kind = 'wave'": ("incident", "what"),
    "DELETE FROM incident_recoveries": ("incident_recovery", "incident"),
    "DELETE FROM incident_acceptances": ("incident_acceptance", "incident"),
    "UPDATE stream_gaps SET why = 'crashed'": ("stream_gap", "why"),
    "UPDATE content_removals SET kind = 'thinning' WHERE kind = 'redaction'": ("redaction", "contents"),
}
"""The kind of the line that finds it, and the field in which line and row differ."""


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_what_was_changed_by_hand_is_found(whole: Path, tmp_path: Path, statement: str) -> None:
    """Each row that a line tells of."""
    folder, (kind, named) = copy(whole, tmp_path), TAMPERINGS[statement]
    with shell(folder) as connection:
        assert connection.execute(statement).rowcount > 0
    assert f"({kind}) and the row that it tells differ in {named}" in (failed(folder) or "")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM content_removals WHERE kind = 'thinning'",
        f"UPDATE contents SET {EMPTY} WHERE id = (SELECT max(payload) FROM exchanges)",
    ],
)
def test_a_content_that_was_emptied_without_a_line_is_found(whole: Path, tmp_path: Path, statement: str) -> None:
    """Called "removed" by hand: only a line of the ledger may say so."""
    folder = copy(whole, tmp_path)
    with shell(folder) as connection:
        assert connection.execute(statement).rowcount > 0
    assert GONE in (failed(folder) or "")


def test_what_was_removed_and_put_back_is_found(tmp_path: Path) -> None:
    """Out of an old copy, whole and fitting its commitment, though a line of the ledger says that it is gone."""
    with Newsroom(tmp_path) as room:
        post = room.post(born(10, 2), "lantern_keeper", "Sample words of the lantern keeper.")
        room.article("a.html", room.quote(post))
        room.archive.scan()
        before = {row.id: row for row in room.rows("contents")}
        room.archive.redact(room.listed(post).number, reason="court_order", authority="Sample Court", by="J. Doe")
        gone = before[room.rows("content_removals")[0].content]
    with shell(tmp_path) as connection:
        connection.execute(
            "UPDATE contents SET (nonce, packed, digest, size, codec) = (?, ?, ?, ?, ?) WHERE id = ?",
            (gone.nonce, gone.packed, gone.digest, gone.size, gone.codec, gone.id),
        )
    assert "(redaction) and the row that it tells differ in contents" in (failed(tmp_path) or "")
