"""How far containers were read, and second cuts of quotations."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "container_states",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("inode", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", "location", name=op.f("pk_container_states")),
    )
    op.create_table(
        "quotation_cuts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("embed", sa.Integer(), nullable=False),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["content"], ["contents.id"], name=op.f("fk_quotation_cuts_content_contents")),
        sa.ForeignKeyConstraint(["embed"], ["embeds.id"], name=op.f("fk_quotation_cuts_embed_embeds")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_quotation_cuts_run_runs")),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshots.id"], name=op.f("fk_quotation_cuts_snapshot_snapshots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation_cuts")),
    )
    op.create_index(op.f("ix_quotation_cuts_embed"), "quotation_cuts", ["embed"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER quotation_cuts_refuses_{verb.lower()} BEFORE {verb} ON quotation_cuts "
                "BEGIN SELECT RAISE(ABORT, 'quotation_cuts is append-only'); END"
            )
