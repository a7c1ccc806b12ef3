"""Shortages, answers and emergency purchases.

Revision 0025.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at is null")
UNFILED = sa.text("file_by is not null and filed_at is null")


def upgrade() -> None:
    op.create_index(
        op.f("ix_purchase_order_file_by"), "purchase_order", ["file_by"], sqlite_where=UNFILED,
        postgresql_where=UNFILED,
    )
    op.create_index(
        op.f("ix_volume_account_specification_id"), "volume_account", ["specification_id", "hospital_id"]
    )
    op.create_table(
        "emergency_filing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("overdue_at", columns.Moment(), nullable=True),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["purchase_order.id"], name=op.f("fk_emergency_filing_order_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user_account.id"], name=op.f("fk_emergency_filing_filed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_filing")),
        sa.UniqueConstraint("order_id", name=op.f("uq_emergency_filing_order_id")),
    )
    op.create_table(
        "shortage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("needed", columns.Quantity(), nullable=False),
        sa.Column("stock", columns.Quantity(), nullable=False),
        sa.Column("daily", columns.Quantity(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", columns.Moment(), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=False),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("supplies", columns.Quantity(), nullable=True),
        sa.Column("supplies_on", sa.Date(), nullable=True),
        sa.Column("reply_note", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", columns.Moment(), nullable=True),
        sa.Column("first_answered_at", columns.Moment(), nullable=True),
        sa.Column("ending", sa.String(), nullable=True),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", columns.Moment(), nullable=True),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("needed > 0 and stock >= 0 and daily > 0", name=op.f("ck_shortage_quantities")),
        sa.CheckConstraint("supplies is null or supplies > 0", name=op.f("ck_shortage_supplies")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_shortage_hospital_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_shortage_company_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_shortage_product_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_shortage_region_code")),
        sa.ForeignKeyConstraint(["order_id"], ["purchase_order.id"], name=op.f("fk_shortage_order_id")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["user_account.id"], name=op.f("fk_shortage_reported_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user_account.id"], name=op.f("fk_shortage_answered_by_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["product.id"], name=op.f("fk_shortage_substitute_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user_account.id"], name=op.f("fk_shortage_closed_by_id")),
        sa.ForeignKeyConstraint(["fact_id"], ["credit_fact.id"], name=op.f("fk_shortage_fact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortage")),
    )
    op.create_index(op.f("ix_shortage_company_id"), "shortage", ["company_id", "state"])
    op.create_index(op.f("ix_shortage_hospital_id"), "shortage", ["hospital_id"])
    op.create_index(op.f("ix_shortage_state"), "shortage", ["state", "due_at"])
    op.create_index(
        op.f("uq_shortage_open"), "shortage", ["hospital_id", "product_id"], unique=True, sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "take_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shortage_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", columns.Moment(), nullable=False),
        sa.Column("backup_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["shortage_id"], ["shortage.id"], name=op.f("fk_take_over_shortage_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_take_over_asked_by_id")),
        sa.ForeignKeyConstraint(["backup_id"], ["organisation.id"], name=op.f("fk_take_over_backup_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_take_over_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_over")),
        sa.UniqueConstraint("shortage_id", name=op.f("uq_take_over_shortage_id")),
    )


def downgrade() -> None:
    op.drop_table("take_over")
    op.drop_table("shortage")
    op.drop_table("emergency_filing")
    op.drop_index(op.f("ix_volume_account_specification_id"), table_name="volume_account")
    op.drop_index(op.f("ix_purchase_order_file_by"), table_name="purchase_order")
