"""A result as plain data for JSON: prices and ratios as decimal text, codes as they are."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.working import plain
from procurement.rounds.rules.model import Decision, OtherSpec, Result, Revival, Status, Tie, VarietyResult


def as_json(result: Result) -> dict[str, Any]:
    """Return the whole result."""
    return {"rule_set": result.rule_set, "varieties": [_variety(variety) for variety in result.varieties]}


def _variety(found: VarietyResult) -> dict[str, Any]:
    period = found.period.isoformat() if isinstance(found.period, date) else found.period
    unit = {"unit": found.unit} if found.unit else {}
    return {
        "variety": found.variety,
        **unit,
        "n": found.n,
        "k": found.k,
        "anchor": plain(found.anchor),
        "limit": plain(found.limit),
        "winners": [_winner(decision) for decision in found.of(Status.WON)],
        "losers": [_loser(decision) for decision in found.of(Status.LOST)],
        "unresolved_ties": [_tie(tie, found) for tie in found.unresolved_ties],
        "ratio": plain(found.ratio),
        "period": period,
    }


def _winner(decision: Decision) -> dict[str, Any]:
    share = {} if decision.share is None else {"share": plain(decision.share.normalize())}
    return {
        "company": decision.company,
        "rank": decision.rank,
        "comparable_price": plain(decision.comparable_price),
        "decided_by": decision.decided_by,
        "regions": decision.regions,
        "award_unit_price": plain(decision.unit_price),
        "ratio": plain(decision.ratio),
        **share,
        "carries_volume": decision.carries_volume,
        "chooses_regions": decision.chooses_regions,
        "statement_due": decision.statement_due,
        **_bid(decision),
    }


def _loser(decision: Decision) -> dict[str, Any]:
    return {
        "company": decision.company,
        "reason": None if decision.reason is None else decision.reason.value,
        "rank": decision.rank,
        "comparable_price": plain(decision.comparable_price),
        **_bid(decision),
    }


def _tie(tie: Tie, found: VarietyResult) -> dict[str, Any]:
    tied = set(zip(tie.companies, tie.specs, strict=True))
    return {
        "companies": list(tie.companies),
        "comparable_price": plain(tie.comparable_price),
        "rank": tie.rank,
        "places": tie.places,
        "bids": [
            {"company": decision.company, **_bid(decision)}
            for decision in found.of(Status.OPEN)
            if (decision.company, decision.spec) in tied
        ],
    }


def _bid(decision: Decision) -> dict[str, Any]:
    change = decision.change
    others = [_other(other) for other in decision.other_specs]
    return {
        "spec": decision.spec,
        "group": decision.group,
        "unit_price": plain(decision.bid_price),
        "bid_comparable_price": plain(decision.bid_comparable),
        "margin": plain(decision.margin),
        "smallest_change": None
        if change is None
        else {
            "unit_price": plain(change.unit_price),
            "difference": plain(change.difference),
            "becomes": change.becomes.value,
        },
        "steps": [step.as_dict() for step in decision.steps],
        **({"other_specs": others} if others else {}),
        **({"revival": _revival(decision.revival)} if decision.revival else {}),
    }


def _other(other: OtherSpec) -> dict[str, Any]:
    return {"spec": other.spec, "unit_price": plain(other.unit_price), "follows_at": plain(other.follows_at)}


def _revival(found: Revival) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "allowed": found.allowed,
        "comparable_price": plain(found.comparable_price),
        "prices": [_other(each) for each in found.prices],
        "conditions": [step.as_dict() for step in found.conditions],
        "chooses_regions": found.chooses_regions,
        "volume": found.volume,
    }
