"""Pages and calls of claims, payment runs and fund accounts through the application."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from procurement.rounds.models.rounds import Round
from procurement.settlement.flow import ClaimState, RunState
from procurement.settlement.models.claims import Claim, FundAccount, Run
from procurement.settlement.models.invoices import Payment
from tests.procurement.orders.site import Site

from . import funded

HERE = "/procurement/settlement"
API = "/api/v1/procurement"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def matched(site: Site, *numbers: int) -> list[int]:
    with site.database.transaction() as session:
        return [funded.matched(session, site.market, each).id for each in numbers]


def filed(site: Site, *numbers: int) -> int:
    """Let the company claim on its page; return the claim's id."""
    ids = [str(each) for each in matched(site, *numbers)]
    typed = {"hospital": str(site.market.organisations["h1"]), "invoice": ids}
    answer = site.browser("company1").post(f"{HERE}/claims/new", data=typed)
    assert answer.status_code == 303, text(answer)
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def prepared(site: Site, *numbers: int) -> int:
    claim = filed(site, *numbers)
    assert site.browser("h1-finance").post(f"{HERE}/claims/{claim}/approve").status_code == 303
    answer = site.browser("agency").post(f"{HERE}/runs/new", data={"claim": str(claim)})
    assert answer.status_code == 303, text(answer)
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def say_due(site: Site, amount: str = "500", month: str = "2026-02") -> Any:
    typed = {"hospital": str(site.market.organisations["h1"]), "month": month, "amount": amount, "note": "城乡居民"}
    return site.browser("agency").post(f"{HERE}/fund/due", data=typed)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_page_opens_in_both_languages(site: Site, locale: str) -> None:
    run = prepared(site, 1)
    paid = {"reference": "F1", "paid_on": "2026-03-03"}
    assert site.browser("agency-second").post(f"{HERE}/runs/{run}/pay", data=paid).status_code == 303
    claim, hospital = filed(site, 2), site.market.organisations["h1"]
    matched(site, 3)
    assert say_due(site).status_code == 303
    shared = ("/claims", f"/claims/{claim}", "/claims?state=late&sort=-due", "/claims?q=无", "/claims?state=filed")
    fund = ("/fund", f"/fund/{hospital}")
    own = {
        "company1": ("/claims/new", f"/claims/new?hospital={hospital}", "/claims/new?hospital=999"),
        "h1-finance": fund,
        "agency": (*fund, "/runs", f"/runs/{run}", "/runs?state=paid&q=F1", "/runs/new", "/fund/due", "/fund?q=无",
                   "/fund/prepayment", f"/fund/prepayment?hospital={hospital}&round=1"),
    }  # fmt: skip
    for who, pages in own.items():
        browser = site.browser(who)
        browser.get(f"/language/{locale}")
        assert browser.get("/").status_code == 200
        for page in (*shared, *pages):
            assert browser.get(f"{HERE}{page}").status_code == 200, (who, page)


def test_a_claim_goes_through_the_pages(site: Site) -> None:
    claim = filed(site, 1, 2)
    finance = site.browser("h1-finance")
    assert f"{HERE}/claims/{claim}" in text(finance.get("/"))
    assert site.browser("h2-finance").get(f"{HERE}/claims/{claim}").status_code == 404
    assert site.browser("company2").post(f"{HERE}/claims/{claim}/withdraw").status_code == 404
    refused = finance.post(f"{HERE}/claims/{claim}/return", data={"reason": " "})
    assert refused.status_code == 422 and 'href="#reason"' in text(refused)
    assert finance.post(f"{HERE}/claims/{claim}/return", data={"reason": "价格不符"}).status_code == 303
    assert "价格不符" in text(site.browser("company1").get(f"{HERE}/claims/{claim}"))
    assert finance.post(f"{HERE}/claims/{claim}/approve").status_code == 409


def test_a_run_is_paid_by_another_person_and_comes_as_a_workbook(site: Site) -> None:
    run = prepared(site, 1)
    typed = {"reference": "F1", "paid_on": "2026-03-03"}
    assert site.browser("agency").post(f"{HERE}/runs/{run}/pay", data=typed).status_code == 422
    second = site.browser("agency-second")
    assert f"{HERE}/runs/{run}" in text(second.get("/"))
    wrong = second.post(f"{HERE}/runs/{run}/pay", data={"reference": "", "paid_on": "2026-03-04"})
    assert wrong.status_code == 422 and 'href="#reference"' in text(wrong) and 'href="#paid_on"' in text(wrong)
    assert second.post(f"{HERE}/runs/{run}/pay", data=typed).status_code == 303
    for browser in (site.browser("company1"), site.browser("h1-finance")):
        assert browser.get(f"{HERE}/runs/{run}").status_code == 403
    table = second.get(f"/exports/procurement.settlement-run?run={run}&as=csv").data.decode("utf-8-sig")
    assert table.count("ZF20260303-01") == 1 and "123.40" in table
    assert "ZF20260303" not in text(site.browser("h1-finance").get(f"/exports/procurement.settlement-run?run={run}"))


def test_the_same_key_pays_a_run_once(site: Site) -> None:
    run = prepared(site, 1)
    second, body = site.browser("agency-second"), {"reference": "F1", "paid_on": "2026-03-03"}
    key = {"Idempotency-Key": "k1"}
    answers = [second.post(f"{API}/fund-runs/{run}/pay", json=body, headers=key) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200] and answers[0].json == answers[1].json
    assert answers[0].json["state"] == "paid"
    with site.database.transaction(write=False) as session:
        assert len(session.scalars(select(Payment)).all()) == 1
        account = session.scalars(select(FundAccount)).one()
        assert (account.direct, account.balance) == (Decimal("123.40"), Decimal("-123.40"))


def test_calls_do_what_pages_do(site: Site) -> None:
    ids, h1 = matched(site, 1, 2), site.market.organisations["h1"]
    company, finance, agency = (site.browser(who) for who in ("company1", "h1-finance", "agency"))
    made = company.post(f"{API}/claims", json={"hospital_id": h1, "invoices": ids[:1]})
    assert made.status_code == 201 and made.json["amount"] == "123.40", text(made)
    again = company.post(f"{API}/claims", json={"hospital_id": h1, "invoices": ids})
    assert again.status_code == 409
    address = f"{API}/claims/{made.json['id']}"
    assert finance.post(f"{address}/approve", json={}).json["state"] == "approved"
    assert [each["id"] for each in finance.get(f"{API}/claims?state=approved").json] == [made.json["id"]]
    run = agency.post(f"{API}/fund-runs", json={"claims": [made.json["id"]]})
    assert run.status_code == 201
    assert finance.post(f"{address}/return", json={"reason": "晚"}).status_code == 409
    assert agency.post(f"{API}/fund-runs/{run.json['id']}/cancel", json={}).json["state"] == "cancelled"
    assert agency.get(f"{API}/fund-runs/{run.json['id']}").json["count"] == 1
    assert finance.post(f"{address}/return", json={"reason": "价格"}).json["state"] == "returned"
    assert company.get(address).json["reason"] == "价格"
    other = company.post(f"{API}/claims", json={"hospital_id": h1, "invoices": ids})
    assert company.post(f"{API}/claims/{other.json['id']}/withdraw", json={}).json["state"] == "withdrawn"
    assert say_due(site).status_code == 303
    assert finance.get(f"{API}/fund-accounts/{h1}").json["balance"] == "500.00"
    assert site.browser("h2-finance").get(f"{API}/fund-accounts/{h1}").status_code == 404
    with site.database.transaction(write=False) as session:
        assert session.scalars(select(Claim.state).order_by(Claim.id)).all() == [
            ClaimState.RETURNED, ClaimState.WITHDRAWN
        ]  # fmt: skip
        assert session.scalars(select(Run.state)).one() is RunState.CANCELLED


def test_dues_and_prepayments_are_entered_on_pages(site: Site) -> None:
    agency = site.browser("agency")
    wrong = say_due(site, amount="x", month="2026-13")
    assert wrong.status_code == 422 and 'href="#month"' in text(wrong) and 'href="#amount"' in text(wrong)
    assert say_due(site).status_code == 303 and say_due(site).status_code == 409
    with site.database.transaction(write=False) as session:
        round_id = session.scalars(select(Round.id)).one()
    typed = {"hospital": str(site.market.organisations["h1"]), "round": str(round_id), "budget": "1,000"}
    looked = agency.post(f"{HERE}/fund/prepayment", data=typed | {"look": "1"})
    assert looked.status_code == 200 and "4,936.00" in text(looked)  # 20 000 of a and of b at 0.1234
    refused = agency.post(f"{HERE}/fund/prepayment", data=typed | {"amount": "299.99"})
    assert refused.status_code == 422 and "300.00" in text(refused)
    assert agency.post(f"{HERE}/fund/prepayment", data=typed | {"amount": "300"}).status_code == 303
    assert agency.post(f"{HERE}/fund/set-off").status_code == 303
    assert agency.post(f"{HERE}/fund/set-off").status_code == 409
    assert site.browser("h1-finance").post(f"{HERE}/fund/set-off").status_code == 403
    with site.database.transaction(write=False) as session:
        found = session.scalars(select(FundAccount)).one()
        assert (found.balance, found.open) == (200, 0)
