"""Dual channel: lists, places, reviews, doctors, stock reports, prescriptions.

Revision 0008.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('dual_channel_region',
    sa.Column('region_code', sa.String(), nullable=False),
    sa.Column('said', columns.Json(), nullable=False),
    sa.Column('changed_at', columns.Moment(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_dual_channel_region_region_code')),
    sa.PrimaryKeyConstraint('region_code', name=op.f('pk_dual_channel_region'))
    )
    op.create_table('dual_channel_doctor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hospital_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('licence', sa.String(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['hospital_id'], ['organisation.id'], name=op.f('fk_dual_channel_doctor_hospital_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dual_channel_doctor')),
    sa.UniqueConstraint('hospital_id', 'licence', name=op.f('uq_dual_channel_doctor_hospital_id_licence'))
    )
    op.create_table('dual_channel_pharmacy',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('licence', sa.String(), nullable=False),
    sa.Column('chain', sa.String(), nullable=False),
    sa.Column('last_penalty', sa.Date(), nullable=True),
    sa.Column('traceability', sa.Boolean(), nullable=False),
    sa.Column('stock_upload', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_dual_channel_pharmacy_organisation_id')),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_dual_channel_pharmacy'))
    )
    op.create_index(op.f('ix_dual_channel_pharmacy_chain'), 'dual_channel_pharmacy', ['chain'], unique=False)
    op.create_table('dual_channel_designation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=True),
    sa.Column('proposed_name', sa.String(), nullable=False),
    sa.Column('proposed_at', columns.Moment(), nullable=False),
    sa.Column('publicity_ends', sa.Date(), nullable=True),
    sa.Column('designated_name', sa.String(), nullable=False),
    sa.Column('designated_on', sa.Date(), nullable=True),
    sa.Column('review_due', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('tested', columns.Json(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_dual_channel_designation_organisation_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['user_account.id'], name=op.f('fk_dual_channel_designation_proposed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dual_channel_designation')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_dual_channel_designation_organisation_id'))
    )
    op.create_index('ix_dual_channel_designation_due', 'dual_channel_designation', ['state', 'review_due'], unique=False)
    op.create_table('dual_channel_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('designation_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('result', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=True),
    sa.Column('reviewer_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['designation_id'], ['dual_channel_designation.id'], name=op.f('fk_dual_channel_review_designation_id')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['user_account.id'], name=op.f('fk_dual_channel_review_reviewer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dual_channel_review'))
    )
    op.create_index(op.f('ix_dual_channel_review_designation_id'), 'dual_channel_review', ['designation_id'], unique=False)
    op.create_table('dual_channel_drug',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('drug_key', sa.String(), nullable=False),
    sa.Column('layer', sa.String(length=40), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('leaves_on', sa.Date(), nullable=True),
    sa.Column('transition_until', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('leaves_on is null or leaves_on > begins_on', name=op.f('ck_dual_channel_drug_leaving')),
    sa.CheckConstraint('transition_until is null or transition_until > leaves_on', name=op.f('ck_dual_channel_drug_transition')),
    sa.ForeignKeyConstraint(['entry_id'], ['list_entry.id'], name=op.f('fk_dual_channel_drug_entry_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_dual_channel_drug_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dual_channel_drug')),
    sa.UniqueConstraint('region_code', 'entry_id', 'layer', name=op.f('uq_dual_channel_drug_region_code_entry_id_layer'))
    )
    op.create_index(op.f('ix_dual_channel_drug_drug_key'), 'dual_channel_drug', ['drug_key'], unique=False)
    op.create_index(op.f('ix_dual_channel_drug_entry_id'), 'dual_channel_drug', ['entry_id'], unique=False)
    op.create_table('dual_channel_prescription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hospital_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('region_code', sa.String(), nullable=False),
    sa.Column('doctor_id', sa.Integer(), nullable=False),
    sa.Column('patient', sa.String(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('drug_key', sa.String(), nullable=False),
    sa.Column('quantity', columns.Quantity(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('issued_at', columns.Moment(), nullable=False),
    sa.Column('pharmacy_id', sa.Integer(), nullable=True),
    sa.Column('chosen_at', columns.Moment(), nullable=True),
    sa.Column('price', columns.Price(), nullable=True),
    sa.Column('amount', columns.Amount(), nullable=True),
    sa.Column('dispensed_at', columns.Moment(), nullable=True),
    sa.Column('own_share', columns.Amount(), nullable=True),
    sa.Column('settled_at', columns.Moment(), nullable=True),
    sa.Column('checked', columns.Json(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['doctor_id'], ['dual_channel_doctor.id'], name=op.f('fk_dual_channel_prescription_doctor_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['list_entry.id'], name=op.f('fk_dual_channel_prescription_entry_id')),
    sa.ForeignKeyConstraint(['hospital_id'], ['organisation.id'], name=op.f('fk_dual_channel_prescription_hospital_id')),
    sa.ForeignKeyConstraint(['pharmacy_id'], ['organisation.id'], name=op.f('fk_dual_channel_prescription_pharmacy_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_dual_channel_prescription_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dual_channel_prescription')),
    sa.UniqueConstraint('hospital_id', 'number', name=op.f('uq_dual_channel_prescription_hospital_id_number'))
    )
    op.create_index('ix_dual_channel_prescription_age', 'dual_channel_prescription', ['region_code', 'issued_at'], unique=False)
    op.create_index(op.f('ix_dual_channel_prescription_patient'), 'dual_channel_prescription', ['patient'], unique=False)
    op.create_index('ix_dual_channel_prescription_waiting', 'dual_channel_prescription', ['pharmacy_id', 'state'], unique=False)
    op.create_table('dual_channel_stock',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pharmacy_id', sa.Integer(), nullable=False),
    sa.Column('drug_key', sa.String(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('quantity', columns.Quantity(), nullable=False),
    sa.Column('price', columns.Price(), nullable=False),
    sa.Column('reported_at', columns.Moment(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('current', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['list_entry.id'], name=op.f('fk_dual_channel_stock_entry_id')),
    sa.ForeignKeyConstraint(['pharmacy_id'], ['organisation.id'], name=op.f('fk_dual_channel_stock_pharmacy_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dual_channel_stock')),
    sa.UniqueConstraint('pharmacy_id', 'drug_key', 'day', name=op.f('uq_dual_channel_stock_pharmacy_id_drug_key_day'))
    )
    op.create_index('ix_dual_channel_stock_current', 'dual_channel_stock', ['pharmacy_id', 'current'], unique=False)


def downgrade() -> None:
    for table in (
        "dual_channel_stock", "dual_channel_prescription", "dual_channel_drug", "dual_channel_review",
        "dual_channel_designation", "dual_channel_pharmacy", "dual_channel_doctor", "dual_channel_region",
    ):
        op.drop_table(table)
