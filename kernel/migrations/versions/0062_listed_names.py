"""Names of companies and regions as lists had them: the violation list, and other provinces' ratings.

Revision 0062.
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

COMPANY = "coalesce((select name from organisation where organisation.id = company_id), '')"
REGION = "coalesce((select name from region where region.code = region_code), '')"


def upgrade() -> None:
    with op.batch_alter_table("round_violation") as table:
        table.add_column(sa.Column("company_name", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("region_name", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("national_rating") as table:
        table.add_column(sa.Column("region_name", sa.String(), nullable=False, server_default=""))
    op.execute(
        f"update round_violation set company_name = {COMPANY}, region_name = {REGION} where decided_at is not null"
    )
    op.execute(f"update national_rating set region_name = {REGION}")
    with op.batch_alter_table("round_violation") as table:
        table.alter_column("company_name", server_default=None)
        table.alter_column("region_name", server_default=None)
    with op.batch_alter_table("national_rating") as table:
        table.alter_column("region_name", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("national_rating") as table:
        table.drop_column("region_name")
    with op.batch_alter_table("round_violation") as table:
        table.drop_column("region_name")
        table.drop_column("company_name")
