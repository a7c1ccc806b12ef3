"""Purchase facts, their sums by month, and the prices that savings are measured against.

Revision 0048.
"""

import sqlalchemy as sa
from alembic import op

from kernel.columns import Amount, Moment, Price, Quantity

revision = "0048"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "monitored_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("goods", sa.String(40), nullable=False),
        sa.Column("class_code", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["specification.id"], name="fk_monitored_item_specification_id"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name="fk_monitored_item_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_monitored_item"),
        sa.UniqueConstraint(
            "specification_id", "company_id", name="uq_monitored_item_specification_id_company_id"
        ),
    )
    op.create_index("ix_monitored_item_company_id", "monitored_item", ["company_id"])
    op.create_table(
        "purchase_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("quantity", Quantity(), nullable=False),
        sa.Column("amount", Amount(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_purchase_fact_product_id"),
        sa.PrimaryKeyConstraint("id", name="pk_purchase_fact"),
    )
    op.create_table(
        "purchase_month",
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("quantity", Quantity(), nullable=False),
        sa.Column("amount", Amount(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["monitored_item.id"], name="fk_purchase_month_item_id"),
        sa.PrimaryKeyConstraint(
            "region_code", "grade", "month", "item_id", "source", name="pk_purchase_month"
        ),
    )
    op.create_index("ix_purchase_month_item_id", "purchase_month", ["item_id"])
    op.create_table(
        "saving_baseline",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("price", Price(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("ck_saving_baseline_price")),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["specification.id"], name="fk_saving_baseline_specification_id"
        ),
        sa.PrimaryKeyConstraint("source", "specification_id", name="pk_saving_baseline"),
    )


def downgrade() -> None:
    op.drop_table("saving_baseline")
    op.drop_table("purchase_month")
    op.drop_table("purchase_fact")
    op.drop_table("monitored_item")
