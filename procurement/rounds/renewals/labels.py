"""What renewals are called, and what their refusals say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.tags import Tag

labels({Tag.ROUND_RENEWAL_CHOSEN: _l("Renewed round chosen")})
facts({"renews": _l("Renews")})
sentences(
    {
        "round-not-awarded": _l("Choose a round that is awarded."),
        "no-incumbents-to-take-over": _l(
            "Round %(code)s has nothing to take over: it renews no round, its rules ask for no incumbents, or all are "
            "entered."
        ),
    }
)
