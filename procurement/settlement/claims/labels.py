"""What refusals and notices about claims say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.tags import Tag

labels({Tag.CLAIM_SILENT: _l("Claim not reviewed in time")})
facts({"due": _l("Due")})
sentences(
    {
        "claim-over": _l("Claims for last month could be filed until day %(day)s. The next ones begin on %(next)s."),
        "invoices-not-claimable": _l("These invoices can’t be claimed (any more): %(numbers)s."),
        "claim-in-run": _l("Claim %(number)s stands in a payment run of the fund."),
        "claim-filed": _l("%(seller)s filed claim %(number)s over %(amount)s yuan. Please review it."),
        "claim-approved": _l("%(hospital)s approved claim %(number)s over %(amount)s yuan."),
        "claim-returned": _l("%(hospital)s returned claim %(number)s: %(reason)s"),
        "claims-silent": _l("%(count)s claims were not reviewed in time: %(numbers)s."),
        "claims-to-review": _l("Claims wait for your review longer than they should."),
        "claims-paid": _l("The fund paid run %(run)s, reference %(reference)s."),
    }
)
