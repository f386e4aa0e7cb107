"""The source of kind "database", against real SQLite files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.articles.database import Database, after_of, position_of
from archiver.model.article import Reached, Stamp, Unchanged, Unread
from tests.articles.reading import articles, assert_resumes, places, read, refusals, remembered, vanished

ALL = "SELECT id AS key, url AS address, body AS html, title, published AS date FROM news ORDER BY id"
NEWER = "SELECT id AS key, body AS html FROM news WHERE id > :after ORDER BY id"
UPDATED = "SELECT id AS key, body AS html, updated AS after FROM news WHERE updated >= :after ORDER BY updated"

Row = tuple[Any, ...]


def row(number: int, body: object = "<p>Sample text one</p>", updated: object = None) -> Row:
    return (
        number,
        f"https://news.example/{number}",
        body,
        f"Sample {number}",
        "2021-08-20 10:00:00",
        updated or number,
    )


def write(path: Path, rows: Iterable[Row]) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE IF NOT EXISTS news (id PRIMARY KEY, url, body, title, published, updated)")
    connection.executemany("INSERT OR REPLACE INTO news VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


def source(tmp_path: Path, rows: Iterable[Row] = (), query: str = ALL, **more: Any) -> Database:
    path = tmp_path / "news.db"
    write(path, rows)
    return Database("sample", f"sqlite:///{path}", query, **more)


def test_a_row_is_an_article_by_its_columns(tmp_path: Path) -> None:
    """Its key is its location; a date without an offset is UTC."""
    (article,) = read(source(tmp_path, [row(7)]))
    assert (article.location, article.payload) == ("7", b"<p>Sample text one</p>")  # type: ignore[union-attr]
    (article,) = articles(read(source(tmp_path)))
    assert (article.markup, article.charset) == ("html", "utf-8")
    assert (article.address, article.title) == ("https://news.example/7", "Sample 7")
    assert article.published_at == datetime(2021, 8, 20, 10, tzinfo=UTC)
    assert (article.stamp.size, article.stamp.mtime_ns) == (22, 0)
    assert 0 < article.stamp.inode < 2**63


def test_the_location_is_the_key_else_the_address_made_printable(tmp_path: Path) -> None:
    """Nothing that a key holds can break a line or a path; a row with neither is reported."""
    query = "SELECT url AS address, body AS text FROM news ORDER BY id"
    rows = [row(1), (2, "a\n\x1b\\b", "Sample", None, None, 0), (3, None, "Sample", None, None, 0)]
    findings = read(source(tmp_path, rows, query))
    assert places(findings) == ["https://news.example/1", "a\\x0a\\x1b\\\\b"]
    assert [article.markup for article in articles(findings)] == ["text", "text"]
    assert refusals(findings) == {"row 3": "unparsed"}


def test_cells_of_every_kind_are_read(tmp_path: Path) -> None:
    """Nothing, bytes, text that is not UTF-8 and numbers: the bytes are those of the database."""
    path = tmp_path / "news.db"
    write(path, [row(1, None), row(2, b"\xff\xfeS\0"), row(3, 12)])
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO news (id, body, title) VALUES (4, CAST(X'e9e8' AS TEXT), CAST(X'e9' AS TEXT))")
    connection.commit()
    connection.close()
    found = articles(read(source(tmp_path)))
    assert [article.payload for article in found] == [b"", b"\xff\xfeS\0", b"12", b"\xe9\xe8"]
    assert [article.charset for article in found] == ["utf-8", None, "utf-8", None]


def test_posts_of_wordpress_are_read_as_its_exports_are(tmp_path: Path) -> None:
    """The column's name tells; an address on its line is then an embed, elsewhere it is a part of the words."""
    post = "https://twitter.com/sample_one/status/1428507067806646273"
    rows = [row(1, f"One\r\n{post}\r\nTwo")]
    (article,) = articles(read(source(tmp_path, rows)))
    assert article.payload.decode() == rows[0][2]
    query = "SELECT id AS key, post_content AS html FROM (SELECT id, body AS post_content FROM news)"
    (article,) = articles(read(source(tmp_path, rows, query)))
    assert article.payload.decode() == f"One\r\n<p>{post}</p>\nTwo"


def test_an_empty_column_stands_back_for_one_that_has_words(tmp_path: Path) -> None:
    """Of `html`, `markdown` and `text`; and what was escaped once too often is HTML all the same."""
    query = "SELECT id AS key, '' AS html, body AS text, 1629453600 AS date FROM news"
    (article,) = articles(read(source(tmp_path, [row(1, "Sample")], query)))
    assert (article.payload, article.markup) == (b"Sample", "text")
    assert article.published_at == datetime(2021, 8, 20, 10, tzinfo=UTC)
    (article,) = articles(read(source(tmp_path, [row(1, "&lt;p&gt;Sample&lt;/p&gt;")])))
    assert article.payload == b"<p>Sample</p>"
    (article,) = articles(read(source(tmp_path, [row(1, '[{"type": "tweet"}]')])))
    assert article.payload == b'<script type="application/json">[{"type": "tweet"}]</script>'


def test_only_rows_that_changed_are_handed_over_again(tmp_path: Path) -> None:
    """The digest of what a row says is its stamp; a row that is gone has vanished."""
    database = source(tmp_path, [row(1), row(2), row(3), row(4)])
    known = remembered(read(database))
    source(tmp_path, [row(2, "<p>Sample text two</p>"), (3, "https://news.example/new", *row(3)[2:])])
    connection = sqlite3.connect(tmp_path / "news.db")
    connection.execute("DELETE FROM news WHERE id = 4")
    connection.commit()
    connection.close()
    findings = read(database, known)
    assert places(findings) == ["2", "3"]
    assert Unchanged("1") in findings
    assert vanished(known, findings) == {"4"}


def test_a_column_changed_makes_an_article_changed(tmp_path: Path) -> None:
    """Its moment stands in the stamp, in nanoseconds."""
    query = "SELECT id AS key, body AS html, published AS changed FROM news"
    (article,) = articles(read(source(tmp_path, [row(1)], query)))
    assert article.stamp.mtime_ns == int(datetime(2021, 8, 20, 10, tzinfo=UTC).timestamp()) * 10**9


def test_a_query_with_after_asks_for_newer_rows_only(tmp_path: Path) -> None:
    """The greatest key is where the next scan goes on, and older rows have not vanished."""
    database = source(tmp_path, [row(number) for number in range(1, 6)], NEWER)
    first = read(database)
    assert first[-1] == Reached("", first[-1].stamp, "5", complete=True)  # type: ignore[union-attr]
    known = remembered(first)
    source(tmp_path, [row(6), row(7)])
    second = read(database, known)
    assert second[0] == Unchanged("", below=True)
    assert places(second) == ["6", "7"]
    assert not vanished(known, second)
    assert places(read(database, remembered(second, known))) == []


def test_a_column_after_is_what_the_next_scan_goes_on_behind(tmp_path: Path) -> None:
    """An old article that was changed comes again; one that was met at the border is known by its stamp."""
    days = [f"2021-08-{day:02} 10:00:00" for day in range(1, 10)]
    rows = [row(number, updated=day) for number, day in enumerate(days)]
    database = source(tmp_path, rows, UPDATED, after="1970-01-01")
    known = remembered(read(database))
    source(tmp_path, [row(0, "<p>Sample text two</p>", "2021-08-30 10:00:00")])
    second = read(database, known)
    assert places(second) == ["0"]
    assert Unchanged("8") in second
    assert not vanished(known, second)


@pytest.mark.parametrize("ahead", ["2999-01-01", "9999-12-31 23:59:59", "2031-01-01T00:00:00Z"])
def test_a_row_dated_ahead_hides_none_that_is_written_before(tmp_path: Path, ahead: str) -> None:
    """What is to be published some day, or stands under the last day of all: it is read, and comes again."""
    news = source(tmp_path, [row(1, updated="2021-08-20"), row(2, updated=ahead)], UPDATED, after="1970-01-01")
    first = read(news, None)
    assert sorted(places(first)) == ["1", "2"]
    known = remembered(first)
    write(tmp_path / "news.db", [row(3, updated="2021-08-21")])
    second = read(news, known)
    assert places(second) == ["3"]
    assert not vanished(known, second)


def test_a_time_of_change_that_no_database_holds_is_one(tmp_path: Path) -> None:
    """As content systems mark what never ends."""
    query = "SELECT id AS key, body AS html, updated AS changed FROM news"
    news = source(tmp_path, [row(1, updated="9999-12-31 23:59:59")], query)
    first = read(news)
    (article,) = articles(first)
    assert -(2**63) <= article.stamp.mtime_ns < 2**63
    assert read(news, remembered(first)) == [Unchanged("1")]


def test_rows_of_one_key_are_articles_of_their_own(tmp_path: Path) -> None:
    """A query that joins gives one row for each meta value: none is written over by the next, none again at each
    scan, and a person is told."""
    query = "SELECT id % 2 AS key, body AS html FROM news ORDER BY id"
    bodies = ("<p>Sample one</p>", "<p>Sample two</p>", "<p>Sample three</p>")
    news = source(tmp_path, [row(number, body) for number, body in zip((2, 4, 6), bodies, strict=True)], query)
    first = read(news)
    assert [article.payload.decode() for article in articles(first)] == [*bodies]
    assert [article.doubts for article in articles(first)] == [(), ("key_repeats",), ("key_repeats",)]
    assert len({*places(first)}) == 3
    again = read(news, remembered(first))
    assert again == [Unchanged(place) for place in places(first)]


def test_another_query_asks_for_everything_again(tmp_path: Path) -> None:
    """How far another question came says nothing."""
    known = remembered(read(source(tmp_path, [row(1), row(2)], NEWER)))
    other = source(tmp_path, [], NEWER.replace("body AS html", "body || '!' AS html"))
    assert places(read(other, known)) == ["1", "2"]


@settings(max_examples=20, deadline=None)
@given(stop=st.integers(0, 1000), query=st.sampled_from([ALL, NEWER, UPDATED, NEWER.removesuffix(" ORDER BY id")]))
def test_a_scan_that_is_killed_anywhere_hands_over_the_rest(
    tmp_path_factory: pytest.TempPathFactory, stop: int, query: str
) -> None:
    """In order or not, with many rows of one moment: each row is handed over once."""
    path = tmp_path_factory.getbasetemp() / "killed.db"
    if not path.exists():
        write(path, [row(number, updated=number // 7 + 1) for number in [*range(300, 900), *range(1, 300)]])
    assert_resumes(Database("sample", f"sqlite:///{path}", query), [stop])


def test_rows_in_order_are_read_on_from_the_last_place_that_is_sure(tmp_path: Path) -> None:
    """Between two rows of one moment nobody may stop: the place is the moment before."""
    rows = [row(number, updated=number // 150 + 1) for number in range(1, 500)]
    reached = [found for found in read(source(tmp_path, rows, UPDATED)) if isinstance(found, Reached)]
    assert [(found.position, found.complete) for found in reached] == [("1", False), ("2", False), ("4", True)]


def test_the_database_is_opened_for_reading_only(tmp_path: Path) -> None:
    """A query that would write is refused by SQLite, and a file that is not there is not made."""
    database = source(tmp_path, [row(1)], "DELETE FROM news RETURNING id AS key, body AS html")
    (refusal,) = read(database)
    assert isinstance(refusal, Unread)
    assert "readonly" in refusal.message
    assert places(read(source(tmp_path))) == ["1"]
    missing = tmp_path / "none.db"
    assert refusals(read(Database("sample", f"sqlite:///{missing}", ALL))) == {"": "io"}
    assert not missing.exists()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql+nothing://reader:secret-word@host/news", "postgresql+nothing://reader:***@host/news: "),
        ("nothing://reader:secret-word@host/news", "nothing://reader:***@host/news: "),
        ("nothing://host/news?password=secret-word&x=1", "nothing://host/news?password=***&x=1: "),
        ("postgresql://reader:secret-word@host:port/news", "postgresql://reader:***@host:port/news: "),
        ("secret", "secret: Could not parse SQLAlchemy URL"),
        ("sqlite://", "sqlite://: no file is named"),
    ],
)
def test_a_database_that_cannot_be_read_is_unread_without_its_password(address: str, words: str) -> None:
    """One line with the masked address; nothing has vanished."""
    (refusal,) = read(Database("sample", address, ALL))
    assert isinstance(refusal, Unread)
    assert (refusal.location, refusal.reason) == ("", "io")
    assert refusal.message.startswith(words)
    assert "secret-word" not in refusal.message


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT absent FROM news", "no such column"),
        ("SELECT id AS key FROM news", "names no column"),
        ("SELECT body AS html FROM news", "names no column"),
        ("SELECT id AS key, body AS html FROM news WHERE id > :after OR 1", "cannot go on behind"),
        ("SELECT id AS key, body AS html FROM news WHERE id > :other", "other"),
    ],
)
def test_a_query_that_cannot_be_used_is_one_clear_line(tmp_path: Path, query: str, words: str) -> None:
    """Wrong columns, columns of two kinds to go on behind, a parameter that nobody gives."""
    findings = read(source(tmp_path, [row(1), ("two", *row(2)[1:])], query))
    assert isinstance(findings[-1], Unread)
    assert findings[-1].location == ""
    assert words in findings[-1].message


def test_a_row_over_the_cap_is_reported_with_its_size(tmp_path: Path) -> None:
    """And the others are read."""
    findings = read(source(tmp_path, [row(1, "a" * 101), row(2, "a" * 100)], size_cap=100))
    assert findings[0] == Unread("1", "too_large", "101 bytes, the cap is 100")
    assert places(findings) == ["2"]


def test_stamps_tell_rows_of_one_length_apart(tmp_path: Path) -> None:
    """Length alone says nothing of what changed."""
    one, two = articles(read(source(tmp_path, [row(1, "a"), row(2, "b")])))
    assert one.stamp != two.stamp
    assert one.stamp == Stamp(1, 0, one.stamp.inode)


@given(
    st.one_of(
        st.integers(),
        st.text(),
        st.dates(),
        st.datetimes(),
        st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=4, minutes=30))])),
    )
)
def test_a_position_reads_back_as_what_it_was(after: int | str | date) -> None:
    """Numbers, texts, dates and moments, each of its own kind, so that the database can compare it."""
    assert after_of(position_of(after)) == after
    assert type(after_of(position_of(after))) is type(after)
