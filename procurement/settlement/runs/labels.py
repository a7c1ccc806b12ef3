"""What refusals about payment runs say."""

from __future__ import annotations

from kernel.i18n import _l
from kernel.problems import sentences

sentences(
    {
        "claim-not-free": _l("Claim %(number)s is not approved, or stands in a run already."),
        "claims-sent-back": _l("Goods of these claims went back and are not credited yet: %(numbers)s."),
        "run-outdated": _l(
            "Claims of run %(number)s changed since it was prepared: goods went back or were credited. Cancel it and "
            "prepare another one."
        ),
    }
)
