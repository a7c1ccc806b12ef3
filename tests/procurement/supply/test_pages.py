"""Pages and calls of supply through the application."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy import select

from procurement.orders.models.orders import Order
from procurement.supply.channel.models import EmergencyFiling
from procurement.supply.shortages.models import Shortage
from tests.procurement.orders.site import Site

from .scene import emergency

ALL, API = "/procurement/shortages", "/api/v1/procurement/shortages"


def text(answer: Any) -> str:
    return answer.get_data(as_text=True)


def reported(site: Site) -> int:
    form = {"product_id": str(site.market.products["a"]), "needed": "300", "stock": "20", "daily": "10", "_key": "k1"}
    for _twice in range(2):
        answer = site.browser("h1").post(f"{ALL}/new", data=form)
        assert answer.status_code == 303, text(answer)
    with site.database.transaction(write=False) as session:
        return session.scalars(select(Shortage.id)).one()


def test_a_shortage_goes_from_report_to_a_plan_with_a_substitute(site: Site) -> None:
    number = reported(site)
    one = f"{ALL}/{number}"
    said = {"reply": "none", "cause": "material"}
    assert site.browser("h1").post(f"{one}/answer", data=said).status_code == 403
    assert site.browser("company2").post(f"{one}/answer", data=said).status_code == 404
    wrong = site.browser("company1").post(f"{one}/answer", data={"reply": "part"})
    assert wrong.status_code == 422 and 'id="cause-e"' in text(wrong)
    assert site.browser("company1").post(f"{one}/answer", data=said).status_code == 303
    page = text(site.browser("h1").get(one))
    assert f"{one}/substitute" in page and f"{one}/take_over" in page and "0.2000" in page
    assert site.browser("h1").post(f"{one}/take_over", data={"reason": "断供"}).status_code == 303
    page = text(site.browser("agency").get(one))
    assert f"{one}/decision" in page and f"{one}/breach" in page and f"{one}/substitute" not in page
    backup = str(site.market.organisations["company2"])
    done = site.browser("agency").post(f"{one}/decision", data={"arranged": "1", "backup_id": backup})
    assert done.status_code == 303
    chosen = {"product_id": str(site.market.products["a2"])}
    done = site.browser("h1").post(f"{one}/substitute", data=chosen)
    assert done.status_code == 303 and "/procurement/plans/" in done.headers["Location"]


def test_every_page_of_supply_opens_for_those_who_may_read_it(site: Site) -> None:
    number = reported(site)
    for who, code in (("h1", 200), ("company1", 200), ("agency", 200), ("h2", 404), ("distributor", 403)):
        assert site.browser(who).get(f"{ALL}/{number}").status_code == code
    for url in ("/procurement/supply", "/procurement/supply?region=320100", ALL, f"{ALL}?state=closed&q=x&sort=-days"):
        assert site.browser("agency").get(url).status_code == 200
    for who in ("h1", "company1", "agency"):
        assert site.browser(who).get("/").status_code == 200
    assert site.browser("h1").get("/procurement/supply").status_code == 403
    assert site.browser("h1").get(f"{ALL}/new?product={site.market.products['a']}").status_code == 200
    for name in ("shortages", "supply-varieties", "supply-regions", "emergencies"):
        assert site.browser("agency").get(f"/exports/procurement.{name}?as=csv").status_code == 200


def test_calls_report_and_answer_with_the_same_rules(site: Site) -> None:
    body = {"product_id": site.market.products["a"], "needed": "300", "stock": "0", "daily": "10"}
    key = {"Idempotency-Key": "s-1"}
    made = [site.browser("h1").post(API, json=body, headers=key) for _twice in range(2)]
    assert [each.status_code for each in made] == [201, 201] and made[0].get_json() == made[1].get_json()
    one = f"{API}/{made[0].get_json()['id']}"
    said = {"reply": "all", "supplies": "300", "supplies_on": "2026-03-10"}
    assert site.browser("company2").post(f"{one}/answer", json=said).status_code == 404
    answered = site.browser("company1").post(f"{one}/answer", json=said)
    assert answered.get_json()["state"] == "answered"
    assert [each["id"] for each in site.browser("company1").get(API).get_json()] == [made[0].get_json()["id"]]
    assert site.browser("h2").get(one).status_code == 404


def test_an_emergency_purchase_is_filed_with_its_papers(site: Site) -> None:
    with site.database.transaction() as session:
        order = emergency(session, site.market).id
    one = f"/procurement/emergencies/{order}"
    assert f"{one}/file" in text(site.browser("h1").get(one))
    assert f"{one}/file" not in text(site.browser("agency").get(one))
    papers = (io.BytesIO(b"%PDF-1.4\n% test\n%%EOF\n"), "纪要.pdf")
    wrong = site.browser("h1").post(f"{one}/file", data={"ground": "x", "document": ""})
    assert wrong.status_code == 422
    form = {"ground": "批量伤员", "document": "会议纪要", "papers": papers}
    done = site.browser("h1").post(f"{one}/file", data=form, content_type="multipart/form-data")
    assert done.status_code == 303, text(done)
    with site.database.transaction(write=False) as session:
        assert session.get_one(Order, order).filed_at is not None
        assert session.scalars(select(EmergencyFiling.order_id)).all() == [order]
    assert "纪要.pdf" in text(site.browser("agency").get(one))
    assert site.browser("h2").get(one).status_code == 404
    for who in ("h1", "agency"):
        assert site.browser(who).get("/procurement/emergencies?state=filed").status_code == 200
