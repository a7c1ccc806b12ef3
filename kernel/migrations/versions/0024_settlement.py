"""Invoices, payments, claims and statements.

Revision 0024.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _counters()
    _fund_account()
    _run()
    _claim()
    _fund_entry()
    _payment()
    _invoice()
    _invoice_line()


def _counters() -> None:
    with op.batch_alter_table("shipment_line") as table:
        for name in ("invoiced", "paid"):
            table.add_column(sa.Column(name, columns.Quantity(), nullable=False, server_default="0"))
        table.create_check_constraint(op.f("ck_shipment_line_invoiced"), "invoiced >= 0 and invoiced <= received")
        table.create_check_constraint(op.f("ck_shipment_line_paid"), "paid >= 0 and paid <= received - returned")


def _fund_account() -> None:
    op.create_table(
        "settlement_fund_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("due", columns.Amount(), nullable=False),
        sa.Column("direct", columns.Amount(), nullable=False),
        sa.Column("prepaid", columns.Amount(), nullable=False),
        sa.Column("set_off", columns.Amount(), nullable=False),
        sa.CheckConstraint("set_off <= prepaid", name=op.f("ck_settlement_fund_account_set_off")),
        sa.ForeignKeyConstraint(
            ["hospital_id"], ["organisation.id"], name=op.f("fk_settlement_fund_account_hospital_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_fund_account")),
        sa.UniqueConstraint("hospital_id", name=op.f("uq_settlement_fund_account_hospital_id")),
    )


def _run() -> None:
    op.create_table(
        "settlement_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("prepared_at", columns.Moment(), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["user_account.id"], name=op.f("fk_settlement_run_prepared_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_settlement_run_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_run")),
        sa.UniqueConstraint("number", name=op.f("uq_settlement_run_number")),
    )


def _claim() -> None:
    op.create_table(
        "settlement_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("gross", columns.Amount(), nullable=False),
        sa.Column("credited", columns.Amount(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("filed_at", columns.Moment(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("due_at", columns.Moment(), nullable=False),
        sa.Column("told_at", columns.Moment(), nullable=True),
        sa.Column("reviewed_at", columns.Moment(), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["organisation.id"], name=op.f("fk_settlement_claim_seller_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_settlement_claim_hospital_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user_account.id"], name=op.f("fk_settlement_claim_filed_by_id")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["user_account.id"], name=op.f("fk_settlement_claim_reviewed_by_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["settlement_run.id"], name=op.f("fk_settlement_claim_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_claim")),
        sa.UniqueConstraint("number", name=op.f("uq_settlement_claim_number")),
    )
    op.create_index(op.f("ix_settlement_claim_hospital_id"), "settlement_claim", ["hospital_id", "state"])
    op.create_index(op.f("ix_settlement_claim_run_id"), "settlement_claim", ["run_id"])
    op.create_index(op.f("ix_settlement_claim_seller_id"), "settlement_claim", ["seller_id", "month"])
    op.create_index(op.f("ix_settlement_claim_state"), "settlement_claim", ["state", "due_at"])


def _fund_entry() -> None:
    op.create_table(
        "settlement_fund_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("budget", columns.Amount(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_settlement_fund_entry_amount")),
        sa.ForeignKeyConstraint(
            ["hospital_id"], ["organisation.id"], name=op.f("fk_settlement_fund_entry_hospital_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_settlement_fund_entry_round_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_settlement_fund_entry_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_fund_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_settlement_fund_entry_key")),
    )
    op.create_index(op.f("ix_settlement_fund_entry_hospital_id"), "settlement_fund_entry", ["hospital_id"])


def _payment() -> None:
    op.create_table(
        "settlement_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("gross", columns.Amount(), nullable=False),
        sa.Column("credited", columns.Amount(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_settlement_payment_amount")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_settlement_payment_hospital_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["organisation.id"], name=op.f("fk_settlement_payment_seller_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["settlement_claim.id"], name=op.f("fk_settlement_payment_claim_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_settlement_payment_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_payment")),
        sa.UniqueConstraint("hospital_id", "reference", name=op.f("uq_settlement_payment_hospital_id_reference")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_settlement_payment_claim_id")),
    )
    op.create_index(op.f("ix_settlement_payment_hospital_id"), "settlement_payment", ["hospital_id", "paid_on"])
    op.create_index(op.f("ix_settlement_payment_seller_id"), "settlement_payment", ["seller_id", "paid_on"])


def _invoice() -> None:
    op.create_table(
        "settlement_invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_at", columns.Moment(), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("registered_at", columns.Moment(), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("matched_at", columns.Moment(), nullable=True),
        sa.Column("matched_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_settlement_invoice_amount")),
        sa.ForeignKeyConstraint(["seller_id"], ["organisation.id"], name=op.f("fk_settlement_invoice_seller_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_settlement_invoice_hospital_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_settlement_invoice_region_code")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["settlement_invoice.id"], name=op.f("fk_settlement_invoice_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["user_account.id"], name=op.f("fk_settlement_invoice_registered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["matched_by_id"], ["user_account.id"], name=op.f("fk_settlement_invoice_matched_by_id")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["settlement_claim.id"], name=op.f("fk_settlement_invoice_claim_id")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["settlement_payment.id"], name=op.f("fk_settlement_invoice_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_invoice")),
        sa.UniqueConstraint("key", name=op.f("uq_settlement_invoice_key")),
    )
    op.create_index(op.f("ix_settlement_invoice_claim_id"), "settlement_invoice", ["claim_id"])
    op.create_index(op.f("ix_settlement_invoice_corrects_id"), "settlement_invoice", ["corrects_id"])
    op.create_index(op.f("ix_settlement_invoice_hospital_id"), "settlement_invoice", ["hospital_id", "state", "due_at"])
    op.create_index(op.f("ix_settlement_invoice_payment_id"), "settlement_invoice", ["payment_id"])
    op.create_index(op.f("ix_settlement_invoice_seller_id"), "settlement_invoice", ["seller_id", "state", "issued_on"])


def _invoice_line() -> None:
    op.create_table(
        "settlement_invoice_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("shipment_line_id", sa.Integer(), nullable=False),
        sa.Column("credits_id", sa.Integer(), nullable=True),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("credited", columns.Quantity(), nullable=False),
        sa.CheckConstraint(
            "quantity > 0 and credited >= 0 and credited <= quantity",
            name=op.f("ck_settlement_invoice_line_quantities"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["settlement_invoice.id"], name=op.f("fk_settlement_invoice_line_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_line_id"], ["shipment_line.id"], name=op.f("fk_settlement_invoice_line_shipment_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["credits_id"], ["settlement_invoice_line.id"], name=op.f("fk_settlement_invoice_line_credits_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_invoice_line")),
    )
    op.create_index(op.f("ix_settlement_invoice_line_credits_id"), "settlement_invoice_line", ["credits_id"])
    op.create_index(op.f("ix_settlement_invoice_line_invoice_id"), "settlement_invoice_line", ["invoice_id"])
    op.create_index(
        op.f("ix_settlement_invoice_line_shipment_line_id"), "settlement_invoice_line", ["shipment_line_id"]
    )


def downgrade() -> None:
    op.drop_table("settlement_invoice_line")
    op.drop_table("settlement_invoice")
    op.drop_table("settlement_payment")
    op.drop_table("settlement_fund_entry")
    op.drop_table("settlement_claim")
    op.drop_table("settlement_run")
    op.drop_table("settlement_fund_account")
    with op.batch_alter_table("shipment_line") as table:
        for name in ("paid", "invoiced"):
            table.drop_constraint(op.f(f"ck_shipment_line_{name}"), type_="check")
            table.drop_column(name)
