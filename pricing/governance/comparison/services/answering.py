"""A company answers a warning or cuts its price; the bureau accepts the answer or returns it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import today
from kernel.errors import Conflict, Invalid, Issue, NotFound
from kernel.money import NotANumber, parse_decimal
from kernel.notices.services import notify
from kernel.working import plain
from pricing.governance.comparison.flow import WARNING_FLOW, WarningAction, WarningState
from pricing.governance.comparison.models import LinkageWarning
from pricing.governance.comparison.queries import warnings
from pricing.governance.comparison.services.building import rebuild
from pricing.governance.labelling.services.cutting import cut
from pricing.tags import Tag

LONGEST = 1_000
URL = "/pricing/linkage"


def answer(session: Session, *, warning_id: int, text: str, actor: Actor, at: datetime) -> LinkageWarning:
    """Answer a warning as its company; late answers are taken, and seen to be late."""
    found = _own(session, warning_id, actor)
    state, said = WARNING_FLOW.after(found.state, WarningAction.ANSWER), _written(text)
    found.state, found.answer, found.answered_by_id, found.answered_at = state, said, actor.user_id, at
    record(session, Tag.LINKAGE_ANSWERED, found, actor, at, {"text": found.answer})
    return found


def decide(
    session: Session, *, warning_id: int, action: WarningAction, text: str, version: int, actor: Actor, at: datetime
) -> LinkageWarning:
    """Accept the answer that was read, or return it with the reason; the last day stays."""
    found = warnings.one(session, warning_id, actor, lock=True)
    if found.version != version:
        raise Conflict("changed-meanwhile")
    state, said = WARNING_FLOW.after(found.state, action), _written(text)
    must_be_another(actor, found.answered_by_id)
    found.state, found.reply, found.decided_by_id, found.decided_at = state, said, actor.user_id, at
    tag = Tag.LINKAGE_ACCEPTED if action is WarningAction.ACCEPT else Tag.LINKAGE_RETURNED
    record(session, tag, found, actor, at, {"text": found.reply})
    code = "linkage-accepted" if action is WarningAction.ACCEPT else "linkage-returned"
    notify(session, code=code, facts={}, organisations=[found.company_id], url=f"{URL}/{found.id}", at=at)
    return found


def cut_to_lowest(session: Session, *, warning_id: int, shown: str, actor: Actor, at: datetime) -> LinkageWarning:
    """Cut one's own price to the lowest provincial price, as it was `shown` and still is; the warning is cleared."""
    found = _own(session, warning_id, actor)
    listing, gap = warnings.standing(session, found), warnings.gap(session, found)
    if found.state not in (WarningState.OPEN, WarningState.ANSWERED) or listing is None or gap is None:
        raise Conflict("linkage-not-above")
    written, group = plain(gap.lowest), found.group_id
    if _number(shown) != gap.lowest:
        raise Conflict("changed-meanwhile")
    cut(session, listing_id=listing.id, written=written, actor=actor, at=at)
    rebuild(session, groups=[group], day=today(at), at=at)
    return warnings.one(session, warning_id, actor)


def _number(shown: str) -> Decimal | None:
    try:
        return parse_decimal(shown)
    except NotANumber:
        return None


def _own(session: Session, warning_id: int, actor: Actor) -> LinkageWarning:
    found = warnings.one(session, warning_id, actor, lock=True)
    if found.company_id != actor.organisation_id:
        raise NotFound(warning=warning_id)
    return found


def _written(text: str) -> str:
    kept = text.strip()
    if not kept:
        raise Invalid({"text": Issue("needed")})
    if len(kept) > LONGEST:
        raise Invalid({"text": Issue("text-too-long", facts={"most": LONGEST})})
    return kept
