"""The rule sets of trigger evaluations, as the kernel keeps their versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.rulebooks.services import Book
from pricing.tags import Tag
from pricing.triggers.models import TriggerRuleVersion
from pricing.triggers.rules import RULE_SETS, rules
from pricing.triggers.sets.rules import stored, typed


def _built_in() -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Return the sets that come with the release."""
    return {code: (rules(code).title, stored(rules(code))) for code in RULE_SETS.ids()}


BOOK = Book(
    TriggerRuleVersion, built_in=_built_in, typed=typed, written=str,
    tags=(Tag.TRIGGER_RULES_WRITTEN, Tag.TRIGGER_RULES_APPROVED),
)  # fmt: skip
