"""Streams: how far each was listened to, and its gaps; pages that an archive was asked to save."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

HISTORY = ("stream_gaps",)


def upgrade() -> None:
    op.create_table(
        "stream_gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_stream_gaps_run_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_gaps")),
    )
    op.create_table(
        "stream_states",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=True),
        sa.Column("alive_at", sa.Text(), nullable=False),
        sa.Column("authors", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint", name=op.f("pk_stream_states")),
    )
    op.drop_index("ix_observations_archives", table_name="observations")
    op.create_index(
        "ix_observations_archives",
        "observations",
        ["subject_key"],
        unique=False,
        sqlite_where=sa.text("endpoint IN ('wayback', 'wayback_search', 'wayback_save')"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
