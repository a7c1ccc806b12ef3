"""The same verbs as JSON calls: a supplier's and a hospital's systems talk without a browser."""

from __future__ import annotations

from .shop import Shop

BATCH = {"batch": "B1", "expires": "2031-01-01"}


def test_systems_take_an_order_from_its_list_to_its_return(shop: Shop) -> None:
    order = shop.order(a=100)
    listed = shop.call("/orders?standing=to-confirm", "company1").get_json()
    assert [one["id"] for one in listed["orders"]] == [order] and listed["total"] == 1
    url = f"/orders/{order}"
    done = shop.call("/orders/confirm", "company1", {"orders": [order]}).get_json()
    assert done == {"confirmed": [order], "refused": []}
    again = shop.call("/orders/confirm", "company1", {"orders": [order]}).get_json()
    assert again["confirmed"] == [] and len(again["refused"]) == 1
    line = shop.call(url, "company1").get_json()["lines"][0]
    assert (line["quantity"], line["left"], line["price"]) == ("100.000", "100.000", "0.1234")
    shipped = shop.call(
        f"{url}/ship", "company1", {"batches": [{"line_id": line["id"], "quantity": "100", **BATCH}]}
    ).get_json()
    shipment = shipped["shipments"][0]
    row = shipment["lines"][0]["id"]
    part = {"lines": [{"id": row, "received": "90", "dispute": "short"}]}
    disputed = shop.call(f"/shipments/{shipment['id']}/receive", "h1", part).get_json()
    assert disputed["shipments"][0]["lines"][0]["disputed"] == "10.000"
    granted = shop.call(f"/shipments/{shipment['id']}/grant", "company1", {"note": "少发"}).get_json()
    assert granted["lines"][0]["left"] == "10.000"
    assert shop.call(f"{url}/cancel", "h1", {}).get_json()["state"] == "done"
    back = {"lines": [{"id": row, "quantity": "5"}], "reason": "近效期"}
    asked = shop.call(f"/shipments/{shipment['id']}/return", "h1", back).get_json()
    answer = f"/returns/{asked['returns'][0]['id']}/answer"
    assert shop.call(answer, "company1", {"accepted": True}).get_json()["lines"][0]["returned"] == "5.000"


def test_calls_refuse_as_the_pages_do(shop: Shop) -> None:
    order = shop.order(a=100)
    url = f"/orders/{order}"
    line = shop.held(order).lines[0].id
    batch = {"line_id": line, "quantity": "NaN", **BATCH}
    assert shop.call(f"{url}/ship", "company1", {"batches": [batch]}).status_code == 422
    assert shop.call(f"{url}/ship", "company1", {"batches": [{**batch, "quantity": "1"}]}).status_code == 409
    assert shop.call(f"{url}/confirm", "h1", {}).status_code == 403
    assert shop.call(f"{url}/confirm", "company2", {}).status_code == 404
    assert shop.call(url, "h2").status_code == 404
    assert shop.call(f"{url}/refuse", "company1", {"refusal": "mood"}).status_code == 422
    assert shop.call(f"{url}/refuse", "company1", {"refusal": "other"}).status_code == 422
    assert shop.call("/orders?standing=mood", "company1").status_code == 422


def test_a_batch_is_named_once_in_what_arrived_and_in_what_goes_back(shop: Shop) -> None:
    order = shop.order(a=100)
    shop.call(f"/orders/{order}/confirm", "company1", {})
    line = shop.held(order).lines[0].id
    batches = {"batches": [{"line_id": line, "quantity": "100", **BATCH}]}
    shipment = shop.call(f"/orders/{order}/ship", "company1", batches).get_json()["shipments"][0]
    row = shipment["lines"][0]["id"]
    twice = {"lines": [{"id": row, "received": "90", "dispute": "short"}, {"id": row, "received": "100"}]}
    assert shop.call(f"/shipments/{shipment['id']}/receive", "h1", twice).status_code == 422
    assert shop.call(f"/shipments/{shipment['id']}/receive", "h1", {}).status_code == 200
    back = {"lines": [{"id": row, "quantity": "1"}, {"id": row, "quantity": "2"}], "reason": "近效期"}
    assert shop.call(f"/shipments/{shipment['id']}/return", "h1", back).status_code == 422


def test_a_call_sent_twice_is_done_once(shop: Shop) -> None:
    order = shop.order(a=100)
    line = shop.held(order).lines[0].id
    client = shop.browser("company1")
    base = f"/api/v1/procurement/orders/{order}"
    assert client.post(f"{base}/confirm", json={}).status_code == 200
    body = {"batches": [{"line_id": line, "quantity": "40", **BATCH}]}
    said = [client.post(f"{base}/ship", json=body, headers={"Idempotency-Key": "k1"}).get_json() for _ in range(2)]
    assert said[0] == said[1] and shop.held(order).lines[0].shipped == 40
