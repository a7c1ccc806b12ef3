"""Names of warnings about agreed volumes."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.agreements.alerts.flow import AlertKind

labels(
    {
        AlertKind.BEHIND: _l("Behind the year"),
        AlertKind.NO_WINNER: _l("Nothing bought of a winner"),
        AlertKind.NON_WINNING: _l("Too much of non-winning products"),
    }
)
PARAMETERS = {
    "behind.margin": _l("how far behind the year is too far"),
    "no-winner.months": _l("the month by which a winner must be bought"),
    "non-winning.share": _l("the limit of non-winning products"),
}
sentences(
    {
        "volume-alerts": _l("%(count)s new warnings about agreed volumes. Please look at your progress."),
    }
)
