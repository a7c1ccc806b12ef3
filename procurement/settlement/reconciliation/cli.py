"""`jicai ledger check` as it is run: with settlement's own checks."""

from procurement.orders.reconciliation.cli import ledger
from procurement.settlement.reconciliation import queries

assert queries  # importing it registers the checks
__all__ = ["ledger"]
