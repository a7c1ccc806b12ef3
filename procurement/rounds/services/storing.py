"""Write an evaluation down: its lots and decisions by the bulk path, so that a round of any size takes a moment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from kernel.columns import canonical
from kernel.db import insert_rows
from kernel.money import places
from procurement.rounds.flow import Outcome
from procurement.rounds.models.evaluations import Decision, Evaluation, LotResult
from procurement.rounds.queries.table import BidTable
from procurement.rounds.rules import model as rules

INVALID = frozenset({rules.Reason.NO_PRICE, rules.Reason.NOT_POSITIVE, rules.Reason.TOO_PRECISE, rules.Reason.OVER_CAP})


def store(session: Session, evaluation: Evaluation, result: rules.Result, table: BidTable) -> None:
    """Write every lot's result and every decision of a run."""
    session.flush()  # the rows name the evaluation's id
    lots, decisions = [], []
    for found in result.varieties:
        lots.append(_lot(evaluation.id, found, table))
        decisions += [_decision(evaluation.id, found, one, table) for one in found.decisions]
    _insert(session, LotResult, lots)
    _insert(session, Decision, decisions)


def inputs_digest(table: BidTable) -> str:
    """Return the digest of everything an evaluation read besides the rules."""
    rows = [
        [row.variety, row.spec, row.company, row.group, row.unit_price, row.cap, row.price_factor, row.form,
         row.declared, row.is_reference, row.brand_demand, row.revival_offer, row.accepted_as, row.accepted_price,
         dict(row.extra)]
        for row in table.rows
    ]  # fmt: skip
    content = canonical([rows, {name: list(order) for name, order in table.draws.items()}, table.regions])
    return hashlib.sha256(content.encode()).hexdigest()


def outcome(decision: rules.Decision) -> Outcome:
    """Return what became of a bid as pages name it."""
    if decision.status is rules.Status.WON:
        return Outcome.WON if decision.carries_volume else Outcome.WON_WITHOUT_VOLUME
    if decision.status is rules.Status.OPEN:
        return Outcome.TIED
    return Outcome.INVALID if decision.reason in INVALID else Outcome.LOST


def _insert(session: Session, model: type[LotResult] | type[Decision], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        insert_rows(session, model.__table__, columns=columns)


def _lot(evaluation_id: int, found: rules.VarietyResult, table: BidTable) -> dict[str, Any]:
    return {
        "evaluation_id": evaluation_id,
        "lot_id": table.lots[found.variety].id,
        "unit": found.unit,
        "bidders": found.n,
        "places": found.k,
        "winners": found.winners_counted,
        "anchor": found.anchor,
        "limit": found.limit,
        "ratio": found.ratio,
        "period": found.period.isoformat() if isinstance(found.period, date) else found.period,
        "ties": [_tie(tie, table) for tie in found.unresolved_ties],
    }


def _tie(tie: rules.Tie, table: BidTable) -> dict[str, Any]:
    return {
        "companies": sorted({table.companies[name] for name in tie.companies}),
        "price": format(tie.comparable_price, "f"),
        "rank": tie.rank,
        "places": tie.places,
    }


def _decision(evaluation_id: int, found: rules.VarietyResult, one: rules.Decision, table: BidTable) -> dict[str, Any]:
    lot, company = table.lots[found.variety].id, table.companies[one.company]
    specification = table.specifications[found.variety, one.spec]
    return {
        **_turning(one),
        "evaluation_id": evaluation_id,
        "lot_id": lot,
        "company_id": company,
        "specification_id": specification,
        "unit": found.unit,
        "typed": table.typed.get((lot, company, specification), ""),
        "unit_price": _price(one.bid_price),
        "comparable_price": one.bid_comparable,
        "rank": one.rank,
        "outcome": outcome(one),
        "decided_by": one.decided_by or "",
        "reason": one.reason.value if one.reason else "",
        "winning_price": one.unit_price,
        "winning_comparable": one.comparable_price if one.status is rules.Status.WON else None,
        "margin": one.margin,
        "main_regions": one.regions,
        "ratio": one.ratio,
        "share": one.share,
        "carries_volume": one.carries_volume,
        "chooses_regions": one.chooses_regions,
        "statement_due": one.statement_due,
        "other_specs": list(_others(found.variety, one.other_specs, table)),
        "steps": [step.as_dict() for step in one.steps],
        "revival": _revival(found.variety, one, table),
    }


def _turning(one: rules.Decision) -> dict[str, Any]:
    change = one.change
    return {
        "change_to": change.unit_price if change else None,
        "change_becomes": change.becomes.value if change else "",
    }


def _revival(variety: str, one: rules.Decision, table: BidTable) -> dict[str, Any] | None:
    found = one.revival
    if found is None:
        return None
    return {
        "kind": found.kind.value,
        "allowed": found.allowed,
        "price": _text(found.comparable_price),
        "prices": list(_others(variety, found.prices, table)),
        "conditions": [step.as_dict() for step in found.conditions],
        "chooses_regions": found.chooses_regions,
        "volume": found.volume,
    }


def _others(variety: str, others: Iterable[rules.OtherSpec], table: BidTable) -> Iterable[dict[str, Any]]:
    for other in others:
        yield {
            "specification": table.specifications[variety, other.spec],
            "text": other.spec,
            "price": _text(other.unit_price),
            "follows_at": _text(other.follows_at),
        }


def _price(value: Decimal | None) -> Decimal | None:
    """Keep a bid that a price column can hold; a too precise one stands in `typed`."""
    return value if value is not None and places(value) <= 4 else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
