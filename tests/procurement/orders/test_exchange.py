"""Plans from hospital systems, orders and shipments back to them, as plain files."""

from __future__ import annotations

import csv
import io
from typing import Any

from sqlalchemy import select

from procurement.orders.models.plans import Plan

from .site import Site

API = "/api/v1/procurement/exchange"
LINES = [{"approval_number": "国药准字H00000001", "pack": "24", "quantity": "120"}, {"product": "2", "quantity": "7"}]


def send(site: Site, who: str = "h1", key: str = "", **values: Any) -> Any:
    body = {"title": "日常补货", "lines": LINES, "submit": True, **values}
    return site.browser(who).post(f"{API}/plans", json=body, headers={"Idempotency-Key": key} if key else {})


def test_a_system_hands_a_plan_in_once_however_often_it_asks(site: Site) -> None:
    first, again = send(site, key="his-1"), send(site, key="his-1")
    assert first.status_code == again.status_code == 201 and first.json == again.json
    assert first.json["state"] == "submitted" and first.json["lines"] == 2
    assert send(site, key="his-1", title="另一张").status_code == 422
    with site.database.transaction(write=False) as session:
        assert len(session.scalars(select(Plan)).all()) == 1


def test_a_file_is_taken_whole_or_every_mistake_is_named(site: Site) -> None:
    lines = [*LINES, {"approval_number": "X", "quantity": "1"}, {"product": "2", "quantity": "3"},
             {"product": "1", "quantity": "1e3"}]  # fmt: skip
    answer = send(site, lines=lines)
    assert answer.status_code == 422
    assert [one["code"] for one in answer.json["errors"]] == [
        "product-unknown", "product-twice", "quantity-not-positive",
    ]  # fmt: skip
    with site.database.transaction(write=False) as session:
        assert session.scalars(select(Plan)).all() == []


def test_comma_separated_text_in_either_encoding_becomes_a_plan(site: Site) -> None:
    text = "批准文号,包装,数量\r\nH00000001,24,120\r\n国药准字H00000002,24,7\r\n"
    for number, data in enumerate((text.encode("utf-8-sig"), text.encode("gb18030")), 1):
        headers = {"Content-Type": "text/csv", "Idempotency-Key": f"k{number}"}
        answer = site.browser("h1").post(f"{API}/plans.csv?title=补货", data=data, headers=headers)
        assert answer.status_code == 201 and answer.json["lines"] == 2, answer.json
    other = site.browser("h1").post(f"{API}/plans.csv?title=补货", data=text.encode() + b"\n1,1,1\n", headers=headers)
    assert other.status_code == 422  # another body under the same key
    assert site.browser("h1").post(f"{API}/plans.csv?title=补货", data=b"a,b\n1,2\n").status_code == 422


def test_orders_come_back_page_by_page(site: Site) -> None:
    plan_id = send(site).json["id"]
    site.browser("h1-second").post(f"/procurement/plans/{plan_id}/approve")
    state = site.browser("h1").get(f"{API}/plans/{plan_id}").json
    assert state["state"] == "placed" and len(state["orders"]) == 2
    page = site.browser("h1").get(f"{API}/orders?limit=1").json
    rest = site.browser("h1").get(f"{API}/orders?limit=5&after={page['after']}").json
    assert [row["order"] for row in page["rows"] + rest["rows"]] == state["orders"] and rest["after"] == 0
    sheet = site.browser("h1").get(f"{API}/orders?form=csv&since=2026-03-01")
    rows = list(csv.DictReader(io.StringIO(sheet.get_data().decode("utf-8-sig"))))
    assert [row["quantity"] for row in rows] == ["120.000", "7.000"]
    for path in ("orders", "shipments"):
        assert site.browser("h2").get(f"{API}/{path}").json == {"rows": [], "after": 0}
    assert site.browser("h2").get(f"{API}/plans/{plan_id}").status_code == 404
    assert site.browser("company1").post(f"{API}/plans", json={"title": "x", "lines": LINES}).status_code == 403
