"""File a hospital's own price; accept it, which publishes and sets it, return it, or take it back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.clock import today
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, Issue
from kernel.notices.services import notify
from kernel.parties.models import Organisation
from kernel.policy import covers
from pricing.items.filings import queries
from pricing.items.filings.flow import FILING_FLOW, FilingAction, FilingState
from pricing.items.filings.models import PriceFiling
from pricing.items.filings.rules import OF_MARKET, earliest, is_price
from pricing.items.flow import PriceSource, Pricing
from pricing.items.rules.prices import NewPrice, grade_of
from pricing.items.services.prices import set_prices
from pricing.tags import Tag

MOST_TEXT = 1_000


def file_price(
    session: Session, *, item_id: int, price: Decimal, starts_on: date, reason: str, actor: Actor, at: datetime
) -> PriceFiling:
    """File a price of the actor's hospital."""
    version = queries.own_priced(session, item_id, today(at))
    wrong = {}
    if not is_price(price):
        wrong["price"] = Issue("service-bad-own-price", value=str(price))
    if starts_on < (first := _earliest(version.pricing, at)):
        wrong["starts_on"] = Issue("service-too-soon", facts={"day": first})
    if not reason.strip() or len(reason) > MOST_TEXT:
        wrong["reason"] = Issue("service-no-reason", facts={"most": MOST_TEXT})
    if wrong:
        raise Invalid(wrong)
    if _waits(session, item_id, actor.organisation_id):
        raise Conflict("service-filing-waits")
    assert actor.organisation_id is not None
    made = PriceFiling(
        item_id=item_id, hospital_id=actor.organisation_id, price=price, starts_on=starts_on, reason=reason.strip(),
        filed_by_id=actor.user_id, filed_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the audit event names its id
    told = {"item": version.name, "price": price, "starts_on": starts_on}
    record(session, Tag.SERVICE_PRICE_FILED, made, actor, at, told)
    return made


def _earliest(pricing: Pricing, at: datetime) -> date:
    return earliest(pricing, today(at), notice=queries.parameters().value("notice.trial"))


def _waits(session: Session, item_id: int, hospital_id: int | None) -> bool:
    query = select(PriceFiling.id).where(
        PriceFiling.item_id == item_id, PriceFiling.hospital_id == hospital_id, PriceFiling.state == FilingState.FILED
    )
    return session.scalar(query) is not None


def accept(session: Session, *, filing_id: int, actor: Actor, at: datetime) -> PriceFiling:
    """Accept a filing: it is published, and the price holds from its day on or from the first day after notice."""
    filing = _locked(session, filing_id, actor)
    state = FILING_FLOW.after(filing.state, FilingAction.ACCEPT)
    version = queries.own_priced(session, filing.item_id, today(at))
    share = queries.share(session, filing.hospital_id, today(at).year - 1)
    if version.pricing in OF_MARKET and share.over:
        raise DomainError("service-share-over", share=share.value, cap=share.cap, year=share.year)
    starts_on = max(filing.starts_on, _earliest(version.pricing, at))
    hospital = session.get_one(Organisation, filing.hospital_id)
    new = NewPrice(
        filing.item_id, hospital.region_code or "", grade_of(hospital.grade), filing.price, filing.hospital_id
    )
    filing.state, filing.starts_on, filing.decided_by_id, filing.decided_at = state, starts_on, actor.user_id, at
    session.flush()  # setting prices forgets what is not written
    set_prices(session, [new], starts_on=starts_on, source=PriceSource.FILING, source_id=filing.id, actor=actor, at=at)
    told = {"item": version.name, "price": filing.price, "starts_on": starts_on}
    record(session, Tag.SERVICE_FILING_ACCEPTED, filing, actor, at, told)
    _tell(session, "service-filing-accepted", filing, version.name, at)
    return filing


def send_back(session: Session, *, filing_id: int, note: str, actor: Actor, at: datetime) -> PriceFiling:
    """Return a filing with the reason."""
    filing = _locked(session, filing_id, actor)
    state = FILING_FLOW.after(filing.state, FilingAction.RETURN)
    if not note.strip() or len(note) > MOST_TEXT:
        raise Invalid({"note": Issue("service-no-reason", facts={"most": MOST_TEXT})})
    filing.state, filing.note, filing.decided_by_id, filing.decided_at = state, note.strip(), actor.user_id, at
    record(session, Tag.SERVICE_FILING_RETURNED, filing, actor, at, {"reason": filing.note})
    version = queries.names(session, [filing], today(at)).get(filing.item_id)
    _tell(session, "service-filing-returned", filing, version.name if version else filing.item.code, at)
    return filing


def withdraw(session: Session, *, filing_id: int, actor: Actor, at: datetime) -> PriceFiling:
    """Take a filing of one's own back before it is decided."""
    filing = _locked(session, filing_id, actor)
    filing.state = FILING_FLOW.after(filing.state, FilingAction.WITHDRAW)
    filing.decided_by_id, filing.decided_at = actor.user_id, at
    record(session, Tag.SERVICE_FILING_WITHDRAWN, filing, actor, at, {})
    return filing


def _locked(session: Session, filing_id: int, actor: Actor) -> PriceFiling:
    """Return a filing within the actor's scope as it is once nobody else changes it."""
    found = queries.one(session, filing_id, actor)
    if not covers(actor.region, found.hospital.region_code or ""):
        raise Forbidden
    session.refresh(found, with_for_update=True)
    return found


FILERS = (Role.HOSPITAL_FINANCE,)
"""Whom a hospital's filings concern."""


def _tell(session: Session, code: str, filing: PriceFiling, name: str, at: datetime) -> None:
    facts = {"item": name, "price": filing.price, "day": filing.starts_on}
    url = f"/pricing/services/filings/{filing.id}"
    notify(session, code=code, facts=facts, organisations=[filing.hospital_id], roles=FILERS, url=url, at=at)
