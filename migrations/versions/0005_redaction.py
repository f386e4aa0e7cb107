"""Redaction: a content is emptied, and keeps its number and commitment; what was redacted, and what is on hold."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

HISTORY = ("redactions", "redacted_keys", "holds", "hold_ends")


def upgrade() -> None:
    create_tables()
    op.create_index(op.f("ix_redactions_post"), "redactions", ["post"], unique=False)
    op.create_index(op.f("ix_holds_post"), "holds", ["post"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        let_contents_be_emptied()


def let_contents_be_emptied() -> None:
    op.execute("DROP TRIGGER contents_refuses_update")
    op.execute(
        "CREATE TRIGGER contents_refuses_update BEFORE UPDATE ON contents "
        "WHEN NOT (NEW.codec = 'removed' AND length(NEW.packed) = 0 AND length(NEW.nonce) = 0 AND NEW.digest = '' "
        "AND NEW.size = 0 AND NEW.id = OLD.id AND NEW.commitment = OLD.commitment "
        "AND EXISTS (SELECT 1 FROM content_removals WHERE content = OLD.id)) "
        "BEGIN SELECT RAISE(ABORT, 'contents is append-only'); END"
    )


def create_tables() -> None:
    op.create_table(
        "redactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("redacted_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_redactions_post_posts")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_redactions_run_runs")),
        sa.ForeignKeyConstraint(["words"], ["contents.id"], name=op.f("fk_redactions_words_contents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redactions")),
    )
    op.create_table(
        "redacted_keys",
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("keyed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_redacted_keys_post_posts")),
        sa.PrimaryKeyConstraint("post", name=op.f("pk_redacted_keys")),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_holds_post_posts")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_holds_run_runs")),
        sa.ForeignKeyConstraint(["words"], ["contents.id"], name=op.f("fk_holds_words_contents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_table(
        "hold_ends",
        sa.Column("hold", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hold"], ["holds.id"], name=op.f("fk_hold_ends_hold_holds")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_hold_ends_run_runs")),
        sa.ForeignKeyConstraint(["words"], ["contents.id"], name=op.f("fk_hold_ends_words_contents")),
        sa.PrimaryKeyConstraint("hold", name=op.f("pk_hold_ends")),
    )
