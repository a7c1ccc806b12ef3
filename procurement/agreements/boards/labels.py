"""Names of what the board adds up by."""

from __future__ import annotations

from kernel.i18n import _l, labels
from procurement.agreements.boards.flow import Scope

labels(
    {
        Scope.REGION: _l("By region"),
        Scope.HOSPITAL: _l("By hospital"),
        Scope.VARIETY: _l("By variety"),
        Scope.COMPANY: _l("By supplier"),
    }
)
