"""A figure with the way it was reached, so that it can be shown, disputed and recomputed years later."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """One test or one act of arithmetic.

    `code` names it for translation; `value` is compared with `limit` by `relation`; `passed` is None where
    nothing was tested; `source` names the article; `facts` hold the other numbers the sentence shows.
    """

    code: str
    value: Decimal | None = None
    relation: str = ""
    limit: Decimal | None = None
    passed: bool | None = None
    source: str = ""
    facts: tuple[tuple[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON: decimals as text, empty fields left out."""
        out: dict[str, Any] = {"code": self.code}
        if self.value is not None:
            out["value"] = plain(self.value)
        if self.relation:
            out["relation"] = self.relation
        if self.limit is not None:
            out["limit"] = plain(self.limit)
        if self.passed is not None:
            out["passed"] = self.passed
        if self.source:
            out["source"] = self.source
        if self.facts:
            out["facts"] = {name: plain(value) for name, value in self.facts}
        return out


@dataclass(frozen=True, slots=True)
class Working(Generic[T]):
    """A result and its steps."""

    value: T
    steps: tuple[Step, ...]


def plain(value: Any) -> Any:
    """Decimals as plain text (never 1E+3), everything else as it is; tuples become lists.

    >>> plain(Decimal("1E+3"))
    '1000'
    """
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value
