"""Names of splits, steps, grounds and savings, with how each saving is worked out."""

from __future__ import annotations

from kernel.i18n import _l, labels
from pricing.monitoring.flow import Ground, SavingKind, Split, Step

labels(
    {
        Step.MONTH: _l("By month"),
        Step.QUARTER: _l("By quarter"),
        Step.YEAR: _l("By year"),
        Split.GOODS: _l("Drugs and consumables"),
        Split.CLASS: _l("Classes of goods"),
        Split.REGION: _l("Regions"),
        Split.GRADE: _l("Hospital grades"),
        Split.SOURCE: _l("Rounds and grounds"),
    }
)
labels(
    {
        Ground.ROUND: _l("Won in rounds"),
        Ground.AGREEMENT: _l("Agreements of no round"),
        Ground.NEGOTIATED: _l("Negotiated drugs"),
        Ground.LISTED: _l("Listed products"),
        Ground.SHORTAGE: _l("Shortage drugs"),
        Ground.FILED: _l("Filed purchases"),
        Ground.EMERGENCY: _l("Emergency purchases"),
    }
)
labels(
    {
        SavingKind.PRE_ROUND: _l("Against prices before the round"),
        SavingKind.LISTED: _l("Against listed prices"),
        SavingKind.PERIOD: _l("Against the base period"),
    }
)
FORMULAS = {
    SavingKind.PRE_ROUND: _l("Σ (mean price before the round − price paid) × quantity bought"),
    SavingKind.LISTED: _l("Σ (listed price − price paid) × quantity bought"),
    SavingKind.PERIOD: _l("Σ (mean price of the base period − mean price of the period) × quantity of the period"),
}
BASELINES = {
    SavingKind.PRE_ROUND: _l(
        "What areas bought before the round: mean price weighted by quantity, times the specification's price factor"
    ),
    SavingKind.LISTED: _l(
        "The lowest price at which the maker's specification stood listed when its first agreement began"
    ),
    SavingKind.PERIOD: _l("The average price paid for the same maker's specification in the base period"),
}
VOLUMES = {
    SavingKind.PRE_ROUND: _l("Received less returned under the round, in units of the specification"),
    SavingKind.LISTED: _l("Received less returned under the round, in units of the specification"),
    SavingKind.PERIOD: _l("Received less returned in the last period, in units of the specification"),
}
