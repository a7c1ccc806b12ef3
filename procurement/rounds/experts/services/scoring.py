"""What experts do: declare their interests, fill score sheets in, submit them for good; and how a sheet goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock
from kernel.errors import Conflict, Forbidden, Invalid, Issue, NotFound
from kernel.notices.services import notify
from kernel.scores import is_score
from procurement.bids.bidders.queries import is_over
from procurement.rounds.experts import queries
from procurement.rounds.experts.flow import SHEET_FLOW, SheetAction, SheetState
from procurement.rounds.experts.models import ExpertScore, InterestDeclaration, ScoreSheet, Seat
from procurement.rounds.experts.queries import Board
from procurement.rounds.experts.services.acts import at_work
from procurement.rounds.queries import rounds
from procurement.rounds.services.acts import NotYet, locked
from procurement.tags import Tag

LONGEST = 500
Marks = Mapping[tuple[int, str], Decimal | None]
"""Company and item → score, None where nothing is typed yet."""


@dataclass(frozen=True, slots=True)
class Interest:
    """What is declared about a company: a conflict or none, a conflict with its ground."""

    conflict: bool | None
    ground: str = ""


def _begun(session: Session, round_id: int, actor: Actor, at: datetime) -> tuple[Seat, Board]:
    """Return the actor's seat behind the round's lock, between the deadline of bids and that of the panel."""
    round_ = locked(session, round_id, actor, at)
    queries.my_seat(session, round_, actor)  # NotFound for everybody else, whatever the hour
    panel, now = at_work(session, round_), after_lock(session)
    seat = queries.my_seat(session, round_, actor)
    if not is_over(round_.box, now):
        raise NotYet(due=round_.box.deadline)
    if now >= panel.due_at:
        raise Conflict("panel-time-is-up", due=panel.due_at)
    return seat, queries.board(session, panel, now)


def declare(
    session: Session, *, round_id: int, interests: Mapping[int, Interest], actor: Actor, at: datetime
) -> list[InterestDeclaration]:
    """Declare about every company that bid whether there is a conflict of interest. Once, before anything is scored."""
    seat, found = _begun(session, round_id, actor, at)
    if seat.declared_at is not None:
        raise Conflict("already-declared", at=seat.declared_at)
    companies = {company for lot in found.bidders.values() for company in lot}
    wrong: dict[str, Issue] = {}
    for company in sorted(companies | set(interests)):
        said = interests.get(company)
        if company not in companies:
            raise NotFound(company=company)
        if said is None or said.conflict is None:
            wrong[f"company-{company}"] = Issue("declare-each-company")
        elif said.conflict and not said.ground.strip():
            wrong[f"ground-{company}"] = Issue("ground-needed")
        elif len(said.ground.strip()) > LONGEST:
            wrong[f"ground-{company}"] = Issue("text-too-long", facts={"most": LONGEST})
    if wrong:
        raise Invalid(wrong)
    made = [
        InterestDeclaration(
            seat_id=seat.id, company_id=company, conflict=bool(said.conflict),
            ground=said.ground.strip() if said.conflict else "",
        )
        for company, said in sorted(interests.items())
    ]  # fmt: skip
    session.add_all(made)
    seat.declared_at = at
    facts = {"round": seat.panel.round_.code, "number": seat.number,
             "conflicts": {str(one.company_id): one.ground for one in made if one.conflict}}  # fmt: skip
    record(session, Tag.INTERESTS_DECLARED, seat, actor, at, facts)
    return made


def fill_in(
    session: Session, *, round_id: int, lot_number: int, marks: Marks, note: str, final: bool, actor: Actor,
    at: datetime,
) -> ScoreSheet:  # fmt: skip
    """Keep a score sheet's marks; `final` submits it, with a mark for every company and item.

    Raises Invalid with every mistake; NotFound for a lot that the expert does not score.
    """
    seat, found = _begun(session, round_id, actor, at)
    if seat.declared_at is None:
        raise Forbidden("declare-first")
    lot = rounds.lot(session, seat.panel.round_, lot_number)
    if lot.id not in found.lots(seat):
        raise NotFound(lot=lot_number)
    sheet = found.sheets.get((seat.id, lot.id))
    state = SHEET_FLOW.after(
        sheet.state if sheet else SheetState.DRAFT, SheetAction.SUBMIT if final else SheetAction.SAVE
    )
    _must_fit(marks, {(company, item) for company in found.bidders[lot.id] for item in found.manner.items}, note, final)
    if sheet is None:
        sheet = ScoreSheet(seat_id=seat.id, seat=seat, lot_id=lot.id, state=SheetState.DRAFT)
        session.add(sheet)
    _write(sheet, marks)
    sheet.state, sheet.note, sheet.submitted_at = state, note.strip(), at if final else sheet.submitted_at
    session.flush()  # the audit event names the id
    facts = {"round": seat.panel.round_.code, "lot": lot_number, "number": seat.number, "marks": len(sheet.scores)}
    record(session, Tag.SHEET_SUBMITTED if final else Tag.SHEET_SAVED, sheet, actor, at, facts)
    return sheet


def _must_fit(marks: Marks, asked: set[tuple[int, str]], note: str, final: bool) -> None:
    wrong: dict[str, Issue] = {}
    if not set(marks) <= asked:
        raise NotFound(places=sorted(map(str, set(marks) - asked)))
    for company, item in sorted(asked):
        mark = marks.get((company, item))
        if mark is None and final:
            wrong[f"{company}-{item}"] = Issue("mark-missing")
        elif mark is not None and not is_score(mark):
            wrong[f"{company}-{item}"] = Issue("not-a-score", value=format(mark, "f"))
    if len(note) > LONGEST:
        wrong["note"] = Issue("text-too-long", facts={"most": LONGEST})
    if wrong:
        raise Invalid(wrong)


def _write(sheet: ScoreSheet, marks: Marks) -> None:
    """Put the marks in place of what stood; a mark that stays keeps its row."""
    known = {(one.company_id, one.item): one for one in sheet.scores}
    for place, mark in marks.items():
        if mark is None and place in known:
            sheet.scores.remove(known[place])
        elif mark is not None and place in known:
            known[place].score = mark
        elif mark is not None:
            sheet.scores.append(ExpertScore(company_id=place[0], item=place[1], score=mark))


def give_back(session: Session, *, round_id: int, sheet_id: int, reason: str, actor: Actor, at: datetime) -> ScoreSheet:
    """Return a submitted sheet to its expert, with a reason on record; before the opening and the panel's deadline."""
    panel = at_work(session, locked(session, round_id, actor, at))
    now = after_lock(session)
    sheet = next((one for one in queries.board(session, panel, now).sheets.values() if one.id == sheet_id), None)
    if sheet is None:
        raise NotFound(sheet=sheet_id)
    if now >= panel.due_at:
        raise Conflict("panel-time-is-up", due=panel.due_at)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    sheet.state = SHEET_FLOW.after(sheet.state, SheetAction.RETURN)
    sheet.returned_at, sheet.returned_by_id, sheet.return_reason = at, actor.user_id, reason.strip()
    lot = next(each.number for each in rounds.lots(session, panel.round_) if each.id == sheet.lot_id)
    facts = {"round": panel.round_.code, "lot": lot, "number": sheet.seat.number, "reason": sheet.return_reason}
    record(session, Tag.SHEET_RETURNED, sheet, actor, at, facts)
    told = {"round": panel.round_.code, "title": panel.round_.title, "lot": lot, "reason": sheet.return_reason}
    url = f"/procurement/rounds/{round_id}/scoring/{lot}"
    notify(session, code="sheet-returned", facts=told, at=at, users=[sheet.seat.user_id], url=url)
    return sheet
