"""Review applications: one person checks, another approves, alone or many at once; whoever applied does neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from catalogue.drugs.models import Product, Specification
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import today
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, Issue, NotFound, UnsetParameter
from kernel.notices.services import notify
from kernel.periods import months_after
from kernel.sets import among
from pricing.applications.flow import APPLICATION_FLOW, ApplicationAction, Back, Check, Purpose
from pricing.applications.models import ApplicationLook, ListingApplication
from pricing.applications.queries import applications as queries
from pricing.applications.queries.knowing import policy
from pricing.applications.services.filing import look_again
from pricing.governance.labelling.services.evaluating import say
from pricing.governance.labelling.services.running import relabel
from pricing.governance.sets import queries as sets
from pricing.listings.queries import current, of_keys
from pricing.listings.rules import NewListing
from pricing.listings.services import Ending, end_many, list_products
from pricing.tags import Tag

LONGEST = 1_000
AT_ONCE = 200
TAGS = {
    ApplicationAction.CHECK: Tag.LISTING_APPLICATION_CHECKED,
    ApplicationAction.APPROVE: Tag.LISTING_APPLICATION_APPROVED,
    ApplicationAction.RETURN: Tag.LISTING_APPLICATION_RETURNED,
    ApplicationAction.NOTE: Tag.LISTING_APPLICATION_NOTED,
}


class Stale(Conflict):
    """Somebody else saved the application since it was opened; what was written is not lost, it is shown beside."""

    code = "application-changed"


@dataclass(frozen=True, slots=True)
class Batch:
    """How many were done, and which were left, with the code of why."""

    done: int
    left: tuple[tuple[int, str], ...]


def review(
    session: Session, *, application_id: int, action: ApplicationAction, version: int, text: str = "",
    back: Back | None = None, actor: Actor, at: datetime,
) -> ListingApplication:  # fmt: skip
    """Check, approve, return or comment on one application, with an opinion; failed checks need one."""
    found = _held(session, [application_id], actor)[0]
    if found.version != version:
        raise Stale(application=application_id)
    wrong = _missing(action, text, back)
    if action in (ApplicationAction.CHECK, ApplicationAction.APPROVE):
        look_again(session, [found], at)
        if found.failed and not text.strip():
            wrong["text"] = Issue("application-exception", facts={"count": found.failed})
        if action is ApplicationAction.APPROVE and (barred := credit_fault(found)):
            wrong["text"] = barred
    if wrong:
        raise Invalid(wrong)
    _must_be_let(found, action, actor)
    _apply(session, [found], action, actor, at, text=text.strip(), back=back)
    return found


def review_many(
    session: Session, *, application_ids: Sequence[int], action: ApplicationAction, actor: Actor, at: datetime
) -> Batch:
    """Check or approve many at once; those that fail a check, or are not the actor's to decide, are left."""
    if action not in (ApplicationAction.CHECK, ApplicationAction.APPROVE) or not 0 < len(application_ids) <= AT_ONCE:
        raise DomainError("application-batch", most=AT_ONCE)
    found, left = _held(session, application_ids, actor), list[tuple[int, str]]()
    look_again(session, found, at)
    good = []
    for one in found:
        try:
            _must_be_let(one, action, actor)
        except DomainError as error:
            left.append((one.id, error.code))
            continue
        if one.failed:
            left.append((one.id, "application-fails"))
        else:
            good.append(one)
    _apply(session, good, action, actor, at)
    return Batch(len(good), tuple(left))


def credit_fault(found: ListingApplication) -> Issue | None:
    """Say why an application can't be approved even with an opinion: credit bars what it lists or prices."""
    failed = next((one for one in found.checks if one["code"] == Check.CREDIT and one.get("passed") is False), None)
    if failed is None or found.purpose is Purpose.DELIST:
        return None
    return Issue("application-credit", facts={"reason": failed["facts"]["reason"]})


def _held(session: Session, ids: Sequence[int], actor: Actor) -> Sequence[ListingApplication]:
    found = queries.held(session, ids, actor)
    if len(found) != len(set(ids)):
        raise NotFound(applications=list(ids))
    return found


def _missing(action: ApplicationAction, text: str, back: Back | None) -> dict[str, Issue]:
    wrong = {}
    if action not in TAGS:
        wrong["action"] = Issue("unknown-choice", value=action)
    if len(text) > LONGEST:
        wrong["text"] = Issue("text-too-long", facts={"most": LONGEST})
    needs = action is ApplicationAction.NOTE or (action is ApplicationAction.RETURN and back is Back.ELSE)
    if needs and not text.strip():
        wrong["text"] = Issue("needed")
    if action is ApplicationAction.RETURN and back is None:
        wrong["back"] = Issue("needed")
    return wrong


def _must_be_let(found: ListingApplication, action: ApplicationAction, actor: Actor) -> None:
    """Refuse a wrong state, whoever applied or works for the company, and for approving whoever checked."""
    APPLICATION_FLOW.after(found.state, action)
    if actor.organisation_id == found.company_id:
        raise Forbidden
    checked = (found.checked_by_id,) if action is ApplicationAction.APPROVE else ()
    must_be_another(actor, found.submitted_by_id, *checked)


def _apply(
    session: Session, found: Sequence[ListingApplication], action: ApplicationAction, actor: Actor, at: datetime, *,
    text: str = "", back: Back | None = None,
) -> None:  # fmt: skip
    """Change the applications, keep who said what, do what was approved, tell the companies."""
    if not found or actor.user_id is None:
        return
    changed: Mapping[ApplicationAction, Callable[[ListingApplication], None]] = {
        ApplicationAction.CHECK: lambda one: _say(one, checked_by_id=actor.user_id, checked_at=at),
        ApplicationAction.APPROVE: lambda one: _say(one, decided_by_id=actor.user_id, decided_at=at),
        ApplicationAction.RETURN: lambda one: _say(one, back=back, decided_by_id=actor.user_id, decided_at=at),
    }
    for one in found:
        one.state = APPLICATION_FLOW.after(one.state, action)
        one.note = text or one.note
        flag_modified(one, "note")  # an opinion is a version, too
        changed.get(action, _nothing)(one)
        session.add(ApplicationLook(application=one, action=action, back=back, text=text, by_id=actor.user_id, at=at))
        facts = {"back": back, "text": text, "failed": one.failed}
        record(session, TAGS[action], one, actor, at, facts)
    session.flush()
    if action is ApplicationAction.APPROVE:
        _do(session, found, actor, at)
    if action in (ApplicationAction.APPROVE, ApplicationAction.RETURN):
        told = sorted({one.company_id for one in found})
        code = "application-approved" if action is ApplicationAction.APPROVE else "application-returned"
        notify(session, code=code, facts={"count": len(found)}, organisations=told, url="/pricing/applications", at=at)


def _say(found: ListingApplication, **values: Any) -> None:
    for name, value in values.items():
        setattr(found, name, value)


def _nothing(_found: ListingApplication) -> None:
    """Change nothing more."""


def _do(session: Session, found: Sequence[ListingApplication], actor: Actor, at: datetime) -> None:
    """List, price and delist what was approved; the labels of the varieties follow at once."""
    day = today(at)
    rows = [(one, _row(one, day)) for one in found if one.purpose is not Purpose.DELIST]
    if rows:
        list_products(session, rows=[row for _one, row in rows], actor=actor, at=at, origin="application")
        session.flush()
    _delist(session, [one for one in found if one.purpose is Purpose.DELIST], day, actor, at)
    made = current(session, [row for _one, row in rows]) if rows else {}
    for one, row in rows:
        one.listing_id = made[row.key].id
    _evaluated(session, found, actor, at)
    ids = sorted({one.product_id for one in found})
    varieties = select(Specification.variety_id).join(Product).where(among(Product.id, ids)).distinct()
    relabel(session, varieties=set(session.scalars(varieties)), by_region=sets.by_region(session, day), day=day, at=at)


def _row(one: ListingApplication, day: date) -> NewListing:
    assert one.price is not None
    return NewListing(one.product_id, one.region_code, one.kind, one.price, max(day, one.starts), None, one.reason)


def _delist(session: Session, found: Sequence[ListingApplication], day: date, actor: Actor, at: datetime) -> None:
    """End the listings; until when one may not come back is the region's parameter, unless nobody knows it."""
    if not found:
        return
    held = of_keys(session, [one.key for one in found])
    if missing := [one.id for one in found if one.key not in held]:
        raise NotFound(applications=missing)
    end_many(session, [Ending(held[one.key], max(day, one.starts), one.reason) for one in found], actor=actor, at=at)
    for one in found:
        one.listing_id, one.bar_until = held[one.key], _barred(one.region_code, max(day, one.starts))


def _barred(region_code: str, last: date) -> date | None:
    try:
        return months_after(last, int(policy(region_code).value("relisting.months")))
    except UnsetParameter:
        return None


def _evaluated(session: Session, found: Sequence[ListingApplication], actor: Actor, at: datetime) -> None:
    """Keep what the documents said about the consistency evaluation."""
    said = {one.product_id: (one.passed, f"application/{one.id}") for one in found if one.passed is not None}
    say(session, said=said, actor=actor, at=at)
