"""Who delivers: named by the producer, accepted, within two invoices or exempted, chosen by the hospital."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.auth.permissions import Role
from kernel.errors import Forbidden, Invalid, NotFound
from kernel.parties.codes import OrganisationKind
from procurement.agreements.deliveries import queries, services
from procurement.agreements.deliveries.flow import DeliveryState, Exemption, Via
from procurement.agreements.deliveries.models import DeliveryRelation
from procurement.agreements.deliveries.services import Chain
from procurement.orders.reconciliation.queries import reconcile
from tests.procurement.orders.market import NOW, REGION, Market, join
from tests.procurement.orders.shop import Shop

DIRECT = Chain()
PDF = ("证明.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")


def named(session: Session, market: Market, chain: Chain = DIRECT, deliverer: str = "distributor") -> DeliveryRelation:
    return services.name(
        session, product_ids=[market.products["a"]], region_code=REGION, chain=chain, at=NOW,
        deliverer_id=market.organisations[deliverer], actor=market.actors["company1"],
    )[0]  # fmt: skip


def accepted(session: Session, market: Market, deliverer: str = "distributor") -> None:
    one = named(session, market, deliverer=deliverer)
    services.answer(session, relation_id=one.id, accepted=True, actor=market.actors[deliverer], at=NOW)


def deliverer_of(session: Session, market: Market, who: str = "h1") -> int:
    return market.order(session, who, a=10)[0].deliverer_id


def test_orders_go_to_the_named_deliverer_once_it_accepts_until_the_relationship_ends(
    session: Session, market: Market
) -> None:
    one = named(session, market)
    assert deliverer_of(session, market) == market.organisations["company1"]
    services.answer(session, relation_id=one.id, accepted=True, actor=market.actors["distributor"], at=NOW)
    assert deliverer_of(session, market) == market.organisations["distributor"]
    services.end(session, relation_id=one.id, actor=market.actors["company1"], at=NOW)
    assert deliverer_of(session, market) == market.organisations["company1"]
    assert reconcile(session, day=date(2026, 3, 3)).agrees


def test_a_hospital_chooses_among_several(session: Session, market: Market) -> None:
    join(session, market, "other", OrganisationKind.DISTRIBUTOR, "华东医药", Role.DISTRIBUTOR)
    accepted(session, market)
    accepted(session, market, "other")
    assert deliverer_of(session, market) == market.organisations["company1"]
    values = {"company_id": market.organisations["company1"], "actor": market.actors["h1"], "at": NOW}
    services.choose(session, deliverer_id=market.organisations["other"], **values)
    session.flush()
    assert deliverer_of(session, market) == market.organisations["other"]
    assert deliverer_of(session, market, "h2") == market.organisations["company1"]
    with pytest.raises(Invalid):
        services.choose(session, deliverer_id=market.organisations["h2"], **values)
    with pytest.raises(NotFound):
        services.choose(session, **(values | {"company_id": market.organisations["company2"], "deliverer_id": None}))
    services.choose(session, deliverer_id=None, **values)
    session.flush()
    assert deliverer_of(session, market) == market.organisations["company1"]


def test_a_third_invoice_needs_ground_document_and_the_agency(session: Session, market: Market) -> None:
    with pytest.raises(Invalid) as refused:
        named(session, market, Chain(Via.DISTRIBUTOR))
    assert set(refused.value.fields) == {"via_name", "file", "exemption", "reason"}
    with pytest.raises(Invalid) as refused:
        named(session, market, Chain(Via.SALES_COMPANY, "明川销售"))
    assert set(refused.value.fields) == {"file"}
    one = named(session, market, Chain(Via.DISTRIBUTOR, "省级配送", Exemption.REMOTE, "山区乡镇", PDF))
    assert one.state is DeliveryState.ASKED
    with pytest.raises(NotFound):
        services.answer(session, relation_id=one.id, accepted=True, actor=market.actors["distributor"], at=NOW)
    services.decide(session, relation_id=one.id, granted=True, actor=market.actors["agency"], at=NOW)
    services.answer(session, relation_id=one.id, accepted=True, actor=market.actors["distributor"], at=NOW)
    assert deliverer_of(session, market) == market.organisations["distributor"]


def test_nobody_names_what_is_not_his(session: Session, market: Market) -> None:
    values = {"region_code": REGION, "chain": Chain(), "at": NOW, "deliverer_id": market.organisations["distributor"]}
    with pytest.raises(Invalid):
        services.name(session, product_ids=[market.products["b"]], actor=market.actors["company1"], **values)  # type: ignore[arg-type]  # mixed
    with pytest.raises(Forbidden):
        services.name(session, product_ids=[market.products["a"]], actor=market.actors["h1"], **values)  # type: ignore[arg-type]  # mixed
    one = named(session, market)
    with pytest.raises(Invalid):
        named(session, market)
    with pytest.raises(NotFound):
        services.end(session, relation_id=one.id, actor=market.actors["company2"], at=NOW)


def test_relationships_on_their_pages(shop: Shop) -> None:
    assert shop.get("/procurement/deliveries/new", "company1").status_code == 200
    form = {"product": "all", "region": REGION, "deliverer": str(shop.market.organisations["distributor"])}
    assert shop.post("/procurement/deliveries", "company1", **form).status_code == 303
    assert shop.post("/procurement/deliveries", "company1", product="all", via="distributor").status_code == 422
    with shop.database.transaction(write=False) as session:
        one = session.scalars(select(DeliveryRelation.id)).one()
    assert "Accept" in shop.get("/procurement/deliveries", "distributor").text
    assert shop.post(f"/procurement/deliveries/{one}/answer", "distributor", then="accept").status_code == 303
    page = shop.get("/procurement/deliveries", "h1").text
    assert "Who delivers to you" in page and "江州医药" in page
    for who in ("agency", "company2", "h1-finance"):
        assert shop.get("/procurement/deliveries", who).status_code == 200
    with shop.database.transaction(write=False) as session:
        assert queries.waiting(session, shop.market.actors["distributor"]) == 0
