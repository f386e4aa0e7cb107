"""Who vanishes together, among how many: those who are followed are counted anew only where it decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, update

from archiver.check.crowds import Crowds
from archiver.store import articles
from archiver.store.tables import post_states, vanishings
from archiver.store.transaction import Store
from tests.builders import NOON, close, make_store, name_post, print_embed, write_article

FOLLOWED = 1_500
"""Half a percent of them are 7.5 authors."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """So many posts, each by an author of its own, of whom the first hundred were seen alive."""
    made = make_store(tmp_path / "archive")
    embeds = [print_embed(str(10_000 + place), position=place) for place in range(FOLLOWED)]
    with made.run("scan") as run, made.writing(run.id) as transaction:
        articles.save(transaction, "sample", [(write_article(), [(each, name_post(each)) for each in embeds], ())])
    see(made, 100)
    yield made
    made.database.close()


def see(store: Store, count: int) -> None:
    """The first so many posts were seen alive now."""
    named = {"author_id": func.printf("author_%d", post_states.c.post), "last_seen_at": NOON}
    with store.writing(1) as transaction:
        transaction.connection.execute(update(post_states).where(post_states.c.post <= count).values(**named))


def vanish(store: Store, count: int, crowds: Crowds) -> list[str]:
    """The first so many posts are gone, and a batch says so."""
    rows = [{"post": n, "platform": "x", "author": f"author_{n}", "vanished_at": NOON} for n in range(1, count + 1)]
    with store.writing(1) as transaction:
        transaction.connection.execute(vanishings.delete())
        transaction.connection.execute(insert(vanishings), rows)
        return crowds.weigh(transaction, close(1, [], NOON + timedelta(hours=1)))


def test_seven_of_a_hundred_are_a_crowd(store: Store) -> None:
    """More than six, and than half a percent."""
    (told,) = vanish(store, 7, Crowds())
    assert "posts of 7 authors, of 100, vanished in a day" in told


def test_a_crowd_is_one_among_those_who_are_followed_by_now(store: Store) -> None:
    """Who were counted when they were a hundred are counted anew before it is said."""
    crowds = Crowds()
    assert vanish(store, 6, crowds) == []
    see(store, FOLLOWED)
    assert vanish(store, 7, crowds) == []
    (told,) = vanish(store, 8, crowds)
    assert "posts of 8 authors, of 1500, vanished in a day" in told


def test_what_was_remembered_hides_no_crowd(store: Store) -> None:
    """However often they were counted before: each crowd is told that a fresh count tells."""
    see(store, FOLLOWED)
    crowds = Crowds()
    assert [bool(vanish(store, count, crowds)) for count in (7, 5, 7, 8)] == [False, False, False, True]
