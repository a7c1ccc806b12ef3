"""Check characters, step by step.

Sources: UDI-DI: GS1 General Specifications, weights 3 and 1 in turn, modulo 10. Unified social credit code:
GB 32100-2015, weights 3 to the power of the place modulo 31, modulo 31 (F). The maintained library computes the
character; the steps show how it comes about.
"""

from __future__ import annotations

from decimal import Decimal

from stdnum import ean
from stdnum.cn import uscc

from catalogue.codes.rules.kinds import CREDIT_ALPHABET, CodeKind
from kernel.working import Step, Working

SOURCES = {CodeKind.UDI: "GS1 General Specifications", CodeKind.CREDIT: "GB 32100-2015"}


def check_character(kind: CodeKind, text: str) -> Working[str]:
    """Return the check character that the others give, with its steps; the last says whether it stands there.

    `text` is a whole code of the right structure.

    >>> check_character(CodeKind.UDI, "09529800100013").value
    '3'
    """
    body, found = text[:-1], text[-1]
    base = 31 if kind is CodeKind.CREDIT else 10
    calculate = uscc.calc_check_digit if kind is CodeKind.CREDIT else ean.calc_check_digit
    expected = str(calculate(body))
    steps = [
        Step(
            "code-check.term", Decimal(number * weight),
            facts=(("position", place), ("character", char), ("number", number), ("weight", weight)),
        )
        for place, (char, number, weight) in enumerate(zip(body, _numbers(body), _weights(kind), strict=True), 1)
    ]  # fmt: skip
    total = sum((step.value for step in steps if step.value is not None), Decimal(0))
    rest = (base - total % base) % base
    facts = (("found", found), ("expected", expected))
    steps += [
        Step("code-check.sum", total, source=SOURCES[kind]),
        Step("code-check.remainder", total % base, facts=(("total", total), ("base", base))),
        Step("code-check.complement", rest, facts=(("remainder", total % base), ("base", base))),
        Step("code-check.character", passed=found == expected, source=SOURCES[kind], facts=facts),
    ]
    return Working(expected, tuple(steps))


def _numbers(body: str) -> list[int]:
    return [CREDIT_ALPHABET.index(char) for char in body]


def _weights(kind: CodeKind) -> list[int]:
    if kind is CodeKind.CREDIT:
        return [pow(3, place, 31) for place in range(17)]
    return [3 if place % 2 == 0 else 1 for place in range(13)]
