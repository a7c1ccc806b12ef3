"""Orders, shipments, receipts, returns and the volume ledger.

Revision 0021.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purchase_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("saved_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_purchase_template_hospital_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_template")),
        sa.UniqueConstraint("hospital_id", "title", name=op.f("uq_purchase_template_hospital_id_title")),
    )
    op.create_table(
        "purchase_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("return_reason", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("saved_at", columns.Moment(), nullable=False),
        sa.Column("told_at", columns.Moment(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", columns.Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_purchase_plan_hospital_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user_account.id"], name=op.f("fk_purchase_plan_created_by_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user_account.id"], name=op.f("fk_purchase_plan_submitted_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_purchase_plan_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_plan")),
    )
    op.create_index(op.f("ix_purchase_plan_hospital_id"), "purchase_plan", ["hospital_id", "state", "id"])
    op.create_table(
        "purchase_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("deliverer_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("lines_count", sa.Integer(), nullable=False),
        sa.Column("placed_at", columns.Moment(), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=True),
        sa.Column("answered_at", columns.Moment(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("closed_at", columns.Moment(), nullable=True),
        sa.Column("file_by", columns.Moment(), nullable=True),
        sa.Column("filed_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["purchase_plan.id"], name=op.f("fk_purchase_order_plan_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_purchase_order_hospital_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_purchase_order_company_id")),
        sa.ForeignKeyConstraint(["deliverer_id"], ["organisation.id"], name=op.f("fk_purchase_order_deliverer_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_purchase_order_region_code")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user_account.id"], name=op.f("fk_purchase_order_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order")),
        sa.UniqueConstraint("number", name=op.f("uq_purchase_order_number")),
    )
    op.create_index(op.f("ix_purchase_order_company_id"), "purchase_order", ["company_id", "placed_at"])
    op.create_index(op.f("ix_purchase_order_deliverer_id"), "purchase_order", ["deliverer_id", "state", "placed_at"])
    op.create_index(op.f("ix_purchase_order_due_at"), "purchase_order", ["state", "due_at"])
    op.create_index(op.f("ix_purchase_order_hospital_id"), "purchase_order", ["hospital_id", "placed_at"])
    op.create_index(op.f("ix_purchase_order_plan_id"), "purchase_order", ["plan_id"])
    op.create_table(
        "purchase_plan_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.Column("price", columns.Price(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_purchase_plan_line_quantity")),
        sa.ForeignKeyConstraint(["plan_id"], ["purchase_plan.id"], name=op.f("fk_purchase_plan_line_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_purchase_plan_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_plan_line")),
        sa.UniqueConstraint("plan_id", "product_id", name=op.f("uq_purchase_plan_line_plan_id_product_id")),
    )
    op.create_table(
        "purchase_template_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.ForeignKeyConstraint(["template_id"], ["purchase_template.id"], name=op.f("fk_purchase_template_line_template_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_purchase_template_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_template_line")),
        sa.UniqueConstraint("template_id", "product_id", name=op.f("uq_purchase_template_line_template_id_product_id")),
    )
    op.create_table(
        "shipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("waybill", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("shipped_at", columns.Moment(), nullable=False),
        sa.Column("shipped_by_id", sa.Integer(), nullable=True),
        sa.Column("due_at", columns.Moment(), nullable=False),
        sa.Column("received_at", columns.Moment(), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["purchase_order.id"], name=op.f("fk_shipment_order_id")),
        sa.ForeignKeyConstraint(["shipped_by_id"], ["user_account.id"], name=op.f("fk_shipment_shipped_by_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["user_account.id"], name=op.f("fk_shipment_received_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
        sa.UniqueConstraint("number", name=op.f("uq_shipment_number")),
    )
    op.create_index(op.f("ix_shipment_due_at"), "shipment", ["state", "due_at"])
    op.create_index(op.f("ix_shipment_order_id"), "shipment", ["order_id"])
    op.create_table(
        "purchase_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shipment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", columns.Moment(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", columns.Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_purchase_return_shipment_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_purchase_return_asked_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user_account.id"], name=op.f("fk_purchase_return_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_return")),
        sa.UniqueConstraint("number", name=op.f("uq_purchase_return_number")),
    )
    op.create_index(op.f("ix_purchase_return_shipment_id"), "purchase_return", ["shipment_id"])
    op.create_table(
        "order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("beyond", sa.Boolean(), nullable=False),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("cancelled", columns.Quantity(), nullable=False),
        sa.Column("shipped", columns.Quantity(), nullable=False),
        sa.Column("rejected", columns.Quantity(), nullable=False),
        sa.Column("received", columns.Quantity(), nullable=False),
        sa.Column("returned", columns.Quantity(), nullable=False),
        sa.CheckConstraint("quantity > 0 and cancelled + shipped - rejected <= quantity and received + rejected <= shipped and returned <= received", name=op.f("ck_order_line_quantities")),
        sa.ForeignKeyConstraint(["order_id"], ["purchase_order.id"], name=op.f("fk_order_line_order_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_order_line_product_id")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_order_line_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
    )
    op.create_index(op.f("ix_order_line_order_id"), "order_line", ["order_id"])
    op.create_table(
        "volume_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("reported", columns.Quantity(), nullable=False),
        sa.Column("agreed", columns.Quantity(), nullable=False),
        sa.Column("allocated", columns.Quantity(), nullable=False),
        sa.Column("ordered", columns.Quantity(), nullable=False),
        sa.Column("cancelled", columns.Quantity(), nullable=False),
        sa.Column("shipped", columns.Quantity(), nullable=False),
        sa.Column("rejected", columns.Quantity(), nullable=False),
        sa.Column("received", columns.Quantity(), nullable=False),
        sa.Column("returned", columns.Quantity(), nullable=False),
        sa.Column("paid", columns.Quantity(), nullable=False),
        sa.Column("refunded", columns.Quantity(), nullable=False),
        sa.CheckConstraint("agreed <= reported and allocated <= agreed and (book <> 'agreed' or ordered - cancelled - returned <= allocated) and cancelled + shipped - rejected <= ordered and received + rejected <= shipped and returned + paid - refunded <= received and refunded <= paid", name=op.f("ck_volume_account_stages")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_volume_account_hospital_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_volume_account_company_id")),
        sa.ForeignKeyConstraint(["specification_id"], ["specification.id"], name=op.f("fk_volume_account_specification_id")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_volume_account_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_account")),
        sa.UniqueConstraint("key", name=op.f("uq_volume_account_key")),
    )
    op.create_index(op.f("ix_volume_account_agreement_id"), "volume_account", ["agreement_id"])
    op.create_index(op.f("ix_volume_account_company_id"), "volume_account", ["company_id"])
    op.create_index(op.f("ix_volume_account_hospital_id"), "volume_account", ["hospital_id"])
    op.create_table(
        "shipment_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shipment_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.Column("received", columns.Quantity(), nullable=False),
        sa.Column("rejected", columns.Quantity(), nullable=False),
        sa.Column("disputed", columns.Quantity(), nullable=False),
        sa.Column("returned", columns.Quantity(), nullable=False),
        sa.Column("dispute", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("quantity > 0 and received + rejected + disputed <= quantity", name=op.f("ck_shipment_line_quantities")),
        sa.CheckConstraint("returned <= received", name=op.f("ck_shipment_line_returned")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_shipment_line_shipment_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_shipment_line_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_line")),
    )
    op.create_index(op.f("ix_shipment_line_line_id"), "shipment_line", ["line_id"])
    op.create_index(op.f("ix_shipment_line_shipment_id"), "shipment_line", ["shipment_id"])
    op.create_table(
        "volume_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("move", sa.String(), nullable=False),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_volume_entry_quantity")),
        sa.ForeignKeyConstraint(["account_id"], ["volume_account.id"], name=op.f("fk_volume_entry_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_entry")),
    )
    op.create_index(op.f("ix_volume_entry_account_id"), "volume_entry", ["account_id"])
    op.create_table(
        "purchase_return_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("shipment_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_purchase_return_line_quantity")),
        sa.ForeignKeyConstraint(["return_id"], ["purchase_return.id"], name=op.f("fk_purchase_return_line_return_id")),
        sa.ForeignKeyConstraint(["shipment_line_id"], ["shipment_line.id"], name=op.f("fk_purchase_return_line_shipment_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_return_line")),
    )
    op.create_index(op.f("ix_purchase_return_line_return_id"), "purchase_return_line", ["return_id"])
    op.create_index(op.f("ix_purchase_return_line_shipment_line_id"), "purchase_return_line", ["shipment_line_id"])


def downgrade() -> None:
    op.drop_table("purchase_return_line")
    op.drop_table("volume_entry")
    op.drop_table("shipment_line")
    op.drop_table("volume_account")
    op.drop_table("order_line")
    op.drop_table("purchase_return")
    op.drop_table("shipment")
    op.drop_table("purchase_template_line")
    op.drop_table("purchase_plan_line")
    op.drop_table("purchase_order")
    op.drop_table("purchase_plan")
    op.drop_table("purchase_template")
