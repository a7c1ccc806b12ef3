"""Counts of the registers, device identifiers and certificates of consumables, coded drugs matched to list entries.

Revision 0009. What lists say of device identifiers moves into a table of its own; the search is to be built anew.
"""

import re

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SUBJECT = "(product_id is null) <> (drug_key is null)"


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
        sa.UniqueConstraint("kind", "field", "value", name=op.f("uq_tally_kind_field_value")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("di", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "model", "certificate", "holder")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("holder_code", "category", "edition")),
        sa.Column("certificate_until", sa.Date(), nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("packings", columns.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("di", name=op.f("uq_device_di")),
    )
    op.create_index(op.f("ix_device_certificate"), "device", ["certificate"])
    op.create_table(
        "consumable_udi",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("di", sa.String(), nullable=False),
        sa.Column("told", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumable_udi")),
        sa.UniqueConstraint("code", "di", "told", name=op.f("uq_consumable_udi_code_di_told")),
    )
    op.create_index(op.f("ix_consumable_udi_di"), "consumable_udi", ["di"])
    op.drop_index(op.f("ix_consumable_udi"), table_name="consumable")
    op.add_column("consumable", sa.Column("certificate_holder", sa.String(), nullable=True))
    op.add_column("consumable", sa.Column("certificate_until", sa.Date(), nullable=True))
    _move_identifiers()
    op.create_index(op.f("ix_product_registered_name"), "product", ["registered_name"])
    op.create_index(op.f("ix_organisation_name"), "organisation", ["name"])
    with op.batch_alter_table("list_match") as table:
        table.alter_column("product_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("drug_key", sa.String(), nullable=True))
        table.add_column(sa.Column("drug_code", sa.String(), nullable=True))
        table.add_column(sa.Column("drugs", sa.Integer(), nullable=False, server_default="0"))
        table.create_unique_constraint(op.f("uq_list_match_entry_id_drug_key"), ["entry_id", "drug_key"])
        table.create_check_constraint(op.f("ck_list_match_subject"), SUBJECT)
    op.create_index(op.f("ix_list_match_drug_key"), "list_match", ["drug_key"])


def _move_identifiers() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("select code, udi from consumable where udi is not null")).all()
    found = [{"code": code, "di": di} for code, udi in rows for di in dict.fromkeys(re.findall(r"\d{14}", udi))]
    if found:
        insert = "insert into consumable_udi (code, di, told) values (:code, :di, 'list')"
        connection.execute(sa.text(insert), found)


def downgrade() -> None:
    op.execute("delete from list_match where product_id is null")
    op.drop_index(op.f("ix_list_match_drug_key"), table_name="list_match")
    with op.batch_alter_table("list_match") as table:
        table.drop_constraint(op.f("ck_list_match_subject"), type_="check")
        table.drop_constraint(op.f("uq_list_match_entry_id_drug_key"), type_="unique")
        for name in ("drugs", "drug_code", "drug_key"):
            table.drop_column(name)
        table.alter_column("product_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index(op.f("ix_organisation_name"), table_name="organisation")
    op.drop_index(op.f("ix_product_registered_name"), table_name="product")
    with op.batch_alter_table("consumable") as table:
        table.drop_column("certificate_until")
        table.drop_column("certificate_holder")
    op.create_index(op.f("ix_consumable_udi"), "consumable", ["udi"])
    for name in ("consumable_udi", "device", "tally"):
        op.drop_table(name)
