"""Propose a rating for a case, give the company notice of it, hear its defence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock, today
from kernel.errors import Conflict, Invalid, Issue
from kernel.files.services import keep
from kernel.notices.services import notify
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from pricing.credit import queries as facts
from pricing.credit.models import CreditCase
from pricing.credit.ratings.flow import RATING_FLOW, Level, RatingAction, RatingState
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries import ratings as queries
from pricing.credit.ratings.rules import (
    RULE_SETS,
    Grade,
    as_plain,
    defence_due,
    evidence_counts,
    finding_of,
    grade,
    held_level,
    lapse,
    names_products,
)  # fmt: skip
from pricing.credit.rules import CaseSum
from pricing.tags import Tag

MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an officer proposes: without a level, the benchmark's."""

    case_id: int
    region_code: str
    benchmark: str
    level: Level | None = None
    ground: str = ""
    document: str = ""
    product_ids: tuple[int, ...] = ()


def propose(session: Session, *, asked: Proposal, actor: Actor, at: datetime) -> CreditRating:
    """Propose a rating. Raises Invalid with every mistake; Conflict where the case is rated already."""
    case = facts.case(session, asked.case_id, lock=True)
    if queries.of_case(session, case.id):
        raise Conflict("credit-rated-already", case=case.number)
    if asked.benchmark not in RULE_SETS.ids():
        raise Invalid({"benchmark": Issue("unknown-choice", value=asked.benchmark)})
    evidence = [one for one in case.facts if evidence_counts(asked.benchmark, one.source)]
    if not evidence:
        raise Invalid({"benchmark": Issue("credit-no-evidence", facts={"version": asked.benchmark})})
    found = facts.sum_of(evidence)
    graded = grade(asked.benchmark, finding_of(case.matter, found))
    level = held_level(graded.level, graded.options, graded.version, asked.level)
    lapses = lapse(found.effective_on, asked.region_code)
    products = queries.products(session, asked.product_ids)
    wrong = must_be_grounded(graded.level, level, asked.ground, asked.document)
    if level is None and asked.level is not None:
        wrong["level"] = Issue("credit-level-version", facts={"level": asked.level, "version": asked.benchmark})
    wrong |= _product_faults(case.company, products, asked.product_ids, graded.version, level)
    if (region := session.get(Region, asked.region_code)) is None or region.parent_code is not None:
        wrong["region"] = Issue("credit-no-province", value=asked.region_code)
    elif not queries.governs(actor, asked.region_code):
        wrong["region"] = Issue("listing-other-region", facts={"region": asked.region_code})
    if lapses <= today(at):
        wrong[""] = Issue("credit-lapsed", facts={"day": found.effective_on})
    if wrong or level is None:
        raise Invalid(wrong)
    return _write(session, case, asked, level, (graded, found), products, actor, at)


def _write(
    session: Session, case: CreditCase, asked: Proposal, level: Level, weighed: tuple[Grade, CaseSum],
    products: Sequence[Product], actor: Actor, at: datetime,
) -> CreditRating:  # fmt: skip
    graded, found = weighed
    made = CreditRating(
        case_id=case.id, company_id=case.company_id, region_code=asked.region_code, matter=case.matter,
        benchmark=asked.benchmark, state=RatingState.PROPOSED, grade=as_plain(graded, found), level=level,
        ground=asked.ground.strip(), document=asked.document.strip(), effective_on=found.effective_on,
        lapses_on=lapse(found.effective_on, asked.region_code), proposed_by_id=actor.user_id, proposed_at=at,
        products=list(products),
    )  # fmt: skip
    session.add(made)
    session.flush()  # the audit event names its id
    told = {"company": case.company.name, "case": case.number, "level": level, "benchmark": asked.benchmark}
    record(session, Tag.RATING_PROPOSED, made, actor, at, told | {"products": len(products)})
    return made


def _product_faults(
    company: Organisation, products: Sequence[Product], asked: Collection[int], version: str, level: Level | None
) -> dict[str, Issue]:
    """Say what is wrong with the products: a holder's are its own, a distributor may have acted for any holder."""
    if len(products) < len(set(asked)):
        return {"products": Issue("unknown-choice", value=", ".join(map(str, asked)))}
    strange = [one for one in products if one.company_id != company.id]
    if strange and company.kind is not OrganisationKind.DISTRIBUTOR:
        return {"products": Issue("credit-strange-product", value=strange[0].registered_name)}
    needed = level is not None and names_products(version, level) and not products
    return {"products": Issue("credit-no-products")} if needed else {}


def must_be_grounded(graded: str | None, level: Level | None, ground: str, document: str) -> dict[str, Issue]:
    """Say what lacks: where the benchmark has no number, or the officer holds another level, ground and document."""
    wrong = {}
    if level is None:
        wrong["level"] = Issue("credit-choose-level")
    if graded != level:
        wrong |= {name: Issue("credit-needs-ground") for name, text in (("ground", ground), ("document", document))
                  if not text.strip()}  # fmt: skip
    return wrong


def give_notice(
    session: Session, *, rating_id: int, notice_days: int, defence_days: int, actor: Actor, at: datetime
) -> CreditRating:
    """Send the notice: whoever does not collect it within the days counts as served then, and may defend himself."""
    found = queries.governed(session, rating_id, actor)
    state = RATING_FLOW.after(found.state, RatingAction.NOTIFY)
    given = {"notice_days": notice_days, "defence_days": defence_days}
    wrong = {name: Issue("credit-days", facts={"most": MOST_DAYS}) for name, days in given.items()
             if not 1 <= days <= MOST_DAYS}  # fmt: skip
    if wrong:
        raise Invalid(wrong)
    found.state, found.noticed_at = state, at
    found.notice_days, found.defence_days = notice_days, defence_days
    found.due_at = defence_due(today(at), notice_days + defence_days)
    record(session, Tag.RATING_NOTICED, found, actor, at, {**given, "due": found.due_at})
    tell(session, found, "credit-notice", at)
    return found


def collect(session: Session, *, rating_id: int, actor: Actor, at: datetime) -> CreditRating:
    """The company collects its notice: the days of its defence run from then, to no later than if it had not.

    A second time changes nothing. Raises Conflict once the defence is over.
    """
    found = queries.own(session, rating_id, actor)
    RATING_FLOW.after(found.state, RatingAction.COLLECT)
    if found.due_at is None or after_lock(session) > found.due_at:
        raise Conflict("credit-defence-late", due=found.due_at)
    if found.collected_at is None:
        found.collected_at = at
        found.due_at = min(found.due_at, defence_due(today(at), found.defence_days or 0))
        record(session, Tag.RATING_COLLECTED, found, actor, at, {"due": found.due_at})
    return found


def defend(
    session: Session, *, rating_id: int, text: str, files: Sequence[tuple[str, bytes]], actor: Actor, at: datetime
) -> CreditRating:
    """The company says its defence, once, until the deadline. Raises Conflict afterwards."""
    found = queries.own(session, rating_id, actor)
    state = RATING_FLOW.after(found.state, RatingAction.DEFEND)
    now = after_lock(session)
    if found.due_at is None or now > found.due_at:
        raise Conflict("credit-defence-late", due=found.due_at)
    if not text.strip():
        raise Invalid({"text": Issue("needed")})
    found.state, found.defence, found.defended_at = state, text.strip(), now
    found.collected_at = found.collected_at or now
    for name, content in files:
        keep(session, parent_kind=queries.DEFENCE, parent_id=found.id, name=name, content=content, actor=actor, at=at)
    record(session, Tag.RATING_DEFENDED, found, actor, at, {"files": len(files)})
    return found


def tell(session: Session, found: CreditRating, code: str, at: datetime) -> None:
    """Put a notice in the box of the company's people."""
    due = found.due_at.isoformat() if found.due_at else ""
    told = {"number": found.number, "due": due, "day": str(found.starts_on)}
    notify(
        session, code=code, facts=told, organisations=[found.company_id], url=f"/pricing/credit/ratings/{found.id}",
        at=at,
    )  # fmt: skip
