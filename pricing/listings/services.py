"""List products at prices, one or a quarter of a million at once; suspend, restore and end a listing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.db import batches, insert_rows
from kernel.errors import Conflict, DomainError, Forbidden, NotFound
from kernel.policy import covers
from kernel.sets import among
from pricing.listings import queries
from pricing.listings.flow import LISTING_FLOW, ListingAction, ListingState
from pricing.listings.marks.services import mark
from pricing.listings.models import Listing
from pricing.listings.rules import Change, Current, Fault, Key, NewListing, change, cut, faults
from pricing.tags import Tag

TYPED = "typed"


class ListingsRefused(DomainError):
    """Some prices can't be listed, so none was; `faults` holds (place in the rows, what is wrong)."""

    code = "listings-refused"

    def __init__(self, found: Sequence[tuple[int, Fault]]) -> None:
        self.faults = tuple(found)
        super().__init__(count=len(found), fields=sorted({fault.field for _place, fault in found}))


@dataclass(frozen=True, slots=True)
class Changed:
    """How many prices are new, replaced or prolonged an old one, or stood already."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


def list_products(
    session: Session, *, rows: Sequence[NewListing], actor: Actor, at: datetime, origin: str = TYPED,
    source: Mapping[str, Any] | None = None,
) -> Changed:  # fmt: skip
    """List prices, all or none. Another price ends the one that stands; a suspension goes on under the new price."""
    done, first = _write(session, rows, queries.current(session, rows), origin, actor, at)
    if first is not None:
        facts = {**(source or {}), "origin": origin, "created": done.created, "changed": done.changed}
        record(session, Tag.LISTINGS_MADE, queries.of_key(session, first), actor, at, facts)
    return done


def list_awarded(session: Session, *, origin: str, rows: Sequence[NewListing], actor: Actor, at: datetime) -> Changed:
    """List what an award or its renewal gives; `origin` names it ("round/12").

    Where a price stands that begins later, it stays: an older award never cuts a newer one.
    """
    standing = queries.current(session, rows)
    begun = {key: old.starts for key, old in standing.items()}
    coming = [row for row in rows if row.starts >= begun.get(row.key, row.starts)]
    done, first = _write(session, coming, standing, origin, actor, at)
    if first is not None:
        facts = {"origin": origin, "created": done.created, "changed": done.changed, "left": len(rows) - len(coming)}
        record(session, Tag.LISTINGS_AWARDED, queries.of_key(session, first), actor, at, facts)
    return done


def _write(
    session: Session, rows: Sequence[NewListing], standing: Mapping[Key, Current], origin: str, actor: Actor,
    at: datetime,
) -> tuple[Changed, Key | None]:  # fmt: skip
    """Write what changes, old prices first; return how much, and the key of one that did."""
    if found := list(_faults(session, rows, standing)):
        raise ListingsRefused(found)
    by_change: dict[Change, list[NewListing]] = defaultdict(list)
    for row in rows:
        by_change[change(row, standing.get(row.key))].append(row)
    replaced, prolonged, new = (by_change[each] for each in (Change.REPLACE, Change.PROLONG, Change.CREATE))
    _end_replaced(session, [(standing[row.key], row) for row in replaced], actor, at)
    _prolong(session, [(standing[row.key], row) for row in prolonged])
    if replaced or new:
        _insert(session, [*replaced, *new], standing, origin, actor, at)
    mark(session, product_ids={row.product_id for row in (*replaced, *prolonged, *new)}, day=today(at))
    done = Changed(len(new), len(replaced) + len(prolonged), len(by_change[Change.KEEP]))
    return done, next((row.key for row in (*new, *replaced, *prolonged)), None)


def _faults(
    session: Session, rows: Sequence[NewListing], standing: Mapping[Key, Current]
) -> Iterator[tuple[int, Fault]]:
    products = queries.known_products(session, {row.product_id for row in rows})
    regions, seen = queries.known_regions(session), set[Key]()
    for place, row in enumerate(rows):
        if row.product_id not in products:
            yield place, Fault("product_id", "listing-no-product", {"product": row.product_id})
        if row.region_code not in regions:
            yield place, Fault("region_code", "listing-no-region", {"region": row.region_code})
        if row.key in seen:
            yield place, Fault("product_id", "listing-twice", {})
        seen.add(row.key)
        for fault in faults(row, standing.get(row.key)):
            yield place, fault


def _end_replaced(session: Session, pairs: Sequence[tuple[Current, NewListing]], actor: Actor, at: datetime) -> None:
    """End what another price follows, a statement for each day and some thousand rows."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for old, new in pairs:
        by_day[cut(old, new.starts)].append(old.id)
    for day, ids in by_day.items():
        values = {"state": ListingState.ENDED, "ends": day, "ended_by_id": actor.user_id, "ended_at": at}
        _update(session, ids, values)


def _prolong(session: Session, pairs: Sequence[tuple[Current, NewListing]]) -> None:
    by_day: dict[date | None, list[int]] = defaultdict(list)
    for old, new in pairs:
        by_day[new.ends].append(old.id)
    for day, ids in by_day.items():
        _update(session, ids, {"ends": day})


def _update(session: Session, ids: Sequence[int], values: Mapping[str, Any]) -> None:
    """Change current listings; where somebody ended one meanwhile, nothing is changed at all."""
    for chunk in batches(ids):
        statement = update(Listing).where(Listing.id.in_(chunk), Listing.state != ListingState.ENDED)
        done: Any = session.execute(statement.values(**values, version=Listing.version + 1))
        if done.rowcount != len(chunk):
            raise Conflict("changed-meanwhile")


def _insert(
    session: Session, rows: Sequence[NewListing], standing: Mapping[Key, Current], origin: str, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    table, count = Listing.__table__, len(rows)
    held = [_suspension(row, standing.get(row.key)) for row in rows]
    columns: dict[str, Sequence[Any]] = {
        **{name: [getattr(row, name) for row in rows] for name in (
            "product_id", "region_code", "kind", "price", "starts", "ends", "reason")},
        "state": [ListingState.ACTIVE if day is None else ListingState.SUSPENDED for day in held],
        "suspended_on": held, "origin": [origin] * count, "created_by_id": [actor.user_id] * count,
        "created_at": [at] * count, "version": [1] * count,
    }  # fmt: skip
    insert_rows(session, table, columns=columns)


def _suspension(new: NewListing, old: Current | None) -> date | None:
    """Return since when a product may not be bought: a new price does not lift a suspension."""
    return None if old is None or old.state is not ListingState.SUSPENDED else old.suspended_on


def suspend(session: Session, *, listing_id: int, reason: str, actor: Actor, at: datetime) -> Listing:
    """Stop a product from being bought at a listing from today on, at the price that still runs before it too."""
    listing, day = _locked(session, listing_id, actor), today(at)
    before = listing.snapshot()
    listing.state = LISTING_FLOW.after(listing.state_on(day), ListingAction.SUSPEND)
    listing.suspended_on, listing.reason = day, _reason(reason)
    _siblings(session, listing, Listing.suspended_on.is_(None), day, {"suspended_on": day})
    mark(session, product_ids=[listing.product_id], day=day)
    record(session, Tag.LISTING_SUSPENDED, listing, actor, at, diff(before, listing.snapshot()))
    return listing


def restore(session: Session, *, listing_id: int, reason: str, actor: Actor, at: datetime) -> Listing:
    """Let a suspended product be bought again."""
    listing, day = _locked(session, listing_id, actor), today(at)
    before = listing.snapshot()
    listing.state = LISTING_FLOW.after(listing.state_on(day), ListingAction.RESTORE)
    _siblings(
        session, listing, Listing.suspended_on == listing.suspended_on, day, {"suspended_on": None, "restored_at": at}
    )
    listing.suspended_on, listing.restored_at, listing.reason = None, at, _reason(reason)
    mark(session, product_ids=[listing.product_id], day=day)
    record(session, Tag.LISTING_RESTORED, listing, actor, at, diff(before, listing.snapshot()))
    return listing


def end(session: Session, *, listing_id: int, day: date, reason: str, actor: Actor, at: datetime) -> Listing:
    """End a listing: on `day` its price counts no longer. One that has not begun never counts."""
    _locked(session, listing_id, actor)
    return end_many(session, [Ending(listing_id, day, reason)], actor=actor, at=at)[0]


@dataclass(frozen=True, slots=True)
class Ending:
    """A listing whose price counts no longer on a day, and why."""

    listing_id: int
    day: date
    reason: str


def end_many(session: Session, endings: Sequence[Ending], *, actor: Actor, at: datetime) -> list[Listing]:
    """End listings, all or none, in their order."""
    ids = [one.listing_id for one in endings]
    query = select(Listing).where(among(Listing.id, ids)).order_by(Listing.id).with_for_update()
    held = {one.id: one for one in session.scalars(query.execution_options(populate_existing=True))}
    if missing := set(ids) - set(held):
        raise NotFound(listing=min(missing))
    for one in endings:
        _end(session, held[one.listing_id], one, actor, at)
    mark(session, product_ids=sorted({one.product_id for one in held.values()}), day=today(at))
    return [held[one.listing_id] for one in endings]


def _end(session: Session, listing: Listing, ending: Ending, actor: Actor, at: datetime) -> None:
    before, day = listing.snapshot(), ending.day
    state = LISTING_FLOW.after(listing.state_on(today(at)), ListingAction.END)
    if day < max(today(at), listing.starts) and listing.starts <= today(at):
        raise DomainError("listing-ends-past", day=day)
    listing.state, listing.ends = state, max(day, listing.starts)
    listing.ended_by_id, listing.ended_at, listing.reason = actor.user_id, at, _reason(ending.reason)
    record(session, Tag.LISTING_ENDED, listing, actor, at, diff(before, listing.snapshot()))


def _locked(session: Session, listing_id: int, actor: Actor) -> Listing:
    """Return a listing as it is once nobody else changes it; another region's is not the actor's to change."""
    query = select(Listing).where(Listing.id == listing_id).with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(listing=listing_id)
    if not covers(actor.region, found.region_code):
        raise Forbidden
    return found


def _reason(written: str) -> str:
    """Return a reason; without one nobody can follow the act."""
    kept = " ".join(written.split())
    if not kept or len(kept) > 400:
        raise DomainError("listing-no-reason", most=400)
    return kept


def _siblings(session: Session, listing: Listing, which: Any, day: date, values: Mapping[str, Any]) -> None:
    """Change the ended prices of a listing's key that still run for some days."""
    same = (Listing.product_id == listing.product_id) & (Listing.region_code == listing.region_code)
    runs = (Listing.state == ListingState.ENDED) & (Listing.ends > day)
    session.execute(update(Listing).where(same, Listing.kind == listing.kind, runs, which).values(**values))
