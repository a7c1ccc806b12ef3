"""Unified social credit codes (统一社会信用代码, GB 32100-2015): one spelling, check character verified."""

from __future__ import annotations

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from kernel.errors import DomainError


class BadCreditCode(DomainError):
    """Not a unified social credit code, or its check character is wrong; `credit_code` is what was written."""

    code = "bad-credit-code"


def spelling(text: str) -> str:
    """Return how a credit code is kept, unchecked, for a look-up of what people wrote.

    >>> spelling(" 9131-0000ma00000025")
    '91310000MA00000025'
    """
    return str(uscc.compact(text))


def credit_code(text: str) -> str:
    """Return a unified social credit code in its one spelling. Raises BadCreditCode."""
    try:
        return str(uscc.validate(text))
    except ValidationError:
        raise BadCreditCode(credit_code=text) from None
