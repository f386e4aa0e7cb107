"""Second cuts of quotations: what is to be cut again, and what was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from archiver.model.embed import Embed
from archiver.model.outcome import Outcome
from archiver.store import articles, contents, cuts, observations, posts
from archiver.store.cuts import Cut
from archiver.store.transaction import Store
from tests.builders import NOON, look, make_store, name_post, print_embed, say, write_article
from tests.builders import close as close_batch

CUT = Cut("Sample text one", "aligned/1", 97, "snapshot")
LINK = ("https://t.co/aaaaaaaaaa",)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "archive")
    with made.run("scan"):
        pass
    yield made
    made.database.close()


def flatten(native_id: str | None = "41") -> Embed:
    """An embed in running text."""
    return print_embed(native_id, form="text", cut="lines", confidence=80)


def show(store: Store, location: str, *embeds: Embed, words: str = "one", links: tuple[str, ...] = ()) -> None:
    found = [(embed, name_post(embed, short_links=() if embed.native_id else links)) for embed in embeds]
    with store.writing(1) as transaction:
        articles.save(transaction, "sample", [(write_article(location, words), found, ())])


def see(store: Store, said: str) -> int:
    """Look at the first post; returns the snapshot's number."""
    with store.writing(1) as transaction:
        batch = close_batch(
            observations.open_round(transaction, "x"), [look(1, Outcome.PRESENT, NOON, snapshot=say(said))], NOON
        )
        ((_, _, snapshot),) = observations.append(transaction, batch)[1]
    assert snapshot is not None
    return snapshot


def cut(store: Store, embed: int, snapshot: int | None, made: Cut = CUT) -> int:
    with store.writing(1) as transaction:
        return cuts.append(transaction, embed, made, snapshot)


def waiting(store: Store, snapshot: int | None, post: int = 1) -> list[int]:
    with store.reading() as connection:
        return [each.embed for each in cuts.open_text_embeds(connection, post, snapshot)]


def posts_waiting(store: Store, shown: dict[int, int]) -> list[int]:
    with store.reading() as connection:
        return cuts.waiting(connection, shown)


def test_a_cut_is_kept_beside_the_first_one_with_how_it_was_made(store: Store) -> None:
    """Each is a row of its own, told by embed, oldest first."""
    show(store, "a.html", flatten(), flatten("42"))
    snapshot = see(store, "Sample text one")
    again = Cut(None, "aligned/2", None)
    assert (cut(store, 1, snapshot), cut(store, 2, None), cut(store, 1, None, again)) == (1, 2, 3)
    with store.reading() as connection:
        found = cuts.of_embeds(connection, [1, 2, 99])
    assert {embed: [each.id for each in made] for embed, made in found.items()} == {1: [1, 3], 2: [2]}
    assert [each.cut for each in found[1]] == [CUT, again]
    assert [(each.embed, each.snapshot, each.made_at) for each in found[1]] == [(1, snapshot, NOON), (1, None, NOON)]


def test_a_cut_is_a_line_of_the_ledger_without_its_words(store: Store) -> None:
    """The line names the content by its commitment, which binds."""
    show(store, "a.html", flatten())
    snapshot = see(store, "Sample text one")
    cut(store, 1, snapshot)
    with store.reading() as connection:
        line = connection.exec_driver_sql("SELECT line FROM ledger WHERE line LIKE '%cut\"%'").scalar_one()
        (row,) = connection.exec_driver_sql(
            "SELECT commitment, packed FROM contents JOIN quotation_cuts ON content = contents.id"
        )
    noun = json.loads(line)
    assert (noun["kind"], noun["cut"], noun["embed"], noun["snapshot"]) == ("quotation_cut", 1, 1, snapshot)
    assert (noun["run"], noun["content"]) == (1, row.commitment)
    assert json.loads(row.packed) == {
        "quotation": "Sample text one", "how": "aligned/1", "confidence": 97, "from": "snapshot",
    }  # fmt: skip
    assert "ample" not in line


def test_embeds_in_running_text_are_to_be_cut_once_by_each_snapshot(store: Store) -> None:
    """A new snapshot asks for a new cut; markup bounds its quotation itself."""
    show(store, "a.html", flatten(), print_embed("41", position=1))
    show(store, "b.html", flatten())
    first = see(store, "Sample text one")
    assert waiting(store, first) == [1, 3]
    cut(store, 1, first)
    assert waiting(store, first) == [3]
    second = see(store, "Sample text two")
    assert waiting(store, second) == [1, 3]
    assert waiting(store, None) == [1, 3]
    cut(store, 3, None)
    assert waiting(store, None) == [1]
    assert waiting(store, first, post=2) == []


def test_what_is_to_be_cut_comes_with_its_words_and_its_surroundings(store: Store) -> None:
    """As the article prints them."""
    show(store, "a.html", flatten())
    with store.reading() as connection:
        (found,) = cuts.open_text_embeds(connection, 1, None)
    assert found.context == {"before": "Before it. ", "after": " After it."}
    words = {name: found.words[name] for name in ("quotation", "cut", "confidence")}
    assert words == {"quotation": "Sample text one", "cut": "lines", "confidence": 80}


def test_closed_embeds_are_not_cut_again(store: Store) -> None:
    """They left their article."""
    show(store, "a.html", flatten())
    show(store, "a.html", words="two")
    assert waiting(store, None) == []


def test_embeds_of_a_post_joined_into_this_one_are_cut_too(store: Store) -> None:
    """They show it."""
    show(store, "a.html", print_embed("42"))
    show(store, "b.html", flatten(None), links=LINK)
    assert waiting(store, None) == []
    snapshot = see(store, "Sample text one")
    assert posts_waiting(store, {1: snapshot}) == []
    with store.writing(1) as transaction:
        posts.identify(transaction, 2, native_id="42", permalink="p", published_at=None, how="short_link")
    assert waiting(store, None) == [2]
    assert posts_waiting(store, {1: snapshot}) == [1]
    cut(store, 2, snapshot)
    assert posts_waiting(store, {1: snapshot}) == []


def test_posts_with_something_to_cut_are_told_from_all_others(store: Store) -> None:
    """As `open_text_embeds` finds it, for many posts at once."""
    show(store, "a.html", flatten(), print_embed("42", position=1), flatten("43"))
    snapshot = see(store, "Sample text one")
    assert posts_waiting(store, {1: snapshot, 2: snapshot, 3: snapshot}) == [1, 3]
    cut(store, 1, None)
    assert posts_waiting(store, {1: snapshot}) == [1]
    cut(store, 1, snapshot)
    assert posts_waiting(store, {1: snapshot, 3: snapshot}) == [3]
    assert posts_waiting(store, {}) == []


def test_redacted_words_are_not_cut_and_a_redacted_cut_is_told_without_them(store: Store) -> None:
    """What is gone stays gone."""
    show(store, "a.html", flatten())
    cut(store, 1, None)
    see(store, "Sample text one")
    with closing(store.database._engine("rw").raw_connection()) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        for column, table in (("words", "embeds"), ("content", "quotation_cuts")):
            removed = connection.execute(f"SELECT {column} FROM {table}").fetchone()[0]
            connection.execute(f"INSERT INTO content_removals VALUES ({removed}, 'x', 1, '2026')")
            connection.execute(f"DELETE FROM contents WHERE id = {removed}")
    assert waiting(store, 1) == []
    with store.reading() as reader:
        assert [each.cut for each in cuts.of_embeds(reader, [1])[1]] == [None]
        assert contents.get_json(reader, [removed]) == {}


@pytest.mark.parametrize("statement", ["UPDATE quotation_cuts SET embed = 2", "DELETE FROM quotation_cuts"])
def test_a_cut_cannot_be_changed_or_removed(store: Store, statement: str) -> None:
    """The triggers really fire."""
    show(store, "a.html", flatten())
    cut(store, 1, None)
    with pytest.raises(exc.IntegrityError, match="append-only"), store.database.writing() as connection:
        connection.execute(text(statement))
