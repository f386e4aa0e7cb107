"""The tables, as SQLAlchemy Core sees them. The schema is Alembic's (`migrations/`), and a test holds both equal.

Three kinds, and the name of each table is in exactly one of these tuples:
- HISTORY is only ever appended to: triggers refuse UPDATE and DELETE.
- CONTENTS holds everything from outside; a row is emptied (codec "removed": number and commitment stay) only together
  with a `content_removals` row.
- PROJECTIONS hold what follows from history or from the sources; they can be thrown away and built again.

Times are ISO 8601 text in UTC with microseconds and "Z": they sort as text and a person can read them in any tool.
Monotonic times are integer microseconds. JSON columns hold text.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from archiver.store.columns import Day, Json
from archiver.store.columns import big_column as _big
from archiver.store.columns import key_column as _key
from archiver.store.columns import link_column as _to
from archiver.store.columns import metadata as metadata
from archiver.store.columns import number_column as _number
from archiver.store.columns import text_column as _text
from archiver.store.columns import time_column as _time
from archiver.store.seal_tables import checkpoints as checkpoints
from archiver.store.seal_tables import fixity_checks as fixity_checks
from archiver.store.seal_tables import handovers as handovers
from archiver.store.seal_tables import origins as origins
from archiver.store.seal_tables import rollbacks as rollbacks
from archiver.store.seal_tables import seals as seals
from archiver.store.seal_tables import signing_keys as signing_keys
from archiver.store.seal_tables import timestamps as timestamps

runs = Table(
    "runs", metadata, _key(), _text("kind"), _time("started_at"), _text("version"), _text("boot_id"),
    _text("configuration_digest", optional=True),
)  # fmt: skip
run_ends = Table("run_ends", metadata, _to("run", "runs", primary=True), _time("ended_at"), Column("summary", Json))

contents = Table(
    "contents", metadata, _key(), Column("nonce", LargeBinary, nullable=False), _text("digest", index=True),
    _text("commitment"), _big("size"), _text("codec"), Column("packed", LargeBinary, nullable=False),
    # Rows may be removed: a number is never used again.
    sqlite_autoincrement=True,
)  # fmt: skip
content_removals = Table(
    "content_removals", metadata, Column("content", Integer, primary_key=True), _text("kind"), _number("ledger"),
    _time("removed_at"),
)  # fmt: skip
ledger = Table("ledger", metadata, Column("number", Integer, primary_key=True), _text("line"), _text("head"))

articles = Table(
    "articles", metadata, _key(), _text("source"), _text("location"), _time("found_at"), _to("run", "runs"),
    UniqueConstraint("source", "location"),
)  # fmt: skip
article_versions = Table(
    "article_versions", metadata, _key(), _to("article", "articles", index=True), _time("read_at"),
    _to("run", "runs"), _big("size"), _text("charset"), _text("markup"), _time("published_at", optional=True),
    _to("content", "contents"), Column("doubts", Json), _number("embeds"),
)  # fmt: skip
article_failures = Table(
    "article_failures", metadata, _key(), _text("source"), _text("location"), _text("reason"), _text("message"),
    _time("failed_at"), _to("run", "runs"),
)  # fmt: skip
article_states = Table(
    "article_states", metadata, _to("article", "articles", primary=True), _to("version", "article_versions"),
    _text("digest"), _text("address", optional=True), _text("title", optional=True), _big("size"), _big("mtime_ns"),
    _big("inode"), _time("vanished_at", optional=True),
)  # fmt: skip

posts = Table(
    "posts", metadata, _key(), _text("platform"), _text("host", optional=True),
    _to("provisional", "contents", optional=True), _time("found_at"), _to("run", "runs"),
    UniqueConstraint("platform", "provisional"),
)  # fmt: skip
identifications = Table(
    "identifications", metadata, _key(), _to("post", "posts", index=True), _text("platform"),
    _text("host", optional=True), _text("native_id"), _text("how"), _time("identified_at"), _to("run", "runs"),
    Index("ix_identifications_identity", "platform", "native_id"),
)  # fmt: skip
aliases = Table(
    "aliases", metadata, _to("post", "posts", primary=True), _to("into", "posts", index=True), _time("joined_at"),
    _to("run", "runs"),
)  # fmt: skip
embeds = Table(
    "embeds", metadata, _key(), _to("article", "articles", index=True), _to("version", "article_versions"),
    _to("post", "posts", optional=True, index=True), _number("position"), _text("form"),
    _text("platform", optional=True), _text("hint", optional=True), Column("published_on", Day, nullable=True),
    _to("words", "contents"), _to("context", "contents"), _time("found_at"), _to("run", "runs"),
)  # fmt: skip
embed_closings = Table(
    "embed_closings", metadata, _to("embed", "embeds", primary=True), _time("closed_at"), _to("run", "runs"),
    _text("reason"),
)  # fmt: skip
quotation_cuts = Table(
    "quotation_cuts", metadata, _key(), _to("embed", "embeds", index=True), _to("content", "contents"),
    _to("snapshot", "snapshots", optional=True), _time("made_at"), _to("run", "runs"),
)  # fmt: skip
container_states = Table(
    "container_states", metadata, Column("source", Text, primary_key=True), Column("location", Text, primary_key=True),
    _big("size"), _big("mtime_ns"), _big("inode"), _text("position"),
    Column("complete", Boolean(create_constraint=False), nullable=False),
)  # fmt: skip
unread_states = Table(
    "unread_states", metadata, Column("source", Text, primary_key=True), Column("location", Text, primary_key=True),
    _text("reason"), _text("message"), _time("failed_at"), _time("last_failed_at"),
)  # fmt: skip

rounds = Table("rounds", metadata, _key(), _to("run", "runs"), _text("platform"), _time("started_at"))
batches = Table(
    "batches", metadata, _key(), _to("round", "rounds", index=True), _text("platform"), _text("endpoint"),
    _time("started_at"), _time("closed_at"), _text("boot_id"), _big("started_monotonic"),
    _big("closed_monotonic"), Column("valid", Boolean(create_constraint=False), nullable=False),
    Column("controlled", Boolean(create_constraint=False), nullable=False), _text("void_because", optional=True),
)  # fmt: skip
AT_ARCHIVES = "endpoint IN ('wayback', 'wayback_search', 'wayback_save')"
observations = Table(
    "observations", metadata, _key(), _to("run", "runs"), _to("round", "rounds"), _to("batch", "batches", index=True),
    _text("subject_kind"), _text("subject_key"), _text("endpoint"), _text("adapter"), _text("adapter_version"),
    _number("attempt"), _text("egress"), _text("boot_id"), _text("outcome"), _text("reason"),
    _text("strength", optional=True), _text("native_id", optional=True), _text("author_id", optional=True),
    Column("edit_chain", Json), _number("age_seconds"),
    _time("sent_at"), _time("received_at"), _big("sent_monotonic"), _big("received_monotonic"),
    _to("snapshot", "snapshots", optional=True), _to("basis", "observations", optional=True),
    _to("remark", "contents", optional=True), _number("retry_after_seconds", optional=True), _number("ledger"),
    UniqueConstraint(
        "round", "subject_kind", "subject_key", "endpoint", "native_id", "attempt", "adapter_version", "batch",
        name="uq_observations_look",
    ),
    Index("ix_observations_subject", "subject_kind", "subject_key"),
    # Looks at archives are few, and their turn is counted out of them.
    Index("ix_observations_archives", "subject_key", sqlite_where=text(AT_ARCHIVES)),
)  # fmt: skip
exchanges = Table(
    "exchanges", metadata, _key(), _to("observation", "observations", index=True), _number("hop"), _text("host"),
    _text("detour", optional=True), _to("request", "contents"), _to("response", "contents", optional=True),
    _to("payload", "contents", optional=True), _number("status_code", optional=True),
    _text("http_version", optional=True), _text("peer", optional=True), _text("tls_digest", optional=True),
    _text("truncated", optional=True), _text("failure_reason", optional=True),
    _text("failure_message", optional=True), Column("masked", Json), _time("sent_at"), _time("received_at"),
    _big("sent_monotonic"), _big("received_monotonic"),
)  # fmt: skip
snapshots = Table(
    "snapshots", metadata, _key(), _to("post", "posts", index=True), _text("endpoint"),
    _to("content", "contents"), _text("kind"), _time("taken_at"), _text("provenance"),
)  # fmt: skip
captures = Table(
    "captures", metadata, _key(), _to("post", "posts", index=True), _to("observation", "observations"),
    _text("archive"), _time("captured_at"), _number("age_seconds"), _text("form"), _to("address", "contents"),
    _to("snapshot", "snapshots"), _to("run", "runs"), _number("ledger"),
)  # fmt: skip
media = Table(
    "media", metadata, _key(), _to("post", "posts", index=True), _to("snapshot", "snapshots"),
    _to("address", "contents"), _to("content", "contents", optional=True), _text("type", optional=True),
    _text("reason"), _to("request", "contents"), _to("response", "contents", optional=True),
    _to("payload", "contents", optional=True), _number("status_code", optional=True), _text("peer", optional=True),
    _text("tls_digest", optional=True), _text("detour", optional=True), _text("truncated", optional=True),
    _time("sent_at"), _time("received_at"), _to("run", "runs"), _number("ledger"),
    UniqueConstraint("post", "address"),
)  # fmt: skip
verdicts = Table(
    "verdicts", metadata, _key(), _to("post", "posts", index=True), _to("batch", "batches", optional=True),
    _text("state"), _time("decided_at", optional=True), _text("grade", optional=True),
    _time("interval_left", optional=True), _time("interval_right", optional=True), Column("rests_on", Json),
    Column("verdict", Json), _text("rules_version"), Column("parameters", Json), _to("run", "runs"), _number("ledger"),
)  # fmt: skip

post_states = Table(
    "post_states", metadata, _to("post", "posts", primary=True), _text("platform"), _text("host", optional=True),
    _text("native_id", optional=True), _text("permalink", optional=True), _text("author_handle", optional=True),
    _text("author_name", optional=True), _text("author_id", optional=True), _text("cited_handle", optional=True),
    _to("cited_author", "contents", optional=True, index=True),
    Column("published_on", Day, nullable=True),
    _time("published_at", optional=True), _text("id_low", optional=True), _text("id_high", optional=True),
    Column("short_links", Json), Column("edit_chain", Json), Column("doubts", Json), _text("state"),
    _to("verdict", "verdicts", optional=True), _time("decided_at", optional=True),
    _time("interval_left", optional=True), _time("interval_right", optional=True), _text("grade", optional=True),
    Column("flags", Json), _time("first_seen_at", optional=True), _time("last_seen_at", optional=True),
    _time("next_check_at", optional=True), _time("last_checked_at", optional=True),
    _text("last_reason", optional=True), _text("last_host", optional=True), _number("checks"),
    _number("checks_in_state"), _to("alias_of", "posts", optional=True),
    _to("snapshot", "snapshots", optional=True),
    Index("ix_post_states_due", "platform", "next_check_at"), Index("ix_post_states_state", "state"),
    Index("ix_post_states_handle", "author_handle"), Index("ix_post_states_identity", "platform", "native_id"),
    Index("ix_post_states_author", "author_id"), Index("ix_post_states_alias", "alias_of"),
)  # fmt: skip

incidents = Table(
    "incidents", metadata, _key(), _text("platform"), _time("opened_at"), _number("authors"), _number("followed"),
    Column("posts", Json), _to("run", "runs"), _number("ledger"), _text("kind"),
)  # fmt: skip
incident_ends = Table(
    "incident_ends", metadata, _to("incident", "incidents", primary=True), _time("closed_at"), _text("how"),
    Column("counts_restart", Boolean(create_constraint=False), nullable=False), _to("run", "runs"), _number("ledger"),
)  # fmt: skip
incident_acceptances = Table(
    "incident_acceptances", metadata, _to("incident", "incidents", primary=True), _time("accepted_at"),
    _to("words", "contents"), _to("run", "runs"), _number("ledger"),
)  # fmt: skip
incident_recoveries = Table(
    "incident_recoveries", metadata, _to("incident", "incidents", primary=True), _time("recovered_at"),
    _to("run", "runs"), _number("ledger"),
)  # fmt: skip
held_back = Table("held_back", metadata, _to("post", "posts", primary=True), _to("incident", "incidents", index=True))
control_events = Table(
    "control_events", metadata, _key(), _text("platform", index=True), _text("host", optional=True), _text("native_id"),
    _text("kind"), _text("because"), _time("happened_at"), _to("run", "runs"), _number("ledger"),
)  # fmt: skip
batch_classes = Table(
    "batch_classes", metadata, _to("batch", "batches", primary=True), Column("outcome", Text, primary_key=True)
)
vanishings = Table(
    "vanishings", metadata, _to("post", "posts", primary=True), _text("platform"), _text("author"),
    _time("vanished_at"), Index("ix_vanishings_when", "platform", "vanished_at"),
)  # fmt: skip
missings = Table(
    "missings", metadata, _to("post", "posts", primary=True), _text("platform"), _text("author"), _time("missed_at"),
    Index("ix_missings_when", "platform", "missed_at"),
)  # fmt: skip
folds = Table(
    "folds", metadata, _to("post", "posts", primary=True), _time("closed_at"), _text("rules_version"), _text("facts")
)

redactions = Table(
    "redactions", metadata, _key(), _to("post", "posts", index=True), _text("reason"),
    _to("words", "contents"), _time("redacted_at"), _to("run", "runs"), _number("ledger"),
)  # fmt: skip
redacted_keys = Table(
    "redacted_keys", metadata, _to("post", "posts", primary=True), Column("nonce", LargeBinary, nullable=False),
    _text("keyed"),
)  # fmt: skip
holds = Table(
    "holds", metadata, _key(), _to("post", "posts", index=True), _to("words", "contents"), _time("placed_at"),
    _to("run", "runs"), _number("ledger"),
)  # fmt: skip
hold_ends = Table(
    "hold_ends", metadata, _to("hold", "holds", primary=True), _to("words", "contents"), _time("ended_at"),
    _to("run", "runs"), _number("ledger"),
)  # fmt: skip

stream_gaps = Table(
    "stream_gaps", metadata, _key(), _text("platform"), _text("endpoint"), _time("since", optional=True),
    _time("until"), _text("why"), _to("run", "runs"), _number("ledger"),
)  # fmt: skip
stream_states = Table(
    "stream_states", metadata, Column("endpoint", Text, primary_key=True), _text("platform"),
    Column("cursor", BigInteger, nullable=True), _time("alive_at"), _number("authors"), _number("left_out"),
)  # fmt: skip

PROJECTIONS = (
    *("article_states", "container_states", "folds", "post_states", "stream_states", "unread_states"),
    *("held_back", "missings", "vanishings"),
)
CONTENTS = ("contents",)
HISTORY = tuple(name for name in metadata.tables if name not in PROJECTIONS + CONTENTS)
