"""Pages and calls of purchase plans through the application."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from procurement.orders.flow import OrderKind, PlanState
from procurement.orders.models.orders import Order
from procurement.orders.models.plans import Plan, PlanLine

from .site import Site

PLANS = "/procurement/plans"
API = "/api/v1/procurement/plans"


def text(answer: Any) -> str:
    return answer.get_data(as_text=True)


def begin(site: Site, who: str = "h1", **values: str) -> int:
    form = {"kind": "agreement", "title": "十二月抗菌药", "department": "呼吸科", **values}
    answer = site.browser(who).post(f"{PLANS}/new", data=form)
    assert answer.status_code == 303, text(answer)
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def draft(site: Site, plan_id: int, rows: list[dict[str, str]], version: int, who: str = "h1") -> Any:
    return site.browser(who).post(f"{API}/{plan_id}/draft", json={"version": version, "rows": rows})


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_page_opens_in_both_languages(site: Site, locale: str) -> None:
    written, waits = site.plan(a=100), site.plan(a=19_000, b=30_000, submit=True)
    site.browser("h1-second").post(f"{PLANS}/{site.plan(b=7, submit=True)}/approve")
    site.browser("h1").post(f"{PLANS}/{written}/template", data={"template": "呼吸科常用"})
    pages = ("", "/new", "/templates", f"/{written}", f"/{written}?plain=1", f"/{waits}", "/3", "?state=placed&q=月")
    for who in ("h1", "h1-second"):
        browser = site.browser(who)
        browser.get(f"/language/{locale}")
        assert browser.get("/").status_code == 200
        for page in pages:
            assert browser.get(f"{PLANS}{page}").status_code == 200, page
    agency = site.browser("agency")
    assert agency.get(PLANS).status_code == agency.get(f"{PLANS}/3").status_code == 200
    assert agency.get(f"{PLANS}/{waits}").status_code == 404


def test_a_plan_goes_from_the_grid_to_orders(site: Site) -> None:
    plan_id, a, b = begin(site), site.market.products["a"], site.market.products["b"]
    answer = draft(site, plan_id, [{"id": str(a), "quantity": "20,500"}, {"id": str(b), "quantity": "１２"}], 1)
    assert answer.json["refused"] == answer.json["said"] == []
    form = {"version": str(answer.json["version"]), "then": "submit"}
    assert site.browser("h1").post(f"{PLANS}/{plan_id}", data=form).status_code == 303
    assert site.browser("h1").post(f"{PLANS}/{plan_id}/approve").status_code == 422  # his own plan
    review = text(site.browser("h1-second").get(f"{PLANS}/{plan_id}"))
    assert "2,531.18" in review and "部分或全部超出协议量" in review and ">500<" in review
    assert site.browser("h1-second").post(f"{PLANS}/{plan_id}/approve").status_code == 303
    with site.database.transaction(write=False) as session:
        assert session.get_one(Plan, plan_id).state is PlanState.PLACED
        assert len(session.scalars(select(Order)).all()) == 2
    assert "CG20260303" in text(site.browser("h1").get(f"{PLANS}/{plan_id}"))
    assert "超出协议" in text(site.browser("h1").get("/procurement/orders/1"))  # a line within, a line beyond


def test_a_draft_names_what_it_can_not_take_and_keeps_the_rest(site: Site) -> None:
    plan_id, a = begin(site), site.market.products["a"]
    rows = [{"id": str(a), "quantity": "5"}, {"id": "999", "quantity": "5"}, {"id": "998", "quantity": "1e3"}]
    answer = draft(site, plan_id, rows, 1).json
    assert {one["id"] for one in answer["refused"]} == {"999", "998"}
    emptied = draft(site, plan_id, [{"id": str(a), "quantity": ""}], answer["version"]).json
    assert emptied["refused"] == []
    assert draft(site, plan_id, [], 1).status_code == 409
    with site.database.transaction(write=False) as session:
        assert session.scalars(select(PlanLine)).all() == []


def test_a_line_the_hospital_can_not_buy_is_named_while_it_is_typed(site: Site) -> None:
    plan_id, a = begin(site, kind="listed"), site.market.products["a"]
    answer = draft(site, plan_id, [{"id": str(a), "quantity": "5"}], 1).json
    assert [one["id"] for one in answer["said"]] == [str(a)]
    refused = site.browser("h1").post(f"{PLANS}/{plan_id}", data={"version": str(answer["version"]), "then": "submit"})
    assert refused.status_code == 422 and "阿莫西林片" in text(refused)


def test_a_pasted_list_becomes_rows_and_names_its_slips(site: Site) -> None:
    plan_id = begin(site)
    cells = (("批准文号", "数量"), ("H00000001", "阿莫西林", "24", "1,200"), ("国药准字H00000002", "７"),
             ("H99999999", "3"), ("H00000001", "5"), ("国药准字H00000002", "多"))  # fmt: skip
    block = "\r\n".join("\t".join(line) for line in cells)
    answer = site.browser("h1").post(f"{API}/{plan_id}/block", json={"text": block}).json
    assert [(row["id"], row["quantity"]) for row in answer["rows"]] == [
        (str(site.market.products["a"]), "1200"), (str(site.market.products["b"]), "7"),
    ]  # fmt: skip
    assert [one["line"] for one in answer["wrong"]] == [4, 5, 6]


def test_last_month_and_templates_fill_new_plans(site: Site) -> None:
    site.browser("h1-second").post(f"{PLANS}/{site.plan(a=40, submit=True)}/approve")
    saved = site.browser("h1").post(f"{PLANS}/1/template", data={"template": "常用"})
    assert saved.status_code == 303
    lines = site.browser("h1").get(f"{API}/{begin(site)}/usual?source=1").json["rows"]
    assert [(row["id"], row["quantity"]) for row in lines] == [(str(site.market.products["a"]), "40")]
    assert site.browser("h1").get(f"{API}/2/usual?source=last-month").json["rows"] == []  # of this month
    copied = begin(site, source="1")
    with site.database.transaction(write=False) as session:
        held = session.scalars(select(PlanLine).where(PlanLine.plan_id == copied)).all()
        assert [(line.product_id, line.quantity) for line in held] == [(site.market.products["a"], 40)]
    assert site.browser("h2").get(f"{API}/{begin(site, 'h2')}/usual?source=1").status_code == 404
    assert site.browser("h2").post(f"{PLANS}/templates/1/remove").status_code == 404
    assert site.browser("h1").post(f"{PLANS}/templates/1/remove").status_code == 303


def test_an_emergency_names_its_own_price_and_reason(site: Site) -> None:
    plan_id, a = site.plan(kind=OrderKind.EMERGENCY), site.market.products["a"]
    version = draft(site, plan_id, [{"id": str(a), "quantity": "5", "own": "3.5"}], site.version(plan_id)).json[
        "version"
    ]
    form = {"version": str(version), "then": "submit"}
    assert site.browser("h1").post(f"{PLANS}/{plan_id}", data=form).status_code == 422  # no reason yet
    head = {"version": str(version), "title": "急救", "reason": "群体中毒"}
    assert site.browser("h1").post(f"{PLANS}/{plan_id}/head", data=head).status_code == 303
    form["version"] = str(version + 1)
    assert site.browser("h1").post(f"{PLANS}/{plan_id}", data=form).status_code == 303


def test_a_plan_given_back_says_why_and_can_be_handed_in_again(site: Site) -> None:
    plan_id = site.plan(a=5, submit=True)
    second = site.browser("h1-second")
    assert second.post(f"{PLANS}/{plan_id}/return", data={"reason": " "}).status_code == 422
    assert second.post(f"{PLANS}/{plan_id}/return", data={"reason": "数量过大"}).status_code == 303
    assert "数量过大" in text(site.browser("h1").get(f"{PLANS}/{plan_id}"))
    form = {"version": str(site.version(plan_id)), "then": "submit"}
    assert site.browser("h1").post(f"{PLANS}/{plan_id}", data=form).status_code == 303


def test_wrong_cells_come_back_as_they_were_typed(site: Site) -> None:
    plan_id, a = begin(site), site.market.products["a"]
    lines = json.dumps([{"id": str(a), "quantity": "12 盒", "own": "", "remark": ""}])
    answer = site.browser("h1").post(f"{PLANS}/{plan_id}", data={"version": "1", "lines": lines, "then": "stay"})
    assert answer.status_code == 422 and "12 盒" in text(answer)


def test_what_belongs_to_others_is_not_found(site: Site) -> None:
    plan_id = site.plan(a=5, submit=True)
    for who, status in (("h2", 404), ("company1", 404), ("h1-finance", 200)):
        assert site.browser(who).get(f"{PLANS}/{plan_id}").status_code == status, who
    for verb in ("approve", "return", "withdraw", "template", "head", ""):
        answer = site.browser("h2").post(f"{PLANS}/{plan_id}/{verb}".rstrip("/"), data={"version": "1", "title": "x"})
        assert answer.status_code == 404, verb
        assert site.browser("company1").post(f"{PLANS}/{plan_id}/{verb}".rstrip("/")).status_code == 403, verb
    for call in ("products?q=a", "usual?source=last-month"):
        assert site.browser("h2").get(f"{API}/{plan_id}/{call}").status_code == 404
    assert site.browser("h1-finance").post(f"{PLANS}/{plan_id}/approve").status_code == 403


def test_approving_twice_by_one_key_places_once(site: Site) -> None:
    plan_id = site.plan(a=5, submit=True)
    answers = [site.browser("h1-second").post(f"{PLANS}/{plan_id}/approve", data={"_key": "k"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    with site.database.transaction(write=False) as session:
        assert len(session.scalars(select(Order)).all()) == 1
