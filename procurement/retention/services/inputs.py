"""Bring in what no ledger knows: prices before the round, shares of the pools, use beside the platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import upsert
from kernel.errors import Invalid, Issue
from kernel.money import places, round_price
from kernel.parties.models import Region
from pricing.monitoring import services as monitoring
from pricing.monitoring.flow import Ground
from procurement.retention.models.inputs import OtherUse, PoolShare, PriorPurchase
from procurement.retention.queries.prior import before_round
from procurement.rounds.models.rounds import Round
from procurement.tags import Tag

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Prior:
    """What an area bought of a product before the round, per reference specification."""

    lot_id: int
    area_code: str
    product: str
    price: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Other:
    """Non-winning products bought beside the platform in an agreement year, in yuan."""

    hospital_id: int
    lot_id: int
    year: int
    amount: Decimal
    passed: Decimal
    drg: Decimal


def say_share(
    session: Session, *, area_code: str, year: int, r: Decimal, s: Decimal, source: str, actor: Actor, at: datetime
) -> PoolShare:
    """Say what a pooling area's fund pays (r) and its insured use (s) of a calendar year, with the document."""
    wrong = {
        name: Issue("retention-share") for name, one in (("r", r), ("s", s)) if not 0 <= one <= ONE or places(one) > 6
    }
    if session.get(Region, area_code) is None:
        wrong["area"] = Issue("unknown-choice", value=area_code)
    if not 2000 <= year <= at.year + 1:
        wrong["year"] = Issue("unknown-choice", value=str(year))
    if not source.strip():
        wrong["source"] = Issue("needed")
    if wrong:
        raise Invalid(wrong)
    query = select(PoolShare).where(PoolShare.area_code == area_code, PoolShare.year == year).with_for_update()
    found = session.scalars(query).one_or_none() or PoolShare(area_code=area_code, year=year)
    before = {"r": found.r, "s": found.s} if found.id else {}
    found.r, found.s, found.source, found.by_id, found.at = r, s, source.strip(), actor.user_id, at
    session.add(found)
    session.flush()  # the audit event names its id
    told = {"area": area_code, "year": year, "r": r, "s": s, "source": found.source, "before": before}
    record(session, Tag.RETENTION_SHARE_SAID, found, actor, at, told)
    return found


def record_prior(
    session: Session, *, round_: Round, rows: Sequence[Prior], source: Mapping[str, object], actor: Actor, at: datetime
) -> int:
    """Write purchases before a round, as many as there are in one statement; return how many changed."""
    names = ("lot_id", "area_code", "product", "price", "quantity")
    changed = _write(session, PriorPurchase, names[:3], names, rows, round_, source, actor, at)
    baselines(session, round_)
    return changed


def baselines(session: Session, round_: Round) -> None:
    """Push to monitoring what the specifications of a round cost before it: mean price × price factor."""
    prior, factors = before_round(session, round_)
    prices = {key: round_price(prior[lot][0] * factor) for key, (lot, factor) in factors.items()}
    kept = {key: price for key, price in prices.items() if price}
    records = {key: prior[factors[key][0]][1] for key in kept}
    monitoring.set_baselines(session, source=f"{Ground.ROUND}/{round_.code}", prices=kept, records=records)


def record_other(
    session: Session, *, round_: Round, rows: Sequence[Other], source: Mapping[str, object], actor: Actor, at: datetime
) -> int:
    """Write non-winning use beside the platform; return how many rows changed."""
    names = ("hospital_id", "lot_id", "year", "amount", "passed", "drg")
    return _write(session, OtherUse, names[:3], names, rows, round_, source, actor, at)


def _write(
    session: Session, model: Any, key: Sequence[str], names: Sequence[str], rows: Sequence[Any], round_: Round,
    source: Mapping[str, object], actor: Actor, at: datetime,
) -> int:  # fmt: skip
    if not rows:
        return 0
    table: Table = model.__table__
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    changed = upsert(session, table, key=key, columns=columns)
    session.expire_all()  # the bulk path went past the identity map
    told = {**source, "round": round_.code, "rows": len(rows), "changed": changed, "table": table.name}
    record(session, Tag.RETENTION_INPUTS_RECORDED, round_, actor, at, told)
    return changed
