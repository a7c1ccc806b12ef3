"""Statements of account: entries, sums of months, what a deliverer supplies to a hospital, what was paid in time.

Revision 0028.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SUMS = (
    "orders", "withdrawn", "answered", "answered_24h", "confirmed", "timely", "completed", "short", "specs",
    "specs_short", "specs_delivered", "amount", "amount_short", "delivered", "bought", "bought_consumables", "paid",
    "paid_in_time",
)  # fmt: skip
NOBODY = "cast(null as integer)"
SIDES = (
    ("hospital", "'h' || hospital_id", "min(hospital_id)", NOBODY),
    ("seller", "'s' || seller_id", NOBODY, "min(seller_id)"),
    ("pair", "'p' || hospital_id || '-' || seller_id", "min(hospital_id)", "min(seller_id)"),
)


def upgrade() -> None:
    _entries()
    _months()
    _in_time()
    _supplies()


def _entries() -> None:
    op.create_table(
        "settlement_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", columns.Amount(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_settlement_entry_amount")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_settlement_entry_hospital_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["organisation.id"], name=op.f("fk_settlement_entry_seller_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["settlement_invoice.id"], name=op.f("fk_settlement_entry_invoice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["settlement_payment.id"], name=op.f("fk_settlement_entry_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_entry")),
        sa.UniqueConstraint("payment_id", "kind", name=op.f("uq_settlement_entry_payment_id_kind")),
        sa.UniqueConstraint("invoice_id", "kind", name=op.f("uq_settlement_entry_invoice_id_kind")),
    )
    op.create_index(op.f("ix_settlement_entry_hospital_id"), "settlement_entry", ["hospital_id", "seller_id", "day"])
    day = "date({0}, '+8 hours')" if _sqlite() else "({0} at time zone 'Asia/Shanghai')::date"
    op.execute(
        "insert into settlement_entry (hospital_id, seller_id, day, kind, amount, invoice_id) select hospital_id, "  # noqa: S608 - fixed text
        f"seller_id, {day.format('registered_at')}, case kind when 'credit' then 'credited' else 'invoiced' end, amount, "
        "id from settlement_invoice where state <> 'withdrawn' order by id"
    )
    op.execute(
        "insert into settlement_entry (hospital_id, seller_id, day, kind, amount, payment_id) select hospital_id, "  # noqa: S608 - fixed text
        f"seller_id, {day.format('made_at')}, case channel when 'fund' then 'fund' else 'paid' end, amount, id "
        "from settlement_payment order by id"
    )


def _months() -> None:
    op.create_table(
        "settlement_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=True),
        sa.Column("seller_id", sa.Integer(), nullable=True),
        sa.Column("invoiced", columns.Amount(), nullable=False),
        sa.Column("credited", columns.Amount(), nullable=False),
        sa.Column("paid", columns.Amount(), nullable=False),
        sa.Column("fund", columns.Amount(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_settlement_month_hospital_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["organisation.id"], name=op.f("fk_settlement_month_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_month")),
        sa.UniqueConstraint("key", "month", name=op.f("uq_settlement_month_key_month")),
    )
    op.create_index(op.f("ix_settlement_month_hospital_id"), "settlement_month", ["hospital_id", "side", "month"])
    op.create_index(op.f("ix_settlement_month_seller_id"), "settlement_month", ["seller_id", "side", "month"])
    op.create_index(op.f("ix_settlement_month_side"), "settlement_month", ["side", "month"])
    start = "date(day, 'start of month')" if _sqlite() else "date_trunc('month', day)::date"
    sums = ", ".join(f"sum(case kind when '{each}' then amount else 0 end)" for each in ("invoiced", "credited", "paid", "fund"))
    for side, key, hospital, seller in SIDES:
        op.execute(
            "insert into settlement_month (key, side, month, hospital_id, seller_id, invoiced, credited, paid, fund) "  # noqa: S608 - fixed text
            f"select {key}, '{side}', {start}, {hospital}, {seller}, {sums} from settlement_entry "
            f"group by {key}, {start}"
        )


def _in_time() -> None:
    """Count as paid in time what no late payment was for."""
    with op.batch_alter_table("shipment_line") as table:
        table.add_column(sa.Column("paid_in_time", columns.Quantity(), nullable=False, server_default="0"))
        check = "paid_in_time >= 0 and paid_in_time <= paid"
        table.create_check_constraint(op.f("ck_shipment_line_paid_in_time"), check)
    days = (
        "julianday(payment.paid_on) - julianday(date(shipment.received_at, '+8 hours'))" if _sqlite()
        else "payment.paid_on - (shipment.received_at at time zone 'Asia/Shanghai')::date"
    )  # fmt: skip
    op.execute(
        "update shipment_line set paid_in_time = paid where paid > 0 and id not in (select line.shipment_line_id from "  # noqa: S608 - fixed text
        "settlement_invoice_line line join settlement_invoice invoice on invoice.id = line.invoice_id join "
        "settlement_payment payment on payment.id = invoice.payment_id join shipment_line batch on batch.id = "
        f"line.shipment_line_id join shipment on shipment.id = batch.shipment_id where {days} > 30)"
    )


def _supplies() -> None:
    sums = ", ".join(f"sum(share.{name})" for name in SUMS)
    key = "one.hospital_id || '>' || one.deliverer_id"
    op.execute(
        f"insert into trade_month (key, level, kind, month, hospital_id, deliverer_id, {', '.join(SUMS)}) select {key}, "  # noqa: S608 - fixed text
        f"'supply', one.kind, share.month, one.hospital_id, one.deliverer_id, {sums} from trade_share share join "
        "purchase_order one on one.id = share.order_id group by one.hospital_id, one.deliverer_id, one.kind, share.month"
    )


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def downgrade() -> None:
    op.execute("delete from trade_month where level = 'supply'")
    with op.batch_alter_table("shipment_line") as table:
        table.drop_constraint(op.f("ck_shipment_line_paid_in_time"), type_="check")
        table.drop_column("paid_in_time")
    op.drop_table("settlement_entry")
    op.drop_table("settlement_month")
