"""Entry conditions of pharmacies, publicity and yearly reviews. Numbers: policy.toml and what the region says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kernel.errors import DomainError
from kernel.periods import months_after
from kernel.policy import Parameters
from kernel.working import Step


class Condition(StrEnum):
    """What a pharmacy has to meet before it is designated."""

    NO_PENALTY = "no-penalty"
    TRACEABILITY = "traceability"
    STOCK_UPLOAD = "stock-upload"
    PER_CHAIN = "per-chain"
    PER_DISTRICT = "per-district"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a pharmacy; the two numbers count designated pharmacies beside it, itself left out.

    `penalty_free_since` is the day of its last penalty, None where there was none.
    """

    penalty_free_since: date | None
    traceability: bool
    stock_upload: bool
    chain: str
    of_chain: int
    of_district: int


def conditions(facts: Facts, parameters: Parameters, day: date) -> tuple[Step, ...]:
    """Test a pharmacy, step by step; a number that the region has not said refuses by name."""
    years = parameters.value("pharmacy.no_penalty_years")
    clean = facts.penalty_free_since is None or _years_after(facts.penalty_free_since, years) <= day
    penalty = (("last", facts.penalty_free_since.isoformat()),) if facts.penalty_free_since else ()
    steps = [
        Step(
            Condition.NO_PENALTY, limit=Decimal(years), passed=clean, facts=penalty,
            source=parameters["pharmacy.no_penalty_years"].source,
        )
    ]  # fmt: skip
    for condition, name, has in (
        (Condition.TRACEABILITY, "pharmacy.traceability", facts.traceability),
        (Condition.STOCK_UPLOAD, "pharmacy.stock_upload", facts.stock_upload),
    ):
        if parameters.value(name):
            steps.append(Step(condition, passed=has, source=parameters[name].source))
    if facts.chain:
        steps.append(_place(Condition.PER_CHAIN, "pharmacy.per_chain", facts.of_chain, parameters))
    steps.append(_place(Condition.PER_DISTRICT, "pharmacy.per_district", facts.of_district, parameters))
    return tuple(steps)


def _place(condition: Condition, name: str, taken: int, parameters: Parameters) -> Step:
    most = parameters.value(name)
    return Step(
        condition, value=Decimal(taken + 1), relation="≤", limit=Decimal(most), passed=taken < most,
        source=parameters[name].source,
    )  # fmt: skip


def unmet(steps: tuple[Step, ...]) -> list[Condition]:
    """Return the conditions that a pharmacy does not meet."""
    return [Condition(step.code) for step in steps if step.passed is False]


def _years_after(day: date, years: int) -> date:
    return months_after(day, 12 * years)


def must_be_second(maker_id: int | None, actor_id: int | None, *, name: str) -> None:
    """Refuse a designation by whoever proposed it (maker ≠ checker)."""
    if actor_id is None or actor_id == maker_id:
        raise DomainError("dual-second-person", name=name)
