"""Pages and calls of settlement through the application."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from procurement.orders.models.shipments import Shipment
from procurement.settlement.flow import InvoiceState
from procurement.settlement.models.invoices import Invoice, Payment
from tests.procurement.orders.site import Site

from .goods import number, received, sent_back

HERE = "/procurement/settlement"
API = "/api/v1/procurement"


def text(answer: Any) -> str:
    return answer.get_data(as_text=True)


def goods(site: Site, count: int = 1000, **values: Any) -> tuple[int, int]:
    with site.database.transaction() as session:
        shipment = received(session, site.market, count, **values)
        return shipment.id, shipment.lines[0].id


def form(line: int, count: int, amount: str = "123.40", quantity: str = "1,000") -> dict[str, str]:
    return {
        "code": "", "number": number(count), "issued_on": "2026-03-03", "amount": amount, f"line-{line}": quantity,
        f"price-{line}": "0.1234",
    }  # fmt: skip


def register(site: Site, count: int = 1) -> int:
    shipment, line = goods(site)
    answer = site.browser("company1").post(f"{HERE}/shipments/{shipment}", data=form(line, count))
    assert answer.status_code == 303, text(answer)
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def paid(site: Site, invoice: int, reference: str = "Y1") -> int:
    finance = site.browser("h1-finance")
    assert finance.post(f"{HERE}/invoices/{invoice}/match").status_code == 303
    answer = finance.post(
        f"{HERE}/due", data={"invoice": str(invoice), "reference": reference, "paid_on": "2026-03-03"}
    )
    assert answer.status_code == 303, text(answer)
    return int(answer.headers["Location"].rsplit("/", 1)[1])


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_page_opens_in_both_languages(site: Site, locale: str) -> None:
    first, second, third = register(site, 1), register(site, 2), register(site, 3)
    shipment, _line = goods(site)
    payment = paid(site, first)
    site.browser("h1-finance").post(f"{HERE}/invoices/{second}/match")
    shared = (
        "/invoices",
        f"/invoices/{first}",
        f"/invoices/{third}",
        "/invoices?state=registered&sort=-due",
        "/payments",
    )
    shared += (f"/payments/{payment}", "/invoices?q=无")
    h1, company = site.market.organisations["h1"], site.market.organisations["company1"]
    shared += ("/statements", "/statements?period=2026Q1", f"/statements/{h1}/{company}", "/statements?period=2020")
    own = {
        "company1": ("/owed", "/to-invoice", f"/shipments/{shipment}", f"/invoices/{first}/credit"),
        "h1-finance": ("/due", f"/due?seller={site.market.organisations['company1']}", "/due?seller=1"),
        "agency": ("/statements?side=seller", f"/statements?of={h1}"), "h1": (),
    }  # fmt: skip
    for who, pages in own.items():
        browser = site.browser(who)
        browser.get(f"/language/{locale}")
        assert browser.get("/").status_code == 200
        for page in (*shared, *pages):
            assert browser.get(f"{HERE}{page}").status_code == 200, (who, page)


def test_a_refused_form_says_what_is_wrong_and_keeps_what_was_typed(site: Site) -> None:
    shipment, line = goods(site)
    typed = form(line, 1, quantity="1001") | {"number": "12"}
    answer = site.browser("company1").post(f"{HERE}/shipments/{shipment}", data=typed)
    assert answer.status_code == 422
    assert "1001" in text(answer) and "1000" in text(answer) and 'href="#number"' in text(answer)


def test_an_invoice_goes_through_the_pages(site: Site) -> None:
    invoice = register(site)
    queue = text(site.browser("h1-finance").get("/"))
    assert number(1) in queue
    payment = paid(site, invoice)
    again = site.browser("h1-finance").post(
        f"{HERE}/due", data={"invoice": str(invoice), "reference": "Y2", "paid_on": "2026-03-03"}
    )
    assert again.status_code == 409
    assert "123.40" in text(site.browser("company1").get(f"{HERE}/payments/{payment}"))
    with site.database.transaction(write=False) as session:
        assert session.get_one(Invoice, invoice).state is InvoiceState.PAID


def test_the_same_key_pays_once(site: Site) -> None:
    invoice = register(site)
    finance = site.browser("h1-finance")
    finance.post(f"{HERE}/invoices/{invoice}/match")
    body = {"invoices": [invoice], "reference": "Y1", "paid_on": "2026-03-03"}
    answers = [finance.post(f"{API}/payments", json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    with site.database.transaction(write=False) as session:
        assert len(session.scalars(select(Payment)).all()) == 1


def test_calls_do_what_pages_do(site: Site) -> None:
    _shipment, line = goods(site)
    body = {
        "number": number(1), "issued_on": "2026-03-03", "amount": "123.40",
        "lines": [{"shipment_line_id": line, "quantity": "1000", "price": "0.1234"}],
    }  # fmt: skip
    company, finance = site.browser("company1"), site.browser("h1-finance")
    made = company.post(f"{API}/invoices", json=body)
    assert made.status_code == 201 and made.json["lines"][0]["amount"] == "123.40", text(made)
    address = f"{API}/invoices/{made.json['id']}"
    assert site.browser("h2-finance").get(address).status_code == 404
    assert finance.post(f"{address}/return", json={"reason": "抬头不符"}).json["state"] == "returned"
    assert company.post(f"{address}/withdraw", json={}).json["state"] == "withdrawn"
    assert [row["state"] for row in company.get(f"{API}/invoices").json] == ["withdrawn"]


def test_what_went_back_is_credited_on_a_page(site: Site) -> None:
    invoice = register(site)
    with site.database.transaction() as session:
        shipment = session.scalars(select(Shipment)).one()
        sent_back(session, site.market, shipment, 200)
        line = session.get_one(Invoice, invoice).lines[0].id
    company = site.browser("company1")
    page = text(company.get(f"{HERE}/invoices/{invoice}/credit"))
    assert 'value="200"' in page
    answer = company.post(
        f"{HERE}/invoices/{invoice}/credit",
        data={"number": number(2), "issued_on": "2026-03-03", f"line-{line}": "200"},
    )
    assert answer.status_code == 303, text(answer)
    assert "−24.68" in text(company.get(answer.headers["Location"]))


def test_ticked_invoices_are_matched_at_once(site: Site) -> None:
    ids = [register(site, count) for count in (1, 2)]
    finance = site.browser("h1-finance")
    assert finance.post(f"{HERE}/match", data={}).status_code == 422
    assert finance.post(f"{HERE}/match", data={"invoice": [str(one) for one in ids]}).status_code == 303
    with site.database.transaction(write=False) as session:
        assert {one.state for one in session.scalars(select(Invoice))} == {InvoiceState.MATCHED}


def test_a_statement_goes_out_as_a_page_a_workbook_and_a_call(site: Site) -> None:
    paid(site, register(site))
    pair = f"{site.market.organisations['h1']}/{site.market.organisations['company1']}"
    company = site.browser("company1")
    page = text(company.get(f"{HERE}/statements/{pair}"))
    assert "Y1" in page and number(1) in page and 'class="seal"' in page
    ids = f"hospital={pair.split('/')[0]}&seller={pair.split('/')[1]}"
    book = text(company.get(f"/exports/procurement.settlement-statement?{ids}&as=csv"))
    assert "期初余额" in book and "123.40" in book
    told = company.get(f"{API}/statements/{pair}").json
    assert [one["balance"] for one in told["movements"]] == ["123.40", "0.00"]
    assert [one["closing"] for one in company.get(f"{API}/statements").json] == ["0.00"]
    for stranger in ("company2", "h2-finance"):
        assert site.browser(stranger).get(f"{HERE}/statements/{pair}").status_code == 404
        assert site.browser(stranger).get(f"/exports/procurement.settlement-statement?{ids}&as=csv").status_code == 404
    assert company.get(f"{HERE}/statements?period=2026-13").status_code == 422


def test_what_is_owed_stands_by_age_on_both_sides(site: Site) -> None:
    invoice = register(site)
    owed = text(site.browser("company1").get(f"{HERE}/owed"))
    assert "123.40" in owed and "江州一院" in owed
    assert "123.40" in text(site.browser("company1").get("/"))
    site.browser("h1-finance").post(f"{HERE}/invoices/{invoice}/match")
    for who, page, name in (("company1", "owed", "settlement-owed"), ("h1-finance", "due", "settlement-due")):
        book = text(site.browser(who).get(f"/exports/procurement.{name}?as=csv")).splitlines()[1]
        assert book.split(",")[4:8] == ["123.40", "0.00", "0.00", "0.00"], book
        assert site.browser(who).get(f"{HERE}/{page}").status_code == 200
    assert site.browser("h1-finance").get(f"{HERE}/owed").status_code == 403
