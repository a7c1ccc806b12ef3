"""Warn companies whose listed price is above the lowest valid provincial price, and take the warnings back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.auth.permissions import Role
from kernel.columns import Code
from kernel.notices.services import notify
from kernel.parties import regions
from kernel.sets import among, unsought
from pricing.governance.comparison.flow import WAITING, Same, WarningState
from pricing.governance.comparison.models import LinkageWarning, PriceGap, SameMember
from pricing.governance.comparison.queries import changes, warnings
from pricing.governance.comparison.rules.gaps import last_day
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from pricing.listings.queries import counts_on

URL = "/pricing/linkage"
_COLUMNS = (
    "listing_id", "product_id", "company_id", "region_code", "kind", "group_id", "price", "lowest", "lowest_region",
    "state", "given_on", "due_on", "answer", "reply", "version",
)  # fmt: skip


def follow(session: Session, *, groups: Collection[int] | None, day: date, at: datetime) -> tuple[int, int]:
    """Clear the warnings of some groups (None: of all) that no longer hold, give those that do; return how many."""
    cleared = _clear(session, groups, day)
    due = {
        region: last_day(day, str(changes.policy(region).value("linkage.report")))
        for region in _dear_regions(session, groups)
    }
    given = _give(session, groups, day, due) if due else 0
    if given:
        made = LinkageWarning.given_on == day
        told = select(LinkageWarning.company_id).where(made, LinkageWarning.state == WarningState.OPEN)
        if groups is not None:
            told = told.where(among(LinkageWarning.group_id, sorted(groups)))
        notify(session, code="linkage-warned", facts={"day": day.isoformat()},
               organisations=set(session.scalars(told.distinct())), url=URL, at=at)  # fmt: skip
    return given, cleared


def _above(groups: Collection[int] | None, day: date) -> Any:
    """Return the query's parts of what is dearer than the lowest provincial price; awards set their own prices."""
    joined = (
        select(Listing.id)
        .join(SameMember, SameMember.product_id == Listing.product_id)
        .join(Product, Product.id == Listing.product_id)
        .join(PriceGap, (PriceGap.group_id == SameMember.group_id) & (PriceGap.kind == unsought(Listing.kind))
              & (PriceGap.region_code == unsought(Listing.region_code)))
        .where(PriceGap.same == Same.FOUR, counts_on(day), Listing.price > PriceGap.lowest)
        .where(Listing.kind != ListingKind.AGREEMENT)
    )  # fmt: skip
    return joined if groups is None else joined.where(among(SameMember.group_id, sorted(groups)))


def _dear_regions(session: Session, groups: Collection[int] | None) -> list[str]:
    query = select(PriceGap.region_code).where(PriceGap.same == Same.FOUR).distinct()
    return sorted(session.scalars(query if groups is None else query.where(among(PriceGap.group_id, sorted(groups)))))


def _give(session: Session, groups: Collection[int] | None, day: date, due: Mapping[str, date]) -> int:
    """Insert warnings, each due by its region's rule; what waits, or was accepted at no better prices, is not told."""
    one = LinkageWarning
    known = select(one.id).where(
        one.product_id == Listing.product_id, one.region_code == Listing.region_code, one.kind == Listing.kind,
        or_(one.state.in_(WAITING), (one.state == WarningState.ACCEPTED) & (one.price >= Listing.price)
            & (one.lowest <= PriceGap.lowest)),
    )  # fmt: skip
    last = {region: literal(until) for region, until in due.items()}
    rows = _above(groups, day).where(~known.exists()).with_only_columns(
        Listing.id, Listing.product_id, Product.company_id, Listing.region_code, Listing.kind, PriceGap.group_id,
        Listing.price, PriceGap.lowest, PriceGap.lowest_region, literal(WarningState.OPEN, Code(WarningState)),
        literal(day), case(last, value=Listing.region_code), literal(""), literal(""), literal(1),
    )  # fmt: skip
    done: Any = session.execute(insert(LinkageWarning).from_select(_COLUMNS, rows))
    return int(done.rowcount)


def _clear(session: Session, groups: Collection[int] | None, day: date) -> int:
    """Clear what waits and is above no longer: the price was cut, the listing ended, or the lower price is gone."""
    one = LinkageWarning
    still = _above(groups, day).where(
        Listing.product_id == one.product_id, Listing.region_code == one.region_code, unsought(Listing.kind) == one.kind
    )
    gone = update(one).where(one.state.in_(WAITING), ~still.correlate(one).exists())
    if groups is not None:
        gone = gone.where(among(one.group_id, sorted(groups)))
    values = {"state": WarningState.CLEARED, "cleared_on": day, "version": one.version + 1}
    done: Any = session.execute(gone.values(**values).execution_options(synchronize_session=False))
    session.expire_all()  # the statement went past the identity map
    return int(done.rowcount)


def remind(session: Session, *, day: date, at: datetime) -> int:
    """Tell companies and the regions' price officers of warnings whose last day is over, once; return how many."""
    found = session.execute(warnings.untold(day)).all()
    if not found:
        return 0
    done = update(LinkageWarning).where(among(LinkageWarning.id, sorted(row.id for row in found)))
    session.execute(done.values(told_at=at).execution_options(synchronize_session=False))
    facts = {"day": day.isoformat()}
    notify(
        session, code="linkage-overdue", facts=facts, organisations={row.company_id for row in found}, url=URL, at=at
    )
    bureaus = warnings.bureaus(session, {regions.prefix(row.region_code)[:2] for row in found})
    if bureaus:
        notify(session, code="linkage-overdue", facts=facts, organisations=bureaus, roles=(Role.PRICE_OFFICER,),
               url=f"{URL}?overdue=1", at=at)  # fmt: skip
    return len(found)
