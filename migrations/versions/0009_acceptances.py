"""What incidents hold back, and what persons took for real of it; waves, and the posts that are missed in them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HISTORY = ("incident_acceptances", "incident_recoveries")


def upgrade() -> None:
    op.create_table(
        "incident_acceptances",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident"], ["incidents.id"], name=op.f("fk_incident_acceptances_incident_incidents")
        ),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_incident_acceptances_run_runs")),
        sa.ForeignKeyConstraint(["words"], ["contents.id"], name=op.f("fk_incident_acceptances_words_contents")),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_incident_acceptances")),
    )
    op.create_table(
        "incident_recoveries",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("recovered_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name=op.f("fk_incident_recoveries_incident_incidents")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_incident_recoveries_run_runs")),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_incident_recoveries")),
    )
    op.create_table(
        "held_back",
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name=op.f("fk_held_back_incident_incidents")),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_held_back_post_posts")),
        sa.PrimaryKeyConstraint("post", name=op.f("pk_held_back")),
    )
    op.create_index(op.f("ix_held_back_incident"), "held_back", ["incident"], unique=False)
    op.create_table(
        "missings",
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("missed_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_missings_post_posts")),
        sa.PrimaryKeyConstraint("post", name=op.f("pk_missings")),
    )
    op.create_index("ix_missings_when", "missings", ["platform", "missed_at"], unique=False)
    # Until now there was one kind.
    op.add_column("incidents", sa.Column("kind", sa.Text(), nullable=False, server_default="outage"))
    # A DID in a post's id is its author's id.
    op.execute(
        "UPDATE post_states SET author_id = substr(native_id, 1, instr(native_id, '/') - 1) "
        "WHERE platform = 'bluesky' AND author_id IS NULL AND native_id LIKE 'did:%/%'"
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
