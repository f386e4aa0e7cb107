"""Folds: until when the looks at a post are in its verdict, so that a look that changes nothing needs no history.

What is due is asked by platform: with an index of the times alone SQLite went through all posts of the platform.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "folds",
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name=op.f("fk_folds_post_posts")),
        sa.PrimaryKeyConstraint("post", name=op.f("pk_folds")),
    )
    op.drop_index("ix_post_states_due", table_name="post_states")
    op.create_index("ix_post_states_due", "post_states", ["platform", "next_check_at"], unique=False)
