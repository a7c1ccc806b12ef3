"""Objections, announcements, letters, voids of lots, and rounds run again.

Revision 0017.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("content", columns.Json(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", columns.Moment(), nullable=False),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("read_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user_account.id"], name=op.f("fk_letter_issued_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_letter_organisation_id")),
        sa.ForeignKeyConstraint(["read_by_id"], ["user_account.id"], name=op.f("fk_letter_read_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_letter_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint(
            "round_id", "kind", "organisation_id", name=op.f("uq_letter_round_id_kind_organisation_id")
        ),
        sa.UniqueConstraint("year", "kind", "serial", name=op.f("uq_letter_year_kind_serial")),
    )
    op.create_index(op.f("ix_letter_organisation_id"), "letter", ["organisation_id"])
    op.create_table(
        "void_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", columns.Moment(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_void_request_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_void_request_decided_by_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_void_request_lot_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_void_request_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_void_request")),
    )
    op.create_index(op.f("ix_void_request_round_id"), "void_request", ["round_id"])
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("content", columns.Json(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_announcement_by_id")),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_announcement_evaluation_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_announcement_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_announcement_round_id_number")),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("private", sa.String(), nullable=False),
        sa.Column("standing", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", columns.Moment(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", columns.Moment(), nullable=True),
        sa.Column("finding", sa.String(40), nullable=True),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", columns.Moment(), nullable=True),
        sa.Column("return_reason", sa.String(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", columns.Moment(), nullable=True),
        sa.Column("withdrawn_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["user_account.id"], name=op.f("fk_objection_claimed_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_objection_company_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user_account.id"], name=op.f("fk_objection_confirmed_by_id")),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_objection_evaluation_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user_account.id"], name=op.f("fk_objection_filed_by_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_objection_lot_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_objection_organisation_id")),
        sa.ForeignKeyConstraint(["replied_by_id"], ["user_account.id"], name=op.f("fk_objection_replied_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_objection_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("receipt", name=op.f("uq_objection_receipt")),
    )
    op.create_index(op.f("ix_objection_company_id"), "objection", ["company_id"])
    op.create_index(op.f("ix_objection_organisation_id"), "objection", ["organisation_id"])
    op.create_index(op.f("ix_objection_round_id"), "objection", ["round_id"])
    op.create_index(op.f("ix_objection_state"), "objection", ["state"])
    op.create_table(
        "objection_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_objection_comment_by_id")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_objection_comment_objection_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_objection_comment_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_comment")),
    )
    op.create_index(op.f("ix_objection_comment_objection_id"), "objection_comment", ["objection_id"])
    op.add_column("demand_call", sa.Column("copied_from_id", sa.Integer(), nullable=True))
    op.add_column("round", sa.Column("rerun_of_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_round_rerun_of_id"), "round", ["rerun_of_id"])
    op.add_column("round", sa.Column("reply_workdays", sa.Integer(), nullable=True))
    op.add_column("round", sa.Column("reply_source", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_index(op.f("ix_round_rerun_of_id"), table_name="round")
    for name in ("reply_source", "reply_workdays", "rerun_of_id"):
        op.drop_column("round", name)
    op.drop_column("demand_call", "copied_from_id")
    for name in ("objection_comment", "objection", "announcement", "void_request", "letter"):
        op.drop_table(name)
