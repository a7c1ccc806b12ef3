"""Company files, eligibility and declarations; what companies say about their owners, and relations found from it.

Revision 0011. Whoever has bid in a box that stands counts as having declared for the lot.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

DECLARE = """
insert into bid_declaration (box_id, lot_id, company_id, state, by_bid, receipt, checked, user_id, at)
select bid.box_id, bid.lot_id, bid.company_id, 'declared', true, bid_submission.receipt, '[]', bid_submission.user_id,
       bid.at
from bid join bid_submission on bid_submission.id = bid.submission_id
where bid.state <> 'withdrawn'
"""
TABLES = (
    "related_proposal", "related_share_line", "company_shareholder", "company_profile", "bid_declaration_act",
    "bid_declaration", "company_document_reminder", "company_document_look", "company_document",
)  # fmt: skip


def upgrade() -> None:
    _documents()
    _declarations()
    _relations()
    with op.batch_alter_table("bid_box") as table:
        table.add_column(sa.Column("eligibility", columns.Json(), nullable=True))
    op.execute(DECLARE)


def _documents() -> None:
    op.create_table(
        "company_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("series", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("followed_from", sa.Date(), nullable=True),
        sa.Column("filed_at", columns.Moment(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_keys("company_document", company_id="organisation", product_id="product", filed_by_id="user_account"),
        *_keys("company_document", replaces_id="company_document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_document")),
    )
    for name in ("company_id", "product_id", "until", "state", "series"):
        op.create_index(op.f(f"ix_company_document_{name}"), "company_document", [name])
    op.create_table(
        "company_document_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        *_keys("company_document_look", document_id="company_document", by_id="user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_document_look")),
    )
    op.create_index(op.f("ix_company_document_look_document_id"), "company_document_look", ["document_id"])
    op.create_table(
        "company_document_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        *_keys("company_document_reminder", document_id="company_document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_document_reminder")),
        sa.UniqueConstraint("document_id", "days", name=op.f("uq_company_document_reminder_document_id_days")),
    )


def _declarations() -> None:
    op.create_table(
        "bid_declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("by_bid", sa.Boolean(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("checked", columns.Json(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        *_keys("bid_declaration", box_id="bid_box", lot_id="lot", company_id="organisation", user_id="user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_declaration")),
        sa.UniqueConstraint(
            "box_id", "lot_id", "company_id", name=op.f("uq_bid_declaration_box_id_lot_id_company_id")
        ),
    )
    for name in ("lot_id", "company_id"):
        op.create_index(op.f(f"ix_bid_declaration_{name}"), "bid_declaration", [name])
    op.create_table(
        "bid_declaration_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("withdrawal", sa.Boolean(), nullable=False),
        sa.Column("lots", columns.Json(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        *_keys("bid_declaration_act", box_id="bid_box", company_id="organisation", user_id="user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_declaration_act")),
        sa.UniqueConstraint("receipt", name=op.f("uq_bid_declaration_act_receipt")),
    )
    op.create_index(op.f("ix_bid_declaration_act_company_id"), "bid_declaration_act", ["company_id"])


def _relations() -> None:
    op.create_table(
        "company_profile",
        sa.Column("company_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("legal_person", "controller", "address")),
        sa.Column("authorisation_holder", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("filed_at", columns.Moment(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", columns.Moment(), nullable=True),
        sa.Column("looked_by_id", sa.Integer(), nullable=True),
        sa.Column("looked_note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_keys("company_profile", company_id="organisation", filed_by_id="user_account", looked_by_id="user_account"),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company_profile")),
    )
    op.create_index(op.f("ix_company_profile_state"), "company_profile", ["state"])
    op.create_table(
        "company_shareholder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("share", columns.Ratio(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company_profile.company_id"],
            name=op.f("fk_company_shareholder_company_id_company_profile"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_shareholder")),
    )
    op.create_index(op.f("ix_company_shareholder_company_id"), "company_shareholder", ["company_id"])
    op.create_table(
        "related_share_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("share", columns.Ratio(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("said_at", columns.Moment(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        *_keys("related_share_line", said_by_id="user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_share_line")),
    )
    op.create_table(
        "related_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("grounds", columns.Json(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("found_at", columns.Moment(), nullable=False),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_keys("related_proposal", first_id="organisation", second_id="organisation", decided_by_id="user_account"),
        *_keys("related_proposal", group_id="related_group"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_proposal")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_related_proposal_first_id_second_id")),
    )
    for name in ("second_id", "state"):
        op.create_index(op.f(f"ix_related_proposal_{name}"), "related_proposal", [name])


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in targets.items()
    ]


def downgrade() -> None:
    with op.batch_alter_table("bid_box") as table:
        table.drop_column("eligibility")
    for name in TABLES:
        op.drop_table(name)
