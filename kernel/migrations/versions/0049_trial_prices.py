"""Prices of trials name the application they come from; until now they were kept as filings.

Revision 0049.
"""

from alembic import op

revision = "0049"
down_revision = "0050"
branch_labels = None
depends_on = None

OF_TRIALS = """
    where source = '{old}' and hospital_id is not null and exists (
        select 1 from item_trial join item_application on item_application.id = item_trial.application_id
        where item_trial.item_id = service_price.item_id and item_application.id = service_price.source_id
        and item_application.hospital_id = service_price.hospital_id
    )
"""


def upgrade() -> None:
    op.execute("update service_price set source = 'trial'" + OF_TRIALS.format(old="filing"))


def downgrade() -> None:
    op.execute("update service_price set source = 'filing'" + OF_TRIALS.format(old="trial"))
