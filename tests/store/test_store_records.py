"""What is stored of articles, embeds, posts and looks, and how it is found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from archiver.model.article import Article, Stamp, Unread
from archiver.model.embed import Embed, Identification
from archiver.model.listing import PostFilter
from archiver.model.observation import SubjectKind
from archiver.model.outcome import Outcome, Strength
from archiver.model.verdict import Interval, Rules, State, Verdict
from archiver.store import articles, history, listing, observations, posts, search, states, tables, unread
from archiver.store.draft import Draft
from archiver.store.settling import Settling
from archiver.store.transaction import Store, Transaction
from tests.builders import NOON, close, look, make_store, name_post, print_embed, say, write_article

HOUR = timedelta(hours=1)
Found = list[tuple[Embed, Identification | None]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = make_store(tmp_path / "archive")
    with made.run("scan"):
        pass
    return made


def save(store: Store, article: Article, found: Found) -> None:
    with store.writing(1) as transaction:
        articles.save(transaction, "sample", [(article, found, ())])


def found_in(*embeds: Embed) -> Found:
    return [(embed, name_post(embed)) for embed in embeds]


def numbers(store: Store, **wanted: object) -> list[int]:
    with store.reading() as connection:
        return [post.number for post in listing.posts(connection, PostFilter(**wanted))]  # type: ignore[arg-type]


def count(store: Store, table: str) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(tables.metadata.tables[table])).scalar_one())


def test_an_article_is_stored_with_its_embeds_and_their_posts(store: Store) -> None:
    """One transaction; the post can be listed with what the article prints of it."""
    save(store, write_article(), found_in(print_embed()))
    with store.reading() as connection:
        (post,) = listing.posts(connection, PostFilter())
        (citation,) = listing.citations(connection, post.number)
        (article,) = listing.list_articles(connection, PostFilter())
    assert (post.text, post.text_from, post.articles, post.state) == ("Sample text one", "article", 1, State.UNKNOWN)
    assert post.next_check_at == NOON
    assert (citation.before, citation.quotation, citation.after) == ("Before it. ", "Sample text one", " After it.")
    assert (article.embeds, article.unidentified, article.title) == (1, 0, "On a.html")


def test_the_same_post_in_many_articles_is_one_post(store: Store) -> None:
    """One subject, many references, one look a round."""
    for place in range(30):
        save(store, write_article(f"{place}.html"), found_in(print_embed()))
    assert numbers(store) == [1]
    with store.reading() as connection:
        (post,) = listing.posts(connection, PostFilter())
        assert (post.articles, len(posts.due_numbers(connection, NOON, "x", identified=True))) == (30, 1)


def test_an_embed_that_no_adapter_identifies_is_kept(store: Store) -> None:
    """Unidentified, never dropped."""
    save(store, write_article(), [(print_embed(native_id=None, hint=None), None)])
    with store.reading() as connection:
        (article,) = listing.list_articles(connection, PostFilter())
    assert (article.embeds, article.unidentified, numbers(store)) == (1, 1, [])


def test_a_changed_article_keeps_its_history_and_closes_what_left_it(store: Store) -> None:
    """An embed that stayed is the same embed; one that left is closed; its post lives on."""
    first, second = print_embed("1499999999999999998"), print_embed("1499999999999999999")
    save(store, write_article(words="one"), found_in(first, second))
    save(store, write_article(words="two"), found_in(replace(second, position=0, before="Moved. ")))
    assert (count(store, "article_versions"), count(store, "embeds"), count(store, "embed_closings")) == (2, 2, 1)
    assert numbers(store) == [2, 1]
    with store.reading() as connection:
        closed, standing = (listing.citations(connection, number)[0].closed_at for number in (1, 2))
    assert closed == NOON
    assert standing is None


def test_an_article_touched_but_not_changed_adds_nothing(store: Store) -> None:
    """Another stamp, the same bytes: no version, no line of the ledger."""
    article = write_article()
    save(store, article, found_in(print_embed()))
    lines = count(store, "ledger")
    save(store, replace(article, stamp=Stamp(12, 99, 7)), found_in(print_embed()))
    assert (count(store, "article_versions"), count(store, "ledger")) == (1, lines)
    with store.reading() as connection:
        assert articles.known(connection, "sample") == ({"a.html": Stamp(12, 99, 7)}, {})


def test_a_vanished_article_closes_its_embeds_and_may_come_back(store: Store) -> None:
    """The posts live on; the article that is there again shows its embeds again, as new ones."""
    article = write_article()
    save(store, article, found_in(print_embed()))
    with store.writing(1) as transaction:
        articles.vanish(transaction, "sample", ["a.html"])
    with store.reading() as connection:
        (listed,) = listing.list_articles(connection, PostFilter())
        assert (listed.vanished_at, listed.embeds) == (NOON, 0)
        assert articles.known(connection, "sample") == ({}, {})
    assert numbers(store) == [1]
    save(store, article, found_in(print_embed()))
    with store.reading() as connection:
        (listed,) = listing.list_articles(connection, PostFilter())
        assert (listed.vanished_at, listed.embeds) == (None, 1)
        assert [each.closed_at for each in listing.citations(connection, 1)] == [NOON, None]


def test_two_real_places_in_one_article_are_two_embeds(store: Store) -> None:
    """The same post printed twice stands twice, and stays so when the article changes."""
    twice = found_in(print_embed(), print_embed(position=1))
    save(store, write_article(words="one"), twice)
    save(store, write_article(words="two"), twice)
    assert (count(store, "embeds"), count(store, "embed_closings"), numbers(store)) == (2, 0, [1])


def test_a_place_that_could_not_be_read_is_recorded(store: Store) -> None:
    """Nothing is lost in silence."""
    with store.writing(1) as transaction:
        unread.save(transaction, "sample", Unread("b.html", "permission", "b.html: permission denied"))
    assert count(store, "article_failures") == 1


def settle(transaction: Transaction, named: Identification, embed: Embed) -> int:
    draft = Draft(transaction)
    settling = Settling(draft, [(named, embed)])
    number = settling.settle(named, embed)
    draft.write()
    settling.finish()
    return number


def seek(transaction: Transaction, embed: Embed, link: str) -> int:
    return settle(transaction, name_post(embed, short_links=(link,)), embed)


def test_a_post_without_an_id_lives_under_our_own_number(store: Store) -> None:
    """The same picture link is the same post; another day or other words are another."""
    flat = print_embed(native_id=None)
    with store.writing(1) as transaction:
        first = seek(transaction, flat, "https://t.co/aaaaaaaaaa")
        assert seek(transaction, flat, "https://t.co/aaaaaaaaaa") == first
        assert seek(transaction, flat, "https://t.co/bbbbbbbbbb") != first
        plain = settle(transaction, name_post(flat), flat)
        assert settle(transaction, name_post(flat), flat) == plain
        other = replace(flat, published_on=date(2022, 3, 6))
        assert settle(transaction, name_post(other), other) != plain


def test_a_post_that_can_be_asked_for_in_no_way_is_never_due(store: Store) -> None:
    """Without id and short link, or with an id that cannot be, there is nothing to ask."""
    flat = print_embed(native_id=None)
    doubtful = replace(name_post(print_embed("5")), doubts=("id_implausible",))
    with store.writing(1) as transaction:
        settle(transaction, name_post(flat), flat)
        settle(transaction, doubtful, print_embed("5"))
    with store.reading() as connection:
        assert posts.next_due_at(connection, ["x"]) is None


def test_an_identified_post_is_due_at_once_under_its_id(store: Store) -> None:
    """Resolving appends an identification; the number stays."""
    with store.writing(1) as transaction:
        number = seek(transaction, print_embed(native_id=None), "https://t.co/aaaaaaaaaa")
        kept = posts.identify(
            transaction,
            number,
            native_id="42",
            permalink="https://x.com/i/status/42",
            published_at=None,
            how="short_link",
        )
    assert kept == number
    with store.reading() as connection:
        assert posts.find(connection, "x", None, "42") == number
        assert posts.due_numbers(connection, NOON, "x", identified=True) == [number]


def test_two_posts_found_to_be_one_are_joined(store: Store) -> None:
    """Both numbers lead to one post, with the articles of both; the joined one is neither listed nor due."""
    save(store, write_article("a.html"), found_in(print_embed("42")))
    flat = print_embed(native_id=None)
    save(store, write_article("b.html"), [(flat, name_post(flat, short_links=("https://t.co/aaaaaaaaaa",)))])
    with store.writing(1) as transaction:
        assert posts.identify(transaction, 2, native_id="42", permalink="p", published_at=None, how="short_link") == 1
    with store.reading() as connection:
        (post,) = listing.posts(connection, PostFilter())
        assert (post.number, post.articles) == (1, 2)
        assert posts.survivor(connection, 2) == 1
        assert [each.location for each in listing.citations(connection, 1)] == ["a.html", "b.html"]
        assert any("p2 was found to be p1" in event.title for event in history.events(connection, 1))
        assert posts.due_numbers(connection, NOON, "x", identified=False) == []


@pytest.mark.parametrize(
    ("authors", "due"),
    [
        ((), [1, 2, 3]),
        (("Sample_One",), [1]),
        (("sample_one", "x:SAMPLE_TWO"), [1, 2]),
        (("other:sample_two",), []),
        (("sample_three",), []),
    ],
)
def test_authors_are_followed_by_handle_in_any_case(store: Store, authors: tuple[str, ...], due: list[int]) -> None:
    """On every platform or on the one that is named; no list means everyone; a post without an author, nobody's."""
    handles = ("sample_one", "sample_two", None)
    embeds = [print_embed(str(100 + place), author_handle=handle) for place, handle in enumerate(handles)]
    save(store, write_article(), found_in(*embeds))
    with store.reading() as connection:
        assert posts.due_numbers(connection, NOON, "x", identified=True, authors=authors) == due
        assert posts.next_due_at(connection, ["x"], authors) == (NOON if due else None)


def append(store: Store, *batches: tuple[int, str, list[object]]) -> None:
    with store.writing(1) as transaction:
        for hours, endpoint, looks in batches:
            number = observations.open_round(transaction, "x")
            batch = close(number, looks, NOON + hours * HOUR, endpoint=endpoint)  # type: ignore[arg-type]
            for _, each, snapshot in observations.append(transaction, batch)[1]:
                if each.subject_kind is SubjectKind.POST:
                    states.note_looks(
                        transaction.connection, [states.Noted(each, snapshot, new_round=True)], valid=True
                    )


def test_an_observation_is_written_on_every_look_a_snapshot_only_when_new(store: Store) -> None:
    """A revisit names the snapshot on file; other words are a new one, and the listing shows them."""
    save(store, write_article(), found_in(print_embed()))
    for hour, text in enumerate(("Sample text one", "Sample text one", "Sample text two")):
        append(store, (hour, "syndication", [look(1, Outcome.PRESENT, NOON + hour * HOUR, snapshot=say(text))]))
    assert (count(store, "observations"), count(store, "snapshots"), count(store, "exchanges")) == (3, 2, 3)
    with store.reading() as connection:
        (post,) = listing.posts(connection, PostFilter())
        kinds = [event.title.split(" ")[0] for event in history.events(connection, 1) if event.kind == "snapshot"]
    assert (post.text, post.text_from, post.author_id) == ("Sample text two", "snapshot", "77")
    assert kinds == ["first", "changed"]


def test_what_judge_reads_is_what_was_stored(store: Store) -> None:
    """Outcome, strength, times and controls come back as they went in; void batches stay marked."""
    save(store, write_article(), found_in(print_embed()))
    absent = look(1, Outcome.ABSENT, NOON, strength=Strength.STRONG)
    with store.writing(1) as transaction:
        observations.append(transaction, close(observations.open_round(transaction, "x"), [absent], NOON, valid=False))
    with store.reading() as connection:
        (read,) = observations.for_posts(connection, posts.load(connection, [1]))[1]
    assert (read.outcome, read.strength, read.valid, read.controlled) == (Outcome.ABSENT, Strength.STRONG, False, True)
    assert (read.sent_at, read.closed_at, read.subject_key) == (NOON, NOON + timedelta(seconds=1), "1")


def test_looks_at_an_author_before_the_post_was_looked_at_do_not_count_for_it(store: Store) -> None:
    """A post takes no verdict from looks that were made for others."""
    save(store, write_article(), found_in(print_embed()))
    with store.reading() as connection:
        key = observations.author_key(posts.load(connection, [1])[0])
    assert "sample" not in key
    author = look(key, Outcome.SUSPENDED, NOON, kind=SubjectKind.AUTHOR, native_id=None)
    own = look(1, Outcome.ABSENT, NOON + HOUR, strength=Strength.WEAK)
    later = look(key, Outcome.ACCOUNT_OK, NOON + HOUR, kind=SubjectKind.AUTHOR, native_id=None)
    append(store, (0, "timeline", [author]), (1, "syndication", [own]), (2, "timeline", [later]))
    with store.reading() as connection:
        read = observations.for_posts(connection, posts.load(connection, [1]))[1]
    assert sorted(each.outcome for each in read) == [Outcome.ABSENT, Outcome.ACCOUNT_OK]


def give(store: Store, number: int, verdict: Verdict) -> bool:
    with store.writing(1) as transaction:
        return states.record(transaction, number, verdict, Rules(), None)


GONE = Verdict(
    State.DELETED,
    NOON,
    Interval(NOON - 2 * HOUR, NOON - HOUR, 1, 2),
    "A",
    rests_on=(1, 2),
    last_seen_at=NOON - 2 * HOUR,
)


def test_a_verdict_is_stored_when_it_says_something_new(store: Store) -> None:
    """One more sighting is no new verdict; another state is, with a line of the ledger that names its grounds."""
    save(store, write_article(), found_in(print_embed()))
    assert give(store, 1, Verdict(State.ALIVE, NOON, last_seen_at=NOON))
    assert not give(store, 1, Verdict(State.ALIVE, NOON, last_seen_at=NOON + HOUR))
    assert give(store, 1, GONE)
    with store.reading() as connection:
        given_verdicts = history.verdicts_of(connection, 1)
        line = connection.exec_driver_sql(
            f"SELECT line FROM ledger WHERE number = {given_verdicts[-1].ledger}"
        ).scalar_one()
        assert states.stored_differs(connection, 1, GONE) == []
        assert "state" in states.stored_differs(connection, 1, Verdict(State.ALIVE, NOON))
    assert [each.state for each in given_verdicts] == ["alive", "deleted"]
    assert '"rests_on":[1,2]' in line
    assert "grade_a_rounds=5" in line
    assert "Sample" not in line


def test_posts_are_filtered_by_author_verdict_article_publication_and_disappearance(store: Store) -> None:
    """Each filter alone; a disappearance counts where its interval touches the span."""
    save(store, write_article("north.html"), found_in(print_embed("41")))
    other = print_embed("42", author_handle="Other_Wire", published_on=date(2023, 1, 1))
    save(store, write_article("south.html"), found_in(other))
    give(store, 1, GONE)
    assert numbers(store, author="@other_wire") == [2]
    assert numbers(store, platform="X") == [2, 1]
    assert numbers(store, platform="bluesky") == []
    assert numbers(store, verdict=(State.DELETED,)) == [1]
    assert numbers(store, article="NORTH") == [1]
    assert numbers(store, article="%") == []
    assert numbers(store, since=datetime(2023, 1, 1, tzinfo=UTC)) == [2]
    assert numbers(store, until=datetime(2023, 1, 1, tzinfo=UTC)) == [1]
    assert numbers(store, since=datetime(2022, 3, 5, tzinfo=UTC), until=datetime(2022, 3, 6, tzinfo=UTC)) == [1]
    assert numbers(store, gone_since=NOON - HOUR) == [1]
    assert numbers(store, gone_since=NOON) == []
    assert numbers(store, gone_until=NOON - 2 * HOUR) == []
    assert numbers(store, gone_until=NOON - HOUR) == [1]


def test_a_restored_post_is_still_found_by_when_it_was_gone(store: Store) -> None:
    """The earlier conclusion stands in the verdicts, and the filter asks them too."""
    save(store, write_article(), found_in(print_embed()))
    give(store, 1, GONE)
    give(store, 1, Verdict(State.ALIVE, NOON + HOUR, flags=frozenset({"restored"})))
    assert numbers(store, gone_since=NOON - HOUR) == [1]
    assert numbers(store, gone_since=NOON) == []


WORDS = {
    "persian": "آژانس خبری نمونه می‌گوید",
    "arabic": "كتابٌ عربيّ",
    "english": "Sample #Breaking report: Café",
    "emoji": "rain 🌧️ today",
    "japanese": "東京の天気",
}


@pytest.mark.parametrize(
    ("words", "finds"),
    [("خبری", "persian"), ("خبرى", "persian"), ("خـبـَری", "persian"), ("کتاب عربی", "arabic"),
     ("breaking CAFE", "english"), ("🌧", "emoji"), ("天気", "japanese"), ("京の天", "japanese")],
)  # fmt: skip
def test_words_are_found_in_any_script(store: Store, words: str, finds: str) -> None:
    """Spelling variants of Arabic letters, case, accents, emoji and scripts without spaces."""
    save(store, write_article(), found_in(*(print_embed(str(n), text) for n, text in enumerate(WORDS.values(), 100))))
    with store.reading() as connection:
        assert search.find(connection, words, 10) == [list(WORDS).index(finds) + 1]


@given(st.text(max_size=200) | st.sampled_from(['"', "NEAR(", "a AND", "*", "-x", "\x00", "x" * 100_000, "a OR b)"]))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_valid_search(text: str) -> None:
    """No query raises, whatever its signs."""
    import sqlalchemy as sa

    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE VIRTUAL TABLE search USING fts5(words, kind UNINDEXED, post UNINDEXED)")
        search.add(connection, 1, "quotation", text)
        search.find(connection, text, 10)
    engine.dispose()
