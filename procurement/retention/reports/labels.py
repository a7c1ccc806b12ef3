"""Names of the report's cuts."""

from __future__ import annotations

from kernel.i18n import _l, labels
from procurement.retention.reports.flow import Cut

labels(
    {
        Cut.BATCH: _l("By batch and agreement year"),
        Cut.YEAR: _l("By year of beginning"),
        Cut.AREA: _l("By city"),
        Cut.GRADE: _l("By grade of the hospital"),
        Cut.HOSPITAL: _l("By hospital"),
    }
)
