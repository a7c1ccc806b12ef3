"""Joint bids, rehearsal rounds, and statements of reasons for bids below the anchor.

Revision 0012.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BOUND = sa.text("state = 'bound'")


def upgrade() -> None:
    with op.batch_alter_table("bid_box") as table:
        table.add_column(sa.Column("joint_most", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "joint_bid",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("box_id", "lot_id", "lead_id")),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", columns.Moment(), nullable=False),
        sa.Column("ended_at", columns.Moment(), nullable=True),
        _reference("joint_bid", "box_id", "bid_box"),
        _reference("joint_bid", "lot_id", "lot"),
        _reference("joint_bid", "lead_id", "organisation"),
        _reference("joint_bid", "proposed_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_bid")),
    )
    op.create_index(op.f("ix_joint_bid_box_id"), "joint_bid", ["box_id"])
    op.create_table(
        "joint_member",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("joint_id", "box_id", "lot_id", "company_id")),
        sa.Column("share", columns.Ratio(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", columns.Moment(), nullable=True),
        sa.CheckConstraint("share > 0", name=op.f("ck_joint_member_share")),
        _reference("joint_member", "joint_id", "joint_bid"),
        _reference("joint_member", "box_id", "bid_box"),
        _reference("joint_member", "lot_id", "lot"),
        _reference("joint_member", "company_id", "organisation"),
        _reference("joint_member", "answered_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_member")),
        sa.UniqueConstraint("joint_id", "company_id", name=op.f("uq_joint_member_joint_id_company_id")),
    )
    op.create_index(op.f("ix_joint_member_company_id"), "joint_member", ["company_id"])
    op.create_index(
        "uq_joint_member_bound", "joint_member", ["box_id", "lot_id", "company_id"], unique=True, sqlite_where=BOUND,
        postgresql_where=BOUND,
    )  # fmt: skip
    _statements()


def _statements() -> None:
    op.create_table(
        "price_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("round_id", "lot_id", "company_id")),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("unit_price", columns.Price(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", columns.Moment(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", columns.Moment(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        _reference("price_statement", "round_id", "round"),
        _reference("price_statement", "lot_id", "lot"),
        _reference("price_statement", "company_id", "organisation"),
        _reference("price_statement", "specification_id", "specification"),
        *(_reference("price_statement", name, "user_account") for name in ("asked_by_id", "submitted_by_id")),
        _reference("price_statement", "decided_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_statement")),
        sa.UniqueConstraint(
            "round_id", "lot_id", "company_id", name=op.f("uq_price_statement_round_id_lot_id_company_id")
        ),
    )
    op.create_index(op.f("ix_price_statement_company_id"), "price_statement", ["company_id"])
    op.create_index(op.f("ix_price_statement_state"), "price_statement", ["state"])
    op.create_table(
        "price_statement_cost",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("amount", columns.Price(), nullable=False),
        _reference("price_statement_cost", "statement_id", "price_statement"),
        sa.PrimaryKeyConstraint("statement_id", "part", name=op.f("pk_price_statement_cost")),
    )


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    for name in ("price_statement_cost", "price_statement", "joint_member", "joint_bid"):
        op.drop_table(name)
    with op.batch_alter_table("bid_box") as table:
        table.drop_column("rehearsal")
        table.drop_column("joint_most")
