"""Delivery relationships, renewals, take-overs, warnings and sums of agreements.

Revision 0023.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STAGES = "ck_volume_account_stages"
HELD = (
    "agreed <= reported and allocated <= agreed"
    " and (book <> 'agreed' or ordered - cancelled - returned{released} <= allocated)"
    " and cancelled + shipped - rejected <= ordered and received + rejected <= shipped"
    " and returned + paid - refunded <= received and refunded <= paid"
)
OPENED = """
insert into volume_account (key, book, hospital_id, company_id, specification_id, agreement_id, year, reported, agreed,
    allocated, released, ordered, cancelled, shipped, rejected, received, returned, paid, refunded, worth)
select cast(id as varchar) || ':' || 'agreed', 'agreed', hospital_id, company_id, specification_id, id, year, agreed, agreed,
    agreed, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
from agreement where not exists (select 1 from volume_account where agreement_id = agreement.id and book = 'agreed')
"""
ENTERED = """
insert into volume_entry (account_id, day, move, quantity, amount, subject_id)
select volume_account.id, agreement.starts, '{move}', volume_account.agreed, 0, agreement.id
from volume_account join agreement on agreement.id = volume_account.agreement_id
where book = 'agreed' and volume_account.agreed > 0
    and not exists (select 1 from volume_entry where account_id = volume_account.id and move = '{move}')
"""
"""Agreements that were made before there was a ledger are entered as they stand."""


def upgrade() -> None:
    with op.batch_alter_table("agreement") as table:
        table.add_column(sa.Column("renews_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_agreement_renews_id"), "agreement", ["renews_id"], ["id"])
        table.create_foreign_key(op.f("fk_agreement_successor_id"), "agreement", ["successor_id"], ["id"])
    op.create_index(op.f("ix_agreement_successor_id"), "agreement", ["successor_id"])
    with op.batch_alter_table("volume_account") as table:
        table.add_column(sa.Column("released", columns.Quantity(), nullable=False, server_default="0"))
        table.add_column(sa.Column("worth", columns.Amount(), nullable=False, server_default="0"))
        table.drop_constraint(op.f(STAGES), type_="check")
        table.create_check_constraint(op.f(STAGES), HELD.format(released=" + released"))
    with op.batch_alter_table("volume_account") as table:
        for name in ("released", "worth"):
            table.alter_column(name, server_default=None)
    op.execute(OPENED)
    for move in ("report", "agree", "allocate"):
        op.execute(ENTERED.format(move=move))
    op.create_table(
        "volume_summary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("agreements", sa.Integer(), nullable=False),
        sa.Column("agreed", columns.Amount(), nullable=False),
        sa.Column("expected", columns.Amount(), nullable=False),
        sa.Column("within", columns.Amount(), nullable=False),
        sa.Column("beyond", columns.Amount(), nullable=False),
        sa.Column("other", columns.Amount(), nullable=False),
        sa.Column("received", columns.Amount(), nullable=False),
        sa.Column("paid", columns.Amount(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_summary")),
        sa.UniqueConstraint("scope", "subject", "year", name=op.f("uq_volume_summary_scope_subject_year")),
    )
    op.create_table(
        "delivery_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("deliverer_id", sa.Integer(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_delivery_choice_hospital_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_delivery_choice_company_id")),
        sa.ForeignKeyConstraint(["deliverer_id"], ["organisation.id"], name=op.f("fk_delivery_choice_deliverer_id")),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["user_account.id"], name=op.f("fk_delivery_choice_chosen_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_choice")),
        sa.UniqueConstraint("hospital_id", "company_id", name=op.f("uq_delivery_choice_hospital_id_company_id")),
    )
    op.create_table(
        "delivery_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("deliverer_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("via_name", sa.String(), nullable=False),
        sa.Column("exemption", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        sa.Column("named_at", columns.Moment(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", columns.Moment(), nullable=True),
        sa.Column("ended_at", columns.Moment(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_delivery_relation_company_id")),
        sa.ForeignKeyConstraint(["deliverer_id"], ["organisation.id"], name=op.f("fk_delivery_relation_deliverer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_delivery_relation_product_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_delivery_relation_region_code")),
        sa.ForeignKeyConstraint(["named_by_id"], ["user_account.id"], name=op.f("fk_delivery_relation_named_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_delivery_relation_decided_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user_account.id"], name=op.f("fk_delivery_relation_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_relation")),
    )
    op.create_index(op.f("ix_delivery_relation_company_id"), "delivery_relation", ["company_id"])
    op.create_index(op.f("ix_delivery_relation_deliverer_id"), "delivery_relation", ["deliverer_id"])
    current = sa.text("state in ('asked', 'named', 'accepted')")
    op.create_index("uq_delivery_relation_current", "delivery_relation", ["product_id", "region_code", "deliverer_id"],
                    unique=True, sqlite_where=current, postgresql_where=current)
    op.create_table(
        "volume_takeover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("from_company_id", sa.Integer(), nullable=False),
        sa.Column("to_company_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("agreements", sa.Integer(), nullable=False),
        sa.Column("volume", columns.Quantity(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", columns.Moment(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_volume_takeover_round_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_volume_takeover_lot_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_volume_takeover_region_code")),
        sa.ForeignKeyConstraint(["from_company_id"], ["organisation.id"], name=op.f("fk_volume_takeover_from_company_id")),
        sa.ForeignKeyConstraint(["to_company_id"], ["organisation.id"], name=op.f("fk_volume_takeover_to_company_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"], name=op.f("fk_volume_takeover_proposed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_volume_takeover_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_takeover")),
    )
    op.create_index(op.f("ix_volume_takeover_round_id"), "volume_takeover", ["round_id"])
    op.create_table(
        "volume_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("value", columns.Ratio(), nullable=False),
        sa.Column("bound", columns.Ratio(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_volume_alert_hospital_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_volume_alert_lot_id")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_volume_alert_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_volume_alert_key")),
    )
    op.create_index(op.f("ix_volume_alert_hospital_id"), "volume_alert", ["hospital_id", "ended"])


def downgrade() -> None:
    op.drop_table("volume_alert")
    op.drop_table("volume_takeover")
    op.drop_table("delivery_relation")
    op.drop_table("delivery_choice")
    op.drop_table("volume_summary")
    with op.batch_alter_table("volume_account") as table:
        table.drop_constraint(op.f(STAGES), type_="check")
        table.create_check_constraint(op.f(STAGES), HELD.format(released=""))
        table.drop_column("worth")
        table.drop_column("released")
    op.drop_index(op.f("ix_agreement_successor_id"), "agreement")
    with op.batch_alter_table("agreement") as table:
        table.drop_constraint(op.f("fk_agreement_successor_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_agreement_renews_id"), type_="foreignkey")
        table.drop_column("successor_id")
        table.drop_column("renews_id")
