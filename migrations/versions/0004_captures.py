"""Captures: what web archives kept of posts; and an index of the looks at archives."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

HISTORY = ("captures",)


def upgrade() -> None:
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("observation", sa.Integer(), nullable=False),
        sa.Column("archive", sa.Text(), nullable=False),
        sa.Column("captured_at", sa.Text(), nullable=False),
        sa.Column("age_seconds", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("address", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["address"], ["contents.id"], name=op.f("fk_captures_address_contents")),
        sa.ForeignKeyConstraint(
            ["observation"], ["observations.id"], name=op.f("fk_captures_observation_observations")
        ),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_captures_post_posts")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_captures_run_runs")),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshots.id"], name=op.f("fk_captures_snapshot_snapshots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
    )
    op.create_index(op.f("ix_captures_post"), "captures", ["post"], unique=False)
    op.create_index(
        "ix_observations_archives",
        "observations",
        ["subject_key"],
        unique=False,
        sqlite_where=sa.text("endpoint IN ('wayback', 'wayback_search')"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
