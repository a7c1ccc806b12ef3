"""Does a cost composition hold together? Source: award.md §4, batch 11: 低于锚点价的企业须作出声明并说明成本构成.

Every part is typed in yuan per unit with at most 4 decimals; together they come to the bid price to 0.0001 yuan. The
profit may be below zero: a company that bids below its cost has to be able to say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from kernel.errors import Issue
from kernel.money import NotANumber, parse_decimal, places
from procurement.rounds.statements.flow import CostPart

COST_PLACES = 4
MOST = Decimal(10) ** 9
LEAST_TEXT, MOST_TEXT = 20, 4000


def read(typed: Mapping[CostPart, str]) -> tuple[dict[CostPart, Decimal], dict[CostPart, Issue]]:
    """Read every part: the amounts, and what is wrong with the others.

    >>> amounts, wrong = read({part: "0.1" for part in CostPart} | {CostPart.LABOUR: "-1", CostPart.PROFIT: "-0.05"})
    >>> amounts[CostPart.PROFIT], [part.value for part in wrong]
    (Decimal('-0.05'), ['labour'])
    """
    amounts: dict[CostPart, Decimal] = {}
    wrong: dict[CostPart, Issue] = {}
    for part in CostPart:
        text = typed.get(part, "").strip()
        try:
            amount = parse_decimal(text.replace("\u2212", "-"))
        except NotANumber:
            wrong[part] = Issue("cost-not-a-number" if text else "cost-missing", value=text)
            continue
        if amount < 0 and part is not CostPart.PROFIT:
            wrong[part] = Issue("cost-negative", value=text)
        elif places(amount) > COST_PLACES or abs(amount) >= MOST:
            wrong[part] = Issue("cost-too-precise", value=text, facts={"places": COST_PLACES})
        else:
            amounts[part] = amount
    return amounts, wrong


def difference(amounts: Mapping[CostPart, Decimal], price: Decimal) -> Decimal:
    """Return by how much the parts come to more than the bid price.

    >>> difference({CostPart.LABOUR: Decimal("0.4"), CostPart.PROFIT: Decimal("0.1")}, Decimal("0.5001"))
    Decimal('-0.0001')
    """
    return sum(amounts.values(), Decimal(0)) - price


def faults(typed: Mapping[CostPart, str], text: str, price: Decimal) -> dict[str, Issue]:
    """Return everything that is wrong with a statement, by the form's field."""
    amounts, parts = read(typed)
    wrong = {f"cost-{part.value}": issue for part, issue in parts.items()}
    apart = difference(amounts, price)
    if not parts and apart:
        facts: dict[str, object] = {"price": price, "total": price + apart, "difference": apart}
        wrong[f"cost-{CostPart.PROFIT.value}"] = Issue("cost-sum", facts=facts)
    length = len(text.strip())
    if length < LEAST_TEXT:
        wrong["text"] = Issue("statement-too-short", facts={"least": LEAST_TEXT})
    elif length > MOST_TEXT:
        wrong["text"] = Issue("text-too-long", facts={"most": MOST_TEXT})
    return wrong
