"""What pages of rounds show: the time line, the facts, what is due now, the spread of bids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from statistics import median
from typing import Any

from catalogue.drugs.rules.codes import Part
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.i18n import _, label
from kernel.money import working
from kernel.problems import sentence
from kernel.templating import minute, price, signed
from procurement.demand.models import Lot
from procurement.rounds.experts import queries as panels
from procurement.rounds.experts.services import handing
from procurement.rounds.flow import Outcome, Stage
from procurement.rounds.models.evaluations import Decision, Evaluation, LotResult
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import facts, rounds, rulesets, supply
from procurement.rounds.queries.facts import Progress
from procurement.rounds.rules.model import By, Reason
from procurement.rounds.statements import queries as statements
from procurement.rounds.statements.flow import StatementState
from procurement.rounds.views import publicity, reviving

ORDER = {
    Stage.DRAFT: 0, Stage.PUBLISHED: 1, Stage.BIDDING: 2, Stage.AWAITING_OPENING: 3, Stage.OPENED: 4,
    Stage.EVALUATED: 4, Stage.ANNOUNCED: 5, Stage.AWAITING_AWARD: 6, Stage.AWARDED: 7, Stage.CLOSED: 8,
}  # fmt: skip
TONES = {
    Stage.DRAFT: ("", "pencil"), Stage.PUBLISHED: ("info", "megaphone"), Stage.BIDDING: ("info", "hourglass-split"),
    Stage.AWAITING_OPENING: ("sealed", "lock"), Stage.OPENED: ("", "unlock"), Stage.EVALUATED: ("info", "list-check"),
    Stage.ANNOUNCED: ("info", "arrow-right-circle"), Stage.AWAITING_AWARD: ("warn", "hourglass-split"),
    Stage.AWARDED: ("good", "trophy"), Stage.CLOSED: ("", "lock"), Stage.VOID: ("bad", "ban"),
}  # fmt: skip
WINNING = {Outcome.WON, Outcome.WON_WITHOUT_VOLUME}
REVIVED = {"revival-shortlisted", "revival-unlisted", "reference-preparation"}


def timeline(round_: Round, at: datetime) -> list[tuple[str, str, str]]:
    """Return the steps of a round: name, time, done | now | next."""
    moments: Sequence[tuple[str, datetime | None]] = (
        (_("Published"), round_.published_at),
        (_("Bidding begins"), round_.box.receives_from),
        (_("Bidding ends"), round_.box.deadline),
        (_("Opening"), round_.opened_at),
        (_("Evaluation"), round_.evaluated_at),
        (_("Publicity"), round_.publicity_ends),
        (_("Award"), round_.awarded_at),
        (_("Agreements"), round_.closed_at),
    )
    stage = rounds.stage_of(round_, at)
    if stage is Stage.VOID:
        return [(name, _time(moment, at), "done" if moment and moment <= at else "next") for name, moment in moments]
    now = ORDER[stage]
    steps = []
    for index, (name, moment) in enumerate(moments):
        state = "done" if index < now else "now" if index == now else "next"
        time = _time(moment, at)
        time = _("until %(time)s", time=time) if index == 5 and state == "now" else time
        steps.append((name, time, state))
    return steps


def _time(moment: datetime | None, at: datetime) -> str:
    """Write an instant to the minute, with its year where that is another one than the reader's."""
    if moment is None:
        return ""
    written, today = minute(moment), minute(at)
    return written[5:] if written[:4] == today[:4] else written


def frame(call: Call, round_: Round, tab: str) -> dict[str, Any]:
    """Return what every page of a round has: stage, time line, tabs, what the reader may do now."""
    stage = rounds.stage_of(round_, call.at)
    review, waits = _review(call, round_), reviving.stand(call, round_)
    return publicity.around(call, round_, stage) | {
        "round_": round_,
        "stage": stage,
        "pill": (label(stage), *TONES[stage]),
        "steps": with_review(timeline(round_, call.at), review),
        "review": review,
        "statements": _statements(call, round_),
        "tab": tab,
        **_inside(call, round_, stage),
        "experts_score": round_.published_at is not None and bool(panels.manner(round_).items),
        "outcome": partial(outcome_name, final=round_.awarded_at is not None),
        "sees_results": rounds.shows_results(round_, call.actor),
        "duty": reviving.owed(duty(round_, call.actor, stage), waits),
        "revivals": waits,
        "number_of_lots": len(rounds.lots(call.session, round_)),
        "divides": round_.awarded_at is not None and supply.by_hospital(call.session, round_),
        "units_shown": "units.share" in rulesets.in_force(round_).parameters if round_.published_at else False,
        "deadline_near": stage in (Stage.PUBLISHED, Stage.BIDDING),
    }


def _review(call: Call, round_: Round) -> Progress | None:
    """How far the review facts are, for whoever may enter some now and where the rules ask for any."""
    found = facts.progress(call.session, round_) if facts.open_for(round_, call.actor) else None
    return found if found and found.asked and found.bids else None


def _inside(call: Call, round_: Round, stage: Stage) -> dict[str, Any]:
    """Say whether the reader is of the inside, and to those what of the experts' work an opening waits for."""
    inside = rounds.is_inside(call.actor)
    asks = inside and stage is Stage.AWAITING_OPENING
    found = handing.unfinished(call.session, round_=round_, now=call.at) if asks else []
    return {"inside": inside, "unscored": [sentence(each) for each in found]}


def _statements(call: Call, round_: Round) -> int | None:
    """How many statements wait for the agency; None where the reader has no part in them or the round has none."""
    if not statements.is_agency(call.actor) or round_.evaluated_at is None:
        return None
    found = statements.of_round(call.session, round_.id, call.actor)
    waiting = sum(each.state is StatementState.SUBMITTED for each in found)
    return waiting + len(statements.unasked(call.session, round_)) if found or _states(round_) else None


def _states(round_: Round) -> bool:
    return bool(rulesets.in_force(round_).parameters.value("statement.below_anchor", False))


def with_review(steps: list[tuple[str, str, str]], review: Progress | None) -> list[tuple[str, str, str]]:
    """Put the review facts between opening and evaluation where the evaluation needs them."""
    if review is None or not review.needed:
        return steps
    state = "now" if review.missing else "done"
    time = str(_("%(count)s missing", count=review.missing)) if review.missing else ""
    rest = [(name, at, "next") for name, at, _state in steps[4:]] if review.missing else steps[4:]
    return [*steps[:4], (str(_("Review facts")), time, state), *rest]


def duty(round_: Round, actor: Actor, stage: Stage) -> str:
    """Name the act that the reader owes now, empty where there is none or where it is another person's."""
    acts = {
        Stage.DRAFT: ("publish", P.ROUND_PUBLISH, round_.created_by_id),
        Stage.AWAITING_OPENING: ("open", P.ROUND_OPEN, None),
        Stage.OPENED: ("evaluate", P.ROUND_EVALUATE, None),
        Stage.EVALUATED: ("announce", P.ROUND_AWARD, None),
        Stage.AWAITING_AWARD: ("award", P.ROUND_AWARD, round_.announced_by_id),
    }
    if round_.facts_changed_at is not None and stage in (Stage.EVALUATED, Stage.AWAITING_AWARD):
        stage = Stage.OPENED  # the facts changed: evaluated again before anything else
    if stage is Stage.AWAITING_AWARD and round_.box.rehearsal:
        return ""
    name, permission, maker = acts.get(stage, ("", P.PUBLIC, None))
    return name if name and actor.may(permission) and (maker is None or maker != actor.user_id) else ""


def spread(found: Iterable[Decision], lot: LotResult) -> dict[str, Any]:
    """Return the block of the spread plot: bids in rank order with the lines that were drawn."""
    bids = [{"n": one.company.shown_name, "p": str(_shown(one)), "g": _mark(one)} for one in found if _shown(one)]
    caps = [spec.cap for spec in lot.lot.specifications if spec.is_reference and spec.cap]  # its factor is 1
    whole = system_cap(lot.lot)
    caps = [whole] if whole is not None else caps
    return {
        "bids": bids,
        "anchor": _text(lot.anchor),
        "limit": _text(lot.limit),
        "cap": _text(caps[0]) if caps else None,
    }


def _shown(one: Decision) -> Decimal | None:
    return one.comparable_price if one.comparable_price is not None else one.unit_price


def _mark(one: Decision) -> str:
    if one.outcome is Outcome.INVALID:
        return "bad"
    if one.outcome in WINNING:
        return "rev" if one.decided_by in REVIVED else "win"
    return "no"


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def outcome_name(outcome: Outcome, *, final: bool) -> str:
    """Name what became of a bid: a proposed winner is a winner once the award is made."""
    return str(_("Won")) if final and outcome is Outcome.WON else label(outcome)


def heading(found: Sequence[Decision], *, final: bool) -> str:
    """Say in numbers what became of a lot's bids."""
    won = [one for one in found if one.outcome in WINNING]
    revived = sum(one.decided_by in REVIVED for one in won)
    facts = {"bids": len(found), "won": len(won), "invalid": sum(one.outcome is Outcome.INVALID for one in found)}
    if revived:
        words = _("%(bids)s bids: %(won)s proposed winners, %(revived)s of them revived, %(invalid)s invalid")
        if final:
            words = _("%(bids)s bids: %(won)s winners, %(revived)s of them revived, %(invalid)s invalid")
        return str(words % {**facts, "revived": revived})
    if final:
        return str(_("%(bids)s bids: %(won)s winners, %(invalid)s invalid", **facts))
    return str(_("%(bids)s bids: %(won)s proposed winners, %(invalid)s invalid", **facts))


def lot_facts(found: Sequence[Decision], lot: LotResult, base: Decimal | None, unit: str) -> list[tuple[str, str]]:
    """Return the facts of a lot's result."""
    won = [one.winning_comparable for one in found if one.outcome in WINNING and one.winning_comparable is not None]
    names = [
        (_("Anchor"), price(lot.anchor)),
        (_("Limit"), price(lot.limit)),
        (_("Bidders / places / winners"), " / ".join("—" if n is None else str(n) for n in _counts(lot, found))),
        (_("Median winning price"), price(median(won)) if won else "—"),
        (_("First-year base"), f"{base:,.0f} {unit or _('units')}" if base is not None else "—"),
        (_("Agreed share"), f"{(lot.ratio * 100).normalize():f} %" if lot.ratio is not None else "—"),
        (_("Agreement period"), period(lot.period)),
    ]
    return [(name, value) for name, value in names if value != "—" or name == _("Agreement period")]


def _counts(lot: LotResult, found: Sequence[Decision]) -> tuple[int | None, ...]:
    return lot.bidders, lot.places, sum(one.outcome in WINNING for one in found)


def period(value: int | str | None) -> str:
    """Say an agreement period: years, or the last day."""
    if value is None:
        return "—"
    if isinstance(value, int):
        return str(_("%(count)s years", count=value))
    return str(_("until %(day)s", day=value))


def against(value: Decimal | None, limit: Decimal | None) -> str:
    """Say how far a price is from a line, in percent with its sign."""
    if value is None or not limit:
        return "—"
    with working():
        return signed((value / limit - 1) * 100)


def cap_of(lot: Lot, one: Decision) -> Decimal | None:
    """Return the cap of the specification that was bid."""
    whole = system_cap(lot)
    if whole is not None:
        return whole
    return next((each.cap for each in lot.specifications if each.specification_id == one.specification_id), None)


def system_cap(lot: Lot) -> Decimal | None:
    """Return the cap of a component system, the sum of its parts' caps; None of anything else."""
    caps = [each.cap for each in lot.specifications]
    if not any(each.specification.part is Part.COMPONENT for each in lot.specifications) or None in caps:
        return None
    return sum((cap for cap in caps if cap is not None), Decimal(0))


def closest(found: Sequence[Decision]) -> int | None:
    """Return the decision that the smallest change of price would have altered: the one to unfold first."""
    near = [(abs(one.change_to - one.unit_price) / one.unit_price, one.id) for one in found
            if one.change_to is not None and one.unit_price]  # fmt: skip
    return min(near)[1] if near else None


def people(call: Call, round_: Round, evaluation: Evaluation | None) -> dict[int, str]:
    """Return the names of those who acted in a round."""
    ids = [round_.created_by_id, round_.published_by_id, round_.opened_by_id, round_.evaluated_by_id,
           round_.announced_by_id, round_.awarded_by_id, evaluation.by_id if evaluation else None]  # fmt: skip
    return rounds.names(call.session, ids)


CODES = {each.value: each for each in (*By, *Reason)}


def said(field: str, value: Any) -> str:
    """Say a value of a difference list: codes by name, shares in percent, prices with 4 decimals."""
    if value is None or value == "":
        return "—"
    if isinstance(value, Outcome):
        return str(label(value))
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f} %" if field == "ratio" else price(value)
    return str(label(CODES[value])) if value in CODES else str(value)


def reason_of(one: Decision) -> str:
    """Say in a few words on what a decision rests."""
    return code_name(one.decided_by or one.reason)


def code_name(code: str) -> str:
    """Say on what a decision rests by its code; one that only a user's rule set knows goes by its own name."""
    return str(label(CODES[code])) if code in CODES else str(code)
