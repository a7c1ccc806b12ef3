"""Why a company may not act."""

from __future__ import annotations

from kernel.i18n import _l
from kernel.problems import sentences
from pricing.credit.acting.queries import ELSEWHERE, MEASURES, NO_END, RATED, UNSIGNED, VIOLATED, WITHDRAWN
from pricing.credit.ratings.flow import MeasureKind

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
sentences(
    {
        MEASURES[MeasureKind.PRODUCTS_HERE]: _l("Products involved suspended in the province"),
        MEASURES[MeasureKind.ALL_HERE]: _l("All products suspended in the province"),
        MEASURES[MeasureKind.PRODUCTS_EVERYWHERE]: _l("Products involved suspended in every province"),
    }
)
