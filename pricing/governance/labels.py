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
RULES = {
    "winner outside its supply region": _l("Winner outside its supply region"),
    "passed, not winning": _l("Passed, not winning"),
    "reference preparation, not winning": _l("Reference preparation, not winning any round"),
    "not passed": _l("Not passed the evaluation"),
    "against the 75th percentile": _l("Against the 75th percentile"),
}
"""What the rules of the built-in sets are called; a set of one's own copies them."""

SOURCES = {
    "governance.md, Labels: above the smaller of 1.5 w and W; the colour is recalled": _l(
        "Henan's table of labels: above the smaller of 1.5 w and W; its colour is recalled, not published"
    ),
    "governance.md, Labels: yellow above 1.8 W, red above 3 W": _l(
        "Henan's table of labels: yellow above 1.8 W, red above 3 W"
    ),
    "governance.md, Labels: yellow above 1.8 × the smaller of H and 1.8 W": _l(
        "Henan's table of labels: yellow above 1.8 × the smaller of H and 1.8 W"
    ),
    "governance.md, Labels: yellow above W, red above W ÷ 1.8 × 3": _l(
        "Henan's table of labels: yellow above W, red above W ÷ 1.8 × 3"
    ),
    "governance.md, Labels: Anhui, 1.8 ≤ x < 3 yellow, 3 ≤ x < 5 red, 5 and above barred": _l(
        "Anhui's table of labels: 1.8 ≤ x < 3 yellow, 3 ≤ x < 5 red, 5 and above barred"
    ),
}
"""Where the rules of the built-in sets come from, as people read it."""


def source_name(source: str) -> str:
    """Say where a rule comes from."""
    return str(SOURCES.get(source, source))


def rule_name(rule: str) -> str:
    """Say what a rule is called."""
    return str(RULES.get(rule, rule))
