"""Cases of credit facts with what they rest on; ratings, the products they involve, measures and corrections.

Revision 0050.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0050"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credit_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(40), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_credit_case_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_case")),
        sa.UniqueConstraint("company_id", "matter", "number", name=op.f("uq_credit_case_company_id_matter_number")),
    )
    _facts()
    _ratings()
    _parts()


def _facts() -> None:
    """Give every fact its case: what the platform reported is about one record each."""
    with op.batch_alter_table("credit_fact") as table:
        table.add_column(sa.Column("case_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("source", sa.String(40), nullable=False, server_default="breach"))
        table.add_column(sa.Column("origin", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("document", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("effective_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("single", columns.Amount(), nullable=True))
        table.add_column(sa.Column("staff", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("national_round", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("via_id", sa.Integer(), nullable=True))
    subject = "subject_kind || '/' || subject_id"
    op.execute(
        f"insert into credit_case (company_id, matter, number) select distinct company_id, matter, {subject} from credit_fact"  # noqa: S608, E501 - a constant
    )
    op.execute(
        "update credit_fact set effective_on = happened_on, case_id = (select id from credit_case where credit_case.company_id = "  # noqa: S608, E501 - a constant
        f"credit_fact.company_id and credit_case.matter = credit_fact.matter and number = {subject})"
    )
    with op.batch_alter_table("credit_fact") as table:
        table.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("effective_on", existing_type=sa.Date(), nullable=False)
        for name in ("source", "origin", "document", "staff", "national_round"):
            table.alter_column(name, server_default=None)
        table.create_foreign_key(op.f("fk_credit_fact_case_id"), "credit_case", ["case_id"], ["id"])
        table.create_foreign_key(op.f("fk_credit_fact_via_id"), "organisation", ["via_id"], ["id"])
        table.create_check_constraint(op.f("ck_credit_fact_single"), "single is null or (single >= 0 and single <= amount)")
    op.create_index(op.f("ix_credit_fact_case_id"), "credit_fact", ["case_id"])


def _ratings() -> None:
    people = ("proposed_by_id", "suggested_by_id", "decided_by_id", "cleared_by_id")
    op.create_table(
        "credit_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("matter", sa.String(40), nullable=False),
        sa.Column("benchmark", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("grade", columns.Json(), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("lapses_on", sa.Date(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", columns.Moment(), nullable=False),
        sa.Column("noticed_at", columns.Moment(), nullable=True),
        sa.Column("notice_days", sa.Integer(), nullable=True),
        sa.Column("defence_days", sa.Integer(), nullable=True),
        sa.Column("collected_at", columns.Moment(), nullable=True),
        sa.Column("due_at", columns.Moment(), nullable=True),
        sa.Column("defence", sa.String(), nullable=False),
        sa.Column("defended_at", columns.Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("suggested", sa.String(40), nullable=True),
        sa.Column("corrections_asked", columns.Json(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("suggested_by_id", sa.Integer(), nullable=True),
        sa.Column("suggested_at", columns.Moment(), nullable=True),
        sa.Column("return_reason", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", columns.Moment(), nullable=True),
        sa.Column("record", columns.Json(), nullable=True),
        sa.Column("cleared_by_id", sa.Integer(), nullable=True),
        sa.Column("cleared_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_credit_rating_{name}")) for name in people),
        sa.ForeignKeyConstraint(["case_id"], ["credit_case.id"], name=op.f("fk_credit_rating_case_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_credit_rating_company_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_credit_rating_region_code")),
        sa.CheckConstraint("lapses_on is null or lapses_on > effective_on", name=op.f("ck_credit_rating_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_rating")),
    )
    op.create_index("ix_credit_rating_company_id", "credit_rating", ["company_id", "state"])
    for name in ("case_id", "state", "due_at", "published_at"):
        op.create_index(op.f(f"ix_credit_rating_{name}"), "credit_rating", [name])


def _parts() -> None:
    op.create_table(
        "credit_rating_product",
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rating_id"], ["credit_rating.id"], name=op.f("fk_credit_rating_product_rating_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_credit_rating_product_product_id")),
        sa.PrimaryKeyConstraint("rating_id", "product_id", name=op.f("pk_credit_rating_product")),
    )
    op.create_index(op.f("ix_credit_rating_product_product_id"), "credit_rating_product", ["product_id"])
    op.create_table(
        "credit_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("region_code", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["rating_id"], ["credit_rating.id"], name=op.f("fk_credit_measure_rating_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_credit_measure_company_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_credit_measure_region_code")),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_credit_measure_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_measure")),
        sa.UniqueConstraint("rating_id", "kind", name=op.f("uq_credit_measure_rating_id_kind")),
    )
    op.create_index(op.f("ix_credit_measure_company_id"), "credit_measure", ["company_id"])
    op.create_table(
        "credit_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("route", sa.String(40), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("submitted_at", columns.Moment(), nullable=True),
        sa.Column("review", sa.String(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["rating_id"], ["credit_rating.id"], name=op.f("fk_credit_correction_rating_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["user_account.id"], name=op.f("fk_credit_correction_reviewed_by_id")),
        sa.CheckConstraint("number between 1 and 6", name=op.f("ck_credit_correction_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_correction")),
        sa.UniqueConstraint("rating_id", "number", name=op.f("uq_credit_correction_rating_id_number")),
    )


def downgrade() -> None:
    for name in ("credit_correction", "credit_measure", "credit_rating_product", "credit_rating"):
        op.drop_table(name)
    op.drop_index(op.f("ix_credit_fact_case_id"), "credit_fact")
    with op.batch_alter_table("credit_fact") as table:
        table.drop_constraint(op.f("ck_credit_fact_single"), type_="check")
        for name in ("fk_credit_fact_case_id", "fk_credit_fact_via_id"):
            table.drop_constraint(op.f(name), type_="foreignkey")
        for name in ("case_id", "source", "origin", "document", "effective_on", "single", "staff", "national_round", "via_id"):
            table.drop_column(name)
    op.drop_table("credit_case")
