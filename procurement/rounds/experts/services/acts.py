"""What every verb of a panel begins with: a locked round between publication and opening, the panel at work."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel.errors import Conflict, NotFound
from procurement.rounds.experts import queries
from procurement.rounds.experts.flow import PanelState
from procurement.rounds.experts.models import Panel
from procurement.rounds.models.rounds import Round


def must_be_before_opening(round_: Round) -> None:
    """Refuse a round whose rules let no experts score, or in which it is not yet or no more their time."""
    if not queries.manner(round_).items:
        raise NotFound(round=round_.id)
    if round_.state not in queries.BEFORE_OPENING:
        raise Conflict("panel-too-late", code=round_.code)


def at_work(session: Session, round_: Round) -> Panel:
    """Return the panel at work of a locked round that is not opened, or refuse."""
    must_be_before_opening(round_)
    found = queries.panel(session, round_, fresh=True)
    if found is None or found.state is not PanelState.WORKING:
        raise NotFound(round=round_.id)
    return found
