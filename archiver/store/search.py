"""Full text over quotations and snapshots (SQLite FTS5). The store writes the index itself: triggers on FTS5 fail
under `trusted_schema=OFF`.

What is indexed is a folded copy of the words: compatibility forms and case unified, the Arabic and Persian spellings of
yeh and kaf made one, vowel marks and tatweel dropped, and a space round every CJK character and emoji, so that scripts
without spaces are found by any part of a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sqlalchemy import Connection, text

MAX_WORDS = 32

_ARABIC = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "‌": " "}


class _Folding(dict[int, str]):
    """What becomes of each character, found out once for each that is met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = "" if _is_dropped(character) else _ARABIC.get(character) or _apart(character)
        return self[code]


_folding = _Folding()


def fold(words: str) -> str:
    """The form of words that is indexed and searched."""
    return unicodedata.normalize("NFKC", words).casefold().translate(_folding)


def add(connection: Connection, post: int, kind: str, words: str) -> None:
    """Index the words of a post."""
    add_all(connection, [(post, kind, words)])


def add_all(connection: Connection, spoken: Iterable[tuple[int, str, str]]) -> None:
    """Index words of posts: (post, kind, words) each."""
    rows = [(fold(words), kind, post) for post, kind, words in spoken]
    if rows:
        connection.exec_driver_sql("INSERT INTO search (words, kind, post) VALUES (?, ?, ?)", rows)


def find(connection: Connection, words: str, limit: int) -> list[int]:
    """Numbers of the posts that hold all the words, newest first; any text is a valid search."""
    query = " ".join(f'"{part}"' for part in _phrases(words))
    if not query:
        return []
    rows = connection.execute(
        text("SELECT DISTINCT post FROM search WHERE search MATCH :query ORDER BY post DESC LIMIT :limit"),
        {"query": query, "limit": limit},
    )
    return [int(row[0]) for row in rows]


def _phrases(words: str) -> list[str]:
    parts = words.replace("\x00", " ").split()[:MAX_WORDS]
    folded = (fold(part).replace('"', '""').strip() for part in parts)
    # A phrase without a letter, digit or emoji matches nothing, and would hide what the others match.
    return [part for part in folded if any(_counts(character) for character in part)]


def _counts(character: str) -> bool:
    return character.isalnum() or _stands_alone(character)


def _stands_alone(character: str) -> bool:
    return unicodedata.category(character) == "So" or _is_cjk(character)


def _is_cjk(character: str) -> bool:
    return (
        "\u2e80" <= character <= "\u9fff"
        or "\uac00" <= character <= "\ud7af"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def _is_dropped(character: str) -> bool:
    return "\u064b" <= character <= "\u065f" or character in "\u0640\u0670\ufe0f"


def _apart(character: str) -> str:
    return f" {character} " if _stands_alone(character) else character
