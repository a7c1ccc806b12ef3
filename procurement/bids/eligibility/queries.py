"""What a box asks of a company, held against its files on the day that counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.clock import today
from kernel.errors import Issue, Said
from kernel.sets import among
from pricing.credit import queries as letters
from pricing.credit.acting.queries import UNSIGNED, may_act
from pricing.credit.flow import Act
from procurement.bids.joints.models import Joint, JointMember
from procurement.bids.models import Box
from procurement.bids.queries import OfferLot, offer
from procurement.demand.models import BaseVolume, Lot
from procurement.dossiers import queries as dossiers
from procurement.dossiers import rules
from procurement.dossiers.flow import Unmet, ValidAt
from procurement.dossiers.rules import Asked, Document, Finding


@dataclass(frozen=True, slots=True)
class Standing:
    """How a company's files stand in a box: its own documents, and those of each product by approval number."""

    asked: Asked
    day: date | None
    company: tuple[Finding, ...]
    products: Mapping[str, tuple[Finding, ...]]

    def of_lot(self, lot: OfferLot) -> tuple[Finding, ...]:
        """Return what is asked of the company's products of a lot."""
        return tuple(found for subject in subjects([lot]) for found in self.products.get(subject, ()))

    @property
    def unmet(self) -> tuple[Finding, ...]:
        """Return every requirement that is not met."""
        return tuple(found for found in self._all() if not found.met)

    def _all(self) -> list[Finding]:
        return [*self.company, *(found for each in self.products.values() for found in each)]

    def readiest(self, approvals: Sequence[str]) -> str:
        """Return the product of which the fewest documents are lacking, the first where several are equal."""
        return min(approvals, key=lambda one: sum(not found.met for found in self.products.get(one, ())))

    def plain(self, chosen: Iterable[str]) -> list[dict[str, Any]]:
        """Return what was found for the company and the chosen products, as a declaration keeps it."""
        own = [found for subject in dict.fromkeys(chosen) for found in self.products.get(subject, ())]
        return [found.plain() for found in (*self.company, *own)]


def asked(box: Box) -> Asked:
    """Return what a box asks for."""
    return rules.asked_of(box.eligibility)


def day(box: Box) -> date | None:
    """Return the day on which documents must be valid. Before the opening its day is not known: the deadline's."""
    found = asked(box)
    if found.valid_at is ValidAt.OPENING and box.opened_at is not None:
        return today(box.opened_at)
    return today(box.deadline) if box.deadline else None


def subjects(lots: Iterable[OfferLot]) -> list[str]:
    """Return the approval numbers a company has in lots."""
    found = (product.approval_number for lot in lots for line in lot.own for product in line.products)
    return list(dict.fromkeys(found))


def standing(session: Session, box: Box, company_id: int, approvals: Sequence[str]) -> Standing:
    """Hold a company's files against what a box asks for, with these of its products."""
    found = asked(box)
    documents = dossiers.standing(session, [company_id])[company_id] if found else []
    return stand(box, approvals, documents)


def stand(box: Box, approvals: Sequence[str], documents: Sequence[Document]) -> Standing:
    """Hold documents against what a box asks for."""
    found, on = asked(box), day(box)
    if on is None:
        return Standing(found, None, (), {})
    own, products = rules.requirements(found, on, approvals)
    by_product: dict[str, tuple[Finding, ...]] = dict.fromkeys(approvals, ())
    for one in rules.examine(products, documents):
        by_product[one.requirement.subject] += (one,)
    return Standing(found, on, rules.examine(own, documents), by_product)


def of_member(session: Session, box: Box, member: JointMember) -> tuple[Finding, ...]:
    """Hold the files of a joint's member against what a box asks for, with the readiest of its products of the lot."""
    approvals = subjects(lot for lot in offer(session, box, member.company_id) if lot.id == member.lot_id)
    found = standing(session, box, member.company_id, approvals)
    return found.company + (found.products[found.readiest(approvals)] if approvals else ())


def of_joint(session: Session, box: Box, joint: Joint) -> tuple[list[dict[str, Any]], list[Issue]]:
    """Hold the files of those who bid through a joint's lead against what a box asks for.

    Return what was found as a declaration keeps it, and why they can't bid where the box refuses what is lacking.
    """
    kept, issues = [], []
    for member in joint.members if asked(box) else ():
        if member.company_id == joint.lead_id:
            continue
        name = member.company.name
        for one in of_member(session, box, member):
            kept.append(one.plain() | {"subject": f"{name} {one.requirement.subject}".strip()})
            if not one.met and asked(box).unmet is Unmet.REFUSE:
                code = "member-product-document-unmet" if one.requirement.subject else "member-document-unmet"
                issues.append(_issue(one, code, lot=joint.lot.number, company=name))
    return kept, issues


def obstacles(found: Standing, lots: Mapping[int, Iterable[str]], numbers: Mapping[int, int]) -> list[Issue]:
    """Return why lots can't be bid with these products, where the box refuses what lacks a document."""
    if found.asked.unmet is not Unmet.REFUSE:
        return []
    issues = [_issue(one, "document-unmet") for one in found.company if not one.met]
    for lot_id, approvals in lots.items():
        own = [one for subject in dict.fromkeys(approvals) for one in found.products.get(subject, ())]
        issues += [_issue(one, "product-document-unmet", lot=numbers[lot_id]) for one in own if not one.met]
    return issues


def barred(
    session: Session, box: Box, company_id: int, offered: Iterable[tuple[int, int]], led: Iterable[Joint], at: datetime
) -> list[Issue]:
    """Return why credit bars a bid in a region of the round: the company, a joint's member, or a product of a lot."""
    members = {one.company_id: one.company.name for joint in led for one in joint.members}
    query = select(BaseVolume.region_code).join(Lot, Lot.id == BaseVolume.lot_id).where(Lot.call_id == box.call_id)
    regions = session.scalars(query.distinct()).all()
    found = may_act(session, company_ids={company_id, *members}, act=Act.BID, region_codes=regions, at=at)
    bound = letters.signed(session, found, today(at))
    why = {key: one.reason for key, one in found.items() if not one.allowed}
    why |= {key: Said(UNSIGNED, year=today(at).year) for key in found if key not in bound and key not in why}
    issues = [Issue("credit-bars-company", facts={"company": _said(members, key), "why": why[key]}) for key in why]
    own = [(number, product_id) for number, product_id in offered if product_id in found[company_id].products]
    names = _names(session, {product_id for _number, product_id in own})
    return issues + [
        Issue("credit-bars-product", facts={"lot": number, "product_id": product_id, "product": names[product_id],
              "why": found[company_id].products[product_id]})
        for number, product_id in own
    ]  # fmt: skip


def _said(members: Mapping[int, str], key: int) -> str:
    return f"{members[key]} " if key in members else ""


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    """Name products so that a company can tell those of one lot apart."""
    query = select(Product).where(among(Product.id, sorted(ids)))
    return {one.id: f"{one.registered_name} {one.approval_number}" for one in session.scalars(query)}


def _issue(found: Finding, code: str, **facts: object) -> Issue:
    asked_for = found.requirement
    told = {"kind": asked_for.kind, "day": asked_for.day, "why": found.why, "approval": asked_for.subject, **facts}
    return Issue(code, column="documents", facts=told)
