"""Run the frozen rules over the opened bids, and record the draws they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from procurement.rounds.draft.flow import Ending
from procurement.rounds.draft.services.sessions import end_with
from procurement.rounds.flow import RoundAction, RoundState
from procurement.rounds.models.evaluations import Draw, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, rulesets
from procurement.rounds.queries.table import bid_table
from procurement.rounds.revivals import services as revivals
from procurement.rounds.rules import award
from procurement.rounds.services.acts import locked, move, must_allow
from procurement.rounds.services.facts import must_be_complete
from procurement.rounds.services.storing import inputs_digest, store
from procurement.rounds.statements import services as statements
from procurement.tags import Tag

UNDER_EVALUATION = frozenset({RoundState.EVALUATED, RoundState.ANNOUNCED})


def evaluate(session: Session, *, round_id: int, actor: Actor, at: datetime) -> Evaluation:
    """Evaluate the round once more; the newest version counts. Raises UnsetParameter, which names what is missing.

    A round that was announced goes back to evaluated: what changes has to be announced again. Until then a version
    that came of the same rules and inputs stands as it is, and is returned.
    """
    round_ = locked(session, round_id, actor, at)
    must_allow(round_, RoundAction.EVALUATE)
    rule_set = rulesets.in_force(round_)
    statements.settle(session, at=at, round_id=round_.id, actor=actor)
    table = bid_table(session, round_)
    must_be_complete(table)
    before, inputs = results.latest(session, round_), inputs_digest(table)
    if before is not None and round_.state is RoundState.EVALUATED and _same(before, round_, inputs):
        return _stands(session, round_, before, actor, at)
    result = award.evaluate(table.rows, rule_set, draws=table.draws, regions=table.regions or None)
    evaluation = Evaluation(
        round_id=round_.id, number=before.number + 1 if before else 1, rules_digest=round_.rules_digest,
        inputs_digest=inputs, by_id=actor.user_id, at=at,
    )  # fmt: skip
    session.add(evaluation)
    store(session, evaluation, result, table)
    move(round_, RoundAction.EVALUATE)
    round_.evaluated_at, round_.evaluated_by_id = at, actor.user_id
    round_.announced_at = round_.announced_by_id = round_.publicity_ends = round_.facts_changed_at = None
    end_with(session, round_, ending=Ending.EVALUATED, actor=actor)  # a draft among other winners
    facts = {"number": evaluation.number, "rules": evaluation.rules_digest, "inputs": evaluation.inputs_digest,
             "lots": len(result.varieties)}  # fmt: skip
    record(session, Tag.ROUND_EVALUATED, round_, actor, at, facts)
    revivals.review(session, round_=round_, evaluation=evaluation, actor=actor, at=at)
    return evaluation


def _same(before: Evaluation, round_: Round, inputs: str) -> bool:
    return (before.rules_digest, before.inputs_digest) == (round_.rules_digest, inputs)


def _stands(session: Session, round_: Round, before: Evaluation, actor: Actor, at: datetime) -> Evaluation:
    """Write down that the newest version was confirmed: no rule and no input is another one."""
    round_.facts_changed_at = None
    facts = {"number": before.number, "inputs": before.inputs_digest, "unchanged": True}
    record(session, Tag.ROUND_EVALUATED, round_, actor, at, facts)
    revivals.review(session, round_=round_, evaluation=before, actor=actor, at=at)
    return before


def record_draw(
    session: Session, *, round_id: int, lot_number: int, company_ids: Sequence[int], witness: str, note: str,
    actor: Actor, at: datetime,
) -> Draw:  # fmt: skip
    """Record a manual draw among bids that share a rank: the companies in the order drawn, before a witness."""
    round_, evaluation = _evaluated(session, round_id, actor, at)
    lot = rounds.lot(session, round_, lot_number)
    groups = results.tied_groups(results.decisions(session, evaluation, lot_id=lot.id))
    tied = {one.company_id for group in groups for one in group}
    wrong = {} if witness.strip() else {"witness": Issue("needed")}
    if not tied:
        raise Conflict("no-tie", lot=lot_number)
    if set(company_ids) != tied or len(company_ids) != len(tied):
        wrong["order"] = Issue("draw-incomplete", facts={"count": len(tied)})
    if witness.strip() and witness.strip() == actor.name:
        wrong["witness"] = Issue("witness-is-recorder")
    if wrong:
        raise Invalid(wrong)
    if actor.user_id is None:
        raise Forbidden
    draw = results.draws(session, round_).get(lot.id)
    if draw is None:
        draw = Draw(round_id=round_.id, lot_id=lot.id, company_ids=[])
        session.add(draw)
    draw.company_ids = [one for one in draw.company_ids if one not in tied] + list(company_ids)
    draw.witness, draw.note, draw.recorded_by_id, draw.at = witness.strip(), note.strip(), actor.user_id, at
    session.flush()  # the audit event names the id
    facts = {"round": round_.code, "lot": lot_number, "order": draw.company_ids, "witness": draw.witness}
    record(session, Tag.DRAW_RECORDED, draw, actor, at, facts)
    return draw


def _evaluated(session: Session, round_id: int, actor: Actor, at: datetime) -> tuple[Round, Evaluation]:
    """Return a round whose evaluation may still change, with the evaluation that counts."""
    round_ = locked(session, round_id, actor, at)
    evaluation = results.latest(session, round_)
    if round_.state not in UNDER_EVALUATION or evaluation is None:
        raise Conflict("not-under-evaluation", code=round_.code)
    return round_, evaluation
