"""Names of a version's states, and what refusals about rule sets say."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from kernel.rulebooks.flow import SetState

labels({SetState.WRITTEN: _l("Waits for a second person"), SetState.APPROVED: _l("Approved")})
sentences(
    {
        "rule-bad-value": _l("“%(parameter)s” can be: %(wanted)s, or ? where nobody knows."),
        "rule-built-in": _l("%(title)s is built in: copy it to change it."),
        "set-code": _l("“%(value)s” is no code: 3 to 40 small letters, digits and hyphens."),
        "set-code-taken": _l("Another rule set has the code %(value)s."),
    }
)
