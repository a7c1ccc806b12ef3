"""What is booked in the earlier fiscal year, purchases beside the platform by variety, reminders of absent winners.

Revision 0037.
"""

import sqlalchemy as sa
from alembic import op

from kernel.columns import Amount, Moment, Ratio

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = ("retention_run", "retention_share", "retention_line")
KEYS = ("hospital_id", "month", "goods")


def upgrade() -> None:
    for name in TABLES:
        op.add_column(name, sa.Column("earlier", Amount(), nullable=False, server_default="0"))
    op.add_column("retention_line", sa.Column("early", Ratio(), nullable=False, server_default="0"))
    op.create_table(
        "absence_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_absence_reminder_hospital_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_absence_reminder_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_reminder")),
        sa.UniqueConstraint("hospital_id", "day", name=op.f("uq_absence_reminder_hospital_id_day")),
    )
    with op.batch_alter_table("offline_purchase") as table:
        table.add_column(sa.Column("variety", sa.String(), nullable=False, server_default=""))
        table.drop_constraint(op.f("uq_offline_purchase_hospital_id_month_goods"), type_="unique")
        table.create_unique_constraint(op.f("uq_offline_purchase_hospital_id_month_goods_variety"), [*KEYS, "variety"])


def downgrade() -> None:
    op.drop_table("absence_reminder")
    op.execute("delete from offline_purchase where variety <> ''")
    with op.batch_alter_table("offline_purchase") as table:
        table.drop_constraint(op.f("uq_offline_purchase_hospital_id_month_goods_variety"), type_="unique")
        table.create_unique_constraint(op.f("uq_offline_purchase_hospital_id_month_goods"), list(KEYS))
        table.drop_column("variety")
    op.drop_column("retention_line", "early")
    for name in TABLES:
        op.drop_column(name, "earlier")
