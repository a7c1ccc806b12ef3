"""Sums of months, what orders add to them, purchases beside the platform.

Revision 0026.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offline_purchase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("goods", sa.String(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_offline_purchase_amount")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_offline_purchase_hospital_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_purchase")),
        sa.UniqueConstraint("hospital_id", "month", "goods", name=op.f("uq_offline_purchase_hospital_id_month_goods")),
    )
    op.create_index(op.f("ix_offline_purchase_month"), "offline_purchase", ["month"])
    op.create_table(
        "trade_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("deliverer_id", sa.Integer(), nullable=True),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("answered_24h", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("timely", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("short", sa.Integer(), nullable=False),
        sa.Column("specs", sa.Integer(), nullable=False),
        sa.Column("specs_short", sa.Integer(), nullable=False),
        sa.Column("specs_delivered", sa.Integer(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("amount_short", columns.Amount(), nullable=False),
        sa.Column("delivered", columns.Amount(), nullable=False),
        sa.Column("bought", columns.Amount(), nullable=False),
        sa.Column("bought_consumables", columns.Amount(), nullable=False),
        sa.Column("paid", columns.Amount(), nullable=False),
        sa.Column("paid_in_time", columns.Amount(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_trade_month_hospital_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_trade_month_company_id")),
        sa.ForeignKeyConstraint(["deliverer_id"], ["organisation.id"], name=op.f("fk_trade_month_deliverer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade_month")),
        sa.UniqueConstraint("key", "kind", "month", name=op.f("uq_trade_month_key_kind_month")),
    )
    op.create_index(op.f("ix_trade_month_company_id"), "trade_month", ["company_id", "level", "month"])
    op.create_index(op.f("ix_trade_month_deliverer_id"), "trade_month", ["deliverer_id", "month"])
    op.create_index(op.f("ix_trade_month_hospital_id"), "trade_month", ["hospital_id", "level", "month"])
    op.create_index(op.f("ix_trade_month_level"), "trade_month", ["level", "month"])
    op.create_table(
        "trade_share",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("answered_24h", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("timely", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("short", sa.Integer(), nullable=False),
        sa.Column("specs", sa.Integer(), nullable=False),
        sa.Column("specs_short", sa.Integer(), nullable=False),
        sa.Column("specs_delivered", sa.Integer(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("amount_short", columns.Amount(), nullable=False),
        sa.Column("delivered", columns.Amount(), nullable=False),
        sa.Column("bought", columns.Amount(), nullable=False),
        sa.Column("bought_consumables", columns.Amount(), nullable=False),
        sa.Column("paid", columns.Amount(), nullable=False),
        sa.Column("paid_in_time", columns.Amount(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["purchase_order.id"], name=op.f("fk_trade_share_order_id")),
        sa.PrimaryKeyConstraint("order_id", "month", name=op.f("pk_trade_share")),
    )


def downgrade() -> None:
    op.drop_table("trade_share")
    op.drop_table("trade_month")
    op.drop_table("offline_purchase")
