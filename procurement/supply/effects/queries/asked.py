"""What a preview is asked about: a rating, a case or a company, with the level, version, province and products."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import DomainError, NotFound
from kernel.identity import record_id
from kernel.parties import regions
from kernel.parties.codes import SUPPLIERS, OrganisationKind
from kernel.parties.models import Organisation
from kernel.policy import covers
from kernel.sets import among
from pricing.credit import queries as facts
from pricing.credit.models import CreditCase
from pricing.credit.ratings.flow import Level
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries import ratings
from pricing.credit.ratings.rules import (
    RULE_SETS,
    benchmark,
    benchmark_on,
    evidence_counts,
    finding_of,
    grade,
    measures_of,
    version_for,
)
from procurement.agreements.deliveries.flow import DeliveryState
from procurement.agreements.deliveries.models import DeliveryRelation
from procurement.supply.effects.rules import Reach, reach


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding as it would be decided.

    `ids` are the products involved, `whole` says that they are all of the company's, `strange` how many were left out.
    `regions` are the province and those below it, `makers` the companies whose products it reaches.
    """

    company: Organisation
    version: str
    level: Level
    region_code: str
    whole: bool
    ids: frozenset[int]
    strange: int
    reach: Reach
    regions: tuple[str, ...]
    makers: tuple[int, ...]
    at: datetime
    rating: CreditRating | None = None
    case: CreditCase | None = None

    @property
    def day(self) -> date:
        """Return the day that is asked about."""
        return today(self.at)

    @property
    def deliverer_id(self) -> int | None:
        """Return the company where it would be barred from delivering, too."""
        return self.company.id if self.reach.closed else None


def read(session: Session, actor: Actor, parts: MultiDict[str, str], at: datetime) -> Asked:
    """Read what is asked from the parts of an address; what it leaves open comes from the rating or the case.

    Raises NotFound where there is no such rating, case, company or product.
    """
    actor.must(P.CREDIT_RATE)
    rating = _rating(session, actor, parts)
    case = rating.case if rating else _case(session, parts)
    company = case.company if case else _company(session, parts)
    if rating is not None:
        return _made(session, company, parts, at, rating=rating, case=case, version=rating.benchmark,
                     level=rating.suggested or rating.level, region=rating.region_code,
                     involved=[one.id for one in rating.products])  # fmt: skip
    version = _version(case, today(at))
    region = case.facts[-1].region_code if case and case.facts else ""
    level = _graded(case, version) if case else Level(benchmark(version)["levels"][-1])
    return _made(session, company, parts, at, case=case, version=version, level=level, region=region, involved=None)


def _version(case: CreditCase | None, day: date) -> str:
    """Return the version that a case is graded by; without a case the one of the day."""
    if case is None or not case.facts:
        return benchmark_on(day)
    return version_for(facts.sum_of(case.facts).effective_on, [one.source for one in case.facts], day)


def of_rating(session: Session, actor: Actor, rating: CreditRating, at: datetime) -> Asked:
    """Return a rating as it stands."""
    return read(session, actor, MultiDict({"rating": str(rating.id)}), at)


def of_case(session: Session, actor: Actor, case: CreditCase, at: datetime) -> Asked:
    """Return a case as the version in force would grade it, with all products of its company."""
    return read(session, actor, MultiDict({"case": str(case.id)}), at)


def _rating(session: Session, actor: Actor, parts: MultiDict[str, str]) -> CreditRating | None:
    written = parts.get("rating", "")
    return ratings.one(session, record_id(written) or 0, actor) if written else None


def _case(session: Session, parts: MultiDict[str, str]) -> CreditCase | None:
    written = parts.get("case", "")
    return facts.case(session, record_id(written) or 0) if written else None


def _company(session: Session, parts: MultiDict[str, str]) -> Organisation:
    written = record_id(parts.get("company", ""))
    found = session.get(Organisation, written or 0)
    if found is None or found.kind not in SUPPLIERS:
        raise NotFound(company=written)
    return found


def _graded(case: CreditCase, version: str) -> Level:
    """Return the level the version gives a case; where it has no number, the highest it leaves open."""
    evidence = [one for one in case.facts if evidence_counts(version, one.source)]
    try:
        found = grade(version, finding_of(case.matter, facts.sum_of(evidence))) if evidence else None
    except DomainError:
        found = None
    if found is None:
        return Level(benchmark(version)["levels"][-1])
    return Level(found.level or found.options[-1])


def _made(
    session: Session, company: Organisation, parts: MultiDict[str, str], at: datetime, *, version: str, level: Level,
    region: str, involved: list[int] | None, rating: CreditRating | None = None, case: CreditCase | None = None,
) -> Asked:  # fmt: skip
    known = regions.by_code(session)
    version = parts["version"] if parts.get("version") in RULE_SETS.ids() else version
    levels = benchmark(version)["levels"]
    chosen = parts.get("level", level.value)
    level = Level(chosen if chosen in levels else levels[-1])
    if parts.get("region") in known:
        region = parts["region"]
    region = f"{region[:2]}0000" if f"{region[:2]}0000" in known else region
    own = _own(session, company)
    if "version" in parts:
        whole, ids = "all" in parts, [key for one in parts.getlist("products") if (key := record_id(one))]
    else:
        whole, ids = involved is None, involved or []
    taken = frozenset(_carried(session, company, own)) if whole else _known(session, company, ids)
    below = tuple(sorted(code for code in known if covers(region, code))) if region else ()
    reached = reach(measures_of(version, level), involved=taken, own=own)
    strange = 0 if whole else len(set(ids) - taken)
    makers = _makers(session, reached.products)
    return Asked(company, version, level, region, whole, taken, strange, reached, below, makers, at, rating, case)


def _makers(session: Session, products: Collection[int]) -> tuple[int, ...]:
    query = select(Product.company_id).where(among(Product.id, sorted(products)))
    return tuple(sorted(session.scalars(query.distinct())))


def _own(session: Session, company: Organisation) -> list[int]:
    return list(session.scalars(select(Product.id).where(Product.company_id == company.id, Product.active)))


def _carried(session: Session, company: Organisation, own: list[int]) -> list[int]:
    """Return a maker's own products, a distributor's those that it delivers."""
    if company.kind is not OrganisationKind.DISTRIBUTOR:
        return own
    one = DeliveryRelation
    query = select(one.product_id).where(one.deliverer_id == company.id, one.state == DeliveryState.ACCEPTED)
    return list(session.scalars(query.distinct()))


def _known(session: Session, company: Organisation, ids: list[int]) -> frozenset[int]:
    """Return which of the ids are products that can be involved: a maker's own, for a distributor anybody's."""
    query = select(Product.id).where(among(Product.id, sorted(set(ids))))
    if company.kind is not OrganisationKind.DISTRIBUTOR:
        query = query.where(Product.company_id == company.id)
    return frozenset(session.scalars(query))
