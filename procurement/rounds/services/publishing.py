"""Publish a round when everything that bidders go by is there, all checks at once; or void it, with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import Part
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.auth.second import must_be_another
from kernel.errors import Conflict, DomainError, FileRefused, Invalid, Issue
from kernel.notices.services import notify
from procurement.bids.boxes import services as boxes
from procurement.bids.flow import BoxState, InvalidPrice
from procurement.demand.flow import CallState
from procurement.demand.models import Lot, LotSpecification
from procurement.demand.services import lots
from procurement.dossiers.flow import DocumentKind, Unmet, ValidAt
from procurement.dossiers.rules import Asked
from procurement.rounds.announcements import services as announcements
from procurement.rounds.announcements.flow import AnnouncementKind
from procurement.rounds.draft.flow import Ending
from procurement.rounds.draft.services.sessions import end_with
from procurement.rounds.flow import RoundAction
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds, rulesets
from procurement.rounds.queries.parts import summed
from procurement.rounds.rules.columns import Item
from procurement.rounds.rules.freezing import digest, frozen
from procurement.rounds.services.acts import locked, move, must_allow
from procurement.tags import Tag

SHORTEST = timedelta(minutes=1)


class NotReady(FileRefused):
    """A draft lacks something; `issues` say everything that is missing."""

    code = "round-not-ready"

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(issues)
        self.code = "round-not-ready"


def missing(session: Session, round_: Round, at: datetime) -> list[Issue]:
    """List everything that keeps a draft from being published."""
    return [*_demand(round_), *_lots(session, round_), *_calendar(round_, at), *_rules(round_)]


def _demand(round_: Round) -> Iterator[Issue]:
    if round_.call.state is not CallState.LOCKED:
        yield Issue("demand-not-locked", column="demand", facts={"call": round_.call.title})


def _lots(session: Session, round_: Round) -> Iterator[Issue]:
    found = rounds.lots(session, round_)
    if not found:
        yield Issue("no-lots", column="lots")
    sums, limit = _consumable_rules(round_)
    for lot in found:
        bare = [each.specification.text for each in lot.specifications if each.cap is None and not _capped(each, limit)]
        facts = {"lot": lot.number, "variety": lot.variety.name}
        if not lot.specifications:
            yield Issue("lot-without-specifications", column="lots", facts=facts)
        if bare:
            yield Issue("cap-missing", column="caps", facts={**facts, "specifications": bare})
        yield from _parts(lot, facts, sums=sums, limit=limit)


def _capped(each: LotSpecification, limit: Decimal | None) -> bool:
    """A service without a cap of its own is capped by the rules' highest fee."""
    return limit is not None and each.specification.part is Part.SERVICE


def _parts(lot: Lot, facts: dict[str, object], *, sums: bool, limit: Decimal | None) -> Iterator[Issue]:
    """What stands in the way of a consumable: components that nobody adds up, a fee's cap above the rules' highest."""
    if lot.variety.is_consumable and not sums:
        if any(each.specification.part is Part.COMPONENT for each in lot.specifications):
            yield Issue("components-not-summed", column="rules", facts=facts)
        fees = [each.cap for each in lot.specifications if each.specification.part is Part.SERVICE and each.cap]
        if limit is not None and fees and fees[0] > limit:
            yield Issue("fee-cap-above-limit", column="caps", facts={**facts, "cap": fees[0], "limit": limit})


def _consumable_rules(round_: Round) -> tuple[bool, Decimal | None]:
    """Say whether the rules add components up, and their highest service fee; rules that can't be read say neither."""
    try:
        highest = rulesets.in_force(round_).parameters.value("line.highest", {})
    except DomainError:
        return True, None
    return summed(round_), Decimal(highest[Item.SERVICE_FEE]) if Item.SERVICE_FEE in highest else None


def _calendar(round_: Round, at: datetime) -> Iterator[Issue]:
    start, end = round_.box.receives_from, round_.box.deadline
    if start is None:
        yield Issue("start-missing", column="calendar")
    if end is None:
        yield Issue("deadline-missing", column="calendar")
    elif end <= at + SHORTEST:
        yield Issue("round-deadline-past", column="calendar")
    if start is not None and end is not None and end <= start:
        yield Issue("round-deadline-before-start", column="calendar")


def _rules(round_: Round) -> Iterator[Issue]:
    try:
        rule_set = rulesets.in_force(round_)
    except DomainError as error:
        yield Issue(error.code, column="rules", facts=error.facts)
        return
    for name in rule_set.unset_always_needed():
        yield Issue("unset-parameter", column="rules", facts={"parameter": name})


def publish(session: Session, *, round_id: int, actor: Actor, at: datetime) -> Round:
    """Publish a draft: the rules freeze, the box receives bids from its hour on. Never by whoever drafted it."""
    round_ = locked(session, round_id, actor, at)
    must_allow(round_, RoundAction.PUBLISH)
    must_be_another(actor, round_.created_by_id)
    problems = missing(session, round_, at)
    if problems:
        raise NotReady(problems)
    move(round_, RoundAction.PUBLISH)
    _cap_services(session, round_, actor, at)
    round_.rule_set_text = frozen(rulesets.in_force(round_))
    round_.rules_digest = digest(round_.rule_set_text)
    round_.published_at, round_.published_by_id = at, actor.user_id
    _announce(session, round_, actor, at)
    facts = {"rules": round_.rule_set_id, "rules_digest": round_.rules_digest,
             "receives_from": round_.box.receives_from, "deadline": round_.box.deadline}  # fmt: skip
    record(session, Tag.ROUND_PUBLISHED, round_, actor, at, facts)
    tell_companies(session, round_, "round-published", at)
    return round_


def _cap_services(session: Session, round_: Round, actor: Actor, at: datetime) -> None:
    """Write the rules' highest fee down as the cap of every service that has none, so that bids are held against it."""
    _sums, limit = _consumable_rules(round_)
    bare = {each.id: limit for lot in rounds.lots(session, round_) for each in lot.specifications
            if each.cap is None and _capped(each, limit)}  # fmt: skip
    if bare:
        lots.set_caps_for_round(session, call_id=round_.call_id, caps=bare, actor=actor, at=at)


def _announce(session: Session, round_: Round, actor: Actor, at: datetime) -> None:
    box = round_.box
    if box.receives_from is None or box.deadline is None:
        raise NotReady([Issue("deadline-missing", column="calendar")])
    start, end = box.receives_from, box.deadline
    value = rulesets.in_force(round_).parameters.value
    asked = Asked(
        company=tuple(DocumentKind(kind) for kind in value("eligibility.company_documents", [])),
        product=tuple(DocumentKind(kind) for kind in value("eligibility.product_documents", [])),
        valid_at=ValidAt(value("eligibility.valid_at", ValidAt.DEADLINE)),
        unmet=Unmet(value("eligibility.unmet", Unmet.MARK)),
    )
    boxes.announce(
        session, box=box, receives_from=start, deadline=end, actor=actor, at=at, eligibility=asked,
        invalid_price=InvalidPrice(value("bid.invalid_price", InvalidPrice.REFUSE)),
        joint_most=value("bid.joint_most", 0) if value("bid.joint", False) else 0,
    )  # fmt: skip


def void(session: Session, *, round_id: int, reason: str, actor: Actor, at: datetime) -> Round:
    """End a round before its opening, with a reason that everybody can read. Later two persons do it (rounds.voids)."""
    round_ = locked(session, round_id, actor, at)
    must_allow(round_, RoundAction.VOID)
    if round_.opened_at is not None:
        raise Conflict("void-needs-two", code=round_.code)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    return end(session, round_, reason, actor, at)


def end(session: Session, round_: Round, reason: str, actor: Actor, at: datetime, *, code: str = "") -> Round:
    """Make a locked round void, and announce it where it was published."""
    move(round_, RoundAction.VOID)
    round_.void_reason = reason.strip()
    _void_box(session, round_, actor, at)
    end_with(session, round_, ending=Ending.VOID, actor=actor)
    record(session, Tag.ROUND_VOIDED, round_, actor, at, {"reason": round_.void_reason})
    if round_.published_at is None:
        return round_
    announcements.issue(
        session, round_=round_, kind=AnnouncementKind.VOID, reason=code, text=round_.void_reason, actor=actor, at=at
    )  # fmt: skip
    if round_.opened_at is None:
        tell_companies(session, round_, "round-voided", at)  # who has bid is nobody's business before the opening
    announcements.tell_concerned(session, round_, "round-voided", at)
    return round_


def _void_box(session: Session, round_: Round, actor: Actor, at: datetime) -> None:
    """Give the box up with the round; an opened one stays as the record of what was opened."""
    if round_.box.state is not BoxState.OPENED:
        boxes.void_box(session, box=round_.box, actor=actor, at=at)


def tell_companies(session: Session, round_: Round, code: str, at: datetime, **facts: str) -> None:
    """Tell every manufacturer about a public act of a round."""
    told = {"round": round_.code, "title": round_.title, **facts}
    url = f"/procurement/rounds/{round_.id}/notice"
    notify(session, code=code, facts=told, at=at, url=url, roles=(Role.MANUFACTURER,))
