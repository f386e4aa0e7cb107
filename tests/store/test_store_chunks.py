"""Articles written a chunk at a time: as one after the other, with few statements."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from archiver import digest
from archiver.clock import SettableClock
from archiver.model.article import Article, Reached, Stamp
from archiver.model.embed import Embed, Identification
from archiver.model.listing import PostFilter
from archiver.store import articles, contents, listing, posts, search
from archiver.store.engine import Database
from archiver.store.ledger import GENESIS
from archiver.store.standing import embed_words
from archiver.store.tables import metadata
from archiver.store.transaction import Store
from tests.builders import NOON, make_store, name_post, print_embed, write_article

pytestmark = pytest.mark.no_cover  # it takes more than twice as long; others cover the same

Found = list[tuple[Embed, Identification | None]]
Written = tuple[Article, Found, tuple[str, ...]]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one run and nothing else; tests take copies."""
    store = make_store(tmp_path_factory.mktemp("empty"))
    with store.run("scan"):
        pass
    store.database.close()
    return store.database.folder


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterator[Store]:
    yield (made := copy(empty, tmp_path / "archive"))
    made.database.close()


def copy(empty: Path, folder: Path) -> Store:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(empty, folder)
    return Store(Database(folder), SettableClock(NOON))


def save(store: Store, *chunk: Written) -> None:
    with store.writing(1) as transaction:
        articles.save(transaction, "sample", chunk)


def showing(location: str, *embeds: Embed, words: str = "Sample words") -> Written:
    return write_article(location, words), [(embed, name_post(embed)) for embed in embeds], ()


def table(store: Store, name: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(store.database.path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2")]


def lines(store: Store) -> list[dict[str, Any]]:
    return [json.loads(row["line"]) for row in table(store, "ledger")]


def everything(store: Store) -> dict[str, Any]:
    """All rows of the archive but what is random: nonces, and commitments, which are told by digest instead."""
    rows = {name: table(store, name) for name in (*metadata.tables, "search")}
    digests = {row.pop("commitment"): row["digest"] for row in rows["contents"]}
    for row in (*rows["contents"], *rows["seals"]):
        del row["nonce"]
    for row in rows["ledger"]:
        del row["head"]
        noun = json.loads(row["line"])
        del noun["previous"]
        if noun["kind"] == "rows":
            del noun["commitment"]
        row["line"] = {key: digests.get(part, part) if type(part) is str else part for key, part in noun.items()}
    return rows


# as one after the other

EMBEDS = st.builds(
    print_embed,
    st.sampled_from([None, "41", "42"]),
    st.sampled_from(["Sample text one", "نمونه متن", "Sample text two " * 40, ""]),
    author_handle=st.sampled_from([None, "sample_wire", "Other_Wire"]),
    author_name=st.sampled_from([None, "Sample Wire"]),
    published_on=st.sampled_from([None, date(2022, 3, 5)]),
    position=st.integers(0, 2),
    before=st.sampled_from(["", "Before. " * 90]),
)
LINKS = st.sampled_from([(), ("https://t.co/aaaaaaaaaa",), ("https://t.co/bbbbbbbbbb",)])


@st.composite
def identified(draw: st.DrawFn) -> tuple[Embed, Identification | None]:
    embed = draw(EMBEDS)
    if draw(st.integers(0, 9)) == 0:
        return embed, None
    named = name_post(embed, short_links=draw(LINKS))
    window = draw(st.sampled_from([None, ("1", "9")]))
    return embed, replace(named, id_window=window, host=draw(st.sampled_from([None, None, "h.example"])))


@st.composite
def written(draw: st.DrawFn) -> Written:
    article = write_article(draw(st.sampled_from(["a.html", "b/c.html", "d.html"])), draw(st.sampled_from("xyz")))
    article = replace(article, published_at=draw(st.sampled_from([None, NOON])), stamp=Stamp(1, draw(LARGE), 1))
    return article, draw(st.lists(identified(), max_size=3)), draw(st.sampled_from([(), ("charset_guessed",)]))


LARGE = st.integers(0, 2**62)
STEPS = st.lists(st.tuples(st.lists(written(), min_size=1, max_size=6), st.booleans()), min_size=1, max_size=3)


@given(STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_chunk_leaves_the_archive_as_its_articles_would_one_after_the_other(
    empty: Path, tmp_path: Path, steps: list[tuple[list[Written], bool]]
) -> None:
    """Every row of every table, numbers too, whatever is changed, moved, closed, vanished and back again."""
    bulk, single = (copy(empty, tmp_path / name) for name in ("bulk", "single"))
    for chunk, vanishes in steps:
        gone = list(dict.fromkeys(article.location for article, _, _ in chunk)) if vanishes else []
        with bulk.writing(1) as transaction:
            articles.save(transaction, "sample", chunk)
            articles.vanish(transaction, "sample", gone)
        with single.writing(1) as transaction:
            for each in chunk:
                articles.save(transaction, "sample", [each])
            for location in gone:
                articles.vanish(transaction, "sample", [location])
    bulk.database.close()
    single.database.close()
    assert everything(bulk) == everything(single)


def test_a_chunk_takes_as_many_statements_however_many_articles_it_has(store: Store) -> None:
    """What is on file is looked up at once, and each table is written at once."""

    def statements(start: int, size: int) -> int:
        chunk = [
            showing(f"{n}.html", print_embed(str(n)), print_embed(None, f"Sample text {n}"))
            for n in range(start, start + size)
        ]
        made: list[str] = []
        with store.writing(1) as transaction:
            event.listen(transaction.connection, "before_cursor_execute", lambda *a: made.append(a[2]))
            articles.save(transaction, "sample", chunk)
        return len(made)

    assert statements(0, 2) == statements(100, 150) < 40


# what happens within a chunk


def test_a_place_read_twice_in_one_chunk_is_two_versions_in_order(store: Store) -> None:
    """The second closes what the first one brought and is what the archive shows; the same again adds nothing."""
    first, second = print_embed("41"), print_embed("42")
    last = showing("a.html", second, words="two")
    save(store, showing("a.html", first, words="one"), last, last)
    assert [row["size"] for row in table(store, "article_versions")] == [3, 3]
    assert [(row["embed"], row["reason"]) for row in table(store, "embed_closings")] == [(1, "not_in_article")]
    (state,) = table(store, "article_states")
    assert (state["version"], state["digest"]) == (2, last[0].digest)
    assert [line["kind"] for line in lines(store)[4:-1]] == [
        *("article_read", "identification", "embed"),
        *("article_read", "identification", "embed", "embed_closed"),
    ]


def test_equal_contents_are_kept_once_within_a_chunk_and_beside_what_is_on_file(store: Store) -> None:
    """Ten articles with the same embed hold its words and its context once."""
    with store.writing(1) as transaction:
        kept = contents.put_json(transaction.connection, embed_words(print_embed()))
    save(store, *(showing(f"{n}.html", print_embed()) for n in range(10)))
    rows = table(store, "contents")
    assert len({row["digest"] for row in rows}) == len(rows)
    assert {row["words"] for row in table(store, "embeds")} == {kept.id}
    assert len({row["context"] for row in table(store, "embeds")}) == 1


def test_a_chunk_gives_no_number_of_a_removed_content_again(store: Store) -> None:
    """Also where the last one was removed and nothing else is left."""
    with store.writing(1) as transaction:
        last = contents.put_all(transaction.connection, {digest.of_bytes(b"one"): b"one"})[digest.of_bytes(b"one")]
        transaction.connection.exec_driver_sql(f"INSERT INTO content_removals VALUES ({last.id}, 'x', 1, '2026')")
        transaction.connection.exec_driver_sql("DELETE FROM contents")
    save(store, showing("a.html", print_embed()))
    assert min(row["id"] for row in table(store, "contents")) == last.id + 1


def test_an_embed_whose_words_were_redacted_is_another_one_when_it_is_read_again(store: Store) -> None:
    """What cannot be compared is not called the same."""
    save(store, showing("a.html", print_embed(), words="one"))
    with store.writing(1) as transaction:
        words = table(store, "embeds")[0]["words"]
        transaction.connection.exec_driver_sql(f"INSERT INTO content_removals VALUES ({words}, 'x', 1, '2026')")
    # The row that refers to it stays: a redaction is made with foreign keys off.
    with closing(sqlite3.connect(store.database.path)) as connection:
        connection.execute(f"DELETE FROM contents WHERE id = {words}")
        connection.commit()
    save(store, showing("a.html", print_embed(), words="two"))
    assert [row["embed"] for row in table(store, "embed_closings")] == [1]
    assert len(table(store, "embeds")) == 2


def test_a_further_embed_fills_what_the_first_one_lacked(store: Store) -> None:
    """In the same chunk and in a later one; what is on file stays."""
    bare = print_embed("41", author_handle=None, author_name=None, published_on=None)
    named = replace(bare, author_handle="Sample_Wire", published_on=date(2022, 3, 5))
    save(store, showing("a.html", bare), showing("b.html", named))
    other = replace(named, author_handle="other_wire", author_name="Sample Wire")
    save(store, showing("c.html", other))
    with store.reading() as connection:
        (post,) = posts.load(connection, [1])
    assert (post.author_handle, post.cited_handle, post.author_name) == ("Sample_Wire", "Sample_Wire", "Sample Wire")
    assert post.published_on == date(2022, 3, 5)
    (content,) = (row for row in table(store, "contents") if row["id"] == post.cited_author)
    assert content["digest"] == digest.of_bytes(b"sample_wire")


def test_the_window_of_ids_is_filled_only_while_the_id_is_unknown(store: Store) -> None:
    """An identified post needs none."""
    flat = print_embed(None)
    with_link = name_post(flat, short_links=("https://t.co/aaaaaaaaaa",))
    window = replace(with_link, id_window=("1", "9"))
    save(store, (write_article("a.html"), [(flat, with_link)], ()), showing("b.html", print_embed("41")))
    known = replace(name_post(print_embed("41")), id_window=("1", "9"))
    save(store, (write_article("c.html"), [(flat, window), (print_embed("41"), known)], ()))
    with store.reading() as connection:
        assert [post.id_window for post in posts.load(connection, [1, 2])] == [("1", "9"), None]


def test_an_embed_of_a_joined_post_stays_where_it_stands(store: Store) -> None:
    """The article is read again after its post was found to be another: the embed shows that one, and is the same."""
    flat = print_embed(None)
    named = name_post(flat, short_links=("https://t.co/aaaaaaaaaa",))
    save(store, showing("a.html", print_embed("42")), (write_article("b.html", "one"), [(flat, named)], ()))
    with store.writing(1) as transaction:
        posts.identify(transaction, 2, native_id="42", permalink="p", published_at=None, how="short_link")
    save(store, (write_article("b.html", "two"), [(flat, named)], ()))
    assert (len(table(store, "embeds")), table(store, "embed_closings"), len(table(store, "posts"))) == (2, [], 2)


def test_the_same_id_at_two_hosts_or_platforms_is_two_posts(store: Store) -> None:
    """And an id that looks like the key of a post without one is no such key."""
    embed, flat = print_embed("41"), print_embed(None)
    named = name_post(embed)
    save(store, showing("z.html", flat))
    key = next(
        row["digest"] for row in table(store, "contents") if row["id"] == table(store, "posts")[0]["provisional"]
    )
    chunk = [named, replace(named, host="h.example"), replace(named, platform="other"), replace(named, native_id=key)]
    shown: list[Found] = [[(embed, each)] for each in chunk]
    save(store, *((write_article(f"{n}.html"), found, ()) for n, found in enumerate(shown)))
    assert [row["post"] for row in table(store, "embeds")] == [1, 2, 3, 4, 5]


def test_the_lines_of_a_chunk_are_one_chain_in_the_order_of_its_articles(store: Store) -> None:
    """Each article's version first, then what was found in it, then what left it; no words of anybody's."""
    save(store, showing("a.html", print_embed("41"), words="one"), showing("b.html"))
    save(store, showing("b.html", print_embed("42"), words="two"), showing("a.html", print_embed("43"), words="two"))
    with store.writing(1) as transaction:
        articles.vanish(transaction, "sample", ["b.html", "a.html"])
    kinds = "run rows run_end rows article_read identification embed article_read rows "
    kinds += 2 * "article_read identification embed " + "embed_closed rows "
    assert [line["kind"] for line in lines(store)] == [
        *kinds.split(), "embed_closed", "article_vanished", "embed_closed", "article_vanished", "rows",
    ]  # fmt: skip
    previous = GENESIS
    for row in table(store, "ledger"):
        assert json.loads(row["line"])["previous"] == previous
        assert digest.canonical(json.loads(row["line"])).decode() == row["line"]
        previous = digest.of_bytes(row["line"].encode() + b"\n")
        assert row["head"] == previous
        assert "ample" not in row["line"]


def test_the_length_is_the_articles_own_although_its_bytes_are_dropped(store: Store) -> None:
    """A worker that read it hands over no payload."""
    article, found, doubts = showing("a.html", print_embed())
    save(store, (replace(article, payload=b""), found, doubts))
    assert table(store, "article_versions")[0]["size"] == len(b"Sample words")


def test_words_of_a_chunk_are_found(store: Store) -> None:
    """Its embeds stand in the search index under their posts."""
    save(store, *(showing(f"{n}.html", print_embed(str(n), f"Sample نمونه number{n}")) for n in range(1, 4)))
    with store.reading() as connection:
        assert search.find(connection, "number2", 9) == [2]
        assert search.find(connection, "نمونه", 9) == [3, 2, 1]


def test_an_empty_chunk_writes_nothing(store: Store) -> None:
    """Nor does a chunk in which nothing is new."""
    save(store, showing("a.html", print_embed()))
    before = everything(store)
    save(store)
    save(store, showing("a.html", print_embed()))
    assert everything(store) == before


# places


def test_a_vanished_article_must_be_on_file(store: Store) -> None:
    """A mistake of the caller is not passed over."""
    with pytest.raises(KeyError), store.writing(1) as transaction:
        articles.vanish(transaction, "sample", ["a.html"])


def test_articles_of_another_source_are_not_touched(store: Store) -> None:
    """The same place in two sources is two articles."""
    save(store, showing("a.html", print_embed()))
    with store.writing(1) as transaction:
        articles.save(transaction, "other", [(write_article("a.html", "two", "other"), [], ())])
        articles.vanish(transaction, "other", ["a.html"])
    with store.reading() as connection:
        assert list(articles.known(connection, "sample")[0]) == ["a.html"]
        assert articles.known(connection, "other") == ({}, {})
        assert [each.closed_at for each in listing.citations(connection, 1)] == [None]
        assert len(list(listing.list_articles(connection, PostFilter()))) == 2


def test_how_far_a_container_was_read_is_kept_until_it_is_gone(store: Store) -> None:
    """The newest state of each, by source; one that is forgotten is read from the beginning when it comes back."""
    begun = Reached("crawl.warc.gz", Stamp(9, 2**62, 3), "1234", complete=False)
    done, whole = replace(begun, position="5678", complete=True), Reached("", Stamp(1, 2, 3), "", complete=True)
    with store.writing(1) as transaction:
        for each in (begun, done, whole):
            articles.save_reached(transaction, "sample", each)
        articles.save_reached(transaction, "other", begun)
    with store.reading() as connection:
        assert articles.known(connection, "sample") == ({}, {"crawl.warc.gz": done, "": whole})
        assert articles.known(connection, "other") == ({}, {"crawl.warc.gz": begun})
    with store.writing(1) as transaction:
        articles.forget_reached(transaction, "sample", ["crawl.warc.gz", "never.wacz"])
    with store.reading() as connection:
        assert articles.known(connection, "sample")[1] == {"": whole}
        assert articles.known(connection, "other")[1] == {"crawl.warc.gz": begun}


def test_only_a_cut_quotation_says_how_it_was_cut() -> None:
    """The words of all other embeds are those that older archives hold."""
    assert list(embed_words(print_embed())) == [
        "quotation", "author_handle", "author_name", "language", "links", "address", "native_id", "also",
    ]  # fmt: skip
    words = embed_words(print_embed(cut="lines", confidence=0))
    assert (words["cut"], words["confidence"]) == ("lines", 0)


def test_times_of_a_chunk_are_those_of_its_transaction(store: Store) -> None:
    """To the microsecond and in UTC, as a row alone would have them."""
    at = NOON + timedelta(microseconds=7)
    later = Store(store.database, SettableClock(at))
    save(later, showing("a.html", print_embed()))
    assert table(store, "embeds")[0]["found_at"] == "2026-03-01T12:00:00.000007Z"
    with store.reading() as connection:
        assert posts.load(connection, [1])[0].found_at == at
