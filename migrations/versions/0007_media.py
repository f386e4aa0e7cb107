"""Media: the pictures of posts, fetched once."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HISTORY = ("media",)


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("address", sa.Integer(), nullable=False),
        sa.Column("content", sa.Integer(), nullable=True),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("response", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Integer(), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("peer", sa.Text(), nullable=True),
        sa.Column("tls_digest", sa.Text(), nullable=True),
        sa.Column("detour", sa.Text(), nullable=True),
        sa.Column("truncated", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["address"], ["contents.id"], name=op.f("fk_media_address_contents")),
        sa.ForeignKeyConstraint(["content"], ["contents.id"], name=op.f("fk_media_content_contents")),
        sa.ForeignKeyConstraint(["payload"], ["contents.id"], name=op.f("fk_media_payload_contents")),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_media_post_posts")),
        sa.ForeignKeyConstraint(["request"], ["contents.id"], name=op.f("fk_media_request_contents")),
        sa.ForeignKeyConstraint(["response"], ["contents.id"], name=op.f("fk_media_response_contents")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_media_run_runs")),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshots.id"], name=op.f("fk_media_snapshot_snapshots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("post", "address", name=op.f("uq_media_post_address")),
    )
    op.create_index(op.f("ix_media_post"), "media", ["post"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
