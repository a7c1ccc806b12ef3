"""What two more hospitals of the demo bought, one of them beyond its agreements, and a distributor."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from catalogue.drugs.services import companies
from importers.demo import listed, monitoring
from importers.demo.parties import PASSWORD, credit_code
from importers.demo.stage import SEED, Stage
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.auth.services import passwords, users
from kernel.clock import today
from kernel.parties.codes import OrganisationKind
from procurement.agreements.alerts import services as alerts
from procurement.agreements.boards import services as boards
from procurement.agreements.deliveries import services as deliveries
from procurement.agreements.deliveries.flow import Exemption, Via
from procurement.agreements.deliveries.services import Chain
from procurement.agreements.models import Agreement
from procurement.orders.flow import OrderKind
from procurement.orders.models.orders import Order
from procurement.orders.services import answers, plans, receiving, shipping
from procurement.orders.services.plans import Wanted
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch

BOUGHT = ((1, -120, "0.60"), (2, -110, "0.85"), (1, -25, "0.60"))
"""Hospital, day, and what it buys of each agreement on average."""
DISTRIBUTOR = "distributor"
PAPER = ("经销协议.pdf", b"%PDF-1.4\n% demo\n%%EOF\n")


def build(stage: Stage) -> None:
    """Let hospitals buy, a distributor be named, and the sums and warnings be made; run it last."""
    chance = random.Random(SEED + 63)  # noqa: S311 - invented quantities, the same at every build
    seconds = _second_people(stage)
    for hospital, day, share in BOUGHT:
        placed = _place(stage, hospital, seconds[hospital], Decimal(share), day, chance)
        _deliver(stage, hospital, placed, day)
    listed.build(stage)
    _distributor(stage)
    _named(stage)
    for day in (-4, -1):
        _place(stage, 1, seconds[1], Decimal("0.03"), day, chance, companies=(0, 1))
    with stage.at(stage.now) as session:
        boards.refresh(session, at=stage.now)
        alerts.look(session, at=stage.now)
    monitoring.build(stage)


def _second_people(stage: Stage) -> dict[int, Actor]:
    """Give each of the hospitals a second pharmacist, who approves."""
    hospitals = sorted({hospital for hospital, _day, _share in BOUGHT})
    for index in hospitals:
        with stage.at(stage.day(-200)) as session:
            login = f"approver{index + 1}"
            stage.cast.users[login] = users.create(
                session, organisation=stage.cast.hospitals[index], login=login, name="药剂科主任",
                roles={Role.PHARMACIST}, actor=SYSTEM, at=stage.day(-200),
            )  # fmt: skip
    return {index: stage.actor(f"approver{index + 1}") for index in hospitals}


def _place(
    stage: Stage, hospital: int, second: Actor, share: Decimal, day: int, chance: random.Random,
    companies: Sequence[int] = (),
) -> list[int]:  # fmt: skip
    """Buy a share of every agreement in whole packs, more of some, less of others; of these companies, or of all."""
    at, actor = stage.day(day, 9), stage.hospital(hospital)
    with stage.at(at) as session:
        held = _held(session, stage, actor, day, companies)
        lines = [Wanted(product, _some(agreed, share, pack, chance)) for product, agreed, pack in held]
        if not lines:
            return []
        plan = plans.create(session, kind=OrderKind.AGREEMENT, title="季度采购", department="药库", actor=actor, at=at)
        plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=actor, at=at)
        plans.submit(session, plan_id=plan.id, version=plan.version, actor=actor, at=at)
        return [one.id for one in plans.approve(session, plan_id=plan.id, actor=second, at=at)]


def _held(
    session: Session, stage: Stage, actor: Actor, day: int, companies: Sequence[int]
) -> list[tuple[int, Decimal, int]]:
    """Return product, agreed volume and pack of what a hospital may buy on that day."""
    on = today(stage.day(day))
    query = select(Agreement.product_id, Agreement.agreed, Product.pack).join(
        Product, Product.id == Agreement.product_id
    )
    query = query.where(Agreement.hospital_id == actor.organisation_id, Agreement.starts <= on, Agreement.ends > on)
    if companies:
        query = query.where(Agreement.company_id.in_([stage.cast.companies[one].id for one in companies]))
    found = session.execute(query.order_by(Agreement.id)).all()
    return [(product, agreed, pack) for product, agreed, pack in found if product is not None]


def _some(agreed: Decimal, share: Decimal, pack: int, chance: random.Random) -> Decimal:
    packs = agreed * share * chance.randint(60, 140) / 100 // pack
    return Decimal(max(1, int(packs)) * pack)


def _deliver(stage: Stage, hospital: int, orders: Sequence[int], day: int) -> None:
    """Confirm and ship on the next day, receive three days later."""
    at, later, receiver = stage.day(day + 1), stage.day(day + 4), stage.hospital(hospital)
    expires, sent = today(stage.day(600)), []
    with stage.at(at) as session:
        for order_id in orders:
            order = session.get_one(Order, order_id)
            company = stage.company(order.deliverer_id)
            answers.confirm(session, order_id=order_id, actor=company, at=at)
            batches = [Batch(line.id, f"B{line.id:06d}", expires, line.quantity) for line in order.lines]
            sent.append(shipping.ship(session, order_id=order_id, batches=batches, actor=company, at=at))
        arrived = {one.id: {row.id: Arrived(row.quantity) for row in one.lines} for one in sent}
    with stage.at(later) as session:
        for shipment_id, whole in arrived.items():
            receiving.receive(session, shipment_id=shipment_id, arrived=whole, actor=receiver, at=later)


def _distributor(stage: Stage) -> None:
    """Bring the province's distributor onto the platform."""
    at, city = stage.day(-100), stage.cast.hospitals[0].region_code or ""
    with stage.at(at) as session:
        draft = companies.OrganisationDraft(
            name="江州医药配送有限公司", short_name="江州医药", code=credit_code(880, region=city),
            region_code=city, legal_person="韩泽",
        )  # fmt: skip
        made = companies.create_company(session, draft=draft, kind=OrganisationKind.DISTRIBUTOR, actor=SYSTEM, at=at)
        user = users.create(
            session, organisation=made, login=DISTRIBUTOR, name="韩月", roles={Role.DISTRIBUTOR}, actor=SYSTEM, at=at
        )
        user.password_hash, user.password_set_at, user.demo = passwords.hashed(PASSWORD), at, True
        stage.cast.users[DISTRIBUTOR] = user


def _agreed_on(session: Session, company: Actor) -> list[int]:
    """Return a few of the products a company has agreements on."""
    query = select(Agreement.product_id).where(Agreement.company_id == company.organisation_id)
    found = session.scalars(query.where(Agreement.product_id.is_not(None)).distinct().order_by(Agreement.product_id))
    return [one for one in found if one is not None][:3]


def _named(stage: Stage) -> None:
    """Two companies name it: one is accepted, one asks for an exemption, and a third waits for the answer."""
    actor = stage.actor(DISTRIBUTOR)
    exempt = Chain(Via.DISTRIBUTOR, "北塘医药有限公司", Exemption.REMOTE, "山区医院多，须再经一级配送", PAPER)
    for company, chain, accepted in ((0, Chain(), True), (1, Chain(), True), (2, Chain(), False), (3, exempt, False)):
        at = stage.day(-10 + company)
        with stage.at(at) as session:
            own = stage.company(stage.cast.companies[company].id)
            products = _agreed_on(session, own)
            made = deliveries.name(
                session, product_ids=products, region_code=stage.cast.hospitals[1].region_code or "",
                deliverer_id=actor.organisation_id or 0, chain=chain, actor=own, at=at,
            )  # fmt: skip
            for one in made if accepted else ():
                answered = at + timedelta(hours=3)
                deliveries.answer(session, relation_id=one.id, accepted=True, actor=actor, at=answered)
