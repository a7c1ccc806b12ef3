"""Names of labels' codes, and what refusals about them say."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.governance.rules import Label, ProductKind

labels(
    {
        Label.NONE: _l("No label"),
        Label.YELLOW: _l("Yellow label"),
        Label.RED: _l("Red label"),
        Label.SUSPEND: _l("Suspended for its price"),
        ProductKind.WINNER: _l("Winner of a round"),
        ProductKind.PASSED: _l("Passed the evaluation, not winning"),
        ProductKind.REFERENCE: _l("Reference preparation, not winning"),
        ProductKind.NOT_PASSED: _l("Not passed the evaluation"),
    }
)
sentences(
    {
        "label-price-missing": _l("The rule needs %(column)s."),
    }
)
