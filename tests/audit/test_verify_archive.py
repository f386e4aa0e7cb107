"""`archiver verify` on an archive: each way to tamper with it fails, and is named."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archiver import checkpoints
from archiver.archive import Archive
from archiver.clock import SettableClock
from archiver.store.seals import sealed_tables
from archiver.store.tables import HISTORY
from tests.audit.sealed_archive import chain_anew, copy, failed, live_a_while, shell, sign_anew, verify
from tests.newsroom import START

SEED = int(os.environ.get("ARCHIVER_SEED", "1"))
EVERY_COLUMN = os.environ.get("ARCHIVER_EVERY_COLUMN") == "1"

Act = Callable[[sqlite3.Connection], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return live_a_while(tmp_path_factory.mktemp("sealed") / "room")


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy to tamper with."""
    return copy(whole, tmp_path)


def tampered(folder: Path, act: Act) -> str | None:
    with shell(folder) as connection:
        act(connection)
    return failed(folder)


def sql(*statements: str) -> Act:
    def act(connection: sqlite3.Connection) -> None:
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement

    return act


def test_an_archive_that_nobody_touched_passes_every_step(whole: Path) -> None:
    """Also the read-only copy that an auditor gets."""
    steps = verify(whole)
    assert [(step.name, step.passed) for step in steps] == [
        ("database", True), ("chain", True), ("checkpoints", True), ("anchor", True), ("contents", True),
        ("rows", True), ("timestamps", None), ("projections", True),
    ]  # fmt: skip
    assert "keys named by them: 2" in steps[1].found


def test_a_read_only_copy_is_verified_too(folder: Path) -> None:
    """Nothing is written beside it."""
    before = {path.name: path.read_bytes() for path in (folder / "archive").iterdir() if path.name == "archive.db"}
    assert failed(folder) is None
    assert {name: (folder / "archive" / name).read_bytes() for name in before} == before


ATTACKS: dict[str, tuple[Act, str]] = {
    "a trigger of somebody's": (
        lambda connection: connection.execute("CREATE TRIGGER sample AFTER INSERT ON runs BEGIN SELECT 1; END"),
        "database: there is a trigger sample that the program did not make",
    ),
    "a column renamed": (
        lambda connection: connection.execute("ALTER TABLE captures RENAME COLUMN archive TO archiv"),
        "database: the table captures is not as the program made it",
    ),
    "a line edited": (
        sql("UPDATE ledger SET line = replace(line, ':\"2026', ':\"2027') WHERE number = 40"),
        "chain: line 40 ",
    ),
    "a line formatted anew": (sql("UPDATE ledger SET line = line || ' ' WHERE number = 40"), "chain: line 40 "),
    "a line deleted": (sql("DELETE FROM ledger WHERE number = 40"), "chain: line 40 of the ledger says"),
    "two lines swapped": (
        sql(
            "UPDATE ledger SET number = -40 WHERE number = 40",
            "UPDATE ledger SET number = 40 WHERE number = 41",
            "UPDATE ledger SET number = 41 WHERE number = -40",
        ),
        "chain: line 40 of the ledger says",
    ),
    "a head edited": (sql("UPDATE ledger SET head = 'sha256:0' WHERE number = 40"), "chain: line 40 "),
    "the tail cut": (
        sql("DELETE FROM ledger WHERE number > (SELECT max(lines) FROM checkpoints) - 5"),
        "checkpoints: the checkpoint is of ",
    ),
    "a signature edited": (
        sql("UPDATE checkpoints SET note = replace(note, 'Z', 'A') WHERE id = 1"),
        "checkpoints: ",
    ),
    "a checkpoint's row edited": (sql("UPDATE checkpoints SET lines = lines - 1 WHERE id = 1"), "checkpoints: "),
    "a checkpoint deleted": (
        sql("DELETE FROM handovers WHERE checkpoint = 1", "DELETE FROM checkpoints WHERE id = 1"),
        "rows: line ",
    ),
    "a payload edited": (
        sql("UPDATE contents SET packed = zeroblob(length(packed)) WHERE id = 7"),
        "contents: content 7 is not what was kept",
    ),
    "a nonce edited": (
        sql("UPDATE contents SET nonce = zeroblob(32) WHERE id = 7"),
        "contents: content 7 does not fit its commitment",
    ),
    "a payload removed": (sql("DELETE FROM contents WHERE id = 7"), "contents: content 7 is missing, and no line"),
    "the last payload removed": (
        sql("DELETE FROM contents WHERE id = (SELECT max(id) FROM contents)"),
        "contents: content ",
    ),
    "a payload removed with a row but no line": (
        sql(
            "INSERT INTO content_removals SELECT id, 'redaction', 9, '2026-01-01' FROM contents WHERE id = 1",
            "DELETE FROM contents WHERE id IN (SELECT content FROM content_removals)",
        ),
        "contents: content 1 is missing, and no line of the ledger says",
    ),
    "a state edited": (
        sql("UPDATE post_states SET state = 'alive' WHERE state = 'deleted'"),
        "projections: p1: state comes out otherwise",
    ),
    "a post's id edited": (
        sql("UPDATE post_states SET native_id = '17' WHERE post = 1"),
        "projections: the state of p1 names another post",
    ),
    "a state that nobody can read": (
        sql("UPDATE post_states SET next_check_at = 'soon' WHERE post = 1"),
        "projections: a state on file cannot be read",
    ),
    "a seal's nonce edited": (sql("UPDATE seals SET nonce = zeroblob(32) WHERE id = 3"), "rows: rows that line "),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_fails_at_the_right_step(folder: Path, name: str) -> None:
    """By an SQL shell, the triggers taken away meanwhile."""
    act, told = ATTACKS[name]
    found = tampered(folder, act)
    assert found is not None
    assert found.startswith(told)


def test_a_trigger_that_is_gone_is_told(folder: Path) -> None:
    """Row 95: whoever takes it away leaves the archive open."""
    with (
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
        sqlite3.connect(folder / "archive" / "archive.db") as connection,
    ):
        connection.execute("UPDATE ledger SET line = ''")
    connection.execute("DROP TRIGGER ledger_refuses_update")
    connection.commit()
    connection.close()
    assert failed(folder) == "database: the trigger ledger_refuses_update is not as the program made it"


def test_a_chain_made_anew_without_the_key_is_not_what_was_signed(folder: Path) -> None:
    """Every line follows the one before, and the signatures are over another ledger."""

    def change(nouns: list[dict[str, Any]]) -> None:
        next(noun for noun in nouns if noun["kind"] == "verdict")["state"] = "suspended"

    found = tampered(folder, lambda connection: chain_anew(connection, change))
    assert found is not None
    assert found.startswith("checkpoints: the ledger's line ")


def test_with_the_stolen_key_the_end_can_be_rewritten_and_a_held_checkpoint_tells(folder: Path, whole: Path) -> None:
    """The last attacks of the list: they pass on the key alone, which is why a copy is to be held elsewhere."""
    held = max((whole / "kept").iterdir(), key=lambda path: int(path.stem.partition("-")[2])).read_bytes()
    assert failed(folder, held=held) is None
    private = checkpoints.read_key((folder / "archive" / "key.pem").read_bytes())
    lines = checkpoints.parse(held).checkpoint.lines

    def change(nouns: list[dict[str, Any]]) -> None:
        nouns[lines - 2]["at"] = "2020-01-01T00:00:00.000000Z"

    with shell(folder) as connection:
        chain_anew(connection, change)
        sign_anew(connection, private)
        rewritten = connection.execute("SELECT number, head FROM ledger ORDER BY number DESC LIMIT 1").fetchone()
    (folder / "archive" / "archive.anchor").write_text("{} {}\n".format(*rewritten))
    told = failed(folder)
    assert told is None or told.startswith("rows: ")
    assert failed(folder, held=held) == f"held: the ledger's line {lines} is not the one of the held checkpoint"


def test_a_tail_that_is_cut_with_all_that_tells_of_it_is_seen_by_a_held_checkpoint(folder: Path, whole: Path) -> None:
    """An older copy of the whole folder, anchor and all, is a good archive: only what others hold says otherwise."""
    held = max((whole / "kept").iterdir(), key=lambda path: int(path.stem.partition("-")[2])).read_bytes()
    lines = checkpoints.parse(held).checkpoint.lines
    with shell(folder) as connection:
        connection.execute("DELETE FROM ledger WHERE number >= ?", (lines,))
        connection.execute("DELETE FROM handovers")
        connection.execute("DELETE FROM checkpoints WHERE lines >= ?", (lines,))
    (folder / "archive" / "archive.anchor").unlink()
    found = failed(folder, held=held)
    assert found == f"held: the held checkpoint is of {lines} lines, and the ledger has {lines - 1}"


def test_a_held_file_that_is_no_checkpoint_fails(whole: Path) -> None:
    """It vouches for nothing."""
    assert failed(whole, held=b"sample") == "held: the held checkpoint is none that can be read"


def test_the_published_key_leads_to_the_one_that_signs(whole: Path) -> None:
    """The first and the second key are both of this archive; a stranger's is not."""
    with Archive.open(whole / "config.toml", clock=SettableClock(START)) as archive:
        first, second = (key.fingerprint for key in archive.signing_keys())
    assert failed(whole, trust=first) is None
    assert failed(whole, trust=second) is None
    stranger = "sha256:" + "0" * 64
    assert failed(whole, trust=stranger) == f"trust: the ledger names no key {stranger}"


# every row of every table


def test_every_table_of_history_is_sealed_or_held_otherwise() -> None:
    """The ledger is a chain, seals are what seals, and what batches served stands whole in their lines."""
    assert set(HISTORY) - set(sealed_tables()) == {"ledger", "seals", "batch_classes"}


def rows_of(folder: Path) -> dict[str, list[str]]:
    """Columns of each sealed table that has rows."""
    with shell(folder) as connection:
        found = {}
        for name in sealed_tables():
            if name != "contents" and connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]:
                found[name] = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        return found


def test_a_row_that_was_edited_deleted_or_slipped_in_is_found_in_every_table(whole: Path, tmp_path: Path) -> None:
    """One column of each table, chosen by chance (ARCHIVER_EVERY_COLUMN=1: each column of each table)."""
    chance = random.Random(SEED)
    for name, columns in rows_of(copy(whole, tmp_path / "columns")).items():
        chosen = columns if EVERY_COLUMN else [chance.choice(columns[1:])]
        other = "CASE typeof({0}) WHEN 'integer' THEN {0} + 1 ELSE coalesce({0}, '') || 'x' END"
        key = columns[0]
        copied = ", ".join([f"(SELECT max({key}) + 1 FROM {name})", *columns[1:]])
        acts = [f"UPDATE {name} SET {column} = {other.format(column)} WHERE {key} = (SELECT max({key}) FROM {name})"
                for column in chosen]  # fmt: skip
        acts += [
            f"DELETE FROM {name} WHERE {key} = (SELECT max({key}) FROM {name})",
            f"INSERT INTO {name} SELECT {copied} FROM {name} WHERE {key} = (SELECT max({key}) FROM {name})",
        ]
        for number, act in enumerate(acts):
            folder = copy(whole, tmp_path / f"{name}-{number}")
            with shell(folder) as connection:
                try:
                    connection.execute(act)
                except sqlite3.IntegrityError:
                    # A UNIQUE column: nobody can double it.
                    continue
            assert failed(folder) is not None, act
