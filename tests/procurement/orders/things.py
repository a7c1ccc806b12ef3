"""Something of everything that purchasing keeps, for every pair of a buyer and a supplier, with whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from importers.flow import ImportState
from importers.models import Import
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.downloads.flow import FileForm
from kernel.downloads.models import Download
from kernel.files.models import StoredFile
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Region
from pricing.listings import queries as listings
from pricing.listings import services as listing
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from procurement.agreements.deliveries import services as deliveries
from procurement.agreements.deliveries.flow import Exemption, Via
from procurement.agreements.deliveries.services import Chain
from procurement.agreements.takeovers.models import Takeover
from procurement.demand.models import Lot
from procurement.orders.flow import Dispute, OrderKind
from procurement.orders.models.orders import Order
from procurement.orders.models.plans import Template, TemplateLine
from procurement.orders.models.shipments import Shipment
from procurement.orders.services import answers, plans, receiving, returns, shipping
from procurement.orders.services.plans import Wanted
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch
from procurement.rounds.models.rounds import Round
from procurement.settlement.claims import services as claims
from procurement.settlement.fund import services as fund
from procurement.settlement.fund.services import Due
from procurement.settlement.runs import services as fund_runs
from procurement.settlement.services import invoicing, matching, paying
from procurement.supply.channel import services as channel
from procurement.supply.shortages import services as shortages
from procurement.supply.shortages.flow import Cause, Reply
from procurement.supply.shortages.services import Answer, Report
from tests.procurement.settlement.goods import draft, number

from .market import NOW, REGION, Market, join
from .retained import runs
from .test_stateful import EXPIRES

TRADES = (
    ("h1", "company1", "company1", "a"), ("h2", "company2", "company2", "b"),
    ("p1", "company1", "distributor", "a"), ("p2", "company2", "distributor2", "b"),
)  # fmt: skip
"""Who buys of whom, who delivers it, and what it is."""
DAY, ELSEWHERE, PAPER = NOW.date(), "330100", b"%PDF-1.4\n%%EOF"


@dataclass
class Things:
    """Ids by their name in addresses, each with whose it is, and words that only its owners may read.

    `ground` are ids that everybody may name: what stands on them belongs to somebody.
    """

    ids: dict[str, list[tuple[int, frozenset[str]]]] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    ground: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, identity: int, *owners: str) -> None:
        """Note whose a thing is."""
        self.ids.setdefault(name, []).append((identity, frozenset(owners)))

    def say(self, word: str, *owners: str) -> None:
        """Note who may read a word."""
        self.words[word] = frozenset(owners)

    def of(self, name: str, who: str, *, own: bool) -> list[int]:
        """Return the ids that are his, or those that are nobody's business of his."""
        return [identity for identity, owners in self.ids[name] if (organisation(who) in owners) is own]


def organisation(who: str) -> str:
    """Name whose person that is."""
    return who.removesuffix("-finance").removesuffix("-second")


def furnish(session: Session, market: Market) -> Things:
    """Write all of it through the services; what only addresses name, as rows."""
    things = Things()
    session.add(Region(code=ELSEWHERE, name="河州市", parent_code=None))
    for key in ("p1", "p2"):
        join(session, market, key, OrganisationKind.PHARMACY, f"江州{key}药房", Role.PHARMACY)
    join(session, market, "price", OrganisationKind.AGENCY, "江州医保局", Role.PRICE_OFFICER)
    join(session, market, "distributor2", OrganisationKind.DISTRIBUTOR, "河州医药", Role.DISTRIBUTOR)
    _agreements(session, market, things)
    for buyer, _maker, seller, _product in TRADES:
        things.add("hospital_id", market.organisations[buyer], buyer)
        things.add("seller_id", market.organisations[seller], seller)
    for company, product in (("company1", "a"), ("company2", "b")):
        _deliveries(session, market, things, company, product)
    for trade in TRADES:
        _trade(session, market, things, *trade)
    for who, ids in runs(session, market).items():
        for name, identity in ids.items():
            things.add(name, identity, who)
        things.say(f"dispute-{who}", who)
    for who in ("h1", "h2", "company1", "company2", "p1", "p2"):
        _files(session, market.actors[who], things, who)
    session.flush()
    return things


def _agreements(session: Session, market: Market, things: Things) -> None:
    makers = {"a": "company1", "b": "company2"}
    for (hospital, product), identity in market.agreements.items():
        things.add("agreement_id", identity, hospital, makers[product])
    lot, round_ = session.scalars(select(Lot).order_by(Lot.id)).all()[0], session.scalars(select(Round)).one()
    things.ground |= {"round_id": round_.id, "lot_id": lot.id, "company_id": market.organisations["company1"]}
    taken = Takeover(
        round_id=round_.id, lot_id=lot.id, region_code=REGION, from_company_id=market.organisations["company1"],
        to_company_id=market.organisations["company2"], reason="mark-takeover", proposed_at=NOW,
    )  # fmt: skip
    rows = [NewListing(one, REGION, ListingKind.LISTED, Decimal("0.3"), DAY) for one in market.products.values()]
    listing.list_products(session, rows=rows, actor=SYSTEM, at=NOW)
    session.add(taken)
    session.flush()
    things.add("takeover_id", taken.id)
    things.say("mark-takeover")
    for row in rows:
        things.add("listing_id", listings.of_key(session, row.key).id)


def _deliveries(session: Session, market: Market, things: Things, company: str, product: str) -> None:
    """Two deliver in the region and the pharmacies choose; elsewhere one is named and one to be exempted."""
    actor, mark = market.actors[company], f"mark-delivery-{company}"
    both, buyers = ("distributor", "distributor2"), ("h1", "h2", "p1", "p2")
    own = {"product_ids": [market.products[product]], "actor": actor, "at": NOW}
    for who in both:
        whom = market.organisations[who]
        made = deliveries.name(session, region_code=REGION, deliverer_id=whom, chain=Chain(), **own)[0]  # type: ignore[arg-type]  # by name
        deliveries.answer(session, relation_id=made.id, accepted=True, actor=market.actors[who], at=NOW)
        things.add("relation_id", made.id, company, who, *buyers)
    paper = (f"{mark}.pdf", PAPER)
    for who, via in zip(both, (Via.NATIONAL_AGENT, Via.DISTRIBUTOR), strict=True):
        chain = Chain(via, mark, Exemption.REMOTE, mark, paper)
        whom = market.organisations[who]
        made = deliveries.name(session, region_code=ELSEWHERE, deliverer_id=whom, chain=chain, **own)[0]  # type: ignore[arg-type]  # by name
        owners = (company, who) if via is Via.NATIONAL_AGENT else (company,)
        things.add("relation_id", made.id, *owners)
        things.add("file_id", _file(session, "delivery_relation", made.id), *owners)
    things.say(mark, company, "distributor")
    buyer, chosen = ("p1", "distributor") if product == "a" else ("p2", "distributor2")
    deliveries.choose(
        session, company_id=market.organisations[company], deliverer_id=market.organisations[chosen],
        actor=market.actors[buyer], at=NOW,
    )  # fmt: skip


def _file(session: Session, kind: str, identity: int) -> int:
    query = select(StoredFile.id).where(StoredFile.parent_kind == kind, StoredFile.parent_id == str(identity))
    return session.scalars(query).one()


def _trade(
    session: Session, market: Market, things: Things, buyer: str, maker: str, deliverer: str, product: str
) -> None:
    owners, mark = (buyer, maker, deliverer), f"mark-{buyer}-{deliverer}"
    buys, made = market.actors[buyer], list[Order]()
    line = [Wanted(market.products[product], Decimal(90), Decimal("0.2"))]
    for place in range(4):  # one stays a draft, one is not decided
        plan = plans.create(session, kind=OrderKind.EMERGENCY, title=f"plan-{mark}", reason="急救", actor=buys, at=NOW)
        plans.keep(session, plan_id=plan.id, version=plan.version, lines=line, actor=buys, at=NOW)
        things.add("plan_id", plan.id, buyer)
        if place:
            plans.submit(session, plan_id=plan.id, version=plan.version, actor=buys, at=NOW)
        if place > 1:
            made += plans.approve(session, plan_id=plan.id, actor=market.actors[f"{buyer}-second"], at=NOW)
    for order in made:
        things.add("order_id", order.id, *owners)
        things.add("order_line_id", order.lines[0].id, *owners)
        things.say(order.number, *owners)
    channel.file(
        session, order_id=made[1].id, ground=mark, document=mark, papers=[channel.Paper("说明.pdf", PAPER)], actor=buys,
        at=NOW,
    )  # fmt: skip
    filing = session.scalars(select(StoredFile).order_by(StoredFile.id.desc())).first()
    assert filing is not None and filing.parent_kind == "emergency_filing"
    things.add("file_id", filing.id, buyer)
    _deliver(session, market, things, made[0], buyer, deliverer, owners)
    said = Report(market.products[product], Decimal(9), Decimal(1), Decimal(1), mark)
    short = shortages.report(session, said=said, actor=buys, at=NOW)
    things.add("shortage_id", short.id, buyer, maker)
    if buyer.startswith("p"):
        none = Answer(Reply.NONE, Cause.MATERIAL)
        shortages.answer(session, shortage_id=short.id, said=none, actor=market.actors[maker], at=NOW)
    things.say(mark, *owners)
    things.say(f"plan-{mark}", buyer)
    _template(session, buys, things, buyer, market.products[product])


def _deliver(
    session: Session, market: Market, things: Things, order: Order, buyer: str, deliverer: str, owners: tuple[str, ...]
) -> None:
    """Ship in three parts: one is on its way, one was received whole, one is in dispute."""
    buys, sells, mark = market.actors[buyer], market.actors[deliverer], f"mark-{buyer}-{deliverer}"
    answers.confirm(session, order_id=order.id, actor=sells, at=NOW)
    for place in range(3):
        batch = Batch(order.lines[0].id, f"batch-{mark}", EXPIRES, Decimal(20))
        sent = shipping.ship(session, order_id=order.id, batches=[batch], waybill=mark, actor=sells, at=NOW)
        row = sent.lines[0].id
        things.add("shipment_id", sent.id, *owners)
        things.add("shipment_line_id", row, *owners)
        if not place:
            continue
        said = Arrived(Decimal(10 * (3 - place)), Dispute.SHORT)
        receiving.receive(session, shipment_id=sent.id, arrived={row: said}, actor=buys, at=NOW)
        back = returns.ask(
            session, shipment_id=sent.id, quantities={row: Decimal(1)}, reason=mark, actor=buys, at=NOW
        )  # fmt: skip
        things.add("return_id", back.id, *owners)
        if place == 1:
            _settle(session, market, things, sent.id, buyer, deliverer)


def _settle(session: Session, market: Market, things: Things, shipment_id: int, buyer: str, deliverer: str) -> None:
    """Three invoices over parts of a shipment: one waits to be matched, one to be paid, one is paid."""
    pays = market.actors[f"{buyer}-finance" if buyer.startswith("h") else buyer]
    shipment = session.get_one(shipping.Shipment, shipment_id)
    for place in range(3):
        written = draft(shipment, 1000 * shipment_id + place, quantity=Decimal(5))
        one = invoicing.register(session, draft=written, actor=market.actors[deliverer], at=NOW)
        things.add("invoice_id", one.id, buyer, deliverer)
        things.say(number(1000 * shipment_id + place), buyer, deliverer)
        if place:
            matching.match(session, invoice_ids=[one.id], actor=pays, at=NOW)
    reference = f"paid-{buyer}-{deliverer}"
    paid = paying.pay(session, invoice_ids=[one.id], reference=reference, paid_on=DAY, actor=pays, at=NOW)
    things.add("payment_id", paid.id, buyer, deliverer)
    things.say(reference, buyer, deliverer)
    _claim(session, market, things, shipment, buyer, deliverer)


def _claim(session: Session, market: Market, things: Things, shipment: Shipment, buyer: str, deliverer: str) -> None:
    """Three claims on the fund: one waits for the hospital, one for a run, one stands in a run; and an account."""
    pays, sells, agency = (
        market.actors[who] for who in (f"{buyer}-finance" if buyer.startswith("h") else buyer, deliverer, "agency")
    )
    made = []
    for place in (3, 4, 5):
        written = draft(
            shipment, 1000 * shipment.id + place, quantity=Decimal(1), issued_on=DAY.replace(month=2)
        )  # fmt: skip
        one = invoicing.register(session, draft=written, actor=sells, at=NOW)
        matching.match(session, invoice_ids=[one.id], actor=pays, at=NOW)
        made.append(claims.file(session, hospital_id=one.hospital_id, invoice_ids=[one.id], actor=sells, at=NOW))
        things.add("claim_id", made[-1].id, buyer, deliverer)
        things.say(made[-1].number, buyer, deliverer)
    for approved in made[1:]:
        claims.approve(session, claim_id=approved.id, actor=pays, at=NOW)
    prepared = fund_runs.prepare(session, claim_ids=[made[-1].id], actor=agency, at=NOW)
    things.add("fund_run_id", prepared.id, buyer, deliverer)
    if buyer.startswith("h"):
        due = Due(one.hospital_id, DAY.replace(month=2, day=1), Decimal(7))
        fund.say_due(session, dues=[due], actor=agency, at=NOW)


def _template(session: Session, buys: Actor, things: Things, buyer: str, product_id: int) -> None:
    title = f"template-{buyer}"
    made = Template(hospital_id=buys.organisation_id, kind=OrderKind.EMERGENCY, title=title, saved_at=NOW)
    session.add(made)
    session.flush()
    session.add(TemplateLine(template_id=made.id, product_id=product_id, quantity=Decimal(1)))
    things.add("template_id", made.id, buyer)
    things.say(title, buyer)


def _files(session: Session, actor: Actor, things: Things, who: str) -> None:
    """A workbook that somebody uploaded and a file that was prepared for him."""
    mark, until = f"file-{who}", NOW + timedelta(days=2)
    kind = "plan-lines" if who[0] in "hp" else "shipment-batches"
    staged = Import(
        kind=kind, version=1, query={}, context={}, file_name=mark, sheet=mark, digest="", rows_ref="",
        findings_ref="", user_id=actor.user_id, user_name=actor.name, organisation_id=actor.organisation_id,
        state=ImportState.CHECKED, mode=None, created=0, changed=0, unchanged=0, faulty=0, created_at=NOW,
        expires_at=until,
    )  # fmt: skip
    ready = Download(
        export="procurement.orders", query={}, form=FileForm.CSV, title=mark, user_id=actor.user_id,
        organisation_id=actor.organisation_id, created_at=NOW, expires_at=until,
    )  # fmt: skip
    session.add_all([staged, ready])
    session.flush()
    things.add("import_id", staged.id, who)
    things.add("download_id", ready.id, who)
    things.say(mark, who)
