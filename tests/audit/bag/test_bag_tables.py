"""The tables for people say what posts.jsonl says, whatever was written in a post: cell by cell, in each verifier."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from archiver.archive import Archive
from archiver.checkpoints import PrivateKey
from archiver.config import Config
from archiver.store import keys
from tests.audit.bag.conftest import Desk
from tests.audit.bags import SH, VERIFIERS, Forger, verify
from tests.audit.gone import delete_posts
from tests.builders import say

each_verifier = pytest.mark.parametrize("verifier", VERIFIERS)
TABLE = "deleted.csv"
WORDS = (
    *("record", "ledger_line", "post_id", "permalink", "author_handle", "author_id", "author_name", "grade"),
    *("rests_on", "text"),
)  # fmt: skip
TIMES = ("gone_after", "gone_by", "decided_at")
LIKE_A_ROW = 'Sample\r\n"deleted","p1","x","1","https://x.example/","A"\r\n'
LIKE_A_RECORD = (
    '","standing":{"state":"deleted","grade":"A"},"verdicts":[{"line":{"number":9,"rests_on":[1]}}],"text":"'
)
HOSTILE = (
    *('"', '""', '","', '"\n"', "\\", "\\\\", '\\"', '\\\\"', "\\n", "\\u0041", "\\\\u000a", "'", "''", "'=1", '"\\'),
    *("\n", "\r", "\r\n", "\t", "\n\n", "Sample\n", "\rSample", "Sample,\nwith,", "a\r\nb\rc\nd", " ", "|", " | "),
    *("=1+1", "+1", "-1", "@sample", " =1", "＝1", "&", "\\&", "%s %d %c", "$(id)", "`id`", "[]{}:,", "1e3", "0x10"),
    *("".join(map(chr, range(1, 32))), "\x7f\x80\x9f", "\x00", "a\x00b\\\x00\\", "\u2028\u2029\u202e\ufeff\ufffe"),
    *("نمونه متن با «گیومه»، کاما", "نمونه\u200cمتن\nخط دوم", "🪿👩\u200d👩\u200d👧", "ıİß", "\U0010ffff"),
    *(LIKE_A_ROW, LIKE_A_RECORD, '"deleted","p1",', "'\"deleted\",\"p2\",", '{"state":"deleted"}', '"state":"deleted"'),
    *('"' * 3000, "\\" * 3000, '\\"' * 2000, "\n" * 3000, '\n"' * 2000, "Sample " * 3000, "text", "p1", "record"),
)  # fmt: skip


class Kept(NamedTuple):
    """A bag of hostile words, and what opens it."""

    bag: Path
    key: PrivateKey
    trust: str


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Each of these words as the text, the name and the handle of a deleted post."""
    folder = tmp_path_factory.mktemp("hostile")
    said = [say(words, author_name=words, author_handle=words) for words in HOSTILE]
    delete_posts(folder, said).database.close()
    with Archive(Config.model_validate({"store": {"path": folder}})) as archive:
        archive.init()
        archive.export_bag(folder / "bag")
        (named,) = archive.signing_keys()
    key = keys.load(folder, named.fingerprint)
    assert not isinstance(key, str)
    return Kept(folder / "bag", key, named.fingerprint)


def table_of(bag: Path) -> list[dict[str, str]]:
    with (bag / "data" / TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_table(forger: Forger, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Another table in the place of that of the bag, and all traces covered."""
    with forger.place(TABLE).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([list(columns), *map(list, rows)])
    forger.cover()


def refuse(forger: Forger, trust: str, found: str) -> None:
    """Each verifier calls the bag tampered with, at its counts."""
    for verifier in VERIFIERS:
        judged = verify(verifier, forger.bag, trust=trust)
        assert (judged.code, judged.step) == (1, "counts"), judged.words
        assert found in judged.words


@each_verifier
def test_hostile_words_in_a_table_accuse_nobody(verifier: str, hostile: Kept) -> None:
    """Quotes, newlines, control characters, formulas, scripts, and what looks like a row of the table or a record."""
    said = {row["text"] for row in table_of(hostile.bag)}
    assert all(words in said or f"'{words}" in said for words in HOSTILE)
    judged = verify(verifier, hostile.bag, trust=hostile.trust)
    assert judged.code == 0, judged.words


def test_a_mark_before_a_cell_says_nothing_else(thief: Forger, desk: Desk) -> None:
    """A ' before any cell but a time is no lie, and lines may end as another system ends them."""
    rows = table_of(desk.bag)
    marked = [
        {column: "'" + said.removeprefix("'") if column in WORDS else said for column, said in row.items()}
        for row in rows
    ]
    write_table(thief, rows[0], [row.values() for row in marked])
    place = thief.place(TABLE)
    place.write_bytes(place.read_bytes().replace(b'"\r\n"', b'"\n"'))
    thief.cover()
    for verifier in VERIFIERS:
        judged = verify(verifier, thief.bag, trust=desk.trust)
        assert judged.code == 0, judged.words


@pytest.mark.parametrize("column", [*WORDS, *TIMES])
def test_each_cell_that_is_edited_alone_is_found(column: str, thief: Forger, desk: Desk) -> None:
    """One character, and the thief of the key signs again: the last digit of a long id is no rounding."""
    rows = table_of(thief.bag)
    said = rows[-1][column]
    rows[-1][column] = said[:-1] + ("8" if said[-1:] == "7" else "7")
    write_table(thief, rows[0], [row.values() for row in rows])
    refuse(thief, desk.trust, f"another {column} of {rows[-1]['post']}")


@pytest.mark.parametrize("column", ["author_name", "gone_by", "rests_on"])
def test_a_cell_that_is_emptied_says_something_else(column: str, thief: Forger, desk: Desk) -> None:
    """Only of a text it may be said that there is none: that of a redacted post is gone."""
    rows = table_of(thief.bag)
    rows[0] |= {column: "", "text": ""}
    write_table(thief, rows[0], [row.values() for row in rows])
    refuse(thief, desk.trust, f"another {column} of {rows[0]['post']}")


def test_the_words_of_another_post_are_not_those_of_this_one(hostile: Kept, tmp_path: Path) -> None:
    """Every text is one that the bag holds; each stands beside another post."""
    shutil.copytree(hostile.bag, tmp_path / "bag")
    forger = Forger(tmp_path / "bag", hostile.key)
    rows = table_of(forger.bag)
    rows[7]["text"], rows[8]["text"] = rows[8]["text"], rows[7]["text"]
    write_table(forger, rows[0], [row.values() for row in rows])
    refuse(forger, hostile.trust, "another text of ")


def _rename(columns: list[str], rows: list[list[str]]) -> None:
    columns[columns.index("grade")] = "grade "


def _name_twice(columns: list[str], rows: list[list[str]]) -> None:
    columns[columns.index("statement")] = "grade"


def _leave_out(columns: list[str], rows: list[list[str]]) -> None:
    place = columns.index("text")
    for each in (columns, *rows):
        del each[place]


def _list_twice(columns: list[str], rows: list[list[str]]) -> None:
    rows.append(rows[0])


def _list_another(columns: list[str], rows: list[list[str]]) -> None:
    rows.append([said.replace("p1", "p4") for said in rows[-1]])


def _widen(columns: list[str], rows: list[list[str]]) -> None:
    rows[0].append("more")


def _narrow(columns: list[str], rows: list[list[str]]) -> None:
    rows[0].pop()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (_rename, "has not one column grade"),
        (_name_twice, "has not one column grade"),
        (_leave_out, "has not one column text"),
        (_list_twice, TABLE),
        (_list_another, TABLE),
        (_widen, "what is no row"),
        (_narrow, "what is no row"),
        (lambda columns, rows: columns.clear(), TABLE),
    ],
)
def test_a_table_of_another_shape_is_none_of_ours(
    change: Callable[[list[str], list[list[str]]], None], found: str, thief: Forger, desk: Desk
) -> None:
    """What people would read there, and nobody would compare."""
    told = table_of(thief.bag)
    columns, rows = list(told[0]), [list(row.values()) for row in told]
    change(columns, rows)
    write_table(thief, columns, rows)
    thief.state(f"Rows-{TABLE}", str(len(rows)))
    thief.cover()
    refuse(thief, desk.trust, found)


@pytest.mark.parametrize(
    ("name", "stands_for"),
    [
        *(("awk", awk) for awk in ("mawk", "gawk", "original-awk", "busybox")),
        *(("sh", shell) for shell in ("dash", "bash", "busybox")),
    ],
)
def test_every_shell_and_awk_says_the_same(
    name: str, stands_for: str, hostile: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as they are here: the hostile words pass, and the last of the posts is found to be edited.

    original-awk, which macOS has, parts what it splits at newlines too, and holds no NUL.
    """
    program = shutil.which(stands_for)
    if program is None:
        pytest.skip(f"{stands_for} is not here")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / name).symlink_to(program)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    shutil.copytree(hostile.bag, tmp_path / "bag")
    forger = Forger(tmp_path / "bag", hostile.key)
    rows = table_of(forger.bag)
    last = max(rows, key=lambda row: int(row["post"][1:]))
    last["post_id"] = last["post_id"][:-1] + ("8" if last["post_id"].endswith("7") else "7")
    write_table(forger, rows[0], [row.values() for row in rows])
    judged = verify(SH, forger.bag, trust=hostile.trust)
    assert (judged.code, judged.step) == (1, "counts"), judged.words
    assert f"another post_id of {last['post']}" in judged.words


def test_a_key_that_looks_like_a_place_in_a_record_says_nothing(thief: Forger, desk: Desk) -> None:
    """verify.sh goes by the path of keys: one with a space in it is no path."""
    thief.edit("posts.jsonl", lambda record: record.update({"standing grade": "B"}))
    rows = table_of(thief.bag)
    write_table(thief, rows[0], [{**row, "grade": "B"}.values() for row in rows])
    refuse(thief, desk.trust, "another grade of ")
