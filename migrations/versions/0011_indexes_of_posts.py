"""Posts by their author and by what they were joined into: without these, each was sought among all posts."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_post_states_author", "post_states", ["author_id"], unique=False)
    op.create_index("ix_post_states_alias", "post_states", ["alias_of"], unique=False)
