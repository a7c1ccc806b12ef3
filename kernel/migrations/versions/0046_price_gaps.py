"""Prices of other regions, groups of the same product, gaps between regions, warnings of linkage.

Revision 0046.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0046"
down_revision = "0051"
branch_labels = None
depends_on = None
OPEN = sa.text("state in ('open', 'answered')")


def upgrade() -> None:
    op.create_table("gap_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("cleared", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_run"))
    )
    op.create_table("same_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("same", sa.String(40), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("maker", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("specification", sa.String(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_same_group_company_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["same_group.id"], name=op.f("fk_same_group_parent_id")),
        sa.ForeignKeyConstraint(["specification_id"], ["specification.id"], name=op.f("fk_same_group_specification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_same_group")),
        sa.UniqueConstraint("same", "key", name=op.f("uq_same_group_same_key"))
    )
    with op.batch_alter_table("same_group") as table:
        table.create_index(table.f("ix_same_group_company_id"), ["company_id"], unique=False)
        table.create_index(table.f("ix_same_group_name"), ["name"], unique=False)
        table.create_index("ix_same_group_pair", ["specification_id", "company_id"], unique=False)
        table.create_index(table.f("ix_same_group_parent_id"), ["parent_id"], unique=False)
    op.create_table("outside_product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("maker", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("specification", sa.String(), nullable=False),
        sa.Column("pack", sa.Integer(), nullable=False),
        sa.Column("match", sa.String(40), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("candidates", columns.Json(), nullable=False),
        sa.Column("doubt", sa.String(40), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_outside_product_decided_by_id")),
        sa.ForeignKeyConstraint(["group_id"], ["same_group.id"], name=op.f("fk_outside_product_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_product")),
        sa.UniqueConstraint("digest", name=op.f("uq_outside_product_digest"))
    )
    with op.batch_alter_table("outside_product") as table:
        table.create_index(table.f("ix_outside_product_code"), ["code"], unique=False)
        table.create_index(table.f("ix_outside_product_group_id"), ["group_id"], unique=False)
        table.create_index(table.f("ix_outside_product_match"), ["match"], unique=False)
    op.create_table("price_gap",
        sa.Column("same", sa.String(40), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("least", columns.Price(), nullable=False),
        sa.Column("median", columns.Price(), nullable=False),
        sa.Column("lowest", columns.Price(), nullable=False),
        sa.Column("lowest_region", sa.String(), nullable=False),
        sa.Column("provinces", sa.Integer(), nullable=False),
        sa.Column("ratio", columns.Ratio(), nullable=False),
        sa.Column("outlier", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["same_group.id"], name=op.f("fk_price_gap_group_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_price_gap_region_code")),
        sa.PrimaryKeyConstraint("same", "group_id", "kind", "region_code", name=op.f("pk_price_gap"))
    )
    with op.batch_alter_table("price_gap") as table:
        table.create_index("ix_price_gap_ratio", ["same", "ratio"], unique=False)
        table.create_index("ix_price_gap_region_code", ["same", "region_code", "ratio"], unique=False)
    op.create_table("same_member",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["same_group.id"], name=op.f("fk_same_member_group_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_same_member_product_id")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_same_member"))
    )
    with op.batch_alter_table("same_member") as table:
        table.create_index(table.f("ix_same_member_group_id"), ["group_id"], unique=False)
    op.create_table("linkage_warning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("lowest", columns.Price(), nullable=False),
        sa.Column("lowest_region", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_at", columns.Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", columns.Moment(), nullable=True),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user_account.id"], name=op.f("fk_linkage_warning_answered_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_linkage_warning_company_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_linkage_warning_decided_by_id")),
        sa.ForeignKeyConstraint(["group_id"], ["same_group.id"], name=op.f("fk_linkage_warning_group_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_linkage_warning_listing_id")),
        sa.ForeignKeyConstraint(["lowest_region"], ["region.code"], name=op.f("fk_linkage_warning_lowest_region")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_linkage_warning_product_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_linkage_warning_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linkage_warning"))
    )
    with op.batch_alter_table("linkage_warning") as table:
        table.create_index(table.f("ix_linkage_warning_company_id"), ["company_id"], unique=False)
        table.create_index(table.f("ix_linkage_warning_group_id"), ["group_id"], unique=False)
        table.create_index(table.f("ix_linkage_warning_listing_id"), ["listing_id"], unique=False)
        table.create_index(table.f("ix_linkage_warning_product_id"), ["product_id"], unique=False)
        table.create_index("ix_linkage_warning_state", ["state", "due_on"], unique=False)
        table.create_index("uq_linkage_warning_open", ["product_id", "region_code", "kind"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table("outside_price",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outside_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("pack_price", columns.Price(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", columns.Moment(), nullable=False),
        sa.CheckConstraint("ends is null or ends >= starts", name=op.f("ck_outside_price_days")),
        sa.CheckConstraint("price > 0", name=op.f("ck_outside_price_price")),
        sa.ForeignKeyConstraint(["outside_id"], ["outside_product.id"], name=op.f("fk_outside_price_outside_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_outside_price_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_price")),
        sa.UniqueConstraint("outside_id", "region_code", "kind", "starts", name=op.f("uq_outside_price_outside_id_region_code_kind_starts"))
    )
    with op.batch_alter_table("outside_price") as table:
        table.create_index(table.f("ix_outside_price_changed_at"), ["changed_at"], unique=False)
        table.create_index("ix_outside_price_region_code", ["region_code", "outside_id"], unique=False)


def downgrade() -> None:
    for table in (
        "outside_price", "linkage_warning", "same_member", "price_gap", "outside_product", "same_group", "gap_run",
    ):
        op.drop_table(table)
