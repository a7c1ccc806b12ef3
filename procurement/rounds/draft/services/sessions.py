"""A draft as a whole: opened over lots, started, paused with a reason, resumed, cancelled; or run by lists at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock
from kernel.errors import Conflict, Invalid, Issue
from procurement.demand.models import Lot
from procurement.rounds.draft import queries
from procurement.rounds.draft.flow import DRAFT_FLOW, DraftAction, DraftState, Ending
from procurement.rounds.draft.models import DraftLot, DraftPause, RegionDraft
from procurement.rounds.draft.services.turns import Held, held, held_live, tell_companies
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Pick
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.services.acts import NotDecided, locked
from procurement.rounds.voids.queries import must_stand
from procurement.tags import Tag

LEAST_SECONDS, MOST_SECONDS, MOST_REASON = 3, 86_400, 500


@dataclass(frozen=True, slots=True)
class Setting:
    """How a draft goes: seconds a turn, lots at the same time, when it starts (None: by hand)."""

    seconds: int = 60
    at_once: int = 1
    starts_at: datetime | None = None


def open_draft(
    session: Session, *, round_id: int, setting: Setting, lots: Sequence[int] = (), reason: str = "", actor: Actor,
    at: datetime,
) -> RegionDraft:  # fmt: skip
    """Open a live draft over lots by number, without any over all that are not drafted yet; tell who chooses.

    Lots that are drafted already are drafted anew; that needs a reason.
    """
    round_ = _announced(session, round_id, actor, at)
    wrong = _wrong(setting, after_lock(session))
    if wrong:
        raise Invalid(wrong)
    draft = _opened(session, round_, setting, lots, reason, actor, at)
    tell_companies(session, round_, draft, "draft-opened", at, seconds=setting.seconds)
    return draft


def run(
    session: Session, *, round_id: int, lots: Sequence[int] = (), reason: str = "", actor: Actor, at: datetime
) -> int:
    """Draft lots by the preference lists at once: a draft in which nobody is waited for. Return how many turns it took.

    A company without a list takes what is left in the order of the region codes.
    """
    round_ = _announced(session, round_id, actor, at)
    setting = Setting(LEAST_SECONDS, MOST_SECONDS, after_lock(session))
    draft = _opened(session, round_, setting, lots, reason, actor, at, by_list=True)
    done = held_live(session, round_)
    assert done is not None and done.draft is draft
    return sum(len(lot.turns) for lot in done.lots)


def start(session: Session, *, round_id: int, number: int, actor: Actor, at: datetime) -> RegionDraft:
    """Start a planned draft now."""
    now = held(session, round_id=round_id, number=number, actor=actor, at=at)
    now.draft.state = DRAFT_FLOW.after(now.draft.state, DraftAction.START)
    now.draft.starts_at = now.now
    record(session, Tag.DRAFT_STARTED, now.draft, actor, now.now, {"by_hand": True})
    held_live(session, now.round_)
    return now.draft


def pause(session: Session, *, round_id: int, number: int, reason: str, actor: Actor, at: datetime) -> DraftPause:
    """Stop a draft's clock, with a reason that everybody sees."""
    now = held(session, round_id=round_id, number=number, actor=actor, at=at)
    state = DRAFT_FLOW.after(now.draft.state, DraftAction.PAUSE)
    made = DraftPause(
        draft_id=now.draft.id, reason=_reason(reason), paused_at=now.now, paused_by_id=actor.user_id
    )  # fmt: skip
    now.draft.pauses.append(made)
    now.draft.state, now.draft.due_at, now.draft.version = state, None, now.draft.version + 1
    record(session, Tag.DRAFT_PAUSED, now.draft, actor, now.now, {"reason": made.reason})
    return made


def resume(session: Session, *, round_id: int, number: int, actor: Actor, at: datetime) -> RegionDraft:
    """Let a paused draft go on: every open turn has as much time left as when the clock stopped."""
    now = held(session, round_id=round_id, number=number, actor=actor, at=at)
    draft, state = now.draft, DRAFT_FLOW.after(now.draft.state, DraftAction.RESUME)
    stopped = draft.pauses[-1]
    stopped.resumed_at, stopped.resumed_by_id = now.now, actor.user_id
    for row, lot in zip(draft.lots, now.lots, strict=True):
        row.due_at = lot.due + (now.now - stopped.paused_at) if lot.due else None
    draft.state, draft.version = state, draft.version + 1
    draft.due_at = queries.earliest(row.due_at for row in draft.lots)
    record(session, Tag.DRAFT_RESUMED, draft, actor, now.now, {"reason": stopped.reason})
    held_live(session, now.round_)
    return draft


def cancel(session: Session, *, round_id: int, number: int, reason: str, actor: Actor, at: datetime) -> RegionDraft:
    """Give a draft up, with a reason. Lots that it finished stay drafted, the record of the others is kept."""
    now = held(session, round_id=round_id, number=number, actor=actor, at=at)
    DRAFT_FLOW.after(now.draft.state, DraftAction.CANCEL)
    _cancel(session, now, Ending.BY_HAND, _reason(reason), actor)
    return now.draft


def end_with(session: Session, round_: Round, *, ending: Ending, actor: Actor) -> None:
    """Give up the live draft of a locked round that is evaluated anew or loses lots; take back what was drafted."""
    now = held_live(session, round_)
    if now is not None and now.draft.state is not DraftState.FINISHED:
        _cancel(session, now, ending, "", actor)
    session.execute(delete(Pick).where(Pick.round_id == round_.id))


def _cancel(session: Session, held_: Held, ending: Ending, reason: str, actor: Actor) -> None:
    draft, now = held_.draft, held_.now
    draft.state = DRAFT_FLOW.after(draft.state, DraftAction.CANCEL)
    draft.cancelled_at, draft.ending, draft.cancel_reason, draft.due_at = now, ending, reason, None
    draft.version += 1
    for row in draft.lots:
        row.due_at = None
    record(session, Tag.DRAFT_CANCELLED, draft, actor, now, {"draft_ending": ending, "reason": reason})
    code = "draft-cancelled" if ending is Ending.BY_HAND else "draft-dropped"
    tell_companies(session, held_.round_, draft, code, now, reason=reason)


def _announced(session: Session, round_id: int, actor: Actor, at: datetime) -> Round:
    round_ = locked(session, round_id, actor, at)
    if round_.state is not RoundState.ANNOUNCED:
        raise Conflict("not-announced", code=round_.code)
    return round_


def _opened(
    session: Session, round_: Round, setting: Setting, numbers: Sequence[int], reason: str, actor: Actor, at: datetime,
    *, by_list: bool = False,
) -> RegionDraft:  # fmt: skip
    rules, evaluation = supply.draft_rules(round_), results.latest(session, round_)
    if not rules.enabled or evaluation is None:
        raise Conflict("no-draft-in-rules", code=round_.code)
    must_stand(session, round_, evaluation)
    before = held_live(session, round_)
    if before is not None and before.draft.state is not DraftState.FINISHED:
        raise Conflict("draft-under-way", number=before.draft.number)
    chosen = _lots(session, round_, evaluation, numbers, reason)
    draft = RegionDraft(
        round_id=round_.id, number=queries.next_number(session, round_), evaluation_id=evaluation.id, by_list=by_list,
        seconds=setting.seconds, at_once=min(setting.at_once, len(chosen)), starts_at=setting.starts_at,
        due_at=setting.starts_at, reason=reason.strip(), opened_by_id=actor.user_id, opened_at=at,
    )  # fmt: skip
    regions = rounds.region_codes(session, round_)
    draft.lots = [
        DraftLot(lot=lot, position=place, company_ids=[one.company_id for one in found], region_codes=regions,
                 first_picks=rules.first_picks, backup=rules.backup)
        for place, (lot, found) in enumerate(chosen, 1)
    ]  # fmt: skip
    session.add(draft)
    session.execute(delete(Pick).where(Pick.round_id == round_.id, Pick.lot_id.in_([lot.id for lot, _ in chosen])))
    session.flush()  # the audit event names the id
    facts = {"round": round_.code, "number": draft.number, "evaluation": evaluation.number, "by_list": by_list,
             "lots": [lot.number for lot, _ in chosen], "seconds": setting.seconds, "at_once": draft.at_once,
             "starts_at": setting.starts_at, "reason": draft.reason}  # fmt: skip
    record(session, Tag.DRAFT_OPENED, draft, actor, at, facts)
    return draft


def _lots(
    session: Session, round_: Round, evaluation: Evaluation, numbers: Sequence[int], reason: str
) -> list[tuple[Lot, list[Decision]]]:
    """Return the lots to draft with who chooses; refuse those that can't be, and a second draft without a reason."""
    winners = supply.choosing(session, evaluation)
    able = [lot for lot in rounds.lots(session, round_) if lot.id in winners]
    drafted = supply.main_suppliers(session, round_)
    wanted = [lot for lot in able if lot.number in numbers] if numbers else [x for x in able if x.id not in drafted]
    if not wanted or len(wanted) < len(set(numbers)):
        raise Invalid({"lots": Issue("no-lots-to-draft")})
    shared = [lot for lot in wanted if supply.shared_ranks(winners[lot.id])]
    if shared:
        facts = [{"lot": lot.number, "variety": lot.variety.name} for lot in shared]
        raise NotDecided([Issue("draft-needs-draw", facts=each) for each in facts])
    if any(lot.id in drafted for lot in wanted) and not reason.strip():
        raise Invalid({"reason": Issue("draft-again-why")})
    return [(lot, winners[lot.id]) for lot in wanted]


def _wrong(setting: Setting, now: datetime) -> dict[str, Issue]:
    wrong: dict[str, Issue] = {}
    if not LEAST_SECONDS <= setting.seconds <= MOST_SECONDS:
        wrong["seconds"] = Issue("draft-seconds", facts={"least": LEAST_SECONDS, "most": MOST_SECONDS})
    if setting.at_once < 1:
        wrong["at_once"] = Issue("draft-at-once")
    if setting.starts_at is not None and setting.starts_at < now:
        wrong["starts_at"] = Issue("draft-start-past")
    return wrong


def _reason(reason: str) -> str:
    if not 0 < len(reason.strip()) <= MOST_REASON:
        raise Invalid({"reason": Issue("needed")})
    return reason.strip()
