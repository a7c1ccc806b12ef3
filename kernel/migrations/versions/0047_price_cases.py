"""Inquiry and interview cases with their prices and steps.

Revision 0047.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0047"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(), nullable=True),
        sa.Column("interview_at", columns.Moment(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("proposed", sa.String(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_text", sa.String(), nullable=False),
        sa.Column("exposed_at", columns.Moment(), nullable=True),
        sa.Column("exposed_text", sa.String(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", columns.Moment(), nullable=False),
        sa.Column("moved_at", columns.Moment(), nullable=False),
        sa.Column("closed_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_price_case_organisation_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_price_case_company_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_price_case_region_code")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"], name=op.f("fk_price_case_proposed_by_id")),
        sa.ForeignKeyConstraint(["fact_id"], ["credit_fact.id"], name=op.f("fk_price_case_fact_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_price_case_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_case")),
    )
    op.create_index(op.f("ix_price_case_company_id"), "price_case", ["company_id"])
    op.create_index("ix_price_case_state", "price_case", ["state", "due_at"])
    _lines()
    op.create_table(
        "price_case_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("facts", columns.Json(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["price_case.id"], name=op.f("fk_price_case_step_case_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_price_case_step_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_case_step")),
    )
    op.create_index(op.f("ix_price_case_step_case_id"), "price_case_step", ["case_id"])


def _lines() -> None:
    op.create_table(
        "price_case_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("anchor", columns.Ratio(), nullable=True),
        sa.Column("ratio", columns.Ratio(), nullable=True),
        sa.Column("committed", columns.Price(), nullable=True),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["price_case.id"], name=op.f("fk_price_case_line_case_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_price_case_line_listing_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_price_case_line_product_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_price_case_line_region_code")),
        sa.ForeignKeyConstraint(["label_id"], ["price_label.id"], name=op.f("fk_price_case_line_label_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_case_line")),
    )
    op.create_index(op.f("ix_price_case_line_case_id"), "price_case_line", ["case_id"])
    op.create_index(
        "uq_price_case_line_open", "price_case_line", ["product_id", "region_code"], unique=True,
        sqlite_where=sa.text("not closed"), postgresql_where=sa.text("not closed"),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("price_case_step", "price_case_line", "price_case"):
        op.drop_table(table)
