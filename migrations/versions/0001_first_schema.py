"""The first schema: everything that evidence needs stands from here on.

Append-only is held by triggers: a history table refuses UPDATE and DELETE, and a row of `contents` goes only together
with the row of `content_removals` that says why.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HISTORY = (
    "aliases",
    "article_failures",
    "article_versions",
    "articles",
    "batches",
    "content_removals",
    "embed_closings",
    "embeds",
    "exchanges",
    "identifications",
    "ledger",
    "observations",
    "posts",
    "rounds",
    "run_ends",
    "runs",
    "snapshots",
    "verdicts",
)


def upgrade() -> None:
    create_tables()
    if op.get_bind().dialect.name == "sqlite":
        create_triggers()
        create_search()


def create_triggers() -> None:
    for table in HISTORY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER contents_refuses_update BEFORE UPDATE ON contents "
        "BEGIN SELECT RAISE(ABORT, 'contents is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER contents_refuses_delete BEFORE DELETE ON contents "
        "WHEN NOT EXISTS (SELECT 1 FROM content_removals WHERE content = OLD.id) "
        "BEGIN SELECT RAISE(ABORT, 'contents goes only with a removal line'); END"
    )


def create_search() -> None:
    op.execute(
        """CREATE VIRTUAL TABLE search USING fts5(
            words, kind UNINDEXED, post UNINDEXED, tokenize="unicode61 categories 'L* N* Co So'")"""
    )


def create_tables() -> None:
    op.create_table(
        "content_removals",
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("content", name=op.f("pk_content_removals")),
    )
    op.create_table(
        "contents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("codec", sa.Text(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contents")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contents_digest"), "contents", ["digest"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("configuration_digest", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_table(
        "article_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_article_failures_run_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_failures")),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("found_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_articles_run_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("source", "location", name=op.f("uq_articles_source_location")),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("provisional", sa.Integer(), nullable=True),
        sa.Column("found_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provisional"], ["contents.id"], name=op.f("fk_posts_provisional_contents")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_posts_run_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("platform", "provisional", name=op.f("uq_posts_platform_provisional")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_rounds_run_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_table(
        "run_ends",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_run_ends_run_runs")),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_run_ends")),
    )
    op.create_table(
        "aliases",
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("into", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["into"], ["posts.id"], name=op.f("fk_aliases_into_posts")),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_aliases_post_posts")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_aliases_run_runs")),
        sa.PrimaryKeyConstraint("post", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_into"), "aliases", ["into"], unique=False)
    op.create_table(
        "article_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("charset", sa.Text(), nullable=False),
        sa.Column("markup", sa.Text(), nullable=False),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Text(), nullable=True),
        sa.Column("embeds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name=op.f("fk_article_versions_article_articles")),
        sa.ForeignKeyConstraint(["content"], ["contents.id"], name=op.f("fk_article_versions_content_contents")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_article_versions_run_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_versions")),
    )
    op.create_index(op.f("ix_article_versions_article"), "article_versions", ["article"], unique=False)
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("started_monotonic", sa.BigInteger(), nullable=False),
        sa.Column("closed_monotonic", sa.BigInteger(), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("controlled", sa.Boolean(), nullable=False),
        sa.Column("void_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_batches_round_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_round"), "batches", ["round"], unique=False)
    op.create_table(
        "identifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("identified_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_identifications_post_posts")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_identifications_run_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifications")),
    )
    op.create_index("ix_identifications_identity", "identifications", ["platform", "native_id"], unique=False)
    op.create_index(op.f("ix_identifications_post"), "identifications", ["post"], unique=False)
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.Text(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["content"], ["contents.id"], name=op.f("fk_snapshots_content_contents")),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_snapshots_post_posts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
    )
    op.create_index(op.f("ix_snapshots_post"), "snapshots", ["post"], unique=False)
    op.create_table(
        "article_states",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("inode", sa.BigInteger(), nullable=False),
        sa.Column("vanished_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name=op.f("fk_article_states_article_articles")),
        sa.ForeignKeyConstraint(
            ["version"], ["article_versions.id"], name=op.f("fk_article_states_version_article_versions")
        ),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_article_states")),
    )
    op.create_table(
        "embeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Text(), nullable=True),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("context", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name=op.f("fk_embeds_article_articles")),
        sa.ForeignKeyConstraint(["context"], ["contents.id"], name=op.f("fk_embeds_context_contents")),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_embeds_post_posts")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_embeds_run_runs")),
        sa.ForeignKeyConstraint(["version"], ["article_versions.id"], name=op.f("fk_embeds_version_article_versions")),
        sa.ForeignKeyConstraint(["words"], ["contents.id"], name=op.f("fk_embeds_words_contents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embeds")),
    )
    op.create_index(op.f("ix_embeds_article"), "embeds", ["article"], unique=False)
    op.create_index(op.f("ix_embeds_post"), "embeds", ["post"], unique=False)
    op.create_table(
        "observations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("adapter_version", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("egress", sa.Text(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("strength", sa.Text(), nullable=True),
        sa.Column("native_id", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("edit_chain", sa.Text(), nullable=True),
        sa.Column("age_seconds", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("sent_monotonic", sa.BigInteger(), nullable=False),
        sa.Column("received_monotonic", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=True),
        sa.Column("basis", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Integer(), nullable=True),
        sa.Column("retry_after_seconds", sa.Integer(), nullable=True),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["basis"], ["observations.id"], name=op.f("fk_observations_basis_observations")),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name=op.f("fk_observations_batch_batches")),
        sa.ForeignKeyConstraint(["remark"], ["contents.id"], name=op.f("fk_observations_remark_contents")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_observations_round_rounds")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_observations_run_runs")),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshots.id"], name=op.f("fk_observations_snapshot_snapshots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
        sa.UniqueConstraint(
            "round",
            "subject_kind",
            "subject_key",
            "endpoint",
            "native_id",
            "attempt",
            "adapter_version",
            "batch",
            name="uq_observations_look",
        ),
    )
    op.create_index(op.f("ix_observations_batch"), "observations", ["batch"], unique=False)
    op.create_index("ix_observations_subject", "observations", ["subject_kind", "subject_key"], unique=False)
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("interval_left", sa.Text(), nullable=True),
        sa.Column("interval_right", sa.Text(), nullable=True),
        sa.Column("rests_on", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name=op.f("fk_verdicts_batch_batches")),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_verdicts_post_posts")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_verdicts_run_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index(op.f("ix_verdicts_post"), "verdicts", ["post"], unique=False)
    op.create_table(
        "embed_closings",
        sa.Column("embed", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["embed"], ["embeds.id"], name=op.f("fk_embed_closings_embed_embeds")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_embed_closings_run_runs")),
        sa.PrimaryKeyConstraint("embed", name=op.f("pk_embed_closings")),
    )
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("observation", sa.Integer(), nullable=False),
        sa.Column("hop", sa.Integer(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("detour", sa.Text(), nullable=True),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("response", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Integer(), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("http_version", sa.Text(), nullable=True),
        sa.Column("peer", sa.Text(), nullable=True),
        sa.Column("tls_digest", sa.Text(), nullable=True),
        sa.Column("truncated", sa.Text(), nullable=True),
        sa.Column("failure_reason", sa.Text(), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("masked", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("sent_monotonic", sa.BigInteger(), nullable=False),
        sa.Column("received_monotonic", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation"], ["observations.id"], name=op.f("fk_exchanges_observation_observations")
        ),
        sa.ForeignKeyConstraint(["payload"], ["contents.id"], name=op.f("fk_exchanges_payload_contents")),
        sa.ForeignKeyConstraint(["request"], ["contents.id"], name=op.f("fk_exchanges_request_contents")),
        sa.ForeignKeyConstraint(["response"], ["contents.id"], name=op.f("fk_exchanges_response_contents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
    )
    op.create_index(op.f("ix_exchanges_observation"), "exchanges", ["observation"], unique=False)
    op.create_table(
        "post_states",
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("native_id", sa.Text(), nullable=True),
        sa.Column("permalink", sa.Text(), nullable=True),
        sa.Column("author_handle", sa.Text(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("cited_handle", sa.Text(), nullable=True),
        sa.Column("cited_author", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("id_low", sa.Text(), nullable=True),
        sa.Column("id_high", sa.Text(), nullable=True),
        sa.Column("short_links", sa.Text(), nullable=True),
        sa.Column("edit_chain", sa.Text(), nullable=True),
        sa.Column("doubts", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("interval_left", sa.Text(), nullable=True),
        sa.Column("interval_right", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("flags", sa.Text(), nullable=True),
        sa.Column("first_seen_at", sa.Text(), nullable=True),
        sa.Column("last_seen_at", sa.Text(), nullable=True),
        sa.Column("next_check_at", sa.Text(), nullable=True),
        sa.Column("last_checked_at", sa.Text(), nullable=True),
        sa.Column("last_reason", sa.Text(), nullable=True),
        sa.Column("last_host", sa.Text(), nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("checks_in_state", sa.Integer(), nullable=False),
        sa.Column("alias_of", sa.Integer(), nullable=True),
        sa.Column("snapshot", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["alias_of"], ["posts.id"], name=op.f("fk_post_states_alias_of_posts")),
        sa.ForeignKeyConstraint(["cited_author"], ["contents.id"], name=op.f("fk_post_states_cited_author_contents")),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_post_states_post_posts")),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshots.id"], name=op.f("fk_post_states_snapshot_snapshots")),
        sa.ForeignKeyConstraint(["verdict"], ["verdicts.id"], name=op.f("fk_post_states_verdict_verdicts")),
        sa.PrimaryKeyConstraint("post", name=op.f("pk_post_states")),
    )
    op.create_index(op.f("ix_post_states_cited_author"), "post_states", ["cited_author"], unique=False)
    op.create_index("ix_post_states_due", "post_states", ["next_check_at"], unique=False)
    op.create_index("ix_post_states_handle", "post_states", ["author_handle"], unique=False)
    op.create_index("ix_post_states_identity", "post_states", ["platform", "native_id"], unique=False)
    op.create_index("ix_post_states_state", "post_states", ["state"], unique=False)
