"""Rounds of new items: the one that takes applications, and all of a province."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.parties.models import Region
from kernel.policy import levels
from pricing.items.applications.models import (
    ItemRound,
)


def now_open(session: Session, region_code: str, now: datetime, *, urgent: bool) -> ItemRound | None:
    """Return the round of a province that takes applications now; for an emergency the newest that was opened."""
    province = levels(region_code)[0]
    query = select(ItemRound).where(ItemRound.region_code == province, ItemRound.opens_at <= now)
    if not urgent:
        query = query.where(ItemRound.closes_at > now)
    return session.scalars(query.order_by(ItemRound.opens_at.desc(), ItemRound.id.desc()).limit(1)).one_or_none()


def rounds(actor: Actor) -> Select[ItemRound]:
    """Return the rounds that concern the actor's region, newest first."""
    query = select(ItemRound).options(joinedload(ItemRound.region))
    if actor.region:
        query = query.where(ItemRound.region_code == levels(actor.region)[0])
    return query.order_by(ItemRound.opens_at.desc(), ItemRound.id.desc())


def provinces(session: Session, actor: Actor) -> Sequence[Region]:
    """Return the provinces for which the actor may open a round."""
    query = select(Region).where(Region.parent_code.is_(None))
    if actor.region:
        query = query.where(Region.code == actor.region)
    return session.scalars(query.order_by(Region.code)).all()


def titled(session: Session, region_code: str, title: str) -> int | None:
    """Return the round of a province that has a title already."""
    return session.scalar(select(ItemRound.id).where(ItemRound.region_code == region_code, ItemRound.title == title))
