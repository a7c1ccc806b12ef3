"""First schema.

Revision 0001.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answered",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body_digest", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answered")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_answered_user_id_key")),
    )
    op.create_index(op.f("ix_answered_at"), "answered", ["at"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("facts", columns.Json(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("chain", "number", name=op.f("uq_audit_entry_chain_number")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entry_organisation_id"), "audit_entry", ["organisation_id"], unique=False)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject_kind", "subject_id"], unique=False)
    op.create_index(op.f("ix_audit_entry_tag"), "audit_entry", ["tag"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "demand_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("deadline", columns.Moment(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("locked_at", columns.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_call")),
        sa.UniqueConstraint("code", name=op.f("uq_demand_call_code")),
    )
    op.create_table(
        "form_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_group")),
        sa.UniqueConstraint("name", name=op.f("uq_form_group_name")),
    )
    op.create_table(
        "generic_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("english", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generic_name")),
        sa.UniqueConstraint("name", name=op.f("uq_generic_name_name")),
    )
    op.create_table(
        "import_payload",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_import_payload")),
    )
    op.create_table(
        "job_lease",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("slot", columns.Moment(), nullable=False),
        sa.Column("runner", sa.String(), nullable=False),
        sa.Column("started_at", columns.Moment(), nullable=False),
        sa.Column("ended_at", columns.Moment(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_lease")),
        sa.UniqueConstraint("job", "slot", name=op.f("uq_job_lease_job_slot")),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["parent_code"], ["region.code"], name=op.f("fk_region_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_index(op.f("ix_region_parent_code"), "region", ["parent_code"], unique=False)
    op.create_table(
        "related_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_group")),
        sa.UniqueConstraint("name", name=op.f("uq_related_group_name")),
    )
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("haystack", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_entry_kind_subject_id")),
    )
    op.create_index(op.f("ix_search_entry_kind"), "search_entry", ["kind"], unique=False)
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login_digest", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_address_at", "sign_in_failure", ["address", "at"], unique=False)
    op.create_index("ix_sign_in_failure_login_digest_at", "sign_in_failure", ["login_digest", "at"], unique=False)
    op.create_table(
        "bid_box",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("receives_from", columns.Moment(), nullable=True),
        sa.Column("deadline", columns.Moment(), nullable=True),
        sa.Column("opened_at", columns.Moment(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("invalid_price", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["demand_call.id"], name=op.f("fk_bid_box_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_box")),
        sa.UniqueConstraint("code", name=op.f("uq_bid_box_code")),
    )
    op.create_index(op.f("ix_bid_box_call_id"), "bid_box", ["call_id"], unique=False)
    op.create_index(op.f("ix_bid_box_deadline"), "bid_box", ["deadline"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("legal_person", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("review_note", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_organisation_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    op.create_index(op.f("ix_organisation_kind"), "organisation", ["kind"], unique=False)
    op.create_index(op.f("ix_organisation_region_code"), "organisation", ["region_code"], unique=False)
    op.create_table(
        "variety",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("generic_name_id", sa.Integer(), nullable=False),
        sa.Column("form_group_id", sa.Integer(), nullable=False),
        sa.Column("strength_group", sa.String(), nullable=False),
        sa.Column("volume_class", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_group_id"], ["form_group.id"], name=op.f("fk_variety_form_group_id")),
        sa.ForeignKeyConstraint(["generic_name_id"], ["generic_name.id"], name=op.f("fk_variety_generic_name_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variety")),
        sa.UniqueConstraint("code", name=op.f("uq_variety_code")),
        sa.UniqueConstraint(
            "generic_name_id",
            "form_group_id",
            "strength_group",
            name=op.f("uq_variety_generic_name_id_form_group_id_strength_group"),
        ),
    )
    op.create_index(op.f("ix_variety_form_group_id"), "variety", ["form_group_id"], unique=False)
    op.create_table(
        "bid_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("deadline", columns.Moment(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["box_id"], ["bid_box.id"], name=op.f("fk_bid_reminder_box_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_bid_reminder_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_reminder")),
        sa.UniqueConstraint(
            "box_id", "company_id", "hours", "deadline", name=op.f("uq_bid_reminder_box_id_company_id_hours_deadline")
        ),
    )
    op.create_table(
        "lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("variety_id", sa.Integer(), nullable=False),
        sa.Column("volume_class", sa.String(40), nullable=False),
        sa.Column("form_kind", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["demand_call.id"], name=op.f("fk_lot_call_id")),
        sa.ForeignKeyConstraint(["variety_id"], ["variety.id"], name=op.f("fk_lot_variety_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_lot_call_id_number")),
        sa.UniqueConstraint("call_id", "variety_id", name=op.f("uq_lot_call_id_variety_id")),
    )
    op.create_index(op.f("ix_lot_call_id"), "lot", ["call_id"], unique=False)
    op.create_table(
        "organisation_application",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("admin_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("filed_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_application_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation_application")),
        sa.UniqueConstraint("digest", name=op.f("uq_organisation_application_digest")),
    )
    op.create_index(op.f("ix_organisation_application_address"), "organisation_application", ["address"], unique=False)
    op.create_table(
        "related_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_related_member_company_id")),
        sa.ForeignKeyConstraint(["group_id"], ["related_group.id"], name=op.f("fk_related_member_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_member")),
        sa.UniqueConstraint(
            "group_id", "company_id", "since", name=op.f("uq_related_member_group_id_company_id_since")
        ),
    )
    op.create_index(op.f("ix_related_member_company_id"), "related_member", ["company_id"], unique=False)
    op.create_table(
        "sealed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("erased_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_sealed_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed")),
    )
    op.create_index(op.f("ix_sealed_owner_id"), "sealed", ["owner_id"], unique=False)
    op.create_table(
        "specification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variety_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("content", columns.Ratio(), nullable=True),
        sa.Column("content_unit", sa.String(), nullable=False),
        sa.Column("components", sa.String(), nullable=False),
        sa.Column("fill", columns.Ratio(), nullable=True),
        sa.Column("fill_unit", sa.String(), nullable=False),
        sa.Column("pack", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("sugar_free", sa.Boolean(), nullable=False),
        sa.Column("is_reference", sa.Boolean(), nullable=False),
        sa.Column("price_factor", columns.Factor(), nullable=False),
        sa.Column("volume_factor", columns.Factor(), nullable=False),
        sa.Column("factors_stated", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_factor > 0 and volume_factor > 0", name=op.f("ck_specification_factors")),
        sa.ForeignKeyConstraint(["variety_id"], ["variety.id"], name=op.f("fk_specification_variety_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specification")),
        sa.UniqueConstraint("variety_id", "form", "text", name=op.f("uq_specification_variety_id_form_text")),
    )
    op.create_index(op.f("ix_specification_variety_id"), "specification", ["variety_id"], unique=False)
    op.create_index(
        "uq_specification_reference",
        "specification",
        ["variety_id"],
        unique=True,
        sqlite_where=sa.text("is_reference"),
        postgresql_where=sa.text("is_reference"),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_stored_file_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index("ix_stored_file_parent", "stored_file", ["parent_kind", "parent_id"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("password_set_at", columns.Moment(), nullable=True),
        sa.Column("old_password_hashes", columns.Json(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_user_account_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
    )
    op.create_index(op.f("ix_user_account_organisation_id"), "user_account", ["organisation_id"], unique=False)
    op.create_table(
        "base_volume",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_base_volume_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_base_volume_lot_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_base_volume_region_code")),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["specification.id"], name=op.f("fk_base_volume_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_volume")),
    )
    op.create_index(op.f("ix_base_volume_lot_id"), "base_volume", ["lot_id"], unique=False)
    op.create_index(
        "uq_base_volume_place",
        "base_volume",
        ["lot_id", "specification_id", "region_code", sa.literal_column("coalesce(company_id, 0)")],
        unique=True,
    )
    op.create_table(
        "bid_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("withdrawal", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["box_id"], ["bid_box.id"], name=op.f("fk_bid_submission_box_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_bid_submission_company_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_bid_submission_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_submission")),
        sa.UniqueConstraint("box_id", "number", name=op.f("uq_bid_submission_box_id_number")),
        sa.UniqueConstraint("receipt", name=op.f("uq_bid_submission_receipt")),
    )
    op.create_index(op.f("ix_bid_submission_box_id"), "bid_submission", ["box_id"], unique=False)
    op.create_index(op.f("ix_bid_submission_company_id"), "bid_submission", ["company_id"], unique=False)
    op.create_table(
        "demand_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("saved_at", columns.Moment(), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=True),
        sa.Column("submitted_at", columns.Moment(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", columns.Moment(), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("review_note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["demand_call.id"], name=op.f("fk_demand_report_call_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_demand_report_hospital_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["user_account.id"], name=op.f("fk_demand_report_reviewed_by_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["user_account.id"], name=op.f("fk_demand_report_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_report")),
        sa.UniqueConstraint("call_id", "hospital_id", name=op.f("uq_demand_report_call_id_hospital_id")),
    )
    op.create_index(op.f("ix_demand_report_call_id"), "demand_report", ["call_id"], unique=False)
    op.create_index(op.f("ix_demand_report_hospital_id"), "demand_report", ["hospital_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", columns.Moment(), nullable=False),
        sa.Column("used_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_invitation_user_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_user_id"), "invitation", ["user_id"], unique=False)
    op.create_table(
        "lot_specification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("cap", columns.Price(), nullable=True),
        sa.Column("price_factor", columns.Factor(), nullable=False),
        sa.Column("volume_factor", columns.Factor(), nullable=False),
        sa.Column("is_reference", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_specification_lot_id")),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["specification.id"], name=op.f("fk_lot_specification_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_specification")),
        sa.UniqueConstraint("lot_id", "specification_id", name=op.f("uq_lot_specification_lot_id_specification_id")),
    )
    op.create_index(op.f("ix_lot_specification_lot_id"), "lot_specification", ["lot_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", columns.Json(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("read_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_user_read", "notice", ["user_id", "read_at"], unique=False)
    op.create_table(
        "past_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_past_use_hospital_id")),
        sa.ForeignKeyConstraint(["specification_id"], ["specification.id"], name=op.f("fk_past_use_specification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_use")),
        sa.UniqueConstraint(
            "hospital_id", "specification_id", "year", name=op.f("uq_past_use_hospital_id_specification_id_year")
        ),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("registered_name", sa.String(), nullable=False),
        sa.Column("trade_name", sa.String(), nullable=False),
        sa.Column("approval_number", sa.String(), nullable=False),
        sa.Column("standard_code", sa.String(), nullable=True),
        sa.Column("pack", sa.Integer(), nullable=False),
        sa.Column("packing", sa.String(), nullable=False),
        sa.Column("is_reference_preparation", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_product_company_id")),
        sa.ForeignKeyConstraint(["specification_id"], ["specification.id"], name=op.f("fk_product_specification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint(
            "approval_number", "specification_id", "pack", name=op.f("uq_product_approval_number_specification_id_pack")
        ),
    )
    op.create_index(op.f("ix_product_approval_number"), "product", ["approval_number"], unique=False)
    op.create_index(op.f("ix_product_company_id"), "product", ["company_id"], unique=False)
    op.create_index(op.f("ix_product_specification_id"), "product", ["specification_id"], unique=False)
    op.create_index(op.f("ix_product_standard_code"), "product", ["standard_code"], unique=False)
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("rule_set_id", sa.String(), nullable=False),
        sa.Column("rule_set_text", sa.String(), nullable=False),
        sa.Column("rule_values", columns.Json(), nullable=False),
        sa.Column("rules_digest", sa.String(), nullable=False),
        sa.Column("publicity_days", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("published_at", columns.Moment(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", columns.Moment(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("evaluated_at", columns.Moment(), nullable=True),
        sa.Column("evaluated_by_id", sa.Integer(), nullable=True),
        sa.Column("announced_at", columns.Moment(), nullable=True),
        sa.Column("announced_by_id", sa.Integer(), nullable=True),
        sa.Column("publicity_ends", columns.Moment(), nullable=True),
        sa.Column("awarded_at", columns.Moment(), nullable=True),
        sa.Column("awarded_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", columns.Moment(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["announced_by_id"], ["user_account.id"], name=op.f("fk_round_announced_by_id")),
        sa.ForeignKeyConstraint(["awarded_by_id"], ["user_account.id"], name=op.f("fk_round_awarded_by_id")),
        sa.ForeignKeyConstraint(["box_id"], ["bid_box.id"], name=op.f("fk_round_box_id")),
        sa.ForeignKeyConstraint(["call_id"], ["demand_call.id"], name=op.f("fk_round_call_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user_account.id"], name=op.f("fk_round_created_by_id")),
        sa.ForeignKeyConstraint(["evaluated_by_id"], ["user_account.id"], name=op.f("fk_round_evaluated_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user_account.id"], name=op.f("fk_round_opened_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user_account.id"], name=op.f("fk_round_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("box_id", name=op.f("uq_round_box_id")),
        sa.UniqueConstraint("code", name=op.f("uq_round_code")),
    )
    op.create_index(op.f("ix_round_state"), "round", ["state"], unique=False)
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_role_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "user_session",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("seen_at", columns.Moment(), nullable=False),
        sa.Column("expires_at", columns.Moment(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_user_session")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "workbook_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("query", columns.Json(), nullable=False),
        sa.Column("context", columns.Json(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("mode", sa.String(40), nullable=True),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False),
        sa.Column("rows_ref", sa.String(), nullable=False),
        sa.Column("findings_ref", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("expires_at", columns.Moment(), nullable=False),
        sa.Column("applied_at", columns.Moment(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_workbook_import_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_workbook_import_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbook_import")),
    )
    op.create_index(op.f("ix_workbook_import_created_at"), "workbook_import", ["created_at"], unique=False)
    op.create_index(op.f("ix_workbook_import_expires_at"), "workbook_import", ["expires_at"], unique=False)
    op.create_index(op.f("ix_workbook_import_kind"), "workbook_import", ["kind"], unique=False)
    op.create_index(op.f("ix_workbook_import_organisation_id"), "workbook_import", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_workbook_import_state"), "workbook_import", ["state"], unique=False)
    op.create_index(op.f("ix_workbook_import_user_id"), "workbook_import", ["user_id"], unique=False)
    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("ratio", columns.Ratio(), nullable=False),
        sa.Column("period", columns.Json(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_award_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_award_lot_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_award_product_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_award_round_id")),
        sa.ForeignKeyConstraint(["specification_id"], ["specification.id"], name=op.f("fk_award_specification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint(
            "round_id",
            "lot_id",
            "company_id",
            "specification_id",
            name=op.f("uq_award_round_id_lot_id_company_id_specification_id"),
        ),
    )
    op.create_index(op.f("ix_award_company_id"), "award", ["company_id"], unique=False)
    op.create_index(op.f("ix_award_lot_id"), "award", ["lot_id"], unique=False)
    op.create_index(op.f("ix_award_round_id"), "award", ["round_id"], unique=False)
    op.create_table(
        "bid",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("sealed_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["box_id"], ["bid_box.id"], name=op.f("fk_bid_box_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_bid_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_bid_lot_id")),
        sa.ForeignKeyConstraint(["sealed_id"], ["sealed.id"], name=op.f("fk_bid_sealed_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["bid_submission.id"], name=op.f("fk_bid_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid")),
        sa.UniqueConstraint("box_id", "lot_id", "company_id", name=op.f("uq_bid_box_id_lot_id_company_id")),
    )
    op.create_index(op.f("ix_bid_company_id"), "bid", ["company_id"], unique=False)
    op.create_index(op.f("ix_bid_lot_id"), "bid", ["lot_id"], unique=False)
    op.create_index(op.f("ix_bid_submission_id"), "bid", ["submission_id"], unique=False)
    op.create_table(
        "bid_submission_lot",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_bid_submission_lot_lot_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["bid_submission.id"], name=op.f("fk_bid_submission_lot_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "lot_id", name=op.f("pk_bid_submission_lot")),
    )
    op.create_index(op.f("ix_bid_submission_lot_lot_id"), "bid_submission_lot", ["lot_id"], unique=False)
    op.create_table(
        "demand_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("quantity", columns.Quantity(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_demand_line_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_demand_line_lot_id")),
        sa.ForeignKeyConstraint(["report_id"], ["demand_report.id"], name=op.f("fk_demand_line_report_id")),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["specification.id"], name=op.f("fk_demand_line_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_line")),
    )
    op.create_index(op.f("ix_demand_line_lot_id"), "demand_line", ["lot_id"], unique=False)
    op.create_index(op.f("ix_demand_line_report_id"), "demand_line", ["report_id"], unique=False)
    op.create_index(
        "uq_demand_line_place",
        "demand_line",
        ["report_id", "specification_id", sa.literal_column("coalesce(company_id, 0)")],
        unique=True,
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rules_digest", sa.String(), nullable=False),
        sa.Column("inputs_digest", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_evaluation_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_evaluation_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_evaluation_round_id_number")),
    )
    op.create_index(op.f("ix_evaluation_round_id"), "evaluation", ["round_id"], unique=False)
    op.create_table(
        "region_pick",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_region_pick_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_region_pick_lot_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_region_pick_region_code")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_region_pick_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_pick")),
        sa.UniqueConstraint(
            "round_id", "lot_id", "region_code", "role", name=op.f("uq_region_pick_round_id_lot_id_region_code_role")
        ),
    )
    op.create_index(op.f("ix_region_pick_lot_id"), "region_pick", ["lot_id"], unique=False)
    op.create_index(op.f("ix_region_pick_round_id"), "region_pick", ["round_id"], unique=False)
    op.create_table(
        "region_preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("region_codes", columns.Json(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_region_preference_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_region_preference_lot_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_region_preference_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_preference")),
        sa.UniqueConstraint(
            "round_id", "lot_id", "company_id", name=op.f("uq_region_preference_round_id_lot_id_company_id")
        ),
    )
    op.create_index(op.f("ix_region_preference_round_id"), "region_preference", ["round_id"], unique=False)
    op.create_table(
        "revival_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("accepts", sa.Boolean(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_revival_answer_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_revival_answer_lot_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_revival_answer_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revival_answer")),
        sa.UniqueConstraint(
            "round_id", "lot_id", "company_id", name=op.f("uq_revival_answer_round_id_lot_id_company_id")
        ),
    )
    op.create_index(op.f("ix_revival_answer_round_id"), "revival_answer", ["round_id"], unique=False)
    op.create_table(
        "round_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("company_ids", columns.Json(), nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_round_draw_lot_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user_account.id"], name=op.f("fk_round_draw_recorded_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_draw_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_draw")),
        sa.UniqueConstraint("round_id", "lot_id", name=op.f("uq_round_draw_round_id_lot_id")),
    )
    op.create_index(op.f("ix_round_draw_round_id"), "round_draw", ["round_id"], unique=False)
    op.create_table(
        "round_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("before", columns.Moment(), nullable=False),
        sa.Column("deadline", columns.Moment(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", columns.Moment(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_round_extension_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_round_extension_decided_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_extension_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_extension")),
    )
    op.create_index(op.f("ix_round_extension_round_id"), "round_extension", ["round_id"], unique=False)
    op.create_table(
        "round_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", columns.Moment(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["organisation.id"], name=op.f("fk_round_question_asked_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_question_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_question")),
    )
    op.create_index(op.f("ix_round_question_round_id"), "round_question", ["round_id"], unique=False)
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("price", columns.Price(), nullable=False),
        sa.Column("agreed", columns.Quantity(), nullable=False),
        sa.Column("used", columns.Quantity(), nullable=False),
        sa.CheckConstraint("used >= 0 and agreed >= 0", name=op.f("ck_agreement_volumes")),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_agreement_award_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_agreement_company_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["organisation.id"], name=op.f("fk_agreement_hospital_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_agreement_product_id")),
        sa.ForeignKeyConstraint(["specification_id"], ["specification.id"], name=op.f("fk_agreement_specification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint(
            "award_id",
            "hospital_id",
            "specification_id",
            "year",
            name=op.f("uq_agreement_award_id_hospital_id_specification_id_year"),
        ),
    )
    op.create_index(op.f("ix_agreement_award_id"), "agreement", ["award_id"], unique=False)
    op.create_index(op.f("ix_agreement_company_id"), "agreement", ["company_id"], unique=False)
    op.create_index(op.f("ix_agreement_hospital_id"), "agreement", ["hospital_id"], unique=False)
    op.create_table(
        "award_volume",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("base", columns.Quantity(), nullable=False),
        sa.Column("agreed", columns.Quantity(), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_award_volume_award_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_award_volume_region_code")),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["specification.id"], name=op.f("fk_award_volume_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_volume")),
        sa.UniqueConstraint(
            "award_id",
            "region_code",
            "specification_id",
            name=op.f("uq_award_volume_award_id_region_code_specification_id"),
        ),
    )
    op.create_index(op.f("ix_award_volume_award_id"), "award_volume", ["award_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("typed", sa.String(), nullable=False),
        sa.Column("unit_price", columns.Price(), nullable=True),
        sa.Column("comparable_price", columns.Price(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("winning_price", columns.Price(), nullable=True),
        sa.Column("winning_comparable", columns.Price(), nullable=True),
        sa.Column("margin", columns.Factor(), nullable=True),
        sa.Column("change_to", columns.Price(), nullable=True),
        sa.Column("change_becomes", sa.String(), nullable=False),
        sa.Column("main_regions", sa.Integer(), nullable=True),
        sa.Column("ratio", columns.Ratio(), nullable=True),
        sa.Column("share", columns.Ratio(), nullable=True),
        sa.Column("carries_volume", sa.Boolean(), nullable=False),
        sa.Column("chooses_regions", sa.Boolean(), nullable=False),
        sa.Column("statement_due", sa.Boolean(), nullable=False),
        sa.Column("other_specs", columns.Json(), nullable=False),
        sa.Column("steps", columns.Json(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_decision_company_id")),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_decision_evaluation_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_decision_lot_id")),
        sa.ForeignKeyConstraint(["specification_id"], ["specification.id"], name=op.f("fk_decision_specification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "evaluation_id",
            "lot_id",
            "company_id",
            "specification_id",
            name=op.f("uq_decision_evaluation_id_lot_id_company_id_specification_id"),
        ),
    )
    op.create_index(op.f("ix_decision_company_id"), "decision", ["company_id"], unique=False)
    op.create_index(op.f("ix_decision_evaluation_id"), "decision", ["evaluation_id"], unique=False)
    op.create_index(op.f("ix_decision_lot_id"), "decision", ["lot_id"], unique=False)
    op.create_table(
        "lot_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("bidders", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("winners", sa.Integer(), nullable=True),
        sa.Column("anchor", columns.Factor(), nullable=True),
        sa.Column("limit", columns.Factor(), nullable=True),
        sa.Column("ratio", columns.Ratio(), nullable=True),
        sa.Column("period", columns.Json(), nullable=True),
        sa.Column("ties", columns.Json(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_lot_result_evaluation_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_result_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_result")),
        sa.UniqueConstraint("evaluation_id", "lot_id", "unit", name=op.f("uq_lot_result_evaluation_id_lot_id_unit")),
    )
    op.create_index(op.f("ix_lot_result_evaluation_id"), "lot_result", ["evaluation_id"], unique=False)
    op.create_table(
        "opened_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("typed", sa.String(), nullable=False),
        sa.Column("unit_price", columns.Price(), nullable=True),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_opened_line_bid_id")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_opened_line_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_opened_line_lot_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_opened_line_product_id")),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["specification.id"], name=op.f("fk_opened_line_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_line")),
        sa.UniqueConstraint("bid_id", "specification_id", name=op.f("uq_opened_line_bid_id_specification_id")),
    )
    op.create_index(op.f("ix_opened_line_lot_id"), "opened_line", ["lot_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_opened_line_lot_id"), table_name="opened_line")
    op.drop_table("opened_line")
    op.drop_index(op.f("ix_lot_result_evaluation_id"), table_name="lot_result")
    op.drop_table("lot_result")
    op.drop_index(op.f("ix_decision_lot_id"), table_name="decision")
    op.drop_index(op.f("ix_decision_evaluation_id"), table_name="decision")
    op.drop_index(op.f("ix_decision_company_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_award_volume_award_id"), table_name="award_volume")
    op.drop_table("award_volume")
    op.drop_index(op.f("ix_agreement_hospital_id"), table_name="agreement")
    op.drop_index(op.f("ix_agreement_company_id"), table_name="agreement")
    op.drop_index(op.f("ix_agreement_award_id"), table_name="agreement")
    op.drop_table("agreement")
    op.drop_index(op.f("ix_round_question_round_id"), table_name="round_question")
    op.drop_table("round_question")
    op.drop_index(op.f("ix_round_extension_round_id"), table_name="round_extension")
    op.drop_table("round_extension")
    op.drop_index(op.f("ix_round_draw_round_id"), table_name="round_draw")
    op.drop_table("round_draw")
    op.drop_index(op.f("ix_revival_answer_round_id"), table_name="revival_answer")
    op.drop_table("revival_answer")
    op.drop_index(op.f("ix_region_preference_round_id"), table_name="region_preference")
    op.drop_table("region_preference")
    op.drop_index(op.f("ix_region_pick_round_id"), table_name="region_pick")
    op.drop_index(op.f("ix_region_pick_lot_id"), table_name="region_pick")
    op.drop_table("region_pick")
    op.drop_index(op.f("ix_evaluation_round_id"), table_name="evaluation")
    op.drop_table("evaluation")
    op.drop_index("uq_demand_line_place", table_name="demand_line")
    op.drop_index(op.f("ix_demand_line_report_id"), table_name="demand_line")
    op.drop_index(op.f("ix_demand_line_lot_id"), table_name="demand_line")
    op.drop_table("demand_line")
    op.drop_index(op.f("ix_bid_submission_lot_lot_id"), table_name="bid_submission_lot")
    op.drop_table("bid_submission_lot")
    op.drop_index(op.f("ix_bid_submission_id"), table_name="bid")
    op.drop_index(op.f("ix_bid_lot_id"), table_name="bid")
    op.drop_index(op.f("ix_bid_company_id"), table_name="bid")
    op.drop_table("bid")
    op.drop_index(op.f("ix_award_round_id"), table_name="award")
    op.drop_index(op.f("ix_award_lot_id"), table_name="award")
    op.drop_index(op.f("ix_award_company_id"), table_name="award")
    op.drop_table("award")
    op.drop_index(op.f("ix_workbook_import_user_id"), table_name="workbook_import")
    op.drop_index(op.f("ix_workbook_import_state"), table_name="workbook_import")
    op.drop_index(op.f("ix_workbook_import_organisation_id"), table_name="workbook_import")
    op.drop_index(op.f("ix_workbook_import_kind"), table_name="workbook_import")
    op.drop_index(op.f("ix_workbook_import_expires_at"), table_name="workbook_import")
    op.drop_index(op.f("ix_workbook_import_created_at"), table_name="workbook_import")
    op.drop_table("workbook_import")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_table("user_role")
    op.drop_index(op.f("ix_round_state"), table_name="round")
    op.drop_table("round")
    op.drop_index(op.f("ix_product_standard_code"), table_name="product")
    op.drop_index(op.f("ix_product_specification_id"), table_name="product")
    op.drop_index(op.f("ix_product_company_id"), table_name="product")
    op.drop_index(op.f("ix_product_approval_number"), table_name="product")
    op.drop_table("product")
    op.drop_table("past_use")
    op.drop_index("ix_notice_user_read", table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_lot_specification_lot_id"), table_name="lot_specification")
    op.drop_table("lot_specification")
    op.drop_index(op.f("ix_invitation_user_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_demand_report_hospital_id"), table_name="demand_report")
    op.drop_index(op.f("ix_demand_report_call_id"), table_name="demand_report")
    op.drop_table("demand_report")
    op.drop_index(op.f("ix_bid_submission_company_id"), table_name="bid_submission")
    op.drop_index(op.f("ix_bid_submission_box_id"), table_name="bid_submission")
    op.drop_table("bid_submission")
    op.drop_index("uq_base_volume_place", table_name="base_volume")
    op.drop_index(op.f("ix_base_volume_lot_id"), table_name="base_volume")
    op.drop_table("base_volume")
    op.drop_index(op.f("ix_user_account_organisation_id"), table_name="user_account")
    op.drop_table("user_account")
    op.drop_index("ix_stored_file_parent", table_name="stored_file")
    op.drop_table("stored_file")
    op.drop_index(
        "uq_specification_reference",
        table_name="specification",
        sqlite_where=sa.text("is_reference"),
        postgresql_where=sa.text("is_reference"),
    )
    op.drop_index(op.f("ix_specification_variety_id"), table_name="specification")
    op.drop_table("specification")
    op.drop_index(op.f("ix_sealed_owner_id"), table_name="sealed")
    op.drop_table("sealed")
    op.drop_index(op.f("ix_related_member_company_id"), table_name="related_member")
    op.drop_table("related_member")
    op.drop_index(op.f("ix_organisation_application_address"), table_name="organisation_application")
    op.drop_table("organisation_application")
    op.drop_index(op.f("ix_lot_call_id"), table_name="lot")
    op.drop_table("lot")
    op.drop_table("bid_reminder")
    op.drop_index(op.f("ix_variety_form_group_id"), table_name="variety")
    op.drop_table("variety")
    op.drop_index(op.f("ix_organisation_region_code"), table_name="organisation")
    op.drop_index(op.f("ix_organisation_kind"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_bid_box_deadline"), table_name="bid_box")
    op.drop_index(op.f("ix_bid_box_call_id"), table_name="bid_box")
    op.drop_table("bid_box")
    op.drop_index("ix_sign_in_failure_login_digest_at", table_name="sign_in_failure")
    op.drop_index("ix_sign_in_failure_address_at", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_index(op.f("ix_search_entry_kind"), table_name="search_entry")
    op.drop_table("search_entry")
    op.drop_table("related_group")
    op.drop_index(op.f("ix_region_parent_code"), table_name="region")
    op.drop_table("region")
    op.drop_table("job_lease")
    op.drop_table("import_payload")
    op.drop_table("generic_name")
    op.drop_table("form_group")
    op.drop_table("demand_call")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_entry_tag"), table_name="audit_entry")
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_organisation_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index(op.f("ix_answered_at"), table_name="answered")
    op.drop_table("answered")
