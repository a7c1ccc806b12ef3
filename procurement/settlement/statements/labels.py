"""Names of what statements show."""

from __future__ import annotations

from kernel.i18n import _l, labels
from procurement.settlement.statements.flow import EntryKind, Side

labels(
    {
        EntryKind.INVOICED: _l("Invoice registered"),
        EntryKind.WITHDRAWN: _l("Invoice taken back"),
        EntryKind.CREDITED: _l("Credit note registered"),
        EntryKind.PAID: _l("Paid by the hospital"),
        EntryKind.FUND: _l("Paid from the fund"),
    }
)
labels({Side.HOSPITAL: _l("By hospital"), Side.SELLER: _l("By seller"), Side.PAIR: _l("Hospital and seller")})
