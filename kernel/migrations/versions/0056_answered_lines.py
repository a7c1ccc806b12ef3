"""What hospitals said to the lines of a run, counted without looking at those nobody answered.

Revision 0056.
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0047"
branch_labels = None
depends_on = None

NAME, SAID = "ix_retention_line_said", sa.text("state <> 'open'")


def upgrade() -> None:
    op.create_index(
        NAME, "retention_line", ["run_id", "hospital_id", "state"], sqlite_where=SAID, postgresql_where=SAID
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="retention_line")
