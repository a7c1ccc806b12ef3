"""Applications to list products, merges of duplicate listings.

Revision 0039.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("listing_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("price", columns.Price(), nullable=True),
        sa.Column("before", columns.Price(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("certificate_until", sa.Date(), nullable=True),
        sa.Column("elsewhere", columns.Price(), nullable=True),
        sa.Column("elsewhere_region", sa.String(), nullable=False),
        sa.Column("ceiling", columns.Price(), nullable=True),
        sa.Column("ceiling_source", sa.String(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("checks", columns.Json(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", columns.Moment(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", columns.Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("back", sa.String(40), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("bar_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("price is null or price > 0", name=op.f("ck_listing_application_price")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["user_account.id"], name=op.f("fk_listing_application_checked_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_listing_application_company_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_listing_application_decided_by_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_listing_application_listing_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_listing_application_product_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_listing_application_region_code")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user_account.id"], name=op.f("fk_listing_application_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_application"))
    )
    with op.batch_alter_table("listing_application") as table:
        table.create_index(table.f("ix_listing_application_company_id"), ["company_id"], unique=False)
        table.create_index(table.f("ix_listing_application_product_id"), ["product_id"], unique=False)
        table.create_index("ix_listing_application_state", ["state", "submitted_at"], unique=False)
        table.create_index("uq_listing_application_open", ["product_id", "region_code", "kind"], unique=True, sqlite_where=sa.text("state in ('submitted', 'checked', 'returned')"), postgresql_where=sa.text("state in ('submitted', 'checked', 'returned')"))
    op.create_table("listing_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("keep_id", sa.Integer(), nullable=False),
        sa.Column("end_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", columns.Moment(), nullable=False),
        sa.Column("objection", sa.String(), nullable=False),
        sa.Column("objected_by_id", sa.Integer(), nullable=True),
        sa.Column("objected_at", columns.Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("keep_id <> end_id", name=op.f("ck_listing_merge_two")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user_account.id"], name=op.f("fk_listing_merge_answered_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_listing_merge_decided_by_id")),
        sa.ForeignKeyConstraint(["end_id"], ["listing.id"], name=op.f("fk_listing_merge_end_id")),
        sa.ForeignKeyConstraint(["keep_id"], ["listing.id"], name=op.f("fk_listing_merge_keep_id")),
        sa.ForeignKeyConstraint(["objected_by_id"], ["user_account.id"], name=op.f("fk_listing_merge_objected_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"], name=op.f("fk_listing_merge_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_merge"))
    )
    with op.batch_alter_table("listing_merge") as table:
        table.create_index("uq_listing_merge_open", ["end_id"], unique=True, sqlite_where=sa.text("state in ('publicised', 'objected', 'answered')"), postgresql_where=sa.text("state in ('publicised', 'objected', 'answered')"))
    op.create_table("listing_application_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("back", sa.String(40), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["listing_application.id"], name=op.f("fk_listing_application_look_application_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_listing_application_look_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_application_look"))
    )
    with op.batch_alter_table("listing_application_look") as table:
        table.create_index(table.f("ix_listing_application_look_application_id"), ["application_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("listing_application_look") as table:
        table.drop_index(table.f("ix_listing_application_look_application_id"))
    op.drop_table("listing_application_look")
    with op.batch_alter_table("listing_merge") as table:
        table.drop_index("uq_listing_merge_open", sqlite_where=sa.text("state in ('publicised', 'objected', 'answered')"), postgresql_where=sa.text("state in ('publicised', 'objected', 'answered')"))
    op.drop_table("listing_merge")
    with op.batch_alter_table("listing_application") as table:
        table.drop_index("uq_listing_application_open", sqlite_where=sa.text("state in ('submitted', 'checked', 'returned')"), postgresql_where=sa.text("state in ('submitted', 'checked', 'returned')"))
        table.drop_index("ix_listing_application_state")
        table.drop_index(table.f("ix_listing_application_product_id"))
        table.drop_index(table.f("ix_listing_application_company_id"))
    op.drop_table("listing_application")
