"""The rule sets of the retained balance, as the kernel keeps their versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.policy import Parameters, parse
from kernel.rulebooks.services import Book
from procurement.retention import rules
from procurement.retention.models.inputs import RuleVersion
from procurement.retention.sets.rules import stored, typed, written
from procurement.tags import Tag


def _built_in() -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Return the sets that come with the release."""
    codes = rules.RULE_SETS.ids()
    return {code: (parse(rules.RULE_SETS.text(code)[1])["title"], stored(rules.rules(code))) for code in codes}


BOOK = Book(
    RuleVersion, built_in=_built_in, typed=typed, written=written,
    tags=(Tag.RETENTION_RULES_WRITTEN, Tag.RETENTION_RULES_APPROVED), later=stored(rules.whole(Parameters({}))),
)  # fmt: skip
