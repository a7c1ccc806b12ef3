"""Listings and the core of credit.

Revision 0022.
"""

import sqlalchemy as sa
from alembic import op

from kernel import columns

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('listing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('price', columns.Price(), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('suspended_on', sa.Date(), nullable=True),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', columns.Moment(), nullable=False),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', columns.Moment(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('price > 0', name=op.f('ck_listing_price')),
    sa.CheckConstraint('ends is null or ends >= starts', name=op.f('ck_listing_days')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_listing_created_by_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['user_account.id'], name=op.f('fk_listing_ended_by_id')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_listing_product_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_listing_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing'))
    )
    current = sa.text("state <> 'ended'")
    op.create_index('uq_listing_current', 'listing', ['product_id', 'region_code', 'kind'], unique=True,
                    sqlite_where=current, postgresql_where=current)
    op.create_index('ix_listing_product_id', 'listing', ['product_id', 'region_code'], unique=False)
    op.create_index('ix_listing_region_code', 'listing', ['region_code', 'kind', 'state'], unique=False)
    op.create_table('commitment_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('signed_by_id', sa.Integer(), nullable=False),
    sa.Column('signed_at', columns.Moment(), nullable=False),
    sa.Column('withdrawn_at', columns.Moment(), nullable=True),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['organisation.id'], name=op.f('fk_commitment_letter_company_id')),
    sa.ForeignKeyConstraint(['signed_by_id'], ['user_account.id'], name=op.f('fk_commitment_letter_signed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment_letter')),
    sa.UniqueConstraint('company_id', 'year', name=op.f('uq_commitment_letter_company_id_year'))
    )
    op.create_table('credit_fact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('matter', sa.String(length=40), nullable=False),
    sa.Column('subject_kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.String(), nullable=False),
    sa.Column('region_code', sa.String(), nullable=False),
    sa.Column('amount', columns.Amount(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('reported_by_id', sa.Integer(), nullable=True),
    sa.Column('reported_from_id', sa.Integer(), nullable=True),
    sa.Column('reported_at', columns.Moment(), nullable=False),
    sa.CheckConstraint('amount is null or amount >= 0', name=op.f('ck_credit_fact_amount')),
    sa.ForeignKeyConstraint(['company_id'], ['organisation.id'], name=op.f('fk_credit_fact_company_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_credit_fact_region_code')),
    sa.ForeignKeyConstraint(['reported_by_id'], ['user_account.id'], name=op.f('fk_credit_fact_reported_by_id')),
    sa.ForeignKeyConstraint(['reported_from_id'], ['organisation.id'], name=op.f('fk_credit_fact_reported_from_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_fact')),
    sa.UniqueConstraint('subject_kind', 'subject_id', 'matter', name=op.f('uq_credit_fact_subject_kind_subject_id_matter'))
    )
    op.create_index(op.f('ix_credit_fact_company_id'), 'credit_fact', ['company_id'], unique=False)


def downgrade() -> None:
    for name in ('credit_fact', 'commitment_letter', 'listing'):
        op.drop_table(name)
