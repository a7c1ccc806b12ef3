"""Why a company may not act."""

from __future__ import annotations

from kernel.i18n import _l
from kernel.problems import sentences
from pricing.credit.acting.queries import ELSEWHERE, NO_END, RATED, UNSIGNED, VIOLATED, WITHDRAWN

sentences(
    {
        RATED: _l("rating %(number)s is in force until %(day)s: %(measure)s"),
        ELSEWHERE: _l("rating %(number)s of %(region)s holds in every province until %(day)s"),
        NO_END: _l("its end is told"),
        VIOLATED: _l("it is on the violation list of %(round)s until %(day)s"),
        WITHDRAWN: _l("the commitment letter of %(year)s is withdrawn: sign it again first"),
        UNSIGNED: _l("the commitment letter of %(year)s is not signed: sign it first"),
    }
)
