"""Until when the looks at a post are in its verdict: what is kept of it, and what makes a post be folded anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from archiver.model.verdict import Rules, State, Verdict
from archiver.store import articles, posts, states
from archiver.store.states import Standing
from archiver.store.tables import post_states
from archiver.store.transaction import Store, Transaction
from tests.builders import NOON, make_store, name_post, print_embed, write_article

HOUR = timedelta(hours=1)
LINK = ("https://t.co/samplecode",)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two posts, the second without an id."""
    made = make_store(tmp_path / "archive")
    embeds = [print_embed("41"), print_embed(None, position=1)]
    found = [(embed, name_post(embed, short_links=() if embed.native_id else LINK)) for embed in embeds]
    with made.run("scan") as run, made.writing(run.id) as transaction:
        articles.save(transaction, "sample", [(write_article(), found, ())])
    return made


def fold(store: Store, *numbers: int) -> None:
    with store.writing(1) as transaction:
        known = states.load(transaction.connection, numbers)
        facts = {number: each.facts for number, each in known.items()}
        states.note_folds(transaction.connection, facts, dict.fromkeys(numbers, NOON), "1")


def put(transaction: Transaction, **columns: object) -> None:
    transaction.connection.execute(update(post_states).values(**columns))


def load(store: Store, number: int, version: str = "1") -> Standing:
    with store.reading() as connection:
        return states.load(connection, [number], version)[number]


def test_a_fold_is_kept_with_its_rules_and_facts(store: Store) -> None:
    """Other rules fold anew, and so does a post that was not folded yet."""
    assert load(store, 1).folded_to is None
    fold(store, 1)
    fold(store, 1)
    assert load(store, 1).folded_to == NOON
    assert load(store, 1, "2").folded_to is None


@pytest.mark.parametrize(
    "change",
    [
        lambda transaction: posts.identify(
            transaction, 2, native_id="42", permalink="p", published_at=NOON, how="short_link"
        ),
        lambda transaction: transaction.connection.exec_driver_sql("UPDATE post_states SET author_id = '9'"),
        lambda transaction: transaction.connection.exec_driver_sql("UPDATE post_states SET edit_chain = '[\"1\"]'"),
        lambda transaction: transaction.connection.exec_driver_sql(
            "UPDATE post_states SET published_on = '2020-02-02'"
        ),
        lambda transaction: states.forget_folds(transaction.connection, "x", NOON),
        lambda transaction: states.forget_folds(transaction.connection, "x", NOON - HOUR),
    ],
    ids=["its id", "its author", "an edit", "its day", "an incident then", "an incident before, by a clock set back"],
)
def test_other_facts_fold_anew(store: Store, change: Callable[[Transaction], object]) -> None:
    """What `judge` is told of a post has changed since."""
    fold(store, 1, 2)
    with store.writing(1) as transaction:
        change(transaction)
    assert load(store, 2).folded_to is None


def test_an_incident_after_all_looks_changes_nothing(store: Store) -> None:
    """It covers none of them; nor does another platform's."""
    fold(store, 1)
    with store.writing(1) as transaction:
        states.forget_folds(transaction.connection, "x", NOON + HOUR)
        states.forget_folds(transaction.connection, "bluesky", NOON - HOUR)
    assert load(store, 1).folded_to == NOON


def test_a_standing_verdict_is_loaded_as_it_was_given(store: Store) -> None:
    """As far as the state keeps it: enough to say when the post is due."""
    given = Verdict(State.ALIVE, NOON, flags=frozenset({"restored"}), first_seen_at=NOON, last_seen_at=NOON + HOUR)
    with store.writing(1) as transaction:
        states.record(transaction, 1, given, Rules(), None)
    assert load(store, 1).verdict == given
    assert load(store, 1).state is State.ALIVE


def test_what_is_due_is_asked_of_the_index(store: Store) -> None:
    """Not of all posts of the platform, every minute."""
    with store.reading() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT post, next_check_at, last_checked_at FROM post_states WHERE platform = ? "
            "AND next_check_at <= ? AND alias_of IS NULL AND native_id IS NOT NULL ORDER BY next_check_at, post",
            ("x", "2026-03-01T12:00:00.000000Z"),
        ).fetchall()
    assert [row.detail for row in plan] == [
        "SEARCH post_states USING INDEX ix_post_states_due (platform=? AND next_check_at<?)"
    ]
