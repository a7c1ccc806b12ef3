"""The board's page, and what rounds themselves wait for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.i18n import _, _n
from kernel.waits import Wait, waiting
from kernel.web import render
from procurement.demand.flow import CallState, settled
from procurement.rounds.board import queries
from procurement.rounds.board.queries import Collecting
from procurement.rounds.flow import Stage
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import notice, rounds
from procurement.rounds.views.shown import TONES

COLUMNS = (
    ("preparing", (Stage.DRAFT,)),
    ("bidding", (Stage.PUBLISHED, Stage.BIDDING)),
    ("evaluation", (Stage.AWAITING_OPENING, Stage.OPENED, Stage.EVALUATED)),
    ("publicity", (Stage.ANNOUNCED, Stage.AWAITING_AWARD)),
    ("awarded", (Stage.AWARDED,)),
    ("over", (Stage.CLOSED, Stage.VOID)),
)
NEXT = 12


def show(call: Call) -> str:
    """Show every round by its stage with what waits for whom, and the next dates of all of them."""
    found = queries.live(call.session, call.actor)
    waits = waiting(call.session, "round", [one.id for one in found], actor=call.actor, at=call.at)
    stages = {one.id: rounds.stage_of(one, call.at) for one in found}
    demand = [(each, _of_demand(each, call.actor, call.at)) for each in queries.collections(call.session, call.actor)]
    columns = [(name, [one for one in found if stages[one.id] in wanted]) for name, wanted in COLUMNS]
    titles = {one.id: one.title for one in found}
    dated = [(titles[wait.record_id], wait) for rows in waits.values() for wait in rows if wait.due]
    dated += [(each.call.title, wait) for each, rows in demand for wait in rows if wait.due]
    return render(
        "procurement/round_board.html", columns=columns, waits=waits, stages=stages, tones=TONES, demand=demand,
        dated=sorted(dated, key=lambda row: row[1].due or call.at)[:NEXT], at=call.at, total=len(found),
        lots=rounds.lot_counts(call.session, [one.call_id for one in found]),
    )  # fmt: skip


def _of_demand(found: Collecting, actor: Actor, at: datetime) -> list[Wait]:
    """What a collection waits for."""
    one, url = found.call, url_for("procurement.demand_call", call_id=found.call.id)
    state = settled(one.state, one.deadline, at)
    if state is CallState.DRAFT:
        return [Wait(one.id, _("Start the collection"), _("Agency"), None, url)]
    rows = []
    if state is CallState.COLLECTING:
        rows.append(Wait(one.id, _("Reports of demand"), _("Hospitals"), one.deadline, url))
    if found.waiting:
        what = _n("%(num)s report to review", "%(num)s reports to review", found.waiting)
        rows.append(Wait(one.id, what, _("Agency"), None, url))
    elif state is CallState.REVIEWING:
        rows.append(Wait(one.id, _("Lock the base"), _("Agency"), None, url))
    return rows


def of_rounds(session: Session, actor: Actor, ids: Sequence[int], at: datetime) -> Iterator[Wait]:
    """Say what rounds wait for by their own stage: questions, deadlines, draws, second persons."""
    found = queries.by_id(session, ids)
    ties, later = queries.ties(session, ids), queries.asked_extensions(session, ids)
    asked = notice.unanswered(session, ids)
    for one in found.values():
        stage, home = rounds.stage_of(one, at), url_for("procurement.round", round_id=one.id)
        if asked.get(one.id) and stage not in (Stage.VOID, Stage.CLOSED):
            what = _n("%(num)s question to answer", "%(num)s questions to answer", asked[one.id])
            yield Wait(one.id, what, _("Agency"), None, url_for("procurement.round_notice", round_id=one.id))
        if one.id in later:
            yield Wait(one.id, _("A later deadline to confirm"), _("Second person"), None, home)
        yield from _by_stage(one, stage, ties.get(one.id, 0), home)


def _by_stage(one: Round, stage: Stage, ties: int, home: str) -> Iterator[Wait]:
    if stage is Stage.DRAFT:
        yield Wait(one.id, _("Rules, caps, calendar; then publish"), _("Agency, second person"), None, home)
    elif stage is Stage.PUBLISHED:
        yield Wait(one.id, _("Bidding begins"), _("Companies"), one.box.receives_from, home)
    elif stage is Stage.BIDDING:
        yield Wait(one.id, _("Bids"), _("Companies"), one.box.deadline, home)
    elif stage is Stage.AWAITING_OPENING:
        yield Wait(one.id, _("Open the bids"), _("Agency"), one.box.deadline, home)
    elif stage is Stage.OPENED or (stage is Stage.EVALUATED and one.facts_changed_at is not None):
        yield Wait(one.id, _("Evaluate"), _("Agency"), None, home)
    elif stage is Stage.EVALUATED and ties:
        yield Wait(one.id, _n("%(num)s draw to record", "%(num)s draws to record", ties), _("Agency"), None, home)
    elif stage is Stage.EVALUATED:
        yield Wait(one.id, _("Announce the proposed winners"), _("Agency"), None, home)
    elif stage is Stage.ANNOUNCED:
        yield Wait(one.id, _("Publicity ends"), _("Everybody"), one.publicity_ends, home)
    elif stage is Stage.AWAITING_AWARD:
        yield Wait(one.id, _("Make the award final"), _("Second person"), one.publicity_ends, home)
