"""Open a case about listed prices of one company in one region, from a label or by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import Forbidden, Invalid, Issue
from kernel.policy import covers
from pricing.governance.cases.flow import CaseReason, CaseState
from pricing.governance.cases.models import CaseLine, PriceCase
from pricing.governance.cases.queries import cases, prices
from pricing.governance.cases.rules import LONGEST, MOST_LINES
from pricing.governance.cases.services import acts
from pricing.governance.labelling.models import PriceLabel
from pricing.listings.flow import ListingState
from pricing.listings.models import Listing
from pricing.tags import Tag


def open_case(
    session: Session, *, listing_ids: Sequence[int], reason: CaseReason, text: str, actor: Actor, at: datetime
) -> PriceCase:
    """Draft a case; the labels that stand today are copied as evidence. Raises Invalid with every mistake."""
    if actor.user_id is None or actor.organisation_id is None or not actor.may(P.CASE_WRITE):
        raise Forbidden
    listings = prices.listings(session, set(listing_ids))
    if not all(covers(actor.region, one.region_code) for one in listings):
        raise Forbidden
    if wrong := _faults(session, listings, text, at):
        raise Invalid(wrong)
    marked = prices.labels(session, {one.product_id for one in listings}, today(at))
    made = PriceCase(
        organisation_id=actor.organisation_id, company_id=listings[0].product.company_id,
        region_code=listings[0].region_code, reason=reason, text=text.strip(), state=CaseState.DRAFT,
        made_by_id=actor.user_id, made_at=at, moved_at=at,
    )  # fmt: skip
    made.lines = [_line(one, marked.get((one.product_id, one.region_code, one.kind))) for one in listings]
    session.add(made)
    session.flush()  # the audit event names its id
    facts = {"reason": reason, "count": len(listings), "price": listings[0].price, "text": made.text}
    record(session, Tag.PRICE_CASE_OPENED, made, actor, at, facts)
    return made


def _faults(session: Session, listings: Sequence[Listing], text: str, at: datetime) -> dict[str, Issue]:
    wrong: dict[str, Issue] = {}
    ids = [one.product_id for one in listings]
    if not 0 < len(listings) <= MOST_LINES:
        return {"listing": Issue("case-lines", facts={"most": MOST_LINES})}
    if len({(one.product.company_id, one.region_code) for one in listings}) > 1:
        wrong["listing"] = Issue("case-one-company")
    elif len(set(ids)) < len(ids):
        wrong["listing"] = Issue("case-product-twice")
    elif any(one.state_on(today(at)) is ListingState.ENDED for one in listings):
        wrong["listing"] = Issue("case-listing-ended")
    elif held := prices.open_lines(session, listings[0].region_code, ids):
        wrong["listing"] = Issue("case-open-already", facts={"number": held[0].case_id})
    if not text.strip():
        wrong["text"] = Issue("needed")
    elif len(text) > LONGEST:
        wrong["text"] = Issue("text-too-long", facts={"most": LONGEST})
    return wrong


def _line(listing: Listing, label: PriceLabel | None) -> CaseLine:
    made = CaseLine(
        listing_id=listing.id, product_id=listing.product_id, region_code=listing.region_code, kind=listing.kind,
        price=listing.price,
    )  # fmt: skip
    if label is not None:
        made.label_id, made.label, made.rule = label.id, label.label, label.rule
        made.anchor, made.ratio = label.anchor, label.ratio
    return made


def attach(
    session: Session, *, case_id: int, files: Sequence[tuple[str, bytes]], actor: Actor, at: datetime
) -> PriceCase:
    """Keep the bureau's attachments with a case."""
    found = cases.handled(session, case_id, actor)
    if not files:
        raise Invalid({"file": Issue("needed")})
    digests = acts.attach(session, found, files, actor, at)
    record(session, Tag.PRICE_CASE_FILES, found, actor, at, {"count": len(digests)})
    return found
