"""Orders on their pages: who finds them, who does what, and what a refused form says."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select, update

from kernel import clock
from procurement.orders.flow import OrderState, ShipmentState
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Return, Shipment
from procurement.orders.services import answers

from .shop import Shop

EXPIRES = "2031-01-01"


def send(shop: Shop, order_id: int, quantity: int, batch: str = "B1", who: str = "company1") -> int:
    line = shop.held(order_id).lines[0].id
    lines = json.dumps([{"id": line, "batch": batch, "expires": EXPIRES, "quantity": str(quantity)}])
    assert shop.post(f"/procurement/orders/{order_id}/ship", who, lines=lines, waybill="SF1").status_code == 303
    with shop.database.transaction(write=False) as session:
        query = select(Shipment.id).where(Shipment.order_id == order_id).order_by(Shipment.id.desc())
        return session.scalars(query).first() or 0


def row_of(shop: Shop, shipment_id: int) -> int:
    with shop.database.transaction(write=False) as session:
        return session.get_one(Shipment, shipment_id).lines[0].id


def test_an_order_goes_through_its_pages_from_confirmation_to_return(shop: Shop) -> None:
    order = shop.order(a=100)
    page = shop.get(f"/procurement/orders/{order}", "company1").text
    assert "Confirm the order" in page and "2 working days" in page
    assert "Confirm the order" not in shop.get(f"/procurement/orders/{order}", "h1").text
    assert shop.post(f"/procurement/orders/{order}/confirm", "company1").status_code == 303
    first, second = send(shop, order, 60), send(shop, order, 40, "B2")
    assert shop.get(f"/procurement/shipments/{first}/receive", "h1").status_code == 200
    assert shop.post(f"/procurement/shipments/{first}/receive", "h1", whole="1").status_code == 303
    row = row_of(shop, second)
    part = {f"received-{row}": "30", f"dispute-{row}": "damaged"}
    assert shop.post(f"/procurement/shipments/{second}/receive", "h1", **part).status_code == 303
    assert "Grant the dispute" in shop.get(f"/procurement/orders/{order}", "company1").text
    assert shop.post(f"/procurement/shipments/{second}/grant", "company1").status_code == 303
    assert shop.post(f"/procurement/orders/{order}/cancel", "h1").status_code == 303
    back = {f"line-{row_of(shop, first)}": "20", "reason": "近效期"}
    assert shop.post(f"/procurement/shipments/{first}/return", "h1", **back).status_code == 303
    with shop.database.transaction(write=False) as session:
        asked = session.scalars(select(Return.id)).one()
    assert shop.post(f"/procurement/returns/{asked}/answer", "company1", answer="refuse").status_code == 422
    assert shop.post(f"/procurement/returns/{asked}/answer", "company1", answer="accept").status_code == 303
    held = shop.held(order)
    line = held.lines[0]
    assert (held.state, line.received, line.returned, line.cancelled) == (OrderState.DONE, 90, 20, 10)
    page = shop.get(f"/procurement/orders/{order}", "h1").text
    assert "Goods taken back" in page and "SF1" in page and "Completed" in page


def test_only_the_two_parties_and_those_who_oversee_find_an_order(shop: Shop) -> None:
    order = shop.order(a=100)
    url = f"/procurement/orders/{order}"
    seen = {who: shop.get(url, who).status_code for who in ("h1", "h1-finance", "company1", "agency")}
    assert set(seen.values()) == {200}
    assert {shop.get(url, who).status_code for who in ("h2", "company2", "distributor")} == {404}
    number = shop.held(order).number
    assert number in shop.get("/procurement/orders", "company1").text
    assert number not in shop.get("/procurement/orders", "company2").text


def test_nobody_acts_for_the_other_side(shop: Shop) -> None:
    order = shop.order(a=100)
    url = f"/procurement/orders/{order}"
    assert shop.post(f"{url}/confirm", "h1").status_code == 403
    assert shop.post(f"{url}/cancel", "company1").status_code == 403
    assert shop.post(f"{url}/cancel", "h1-finance").status_code == 403
    assert shop.post(f"{url}/confirm", "agency").status_code == 403
    assert shop.post(f"{url}/confirm", "company2").status_code == 404
    assert shop.held(order).state is OrderState.PLACED


def test_ticked_orders_are_confirmed_at_once_and_void_ones_are_named(shop: Shop) -> None:
    orders = [shop.order(a=10), shop.order("h2", a=10), shop.order(a=10)]
    with shop.database.transaction() as session:
        past = clock.now() - timedelta(minutes=1)
        session.execute(update(Order).where(Order.id == orders[2]).values(due_at=past))
    listed = shop.get("/procurement/orders?standing=to-confirm", "company1").text
    assert listed.count('name="orders"') == 2
    client = shop.browser("company1")
    assert client.post("/procurement/orders/confirm", data={"orders": orders}).status_code == 303
    assert [shop.held(one).state for one in orders] == [OrderState.CONFIRMED, OrderState.CONFIRMED, OrderState.EXPIRED]
    page = client.get("/procurement/orders").text
    assert "2 orders are confirmed" in page and "Void, not answered in time" in page


def test_a_refusal_needs_its_reason_and_frees_the_volume(shop: Shop) -> None:
    order = shop.order(a=100)
    url = f"/procurement/orders/{order}/refuse"
    assert shop.post(url, "company1", refusal="").status_code == 422
    assert shop.post(url, "company1", refusal="other").status_code == 422
    assert shop.post(url, "company1", refusal="out-of-stock").status_code == 303
    assert shop.held(order).state is OrderState.REFUSED
    assert "Out of stock at the deliverer" in shop.get(f"/procurement/orders/{order}", "h1").text


def test_what_is_wrong_with_a_batch_is_said_with_its_line_and_nothing_is_shipped(shop: Shop) -> None:
    order = shop.order(a=100)
    shop.post(f"/procurement/orders/{order}/confirm", "company1")
    line = shop.held(order).lines[0].id
    lines = json.dumps([{"id": line, "batch": "B1", "expires": "soon", "quantity": "60"}])
    url = f"/procurement/orders/{order}/ship"
    answer = shop.post(url, "company1", lines=lines)
    assert answer.status_code == 422 and "Line 1, batch “B1”: “soon” is no day" in answer.text
    answer = shop.post(url, "company1", lines="[]", pasted=f"1\tB1\t{EXPIRES}\t60\n1\tB2\t{EXPIRES}\t41")
    assert answer.status_code == 422 and "Line 1, batch “B2”: Only 100 units are left" in answer.text
    assert shop.post(url, "company1", lines="{[", pasted="7\tB").status_code == 422
    assert shop.held(order).lines[0].shipped == 0
    assert shop.post(url, "company1", pasted=f"1\tB1\t{EXPIRES}\t60\n1\tB2\t2031/1/31\t40").status_code == 303
    assert shop.held(order).lines[0].shipped == 100


def test_what_nobody_disputed_in_time_is_shown_as_received(shop: Shop) -> None:
    order = shop.order(a=100)
    shop.post(f"/procurement/orders/{order}/confirm", "company1")
    shipment = send(shop, order, 100)
    with shop.database.transaction() as session:
        past = clock.now() - timedelta(seconds=1)
        session.execute(update(Shipment).where(Shipment.id == shipment).values(due_at=past))
    assert "nothing to receive" in shop.get(f"/procurement/shipments/{shipment}/receive", "h1").text
    row = row_of(shop, shipment)
    part = {f"received-{row}": "30", f"dispute-{row}": "damaged"}
    assert shop.post(f"/procurement/shipments/{shipment}/receive", "h1", **part).status_code == 409


def test_late_orders_stand_on_the_hospitals_red_list_and_can_be_cancelled(shop: Shop) -> None:
    order = shop.order(a=100)
    shop.post(f"/procurement/orders/{order}/confirm", "company1")
    number = shop.held(order).number
    assert number in shop.get("/procurement/orders?standing=to-ship", "h1").text
    assert number not in shop.get("/", "h1").text and number in shop.get("/", "company1").text
    with shop.database.transaction() as session:
        session.execute(update(Order).values(due_at=clock.now() - timedelta(minutes=1)))
    assert number in shop.get("/procurement/orders?standing=late", "h1").text
    assert number in shop.get("/", "h1").text
    assert "Cancel what is still to come" in shop.get(f"/procurement/orders/{order}", "h1").text


def test_the_list_is_narrowed_and_sorted_by_its_address(shop: Shop) -> None:
    small, large = shop.held(shop.order(a=1)).number, shop.held(shop.order("h2", a=999)).number

    def listed(query: str) -> list[str]:
        page = shop.get(f"/procurement/orders?{query}", "company1").text
        return sorted((one for one in (small, large) if one in page), key=page.index)

    assert listed("sort=amount") == [small, large]
    assert listed("sort=-amount") == [large, small]
    assert listed("q=江州二院") == [large]
    assert listed(f"q={small.lower()}") == [small]
    assert listed("kind=emergency") == []
    assert listed("since=2099-01-01") == []
    assert listed(f"hospital={shop.market.organisations['h1']}&until=2099-01-01&since=x") == [small]
    assert listed("standing=nonsense&page=99&hospital=²") == [large, small]


def test_a_shipment_in_dispute_waits_for_the_supplier(shop: Shop) -> None:
    order = shop.order(a=100)
    shop.post(f"/procurement/orders/{order}/confirm", "company1")
    shipment = send(shop, order, 100)
    row = row_of(shop, shipment)
    url = f"/procurement/shipments/{shipment}/receive"
    answer = shop.post(url, "h1", **{f"received-{row}": "130"})
    assert answer.status_code == 422 and "Between 0 and 100 units" in answer.text
    assert "Choose what is wrong" in shop.post(url, "h1", **{f"received-{row}": "30"}).text
    shop.post(url, "h1", **{f"received-{row}": "30", f"dispute-{row}": "short"})
    assert "Disputes and returns to answer" in shop.get("/", "company1").text
    assert shop.post(f"/procurement/shipments/{shipment}/drop", "h1").status_code == 303
    with shop.database.transaction(write=False) as session:
        assert session.get_one(Shipment, shipment).state is ShipmentState.RECEIVED


def test_both_sides_are_told_once_that_an_order_is_late(shop: Shop) -> None:
    order = shop.order(a=100)
    shop.post(f"/procurement/orders/{order}/confirm", "company1")
    due = shop.held(order).due_at
    assert due is not None
    told = []
    for at in (due - timedelta(seconds=1), due, due + timedelta(minutes=5), due + timedelta(days=9)):
        with shop.database.transaction() as session:
            told.append(answers.warn_late(session, at=at))
    assert told == [0, 1, 0, 0]
    late = f"Order {shop.held(order).number} is late"
    assert all(late in shop.get("/notices", who).text for who in ("h1", "company1"))


def test_a_list_of_a_thousand_batches_is_pasted_at_once(shop: Shop) -> None:
    order = shop.order(a=1500)
    shop.post(f"/procurement/orders/{order}/confirm", "company1")
    pasted = "\n".join(f"1\tBATCH-{place:05d}\t{EXPIRES}\t1" for place in range(1000))
    assert shop.post(f"/procurement/orders/{order}/ship", "company1", pasted=pasted).status_code == 303
    assert shop.held(order).lines[0].shipped == 1000
