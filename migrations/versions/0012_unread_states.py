"""Which places cannot be read now. Those of the failures on file stand until a scan meets them again, or, in a file of
many articles, that is read from its beginning."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unread_states",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.Text(), nullable=False),
        sa.Column("last_failed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "location", name=op.f("pk_unread_states")),
    )
    op.execute(
        "INSERT INTO unread_states (source, location, reason, message, failed_at, last_failed_at) "
        "SELECT newest.source, newest.location, newest.reason, newest.message, newest.failed_at, newest.failed_at "
        "FROM article_failures AS newest JOIN (SELECT max(id) AS id FROM article_failures GROUP BY source, location) "
        "AS last ON last.id = newest.id"
    )
