"""A small market: two hospitals, two companies and a distributor, with agreements on what the companies make."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Product, Specification, Variety
from catalogue.drugs.rules.forms import Form, FormKind
from kernel.auth.actor import Actor
from kernel.auth.guard import actor_of
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation, Region
from procurement.agreements.ledger import services as ledger
from procurement.agreements.ledger.flow import Move
from procurement.agreements.models import Agreement
from procurement.bids.models import Box
from procurement.demand.flow import CallState
from procurement.demand.models import Call, Lot
from procurement.orders.flow import OrderKind
from procurement.orders.models.orders import Order
from procurement.orders.services import plans
from procurement.orders.services.plans import Wanted
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round

NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
"""A Tuesday morning in Beijing."""
REGION = "320100"


@dataclass
class Market:
    """People, organisations, products and agreements by short names; ids only, so that sessions may come and go."""

    actors: dict[str, Actor] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    agreements: dict[tuple[str, str], int] = field(default_factory=dict)

    def order(
        self, session: Session, who: str = "h1", kind: OrderKind = OrderKind.AGREEMENT, at: datetime = NOW,
        **wanted: int | str,
    ) -> list[Order]:  # fmt: skip
        """Let a hospital's two pharmacists plan and place an order, by product: `a=100`."""
        plan = plans.create(session, kind=kind, title="月度采购", actor=self.actors[who], at=at)
        lines = [Wanted(self.products[name], Decimal(count)) for name, count in wanted.items()]
        plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=self.actors[who], at=at)
        plans.submit(session, plan_id=plan.id, version=plan.version, actor=self.actors[who], at=at)
        return plans.approve(session, plan_id=plan.id, actor=self.actors[f"{who}-second"], at=at)


def populate(session: Session, agreed: int = 20_000) -> Market:
    """Write the market: products a (company1) and b (company2), each agreed with both hospitals for a year."""
    made = Market()
    session.add(Region(code=REGION, name="江州市", parent_code=None))
    for key, kind, name, role in (
        ("h1", OrganisationKind.HOSPITAL, "江州一院", Role.PHARMACIST),
        ("h2", OrganisationKind.HOSPITAL, "江州二院", Role.PHARMACIST),
        ("company1", OrganisationKind.COMPANY, "明川制药", Role.MANUFACTURER),
        ("company2", OrganisationKind.COMPANY, "海岳药业", Role.MANUFACTURER),
        ("distributor", OrganisationKind.DISTRIBUTOR, "江州医药", Role.DISTRIBUTOR),
        ("agency", OrganisationKind.AGENCY, "江州集采中心", Role.AGENCY_OFFICER),
    ):
        join(session, made, key, kind, name, role)
    lots = _lots(session, made)
    round_ = session.scalars(select(Round)).one()
    for hospital in ("h1", "h2"):
        for name, lot in lots.items():
            made.agreements[hospital, name] = _agree(session, made, round_, lot, hospital, name, agreed)
    session.flush()
    return made


def join(session: Session, made: Market, key: str, kind: OrganisationKind, name: str, role: Role) -> None:
    """Let an organisation join, with two people of a role; a hospital with somebody of its finance."""
    organisation = Organisation(
        kind=kind, name=name, code=f"C{len(made.organisations):017}", region_code=REGION,
        state=OrganisationState.ACTIVE, created_at=NOW,
    )  # fmt: skip
    session.add(organisation)
    session.flush()
    made.organisations[key] = organisation.id
    people = {key: role, f"{key}-second": role}
    if kind is OrganisationKind.HOSPITAL:
        people[f"{key}-finance"] = Role.HOSPITAL_FINANCE
    for login, own in people.items():
        user = User(
            login=login, name=f"{login}人", organisation=organisation, created_at=NOW, roles=[UserRole(role=own)]
        )
        session.add(user)
        session.flush()
        made.actors[login] = actor_of(user)


def _lots(session: Session, made: Market) -> dict[str, Lot]:
    call = Call(code="XQ-1", title="春季需求", year=2026, state=CallState.LOCKED, deadline=NOW, created_at=NOW)
    session.add(call)
    session.flush()
    box = Box(call_id=call.id, code="LM-1", title="春季集采")
    session.add(box)
    session.flush()
    session.add(
        Round(
            code="LM-1", title="春季集采", state=RoundState.AWARDED, call_id=call.id, box_id=box.id,
            rule_set_id="batch-4", created_at=NOW, awarded_at=NOW,
        )
    )  # fmt: skip
    lots = {}
    for number, (name, company, generic) in enumerate(
        (("a", "company1", "阿莫西林"), ("b", "company2", "氨溴索")), start=1
    ):
        variety = Variety(
            code=f"V{number:03}", generic_name=GenericName(name=generic),
            form_group=FormGroup(name=f"口服常释剂型{number}", kind=FormKind.ORAL_SOLID),
        )  # fmt: skip
        strength = Specification(
            variety=variety, text="0.25g", form=Form.TABLET, content=Decimal("0.25"), content_unit="g", unit="片",
            is_reference=True, price_factor=Decimal(1), volume_factor=Decimal(1),
        )  # fmt: skip
        session.add_all([variety, strength])
        session.flush()
        product = Product(
            company_id=made.organisations[company], specification_id=strength.id, registered_name=f"{generic}片",
            approval_number=f"国药准字H{number:08}", pack=24,
        )  # fmt: skip
        lots[name] = Lot(call_id=call.id, number=number, variety_id=variety.id)
        session.add_all([product, lots[name]])
        session.flush()
        made.products[name] = product.id
    return lots


def _agree(session: Session, made: Market, round_: Round, lot: Lot, hospital: str, name: str, agreed: int) -> int:
    product = session.get_one(Product, made.products[name])
    award = session.scalars(select(Award).where(Award.lot_id == lot.id)).one_or_none()
    if award is None:
        award = Award(
            round_id=round_.id, lot_id=lot.id, company_id=product.company_id, product_id=product.id,
            specification_id=product.specification_id, price=Decimal("0.1234"), ratio=Decimal("0.8"),
        )  # fmt: skip
        session.add(award)
        session.flush()
    agreement = Agreement(
        award_id=award.id, hospital_id=made.organisations[hospital], company_id=product.company_id,
        specification_id=product.specification_id, product_id=product.id, year=1, starts=date(2026, 1, 1),
        ends=date(2027, 1, 1), price=award.price, agreed=Decimal(agreed), used=Decimal(0),
    )  # fmt: skip
    session.add(agreement)
    session.flush()
    owner = ledger.Owner(
        agreement.hospital_id, agreement.company_id, agreement.specification_id, agreement.year, agreement.id
    )
    moves = (Move.REPORT, Move.AGREE, Move.ALLOCATE)
    posted = [ledger.Posting(owner, move, agreement.agreed, Decimal(0), agreement.id) for move in moves]
    ledger.post(session, posted, at=NOW)
    return agreement.id
