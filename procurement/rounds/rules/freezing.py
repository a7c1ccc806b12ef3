"""A rule set as one self-contained text: what a published round is judged by, and what its digest covers.

Nothing in it refers to another file, so that a later change of a built-in rule set reaches only later rounds.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.errors import DomainError
from kernel.policy import BadPolicy, Parameter, parse
from procurement.rounds.rules.ruleset import RuleSet

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class BadValue(DomainError):
    """What was typed for a parameter is not a value; `parameter` and `value` say which."""

    code = "bad-parameter-value"


def frozen(rule_set: RuleSet) -> str:
    """Write a rule set as TOML with every parameter, its source and standing, in one form only."""
    lines = [f"id = {_text(rule_set.id)}", f"title = {_text(rule_set.title)}"]
    for name in sorted(rule_set.parameters):
        lines += ["", *_table(rule_set.parameters[name])]
    return "\n".join(lines) + "\n"


def digest(text: str) -> str:
    """Return the SHA-256 of a rule set's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def typed_value(name: str, text: str) -> Any:
    """Read what a person typed for a parameter: a number, a date, true, a list as TOML writes it, or a plain word.

    >>> typed_value("limit.multiplier", "1.8"), typed_value("anchor.deviation", "sample")
    (Decimal('1.8'), 'sample')
    """
    plain = text.strip()
    if not plain or "\n" in plain or "\r" in plain:
        raise BadValue(parameter=name, value=text)
    for candidate in (plain, _text(plain)):
        try:
            table = parse(f"value = {candidate}")
        except BadPolicy:
            continue
        return table["value"]
    raise BadValue(parameter=name, value=text)


def written(value: Any) -> str:
    """Write a parameter's value as TOML.

    >>> written([1, Decimal("0.50"), True]), written({"口服": Decimal("0.1")})
    ('[1, 0.50, true]', '{"口服" = 0.1}')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {written(item)}" for key, item in value.items()) + "}"
    return _text(str(value))


def _table(parameter: Parameter) -> list[str]:
    name = ".".join(_key(part) for part in parameter.name.split("."))
    return [
        f"[parameter.{name}]",
        f"value = {written(parameter.value)}",
        f"source = {_text(parameter.source)}",
        f"standing = {_text(parameter.standing)}",
    ]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    """Write a TOML string; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
