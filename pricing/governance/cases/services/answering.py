"""What the company does: answer, sign the minutes, commit to prices, cut them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, Invalid, Issue
from kernel.periods import last_second
from kernel.working import plain
from pricing.governance.cases import rules
from pricing.governance.cases.flow import CASE_FLOW, CaseAction, CaseState
from pricing.governance.cases.models import PriceCase
from pricing.governance.cases.queries import cases, prices
from pricing.governance.cases.services import acts
from pricing.governance.labelling.services import cutting
from pricing.tags import Tag

A, S = CaseAction, CaseState
CUTS = (S.COMMITTED, S.NOT_KEPT, S.EXPOSED)


def answer(
    session: Session, *, case_id: int, text: str, files: Sequence[tuple[str, bytes]] = (), actor: Actor, at: datetime
) -> PriceCase:
    """Answer an inquiry in writing, with attachments; late is better than never, and is said."""
    found = cases.owned(session, case_id, actor)
    state = found.state_on(at)
    CASE_FLOW.after(state, A.ANSWER)
    acts.needed(text=text)
    digests = acts.attach(session, found, files, actor, at) if files else []
    facts = {"late": state is S.OVERDUE, "files": digests}
    return acts.moved(session, found, A.ANSWER, actor, at, text=text, facts=facts)


def sign(session: Session, *, case_id: int, actor: Actor, at: datetime) -> PriceCase:
    """Sign the minutes for the company."""
    found = cases.owned(session, case_id, actor)
    return acts.moved(session, found, A.SIGN_COMPANY, actor, at, due_at=found.due_at)


def commit_to(
    session: Session, *, case_id: int, written: Mapping[int, Decimal | None], keep_by: date | None, text: str,
    actor: Actor, at: datetime,
) -> PriceCase:  # fmt: skip
    """Commit to a price for every line (yuan per unit, by the line's id) by a day, or refuse with every mistake."""
    found = cases.owned(session, case_id, actor)
    CASE_FLOW.after(found.state_on(at), A.COMMIT)
    listed = prices.current(session, found)
    wrong = {}
    for line in found.lines:
        standing = listed[line.id].price if line.id in listed else line.price
        if issue := _fault(written.get(line.id), standing):
            wrong[f"price-{line.id}"] = issue
    if keep_by is None:
        wrong["keep_by"] = Issue("needed")
    elif keep_by < today(at):
        wrong["keep_by"] = Issue("case-past")
    if wrong:
        raise Invalid(wrong)
    assert keep_by is not None
    for line in found.lines:
        line.committed = written[line.id]
    said = {str(line.id): plain(line.committed) for line in found.lines if line.committed is not None}
    facts = {"keep_by": keep_by.isoformat(), "prices": said}
    return acts.moved(session, found, A.COMMIT, actor, at, text=text[: rules.LONGEST], facts=facts,
                      due_at=last_second(keep_by))  # fmt: skip


def _fault(price: Decimal | None, standing: Decimal) -> Issue | None:
    if price is None:
        return Issue("needed")
    if not rules.fits(price):
        return Issue("listing-bad-price", facts={"price": price})
    return Issue("case-too-dear", facts={"price": standing}) if price > standing else None


def cut(session: Session, *, case_id: int, actor: Actor, at: datetime) -> int:
    """Cut every price of a case that is above its commitment to it, from today on; return how many were."""
    found = cases.owned(session, case_id, actor)
    if found.state not in CUTS:
        raise Conflict("wrong-state", state=found.state_on(at), action=A.COMMIT)
    listed = prices.current(session, found)
    above = [
        (listed[line.id].id, line.committed)
        for line in found.lines
        if line.committed is not None and line.id in listed and listed[line.id].price > line.committed
    ]
    for listing_id, price in above:
        cutting.cut(session, listing_id=listing_id, written=format(price, "f"), actor=actor, at=at)
    if above:
        record(session, Tag.PRICE_CASE_CUT, found, actor, at, {"count": len(above)})
    return len(above)
