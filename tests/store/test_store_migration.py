"""An archive of an older program is brought up to date, with all that it holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from archiver.clock import SettableClock
from archiver.errors import DataRefusedError
from archiver.model.article import Reached, Stamp
from archiver.model.outcome import Outcome
from archiver.store import articles, cuts, observations, unread
from archiver.store.columns import add_row
from archiver.store.engine import SCHEMA, Database
from archiver.store.ledger import Ledger
from archiver.store.migrate import bring_up_to_date, scripts
from archiver.store.tables import metadata, runs
from archiver.store.transaction import Store, Transaction
from tests.builders import NOON, close, look, name_post, print_embed, say, write_article

NEW = {
    *("container_states", "quotation_cuts", "unread_states"),
    *("batch_classes", "control_events", "incident_ends", "incidents", "vanishings"),
    *("captures", "folds", "media"),
    *("hold_ends", "holds", "redacted_keys", "redactions"),
    *("stream_gaps", "stream_states"),
    *("incident_acceptances", "incident_recoveries", "held_back", "missings"),
    *("checkpoints", "fixity_checks", "handovers", "origins", "rollbacks", "seals", "signing_keys", "timestamps"),
}


@pytest.fixture
def old(tmp_path: Path) -> Store:
    """An archive of the first schema with an article, an embed, its post and a look at it."""
    database = Database(tmp_path / "archive")
    database.make_folder()
    database.make_file()
    settings = Config()
    settings.set_main_option("script_location", str(scripts()))
    with database.writing() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
    copy_rows(written(tmp_path / "written"), database)
    return Store(database, SettableClock(NOON))


def written(folder: Path) -> Database:
    """What today's program writes of them: old tables are written as ever."""
    database = Database(folder)
    bring_up_to_date(database)
    embed = print_embed(form="text")
    with database.writing() as connection:
        # As an older program wrote: without seals.
        started = {"kind": "scan", "started_at": NOON, "version": "0.0.1", "boot_id": "sample"}
        run = add_row(connection, runs, configuration_digest=None, **started)
        transaction = Transaction(connection, Ledger(connection), run, NOON)
        transaction.ledger.append("run", NOON, run=run, purpose="scan", version="0.0.1")
        articles.save(transaction, "sample", [(write_article(), [(embed, name_post(embed))], ("charset_guessed",))])
        round_number = observations.open_round(transaction, "x")
        observations.append(transaction, close(round_number, [look(1, Outcome.PRESENT, NOON, snapshot=say())], NOON))
    database.close()
    return database


def copy_rows(source: Database, target: Database) -> None:
    """Every row of the tables that the target has."""
    with closing(sqlite3.connect(target.path)) as connection:
        connection.execute("ATTACH ? AS source", (str(source.path),))
        for name, columns in tables(connection).items():
            if name != "alembic_version" and not name.startswith(("search_", "sqlite_")):
                connection.execute(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM source.{name}")
        connection.commit()


def tables(connection: sqlite3.Connection) -> dict[str, str]:
    """The columns of each table, as a statement names them."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    described = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in names}
    return {name: ", ".join(f'"{column[1]}"' for column in columns) for name, columns in described.items()}


def rows(store: Store) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(store.database.path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for (name,) in names}


def test_an_archive_of_the_first_schema_keeps_every_row(old: Store) -> None:
    """Tables come to it and none is touched: not a byte of the ledger."""
    before = rows(old)
    assert len(before["ledger"]) > 5
    assert len(before["snapshots"]) == 1
    with pytest.raises(DataRefusedError, match=r"older.*archiver init"), old.reading():
        pass
    assert bring_up_to_date(old.database)
    assert not bring_up_to_date(old.database)
    after = rows(old)
    assert {name for name in after if name not in before} == NEW
    assert after.pop("alembic_version") == [(SCHEMA,)]
    del before["alembic_version"]
    assert {name: after[name] for name in before} == before


def test_what_an_older_program_could_not_read_is_listed(old: Store) -> None:
    """Each place once, as it failed last."""
    with closing(sqlite3.connect(old.database.path)) as connection:
        for place, why in (("a.jsonl/@0", "first"), ("b.html", "other"), ("a.jsonl/@0", "last")):
            said = ("sample", place, "unparsed", why, "2026-01-02T03:04:05.000000Z", 1)
            names = "source, location, reason, message, failed_at, run"
            connection.execute(f"INSERT INTO article_failures ({names}) VALUES (?, ?, ?, ?, ?, ?)", said)
        connection.commit()
    bring_up_to_date(old.database)
    with old.reading() as connection_again:
        listed = [(each.location, each.message) for each in unread.list_unread(connection_again)]
    assert listed == [("a.jsonl/@0", "last"), ("b.html", "other")]


def test_an_archive_brought_up_to_date_is_as_a_new_one(old: Store, tmp_path: Path) -> None:
    """Tables, indexes and triggers, and everything can be stored in it."""
    bring_up_to_date(old.database)
    fresh = Database(tmp_path / "fresh")
    bring_up_to_date(fresh)

    def schema(database: Database) -> set[tuple[str, str, str]]:
        with closing(sqlite3.connect(database.path)) as connection:
            return set(connection.execute("SELECT type, name, sql FROM sqlite_master"))

    assert schema(old.database) == schema(fresh)
    with old.database.writing() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, parents: not str(name).startswith("search")}
        )
        assert compare_metadata(context, metadata) == []
    reached = Reached("export.xml", Stamp(1, 2, 3), "post-7", complete=False)
    with old.writing(1) as transaction:
        articles.save_reached(transaction, "sample", reached)
        cuts.append(transaction, 1, cuts.Cut("Sample text one", "aligned/1", 97), 1)
    with old.reading() as reader:
        assert articles.known(reader, "sample")[1] == {"export.xml": reached}
        assert list(cuts.of_embeds(reader, [1])) == [1]
    with closing(sqlite3.connect(old.database.path)) as checker:
        assert checker.execute("PRAGMA foreign_key_check").fetchall() == []
        assert checker.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
