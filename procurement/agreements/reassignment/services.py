"""Start a reassignment, let hospitals divide their pools, close it: nothing is lost, nothing invented."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.auth.second import must_be_another
from kernel.clock import after_lock
from kernel.db import insert_rows
from kernel.errors import Conflict, Invalid, Issue, NotFound
from kernel.notices.services import notify
from procurement.agreements.reassignment import queries, rules
from procurement.agreements.reassignment.flow import (
    CHOICE_FLOW,
    REASSIGNMENT_FLOW,
    ChoiceAction,
    ChoiceState,
    ReassignmentAction,
    ReassignmentState,
)
from procurement.agreements.reassignment.models import Choice, HospitalVolume, Reassignment
from procurement.agreements.reassignment.queries import Key, Share, Winner
from procurement.bids.joints import queries as joints
from procurement.demand.queries.base import HospitalLine, hospital_base
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import AwardVolume
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds, rulesets, supply
from procurement.rounds.rules.volumes import Reassign
from procurement.rounds.services.acts import NotYet, locked
from procurement.tags import Tag

COLUMNS = ("reassignment_id", "hospital_id", "lot_id", "specification_id", "company_id", "award_id", "reported", "own",
           "ratio", "agreed", "reassigned")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """How the pools are reassigned as the agency asks for it; the rule set goes before where it says so."""

    how: Reassign
    fallback: Reassign | None = None
    deadline: datetime | None = None
    source: str = ""
    reason: str = ""


def start(session: Session, *, round_id: int, terms: Terms, actor: Actor, at: datetime) -> Reassignment:
    """Write every hospital's own and agreed volumes down, and let hospitals divide what is left, or a rule.

    Raises Invalid with everything that is wrong with the terms.
    """
    round_ = locked(session, round_id, actor, at)
    _must_be_possible(session, round_)
    ordered = queries.winners(session, round_)
    terms = _by_rules(round_, terms)
    _must_be_whole(terms, ordered, after_lock(session))
    fallback = terms.fallback if terms.how is Reassign.BY_HOSPITAL and terms.fallback else terms.how
    made = Reassignment(
        round_id=round_.id, how=terms.how, fallback=fallback, source=terms.source.strip(), reason=terms.reason.strip(),
        deadline=terms.deadline if terms.how is Reassign.BY_HOSPITAL else None, started_by_id=actor.user_id,
        started_at=at, state=ReassignmentState.OPEN,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the volumes name its id
    rows = _rows(session, round_, made, ordered)
    if rows:
        columns: dict[str, Sequence[Any]] = {name: [row[name] for row in rows] for name in COLUMNS}
        insert_rows(session, HospitalVolume.__table__, columns=columns)
    facts = {"how": made.how, "fallback": made.fallback, "deadline": made.deadline, "source": made.source,
             "reason": made.reason, "rows": len(rows)}  # fmt: skip
    record(session, Tag.REASSIGNMENT_STARTED, round_, actor, at, facts)
    if made.how is Reassign.BY_HOSPITAL:
        told = queries.waiting(queries.volumes(session, made), {})
        _tell(session, round_, "reassignment-started", told, at)
    return made


def _must_be_possible(session: Session, round_: Round) -> None:
    if round_.state is not RoundState.AWARDED or not supply.by_hospital(session, round_):
        raise Conflict("reassignment-not-due", code=round_.code)
    if queries.of_round(session, round_.id) is not None:
        raise Conflict("reassignment-started-already", code=round_.code)


def _by_rules(round_: Round, terms: Terms) -> Terms:
    """Take the way of the rule set where it has one, with its source."""
    rule_set = rulesets.in_force(round_)
    said = rule_set.parameters.value("reassign.how")
    if said is None:
        return terms
    source, reason = rule_set.source("reassign.how"), f"{rule_set.id}: reassign.how"
    return Terms(Reassign(said), terms.fallback, terms.deadline, source, terms.reason.strip() or reason)


def _must_be_whole(terms: Terms, ordered: Mapping[int, Sequence[Winner]], now: datetime) -> None:
    wrong = {name: Issue("needed") for name in ("source", "reason") if not getattr(terms, name).strip()}
    if not ordered:
        wrong["how"] = Issue("reassignment-without-winners")
    if terms.how is Reassign.BY_HOSPITAL:
        if terms.fallback not in rules.RULES:
            wrong["fallback"] = Issue("needed")
        if terms.deadline is None or terms.deadline <= now:
            wrong["deadline"] = Issue("reassignment-deadline-past")
    rule = terms.fallback if terms.how is Reassign.BY_HOSPITAL else terms.how
    if rule is Reassign.TOP_UNIT and not all(any(one.top for one in found) for found in ordered.values()):
        wrong["fallback" if terms.how is Reassign.BY_HOSPITAL else "how"] = Issue("reassignment-without-top-unit")
    if wrong:
        raise Invalid(wrong)


def _rows(
    session: Session, round_: Round, made: Reassignment, ordered: Mapping[int, Sequence[Winner]]
) -> list[dict[str, Any]]:
    """Return a row for each hospital, lot with winners, and product that was reported or won."""
    intent = Decimal(rulesets.in_force(round_).parameters.value("intent.share", 1))
    lines, leads = hospital_base(session, round_.call_id), joints.leads(session, round_.box_id)
    rows = []
    for lot_id, won in ordered.items():
        by_hospital: dict[int, list[HospitalLine]] = defaultdict(list)
        for line in lines.get(lot_id, []):
            by_hospital[line.hospital_id].append(line)
        for hospital_id, own in by_hospital.items():
            head = {"reassignment_id": made.id, "hospital_id": hospital_id, "lot_id": lot_id}
            rows += [head | row for row in _of_hospital(own, won, intent, leads.get(lot_id, {}))]
    return rows


def _of_hospital(
    reported: Sequence[HospitalLine], won: Sequence[Winner], intent: Decimal, leads: Mapping[int, int]
) -> list[dict[str, Any]]:
    """Return a hospital's rows of a lot; what it reported for a joint's member is its lead's."""
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    for line in reported:
        company = line.company_id or 0
        sums[leads.get(company, company), line.specification_id] += line.quantity * line.volume_factor
    awards = {one.key: one.award for one in won}
    found = rules.divided(sums, intent, {key: each.ratio for key, each in awards.items()})
    nothing = rules.Line(rules.ZERO, rules.ZERO, rules.ZERO)
    rows = []
    for key in [*awards, *(key for key in found if key not in awards)]:
        one, award = found.get(key, nothing), awards.get(key)
        rows.append({
            "specification_id": key[1], "company_id": key[0] or None, "award_id": award.id if award else None,
            "reported": one.reported, "own": one.own, "ratio": award.ratio if award else rules.ZERO,
            "agreed": one.agreed, "reassigned": rules.ZERO,
        })  # fmt: skip
    return rows


def divide(
    session: Session, *, round_id: int, typed: Mapping[int, str], submit: bool, actor: Actor, at: datetime
) -> Choice:
    """Keep what a hospital gives each winner of its pools, by volume, and hand it in where asked: then all must add up.

    Raises Invalid with every mistake, by the volumes' fields and by lots.
    """
    hospital = queries.hospital_of(actor)
    round_ = rounds.one(session, round_id, actor)
    found = queries.held(session, round_id, shared=True)
    now = after_lock(session)
    if found.state is not ReassignmentState.OPEN or found.how is not Reassign.BY_HOSPITAL:
        raise Conflict("reassignment-not-open", code=round_.code)
    if found.deadline is None or now >= found.deadline:
        raise Conflict("reassignment-over", code=round_.code)
    shares = queries.by_hospital(queries.volumes(session, found, hospital, lock=True)).get(hospital, [])
    _read(shares, typed, submit=submit)
    choice = queries.choice_of(session, found, hospital)
    if choice is None:
        choice = Choice(reassignment_id=found.id, hospital_id=hospital, state=ChoiceState.DRAFT, saved_at=now)
        session.add(choice)
    choice.state = CHOICE_FLOW.after(choice.state, ChoiceAction.SUBMIT if submit else ChoiceAction.SAVE)
    choice.saved_at = now
    if submit:
        choice.submitted_at, choice.submitted_by_id = now, actor.user_id
    facts = {f"{share.lot.number} {row.company.name if row.company else ''}": row.chosen
             for share in shares for row in share.winners if row.chosen}  # fmt: skip
    tag = Tag.REASSIGNMENT_SUBMITTED if submit else Tag.REASSIGNMENT_SAVED
    session.flush()  # the audit event names the division's id: the round's own history is everybody's to read
    record(session, tag, choice, actor, at, {"round": round_.code, "given": facts})
    return choice


def _read(shares: Sequence[Share], typed: Mapping[int, str], *, submit: bool) -> None:
    """Put what was typed into the volumes; of a submission every lot's sum must be its pool."""
    known = {row.id for share in shares for row in share.winners}
    if not known or set(typed) - known:
        raise NotFound(volumes=sorted(set(typed) - known))
    wrong: dict[str, Issue] = {}
    for share in shares:
        for row in share.winners:
            row.chosen, issue = rules.read_units(typed.get(row.id, ""))
            if issue:
                wrong[f"give-{row.id}"] = issue
        total = sum((row.chosen or rules.ZERO for row in share.winners), rules.ZERO)
        if submit and total != share.pool:
            facts: dict[str, object] = {"lot": share.lot.number, "variety": share.lot.variety.name,
                                        "pool": share.pool.normalize(), "given": total.normalize()}  # fmt: skip
            wrong[f"give-{share.winners[0].id}" if share.winners else ""] = Issue("reassign-sum", facts=facts)
    if wrong:
        raise Invalid(wrong)


def close(session: Session, *, round_id: int, actor: Actor, at: datetime) -> Reassignment:
    """Make the division final: each hospital's own, or the rule for the silent; checked hospital by hospital."""
    round_ = locked(session, round_id, actor, at)
    found = queries.held(session, round_id)
    state = REASSIGNMENT_FLOW.after(found.state, ReassignmentAction.CLOSE)
    must_be_another(actor, found.started_by_id)
    rows, chosen = queries.volumes(session, found), queries.choices(session, found)
    silent = queries.waiting(rows, chosen)
    by_choice = found.how is Reassign.BY_HOSPITAL
    if by_choice and silent and (found.deadline is None or after_lock(session) < found.deadline):
        raise NotYet(due=found.deadline)
    ordered = queries.winners(session, round_)
    own = {one for one, choice in chosen.items() if by_choice and choice.state is ChoiceState.SUBMITTED}
    given = [part for hospital, shares in queries.by_hospital(rows).items() for share in shares
             for part in _closed(share, ordered[share.lot.id], found.fallback, chose=hospital in own)]  # fmt: skip
    found.state, found.closed_at, found.closed_by_id = state, at, actor.user_id
    session.flush()  # before the bulk path writes beside the session
    if given:
        session.execute(update(HospitalVolume), [{"id": row, "reassigned": part} for row, part in given])
    session.expire_all()
    session.add_all(_by_region(session, round_, found))
    total = sum((part for _row, part in given), rules.ZERO)
    facts = {"reassigned": total, "hospitals": len({row.hospital_id for row in rows}), "silent": len(silent)}
    record(session, Tag.REASSIGNMENT_CLOSED, round_, actor, at, facts)
    _tell(session, round_, "reassignment-closed", {row.hospital_id for row in rows}, at)
    return found


def _closed(share: Share, ordered: Sequence[Winner], fallback: Reassign, *, chose: bool) -> list[tuple[int, Decimal]]:
    """Return what each winner gets of a hospital's pool; refused unless agreed + reassigned = own."""
    keys = {(row.company_id or 0, row.specification_id): row for row in share.rows}
    if chose:
        parts = {key: row.chosen or rules.ZERO for key, row in keys.items() if row.award_id is not None}
    else:
        parts = queries.by_rule(share, ordered, fallback)
    lines = {key: rules.Line(row.reported, row.own, row.agreed) for key, row in keys.items()}
    rules.must_be_conserved(lines, parts, [one.key for one in ordered])
    return [(keys[key].id, part) for key, part in parts.items()]


def _by_region(session: Session, round_: Round, found: Reassignment) -> list[AwardVolume]:
    """Add the volumes up per award and region; a system's components and the service get what the system gets."""
    base: dict[int, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(lambda: [rules.ZERO, rules.ZERO]))
    for row in queries.volumes(session, found):
        if row.award_id is not None and row.hospital.region_code:
            sums = base[row.award_id][row.hospital.region_code]
            sums[0] += row.own
            sums[1] += row.agreed + row.reassigned
    made: dict[tuple[int, str], AwardVolume] = {}
    for award, source in supply.accompanied(session, round_):
        for region, (own, agreed) in base.get(source, {}).items():
            if own or agreed:
                volume = made.setdefault(
                    (award.id, region),
                    AwardVolume(award_id=award.id, region_code=region, specification_id=award.specification_id,
                                base=rules.ZERO, agreed=rules.ZERO),
                )  # fmt: skip
                volume.base, volume.agreed = volume.base + own, volume.agreed + agreed
    return list(made.values())


def _tell(session: Session, round_: Round, code: str, hospitals: set[int], at: datetime) -> None:
    if hospitals:
        notify(
            session, code=code, facts={"round": round_.code, "title": round_.title}, at=at,
            url=f"/procurement/rounds/{round_.id}/reassignment", organisations=sorted(hospitals),
            roles=(Role.PHARMACIST, Role.PHARMACY),
        )  # fmt: skip
