"""What changed since a run, as groups; what a run's rules are by region."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kernel.parties.models import Region
from kernel.policy import Parameters, regional
from kernel.sets import among
from pricing.governance.comparison.models import GapRun, OutsidePrice, OutsideProduct, SameGroup, SameMember
from pricing.listings.models import Listing

POLICY = Path(__file__).resolve().parent.parent / "policy.toml"
MOST = 5_000
"""Groups; where more have changed, everything is looked at."""


def policy(region_code: str) -> Parameters:
    """Return a region's parameters."""
    return regional(POLICY, region_code)


def last_run(session: Session) -> GapRun | None:
    """Return the latest run."""
    return session.scalars(select(GapRun).order_by(GapRun.id.desc()).limit(1)).one_or_none()


def newest_listing(session: Session) -> int:
    """Return the highest number of a listing."""
    return session.scalar(select(func.max(Listing.id))) or 0


def changed(session: Session, last: GapRun, day: date) -> set[int]:
    """Return the four-same groups whose prices changed since a run, by what was written and by the days gone by."""
    later = last.day < day
    gone = (Listing.ends, Listing.suspended_on, *((Listing.starts,) if later else ()))
    turned = or_(Listing.id > last.upto, *(one.between(last.day, day) for one in gone))
    ended = or_(Listing.ended_at >= last.at, Listing.restored_at >= last.at)
    own = select(SameMember.group_id).join(Listing, Listing.product_id == SameMember.product_id)
    told = select(OutsideProduct.group_id).join(OutsidePrice, OutsidePrice.outside_id == OutsideProduct.id)
    found = set(session.scalars(own.where(or_(turned, ended)).distinct()))
    days = (OutsidePrice.ends, *((OutsidePrice.starts,) if later else ()))
    passed = or_(*(one.between(last.day, day) for one in days))
    found |= set(session.scalars(told.where(or_(OutsidePrice.changed_at >= last.at, passed)).distinct()))
    return found - {None}


def siblings(session: Session, groups: Collection[int]) -> list[int]:
    """Return the four-same groups that share a three-same group with some groups."""
    parents = select(SameGroup.parent_id).where(among(SameGroup.id, sorted(groups)), SameGroup.parent_id.is_not(None))
    return list(session.scalars(select(SameGroup.id).where(SameGroup.parent_id.in_(parents)).order_by(SameGroup.id)))


def outlier_times(session: Session) -> dict[Decimal, list[str]]:
    """Return the regions by the multiple of the median from which their prices are outliers, where one is set."""
    found: dict[Decimal, list[str]] = {}
    for code in session.scalars(select(Region.code)):
        parameter = policy(code)["outlier.times"]
        if parameter.is_set:
            found.setdefault(Decimal(parameter.value), []).append(code)
    return found
