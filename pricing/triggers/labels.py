"""Names of trigger evaluations' codes, and what refusals about them say."""

from __future__ import annotations

from kernel.i18n import _l, labels
from pricing.triggers.flow import Decision, Outcome, Role

labels({Role.TRIGGER: _l("Trigger"), Role.CONSTRAINT: _l("Constraint")})
labels(
    {Outcome.MET: _l("Indicator met"), Outcome.NOT_MET: _l("Indicator not met"), Outcome.MISSING: _l("Data missing")}
)
labels(
    {
        Decision.START: _l("Start the adjustment"),
        Decision.NO_START: _l("No adjustment this year"),
        Decision.UNDETERMINED: _l("Undetermined: data of a constraint are missing"),
        Decision.SKIPPED: _l("Triggers do not apply"),
    }
)
